//! What is taken back of payouts from vendors' accounts at providers. The vendor's row is locked before one is begun or ended.

use contracts::reversals::ReversalStatus;
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{Currency, Error, Money, PayoutId, Result, Timestamp, VendorId};

use crate::model::{
    payouts::Payout,
    reversals::{Reversal, ReversalRef, reversal_status_of, reversal_status_text},
};

const COLUMNS: &str = "payout_id, number, vendor_id, provider, transfer_ref, currency, amount_minor, status, failure, created_at, \
    ended_at";
/// Shown of one list of payouts; a payout has few.
const SHOWN: i64 = 1_000;

fn reversal_of(row: &Row) -> Result<Reversal> {
    let status = row.get::<String>("status")?;
    Ok(Reversal {
        id: ReversalRef { payout_id: row.get("payout_id")?, number: row.get("number")? },
        vendor_id: row.get("vendor_id")?,
        provider: row.get("provider")?,
        transfer_ref: row.get("transfer_ref")?,
        amount: Money::new(row.get("amount_minor")?, row.get("currency")?),
        status: reversal_status_of(&status).ok_or_else(|| Error::internal(format!("unknown status {status:?}")))?,
        failure: row.get("failure")?,
        created_at: row.get("created_at")?,
        ended_at: row.get("ended_at")?,
    })
}

fn one() -> String {
    format!("SELECT {COLUMNS} FROM transfer_reversals WHERE payout_id = $1 AND number = $2")
}

/// A reversal.
pub async fn read_reversal(db: &Db, id: ReversalRef) -> Result<Option<Reversal>> {
    db.opt(&one(), params![id.payout_id, id.number]).await?.as_ref().map(reversal_of).transpose()
}

/// The same as this transaction will leave it.
pub async fn reversal_within(tx: &mut Tx, id: ReversalRef) -> Result<Option<Reversal>> {
    tx.opt(&one(), params![id.payout_id, id.number]).await?.as_ref().map(reversal_of).transpose()
}

/// Those of these payouts, the newest first.
pub async fn reversals_of(db: &Db, payouts: &[PayoutId]) -> Result<Vec<Reversal>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM transfer_reversals WHERE payout_id IN ({}) ORDER BY created_at DESC, number DESC LIMIT $1",
        placeholders(2, payouts.len())
    );
    let values = std::iter::once(Value::from(SHOWN)).chain(payouts.iter().map(Value::from)).collect();
    db.all(&sql, values).await?.iter().map(reversal_of).collect()
}

/// Vendors after one, by id, that a provider has paid.
pub async fn vendors_paid_by(db: &Db, provider: &str, after: &str, limit: i64) -> Result<Vec<VendorId>> {
    let sql = "SELECT DISTINCT vendor_id FROM payouts WHERE provider = $1 AND status = 'paid' AND vendor_id > $2
               ORDER BY vendor_id LIMIT $3";
    db.all(sql, params![provider, after, limit]).await?.iter().map(|row| row.get("vendor_id")).collect()
}

/// What is held of what a vendor has for disputes that are not decided.
pub async fn held_within(tx: &mut Tx, vendor: VendorId, currency: Currency) -> Result<Money> {
    let sql = "SELECT CAST(COALESCE(sum(p.held_minor), 0) AS BIGINT) AS held_minor FROM dispute_parts p
               JOIN disputes d ON d.id = p.dispute_id
               WHERE p.vendor_id = $1 AND d.currency = $2 AND d.ended_at IS NULL";
    let row = tx.opt(sql, params![vendor, currency]).await?;
    Ok(Money::new(row.map_or(Ok(0), |row| row.get("held_minor"))?, currency))
}

/// True if something of a vendor is being taken back and nobody knows yet what becomes of it.
pub async fn is_reversing(tx: &mut Tx, vendor: VendorId, currency: Currency) -> Result<bool> {
    let sql = "SELECT 1 FROM transfer_reversals WHERE vendor_id = $1 AND currency = $2 AND ended_at IS NULL LIMIT 1";
    Ok(tx.opt(sql, params![vendor, currency]).await?.is_some())
}

