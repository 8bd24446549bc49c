//! One payout: of all that a vendor has available in a currency, once per period.

use std::sync::Arc;

use contracts::payouts::{PayoutCreated, PayoutRunLine, PayoutStatus, RunOutcome};
use db::Tx;
use kernel::{Currency, Error, Money, PayoutId, Result, Timestamp, VendorId};

use super::{
    end_payout::{locked, view},
    next_check,
};
use crate::{
    Payments,
    error::PaymentError,
    jobs,
    model::{
        payee::Payee,
        payouts::{Facts, Payout, Period, Place, decide, payout_id},
    },
    store,
};

/// A payout that is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Whose.
    pub vendor: VendorId,
    /// In which currency.
    pub currency: Currency,
    /// For which period.
    pub period: Period,
    /// The vendor's smallest payout.
    pub minimum_minor: i64,
    /// Only asked what would become of it.
    pub is_dry: bool,
}

/// Makes the payout, or says why there is none. The vendor's row is locked first, so of several at once each sees what the
/// one before has taken; the unique key of vendor, currency and period has the last word.
pub async fn pay_out(app: &Arc<Payments>, tx: &mut Tx, wanted: &Wanted) -> Result<PayoutRunLine> {
    let Wanted { vendor, currency, ref period, .. } = *wanted;
    if !store::lock_vendor(tx, vendor).await? {
        return Err(Error::not_found("vendor"));
    }
    let (place, payee) = place_of(app, tx, vendor).await?;
    let balance = store::balance_within(tx, vendor, currency, period.until).await?;
    let available = balance.available()?;
    let available = if kernel::planted!(29) { available.plus(balance.pending)? } else { available };
    let facts = Facts {
        available,
        minimum_minor: wanted.minimum_minor,
        place,
        is_paid_before: store::has_payout(tx, vendor, currency, &period.name).await?,
    };
    let mut line = PayoutRunLine { vendor_id: vendor, available, outcome: decide(&facts), payout_id: None };
    let (RunOutcome::Payout, Some(payee), false) = (line.outcome, payee, wanted.is_dry) else { return Ok(line) };
    let payout = Payout {
        id: payout_id(vendor, currency, &period.name),
        vendor_id: vendor,
        period: period.name.clone(),
        amount: available,
        status: PayoutStatus::Created,
        attempt: 1,
        payee,
        failure: None,
        created_at: app.clock.now(),
        sent_at: None,
        ended_at: None,
        transfer_ref: None,
        is_asked: false,
        reversals: 0,
        reversed: Money::zero(currency),
    };
    if store::insert_payout(tx, &payout, available, first_check(app, &payout.payee)).await? {
        set_aside(app, tx, &payout).await?;
        line.payout_id = Some(payout.id);
    } else {
        line.outcome = RunOutcome::PaidBefore;
    }
    Ok(line)
}

/// Where a vendor is paid to, and whether that is possible: at the provider that it has chosen, otherwise at its bank.
async fn place_of(app: &Payments, tx: &mut Tx, vendor: VendorId) -> Result<(Place, Option<Payee>)> {
    if store::is_suspended(tx, vendor).await? {
        return Ok((Place::Suspended, None));
    }
    let Some(chosen) = store::chosen_recipient(tx, vendor).await? else {
        let payee = store::payee_within(tx, vendor).await?;
        return Ok((if payee.is_some() { Place::Ready } else { Place::None }, payee));
    };
    let takes_money = chosen.is_ready && app.providers.paying(&chosen.provider).is_some();
    Ok(if takes_money { (Place::Ready, chosen.payee()) } else { (Place::NotReady, None) })
}

/// When a provider is asked about a new payout, should the job that sends it be lost.
fn first_check(app: &Payments, payee: &Payee) -> Option<Timestamp> {
    payee.at_provider().map(|_| next_check(app.clock.now(), 1))
}

/// Takes the amount out of the vendor's balance, has it sent if a provider does that, and tells.
async fn set_aside(app: &Arc<Payments>, tx: &mut Tx, payout: &Payout) -> Result<()> {
    let now = app.clock.now();
    store::post(tx, &payout.for_ledger().made()?, now).await?;
    if payout.payee.at_provider().is_some() {
        app.jobs.enqueue(tx, jobs::SEND_PAYOUT, &payout.key(), &payout.id).await?;
    }
    let event = PayoutCreated {
        payout_id: payout.id,
        vendor_id: payout.vendor_id,
        amount: payout.amount,
        period: payout.period.clone(),
        at: now,
    };
    app.outbox.publish(tx, &event).await
}

/// An admin tries a failed payout again: the same amount, to where the vendor is paid now.
///
/// # Errors
/// Conflict if it has not failed, if the vendor is suspended, has less than that available, or no account that takes money.
pub async fn retry_payout(app: &Arc<Payments>, id: PayoutId) -> Result<contracts::payouts::PayoutView> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let payout = locked(tx, id).await?;
            if payout.status != PayoutStatus::Failed {
                return Err(PaymentError::PayoutElsewhere(payout.status).into());
            }
            let payee = match place_of(&this, tx, payout.vendor_id).await? {
                (Place::Ready, Some(payee)) => payee,
                (Place::Suspended, _) => return Err(PaymentError::VendorSuspended.into()),
                (Place::NotReady, _) => return Err(PaymentError::PayoutAccountNotReady.into()),
                (Place::Ready | Place::None, _) => return Err(PaymentError::NoPayoutAccount.into()),
            };
            let now = this.clock.now();
            let balance = store::balance_within(tx, payout.vendor_id, payout.amount.currency, now).await?;
            let available = balance.available()?;
            if !store::try_again(tx, &payout, &payee, available, now, first_check(&this, &payee)).await? {
                return Err(PaymentError::NotAvailable { available }.into());
            }
            let payout = store::payout_within(tx, id).await?.ok_or(PaymentError::NoPayout)?;
            set_aside(&this, tx, &payout).await?;
            Ok(view(&payout))
        })
        .await
}
