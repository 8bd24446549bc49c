//! Parcels. A vendor's own are reached only with its scope; the public page by a token.

use std::collections::BTreeMap;

use contracts::shipping::{ShipmentStatus, ShippedLine};
use db::{Db, Row, Rows, Tx, Value, params, placeholders, rows_sql};
use kernel::{Cursor, Error, OrderId, Result, ShipmentId, VendorId, VendorOrderId, VendorScope};

use crate::{
    error::ShippingError,
    model::{Shipment, shipment::Carriage},
};

const COLUMNS: &str =
    "shipment_id, order_id, vendor_order_id, vendor_id, parcel, number, method, pickup, status, carrier, tracking_number, version,
    created_at, shipped_at, delivered_at, cancelled_at,
    (SELECT count(*) FROM claims WHERE claims.order_id = shipments.order_id) AS claimed,
    (SELECT count(*) FROM waits WHERE waits.order_id = shipments.order_id AND waits.vendor_id = shipments.vendor_id) AS waits";

/// Stores a new parcel with its lines; false if the vendor's part has one of this number.
pub(crate) async fn insert(tx: &mut Tx, shipment: &Shipment) -> Result<bool> {
    let stored = tx
        .exec(
            "INSERT INTO shipments (shipment_id, order_id, vendor_order_id, vendor_id, parcel, number, method, status, version, created_at, pickup)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (vendor_order_id, parcel) DO NOTHING",
            params![
                shipment.id, shipment.order_id, shipment.vendor_order_id, shipment.vendor_id, shipment.parcel, &shipment.number,
                &shipment.method, word(shipment.status), shipment.version, shipment.created_at, shipment.pickup
            ],
        )
        .await?;
    if stored == 1 {
        insert_lines(tx, shipment).await?;
    }
    Ok(stored == 1)
}

async fn insert_lines(tx: &mut Tx, shipment: &Shipment) -> Result<()> {
    for line in &shipment.lines {
        let row = params![shipment.id, shipment.vendor_id, line.line_id, line.variant_id, line.quantity];
        tx.gather(&LINES, row).await?;
    }
    Ok(())
}

static LINES: Rows = Rows::new(&["shipment_lines"], |lines| {
    rows_sql("INSERT INTO shipment_lines (shipment_id, vendor_id, line_id, variant_id, quantity)", 5, lines)
});

/// Stores that a parcel holds less than it was to hold.
pub(crate) async fn set_lines(tx: &mut Tx, scope: &VendorScope, shipment: &Shipment) -> Result<()> {
    let sql = "DELETE FROM shipment_lines WHERE vendor_id = $1 AND shipment_id = $2";
    tx.defer(sql, params![scope.vendor_id(), shipment.id]).await?;
    insert_lines(tx, shipment).await
}

/// Stores a parcel's next version; false if somebody else has changed it.
pub(crate) async fn advance(tx: &mut Tx, scope: &VendorScope, next: &Shipment) -> Result<bool> {
    let stored = tx
        .exec(
            "UPDATE shipments SET status = $4, carrier = $5, tracking_number = $6, shipped_at = $7, delivered_at = $8, cancelled_at = $9,
                    version = $3
             WHERE vendor_id = $1 AND shipment_id = $2 AND version = $3 - 1",
            params![
                scope.vendor_id(), next.id, next.version, word(next.status), next.carriage.as_ref().map(|c| c.carrier.as_str()),
                next.carriage.as_ref().map(|c| c.number.as_str()), next.shipped_at, next.delivered_at, next.cancelled_at
            ],
        )
        .await?;
    Ok(stored == 1)
}

/// Keeps others from changing the parcels of a vendor's part until the transaction ends. Its first parcel is there from
/// the beginning, so its row is the lock.
pub(crate) async fn lock(tx: &mut Tx, scope: &VendorScope, part: VendorOrderId) -> Result<()> {
    let sql = "SELECT 1 FROM shipments WHERE vendor_id = $1 AND vendor_order_id = $2 AND parcel = 1";
    if tx.lock(sql, params![scope.vendor_id(), part]).await?.is_none() {
        return Err(ShippingError::ShipmentNotFound.into());
    }
    Ok(())
}

/// The vendor's part that a parcel belongs to.
pub(crate) async fn part_of(tx: &mut Tx, scope: &VendorScope, id: ShipmentId) -> Result<VendorOrderId> {
    let sql = "SELECT vendor_order_id FROM shipments WHERE vendor_id = $1 AND shipment_id = $2";
    let row = tx.opt(sql, params![scope.vendor_id(), id]).await?;
    row.ok_or(ShippingError::ShipmentNotFound)?.at(0)
}

/// All parcels of a vendor's part, the first one first. There are at most as many as it has pieces.
pub(crate) async fn of_part(tx: &mut Tx, scope: &VendorScope, part: VendorOrderId) -> Result<Vec<Shipment>> {
    let rows = tx.all(&parcels(), params![scope.vendor_id(), part]).await?;
    let lines = tx.all(PARCEL_LINES, params![scope.vendor_id(), part]).await?;
    together(&rows, &lines)
}

/// The same, to be looked at.
pub(crate) async fn all_of_part(db: &Db, scope: &VendorScope, part: VendorOrderId) -> Result<Vec<Shipment>> {
    let db = db.as_vendor(scope);
    let rows = db.all(&parcels(), params![scope.vendor_id(), part]).await?;
    let lines = db.all(PARCEL_LINES, params![scope.vendor_id(), part]).await?;
    together(&rows, &lines)
}