/// Payouts of a vendor that a provider can be asked to take back, with what is left of each: the newest first. What was paid
/// before the provider has refused is not asked for again: that is netted.
pub async fn reversible(
    tx: &mut Tx,
    provider: &str,
    vendor: VendorId,
    currency: Currency,
    limit: i64,
) -> Result<Vec<(PayoutId, i64)>> {
    let sql = "SELECT p.id, p.amount_minor - p.reversed_minor AS left_minor FROM payouts p
         WHERE p.vendor_id = $1 AND p.currency = $2 AND p.provider = $3 AND p.status = 'paid' AND p.transfer_ref IS NOT NULL
           AND p.reversed_minor < p.amount_minor AND p.ended_at > (
               SELECT COALESCE(max(r.ended_at), 0) FROM transfer_reversals r WHERE r.vendor_id = $1 AND r.currency = $2
                   AND r.provider = $3 AND r.status IN ('refused', 'strange'))
         ORDER BY p.ended_at DESC, p.id DESC LIMIT $4";
    let rows = tx.all(sql, params![vendor, currency, provider, limit]).await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("left_minor")?))).collect()
}

/// So much of a payout is to be taken back; the provider is asked about it at `check_at`.
pub async fn insert_reversal(
    tx: &mut Tx,
    payout: &Payout,
    (provider, transfer_ref): (&str, &str),
    amount: Money,
    (now, check_at): (Timestamp, Timestamp),
) -> Result<ReversalRef> {
    let id = ReversalRef { payout_id: payout.id, number: payout.reversals + 1 };
    tx.defer("UPDATE payouts SET reversals = $2 WHERE id = $1", params![id.payout_id, id.number]).await?;
    tx.defer(
        "INSERT INTO transfer_reversals (payout_id, number, vendor_id, provider, transfer_ref, currency, amount_minor, status,
             created_at, check_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'created', $8, $9)",
        params![
            id.payout_id,
            id.number,
            payout.vendor_id,
            provider,
            transfer_ref,
            amount.currency,
            amount.amount_minor,
            now,
            check_at
        ],
    )
    .await?;
    Ok(id)
}

/// The provider is about to be asked for it. True for the one who may ask without looking first.
pub async fn begin_reversal(tx: &mut Tx, id: ReversalRef) -> Result<bool> {
    let sql =
        "UPDATE transfer_reversals SET status = 'sent' WHERE payout_id = $1 AND number = $2 AND status = 'created'";
    Ok(tx.exec(sql, params![id.payout_id, id.number]).await? == 1)
}

/// It is over: done, or not and why. What was done is no more of the payout.
pub async fn end_reversal(
    tx: &mut Tx,
    reversal: &Reversal,
    status: ReversalStatus,
    reversal_ref: Option<&str>,
    failure: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let (id, amount) = (reversal.id, reversal.amount.amount_minor);
    let sql =
        "UPDATE transfer_reversals SET status = $3, reversal_ref = $4, failure = $5, ended_at = $6, check_at = NULL
               WHERE payout_id = $1 AND number = $2 AND status = 'sent'";
    let values = params![
        id.payout_id,
        id.number,
        reversal_status_text(status),
        reversal_ref.map(str::to_owned),
        failure.map(str::to_owned),
        now
    ];
    let is_ended = tx.exec(sql, values).await? == 1;
    if is_ended && status == ReversalStatus::Done {
        let sql = "UPDATE payouts SET reversed_minor = reversed_minor + $2 WHERE id = $1";
        tx.exec(sql, params![id.payout_id, amount]).await?;
    }
    Ok(is_ended)
}

/// Sets when the provider is asked about a reversal that is under way.
pub async fn postpone_reversal(tx: &mut Tx, id: ReversalRef, check_at: Timestamp) -> Result<()> {
    let sql =
        "UPDATE transfer_reversals SET check_at = $3 WHERE payout_id = $1 AND number = $2 AND check_at IS NOT NULL";
    tx.exec(sql, params![id.payout_id, id.number, check_at]).await.map(drop)
}

/// Those whose providers are to be asked, the longest overdue first.
pub async fn due_reversals(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<ReversalRef>> {
    let sql = "SELECT payout_id, number FROM transfer_reversals WHERE check_at IS NOT NULL AND check_at <= $1
               ORDER BY check_at, payout_id, number LIMIT $2";
    let rows = db.all(sql, params![now, limit]).await?;
    rows.iter().map(|row| Ok(ReversalRef { payout_id: row.get("payout_id")?, number: row.get("number")? })).collect()
}
