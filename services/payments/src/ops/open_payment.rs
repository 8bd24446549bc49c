//! Opens a payment at the provider once the stock is held. The call is made between two
//! transactions, under a key that is the same however often it is made.

use std::{sync::Arc, time::Duration};

use contracts::payments::PaymentStatus;
use db::Tx;
use events::Job;
use kernel::{OrderId, Result};

use super::{
    absorb::{absorb, capture_covered, fail},
    ask::{Asked, ask},
    next_check,
    pay_directly::{collect_instead, decide},
};
use crate::{
    Payments,
    error::PaymentError,
    jobs,
    model::Payment,
    provider::{OpenPayment, ProviderError, direct::DirectPart},
    store::{self, Standing},
};

/// How soon the provider is asked after it gave no answer.
const FIRST_QUESTION: Duration = Duration::from_secs(1);

/// The stock is held: the payment is opened by a job.
pub async fn stock_is_held(app: &Arc<Payments>, tx: &mut Tx, order_id: OrderId) -> Result<()> {
    if start_opening(app, tx, order_id).await? {
        return Ok(());
    }
    store::lock_payment_of(tx, order_id).await?.ok_or(PaymentError::NotYet("order"))?;
    // The order may have come between the two statements. Now that its payment is locked the first one is sure: if it
    // finds nothing to open, the payment was called off or opened before.
    start_opening(app, tx, order_id).await.map(drop)
}

async fn start_opening(app: &Arc<Payments>, tx: &mut Tx, order_id: OrderId) -> Result<bool> {
    let now = app.clock.now();
    match store::mark_opening(tx, order_id, now, next_check(now, 1)).await? {
        None => return Ok(false),
        Some(false) => app.jobs.enqueue(tx, jobs::OPEN, &order_id.to_string(), &order_id).await?,
        // Stored value covers all of it, or it is nothing: there is nobody to ask.
        Some(true) => capture_covered(app, tx, order_id).await?,
    }
    Ok(true)
}

/// The job. Only its first attempt is sure that nobody has called the provider before.
pub async fn open_payment(app: &Arc<Payments>, job: &Job) -> Result<()> {
    let order_id: OrderId = job.payload()?;
    let payment = store::read_payment_of(&app.db, order_id).await?.ok_or(PaymentError::NotYet("order"))?;
    if payment.status != PaymentStatus::Opening {
        return Ok(());
    }
    if job.attempts == 1 {
        return if payment.order_cancelled {
            give_up(app, &payment, Some(job)).await
        } else {
            open(app, &payment, Some(job)).await
        };
    }
    match ask(app, &payment).await? {
        Asked::Told => Ok(()),
        Asked::NoTrace if !payment.order_cancelled => open(app, &payment, Some(job)).await,
        Asked::NoTrace | Asked::NoAnswer => {
            let (this, order_id, job) = (app.clone(), payment.order_id, job.clone());
            app.db
                .write(async move |tx| {
                    job.finish(tx).await?;
                    doubt(&this, tx, order_id).await
                })
                .await
        }
    }
}

/// Opens the payment, for the first time or again, and notes what came of it.
pub(super) async fn open(app: &Arc<Payments>, payment: &Payment, job: Option<&Job>) -> Result<()> {
    let direct = decide(app, payment).await?;
    let provider = app.providers.get(&payment.provider)?;
    let mut outcome = provider.open(opening(app, payment, direct.clone())).await;
    if let (Err(ProviderError::Refused { .. }), false) = (&outcome, direct.is_empty()) {
        collect_instead(app, payment, &direct).await?;
        outcome = provider.open(opening(app, payment, Vec::new())).await;
    }
    let (this, id, order_id, job) = (app.clone(), payment.id, payment.order_id, job.cloned());
    app.db
        .write(async move |tx| {
            if let Some(job) = &job {
                job.finish(tx).await?;
            }
            match &outcome {
                Ok(seen) => absorb(&this, tx, id, seen).await,
                Err(ProviderError::Refused { reason }) => fail(&this, tx, id, reason).await,
                Err(ProviderError::NotFound) => fail(&this, tx, id, "refused").await,
                Err(ProviderError::NoAnswer(_)) if kernel::planted!(6) => fail(&this, tx, id, "timeout").await,
                Err(ProviderError::NoAnswer(cause)) => {
                    tracing::warn!(order = %order_id, cause, "no answer from the provider, it will be asked");
                    doubt(&this, tx, order_id).await
                }
            }
        })
        .await
}

/// What the provider is asked for. What vendors get themselves is another thing than the whole, under another key.
fn opening(app: &Payments, payment: &Payment, direct: Vec<DirectPart>) -> OpenPayment {
    let path = payment.return_path.clone().unwrap_or_else(|| format!("/orders/{}", payment.order_id));
    let key = payment.key(if direct.is_empty() { "open" } else { "open:direct" });
    OpenPayment {
        key: if kernel::planted!(15) { app.clock.now().to_string() } else { key },
        order_id: payment.order_id,
        method: payment.method.clone(),
        amount: payment.charge(),
        description: format!("Order {}", payment.order_number),
        return_url: format!("{}{path}", app.public_url),
        token: payment.token.clone(),
        direct,
    }
}

/// Nobody knows whether the payment was opened: only asking helps.
async fn doubt(app: &Arc<Payments>, tx: &mut Tx, order_id: OrderId) -> Result<()> {
    let Some(payment) = store::lock_payment_of(tx, order_id).await? else { return Ok(()) };
    if !matches!(payment.status, PaymentStatus::Opening | PaymentStatus::Unknown) {
        return Ok(());
    }
    let now = app.clock.now();
    let standing =
        Standing { check_at: Some(next_check(now, payment.checks)), ..Standing::new(&payment, PaymentStatus::Unknown) };
    store::set_status(tx, payment.id, &standing).await?;
    let question = jobs::Question { order_id, attempt: 0 };
    app.jobs.enqueue_at(tx, jobs::RESOLVE, &order_id.to_string(), &question, now.plus(FIRST_QUESTION)).await
}

/// The order was called off and the provider has never heard of the payment.
pub(super) async fn give_up(app: &Arc<Payments>, payment: &Payment, job: Option<&Job>) -> Result<()> {
    let (this, id, job) = (app.clone(), payment.id, job.cloned());
    app.db
        .write(async move |tx| {
            if let Some(job) = &job {
                job.finish(tx).await?;
            }
            let payment = store::lock_payment(tx, id).await?;
            if !payment.is_open() || payment.provider_ref.is_some() {
                return Ok(());
            }
            let cancelled = PaymentStatus::Cancelled;
            store::end_attempt(tx, &payment, cancelled, None, None, this.clock.now()).await?;
            store::set_status(tx, id, &Standing::new(&payment, cancelled)).await
        })
        .await
}
