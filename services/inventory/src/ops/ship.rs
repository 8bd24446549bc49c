//! Takes off what a vendor has handed over.

use contracts::{inventory::MovementKind, shipping::ShipmentShipped};
use db::Tx;
use kernel::{OrderId, Result, Timestamp};

use super::{
    announce::announce_change,
    bundles::{Touched, recount},
    place,
};
use crate::{
    Inventory,
    error::Refused,
    model::{Need, OnShipped, Place, Stock, expand, on_shipped},
    store::{self, movements, reservations},
};

/// Takes what lies in a parcel off what is on hand, and off what is promised.
pub(crate) async fn ship(app: &Inventory, tx: &mut Tx, parcel: &ShipmentShipped) -> Result<()> {
    let (order_id, now) = (parcel.order_id, app.clock.now());
    let mut touched = Touched::default();
    let reason = if parcel.parcel > 1 { format!("Parcel {}", parcel.parcel) } else { String::new() };
    let state = reservations::lock(tx, order_id).await?.map(|standing| standing.state);
    let from_reserved = match on_shipped(state) {
        OnShipped::TakeReserved => true,
        OnShipped::TakeFree => false,
        OnShipped::Wait => return Err(Refused::NotYet("The order is not known as paid here yet.").into()),
        OnShipped::Nothing => return Ok(()),
    };
    let holds = contents(tx, parcel).await?;
    for line in reservations::open_lines(tx, order_id, Some(parcel.vendor_id)).await? {
        let variant_id = line.variant_id;
        let quantity = match &holds {
            Some(holds) => holds.get(&variant_id).copied().unwrap_or(0),
            None => line.quantity,
        };
        if quantity == 0 {
            continue;
        }
        if line.backordered > 0 {
            return Err(Refused::NotYet("What has left is not known as come in here yet.").into());
        }
        let left = if from_reserved {
            store::take_reserved(tx, variant_id, quantity, now).await?
        } else {
            store::take_free(tx, variant_id, quantity, now).await?
        };
        reservations::mark_shipped(tx, order_id, variant_id, quantity).await?;
        let Some(after) = left else {
            // The parcel left although the order had been called off, and what it held has been
            // promised to others since: only a count by the vendor can put that right.
            tracing::warn!(%order_id, %variant_id, quantity, "shipped goods are promised to others; on hand not changed");
            continue;
        };
        let shares = if from_reserved {
            place::take_picked(tx, order_id, &after, quantity).await?
        } else {
            place::take_free(tx, &after, quantity).await?
        };
        note(tx, order_id, &after, &shares, &reason, now).await?;
        let before = if from_reserved { after.available() } else { after.available() + quantity };
        announce_change(app, tx, &after, before, &mut touched).await?;
    }
    if from_reserved {
        reservations::close_if_all_shipped(tx, order_id).await?;
    }
    recount(app, tx, touched).await
}

/// Pieces of each variant in a parcel, bundles as what they were made of when they were ordered; nothing if it holds all
/// that its vendor still has to send.
async fn contents(tx: &mut Tx, parcel: &ShipmentShipped) -> Result<Option<Need>> {
    if parcel.lines.is_empty() {
        return Ok(None);
    }
    let mut holds = Need::new();
    for line in &parcel.lines {
        *holds.entry(line.variant_id).or_insert(0) += line.quantity;
    }
    expand(&holds, &store::bundles::frozen(tx, parcel.order_id).await?).map(Some)
}

/// Notes what has left which place; `after` is the row of stock when all of it had.
pub(super) async fn note(
    tx: &mut Tx,
    order_id: OrderId,
    after: &Stock,
    shares: &[(Place, i64)],
    reason: &str,
    at: Timestamp,
) -> Result<()> {
    let mut on_hand = after.on_hand + shares.iter().map(|(_, share)| share).sum::<i64>();
    for (place, share) in shares {
        on_hand -= share;
        let moved = movements::Movement {
            location_id: place.location_id,
            kind: MovementKind::Shipped,
            delta: -share,
            on_hand,
            there: place.on_hand,
            reason,
            order_id: Some(order_id),
            by: None,
            at,
        };
        movements::insert(tx, after, &moved).await?;
    }
    Ok(())
}
