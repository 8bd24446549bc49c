//! Payouts. The vendor's row is locked before one is made, tried again or ended.

use contracts::payouts::PayoutStatus;
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{Currency, Cursor, Error, Money, PayoutId, Result, Timestamp, VendorId, VendorScope};

use super::{
    lists::newest,
    payees::{payee_of, payee_values},
};
use crate::model::{
    payee::{Number, Payee},
    payouts::{Payout, payout_status_of, payout_status_text},
};

const COLUMNS: &str = "id, vendor_id, currency, period, amount_minor, status, attempt, holder, country, iban, bic, account_number, \
    bank_code, failure, created_at, sent_at, ended_at, provider, account_ref, transfer_ref, check_at, reversals, reversed_minor";

/// Where a payout goes: an account at a bank, or at a provider.
fn place_of(row: &Row) -> Result<Payee> {
    let Some(name) = row.get::<Option<String>>("provider")? else { return payee_of(row) };
    let number = Number::Provider { name, account: row.get("account_ref")? };
    Ok(Payee { holder: row.get("holder")?, country: row.get("country")?, number, bic: None })
}

/// The columns `holder`, `country`, `iban`, `bic`, `account_number`, `bank_code`, `provider`, `account_ref`, in this order.
fn place_values(payee: &Payee) -> Vec<Value> {
    let (provider, account) = payee.at_provider().unzip();
    let mut values = payee_values(payee);
    values.extend(params![provider.map(str::to_owned), account.map(str::to_owned)]);
    values
}

fn payout_of(row: &Row) -> Result<Payout> {
    let (status, currency) = (row.get::<String>("status")?, row.get("currency")?);
    Ok(Payout {
        id: row.get("id")?,
        vendor_id: row.get("vendor_id")?,
        period: row.get("period")?,
        amount: Money::new(row.get("amount_minor")?, currency),
        status: payout_status_of(&status).ok_or_else(|| Error::internal(format!("unknown status {status:?}")))?,
        attempt: row.get("attempt")?,
        payee: place_of(row)?,
        failure: row.get("failure")?,
        created_at: row.get("created_at")?,
        sent_at: row.get("sent_at")?,
        ended_at: row.get("ended_at")?,
        transfer_ref: row.get("transfer_ref")?,
        is_asked: row.get::<Option<Timestamp>>("check_at")?.is_some(),
        reversals: row.get("reversals")?,
        reversed: Money::new(row.get("reversed_minor")?, currency),
    })
}

/// Stores a new payout of what is available; false if the vendor had one for the period in that currency. A provider is asked
/// about it at `check_at`.
pub async fn insert_payout(
    tx: &mut Tx,
    payout: &Payout,
    available: Money,
    check_at: Option<Timestamp>,
) -> Result<bool> {
    let mut values = params![
        payout.id,
        payout.vendor_id,
        payout.amount.currency,
        &payout.period,
        payout.amount.amount_minor,
        available.amount_minor,
        payout.created_at,
        check_at
    ];
    values.extend(place_values(&payout.payee));
    let inserted = tx
        .exec(
            "INSERT INTO payouts (id, vendor_id, currency, period, amount_minor, available_minor, status, attempt, created_at,
                tried_at, check_at, holder, country, iban, bic, account_number, bank_code, provider, account_ref)
             VALUES ($1, $2, $3, $4, $5, $6, 'created', 1, $7, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
             ON CONFLICT (vendor_id, currency, period) DO NOTHING",
            values,
        )
        .await?;
    Ok(inserted == 1)
}

/// True if the vendor had its payout of the period in that currency.
pub async fn has_payout(tx: &mut Tx, vendor: VendorId, currency: Currency, period: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM payouts WHERE vendor_id = $1 AND currency = $2 AND period = $3";
    Ok(tx.opt(sql, params![vendor, currency, period]).await?.is_some())
}

/// A payout.
pub async fn read_payout(db: &Db, id: PayoutId) -> Result<Option<Payout>> {
    db.opt(&one(), params![id]).await?.as_ref().map(payout_of).transpose()
}

