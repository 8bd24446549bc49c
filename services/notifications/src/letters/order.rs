//! Letters to the buyer of an order.

use contracts::{
    arrival::Arrival,
    orders::{OrderView, PlacedOrder, VendorOrderView},
    payments::PaymentRefunded,
    pricing::Quote,
    promotions::AppliedPromotion,
    shipping::{ShipmentShipped, ShippedLine},
};

use kernel::{ProductId, Timestamp};
use words::Words;

use crate::model::{Button, Group, Item, Letter, amount, rate};

/// The words of the language in which it was ordered.
pub fn words_of(order: &OrderView) -> &'static Words {
    words::of(order.language.as_deref())
}

/// Lines and delivery of a part, with the days on which it arrives if they are to be told.
fn items(words: &Words, part: &VendorOrderView, arrives: Option<String>) -> Vec<Item> {
    let lines = part.lines.iter().map(|line| Item {
        name: format!("{} × {}", line.quantity, line.title),
        detail: reduced(words, &line.options, &line.promotions),
        amount: amount(words, line.total),
        href: None,
    });
    let shipping = (!part.is_digital()).then(|| Item {
        name: part.shipping_method.clone(),
        detail: reduced(words, arrives.as_slice(), &part.shipping_promotions),
        amount: amount(words, part.shipping),
        href: None,
    });
    lines.chain(shipping).collect()
}

/// The days on which a part was to arrive when it was ordered, if they were told.
fn arrives(words: &Words, order: &OrderView, part: &VendorOrderView) -> Option<String> {
    let vendor = order.quote.vendors.iter().find(|vendor| vendor.vendor_id == part.vendor_id)?;
    let Arrival { from, to } = vendor.method.as_ref()?.arrives?;
    Some(match from == to {
        true => words.arrives_on(&words.date_of(to)),
        false => words.arrives_between(&words.date_of(from), &words.date_of(to)),
    })
}

/// What of an order is downloaded: each line leads to the order's page, which has a fresh link to each of its files.
fn downloads(words: &Words, placed: &PlacedOrder, public_url: &str) -> Option<Group> {
    let href = format!("{}#h-downloads", page(placed, public_url));
    let lines = placed.order.vendor_orders.iter().flat_map(|part| &part.lines).filter(|line| line.digital);
    let items: Vec<Item> = lines
        .map(|line| Item {
            name: line.title.clone(),
            detail: line.options.join(", "),
            amount: String::new(),
            href: Some(href.clone()),
        })
        .collect();
    (!items.is_empty()).then(|| Group { title: words.to_be_downloaded.to_owned(), items })
}

/// Its options, and what promotions take off it: `Blue, Welcome −2.00 €`.
pub(super) fn reduced(words: &Words, options: &[String], promotions: &[AppliedPromotion]) -> String {
    let off = promotions.iter().map(|promotion| format!("{} −{}", promotion.name, amount(words, promotion.amount)));
    options.iter().cloned().chain(off).collect::<Vec<_>>().join(", ")
}

/// The order's page. A guest has no account to see it in: the address carries its token.
fn page(placed: &PlacedOrder, public_url: &str) -> String {
    let order = &placed.order;
    let token = match order.account_id {
        Some(_) => String::new(),
        None => format!("?token={}", placed.token.expose()),
    };
    format!("{public_url}/orders/{}{token}", order.id)
}

/// The way to the order's page.
pub(super) fn see_order(placed: &PlacedOrder, public_url: &str) -> Option<Button> {
    let words = words_of(&placed.order);
    Some(Button { label: words.see_order.to_owned(), url: page(placed, public_url) })
}

pub(super) fn hello(order: &OrderView) -> String {
    words_of(order).hello(&order.address.name)
}

