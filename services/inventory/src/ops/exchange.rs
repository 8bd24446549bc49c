//! What a buyer gets instead of what comes back: set aside when the vendor agrees, taken off when it leaves, given back
//! if nothing comes of it. It is a reservation like an order's, under the return's id.

use contracts::{
    inventory::{ExchangeHeld, ExchangeShort, Shortage},
    orders::{Restock, ReturnExchangeWanted, ReturnExchanged},
};
use db::Tx;
use kernel::{Error, OrderId, Result, ReturnId};

use super::{
    announce::announce_change,
    bundles::{Touched, recount, wanted_then},
    cover::cover,
    place,
    release::give_back,
    reserve::{any_waits, give_up, hold, note_lines},
    ship::note,
};
use crate::{
    Inventory,
    model::{Need, OpenLine, State, Stock},
    store::{self, reservations},
};

/// The id under which the reservation of a return is kept.
fn holder(of: ReturnId) -> OrderId {
    OrderId(of.0)
}

fn lines_of(pieces: &[Restock]) -> Need {
    let mut need = Need::new();
    for line in pieces {
        *need.entry(line.variant_id).or_insert(0) += line.quantity;
    }
    need
}

/// Sets everything aside, or says what is missing. What would have to come in first is missing, too.
pub(crate) async fn hold_exchange(app: &Inventory, tx: &mut Tx, event: &ReturnExchangeWanted) -> Result<()> {
    let (return_id, now) = (event.return_id, app.clock.now());
    let shortages = match hold(tx, lines_of(&event.wanted)).await? {
        Ok((wanted, taken)) if any_waits(&taken) => {
            give_up(tx, &taken).await?;
            wanted.short_lines(&taken.iter().filter_map(shortage).collect::<Vec<_>>())
        }
        Ok((wanted, taken)) => {
            reservations::put(tx, holder(return_id), State::Claimed, false, now, now).await?;
            note_lines(app, tx, holder(return_id), &wanted, &taken).await?;
            return app.outbox.publish(tx, &ExchangeHeld { return_id }).await;
        }
        Err(shortages) => shortages,
    };
    app.outbox.publish(tx, &ExchangeShort { return_id, shortages }).await
}

fn shortage((stock, wanted): &(Stock, i64)) -> Option<Shortage> {
    let waiting = stock.waiting_of(*wanted);
    let short = Shortage { variant_id: stock.variant_id, wanted: *wanted, available: wanted - waiting };
    (waiting > 0).then_some(short)
}

/// Takes off what has left; of what was set aside for pieces that never came back, the rest is free again.
pub(crate) async fn ship_exchange(app: &Inventory, tx: &mut Tx, event: &ReturnExchanged) -> Result<()> {
    let id = holder(event.return_id);
    let standing = reservations::lock(tx, id).await?;
    if standing.is_none_or(|standing| standing.state != State::Claimed) {
        return Ok(());
    }
    let sent = wanted_then(tx, id, lines_of(&event.sent)).await?.need;
    let mut touched = Touched::default();
    for line in reservations::open_lines(tx, id, None).await? {
        let leaves = sent.get(&line.variant_id).copied().unwrap_or(0).min(line.quantity);
        ship_line(app, tx, event, &line, leaves, &mut touched).await?;
    }
    reservations::set_state(tx, id, State::Shipped, app.clock.now()).await?;
    recount(app, tx, touched).await
}

/// Frees all of a line; what leaves is then taken off what is free, which nobody else can have while the row is locked.
async fn ship_line(
    app: &Inventory,
    tx: &mut Tx,
    event: &ReturnExchanged,
    line: &OpenLine,
    leaves: i64,
    touched: &mut Touched,
) -> Result<()> {
    let now = app.clock.now();
    let Some(mut stock) = store::unreserve(tx, line.variant_id, line.quantity, 0).await? else { return Ok(()) };
    let before = stock.available() - line.quantity;
    place::put_back(tx, line.order_id, &stock, line.quantity).await?;
    reservations::mark_shipped(tx, line.order_id, line.variant_id, line.quantity).await?;
    if leaves > 0 {
        let held = || Error::internal("what was set aside for a return is not there");
        stock = store::take_free(tx, line.variant_id, leaves, now).await?.ok_or_else(held)?;
        let shares = place::take_free(tx, &stock, leaves).await?;
        note(tx, event.order_id, &stock, &shares, &format!("Return {}", event.number), now).await?;
    }
    cover(app, tx, &mut stock).await?;
    announce_change(app, tx, &stock, before, touched).await
}

/// The return is over, or is paid back: what is still set aside for it is free again.
pub(crate) async fn end_exchange(app: &Inventory, tx: &mut Tx, of: ReturnId) -> Result<()> {
    match reservations::lock(tx, holder(of)).await? {
        Some(standing) if standing.state.is_live() => give_back(app, tx, holder(of), State::Released).await,
        _ => Ok(()),
    }
}
