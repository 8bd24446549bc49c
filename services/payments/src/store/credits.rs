//! Gift cards and store credit: what can be used of them, what is held for orders, what happened to them. Whoever changes more
//! than one in a transaction does so in the order of their ids.

use contracts::credits::{CreditKind, CreditMovement, CreditStatus};
use db::{Db, Row, Tx, Value, params};
use kernel::{AccountId, CreditId, Currency, Cursor, Error, Money, OrderId, Result, Timestamp};

use crate::model::credits::{Credit, Hold, kind_of, kind_text};

const COLUMNS: &str = "c.id, c.kind, c.last4, c.account_id, c.currency, c.balance_minor, c.held_minor, c.issued_minor, c.expires_at, \
    c.status, c.email, c.note, c.created_at";

fn kind(row: &Row) -> Result<CreditKind> {
    let text = row.get::<String>("kind")?;
    kind_of(&text).ok_or_else(|| Error::internal(format!("unknown kind {text:?}")))
}

fn credit_of(row: &Row) -> Result<Credit> {
    let currency: Currency = row.get("currency")?;
    let money = |column| Ok::<_, Error>(Money::new(row.get(column)?, currency));
    Ok(Credit {
        id: row.get("id")?,
        kind: kind(row)?,
        last4: row.get("last4")?,
        account_id: row.get("account_id")?,
        balance: money("balance_minor")?,
        held: money("held_minor")?,
        issued: money("issued_minor")?,
        expires_at: row.get("expires_at")?,
        is_blocked: row.get::<String>("status")? == "blocked",
        email: row.get("email")?,
        note: row.get("note")?,
        created_at: row.get("created_at")?,
    })
}

/// A credit.
pub async fn read_credit(db: &Db, id: CreditId) -> Result<Option<Credit>> {
    let sql = format!("SELECT {COLUMNS} FROM credits c WHERE c.id = $1");
    db.opt(&sql, params![id]).await?.as_ref().map(credit_of).transpose()
}

/// The gift card of a code.
pub async fn gift_card(db: &Db, code_hash: &str) -> Result<Option<Credit>> {
    let sql = format!("SELECT {COLUMNS} FROM credits c WHERE c.code_hash = $1");
    db.opt(&sql, params![code_hash]).await?.as_ref().map(credit_of).transpose()
}

/// The store credit of an account, by currency.
pub async fn store_credits(db: &Db, account: AccountId) -> Result<Vec<Credit>> {
    let sql = format!("SELECT {COLUMNS} FROM credits c WHERE c.account_id = $1 ORDER BY c.currency");
    db.all(&sql, params![account]).await?.iter().map(credit_of).collect()
}

/// Which gift card has a code.
pub async fn gift_card_id(tx: &mut Tx, code_hash: &str) -> Result<Option<CreditId>> {
    let row = tx.opt("SELECT id FROM credits WHERE code_hash = $1", params![code_hash]).await?;
    row.map(|row| row.get("id")).transpose()
}

/// A credit, and nobody else may change it until the transaction ends.
pub async fn lock_credit(tx: &mut Tx, id: CreditId) -> Result<Option<Credit>> {
    let sql = format!("SELECT {COLUMNS} FROM credits c WHERE c.id = $1");
    tx.lock(&sql, params![id]).await?.as_ref().map(credit_of).transpose()
}

/// Stores a new gift card.
pub async fn insert_gift_card(tx: &mut Tx, card: &Credit, code_hash: &str) -> Result<()> {
    tx.defer(
        "INSERT INTO credits (id, kind, code_hash, last4, account_id, currency, balance_minor, held_minor, issued_minor, expires_at,
            status, email, note, created_at)
         VALUES ($1, 'gift_card', $2, $3, NULL, $4, $5, 0, $5, $6, 'active', $7, $8, $9)",
        params![
            card.id,
            code_hash,
            &card.last4,
            card.balance.currency,
            card.balance.amount_minor,
            card.expires_at,
            &card.email,
            &card.note,
            card.created_at
        ],
    )
    .await
}

