//! SQL of reviews.

use contracts::reviews::{ReviewInput, ReviewView, Reviewable};
use db::{Db, Row, Tx, params};
use kernel::{AccountId, Cursor, OrderId, Page, PageRequest, ProductId, Result, ReviewId, Timestamp, VendorId};

use crate::model::Stars;

const REVIEW: &str = "id, product_id, author, rating, title, text, created_at";

fn review(row: &Row) -> Result<ReviewView> {
    Ok(ReviewView {
        id: row.get("id")?,
        product_id: row.get("product_id")?,
        author: row.get("author")?,
        rating: row.get("rating")?,
        title: row.get("title")?,
        text: row.get("text")?,
        created_at: row.get("created_at")?,
    })
}

/// Notes a purchase.
pub async fn add_purchase(
    tx: &mut Tx,
    account_id: AccountId,
    product_id: ProductId,
    order_id: OrderId,
    vendor_id: VendorId,
    bought_at: Timestamp,
) -> Result<()> {
    tx.exec(
        "INSERT INTO purchases (account_id, product_id, order_id, vendor_id, bought_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, product_id, order_id) DO NOTHING",
        params![account_id, product_id, order_id, vendor_id, bought_at],
    )
    .await
    .map(|_| ())
}

/// Takes an order's purchases back.
pub async fn remove_purchases(tx: &mut Tx, order_id: OrderId) -> Result<()> {
    tx.exec("DELETE FROM purchases WHERE order_id = $1", params![order_id]).await.map(|_| ())
}

/// The vendor of a product that the account has bought.
pub async fn bought_from(tx: &mut Tx, account_id: AccountId, product_id: ProductId) -> Result<Option<VendorId>> {
    let sql = "SELECT vendor_id FROM purchases WHERE account_id = $1 AND product_id = $2 LIMIT 1";
    tx.opt(sql, params![account_id, product_id]).await?.map(|row| row.get("vendor_id")).transpose()
}

/// A review that somebody may change: its id, vendor and stars.
pub struct Written {
    pub id: ReviewId,
    pub vendor_id: VendorId,
    pub product_id: ProductId,
    pub rating: u32,
}

fn written(row: &Row) -> Result<Written> {
    Ok(Written {
        id: row.get("id")?,
        vendor_id: row.get("vendor_id")?,
        product_id: row.get("product_id")?,
        rating: row.get("rating")?,
    })
}

/// Writes the first review of a product by an account; false if there is one already.
pub async fn insert(
    tx: &mut Tx,
    id: ReviewId,
    (product_id, vendor_id, account_id): (ProductId, VendorId, AccountId),
    author: &str,
    input: &ReviewInput,
    now: Timestamp,
) -> Result<bool> {
    let inserted = tx
        .exec(
            "INSERT INTO reviews (id, product_id, vendor_id, account_id, author, rating, title, text, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT (product_id, account_id) DO NOTHING",
            params![id, product_id, vendor_id, account_id, author, input.rating, &input.title, &input.text, now],
        )
        .await?;
    Ok(inserted == 1)
}

/// An account's review of a product. On PostgreSQL it stays locked, so that its stars are counted once.
pub async fn own(tx: &mut Tx, product_id: ProductId, account_id: AccountId) -> Result<Option<Written>> {
    // The update changes nothing; it takes the row's lock on both databases with one text.
    let sql = "UPDATE reviews SET updated_at = updated_at WHERE product_id = $1 AND account_id = $2
               RETURNING id, vendor_id, product_id, rating";
    tx.opt(sql, params![product_id, account_id]).await?.as_ref().map(written).transpose()
}

/// Changes a review.
pub async fn update(tx: &mut Tx, id: ReviewId, author: &str, input: &ReviewInput, now: Timestamp) -> Result<()> {
    tx.exec(
        "UPDATE reviews SET author = $2, rating = $3, title = $4, text = $5, updated_at = $6 WHERE id = $1",
        params![id, author, input.rating, &input.title, &input.text, now],
    )
    .await
    .map(|_| ())
}

/// Removes a review and says what it was; none if it is gone already.
pub async fn delete(tx: &mut Tx, id: ReviewId) -> Result<Option<Written>> {
    let sql = "DELETE FROM reviews WHERE id = $1 RETURNING id, vendor_id, product_id, rating";
    tx.opt(sql, params![id]).await?.as_ref().map(written).transpose()
}

