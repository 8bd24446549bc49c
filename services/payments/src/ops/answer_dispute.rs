//! An admin answers a dispute: with evidence, or by giving it up. The answer is kept first and then sent by a job, once: the
//! dispute is asked for before each attempt, and the key is the answer's.

use std::sync::Arc;

use contracts::disputes::{DisputeAnswer, DisputeStatus, DisputeView, Evidence};
use db::Tx;
use kernel::{DisputeId, Result};
use souk_http::{
    IdempotencyKey, StoredAnswer,
    idempotency::{self, Claim},
};

use super::dispute::take_in;
use crate::{
    Payments,
    error::PaymentError,
    jobs,
    model::disputes::Dispute,
    provider::{AnswerCommand, ProviderDispute, ProviderError},
    store,
};

/// Keeps the evidence and has it sent, once per key and once per dispute.
///
/// # Errors
/// Conflict if the dispute does not wait for an answer, or not any more.
pub async fn submit_evidence(
    app: &Arc<Payments>,
    id: DisputeId,
    key: IdempotencyKey,
    evidence: Evidence,
) -> Result<StoredAnswer> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            if let Claim::Replay(answer) = idempotency::claim(tx, &key, this.clock.now()).await? {
                return Ok(answer);
            }
            let dispute = store::lock_dispute(tx, id).await?.ok_or(PaymentError::NoDispute)?;
            let is_late = dispute.evidence_due.is_some_and(|due| due < this.clock.now());
            if is_late && dispute.status == DisputeStatus::Opened && dispute.answer.is_none() {
                return Err(PaymentError::EvidenceTooLate.into());
            }
            let view = keep(&this, tx, &dispute, DisputeAnswer::Evidence, Some(&tidied(evidence.clone()))).await?;
            idempotency::store(tx, &key, 202, &view).await
        })
        .await
}

/// Gives it up: the provider is told, and what it makes of that, a lost dispute, is taken in. Once more is harmless.
///
/// # Errors
/// Conflict if the dispute does not wait for an answer (any more).
pub async fn accept_dispute(app: &Arc<Payments>, id: DisputeId) -> Result<DisputeView> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let dispute = store::lock_dispute(tx, id).await?.ok_or(PaymentError::NoDispute)?;
            if dispute.answer == Some(DisputeAnswer::Acceptance) {
                return Ok(store::dispute_view_within(tx, id).await?.ok_or(PaymentError::NoDispute)?);
            }
            keep(&this, tx, &dispute, DisputeAnswer::Acceptance, None).await
        })
        .await
}

/// What was left empty is not sent.
fn tidied(evidence: Evidence) -> Evidence {
    let some = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    Evidence {
        product: evidence.product,
        carrier: some(evidence.carrier),
        tracking_number: some(evidence.tracking_number),
        communication: some(evidence.communication),
    }
}

async fn keep(
    app: &Arc<Payments>,
    tx: &mut Tx,
    dispute: &Dispute,
    answer: DisputeAnswer,
    evidence: Option<&Evidence>,
) -> Result<DisputeView> {
    if !store::answer_dispute(tx, dispute.id, answer, evidence).await? {
        return Err(match dispute.status {
            DisputeStatus::Opened => PaymentError::AnsweredBefore,
            elsewhere => PaymentError::NotToAnswer(elsewhere),
        }
        .into());
    }
    let key = format!("{}:{}", dispute.id, dispute.attempt + 1);
    app.jobs.enqueue(tx, jobs::ANSWER_DISPUTE, &key, &dispute.id).await?;
    Ok(store::dispute_view_within(tx, dispute.id).await?.ok_or(PaymentError::NoDispute)?)
}

/// Sends the answer that is kept, unless the provider has it. For the job and for the reconciler.
pub async fn carry_answer(app: &Arc<Payments>, id: DisputeId) -> Result<()> {
    let Some(dispute) = store::read_dispute(&app.db, id).await? else { return Ok(()) };
    let Some(answer) = dispute.answer.filter(|_| !dispute.is_sent && dispute.status.is_open()) else { return Ok(()) };
    match send(app, &dispute, answer).await {
        Ok(seen) => {
            end(app, &dispute, None).await?;
            take_in(app, &dispute, seen).await
        }
        Err(ProviderError::Refused { reason }) => end(app, &dispute, Some(reason)).await,
        Err(ProviderError::NotFound) => end(app, &dispute, Some("unknown_at_provider".to_owned())).await,
        Err(error @ ProviderError::NoAnswer(_)) => Err(error.into()),
    }
}

async fn send(app: &Arc<Payments>, dispute: &Dispute, answer: DisputeAnswer) -> Result<ProviderDispute, ProviderError> {
    let unknown = |e: kernel::Error| ProviderError::NoAnswer(e.to_string());
    let provider = app.providers.get(&dispute.provider).map_err(unknown)?;
    let seen = provider.fetch_dispute(&dispute.provider_ref).await?;
    if seen.status != DisputeStatus::Opened {
        // It was answered: by an attempt whose answer never came, or at the provider's own desk.
        return Ok(seen);
    }
    let evidence = dispute.evidence.clone().filter(|_| answer == DisputeAnswer::Evidence);
    let key = format!("{}:dispute:{}:{}", dispute.payment_id, dispute.id, dispute.attempt);
    provider.answer_dispute(AnswerCommand { key, dispute_ref: dispute.provider_ref.clone(), evidence }).await
}

async fn end(app: &Arc<Payments>, dispute: &Dispute, failure: Option<String>) -> Result<()> {
    let dispute = dispute.clone();
    app.db.write(async move |tx| store::end_answer(tx, &dispute, failure.as_deref()).await).await
}
