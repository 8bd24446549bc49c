//! What files call a vendor's other products and variants.

use std::collections::BTreeMap;

use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{ProductId, Result, VariantId, VendorScope};

const HANDLES: &str = "SELECT id, handle FROM products WHERE vendor_id = $1 AND id IN ({})";

fn of_vendor(sql: &str, scope: &VendorScope, values: impl ExactSizeIterator<Item = Value>) -> (String, Vec<Value>) {
    let sql = sql.replace("{}", &placeholders(2, values.len()));
    let mut all = params![scope.vendor_id()];
    all.extend(values);
    (sql, all)
}

fn handle(row: &Row) -> Result<(ProductId, String)> {
    Ok((row.get("id")?, row.get("handle")?))
}

/// Handles of some of a vendor's products; of those that are no more there is none.
pub(crate) async fn handles(db: &Db, scope: &VendorScope, ids: &[ProductId]) -> Result<BTreeMap<ProductId, String>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (sql, values) = of_vendor(HANDLES, scope, ids.iter().map(Value::from));
    db.as_vendor(scope).all(&sql, values).await?.iter().map(handle).collect()
}

/// The same within a transaction.
pub(crate) async fn handles_in(
    tx: &mut Tx,
    scope: &VendorScope,
    ids: &[ProductId],
) -> Result<BTreeMap<ProductId, String>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (sql, values) = of_vendor(HANDLES, scope, ids.iter().map(Value::from));
    tx.all(&sql, values).await?.iter().map(handle).collect()
}

/// A vendor's products by their handles, or else by their names in addresses.
pub(crate) async fn products(
    tx: &mut Tx,
    scope: &VendorScope,
    names: &[String],
) -> Result<BTreeMap<String, ProductId>> {
    let mut found = BTreeMap::new();
    if names.is_empty() {
        return Ok(found);
    }
    for column in ["slug", "handle"] {
        let sql = format!("SELECT id, {column} AS name FROM products WHERE vendor_id = $1 AND {column} IN ({{}})");
        let (sql, values) = of_vendor(&sql, scope, names.iter().map(Value::from));
        for row in tx.all(&sql, values).await? {
            // Handles come last, and count.
            found.insert(row.get("name")?, row.get("id")?);
        }
    }
    Ok(found)
}

/// A vendor's variants on offer by SKU, each with its product.
pub(crate) async fn variants(
    tx: &mut Tx,
    scope: &VendorScope,
    skus: &[String],
) -> Result<BTreeMap<String, (VariantId, ProductId)>> {
    if skus.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = "SELECT sku, id, product_id FROM variants WHERE vendor_id = $1 AND active = 1 AND sku IN ({})";
    let (sql, values) = of_vendor(sql, scope, skus.iter().map(Value::from));
    let mut found = BTreeMap::new();
    for row in tx.all(&sql, values).await? {
        found.insert(row.get("sku")?, (row.get("id")?, row.get("product_id")?));
    }
    Ok(found)
}

/// SKUs of some of a vendor's variants, on offer or not.
pub(crate) async fn skus(tx: &mut Tx, scope: &VendorScope, ids: &[VariantId]) -> Result<BTreeMap<VariantId, String>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = "SELECT id, sku FROM variants WHERE vendor_id = $1 AND id IN ({})";
    let (sql, values) = of_vendor(sql, scope, ids.iter().map(Value::from));
    let mut found = BTreeMap::new();
    for row in tx.all(&sql, values).await? {
        found.insert(row.get("id")?, row.get("sku")?);
    }
    Ok(found)
}
