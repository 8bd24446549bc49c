//! Providers' events: verified, noted, answered; believed only after the provider was asked.

use std::{sync::Arc, time::Duration};

use db::Tx;
use http::HeaderMap;
use kernel::{OrderId, Result};

use super::{absorb::absorb, dispute::absorb_dispute, return_money::carry_out, review};
use crate::{
    Payments,
    error::PaymentError,
    jobs::{self, Arrived},
    provider::{PaymentProvider, ProviderDispute, ProviderError, ProviderPayment},
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
                this.jobs.enqueue(tx, jobs::WEBHOOK, &format!("{name}:{}", event.id), &arrived).await
            }
            Some(false) | None => Ok(()),
        })
        .await;
    if kernel::planted!(13) { Ok(()) } else { noted }
}

/// The job: asks the provider about what the event speaks of, and takes that in.
pub async fn handle_webhook(app: &Arc<Payments>, arrived: &Arrived) -> Result<()> {
    let Some(webhook) = store::read_webhook(&app.db, &arrived.provider, &arrived.event_id).await? else {
        return Ok(());
    };
    let provider = app.providers.get(&arrived.provider)?;
    let (seen, dispute) = match look_up(&**provider, &webhook).await {
        Ok(found) => found,
        Err(ProviderError::NotFound) => {
            let problem = if webhook.dispute_ref.is_some() { "unknown_dispute" } else { "unknown_payment" };
            return close(app, arrived, &webhook, "unmatched", Some(problem), None).await;
        }
        Err(error) => return Err(error.into()),
    };
    let order_id: Option<OrderId> = seen.reference.parse().ok();
    let payment = match order_id {
        Some(order_id) => store::read_payment_of(&app.db, order_id).await?,
        None => None,
    };
    let Some(payment) = payment else { return unknown_order(app, arrived, &webhook, &seen, order_id).await };
    if payment.provider != arrived.provider {
        // An attempt with a provider that was given up for another one.
        let problem = (seen.captured.amount_minor > 0).then_some("second_payment");
        return close(app, arrived, &webhook, "unmatched", problem, order_id).await;
    }
    if webhook.refund_ref.is_some() {
        settle_refunds(app, &**provider, &webhook, &payment).await?;
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
async fn disputed(
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
    review(app, tx, &payment.provider, &dispute.id, "strange_dispute", Some(payment.order_id)).await
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
    let problem = (seen.captured.amount_minor > 0).then_some("unknown_order");
    close(app, arrived, webhook, "unmatched", problem, order_id).await
}

async fn close(
    app: &Arc<Payments>,
    arrived: &Arrived,
    webhook: &Webhook,
    state: &'static str,
    problem: Option<&'static str>,
    order_id: Option<OrderId>,
) -> Result<()> {
    let (this, arrived, payment_ref) = (app.clone(), arrived.clone(), webhook.payment_ref.clone());
    app.db
        .write(async move |tx: &mut Tx| {
            if let Some(problem) = problem {
                review(&this, tx, &arrived.provider, &payment_ref, problem, order_id).await?;
            }
            store::set_webhook(tx, &arrived.provider, &arrived.event_id, state).await
        })
        .await
}

/// News of a refund: how do ours stand? One that we did not ask for is for somebody to look at.
async fn settle_refunds(
    app: &Arc<Payments>,
    provider: &dyn PaymentProvider,
    webhook: &Webhook,
    payment: &crate::model::Payment,
) -> Result<()> {
    let Some(refund_ref) = webhook.refund_ref.clone() else { return Ok(()) };
    let seen = provider.fetch_refund(&refund_ref).await?;
    let ours = match seen.refund_id {
        Some(id) => store::read_refund(&app.db, id).await?.filter(|refund| refund.payment_id == payment.id),
        None => None,
    };
    if let Some(refund) = ours {
        return carry_out(app, refund.id).await;
    }
    let (this, name, order) = (app.clone(), provider.name(), payment.order_id);
    app.db.write(async move |tx| review(&this, tx, name, &refund_ref, "unknown_refund", Some(order)).await).await
}