/// Adds to the store credit of an account; the first time it is made.
pub async fn add_store_credit(
    tx: &mut Tx,
    id: CreditId,
    account: AccountId,
    amount: Money,
    note: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let sql = "INSERT INTO credits (id, kind, account_id, currency, balance_minor, held_minor, issued_minor, status, note, created_at)
         VALUES ($1, 'store_credit', $2, $3, $4, 0, $4, 'active', $5, $6)
         ON CONFLICT (id) DO UPDATE SET balance_minor = credits.balance_minor + excluded.balance_minor,
            issued_minor = credits.issued_minor + excluded.issued_minor, note = COALESCE(excluded.note, credits.note)";
    let (minor, currency) = (amount.amount_minor, amount.currency);
    tx.defer(sql, params![id, account, currency, minor, note.map(str::to_owned), now]).await
}

/// Blocks or unblocks it. None if there is none.
pub async fn set_blocked(tx: &mut Tx, id: CreditId, is_blocked: bool) -> Result<Option<Credit>> {
    let status = if is_blocked { "blocked" } else { "active" };
    if tx.exec("UPDATE credits SET status = $2 WHERE id = $1", params![id, status]).await? == 0 {
        return Ok(None);
    }
    let sql = format!("SELECT {COLUMNS} FROM credits c WHERE c.id = $1");
    tx.opt(&sql, params![id]).await?.as_ref().map(credit_of).transpose()
}

/// Something that happens to a credit, once for what it is about.
pub struct NewMovement<'a> {
    /// To which.
    pub credit_id: CreditId,
    /// `issued`, `held`, `released`, `spent`, `restored`, `written_off`.
    pub kind: &'static str,
    /// The order with its round, the refund, the entry of the ledger.
    pub about: &'a str,
    /// The order, unless it is issued or written off.
    pub order_id: Option<OrderId>,
    /// What it changes what can be used by, in minor units.
    pub balance_change: i64,
    /// What it changes what is held by, in minor units.
    pub held_change: i64,
    /// Why, if it is written off.
    pub reason: Option<&'a str>,
}

/// Notes it.
pub async fn add_movement(tx: &mut Tx, movement: &NewMovement<'_>, now: Timestamp) -> Result<()> {
    tx.defer(
        "INSERT INTO credit_movements (credit_id, kind, about, order_id, balance_change_minor, held_change_minor, at, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            movement.credit_id,
            movement.kind,
            movement.about,
            movement.order_id,
            movement.balance_change,
            movement.held_change,
            now,
            movement.reason.map(str::to_owned)
        ],
    )
    .await
}

/// Moves so much from what can be used to what is held: one conditional statement. False if it cannot be used, or there is not
/// that much.
pub async fn take(tx: &mut Tx, id: CreditId, amount_minor: i64, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE credits SET balance_minor = balance_minor - $4, held_minor = held_minor + $4
               WHERE id = $1 AND balance_minor >= $2 AND status = 'active' AND (expires_at IS NULL OR expires_at > $3)";
    let taken = if kernel::planted!(20) { 0 } else { amount_minor };
    Ok(tx.exec(sql, params![id, amount_minor, now, taken]).await? == 1)
}

/// Writes off all that is left, if it is so much: one conditional statement. False if its time is not over, if orders hold some
/// of it, or if another amount is left.
pub async fn write_off(tx: &mut Tx, id: CreditId, amount_minor: i64, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE credits SET balance_minor = 0
               WHERE id = $1 AND balance_minor = $2 AND balance_minor > 0 AND held_minor = 0 AND expires_at <= $3";
    Ok(tx.exec(sql, params![id, amount_minor, now]).await? == 1)
}

/// How much longer a credit can be used to which something has come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    /// Only one whose time is over by then.
    pub over_by: Timestamp,
    /// It can be used until then.
    pub until: Timestamp,
}

/// Changes what can be used and what is held by so many minor units, and until when it can be used.
pub async fn change(
    tx: &mut Tx,
    id: CreditId,
    balance_change: i64,
    held_change: i64,
    extension: Option<Extension>,
) -> Result<()> {
    let sql = "UPDATE credits SET balance_minor = balance_minor + $2, held_minor = held_minor + $3,
                  expires_at = CASE WHEN expires_at <= $4 THEN $5 ELSE expires_at END
               WHERE id = $1";
    let (over_by, until) = extension.map_or((i64::MIN, i64::MIN), |more| (more.over_by.micros(), more.until.micros()));
    tx.defer(sql, params![id, balance_change, held_change, over_by, until]).await
}

