//! Work outside transactions, timers, and what repeats.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use events::Job;
use futures::{StreamExt, stream};
use kernel::{DisputeId, OrderId, PaymentId, PayoutId, RefundId, Result, Timestamp};
use runtime::CancellationToken;
use serde::{Deserialize, Serialize};

use crate::{
    Payments,
    model::{Payment, reversals::ReversalRef, review::Subject},
    ops, store,
};

/// Opens a payment at its provider.
pub const OPEN: &str = "open";
/// Finds out whether a payment was opened.
pub const RESOLVE: &str = "resolve";
/// Takes the money that a buyer has agreed to.
pub const CAPTURE: &str = "capture";
/// Calls a payment off at its provider.
pub const CANCEL: &str = "cancel";
/// Sends money back.
pub const REFUND: &str = "refund";
/// Sends the answer to a dispute.
pub const ANSWER_DISPUTE: &str = "answer_dispute";
/// Handles a provider's event.
pub const WEBHOOK: &str = "webhook";

/// Sends money back that no order has.
pub const RETURN_STRAY: &str = "return_stray";
/// Calls off what is open at a provider although the order has its money.
pub const LEAVE: &str = "leave";

/// Sends a payout to the vendor's account at a provider.
pub const SEND_PAYOUT: &str = "send_payout";
/// Takes back what was transferred to a vendor's account at a provider.
pub const REVERSE_TRANSFER: &str = "reverse_transfer";
/// Asks a provider how a vendor's account stands.
pub const LOOK_AT_ACCOUNT: &str = "look_at_account";

/// Payments, refunds and payouts looked at in one round.
const BATCH: i64 = 200;
/// Of which so many at a time.
const AT_ONCE: usize = 8;
/// How often it is told how much is unexplained.
const TELL_EVERY: Duration = Duration::from_secs(60);
/// How long handled events are kept: longer than any provider repeats them.
const KEEP_WEBHOOKS: Duration = Duration::from_secs(30 * 24 * 3600);

/// A question that is asked again and again.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Question {
    /// About the payment of this order.
    pub order_id: OrderId,
    /// How often it was asked in vain.
    pub attempt: i64,
}

/// An event that was noted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Arrived {
    /// Provider.
    pub provider: String,
    /// The provider's id of the event.
    pub event_id: String,
}

/// What is still open at a provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Left {
    /// The order, which has its money.
    pub order_id: OrderId,
    /// Provider.
    pub provider: String,
    /// The provider's id of the payment.
    pub payment_ref: String,
    /// The same for the same step, so that it is done once.
    pub key: String,
}

/// A vendor's account at a provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Account {
    /// Provider.
    pub provider: String,
    /// The provider's id of the account.
    pub account_ref: String,
}

impl Account {
    /// One question at a time.
    pub fn key(&self) -> String {
        format!("{}:{}", self.provider, self.account_ref)
    }
}

/// Opens a payment.
pub async fn open(app: Arc<Payments>, job: Job) -> Result<()> {
    ops::open_payment(&app, &job).await
}

/// Finds out whether a payment was opened.
pub async fn resolve(app: Arc<Payments>, job: Job) -> Result<()> {
    ops::resolve(&app, &job).await
}

/// Takes the money.
pub async fn capture(app: Arc<Payments>, job: Job) -> Result<()> {
    ops::take_money(&app, job.payload::<PaymentId>()?).await
}

/// Calls a payment off.
pub async fn cancel(app: Arc<Payments>, job: Job) -> Result<()> {
    ops::cancel_at_provider(&app, job.payload::<PaymentId>()?).await
}

/// Sends money back.
pub async fn refund(app: Arc<Payments>, job: Job) -> Result<()> {
    ops::carry_out(&app, job.payload::<RefundId>()?).await
}

/// Sends the answer to a dispute.
pub async fn answer_dispute(app: Arc<Payments>, job: Job) -> Result<()> {
    ops::carry_answer(&app, job.payload::<DisputeId>()?).await
}

/// Handles a provider's event.
pub async fn webhook(app: Arc<Payments>, job: Job) -> Result<()> {
    ops::handle_webhook(&app, &job.payload()?).await
}

/// Sends money back that no order has.
pub async fn return_stray(app: Arc<Payments>, job: Job) -> Result<()> {
    ops::return_stray(&app, &job.payload()?).await
}

