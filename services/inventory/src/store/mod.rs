//! SQL of the inventory and nothing else.

pub(crate) mod bundles;
pub(crate) mod locations;
pub(crate) mod movements;
pub(crate) mod places;
pub(crate) mod reservations;

use std::collections::BTreeMap;

use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{LocationId, ProductId, Result, Timestamp, VariantId, VendorScope};

use crate::model::Stock;

macro_rules! columns {
    () => {
        "variant_id, product_id, vendor_id, sku, title, on_hand, reserved, backordered, backorder_cap, low_threshold, split,
         on_sale, in_bundles, bundle, can_have, can_order, digital, updated_at"
    };
}
pub(crate) use columns;

fn stock(row: &Row) -> Result<Stock> {
    Ok(Stock {
        variant_id: row.get("variant_id")?,
        product_id: row.get("product_id")?,
        vendor_id: row.get("vendor_id")?,
        sku: row.get("sku")?,
        title: row.get("title")?,
        on_hand: row.get("on_hand")?,
        reserved: row.get("reserved")?,
        backordered: row.get("backordered")?,
        backorder_cap: row.get("backorder_cap")?,
        low_threshold: row.get("low_threshold")?,
        split: row.get("split")?,
        on_sale: row.get("on_sale")?,
        in_bundles: row.get("in_bundles")?,
        bundle: row.get("bundle")?,
        can_have: row.get("can_have")?,
        can_order: row.get("can_order")?,
        digital: row.get("digital")?,
        updated_at: row.get("updated_at")?,
    })
}

async fn changed(tx: &mut Tx, sql: &str, params: Vec<Value>) -> Result<Option<Stock>> {
    tx.opt(sql, params).await?.as_ref().map(stock).transpose()
}

/// Makes the row of a variant that is new here; `None` if it was known.
pub(crate) async fn insert_stock(tx: &mut Tx, new: &Stock, search_text: &str) -> Result<Option<Stock>> {
    let sql = concat!(
        "INSERT INTO stock (variant_id, product_id, vendor_id, sku, title, search_text, active, on_hand, reserved, low_threshold, updated_at,
             on_sale, in_bundles, digital)
         VALUES ($1, $2, $3, $4, $5, $6, 1, $7, 0, $8, $9, $10,
             CASE WHEN EXISTS (SELECT 1 FROM bundle_parts WHERE part_id = $1) THEN 1 ELSE 0 END, $11)
         ON CONFLICT (variant_id) DO NOTHING RETURNING ",
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
        new.updated_at,
        new.on_sale,
        new.digital
    ];
    changed(tx, sql, params).await
}

/// Takes over what the catalogue calls a variant, and that it sells it or does not, as before.
pub(crate) async fn rename(tx: &mut Tx, new: &Stock, search_text: &str) -> Result<()> {
    tx.defer(
        "UPDATE stock SET sku = $2, title = $3, search_text = $4, active = 1
         WHERE variant_id = $1 AND (sku <> $2 OR title <> $3 OR active = 0)",
        params![new.variant_id, &new.sku, &new.title, search_text],
    )
    .await
}

/// Takes over whether the catalogue sells a variant; the row if that has changed.
pub(crate) async fn set_on_sale(tx: &mut Tx, variant_id: VariantId, on_sale: bool) -> Result<Option<Stock>> {
    let sql = concat!("UPDATE stock SET on_sale = $2 WHERE variant_id = $1 AND on_sale <> $2 RETURNING ", columns!());
    changed(tx, sql, params![variant_id, on_sale]).await
}

/// Takes over whether a variant is downloaded; the row if that has changed.
pub(crate) async fn set_digital(tx: &mut Tx, variant_id: VariantId, digital: bool) -> Result<Option<Stock>> {
    let sql = concat!("UPDATE stock SET digital = $2 WHERE variant_id = $1 AND digital <> $2 RETURNING ", columns!());
    changed(tx, sql, params![variant_id, digital]).await
}

/// What is known of a variant before its product is taken over.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// Listed to the vendor.
    pub active: bool,
    /// Sold by the catalogue.
    pub on_sale: bool,
    /// Made of others.
    pub bundle: bool,
    /// Downloaded.
    pub digital: bool,
}

/// The variants of a product that were ever told of.
pub(crate) async fn known_variants(tx: &mut Tx, product_id: ProductId) -> Result<BTreeMap<VariantId, Known>> {
    let sql = "SELECT variant_id, active, on_sale, bundle, digital FROM stock WHERE product_id = $1";
    let known = |row: &Row| {
        let known = Known {
            active: row.get("active")?,
            on_sale: row.get("on_sale")?,
            bundle: row.get("bundle")?,
            digital: row.get("digital")?,
        };
        Ok((row.get("variant_id")?, known))
    };
    tx.all(sql, params![product_id]).await?.iter().map(known).collect()
}

/// Takes a variant off the vendor's list.
pub(crate) async fn retire(tx: &mut Tx, variant_id: VariantId) -> Result<Option<Stock>> {
    let sql = concat!("UPDATE stock SET active = 0, on_sale = 0 WHERE variant_id = $1 RETURNING ", columns!());
    changed(tx, sql, params![variant_id]).await
}

/// Promises `quantity` if that many can be had: out of what is there, and beyond it as far as the vendor allows.
/// `None` if not.
pub(crate) async fn reserve(tx: &mut Tx, variant_id: VariantId, quantity: i64) -> Result<Option<Stock>> {
    let sql = concat!(
        "UPDATE stock SET
             reserved = CASE WHEN on_hand - reserved < $2 THEN on_hand ELSE reserved + $2 END,
             backordered = CASE WHEN on_hand - reserved < $2 THEN backordered + $2 - (on_hand - reserved) ELSE backordered END
         WHERE variant_id = $1 AND on_hand - reserved - backordered + backorder_cap >= $2 RETURNING ",
        columns!()
    );
    let quantity = if kernel::planted!(16) { quantity.min(1) } else { quantity };
    changed(tx, sql, params![variant_id, quantity]).await
}

