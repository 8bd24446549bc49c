//! A vendor has what a buyer sent back: its money goes back, once.

use std::sync::Arc;

use contracts::{
    orders::ReturnRefundDue,
    payments::{PaymentRefundFailed, PaymentStatus},
};
use db::Tx;
use kernel::{Kind, Result};

use super::{
    collect::collect_less,
    return_money::{Wanted, start_refund},
    undo_free::undo_free,
};
use crate::{Payments, error::PaymentError, model::Payment, store};

/// Sets the money aside and has it sent. The refund's id comes from the return, so the same is not made twice.
/// What cannot be sent is told. What a courier has not collected yet does not go back: less is collected. Of an order that cost
/// nothing no money goes back.
pub async fn refund_return(app: &Arc<Payments>, tx: &mut Tx, due: &ReturnRefundDue) -> Result<()> {
    let payment = store::lock_payment_of(tx, due.order_id).await?.ok_or(PaymentError::NotYet("order"))?;
    if payment.amount.is_zero() {
        return undo_free(app, tx, &payment, Some(due.vendor_id)).await;
    }
    if store::is_known(tx, due.refund_id).await? {
        return Ok(());
    }
    if payment.status == PaymentStatus::Promised && !payment.order_cancelled {
        return collect_less(app, tx, &payment, due).await;
    }
    let wanted = Wanted {
        id: due.refund_id,
        amount: due.amount,
        vendor: Some(due.vendor_id),
        reason: &format!("Return {}", due.number),
        automatic: false,
    };
    give_back(app, tx, &payment, wanted).await
}

/// The same of what is known to be due.
pub(super) async fn give_back(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment, wanted: Wanted<'_>) -> Result<()> {
    let refund_id = wanted.id;
    match start_refund(app, tx, payment, wanted).await {
        // Refused before anything was written: an admin has returned so much already that not enough is left.
        Err(error) if error.is(Kind::Conflict) => {
            let reason = error.code().to_owned();
            let (payment_id, order_id) = (payment.id, payment.order_id);
            app.outbox.publish(tx, &PaymentRefundFailed { payment_id, order_id, refund_id, reason }).await
        }
        started => started,
    }
}
