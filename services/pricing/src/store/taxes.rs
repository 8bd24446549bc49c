//! Taxes by country and region, and the categories of goods.

use std::collections::BTreeSet;

use contracts::taxes::{TaxArea, TaxAreaInput, TaxCategory};
use db::{Db, FromValue, Row, Tx, params};
use kernel::{Country, Error, Result, Slug};

use crate::{
    error::PricingError,
    model::{Taxes, tax::region_code},
};

/// Most areas: all are shown on one page.
const AREAS_MAX: i64 = 1_000;
/// Most categories: vendors choose from them.
const CATEGORIES_MAX: i64 = 50;

const COLUMNS: &str = "country, region, region_name, name, prices_include_tax, tax_shipping, rates, version";

/// All areas, each country before its regions.
pub(crate) async fn areas(db: &Db) -> Result<Vec<TaxArea>> {
    let sql = format!("SELECT {COLUMNS} FROM tax_areas ORDER BY country, region LIMIT $1");
    db.all(&sql, params![AREAS_MAX]).await?.iter().map(area).collect()
}

/// The area of a country or of one of its regions, in the transaction that is about to change it.
pub(crate) async fn find(tx: &mut Tx, country: &Country, region: Option<&str>) -> Result<Option<TaxArea>> {
    let sql = format!("SELECT {COLUMNS} FROM tax_areas WHERE country = $1 AND region = $2");
    tx.opt(&sql, params![country, region.unwrap_or_default()]).await?.as_ref().map(area).transpose()
}

fn area(row: &Row) -> Result<TaxArea> {
    let region: String = row.get("region")?;
    Ok(TaxArea {
        country: row.get("country")?,
        region: Some(region).filter(|code| !code.is_empty()),
        input: TaxAreaInput {
            name: row.get("name")?,
            region_name: row.get("region_name")?,
            prices_include_tax: row.get("prices_include_tax")?,
            tax_shipping: row.get("tax_shipping")?,
            rates: row.json("rates")?,
        },
        version: row.get("version")?,
    })
}

/// Stores an area over the version before it; version 1 is a new one.
pub(crate) async fn put(tx: &mut Tx, area: &TaxArea) -> Result<()> {
    let TaxArea { country, region, input, version } = area;
    let region = region.as_deref().unwrap_or_default();
    let key = region_code(&input.region_name).unwrap_or_else(|| region.to_owned());
    let rates = serde_json::to_string(&input.rates)?;
    let values = params![
        country,
        region,
        &input.region_name,
        key,
        &input.name,
        input.prices_include_tax,
        input.tax_shipping,
        rates,
        *version,
        AREAS_MAX
    ];
    let stored = tx
        .exec(
            "INSERT INTO tax_areas (country, region, region_name, region_key, name, prices_include_tax, tax_shipping, rates, version)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS BIGINT),
                    CAST($7 AS BIGINT), CAST($8 AS TEXT), CAST($9 AS BIGINT)
             WHERE $9 > 1 OR (SELECT count(*) FROM tax_areas) < $10
             ON CONFLICT (country, region) DO UPDATE SET region_name = excluded.region_name, region_key = excluded.region_key,
                name = excluded.name, prices_include_tax = excluded.prices_include_tax, tax_shipping = excluded.tax_shipping,
                rates = excluded.rates, version = excluded.version
             WHERE tax_areas.version = excluded.version - 1",
            values,
        )
        .await?;
    match stored {
        0 if *version == 1 => Err(PricingError::TooManyTaxAreas(AREAS_MAX).into()),
        0 => Err(PricingError::TaxAreaChanged.into()),
        _ => Ok(()),
    }
}

/// True if another region of the country goes by this code or name.
pub(crate) async fn is_ambiguous(tx: &mut Tx, country: &Country, region: &str, name: &str) -> Result<bool> {
    let key = region_code(name).unwrap_or_else(|| region.to_owned());
    let sql = "SELECT 1 FROM tax_areas WHERE country = $1 AND region NOT IN ('', $2) AND (region IN ($2, $3) OR region_key IN ($2, $3))";
    Ok(tx.opt(sql, params![country, region, key]).await?.is_some())
}

