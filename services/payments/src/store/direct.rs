//! Vendors who are paid by the provider itself. The payment's row is locked before any of this is used.

use std::collections::BTreeMap;

use db::{Tx, params};
use kernel::{Currency, Money, PaymentId, Result, VendorId};

use crate::{ledger::Account, provider::direct::DirectPart};

/// Decides what vendors get of a payment themselves, unless that was decided before.
pub async fn decide_direct(tx: &mut Tx, payment: PaymentId, parts: &[DirectPart]) -> Result<()> {
    let sql = "UPDATE payments SET direct = $2 WHERE id = $1 AND direct IS NULL";
    tx.exec(sql, params![payment, serde_json::to_string(parts)?]).await.map(drop)
}

/// The platform gets all of it after all.
pub async fn collect_whole(tx: &mut Tx, payment: PaymentId) -> Result<()> {
    let sql =
        "UPDATE payments SET direct = '[]' WHERE id = $1 AND status IN ('opening', 'unknown') AND provider_ref IS NULL";
    tx.exec(sql, params![payment]).await.map(drop)
}

/// The accounts of those vendors of a payment who can be paid directly by this provider: they have chosen to be paid there, it
/// has said that they can be, nothing is held back of their sales, and they are not suspended.
pub async fn direct_accounts(tx: &mut Tx, payment: PaymentId, provider: &str) -> Result<BTreeMap<VendorId, String>> {
    let sql = "SELECT t.vendor_id, r.account_ref FROM payment_parts t
                   JOIN payout_recipients r ON r.vendor_id = t.vendor_id AND r.provider = $2
                   JOIN vendors v ON v.id = t.vendor_id
               WHERE t.payment_id = $1 AND t.total_minor > 0 AND v.suspended = 0
                 AND r.chosen = 1 AND r.ready = 1 AND r.checked_at IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM reserve_terms h WHERE h.vendor_id = t.vendor_id)";
    let rows = tx.all(sql, params![payment, provider]).await?;
    rows.iter().map(|row| Ok((row.get("vendor_id")?, row.get("account_ref")?))).collect()
}

/// What a vendor owes the platform in a currency: what its balance is below nothing, with what is held of it.
pub async fn owed_by(tx: &mut Tx, vendor: VendorId, currency: Currency) -> Result<Money> {
    let (payable, held) = (Account::VendorPayable(vendor).to_string(), Account::VendorHeld(vendor).to_string());
    let sql = "SELECT CAST(COALESCE(sum(amount_minor), 0) AS BIGINT) AS owed FROM postings
               WHERE account IN ($1, $2) AND currency = $3";
    let owed: i64 = tx.one(sql, params![payable, held, currency]).await?.get("owed")?;
    Ok(Money::new(owed.max(0), currency))
}

/// What has gone back of a vendor's part, or is on its way, and how much of that came out of its own account.
pub async fn direct_refunds(
    tx: &mut Tx,
    payment: PaymentId,
    vendor: VendorId,
    currency: Currency,
) -> Result<(Money, Money)> {
    let sql = "SELECT CAST(COALESCE(sum(s.amount_minor), 0) AS BIGINT) AS gone,
                   CAST(COALESCE(sum(r.direct_minor), 0) AS BIGINT) AS direct
               FROM refunds r JOIN refund_parts s ON s.refund_id = r.id
               WHERE r.payment_id = $1 AND s.vendor_id = $2 AND r.status IN ('pending', 'succeeded')";
    let row = tx.one(sql, params![payment, vendor]).await?;
    Ok((Money::new(row.get("gone")?, currency), Money::new(row.get("direct")?, currency)))
}

/// Counts what a vendor has got itself of its part; below zero what its account has given back.
pub async fn count_direct(tx: &mut Tx, payment: PaymentId, vendor: VendorId, amount: Money) -> Result<()> {
    let sql = "UPDATE payment_parts SET direct_minor = direct_minor + $3 WHERE payment_id = $1 AND vendor_id = $2";
    tx.defer(sql, params![payment, vendor, amount.amount_minor]).await
}
