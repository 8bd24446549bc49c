//! Money that was nobody's becomes that of the order which it names, on the one way on which late money comes; or, if it names none
//! of ours, that of the order which an admin names, who says why.

use std::sync::Arc;

use contracts::{payments::PaymentStatus, queue::ReviewAction};
use db::Tx;
use kernel::{OrderId, Result};

use super::{
    absorb::absorb,
    review,
    work_off::{Doing, claim},
};
use crate::{
    Payments,
    error::QueueError,
    jobs::{self, Left},
    model::{
        Payment,
        review::{Item, Misfit, fits},
    },
    provider::{ProviderError, ProviderPayment},
    store::{self, Filter},
};

/// Takes the payment in as the order's: state, ledger and event, in one transaction. What an order that was called off gets
/// goes back by itself.
///
/// # Errors
/// Conflict if it does not fit, with the reason; then nothing is changed.
pub(super) async fn adopt(app: &Arc<Payments>, item: &Item, doing: Doing) -> Result<()> {
    let subject = item.subject.clone();
    if !subject.is_stray() {
        return Err(QueueError::NotAttachable.into());
    }
    let provider = app.providers.get(&subject.provider)?;
    let (mut seen, livemode) = (provider.fetch(&subject.provider_ref).await?, provider.livemode());
    let order = order_of(app, &seen, &doing).await?;
    seen.reference = order.to_string();
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let payment = store::lock_payment_of(tx, order).await?.ok_or(QueueError::NoOrder)?;
            if claim(tx, &subject, doing.action).await?.is_none() {
                return Ok(());
            }
            let waiting = doing.action == ReviewAction::Attach;
            fits(&payment, &seen, livemode, waiting).map_err(|misfit| refused(misfit, &payment, &seen))?;
            take_over(&this, tx, &payment, &subject.provider, &seen).await?;
            absorb(&this, tx, payment.id, &seen).await?;
            if !store::lock_payment(tx, payment.id).await?.is_captured() {
                // Another thing to be looked at is about the same money, and sends it back.
                return Err(QueueError::Returning.into());
            }
            store::resolve_review_item(tx, &subject, doing.action, this.clock.now()).await?;
            let result = if payment.order_cancelled {
                format!("Noted for {}, which had been called off: the money goes back by itself.", payment.order_number)
            } else {
                format!("It pays {}.", payment.order_number)
            };
            doing.record(&this, tx, &subject, result).await
        })
        .await
}

/// The order that the money names, or else the admin. Nobody has it say another one than it says.
async fn order_of(app: &Arc<Payments>, seen: &ProviderPayment, doing: &Doing) -> Result<OrderId> {
    let named: Option<OrderId> = seen.reference.parse().ok();
    let named = match named {
        Some(order) => store::read_payment_of(&app.db, order).await?.map(|payment| payment.order_id),
        None => None,
    };
    match (named, &doing.order_number) {
        (Some(order), _) => Ok(order),
        (None, None) => Err(QueueError::NoOrder.into()),
        (None, Some(_)) if doing.note.is_none() => Err(QueueError::NoNote.into()),
        (None, Some(number)) => {
            let filter = Filter { text: Some(number.to_uppercase()), ..Filter::default() };
            let known = store::payments(&app.db, &filter, None, 1).await?.pop();
            let known = known.filter(|payment| payment.order_number.eq_ignore_ascii_case(number));
            Ok(known.ok_or(QueueError::NoSuchNumber)?.order_id)
        }
    }
}

fn refused(misfit: Misfit, payment: &Payment, seen: &ProviderPayment) -> QueueError {
    match misfit {
        Misfit::Paid => QueueError::OrderIsPaid,
        Misfit::NotWaiting => QueueError::OrderNotWaiting,
        Misfit::NoMoney => QueueError::NoMoney,
        Misfit::Differs(problem) => QueueError::DoesNotFit { problem, wanted: payment.charge(), paid: seen.captured },
    }
}

/// Makes it the one payment that the order has at a provider. What was open instead is called off by a job.
async fn take_over(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    provider: &str,
    seen: &ProviderPayment,
) -> Result<()> {
    let is_there = payment.provider == provider;
    let is_it = is_there && payment.provider_ref.as_ref() == Some(&seen.id);
    let is_first = is_there && payment.provider_ref.is_none() && !payment.former_refs.contains(&seen.id);
    if is_it || is_first {
        return Ok(());
    }
    if let Some(other) = payment.provider_ref.as_ref().filter(|_| payment.is_open()) {
        let left = Left {
            order_id: payment.order_id,
            provider: payment.provider.clone(),
            payment_ref: other.clone(),
            key: payment.key("leave"),
        };
        app.jobs.enqueue(tx, jobs::LEAVE, &left.key, &left).await?;
    }
    if payment.is_open() {
        let (over, why) = (PaymentStatus::Cancelled, Some("paid_otherwise"));
        store::end_attempt(tx, payment, over, None, why, app.clock.now()).await?;
    }
    if store::adopt(tx, payment, provider, &seen.id).await? { Ok(()) } else { Err(QueueError::OrderIsPaid.into()) }
}

/// The job: nobody is to pay what is still open there. If somebody has, it is for somebody to look at.
pub async fn leave_attempt(app: &Arc<Payments>, left: &Left) -> Result<()> {
    let provider = app.providers.get(&left.provider)?;
    let seen = match provider.cancel(&left.payment_ref, left.key.clone()).await {
        Err(ProviderError::Refused { .. }) => provider.fetch(&left.payment_ref).await,
        other => other,
    };
    let captured = match seen {
        Ok(seen) => seen.captured,
        Err(ProviderError::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if captured.amount_minor <= 0 {
        return Ok(());
    }
    let (this, left) = (app.clone(), left.clone());
    app.db
        .write(async move |tx| {
            let order = Some(left.order_id);
            review(&this, tx, &left.provider, &left.payment_ref, "second_payment", order, Some(captured)).await
        })
        .await
}
