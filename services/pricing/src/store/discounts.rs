//! Discounts. A vendor's own are reached only with its scope.

use db::{Db, Row, Tx, Value, params};
use kernel::{Cursor, DiscountId, ProductId, Result, Timestamp, VendorId, VendorScope};

use super::in_list;
use crate::{
    error::PricingError,
    model::{Discount, Reach, discount::OPEN_DISCOUNTS_MAX},
};

/// Stores a new discount, unless the vendor has `most` that have not ended. Call with the vendor locked.
pub(crate) async fn insert(tx: &mut Tx, scope: &VendorScope, discount: &Discount, most: i64) -> Result<()> {
    let stored = tx
        .exec(
            "INSERT INTO discounts (discount_id, vendor_id, name, percent_bp, whole_store, starts_at, ends_at, version, created_at)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS BIGINT),
                    CAST($7 AS BIGINT), 1, CAST($8 AS BIGINT)
             WHERE (SELECT count(*) FROM discounts WHERE vendor_id = $2 AND COALESCE(ends_at, 9223372036854775807) > $8) < $9",
            params![
                discount.id, scope.vendor_id(), &discount.name, discount.percent_bp, discount.reach == Reach::WholeStore,
                discount.starts_at, discount.ends_at, discount.created_at, most
            ],
        )
        .await?;
    if stored == 0 {
        return Err(PricingError::TooManyDiscounts(most).into());
    }
    put_products(tx, discount).await
}

/// Refuses to open one more discount if the vendor has as many as it may have. Call with the vendor locked.
pub(crate) async fn refuse_too_many(tx: &mut Tx, vendor: VendorId, now: Timestamp) -> Result<()> {
    match super::open_count(tx, "discounts WHERE vendor_id = $1", Some(vendor), now).await? {
        OPEN_DISCOUNTS_MAX.. => Err(PricingError::TooManyDiscounts(OPEN_DISCOUNTS_MAX).into()),
        _ => Ok(()),
    }
}

/// Stores a changed discount over the version before it.
pub(crate) async fn update(tx: &mut Tx, scope: &VendorScope, discount: &Discount) -> Result<()> {
    let stored = tx
        .exec(
            "UPDATE discounts SET name = $3, percent_bp = $4, whole_store = $5, starts_at = $6, ends_at = $7, version = $8
             WHERE vendor_id = $1 AND discount_id = $2 AND version = $8 - 1",
            params![
                scope.vendor_id(), discount.id, &discount.name, discount.percent_bp, discount.reach == Reach::WholeStore,
                discount.starts_at, discount.ends_at, discount.version
            ],
        )
        .await?;
    if stored == 0 {
        return Err(PricingError::DiscountChanged.into());
    }
    tx.defer("DELETE FROM discount_products WHERE discount_id = $1", params![discount.id]).await?;
    put_products(tx, discount).await
}

async fn put_products(tx: &mut Tx, discount: &Discount) -> Result<()> {
    let Reach::Products(products) = &discount.reach else { return Ok(()) };
    let sql = "INSERT INTO discount_products (discount_id, product_id) VALUES ($1, $2)";
    for product in products {
        tx.defer(sql, params![discount.id, product]).await?;
    }
    Ok(())
}

/// Removes one of a vendor's discounts.
pub(crate) async fn delete(tx: &mut Tx, scope: &VendorScope, id: DiscountId) -> Result<()> {
    tx.defer("DELETE FROM discounts WHERE vendor_id = $1 AND discount_id = $2", params![scope.vendor_id(), id]).await
}

const COLUMNS: &str =
    "d.discount_id, d.vendor_id, d.name, d.percent_bp, d.whole_store, d.starts_at, d.ends_at, d.version, d.created_at";

/// One of a vendor's discounts, in the transaction that is about to change it.
pub(crate) async fn find(tx: &mut Tx, scope: &VendorScope, id: DiscountId) -> Result<Discount> {
    gather(&tx.all(&one_query(), params![scope.vendor_id(), id]).await?)?
        .pop()
        .ok_or_else(|| PricingError::DiscountNotFound.into())
}

