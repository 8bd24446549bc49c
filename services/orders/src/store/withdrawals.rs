//! What can be taken out of an order before it is handed over, and what was.

use db::{Db, Row, Tx, params};
use kernel::{LineId, OrderId, Result, ReturnId, VendorId, VendorOrderId, VendorScope};

/// A line of which something may still have to be sent.
pub struct OpenLine {
    /// Line.
    pub line_id: LineId,
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Number of the part.
    pub number: String,
    /// How many are left to be sent, as far as is known here, and are not being taken out already.
    pub left: i64,
}

/// Lines of an order that the transaction has locked.
pub async fn open_lines(tx: &mut Tx, order: OrderId) -> Result<Vec<OpenLine>> {
    let sql = "SELECT l.id, l.vendor_order_id, v.vendor_id, v.number,
            l.quantity - l.shipped - l.withdrawn - (
                SELECT CAST(COALESCE(sum(n.wanted), 0) AS BIGINT) FROM return_lines n JOIN returns r ON r.id = n.return_id
                WHERE n.order_id = l.order_id AND n.line_id = l.id AND r.kind = 'withdrawal' AND r.status = 'requested'
            ) AS left_over
         FROM order_lines l JOIN vendor_orders v ON v.id = l.vendor_order_id WHERE l.order_id = $1 ORDER BY l.position";
    let read = |row: &Row| {
        Ok(OpenLine {
            line_id: row.get("id")?,
            vendor_order_id: row.get("vendor_order_id")?,
            vendor_id: row.get("vendor_id")?,
            number: row.get("number")?,
            left: row.get("left_over")?,
        })
    };
    tx.all(sql, params![order]).await?.iter().map(read).collect()
}

/// Notes that pieces of a line are not sent: one conditional statement, so what has left and what has not are never
/// more than was ordered. False if there are not that many.
pub async fn take(tx: &mut Tx, order: OrderId, line: LineId, pieces: i64) -> Result<bool> {
    let sql = "UPDATE order_lines SET withdrawn = withdrawn + $3, returned = returned + $3
               WHERE order_id = $1 AND id = $2 AND withdrawn + $3 BETWEEN 0 AND quantity - shipped";
    Ok(tx.exec(sql, params![order, line, pieces]).await? == 1)
}

/// True if with this withdrawal nothing of its part was or will be sent.
pub async fn takes_the_rest_of(tx: &mut Tx, part: VendorOrderId, order: OrderId, withdrawal: ReturnId) -> Result<bool> {
    let sql = "SELECT count(*) FROM order_lines l WHERE l.order_id = $1 AND l.vendor_order_id = $2
               AND l.digital = 0 AND l.quantity > l.withdrawn + COALESCE((SELECT n.wanted FROM return_lines n WHERE n.return_id = $3 AND n.line_id = l.id), 0)";
    let left: i64 = tx.one(sql, params![order, part, withdrawal]).await?.at(0)?;
    Ok(left == 0)
}

/// Whether an order that the transaction has locked is paid, or still to be paid to the courier; none if it is neither, or over.
pub async fn is_paid(tx: &mut Tx, order: OrderId) -> Result<Option<bool>> {
    let sql = "SELECT CASE WHEN status = 'paid' THEN 1 ELSE 0 END AS is_paid FROM orders
               WHERE id = $1 AND (status = 'paid' OR (status = 'awaiting_payment' AND promised_at IS NOT NULL))";
    tx.opt(sql, params![order]).await?.map(|row| row.get("is_paid")).transpose()
}

/// The order that a vendor's part belongs to, if it is paid or promised.
pub async fn order_of(db: &Db, scope: &VendorScope, part: VendorOrderId) -> Result<Option<OrderId>> {
    let sql = "SELECT order_id FROM vendor_orders WHERE vendor_id = $1 AND id = $2 AND paid_at IS NOT NULL";
    db.as_vendor(scope).opt(sql, params![scope.vendor_id(), part]).await?.map(|row| row.at(0)).transpose()
}
