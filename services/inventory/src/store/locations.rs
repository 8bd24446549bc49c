//! Locations of vendors. What changes them, or puts goods anywhere but at the default one, locks the default one first.

use contracts::inventory::LocationView;
use db::{Db, ResultExt, Row, Tx, Value, params};
use kernel::{LocationId, Result, Timestamp, VendorId, VendorScope};

use crate::{error::Refused, model::default_location};

/// Name of the default location until its vendor gives it another.
const DEFAULT_NAME: &str = "Main location";

/// Makes a vendor's default location if it is missing.
pub(crate) async fn ensure_default(tx: &mut Tx, vendor_id: VendorId, now: Timestamp) -> Result<()> {
    tx.defer(
        "INSERT INTO locations (location_id, vendor_id, name, name_key, rank, active, created_at) VALUES ($1, $1, $2, $3, 0, 1, $4)
         ON CONFLICT (location_id) DO NOTHING",
        params![vendor_id, DEFAULT_NAME, DEFAULT_NAME.to_lowercase(), now],
    )
    .await
}

/// Locks a vendor's locations: until the transaction ends none of them is opened, closed or put elsewhere in their order.
pub(crate) async fn lock(tx: &mut Tx, scope: &VendorScope, now: Timestamp) -> Result<()> {
    ensure_default(tx, scope.vendor_id(), now).await?;
    let sql = "SELECT 1 FROM locations WHERE location_id = $1 AND vendor_id = $1";
    tx.lock(sql, params![scope.vendor_id()]).await.map(drop)
}

/// A vendor's locations, the open ones first, in the order in which goods are taken.
pub(crate) async fn list_now(tx: &mut Tx, scope: &VendorScope) -> Result<Vec<LocationView>> {
    tx.all(&listing("NULL"), params![scope.vendor_id()]).await?.iter().map(view).collect()
}

/// The same outside a transaction, with the number of pieces at each if `pieces`.
pub(crate) async fn list(db: &Db, scope: &VendorScope, pieces: bool, now: Timestamp) -> Result<Vec<LocationView>> {
    let sql = listing(if pieces { PIECES } else { "NULL" });
    let rows = db.as_vendor(scope).all(&sql, params![scope.vendor_id()]).await?;
    if rows.is_empty() {
        // Nobody has stocked or changed anything yet: there is the default location alone, and reading does not write.
        let (id, name) = (default_location(scope.vendor_id()), DEFAULT_NAME.to_owned());
        let on_hand = pieces.then_some(0);
        return Ok(vec![LocationView { id, name, is_default: true, active: true, on_hand, created_at: now }]);
    }
    rows.iter().map(view).collect()
}

/// Pieces at a location but for the default one.
pub(crate) async fn pieces_at(tx: &mut Tx, scope: &VendorScope, id: LocationId) -> Result<i64> {
    let sql = "SELECT CAST(coalesce(sum(on_hand), 0) AS BIGINT) AS pieces FROM places
               WHERE location_id = $1 AND vendor_id = $2 AND on_hand > 0";
    tx.one(sql, params![id, scope.vendor_id()]).await?.get("pieces")
}

const PIECES: &str =
    "(SELECT coalesce(sum(p.on_hand), 0) FROM places p WHERE p.location_id = l.location_id AND p.on_hand > 0)
    + CASE WHEN l.location_id = l.vendor_id
           THEN (SELECT coalesce(sum(s.on_hand), 0) FROM stock s WHERE s.vendor_id = l.vendor_id AND s.split = 0)
           ELSE 0 END";

fn listing(pieces: &str) -> String {
    format!(
        "SELECT l.location_id, l.vendor_id, l.name, l.active, l.created_at, CAST({pieces} AS BIGINT) AS on_hand
         FROM locations l WHERE l.vendor_id = $1 ORDER BY l.active DESC, l.rank, l.created_at, l.location_id"
    )
}

fn view(row: &Row) -> Result<LocationView> {
    let (id, vendor_id): (LocationId, VendorId) = (row.get("location_id")?, row.get("vendor_id")?);
    Ok(LocationView {
        id,
        name: row.get("name")?,
        is_default: id == default_location(vendor_id),
        active: row.get("active")?,
        on_hand: row.get("on_hand")?,
        created_at: row.get("created_at")?,
    })
}

/// Adds a location behind the others.
pub(crate) async fn insert(
    tx: &mut Tx,
    scope: &VendorScope,
    id: LocationId,
    name: &str,
    rank: i64,
    now: Timestamp,
) -> Result<()> {
    write(
        tx,
        "INSERT INTO locations (location_id, vendor_id, name, name_key, rank, active, created_at) VALUES ($1, $2, $3, $4, $5, 1, $6)",
        params![id, scope.vendor_id(), name, name.to_lowercase(), rank, now],
    )
    .await
}

/// Renames a location, opens or closes it.
pub(crate) async fn update(tx: &mut Tx, scope: &VendorScope, id: LocationId, name: &str, active: bool) -> Result<()> {
    write(
        tx,
        "UPDATE locations SET name = $3, name_key = $4, active = $5 WHERE location_id = $1 AND vendor_id = $2",
        params![id, scope.vendor_id(), name, name.to_lowercase(), active],
    )
    .await
}

async fn write(tx: &mut Tx, sql: &str, params: Vec<Value>) -> Result<()> {
    tx.exec(sql, params).await.map(drop).on_unique(|| Refused::NameTaken.into())
}

/// Puts a location at a place in the order.
pub(crate) async fn set_rank(tx: &mut Tx, scope: &VendorScope, id: LocationId, rank: i64) -> Result<()> {
    let sql = "UPDATE locations SET rank = $3 WHERE location_id = $1 AND vendor_id = $2";
    tx.defer(sql, params![id, scope.vendor_id(), rank]).await
}

/// True if a vendor's location is open. Lock the locations first.
pub(crate) async fn is_open(tx: &mut Tx, scope: &VendorScope, id: LocationId) -> Result<bool> {
    let sql = "SELECT 1 AS open FROM locations WHERE location_id = $1 AND vendor_id = $2 AND active = 1";
    Ok(tx.opt(sql, params![id, scope.vendor_id()]).await?.is_some())
}
