//! Takes in what the provider says about a payment: from the answer to a call, or because it was
//! asked after an event. State, ledger and event are one transaction.

use std::sync::Arc;

use contracts::payments::{PaymentActionRequired, PaymentCaptured, PaymentFailed, PaymentStatus};
use db::Tx;
use kernel::{OrderId, PaymentId, Result, Timestamp};

use super::{
    book_fee::book_fee,
    collect::{give_back_reductions, tell_promise},
    mature, next_check,
    pay_directly::book_paid,
    reserves::hold_reserves,
    return_money::return_everything,
    review,
    spend_credits::spend,
};
use crate::{
    Payments, jobs,
    ledger::{self, Sale},
    model::{Payment, Verdict, judge},
    provider::ProviderPayment,
    store::{self, Standing},
};

/// Takes it in. The same news again changes nothing.
pub async fn absorb(app: &Arc<Payments>, tx: &mut Tx, id: PaymentId, seen: &ProviderPayment) -> Result<()> {
    let payment = store::lock_payment(tx, id).await?;
    let livemode = app.providers.get(&payment.provider)?.livemode();
    match judge(&payment, seen, livemode) {
        Verdict::Nothing => book_fee(app, tx, &payment, seen).await,
        Verdict::Review { problem } => doubt(app, tx, &payment, seen, problem).await,
        Verdict::Capture => record_capture(app, tx, &payment, seen).await,
        Verdict::Action { url } => require_action(app, tx, &payment, seen, &url).await,
        Verdict::Processing => {
            let news = payment.status != PaymentStatus::Processing && !has_ended(&payment);
            if news { progress(app, tx, &payment, PaymentStatus::Processing, seen, None).await } else { Ok(()) }
        }
        Verdict::Promised => promise(app, tx, &payment, seen).await,
        Verdict::Take => take_or_leave(app, tx, &payment, seen).await,
        Verdict::Failed { .. } if has_ended(&payment) => Ok(()),
        Verdict::Failed { reason } if payment.is_replaced && begin_again(app, tx, &payment, seen, &reason).await? => {
            Ok(())
        }
        Verdict::Failed { reason } => end(app, tx, &payment, Some(seen), &reason).await,
    }
}

/// Takes in all of it, in a transaction of its own.
pub(super) async fn absorb_all(app: &Arc<Payments>, id: PaymentId, seen: Vec<ProviderPayment>) -> Result<()> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            for one in &seen {
                absorb(&this, tx, id, one).await?;
            }
            Ok(())
        })
        .await
}

/// The provider said no, and knows no payment.
pub(super) async fn fail(app: &Arc<Payments>, tx: &mut Tx, id: PaymentId, reason: &str) -> Result<()> {
    let payment = store::lock_payment(tx, id).await?;
    match payment.status {
        PaymentStatus::Opening | PaymentStatus::Unknown => end(app, tx, &payment, None, reason).await,
        _ => Ok(()),
    }
}

/// What was open is called off, and the buyer has chosen another way: the next attempt begins.
async fn begin_again(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    seen: &ProviderPayment,
    reason: &str,
) -> Result<bool> {
    let now = app.clock.now();
    let begins = store::start_again(tx, payment.id, now, next_check(now, 1)).await?;
    if begins {
        store::end_attempt(tx, payment, PaymentStatus::Cancelled, Some(&seen.id), Some(reason), now).await?;
        let key = format!("{}:{}", payment.order_id, payment.attempt + 1);
        app.jobs.enqueue(tx, jobs::OPEN, &key, &payment.order_id).await?;
    }
    Ok(begins)
}

/// Neither captured nor to be opened or awaited.
fn has_ended(payment: &Payment) -> bool {
    matches!(payment.status, PaymentStatus::Failed | PaymentStatus::Cancelled)
}

/// It does not fit: somebody has to look.
async fn doubt(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    seen: &ProviderPayment,
    problem: &'static str,
) -> Result<()> {
    let order = Some(payment.order_id);
    review(app, tx, &payment.provider, &seen.id, problem, order, Some(seen.captured)).await?;
    // For the order it is over; what became of the money, somebody finds out.
    if payment.order_cancelled && payment.is_open() {
        let now = app.clock.now();
        store::end_attempt(tx, payment, PaymentStatus::Cancelled, Some(&seen.id), Some(problem), now).await?;
        let standing = Standing { failure: Some(problem), ..Standing::new(payment, PaymentStatus::Cancelled) };
        return store::set_status(tx, payment.id, &standing).await;
    }
    Ok(())
}

/// Records the money, once: state, ledger entry and event. What the order does not want goes back.
async fn record_capture(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment, seen: &ProviderPayment) -> Result<()> {
    let now = app.clock.now();
    if !store::capture(tx, payment, &seen.id, now).await? && !kernel::planted!(3) {
        // Recorded before; or it was money of nobody, and somebody has sent it back.
        let is_returned = store::is_returned(tx, &payment.provider, &seen.id).await?;
        return if is_returned { doubt(app, tx, payment, seen, "returned_payment").await } else { Ok(()) };
    }
    captured(app, tx, payment, now).await?;
    book_fee(app, tx, payment, seen).await
}

/// Records what stored value covers whole, or what costs nothing: no provider has any part in it.
pub(super) async fn capture_covered(app: &Arc<Payments>, tx: &mut Tx, order: OrderId) -> Result<()> {
    let Some(payment) = store::lock_payment_of(tx, order).await? else { return Ok(()) };
    let now = app.clock.now();
    if !store::capture(tx, &payment, &order.to_string(), now).await? {
        return Ok(());
    }
    captured(app, tx, &payment, now).await
}

