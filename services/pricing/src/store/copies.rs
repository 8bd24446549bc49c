//! Copies of what vendors, catalog and shipping own.

use contracts::{
    catalog::{ProductSnapshot, ProductStatus},
    shipping::MethodsChanged,
    vendors::{VendorSnapshot, VendorStatus},
};
use db::{FromValue, Row, Tx, Value, json, params};
use kernel::{Country, Currency, Money, ProductId, Result, VendorId};

use super::in_list;
use crate::model::Method;

/// Takes the vendor's turn: whoever else changes prices of the same vendor waits until this transaction
/// is over, so a discount and a product that are new at the same time cannot miss each other.
pub(crate) async fn lock_vendor(tx: &mut Tx, vendor_id: VendorId) -> Result<()> {
    tx.defer(
        "INSERT INTO vendors (vendor_id, name, open, turn) VALUES ($1, '', 0, 1)
         ON CONFLICT (vendor_id) DO UPDATE SET turn = vendors.turn + 1",
        params![vendor_id],
    )
    .await
}

/// Takes over a store.
pub(crate) async fn put_vendor(tx: &mut Tx, vendor_id: VendorId, vendor: &VendorSnapshot) -> Result<()> {
    tx.defer(
        "INSERT INTO vendors (vendor_id, name, open, turn, refused_methods) VALUES ($1, $2, $3, 1, $4)
         ON CONFLICT (vendor_id) DO UPDATE SET name = excluded.name, open = excluded.open,
            refused_methods = excluded.refused_methods",
        params![vendor_id, &vendor.name, vendor.status == VendorStatus::Approved, vendor.refused_methods.join(" ")],
    )
    .await
}

/// Takes over a product with exactly the variants it has now.
pub(crate) async fn put_product(tx: &mut Tx, product_id: ProductId, product: &ProductSnapshot) -> Result<()> {
    let vendor_id = product.vendor_id;
    let categories: Vec<String> = product.categories.iter().map(|category| category.id.to_string()).collect();
    tx.defer(
        "INSERT INTO products (product_id, vendor_id, title, published, category_ids) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (product_id) DO UPDATE SET vendor_id = excluded.vendor_id, title = excluded.title, published = excluded.published,
            category_ids = excluded.category_ids",
        params![product_id, vendor_id, &product.title, product.status == ProductStatus::Published, categories.join(" ")],
    )
    .await?;
    tx.defer("DELETE FROM variants WHERE product_id = $1", params![product_id]).await?;
    for variant in &product.variants {
        tx.defer(
            "INSERT INTO variants (variant_id, product_id, vendor_id, sku, options, price_minor, currency, weight_g, compare_minor,
                digital)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            params![
                variant.id,
                product_id,
                vendor_id,
                &variant.sku,
                json(&variant.options)?,
                variant.price.amount_minor,
                variant.price.currency,
                variant.weight_g,
                variant.compare_at.map(|before| before.amount_minor),
                variant.digital
            ],
        )
        .await?;
    }
    Ok(())
}

/// Takes over the ways a vendor ships, all of them.
pub(crate) async fn put_methods(tx: &mut Tx, changed: &MethodsChanged) -> Result<()> {
    tx.defer("DELETE FROM shipping_methods WHERE vendor_id = $1", params![changed.vendor_id]).await?;
    let rates = serde_json::to_string(&changed.rates)?;
    for (id, method) in &changed.methods {
        let countries: Vec<&str> = method.countries.iter().map(Country::as_str).collect();
        tx.defer(
            "INSERT INTO shipping_methods
                (method_id, vendor_id, name, currency, price_minor, free_over_minor, countries, days_min, days_max, weight_prices,
                 max_weight_g, carrier_rate, carrier_rates, value_prices, handling, pickup)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            params![
                id,
                changed.vendor_id,
                &method.name,
                method.currency,
                method.price_minor,
                method.free_over_minor,
                countries.join(" "),
                method.days_min,
                method.days_max,
                serde_json::to_string(&method.weight_prices)?,
                method.max_weight_g,
                method.carrier_rate,
                if method.carrier_rate { rates.as_str() } else { "[]" },
                serde_json::to_string(&method.value_prices)?,
                serde_json::to_string(&method.handling)?,
                method.pickup.as_ref().map(serde_json::to_string).transpose()?
            ],
        ).await?;
    }
    Ok(())
}

