//! An admin returns money.

use std::sync::Arc;

use contracts::payments::RefundRequest;
use kernel::{Money, PaymentId, RefundId, Result};
use souk_http::{
    IdempotencyKey, StoredAnswer,
    idempotency::{self, Claim},
};

use super::return_money::{Wanted, start_refund};
use crate::{Payments, error::PaymentError, store};

/// Sets the money aside and has it sent, once per key. The answer is the payment with the refund
/// pending.
///
/// # Errors
/// Conflict if that much is not left.
pub async fn request_refund(
    app: &Arc<Payments>,
    id: PaymentId,
    key: IdempotencyKey,
    input: RefundRequest,
) -> Result<StoredAnswer> {
    let this = app.clone();
    let refund_id = RefundId::new(&app.ids);
    app.db
        .write(async move |tx| {
            if let Claim::Replay(answer) = idempotency::claim(tx, &key, this.clock.now()).await? {
                return Ok(answer);
            }
            let payment = store::find_payment(tx, id).await?.ok_or(PaymentError::NotFound)?;
            let wanted = Wanted {
                id: refund_id,
                amount: Money::new(input.amount_minor, payment.amount.currency),
                vendor: input.vendor_id,
                reason: &input.reason,
                automatic: false,
            };
            start_refund(&this, tx, &payment, wanted).await?;
            let view = store::payment_view_within(tx, id).await?.ok_or(PaymentError::NotFound)?;
            idempotency::store(tx, &key, 202, &view).await
        })
        .await
}
