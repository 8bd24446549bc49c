//! Reserves: part of each sale of a vendor is held back for some days, in case it has to be given back.

use std::{sync::Arc, time::Duration};

use contracts::reserves::{ReserveTerms, VendorMoney};
use db::Tx;
use kernel::{Error, Money, PaymentId, Result, Timestamp, VendorId, VendorScope};

use super::{absorb::sale_of, payouts_overview::balances};
use crate::{
    Payments,
    ledger::{self, Part, Sale},
    model::Payment,
    store,
};

/// Released in one round.
const BATCH: i64 = 200;
const DAY_S: u64 = 24 * 3600;

/// Holds back what the terms of its vendors say of a payment that is captured now.
pub(super) async fn hold_reserves(tx: &mut Tx, payment: &Payment, parts: &[Part], now: Timestamp) -> Result<()> {
    let terms = store::reserve_terms_of_payment(tx, payment.id).await?;
    let mut held = Vec::with_capacity(terms.len());
    for part in parts {
        let Some(terms) = terms.get(&part.vendor_id) else { continue };
        let amount = part.net(part.total)?.basis_points(terms.rate_bp)?;
        if amount.amount_minor > 0 {
            let days = u64::try_from(terms.days).map_err(Error::internal)?;
            let until = now.plus(Duration::from_secs(days * DAY_S));
            store::insert_reserve(tx, payment.id, part.vendor_id, amount, (now, until)).await?;
            held.push((part.vendor_id, amount));
        }
    }
    if held.is_empty() {
        return Ok(());
    }
    store::post(tx, &ledger::reserves::held(&sale_of(payment), &held)?, now).await
}

/// What goes back of a sale is taken from its own reserves first. `shares` is what goes back of each part, given as they stood
/// before; `cause` names the refund or the dispute.
pub(super) async fn use_reserves(
    tx: &mut Tx,
    sale: &Sale<'_>,
    cause: &str,
    shares: &[(Part, Money)],
    now: Timestamp,
) -> Result<()> {
    let left = store::reserves_left(tx, sale.payment_id).await?;
    let mut used = Vec::with_capacity(left.len());
    for (part, share) in shares {
        let Some(left) = left.get(&part.vendor_id) else { continue };
        let minor = part.net(*share)?.amount_minor.clamp(0, left.amount_minor);
        if minor > 0 {
            let amount = Money::new(minor, left.currency);
            store::use_reserve(tx, sale.payment_id, part.vendor_id, amount).await?;
            used.push((part.vendor_id, amount));
        }
    }
    if used.is_empty() {
        return Ok(());
    }
    store::post(tx, &ledger::reserves::used(sale, cause, &used)?, now).await
}

/// Releases those whose days are over, each once.
pub async fn release_reserves(app: &Arc<Payments>) -> Result<()> {
    loop {
        let due = store::due_reserves(&app.db, app.clock.now(), BATCH).await?;
        for (payment, vendor) in &due {
            release(app, *payment, *vendor).await?;
        }
        if i64::try_from(due.len()).is_ok_and(|n| n < BATCH) {
            return Ok(());
        }
    }
}

async fn release(app: &Arc<Payments>, payment: PaymentId, vendor: VendorId) -> Result<()> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let payment = store::lock_payment(tx, payment).await?;
            let Some(amount) = store::release_reserve(tx, payment.id, vendor).await? else { return Ok(()) };
            let entry = ledger::reserves::released(&sale_of(&payment), vendor, amount)?;
            store::post(tx, &entry, this.clock.now()).await
        })
        .await
}

/// What a vendor has, for admins.
///
/// # Errors
/// Not found, if no event has told of such a vendor.
pub async fn vendor_money(app: &Arc<Payments>, vendor: VendorId) -> Result<VendorMoney> {
    let known = store::commission_terms(&app.db, vendor).await?;
    known.ok_or_else(|| Error::not_found("vendor"))?;
    money(app, &VendorScope::of_system(vendor)).await
}

async fn money(app: &Arc<Payments>, scope: &VendorScope) -> Result<VendorMoney> {
    Ok(VendorMoney {
        balances: balances(app, scope, app.clock.now()).await?,
        reserve: store::reserve_terms(&app.db, scope).await?,
    })
}

/// Sets what is held back of a vendor's sales from now on. What is held already stays until its day.
pub async fn set_reserve(app: &Arc<Payments>, vendor: VendorId, terms: ReserveTerms) -> Result<VendorMoney> {
    app.db
        .write(async move |tx| {
            if !store::lock_vendor(tx, vendor).await? {
                return Err(Error::not_found("vendor"));
            }
            store::set_reserve_terms(tx, vendor, terms).await
        })
        .await?;
    tracing::info!(event = "reserve_changed", %vendor, rate_bp = terms.rate_bp, days = terms.days, "reserve changed");
    money(app, &VendorScope::of_system(vendor)).await
}
