//! Counting: upserts, several rows a statement, always in sorted order.

use std::collections::BTreeMap;

use db::{Tx, Value, params, rows_sql};
use kernel::{AccountId, Currency, ProductId, Result, VendorId};

use crate::model::{ProductSums, Sums};

/// Adds to a day, per scope.
pub async fn add_sums(tx: &mut Tx, day: i64, currency: Currency, scopes: &BTreeMap<String, Sums>) -> Result<()> {
    let mut values: Vec<Value> = Vec::with_capacity(scopes.len() * 7);
    for (scope, sums) in scopes {
        values.extend(params![day, scope, currency, sums.orders, sums.items, sums.sales_minor, sums.refunds_minor]);
    }
    let into = "INSERT INTO sales_daily (day, scope, currency, orders, items, sales_minor, refunds_minor)";
    let sql = format!(
        "{} ON CONFLICT (scope, day, currency) DO UPDATE SET
            orders = sales_daily.orders + excluded.orders, items = sales_daily.items + excluded.items,
            sales_minor = sales_daily.sales_minor + excluded.sales_minor, refunds_minor = sales_daily.refunds_minor + excluded.refunds_minor",
        rows_sql(into, 7, scopes.len())
    );
    tx.defer(sql, values).await
}

/// Adds to products' days.
pub async fn add_products(
    tx: &mut Tx,
    day: i64,
    currency: Currency,
    products: &BTreeMap<ProductId, ProductSums>,
) -> Result<()> {
    if products.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = Vec::with_capacity(products.len() * 6);
    for (product_id, sums) in products {
        values.extend(params![day, product_id, sums.vendor_id, currency, sums.items, sums.sales_minor]);
    }
    let into = "INSERT INTO product_daily (day, product_id, vendor_id, currency, items, sales_minor)";
    let sql = format!(
        "{} ON CONFLICT (day, product_id, currency) DO UPDATE SET
            items = product_daily.items + excluded.items, sales_minor = product_daily.sales_minor + excluded.sales_minor",
        rows_sql(into, 6, products.len())
    );
    tx.defer(sql, values).await
}

/// Somebody was there.
pub async fn note_active(tx: &mut Tx, day: i64, account_id: AccountId) -> Result<()> {
    let sql = "INSERT INTO active_accounts (day, account_id) VALUES ($1, $2) ON CONFLICT (day, account_id) DO NOTHING";
    tx.defer(sql, params![day, account_id]).await
}

/// A new account.
pub async fn add_account(tx: &mut Tx, day: i64) -> Result<()> {
    let sql = "INSERT INTO new_accounts (day, accounts) VALUES ($1, 1) ON CONFLICT (day) DO UPDATE SET accounts = new_accounts.accounts + 1";
    tx.defer(sql, params![day]).await
}

/// Remembers a product's name.
pub async fn name_product(tx: &mut Tx, product_id: ProductId, title: &str, slug: &str) -> Result<()> {
    let sql = "INSERT INTO products (product_id, title, slug) VALUES ($1, $2, $3)
               ON CONFLICT (product_id) DO UPDATE SET title = excluded.title, slug = excluded.slug";
    tx.defer(sql, params![product_id, title, slug]).await
}

/// Remembers a vendor's name.
pub async fn name_vendor(tx: &mut Tx, vendor_id: VendorId, name: &str) -> Result<()> {
    let sql = "INSERT INTO vendors (vendor_id, name) VALUES ($1, $2) ON CONFLICT (vendor_id) DO UPDATE SET name = excluded.name";
    tx.defer(sql, params![vendor_id, name]).await
}
