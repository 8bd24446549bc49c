//! SQL of the inventory and nothing else.

use contracts::inventory::MovementView;
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{OrderId, ProductId, Result, Timestamp, VariantId, VendorId, VendorScope};

use crate::model::{MovementKind, State, Stock};

macro_rules! columns {
    () => {
        "variant_id, product_id, vendor_id, sku, title, on_hand, reserved, low_threshold, updated_at"
    };
}

fn stock(row: &Row) -> Result<Stock> {
    Ok(Stock {
        variant_id: row.get("variant_id")?,
        product_id: row.get("product_id")?,
        vendor_id: row.get("vendor_id")?,
        sku: row.get("sku")?,
        title: row.get("title")?,
        on_hand: row.get("on_hand")?,
        reserved: row.get("reserved")?,
        low_threshold: row.get("low_threshold")?,
        updated_at: row.get("updated_at")?,
    })
}

async fn changed(tx: &mut Tx, sql: &str, params: Vec<Value>) -> Result<Option<Stock>> {
    tx.opt(sql, params).await?.as_ref().map(stock).transpose()
}

/// Makes the row of a variant that is new here; `None` if it was known.
pub(crate) async fn insert_stock(tx: &mut Tx, new: &Stock, search_text: &str) -> Result<Option<Stock>> {
    let sql = concat!(
        "INSERT INTO stock (variant_id, product_id, vendor_id, sku, title, search_text, active, on_hand, reserved, low_threshold, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, 1, $7, 0, $8, $9) ON CONFLICT (variant_id) DO NOTHING RETURNING ",
        columns!()
    );
    let params = params![
        new.variant_id,
        new.product_id,
        new.vendor_id,
        &new.sku,
        &new.title,
        search_text,
        new.on_hand,
        new.low_threshold,
        new.updated_at
    ];
    changed(tx, sql, params).await
}

/// Takes over what the catalogue calls a variant.
pub(crate) async fn rename(
    tx: &mut Tx,
    variant_id: VariantId,
    sku: &str,
    title: &str,
    search_text: &str,
) -> Result<()> {
    tx.defer(
        "UPDATE stock SET sku = $2, title = $3, search_text = $4, active = 1
         WHERE variant_id = $1 AND (sku <> $2 OR title <> $3 OR active = 0)",
        params![variant_id, sku, title, search_text],
    )
    .await
}

/// Variants of a product that are listed to the vendor.
pub(crate) async fn active_variants(tx: &mut Tx, product_id: ProductId) -> Result<Vec<VariantId>> {
    let sql = "SELECT variant_id FROM stock WHERE product_id = $1 AND active = 1 ORDER BY variant_id";
    tx.all(sql, params![product_id]).await?.iter().map(|row| row.get("variant_id")).collect()
}

/// Takes a variant off the vendor's list.
pub(crate) async fn retire(tx: &mut Tx, variant_id: VariantId) -> Result<()> {
    tx.defer("UPDATE stock SET active = 0 WHERE variant_id = $1", params![variant_id]).await
}

/// Promises `quantity` if that many can be had; `None` if not.
pub(crate) async fn reserve(tx: &mut Tx, variant_id: VariantId, quantity: i64) -> Result<Option<Stock>> {
    let sql = concat!(
        "UPDATE stock SET reserved = reserved + $2 WHERE variant_id = $1 AND on_hand - reserved >= $2 RETURNING ",
        columns!()
    );
    let quantity = if kernel::planted!(16) { quantity.min(1) } else { quantity };
    changed(tx, sql, params![variant_id, quantity]).await
}

/// Takes a promise of `quantity` back.
pub(crate) async fn unreserve(tx: &mut Tx, variant_id: VariantId, quantity: i64) -> Result<Option<Stock>> {
    let sql = concat!("UPDATE stock SET reserved = reserved - $2 WHERE variant_id = $1 RETURNING ", columns!());
    changed(tx, sql, params![variant_id, quantity]).await
}

/// Takes off what was promised and has left.
pub(crate) async fn take_reserved(
    tx: &mut Tx,
    variant_id: VariantId,
    quantity: i64,
    now: Timestamp,
) -> Result<Option<Stock>> {
    let sql = concat!(
        "UPDATE stock SET on_hand = on_hand - $2, reserved = reserved - $2, updated_at = $3 WHERE variant_id = $1 RETURNING ",
        columns!()
    );
    changed(tx, sql, params![variant_id, quantity, now]).await
}

