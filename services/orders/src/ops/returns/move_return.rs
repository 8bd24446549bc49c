//! One step of a return: its state, what it takes up of its lines, the timeline and the events are kept together
//! or not at all.

use std::sync::Arc;

use contracts::orders::{
    Restock, ReturnDecided, ReturnEnded, ReturnExchangeWanted, ReturnExchanged, ReturnLabelled, ReturnReceived,
    ReturnRefundDue, ReturnSent, ReturnStatus, ReturnWithdrawn,
};
use db::Tx;
use kernel::{Error, RefundId, Result, ReturnId};

use crate::{
    Orders,
    error::ReturnError,
    model::returns::{Action, Line, Return, Told},
    store::returns::{self, Holder},
};

/// Does something to a return of this holder. Once more is harmless.
///
/// # Errors
/// Not found if it is somebody else's; 422 or conflict if it may not be done now.
pub async fn move_return(app: &Arc<Orders>, id: ReturnId, holder: Holder, action: Action) -> Result<()> {
    let db = match &holder {
        Holder::Vendor(scope) => app.db.as_vendor(scope),
        Holder::Buyer(_) | Holder::System => app.db.clone(),
    };
    let this = app.clone();
    db.write(async move |tx| {
        let (before, version) = returns::lock(tx, id, &holder).await?.ok_or(ReturnError::NotFound)?;
        advance(&this, tx, &before, version, action.clone()).await
    })
    .await
}

/// Takes in what became of a refund, if it is that of a return.
pub async fn hear_of_refund(app: &Arc<Orders>, tx: &mut Tx, refund: RefundId, action: Action) -> Result<()> {
    match returns::lock_by_refund(tx, refund).await? {
        Some((before, version)) => advance(app, tx, &before, version, action).await,
        None => Ok(()),
    }
}

/// Takes in what another service says of a return: whether there is stock for its exchange, or a label to send it with.
pub async fn hear_of_return(app: &Arc<Orders>, tx: &mut Tx, id: ReturnId, action: Action) -> Result<()> {
    let (before, version) = returns::lock(tx, id, &Holder::System).await?.ok_or(ReturnError::NotFound)?;
    advance(app, tx, &before, version, action).await
}

pub(super) async fn advance(
    app: &Arc<Orders>,
    tx: &mut Tx,
    before: &Return,
    version: i64,
    action: Action,
) -> Result<()> {
    let now = app.clock.now();
    let Some(step) = before.step(action, now)? else { return Ok(()) };
    returns::save(tx, before, &step.after).await?;
    let about = (before.order_id, before.vendor_order_id, before.id);
    returns::note(tx, about, version, (step.kind, &step.text), now).await?;
    for told in step.told {
        tell(app, tx, &step.after, told).await?;
    }
    if step.after.status == ReturnStatus::Refunded && step.after.refund.is_zero() {
        tell_free(app, tx, &step.after).await?;
    }
    let (live, order_id) = (app.live.clone(), before.order_id);
    tx.after_commit(move || live.changed(order_id, false));
    Ok(())
}

async fn tell(app: &Orders, tx: &mut Tx, of: &Return, told: Told) -> Result<()> {
    let (return_id, order_id, vendor_id) = (of.id, of.order_id, of.vendor_id);
    match told {
        Told::Decided { approved } => {
            app.outbox.publish(tx, &ReturnDecided { return_id, order_id, vendor_id, approved }).await
        }
        Told::Labelled => app.outbox.publish(tx, &ReturnLabelled { return_id, order_id, vendor_id }).await,
        Told::Sent => app.outbox.publish(tx, &ReturnSent { return_id, order_id, vendor_id }).await,
        Told::Received => {
            let restock = of.lines.iter().filter(|line| line.restocked > 0);
            let restock =
                restock.map(|line| Restock { variant_id: line.variant_id, quantity: line.restocked }).collect();
            let event = ReturnReceived { return_id, number: of.number.clone(), order_id, vendor_id, restock };
            app.outbox.publish(tx, &event).await
        }
        Told::Withdrawn => {
            let some = of.lines.iter().filter(|line| line.received > 0);
            let some = some.map(|line| Restock { variant_id: line.variant_id, quantity: line.received });
            let event = ReturnWithdrawn { return_id, order_id, vendor_id, pieces: some.collect() };
            app.outbox.publish(tx, &event).await
        }
        Told::ExchangeWanted => {
            let wanted = instead(of, |line| line.approved.unwrap_or(0));
            app.outbox.publish(tx, &ReturnExchangeWanted { return_id, order_id, vendor_id, wanted }).await
        }
        Told::Exchanged => {
            let (number, sent) = (of.number.clone(), instead(of, |line| line.received));
            app.outbox.publish(tx, &ReturnExchanged { return_id, number, order_id, vendor_id, sent }).await
        }
        Told::RefundDue => {
            let refund_id = of.refund_id.ok_or_else(|| Error::internal("a refund without an id"))?;
            let (number, amount) = (of.number.clone(), of.refund);
            let event = ReturnRefundDue { return_id, number, order_id, vendor_id, refund_id, amount };
            app.outbox.publish(tx, &event).await
        }
        Told::Ended => app.outbox.publish(tx, &ReturnEnded { return_id, order_id, vendor_id, status: of.status }).await,
    }
}

/// Of an order that cost nothing no money goes back. Once all of a vendor's part has come back, promotions have nothing to pay
/// for any more.
async fn tell_free(app: &Orders, tx: &mut Tx, of: &Return) -> Result<()> {
    if !returns::all_of_free_part_is_back(tx, of.order_id, of.vendor_order_id).await? {
        return Ok(());
    }
    let (return_id, order_id, vendor_id) = (of.id, of.order_id, of.vendor_id);
    let (number, refund_id, amount) = (of.number.clone(), of.refund_of(of.attempts + 1), of.refund);
    let event = ReturnRefundDue { return_id, number, order_id, vendor_id, refund_id, amount };
    app.outbox.publish(tx, &event).await
}

/// What is sent instead, so many of each.
fn instead(of: &Return, pieces: fn(&Line) -> i64) -> Vec<Restock> {
    let some = |line: &Line| Some(Restock { variant_id: line.exchange_for?, quantity: pieces(line) });
    of.lines.iter().filter_map(some).filter(|one| one.quantity > 0).collect()
}
