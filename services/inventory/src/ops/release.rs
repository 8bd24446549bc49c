//! Gives a promise back: the order was called off, or nobody paid in time.

use contracts::inventory::StockReleased;
use db::Tx;
use kernel::{OrderId, Result};

use super::announce::announce_change;
use crate::{Inventory, jobs, model::State, store};

/// Releases what an order that was called off still holds; nothing if it holds nothing.
pub(crate) async fn release(app: &Inventory, tx: &mut Tx, order_id: OrderId) -> Result<()> {
    match store::lock_reservation(tx, order_id, app.clock.now()).await? {
        Some((state, _)) if state.is_live() || kernel::planted!(1) => {
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
    match store::lock_reservation(tx, order_id, now).await? {
        Some((State::Held, expires_at)) if expires_at <= now => {
            give_back(app, tx, order_id, State::Expired).await?;
            app.outbox.publish(tx, &StockReleased { order_id, expired: true }).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Gives back what a reservation still holds, and ends it so.
pub(super) async fn give_back(app: &Inventory, tx: &mut Tx, order_id: OrderId, end: State) -> Result<()> {
    store::set_state(tx, order_id, end).await?;
    for (variant_id, quantity) in store::open_lines(tx, order_id, None).await? {
        if let Some(stock) = store::unreserve(tx, variant_id, quantity).await? {
            announce_change(app, tx, &stock, stock.available() - quantity).await?;
        }
    }
    Ok(())
}
