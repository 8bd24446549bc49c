//! Number of reviews per number of stars, of products and of vendors.

use db::{Db, Row, Tx, Value, params};
use kernel::{ProductId, Result, VendorId};

use crate::model::Stars;

/// Adds `by` to the number of a product's reviews with `rating` stars and returns all its numbers.
pub async fn count_product(tx: &mut Tx, product_id: ProductId, rating: u32, by: i64) -> Result<Stars> {
    count(tx, "ratings", "product_id", Value::from(product_id), rating, by).await
}

/// Adds `by` to the number of reviews with `rating` stars of a vendor's products.
pub async fn count_vendor(tx: &mut Tx, vendor_id: VendorId, rating: u32, by: i64) -> Result<Stars> {
    count(tx, "vendor_ratings", "vendor_id", Value::from(vendor_id), rating, by).await
}

async fn count(tx: &mut Tx, table: &str, key: &str, of: Value, rating: u32, by: i64) -> Result<Stars> {
    let star = |n: u32| if n == rating { by } else { 0 };
    // A row that is yet to be made cannot hold -1, not even on its way to another.
    let sql = if by > 0 {
        format!(
            "INSERT INTO {table} ({key}, stars1, stars2, stars3, stars4, stars5) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT ({key}) DO UPDATE SET
                stars1 = {table}.stars1 + $2, stars2 = {table}.stars2 + $3, stars3 = {table}.stars3 + $4,
                stars4 = {table}.stars4 + $5, stars5 = {table}.stars5 + $6
             RETURNING stars1, stars2, stars3, stars4, stars5"
        )
    } else {
        format!(
            "UPDATE {table} SET stars1 = stars1 + $2, stars2 = stars2 + $3, stars3 = stars3 + $4,
                stars4 = stars4 + $5, stars5 = stars5 + $6
             WHERE {key} = $1 RETURNING stars1, stars2, stars3, stars4, stars5"
        )
    };
    let row = tx.one(&sql, params![of, star(1), star(2), star(3), star(4), star(5)]).await?;
    stars(&row)
}

fn stars(row: &Row) -> Result<Stars> {
    Ok([row.get("stars1")?, row.get("stars2")?, row.get("stars3")?, row.get("stars4")?, row.get("stars5")?])
}

/// Number of a product's reviews per number of stars.
pub async fn of_product(db: &Db, product_id: ProductId) -> Result<Stars> {
    let sql = "SELECT stars1, stars2, stars3, stars4, stars5 FROM ratings WHERE product_id = $1";
    db.opt(sql, params![product_id]).await?.map_or(Ok([0; 5]), |row| stars(&row))
}

/// The same of all products of a vendor.
pub async fn of_vendor(db: &Db, vendor_id: VendorId) -> Result<Stars> {
    let sql = "SELECT stars1, stars2, stars3, stars4, stars5 FROM vendor_ratings WHERE vendor_id = $1";
    db.opt(sql, params![vendor_id]).await?.map_or(Ok([0; 5]), |row| stars(&row))
}
