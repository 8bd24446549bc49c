//! What bundles are made of: now, and when an order was placed.

use std::collections::BTreeSet;

use contracts::{catalog::BundlePart, inventory::PartStock};
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{OrderId, Result, VariantId, VendorId, VendorScope};

use crate::model::{Compositions, Counted, Stock, Wanted};

fn part(row: &Row) -> Result<BundlePart> {
    Ok(BundlePart { variant_id: row.get("part_id")?, quantity: row.get("quantity")? })
}

/// What a variant is made of now, in the order in which its vendor put it.
pub(crate) async fn parts_of(tx: &mut Tx, id: VariantId) -> Result<Vec<BundlePart>> {
    let sql = "SELECT part_id, quantity FROM bundle_parts WHERE bundle_id = $1 ORDER BY position";
    tx.all(sql, params![id]).await?.iter().map(part).collect()
}

/// Takes over what a variant is made of.
pub(crate) async fn put(tx: &mut Tx, vendor_id: VendorId, id: VariantId, parts: &[BundlePart]) -> Result<()> {
    tx.defer("DELETE FROM bundle_parts WHERE bundle_id = $1", params![id]).await?;
    for (position, part) in (0_i64..).zip(parts) {
        let sql =
            "INSERT INTO bundle_parts (bundle_id, part_id, vendor_id, position, quantity) VALUES ($1, $2, $3, $4, $5)";
        tx.defer(sql, params![id, part.variant_id, vendor_id, position, part.quantity]).await?;
        let mark = "UPDATE stock SET in_bundles = 1 WHERE variant_id = $1 AND in_bundles = 0";
        tx.defer(mark, params![part.variant_id]).await?;
    }
    Ok(())
}

/// What those of some variants that are bundles are made of now, and which of them cannot be bought, because a part is
/// not on sale.
pub(crate) async fn of(tx: &mut Tx, ids: &[VariantId]) -> Result<(Compositions, BTreeSet<VariantId>)> {
    let (mut bundles, mut off) = (Compositions::new(), BTreeSet::new());
    if ids.is_empty() {
        return Ok((bundles, off));
    }
    let sql = format!(
        "SELECT b.bundle_id, b.part_id, b.quantity, coalesce(s.on_sale, 0) AS on_sale
         FROM bundle_parts b LEFT JOIN stock s ON s.variant_id = b.part_id
         WHERE b.bundle_id IN ({}) ORDER BY b.bundle_id, b.position",
        placeholders(1, ids.len())
    );
    for row in tx.all(&sql, ids.iter().map(Value::from).collect()).await? {
        let id: VariantId = row.get("bundle_id")?;
        bundles.entry(id).or_default().push(part(&row)?);
        if !row.get::<bool>("on_sale")? {
            off.insert(id);
        }
    }
    Ok((bundles, off))
}

/// What some bundles are made of now, for what everybody may know.
pub(crate) async fn now(db: &Db, ids: &[VariantId]) -> Result<Compositions> {
    let mut bundles = Compositions::new();
    if ids.is_empty() {
        return Ok(bundles);
    }
    let sql = format!(
        "SELECT bundle_id, part_id, quantity FROM bundle_parts WHERE bundle_id IN ({}) ORDER BY bundle_id, position",
        placeholders(1, ids.len())
    );
    for row in db.all(&sql, ids.iter().map(Value::from).collect()).await? {
        bundles.entry(row.get("bundle_id")?).or_default().push(part(&row)?);
    }
    Ok(bundles)
}

/// Parts of a bundle with what can be had of them.
pub(crate) async fn counted(tx: &mut Tx, id: VariantId) -> Result<Vec<Counted>> {
    let sql = "SELECT b.quantity, coalesce(s.on_hand - s.reserved - s.backordered, 0) AS available,
                      coalesce(s.backorder_cap, 0) AS backorder_cap, coalesce(s.on_sale, 0) AS on_sale
               FROM bundle_parts b LEFT JOIN stock s ON s.variant_id = b.part_id WHERE b.bundle_id = $1";
    let count = |row: &Row| {
        let (available, cap): (i64, i64) = (row.get("available")?, row.get("backorder_cap")?);
        Ok(Counted {
            quantity: row.get("quantity")?,
            available,
            orderable: (available + cap).max(0),
            on_sale: row.get("on_sale")?,
        })
    };
    tx.all(sql, params![id]).await?.iter().map(count).collect()
}

/// Bundles in which any of these variants lie.
pub(crate) async fn with_any(tx: &mut Tx, ids: &BTreeSet<VariantId>) -> Result<Vec<VariantId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT DISTINCT bundle_id FROM bundle_parts WHERE part_id IN ({})", placeholders(1, ids.len()));
    tx.all(&sql, ids.iter().map(Value::from).collect()).await?.iter().map(|row| row.get("bundle_id")).collect()
}

/// Sets whether a variant is a bundle, and how many its parts suffice for.
pub(crate) async fn set(tx: &mut Tx, id: VariantId, bundle: bool, (have, order): (i64, i64)) -> Result<Option<Stock>> {
    let sql = concat!(
        "UPDATE stock SET bundle = $2, can_have = $3, can_order = $4 WHERE variant_id = $1 RETURNING ",
        super::columns!()
    );
    super::changed(tx, sql, params![id, bundle, have, order]).await
}

/// Keeps what the bundles of an order are made of.
pub(crate) async fn freeze(tx: &mut Tx, order_id: OrderId, wanted: &Wanted, taken: &[(Stock, i64)]) -> Result<()> {
    for (bundle_id, parts) in &wanted.bundles {
        for part in parts {
            let of = taken.iter().find(|(stock, _)| stock.variant_id == part.variant_id);
            let Some((stock, _)) = of else { continue };
            tx.defer(
                "INSERT INTO order_parts (order_id, bundle_id, part_id, vendor_id, quantity) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (order_id, bundle_id, part_id) DO NOTHING",
                params![order_id, *bundle_id, part.variant_id, stock.vendor_id, part.quantity],
            )
            .await?;
        }
    }
    Ok(())
}

/// What the bundles of an order were made of when it was placed.
pub(crate) async fn frozen(tx: &mut Tx, order_id: OrderId) -> Result<Compositions> {
    let sql = "SELECT bundle_id, part_id, quantity FROM order_parts WHERE order_id = $1 ORDER BY bundle_id, part_id";
    let mut bundles = Compositions::new();
    for row in tx.all(sql, params![order_id]).await? {
        bundles.entry(row.get("bundle_id")?).or_default().push(part(&row)?);
    }
    Ok(bundles)
}

/// Parts of a vendor's bundle with their stock, as its vendor sees them.
pub(crate) async fn stocks(db: &Db, scope: &VendorScope, id: VariantId) -> Result<Vec<PartStock>> {
    let sql =
        "SELECT b.part_id, b.quantity, s.title, s.sku, s.on_hand - s.reserved - s.backordered AS available, s.on_sale
               FROM bundle_parts b JOIN stock s ON s.variant_id = b.part_id
               WHERE b.bundle_id = $1 AND b.vendor_id = $2 ORDER BY b.position";
    let stock = |row: &Row| {
        Ok(PartStock {
            variant_id: row.get("part_id")?,
            title: row.get("title")?,
            sku: row.get("sku")?,
            quantity: row.get("quantity")?,
            available: row.get("available")?,
            on_sale: row.get("on_sale")?,
        })
    };
    db.as_vendor(scope).all(sql, params![id, scope.vendor_id()]).await?.iter().map(stock).collect()
}
