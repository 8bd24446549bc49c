//! Reservations and their lines.

use db::{Row, Rows, Tx, params, rows_sql};
use kernel::{OrderId, Result, Timestamp, VariantId, VendorId};

use crate::model::{OpenLine, State, Stock};

/// Makes the reservation of an order, or revives one whose time had run out.
pub(crate) async fn put(
    tx: &mut Tx,
    order_id: OrderId,
    state: State,
    backorder: bool,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<()> {
    tx.gather(&RESERVATIONS, params![order_id, state.as_str(), backorder, expires_at, now, now]).await
}

static RESERVATIONS: Rows = Rows::new(&["reservations", "order_parts", "waits"], |reservations| {
    const INTO: &str = "INSERT INTO reservations (order_id, state, backorder, expires_at, created_at, updated_at)";
    let insert = rows_sql(INTO, 6, reservations);
    format!(
        "{insert} ON CONFLICT (order_id) DO UPDATE SET state = excluded.state, backorder = excluded.backorder,
             expires_at = excluded.expires_at, updated_at = excluded.updated_at"
    )
});

/// Notes a line of a reservation, of which `backordered` pieces still have to come in.
pub(crate) async fn put_line(
    tx: &mut Tx,
    order_id: OrderId,
    stock: &Stock,
    quantity: i64,
    backordered: i64,
) -> Result<()> {
    tx.gather(&LINES, params![order_id, stock.variant_id, stock.vendor_id, quantity, backordered, 0]).await
}

static LINES: Rows = Rows::new(&["reservation_lines", "picks"], |lines| {
    const INTO: &str =
        "INSERT INTO reservation_lines (order_id, variant_id, vendor_id, quantity, backordered, shipped)";
    let insert = rows_sql(INTO, 6, lines);
    format!("{insert} ON CONFLICT (order_id, variant_id) DO UPDATE SET backordered = excluded.backordered")
});

/// A reservation as it stands.
pub(crate) struct Standing {
    pub state: State,
    /// End of its hold.
    pub expires_at: Timestamp,
    /// True if anything of it had to wait when it was taken.
    pub backorder: bool,
}

/// Locks the reservation of an order.
pub(crate) async fn lock(tx: &mut Tx, order_id: OrderId) -> Result<Option<Standing>> {
    let sql = "SELECT state, expires_at, backorder FROM reservations WHERE order_id = $1";
    let row = tx.lock(sql, params![order_id]).await?;
    row.map(|row| {
        Ok(Standing {
            state: row.parse("state")?,
            expires_at: row.get("expires_at")?,
            backorder: row.get("backorder")?,
        })
    })
    .transpose()
}

/// Moves a reservation on.
pub(crate) async fn set_state(tx: &mut Tx, order_id: OrderId, state: State, now: Timestamp) -> Result<()> {
    let sql = "UPDATE reservations SET state = $2, updated_at = $3 WHERE order_id = $1";
    tx.defer(sql, params![order_id, state.as_str(), now]).await
}

/// Moves a reservation on once none of its lines is left to leave.
pub(crate) async fn close_if_all_shipped(tx: &mut Tx, order_id: OrderId) -> Result<()> {
    tx.defer(
        "UPDATE reservations SET state = 'shipped' WHERE order_id = $1
         AND NOT EXISTS (SELECT 1 FROM reservation_lines WHERE order_id = $1 AND shipped = 0)",
        params![order_id],
    )
    .await
}

/// Lines that have not left, in the order of their variants; of one vendor if it is named.
pub(crate) async fn open_lines(tx: &mut Tx, order_id: OrderId, vendor_id: Option<VendorId>) -> Result<Vec<OpenLine>> {
    let sql = "SELECT order_id, variant_id, vendor_id, quantity - gone - withdrawn AS quantity, backordered FROM reservation_lines
               WHERE order_id = $1 AND shipped = 0 AND (CAST($2 AS TEXT) IS NULL OR vendor_id = $2) ORDER BY variant_id";
    tx.all(sql, params![order_id, vendor_id]).await?.iter().map(line).collect()
}

fn line(row: &Row) -> Result<OpenLine> {
    Ok(OpenLine {
        order_id: row.get("order_id")?,
        variant_id: row.get("variant_id")?,
        vendor_id: row.get("vendor_id")?,
        quantity: row.get("quantity")?,
        backordered: row.get("backordered")?,
    })
}

/// What of a line still has to come in. Nobody changes that while the variant's row of stock is locked.
pub(crate) async fn backordered(tx: &mut Tx, order_id: OrderId, variant_id: VariantId) -> Result<i64> {
    let sql = "SELECT backordered FROM reservation_lines WHERE order_id = $1 AND variant_id = $2";
    tx.one(sql, params![order_id, variant_id]).await?.get("backordered")
}

/// Lines that wait for more of a variant, the oldest orders first.
pub(crate) async fn waiting_lines(tx: &mut Tx, variant_id: VariantId, limit: i64) -> Result<Vec<OpenLine>> {
    let sql =
        "SELECT l.order_id, l.variant_id, l.vendor_id, l.quantity - l.gone - l.withdrawn AS quantity, l.backordered
               FROM reservation_lines l JOIN reservations r ON r.order_id = l.order_id
               WHERE l.variant_id = $1 AND l.backordered > 0 AND l.shipped = 0 AND r.state IN ('held', 'claimed')
               ORDER BY r.created_at, l.order_id LIMIT $2";
    tx.all(sql, params![variant_id, limit]).await?.iter().map(line).collect()
}

/// Sets what of a line still has to come in.
pub(crate) async fn set_backordered(tx: &mut Tx, line: &OpenLine, backordered: i64) -> Result<()> {
    let sql = "UPDATE reservation_lines SET backordered = $3 WHERE order_id = $1 AND variant_id = $2";
    tx.defer(sql, params![line.order_id, line.variant_id, backordered]).await
}

/// Notes that a vendor's part of a paid order is known to wait.
pub(crate) async fn put_wait(tx: &mut Tx, order_id: OrderId, vendor_id: VendorId) -> Result<()> {
    let sql = "INSERT INTO waits (order_id, vendor_id) VALUES ($1, $2) ON CONFLICT (order_id, vendor_id) DO NOTHING";
    tx.defer(sql, params![order_id, vendor_id]).await
}

/// Ends the wait of a vendor's part if all of it is there; true if it did.
pub(crate) async fn end_wait(tx: &mut Tx, order_id: OrderId, vendor_id: VendorId) -> Result<bool> {
    let sql = "DELETE FROM waits WHERE order_id = $1 AND vendor_id = $2 AND NOT EXISTS (
                   SELECT 1 FROM reservation_lines WHERE order_id = $1 AND vendor_id = $2 AND shipped = 0 AND backordered > 0)";
    Ok(tx.exec(sql, params![order_id, vendor_id]).await? == 1)
}

