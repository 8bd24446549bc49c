//! Money on its way back: set aside in one transaction, sent by a job, posted when it has arrived.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use contracts::payments::{PaymentRefundFailed, PaymentRefunded};
use db::Tx;
use kernel::{Money, PaymentId, RefundId, Result, VendorId};

use super::{
    absorb::sale_of,
    next_check, pay_directly,
    reserves::use_reserves,
    return_stray::{has_failed_again, has_gone_back},
    review,
    spend_credits::restore,
    undo_free::undo_free,
};
use crate::{
    Payments,
    error::PaymentError,
    jobs, ledger,
    model::{Payment, Refund},
    provider::{ProviderError, ProviderRefund, RefundCommand, RefundState},
    store::{self, Claimed, NewRefund},
};

/// Keys at the provider may be forgotten after a day: later it is asked first.
const KEY_SAFE_FOR: Duration = Duration::from_secs(23 * 3600);

/// A refund that is wanted.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Id.
    pub id: RefundId,
    /// How much.
    pub amount: Money,
    /// The vendor who bears it; all in proportion if none is named.
    pub vendor: Option<VendorId>,
    /// Why.
    pub reason: &'a str,
    /// Because the order was called off.
    pub automatic: bool,
}

/// Sets the money aside and has it sent. The payment is locked by the transaction.
pub async fn start_refund(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment, wanted: Wanted<'_>) -> Result<()> {
    if !payment.is_captured() {
        return Err(PaymentError::NotCaptured.into());
    }
    if payment.amount.is_zero() {
        return Err(PaymentError::NothingPaid.into());
    }
    let parts = store::read_parts(tx, payment.id).await?;
    if wanted.vendor.is_some_and(|vendor| parts.iter().all(|part| part.vendor_id != vendor)) {
        return Err(PaymentError::NoPart.into());
    }
    let shares = ledger::share(&parts, wanted.amount, wanted.vendor)?;
    let shares = shares.map_err(|left| too_much(payment, left))?;
    let shares = parts.iter().map(|part| part.vendor_id).zip(shares).filter(|(_, share)| !share.is_zero());
    let shares: Vec<(VendorId, Money)> = shares.collect();
    if payment.direct_parts().is_empty() || shares.len() == 1 {
        return set_aside(app, tx, payment, &wanted, &shares).await;
    }
    // The provider has it in a part per vendor, and each goes back out of its own.
    for (n, (vendor, amount)) in shares.into_iter().enumerate() {
        let of_part = RefundId::derived("refund.direct", &[&wanted.id.to_string(), &vendor.to_string()]);
        let id = if n == 0 { wanted.id } else { of_part };
        let wanted = Wanted { id, amount, vendor: Some(vendor), ..wanted };
        set_aside(app, tx, payment, &wanted, &[(vendor, amount)]).await?;
    }
    Ok(())
}

async fn set_aside(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    wanted: &Wanted<'_>,
    shares: &[(VendorId, Money)],
) -> Result<()> {
    let now = app.clock.now();
    // First back to the provider what it has; the rest was paid with stored value and goes there.
    let at_provider = wanted.amount.amount_minor.min(payment.left_at_provider()?.amount_minor);
    let direct = match shares {
        [(vendor, amount)] if let Some(part) = payment.direct_of(*vendor) => {
            pay_directly::of_refund(tx, payment, part, *amount).await?
        }
        _ => Money::zero(wanted.amount.currency),
    };
    let refund = NewRefund {
        id: wanted.id,
        payment_id: payment.id,
        amount: wanted.amount,
        credit: wanted.amount.minus(Money::new(at_provider, wanted.amount.currency))?,
        direct,
        shares,
        reason: wanted.reason,
        automatic: wanted.automatic,
        now,
        check_at: next_check(now, 1),
    };
    match store::begin_refund(tx, &refund).await? {
        Claimed::Yes => app.jobs.enqueue(tx, jobs::REFUND, &wanted.id.to_string(), &wanted.id).await,
        Claimed::TooMuch => Err(too_much(payment, payment.left()?).into()),
    }
}

fn too_much(payment: &Payment, left: Money) -> PaymentError {
    if payment.disputed.is_zero() {
        PaymentError::OverRefund { left }
    } else {
        PaymentError::Disputed { left, disputed: payment.disputed }
    }
}

