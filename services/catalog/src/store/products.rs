//! Products without their variants.

use std::collections::BTreeMap;

use contracts::catalog::{ProductSale, ProductStatus};
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{Currency, Error, ProductId, Result, Slug, Timestamp, VendorId, VendorScope};

use crate::model::{Product, Stored, rating_key, status_text};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.num, p.id, p.vendor_id, p.slug, p.handle, p.title, p.summary, p.description_html, p.description_text,
                p.category_id, p.currency, p.attributes, p.options, p.tags, p.pictures, p.status, p.blocked, p.published_at,
                p.created_at, p.updated_at, p.version, p.brand, p.seo_title, p.seo_description, p.publish_at, p.unpublish_at,
                p.related, p.translations, p.sale, n.rating_x100, n.rating_count
             FROM products p JOIN product_numbers n ON n.product_id = p.id ",
            $rest
        )
    };
}

/// A status as it is stored: what is scheduled is a draft with a moment to go on sale.
fn stored_status(status: ProductStatus) -> &'static str {
    match status {
        ProductStatus::Scheduled => status_text(ProductStatus::Draft),
        other => status_text(other),
    }
}

fn product(row: &Row) -> Result<Product> {
    let publish_at: Option<Timestamp> = row.get("publish_at")?;
    Ok(Product {
        num: row.get("num")?,
        id: row.get("id")?,
        vendor_id: row.get("vendor_id")?,
        slug: row.get("slug")?,
        handle: row.get("handle")?,
        title: row.get("title")?,
        summary: row.get("summary")?,
        description_html: row.get("description_html")?,
        description_text: row.get("description_text")?,
        category_id: row.get("category_id")?,
        currency: row.get("currency")?,
        attributes: row.json("attributes")?,
        options: row.json("options")?,
        tags: row.json("tags")?,
        pictures: row.json("pictures")?,
        status: match row.get::<String>("status")?.as_str() {
            "draft" if publish_at.is_some() => ProductStatus::Scheduled,
            "draft" => ProductStatus::Draft,
            "published" => ProductStatus::Published,
            "archived" => ProductStatus::Archived,
            other => return Err(Error::internal(format!("unknown status {other:?} of a product"))),
        },
        blocked: row.get("blocked")?,
        published_at: row.get("published_at")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        version: row.get("version")?,
        rating: contracts::catalog::Rating { average_x100: row.get("rating_x100")?, count: row.get("rating_count")? },
        brand: row.get("brand")?,
        seo_title: row.get("seo_title")?,
        seo_description: row.get("seo_description")?,
        publish_at,
        unpublish_at: row.get("unpublish_at")?,
        related: row.json("related")?,
        translations: row.json("translations")?,
        sale: row.json("sale")?,
    })
}

fn products(rows: &[Row]) -> Result<Vec<Product>> {
    rows.iter().map(product).collect()
}

/// Locks a product, of whatever vendor, and reads it. Whoever changes a product, its variants or
/// what is derived from them does this first.
pub(crate) async fn lock(tx: &mut Tx, id: ProductId) -> Result<Option<Product>> {
    // The small row is the lock: the wide one is written only when the vendor changes something.
    if tx.lock("SELECT 1 FROM product_numbers WHERE product_id = $1", params![id]).await?.is_none() {
        return Ok(None);
    }
    tx.opt(select!("WHERE p.id = $1"), params![id]).await?.as_ref().map(product).transpose()
}

/// Locks a vendor's product and reads it.
pub(crate) async fn lock_own(tx: &mut Tx, scope: &VendorScope, id: ProductId) -> Result<Option<Product>> {
    let own = "SELECT 1 FROM product_numbers WHERE product_id = $1 AND vendor_id = $2";
    if tx.lock(own, params![id, scope.vendor_id()]).await?.is_none() {
        return Ok(None);
    }
    tx.opt(select!("WHERE p.id = $1"), params![id]).await?.as_ref().map(product).transpose()
}

/// Locks a vendor's product by what its files call it, and reads it.
pub(crate) async fn lock_by_handle(tx: &mut Tx, scope: &VendorScope, handle: &str) -> Result<Option<Product>> {
    let sql = "SELECT id FROM products WHERE vendor_id = $1 AND handle = $2";
    match tx.opt(sql, params![scope.vendor_id(), handle]).await? {
        Some(row) => lock_own(tx, scope, row.get("id")?).await,
        None => Ok(None),
    }
}

