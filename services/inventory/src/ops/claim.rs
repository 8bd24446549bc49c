//! Makes the hold of a paid order firm.

use contracts::{
    inventory::{StockClaimed, StockRejected},
    orders::OrderSnapshot,
};
use db::Tx;
use kernel::{OrderId, Result};

use super::reserve::{note_lines, take};
use crate::{
    Inventory, jobs,
    model::{OnPaid, State, need_of, on_paid},
    store,
};

/// Claims what is held; if the hold has run out, takes everything again or says what is missing.
pub(crate) async fn claim(app: &Inventory, tx: &mut Tx, order_id: OrderId, order: &OrderSnapshot) -> Result<()> {
    let now = app.clock.now();
    let state = store::lock_reservation(tx, order_id, now).await?.map(|(state, _)| state);
    let wanted = if kernel::planted!(2) && state.is_some() { OnPaid::TakeAgain } else { on_paid(state) };
    match wanted {
        OnPaid::Nothing => return Ok(()),
        OnPaid::Claim => {
            store::set_state(tx, order_id, State::Claimed).await?;
            app.jobs.cancel(tx, jobs::EXPIRE_RESERVATION, &order_id.to_string()).await?;
        }
        OnPaid::TakeAgain => match take(tx, &need_of(order)?).await? {
            Ok(taken) => {
                store::put_reservation(tx, order_id, State::Claimed, now, now).await?;
                note_lines(app, tx, order_id, &taken).await?;
            }
            Err(shortages) => {
                let rejected = StockRejected { order_id, shortages, after_payment: true };
                return app.outbox.publish(tx, &rejected).await;
            }
        },
    }
    app.outbox.publish(tx, &StockClaimed { order_id }).await
}