/// All methods of some vendors.
pub(crate) fn methods_query(vendors: &[VendorId]) -> (String, Vec<Value>) {
    let mut params = params![];
    let list = in_list(&mut params, vendors);
    let sql = format!(
        "SELECT method_id, vendor_id, name, currency, price_minor, free_over_minor, countries, days_min, days_max, weight_prices,
                max_weight_g, carrier_rate, carrier_rates, value_prices, handling, pickup
         FROM shipping_methods WHERE vendor_id IN ({list}) ORDER BY vendor_id, method_id"
    );
    (sql, params)
}

/// A row of [`methods_query`].
pub(crate) fn method(row: &Row) -> Result<Method> {
    let currency: Currency = row.get("currency")?;
    let countries: String = row.get("countries")?;
    Ok(Method {
        id: row.get("method_id")?,
        vendor_id: row.get("vendor_id")?,
        name: row.get("name")?,
        price: Money::new(row.get("price_minor")?, currency),
        free_over: row.get::<Option<i64>>("free_over_minor")?.map(|minor| Money::new(minor, currency)),
        countries: countries.split_whitespace().map(str::parse).collect::<Result<_>>()?,
        days_min: row.get("days_min")?,
        days_max: row.get("days_max")?,
        weight_prices: row.json("weight_prices")?,
        value_prices: row.json("value_prices")?,
        max_weight_g: row.get("max_weight_g")?,
        by_carrier: row.get("carrier_rate")?,
        carrier_rates: row.json("carrier_rates")?,
        handling: row.json("handling")?,
        pickup: row.json("pickup")?,
    })
}

/// Those of the wanted products that are not this vendor's (which includes those that do not exist).
pub(crate) async fn strangers(tx: &mut Tx, vendor_id: VendorId, wanted: &[ProductId]) -> Result<Vec<ProductId>> {
    missing(tx, "SELECT product_id FROM products WHERE vendor_id = $1 AND product_id", params![vendor_id], wanted).await
}

/// Those of the wanted products that do not exist.
pub(crate) async fn unknown_products(tx: &mut Tx, wanted: &[ProductId]) -> Result<Vec<ProductId>> {
    missing(tx, "SELECT product_id FROM products WHERE product_id", params![], wanted).await
}

/// Those of the wanted vendors that do not exist.
pub(crate) async fn unknown_vendors(tx: &mut Tx, wanted: &[VendorId]) -> Result<Vec<VendorId>> {
    missing(tx, "SELECT vendor_id FROM vendors WHERE vendor_id", params![], wanted).await
}

/// Those of the wanted that `select … IN` does not find.
async fn missing<T>(tx: &mut Tx, select: &str, bound: Vec<Value>, wanted: &[T]) -> Result<Vec<T>>
where
    T: Copy + PartialEq + FromValue,
    for<'a> Value: From<&'a T>,
{
    let mut missing = Vec::new();
    for chunk in wanted.chunks(super::LIST_MAX) {
        let mut params = bound.clone();
        let list = in_list(&mut params, chunk);
        let rows = tx.all(&format!("{select} IN ({list})"), params).await?;
        let found = rows.iter().map(|row| row.at(0)).collect::<Result<Vec<T>>>()?;
        missing.extend(chunk.iter().filter(|id| !found.contains(id)));
    }
    Ok(missing)
}

/// A vendor's products in a fixed order, the next after `after`.
pub(crate) async fn products_after(
    tx: &mut Tx,
    vendor_id: VendorId,
    after: Option<ProductId>,
) -> Result<Vec<ProductId>> {
    let after = after.map_or_else(String::new, |id| id.to_string());
    let rows = tx
        .all(
            "SELECT product_id FROM products WHERE vendor_id = $1 AND product_id > $2 ORDER BY product_id LIMIT $3",
            params![vendor_id, after, super::LIST_MAX as i64],
        )
        .await?;
    rows.iter().map(|row| row.at(0)).collect()
}
