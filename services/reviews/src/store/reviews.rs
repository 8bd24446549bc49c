//! Reviews: writing them, and the lists of them.

use contracts::reviews::{
    HiddenView, ReplyView, ReviewInput, ReviewQuery, ReviewSort, ReviewView, Reviewable, VendorReviewQuery,
};
use db::{Db, Row, Tx, Value, params};
use kernel::{
    AccountId, Cursor, Error, Page, PageRequest, ProductId, Result, ReviewId, Timestamp, VendorId, VendorScope,
};

use crate::model::Photo;

/// Columns of a review as it is seen by the account `$1`; nobody is an empty text.
const SEEN: &str = "id, product_id, author, rating, title, text, photos, helpful, reply, replied_at, hidden_at,
    hidden_reason, created_at, CASE WHEN account_id = $1 THEN 1 ELSE 0 END AS own,
    (SELECT count(*) FROM review_votes v WHERE v.review_id = reviews.id AND v.account_id = $1) AS voted";

pub(super) fn review_columns() -> &'static str {
    SEEN
}

pub(super) fn review(row: &Row) -> Result<ReviewView> {
    let photos: Vec<Photo> = row.json("photos")?;
    let reply: Option<String> = row.get("reply")?;
    let hidden: Option<Timestamp> = row.get("hidden_at")?;
    Ok(ReviewView {
        id: row.get("id")?,
        product_id: row.get("product_id")?,
        author: row.get("author")?,
        rating: row.get("rating")?,
        title: row.get("title")?,
        text: row.get("text")?,
        photos: photos.into_iter().map(|photo| photo.picture).collect(),
        helpful: row.get("helpful")?,
        voted: row.get("voted")?,
        own: row.get("own")?,
        reply: reply.map(|text| Ok::<_, Error>(ReplyView { text, at: row.get("replied_at")? })).transpose()?,
        hidden: hidden
            .map(|at| {
                let reason: Option<String> = row.get("hidden_reason")?;
                Ok::<_, Error>(HiddenView { reason: reason.unwrap_or_default(), at })
            })
            .transpose()?,
        created_at: row.get("created_at")?,
    })
}

/// A review that somebody may change.
pub struct Written {
    pub id: ReviewId,
    pub vendor_id: VendorId,
    pub product_id: ProductId,
    pub account_id: AccountId,
    pub author: String,
    pub title: String,
    pub rating: u32,
    pub photos: Vec<Photo>,
    pub hidden: bool,
}

const WRITTEN: &str = "id, vendor_id, product_id, account_id, author, title, rating, photos, hidden_at";

