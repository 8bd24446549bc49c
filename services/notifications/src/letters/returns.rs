//! Letters about what goes back: to the buyer, and to the owners of the store.

use contracts::{
    orders::{AskedBy, PlacedOrder, Remedy, ReturnLineView, ReturnStatus, ReturnView},
    shipping::WithdrawalRefused,
};

use super::order::{hello, see_order, words_of};
use crate::model::{Button, Group, Item, Letter, amount};

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
    let (shop, words) = (&of.vendor_name, words_of(&placed.order));
    let (template, subject, text) = match of.status {
        ReturnStatus::Refused => {
            ("return_refused", words.return_refused_subject(shop), words.return_refused(shop, &of.number))
        }
        ReturnStatus::Closed => {
            ("return_closed", words.return_closed_subject(&of.number), words.return_closed(shop, &of.number))
        }
        _ => ("return_approved", words.return_approved_subject(shop), words.return_approved(shop)),
    };
    let mut paragraphs = vec![hello(&placed.order), text];
    paragraphs.extend(of.answer.as_ref().map(|why| words.reason_given(why)));
    paragraphs.extend(of.instructions.as_ref().map(|how| words.how_to_send(how)));
    let groups = match of.status {
        ReturnStatus::Refused | ReturnStatus::Closed => Vec::new(),
        _ => items(of, words.to_be_sent, |line| line.approved.unwrap_or(0)),
    };
    Letter { template, subject, paragraphs, groups, button: see_order(placed, public_url), ..Letter::default() }
}

/// There is a label to send it with: to the buyer.
pub fn return_labelled(placed: &PlacedOrder, of: &ReturnView, public_url: &str) -> Letter {
    let (shop, words) = (&of.vendor_name, words_of(&placed.order));
    let carrier = of.label.as_ref().map_or(words.somebody, |label| label.carrier.as_str());
    Letter {
        template: "return_labelled",
        subject: words.return_labelled_subject(shop),
        paragraphs: vec![hello(&placed.order), words.return_labelled(shop, carrier, &of.number)],
        groups: items(of, words.to_be_sent, |line| line.approved.unwrap_or(0)),
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

/// What goes back to the buyer, in a sentence.
fn money(placed: &PlacedOrder, of: &ReturnView) -> String {
    let words = words_of(&placed.order);
    if of.refund.is_zero() {
        return words.nothing_was_paid.to_owned();
    }
    let refund = amount(words, of.refund);
    match placed.order.to_collect {
        Some(_) => words.less_to_courier(&refund),
        None => words.money_back(&refund),
    }
}

/// A letter to the buyer with the pieces for which money goes back, and how much.
fn of_money(placed: &PlacedOrder, of: &ReturnView, title: &str, public_url: &str) -> Letter {
    let words = words_of(&placed.order);
    let label = if placed.order.to_collect.is_some() { words.less_to_pay } else { words.goes_back };
    let back = (!of.refund.is_zero()).then(|| (label.to_owned(), amount(words, of.refund)));
    Letter {
        groups: items(of, title, |line| line.received),
        totals: back.into_iter().collect(),
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

/// The store has it: to the buyer.
pub fn return_received(placed: &PlacedOrder, of: &ReturnView, public_url: &str) -> Letter {
    let (shop, words) = (&of.vendor_name, words_of(&placed.order));
    let next = match of.remedy {
        Remedy::Exchange => words.exchange_is_next.to_owned(),
        Remedy::Refund => money(placed, of),
    };
    let mut paragraphs = vec![hello(&placed.order), format!("{} {next}", words.return_received(shop, &of.number))];
    paragraphs.extend(of.condition.as_ref().map(|state| words.shop_writes(shop, state)));
    Letter {
        template: "return_received",
        subject: words.return_received_subject(shop),
        paragraphs,
        ..of_money(placed, of, words.received, public_url)
    }
}

/// What is sent instead is on its way: to the buyer.
pub fn return_exchanged(placed: &PlacedOrder, of: &ReturnView, public_url: &str) -> Letter {
    let (shop, words) = (&of.vendor_name, words_of(&placed.order));
    let by = of.new_carrier.as_deref().unwrap_or(words.somebody);
    let number = of.new_tracking_number.as_deref().unwrap_or(words.unknown);
    let instead = |line: &ReturnLineView| Item {
        name: format!("{} × {}", line.received, line.title),
        detail: line.exchange_for.as_ref().map(|other| other.options.join(", ")).unwrap_or_default(),
        amount: String::new(),
        href: None,
    };
    let lines = of.lines.iter().filter(|line| line.received > 0);
    Letter {
        template: "return_exchanged",
        subject: words.exchanged_subject(shop),
        paragraphs: vec![hello(&placed.order), words.exchanged(shop, by, number)],
        groups: vec![Group { title: words.in_this_parcel.to_owned(), items: lines.map(instead).collect() }],
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

/// Something was taken out of the order before it was sent: to the buyer.
pub fn withdrawn(placed: &PlacedOrder, of: &ReturnView, public_url: &str) -> Letter {
    let words = words_of(&placed.order);
    let who = match of.asked_by {
        AskedBy::Buyer => words.taken_out_as_asked.to_owned(),
        AskedBy::Vendor => words.taken_out_by(&of.vendor_name),
        AskedBy::Admin => words.taken_out_by_us.to_owned(),
    };
    let mut paragraphs = vec![hello(&placed.order), format!("{who} {}", money(placed, of))];
    if of.asked_by != AskedBy::Buyer {
        paragraphs.extend(of.text.as_ref().map(|why| words.reason_given(why)));
    }
    Letter {
        template: "withdrawn",
        subject: words.withdrawn_subject(&placed.order.number),
        paragraphs,
        ..of_money(placed, of, words.taken_out, public_url)
    }
}

/// What the buyer wanted to take out had left already: to the buyer.
pub fn not_withdrawn(placed: &PlacedOrder, of: &ReturnView, public_url: &str) -> Letter {
    let words = words_of(&placed.order);
    let why = match of.answer.as_deref() {
        Some(WithdrawalRefused::CALLED_OFF) => words.stays_called_off,
        Some(WithdrawalRefused::HANDED_OVER) => words.stays_handed_over,
        Some(WithdrawalRefused::NOT_THERE_YET) => words.stays_not_there_yet,
        Some(WithdrawalRefused::LEAVES_WHOLE) => words.stays_whole,
        other => other.unwrap_or_default(),
    };
    Letter {
        template: "not_withdrawn",
        subject: words.not_withdrawn_subject(&placed.order.number),
        paragraphs: vec![hello(&placed.order), words.not_withdrawn(why), words.return_it_later.to_owned()],
        groups: items(of, words.stays_in_order, |line| line.quantity),
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