/// Calls off what is still open.
pub async fn leave(app: Arc<Payments>, job: Job) -> Result<()> {
    ops::leave_attempt(&app, &job.payload()?).await
}

/// Sends a payout.
pub async fn send_payout(app: Arc<Payments>, job: Job) -> Result<()> {
    ops::send_payout(&app, job.payload::<PayoutId>()?).await
}

/// Takes back what was transferred.
pub async fn reverse_transfer(app: Arc<Payments>, job: Job) -> Result<()> {
    ops::reverse_transfer(&app, job.payload::<ReversalRef>()?).await
}

/// Asks how a vendor's account stands.
pub async fn look_at_account(app: Arc<Payments>, job: Job) -> Result<()> {
    ops::look_at_account(&app, &job.payload()?).await.map(drop)
}

/// Looks at everything that is open and that nobody has told us of for a while. One that cannot be
/// cleared up does not keep the others from it.
pub async fn reconcile(app: Arc<Payments>, _: Job) -> Result<()> {
    let now = app.clock.now();
    let payments = store::due_payments(&app.db, now, BATCH).await?;
    let refunds = store::due_refunds(&app.db, now, BATCH).await?;
    stream::iter(&payments).for_each_concurrent(AT_ONCE, |payment| look_at_payment(&app, payment, now)).await;
    let disputes = store::due_disputes(&app.db, now, BATCH).await?;
    stream::iter(refunds).for_each_concurrent(AT_ONCE, |id| look_at_refund(&app, id, now)).await;
    stream::iter(disputes).for_each_concurrent(AT_ONCE, |id| look_at_dispute(&app, id, now)).await;
    let returns = store::due_returns(&app.db, now, BATCH).await?;
    stream::iter(&returns).for_each_concurrent(AT_ONCE, |subject| look_at_return(&app, subject, now)).await;
    ops::find_outstanding(&app, now, BATCH).await?;
    let payouts = store::due_payouts(&app.db, now, BATCH).await?;
    stream::iter(payouts).for_each_concurrent(AT_ONCE, |id| look_at_payout(&app, id, now)).await;
    // Most marketplaces have no provider that could.
    if app.providers.can_reverse() {
        let reversals = store::due_reversals(&app.db, now, BATCH).await?;
        stream::iter(reversals).for_each_concurrent(AT_ONCE, |id| look_at_reversal(&app, id, now)).await;
    }
    Ok(())
}

async fn look_at_payment(app: &Arc<Payments>, payment: &Payment, now: Timestamp) {
    let (id, check_at) = (payment.id, ops::next_check(now, payment.checks + 1));
    let done = async {
        // First of all the next time is set, so that a payment that always fails does not hide others.
        app.db.write(async move |tx| store::postpone(tx, id, check_at).await).await?;
        ops::look_again(app, payment).await
    };
    if let Err(error) = done.await {
        tracing::warn!(order = %payment.order_id, %error, "a payment could not be cleared up, will try again");
    }
}

async fn look_at_refund(app: &Arc<Payments>, id: RefundId, now: Timestamp) {
    let check_at = ops::next_check(now, 1);
    let done = async {
        app.db.write(async move |tx| store::postpone_refund(tx, id, check_at).await).await?;
        ops::carry_out(app, id).await
    };
    if let Err(error) = done.await {
        tracing::warn!(refund = %id, %error, "a refund could not be cleared up, will try again");
    }
}

async fn look_at_dispute(app: &Arc<Payments>, id: DisputeId, now: Timestamp) {
    let check_at = ops::next_question(now);
    let done = async {
        app.db.write(async move |tx| store::postpone_dispute(tx, id, check_at).await).await?;
        ops::carry_answer(app, id).await?;
        ops::look_at_dispute(app, id).await
    };
    if let Err(error) = done.await {
        tracing::warn!(dispute = %id, %error, "a dispute could not be looked at, will try again");
    }
}

async fn look_at_return(app: &Arc<Payments>, subject: &Subject, now: Timestamp) {
    let (check_at, postponed) = (ops::next_check(now, 1), subject.clone());
    let done = async {
        app.db.write(async move |tx| store::postpone_return(tx, &postponed, check_at).await).await?;
        ops::return_stray(app, subject).await
    };
    if let Err(error) = done.await {
        tracing::warn!(payment = subject.provider_ref, %error, "a return could not be cleared up, will try again");
    }
}

