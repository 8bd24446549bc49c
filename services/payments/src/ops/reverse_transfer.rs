//! What vendors were paid and are not owed any more is taken back from their accounts at a provider, where that is wanted and the
//! provider can do it. As with payouts the call is made outside of any transaction, under a key that is derived, and whoever does
//! not know whether it was done asks first. What is refused is left to the next payouts.

use std::sync::Arc;

use contracts::{payouts::PayoutView, reversals::ReversalStatus};
use db::{Db, Tx};
use kernel::{Currency, Error, Money, PayoutId, Result, VendorId};

use super::{
    end_payout::{locked, view},
    next_check, review,
};
use crate::{
    Payments,
    error::PaymentError,
    jobs,
    model::{
        payouts::{Payout, Recovery},
        reversals::{Reversal, ReversalRef, spread},
    },
    provider::{
        ProviderError,
        payouts::{ProviderReversal, ReversalCommand, Reversals},
    },
    store,
};

/// Vendors looked at in one statement.
const VENDORS: i64 = 100;
/// Payouts of which something is taken back at once.
const PAYOUTS: i64 = 10;
/// Reversals of a payout that are shown.
const SHOWN: usize = 50;

/// Looks for vendors that have less than nothing, and takes it back of what they were paid, where providers are set up so.
pub async fn take_back_shortfalls(app: &Arc<Payments>) -> Result<()> {
    for (provider, recovery) in &app.payouts.recover {
        if *recovery != Recovery::Reversal {
            continue;
        }
        let mut after = String::new();
        loop {
            let vendors = store::vendors_paid_by(&app.db, provider, &after, VENDORS).await?;
            let Some(last) = vendors.last() else { break };
            after = last.to_string();
            for (vendor, currency) in store::with_too_little(&app.db, &vendors, app.clock.now()).await? {
                let (this, provider) = (app.clone(), provider.clone());
                let begun = app.db.write(async move |tx| take_back(&this, tx, &provider, vendor, currency).await).await;
                if let Err(error) = begun {
                    // One of whom nothing can be taken back does not keep the others from being paid.
                    tracing::warn!(%vendor, %error, "what is owed could not be taken back, will try again");
                }
            }
        }
    }
    Ok(())
}

/// What one vendor has too little. What is held for disputes does not count: nobody knows yet whether it is lost.
async fn take_back(
    app: &Arc<Payments>,
    tx: &mut Tx,
    provider: &str,
    vendor: VendorId,
    currency: Currency,
) -> Result<()> {
    if !store::lock_vendor(tx, vendor).await? || store::is_reversing(tx, vendor, currency).await? {
        return Ok(());
    }
    let now = app.clock.now();
    let available = store::balance_within(tx, vendor, currency, now).await?.available()?;
    let missing = available.plus(store::held_within(tx, vendor, currency).await?)?.negated()?;
    if missing.amount_minor <= 0 {
        return Ok(());
    }
    let payouts = store::reversible(tx, provider, vendor, currency, PAYOUTS).await?;
    for (id, share) in spread(missing.amount_minor, &payouts) {
        let payout = store::payout_within(tx, id).await?.ok_or(PaymentError::NoPayout)?;
        let Some(transfer_ref) = payout.transfer_ref.clone() else { continue };
        let (amount, check_at) = (Money::new(share, currency), next_check(now, 1));
        let of = (provider, transfer_ref.as_str());
        let reversal = store::insert_reversal(tx, &payout, of, amount, (now, check_at)).await?;
        app.jobs.enqueue(tx, jobs::REVERSE_TRANSFER, &reversal.key(), &reversal).await?;
    }
    Ok(())
}

