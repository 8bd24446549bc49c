//! Variants.

use std::collections::BTreeMap;

use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{MediaId, ProductId, Result, VariantId, VendorId, VendorScope};

use crate::model::{Offer, Variant};

macro_rules! columns {
    () => {
        "id, product_id, position, sku, options, price_minor, compare_at_minor, weight_g, barcode, active, offer_price_minor,
         offer_list_minor, offer_name, offer_quantity_prices,
         offer_lowest_minor, stock_left, bundle, digital, picture_id"
    };
}

fn variant(row: &Row) -> Result<Variant> {
    let offer = match (row.get("offer_price_minor")?, row.get("offer_list_minor")?) {
        (Some(price_minor), Some(list_minor)) => Some(Offer {
            price_minor,
            list_minor,
            name: row.get("offer_name")?,
            quantity_prices: row.json("offer_quantity_prices")?,
            lowest_minor: row.get("offer_lowest_minor")?,
        }),
        _ => None,
    };
    Ok(Variant {
        id: row.get("id")?,
        position: row.get("position")?,
        sku: row.get("sku")?,
        options: row.json("options")?,
        price_minor: row.get("price_minor")?,
        compare_at_minor: row.get("compare_at_minor")?,
        weight_g: row.get("weight_g")?,
        barcode: row.get("barcode")?,
        active: row.get("active")?,
        offer,
        stock_left: row.get("stock_left")?,
        parts: Vec::new(),
        digital: row.get("digital")?,
        picture_id: row.get("picture_id")?,
    })
}

/// Those of some rows that are made of others.
fn bundles(rows: &[Row]) -> Result<Vec<VariantId>> {
    let mut ids = Vec::new();
    for row in rows {
        if row.get("bundle")? {
            ids.push(row.get("id")?);
        }
    }
    Ok(ids)
}

/// All variants of a product: those on offer in their order, then those that were.
pub(crate) async fn of_product(tx: &mut Tx, id: ProductId) -> Result<Vec<Variant>> {
    let sql = concat!("SELECT ", columns!(), " FROM variants WHERE product_id = $1 ORDER BY active DESC, position, id");
    let rows = tx.all(sql, params![id]).await?;
    let mut parts = super::bundles::parts_in(tx, &bundles(&rows)?).await?;
    let mut variants = rows.iter().map(variant).collect::<Result<Vec<_>>>()?;
    for variant in &mut variants {
        variant.parts = parts.remove(&variant.id).unwrap_or_default();
    }
    Ok(variants)
}

/// The variants on offer of some products, in their order.
pub(crate) async fn offered(db: &Db, ids: &[ProductId]) -> Result<BTreeMap<ProductId, Vec<Variant>>> {
    let mut by_product: BTreeMap<ProductId, Vec<Variant>> = BTreeMap::new();
    if ids.is_empty() {
        return Ok(by_product);
    }
    let sql = format!(
        concat!(
            "SELECT ",
            columns!(),
            " FROM variants WHERE product_id IN ({}) AND active = 1 ORDER BY product_id, position, id"
        ),
        placeholders(1, ids.len())
    );
    let rows = db.all(&sql, ids.iter().map(Value::from).collect()).await?;
    let mut parts = super::bundles::parts(db, &bundles(&rows)?).await?;
    for row in &rows {
        let mut variant = variant(row)?;
        variant.parts = parts.remove(&variant.id).unwrap_or_default();
        by_product.entry(row.get("product_id")?).or_default().push(variant);
    }
    Ok(by_product)
}

/// Those of some SKUs that other products of the vendor use.
pub(crate) async fn skus_in_use(
    tx: &mut Tx,
    vendor_id: VendorId,
    product_id: ProductId,
    skus: &[&str],
) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT sku FROM variants WHERE vendor_id = $1 AND active = 1 AND product_id <> $2 AND sku IN ({})",
        placeholders(3, skus.len())
    );
    let mut params = params![vendor_id, product_id];
    params.extend(skus.iter().map(Value::from));
    tx.all(&sql, params).await?.iter().map(|row| row.get("sku")).collect()
}

