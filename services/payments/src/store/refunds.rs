//! Refunds. The payment's row is locked before any of this is used.

use contracts::payments::PaymentStatus;
use db::{Db, Row, Tx, params, rows_sql};
use kernel::{Currency, Error, Money, PaymentId, RefundId, Result, Timestamp, VendorId};

use crate::model::{Refund, status_text};

/// What became of the attempt to set an amount aside.
pub enum Claimed {
    /// It is set aside.
    Yes,
    /// There is not that much left.
    TooMuch,
}

/// A refund to be stored.
pub struct NewRefund<'a> {
    /// Id.
    pub id: RefundId,
    /// Payment.
    pub payment_id: PaymentId,
    /// How much.
    pub amount: Money,
    /// How much of that goes back to stored value.
    pub credit: Money,
    /// How much of it comes out of its vendor's own account at the provider.
    pub direct: Money,
    /// Who bears how much of it.
    pub shares: &'a [(VendorId, Money)],
    /// Why.
    pub reason: &'a str,
    /// Because the order was called off.
    pub automatic: bool,
    /// Asked for at.
    pub now: Timestamp,
    /// When the provider is asked about it, if nothing else happens.
    pub check_at: Timestamp,
}

/// Sets the amount aside in one conditional statement, then stores the refund.
pub async fn begin_refund(tx: &mut Tx, refund: &NewRefund<'_>) -> Result<Claimed> {
    let set_aside = tx
        .exec(
            "UPDATE payments SET refunded_minor = refunded_minor + $2, restored_minor = restored_minor + $3 WHERE id = $1
               AND refunded_minor + disputed_minor + $2 <= captured_minor AND restored_minor + $3 <= covered_minor",
            params![
                refund.payment_id,
                if kernel::planted!(4) { 0 } else { refund.amount.amount_minor },
                refund.credit.amount_minor
            ],
        )
        .await?;
    if set_aside != 1 {
        return Ok(Claimed::TooMuch);
    }
    tx.defer(
        "INSERT INTO refunds (id, payment_id, amount_minor, reason, automatic, status, provider_ref, failure, check_at,
            created_at, ended_at, credit_minor, direct_minor)
         VALUES ($1, $2, $3, $4, $5, 'pending', NULL, NULL, $6, $7, NULL, $8, $9)",
        params![
            refund.id,
            refund.payment_id,
            refund.amount.amount_minor,
            refund.reason,
            refund.automatic,
            refund.check_at,
            refund.now,
            refund.credit.amount_minor,
            refund.direct.amount_minor
        ],
    )
    .await?;
    let mut values = Vec::new();
    for (vendor, amount) in refund.shares {
        let sql = "UPDATE payment_parts SET refunded_minor = refunded_minor + $3
                   WHERE payment_id = $1 AND vendor_id = $2 AND refunded_minor + disputed_minor + $3 <= total_minor";
        if tx.exec(sql, params![refund.payment_id, vendor, amount.amount_minor]).await? != 1 {
            return Err(Error::internal("the parts of a payment have less left than the payment"));
        }
        values.extend(params![refund.id, vendor, amount.amount_minor]);
    }
    let into = "INSERT INTO refund_parts (refund_id, vendor_id, amount_minor)";
    tx.defer(rows_sql(into, 3, refund.shares.len()), values).await?;
    Ok(Claimed::Yes)
}

/// True if there is a refund of this id.
pub async fn is_known(tx: &mut Tx, id: RefundId) -> Result<bool> {
    Ok(tx.opt("SELECT 1 FROM refunds WHERE id = $1", params![id]).await?.is_some())
}

const REFUND_COLUMNS: &str = "r.id, r.payment_id, r.amount_minor, r.credit_minor, r.direct_minor, r.reason, r.automatic, r.status,
    r.provider_ref, r.created_at, p.currency,
    (SELECT CASE WHEN count(*) = 1 THEN min(s.vendor_id) END FROM refund_parts s WHERE s.refund_id = r.id) AS vendor_id";

fn refund_of(row: &Row) -> Result<Refund> {
    let currency: Currency = row.get("currency")?;
    Ok(Refund {
        id: row.get("id")?,
        payment_id: row.get("payment_id")?,
        amount: Money::new(row.get("amount_minor")?, currency),
        credit: Money::new(row.get("credit_minor")?, currency),
        vendor_id: row.get("vendor_id")?,
        direct: Money::new(row.get("direct_minor")?, currency),
        reason: row.get("reason")?,
        automatic: row.get("automatic")?,
        status: row.get("status")?,
        provider_ref: row.get("provider_ref")?,
        created_at: row.get("created_at")?,
    })
}

