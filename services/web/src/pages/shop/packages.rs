//! The parcels of a vendor's part on the page of an order.

use contracts::orders::{OrderLine, OrderView, ParcelView, VendorOrderStatus, VendorOrderView};

use super::{cards, downloads, order::badge, sums};
use crate::{
    fmt::Fmt,
    ui::{Badge, Link, Progress, Timeline, TimelineItem},
};

/// One of several parcels of a vendor.
#[derive(Debug, Clone)]
pub struct Package {
    /// Which one.
    pub title: String,
    /// What is in it.
    pub contents: String,
    /// How far it is.
    pub badge: Badge,
    /// The way to follow it; none of what is still to be packed.
    pub tracking: Option<Link>,
}

/// The way to follow a parcel.
pub fn track(parcel: &ParcelView) -> Link {
    let text = if parcel.tracking.pickup { "Show the code" } else { "Track the parcel" };
    Link::new(text, format!("/track/{}", parcel.tracking.token))
}

/// What of a vendor's lines, in so many pieces.
pub fn contents(part: &VendorOrderView, pieces: impl Fn(&OrderLine) -> i64) -> String {
    let content = part.lines.iter().filter(|line| pieces(line) > 0).map(|line| {
        let options =
            if line.options.is_empty() { String::new() } else { format!(", {}", cards::variant(&line.options)) };
        format!("{} × {}{options}{}", pieces(line), line.title, made_of(line))
    });
    content.collect::<Vec<_>>().join(" · ")
}

/// ` (each 2 × The cup, 1 × The jug)` for a bundle.
fn made_of(line: &OrderLine) -> String {
    let parts: Vec<String> = line.parts.iter().map(|part| format!("{} × {}", part.quantity, part.title)).collect();
    if parts.is_empty() { String::new() } else { format!(" (each {})", parts.join(", ")) }
}

fn held(parcel: &ParcelView, line: &OrderLine) -> i64 {
    match parcel.lines.as_slice() {
        [] => line.quantity,
        lines => lines.iter().find(|held| held.line_id == line.id).map_or(0, |held| held.quantity),
    }
}

/// How many of a line are still to be sent.
pub fn to_send(part: &VendorOrderView, line: &OrderLine) -> i64 {
    match part.status {
        _ if line.digital => 0,
        VendorOrderStatus::ToShip | VendorOrderStatus::PartiallyShipped => {
            line.kept() - part.parcels.iter().map(|parcel| held(parcel, line)).sum::<i64>()
        }
        _ => 0,
    }
}

/// Each parcel with what is in it, and what is still to be packed.
pub fn packages(part: &VendorOrderView) -> Vec<Package> {
    let package = |parcel: &ParcelView| Package {
        title: match parcel.tracking.pickup {
            true => format!("Ready to be fetched, code {}", parcel.tracking.number),
            false => format!("Parcel {} with {}", parcel.parcel, parcel.tracking.carrier),
        },
        contents: contents(part, |line| held(parcel, line)),
        badge: badge(
            match parcel.delivered_at {
                Some(_) => VendorOrderStatus::Delivered,
                None => VendorOrderStatus::Shipped,
            },
            parcel.tracking.pickup,
        ),
        tracking: Some(track(parcel)),
    };
    let rest = (part.status == VendorOrderStatus::PartiallyShipped).then(|| Package {
        title: "Still to come".to_owned(),
        contents: contents(part, |line| to_send(part, line)),
        badge: badge(VendorOrderStatus::ToShip, part.pickup.is_some()),
        tracking: None,
    });
    part.parcels.iter().map(package).chain(rest).collect()
}

/// The way of a parcel: what is behind it, where it is, what comes.
pub fn timeline(fmt: &Fmt, order: &OrderView, part: &VendorOrderView) -> Timeline {
    if part.is_digital() {
        return downloads::timeline(fmt, order, part);
    }
    let at = match part.status {
        VendorOrderStatus::Pending => 0,
        VendorOrderStatus::ToShip | VendorOrderStatus::PartiallyShipped => 1,
        VendorOrderStatus::Shipped => 2,
        VendorOrderStatus::Delivered => 4,
        VendorOrderStatus::Cancelled => {
            let item = TimelineItem {
                title: "Called off".to_owned(),
                note: String::new(),
                when: None,
                progress: Progress::Failed,
            };
            return Timeline { items: vec![item] };
        }
    };
    let way = match part.parcels.as_slice() {
        [one] if one.tracking.pickup => fetch(part, &one.tracking.number),
        [one] => format!("With {}, number {}", one.tracking.carrier, one.tracking.number),
        [] => String::new(),
        many => format!("In {} parcels", many.len()),
    };
    let way = if at == 1 { String::new() } else { way };
    let partly = part.status == VendorOrderStatus::PartiallyShipped;
    let packing = if partly && part.pickup.is_some() {
        "Some of it can be fetched, the rest follows.".to_owned()
    } else if partly {
        "Some of it is on its way, the rest follows.".to_owned()
    } else if at == 1 {
        format!("By {}. {}", part.vendor_name, part.shipping_method)
    } else {
        String::new()
    };
    let expected = if at < 3 { expected(fmt, order, part) } else { String::new() };
    let [left, arrived] = match part.pickup {
        // When it can be fetched stands beside that; the last step is the buyer's.
        Some(_) => [("Ready to be fetched", if at < 2 { expected } else { way }), ("Fetched", String::new())],
        None => [("On its way", way), ("Delivered", expected)],
    };
    let paid = order.timeline.iter().find(|entry| entry.kind == "paid").map(|entry| fmt.when(entry.at));
    let first = if order.to_collect.is_some() { "Ordered" } else { "Paid" };
    let steps =
        [(first, String::new(), paid), ("Packed", packing, None), (left.0, left.1, None), (arrived.0, arrived.1, None)];
    let item = |(i, (title, note, when)): (usize, (&str, String, _))| TimelineItem {
        title: if at == i && i == 1 { "Being packed".to_owned() } else { title.to_owned() },
        note,
        when,
        progress: match i.cmp(&at) {
            std::cmp::Ordering::Less => Progress::Done,
            std::cmp::Ordering::Equal => Progress::Now,
            std::cmp::Ordering::Greater => Progress::Next,
        },
    };
    Timeline { items: steps.into_iter().enumerate().map(item).collect() }
}

/// Where a part is fetched, what is shown there, and when.
fn fetch(part: &VendorOrderView, code: &str) -> String {
    let Some(place) = &part.pickup else { return format!("Code {code}") };
    let hours = if place.hours.is_empty() { String::new() } else { format!(" {}", place.hours) };
    format!("At {}. Show the code {code}.{hours}", place.line())
}

/// When a parcel is expected, as the quote said when the order was placed.
fn expected(fmt: &Fmt, order: &OrderView, part: &VendorOrderView) -> String {
    let vendor = order.quote.vendors.iter().find(|vendor| vendor.vendor_id == part.vendor_id);
    let Some(method) = vendor.and_then(|vendor| vendor.method.as_ref()) else { return String::new() };
    format!("Expected {}", sums::arrival(fmt, method.arrival(order.placed_at)))
}