/// Ends all waits of an order that was called off.
pub(crate) async fn drop_waits(tx: &mut Tx, order_id: OrderId) -> Result<()> {
    tx.defer("DELETE FROM waits WHERE order_id = $1", params![order_id]).await
}

/// Notes that pieces of a line have left: never more than it has.
pub(crate) async fn mark_shipped(tx: &mut Tx, order_id: OrderId, variant_id: VariantId, pieces: i64) -> Result<()> {
    let sql =
        "UPDATE reservation_lines SET gone = gone + $3, shipped = CASE WHEN gone + withdrawn + $3 = quantity THEN 1 ELSE 0 END
               WHERE order_id = $1 AND variant_id = $2";
    tx.defer(sql, params![order_id, variant_id, pieces]).await
}

/// Notes that pieces of a line were taken out of the order: never more than are left to leave.
pub(crate) async fn mark_withdrawn(tx: &mut Tx, order_id: OrderId, variant_id: VariantId, pieces: i64) -> Result<()> {
    let sql = "UPDATE reservation_lines
               SET withdrawn = withdrawn + $3, shipped = CASE WHEN gone + withdrawn + $3 = quantity THEN 1 ELSE 0 END
               WHERE order_id = $1 AND variant_id = $2";
    tx.defer(sql, params![order_id, variant_id, pieces]).await
}
