//! What somebody has to look at, and what was done about it.

use contracts::queue::{ReviewAction, ReviewEntry, ReviewState};
use db::{Db, Row, Tx, Value, params};
use kernel::{AccountId, Currency, Cursor, Error, Money, OrderId, RefundId, Result, Timestamp};

use crate::model::review::{Item, Subject, action_of, action_text, state_of};

/// Money whose order has turned up, and has it; and what a courier has handed over since, or does not collect any more.
const SETTLED: &str = "(r.problem IN ('unknown_order', 'not_collected_yet') AND EXISTS (
    SELECT 1 FROM payments p WHERE p.provider = r.provider AND p.provider_ref = r.provider_ref
        AND (p.captured_minor > 0 OR (r.problem = 'not_collected_yet' AND (p.status <> 'processing' OR p.order_cancelled = 1)))))";

const COLUMNS: &str = "r.provider, r.provider_ref, r.problem, r.order_id, r.amount_minor, r.currency, r.action, r.attempt, r.refund_id, \
    r.at, r.resolved_at";

/// Entries of a history that are told.
const HISTORY: i64 = 200;

/// Selects things to be looked at; one that has settled itself is resolved.
fn select() -> String {
    format!(
        "SELECT {COLUMNS}, CASE WHEN r.state = 'open' AND {SETTLED} THEN 'resolved' ELSE r.state END AS state FROM review_items r"
    )
}

fn item_of(row: &Row) -> Result<Item> {
    let state: String = row.get("state")?;
    let amount: Option<i64> = row.get("amount_minor")?;
    let currency: Option<Currency> = row.get("currency")?;
    Ok(Item {
        subject: subject_of(row)?,
        order_id: row.get::<Option<OrderId>>("order_id")?,
        amount: amount.zip(currency).map(|(minor, currency)| Money::new(minor, currency)),
        state: state_of(&state).ok_or_else(|| Error::internal(format!("unknown state {state:?}")))?,
        action: row.get::<Option<String>>("action")?.as_deref().and_then(action_of),
        attempt: row.get("attempt")?,
        refund_id: row.get::<Option<RefundId>>("refund_id")?,
        at: row.get("at")?,
        resolved_at: row.get::<Option<Timestamp>>("resolved_at")?,
    })
}

fn subject_of(row: &Row) -> Result<Subject> {
    let (provider, provider_ref, problem) = (row.get("provider")?, row.get("provider_ref")?, row.get("problem")?);
    Ok(Subject { provider, provider_ref, problem })
}

/// The values of `$1` to `$3`.
fn key(subject: &Subject) -> Vec<Value> {
    params![&subject.provider, &subject.provider_ref, &subject.problem]
}

/// Puts something before somebody's eyes; true if it is new. What is known already may hold more by now.
pub async fn add_review_item(
    tx: &mut Tx,
    subject: &Subject,
    order_id: Option<OrderId>,
    amount: Option<Money>,
    now: Timestamp,
) -> Result<bool> {
    let (minor, currency) = (amount.map(|amount| amount.amount_minor), amount.map(|amount| amount.currency));
    let mut values = key(subject);
    values.extend(params![order_id, now, minor, currency]);
    let added = tx
        .exec(
            "INSERT INTO review_items (provider, provider_ref, problem, order_id, at, amount_minor, currency)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (provider, provider_ref, problem) DO NOTHING",
            values,
        )
        .await?;
    if let (0, Some(amount)) = (added, amount) {
        let mut values = key(subject);
        values.extend(params![amount.amount_minor, amount.currency]);
        tx.defer(
            "UPDATE review_items SET amount_minor = $4, currency = $5
             WHERE provider = $1 AND provider_ref = $2 AND problem = $3 AND COALESCE(amount_minor, 0) < $4",
            values,
        )
        .await?;
    }
    Ok(added == 1)
}

