//! What vendors have: sums of postings, with the day on which each part of an order matures.

use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{Currency, Error, Money, OrderId, Result, Timestamp, VendorId, VendorScope};

use crate::{ledger::Account, model::maturity::Balance};

/// Accounts of vendors begin with this; their ids follow.
pub(super) const PAYABLE: &str = "vendor_payable:";

/// Sums per account and currency; `$1` is the time until which parts count as matured; labels count at once. Credits are
/// negative in the ledger, and what a vendor has is a credit.
fn sums(condition: &str) -> String {
    format!(
        "SELECT p.account, p.currency,
            CAST(-sum(CASE WHEN e.label_id IS NOT NULL OR (e.payout_id IS NULL AND t.matures_at <= $1)
                THEN p.amount_minor ELSE 0 END) AS BIGINT) AS matured,
            CAST(-sum(CASE WHEN e.label_id IS NULL AND e.payout_id IS NULL AND (t.matures_at IS NULL OR t.matures_at > $1)
                THEN p.amount_minor ELSE 0 END) AS BIGINT) AS pending,
            CAST(sum(CASE WHEN e.payout_id IS NOT NULL THEN p.amount_minor ELSE 0 END) AS BIGINT) AS taken
         FROM postings p JOIN journal_entries e ON e.id = p.entry_id
         LEFT JOIN payment_parts t ON t.payment_id = e.payment_id AND t.vendor_id = substr(p.account, {})
         WHERE {condition} GROUP BY p.account, p.currency ORDER BY p.account, p.currency",
        PAYABLE.len() + 1
    )
}

fn balance(row: &Row) -> Result<(Currency, Balance)> {
    let currency: Currency = row.get("currency")?;
    let money = |column| Ok::<_, Error>(Money::new(row.get(column)?, currency));
    Ok((currency, Balance { matured: money("matured")?, pending: money("pending")?, taken: money("taken")? }))
}

/// A vendor's balances per currency, as they are at a time.
pub async fn vendor_balances(db: &Db, scope: &VendorScope, at: Timestamp) -> Result<Vec<(Currency, Balance)>> {
    let account = Account::VendorPayable(scope.vendor_id()).to_string();
    let rows = db.as_vendor(scope).all(&sums("p.account = $2"), params![at, account]).await?;
    rows.iter().map(balance).collect()
}

/// A vendor's balance in a currency, within the transaction that pays it.
pub async fn balance_within(tx: &mut Tx, vendor: VendorId, currency: Currency, at: Timestamp) -> Result<Balance> {
    let account = Account::VendorPayable(vendor).to_string();
    let row = tx.opt(&sums("p.account = $2 AND p.currency = $3"), params![at, account, currency]).await?;
    let zero = Money::zero(currency);
    let none = Balance { matured: zero, pending: zero, taken: zero };
    row.map_or(Ok(none), |row| Ok(balance(&row)?.1))
}

/// Those of these vendors, and their currencies, that have something to be paid at a time.
pub async fn with_something(db: &Db, vendors: &[VendorId], at: Timestamp) -> Result<Vec<(VendorId, Currency, Money)>> {
    let mut all = available(db, vendors, at).await?;
    all.retain(|(.., available)| available.amount_minor > 0);
    Ok(all)
}

/// Those that have less than nothing.
pub async fn with_too_little(db: &Db, vendors: &[VendorId], at: Timestamp) -> Result<Vec<(VendorId, Currency)>> {
    let all = available(db, vendors, at).await?;
    Ok(all
        .into_iter()
        .filter(|(.., available)| available.is_negative())
        .map(|(v, currency, _)| (v, currency))
        .collect())
}

/// What these vendors have available, by currency.
async fn available(db: &Db, vendors: &[VendorId], at: Timestamp) -> Result<Vec<(VendorId, Currency, Money)>> {
    if vendors.is_empty() {
        return Ok(Vec::new());
    }
    let condition = format!("p.account IN ({})", placeholders(2, vendors.len()));
    let accounts = vendors.iter().map(|vendor| Value::from(Account::VendorPayable(*vendor).to_string()));
    let values = std::iter::once(Value::from(at)).chain(accounts).collect();
    let mut found = Vec::new();
    for row in db.all(&sums(&condition), values).await? {
        let account: String = row.get("account")?;
        let vendor = account.strip_prefix(PAYABLE).unwrap_or_default().parse()?;
        let (currency, balance) = balance(&row)?;
        found.push((vendor, currency, balance.available()?));
    }
    Ok(found)
}

/// Vendors after one, by id.
pub async fn vendors_after(db: &Db, after: &str, limit: i64) -> Result<Vec<VendorId>> {
    let rows = db.all("SELECT id FROM vendors WHERE id > $1 ORDER BY id LIMIT $2", params![after, limit]).await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Nobody else changes what this vendor has until the transaction ends: whoever takes something from it does this first,
/// so that a payout sees every refund before it. False if there is no such vendor.
pub async fn lock_vendor(tx: &mut Tx, vendor: VendorId) -> Result<bool> {
    Ok(tx.lock("SELECT 1 FROM vendors WHERE id = $1", params![vendor]).await?.is_some())
}

/// Whether nothing is paid out to this vendor for now; of nobody who is known it is not so.
pub async fn is_suspended(tx: &mut Tx, vendor: VendorId) -> Result<bool> {
    let sql = "SELECT 1 FROM vendors WHERE id = $1 AND suspended = 1";
    Ok(tx.opt(sql, params![vendor]).await?.is_some())
}

/// A part of an order was delivered: sets the day on which it matures, once. False if there is no such part.
pub async fn mark_delivered(
    tx: &mut Tx,
    order: OrderId,
    vendor: VendorId,
    at: Timestamp,
    matures_at: Timestamp,
) -> Result<bool> {
    let changed = tx
        .exec(
            "UPDATE payment_parts SET matures_at = CASE WHEN delivered_at IS NULL THEN $4 ELSE matures_at END,
                delivered_at = COALESCE(delivered_at, $3)
             WHERE vendor_id = $2 AND payment_id = (SELECT id FROM payments WHERE order_id = $1)",
            params![order, vendor, at, matures_at],
        )
        .await?;
    Ok(changed == 1)
}
