//! Takes in what the provider says about a dispute: what the vendors have of it is held, then released or taken. State,
//! ledger and events are one transaction; the same news again changes nothing, and old news moves nothing back.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use contracts::disputes::{DisputeStatus, PaymentDisputeClosed, PaymentDisputeOpened};
use db::Tx;
use kernel::{DisputeId, Money, RefundId, Result, Timestamp, VendorId};

use super::{absorb::sale_of, pay_directly::book_lost, reserves::use_reserves, return_money::return_rest, review};
use crate::{
    Payments,
    error::PaymentError,
    ledger,
    model::{
        Payment,
        disputes::{Dispute, Step, dispute_id, step},
    },
    provider::{ProviderDispute, ProviderError},
    store::{self, NewDispute, Verdict},
};

/// How often the provider is asked about a dispute that is open.
const ASKED_EVERY: Duration = Duration::from_secs(3600);

/// A vendor's part of a dispute: what is disputed of it, and what is held.
type Share = (VendorId, Money, Money);

/// When the provider is asked again.
pub fn next_question(now: Timestamp) -> Timestamp {
    now.plus(ASKED_EVERY)
}

/// Takes it in.
pub async fn absorb_dispute(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment, seen: &ProviderDispute) -> Result<()> {
    let payment = store::lock_payment(tx, payment.id).await?;
    let livemode = app.providers.get(&payment.provider)?.livemode();
    let is_of_payment = payment.is_captured() && seen.amount.currency == payment.amount.currency;
    if !is_of_payment || seen.livemode != livemode || seen.amount.amount_minor <= 0 {
        return doubt(app, tx, &payment, seen, "strange_dispute").await;
    }
    let id = dispute_id(&payment.provider, &seen.id);
    let dispute = match store::find_dispute(tx, id).await? {
        Some(dispute) => dispute,
        None => open(app, tx, &payment, seen, id).await?,
    };
    if dispute.payment_id != payment.id || dispute.amount != seen.amount {
        return doubt(app, tx, &payment, seen, "changed_dispute").await;
    }
    advance(app, tx, &payment, &dispute, seen).await
}

/// Somebody has to look at it.
async fn doubt(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    seen: &ProviderDispute,
    problem: &'static str,
) -> Result<()> {
    let order = Some(payment.order_id);
    review(app, tx, &payment.provider, &seen.id, problem, order, Some(seen.amount)).await
}

/// The provider says that nothing of a payment is disputed, or not any more. Had it told of a dispute, somebody has to look.
pub async fn contradict(app: &Arc<Payments>, tx: &mut Tx, payment: &Payment, name: &str) -> Result<()> {
    let known = store::find_dispute(tx, dispute_id(&payment.provider, name)).await?;
    let Some(dispute) = known.filter(|dispute| dispute.status != DisputeStatus::Won) else { return Ok(()) };
    let (order, amount) = (Some(payment.order_id), Some(dispute.amount));
    review(app, tx, &payment.provider, name, "contradicted_dispute", order, amount).await
}

/// Nobody else changes what these vendors have until the transaction ends; in one order, so that two do not wait for each
/// other.
async fn lock_vendors(tx: &mut Tx, parts: &[ledger::Part]) -> Result<()> {
    let vendors: BTreeSet<VendorId> = parts.iter().map(|part| part.vendor_id).collect();
    for vendor in vendors {
        store::lock_vendor(tx, vendor).await?;
    }
    Ok(())
}

