//! What couriers collect, and what of it they do not collect any more.

use db::{Db, Row, Tx, params};
use kernel::{Money, PaymentId, RefundId, Result, Timestamp, VendorId};

use crate::model::Payment;

/// What was taken out of an order that a courier is still to be paid for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduction {
    /// The refund that it becomes with the capture.
    pub refund_id: RefundId,
    /// Whose part it was taken out of.
    pub vendor_id: VendorId,
    /// Number of the return.
    pub number: String,
    /// What it was worth.
    pub amount: Money,
    /// How much less the courier collects; the rest was covered by stored value.
    pub collect_less: Money,
}

/// Notes it, once; the payment is locked by the transaction. False if it was noted before.
pub async fn add_reduction(tx: &mut Tx, payment: &Payment, one: &Reduction, now: Timestamp) -> Result<bool> {
    let added = tx
        .exec(
            "INSERT INTO reductions (refund_id, payment_id, position, vendor_id, number, amount_minor, collect_less_minor, at)
             VALUES ($1, $2, (SELECT count(*) FROM reductions r WHERE r.payment_id = $2) + 1, $3, $4, $5, $6, $7)
             ON CONFLICT (refund_id) DO NOTHING",
            params![
                one.refund_id,
                payment.id,
                one.vendor_id,
                &one.number,
                one.amount.amount_minor,
                one.collect_less.amount_minor,
                now
            ],
        )
        .await?;
    if added == 1 {
        let sql = "UPDATE payments SET reduced_minor = reduced_minor + $2 WHERE id = $1";
        tx.defer(sql, params![payment.id, one.collect_less.amount_minor]).await?;
    }
    Ok(added == 1)
}

/// Those of a payment, in the order in which they were made.
pub async fn reductions(tx: &mut Tx, payment: &Payment) -> Result<Vec<Reduction>> {
    let currency = payment.amount.currency;
    let read = |row: &Row| {
        Ok(Reduction {
            refund_id: row.get("refund_id")?,
            vendor_id: row.get("vendor_id")?,
            number: row.get("number")?,
            amount: Money::new(row.get("amount_minor")?, currency),
            collect_less: Money::new(row.get("collect_less_minor")?, currency),
        })
    };
    let sql = "SELECT refund_id, vendor_id, number, amount_minor, collect_less_minor FROM reductions
               WHERE payment_id = $1 ORDER BY position";
    tx.all(sql, params![payment.id]).await?.iter().map(read).collect()
}

/// Payments that were promised before `before`, whose money has not come and that nobody was told of.
pub async fn overdue(db: &Db, provider: &str, before: Timestamp, problem: &str, limit: i64) -> Result<Vec<PaymentId>> {
    let sql = "SELECT p.id FROM payments p
               WHERE p.promised_at IS NOT NULL AND p.captured_minor = 0 AND p.promised_at <= $2
                 AND p.provider = $1 AND p.status = 'processing' AND p.order_cancelled = 0
                 AND NOT EXISTS (SELECT 1 FROM review_items r
                     WHERE r.provider = p.provider AND r.provider_ref = p.provider_ref AND r.problem = $3)
               ORDER BY p.promised_at LIMIT $4";
    db.all(sql, params![provider, before, problem, limit]).await?.iter().map(|row| row.get("id")).collect()
}