/// The order is called off: everything that is left goes back, once. What is disputed goes back, too, once the dispute is
/// won.
pub async fn return_everything(app: &Arc<Payments>, tx: &mut Tx, id: PaymentId) -> Result<()> {
    return_rest(app, tx, id, RefundId::derived("refund.order_cancelled", &[&id.to_string()])).await
}

/// The same under this id. It is derived, so a second attempt would be refused.
pub(super) async fn return_rest(app: &Arc<Payments>, tx: &mut Tx, id: PaymentId, refund: RefundId) -> Result<()> {
    let payment = store::lock_payment(tx, id).await?;
    if payment.amount.is_zero() {
        return undo_free(app, tx, &payment, None).await;
    }
    let left = payment.left()?;
    if left.is_zero() {
        return Ok(());
    }
    let wanted =
        Wanted { id: refund, amount: left, vendor: None, reason: "The order was called off.", automatic: true };
    start_refund(app, tx, &payment, wanted).await
}

/// Sends a refund, or asks how it stands if it was sent. For the job and for the reconciler: however
/// often it runs, the money goes once, because the key is the same.
pub async fn carry_out(app: &Arc<Payments>, id: RefundId) -> Result<()> {
    let refund = store::read_refund(&app.db, id).await?.ok_or(PaymentError::NotFound)?;
    if !refund.is_pending() {
        return Ok(());
    }
    let payment = store::read_payment(&app.db, refund.payment_id).await?.ok_or(PaymentError::NotFound)?;
    let outcome = match refund.at_provider().is_zero() {
        // All of it was paid with stored value: there is nobody to ask.
        true => Outcome::Restored,
        false => ask_provider(app, &payment, &refund).await?,
    };
    let this = app.clone();
    app.db.write(async move |tx| settle(&this, tx, &refund, &outcome).await).await
}

async fn ask_provider(app: &Arc<Payments>, payment: &Payment, refund: &Refund) -> Result<Outcome> {
    match send(app, payment, refund).await {
        Ok(seen) => Ok(Outcome::of(refund, seen)),
        Err(ProviderError::Refused { reason }) => Ok(Outcome::Failed { reason, provider_ref: None }),
        // It knew this refund before: whether the money went, somebody has to find out.
        Err(ProviderError::NotFound) if let Some(provider_ref) = refund.provider_ref.clone() => {
            Ok(Outcome::Strange { provider_ref })
        }
        Err(ProviderError::NotFound) => {
            Ok(Outcome::Failed { reason: "unknown_at_provider".to_owned(), provider_ref: None })
        }
        Err(error @ ProviderError::NoAnswer(_)) => Err(error.into()),
    }
}

async fn send(app: &Arc<Payments>, payment: &Payment, refund: &Refund) -> Result<ProviderRefund, ProviderError> {
    let provider = app.providers.get(&payment.provider).map_err(|e| ProviderError::NoAnswer(e.to_string()))?;
    if let Some(known) = &refund.provider_ref {
        return provider.fetch_refund(known).await;
    }
    let payment_ref = payment.provider_ref.as_deref().unwrap_or_default();
    if app.clock.now().since(refund.created_at) > KEY_SAFE_FOR
        && let Some(sent) = provider.find_refund(payment_ref, refund.id).await?
    {
        return Ok(sent);
    }
    let command = RefundCommand {
        key: if kernel::planted!(14) {
            app.clock.now().to_string()
        } else {
            payment.key(&format!("refund:{}", refund.id))
        },
        payment_ref: payment_ref.to_owned(),
        refund_id: refund.id,
        amount: refund.at_provider(),
        reason: refund.reason.clone(),
        direct: pay_directly::direct_refund(payment, refund).map_err(|e| ProviderError::NoAnswer(e.to_string()))?,
    };
    provider.refund(command).await
}

/// What became of a refund.
enum Outcome {
    Pending {
        provider_ref: String,
    },
    Succeeded {
        provider_ref: String,
    },
    /// No provider has any part in it.
    Restored,
    Failed {
        reason: String,
        provider_ref: Option<String>,
    },
    /// The provider speaks of another amount, or of nothing any more: somebody has to look.
    Strange {
        provider_ref: String,
    },
}

impl Outcome {
    fn of(refund: &Refund, seen: ProviderRefund) -> Self {
        let provider_ref = seen.id;
        if seen.amount != refund.at_provider() {
            return Self::Strange { provider_ref };
        }
        match seen.state {
            RefundState::Pending => Self::Pending { provider_ref },
            RefundState::Succeeded => Self::Succeeded { provider_ref },
            RefundState::Failed => {
                Self::Failed { reason: "returned_by_bank".to_owned(), provider_ref: Some(provider_ref) }
            }
        }
    }
}

