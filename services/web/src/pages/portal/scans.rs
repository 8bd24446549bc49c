//! What carriers say of parcels, in the history of an order.

use contracts::{shared::TimelineEntry, shipping::ShipmentView};

/// Adds what carriers say of `parcels` to a history. Of several each says which it is.
pub fn add(history: &mut Vec<TimelineEntry>, parcels: &[ShipmentView]) {
    let scans = parcels.iter().flat_map(|parcel| {
        let of_carrier = parcel.timeline.iter().filter(|entry| entry.kind.starts_with("carrier_"));
        of_carrier.map(move |entry| match parcels.len() {
            1 => entry.clone(),
            _ => TimelineEntry {
                text: format!("{}, parcel {}: {}", parcel.number, parcel.parcel, entry.text),
                ..entry.clone()
            },
        })
    });
    history.extend(scans);
    history.sort_by_key(|entry| entry.at);
}
