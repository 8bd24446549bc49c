//! What is held back of vendors' sales. The payment's row is locked before anything of its reserves is changed.

use std::collections::BTreeMap;

use contracts::reserves::ReserveTerms;
use db::{Db, Row, Tx, params};
use kernel::{Error, Money, PaymentId, Result, Timestamp, VendorId, VendorScope};

fn terms_of(row: &Row) -> Result<ReserveTerms> {
    Ok(ReserveTerms { rate_bp: row.get("rate_bp")?, days: row.get("days")? })
}

/// What is held back of a vendor's sales, if anything is.
pub async fn reserve_terms(db: &Db, scope: &VendorScope) -> Result<Option<ReserveTerms>> {
    let sql = "SELECT rate_bp, days FROM reserve_terms WHERE vendor_id = $1";
    let row = db.as_vendor(scope).opt(sql, params![scope.vendor_id()]).await?;
    row.as_ref().map(terms_of).transpose()
}

/// Sets it; a rate of nothing ends it.
pub async fn set_reserve_terms(tx: &mut Tx, vendor: VendorId, terms: ReserveTerms) -> Result<()> {
    if terms.rate_bp == 0 {
        return tx.defer("DELETE FROM reserve_terms WHERE vendor_id = $1", params![vendor]).await;
    }
    tx.defer(
        "INSERT INTO reserve_terms (vendor_id, rate_bp, days) VALUES ($1, $2, $3)
         ON CONFLICT (vendor_id) DO UPDATE SET rate_bp = excluded.rate_bp, days = excluded.days",
        params![vendor, terms.rate_bp, terms.days],
    )
    .await
}

/// The terms of those vendors of a payment who have some.
pub async fn reserve_terms_of_payment(tx: &mut Tx, payment: PaymentId) -> Result<BTreeMap<VendorId, ReserveTerms>> {
    let sql =
        "SELECT r.vendor_id, r.rate_bp, r.days FROM payment_parts t JOIN reserve_terms r ON r.vendor_id = t.vendor_id
               WHERE t.payment_id = $1";
    tx.all(sql, params![payment]).await?.iter().map(|row| Ok((row.get("vendor_id")?, terms_of(row)?))).collect()
}

/// Holds so much back of a vendor's part of a payment.
pub async fn insert_reserve(
    tx: &mut Tx,
    payment: PaymentId,
    vendor: VendorId,
    amount: Money,
    (held_at, release_at): (Timestamp, Timestamp),
) -> Result<()> {
    tx.defer(
        "INSERT INTO reserves (payment_id, vendor_id, currency, amount_minor, left_minor, held_at, release_at)
         VALUES ($1, $2, $3, $4, $4, $5, $6)",
        params![payment, vendor, amount.currency, amount.amount_minor, held_at, release_at],
    )
    .await
}

/// Those whose days are over, the oldest first.
pub async fn due_reserves(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<(PaymentId, VendorId)>> {
    let sql = "SELECT payment_id, vendor_id FROM reserves WHERE left_minor > 0 AND release_at <= $1
               ORDER BY release_at, payment_id, vendor_id LIMIT $2";
    let rows = db.all(sql, params![now, limit]).await?;
    rows.iter().map(|row| Ok((row.get("payment_id")?, row.get("vendor_id")?))).collect()
}

/// Releases what is left of one: how much that is, the first time.
pub async fn release_reserve(tx: &mut Tx, payment: PaymentId, vendor: VendorId) -> Result<Option<Money>> {
    let row = tx
        .opt(
            "UPDATE reserves SET released_minor = left_minor, left_minor = 0
             WHERE payment_id = $1 AND vendor_id = $2 AND left_minor > 0 RETURNING released_minor, currency",
            params![payment, vendor],
        )
        .await?;
    row.map(|row| Ok(Money::new(row.get("released_minor")?, row.get("currency")?))).transpose()
}

/// What is left of the reserves of a payment, by vendor.
pub async fn reserves_left(tx: &mut Tx, payment: PaymentId) -> Result<BTreeMap<VendorId, Money>> {
    let sql = "SELECT vendor_id, left_minor, currency FROM reserves WHERE payment_id = $1 AND left_minor > 0";
    let of =
        |row: &Row| Ok::<_, Error>((row.get("vendor_id")?, Money::new(row.get("left_minor")?, row.get("currency")?)));
    tx.all(sql, params![payment]).await?.iter().map(of).collect()
}

/// Takes something of one.
pub async fn use_reserve(tx: &mut Tx, payment: PaymentId, vendor: VendorId, amount: Money) -> Result<()> {
    let sql = "UPDATE reserves SET left_minor = left_minor - $3 WHERE payment_id = $1 AND vendor_id = $2";
    tx.defer(sql, params![payment, vendor, amount.amount_minor]).await
}

/// What a vendor has in reserve, per currency.
pub async fn reserve_of_vendor(db: &Db, scope: &VendorScope) -> Result<Vec<Money>> {
    let sql = "SELECT currency, CAST(sum(left_minor) AS BIGINT) AS left_minor FROM reserves
               WHERE vendor_id = $1 AND left_minor > 0 GROUP BY currency ORDER BY currency";
    let rows = db.as_vendor(scope).all(sql, params![scope.vendor_id()]).await?;
    rows.iter().map(|row| Ok(Money::new(row.get("left_minor")?, row.get("currency")?))).collect()
}
