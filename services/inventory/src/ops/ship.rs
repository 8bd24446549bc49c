//! Takes off what a vendor has handed over.

use db::Tx;
use kernel::{OrderId, Result, VendorId};

use super::announce::announce_change;
use crate::{
    Inventory,
    error::Refused,
    model::{MovementKind, OnShipped, on_shipped},
    store,
};

/// Takes the vendor's lines of an order off what is on hand, and off what is promised.
pub(crate) async fn ship(app: &Inventory, tx: &mut Tx, order_id: OrderId, vendor_id: VendorId) -> Result<()> {
    let now = app.clock.now();
    let state = store::lock_reservation(tx, order_id, now).await?.map(|(state, _)| state);
    let from_reserved = match on_shipped(state) {
        OnShipped::TakeReserved => true,
        OnShipped::TakeFree => false,
        OnShipped::Wait => return Err(Refused::NotYet("The order is not known as paid here yet.").into()),
        OnShipped::Nothing => return Ok(()),
    };
    for (variant_id, quantity) in store::open_lines(tx, order_id, Some(vendor_id)).await? {
        let left = if from_reserved {
            store::take_reserved(tx, variant_id, quantity, now).await?
        } else {
            store::take_free(tx, variant_id, quantity, now).await?
        };
        store::mark_shipped(tx, order_id, variant_id).await?;
        let Some(after) = left else {
            // The parcel left although the order had been called off, and what it held has been
            // promised to others since: only a count by the vendor can put that right.
            tracing::warn!(%order_id, %variant_id, quantity, "shipped goods are promised to others; on hand not changed");
            continue;
        };
        store::insert_movement(tx, &after, MovementKind::Shipped, -quantity, "", Some(order_id), now).await?;
        let before = if from_reserved { after.available() } else { after.available() + quantity };
        announce_change(app, tx, &after, before).await?;
    }
    if from_reserved { store::close_if_all_shipped(tx, order_id).await } else { Ok(()) }
}