fn written(row: &Row) -> Result<Written> {
    Ok(Written {
        id: row.get("id")?,
        vendor_id: row.get("vendor_id")?,
        product_id: row.get("product_id")?,
        account_id: row.get("account_id")?,
        author: row.get("author")?,
        title: row.get("title")?,
        rating: row.get("rating")?,
        photos: row.json("photos")?,
        hidden: row.get::<Option<Timestamp>>("hidden_at")?.is_some(),
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
    let sql = format!("SELECT {WRITTEN} FROM reviews WHERE product_id = $1 AND account_id = $2");
    tx.lock(&sql, params![product_id, account_id]).await?.as_ref().map(written).transpose()
}

/// Any review, locked likewise.
pub async fn lock(tx: &mut Tx, id: ReviewId) -> Result<Option<Written>> {
    let sql = format!("SELECT {WRITTEN} FROM reviews WHERE id = $1");
    tx.lock(&sql, params![id]).await?.as_ref().map(written).transpose()
}

/// Changes a review.
pub async fn update(tx: &mut Tx, id: ReviewId, author: &str, input: &ReviewInput, now: Timestamp) -> Result<()> {
    tx.defer(
        "UPDATE reviews SET author = $2, rating = $3, title = $4, text = $5, updated_at = $6 WHERE id = $1",
        params![id, author, input.rating, &input.title, &input.text, now],
    )
    .await
}

/// Removes a review, with its votes and reports, and says what it was; none if it is gone already.
pub async fn delete(tx: &mut Tx, id: ReviewId) -> Result<Option<Written>> {
    let sql = format!("DELETE FROM reviews WHERE id = $1 RETURNING {WRITTEN}");
    tx.opt(&sql, params![id]).await?.as_ref().map(written).transpose()
}

/// Keeps these photos with a review.
pub async fn set_photos(tx: &mut Tx, id: ReviewId, photos: &[Photo]) -> Result<()> {
    let sql = "UPDATE reviews SET photos = $2 WHERE id = $1";
    tx.defer(sql, params![id, serde_json::to_string(photos)?]).await
}

/// Photos of an account's review of a product; none if there is no review.
pub async fn photos(db: &Db, product_id: ProductId, account_id: AccountId) -> Result<Option<Vec<Photo>>> {
    let sql = "SELECT photos FROM reviews WHERE product_id = $1 AND account_id = $2";
    db.opt(sql, params![product_id, account_id]).await?.map(|row| row.json("photos")).transpose()
}

/// Bytes of photos that an account keeps here.
pub async fn photo_bytes(db: &Db, account_id: AccountId) -> Result<i64> {
    let row = db.opt("SELECT bytes FROM photo_usage WHERE account_id = $1", params![account_id]).await?;
    row.map_or(Ok(0), |row| row.get("bytes"))
}

/// Takes room for photos; false if that is more than `most`.
pub async fn use_room(tx: &mut Tx, account_id: AccountId, bytes: i64, most: i64) -> Result<bool> {
    if bytes > most {
        return Ok(false);
    }
    let sql = "INSERT INTO photo_usage (account_id, bytes) VALUES ($1, $2)
               ON CONFLICT (account_id) DO UPDATE SET bytes = photo_usage.bytes + $2
               WHERE photo_usage.bytes + $2 <= $3";
    Ok(tx.exec(sql, params![account_id, bytes, most]).await? == 1)
}

/// Gives room for photos back.
pub async fn free_room(tx: &mut Tx, account_id: AccountId, bytes: i64) -> Result<()> {
    let sql = "UPDATE photo_usage SET bytes = bytes - $2 WHERE account_id = $1";
    tx.defer(sql, params![account_id, bytes]).await
}

/// Answers a review of the vendor's that is not hidden, and says of what it is and who wrote it; none if that was told
/// before, if there is an answer, or if there is no such review.
pub async fn set_first_reply(
    tx: &mut Tx,
    scope: &VendorScope,
    id: ReviewId,
    text: &str,
    now: Timestamp,
) -> Result<Option<(ProductId, AccountId)>> {
    let sql = "UPDATE reviews SET reply = $3, replied_at = $4, reply_told = 1
               WHERE id = $1 AND vendor_id = $2 AND hidden_at IS NULL AND reply IS NULL AND reply_told = 0
               RETURNING product_id, account_id";
    let row = tx.opt(sql, params![id, scope.vendor_id(), text, now]).await?;
    row.map(|row| Ok((row.get("product_id")?, row.get("account_id")?))).transpose()
}

/// Writes `name` where an account's reviews say whose they are.
pub async fn forget_author(tx: &mut Tx, account_id: AccountId, name: &'static str) -> Result<()> {
    tx.defer("DELETE FROM photo_usage WHERE account_id = $1", params![account_id]).await?;
    tx.defer("UPDATE reviews SET author = $2 WHERE account_id = $1", params![account_id, name]).await
}

/// Answers a review of the vendor's that is not hidden, or takes the answer back; false if there is none.
pub async fn set_reply(
    tx: &mut Tx,
    scope: &VendorScope,
    id: ReviewId,
    reply: Option<(&str, Timestamp)>,
) -> Result<bool> {
    let (text, at) = reply.unzip();
    let sql = "UPDATE reviews SET reply = $3, replied_at = $4 WHERE id = $1 AND vendor_id = $2 AND hidden_at IS NULL";
    Ok(tx.exec(sql, params![id, scope.vendor_id(), text, at]).await? == 1)
}

/// The parameter for whoever looks.
fn viewer(account_id: Option<AccountId>) -> String {
    account_id.map(|id| id.to_string()).unwrap_or_default()
}

/// A review as `who` sees it, hidden or not.
pub async fn view(db: &Db, id: ReviewId, who: Option<AccountId>) -> Result<Option<ReviewView>> {
    let sql = format!("SELECT {SEEN} FROM reviews WHERE id = $2");
    db.opt(&sql, params![viewer(who), id]).await?.as_ref().map(review).transpose()
}

/// A review of the vendor's that is not hidden.
pub async fn view_of_vendor(db: &Db, scope: &VendorScope, id: ReviewId) -> Result<Option<ReviewView>> {
    let sql = format!("SELECT {SEEN} FROM reviews WHERE id = $2 AND vendor_id = $3 AND hidden_at IS NULL");
    db.as_vendor(scope).opt(&sql, params![String::new(), id, scope.vendor_id()]).await?.as_ref().map(review).transpose()
}

/// Where a list of the newest begins: behind the cursor, or at the newest.
pub(super) fn beginning(page: &PageRequest) -> Result<(i64, String)> {
    let cursor: Option<Cursor> = page.cursor()?;
    cursor.map_or(Ok((i64::MAX, String::new())), |c| Ok((c.number(0)?, c.text(1)?.to_owned())))
}

fn cut(rows: &[Row], limit: u32) -> Result<Page<ReviewView>> {
    let reviews = rows.iter().map(review).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(reviews, limit, |r| vec![r.created_at.micros().to_string(), r.id.to_string()]))
}

/// Reviews of a product that are not hidden.
pub async fn of_product(
    db: &Db,
    product_id: ProductId,
    query: &ReviewQuery,
    who: Option<AccountId>,
) -> Result<Page<ReviewView>> {
    let page = PageRequest { limit: query.limit, after: query.after.clone() };
    match query.sort.unwrap_or_default() {
        ReviewSort::Newest => newest(db, product_id, &page, who).await,
        ReviewSort::Helpful => most_helpful(db, product_id, &page, who).await,
    }
}

async fn newest(
    db: &Db,
    product_id: ProductId,
    page: &PageRequest,
    who: Option<AccountId>,
) -> Result<Page<ReviewView>> {
    let (limit, (at, id)) = (page.limit()?, beginning(page)?);
    let sql = format!(
        "SELECT {SEEN} FROM reviews WHERE product_id = $2 AND hidden_at IS NULL
         AND (created_at < $3 OR (created_at = $3 AND id < $4)) ORDER BY created_at DESC, id DESC LIMIT $5"
    );
    cut(&db.all(&sql, params![viewer(who), product_id, at, id, i64::from(limit) + 1]).await?, limit)
}

async fn most_helpful(
    db: &Db,
    product_id: ProductId,
    page: &PageRequest,
    who: Option<AccountId>,
) -> Result<Page<ReviewView>> {
    let limit = page.limit()?;
    let (helpful, at, id) = match page.cursor()? {
        Some(c) => (c.number(0)?, c.number(1)?, c.text(2)?.to_owned()),
        None => (i64::MAX, i64::MAX, String::new()),
    };
    let sql = format!(
        "SELECT {SEEN} FROM reviews WHERE product_id = $2 AND hidden_at IS NULL
         AND (helpful, created_at, id) < ($3, $4, $5) ORDER BY helpful DESC, created_at DESC, id DESC LIMIT $6"
    );
    let rows = db.all(&sql, params![viewer(who), product_id, helpful, at, id, i64::from(limit) + 1]).await?;
    let reviews = rows.iter().map(review).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(reviews, limit, |r| vec![r.helpful.to_string(), r.created_at.micros().to_string(), r.id.to_string()]))
}

