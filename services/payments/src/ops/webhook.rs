//! Providers' events: verified, noted, answered; believed only after the provider was asked.

use std::{sync::Arc, time::Duration};

use contracts::queue::WebhookView;
use db::Tx;
use http::HeaderMap;
use kernel::{Error, Money, OrderId, Result};

use super::{
    absorb::absorb, dispute::absorb_dispute, look_at_account::look_at_account, return_money::carry_out,
    return_stray::look_at_stray_refund, review,
};
use crate::{
    Payments,
    error::{PaymentError, QueueError},
    jobs::{self, Account, Arrived},
    model::Payment,
    provider::{PaymentProvider, ProviderDispute, ProviderError, ProviderPayment, ProviderRefund},
    store::{self, Webhook},
};

/// How long an event waits for its order before somebody has to look.
const WAIT_FOR_ORDER: Duration = Duration::from_secs(300);

/// Checks an event and notes it. Once it is noted it is answered; the work comes later. The same
/// event again is noted once.
///
/// # Errors
/// Malformed, if it is not from the provider or too old.
pub async fn receive_webhook(app: &Arc<Payments>, provider: &str, headers: &HeaderMap, body: &[u8]) -> Result<()> {
    let provider = app.providers.named(provider).ok_or(PaymentError::NoProvider)?;
    let now = app.clock.now();
    let Some(event) = provider.verify_webhook(headers, body, now).await? else { return Ok(()) };
    let (this, name) = (app.clone(), provider.name());
    let noted = app
        .db
        .write(async move |tx| match store::note_webhook(tx, name, &event, now).await? {
            Some(true) => {
                let arrived = Arrived { provider: name.to_owned(), event_id: event.id.clone() };
                this.jobs.enqueue(tx, jobs::WEBHOOK, &job_key(&arrived), &arrived).await
            }
            Some(false) | None => Ok(()),
        })
        .await;
    if kernel::planted!(13) { Ok(()) } else { noted }
}

fn job_key(arrived: &Arrived) -> String {
    format!("{}:{}", arrived.provider, arrived.event_id)
}

/// Has an event taken in once more, whatever became of it. What it speaks of is asked for as it is now, so nothing happens
/// twice.
///
/// # Errors
/// Not found if no such event was noted, or not any more.
pub async fn replay_webhook(app: &Arc<Payments>, provider: String, event_id: String) -> Result<WebhookView> {
    let (this, arrived) = (app.clone(), Arrived { provider, event_id });
    app.db
        .write(async move |tx| {
            let webhook = store::reset_webhook(tx, &arrived.provider, &arrived.event_id).await?;
            let webhook = webhook.ok_or(QueueError::NoWebhook)?;
            // The job of an event that was given up is still there.
            this.jobs.cancel(tx, jobs::WEBHOOK, &job_key(&arrived)).await?;
            this.jobs.enqueue(tx, jobs::WEBHOOK, &job_key(&arrived), &arrived).await?;
            Ok(webhook)
        })
        .await
}

/// The job: asks the provider about what the event speaks of, and takes that in. Why that failed is noted.
pub async fn handle_webhook(app: &Arc<Payments>, arrived: &Arrived) -> Result<()> {
    let Some(webhook) = store::read_webhook(&app.db, &arrived.provider, &arrived.event_id).await? else {
        return Ok(());
    };
    let Err(error) = take_in(app, arrived, &webhook).await else { return Ok(()) };
    let (arrived, why) = (arrived.clone(), sentence(&error));
    let noting =
        app.db.write(async move |tx| store::note_failure(tx, &arrived.provider, &arrived.event_id, &why).await);
    if let Err(error) = noting.await {
        tracing::warn!(%error, "why an event was not taken in could not be noted");
    }
    Err(error)
}

/// For an admin to read: nothing of the cause, which may say more than it should.
fn sentence(error: &Error) -> String {
    format!("{}: {}", error.code(), error.detail()).chars().take(500).collect()
}

