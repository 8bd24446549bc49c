//! Discounts that are made of what files say: products with the same part off in the same period share one.

use contracts::catalog::ProductSale;
use db::{Row, Tx, params};
use kernel::{DiscountId, ProductId, Result, Timestamp, VendorScope};

/// A discount on single products that is like a sale.
pub(crate) struct Alike {
    pub id: DiscountId,
    /// How many products it is on.
    pub products: i64,
    /// True if the product is one of them.
    pub has_product: bool,
}

/// The vendor's discounts on single products that take the sale's part off in its period, oldest first. Call with the
/// vendor locked.
pub(crate) async fn alike(
    tx: &mut Tx,
    scope: &VendorScope,
    product: ProductId,
    sale: &ProductSale,
) -> Result<Vec<Alike>> {
    let rows = tx
        .all(
            "SELECT d.discount_id,
                (SELECT count(*) FROM discount_products p WHERE p.discount_id = d.discount_id) AS products,
                (SELECT count(*) FROM discount_products p WHERE p.discount_id = d.discount_id AND p.product_id = $5) AS has
             FROM discounts d
             WHERE d.vendor_id = $1 AND d.percent_bp = $2 AND d.starts_at = $3
                AND COALESCE(d.ends_at, 9223372036854775807) = $4 AND d.whole_store = 0
             ORDER BY d.created_at, d.discount_id",
            params![
                scope.vendor_id(),
                sale.percent_bp,
                sale.starts_at,
                sale.ends_at.map_or(i64::MAX, Timestamp::micros),
                product
            ],
        )
        .await?;
    rows.iter().map(one_alike).collect()
}

fn one_alike(row: &Row) -> Result<Alike> {
    Ok(Alike { id: row.get("discount_id")?, products: row.get("products")?, has_product: row.get::<i64>("has")? > 0 })
}

/// Puts a product under a discount that it is not under.
pub(crate) async fn add_product(tx: &mut Tx, id: DiscountId, product: ProductId) -> Result<()> {
    let sql = "INSERT INTO discount_products (discount_id, product_id) VALUES ($1, $2)";
    tx.defer(sql, params![id, product]).await?;
    count_version(tx, id).await
}

/// Takes a product out of a discount.
pub(crate) async fn take_product(tx: &mut Tx, id: DiscountId, product: ProductId) -> Result<()> {
    let sql = "DELETE FROM discount_products WHERE discount_id = $1 AND product_id = $2";
    tx.defer(sql, params![id, product]).await?;
    count_version(tx, id).await
}

/// Whoever is about to change the discount has to look at it again.
async fn count_version(tx: &mut Tx, id: DiscountId) -> Result<()> {
    tx.defer("UPDATE discounts SET version = version + 1 WHERE discount_id = $1", params![id]).await
}