/// It is new. The vendors bear what is left of their parts; what had gone back before is beyond that, and for somebody to
/// tell the provider of.
async fn open(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    seen: &ProviderDispute,
    id: DisputeId,
) -> Result<Dispute> {
    let now = app.clock.now();
    let mut parts = store::read_parts(tx, payment.id).await?;
    lock_vendors(tx, &parts).await?;
    // Where the provider has a part per vendor it is one of these, or what the platform has collected.
    parts.retain(|part| match seen.of_vendor {
        Some(vendor) => part.vendor_id == vendor,
        None => payment.direct_of(part.vendor_id).is_none(),
    });
    // What stored value has covered, nobody can dispute at the provider.
    let left = payment.left_at_provider()?;
    let mut most = left.amount_minor.min(seen.amount.amount_minor);
    if !payment.direct_parts().is_empty() {
        most = most.min(ledger::left(&parts, left.currency)?.amount_minor);
    }
    let bound = Money::new(most, left.currency);
    let shares = shares(payment, &parts, bound)?;
    let dispute = Dispute {
        id,
        payment_id: payment.id,
        provider: payment.provider.clone(),
        provider_ref: seen.id.clone(),
        amount: seen.amount,
        bound,
        reason: seen.reason.clone(),
        status: DisputeStatus::Opened,
        is_withdrawn: false,
        fee: Money::zero(seen.amount.currency),
        fee_changes: 0,
        evidence_due: seen.evidence_due,
        answer: None,
        attempt: 0,
        is_sent: false,
        evidence: None,
        failure: None,
        opened_at: now,
        ended_at: None,
    };
    let new = NewDispute { dispute: &dispute, parts: &shares, check_at: next_question(now) };
    if !store::insert_dispute(tx, &new).await? {
        return Err(PaymentError::OverRefund { left }.into());
    }
    if let Some(entry) = of_ledger(payment, &dispute, &held(&shares)).held()? {
        store::post(tx, &entry, now).await?;
    }
    if bound != seen.amount {
        doubt(app, tx, payment, seen, "dispute_of_returned").await?;
    }
    let event = PaymentDisputeOpened {
        payment_id: payment.id,
        order_id: payment.order_id,
        dispute_id: id,
        amount: seen.amount,
        reason: seen.reason.clone(),
        evidence_due: seen.evidence_due,
        by_vendor: by_vendor(&shares),
        at: now,
    };
    app.outbox.publish(tx, &event).await?;
    Ok(dispute)
}

/// How much of what is bound each part bears, in proportion to what is left of it. A part for which the buyer paid nothing
/// goes with the last of the payment.
fn shares(payment: &Payment, parts: &[ledger::Part], bound: Money) -> Result<Vec<Share>> {
    if bound.is_zero() {
        return Ok(Vec::new());
    }
    let amounts = ledger::share(parts, bound, None)?.map_err(|left| PaymentError::OverRefund { left })?;
    let is_last = payment.left()? == bound;
    let mut shares = Vec::with_capacity(parts.len());
    for (part, amount) in parts.iter().zip(amounts) {
        if !amount.is_zero() || (part.total.is_zero() && is_last) {
            shares.push((part.vendor_id, amount, part.net(amount)?));
        }
    }
    Ok(shares)
}

fn held(shares: &[Share]) -> Vec<(VendorId, Money)> {
    shares.iter().map(|(vendor, _, held)| (*vendor, *held)).collect()
}

fn by_vendor(shares: &[Share]) -> Vec<(VendorId, Money)> {
    shares.iter().map(|(vendor, amount, _)| (*vendor, *amount)).collect()
}

fn of_ledger<'a>(payment: &'a Payment, dispute: &Dispute, held: &'a [(VendorId, Money)]) -> ledger::Dispute<'a> {
    ledger::Dispute { id: dispute.id, sale: sale_of(payment), amount: dispute.amount, held }
}

/// What has changed since: the money, the fee, where it stands.
async fn advance(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    dispute: &Dispute,
    seen: &ProviderDispute,
) -> Result<()> {
    let (now, of_ledger) = (app.clock.now(), of_ledger(payment, dispute, &[]));
    if dispute.status.is_open() {
        let is_taken = seen.is_withdrawn || seen.status == DisputeStatus::Lost;
        if is_taken && !dispute.is_withdrawn {
            store::post(tx, &of_ledger.withdrawn()?, now).await?;
        }
    }
    // A fee may come back after the end.
    if seen.fee != dispute.fee && seen.fee.currency == dispute.fee.currency {
        let change = seen.fee.minus(dispute.fee)?;
        store::post(tx, &of_ledger.fee(change, dispute.fee_changes + 1)?, now).await?;
        store::change_fee(tx, dispute, seen.fee).await?;
    }
    let escalates = seen.is_withdrawn && !dispute.is_withdrawn;
    match step(dispute.status, seen.status, escalates) {
        Step::Stay => store::change_dispute(tx, dispute, seen, dispute.status).await,
        Step::Move(to) if to.is_open() => store::change_dispute(tx, dispute, seen, to).await,
        Step::Move(to) => {
            store::change_dispute(tx, dispute, seen, dispute.status).await?;
            close(app, tx, payment, dispute, seen, to == DisputeStatus::Won).await
        }
        Step::Contradiction => doubt(app, tx, payment, seen, "contradicted_dispute").await,
    }
}