/// Reviews of a vendor's products that are not hidden, newest first.
pub async fn of_vendor(db: &Db, scope: &VendorScope, query: &VendorReviewQuery) -> Result<Page<ReviewView>> {
    let page = PageRequest { limit: query.limit, after: query.after.clone() };
    let (limit, (at, id)) = (page.limit()?, beginning(&page)?);
    let mut params = params![String::new(), scope.vendor_id(), at, id, i64::from(limit) + 1];
    let unanswered = if query.unanswered { "AND reply IS NULL" } else { "" };
    let mut with_stars = "";
    if let Some(stars) = query.stars {
        with_stars = "AND rating = $6";
        params.push(Value::from(stars));
    }
    let sql = format!(
        "SELECT {SEEN} FROM reviews WHERE vendor_id = $2 AND hidden_at IS NULL {unanswered} {with_stars}
         AND (created_at < $3 OR (created_at = $3 AND id < $4)) ORDER BY created_at DESC, id DESC LIMIT $5"
    );
    cut(&db.as_vendor(scope).all(&sql, params).await?, limit)
}

/// All reviews, hidden or not, newest first.
pub async fn all(db: &Db, page: &PageRequest) -> Result<Page<ReviewView>> {
    let (limit, (at, id)) = (page.limit()?, beginning(page)?);
    let sql = format!(
        "SELECT {SEEN} FROM reviews WHERE created_at < $2 OR (created_at = $2 AND id < $3)
         ORDER BY created_at DESC, id DESC LIMIT $4"
    );
    cut(&db.all(&sql, params![String::new(), at, id, i64::from(limit) + 1]).await?, limit)
}

/// What an account has bought, latest purchase first, with its reviews.
pub async fn reviewable(db: &Db, account_id: AccountId, page: &PageRequest) -> Result<Page<Reviewable>> {
    let (limit, (at, id)) = (page.limit()?, beginning(page)?);
    let rows = db
        .all(
            "SELECT p.product_id AS bought, p.bought_at, r.id, r.product_id, r.author, r.rating, r.title, r.text, r.photos,
                r.helpful, r.reply, r.replied_at, r.hidden_at, r.hidden_reason, r.created_at, 1 AS own, 0 AS voted
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
