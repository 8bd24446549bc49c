//! Tells that all that a store's part of a paid order waited for is there.
//!
//! A job of its own: two variants of one part may come in at the same moment, each in a transaction that does not
//! see the other. Whichever of their jobs comes last sees both.

use contracts::inventory::StockArrived;
use db::Tx;
use kernel::{OrderId, Result, VendorId};

use crate::{Inventory, model::State, store::reservations};

/// Tells it once; nothing if the order is not paid yet, or something is still missing.
pub(crate) async fn arrive(app: &Inventory, tx: &mut Tx, order_id: OrderId, vendor_id: VendorId) -> Result<()> {
    let standing = reservations::lock(tx, order_id).await?;
    let claimed = standing.is_some_and(|standing| standing.state == State::Claimed);
    if claimed && reservations::end_wait(tx, order_id, vendor_id).await? {
        app.outbox.publish(tx, &StockArrived { order_id, vendor_id }).await?;
    }
    Ok(())
}
