//! What lies where, and from where orders take it. All of it is read and written with the variant's row of stock locked.

use contracts::inventory::PlaceView;
use db::{Db, Row, Tx, params};
use kernel::{LocationId, OrderId, Result, VariantId, VendorScope};

use crate::model::{Place, Places, Stock};

/// The places of a variant.
pub(crate) async fn of(tx: &mut Tx, stock: &Stock) -> Result<Places> {
    if !stock.split {
        return Ok(Places::whole(stock));
    }
    let sql =
        "SELECT p.location_id, p.on_hand, p.reserved FROM places p JOIN locations l ON l.location_id = p.location_id
               WHERE p.variant_id = $1 ORDER BY l.rank, l.created_at, l.location_id";
    let rows = tx.all(sql, params![stock.variant_id]).await?;
    rows.iter().map(place).collect::<Result<_>>().map(Places)
}

fn place(row: &Row) -> Result<Place> {
    Ok(Place { location_id: row.get("location_id")?, on_hand: row.get("on_hand")?, reserved: row.get("reserved")? })
}

/// Sets the numbers of a place.
pub(crate) async fn put(tx: &mut Tx, stock: &Stock, place: &Place) -> Result<()> {
    tx.defer(
        "INSERT INTO places (variant_id, location_id, vendor_id, on_hand, reserved) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (variant_id, location_id) DO UPDATE SET on_hand = excluded.on_hand, reserved = excluded.reserved",
        params![stock.variant_id, place.location_id, stock.vendor_id, place.on_hand, place.reserved],
    )
    .await
}

/// What lies at each open location of a vendor, in the order in which goods are taken.
pub(crate) async fn list(db: &Db, scope: &VendorScope, stock: &Stock) -> Result<Vec<PlaceView>> {
    let sql = "SELECT l.location_id, l.name, coalesce(p.on_hand, 0) AS on_hand, coalesce(p.reserved, 0) AS reserved
               FROM locations l LEFT JOIN places p ON p.location_id = l.location_id AND p.variant_id = $2
               WHERE l.vendor_id = $1 AND l.active = 1 ORDER BY l.rank, l.created_at, l.location_id";
    let rows = db.as_vendor(scope).all(sql, params![scope.vendor_id(), stock.variant_id]).await?;
    let whole = Places::whole(stock);
    rows.iter()
        .map(|row| {
            let place = if stock.split { place(row)? } else { whole.at(row.get("location_id")?) };
            let Place { location_id, on_hand, reserved } = place;
            Ok(PlaceView { location_id, name: row.get("name")?, on_hand, reserved })
        })
        .collect()
}

/// Notes that `quantity` more of an order's line come from a location.
pub(crate) async fn put_pick(
    tx: &mut Tx,
    order_id: OrderId,
    stock: &Stock,
    location_id: LocationId,
    quantity: i64,
) -> Result<()> {
    tx.defer(
        "INSERT INTO picks (order_id, variant_id, location_id, vendor_id, quantity) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (order_id, variant_id, location_id) DO UPDATE SET quantity = picks.quantity + excluded.quantity",
        params![order_id, stock.variant_id, location_id, stock.vendor_id, quantity],
    )
    .await
}

/// Notes for everything that is promised of a variant that it comes from its default location.
pub(crate) async fn pick_all(tx: &mut Tx, stock: &Stock) -> Result<()> {
    tx.defer(
        "INSERT INTO picks (order_id, variant_id, location_id, vendor_id, quantity)
         SELECT l.order_id, l.variant_id, $2, l.vendor_id, l.quantity - l.gone - l.withdrawn - l.backordered
         FROM reservation_lines l JOIN reservations r ON r.order_id = l.order_id
         WHERE l.variant_id = $1 AND l.shipped = 0 AND l.quantity - l.gone - l.withdrawn > l.backordered AND r.state IN ('held', 'claimed')",
        params![stock.variant_id, stock.default_location()],
    )
    .await
}

/// Forgets from where an order's line comes, and says it.
pub(crate) async fn take_picks(
    tx: &mut Tx,
    order_id: OrderId,
    variant_id: VariantId,
) -> Result<Vec<(LocationId, i64)>> {
    let sql = "DELETE FROM picks WHERE order_id = $1 AND variant_id = $2 RETURNING location_id, quantity";
    let rows = tx.all(sql, params![order_id, variant_id]).await?;
    rows.iter().map(|row| Ok((row.get("location_id")?, row.get("quantity")?))).collect()
}