/// The same as this transaction will leave it.
pub async fn payout_within(tx: &mut Tx, id: PayoutId) -> Result<Option<Payout>> {
    tx.opt(&one(), params![id]).await?.as_ref().map(payout_of).transpose()
}

fn one() -> String {
    format!("SELECT {COLUMNS} FROM payouts WHERE id = $1")
}

/// Payouts with these ids, oldest first.
pub async fn payouts_with(db: &Db, ids: &[PayoutId]) -> Result<Vec<Payout>> {
    let sql =
        format!("SELECT {COLUMNS} FROM payouts WHERE id IN ({}) ORDER BY created_at, id", placeholders(1, ids.len()));
    db.all(&sql, ids.iter().map(Value::from).collect()).await?.iter().map(payout_of).collect()
}

/// What is looked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct PayoutFilter {
    /// Only these.
    pub status: Option<PayoutStatus>,
    /// Only of this vendor.
    pub vendor: Option<VendorId>,
    /// Only in this currency.
    pub currency: Option<Currency>,
}

/// Payouts, newest first.
pub async fn payouts(db: &Db, filter: &PayoutFilter, after: Option<&Cursor>, limit: u32) -> Result<Vec<Payout>> {
    let wanted = [
        ("status", filter.status.map(|status| Value::from(payout_status_text(status)))),
        ("vendor_id", filter.vendor.map(Value::from)),
        ("currency", filter.currency.map(Value::from)),
    ];
    let (sql, values) = newest(&format!("{COLUMNS} FROM payouts"), wanted, after, limit)?;
    db.all(&sql, values).await?.iter().map(payout_of).collect()
}

/// A vendor's payouts, newest first.
pub async fn vendor_payouts(
    db: &Db,
    scope: &VendorScope,
    filter: &PayoutFilter,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<Payout>> {
    let filter = PayoutFilter { vendor: Some(scope.vendor_id()), ..*filter };
    payouts(&db.as_vendor(scope), &filter, after, limit).await
}

/// Moves a payout on; false if it is not where it is moved from.
pub async fn move_payout(tx: &mut Tx, id: PayoutId, step: &Step<'_>, now: Timestamp) -> Result<bool> {
    let (from, to, failure) = match step {
        Step::Sent => ("status = 'created'", "sent", None),
        Step::Paid => ("status IN ('created', 'sent')", "paid", None),
        Step::Failed { reason } => ("status IN ('created', 'sent')", "failed", Some((*reason).to_owned())),
        Step::Returned { reason } => ("status = 'paid' AND provider IS NULL", "failed", Some((*reason).to_owned())),
    };
    let sql = format!(
        "UPDATE payouts SET status = $2, failure = $3,
            sent_at = CASE WHEN $2 = 'sent' THEN $4 ELSE sent_at END, ended_at = CASE WHEN $2 = 'sent' THEN NULL ELSE $4 END,
            check_at = NULL
         WHERE id = $1 AND {from}"
    );
    Ok(tx.exec(&sql, params![id, to, failure, now]).await? == 1)
}

/// What becomes of a payout.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// Given to the bank.
    Sent,
    /// It has left the account.
    Paid,
    /// The bank did not take it.
    Failed {
        /// Why.
        reason: &'a str,
    },
    /// The vendor's bank has sent it back.
    Returned {
        /// Why.
        reason: &'a str,
    },
}

/// A failed payout is made once more, of the same amount, to where the vendor is paid now. False if it has not failed.
pub async fn try_again(
    tx: &mut Tx,
    payout: &Payout,
    payee: &Payee,
    available: Money,
    now: Timestamp,
    check_at: Option<Timestamp>,
) -> Result<bool> {
    let mut values = params![payout.id, payout.attempt, available.amount_minor, now, check_at];
    values.extend(place_values(payee));
    let sql = "UPDATE payouts SET status = 'created', attempt = attempt + 1, available_minor = $3, tried_at = $4, failure = NULL,
            sent_at = NULL, ended_at = NULL, check_at = $5, transfer_ref = NULL, holder = $6, country = $7, iban = $8, bic = $9,
            account_number = $10, bank_code = $11, provider = $12, account_ref = $13
         WHERE id = $1 AND attempt = $2 AND status = 'failed' AND amount_minor <= $3";
    Ok(tx.exec(sql, values).await? == 1)
}

