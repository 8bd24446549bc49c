//! An admin says what the statement of account says, or the courier's: money has arrived, or was sent back.

use std::sync::Arc;

use contracts::payments::{PaymentView, ReceiptRequest};
use kernel::{Money, PaymentId, RefundId, Result};
use souk_http::{
    IdempotencyKey, StoredAnswer,
    idempotency::{self, Claim},
};

use super::{absorb::absorb, return_money::carry_out};
use crate::{
    Payments,
    error::PaymentError,
    provider::by_hand::{self, is_by_hand},
    store,
};

/// Money has arrived: noted, and taken in as news of the payment, in one transaction. A second time nothing happens,
/// whoever says it. What comes too late goes back by itself.
///
/// # Errors
/// Conflict if it was confirmed before; invalid if it is not what the order costs.
pub async fn receive_transfer(
    app: &Arc<Payments>,
    id: PaymentId,
    key: IdempotencyKey,
    input: ReceiptRequest,
) -> Result<StoredAnswer> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let now = this.clock.now();
            if let Claim::Replay(answer) = idempotency::claim(tx, &key, now).await? {
                return Ok(answer);
            }
            let payment = store::find_payment(tx, id).await?.ok_or(PaymentError::NotFound)?;
            let transfer = payment.provider_ref.as_deref().filter(|_| is_by_hand(&payment.provider));
            let transfer = transfer.ok_or(PaymentError::NotByHand)?;
            if payment.is_captured() {
                return Err(PaymentError::ReceivedBefore.into());
            }
            let amount = Money::new(input.amount_minor, payment.amount.currency);
            if amount != payment.to_collect() {
                return Err(PaymentError::OtherAmount { wanted: payment.to_collect() }.into());
            }
            // What was taken out meanwhile counts as received and sent back.
            let received = store::receive_transfer(tx, transfer, payment.charge(), input.note.as_deref(), now).await?;
            let received = received.ok_or(PaymentError::ReceivedBefore)?;
            absorb(&this, tx, id, &by_hand::payment(received)).await?;
            let view = store::payment_view_within(tx, id).await?.ok_or(PaymentError::NotFound)?;
            idempotency::store(tx, &key, 200, &view).await
        })
        .await
}

/// A refund was sent. Once more is harmless.
///
/// # Errors
/// Not found if there is no such refund, conflict if it is not for us to send.
pub async fn refund_was_sent(app: &Arc<Payments>, id: PaymentId, refund_id: RefundId) -> Result<PaymentView> {
    let refund = store::read_refund(&app.db, refund_id).await?.filter(|refund| refund.payment_id == id);
    let refund = refund.ok_or(PaymentError::NoRefund)?;
    let payment = store::read_payment(&app.db, id).await?.ok_or(PaymentError::NotFound)?;
    if !is_by_hand(&payment.provider) {
        return Err(PaymentError::NotByHand.into());
    }
    // It may not have been asked for yet, if its job has not run.
    carry_out(app, refund.id).await?;
    let now = app.clock.now();
    app.db.write(async move |tx| store::mark_sent(tx, refund_id, now).await.map(drop)).await?;
    carry_out(app, refund.id).await?;
    Ok(store::payment_view(&app.db, id).await?.ok_or(PaymentError::NotFound)?)
}