/// Notes that an order has so much of a credit. One that has lapsed begins anew.
pub async fn insert_hold(tx: &mut Tx, order: OrderId, hold: &Hold, now: Timestamp) -> Result<bool> {
    let sql =
        "INSERT INTO credit_holds (order_id, credit_id, kind, amount_minor, restored_minor, state, round, held_at)
               VALUES ($1, $2, $3, $4, 0, 'held', $5, $6)
               ON CONFLICT (order_id, credit_id) DO UPDATE SET amount_minor = excluded.amount_minor, state = 'held',
                  round = excluded.round, held_at = excluded.held_at
               WHERE credit_holds.state = 'lapsed'";
    let values = params![order, hold.credit_id, kind_text(hold.kind), hold.amount_minor, hold.round, now];
    Ok(tx.exec(sql, values).await? == 1)
}

const HOLDS: &str = "credit_id, kind, amount_minor, restored_minor, state, round";

fn hold_of(row: &Row) -> Result<Hold> {
    Ok(Hold {
        credit_id: row.get("credit_id")?,
        kind: kind(row)?,
        amount_minor: row.get("amount_minor")?,
        restored_minor: row.get("restored_minor")?,
        state: row.get("state")?,
        round: row.get("round")?,
    })
}

/// What an order has or had: cards first, then store credit.
pub async fn holds_of(tx: &mut Tx, order: OrderId) -> Result<Vec<Hold>> {
    let sql = format!("SELECT {HOLDS} FROM credit_holds WHERE order_id = $1 ORDER BY kind, credit_id");
    tx.all(&sql, params![order]).await?.iter().map(hold_of).collect()
}

/// What an order holds before it was told of does not lapse for as long again.
pub async fn renew_holds(tx: &mut Tx, order: OrderId, now: Timestamp) -> Result<()> {
    let sql = "UPDATE credit_holds SET held_at = $2 WHERE order_id = $1 AND state = 'held'";
    tx.exec(sql, params![order, now]).await.map(drop)
}

/// The order was told: what it holds is its own, and lapses no more.
pub async fn confirm_holds(tx: &mut Tx, order: OrderId) -> Result<()> {
    let sql = "UPDATE credit_holds SET state = 'confirmed' WHERE order_id = $1 AND state = 'held'";
    tx.exec(sql, params![order]).await.map(drop)
}

/// Ends what an order holds, once: what is returned was held until now, in the order of the credits' ids.
pub async fn end_holds(tx: &mut Tx, order: OrderId, state: &str) -> Result<Vec<Hold>> {
    end_where(tx, "$1 AND state IN ('held', 'confirmed')", params![order, state]).await
}

/// The same for an order that never came to be: what was held before `before`.
pub async fn lapse_holds(tx: &mut Tx, order: OrderId, before: Timestamp) -> Result<Vec<Hold>> {
    end_where(tx, "$1 AND state = 'held' AND held_at <= $3", params![order, "lapsed", before]).await
}

async fn end_where(tx: &mut Tx, condition: &str, values: Vec<Value>) -> Result<Vec<Hold>> {
    let sql = format!("UPDATE credit_holds SET state = $2 WHERE order_id = {condition} RETURNING {HOLDS}");
    let rows = tx.all(&sql, values).await?;
    let mut ended = rows.iter().map(hold_of).collect::<Result<Vec<_>>>()?;
    ended.sort_by_key(|hold| hold.credit_id);
    Ok(ended)
}

/// Counts what a refund gives back of a hold. False if it has not that much left.
pub async fn give_back(tx: &mut Tx, order: OrderId, credit: CreditId, amount_minor: i64) -> Result<bool> {
    let sql = "UPDATE credit_holds SET restored_minor = restored_minor + $4
               WHERE order_id = $1 AND credit_id = $2 AND state = 'spent' AND restored_minor + $3 <= amount_minor";
    let counted = if kernel::planted!(22) { 0 } else { amount_minor };
    Ok(tx.exec(sql, params![order, credit, amount_minor, counted]).await? == 1)
}

/// Orders for which something has been held since before `before` and that were not told of, oldest first.
pub async fn long_held(db: &Db, before: Timestamp, limit: i64) -> Result<Vec<OrderId>> {
    let sql = "SELECT order_id, min(held_at) AS since FROM credit_holds WHERE state = 'held' AND held_at <= $1
               GROUP BY order_id ORDER BY since, order_id LIMIT $2";
    db.all(sql, params![before, limit]).await?.iter().map(|row| row.get("order_id")).collect()
}

