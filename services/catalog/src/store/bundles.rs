//! What bundles are made of.

use std::collections::BTreeMap;

use contracts::catalog::{BundlePart, BundleUse, PartView};
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{ProductId, Result, VariantId, VendorId, VendorScope};

use super::cards::{translated, translations};

const PARTS: &str =
    "SELECT bundle_id, part_id, quantity FROM bundle_parts WHERE bundle_id IN ({}) ORDER BY bundle_id, position";

/// Parts by bundle.
pub(super) type Parts = BTreeMap<VariantId, Vec<BundlePart>>;

fn by_bundle(rows: &[Row]) -> Result<Parts> {
    let mut parts = Parts::new();
    for row in rows {
        let part = BundlePart { variant_id: row.get("part_id")?, quantity: row.get("quantity")? };
        parts.entry(row.get("bundle_id")?).or_default().push(part);
    }
    Ok(parts)
}

fn of(ids: &[VariantId]) -> (String, Vec<Value>) {
    (PARTS.replace("{}", &placeholders(1, ids.len())), ids.iter().map(Value::from).collect())
}

/// Parts of some bundles.
pub(super) async fn parts_in(tx: &mut Tx, ids: &[VariantId]) -> Result<Parts> {
    if ids.is_empty() {
        return Ok(Parts::new());
    }
    let (sql, params) = of(ids);
    by_bundle(&tx.all(&sql, params).await?)
}

/// The same outside a transaction.
pub(super) async fn parts(db: &Db, ids: &[VariantId]) -> Result<Parts> {
    if ids.is_empty() {
        return Ok(Parts::new());
    }
    let (sql, params) = of(ids);
    by_bundle(&db.all(&sql, params).await?)
}

/// Writes what a variant is made of; nothing makes it an ordinary one. Call with all their products locked.
pub(crate) async fn put(tx: &mut Tx, vendor_id: VendorId, id: VariantId, parts: &[BundlePart]) -> Result<()> {
    tx.defer("DELETE FROM bundle_parts WHERE bundle_id = $1", params![id]).await?;
    for (position, part) in (0_i64..).zip(parts) {
        let sql =
            "INSERT INTO bundle_parts (bundle_id, part_id, vendor_id, position, quantity) VALUES ($1, $2, $3, $4, $5)";
        tx.defer(sql, params![id, part.variant_id, vendor_id, position, part.quantity]).await?;
    }
    tx.defer("UPDATE variants SET bundle = $2 WHERE id = $1", params![id, !parts.is_empty()]).await
}

/// Removes what the variants of a product are made of.
pub(crate) async fn forget(tx: &mut Tx, id: ProductId) -> Result<()> {
    let sql = "DELETE FROM bundle_parts WHERE bundle_id IN (SELECT id FROM variants WHERE product_id = $1)";
    tx.defer(sql, params![id]).await
}

/// The products of some of a vendor's variants.
pub(crate) async fn products_of(
    tx: &mut Tx,
    scope: &VendorScope,
    ids: &[VariantId],
) -> Result<BTreeMap<VariantId, ProductId>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql =
        format!("SELECT id, product_id FROM variants WHERE vendor_id = $1 AND id IN ({})", placeholders(2, ids.len()));
    let mut params = params![scope.vendor_id()];
    params.extend(ids.iter().map(Value::from));
    tx.all(&sql, params).await?.iter().map(|row| Ok((row.get("id")?, row.get("product_id")?))).collect()
}

/// True if a variant lies in a bundle.
pub(crate) async fn is_part(tx: &mut Tx, id: VariantId) -> Result<bool> {
    let sql = "SELECT 1 FROM bundle_parts WHERE part_id = $1 LIMIT 1";
    Ok(tx.opt(sql, params![id]).await?.is_some())
}

/// Parts of some bundles with what they are called, in another language if one is asked for.
pub(crate) async fn views(
    db: &Db,
    ids: &[VariantId],
    language: Option<&str>,
) -> Result<BTreeMap<VariantId, Vec<PartView>>> {
    let mut views: BTreeMap<VariantId, Vec<PartView>> = BTreeMap::new();
    if ids.is_empty() {
        return Ok(views);
    }
    let translations = translations(language);
    let sql = format!(
        "SELECT b.bundle_id, b.part_id, b.quantity, v.product_id, v.sku, v.options, p.slug, p.title{translations},
            CAST(CASE WHEN v.active = 1 AND p.status = 'published' THEN 1 ELSE 0 END AS BIGINT) AS on_sale
         FROM bundle_parts b JOIN variants v ON v.id = b.part_id JOIN products p ON p.id = v.product_id
         WHERE b.bundle_id IN ({}) ORDER BY b.bundle_id, b.position",
        placeholders(1, ids.len())
    );
    for row in db.all(&sql, ids.iter().map(Value::from).collect()).await? {
        let translated = translated(&row, language)?;
        views.entry(row.get("bundle_id")?).or_default().push(PartView {
            variant_id: row.get("part_id")?,
            product_id: row.get("product_id")?,
            slug: row.get("slug")?,
            translated: translated.is_some(),
            title: translated.map_or_else(|| row.get("title"), Ok)?,
            options: row.json("options")?,
            sku: row.get("sku")?,
            quantity: row.get("quantity")?,
            on_sale: row.get("on_sale")?,
        });
    }
    Ok(views)
}

/// Bundles on offer in which variants of a vendor's product lie.
pub(crate) async fn uses(db: &Db, scope: &VendorScope, id: ProductId) -> Result<Vec<BundleUse>> {
    let sql = "SELECT b.part_id, b.quantity, b.bundle_id, v.product_id, v.options, v.sku, p.title
               FROM bundle_parts b JOIN variants v ON v.id = b.bundle_id JOIN products p ON p.id = v.product_id
               WHERE b.vendor_id = $1 AND v.active = 1 AND b.part_id IN (SELECT id FROM variants WHERE product_id = $2)
               ORDER BY p.title, v.sku, b.part_id";
    let used = |row: &Row| {
        Ok(BundleUse {
            part_id: row.get("part_id")?,
            quantity: row.get("quantity")?,
            variant_id: row.get("bundle_id")?,
            product_id: row.get("product_id")?,
            title: row.get("title")?,
            options: row.json("options")?,
            sku: row.get("sku")?,
        })
    };
    db.as_vendor(scope).all(sql, params![scope.vendor_id(), id]).await?.iter().map(used).collect()
}

/// Names in addresses of the products with bundles in which variants of a product lie: what the cache has to forget of
/// them when it changes.
pub(crate) async fn slugs_above(tx: &mut Tx, id: ProductId) -> Result<Vec<String>> {
    let sql = "SELECT s.slug FROM product_slugs s WHERE s.product_id IN (
                   SELECT v.product_id FROM bundle_parts b JOIN variants v ON v.id = b.bundle_id
                   WHERE b.part_id IN (SELECT id FROM variants WHERE product_id = $1))";
    tx.all(sql, params![id]).await?.iter().map(|row| row.get("slug")).collect()
}
