//! What a courier collects: promised when the payment is opened, less when something is taken out before it has left, and
//! nothing if the buyer does not pay at the door. That it was collected is said as with a transfer (`receive_transfer`).

use std::{sync::Arc, time::Duration};

use contracts::{
    orders::ReturnRefundDue,
    payments::{NotCollected, PaymentPromised, PaymentRefundFailed, PaymentStatus, PaymentView},
};
use db::Tx;
use kernel::{Money, PaymentId, Result, Timestamp};

use super::{absorb::absorb, refund_return::give_back, return_money::Wanted, review};
use crate::{
    Payments,
    error::PaymentError,
    model::Payment,
    provider::{ProviderPayment, ProviderStatus, by_hand, cash_on_delivery::NAME},
    store::{self, Reduction, TransferBack},
};

/// What is wrong with money that is late.
const OUTSTANDING: &str = "not_collected_yet";

/// Tells what the courier has to collect.
pub(super) async fn tell_promise(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment) -> Result<()> {
    let event = PaymentPromised {
        payment_id: payment.id,
        order_id: payment.order_id,
        amount: payment.amount,
        collect: payment.to_collect(),
        at: app.clock.now(),
    };
    app.outbox.publish(tx, &event).await
}

/// Something was taken out before anybody had paid: the courier collects that much less. It becomes a refund with the
/// capture, which books the whole sale; what was not collected counts as sent back. If nothing is left to be collected,
/// because stored value covers the rest, nobody is waited for.
pub(super) async fn collect_less(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    due: &ReturnRefundDue,
) -> Result<()> {
    let now = app.clock.now();
    let less = due.amount.amount_minor.min(payment.to_collect().amount_minor);
    let less = Money::new(less, payment.amount.currency);
    let (refund_id, vendor_id, number) = (due.refund_id, due.vendor_id, due.number.clone());
    let one = Reduction { refund_id, vendor_id, number, amount: due.amount, collect_less: less };
    if !store::add_reduction(tx, payment, &one, now).await? {
        return Ok(());
    }
    let payment = store::lock_payment(tx, payment.id).await?;
    let Some(transfer) = payment.provider_ref.clone() else { return Err(PaymentError::NotYet("payment").into()) };
    if !less.is_zero() {
        let back = TransferBack { refund_id, amount: less, is_sent: false };
        store::ask_back(tx, &transfer, &back, now).await?;
        store::mark_sent(tx, refund_id, now).await?;
    }
    if !payment.to_collect().is_zero() {
        return tell_promise(app, tx, &payment).await;
    }
    let note = Some("Nothing was left to be collected.");
    match store::receive_transfer(tx, &transfer, payment.charge(), note, now).await? {
        Some(received) => absorb(app, tx, payment.id, &by_hand::payment(received)).await,
        None => Ok(()),
    }
}

/// The money is there: what was taken out before goes back, as far as it was paid. Whoever asked for it is told what cannot.
pub(super) async fn give_back_reductions(app: &Arc<Payments>, tx: &mut Tx, id: PaymentId) -> Result<()> {
    let payment = store::lock_payment(tx, id).await?;
    for one in store::reductions(tx, &payment).await? {
        let payment = store::lock_payment(tx, id).await?;
        let reason = format!("Return {}", one.number);
        let vendor = Some(one.vendor_id);
        let wanted = Wanted { id: one.refund_id, amount: one.amount, vendor, reason: &reason, automatic: false };
        give_back(app, tx, &payment, wanted).await?;
    }
    Ok(())
}

/// The order is called off, and nobody has paid it: nothing goes back for what was taken out before.
pub(super) async fn drop_reductions(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment) -> Result<()> {
    if payment.reduced.is_zero() || payment.is_captured() {
        return Ok(());
    }
    for one in store::reductions(tx, payment).await? {
        let failed = PaymentRefundFailed {
            payment_id: payment.id,
            order_id: payment.order_id,
            refund_id: one.refund_id,
            reason: "nothing_was_paid".to_owned(),
        };
        app.outbox.publish(tx, &failed).await?;
    }
    Ok(())
}

/// The buyer did not pay at the door: the payment fails, and with it the order. Once more is harmless.
///
/// # Errors
/// Conflict if no courier collects it, or if the money was confirmed before.
pub async fn not_collected(app: &Arc<Payments>, id: PaymentId, input: NotCollected) -> Result<PaymentView> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let payment = store::find_payment(tx, id).await?.ok_or(PaymentError::NotFound)?;
            if payment.provider != NAME {
                return Err(PaymentError::NotToCollect.into());
            }
            if payment.is_captured() {
                return Err(PaymentError::ReceivedBefore.into());
            }
            let transfer = payment.provider_ref.clone().filter(|_| payment.status == PaymentStatus::Promised);
            if let Some(transfer) = transfer
                && store::refuse_transfer(tx, &transfer, &input.reason).await?
            {
                let seen = ProviderPayment {
                    id: transfer,
                    reference: payment.order_id.to_string(),
                    amount: payment.charge(),
                    captured: Money::zero(payment.amount.currency),
                    fee: None,
                    livemode: false,
                    is_elsewhere: false,
                    direct: Vec::new(),
                    status: ProviderStatus::Failed { reason: "not_collected".to_owned() },
                };
                absorb(&this, tx, id, &seen).await?;
            }
            Ok(store::payment_view_within(tx, id).await?.ok_or(PaymentError::NotFound)?)
        })
        .await
}

/// Puts money before somebody's eyes that couriers should have handed over by now; each once.
pub async fn find_outstanding(app: &Arc<Payments>, now: Timestamp, limit: i64) -> Result<()> {
    let collecting = app.providers.iter().filter_map(|provider| Some((provider.name(), provider.collect_within()?)));
    let collecting: Vec<(&'static str, Duration)> = collecting.collect();
    for (provider, within) in collecting {
        for id in store::overdue(&app.db, provider, now.minus(within), OUTSTANDING, limit).await? {
            let this = app.clone();
            app.db.write(async move |tx| look_for(&this, tx, id).await).await?;
        }
    }
    Ok(())
}

async fn look_for(app: &Arc<Payments>, tx: &mut Tx, id: PaymentId) -> Result<()> {
    let payment = store::lock_payment(tx, id).await?;
    let Some(provider_ref) = payment.provider_ref.as_deref().filter(|_| payment.status == PaymentStatus::Promised)
    else {
        return Ok(());
    };
    let (order, amount) = (Some(payment.order_id), Some(payment.to_collect()));
    review(app, tx, &payment.provider, provider_ref, OUTSTANDING, order, amount).await
}
