//! Letters about what goes back: to the buyer, and to the owners of the store.

use contracts::orders::{AskedBy, PlacedOrder, Remedy, ReturnLineView, ReturnStatus, ReturnView};

use super::order::{hello, see_order};
use crate::model::{Button, Group, Item, Letter, price};

/// Lines with how many of each.
fn items(of: &ReturnView, title: &str, pieces: fn(&ReturnLineView) -> i64) -> Vec<Group> {
    let item = |line: &ReturnLineView| Item {
        name: format!("{} × {}", pieces(line), line.title),
        detail: line.options.join(", "),
        amount: String::new(),
        href: None,
    };
    let items: Vec<Item> = of.lines.iter().filter(|line| pieces(line) > 0).map(item).collect();
    if items.is_empty() { Vec::new() } else { vec![Group { title: title.to_owned(), items }] }
}

fn open_return(of: &ReturnView, public_url: &str) -> Option<Button> {
    let url = format!("{public_url}/vendor/{}/returns/{}", of.vendor_id, of.id);
    Some(Button { label: "Open the return".to_owned(), url })
}

/// A buyer wants to return something: to the store.
pub fn return_asked(of: &ReturnView, public_url: &str) -> Letter {
    let mut paragraphs = vec![format!("A buyer wants to return something to {}: {}.", of.vendor_name, of.number)];
    paragraphs.extend(of.text.as_ref().map(|text| format!("The buyer writes: {text}")));
    Letter {
        template: "return_asked",
        subject: format!("Return {} waits for your answer", of.number),
        paragraphs,
        groups: items(of, "To be returned", |line| line.quantity),
        button: open_return(of, public_url),
        ..Letter::default()
    }
}

/// A return is on its way: to the store.
pub fn return_sent(of: &ReturnView, public_url: &str) -> Letter {
    let by = of.carrier.as_deref().unwrap_or("somebody");
    let number = of.tracking_number.as_deref().unwrap_or("unknown");
    Letter {
        template: "return_sent",
        subject: format!("Return {} is on its way to you", of.number),
        paragraphs: vec![format!("The buyer has handed {} to {by}. Its number is {number}.", of.number)],
        groups: items(of, "In this parcel", |line| line.approved.unwrap_or(0)),
        button: open_return(of, public_url),
        ..Letter::default()
    }
}

/// The buyer keeps it after all: to the store.
pub fn return_ended(of: &ReturnView, public_url: &str) -> Letter {
    Letter {
        template: "return_cancelled",
        subject: format!("Return {} is off", of.number),
        paragraphs: vec![format!("The buyer keeps what return {} was about. There is nothing left to do.", of.number)],
        button: open_return(of, public_url),
        ..Letter::default()
    }
}

/// The store has answered, or ended it: to the buyer.
pub fn return_decided(placed: &PlacedOrder, of: &ReturnView, public_url: &str) -> Letter {
    let shop = &of.vendor_name;
    let (template, subject, text) = match of.status {
        ReturnStatus::Refused => (
            "return_refused",
            format!("{shop} does not take your return"),
            format!("{shop} does not take back {}.", of.number),
        ),
        ReturnStatus::Closed => (
            "return_closed",
            format!("Your return {} is closed", of.number),
            format!("{shop} has closed your return {}.", of.number),
        ),
        _ => (
            "return_approved",
            format!("{shop} takes your return"),
            format!(
                "{shop} takes back what is listed here. Send it, then note the number of the parcel on the page of the order."
            ),
        ),
    };
    let mut paragraphs = vec![hello(&placed.order), text];
    paragraphs.extend(of.answer.as_ref().map(|why| format!("The reason given: {why}")));
    paragraphs.extend(of.instructions.as_ref().map(|how| format!("How to send it: {how}")));
    let groups = match of.status {
        ReturnStatus::Refused | ReturnStatus::Closed => Vec::new(),
        _ => items(of, "To be sent", |line| line.approved.unwrap_or(0)),
    };
    Letter { template, subject, paragraphs, groups, button: see_order(placed, public_url), ..Letter::default() }
}

/// What goes back to the buyer, in a sentence.
fn money(of: &ReturnView) -> String {
    if of.refund.is_zero() {
        return "Nothing had been paid for it.".to_owned();
    }
    format!("{} goes back to you; we write again when it is sent.", price(of.refund))
}