/// What is to be looked at, newest first. Without a state: what is not resolved.
pub async fn review_items(
    db: &Db,
    state: Option<ReviewState>,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<Item>> {
    let (at, provider_ref, problem) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned(), cursor.text(2)?.to_owned()),
        None => (i64::MAX, String::new(), String::new()),
    };
    let wanted = match state {
        None | Some(ReviewState::Open) => format!("r.state <> 'resolved' AND NOT (r.state = 'open' AND {SETTLED})"),
        Some(ReviewState::Returning) => "r.state = 'returning'".to_owned(),
        Some(ReviewState::Resolved) => format!("(r.state = 'resolved' OR (r.state = 'open' AND {SETTLED}))"),
    };
    let sql = format!(
        "{} WHERE (r.at, r.provider_ref, r.problem) < ($1, $2, $3) AND {wanted}
         ORDER BY r.at DESC, r.provider_ref DESC, r.problem DESC LIMIT $4",
        select()
    );
    db.all(&sql, params![at, provider_ref, problem, limit]).await?.iter().map(item_of).collect()
}

fn one() -> String {
    format!("{} WHERE r.provider = $1 AND r.provider_ref = $2 AND r.problem = $3", select())
}

/// A thing to be looked at.
pub async fn read_review_item(db: &Db, subject: &Subject) -> Result<Option<Item>> {
    db.opt(&one(), key(subject)).await?.as_ref().map(item_of).transpose()
}

/// The same, and nobody else does anything about it until the transaction ends. If it names an order, the payment of that is
/// locked before.
pub async fn lock_review_item(tx: &mut Tx, subject: &Subject) -> Result<Option<Item>> {
    let sql = "SELECT 1 FROM review_items r WHERE r.provider = $1 AND r.provider_ref = $2 AND r.problem = $3";
    if tx.lock(sql, key(subject)).await?.is_none() {
        return Ok(None);
    }
    tx.opt(&one(), key(subject)).await?.as_ref().map(item_of).transpose()
}

/// Its money goes back from now on. False if it is not open.
pub async fn begin_return(
    tx: &mut Tx,
    subject: &Subject,
    refund: RefundId,
    check_at: Option<Timestamp>,
) -> Result<bool> {
    let mut values = key(subject);
    values.extend(params![refund, check_at]);
    let sql = "UPDATE review_items SET state = 'returning', action = 'refund', attempt = attempt + 1, refund_id = $4, check_at = $5
               WHERE provider = $1 AND provider_ref = $2 AND problem = $3 AND state = 'open'";
    Ok(tx.exec(sql, values).await? == 1)
}

/// Nothing is left to do about it. False if that was so before.
pub async fn resolve_review_item(tx: &mut Tx, subject: &Subject, action: ReviewAction, now: Timestamp) -> Result<bool> {
    let mut values = key(subject);
    values.extend(params![action_text(action), now]);
    let sql = "UPDATE review_items SET state = 'resolved', action = $4, resolved_at = $5, check_at = NULL
               WHERE provider = $1 AND provider_ref = $2 AND problem = $3 AND state <> 'resolved'";
    Ok(tx.exec(sql, values).await? == 1)
}

/// Somebody has to look again: its money did not go back, or more of the kind has happened. False if it is open.
pub async fn reopen_review_item(tx: &mut Tx, subject: &Subject) -> Result<bool> {
    let sql = "UPDATE review_items SET state = 'open', action = NULL, check_at = NULL, resolved_at = NULL
               WHERE provider = $1 AND provider_ref = $2 AND problem = $3 AND state <> 'open'";
    Ok(tx.exec(sql, key(subject)).await? == 1)
}

/// What goes back by this refund.
pub async fn returned_by(db: &Db, refund: RefundId) -> Result<Vec<Subject>> {
    db.all(RETURNED_BY, params![refund]).await?.iter().map(subject_of).collect()
}

/// The same within a transaction.
pub async fn returned_by_within(tx: &mut Tx, refund: RefundId) -> Result<Vec<Subject>> {
    tx.all(RETURNED_BY, params![refund]).await?.iter().map(subject_of).collect()
}