/// Which credits are wanted.
#[derive(Debug, Clone, Default)]
pub struct CreditFilter {
    /// Only these.
    pub kind: Option<CreditKind>,
    /// Only these.
    pub status: Option<CreditStatus>,
    /// Only of this account.
    pub account_id: Option<AccountId>,
    /// Last characters of the code, or the address it was sent to.
    pub q: Option<String>,
    /// Only those of which something is left.
    pub left: bool,
}

/// Credits, newest first.
pub async fn credits(
    db: &Db,
    filter: &CreditFilter,
    now: Timestamp,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<Credit>> {
    let (at, id) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned()),
        None => (i64::MAX, String::new()),
    };
    let mut values = params![at, id, limit];
    let mut sql = format!("SELECT {COLUMNS} FROM credits c WHERE (c.created_at, c.id) < ($1, $2)");
    if let Some(kind) = filter.kind {
        values.push(kind_text(kind).into());
        sql.push_str(&format!(" AND c.kind = ${}", values.len()));
    }
    if let Some(status) = filter.status {
        sql.push_str(if status == CreditStatus::Blocked {
            " AND c.status = 'blocked'"
        } else {
            " AND c.status = 'active'"
        });
        let over = format!("c.expires_at IS NOT NULL AND c.expires_at <= ${}", values.len() + 1);
        match status {
            CreditStatus::Blocked => {}
            CreditStatus::Expired => sql.push_str(&format!(" AND {over}")),
            CreditStatus::Active => sql.push_str(&format!(" AND NOT ({over})")),
        }
        if status != CreditStatus::Blocked {
            values.push(now.into());
        }
    }
    if filter.left {
        sql.push_str(" AND c.balance_minor > 0");
    }
    if let Some(account) = filter.account_id {
        values.push(account.into());
        sql.push_str(&format!(" AND c.account_id = ${}", values.len()));
    }
    if let Some(text) = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        values.push(text.to_ascii_uppercase().into());
        values.push(text.to_lowercase().into());
        let n = values.len();
        sql.push_str(&format!(" AND (c.last4 = ${} OR c.email = ${n})", n - 1));
    }
    sql.push_str(" ORDER BY c.created_at DESC, c.id DESC LIMIT $3");
    db.all(&sql, values).await?.iter().map(credit_of).collect()
}

/// A movement with what tells it from others of the same time.
pub type PlacedMovement = (Vec<String>, CreditMovement);

/// What happened to a credit, newest first.
pub async fn credit_movements(
    db: &Db,
    credit: CreditId,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<PlacedMovement>> {
    movements_where(db, "m.credit_id = $6", credit.into(), after, limit).await
}

/// What happened to the store credit of an account, newest first.
pub async fn own_movements(
    db: &Db,
    account: AccountId,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<PlacedMovement>> {
    movements_where(db, "c.account_id = $6", account.into(), after, limit).await
}

async fn movements_where(
    db: &Db,
    condition: &str,
    value: Value,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<PlacedMovement>> {
    let (at, credit, kind, about) = match after {
        Some(last) => (last.number(0)?, last.text(1)?.to_owned(), last.text(2)?.to_owned(), last.text(3)?.to_owned()),
        None => (i64::MAX, String::new(), String::new(), String::new()),
    };
    let sql = format!(
        "SELECT m.credit_id, m.kind, m.about, m.order_id, m.balance_change_minor, m.held_change_minor, m.at, m.reason,
            c.currency, p.order_number
         FROM credit_movements m JOIN credits c ON c.id = m.credit_id LEFT JOIN payments p ON p.order_id = m.order_id
         WHERE {condition} AND (m.at, m.credit_id, m.kind, m.about) < ($1, $2, $3, $4)
         ORDER BY m.at DESC, m.credit_id DESC, m.kind DESC, m.about DESC LIMIT $5"
    );
    let mut values = params![at, credit, kind, about, limit];
    values.push(value);
    db.all(&sql, values).await?.iter().map(movement_of).collect()
}

fn movement_of(row: &Row) -> Result<PlacedMovement> {
    let currency: Currency = row.get("currency")?;
    let (at, kind): (Timestamp, String) = (row.get("at")?, row.get("kind")?);
    let place = vec![at.micros().to_string(), row.get("credit_id")?, kind.clone(), row.get("about")?];
    let movement = CreditMovement {
        at,
        kind,
        amount: Money::new(row.get("balance_change_minor")?, currency),
        held: Money::new(row.get("held_change_minor")?, currency),
        order_id: row.get("order_id")?,
        order_number: row.get("order_number")?,
        reason: row.get("reason")?,
    };
    Ok((place, movement))
}