/// Takes off what has left without a promise, if that many are free.
pub(crate) async fn take_free(
    tx: &mut Tx,
    variant_id: VariantId,
    quantity: i64,
    now: Timestamp,
) -> Result<Option<Stock>> {
    let sql = concat!(
        "UPDATE stock SET on_hand = on_hand - $2, updated_at = $3
         WHERE variant_id = $1 AND on_hand - reserved >= $2 RETURNING ",
        columns!()
    );
    changed(tx, sql, params![variant_id, quantity, now]).await
}

/// Adds what came back.
pub(crate) async fn put_back(
    tx: &mut Tx,
    variant_id: VariantId,
    quantity: i64,
    now: Timestamp,
) -> Result<Option<Stock>> {
    let sql = concat!(
        "UPDATE stock SET on_hand = on_hand + $2, updated_at = $3 WHERE variant_id = $1 RETURNING ",
        columns!()
    );
    changed(tx, sql, params![variant_id, quantity, now]).await
}

/// Locks a vendor's row and reads it.
pub(crate) async fn lock(tx: &mut Tx, scope: &VendorScope, variant_id: VariantId) -> Result<Option<Stock>> {
    let sql = concat!(
        "UPDATE stock SET updated_at = updated_at WHERE variant_id = $1 AND vendor_id = $2 RETURNING ",
        columns!()
    );
    changed(tx, sql, params![variant_id, scope.vendor_id()]).await
}

/// Sets what is on hand of a vendor's row, unless fewer than are promised would be left.
pub(crate) async fn set_on_hand(
    tx: &mut Tx,
    scope: &VendorScope,
    variant_id: VariantId,
    on_hand: i64,
    now: Timestamp,
) -> Result<Option<Stock>> {
    let sql = concat!(
        "UPDATE stock SET on_hand = $3, updated_at = $4 WHERE variant_id = $1 AND vendor_id = $2 AND reserved <= $3 RETURNING ",
        columns!()
    );
    changed(tx, sql, params![variant_id, scope.vendor_id(), on_hand, now]).await
}

/// Sets the threshold of a vendor's row.
pub(crate) async fn set_threshold(
    tx: &mut Tx,
    scope: &VendorScope,
    variant_id: VariantId,
    low_threshold: i64,
) -> Result<Option<Stock>> {
    let sql =
        concat!("UPDATE stock SET low_threshold = $3 WHERE variant_id = $1 AND vendor_id = $2 RETURNING ", columns!());
    changed(tx, sql, params![variant_id, scope.vendor_id(), low_threshold]).await
}

/// How many of a variant can be promised; nobody else changes that until the transaction ends.
pub(crate) async fn hold_available(tx: &mut Tx, variant_id: VariantId) -> Result<i64> {
    let sql = "UPDATE stock SET reserved = reserved WHERE variant_id = $1 RETURNING on_hand - reserved AS available";
    tx.opt(sql, params![variant_id]).await?.map_or(Ok(0), |row| row.get("available"))
}

/// Notes a change of what is on hand; `after` is the row after it.
pub(crate) async fn insert_movement(
    tx: &mut Tx,
    after: &Stock,
    kind: MovementKind,
    delta: i64,
    reason: &str,
    order_id: Option<OrderId>,
    now: Timestamp,
) -> Result<()> {
    tx.defer(
        "INSERT INTO movements (variant_id, at, kind, delta, on_hand, reason, order_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![after.variant_id, now, kind.as_str(), delta, after.on_hand, reason, order_id],
    ).await
}

