//! Reads of one order.

use contracts::{
    orders::{Gift, OrderStatus, OrderView},
    promotions::Customer,
    shared::Address,
};
use db::{Db, Row, Value, params};
use kernel::{AccountId, Email, OrderId, Result, Timestamp};

use super::{CONTENTS, ORDER_COLUMNS, PARCELS, has_parcels, order_of, timeline_entry, unknown};
use crate::model::{self, Documents, view};

/// An order as its buyer sees it. The version is read first: what is shown is never older than it says. What the row
/// says there is none of is not asked for: most orders are looked at before anything has left or gone back.
pub async fn read_view(db: &Db, id: OrderId) -> Result<Option<OrderView>> {
    match read_untold(db, id).await? {
        Some(view) => with_timeline(db, view).await.map(Some),
        None => Ok(None),
    }
}

/// An order for a message about it: with its timeline only if it was called off, for then that says how.
pub async fn read_for_message(db: &Db, id: OrderId) -> Result<Option<OrderView>> {
    match read_untold(db, id).await? {
        Some(view) if view.status == OrderStatus::Cancelled => with_timeline(db, view).await.map(Some),
        view => Ok(view),
    }
}

async fn with_timeline(db: &Db, view: OrderView) -> Result<OrderView> {
    let sql = "SELECT at, kind, text FROM order_timeline WHERE order_id = $1 ORDER BY version, position";
    let timeline = db.all(sql, params![view.id]).await?.iter().map(timeline_entry).collect::<Result<_>>()?;
    Ok(OrderView { timeline, ..view })
}

async fn read_untold(db: &Db, id: OrderId) -> Result<Option<OrderView>> {
    let sql = format!(
        "SELECT {ORDER_COLUMNS}, address, billing_address, note, gift, language, placed_by, quote
         FROM orders JOIN order_documents ON order_id = id WHERE id = $1"
    );
    let Some(row) = db.opt(&sql, params![id]).await? else { return Ok(None) };
    let contents = db.all(CONTENTS, params![id]).await?;
    let parcels = if has_parcels(&contents)? { db.all(PARCELS, params![id]).await? } else { Vec::new() };
    let order = order_of(&row, &contents, &parcels)?;
    let refunds = match order.refunded.is_zero() {
        true => Vec::new(),
        false => super::refunds::of_order(db, id, order.total.currency).await?,
    };
    Ok(Some(view::order(&order, &documents_of(&row)?, Vec::new(), &refunds)))
}

fn documents_of(row: &Row) -> Result<Documents> {
    Ok(Documents {
        address: row.json("address")?,
        billing_address: row.json::<Option<Address>>("billing_address")?,
        note: row.get("note")?,
        gift: row.json::<Option<Gift>>("gift")?,
        language: row.get("language")?,
        placed_by: row.get("placed_by")?,
        quote: row.json("quote")?,
    })
}

/// Whose order it is; none of it if there is no such order, none inside for a guest's.
pub async fn owner(db: &Db, id: OrderId) -> Result<Option<Option<AccountId>>> {
    let row = db.opt("SELECT account_id FROM orders WHERE id = $1", params![id]).await?;
    row.map(|row| row.get("account_id")).transpose()
}

/// True while nobody can say how the checkout ends and the buyer has nothing to do.
pub async fn is_waiting(db: &Db, id: OrderId) -> Result<bool> {
    let sql = "SELECT 1 FROM orders
               WHERE id = $1 AND status IN ('placed', 'awaiting_payment') AND redirect_url IS NULL AND promised_at IS NULL";
    Ok(db.opt(sql, params![id]).await?.is_some())
}

/// Version of an order, and whether its story is over.
pub async fn watched(db: &Db, id: OrderId) -> Result<(i64, bool)> {
    let sql = "SELECT version, CASE WHEN status IN ('completed', 'rejected', 'cancelled') THEN 1 ELSE 0 END AS ended
               FROM orders WHERE id = $1";
    let row = db.one(sql, params![id]).await?;
    Ok((row.get("version")?, row.get("ended")?))
}

/// Orders whose time to be paid is over.
pub async fn due(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<OrderId>> {
    let sql = "SELECT id FROM orders WHERE deadline_at IS NOT NULL AND deadline_at <= $1 ORDER BY deadline_at LIMIT $2";
    db.all(sql, params![now, limit]).await?.iter().map(|row| row.get("id")).collect()
}

/// Orders that guests have placed under an address, not those of accounts that were erased, `limit` at most, oldest first.
pub async fn guest_orders_of(db: &Db, email: &Email, limit: i64) -> Result<Vec<OrderId>> {
    let sql = "SELECT id FROM orders WHERE email = $1 AND account_id IS NULL AND erased_at IS NULL ORDER BY placed_at, id LIMIT $2";
    db.all(sql, params![email, limit]).await?.iter().map(|row| row.get("id")).collect()
}

/// Where an order stands, if there is such an order.
pub async fn status_of(db: &Db, id: OrderId) -> Result<Option<OrderStatus>> {
    let row = db.opt(concat!("SELECT ", status!(), " FROM orders WHERE id = $1"), params![id]).await?;
    let read = |row: Row| {
        let text = row.get::<String>("status")?;
        model::status_of(&text).ok_or_else(|| unknown("status", &text))
    };
    row.map(read).transpose()
}

/// Orders of an account, or else of an address, that were neither turned down nor called off.
pub async fn count_of(db: &Db, customer: &Customer) -> Result<i64> {
    let (column, value) = match (customer.account_id, &customer.email) {
        (Some(account), _) => ("account_id", Value::from(account)),
        (None, Some(email)) => ("email", Value::from(email)),
        (None, None) => return Ok(0),
    };
    let sql = format!("SELECT count(*) FROM orders WHERE {column} = $1 AND status NOT IN ('rejected', 'cancelled')");
    db.one(&sql, vec![value]).await?.at(0)
}
