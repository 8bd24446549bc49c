//! An admin does something about money that does not fit. A thing is resolved once, by one action; the same action again
//! changes nothing.

use std::sync::Arc;

use contracts::queue::{ReviewAction, ReviewDetail, ReviewEntry, ReviewRequest, ReviewState};
use db::Tx;
use kernel::{AccountId, RefundId, Result};

use super::{adopt::adopt, next_check, return_money::return_rest, return_stray::has, review_detail::review_detail};
use crate::{
    Payments,
    error::QueueError,
    jobs,
    model::{
        Payment,
        review::{Item, Subject},
    },
    store,
};

/// What is done, by whom, and why.
#[derive(Debug, Clone)]
pub struct Doing {
    /// What.
    pub action: ReviewAction,
    /// Who.
    pub by: AccountId,
    /// Why.
    pub note: Option<String>,
    /// For which order, where the money names none of ours.
    pub order_number: Option<String>,
}

impl Doing {
    /// What came of it, for the history.
    pub async fn record(&self, app: &Payments, tx: &mut Tx, subject: &Subject, result: String) -> Result<()> {
        let (at, by) = (app.clock.now(), Some(self.by));
        let entry = ReviewEntry { at, by, action: self.action, note: self.note.clone(), result };
        store::add_review_entry(tx, subject, &entry).await
    }
}

/// Does it, once, and tells how the thing stands.
///
/// # Errors
/// Conflict if something else was done about it, or if this cannot be done: the sentence says why.
pub async fn work_off(
    app: &Arc<Payments>,
    subject: &Subject,
    by: AccountId,
    input: ReviewRequest,
) -> Result<ReviewDetail> {
    let item = store::read_review_item(&app.db, subject).await?.ok_or(QueueError::NotFound)?;
    let said = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let (note, order_number) = (said(input.note), said(input.order_number));
    let doing = Doing { action: input.action, by, note, order_number };
    if !was_done(&item, doing.action)? {
        match doing.action {
            ReviewAction::Refund => send_back(app, &item, doing).await?,
            ReviewAction::Attach | ReviewAction::TakeUp => adopt(app, &item, doing).await?,
            ReviewAction::TickOff => tick_off(app, &item, doing).await?,
        }
    }
    review_detail(app, subject).await
}

/// Whether this was done before.
fn was_done(item: &Item, action: ReviewAction) -> Result<bool> {
    match item.state {
        ReviewState::Open => Ok(false),
        _ if item.action == Some(action) => Ok(true),
        ReviewState::Returning => Err(QueueError::Returning.into()),
        ReviewState::Resolved => Err(QueueError::Resolved(item.action).into()),
    }
}

/// The thing, locked, if this is still to be done. Whoever needs a payment locks it before.
pub(super) async fn claim(tx: &mut Tx, subject: &Subject, action: ReviewAction) -> Result<Option<Item>> {
    let item = store::lock_review_item(tx, subject).await?.ok_or(QueueError::NotFound)?;
    Ok(if was_done(&item, action)? { None } else { Some(item) })
}

/// Somebody has explained it.
async fn tick_off(app: &Arc<Payments>, item: &Item, doing: Doing) -> Result<()> {
    if doing.note.is_none() {
        return Err(QueueError::NoNote.into());
    }
    let (this, subject) = (app.clone(), item.subject.clone());
    app.db
        .write(async move |tx| {
            if claim(tx, &subject, doing.action).await?.is_none() {
                return Ok(());
            }
            store::resolve_review_item(tx, &subject, doing.action, this.clock.now()).await?;
            doing.record(&this, tx, &subject, "Explained by hand.".to_owned()).await
        })
        .await
}

/// The money goes back from now on; a job sends it.
async fn send_back(app: &Arc<Payments>, item: &Item, doing: Doing) -> Result<()> {
    let (subject, order_id) = (item.subject.clone(), item.order_id);
    if !subject.is_stray() && !subject.is_failed_refund() {
        return Err(QueueError::NotReturnable.into());
    }
    if subject.is_stray() && !app.providers.get(&subject.provider)?.is_asked() {
        return Err(QueueError::ByHand.into());
    }
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let payment = match order_id {
                Some(order) => store::lock_payment_of(tx, order).await?,
                None => None,
            };
            let Some(item) = claim(tx, &subject, doing.action).await? else { return Ok(()) };
            if subject.is_stray() {
                begin(&this, tx, &item, payment.as_ref()).await?;
            } else {
                begin_again(&this, tx, &item, payment.as_ref()).await?;
            }
            doing.record(&this, tx, &subject, "It is on its way back.".to_owned()).await
        })
        .await
}

/// Money that no order has. However many things are to be looked at because of it, it goes back once: the refund's id comes
/// from the payment.
async fn begin(app: &Arc<Payments>, tx: &mut Tx, item: &Item, payment: Option<&Payment>) -> Result<()> {
    let subject = &item.subject;
    if payment.is_some_and(|payment| has(payment, subject)) {
        return Err(QueueError::OfAnOrder.into());
    }
    let attempt = (item.attempt + 1).to_string();
    let refund = RefundId::derived("refund.stray", &[&subject.provider, &subject.provider_ref, &attempt]);
    store::begin_return(tx, subject, refund, Some(next_check(app.clock.now(), 1))).await?;
    app.jobs.enqueue(tx, jobs::RETURN_STRAY, &format!("{}:{attempt}", subject.id()), subject).await
}

/// Money of an order that was called off, and that came back from the bank.
async fn begin_again(app: &Arc<Payments>, tx: &mut Tx, item: &Item, payment: Option<&Payment>) -> Result<()> {
    let subject = &item.subject;
    let payment = payment.filter(|payment| payment.order_cancelled).ok_or(QueueError::NotReturnable)?;
    if payment.left()?.is_zero() {
        return Err(QueueError::NothingLeft.into());
    }
    let attempt = (item.attempt + 1).to_string();
    let refund = RefundId::derived("refund.again", &[&subject.id(), &attempt]);
    store::begin_return(tx, subject, refund, None).await?;
    return_rest(app, tx, payment.id, refund).await
}
