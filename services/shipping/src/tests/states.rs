//! Every cell of the table.

use kernel::{ShipmentId, Timestamp};

use super::*;
use crate::{
    error::ShippingError,
    model::{Action, Shipment, shipment::Carriage},
};

fn carriage(number: &str) -> Carriage {
    Carriage { carrier: "DHL".to_owned(), number: number.to_owned() }
}

fn in_state(status: ShipmentStatus) -> Shipment {
    let handed_over = matches!(status, ShipmentStatus::Shipped | ShipmentStatus::Delivered);
    Shipment {
        id: ShipmentId::derived("test", &["one"]),
        order_id: order("1"),
        vendor_order_id: part("1", "ada"),
        vendor_id: vendor("ada"),
        parcel: 1,
        lines: vec![],
        number: "S-1-A".to_owned(),
        method: "Parcel".to_owned(),
        pickup: false,
        status,
        claimed: true,
        waits: false,
        carriage: handed_over.then(|| carriage("1")),
        version: 7,
        created_at: Timestamp(1),
        shipped_at: handed_over.then_some(Timestamp(2)),
        delivered_at: (status == ShipmentStatus::Delivered).then_some(Timestamp(3)),
        cancelled_at: (status == ShipmentStatus::Cancelled).then_some(Timestamp(2)),
    }
}

#[test]
fn every_state_knows_every_action() {
    use ShipmentStatus::{Cancelled, Delivered, Preparing, Shipped};
    use ShippingError as No;
    let (same, other) = (Action::Ship(carriage("1")), Action::Ship(carriage("2")));
    let cells = [
        (Preparing, &same, Ok(Some(Shipped))),
        (Preparing, &Action::Deliver, Err(No::NotShipped)),
        (Preparing, &Action::Cancel, Ok(Some(Cancelled))),
        (Shipped, &same, Ok(None)),
        (Shipped, &other, Err(No::AlreadyShipped)),
        (Shipped, &Action::Deliver, Ok(Some(Delivered))),
        (Shipped, &Action::Cancel, Ok(None)),
        (Delivered, &same, Ok(None)),
        (Delivered, &other, Err(No::AlreadyShipped)),
        (Delivered, &Action::Deliver, Ok(None)),
        (Delivered, &Action::Cancel, Ok(None)),
        (Cancelled, &same, Err(No::Cancelled)),
        (Cancelled, &Action::Deliver, Err(No::Cancelled)),
        (Cancelled, &Action::Cancel, Ok(None)),
    ];
    for (from, action, expected) in cells {
        let before = in_state(from);
        let after = before.step(action, Timestamp(9));
        assert_eq!(after.clone().map(|next| next.map(|s| s.status)), expected, "{from:?} {action:?}");
        if let Ok(Some(next)) = after {
            assert_eq!(next.version, 8);
            assert_eq!((next.id, next.created_at), (before.id, before.created_at));
            let stamped = [next.shipped_at, next.delivered_at, next.cancelled_at]
                .into_iter()
                .filter(|at| *at == Some(Timestamp(9)));
            assert_eq!(stamped.count(), 1, "{from:?} {action:?}");
        }
    }
}

#[test]
fn nothing_leaves_before_its_stock_is_claimed() {
    let unclaimed = Shipment { claimed: false, ..in_state(ShipmentStatus::Preparing) };
    assert_eq!(unclaimed.step(&Action::Ship(carriage("1")), Timestamp(9)), Err(ShippingError::NotClaimed));
    let to_come = Shipment { waits: true, ..in_state(ShipmentStatus::Preparing) };
    assert_eq!(to_come.step(&Action::Ship(carriage("1")), Timestamp(9)), Err(ShippingError::StockToCome));
    let called_off = unclaimed.step(&Action::Cancel, Timestamp(9)).unwrap().unwrap();
    assert_eq!(called_off.status, ShipmentStatus::Cancelled);
}
