//! The order was called off, or turned down: what is not captured is called off at the provider,
//! what is captured (or will be, by the time the provider hears of it) goes back.

use std::sync::Arc;

use contracts::payments::PaymentStatus;
use db::Tx;
use kernel::{OrderId, PaymentId, Result};

use super::{
    absorb::absorb_all, ask::cancel_or_fetch, collect::drop_reductions, return_money::return_everything,
    spend_credits::release,
};
use crate::{
    Payments,
    error::PaymentError,
    jobs,
    store::{self, Standing},
};

/// The order is called off. The row's lock decides who comes first, this or a capture; the second
/// of the two sees the first and returns the money.
pub async fn call_off(app: &Arc<Payments>, tx: &mut Tx, order_id: OrderId) -> Result<()> {
    let mut payment = store::lock_payment_of(tx, order_id).await?.ok_or(PaymentError::NotYet("order"))?;
    if payment.order_cancelled {
        return Ok(());
    }
    payment.order_cancelled = true;
    store::mark_order_cancelled(tx, payment.id).await?;
    if !payment.is_captured() && !kernel::planted!(21) {
        release(app, tx, order_id).await?;
    }
    drop_reductions(app, tx, &payment).await?;
    match payment.status {
        // Nothing was opened: there is nobody to tell.
        PaymentStatus::Pending => {
            store::end_attempt(tx, &payment, PaymentStatus::Cancelled, None, None, app.clock.now()).await?;
            store::set_status(tx, payment.id, &Standing::new(&payment, PaymentStatus::Cancelled)).await
        }
        // A call may be under way; whoever notes its outcome sees that the order is called off.
        PaymentStatus::Opening | PaymentStatus::Unknown => Ok(()),
        PaymentStatus::RequiresAction | PaymentStatus::Processing | PaymentStatus::Promised => {
            app.jobs.enqueue(tx, jobs::CANCEL, &order_id.to_string(), &payment.id).await
        }
        PaymentStatus::Captured | PaymentStatus::Refunded => return_everything(app, tx, payment.id).await,
        PaymentStatus::Failed | PaymentStatus::Cancelled => Ok(()),
    }
}

/// The job that calls a payment off at the provider. Too late is an answer too.
pub async fn cancel_at_provider(app: &Arc<Payments>, id: PaymentId) -> Result<()> {
    let payment = store::read_payment(&app.db, id).await?.ok_or(PaymentError::NotFound)?;
    let Some(provider_ref) = payment.provider_ref.as_ref().filter(|_| !payment.is_captured()) else { return Ok(()) };
    let provider = app.providers.get(&payment.provider)?;
    let seen = cancel_or_fetch(&**provider, &payment, provider_ref).await?;
    absorb_all(app, id, seen).await
}