/// The products that a vendor's files call so, with those names.
pub(crate) async fn by_handles(
    tx: &mut Tx,
    scope: &VendorScope,
    handles: &[String],
) -> Result<Vec<(String, ProductId)>> {
    if handles.is_empty() {
        return Ok(Vec::new());
    }
    let list = placeholders(2, handles.len());
    let sql = format!("SELECT handle, id FROM products WHERE vendor_id = $1 AND handle IN ({list})");
    let mut params = params![scope.vendor_id()];
    params.extend(handles.iter().map(Value::from));
    tx.all(&sql, params).await?.iter().map(|row| Ok((row.get("handle")?, row.get("id")?))).collect()
}

/// One of a vendor's products.
pub(crate) async fn own(db: &Db, scope: &VendorScope, id: ProductId) -> Result<Option<Product>> {
    let sql = select!("WHERE p.id = $1 AND p.vendor_id = $2");
    db.as_vendor(scope).opt(sql, params![id, scope.vendor_id()]).await?.as_ref().map(product).transpose()
}

/// A product on sale, by a name it has or had in addresses. Whether its store is open is asked apart.
pub(crate) async fn on_sale(db: &Db, slug: &Slug) -> Result<Option<Product>> {
    let sql = select!("WHERE p.id = (SELECT product_id FROM product_slugs WHERE slug = $1) AND p.status = 'published'");
    db.opt(sql, params![slug]).await?.as_ref().map(product).transpose()
}

/// Takes a name in addresses for a product. False if it is another's.
pub(crate) async fn claim_slug(tx: &mut Tx, slug: &Slug, id: ProductId) -> Result<bool> {
    let inserted = tx
        .exec(
            "INSERT INTO product_slugs (slug, product_id) VALUES ($1, $2) ON CONFLICT (slug) DO NOTHING",
            params![slug, id],
        )
        .await?;
    if inserted == 1 {
        return Ok(true);
    }
    let sql = "SELECT 1 FROM product_slugs WHERE slug = $1 AND product_id = $2";
    Ok(tx.opt(sql, params![slug, id]).await?.is_some())
}

/// Those of some names in addresses that are taken, each with its product.
pub(crate) async fn slugs_taken(tx: &mut Tx, slugs: &[Slug]) -> Result<BTreeMap<String, ProductId>> {
    let list = placeholders(1, slugs.len());
    let sql = format!("SELECT slug, product_id FROM product_slugs WHERE slug IN ({list})");
    let rows = tx.all(&sql, slugs.iter().map(Value::from).collect()).await?;
    rows.iter().map(|row| Ok((row.get("slug")?, row.get("product_id")?))).collect()
}

/// True if a file of the vendor may call another product this.
pub(crate) async fn handle_taken(tx: &mut Tx, vendor_id: VendorId, handle: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM products WHERE vendor_id = $1 AND handle = $2";
    Ok(tx.opt(sql, params![vendor_id, handle]).await?.is_some())
}

/// The columns that [`insert`] and [`update`] write, the id first.
fn written(stored: &Stored) -> Result<Vec<Value>> {
    let p = &stored.product;
    Ok(params![
        p.id,
        &p.slug,
        &p.title,
        &p.summary,
        &p.description_html,
        &p.description_text,
        p.category_id,
        p.currency,
        serde_json::to_string(&p.attributes)?,
        serde_json::to_string(&p.options)?,
        serde_json::to_string(&p.tags)?,
        serde_json::to_string(&p.pictures)?,
        stored_status(p.status),
        p.blocked,
        p.published_at,
        p.updated_at,
        p.version,
        stored.summary().single_variant_id,
        stored.search_text(),
        &p.brand,
        &p.seo_title,
        &p.seo_description,
        p.publish_at,
        p.unpublish_at,
        serde_json::to_string(&p.related)?,
        serde_json::to_string(&p.translations)?
    ])
}