/// Forgets a region, or a country with all its regions.
pub(crate) async fn delete(tx: &mut Tx, country: &Country, region: Option<&str>) -> Result<()> {
    match region {
        Some(region) => {
            tx.defer("DELETE FROM tax_areas WHERE country = $1 AND region = $2", params![country, region]).await
        }
        None => tx.defer("DELETE FROM tax_areas WHERE country = $1", params![country]).await,
    }
}

/// Joins how the country `$1` taxes as `c`, and the region of it that has the code or name `$3` as `r`.
pub(crate) const JOINED: &str = "LEFT JOIN tax_areas c ON c.country = $1 AND c.region = ''
    LEFT JOIN tax_areas r ON r.country = $1 AND r.region = (
        SELECT min(n.region) FROM tax_areas n WHERE n.country = $1 AND n.region <> '' AND (n.region = $3 OR n.region_key = $3))";

/// Columns of [`JOINED`].
pub(crate) const JOINED_COLUMNS: &str =
    "c.name AS c_name, c.prices_include_tax AS c_included, c.tax_shipping AS c_shipping, c.rates AS c_rates,
     r.name AS r_name, r.prices_include_tax AS r_included, r.tax_shipping AS r_shipping, r.rates AS r_rates, r.region AS tax_region";

/// What a row joined says of taxes.
pub(crate) fn joined(row: &Row) -> Result<Taxes> {
    Ok(Taxes { country: joined_area(row, "c")?, region: joined_area(row, "r")? })
}

fn joined_area(row: &Row, of: &str) -> Result<Option<TaxAreaInput>> {
    fn get<T: FromValue>(row: &Row, of: &str, column: &str) -> Result<T> {
        row.get(&format!("{of}_{column}"))
    }
    let Some(name) = get::<Option<String>>(row, of, "name")? else { return Ok(None) };
    Ok(Some(TaxAreaInput {
        name,
        region_name: String::new(),
        prices_include_tax: get(row, of, "included")?,
        tax_shipping: get(row, of, "shipping")?,
        rates: row.json(&format!("{of}_rates"))?,
    }))
}

/// All categories, by key.
pub(crate) async fn categories(db: &Db) -> Result<Vec<TaxCategory>> {
    db.all(CATEGORIES, params![CATEGORIES_MAX]).await?.iter().map(category).collect()
}

const CATEGORIES: &str = "SELECT key, name FROM tax_categories ORDER BY key LIMIT $1";

/// The keys that there are.
pub(crate) async fn keys(tx: &mut Tx) -> Result<BTreeSet<Slug>> {
    tx.all(CATEGORIES, params![CATEGORIES_MAX]).await?.iter().map(|row| row.get("key")).collect()
}

fn category(row: &Row) -> Result<TaxCategory> {
    Ok(TaxCategory { key: row.get("key")?, name: row.get("name")? })
}

/// Adds a category or renames one.
pub(crate) async fn put_category(tx: &mut Tx, category: &TaxCategory) -> Result<()> {
    let stored = tx
        .exec(
            "INSERT INTO tax_categories (key, name) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT)
             WHERE (SELECT count(*) FROM tax_categories WHERE key <> $1) < $3
             ON CONFLICT (key) DO UPDATE SET name = excluded.name",
            params![&category.key, &category.name, CATEGORIES_MAX],
        )
        .await?;
    if stored == 1 { Ok(()) } else { Err(PricingError::TooManyTaxCategories(CATEGORIES_MAX).into()) }
}

/// Removes a category, unless a product is in it.
pub(crate) async fn delete_category(tx: &mut Tx, key: &Slug) -> Result<()> {
    if !hold_category(tx, key).await? {
        return Err(Error::not_found("tax category"));
    }
    let sql =
        "DELETE FROM tax_categories WHERE key = $1 AND NOT EXISTS (SELECT 1 FROM products WHERE tax_category = $1)";
    if tx.exec(sql, params![key]).await? == 1 { Ok(()) } else { Err(PricingError::TaxCategoryInUse.into()) }
}

/// Has a category stay as it is until the transaction ends; false if there is none: whoever puts a product into one
/// and whoever removes it see each other.
pub(crate) async fn hold_category(tx: &mut Tx, key: &Slug) -> Result<bool> {
    Ok(tx.lock("SELECT 1 FROM tax_categories WHERE key = $1", params![key]).await?.is_some())
}
