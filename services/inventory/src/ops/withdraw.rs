//! Frees what was taken out of a paid order before it left.

use contracts::orders::ReturnWithdrawn;
use db::Tx;
use kernel::Result;

use super::{
    announce::announce_change,
    arrive::arrive,
    bundles::{Touched, recount, wanted_then},
    cover::cover,
    place,
};
use crate::{
    Inventory,
    model::{Need, OpenLine, State},
    store::{self, reservations},
};

/// Gives back the pieces that were taken out, bundles as what they were made of when they were ordered. If the order was
/// called off meanwhile, all of it was given back.
pub(crate) async fn withdraw(app: &Inventory, tx: &mut Tx, event: &ReturnWithdrawn) -> Result<()> {
    let order_id = event.order_id;
    let standing = reservations::lock(tx, order_id).await?;
    if standing.is_none_or(|standing| standing.state != State::Claimed) {
        return Ok(());
    }
    let mut pieces = Need::new();
    for line in &event.pieces {
        *pieces.entry(line.variant_id).or_insert(0) += line.quantity;
    }
    let need = wanted_then(tx, order_id, pieces).await?.need;
    let (mut touched, mut waited) = (Touched::default(), false);
    for line in reservations::open_lines(tx, order_id, Some(event.vendor_id)).await? {
        if let Some(quantity) = need.get(&line.variant_id).copied() {
            waited |= free(app, tx, &line, quantity, &mut touched).await?;
        }
    }
    if waited {
        // What is left may wait for nothing any more.
        arrive(app, tx, order_id, event.vendor_id).await?;
    }
    reservations::close_if_all_shipped(tx, order_id).await?;
    recount(app, tx, touched).await
}

/// Frees so many pieces of a line, first those that have not come in. True if there were such.
async fn free(app: &Inventory, tx: &mut Tx, line: &OpenLine, quantity: i64, touched: &mut Touched) -> Result<bool> {
    let mut waiting = 0;
    if line.backordered > 0 {
        // More may have come in for it since the line was read. With the row locked the number stays.
        store::hold(tx, line.variant_id).await?;
        let backordered = reservations::backordered(tx, line.order_id, line.variant_id).await?;
        waiting = backordered.min(quantity);
        reservations::set_backordered(tx, line, backordered - waiting).await?;
    }
    reservations::mark_withdrawn(tx, line.order_id, line.variant_id, quantity).await?;
    let Some(mut stock) = store::unreserve(tx, line.variant_id, quantity - waiting, waiting).await? else {
        return Ok(waiting > 0);
    };
    place::put_back(tx, line.order_id, &stock, quantity - waiting).await?;
    let before = stock.available() - quantity;
    cover(app, tx, &mut stock).await?;
    announce_change(app, tx, &stock, before, touched).await?;
    Ok(waiting > 0)
}
