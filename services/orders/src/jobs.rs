//! Scheduled work.

use std::sync::Arc;

use events::Job;
use kernel::{AccountId, OrderId, Result};

use crate::{Orders, model::saga::Input, ops::hear, store};

/// Gives an account the orders that were placed under its address without it.
pub const CLAIM_GUEST_ORDERS: &str = "claim_guest_orders";

/// Orders called off, or claimed, at once.
const BATCH: i64 = 100;

/// Calls off what nobody has paid in time. The saga looks at the deadline again under the row's
/// lock, so an order that was paid meanwhile stays paid.
pub async fn deadlines(app: Arc<Orders>, _: Job) -> Result<()> {
    loop {
        let due = store::due(&app.db, app.clock.now(), BATCH).await?;
        let mut called_off = 0;
        for id in &due {
            match call_off(&app, *id).await {
                Ok(()) => called_off += 1,
                Err(error) => tracing::warn!(order = %id, %error, "an unpaid order could not be called off"),
            }
        }
        // Those that could not be called off are found again next time.
        if (due.len() as i64) < BATCH || called_off == 0 {
            return Ok(());
        }
    }
}

async fn call_off(app: &Arc<Orders>, id: OrderId) -> Result<()> {
    let this = app.clone();
    app.db.write(async move |tx| hear(&this, tx, id, Input::DeadlinePassed).await).await
}

/// The address is asked for, since events carry none.
pub async fn claim_guest_orders(app: Arc<Orders>, job: Job) -> Result<()> {
    let account_id: AccountId = job.payload()?;
    let contact = app.identity.contact(&app.myself, account_id).await?;
    loop {
        let orders = store::guest_orders_of(&app.db, &contact.email, BATCH).await?;
        for id in &orders {
            let (this, id) = (app.clone(), *id);
            app.db.write(async move |tx| hear(&this, tx, id, Input::Claim { account_id }).await).await?;
        }
        if (orders.len() as i64) < BATCH {
            return Ok(());
        }
    }
}