/// It is captured as of now: posted and told.
async fn captured(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment, now: Timestamp) -> Result<()> {
    let parts = store::read_parts(tx, payment.id).await?;
    let legs = spend(app, tx, payment).await?;
    // Of what costs nothing, and brings its vendors nothing, there is nothing to post.
    if ledger::free::moves_money(&parts) {
        let mut entry = ledger::credits::with_credits(ledger::capture(&sale_of(payment), &parts)?, &legs)?;
        if kernel::planted!(3) {
            entry.id = kernel::EntryId::new(&app.ids);
        }
        store::post(tx, &entry, now).await?;
    }
    book_paid(tx, payment, now).await?;
    hold_reserves(tx, payment, &parts, now).await?;
    // Of these nothing is sent, so no delivery will be told.
    for part in parts.iter().filter(|part| part.digital) {
        mature(app, tx, payment.order_id, part.vendor_id, now).await?;
    }
    let event = PaymentCaptured { payment_id: payment.id, order_id: payment.order_id, amount: payment.amount, at: now };
    app.outbox.publish(tx, &event).await?;
    if !payment.reduced.is_zero() {
        give_back_reductions(app, tx, payment.id).await?;
    }
    if payment.order_cancelled && !kernel::planted!(12) { return_everything(app, tx, payment.id).await } else { Ok(()) }
}

/// What the ledger is told of a payment.
pub(super) fn sale_of(payment: &Payment) -> Sale<'_> {
    Sale {
        payment_id: payment.id,
        order_id: payment.order_id,
        order_number: &payment.order_number,
        provider: &payment.provider,
        amount: payment.amount,
    }
}

async fn require_action(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    seen: &ProviderPayment,
    url: &str,
) -> Result<()> {
    let wanted = !payment.order_cancelled && !has_ended(payment);
    let known = payment.status == PaymentStatus::RequiresAction && payment.action_url.as_deref() == Some(url);
    if wanted && known {
        return Ok(());
    }
    let status = if has_ended(payment) { payment.status } else { PaymentStatus::RequiresAction };
    progress(app, tx, payment, status, seen, Some(url)).await?;
    if wanted {
        let event = PaymentActionRequired { payment_id: payment.id, order_id: payment.order_id, url: url.to_owned() };
        return app.outbox.publish(tx, &event).await;
    }
    // Nobody wants it any more, so nobody should pay it.
    app.jobs.enqueue(tx, jobs::CANCEL, &payment.order_id.to_string(), &payment.id).await
}

/// A courier collects the money: told once. What nobody wants any more nobody collects.
async fn promise(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment, seen: &ProviderPayment) -> Result<()> {
    let wanted = !payment.order_cancelled && !has_ended(payment);
    if wanted && payment.status == PaymentStatus::Promised {
        return Ok(());
    }
    let status = if has_ended(payment) { payment.status } else { PaymentStatus::Promised };
    progress(app, tx, payment, status, seen, None).await?;
    if wanted {
        return tell_promise(app, tx, payment).await;
    }
    app.jobs.enqueue(tx, jobs::CANCEL, &payment.order_id.to_string(), &payment.id).await
}

/// The money is taken by a job, or left where it is if nobody wants it any more.
async fn take_or_leave(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment, seen: &ProviderPayment) -> Result<()> {
    let unwanted = payment.order_cancelled || has_ended(payment);
    let status = if has_ended(payment) { payment.status } else { PaymentStatus::Processing };
    progress(app, tx, payment, status, seen, None).await?;
    let job = if unwanted { jobs::CANCEL } else { jobs::CAPTURE };
    app.jobs.enqueue(tx, job, &payment.order_id.to_string(), &payment.id).await
}

async fn progress(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    status: PaymentStatus,
    seen: &ProviderPayment,
    url: Option<&str>,
) -> Result<()> {
    let ended = has_ended(payment);
    let is_asked = !ended && app.providers.get(&payment.provider)?.is_asked();
    let standing = Standing {
        provider_ref: Some(&seen.id),
        action_url: url.filter(|_| !ended),
        failure: payment.failure.as_deref().filter(|_| ended),
        check_at: is_asked.then(|| next_check(app.clock.now(), 0)),
        promised_at: (status == PaymentStatus::Promised).then(|| app.clock.now()),
        ..Standing::new(payment, status)
    };
    store::set_status(tx, payment.id, &standing).await
}

/// The payment will not come.
async fn end(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    seen: Option<&ProviderPayment>,
    reason: &str,
) -> Result<()> {
    let status = if payment.order_cancelled { PaymentStatus::Cancelled } else { PaymentStatus::Failed };
    let standing = Standing {
        provider_ref: seen.map(|seen| seen.id.as_str()),
        failure: Some(reason),
        ..Standing::new(payment, status)
    };
    let now = app.clock.now();
    store::end_attempt(tx, payment, status, standing.provider_ref, standing.failure, now).await?;
    store::set_status(tx, payment.id, &standing).await?;
    if payment.order_cancelled {
        return Ok(());
    }
    let event = PaymentFailed { payment_id: payment.id, order_id: payment.order_id, reason: reason.to_owned() };
    app.outbox.publish(tx, &event).await
}