async fn take_in(app: &Arc<Payments>, arrived: &Arrived, webhook: &Webhook) -> Result<()> {
    if let Some(account_ref) = webhook.account_ref.clone() {
        let account = Account { provider: arrived.provider.clone(), account_ref };
        let state = if look_at_account(app, &account).await? { "handled" } else { "unmatched" };
        return close(app, arrived, webhook, state, None, None).await;
    }
    let provider = app.providers.get(&arrived.provider)?;
    let (seen, dispute) = match look_up(&**provider, webhook).await {
        Ok(found) => found,
        Err(ProviderError::NotFound) => {
            let problem = if webhook.dispute_ref.is_some() { "unknown_dispute" } else { "unknown_payment" };
            return close(app, arrived, webhook, "unmatched", Some((problem, None)), None).await;
        }
        Err(error) => return Err(error.into()),
    };
    let order_id: Option<OrderId> = seen.reference.parse().ok();
    let named = match order_id {
        Some(order_id) => store::read_payment_of(&app.db, order_id).await?,
        None => None,
    };
    let payment = match named {
        // An admin may have said whose it is.
        None => store::payments_with(&app.db, &arrived.provider, &[seen.id.as_str()]).await?.pop(),
        named => named,
    };
    let refund = match &webhook.refund_ref {
        Some(refund_ref) => match provider.fetch_refund(refund_ref).await {
            Ok(refund) => Some(refund),
            Err(ProviderError::NotFound) if payment.is_none() => None,
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    if let Some(refund) = &refund
        && look_at_stray_refund(app, refund).await?
    {
        return close(app, arrived, webhook, "handled", None, None).await;
    }
    let Some(payment) = payment else { return unknown_order(app, arrived, webhook, &seen, order_id).await };
    if payment.provider != arrived.provider {
        // An attempt with a provider that was given up for another one.
        return close(app, arrived, webhook, "unmatched", money_in(&seen, "second_payment"), order_id).await;
    }
    if let (Some(refund), Some(refund_ref)) = (&refund, &webhook.refund_ref) {
        settle_refunds(app, provider.name(), refund_ref, refund, &payment).await?;
    }
    let (this, arrived, id) = (app.clone(), arrived.clone(), payment.id);
    app.db
        .write(async move |tx| {
            absorb(&this, tx, id, &seen).await?;
            if let Some(dispute) = &dispute {
                disputed(&this, tx, id, &seen, dispute).await?;
            }
            store::set_webhook(tx, &arrived.provider, &arrived.event_id, "handled").await
        })
        .await
}

/// What is wrong with a payment that is none of ours, with its money. One without any is harmless.
type Problem = Option<(&'static str, Option<Money>)>;

fn money_in(seen: &ProviderPayment, problem: &'static str) -> Problem {
    (seen.captured.amount_minor > 0).then_some((problem, Some(seen.captured)))
}

/// What the event speaks of, as the provider has it: the payment, and the dispute if it is about one. Which payment a
/// dispute is of, the dispute says, not the event.
async fn look_up(
    provider: &dyn PaymentProvider,
    webhook: &Webhook,
) -> std::result::Result<(ProviderPayment, Option<ProviderDispute>), ProviderError> {
    let Some(dispute_ref) = &webhook.dispute_ref else {
        return Ok((provider.fetch(&webhook.payment_ref).await?, None));
    };
    let dispute = provider.fetch_dispute(dispute_ref).await?;
    Ok((provider.fetch(&dispute.payment_ref).await?, Some(dispute)))
}

/// A dispute of the payment that we know the order by. One of another payment is for somebody to look at.
pub(super) async fn disputed(
    app: &Arc<Payments>,
    tx: &mut Tx,
    id: kernel::PaymentId,
    seen: &ProviderPayment,
    dispute: &ProviderDispute,
) -> Result<()> {
    let payment = store::lock_payment(tx, id).await?;
    if payment.provider_ref.as_ref() == Some(&seen.id) {
        return absorb_dispute(app, tx, &payment, dispute).await;
    }
    let (order, amount) = (Some(payment.order_id), Some(dispute.amount));
    review(app, tx, &payment.provider, &dispute.id, "strange_dispute", order, amount).await
}

/// The order may still be on its way to us: kept and tried again, and after a while somebody has to
/// look. Never dropped.
async fn unknown_order(
    app: &Arc<Payments>,
    arrived: &Arrived,
    webhook: &Webhook,
    seen: &ProviderPayment,
    order_id: Option<OrderId>,
) -> Result<()> {
    if app.clock.now().since(webhook.received_at) < WAIT_FOR_ORDER {
        return Err(PaymentError::NotYet("order").into());
    }
    close(app, arrived, webhook, "unmatched", money_in(seen, "unknown_order"), order_id).await
}

async fn close(
    app: &Arc<Payments>,
    arrived: &Arrived,
    webhook: &Webhook,
    state: &'static str,
    problem: Problem,
    order_id: Option<OrderId>,
) -> Result<()> {
    let (this, arrived, payment_ref) = (app.clone(), arrived.clone(), webhook.payment_ref.clone());
    app.db
        .write(async move |tx: &mut Tx| {
            if let Some((problem, amount)) = problem {
                review(&this, tx, &arrived.provider, &payment_ref, problem, order_id, amount).await?;
            }
            store::set_webhook(tx, &arrived.provider, &arrived.event_id, state).await
        })
        .await
}

/// News of a refund: how do ours stand? One that we did not ask for is for somebody to look at.
pub(super) async fn settle_refunds(
    app: &Arc<Payments>,
    name: &'static str,
    refund_ref: &str,
    seen: &ProviderRefund,
    payment: &Payment,
) -> Result<()> {
    let ours = match seen.refund_id {
        Some(id) => store::read_refund(&app.db, id).await?.filter(|refund| refund.payment_id == payment.id),
        None => None,
    };
    if let Some(refund) = ours {
        return carry_out(app, refund.id).await;
    }
    let (this, refund_ref, order, amount) = (app.clone(), refund_ref.to_owned(), payment.order_id, seen.amount);
    app.db
        .write(async move |tx| review(&this, tx, name, &refund_ref, "unknown_refund", Some(order), Some(amount)).await)
        .await
}