/// Adds `by` to the number of reviews with `rating` stars and returns all numbers.
pub async fn count_stars(tx: &mut Tx, product_id: ProductId, rating: u32, by: i64) -> Result<Stars> {
    let star = |n: u32| if n == rating { by } else { 0 };
    // A row that is yet to be made cannot hold -1, not even on its way to another.
    let sql = if by > 0 {
        "INSERT INTO ratings (product_id, stars1, stars2, stars3, stars4, stars5) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (product_id) DO UPDATE SET
            stars1 = ratings.stars1 + $2, stars2 = ratings.stars2 + $3, stars3 = ratings.stars3 + $4,
            stars4 = ratings.stars4 + $5, stars5 = ratings.stars5 + $6
         RETURNING stars1, stars2, stars3, stars4, stars5"
    } else {
        "UPDATE ratings SET stars1 = stars1 + $2, stars2 = stars2 + $3, stars3 = stars3 + $4, stars4 = stars4 + $5, stars5 = stars5 + $6
         WHERE product_id = $1 RETURNING stars1, stars2, stars3, stars4, stars5"
    };
    let row = tx.one(sql, params![product_id, star(1), star(2), star(3), star(4), star(5)]).await?;
    stars(&row)
}

fn stars(row: &Row) -> Result<Stars> {
    Ok([row.get("stars1")?, row.get("stars2")?, row.get("stars3")?, row.get("stars4")?, row.get("stars5")?])
}

/// Number of reviews per number of stars.
pub async fn stars_of(db: &Db, product_id: ProductId) -> Result<Stars> {
    let sql = "SELECT stars1, stars2, stars3, stars4, stars5 FROM ratings WHERE product_id = $1";
    db.opt(sql, params![product_id]).await?.map_or(Ok([0; 5]), |row| stars(&row))
}

/// A review as everybody sees it.
pub async fn view(db: &Db, id: ReviewId) -> Result<Option<ReviewView>> {
    db.opt(&format!("SELECT {REVIEW} FROM reviews WHERE id = $1"), params![id]).await?.as_ref().map(review).transpose()
}

/// Where a list begins: behind the cursor, or at the newest.
fn start(page: &PageRequest) -> Result<(i64, String)> {
    let cursor: Option<Cursor> = page.cursor()?;
    cursor.map_or(Ok((i64::MAX, String::new())), |c| Ok((c.number(0)?, c.text(1)?.to_owned())))
}

fn cut(rows: &[Row], limit: u32) -> Result<Page<ReviewView>> {
    let reviews = rows.iter().map(review).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(reviews, limit, |r| vec![r.created_at.micros().to_string(), r.id.to_string()]))
}

/// Reviews of a product, newest first.
pub async fn of_product(db: &Db, product_id: ProductId, page: &PageRequest) -> Result<Page<ReviewView>> {
    let (limit, (at, id)) = (page.limit()?, start(page)?);
    let sql = format!(
        "SELECT {REVIEW} FROM reviews WHERE product_id = $1 AND (created_at < $2 OR (created_at = $2 AND id < $3))
         ORDER BY created_at DESC, id DESC LIMIT $4"
    );
    cut(&db.all(&sql, params![product_id, at, id, i64::from(limit) + 1]).await?, limit)
}

/// All reviews, newest first.
pub async fn all(db: &Db, page: &PageRequest) -> Result<Page<ReviewView>> {
    let (limit, (at, id)) = (page.limit()?, start(page)?);
    let sql = format!(
        "SELECT {REVIEW} FROM reviews WHERE created_at < $1 OR (created_at = $1 AND id < $2)
         ORDER BY created_at DESC, id DESC LIMIT $3"
    );
    cut(&db.all(&sql, params![at, id, i64::from(limit) + 1]).await?, limit)
}

/// What an account has bought, latest purchase first, with its reviews.
pub async fn reviewable(db: &Db, account_id: AccountId, page: &PageRequest) -> Result<Page<Reviewable>> {
    let (limit, (at, id)) = (page.limit()?, start(page)?);
    let rows = db
        .all(
            "SELECT p.product_id AS bought, p.bought_at, r.id, r.product_id, r.author, r.rating, r.title, r.text, r.created_at
             FROM (SELECT product_id, max(bought_at) AS bought_at FROM purchases WHERE account_id = $1 GROUP BY product_id) AS p
             LEFT JOIN reviews r ON r.product_id = p.product_id AND r.account_id = $1
             WHERE p.bought_at < $2 OR (p.bought_at = $2 AND p.product_id < $3)
             ORDER BY p.bought_at DESC, p.product_id DESC LIMIT $4",
            params![account_id, at, id, i64::from(limit) + 1],
        )
        .await?;
    let items = rows.iter().map(|row| {
        let written = row.get::<Option<ReviewId>>("id")?.is_some();
        let review = if written { Some(review(row)?) } else { None };
        Ok(Reviewable { product_id: row.get("bought")?, bought_at: row.get("bought_at")?, review })
    });
    let items = items.collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(items, limit, |r| vec![r.bought_at.micros().to_string(), r.product_id.to_string()]))
}
