//! Letters to the buyer of an order.

use contracts::{
    orders::{OrderView, PlacedOrder, VendorOrderView},
    payments::PaymentRefunded,
    pricing::Quote,
    promotions::AppliedPromotion,
    shipping::{ShipmentShipped, ShippedLine},
};

use kernel::{ProductId, Timestamp};

use crate::model::{Button, Group, Item, Letter, price};

fn items(part: &VendorOrderView) -> Vec<Item> {
    let lines = part.lines.iter().map(|line| Item {
        name: format!("{} × {}", line.quantity, line.title),
        detail: reduced(&line.options, &line.promotions),
        amount: price(line.total),
        href: None,
    });
    let shipping = (!part.is_digital()).then(|| Item {
        name: part.shipping_method.clone(),
        detail: reduced(&[], &part.shipping_promotions),
        amount: price(part.shipping),
        href: None,
    });
    lines.chain(shipping).collect()
}

/// What of an order is downloaded: each line leads to the order's page, which has a fresh link to each of its files.
fn downloads(placed: &PlacedOrder, public_url: &str) -> Option<Group> {
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
    (!items.is_empty()).then(|| Group { title: "To be downloaded".to_owned(), items })
}

/// Its options, and what promotions take off it: `Blue, Welcome −2.00 €`.
pub(super) fn reduced(options: &[String], promotions: &[AppliedPromotion]) -> String {
    let off = promotions.iter().map(|promotion| format!("{} −{}", promotion.name, price(promotion.amount)));
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
    Some(Button { label: "See the order".to_owned(), url: page(placed, public_url) })
}

pub(super) fn hello(order: &OrderView) -> String {
    format!("Hello {},", order.address.name)
}

