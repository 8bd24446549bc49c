//! Letters to the owners of a store.

use contracts::{
    inventory::StockLow,
    orders::{OrderView, VendorOrderView},
    vendors::{VendorSnapshot, VendorStatus},
};
use kernel::{Money, VendorId};

use super::order::{gift, reduced};
use crate::model::{Button, Group, Item, Letter, price};

/// Something was sold.
pub fn new_order(order: &OrderView, part: &VendorOrderView, public_url: &str) -> Letter {
    let lines = part.lines.iter().map(|line| Item {
        name: format!("{} × {}", line.quantity, line.title),
        detail: [line.sku.as_str(), &reduced(words::english(), &line.options, &line.promotions)]
            .iter()
            .filter(|t| !t.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" · "),
        amount: price(line.total),
        href: None,
    });
    let is_sent = !part.is_digital();
    let mut paragraphs = vec![match is_sent {
        true => format!("{} has a new order to ship: {}, by {}.", part.vendor_name, part.number, part.shipping_method),
        false => format!("{} has sold {}. It is downloaded: there is nothing to ship.", part.vendor_name, part.number),
    }];
    let by_courier = "It is paid on delivery: hand it to a courier who collects the money.";
    paragraphs.extend(order.to_collect.map(|_| by_courier.to_owned()));
    paragraphs.extend(order.note.as_ref().map(|note| format!("The buyer writes: {note}")));
    paragraphs.extend(gift(words::english(), order));
    Letter {
        template: "vendor_new_order",
        subject: format!("New order {}", part.number),
        paragraphs,
        groups: vec![Group { title: if is_sent { "To ship" } else { "Sold" }.to_owned(), items: lines.collect() }],
        totals: [("Shipping".to_owned(), price(part.shipping)), ("Total".to_owned(), price(part.total))]
            .into_iter()
            .chain(subsidy(part))
            .collect(),
        button: Some(Button {
            label: "Open the order".to_owned(),
            url: format!("{public_url}/vendor/{}/orders/{}", part.vendor_id, part.id),
        }),
        ..Letter::default()
    }
}

/// What the marketplace adds for promotions that it pays.
fn subsidy(part: &VendorOrderView) -> Option<(String, String)> {
    let promotions = part.lines.iter().flat_map(|line| &line.promotions).chain(&part.shipping_promotions);
    let paid = promotions.fold(0, |sum, promotion| sum + promotion.platform.amount_minor);
    let paid = Money::new(paid, part.total.currency);
    (!paid.is_zero()).then(|| ("Added by the marketplace for promotions".to_owned(), price(paid)))
}

/// An admin has decided.
pub fn decided(vendor_id: VendorId, vendor: &VendorSnapshot, reason: Option<&str>, public_url: &str) -> Letter {
    let (template, subject, text) = match vendor.status {
        VendorStatus::Approved => (
            "vendor_approved",
            format!("{} is open", vendor.name),
            "Your shop is open: buyers can find and buy your products.",
        ),
        VendorStatus::Suspended => (
            "vendor_suspended",
            format!("{} is suspended", vendor.name),
            "Your shop is closed for now. Please still ship what was ordered before.",
        ),
        VendorStatus::Rejected => {
            ("vendor_rejected", format!("About your application for {}", vendor.name), "We cannot open your shop.")
        }
        VendorStatus::Applied => {
            ("vendor_applied", format!("We have your application for {}", vendor.name), "We will look at it soon.")
        }
    };
    let mut paragraphs = vec![text.to_owned()];
    paragraphs.extend(reason.filter(|r| !r.is_empty()).map(|reason| format!("The reason given: {reason}")));
    let url = format!("{public_url}/vendor/{vendor_id}");
    Letter {
        template,
        subject,
        paragraphs,
        button: Some(Button { label: "Go to your shop".to_owned(), url }),
        ..Letter::default()
    }
}

/// Something is running out.
pub fn low_stock(stock: &StockLow, public_url: &str) -> Letter {
    let left = match stock.available {
        ..=0 => "is sold out".to_owned(),
        n => format!("is down to {n}"),
    };
    Letter {
        template: "low_stock",
        subject: format!("{} {left}", stock.title),
        paragraphs: vec![format!(
            "{} (SKU {}) {left}; you wanted to know at {}.",
            stock.title, stock.sku, stock.low_threshold
        )],
        button: Some(Button {
            label: "Look at the stock".to_owned(),
            url: format!("{public_url}/vendor/{}/stock?state=low", stock.vendor_id),
        }),
        ..Letter::default()
    }
}
