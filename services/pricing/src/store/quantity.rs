//! Prices for quantities, as a vendor sets them. A vendor's own are reached only with its scope.

use contracts::prices::{ProductPrices, ProductPricesInput, QuantityPrice, QuantityPriceInput, VariantPrices};
use db::{Db, Row, Tx, params};
use kernel::{Currency, Error, Money, ProductId, Result, VendorScope};

use crate::{error::PricingError, model::quantity};

/// Joins the prices of a variant `v` as `q`. Those that were set in another currency do not count.
pub(crate) const JOINED: &str =
    "LEFT JOIN quantity_prices q ON q.variant_id = v.variant_id AND q.currency = v.currency";

/// The joined `quantity_prices` of a row, if there are any.
pub(crate) fn joined(row: &Row, currency: Currency) -> Result<Vec<QuantityPrice>> {
    Ok(quantity::prices(&set(row)?, currency))
}

fn set(row: &Row) -> Result<Vec<QuantityPriceInput>> {
    match row.get::<Option<String>>("quantity_prices")? {
        Some(text) => Ok(serde_json::from_str(&text)?),
        None => Ok(Vec::new()),
    }
}

fn one_query() -> String {
    format!(
        "SELECT p.title, p.tax_category, p.prices_version, v.variant_id, v.sku, v.options, v.price_minor, v.currency, q.prices AS quantity_prices
         FROM products p LEFT JOIN variants v ON v.product_id = p.product_id {JOINED}
         WHERE p.vendor_id = $1 AND p.product_id = $2 ORDER BY v.variant_id"
    )
}

/// Prices of a vendor's product, in the transaction that is about to change them.
pub(crate) async fn find(tx: &mut Tx, scope: &VendorScope, id: ProductId) -> Result<ProductPrices> {
    product(id, &tx.all(&one_query(), params![scope.vendor_id(), id]).await?)
}

/// Prices of a vendor's product.
pub(crate) async fn get(db: &Db, scope: &VendorScope, id: ProductId) -> Result<ProductPrices> {
    product(id, &db.as_vendor(scope).all(&one_query(), params![scope.vendor_id(), id]).await?)
}

fn product(product_id: ProductId, rows: &[Row]) -> Result<ProductPrices> {
    let first = rows.first().ok_or_else(|| Error::not_found("product"))?;
    let mut variants = Vec::with_capacity(rows.len());
    for row in rows {
        // A product without variants is one row without one.
        if let Some(currency) = row.get::<Option<Currency>>("currency")? {
            variants.push(VariantPrices {
                variant_id: row.get("variant_id")?,
                sku: row.get("sku")?,
                options: row.json("options")?,
                list_price: Money::new(row.get("price_minor")?, currency),
                quantity_prices: set(row)?,
            });
        }
    }
    let (title, tax_category) = (first.get("title")?, first.get("tax_category")?);
    Ok(ProductPrices { product_id, title, tax_category, variants, version: first.get("prices_version")? })
}

/// Sets the prices of a product over the version that was seen.
pub(crate) async fn put(
    tx: &mut Tx,
    scope: &VendorScope,
    seen: &ProductPrices,
    wanted: &ProductPricesInput,
) -> Result<()> {
    let sql = "UPDATE products SET prices_version = $3 + 1, tax_category = $4
               WHERE vendor_id = $1 AND product_id = $2 AND prices_version = $3";
    let category = wanted.tax_category.as_ref().unwrap_or(&seen.tax_category);
    if tx.exec(sql, params![scope.vendor_id(), seen.product_id, seen.version, category]).await? == 0 {
        return Err(PricingError::PricesChanged.into());
    }
    tx.defer("DELETE FROM quantity_prices WHERE product_id = $1", params![seen.product_id]).await?;
    for variant in &seen.variants {
        let named = wanted.variants.iter().find(|named| named.variant_id == variant.variant_id);
        if let Some(named) = named.filter(|named| !named.quantity_prices.is_empty()) {
            tx.defer(
                "INSERT INTO quantity_prices (variant_id, product_id, vendor_id, currency, prices) VALUES ($1, $2, $3, $4, $5)",
                params![
                    variant.variant_id,
                    seen.product_id,
                    scope.vendor_id(),
                    variant.list_price.currency,
                    serde_json::to_string(&named.quantity_prices)?
                ],
            )
            .await?;
        }
    }
    Ok(())
}
