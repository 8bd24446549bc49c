//! Reading the projections: one query per series.

use std::collections::BTreeMap;

use contracts::analytics::{ProductPerformance, ProductSold, VendorPerformance};
use db::{Db, params};
use kernel::{Currency, Money, ProductId, Result, VendorId};

use crate::model::{PLATFORM, Period, Sums};

/// Sums of a scope by day, over a period and the one before.
pub async fn sums_by_day(db: &Db, scope: &str, currency: Currency, period: Period) -> Result<BTreeMap<i64, Sums>> {
    let rows = db
        .all(
            "SELECT day, orders, items, sales_minor, refunds_minor FROM sales_daily
             WHERE scope = $1 AND currency = $2 AND day >= $3 AND day < $4",
            params![scope, currency, period.before, period.to],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let sums = Sums {
                orders: row.get("orders")?,
                items: row.get("items")?,
                sales_minor: row.get("sales_minor")?,
                refunds_minor: row.get("refunds_minor")?,
            };
            Ok((row.get("day")?, sums))
        })
        .collect()
}

/// The currency in which a scope sold most often: amounts of different currencies cannot be compared.
pub async fn main_currency(db: &Db, scope: &str) -> Result<Option<Currency>> {
    let sql = "SELECT currency FROM sales_daily WHERE scope = $1 GROUP BY currency ORDER BY sum(orders) DESC, currency LIMIT 1";
    db.opt(sql, params![scope]).await?.map(|row| row.get("currency")).transpose()
}

/// What was sold of a vendor's product by day, over a period and the one before.
pub async fn product_by_day(
    db: &Db,
    (vendor_id, product_id): (VendorId, ProductId),
    currency: Currency,
    period: Period,
) -> Result<BTreeMap<i64, Sums>> {
    let sql = "SELECT day, items, sales_minor FROM product_daily
               WHERE product_id = $1 AND vendor_id = $2 AND currency = $3 AND day >= $4 AND day < $5";
    let rows = db.all(sql, params![product_id, vendor_id, currency, period.before, period.to]).await?;
    rows.iter()
        .map(|row| {
            let sums = Sums { items: row.get("items")?, sales_minor: row.get("sales_minor")?, ..Sums::default() };
            Ok((row.get("day")?, sums))
        })
        .collect()
}

/// The currency in which most items of a vendor's product were sold.
pub async fn product_currency(db: &Db, vendor_id: VendorId, product_id: ProductId) -> Result<Option<Currency>> {
    let sql = "SELECT currency FROM product_daily WHERE product_id = $1 AND vendor_id = $2
               GROUP BY currency ORDER BY sum(items) DESC, currency LIMIT 1";
    db.opt(sql, params![product_id, vendor_id]).await?.map(|row| row.get("currency")).transpose()
}

/// True for a vendor that was heard of or has sold something.
pub async fn knows_vendor(db: &Db, vendor_id: VendorId) -> Result<bool> {
    let sql = "SELECT 1 FROM vendors WHERE vendor_id = $1 UNION ALL SELECT 1 FROM sales_daily WHERE scope = $1 LIMIT 1";
    Ok(db.opt(sql, params![vendor_id]).await?.is_some())
}

async fn counts(db: &Db, sql: &str, period: Period) -> Result<BTreeMap<i64, i64>> {
    let rows = db.all(sql, params![period.before, period.to]).await?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}

/// People who were there, by day.
pub async fn active_by_day(db: &Db, period: Period) -> Result<BTreeMap<i64, i64>> {
    counts(db, "SELECT day, count(*) FROM active_accounts WHERE day >= $1 AND day < $2 GROUP BY day", period).await
}

/// New accounts, by day.
pub async fn new_by_day(db: &Db, period: Period) -> Result<BTreeMap<i64, i64>> {
    counts(db, "SELECT day, accounts FROM new_accounts WHERE day >= $1 AND day < $2", period).await
}

/// Products that sold most; of one vendor if `scope` is one.
pub async fn top_products(
    db: &Db,
    scope: &str,
    currency: Currency,
    period: Period,
    limit: i64,
) -> Result<Vec<ProductPerformance>> {
    let rows = db
        .all(
            "SELECT d.product_id, CAST(sum(d.items) AS BIGINT) AS items, CAST(sum(d.sales_minor) AS BIGINT) AS sales, p.title, p.slug
             FROM product_daily d JOIN products p ON p.product_id = d.product_id
             WHERE d.day >= $1 AND d.day < $2 AND d.currency = $3 AND ($4 = '' OR d.vendor_id = $4)
             GROUP BY d.product_id, p.title, p.slug ORDER BY sales DESC, d.product_id LIMIT $5",
            params![period.from, period.to, currency, scope, limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ProductPerformance {
                product_id: row.get("product_id")?,
                title: row.get("title")?,
                slug: row.get("slug")?,
                items: row.get("items")?,
                sales: Money::new(row.get("sales")?, currency),
            })
        })
        .collect()
}

/// Vendors that sold most.
pub async fn top_vendors(db: &Db, currency: Currency, period: Period, limit: i64) -> Result<Vec<VendorPerformance>> {
    let rows = db
        .all(
            "SELECT d.scope, CAST(sum(d.orders) AS BIGINT) AS orders, CAST(sum(d.sales_minor) AS BIGINT) AS sales, v.name
             FROM sales_daily d JOIN vendors v ON v.vendor_id = d.scope
             WHERE d.scope <> $1 AND d.day >= $2 AND d.day < $3 AND d.currency = $4
             GROUP BY d.scope, v.name ORDER BY sales DESC, d.scope LIMIT $5",
            params![PLATFORM, period.from, period.to, currency, limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(VendorPerformance {
                vendor_id: row.get("scope")?,
                name: row.get("name")?,
                orders: row.get("orders")?,
                sales: Money::new(row.get("sales")?, currency),
            })
        })
        .collect()
}

/// Products of which most items were sold.
pub async fn best_sellers(db: &Db, period: Period, limit: i64) -> Result<Vec<ProductId>> {
    let sql = "SELECT product_id FROM product_daily WHERE day >= $1 AND day < $2
               GROUP BY product_id ORDER BY sum(items) DESC, product_id LIMIT $3";
    db.all(sql, params![period.from, period.to, limit]).await?.iter().map(|row| row.at(0)).collect()
}

/// Items sold of the products behind `after`, in the order of their ids.
pub async fn sold(db: &Db, period: Period, after: Option<ProductId>, limit: i64) -> Result<Vec<ProductSold>> {
    let sql = "SELECT product_id, CAST(sum(items) AS BIGINT) AS items FROM product_daily
               WHERE product_id > $1 AND day >= $2 AND day < $3 GROUP BY product_id ORDER BY product_id LIMIT $4";
    let after = after.map_or_else(String::new, |id| id.to_string());
    let rows = db.all(sql, params![after, period.from, period.to, limit]).await?;
    rows.iter().map(|row| Ok(ProductSold { product_id: row.get("product_id")?, items: row.get("items")? })).collect()
}
