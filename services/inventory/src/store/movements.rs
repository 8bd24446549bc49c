//! The ledger of movements: rows are added, never changed.

use contracts::inventory::{MovementKind, MovementQuery, MovementView};
use db::{Db, Row, Tx, params};
use kernel::{AccountId, LocationId, OrderId, Result, Timestamp, VendorScope};

use crate::model::Stock;

/// A change of what is on hand at one location.
pub(crate) struct Movement<'a> {
    pub location_id: LocationId,
    pub kind: MovementKind,
    pub delta: i64,
    /// On hand at all locations afterwards.
    pub on_hand: i64,
    /// On hand at this location afterwards.
    pub there: i64,
    pub reason: &'a str,
    pub order_id: Option<OrderId>,
    pub by: Option<AccountId>,
    pub at: Timestamp,
}

/// Notes a movement of a variant.
pub(crate) async fn insert(tx: &mut Tx, stock: &Stock, movement: &Movement<'_>) -> Result<()> {
    let Movement { location_id, kind, delta, on_hand, there, reason, order_id, by, at } = movement;
    tx.defer(
        "INSERT INTO movements (variant_id, vendor_id, location_id, at, kind, delta, on_hand, on_hand_there, reason, order_id, by_account)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            stock.variant_id, stock.vendor_id, *location_id, *at, kind.as_str(), *delta, *on_hand, *there, *reason, *order_id, *by
        ],
    )
    .await
}

/// A vendor's movements with their numbers, newest first, below `before`.
pub(crate) async fn list(
    db: &Db,
    scope: &VendorScope,
    query: &MovementQuery,
    before: i64,
    limit: i64,
) -> Result<Vec<(i64, MovementView)>> {
    let sql = "SELECT m.seq, m.at, m.variant_id, s.sku, s.title, m.location_id, l.name AS location, m.kind, m.delta, m.on_hand,
                      m.on_hand_there, m.reason, m.order_id, m.by_account
               FROM movements m JOIN stock s ON s.variant_id = m.variant_id JOIN locations l ON l.location_id = m.location_id
               WHERE m.vendor_id = $1 AND m.seq < $2
                 AND (CAST($3 AS TEXT) IS NULL OR m.variant_id = $3) AND (CAST($4 AS TEXT) IS NULL OR m.location_id = $4)
                 AND (CAST($5 AS TEXT) IS NULL OR m.kind = $5)
                 AND (CAST($6 AS BIGINT) IS NULL OR m.at >= $6) AND (CAST($7 AS BIGINT) IS NULL OR m.at < $7)
               ORDER BY m.seq DESC LIMIT $8";
    let MovementQuery { variant_id, location_id, kind, from, before: until, .. } = query;
    let kind = kind.map(MovementKind::as_str);
    let params = params![scope.vendor_id(), before, *variant_id, *location_id, kind, *from, *until, limit];
    let rows = db.as_vendor(scope).all(sql, params).await?;
    rows.iter().map(|row| Ok((row.get("seq")?, movement(row)?))).collect()
}

fn movement(row: &Row) -> Result<MovementView> {
    Ok(MovementView {
        at: row.get("at")?,
        variant_id: row.get("variant_id")?,
        sku: row.get("sku")?,
        title: row.get("title")?,
        location_id: row.get("location_id")?,
        location: row.get("location")?,
        kind: row.parse("kind")?,
        delta: row.get("delta")?,
        on_hand: row.get("on_hand")?,
        on_hand_there: row.get("on_hand_there")?,
        reason: row.get("reason")?,
        order_id: row.get("order_id")?,
        by: row.get("by_account")?,
    })
}
