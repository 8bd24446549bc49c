//! Attempts at paying an order: those that are over, as they were kept, and the present one.

use contracts::payments::{AttemptView, PaymentStatus};
use db::{Db, Row, Tx, params};
use kernel::{Currency, Cursor, Error, Money, OrderId, PaymentId, Result, Timestamp};

use crate::model::{Payment, status_of, status_text};

/// Keeps what has become of the attempt that a payment is in, by the same transaction that ends it. `provider_ref` and
/// `failure` are what is heard of it now.
pub async fn end_attempt(
    tx: &mut Tx,
    payment: &Payment,
    status: PaymentStatus,
    provider_ref: Option<&str>,
    failure: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    tx.defer(
        "INSERT INTO payment_attempts (payment_id, position, attempt, provider, method, status, amount_minor, provider_ref,
            failure, began_at, ended_at)
         VALUES ($1, (SELECT count(*) + 1 FROM payment_attempts WHERE payment_id = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            payment.id,
            payment.attempt,
            &payment.provider,
            &payment.method,
            status_text(status),
            payment.charge().amount_minor,
            payment.provider_ref.as_deref().or(provider_ref),
            failure,
            payment.opened_at,
            now
        ],
    )
    .await
}

/// The present attempt comes behind all that are over. One that has failed is among these; should money come after all, it
/// is in both: once as it ended, once as it stands.
const ATTEMPTS: &str = "SELECT * FROM (
        SELECT a.position, a.attempt, a.provider, a.method, a.status, a.amount_minor, a.provider_ref, a.failure,
            a.began_at, a.ended_at, y.currency
        FROM payment_attempts a JOIN payments y ON y.id = a.payment_id WHERE a.payment_id = $1
        UNION ALL
        SELECT (SELECT count(*) + 1 FROM payment_attempts a WHERE a.payment_id = y.id), y.attempt, y.provider, y.method,
            CASE WHEN y.status = 'processing' AND y.promised_at IS NOT NULL THEN 'promised' ELSE y.status END,
            y.amount_minor - y.covered_minor, y.provider_ref, y.failure, y.opened_at, y.captured_at, y.currency
        FROM payments y WHERE y.id = $1 AND NOT (y.status IN ('failed', 'cancelled') AND EXISTS
            (SELECT 1 FROM payment_attempts a WHERE a.payment_id = y.id AND a.attempt = y.attempt))
    ) AS attempts WHERE attempts.position < $2 ORDER BY attempts.position DESC LIMIT $3";

/// Attempts at a payment, the present one first.
pub async fn attempts(db: &Db, payment: PaymentId, after: Option<&Cursor>, limit: u32) -> Result<Vec<AttemptView>> {
    let before = match after {
        Some(cursor) => cursor.number(0)?,
        None => i64::MAX,
    };
    db.all(ATTEMPTS, params![payment, before, limit]).await?.iter().map(view_of).collect()
}

/// Which payment an order has.
pub async fn payment_id_of(db: &Db, order: OrderId) -> Result<Option<PaymentId>> {
    let row = db.opt("SELECT id FROM payments WHERE order_id = $1", params![order]).await?;
    row.map(|row| row.get("id")).transpose()
}

fn view_of(row: &Row) -> Result<AttemptView> {
    let currency: Currency = row.get("currency")?;
    let status = row.get::<String>("status")?;
    Ok(AttemptView {
        position: row.get("position")?,
        provider: row.get("provider")?,
        method: row.get("method")?,
        status: status_of(&status).ok_or_else(|| Error::internal(format!("unknown status {status:?}")))?,
        amount: Money::new(row.get("amount_minor")?, currency),
        provider_ref: row.get("provider_ref")?,
        failure: row.get("failure")?,
        began_at: row.get("began_at")?,
        ended_at: row.get("ended_at")?,
    })
}
