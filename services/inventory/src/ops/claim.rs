//! Makes the hold of a paid order firm.

use std::collections::BTreeSet;

use contracts::{
    inventory::{Shortage, StockClaimed, StockRejected},
    orders::OrderSnapshot,
};
use db::Tx;
use kernel::{OrderId, Result, VendorId};

use super::{
    bundles::wanted_then,
    reserve::{Held, any_waits, hold, hold_wanted, note_lines},
};
use crate::{
    Inventory, jobs,
    model::{Need, OnPaid, State, lines_of, on_paid},
    store::reservations,
};

/// Claims what is held; if the hold has run out, takes everything again or says what is missing.
pub(crate) async fn claim(app: &Inventory, tx: &mut Tx, order_id: OrderId, order: &OrderSnapshot) -> Result<()> {
    let (now, lines) = (app.clock.now(), lines_of(order)?);
    if lines.is_empty() {
        // All of it is downloaded: nothing was held, and no parcel waits for it.
        return Ok(());
    }
    let standing = reservations::lock(tx, order_id).await?;
    let state = standing.as_ref().map(|standing| standing.state);
    let mut backorder = standing.is_some_and(|standing| standing.backorder);
    let wanted = if kernel::planted!(2) && state.is_some() { OnPaid::TakeAgain } else { on_paid(state) };
    match wanted {
        OnPaid::Nothing => return Ok(()),
        OnPaid::Claim => {
            reservations::set_state(tx, order_id, State::Claimed, now).await?;
            app.jobs.cancel(tx, jobs::EXPIRE_RESERVATION, &order_id.to_string()).await?;
        }
        OnPaid::TakeAgain => match hold_again(tx, order_id, lines, state.is_some()).await? {
            Ok((wanted, taken)) => {
                backorder = any_waits(&taken);
                reservations::put(tx, order_id, State::Claimed, backorder, now, now).await?;
                note_lines(app, tx, order_id, &wanted, &taken).await?;
            }
            Err(shortages) => {
                let rejected = StockRejected { order_id, shortages, after_payment: true };
                return app.outbox.publish(tx, &rejected).await;
            }
        },
    }
    let waiting = if backorder { note_waits(tx, order_id).await? } else { Vec::new() };
    app.outbox.publish(tx, &StockClaimed { order_id, waiting }).await
}

/// Promises everything once more. What was held before is taken as it was then, whatever became of its bundles.
async fn hold_again(
    tx: &mut Tx,
    order_id: OrderId,
    lines: Need,
    held_before: bool,
) -> Result<Result<Held, Vec<Shortage>>> {
    if !held_before {
        return hold(tx, lines).await;
    }
    let wanted = wanted_then(tx, order_id, lines).await?;
    hold_wanted(tx, wanted).await
}

/// Notes whose parts of the order wait for goods. What comes in at this very moment ends the wait with the job that it
/// leaves behind, for that one locks the reservation as well.
async fn note_waits(tx: &mut Tx, order_id: OrderId) -> Result<Vec<VendorId>> {
    let lines = reservations::open_lines(tx, order_id, None).await?;
    let waiting: BTreeSet<VendorId> = lines.iter().filter(|l| l.backordered > 0).map(|l| l.vendor_id).collect();
    for vendor_id in &waiting {
        reservations::put_wait(tx, order_id, *vendor_id).await?;
    }
    Ok(waiting.into_iter().collect())
}
