//! What a buyer gets instead of what comes back: set aside when the vendor agrees, taken off when it leaves, given back
//! if nothing comes of it. It is a reservation like an order's, under the return's id.

use contracts::{
    inventory::{ExchangeHeld, ExchangeShort},
    orders::{Restock, ReturnExchangeWanted, ReturnExchanged},
};
use db::Tx;
use kernel::{OrderId, Result, ReturnId};

use super::{
    announce::announce_change,
    release::give_back,
    reserve::{note_lines, take},
};
use crate::{
    Inventory,
    model::{MovementKind, Need, State},
    store,
};

/// The id under which the reservation of a return is kept.
fn holder(of: ReturnId) -> OrderId {
    OrderId(of.0)
}

fn need_of(pieces: &[Restock]) -> Need {
    let mut need = Need::new();
    for line in pieces {
        *need.entry(line.variant_id).or_insert(0) += line.quantity;
    }
    need
}

/// Sets everything aside, or says what is missing.
pub(crate) async fn hold_exchange(app: &Inventory, tx: &mut Tx, event: &ReturnExchangeWanted) -> Result<()> {
    let (return_id, now) = (event.return_id, app.clock.now());
    match take(tx, &need_of(&event.wanted)).await? {
        Ok(taken) => {
            store::put_reservation(tx, holder(return_id), State::Claimed, now, now).await?;
            note_lines(app, tx, holder(return_id), &taken).await?;
            app.outbox.publish(tx, &ExchangeHeld { return_id }).await
        }
        Err(shortages) => app.outbox.publish(tx, &ExchangeShort { return_id, shortages }).await,
    }
}

/// Takes off what has left; of what was set aside for pieces that never came back, the rest is free again.
pub(crate) async fn ship_exchange(app: &Inventory, tx: &mut Tx, event: &ReturnExchanged) -> Result<()> {
    let (now, id) = (app.clock.now(), holder(event.return_id));
    let Some((State::Claimed, _)) = store::lock_reservation(tx, id, now).await? else { return Ok(()) };
    let sent = need_of(&event.sent);
    for (variant_id, held) in store::open_lines(tx, id, None).await? {
        let leaves = sent.get(&variant_id).copied().unwrap_or(0).min(held);
        store::mark_shipped(tx, id, variant_id).await?;
        if leaves > 0
            && let Some(after) = store::take_reserved(tx, variant_id, leaves, now).await?
        {
            let reason = format!("Return {}", event.number);
            store::insert_movement(tx, &after, MovementKind::Shipped, -leaves, &reason, Some(event.order_id), now)
                .await?;
        }
        if held > leaves
            && let Some(stock) = store::unreserve(tx, variant_id, held - leaves).await?
        {
            announce_change(app, tx, &stock, stock.available() - (held - leaves)).await?;
        }
    }
    store::set_state(tx, id, State::Shipped).await
}

/// The return is over: what is still set aside for it is free again.
pub(crate) async fn end_exchange(app: &Inventory, tx: &mut Tx, of: ReturnId) -> Result<()> {
    match store::lock_reservation(tx, holder(of), app.clock.now()).await? {
        Some((state, _)) if state.is_live() => give_back(app, tx, holder(of), State::Released).await,
        _ => Ok(()),
    }
}
