//! Scheduled work.

use std::sync::Arc;

use events::Job;
use kernel::{AccountId, Kind, OrderId, Result};

use crate::{Orders, model::saga::Input, ops::hear, store};

/// Gives an account the orders that were placed under its address without it.
pub const CLAIM_GUEST_ORDERS: &str = "claim_guest_orders";

/// Cuts the orders of an erased account from it.
pub const CUT_FROM_ACCOUNT: &str = "cut_from_account";

/// Orders called off, claimed, cut or forgotten at once.
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
    let contact = match app.identity.contact(&app.myself, account_id).await {
        Ok(contact) => contact,
        // Erased since.
        Err(error) if error.kind() == Kind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
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

/// What the buyer wrote goes at once, what an invoice needs later.
pub async fn cut_from_account(app: Arc<Orders>, job: Job) -> Result<()> {
    let (account_id, now): (AccountId, _) = (job.payload()?, app.clock.now());
    while app.db.write(async move |tx| store::erasure::cut(tx, account_id, now, BATCH).await).await? == BATCH {}
    Ok(())
}

/// Forgets to whom orders of erased accounts went, once nobody has to know it any more.
pub async fn forget(app: Arc<Orders>, _: Job) -> Result<()> {
    let now = app.clock.now();
    let before = now.minus(app.keep_for);
    while app.db.write(async move |tx| store::erasure::forget(tx, before, now, BATCH).await).await? == BATCH {}
    Ok(())
}