/// Takes a promise back: of `reserved` pieces that are there, and of `backordered` that are not.
pub(crate) async fn unreserve(
    tx: &mut Tx,
    variant_id: VariantId,
    reserved: i64,
    backordered: i64,
) -> Result<Option<Stock>> {
    let sql = concat!(
        "UPDATE stock SET reserved = reserved - $2, backordered = backordered - $3 WHERE variant_id = $1 RETURNING ",
        columns!()
    );
    changed(tx, sql, params![variant_id, reserved, backordered]).await
}

/// Promises `quantity` pieces that are there to orders that have waited for them.
pub(crate) async fn cover(tx: &mut Tx, variant_id: VariantId, quantity: i64) -> Result<()> {
    tx.defer(
        "UPDATE stock SET reserved = reserved + $2, backordered = backordered - $2 WHERE variant_id = $1",
        params![variant_id, quantity],
    )
    .await
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
    let sql = concat!("SELECT ", columns!(), " FROM stock WHERE variant_id = $1 AND vendor_id = $2");
    tx.lock(sql, params![variant_id, scope.vendor_id()]).await?.as_ref().map(stock).transpose()
}

/// The variants of some of a vendor's products that are offered.
pub(crate) async fn variants_of(tx: &mut Tx, scope: &VendorScope, ids: &[ProductId]) -> Result<Vec<VariantId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list = placeholders(2, ids.len());
    let sql = format!("SELECT variant_id FROM stock WHERE vendor_id = $1 AND active = 1 AND product_id IN ({list})");
    let mut params = params![scope.vendor_id()];
    params.extend(ids.iter().map(Value::from));
    tx.all(&sql, params).await?.iter().map(|row| row.get("variant_id")).collect()
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

/// Sets how many may be sold beyond what is there, unless more than that are sold so already.
pub(crate) async fn set_backorder_cap(
    tx: &mut Tx,
    scope: &VendorScope,
    variant_id: VariantId,
    cap: i64,
) -> Result<Option<Stock>> {
    let sql = concat!(
        "UPDATE stock SET backorder_cap = $3 WHERE variant_id = $1 AND vendor_id = $2 AND backordered <= $3 RETURNING ",
        columns!()
    );
    changed(tx, sql, params![variant_id, scope.vendor_id(), cap]).await
}

/// Locks a row of whatever vendor and reads it: nobody else changes its numbers until the transaction ends.
pub(crate) async fn hold(tx: &mut Tx, variant_id: VariantId) -> Result<Option<Stock>> {
    let sql = concat!("SELECT ", columns!(), " FROM stock WHERE variant_id = $1");
    tx.lock(sql, params![variant_id]).await?.as_ref().map(stock).transpose()
}

/// Notes that a variant has places from now on.
pub(crate) async fn set_split(tx: &mut Tx, variant_id: VariantId) -> Result<()> {
    tx.defer("UPDATE stock SET split = 1 WHERE variant_id = $1", params![variant_id]).await
}

/// Notes that something of a variant was moved.
pub(crate) async fn touch(tx: &mut Tx, variant_id: VariantId, now: Timestamp) -> Result<()> {
    tx.defer("UPDATE stock SET updated_at = $2 WHERE variant_id = $1", params![variant_id, now]).await
}

/// What a vendor's stock list is narrowed by.
pub(crate) struct StockFilter {
    /// Pattern for `LIKE`; everything if empty.
    pub like: String,
    /// Only what is at or below its threshold.
    pub low: bool,
    /// Only what is sold beyond what is there.
    pub waiting: bool,
    /// Location of which is said how many are there.
    pub location_id: Option<LocationId>,
    /// Only what is there.
    pub there: bool,
    /// SKU and id of the last row seen.
    pub after: (String, String),
    /// Rows wanted.
    pub limit: i64,
}

/// A page of a vendor's stock, by SKU, with how many are at the location of the filter.
pub(crate) async fn list(db: &Db, scope: &VendorScope, filter: &StockFilter) -> Result<Vec<(Stock, i64)>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        ", there FROM (SELECT stock.*, CASE WHEN split = 1
                THEN coalesce((SELECT p.on_hand FROM places p WHERE p.variant_id = stock.variant_id AND p.location_id = $7), 0)
                WHEN vendor_id = $7 THEN on_hand ELSE 0 END AS there FROM stock) s
         WHERE vendor_id = $1 AND active = 1 AND (sku, variant_id) > ($2, $3)
           AND ($4 = '' OR search_text LIKE $4 ESCAPE '\\') AND (CAST($5 AS BIGINT) = 0 OR CASE bundle WHEN 1 THEN can_have ELSE on_hand - reserved - backordered END <= low_threshold)
           AND (CAST($6 AS BIGINT) = 0 OR backordered > 0)
           AND (CAST($8 AS BIGINT) = 0 OR there > 0)
         ORDER BY sku, variant_id LIMIT $9"
    );
    let (sku, id) = &filter.after;
    let StockFilter { like, low, waiting, location_id, there, limit, .. } = filter;
    db.as_vendor(scope)
        .all(sql, params![scope.vendor_id(), sku, id, like, *low, *waiting, *location_id, *there, *limit])
        .await?
        .iter()
        .map(|row| Ok((stock(row)?, row.get("there")?)))
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
