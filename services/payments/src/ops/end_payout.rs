//! An admin says what the bank says: a payout was sent, has been paid, or has failed. What a provider says of its own ends
//! here, too.

use std::sync::Arc;

use contracts::payouts::{PayoutFailed, PayoutPaid, PayoutStatus, PayoutView};
use db::Tx;
use kernel::{PayoutId, Result};

use crate::{
    Payments,
    error::PaymentError,
    model::payouts::Payout,
    store::{self, Step},
};

/// As it is shown: the number of the account not whole, and without what was taken back of it.
pub fn view(payout: &Payout) -> PayoutView {
    PayoutView {
        id: payout.id,
        vendor_id: payout.vendor_id,
        period: payout.period.clone(),
        amount: payout.amount,
        status: payout.status,
        account: payout.payee.masked(),
        provider: payout.payee.at_provider().map(|(name, _)| name.to_owned()),
        failure: payout.failure.clone(),
        attempt: payout.attempt,
        created_at: payout.created_at,
        sent_at: payout.sent_at,
        ended_at: payout.ended_at,
        reversals: Vec::new(),
    }
}

/// The payout, with its vendor's balance held until the transaction ends.
pub(super) async fn locked(tx: &mut Tx, id: PayoutId) -> Result<Payout> {
    let known = store::payout_within(tx, id).await?.ok_or(PaymentError::NoPayout)?;
    store::lock_vendor(tx, known.vendor_id).await?;
    Ok(store::payout_within(tx, id).await?.ok_or(PaymentError::NoPayout)?)
}

/// What has become of a payout.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Given to the bank.
    Sent,
    /// It has left the account.
    Paid,
    /// The bank did not take it: the vendor has the amount in its balance again.
    Failed {
        /// Why.
        reason: String,
    },
    /// It had left the account, and the vendor's bank has sent it back: the same.
    Returned {
        /// Why.
        reason: String,
    },
}

/// Notes it, once: state, ledger entry and event are one transaction.
///
/// # Errors
/// Conflict if the payout is over (of one that came back: if it was not paid to a bank), or was sent before, or if a provider
/// says what becomes of it.
pub async fn end_payout(app: &Arc<Payments>, id: PayoutId, outcome: Outcome) -> Result<PayoutView> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let before = locked(tx, id).await?;
            by_hand(&this, &before)?;
            let step = match &outcome {
                Outcome::Sent => Step::Sent,
                Outcome::Paid => Step::Paid,
                Outcome::Failed { reason } => Step::Failed { reason },
                Outcome::Returned { reason } => Step::Returned { reason },
            };
            Ok(view(&end(&this, tx, &before, &step).await?))
        })
        .await
}

/// As long as a provider is asked about it nobody else says what becomes of a payout.
fn by_hand(app: &Payments, payout: &Payout) -> Result<()> {
    match payout.payee.at_provider() {
        Some((name, _)) if payout.is_asked && app.providers.paying(name).is_some() => {
            Err(PaymentError::PaidByProvider.into())
        }
        _ => Ok(()),
    }
}

/// The same of a payout that is [`locked`], in the transaction that has locked it.
pub(super) async fn end(app: &Arc<Payments>, tx: &mut Tx, before: &Payout, step: &Step<'_>) -> Result<Payout> {
    if !store::move_payout(tx, before.id, step, app.clock.now()).await? {
        return Err(PaymentError::PayoutElsewhere(before.status).into());
    }
    let payout = store::payout_within(tx, before.id).await?.ok_or(PaymentError::NoPayout)?;
    book(app, tx, &payout, before.status).await?;
    Ok(payout)
}

async fn book(app: &Arc<Payments>, tx: &mut Tx, payout: &Payout, before: PayoutStatus) -> Result<()> {
    let (now, payout_id, vendor_id) = (app.clock.now(), payout.id, payout.vendor_id);
    let (amount, period) = (payout.amount, payout.period.clone());
    match payout.status {
        PayoutStatus::Created | PayoutStatus::Sent => Ok(()),
        PayoutStatus::Paid => {
            store::post(tx, &payout.for_ledger().paid()?, now).await?;
            app.outbox.publish(tx, &PayoutPaid { payout_id, vendor_id, amount, period, at: now }).await
        }
        PayoutStatus::Failed => {
            let is_lost = kernel::planted!(26) && payout.payee.at_provider().is_some();
            if !is_lost {
                let of_ledger = payout.for_ledger();
                let entry = if before == PayoutStatus::Paid { of_ledger.returned()? } else { of_ledger.failed()? };
                store::post(tx, &entry, now).await?;
            }
            let reason = payout.failure.clone().unwrap_or_default();
            app.outbox.publish(tx, &PayoutFailed { payout_id, vendor_id, amount, period, reason, at: now }).await
        }
    }
}
