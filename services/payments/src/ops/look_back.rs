//! Asks providers what has become of payments that were paid, or given up, a while ago: refunds that somebody made at the
//! provider's own desk, disputes, money that came late. Of most of it providers tell by events; this finds what got lost.

use std::{sync::Arc, time::Duration};

use contracts::payments::PaymentStatus;
use kernel::Result;

use super::{
    absorb::absorb,
    dispute::contradict,
    return_stray::look_at_stray_refund,
    review,
    webhook::{disputed, settle_refunds},
};
use crate::{
    Payments,
    model::Payment,
    provider::{Aftermath, PaymentProvider, ProviderError, ProviderPayment},
    store,
};

/// Payments looked at in one run, of each provider.
const BATCH: i64 = 20;
/// Payments younger than this are still looked at in other ways.
const FIRST_AFTER: Duration = Duration::from_secs(3600);
/// How often one is looked at, if there are not too many.
const AGAIN_AFTER: Duration = Duration::from_secs(6 * 3600);

/// Looks at those of a provider's payments that were not looked at for longest.
pub async fn look_back(app: &Arc<Payments>, provider: &dyn PaymentProvider) -> Result<()> {
    if !provider.looks_back() || app.reconcile.look_back_days == 0 {
        return Ok(());
    }
    let now = app.clock.now();
    let (since, before) = (now.minus(AGAIN_AFTER), now.minus(FIRST_AFTER));
    let oldest = now.minus(app.reconcile.look_back());
    for payment in store::due_looks(&app.db, provider.name(), since, before, BATCH).await? {
        // First of all it is noted, so that one that always fails does not hide others.
        let (id, looked_at) = (payment.id, (payment.created_at > oldest).then_some(now));
        app.db.write(async move |tx| store::note_look(tx, id, looked_at).await).await?;
        if looked_at.is_some() {
            look(app, provider, &payment).await?;
        }
    }
    Ok(())
}

async fn look(app: &Arc<Payments>, provider: &dyn PaymentProvider, payment: &Payment) -> Result<()> {
    let has_ended = matches!(payment.status, PaymentStatus::Failed | PaymentStatus::Cancelled);
    let Some(payment_ref) = payment.provider_ref.as_deref().filter(|_| has_ended || payment.is_captured()) else {
        return Ok(());
    };
    // What stored value has paid whole, no provider knows.
    if payment.charge().is_zero() {
        return Ok(());
    }
    match provider.look_back(payment_ref).await {
        Ok(found) if payment.is_captured() => take_in(app, provider, payment, found).await,
        Ok(found) => take_in_late(app, payment, found).await,
        Err(ProviderError::NotFound) if payment.is_captured() => doubt(app, payment, payment_ref).await,
        // Providers forget; and of a page that nobody has touched some never know.
        Err(ProviderError::NotFound) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// What it has told us to have taken, it knows nothing of: somebody has to look, unless all of it has gone back.
async fn doubt(app: &Arc<Payments>, payment: &Payment, payment_ref: &str) -> Result<()> {
    if payment.settled == payment.charge() {
        return Ok(());
    }
    let (this, payment, payment_ref) = (app.clone(), payment.clone(), payment_ref.to_owned());
    app.db
        .write(async move |tx| {
            let (order, amount) = (Some(payment.order_id), Some(payment.charge()));
            review(&this, tx, &payment.provider, &payment_ref, "lost_by_provider", order, amount).await
        })
        .await
}

/// What has become of the money of an order.
async fn take_in(
    app: &Arc<Payments>,
    provider: &dyn PaymentProvider,
    payment: &Payment,
    found: Aftermath,
) -> Result<()> {
    for refund in &found.refunds {
        if !look_at_stray_refund(app, refund).await? {
            settle_refunds(app, provider.name(), &refund.id, refund, payment).await?;
        }
    }
    let name = provider.name();
    let (this, id) = (app.clone(), payment.id);
    app.db
        .write(async move |tx| {
            let seen = &found.payment;
            absorb(&this, tx, id, seen).await?;
            let payment = store::lock_payment(tx, id).await?;
            if !is_as_booked(&payment, seen)? {
                let order = Some(payment.order_id);
                review(&this, tx, name, &seen.id, "changed_amount", order, Some(seen.captured)).await?;
            }
            for dispute in &found.disputes {
                disputed(&this, tx, id, seen, dispute).await?;
            }
            match &found.undisputed {
                Some(dispute) => contradict(&this, tx, &payment, dispute).await,
                None => Ok(()),
            }
        })
        .await
}

/// False if the provider has taken another amount than the books have. Of a payment that went back whole some say that it
/// was called off, with nothing taken.
fn is_as_booked(payment: &Payment, seen: &ProviderPayment) -> Result<bool> {
    if payment.provider_ref.as_ref() != Some(&seen.id) {
        return Ok(true);
    }
    let (charge, left) = (payment.charge(), payment.charge().minus(payment.settled)?);
    let is_taken = (left.amount_minor..=charge.amount_minor).contains(&seen.captured.amount_minor);
    Ok(is_taken && seen.captured.currency == charge.currency)
}

/// Money in a payment that we gave up; one without any stays given up.
async fn take_in_late(app: &Arc<Payments>, payment: &Payment, found: Aftermath) -> Result<()> {
    let seen = found.payment;
    if seen.captured.amount_minor <= 0 {
        return Ok(());
    }
    let reviewed = store::reviewed_refs(&app.db, &payment.provider, &[seen.id.as_str()]).await?;
    if !reviewed.is_empty() {
        return Ok(());
    }
    let (this, id) = (app.clone(), payment.id);
    app.db.write(async move |tx| absorb(&this, tx, id, &seen).await).await
}
