//! Parcels. A vendor's own are reached only with its scope; the public page by a token.

use contracts::shipping::ShipmentStatus;
use db::{Db, Row, Tx, params};
use kernel::{Cursor, Error, OrderId, Result, ShipmentId, VendorId, VendorOrderId, VendorScope};

use crate::{
    error::ShippingError,
    model::{Shipment, shipment::Carriage},
};

const COLUMNS: &str =
    "shipment_id, order_id, vendor_order_id, vendor_id, number, method, status, carrier, tracking_number, version,
    created_at, shipped_at, delivered_at, cancelled_at,
    (SELECT count(*) FROM claims WHERE claims.order_id = shipments.order_id) AS claimed,
    (SELECT count(*) FROM waits WHERE waits.order_id = shipments.order_id AND waits.vendor_id = shipments.vendor_id) AS waits";

/// Stores a new parcel; false if the vendor's part has one.
pub(crate) async fn insert(tx: &mut Tx, shipment: &Shipment) -> Result<bool> {
    let stored = tx
        .exec(
            "INSERT INTO shipments (shipment_id, order_id, vendor_order_id, vendor_id, number, method, status, version, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (vendor_order_id) DO NOTHING",
            params![
                shipment.id, shipment.order_id, shipment.vendor_order_id, shipment.vendor_id, &shipment.number, &shipment.method,
                word(shipment.status), shipment.version, shipment.created_at
            ],
        )
        .await?;
    Ok(stored == 1)
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

/// The parcel of a vendor's part, in the transaction that is about to change it.
pub(crate) async fn find(tx: &mut Tx, scope: &VendorScope, part: VendorOrderId) -> Result<Shipment> {
    let row = tx.opt(&one(), params![scope.vendor_id(), part]).await?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| ShippingError::ShipmentNotFound.into())
}

/// The parcel of a vendor's part.
pub(crate) async fn get(db: &Db, scope: &VendorScope, part: VendorOrderId) -> Result<Shipment> {
    let row = db.as_vendor(scope).opt(&one(), params![scope.vendor_id(), part]).await?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| ShippingError::ShipmentNotFound.into())
}

fn one() -> String {
    format!("SELECT {COLUMNS} FROM shipments WHERE vendor_id = $1 AND vendor_order_id = $2")
}

/// The parcel of a tracking page: its id was proven by the token.
pub(crate) async fn tracked(db: &Db, id: ShipmentId) -> Result<Option<Shipment>> {
    let sql = format!("SELECT {COLUMNS} FROM shipments WHERE shipment_id = $1");
    db.opt(&sql, params![id]).await?.as_ref().map(read).transpose()
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
    let rows = db.as_vendor(scope).all(&sql, params![scope.vendor_id(), at, id, i64::from(limit) + 1]).await?;
    rows.iter().map(read).collect()
}

/// Vendors and parts of an order's parcels, in a fixed order.
pub(crate) async fn of_order(tx: &mut Tx, order: OrderId) -> Result<Vec<(VendorId, VendorOrderId)>> {
    let sql = "SELECT vendor_id, vendor_order_id FROM shipments WHERE order_id = $1 ORDER BY shipment_id";
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
        number: row.get("number")?,
        method: row.get("method")?,
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
