//! What of an order is downloaded, and how often it was.

use db::{Db, Row, Tx, params};
use kernel::{LineId, Money, OrderId, Result, VariantId, VendorId};

/// A line that can be downloaded.
#[derive(Debug, Clone)]
pub struct Bought {
    /// Line.
    pub line_id: LineId,
    /// Variant.
    pub variant_id: VariantId,
    /// Title.
    pub title: String,
    /// Values of the options.
    pub options: Vec<String>,
    /// How often it was downloaded, over all its files.
    pub downloads: i64,
}

/// Lines of an order that can be downloaded now: it is paid, and of its vendor's part not everything went back.
pub async fn lines(db: &Db, order: OrderId) -> Result<Vec<Bought>> {
    let sql = "SELECT l.id, l.variant_id, l.title, l.options, l.downloads
               FROM order_lines l JOIN vendor_orders v ON v.id = l.vendor_order_id JOIN orders o ON o.id = l.order_id
               WHERE l.order_id = $1 AND l.digital = 1 AND o.status IN ('paid', 'completed') AND v.status <> 'cancelled'
                   AND o.refunded_minor < o.total_minor AND (v.refunded_minor < v.total_minor OR v.total_minor = 0)
               ORDER BY l.position";
    let bought = |row: &Row| {
        Ok(Bought {
            line_id: row.get("id")?,
            variant_id: row.get("variant_id")?,
            title: row.get("title")?,
            options: row.json("options")?,
            downloads: row.get("downloads")?,
        })
    };
    db.all(sql, params![order]).await?.iter().map(bought).collect()
}

/// Counts a download. False if there were as many as there may be: one conditional statement, so never more.
pub async fn count(tx: &mut Tx, order: OrderId, line: LineId, most: i64) -> Result<bool> {
    let sql = "UPDATE order_lines SET downloads = downloads + 1
               WHERE order_id = $1 AND id = $2 AND digital = 1 AND downloads < $3";
    Ok(tx.exec(sql, params![order, line, most]).await? == 1)
}

/// Notes what went back of a vendor's part.
pub async fn add_refunded(tx: &mut Tx, order: OrderId, vendor: VendorId, amount: Money) -> Result<()> {
    let sql = "UPDATE vendor_orders SET refunded_minor = refunded_minor + $3 WHERE order_id = $1 AND vendor_id = $2";
    tx.defer(sql, params![order, vendor, amount.amount_minor]).await
}