async fn look_at_payout(app: &Arc<Payments>, id: PayoutId, now: Timestamp) {
    let check_at = Some(ops::next_check(now, 1));
    let done = async {
        app.db.write(async move |tx| store::postpone_payout(tx, id, check_at).await).await?;
        ops::send_payout(app, id).await
    };
    if let Err(error) = done.await {
        tracing::warn!(payout = %id, %error, "a payout could not be cleared up, will try again");
    }
}

async fn look_at_reversal(app: &Arc<Payments>, id: ReversalRef, now: Timestamp) {
    let check_at = ops::next_check(now, 1);
    let done = async {
        app.db.write(async move |tx| store::postpone_reversal(tx, id, check_at).await).await?;
        ops::reverse_transfer(app, id).await
    };
    if let Err(error) = done.await {
        tracing::warn!(payout = %id.payout_id, %error, "a reversal could not be cleared up, will try again");
    }
}

/// Tells how much is unexplained, again and again: each process for itself, so that none tells of what is over.
pub async fn tell_unexplained(app: Arc<Payments>, stop: CancellationToken) {
    let telling = async {
        let mut told = BTreeSet::new();
        loop {
            match store::unexplained(&app.db, app.clock.now().minus(ops::UNEXPLAINED_AFTER)).await {
                Ok((items, sums)) => {
                    metrics::gauge!("souk_payments_unexplained_items").set(items as f64);
                    told.extend(sums.iter().map(|sum| sum.currency));
                    for currency in &told {
                        let sum = sums.iter().find(|sum| sum.currency == *currency).map_or(0, |sum| sum.amount_minor);
                        let code = currency.code().to_owned();
                        metrics::gauge!("souk_payments_unexplained_minor", "currency" => code).set(sum as f64);
                    }
                }
                Err(error) => tracing::warn!(%error, "how much is unexplained could not be read"),
            }
            tokio::time::sleep(TELL_EVERY).await;
        }
    };
    stop.run_until_cancelled(telling).await;
}

/// Compares the providers' own journals with ours. One that cannot be read does not keep the others from it.
pub async fn compare_journals(app: Arc<Payments>, _: Job) -> Result<()> {
    for provider in app.providers.iter() {
        if let Err(error) = ops::compare_journals(&app, &**provider).await {
            tracing::warn!(provider = provider.name(), %error, "a journal could not be compared, will try again");
        }
    }
    Ok(())
}

/// Compares once more what was written down a while ago.
pub async fn compare_again(app: Arc<Payments>, _: Job) -> Result<()> {
    for provider in app.providers.iter() {
        if let Err(error) = ops::compare_again(&app, &**provider).await {
            tracing::warn!(provider = provider.name(), %error, "a journal could not be gone through, will try again");
        }
    }
    Ok(())
}

/// Asks what has become of payments that were paid a while ago. A provider that does not answer keeps no other from it.
pub async fn look_back(app: Arc<Payments>, _: Job) -> Result<()> {
    for provider in app.providers.iter() {
        if let Err(error) = ops::look_back(&app, &**provider).await {
            tracing::warn!(provider = provider.name(), %error, "payments could not be looked back at, will try again");
        }
    }
    Ok(())
}

/// Forgets old events.
pub async fn prune_webhooks(app: Arc<Payments>, _: Job) -> Result<()> {
    let before = app.clock.now().minus(KEEP_WEBHOOKS);
    app.db.write(async move |tx| store::drop_old_webhooks(tx, before).await).await.map(drop)
}

/// Gives back stored value that was held for orders which never came to be.
pub async fn lapse_credits(app: Arc<Payments>, _: Job) -> Result<()> {
    ops::lapse_holds(&app).await
}

/// Pays the vendors whose period has begun.
pub async fn pay_out(app: Arc<Payments>, _: Job) -> Result<()> {
    ops::look_at_unready(&app).await?;
    // What is released can be paid at once.
    ops::release_reserves(&app).await?;
    ops::take_back_shortfalls(&app).await?;
    ops::run_scheduled(&app).await
}

/// Issues commission invoices for the months that are over.
pub async fn issue_invoices(app: Arc<Payments>, _: Job) -> Result<()> {
    ops::issue_invoices(&app).await
}
