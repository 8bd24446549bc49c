//! The parcels of a vendor's part on the page of an order.

use contracts::orders::{OrderLine, ParcelView, VendorOrderStatus, VendorOrderView};

use super::{cards, order::badge};
use crate::ui::{Badge, Link};

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
    Link::new("Track the parcel", format!("/track/{}", parcel.tracking.token))
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
        VendorOrderStatus::ToShip | VendorOrderStatus::PartiallyShipped => {
            line.kept() - part.parcels.iter().map(|parcel| held(parcel, line)).sum::<i64>()
        }
        _ => 0,
    }
}

/// Each parcel with what is in it, and what is still to be packed.
pub fn packages(part: &VendorOrderView) -> Vec<Package> {
    let package = |parcel: &ParcelView| Package {
        title: format!("Parcel {} with {}", parcel.parcel, parcel.tracking.carrier),
        contents: contents(part, |line| held(parcel, line)),
        badge: badge(if parcel.delivered_at.is_some() {
            VendorOrderStatus::Delivered
        } else {
            VendorOrderStatus::Shipped
        }),
        tracking: Some(track(parcel)),
    };
    let rest = (part.status == VendorOrderStatus::PartiallyShipped).then(|| Package {
        title: "Still to come".to_owned(),
        contents: contents(part, |line| to_send(part, line)),
        badge: badge(VendorOrderStatus::ToShip),
        tracking: None,
    });
    part.parcels.iter().map(package).chain(rest).collect()
}
