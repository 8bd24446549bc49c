//! Promises an order all of its lines, or none.

use contracts::{
    inventory::{Shortage, StockRejected, StockReserved},
    orders::OrderPlaced,
};
use db::Tx;
use kernel::{OrderId, Result, VariantId};

use super::{announce::announce_change, place::pick};
use crate::{
    Inventory, jobs,
    model::{Need, State, Stock, need_of},
    store::{self, reservations},
};

/// Holds what a placed order needs until its time runs out, or rejects it.
pub(crate) async fn reserve(app: &Inventory, tx: &mut Tx, event: &OrderPlaced) -> Result<()> {
    let order_id = event.order_id;
    match take(tx, &need_of(&event.order)?).await? {
        Ok(taken) => {
            let now = app.clock.now();
            // Some ways to pay take days.
            let expires_at = now.plus(app.reservation_ttl).max(event.pay_by.unwrap_or(now));
            reservations::put(tx, order_id, State::Held, any_waits(&taken), expires_at, now).await?;
            note_lines(app, tx, order_id, &taken).await?;
            app.jobs.enqueue_at(tx, jobs::EXPIRE_RESERVATION, &order_id.to_string(), &order_id, expires_at).await?;
            app.outbox.publish(tx, &StockReserved { order_id, expires_at }).await
        }
        Err(shortages) => app.outbox.publish(tx, &StockRejected { order_id, shortages, after_payment: false }).await,
    }
}

/// Notes what was promised, and tells what buyers are told now.
pub(super) async fn note_lines(app: &Inventory, tx: &mut Tx, order_id: OrderId, taken: &[(Stock, i64)]) -> Result<()> {
    for (stock, quantity) in taken {
        let waiting = stock.waiting_of(*quantity);
        reservations::put_line(tx, order_id, stock, *quantity, waiting).await?;
        pick(tx, order_id, stock, quantity - waiting).await?;
        announce_change(app, tx, stock, stock.available() + quantity).await?;
    }
    Ok(())
}

/// True if anything of what was promised has to come in first.
pub(super) fn any_waits(taken: &[(Stock, i64)]) -> bool {
    taken.iter().any(|(stock, quantity)| stock.waiting_of(*quantity) > 0)
}

/// Promises everything needed: the rows after it, or what is missing and nothing promised. The rows
/// stay locked until the commit, so nobody sees a promise that is taken back here.
pub(super) async fn take(tx: &mut Tx, need: &Need) -> Result<Result<Vec<(Stock, i64)>, Vec<Shortage>>> {
    let (mut taken, mut shortages) = (Vec::with_capacity(need.len()), Vec::new());
    for (&variant_id, &wanted) in need {
        match take_one(tx, variant_id, wanted).await? {
            Ok(stock) => taken.push((stock, wanted)),
            Err(available) => shortages.push(Shortage { variant_id, wanted, available }),
        }
    }
    if shortages.is_empty() {
        return Ok(Ok(taken));
    }
    give_up(tx, &taken).await?;
    Ok(Err(shortages))
}

/// Takes back what was promised by this transaction and noted nowhere yet.
pub(super) async fn give_up(tx: &mut Tx, taken: &[(Stock, i64)]) -> Result<()> {
    for (stock, quantity) in taken {
        let waiting = stock.waiting_of(*quantity);
        store::unreserve(tx, stock.variant_id, quantity - waiting, waiting).await?;
    }
    Ok(())
}

/// The row after the promise, or how many there are if these are too few.
async fn take_one(tx: &mut Tx, variant_id: VariantId, wanted: i64) -> Result<Result<Stock, i64>> {
    if let Some(stock) = store::reserve(tx, variant_id, wanted).await? {
        return Ok(Ok(stock));
    }
    // More may have come in after that statement. With the row locked the second answer fits the number.
    let available = store::hold(tx, variant_id).await?.map_or(0, |stock| stock.orderable());
    Ok(store::reserve(tx, variant_id, wanted).await?.ok_or(available))
}