/// All parcels of an order, part by part, to be looked at by who may see all of them. There are at most as many as it has
/// pieces.
pub(crate) async fn all_of_order(db: &Db, order: OrderId) -> Result<Vec<Shipment>> {
    let sql = format!("SELECT {COLUMNS} FROM shipments WHERE order_id = $1 ORDER BY number, parcel");
    let lines =
        "SELECT l.shipment_id, l.line_id, l.variant_id, l.quantity FROM shipment_lines l JOIN shipments s ON s.shipment_id = l.shipment_id
         WHERE s.order_id = $1 ORDER BY l.shipment_id, l.line_id";
    together(&db.all(&sql, params![order]).await?, &db.all(lines, params![order]).await?)
}

fn parcels() -> String {
    format!("SELECT {COLUMNS} FROM shipments WHERE vendor_id = $1 AND vendor_order_id = $2 ORDER BY parcel")
}

const PARCEL_LINES: &str =
    "SELECT l.shipment_id, l.line_id, l.variant_id, l.quantity FROM shipment_lines l JOIN shipments s ON s.shipment_id = l.shipment_id
     WHERE s.vendor_id = $1 AND s.vendor_order_id = $2 ORDER BY l.shipment_id, l.line_id";

/// Parcels with their lines.
fn together(rows: &[Row], lines: &[Row]) -> Result<Vec<Shipment>> {
    let mut known: BTreeMap<ShipmentId, Vec<ShippedLine>> = BTreeMap::new();
    for row in lines {
        let line = ShippedLine {
            line_id: row.get("line_id")?,
            variant_id: row.get("variant_id")?,
            quantity: row.get("quantity")?,
        };
        known.entry(row.get("shipment_id")?).or_default().push(line);
    }
    let mut shipments = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    for shipment in &mut shipments {
        shipment.lines = known.remove(&shipment.id).unwrap_or_default();
    }
    Ok(shipments)
}

/// How many parcels a vendor's part has.
pub(crate) async fn count_of_part(db: &Db, part: VendorOrderId) -> Result<i64> {
    db.one("SELECT count(*) FROM shipments WHERE vendor_order_id = $1", params![part]).await?.at(0)
}

/// The parcel of a tracking page: its id was proven by the token.
pub(crate) async fn tracked(db: &Db, id: ShipmentId) -> Result<Option<Shipment>> {
    let sql = format!("SELECT {COLUMNS} FROM shipments WHERE shipment_id = $1");
    let rows = db.all(&sql, params![id]).await?;
    let lines =
        "SELECT shipment_id, line_id, variant_id, quantity FROM shipment_lines WHERE shipment_id = $1 ORDER BY line_id";
    Ok(together(&rows, &db.all(lines, params![id]).await?)?.pop())
}

/// A vendor's parcels, newest first, one more than `limit`.
pub(crate) async fn page(db: &Db, scope: &VendorScope, limit: u32, after: Option<&Cursor>) -> Result<Vec<Shipment>> {
    let (at, id) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned()),
        None => (i64::MAX, String::new()),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM shipments
         WHERE vendor_id = $1 AND (created_at < $2 OR (created_at = $2 AND shipment_id < $3))
         ORDER BY created_at DESC, shipment_id DESC LIMIT $4"
    );
    let db = db.as_vendor(scope);
    let rows = db.all(&sql, params![scope.vendor_id(), at, id, i64::from(limit) + 1]).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| row.get::<Value>("shipment_id")).collect::<Result<Vec<_>>>()?;
    let lines = format!(
        "SELECT shipment_id, line_id, variant_id, quantity FROM shipment_lines WHERE shipment_id IN ({}) ORDER BY shipment_id, line_id",
        placeholders(1, ids.len())
    );
    together(&rows, &db.all(&lines, ids).await?)
}

/// Vendors and parts of an order's parcels, in a fixed order.
pub(crate) async fn of_order(tx: &mut Tx, order: OrderId) -> Result<Vec<(VendorId, VendorOrderId)>> {
    let sql =
        "SELECT vendor_id, vendor_order_id FROM shipments WHERE order_id = $1 AND parcel = 1 ORDER BY shipment_id";
    tx.all(sql, params![order]).await?.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}

fn word(status: ShipmentStatus) -> &'static str {
    match status {
        ShipmentStatus::Preparing => "preparing",
        ShipmentStatus::Shipped => "shipped",
        ShipmentStatus::Delivered => "delivered",
        ShipmentStatus::Cancelled => "cancelled",
    }
}

fn status(word: &str) -> Result<ShipmentStatus> {
    match word {
        "preparing" => Ok(ShipmentStatus::Preparing),
        "shipped" => Ok(ShipmentStatus::Shipped),
        "delivered" => Ok(ShipmentStatus::Delivered),
        "cancelled" => Ok(ShipmentStatus::Cancelled),
        other => Err(Error::internal(format!("unknown status of a shipment: {other:?}"))),
    }
}

fn read(row: &Row) -> Result<Shipment> {
    let carriage = match (row.get("carrier")?, row.get("tracking_number")?) {
        (Some(carrier), Some(number)) => Some(Carriage { carrier, number }),
        _ => None,
    };
    Ok(Shipment {
        id: row.get("shipment_id")?,
        order_id: row.get("order_id")?,
        vendor_order_id: row.get("vendor_order_id")?,
        vendor_id: row.get("vendor_id")?,
        parcel: row.get("parcel")?,
        lines: Vec::new(),
        number: row.get("number")?,
        method: row.get("method")?,
        pickup: row.get("pickup")?,
        status: status(&row.get::<String>("status")?)?,
        carriage,
        claimed: row.get::<i64>("claimed")? > 0,
        waits: row.get::<i64>("waits")? > 0,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
        shipped_at: row.get("shipped_at")?,
        delivered_at: row.get("delivered_at")?,
        cancelled_at: row.get("cancelled_at")?,
    })
}