/// Somebody has made an order for the buyer, who has to pay it.
pub fn made(placed: &PlacedOrder, pay_by: Timestamp, public_url: &str) -> Letter {
    let (order, words) = (&placed.order, words_of(&placed.order));
    let (what, unwanted) = match order.payment_method.as_str() {
        "cash_on_delivery" => (words.made_promised(&order.number), words.made_promised_not_wanted),
        _ => {
            let until = words.made(&order.number, &words.date_of(pay_by), &pay_by.format("%H:%M"));
            (until, words.made_not_wanted)
        }
    };
    Letter {
        template: "order_made",
        subject: words.made_subject(&order.number),
        paragraphs: vec![hello(order), what, unwanted.to_owned()],
        groups: order
            .vendor_orders
            .iter()
            .map(|part| Group { title: part.vendor_name.clone(), items: items(words, part, None) })
            .collect(),
        totals: vec![(words.total.to_owned(), amount(words, order.quote.total))],
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

/// The order is paid.
pub fn confirmed(placed: &PlacedOrder, public_url: &str) -> Letter {
    let (order, words) = (&placed.order, words_of(&placed.order));
    let a = &order.address;
    let sent = order.vendor_orders.iter().filter(|part| !part.is_digital()).count();
    let parcels = match sent {
        0 => words.confirmed(&order.number),
        sent if order.to_collect.is_some() => words.promised_parcels(&order.number, sent.min(2) as i64),
        sent => words.confirmed_parcels(&order.number, sent.min(2) as i64),
    };
    let downloads = downloads(words, placed, public_url);
    let is_there = downloads.as_ref().map(|_| words.downloads_are_there.to_owned());
    let goes_to = (sent > 0)
        .then(|| words.goes_to(&format!("{}, {}, {} {}, {}", a.name, a.line1, a.postcode, a.city, a.country)));
    let promotions = order.quote.promotions.iter().map(|promotion| {
        let code = promotion.code.as_ref().map_or_else(String::new, |code| format!(" ({code})"));
        (words.saved_with(&format!("{}{code}", promotion.name)), amount(words, promotion.amount))
    });
    let total = (words.total.to_owned(), amount(words, order.quote.total));
    Letter {
        template: "order_confirmed",
        subject: words.confirmed_subject(&order.number),
        paragraphs: [hello(order), parcels].into_iter().chain(to_collect(order)).chain(is_there).collect(),
        groups: order
            .vendor_orders
            .iter()
            .map(|part| Group {
                title: part.vendor_name.clone(),
                items: items(words, part, arrives(words, order, part)),
            })
            .chain(downloads)
            .collect(),
        totals: promotions.chain([total]).chain(taxes(words, &order.quote)).collect(),
        button: see_order(placed, public_url),
        after: goes_to.into_iter().chain(gift(words, order)).collect(),
    }
}

/// What is to be paid to the courier, in a sentence.
pub(super) fn to_collect(order: &OrderView) -> Option<String> {
    let words = words_of(order);
    Some(words.to_collect(&amount(words, order.to_collect?)))
}

/// That it goes as a gift, with which message.
pub(super) fn gift(words: &Words, order: &OrderView) -> Option<String> {
    let gift = order.gift.as_ref()?;
    Some(match &gift.message {
        Some(message) => words.mail_gift_with(message),
        None => words.mail_gift.to_owned(),
    })
}

/// The tax in the total, by its rates.
fn taxes(words: &Words, quote: &Quote) -> Vec<(String, String)> {
    let taxed: Vec<_> = quote.taxes.iter().filter(|line| !line.tax.is_zero()).collect();
    match taxed.as_slice() {
        [] => vec![(words.tax_included.to_owned(), amount(words, quote.tax))],
        taxed => taxed
            .iter()
            .map(|line| (words.rate_included(&line.name, &rate(words, line.rate_bp)), amount(words, line.tax)))
            .collect(),
    }
}

/// The order was called off.
pub fn cancelled(placed: &PlacedOrder, was_paid: bool, public_url: &str) -> Letter {
    let (order, words) = (&placed.order, words_of(&placed.order));
    let why = match order.status_reason.as_deref() {
        Some("payment_failed") => words.because_unpaid,
        Some("expired") => words.because_late,
        Some("out_of_stock") => words.because_sold_out,
        Some("by_admin") => words.because_of_us,
        _ => words.because_wished,
    };
    let was_promised = order.timeline.iter().any(|entry| entry.kind == "promised");
    let why = match order.status_reason.as_deref() {
        Some("payment_failed") if was_promised => words.because_courier_unpaid,
        _ => why,
    };
    let money = if was_paid && !order.quote.total.is_zero() { words.money_goes_back } else { words.nothing_charged };
    Letter {
        template: "order_cancelled",
        subject: words.cancelled_subject(&order.number),
        paragraphs: vec![hello(order), words.cancelled(&order.number, why, money)],
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

/// Something was sold out.
pub fn rejected(placed: &PlacedOrder, public_url: &str) -> Letter {
    let (order, words) = (&placed.order, words_of(&placed.order));
    let missing = order.shortages.iter().filter_map(|short| {
        let line = order.quote.lines.iter().find(|l| l.variant_id == short.variant_id)?;
        let left = if short.available <= 0 { words.sold_out.to_owned() } else { words.left(short.available) };
        Some(Item { name: line.title.clone(), detail: line.options.join(", "), amount: left, href: None })
    });
    Letter {
        template: "order_rejected",
        subject: words.rejected_subject(&order.number),
        paragraphs: vec![hello(order), words.rejected.to_owned()],
        groups: vec![Group { title: words.missing.to_owned(), items: missing.collect() }],
        button: Some(Button { label: words.back_to_cart.to_owned(), url: format!("{public_url}/cart") }),
        ..Letter::default()
    }
}

/// Money went back.
pub fn refunded(placed: &PlacedOrder, refund: &PaymentRefunded, public_url: &str) -> Letter {
    let (order, words) = (&placed.order, words_of(&placed.order));
    let returned = amount(words, refund.amount);
    Letter {
        template: "refund_sent",
        subject: words.refunded_subject(&returned),
        paragraphs: vec![hello(order), words.refunded(&returned, &order.number)],
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

fn part_of(order: &OrderView, id: kernel::VendorOrderId) -> Option<&VendorOrderView> {
    order.vendor_orders.iter().find(|part| part.id == id)
}

/// What lies in a parcel: all of the part with what it costs, or so many pieces of its lines.
fn contents(words: &Words, part: &VendorOrderView, lines: &[ShippedLine]) -> Vec<Item> {
    let all = part
        .lines
        .iter()
        .all(|line| lines.iter().any(|held| (held.line_id, held.quantity) == (line.id, line.quantity)));
    if lines.is_empty() || all {
        return items(words, part, None);
    }
    let held = lines.iter().filter_map(|held| {
        let line = part.lines.iter().find(|line| line.id == held.line_id)?;
        let name = format!("{} × {}", held.quantity, line.title);
        Some(Item { name, detail: line.options.join(", "), ..Item::default() })
    });
    held.collect()
}

/// A parcel was handed over, or can be fetched.
pub fn shipped(placed: &PlacedOrder, shipment: &ShipmentShipped, public_url: &str) -> Letter {
    let (order, words) = (&placed.order, words_of(&placed.order));
    let part = part_of(order, shipment.vendor_order_id);
    let from = part.map_or(words.the_shop, |p| p.vendor_name.as_str());
    let tracking = &shipment.tracking;
    if let Some(place) = part.and_then(|part| part.pickup.as_ref()).filter(|_| tracking.pickup) {
        let ready = words.ready(from, &place.line(), &tracking.number);
        let hours = Some(place.hours.clone()).filter(|hours| !hours.is_empty());
        let groups = part.map(|p| Group { title: p.number.clone(), items: contents(words, p, &shipment.lines) });
        return Letter {
            template: "shipment_shipped",
            subject: words.ready_subject(from),
            paragraphs: [hello(order), ready].into_iter().chain(hours).collect(),
            groups: groups.into_iter().collect(),
            button: see_order(placed, public_url),
            ..Letter::default()
        };
    }
    Letter {
        template: "shipment_shipped",
        subject: words.shipped_subject(from),
        paragraphs: [hello(order), words.shipped(from, &tracking.carrier, &tracking.number)]
            .into_iter()
            .chain(to_collect(order))
            .collect(),
        groups: part
            .map(|p| Group { title: words.in_parcel(&p.number), items: contents(words, p, &shipment.lines) })
            .into_iter()
            .collect(),
        button: Some(Button {
            label: words.follow_parcel.to_owned(),
            url: format!("{public_url}/track/{}", tracking.token),
        }),
        ..Letter::default()
    }
}

/// A parcel has arrived. What its buyer thinks of it is asked some days later.
pub fn delivered(placed: &PlacedOrder, part: kernel::VendorOrderId, public_url: &str) -> Letter {
    let (order, words) = (&placed.order, words_of(&placed.order));
    let part = part_of(order, part);
    let from = part.map_or(words.the_shop, |p| p.vendor_name.as_str());
    let (subject, text) = match part.is_some_and(|part| part.pickup.is_some()) {
        true => (words.fetched_subject(from), words.fetched(from)),
        false => (words.delivered_subject(from), words.delivered(from)),
    };
    Letter {
        template: "shipment_delivered",
        subject,
        paragraphs: vec![hello(order), text],
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

/// The buyer has had these products of the order for some days.
pub fn invited(placed: &PlacedOrder, product_ids: &[ProductId], public_url: &str) -> Letter {
    let (order, words) = (&placed.order, words_of(&placed.order));
    let title = |id: &ProductId| {
        let lines = order.vendor_orders.iter().flat_map(|part| &part.lines);
        lines.filter(|line| line.product_id == *id).map(|line| line.title.clone()).next()
    };
    let item = |id: &ProductId| {
        let href = Some(format!("{public_url}/account/reviews/{id}"));
        Item { name: title(id).unwrap_or_else(|| words.a_product.to_owned()), href, ..Item::default() }
    };
    Letter {
        template: "review_invitation",
        subject: words.how_is_it.to_owned(),
        paragraphs: vec![hello(order), words.invited(&order.number)],
        groups: vec![Group { title: words.write_review.to_owned(), items: product_ids.iter().map(item).collect() }],
        button: Some(Button { label: words.all_reviews.to_owned(), url: format!("{public_url}/account/reviews") }),
        after: vec![words.asked_once.to_owned()],
        ..Letter::default()
    }
}