async fn settle(app: &Arc<Payments>, tx: &mut Tx, refund: &Refund, outcome: &Outcome) -> Result<()> {
    let payment = store::lock_payment(tx, refund.payment_id).await?;
    match outcome {
        Outcome::Pending { provider_ref } => store::note_refund(tx, refund.id, provider_ref).await,
        Outcome::Strange { provider_ref } => {
            let order = Some(payment.order_id);
            review(app, tx, &payment.provider, provider_ref, "strange_refund", order, Some(refund.amount)).await
        }
        Outcome::Succeeded { provider_ref } => {
            store::note_refund(tx, refund.id, provider_ref).await?;
            succeed(app, tx, &payment, refund).await
        }
        Outcome::Restored => succeed(app, tx, &payment, refund).await,
        Outcome::Failed { reason, provider_ref } => {
            if let Some(provider_ref) = provider_ref {
                store::note_refund(tx, refund.id, provider_ref).await?;
            }
            if store::end_refund(tx, refund.id, "failed", Some(reason), app.clock.now()).await? {
                came_back(app, tx, &payment, refund, reason).await?;
            }
            Ok(())
        }
    }
}

async fn succeed(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment, refund: &Refund) -> Result<()> {
    if store::end_refund(tx, refund.id, "succeeded", None, app.clock.now()).await? {
        arrived(app, tx, payment, refund).await?;
        has_gone_back(app, tx, refund.id).await?;
    }
    Ok(())
}

/// It has arrived: counted, posted and told.
async fn arrived(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment, refund: &Refund) -> Result<()> {
    let by_vendor = store::shares_of(tx, refund).await?;
    let parts = store::read_parts(tx, payment.id).await?;
    // In one order, so that two refunds do not wait for each other.
    let vendors: BTreeSet<VendorId> = parts.iter().map(|part| part.vendor_id).collect();
    for vendor in vendors {
        store::lock_vendor(tx, vendor).await?;
    }
    let now = app.clock.now();
    let mut shares = Vec::with_capacity(by_vendor.len());
    let is_last = payment.settled.plus(payment.lost)?.plus(refund.amount)? == payment.captured;
    for part in parts {
        if let Some((_, share)) = by_vendor.iter().find(|(vendor, _)| *vendor == part.vendor_id) {
            store::settle_part(tx, payment.id, part.vendor_id, *share).await?;
            shares.push((part, *share));
        } else if part.total.is_zero() && is_last {
            shares.push((part, Money::zero(refund.amount.currency)));
        }
    }
    let refunded_total = store::settle_payment(tx, payment.id, refund.amount).await?;
    let sale = sale_of(payment);
    let legs = restore(app, tx, payment, refund).await?;
    let entry = ledger::refund(&sale, refund.id, refund.amount, &shares)?;
    store::post(tx, &ledger::credits::with_credits(entry, &legs)?, now).await?;
    pay_directly::book_refunded(tx, payment, refund, now).await?;
    use_reserves(tx, &sale, &refund.id.to_string(), &shares, now).await?;
    let event = PaymentRefunded {
        payment_id: payment.id,
        order_id: payment.order_id,
        refund_id: refund.id,
        amount: refund.amount,
        refunded_total,
        by_vendor,
        at: now,
    };
    app.outbox.publish(tx, &event).await
}

/// It failed: what was set aside may go back again, and whoever asked is told. Nobody is waiting for the answer of an
/// automatic one, and of an order that was called off everything has to go back, whoever asked: then somebody has to look.
async fn came_back(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment, refund: &Refund, reason: &str) -> Result<()> {
    let shares = store::shares_of(tx, refund).await?;
    store::take_back(tx, refund, &shares).await?;
    let failed = PaymentRefundFailed {
        payment_id: payment.id,
        order_id: payment.order_id,
        refund_id: refund.id,
        reason: reason.to_owned(),
    };
    app.outbox.publish(tx, &failed).await?;
    if refund.automatic || payment.order_cancelled {
        let (provider_ref, order) = (payment.provider_ref.as_deref().unwrap_or_default(), Some(payment.order_id));
        review(app, tx, &payment.provider, provider_ref, "refund_failed", order, Some(refund.amount)).await?;
        return has_failed_again(app, tx, payment, reason).await;
    }
    Ok(())
}
