//! Gives a promise back: the order was called off, or nobody paid in time.

use contracts::inventory::StockReleased;
use db::Tx;
use kernel::{OrderId, Result};

use super::{
    announce::announce_change,
    bundles::{Touched, recount},
    cover::cover,
    place::put_back,
};
use crate::{
    Inventory, jobs,
    model::{OpenLine, State},
    store::{self, reservations},
};

/// Releases what an order that was called off still holds; nothing if it holds nothing.
pub(crate) async fn release(app: &Inventory, tx: &mut Tx, order_id: OrderId) -> Result<()> {
    match reservations::lock(tx, order_id).await? {
        Some(standing) if standing.state.is_live() || kernel::planted!(1) => {
            if standing.backorder {
                reservations::drop_waits(tx, order_id).await?;
            }
            app.jobs.cancel(tx, jobs::EXPIRE_RESERVATION, &order_id.to_string()).await?;
            give_back(app, tx, order_id, State::Released).await?;
            app.outbox.publish(tx, &StockReleased { order_id, expired: false }).await
        }
        _ => Ok(()),
    }
}

/// Releases a hold whose time has run out. False if there was none.
pub(crate) async fn expire(app: &Inventory, tx: &mut Tx, order_id: OrderId) -> Result<bool> {
    let now = app.clock.now();
    match reservations::lock(tx, order_id).await? {
        Some(standing) if standing.state == State::Held && standing.expires_at <= now => {
            give_back(app, tx, order_id, State::Expired).await?;
            app.outbox.publish(tx, &StockReleased { order_id, expired: true }).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Gives back what a reservation still holds, and ends it so.
pub(super) async fn give_back(app: &Inventory, tx: &mut Tx, order_id: OrderId, end: State) -> Result<()> {
    reservations::set_state(tx, order_id, end, app.clock.now()).await?;
    let mut touched = Touched::default();
    for line in reservations::open_lines(tx, order_id, None).await? {
        give_back_line(app, tx, &line, &mut touched).await?;
    }
    recount(app, tx, touched).await
}

async fn give_back_line(app: &Inventory, tx: &mut Tx, line: &OpenLine, touched: &mut Touched) -> Result<()> {
    let mut waiting = line.backordered;
    if waiting > 0 {
        // More may have come in for it since the line was read. With the row locked the number stays.
        store::hold(tx, line.variant_id).await?;
        waiting = reservations::backordered(tx, line.order_id, line.variant_id).await?;
        reservations::set_backordered(tx, line, 0).await?;
    }
    let Some(mut stock) = store::unreserve(tx, line.variant_id, line.quantity - waiting, waiting).await? else {
        return Ok(());
    };
    put_back(tx, line.order_id, &stock, line.quantity - waiting).await?;
    let before = stock.available() - line.quantity;
    cover(app, tx, &mut stock).await?;
    announce_change(app, tx, &stock, before, touched).await
}