/// One of a vendor's discounts.
pub(crate) async fn get(db: &Db, scope: &VendorScope, id: DiscountId) -> Result<Discount> {
    gather(&db.as_vendor(scope).all(&one_query(), params![scope.vendor_id(), id]).await?)?
        .pop()
        .ok_or_else(|| PricingError::DiscountNotFound.into())
}

fn one_query() -> String {
    format!(
        "SELECT {COLUMNS}, dp.product_id FROM discounts d LEFT JOIN discount_products dp ON dp.discount_id = d.discount_id
         WHERE d.vendor_id = $1 AND d.discount_id = $2"
    )
}

/// A vendor's discounts, newest first, one more than `limit`.
pub(crate) async fn page(db: &Db, scope: &VendorScope, limit: u32, after: Option<&Cursor>) -> Result<Vec<Discount>> {
    let (at, id) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned()),
        None => (i64::MAX, String::new()),
    };
    // The page is cut before the join, so that a discount on many products does not use it up.
    let rows = db
        .as_vendor(scope)
        .all(
            &format!(
                "SELECT {COLUMNS}, dp.product_id FROM (
                    SELECT * FROM discounts
                    WHERE vendor_id = $1 AND (created_at < $2 OR (created_at = $2 AND discount_id < $3))
                    ORDER BY created_at DESC, discount_id DESC LIMIT $4
                 ) AS d LEFT JOIN discount_products dp ON dp.discount_id = d.discount_id
                 ORDER BY d.created_at DESC, d.discount_id DESC"
            ),
            params![scope.vendor_id(), at, id, i64::from(limit) + 1],
        )
        .await?;
    gather(&rows)
}

/// Whether the vendor of `v` has a discount at `$2`: part of the first read of a quote.
pub(crate) const SOME_RUN: &str = "CASE WHEN EXISTS (SELECT 1 FROM discounts WHERE discounts.vendor_id = v.vendor_id
    AND starts_at <= $2 AND COALESCE(ends_at, 9223372036854775807) > $2) THEN 1 ELSE 0 END";

/// Discounts of some vendors that apply at `now` to any of some products, a row for each of those products.
pub(crate) fn active_query(vendors: &[VendorId], products: &[ProductId], now: Timestamp) -> (String, Vec<Value>) {
    let mut params = params![now];
    let vendors = in_list(&mut params, vendors);
    let products = in_list(&mut params, products);
    let sql = format!(
        "SELECT {COLUMNS}, dp.product_id
         FROM discounts d LEFT JOIN discount_products dp ON dp.discount_id = d.discount_id AND dp.product_id IN ({products})
         WHERE d.vendor_id IN ({vendors}) AND d.starts_at <= $1 AND COALESCE(d.ends_at, 9223372036854775807) > $1
           AND (d.whole_store = 1 OR dp.product_id IS NOT NULL)
         ORDER BY d.discount_id"
    );
    (sql, params)
}

/// Discounts out of rows of a discount and one of its products each, those of a discount in succession.
pub(crate) fn gather(rows: &[Row]) -> Result<Vec<Discount>> {
    let mut all: Vec<Discount> = Vec::new();
    for row in rows {
        let id: DiscountId = row.get("discount_id")?;
        if all.last().is_none_or(|last| last.id != id) {
            all.push(Discount {
                id,
                vendor_id: row.get("vendor_id")?,
                name: row.get("name")?,
                percent_bp: row.get("percent_bp")?,
                reach: if row.get("whole_store")? { Reach::WholeStore } else { Reach::Products(Default::default()) },
                starts_at: row.get("starts_at")?,
                ends_at: row.get("ends_at")?,
                version: row.get("version")?,
                created_at: row.get("created_at")?,
            });
        }
        if let (Some(Discount { reach: Reach::Products(products), .. }), Some(product)) =
            (all.last_mut(), row.get::<Option<ProductId>>("product_id")?)
        {
            products.insert(product);
        }
    }
    Ok(all)
}