/// A letter to the buyer with the pieces for which money goes back, and how much.
fn of_money(placed: &PlacedOrder, of: &ReturnView, title: &str, public_url: &str) -> Letter {
    Letter {
        groups: items(of, title, |line| line.received),
        totals: if of.refund.is_zero() { Vec::new() } else { vec![("Goes back".to_owned(), price(of.refund))] },
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

/// The store has it: to the buyer.
pub fn return_received(placed: &PlacedOrder, of: &ReturnView, public_url: &str) -> Letter {
    let next = match of.remedy {
        Remedy::Exchange => "What you get instead is sent next.".to_owned(),
        Remedy::Refund => money(of),
    };
    let mut paragraphs =
        vec![hello(&placed.order), format!("{} has received your return {}. {next}", of.vendor_name, of.number)];
    paragraphs.extend(of.condition.as_ref().map(|state| format!("{} writes: {state}", of.vendor_name)));
    Letter {
        template: "return_received",
        subject: format!("{} has your return", of.vendor_name),
        paragraphs,
        ..of_money(placed, of, "Received", public_url)
    }
}

/// What is sent instead is on its way: to the buyer.
pub fn return_exchanged(placed: &PlacedOrder, of: &ReturnView, public_url: &str) -> Letter {
    let by = of.new_carrier.as_deref().unwrap_or("somebody");
    let number = of.new_tracking_number.as_deref().unwrap_or("unknown");
    let instead = |line: &ReturnLineView| Item {
        name: format!("{} × {}", line.received, line.title),
        detail: line.exchange_for.as_ref().map(|other| other.options.join(", ")).unwrap_or_default(),
        amount: String::new(),
        href: None,
    };
    let lines = of.lines.iter().filter(|line| line.received > 0);
    Letter {
        template: "return_exchanged",
        subject: format!("{} has sent what you get instead", of.vendor_name),
        paragraphs: vec![
            hello(&placed.order),
            format!("{} has handed your parcel to {by}. Its number is {number}.", of.vendor_name),
        ],
        groups: vec![Group { title: "In this parcel".to_owned(), items: lines.map(instead).collect() }],
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

/// Something was taken out of the order before it was sent: to the buyer.
pub fn withdrawn(placed: &PlacedOrder, of: &ReturnView, public_url: &str) -> Letter {
    let who = match of.asked_by {
        AskedBy::Buyer => "As you asked, this was taken out of your order".to_owned(),
        AskedBy::Vendor => format!("{} has taken this out of your order", of.vendor_name),
        AskedBy::Admin => "We have taken this out of your order".to_owned(),
    };
    let mut paragraphs = vec![hello(&placed.order), format!("{who}; it is not sent. {}", money(of))];
    if of.asked_by != AskedBy::Buyer {
        paragraphs.extend(of.text.as_ref().map(|why| format!("The reason given: {why}")));
    }
    Letter {
        template: "withdrawn",
        subject: format!("Taken out of your order {}", placed.order.number),
        paragraphs,
        ..of_money(placed, of, "Taken out", public_url)
    }
}

/// What the buyer wanted to take out had left already: to the buyer.
pub fn not_withdrawn(placed: &PlacedOrder, of: &ReturnView, public_url: &str) -> Letter {
    let why = of.answer.as_deref().unwrap_or_default();
    Letter {
        template: "not_withdrawn",
        subject: format!("Your order {} stays as it is", placed.order.number),
        paragraphs: vec![
            hello(&placed.order),
            format!("What you wanted to take out of your order could not be taken out. {why}"),
            "If it is on its way, you can send it back once it has arrived.".to_owned(),
        ],
        groups: items(of, "Stays in the order", |line| line.quantity),
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

/// Something is not to be sent any more: to the store.
pub fn not_to_be_sent(of: &ReturnView, public_url: &str) -> Letter {
    let who = if of.asked_by == AskedBy::Admin { "The marketplace" } else { "The buyer" };
    let mut paragraphs =
        vec![format!("{who} has taken this out of an order. Do not send it; it is on sale again: {}.", of.number)];
    paragraphs.extend(of.text.as_ref().map(|why| format!("The reason given: {why}")));
    Letter {
        template: "not_to_be_sent",
        subject: format!("Do not send all of it: {}", of.number),
        paragraphs,
        groups: items(of, "Not to be sent", |line| line.received),
        button: open_return(of, public_url),
        ..Letter::default()
    }
}