const RETURNED_BY: &str = "SELECT provider, provider_ref, problem FROM review_items
    WHERE refund_id = $1 ORDER BY provider, provider_ref, problem LIMIT 10";

/// Things whose provider is to be asked how the return of their money stands.
pub async fn due_returns(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<Subject>> {
    let sql = "SELECT provider, provider_ref, problem FROM review_items WHERE check_at IS NOT NULL AND check_at <= $1
               ORDER BY check_at LIMIT $2";
    db.all(sql, params![now, limit]).await?.iter().map(subject_of).collect()
}

/// Sets when the provider is asked again.
pub async fn postpone_return(tx: &mut Tx, subject: &Subject, check_at: Timestamp) -> Result<()> {
    let mut values = key(subject);
    values.extend(params![check_at]);
    let sql = "UPDATE review_items SET check_at = $4
               WHERE provider = $1 AND provider_ref = $2 AND problem = $3 AND check_at IS NOT NULL";
    tx.defer(sql, values).await
}

/// True if the money of a provider's payment goes back, or went back, without having been an order's.
pub async fn is_returned(tx: &mut Tx, provider: &str, provider_ref: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM review_items WHERE provider = $1 AND provider_ref = $2 AND action = 'refund' LIMIT 1";
    Ok(tx.opt(sql, params![provider, provider_ref]).await?.is_some())
}

/// Adds to the history. The thing is locked by the transaction.
pub async fn add_review_entry(tx: &mut Tx, subject: &Subject, entry: &ReviewEntry) -> Result<()> {
    let mut values = key(subject);
    values.extend(params![entry.at, entry.by, action_text(entry.action), &entry.note, &entry.result]);
    tx.defer(
        "INSERT INTO review_actions (provider, provider_ref, problem, position, at, account_id, action, note, result)
         VALUES ($1, $2, $3, (SELECT COALESCE(max(a.position), 0) + 1 FROM review_actions a
            WHERE a.provider = $1 AND a.provider_ref = $2 AND a.problem = $3), $4, $5, $6, $7, $8)",
        values,
    )
    .await
}

/// What was done, oldest first.
pub async fn review_history(db: &Db, subject: &Subject) -> Result<Vec<ReviewEntry>> {
    let mut values = key(subject);
    values.extend(params![HISTORY]);
    let sql = "SELECT at, account_id, action, note, result FROM review_actions
               WHERE provider = $1 AND provider_ref = $2 AND problem = $3 ORDER BY position LIMIT $4";
    db.all(sql, values).await?.iter().map(entry_of).collect()
}

fn entry_of(row: &Row) -> Result<ReviewEntry> {
    let action: String = row.get("action")?;
    Ok(ReviewEntry {
        at: row.get("at")?,
        by: row.get::<Option<AccountId>>("account_id")?,
        action: action_of(&action).ok_or_else(|| Error::internal(format!("unknown action {action:?}")))?,
        note: row.get("note")?,
        result: row.get("result")?,
    })
}

/// How much is not resolved of what was found before `before`: how many things, and their money per currency.
pub async fn unexplained(db: &Db, before: Timestamp) -> Result<(i64, Vec<Money>)> {
    let sql = format!(
        "SELECT r.currency, count(*) AS items, CAST(COALESCE(sum(r.amount_minor), 0) AS BIGINT) AS minor FROM review_items r
         WHERE r.at < $1 AND r.state <> 'resolved' AND NOT (r.state = 'open' AND {SETTLED})
         GROUP BY r.currency ORDER BY r.currency"
    );
    let (mut items, mut sums) = (0, Vec::new());
    for row in db.all(&sql, params![before]).await? {
        items += row.get::<i64>("items")?;
        if let Some(currency) = row.get::<Option<Currency>>("currency")? {
            sums.push(Money::new(row.get("minor")?, currency));
        }
    }
    Ok((items, sums))
}