/// Adds a product; its number in the lists.
pub(crate) async fn insert(tx: &mut Tx, stored: &Stored) -> Result<i64> {
    let p = &stored.product;
    let mut params = written(stored)?;
    params.extend(params![p.vendor_id, &p.handle, p.created_at]);
    let row = tx
        .one(
            "INSERT INTO products (id, slug, title, summary, description_html, description_text, category_id, currency, attributes,
                options, tags, pictures, status, blocked, published_at, updated_at, version, single_variant_id, search_text,
                brand, seo_title, seo_description, publish_at, unpublish_at, related, translations, vendor_id, handle,
                created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23, $24, $25, $26, $27, $28, $29)
             RETURNING num",
            params,
        )
        .await?;
    let s = stored.summary();
    tx.defer(
        "INSERT INTO product_numbers (product_id, vendor_id, price_minor, price_max_minor, compare_at_minor, stock_left,
            rating_x100, rating_count, lowest_minor) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7)",
        params![p.id, p.vendor_id, s.price_minor, s.price_max_minor, s.compare_at_minor, s.stock_left, s.lowest_minor],
    ).await?;
    row.get("num")
}

/// Changes a product, and what is derived from it.
pub(crate) async fn update(tx: &mut Tx, stored: &Stored) -> Result<()> {
    tx.defer(
        "UPDATE products SET slug = $2, title = $3, summary = $4, description_html = $5, description_text = $6, category_id = $7,
            currency = $8, attributes = $9, options = $10, tags = $11, pictures = $12, status = $13, blocked = $14, published_at = $15,
            updated_at = $16, version = $17, single_variant_id = $18, search_text = $19, brand = $20, seo_title = $21,
            seo_description = $22, publish_at = $23, unpublish_at = $24, related = $25, translations = $26
         WHERE id = $1",
        written(stored)?,
    ).await?;
    update_summary(tx, stored).await
}

/// Writes what the vendor's files say of a time in which a product costs less.
pub(crate) async fn put_sale(tx: &mut Tx, id: ProductId, sale: Option<&ProductSale>) -> Result<()> {
    let sale = sale.map(serde_json::to_string).transpose()?;
    tx.defer("UPDATE products SET sale = $2 WHERE id = $1", params![id, sale]).await
}

/// Writes what is derived from variants with their offers and stock.
pub(crate) async fn update_summary(tx: &mut Tx, stored: &Stored) -> Result<()> {
    let s = stored.summary();
    tx.defer(
        "UPDATE product_numbers SET price_minor = $2, price_max_minor = $3, compare_at_minor = $4, stock_left = $5, lowest_minor = $6
         WHERE product_id = $1",
        params![
            stored.product.id,
            s.price_minor,
            s.price_max_minor,
            s.compare_at_minor,
            s.stock_left,
            s.lowest_minor
        ],
    ).await
}

/// Writes the rating.
pub(crate) async fn update_rating(tx: &mut Tx, product: &Product) -> Result<()> {
    tx.defer(
        "UPDATE product_numbers SET rating_x100 = $2, rating_count = $3 WHERE product_id = $1",
        params![product.id, product.rating.average_x100, product.rating.count],
    )
    .await?;
    tx.defer(
        "UPDATE listing SET rating_key = $2 WHERE product_num = $1",
        params![product.num, rating_key(product.rating)],
    )
    .await
}

/// Removes a product that was never on sale, with all that belongs to it.
pub(crate) async fn delete(tx: &mut Tx, product: &Product) -> Result<()> {
    super::fetches::forget(tx, product.id).await?;
    super::bundles::forget(tx, product.id).await?;
    tx.defer("DELETE FROM variants WHERE product_id = $1", params![product.id]).await?;
    tx.defer("DELETE FROM product_slugs WHERE product_id = $1", params![product.id]).await?;
    tx.defer("DELETE FROM product_numbers WHERE product_id = $1", params![product.id]).await?;
    tx.defer("DELETE FROM products WHERE id = $1", params![product.id]).await
}

/// Those of some products that are a vendor's.
pub(crate) async fn own_ids(tx: &mut Tx, scope: &VendorScope, ids: &[ProductId]) -> Result<Vec<ProductId>> {
    let sql = format!("SELECT id FROM products WHERE vendor_id = $1 AND id IN ({})", placeholders(2, ids.len()));
    let mut params = params![scope.vendor_id()];
    params.extend(ids.iter().map(Value::from));
    tx.all(&sql, params).await?.iter().map(|row| row.get("id")).collect()
}

