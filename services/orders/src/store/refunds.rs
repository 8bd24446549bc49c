//! What went back of orders, each time.

use db::{Db, Tx, params};
use kernel::{Currency, Money, OrderId, RefundId, Result, ReturnId, Timestamp};

use crate::model::Refund;

/// Keeps a refund of an order that the transaction has locked; one that is known stays as it is.
pub async fn add(tx: &mut Tx, order: OrderId, refund: RefundId, amount: Money, at: Timestamp) -> Result<()> {
    let sql = "INSERT INTO order_refunds (order_id, position, refund_id, amount_minor, at)
               SELECT $1, COALESCE(max(position), 0) + 1, CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT)
               FROM order_refunds WHERE order_id = $1
               ON CONFLICT DO NOTHING";
    tx.defer(sql, params![order, refund, amount.amount_minor, at]).await
}

/// Refunds of an order, in their order. There are few: each is a decision of somebody.
pub(super) async fn of_order(db: &Db, order: OrderId, currency: Currency) -> Result<Vec<Refund>> {
    let sql = "SELECT position, amount_minor, at FROM order_refunds WHERE order_id = $1 ORDER BY position LIMIT 1000";
    let rows = db.all(sql, params![order]).await?;
    let read = |row: &db::Row| {
        Ok(Refund {
            position: row.get("position")?,
            amount: Money::new(row.get("amount_minor")?, currency),
            at: row.get("at")?,
        })
    };
    rows.iter().map(read).collect()
}

/// The return that a refund pays for, if it pays for one.
pub async fn return_of(db: &Db, order: OrderId, position: i64) -> Result<Option<ReturnId>> {
    let sql = "SELECT r.id FROM order_refunds f JOIN returns r ON r.refund_id = f.refund_id
               WHERE f.order_id = $1 AND f.position = $2";
    db.opt(sql, params![order, position]).await?.map(|row| row.at(0)).transpose()
}