/// Makes the reservation of an order, or revives one whose time had run out.
pub(crate) async fn put_reservation(
    tx: &mut Tx,
    order_id: OrderId,
    state: State,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<()> {
    tx.defer(
        "INSERT INTO reservations (order_id, state, expires_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (order_id) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at, updated_at = excluded.updated_at",
        params![order_id, state.as_str(), expires_at, now],
    ).await
}

/// Notes a line of a reservation.
pub(crate) async fn insert_line(tx: &mut Tx, order_id: OrderId, stock: &Stock, quantity: i64) -> Result<()> {
    tx.defer(
        "INSERT INTO reservation_lines (order_id, variant_id, vendor_id, quantity, shipped) VALUES ($1, $2, $3, $4, 0)
         ON CONFLICT (order_id, variant_id) DO NOTHING",
        params![order_id, stock.variant_id, stock.vendor_id, quantity],
    )
    .await
}

/// Locks the reservation of an order; its state and the end of its hold.
pub(crate) async fn lock_reservation(
    tx: &mut Tx,
    order_id: OrderId,
    now: Timestamp,
) -> Result<Option<(State, Timestamp)>> {
    let sql = "UPDATE reservations SET updated_at = $2 WHERE order_id = $1 RETURNING state, expires_at";
    let row = tx.opt(sql, params![order_id, now]).await?;
    row.map(|row| Ok((row.parse("state")?, row.get("expires_at")?))).transpose()
}

/// Moves a reservation on.
pub(crate) async fn set_state(tx: &mut Tx, order_id: OrderId, state: State) -> Result<()> {
    tx.defer("UPDATE reservations SET state = $2 WHERE order_id = $1", params![order_id, state.as_str()]).await
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
pub(crate) async fn open_lines(
    tx: &mut Tx,
    order_id: OrderId,
    vendor_id: Option<VendorId>,
) -> Result<Vec<(VariantId, i64)>> {
    let rows = tx
        .all(
            "SELECT variant_id, quantity FROM reservation_lines
             WHERE order_id = $1 AND shipped = 0 AND (CAST($2 AS TEXT) IS NULL OR vendor_id = $2) ORDER BY variant_id",
            params![order_id, vendor_id],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("variant_id")?, row.get("quantity")?))).collect()
}

/// Notes that a line has left.
pub(crate) async fn mark_shipped(tx: &mut Tx, order_id: OrderId, variant_id: VariantId) -> Result<()> {
    let sql = "UPDATE reservation_lines SET shipped = 1 WHERE order_id = $1 AND variant_id = $2";
    tx.defer(sql, params![order_id, variant_id]).await
}

/// What a vendor's stock list is narrowed by.
pub(crate) struct StockFilter {
    /// Pattern for `LIKE`; everything if empty.
    pub like: String,
    /// Only what is at or below its threshold.
    pub low: bool,
    /// SKU and id of the last row seen.
    pub after: (String, String),
    /// Rows wanted.
    pub limit: i64,
}

/// A page of a vendor's stock, by SKU.
pub(crate) async fn list(db: &Db, scope: &VendorScope, filter: &StockFilter) -> Result<Vec<Stock>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM stock WHERE vendor_id = $1 AND active = 1 AND (sku, variant_id) > ($2, $3)
           AND ($4 = '' OR search_text LIKE $4 ESCAPE '\\') AND (CAST($5 AS BIGINT) = 0 OR on_hand - reserved <= low_threshold)
         ORDER BY sku, variant_id LIMIT $6"
    );
    let (sku, id) = &filter.after;
    db.as_vendor(scope)
        .all(sql, params![scope.vendor_id(), sku, id, &filter.like, filter.low, filter.limit])
        .await?
        .iter()
        .map(stock)
        .collect()
}

/// One of a vendor's rows.
pub(crate) async fn find(db: &Db, scope: &VendorScope, variant_id: VariantId) -> Result<Option<Stock>> {
    let sql = concat!("SELECT ", columns!(), " FROM stock WHERE variant_id = $1 AND vendor_id = $2");
    db.as_vendor(scope).opt(sql, params![variant_id, scope.vendor_id()]).await?.as_ref().map(stock).transpose()
}

/// Rows of some variants of whatever vendor, for what everybody may know.
pub(crate) async fn find_many(db: &Db, variant_ids: &[VariantId]) -> Result<Vec<Stock>> {
    if variant_ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        concat!("SELECT ", columns!(), " FROM stock WHERE variant_id IN ({})"),
        placeholders(1, variant_ids.len())
    );
    db.all(&sql, variant_ids.iter().map(Value::from).collect()).await?.iter().map(stock).collect()
}

/// Movements of a variant with their numbers, newest first, below `before`.
pub(crate) async fn movements(
    db: &Db,
    variant_id: VariantId,
    before: i64,
    limit: i64,
) -> Result<Vec<(i64, MovementView)>> {
    let rows = db
        .all(
            "SELECT seq, at, kind, delta, on_hand, reason, order_id FROM movements
             WHERE variant_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
            params![variant_id, before, limit],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("seq")?, movement(row)?))).collect()
}

fn movement(row: &Row) -> Result<MovementView> {
    Ok(MovementView {
        at: row.get("at")?,
        kind: row.get("kind")?,
        delta: row.get("delta")?,
        on_hand: row.get("on_hand")?,
        reason: row.get("reason")?,
        order_id: row.get("order_id")?,
    })
}