/// Names in addresses of some products, in no order.
pub(crate) async fn slugs_of(db: &Db, ids: &[ProductId]) -> Result<Vec<String>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT slug FROM products WHERE id IN ({})", placeholders(1, ids.len()));
    db.all(&sql, ids.iter().map(Value::from).collect()).await?.iter().map(|row| row.get("slug")).collect()
}

/// Names a product has or had in addresses, and the lists it is in: what of the cache tells of it.
pub(crate) async fn traces(tx: &mut Tx, product: &Product) -> Result<(Vec<String>, Vec<i64>)> {
    let slugs = tx.all("SELECT slug FROM product_slugs WHERE product_id = $1", params![product.id]).await?;
    let scopes = tx.all("SELECT scope FROM listing WHERE product_num = $1", params![product.num]).await?;
    Ok((
        slugs.iter().map(|row| row.get("slug")).collect::<Result<_>>()?,
        scopes.iter().map(|row| row.get("scope")).collect::<Result<_>>()?,
    ))
}

/// What a list of products for editing is narrowed by.
#[derive(Debug, Clone)]
pub(crate) struct EditFilter {
    /// Pattern for `LIKE`; everything if empty.
    pub like: String,
    pub status: Option<ProductStatus>,
    /// Time and number of the last row seen; newest first.
    pub before: (Timestamp, i64),
    pub limit: i64,
}

impl EditFilter {
    fn params(&self, first: Vec<Value>) -> Vec<Value> {
        let status = self.status.map_or("", status_text);
        let rest = params![self.before.0, self.before.1, &self.like, status, self.limit];
        first.into_iter().chain(rest).collect()
    }
}

/// A page of a vendor's products, newest first.
pub(crate) async fn own_page(db: &Db, scope: &VendorScope, filter: &EditFilter) -> Result<Vec<Product>> {
    let sql = select!(
        "WHERE p.vendor_id = $1 AND (p.created_at, p.num) < ($2, $3) AND ($4 = '' OR p.search_text LIKE $4 ESCAPE '\\')
           AND ($5 = '' OR $5 = CASE WHEN p.status = 'draft' AND p.publish_at IS NOT NULL THEN 'scheduled' ELSE p.status END) ORDER BY p.created_at DESC, p.num DESC LIMIT $6"
    );
    products(&db.as_vendor(scope).all(sql, filter.params(params![scope.vendor_id()])).await?)
}

/// A page of everybody's products, newest first; for admins.
pub(crate) async fn all_page(db: &Db, filter: &EditFilter) -> Result<Vec<Product>> {
    let sql = select!(
        "WHERE (p.created_at, p.num) < ($1, $2) AND ($3 = '' OR p.search_text LIKE $3 ESCAPE '\\')
           AND ($4 = '' OR $4 = CASE WHEN p.status = 'draft' AND p.publish_at IS NOT NULL THEN 'scheduled' ELSE p.status END) ORDER BY p.created_at DESC, p.num DESC LIMIT $5"
    );
    products(&db.all(sql, filter.params(params![])).await?)
}

/// A vendor's products behind `after`, in the order in which they were made: for its file.
pub(crate) async fn own_in_order(
    db: &Db,
    scope: &VendorScope,
    after: (Timestamp, i64),
    limit: i64,
) -> Result<Vec<Product>> {
    let sql =
        select!("WHERE p.vendor_id = $1 AND (p.created_at, p.num) > ($2, $3) ORDER BY p.created_at, p.num LIMIT $4");
    products(&db.as_vendor(scope).all(sql, params![scope.vendor_id(), after.0, after.1, limit]).await?)
}

/// The currency of most of a vendor's products.
pub(crate) async fn usual_currency(db: &Db, scope: &VendorScope) -> Result<Option<Currency>> {
    let sql =
        "SELECT currency FROM products WHERE vendor_id = $1 GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1";
    db.as_vendor(scope).opt(sql, params![scope.vendor_id()]).await?.map(|row| row.get("currency")).transpose()
}
