//! Vendors who get their parts of a payment from the provider itself: who that is, is decided once, before the provider is
//! called; what has gone to them and come back from them is booked with the capture, the refund, the lost dispute.

use std::sync::Arc;

use db::Tx;
use kernel::{DisputeId, Money, Result, Timestamp};

use super::absorb::sale_of;
use crate::{
    Payments,
    jobs::{self, Account},
    ledger,
    model::{Payment, Refund, direct},
    provider::direct::{DirectPart, DirectRefund},
    store,
};

/// What vendors are to get of a payment themselves. What stored value has paid in part, or has more parts than the provider
/// takes in one payment, the platform collects whole.
pub(super) async fn decide(app: &Arc<Payments>, payment: &Payment) -> Result<Vec<DirectPart>> {
    let most = app.providers.get(&payment.provider)?.pays_directly();
    let (Some(most), None) = (most, &payment.direct) else { return Ok(payment.direct_parts().to_vec()) };
    let id = payment.id;
    app.db
        .write(async move |tx| {
            let payment = store::lock_payment(tx, id).await?;
            if payment.direct.is_none() {
                let parts = parts(tx, &payment, most).await?;
                store::decide_direct(tx, id, &parts).await?;
                return Ok(parts);
            }
            Ok(payment.direct_parts().to_vec())
        })
        .await
}

async fn parts(tx: &mut Tx, payment: &Payment, most: usize) -> Result<Vec<DirectPart>> {
    let accounts = store::direct_accounts(tx, payment.id, &payment.provider).await?;
    if accounts.is_empty() || payment.charge() != payment.amount {
        return Ok(Vec::new());
    }
    let all = store::read_parts(tx, payment.id).await?;
    if all.iter().filter(|part| !part.total.is_zero()).count() > most {
        return Ok(Vec::new());
    }
    let mut direct = Vec::with_capacity(accounts.len());
    for part in &all {
        let Some(account_ref) = accounts.get(&part.vendor_id) else { continue };
        let owed = store::owed_by(tx, part.vendor_id, part.total.currency).await?;
        if let Some(fee) = direct::fee(part, owed)? {
            let (vendor_id, account_ref) = (part.vendor_id, account_ref.clone());
            direct.push(DirectPart { vendor_id, account_ref, amount: part.total, fee });
        }
    }
    Ok(direct)
}

/// The provider does not take it so: one of the accounts is not what it was. The sale is worth more than the short way: the
/// platform collects all of it, and the accounts are asked about.
pub(super) async fn collect_instead(app: &Arc<Payments>, payment: &Payment, direct: &[DirectPart]) -> Result<()> {
    let order = payment.order_id;
    tracing::warn!(%order, provider = payment.provider, "the provider does not pay these vendors directly, it is collected whole");
    let (this, id, provider) = (app.clone(), payment.id, payment.provider.clone());
    let accounts: Vec<String> = direct.iter().map(|part| part.account_ref.clone()).collect();
    app.db
        .write(async move |tx| {
            store::collect_whole(tx, id).await?;
            for account_ref in &accounts {
                let account = Account { provider: provider.clone(), account_ref: account_ref.clone() };
                let key = format!("{}:{id}", account.key());
                this.jobs.enqueue(tx, jobs::LOOK_AT_ACCOUNT, &key, &account).await?;
            }
            Ok(())
        })
        .await
}

/// The payment is captured: what vendors have got of it.
pub(super) async fn book_paid(tx: &mut Tx, payment: &Payment, now: Timestamp) -> Result<()> {
    let mut amounts = Vec::with_capacity(payment.direct_parts().len());
    for part in payment.direct_parts() {
        let amount = part.to_vendor()?;
        store::count_direct(tx, payment.id, part.vendor_id, amount).await?;
        amounts.push((part.vendor_id, amount));
    }
    if amounts.is_empty() {
        return Ok(());
    }
    store::post(tx, &ledger::direct::paid(&sale_of(payment), &amounts)?, now).await
}

/// What of a refund of this vendor's part its own account gives.
pub(super) async fn of_refund(tx: &mut Tx, payment: &Payment, part: &DirectPart, amount: Money) -> Result<Money> {
    let (gone, direct) = store::direct_refunds(tx, payment.id, part.vendor_id, amount.currency).await?;
    direct::of_refund(part, gone, direct, amount)
}

/// The same as the provider is told.
pub(super) fn direct_refund(payment: &Payment, refund: &Refund) -> Result<Option<DirectRefund>> {
    let Some(part) = refund.vendor_id.and_then(|vendor| payment.direct_of(vendor)) else { return Ok(None) };
    let fee = refund.amount.minus(refund.direct)?;
    let fee = if kernel::planted!(31) { Money::zero(fee.currency) } else { fee };
    Ok(Some(DirectRefund { vendor_id: part.vendor_id, account_ref: part.account_ref.clone(), fee }))
}

/// A refund has arrived: what the vendor's account has given of it.
pub(super) async fn book_refunded(tx: &mut Tx, payment: &Payment, refund: &Refund, now: Timestamp) -> Result<()> {
    let Some(vendor) = refund.vendor_id.filter(|_| !refund.direct.is_zero()) else { return Ok(()) };
    store::count_direct(tx, payment.id, vendor, refund.direct.negated()?).await?;
    store::post(tx, &ledger::direct::refunded(&sale_of(payment), refund.id, vendor, refund.direct)?, now).await
}

/// A dispute of a vendor's part is lost: the provider has taken it out of the vendor's account.
pub(super) async fn book_lost(
    tx: &mut Tx,
    payment: &Payment,
    (dispute, amount): (DisputeId, Money),
    part: &DirectPart,
    now: Timestamp,
) -> Result<()> {
    store::count_direct(tx, payment.id, part.vendor_id, amount.negated()?).await?;
    store::post(tx, &ledger::direct::lost(&sale_of(payment), dispute, part.vendor_id, amount)?, now).await
}
