//! Money that no order has goes back: the provider is told under a key that is the same however often, and asked until it
//! has arrived.

use std::sync::Arc;

use contracts::queue::{ReviewAction, ReviewEntry, ReviewState};
use db::Tx;
use kernel::{OrderId, RefundId, Result};

use super::alarm;
use crate::{
    Payments,
    model::{
        Payment,
        review::{Item, Subject},
    },
    provider::{PaymentProvider, ProviderError, ProviderPayment, ProviderRefund, RefundCommand, RefundState},
    store,
};

/// What came of sending it back.
enum Outcome {
    /// It is on its way.
    Pending,
    /// It has arrived.
    Returned(ProviderRefund),
    /// It did not go, or came back.
    Failed(String),
}

/// Sends it back, or asks how that stands. For the job, the reconciler and news of the refund.
pub async fn return_stray(app: &Arc<Payments>, subject: &Subject) -> Result<()> {
    let item = store::read_review_item(&app.db, subject).await?;
    let item = item.filter(|item| item.state == ReviewState::Returning && item.subject.is_stray());
    let Some((item, refund_id)) = item.and_then(|item| item.refund_id.map(|id| (item, id))) else { return Ok(()) };
    let provider = app.providers.get(&subject.provider)?;
    let outcome = match provider.fetch(&subject.provider_ref).await {
        Ok(seen) => {
            if is_of_an_order(app, subject, &seen).await? {
                Outcome::Failed("it is the money of an order now".to_owned())
            } else {
                Outcome::of(send(&**provider, &item, refund_id, &seen).await)?
            }
        }
        Err(error) => Outcome::of(Err(error))?,
    };
    let this = app.clone();
    app.db.write(async move |tx| settle(&this, tx, &item, &outcome).await).await
}

impl Outcome {
    /// No answer is none.
    fn of(answer: Result<ProviderRefund, ProviderError>) -> Result<Self> {
        let failed = |why: &str| Ok(Self::Failed(why.to_owned()));
        match answer {
            Ok(refund) => match refund.state {
                RefundState::Pending => Ok(Self::Pending),
                RefundState::Succeeded => Ok(Self::Returned(refund)),
                RefundState::Failed => failed("it came back from the bank"),
            },
            Err(ProviderError::Refused { reason }) => failed(&reason.replace('_', " ")),
            Err(ProviderError::NotFound) => failed("the provider does not know the payment"),
            Err(error @ ProviderError::NoAnswer(_)) => Err(error.into()),
        }
    }
}

/// Whether an order has got it meanwhile. Its payment is locked: a capture that is under way is seen, and one that comes
/// later sees that this goes back.
async fn is_of_an_order(app: &Arc<Payments>, subject: &Subject, seen: &ProviderPayment) -> Result<bool> {
    let Ok(order) = seen.reference.parse::<OrderId>() else { return Ok(false) };
    let subject = subject.clone();
    app.db
        .write(async move |tx| {
            let payment = store::lock_payment_of(tx, order).await?;
            Ok(payment.is_some_and(|payment| has(&payment, &subject)))
        })
        .await
}

/// True if this payment of ours has the money.
pub(super) fn has(payment: &Payment, subject: &Subject) -> bool {
    payment.is_captured()
        && payment.provider == subject.provider
        && payment.provider_ref.as_ref() == Some(&subject.provider_ref)
}

/// Asks first, for keys may be forgotten after a day and an admin may come back to it much later.
async fn send(
    provider: &dyn PaymentProvider,
    item: &Item,
    refund_id: RefundId,
    seen: &ProviderPayment,
) -> Result<ProviderRefund, ProviderError> {
    let payment_ref = &item.subject.provider_ref;
    if let Some(sent) = provider.find_refund(payment_ref, refund_id).await? {
        return Ok(sent);
    }
    if seen.captured.amount_minor <= 0 {
        return Err(ProviderError::Refused { reason: "the provider holds no money in it".to_owned() });
    }
    let command = RefundCommand {
        key: format!("{payment_ref}:return:{}", item.attempt),
        payment_ref: payment_ref.clone(),
        refund_id,
        amount: seen.captured,
        reason: "It was paid without an order.".to_owned(),
        direct: None,
    };
    provider.refund(command).await
}

async fn settle(app: &Arc<Payments>, tx: &mut Tx, item: &Item, outcome: &Outcome) -> Result<()> {
    let subject = &item.subject;
    let now = store::lock_review_item(tx, subject).await?;
    if !now.is_some_and(|now| now.state == ReviewState::Returning && now.attempt == item.attempt) {
        return Ok(());
    }
    match outcome {
        Outcome::Pending => Ok(()),
        Outcome::Returned(refund) => went_back(app, tx, subject, format!("{} went back.", refund.amount)).await,
        Outcome::Failed(reason) => failed(app, tx, subject, reason).await,
    }
}

async fn went_back(app: &Arc<Payments>, tx: &mut Tx, subject: &Subject, result: String) -> Result<()> {
    let at = app.clock.now();
    if !store::resolve_review_item(tx, subject, ReviewAction::Refund, at).await? {
        return Ok(());
    }
    let entry = ReviewEntry { at, by: None, action: ReviewAction::Refund, note: None, result };
    store::add_review_entry(tx, subject, &entry).await
}

async fn failed(app: &Arc<Payments>, tx: &mut Tx, subject: &Subject, reason: &str) -> Result<()> {
    if !store::reopen_review_item(tx, subject).await? {
        return Ok(());
    }
    let result = format!("It did not go back: {reason}.");
    let entry = ReviewEntry { at: app.clock.now(), by: None, action: ReviewAction::Refund, note: None, result };
    store::add_review_entry(tx, subject, &entry).await
}

/// News of a refund: if it is of money that no order has, how does that stand? False if it is not.
pub(super) async fn look_at_stray_refund(app: &Arc<Payments>, refund: &ProviderRefund) -> Result<bool> {
    let Some(id) = refund.refund_id else { return Ok(false) };
    let mut subjects = store::returned_by(&app.db, id).await?;
    subjects.retain(Subject::is_stray);
    for subject in &subjects {
        return_stray(app, subject).await?;
    }
    Ok(!subjects.is_empty())
}

/// A refund of ours has arrived. If it was sent once more because it had failed, nobody has to look any more.
pub(super) async fn has_gone_back(app: &Arc<Payments>, tx: &mut Tx, refund: RefundId) -> Result<()> {
    for subject in store::returned_by_within(tx, refund).await? {
        went_back(app, tx, &subject, "The refund has arrived.".to_owned()).await?;
    }
    Ok(())
}

/// An automatic refund of ours failed, and somebody has looked at one of this payment before: somebody has to look again.
pub(super) async fn has_failed_again(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment, reason: &str) -> Result<()> {
    const PROBLEM: &str = "refund_failed";
    let (provider, provider_ref) = (payment.provider.clone(), payment.provider_ref.clone().unwrap_or_default());
    let subject = Subject { provider, provider_ref, problem: PROBLEM.to_owned() };
    let item = store::lock_review_item(tx, &subject).await?;
    if item.is_some_and(|item| item.state != ReviewState::Open) {
        failed(app, tx, &subject, &reason.replace('_', " ")).await?;
        alarm(tx, &subject, PROBLEM, Some(payment.order_id));
    }
    Ok(())
}
