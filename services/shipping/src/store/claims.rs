//! Orders whose stock is firmly theirs.

use db::{Rows, Tx, params, rows_sql};
use kernel::{OrderId, Result, VendorId};

/// Notes that the stock of an order is firmly its own.
pub(crate) async fn put(tx: &mut Tx, order: OrderId) -> Result<()> {
    tx.gather(&CLAIMS, params![order]).await
}

static CLAIMS: Rows = Rows::new(&["claims"], |orders| {
    let insert = rows_sql("INSERT INTO claims (order_id)", 1, orders);
    format!("{insert} ON CONFLICT (order_id) DO NOTHING")
});

/// Notes that the goods of a vendor's part still have to come in.
pub(crate) async fn put_wait(tx: &mut Tx, order: OrderId, vendor: VendorId) -> Result<()> {
    let sql = "INSERT INTO waits (order_id, vendor_id) VALUES ($1, $2) ON CONFLICT (order_id, vendor_id) DO NOTHING";
    tx.defer(sql, params![order, vendor]).await
}

/// Notes that they have come in.
pub(crate) async fn end_wait(tx: &mut Tx, order: OrderId, vendor: VendorId) -> Result<()> {
    tx.defer("DELETE FROM waits WHERE order_id = $1 AND vendor_id = $2", params![order, vendor]).await
}