/// Asks the provider for it, or how it stands if it was asked. For the job and for the reconciler, however often either runs.
///
/// # Errors
/// Unavailable as long as nobody knows what has become of it.
pub async fn reverse_transfer(app: &Arc<Payments>, id: ReversalRef) -> Result<()> {
    let Some(reversal) = store::read_reversal(&app.db, id).await?.filter(Reversal::is_under_way) else {
        return Ok(());
    };
    let provider = app.providers.paying(&reversal.provider).ok_or(PaymentError::NoProvider)?;
    let reversals = provider.reversals().ok_or(PaymentError::NoProvider)?;
    let is_first = reversal.status == ReversalStatus::Created
        && app.db.write(async move |tx| store::begin_reversal(tx, id).await).await?;
    let fate = match find_or_reverse(reversals, &reversal, is_first).await {
        Ok(seen) if seen.amount == reversal.amount && seen.key == id.key() => Fate::Done { reversal_ref: seen.id },
        Ok(seen) => Fate::Strange { why: format!("took back {} instead", seen.amount) },
        Err(ProviderError::Refused { reason }) => Fate::Refused { why: reason.replace('_', " ") },
        Err(ProviderError::NotFound) => Fate::Refused { why: "knows no such transfer".to_owned() },
        Err(error) => return Err(error.into()),
    };
    let (this, label) = (app.clone(), provider.label());
    app.db.write(async move |tx| settle(&this, tx, id, &fate, label).await).await
}

async fn find_or_reverse(
    reversals: &dyn Reversals,
    reversal: &Reversal,
    is_first: bool,
) -> Result<ProviderReversal, ProviderError> {
    let key = reversal.id.key();
    if !is_first && let Some(done) = reversals.find_reversal(&reversal.transfer_ref, &key).await? {
        return Ok(done);
    }
    let command = ReversalCommand {
        key,
        transfer_ref: reversal.transfer_ref.clone(),
        amount: reversal.amount,
        description: "Souk, taken back of a payout".to_owned(),
    };
    reversals.reverse(command).await
}

/// What the provider says.
enum Fate {
    Done { reversal_ref: String },
    Refused { why: String },
    Strange { why: String },
}

async fn settle(app: &Arc<Payments>, tx: &mut Tx, id: ReversalRef, fate: &Fate, label: &str) -> Result<()> {
    let payout = locked(tx, id.payout_id).await?;
    let known = store::reversal_within(tx, id).await?;
    // Another runner was faster.
    let Some(reversal) = known.filter(|known| known.status == ReversalStatus::Sent) else { return Ok(()) };
    let (status, reversal_ref, failure) = match fate {
        Fate::Done { reversal_ref } => (ReversalStatus::Done, Some(reversal_ref.as_str()), None),
        Fate::Refused { why } => (ReversalStatus::Refused, None, Some(format!("{label}: {why}"))),
        Fate::Strange { why } => (ReversalStatus::Strange, None, Some(format!("{label}: {why}"))),
    };
    let now = app.clock.now();
    if !store::end_reversal(tx, &reversal, status, reversal_ref, failure.as_deref(), now).await? {
        return Err(Error::internal(format!("{} is not under way any more", id.key())));
    }
    let problem = match status {
        ReversalStatus::Refused => "refused_reversal",
        ReversalStatus::Strange => "strange_reversal",
        ReversalStatus::Created | ReversalStatus::Sent | ReversalStatus::Done => {
            return store::post(tx, &payout.for_ledger().reversed(id.number, reversal.amount)?, now).await;
        }
    };
    let of_transfer = &reversal.transfer_ref;
    review(app, tx, &reversal.provider, of_transfer, problem, None, Some(reversal.amount)).await
}

/// Payouts as they are shown, with what was taken back of them. Only those of which something was are asked about.
pub async fn payout_views(db: &Db, payouts: &[Payout]) -> Result<Vec<PayoutView>> {
    let ids: Vec<PayoutId> = payouts.iter().filter(|payout| payout.reversals > 0).map(|payout| payout.id).collect();
    let reversals = if ids.is_empty() { Vec::new() } else { store::reversals_of(db, &ids).await? };
    let shown = |payout: &Payout| {
        let own = reversals.iter().filter(|reversal| reversal.id.payout_id == payout.id);
        PayoutView { reversals: own.take(SHOWN).map(Reversal::view).collect(), ..view(payout) }
    };
    Ok(payouts.iter().map(shown).collect())
}