/// It is decided: what was held is released, and taken if it is lost.
async fn close(
    app: &Arc<Payments>,
    tx: &mut Tx,
    payment: &Payment,
    dispute: &Dispute,
    seen: &ProviderDispute,
    is_won: bool,
) -> Result<()> {
    let now = app.clock.now();
    let parts = store::read_parts(tx, payment.id).await?;
    lock_vendors(tx, &parts).await?;
    let shares = store::dispute_parts(tx, dispute).await?;
    if !store::close_dispute(tx, dispute, &Verdict { is_won, parts: &shares, now }).await? {
        return Ok(());
    }
    let held = held(&shares);
    let of_ledger = of_ledger(payment, dispute, &held);
    if is_won {
        if let Some(entry) = of_ledger.won(dispute.is_withdrawn || seen.is_withdrawn)? {
            store::post(tx, &entry, now).await?;
        }
    } else {
        let lost = lost_shares(payment, dispute, parts, &shares)?;
        store::post(tx, &of_ledger.lost(&lost)?, now).await?;
        use_reserves(tx, &of_ledger.sale, &dispute.id.to_string(), &lost, now).await?;
        if let [(vendor, ..)] = shares.as_slice()
            && let Some(part) = payment.direct_of(*vendor)
        {
            book_lost(tx, payment, (dispute.id, dispute.amount), part, now).await?;
        }
    }
    let event = PaymentDisputeClosed {
        payment_id: payment.id,
        order_id: payment.order_id,
        dispute_id: dispute.id,
        amount: dispute.amount,
        is_won,
        by_vendor: by_vendor(&shares),
        at: now,
    };
    app.outbox.publish(tx, &event).await?;
    if is_won && payment.order_cancelled {
        let refund = RefundId::derived("refund.dispute_won", &[&dispute.id.to_string()]);
        return return_rest(app, tx, payment.id, refund).await;
    }
    Ok(())
}

/// What of each part is lost. A part for which the buyer paid nothing goes with the last of the payment.
fn lost_shares(
    payment: &Payment,
    dispute: &Dispute,
    parts: Vec<ledger::Part>,
    shares: &[Share],
) -> Result<Vec<(ledger::Part, Money)>> {
    let is_last = payment.settled.plus(payment.lost)?.plus(dispute.bound)? == payment.captured;
    let mut lost = Vec::with_capacity(shares.len());
    for part in parts {
        let share = shares.iter().find(|(vendor, ..)| *vendor == part.vendor_id).map(|(_, amount, _)| *amount);
        if let Some(share) = share.filter(|share| !share.is_zero()) {
            lost.push((part, share));
        } else if part.total.is_zero() && is_last && !dispute.bound.is_zero() {
            lost.push((part, Money::zero(dispute.amount.currency)));
        }
    }
    Ok(lost)
}

/// Asks the provider about a dispute that is open, and takes the answer in; for the reconciler.
pub async fn look_at_dispute(app: &Arc<Payments>, id: DisputeId) -> Result<()> {
    let Some(dispute) = store::read_dispute(&app.db, id).await?.filter(|dispute| dispute.status.is_open()) else {
        return Ok(());
    };
    let seen = match app.providers.get(&dispute.provider)?.fetch_dispute(&dispute.provider_ref).await {
        Ok(seen) => seen,
        Err(ProviderError::NotFound) => return lost_by_provider(app, &dispute).await,
        Err(error) => return Err(error.into()),
    };
    take_in(app, &dispute, seen).await
}

/// Takes in what was asked for, in a transaction of its own.
pub(super) async fn take_in(app: &Arc<Payments>, dispute: &Dispute, seen: ProviderDispute) -> Result<()> {
    let (this, id) = (app.clone(), dispute.payment_id);
    app.db
        .write(async move |tx| {
            let payment = store::lock_payment(tx, id).await?;
            absorb_dispute(&this, tx, &payment, &seen).await
        })
        .await
}

async fn lost_by_provider(app: &Arc<Payments>, dispute: &Dispute) -> Result<()> {
    let payment = store::read_payment(&app.db, dispute.payment_id).await?.ok_or(PaymentError::NotFound)?;
    let (this, dispute) = (app.clone(), dispute.clone());
    app.db
        .write(async move |tx| {
            let (provider, order, amount) = (&dispute.provider, Some(payment.order_id), Some(dispute.amount));
            review(&this, tx, provider, &dispute.provider_ref, "lost_by_provider", order, amount).await
        })
        .await
}