/// An attempt at a payout is about to be sent by its provider. True for the one who may send it without asking first.
pub async fn begin_transfer(tx: &mut Tx, payout: &Payout, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE payouts SET status = 'sent', sent_at = $3 WHERE id = $1 AND attempt = $2 AND status = 'created'";
    Ok(tx.exec(sql, params![payout.id, payout.attempt, now]).await? == 1)
}

/// Notes the provider's id of a payout's transfer.
pub async fn note_transfer(tx: &mut Tx, id: PayoutId, transfer_ref: &str) -> Result<()> {
    tx.exec("UPDATE payouts SET transfer_ref = $2 WHERE id = $1", params![id, transfer_ref]).await.map(drop)
}

/// Sets when the provider is asked about a payout that is under way; none: nobody asks any more.
pub async fn postpone_payout(tx: &mut Tx, id: PayoutId, check_at: Option<Timestamp>) -> Result<()> {
    let sql = "UPDATE payouts SET check_at = $2 WHERE id = $1 AND check_at IS NOT NULL";
    tx.exec(sql, params![id, check_at]).await.map(drop)
}

/// Payouts whose providers are to be asked, the longest overdue first.
pub async fn due_payouts(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<PayoutId>> {
    let sql = "SELECT id FROM payouts WHERE check_at IS NOT NULL AND check_at <= $1 ORDER BY check_at, id LIMIT $2";
    db.all(sql, params![now, limit]).await?.iter().map(|row| row.get("id")).collect()
}

/// Sums of a vendor's payouts by currency: under way, and paid, less what was taken back.
pub async fn payout_sums(db: &Db, scope: &VendorScope) -> Result<Vec<(Money, Money)>> {
    let rows = db
        .as_vendor(scope)
        .all(
            "SELECT currency,
                CAST(sum(CASE WHEN status IN ('created', 'sent') THEN amount_minor ELSE 0 END) AS BIGINT) AS under_way,
                CAST(sum(CASE WHEN status = 'paid' THEN amount_minor - reversed_minor ELSE 0 END) AS BIGINT) AS paid
             FROM payouts WHERE vendor_id = $1 GROUP BY currency ORDER BY currency",
            params![scope.vendor_id()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let currency: Currency = row.get("currency")?;
            Ok((Money::new(row.get("under_way")?, currency), Money::new(row.get("paid")?, currency)))
        })
        .collect()
}

/// What a vendor was paid, by day, since a time.
pub async fn paid_since(db: &Db, scope: &VendorScope, since: Timestamp) -> Result<Vec<(Timestamp, Money)>> {
    let rows = db
        .as_vendor(scope)
        .all(
            "SELECT ended_at / 86400000000 AS day, currency, CAST(sum(amount_minor) AS BIGINT) AS paid FROM payouts
             WHERE vendor_id = $1 AND status = 'paid' AND ended_at >= $2 GROUP BY 1, 2 ORDER BY 1, 2",
            params![scope.vendor_id(), since],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((Timestamp::of_day(row.get("day")?), Money::new(row.get("paid")?, row.get("currency")?))))
        .collect()
}

/// True once the run of a schedule's period is over.
pub async fn run_is_over(db: &Db, schedule: &str, period: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM payout_runs WHERE schedule = $1 AND period = $2";
    Ok(db.opt(sql, params![schedule, period]).await?.is_some())
}

/// The run of a schedule's period is over.
pub async fn end_run(tx: &mut Tx, schedule: &str, period: &str, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO payout_runs (schedule, period, finished_at) VALUES ($1, $2, $3) ON CONFLICT (schedule, period) DO NOTHING";
    tx.defer(sql, params![schedule, period, now]).await
}
