//! Promises an order all of its lines, or none.

use contracts::{
    inventory::{Shortage, StockRejected, StockReserved},
    orders::OrderPlaced,
};
use db::Tx;
use kernel::{OrderId, Result, VariantId};

use super::{
    announce::announce_change,
    bundles::{Touched, recount, wanted},
    place::pick,
};
use crate::{
    Inventory, jobs,
    model::{Need, State, Stock, Wanted, lines_of},
    store::{self, reservations},
};

/// Holds what a placed order needs until its time runs out, or rejects it.
pub(crate) async fn reserve(app: &Inventory, tx: &mut Tx, event: &OrderPlaced) -> Result<()> {
    let (order_id, now) = (event.order_id, app.clock.now());
    // Some ways to pay take days.
    let expires_at = now.plus(app.reservation_ttl).max(event.pay_by.unwrap_or(now));
    let lines = lines_of(&event.order)?;
    if lines.is_empty() {
        // All of it is downloaded: there is nothing to hold, and nothing that could run out.
        return app.outbox.publish(tx, &StockReserved { order_id, expires_at, bundles: Vec::new() }).await;
    }
    match hold(tx, lines).await? {
        Ok((wanted, taken)) => {
            reservations::put(tx, order_id, State::Held, any_waits(&taken), expires_at, now).await?;
            note_lines(app, tx, order_id, &wanted, &taken).await?;
            app.jobs.enqueue_at(tx, jobs::EXPIRE_RESERVATION, &order_id.to_string(), &order_id, expires_at).await?;
            let bundles = wanted.told(&taken);
            app.outbox.publish(tx, &StockReserved { order_id, expires_at, bundles }).await
        }
        Err(shortages) => app.outbox.publish(tx, &StockRejected { order_id, shortages, after_payment: false }).await,
    }
}

/// What is wanted, and the rows that it was promised of.
pub(super) type Held = (Wanted, Vec<(Stock, i64)>);

/// Promises all that lines need, with bundles as they are made now; or says which lines cannot be had.
pub(super) async fn hold(tx: &mut Tx, lines: Need) -> Result<Result<Held, Vec<Shortage>>> {
    match wanted(tx, lines).await? {
        Ok(wanted) => hold_wanted(tx, wanted).await,
        Err(shortages) => Ok(Err(shortages)),
    }
}

/// The same once it is known what bundles are made of.
pub(super) async fn hold_wanted(tx: &mut Tx, wanted: Wanted) -> Result<Result<Held, Vec<Shortage>>> {
    Ok(match take(tx, &wanted.need).await? {
        Ok(taken) => Ok((wanted, taken)),
        Err(shortages) => Err(wanted.short_lines(&shortages)),
    })
}

/// Notes what was promised and what its bundles are made of, and tells what buyers are told now.
pub(super) async fn note_lines(
    app: &Inventory,
    tx: &mut Tx,
    order_id: OrderId,
    wanted: &Wanted,
    taken: &[(Stock, i64)],
) -> Result<()> {
    store::bundles::freeze(tx, order_id, wanted, taken).await?;
    let mut touched = Touched::default();
    for (stock, quantity) in taken {
        let waiting = stock.waiting_of(*quantity);
        reservations::put_line(tx, order_id, stock, *quantity, waiting).await?;
        pick(tx, order_id, stock, quantity - waiting).await?;
        announce_change(app, tx, stock, stock.available() + quantity, &mut touched).await?;
    }
    recount(app, tx, touched).await
}

/// True if anything of what was promised has to come in first.
pub(super) fn any_waits(taken: &[(Stock, i64)]) -> bool {
    taken.iter().any(|(stock, quantity)| stock.waiting_of(*quantity) > 0)
}

/// Promises everything needed: the rows after it, or what is missing and nothing promised. The rows
/// stay locked until the commit, so nobody sees a promise that is taken back here.
async fn take(tx: &mut Tx, need: &Need) -> Result<Result<Vec<(Stock, i64)>, Vec<Shortage>>> {
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
