//! Orders of accounts that go.

use contracts::{orders::OpenOrders, shared::Address};
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{AccountId, Country, OrderId, Result, Timestamp};

/// The address that an order has when nobody has to know its buyer's any more: no mail gets there (RFC 2606).
const NOWHERE: &str = "nobody@erased.invalid";

/// What of an account's orders is not over yet.
pub async fn open_of_account(db: &Db, account: AccountId) -> Result<OpenOrders> {
    let sql = "SELECT
            (SELECT count(*) FROM orders
             WHERE account_id = $1 AND status NOT IN ('completed', 'rejected', 'cancelled')) AS orders,
            (SELECT count(*) FROM returns r JOIN orders o ON o.id = r.order_id
             WHERE o.account_id = $1 AND r.status IN ('requested', 'approved', 'sent', 'received')) AS returns";
    let row = db.one(sql, params![account]).await?;
    Ok(OpenOrders { orders: row.get("orders")?, returns: row.get("returns")? })
}

/// Cuts up to `limit` orders from an account; how many. What the buyer wrote for fun or for the courier goes with what is
/// over; an order that is still under way needs it.
pub async fn cut(tx: &mut Tx, account: AccountId, now: Timestamp, limit: i64) -> Result<i64> {
    let sql = "SELECT id FROM orders WHERE account_id = $1 ORDER BY placed_at, id LIMIT $2";
    let rows = tx.all(sql, params![account, limit]).await?;
    let ids = rows.iter().map(|row| row.get::<OrderId>("id")).collect::<Result<Vec<_>>>()?;
    if ids.is_empty() {
        return Ok(0);
    }
    let (these, values) = (placeholders(1, ids.len()), || ids.iter().map(|id| Value::from(*id)).collect::<Vec<_>>());
    let over =
        format!("SELECT id FROM orders WHERE id IN ({these}) AND status IN ('completed', 'rejected', 'cancelled')");
    // Returns before their orders, as everywhere.
    tx.exec(&format!("UPDATE returns SET text = NULL WHERE order_id IN ({over})"), values()).await?;
    let documents = format!("UPDATE order_documents SET note = NULL, gift = NULL WHERE order_id IN ({over})");
    tx.exec(&documents, values()).await?;
    let (at, mut values) = (ids.len() + 1, values());
    values.push(now.into());
    let orders = format!("UPDATE orders SET account_id = NULL, erased_at = ${at} WHERE id IN ({these})");
    tx.exec(&orders, values).await?;
    Ok(ids.len() as i64)
}

/// Takes name and addresses from up to `limit` orders of erased accounts that were placed before then; how many. To which
/// country they went stays: taxes were counted for it.
pub async fn forget(tx: &mut Tx, before: Timestamp, now: Timestamp, limit: i64) -> Result<i64> {
    let rows = tx
        .all(
            "UPDATE orders SET email = $2, forgotten_at = $3 WHERE id IN
                (SELECT id FROM orders WHERE erased_at IS NOT NULL AND forgotten_at IS NULL AND placed_at < $1
                    AND status IN ('completed', 'rejected', 'cancelled') ORDER BY placed_at, id LIMIT $4)
             RETURNING id, country",
            params![before, NOWHERE, now, limit],
        )
        .await?;
    let sql =
        "UPDATE order_documents SET address = $2, billing_address = NULL, note = NULL, gift = NULL WHERE order_id = $1";
    for row in &rows {
        tx.defer(sql, params![row.get::<OrderId>("id")?, nowhere_in(row)?]).await?;
    }
    Ok(rows.len() as i64)
}

fn nowhere_in(row: &Row) -> Result<String> {
    let country: Country = row.get("country")?;
    let unknown = "–".to_owned();
    let address = Address {
        name: unknown.clone(),
        company: None,
        line1: unknown.clone(),
        line2: None,
        postcode: String::new(),
        city: unknown,
        region: None,
        country,
        phone: None,
    };
    Ok(serde_json::to_string(&address)?)
}
