//! Orders whose stock is firmly theirs.

use db::{Tx, params};
use kernel::{OrderId, Result};

/// Notes that the stock of an order is firmly its own.
pub(crate) async fn put(tx: &mut Tx, order: OrderId) -> Result<()> {
    let sql = "INSERT INTO claims (order_id) VALUES ($1) ON CONFLICT (order_id) DO NOTHING";
    tx.defer(sql, params![order]).await
}
