//! Asks the provider how a payment stands. The only ways out of not knowing are this and a verified
//! event, which leads here too.

use std::{sync::Arc, time::Duration};

use contracts::payments::PaymentStatus;
use events::Job;
use kernel::{OrderId, Result};

use super::{
    absorb::absorb_all,
    open_payment::{give_up, open},
    review,
};
use crate::{
    Payments, jobs,
    jobs::Question,
    model::Payment,
    provider::{PaymentProvider, ProviderError, ProviderPayment},
    store,
};

/// How long a call that got no answer may still arrive at the provider.
const NO_TRACE_FOR: Duration = Duration::from_secs(15 * 60);
/// Keys at the provider may be forgotten after a day: nothing is opened again after this.
const KEY_SAFE_FOR: Duration = Duration::from_secs(23 * 3600);

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The provider knows the payment; what it said was taken in.
    Told,
    /// The provider knows of no payment for the order.
    NoTrace,
    /// No answer; nobody is wiser.
    NoAnswer,
}

/// Asks about a payment and takes the answer in. What nobody wants any more is called off by asking.
pub async fn ask(app: &Arc<Payments>, payment: &Payment) -> Result<Asked> {
    let provider = app.providers.get(&payment.provider)?;
    let answer = match &payment.provider_ref {
        Some(id) if payment.order_cancelled && !payment.is_captured() => {
            cancel_or_fetch(&**provider, payment, id).await
        }
        Some(id) => provider.fetch(id).await.map(|seen| vec![seen]),
        None => provider.find_by_reference(payment.order_id, payment.created_at).await,
    };
    // What is left of earlier attempts says nothing about this one, unless there is money in it.
    let matters = |seen: &ProviderPayment| seen.captured.amount_minor > 0 || !payment.former_refs.contains(&seen.id);
    let answer = answer.map(|seen| seen.into_iter().filter(matters).collect::<Vec<_>>());
    let mut seen = match answer {
        Ok(seen) if seen.is_empty() => return Ok(Asked::NoTrace),
        Ok(seen) => seen,
        Err(ProviderError::NotFound) if payment.provider_ref.is_none() => return Ok(Asked::NoTrace),
        Err(error) => {
            tracing::warn!(order = %payment.order_id, ?error, "the provider cannot be asked");
            lost(app, payment, &error).await?;
            return Ok(Asked::NoAnswer);
        }
    };
    // The one with the money first: it is the one that counts.
    seen.sort_by_key(|payment| std::cmp::Reverse(payment.captured.amount_minor));
    absorb_all(app, payment.id, seen).await?;
    Ok(Asked::Told)
}

/// Calls the payment off, or finds out why that is not possible.
pub(super) async fn cancel_or_fetch(
    provider: &dyn PaymentProvider,
    payment: &Payment,
    id: &str,
) -> Result<Vec<ProviderPayment>, ProviderError> {
    // A refusal is remembered under its key, so a later attempt is of another class.
    let key = payment.key(&format!("cancel:{}", payment.checks + 1));
    let seen = match provider.cancel(id, key).await {
        Err(ProviderError::Refused { .. }) => provider.fetch(id).await?,
        other => other?,
    };
    Ok(vec![seen])
}

/// A payment the provider knew and does not know any more is for somebody to look at.
async fn lost(app: &Arc<Payments>, payment: &Payment, error: &ProviderError) -> Result<()> {
    let (ProviderError::NotFound, Some(provider_ref)) = (error, payment.provider_ref.clone()) else { return Ok(()) };
    let (this, provider, order) = (app.clone(), payment.provider.clone(), payment.order_id);
    app.db
        .write(async move |tx| review(&this, tx, &provider, &provider_ref, "lost_by_provider", Some(order), None).await)
        .await
}

/// Asks about a payment that is open, and does what the answer asks for. True once there is no more
/// doubt whether there is a payment.
async fn clear_up(app: &Arc<Payments>, payment: &Payment, job: Option<&Job>) -> Result<bool> {
    match ask(app, payment).await? {
        Asked::Told => Ok(true),
        Asked::NoAnswer => Ok(false),
        Asked::NoTrace => {
            let since = app.clock.now().since(payment.opened_at.unwrap_or(payment.created_at));
            if payment.order_cancelled && since < NO_TRACE_FOR {
                return Ok(false);
            }
            if payment.order_cancelled || since > KEY_SAFE_FOR {
                give_up(app, payment, job).await?;
            } else {
                open(app, payment, job).await?;
            }
            Ok(true)
        }
    }
}

/// The job that asks about a payment nobody knows of whether it was opened, again and again.
pub async fn resolve(app: &Arc<Payments>, job: &Job) -> Result<()> {
    let question: Question = job.payload()?;
    let payment = store::read_payment_of(&app.db, question.order_id).await?;
    let Some(payment) = payment.filter(|payment| payment.status == PaymentStatus::Unknown) else { return Ok(()) };
    if clear_up(app, &payment, Some(job)).await? {
        return Ok(());
    }
    let pause = Duration::from_secs((1 << question.attempt.clamp(0, 6)).min(60));
    let next = Question { attempt: question.attempt + 1, ..question };
    let (this, job) = (app.clone(), job.clone());
    app.db
        .write(async move |tx| {
            job.finish(tx).await?;
            let due = this.clock.now().plus(pause);
            this.jobs.enqueue_at(tx, jobs::RESOLVE, &next.order_id.to_string(), &next, due).await
        })
        .await
}

/// Asks about an open payment now; for the reconciler.
pub async fn look_again(app: &Arc<Payments>, payment: &Payment) -> Result<()> {
    clear_up(app, payment, None).await.map(drop)
}

/// Somebody wants to know now: a buyer comes back from the provider's page. At most once a second per order.
pub async fn refresh(app: &Arc<Payments>, order_id: OrderId) -> Result<()> {
    let payment = store::read_payment_of(&app.db, order_id).await?;
    let Some(payment) = payment.filter(|payment| payment.is_open() && payment.provider_ref.is_some()) else {
        return Ok(());
    };
    if app.asked.get(&order_id).is_some() {
        return Ok(());
    }
    app.asked.insert(order_id, ());
    ask(app, &payment).await.map(drop)
}