/// Somebody has made an order for the buyer, who has to pay it.
pub fn made(placed: &PlacedOrder, pay_by: Timestamp, public_url: &str) -> Letter {
    let order = &placed.order;
    let until = pay_by.format("%-d %B %Y, %H:%M");
    Letter {
        template: "order_made",
        subject: format!("Your order {} waits for you", order.number),
        paragraphs: vec![
            hello(order),
            format!(
                "we have made the order {} for you. Look at it, and pay it on its page until {until} (UTC).",
                order.number
            ),
            "If you do not want it you need to do nothing: it is called off then, and nothing is charged.".to_owned(),
        ],
        groups: order
            .vendor_orders
            .iter()
            .map(|part| Group { title: part.vendor_name.clone(), items: items(part) })
            .collect(),
        totals: vec![("Total".to_owned(), price(order.quote.total))],
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

/// The order is paid.
pub fn confirmed(placed: &PlacedOrder, public_url: &str) -> Letter {
    let order = &placed.order;
    let a = &order.address;
    let sent = order.vendor_orders.iter().filter(|part| !part.is_digital()).count();
    let parcels = match sent {
        0 => format!("thank you, your order {} is paid.", order.number),
        1 => format!(
            "thank you, your order {} is paid and on its way to the shops. It comes in one parcel.",
            order.number
        ),
        _ => format!(
            "thank you, your order {} is paid and on its way to the shops. It comes in several parcels, one from each shop.",
            order.number
        ),
    };
    let downloads = downloads(placed, public_url);
    let is_there = downloads.as_ref().map(|_| "What is downloaded is there now, on the page of the order.".to_owned());
    let goes_to =
        (sent > 0).then(|| format!("Goes to: {}, {}, {} {}, {}", a.name, a.line1, a.postcode, a.city, a.country));
    let promotions = order.quote.promotions.iter().map(|promotion| {
        let code = promotion.code.as_ref().map_or_else(String::new, |code| format!(" ({code})"));
        (format!("Saved with {}{code}", promotion.name), price(promotion.amount))
    });
    Letter {
        template: "order_confirmed",
        subject: format!("Your order {}", order.number),
        paragraphs: [hello(order), parcels].into_iter().chain(is_there).collect(),
        groups: order
            .vendor_orders
            .iter()
            .map(|part| Group { title: part.vendor_name.clone(), items: items(part) })
            .chain(downloads)
            .collect(),
        totals: promotions.chain([("Total".to_owned(), price(order.quote.total))]).chain(taxes(&order.quote)).collect(),
        button: see_order(placed, public_url),
        after: goes_to.into_iter().chain(gift(order)).collect(),
    }
}

/// That it goes as a gift, with which message.
pub(super) fn gift(order: &OrderView) -> Option<String> {
    let gift = order.gift.as_ref()?;
    Some(match &gift.message {
        Some(message) => format!("It is a gift, with this message on the packing slip: {message}"),
        None => "It is a gift: there are no prices in the parcel.".to_owned(),
    })
}

/// The tax in the total, by its rates.
fn taxes(quote: &Quote) -> Vec<(String, String)> {
    let taxed: Vec<_> = quote.taxes.iter().filter(|line| !line.tax.is_zero()).collect();
    match taxed.as_slice() {
        [] => vec![("Tax included".to_owned(), price(quote.tax))],
        taxed => taxed
            .iter()
            .map(|line| {
                let percent = format!("{}.{:02}", line.rate_bp / 100, line.rate_bp % 100);
                let percent = percent.trim_end_matches('0').trim_end_matches('.');
                (format!("{} {percent} % included", line.name), price(line.tax))
            })
            .collect(),
    }
}

/// The order was called off.
pub fn cancelled(placed: &PlacedOrder, was_paid: bool, public_url: &str) -> Letter {
    let order = &placed.order;
    let why = match order.status_reason.as_deref() {
        Some("payment_failed") => "because the payment did not go through",
        Some("expired") => "because it was not paid in time",
        Some("out_of_stock") => "because something in it was sold out in the meantime",
        Some("by_admin") => "by the marketplace",
        _ => "as you wished",
    };
    let money = if was_paid { "What you have paid goes back to you." } else { "Nothing was charged." };
    Letter {
        template: "order_cancelled",
        subject: format!("Your order {} was cancelled", order.number),
        paragraphs: vec![hello(order), format!("your order {} was cancelled {why}. {money}", order.number)],
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

/// Something was sold out.
pub fn rejected(placed: &PlacedOrder, public_url: &str) -> Letter {
    let order = &placed.order;
    let missing = order.shortages.iter().filter_map(|short| {
        let line = order.quote.lines.iter().find(|l| l.variant_id == short.variant_id)?;
        let left = if short.available <= 0 { "sold out".to_owned() } else { format!("{} left", short.available) };
        Some(Item { name: line.title.clone(), detail: line.options.join(", "), amount: left, href: None })
    });
    Letter {
        template: "order_rejected",
        subject: format!("Your order {} could not be taken", order.number),
        paragraphs: vec![
            hello(order),
            "somebody was faster: not everything in your order is there any more. Nothing was charged.".to_owned(),
        ],
        groups: vec![Group { title: "What is missing".to_owned(), items: missing.collect() }],
        button: Some(Button { label: "Back to the cart".to_owned(), url: format!("{public_url}/cart") }),
        ..Letter::default()
    }
}

/// Money went back.
pub fn refunded(placed: &PlacedOrder, refund: &PaymentRefunded, public_url: &str) -> Letter {
    let order = &placed.order;
    Letter {
        template: "refund_sent",
        subject: format!("{} are on their way back to you", price(refund.amount)),
        paragraphs: vec![
            hello(order),
            format!(
                "we have returned {} of your order {}. Depending on your bank it arrives within a few days.",
                price(refund.amount),
                order.number
            ),
        ],
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

fn part_of(order: &OrderView, id: kernel::VendorOrderId) -> Option<&VendorOrderView> {
    order.vendor_orders.iter().find(|part| part.id == id)
}

/// What lies in a parcel: all of the part with what it costs, or so many pieces of its lines.
fn contents(part: &VendorOrderView, lines: &[ShippedLine]) -> Vec<Item> {
    let all = part
        .lines
        .iter()
        .all(|line| lines.iter().any(|held| (held.line_id, held.quantity) == (line.id, line.quantity)));
    if lines.is_empty() || all {
        return items(part);
    }
    let held = lines.iter().filter_map(|held| {
        let line = part.lines.iter().find(|line| line.id == held.line_id)?;
        let name = format!("{} × {}", held.quantity, line.title);
        Some(Item { name, detail: line.options.join(", "), ..Item::default() })
    });
    held.collect()
}

/// A parcel was handed over.
pub fn shipped(placed: &PlacedOrder, shipment: &ShipmentShipped, public_url: &str) -> Letter {
    let order = &placed.order;
    let part = part_of(order, shipment.vendor_order_id);
    let from = part.map_or("the shop", |p| p.vendor_name.as_str());
    let tracking = &shipment.tracking;
    Letter {
        template: "shipment_shipped",
        subject: format!("Your parcel from {from} is on its way"),
        paragraphs: vec![
            hello(order),
            format!("{from} has handed your parcel to {}. Its number is {}.", tracking.carrier, tracking.number),
        ],
        groups: part
            .map(|p| Group { title: format!("In this parcel ({})", p.number), items: contents(p, &shipment.lines) })
            .into_iter()
            .collect(),
        button: Some(Button {
            label: "Follow the parcel".to_owned(),
            url: format!("{public_url}/track/{}", tracking.token),
        }),
        ..Letter::default()
    }
}

/// A parcel has arrived. What its buyer thinks of it is asked some days later.
pub fn delivered(placed: &PlacedOrder, part: kernel::VendorOrderId, public_url: &str) -> Letter {
    let order = &placed.order;
    let from = part_of(order, part).map_or("the shop", |p| p.vendor_name.as_str());
    Letter {
        template: "shipment_delivered",
        subject: format!("Your parcel from {from} has arrived"),
        paragraphs: vec![hello(order), format!("your parcel from {from} was delivered. Enjoy it.")],
        button: see_order(placed, public_url),
        ..Letter::default()
    }
}

/// The buyer has had these products of the order for some days.
pub fn invited(placed: &PlacedOrder, product_ids: &[ProductId], public_url: &str) -> Letter {
    let order = &placed.order;
    let title = |id: &ProductId| {
        let lines = order.vendor_orders.iter().flat_map(|part| &part.lines);
        lines.filter(|line| line.product_id == *id).map(|line| line.title.clone()).next()
    };
    let item = |id: &ProductId| {
        let href = Some(format!("{public_url}/account/reviews/{id}"));
        Item { name: title(id).unwrap_or_else(|| "A product".to_owned()), href, ..Item::default() }
    };
    Letter {
        template: "review_invitation",
        subject: "How is it?".to_owned(),
        paragraphs: vec![
            hello(order),
            format!(
                "you have had what you bought with order {} for some days. What do you think of it? A few words help \
                 others to choose, and the shop to get better.",
                order.number
            ),
        ],
        groups: vec![Group { title: "Write a review".to_owned(), items: product_ids.iter().map(item).collect() }],
        button: Some(Button { label: "All your reviews".to_owned(), url: format!("{public_url}/account/reviews") }),
        after: vec!["We ask once per order.".to_owned()],
        ..Letter::default()
    }
}