/// A refund.
pub async fn read_refund(db: &Db, id: RefundId) -> Result<Option<Refund>> {
    let sql = format!("SELECT {REFUND_COLUMNS} FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.id = $1");
    db.opt(&sql, params![id]).await?.as_ref().map(refund_of).transpose()
}

/// Refunds whose provider is to be asked again.
pub async fn due_refunds(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<RefundId>> {
    let sql = "SELECT id FROM refunds WHERE check_at IS NOT NULL AND check_at <= $1 ORDER BY check_at LIMIT $2";
    db.all(sql, params![now, limit]).await?.iter().map(|row| row.get("id")).collect()
}

/// Sets when the provider is asked again.
pub async fn postpone_refund(tx: &mut Tx, id: RefundId, check_at: Timestamp) -> Result<()> {
    let sql = "UPDATE refunds SET check_at = $2 WHERE id = $1 AND check_at IS NOT NULL";
    tx.defer(sql, params![id, check_at]).await
}

/// Notes the provider's id of a refund.
pub async fn note_refund(tx: &mut Tx, id: RefundId, provider_ref: &str) -> Result<()> {
    tx.defer("UPDATE refunds SET provider_ref = $2 WHERE id = $1", params![id, provider_ref]).await
}

/// Ends a refund; true only for the one who did it.
pub async fn end_refund(
    tx: &mut Tx,
    id: RefundId,
    status: &str,
    failure: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE refunds SET status = $2, failure = $3, ended_at = $4, check_at = NULL WHERE id = $1 AND status = 'pending'";
    Ok(tx.exec(sql, params![id, status, failure.map(str::to_owned), now]).await? == 1)
}

/// Who bears how much of a refund.
pub async fn shares_of(tx: &mut Tx, refund: &Refund) -> Result<Vec<(VendorId, Money)>> {
    let sql = "SELECT vendor_id, amount_minor FROM refund_parts WHERE refund_id = $1 ORDER BY vendor_id";
    let rows = tx.all(sql, params![refund.id]).await?;
    let currency = refund.amount.currency;
    rows.iter().map(|row| Ok((row.get("vendor_id")?, Money::new(row.get("amount_minor")?, currency)))).collect()
}

/// Counts what has arrived; what has gone back in all. Everything back means refunded.
pub async fn settle_payment(tx: &mut Tx, payment: PaymentId, amount: Money) -> Result<Money> {
    let row = tx
        .one(
            "UPDATE payments SET settled_minor = settled_minor + $2,
                status = CASE WHEN settled_minor + $2 = captured_minor THEN $3 ELSE status END
             WHERE id = $1 RETURNING settled_minor",
            params![payment, amount.amount_minor, status_text(PaymentStatus::Refunded)],
        )
        .await?;
    Ok(Money::new(row.get("settled_minor")?, amount.currency))
}

/// Counts what has arrived of a part.
pub async fn settle_part(tx: &mut Tx, payment: PaymentId, vendor: VendorId, amount: Money) -> Result<()> {
    let sql = "UPDATE payment_parts SET settled_minor = settled_minor + $3 WHERE payment_id = $1 AND vendor_id = $2";
    tx.defer(sql, params![payment, vendor, amount.amount_minor]).await
}

/// Gives back what was set aside for a refund that failed.
pub async fn take_back(tx: &mut Tx, refund: &Refund, shares: &[(VendorId, Money)]) -> Result<()> {
    let sql =
        "UPDATE payments SET refunded_minor = refunded_minor - $2, restored_minor = restored_minor - $3 WHERE id = $1";
    tx.defer(sql, params![refund.payment_id, refund.amount.amount_minor, refund.credit.amount_minor]).await?;
    for (vendor, amount) in shares {
        let sql =
            "UPDATE payment_parts SET refunded_minor = refunded_minor - $3 WHERE payment_id = $1 AND vendor_id = $2";
        tx.defer(sql, params![refund.payment_id, vendor, amount.amount_minor]).await?;
    }
    Ok(())
}