/// The products of a vendor that offer these SKUs, with those.
pub(crate) async fn by_skus(tx: &mut Tx, scope: &VendorScope, skus: &[String]) -> Result<Vec<(String, ProductId)>> {
    if skus.is_empty() {
        return Ok(Vec::new());
    }
    let list = placeholders(2, skus.len());
    let sql = format!("SELECT sku, product_id FROM variants WHERE vendor_id = $1 AND active = 1 AND sku IN ({list})");
    let mut params = params![scope.vendor_id()];
    params.extend(skus.iter().map(Value::from));
    tx.all(&sql, params).await?.iter().map(|row| Ok((row.get("sku")?, row.get("product_id")?))).collect()
}

/// Takes all variants of a product off offer, so that their SKUs can change places.
pub(crate) async fn retire_all(tx: &mut Tx, id: ProductId) -> Result<()> {
    tx.defer("UPDATE variants SET active = 0 WHERE product_id = $1 AND active = 1", params![id]).await
}

/// Writes a variant as its vendor wants it; offers and stock are left as they are.
pub(crate) async fn put(tx: &mut Tx, vendor_id: VendorId, product_id: ProductId, v: &Variant) -> Result<()> {
    tx.defer(
        "INSERT INTO variants (id, product_id, vendor_id, position, sku, options, price_minor, compare_at_minor, weight_g, barcode,
            active, stock_left, picture_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12)
         ON CONFLICT (id) DO UPDATE SET position = excluded.position, sku = excluded.sku, options = excluded.options,
            price_minor = excluded.price_minor, compare_at_minor = excluded.compare_at_minor, weight_g = excluded.weight_g,
            barcode = excluded.barcode, active = excluded.active, picture_id = excluded.picture_id",
        params![
            v.id,
            product_id,
            vendor_id,
            v.position,
            &v.sku,
            serde_json::to_string(&v.options)?,
            v.price_minor,
            v.compare_at_minor,
            v.weight_g,
            &v.barcode,
            v.active,
            v.picture_id
        ],
    ).await
}

/// Notes from which address an import wants the picture of a variant.
pub(crate) async fn want_picture(tx: &mut Tx, id: VariantId, url: &str) -> Result<()> {
    tx.defer("UPDATE variants SET picture_wanted = $2 WHERE id = $1", params![id, url]).await
}

/// A picture that an import wanted for variants is there.
pub(crate) async fn give_picture(tx: &mut Tx, product_id: ProductId, url: &str, media_id: MediaId) -> Result<()> {
    let sql =
        "UPDATE variants SET picture_id = $3, picture_wanted = NULL WHERE product_id = $1 AND picture_wanted = $2";
    tx.defer(sql, params![product_id, url, media_id]).await
}

/// Takes a picture from the variants that it showed.
pub(crate) async fn take_picture(tx: &mut Tx, product_id: ProductId, media_id: MediaId) -> Result<()> {
    let sql = "UPDATE variants SET picture_id = NULL WHERE product_id = $1 AND picture_id = $2";
    tx.defer(sql, params![product_id, media_id]).await
}

/// Writes whether a variant is downloaded.
pub(crate) async fn set_digital(tx: &mut Tx, id: VariantId, digital: bool) -> Result<()> {
    tx.defer("UPDATE variants SET digital = $2 WHERE id = $1", params![id, digital]).await
}

/// Writes what pricing says of a variant.
pub(crate) async fn put_offer(tx: &mut Tx, id: VariantId, offer: Option<&Offer>) -> Result<()> {
    let sql = "UPDATE variants SET offer_price_minor = $2, offer_list_minor = $3, offer_name = $4, offer_quantity_prices = $5,
                    offer_lowest_minor = $6 WHERE id = $1";
    let (price, list, name) =
        (offer.map(|o| o.price_minor), offer.map(|o| o.list_minor), offer.and_then(|o| o.name.clone()));
    let steps = serde_json::to_string(offer.map_or(&[][..], |o| &o.quantity_prices))?;
    tx.defer(sql, params![id, price, list, name, steps, offer.and_then(|o| o.lowest_minor)]).await
}

/// Writes what inventory says of a variant.
pub(crate) async fn put_stock(tx: &mut Tx, id: VariantId, left: i64) -> Result<()> {
    tx.defer("UPDATE variants SET stock_left = $2 WHERE id = $1", params![id, left]).await
}
