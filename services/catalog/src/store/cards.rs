//! Pages of products on sale.

use contracts::catalog::{Picture, ProductCard, ProductSort, ProductTexts, Rating, Translations, VendorRef};
use db::{Db, Row, Value, params, placeholders};
use kernel::{Currency, Money, ProductId, Result};

use super::listing::Scope;
use crate::model::{StoredPicture, level_of};

/// Which page of which list.
#[derive(Debug, Clone)]
pub(crate) struct CardQuery {
    /// Number of the list.
    pub list: i64,
    /// Number of another list the products must be in as well.
    pub also: Option<i64>,
    /// Order.
    pub sort: ProductSort,
    /// Sort key and number of the last product seen.
    pub after: Option<(i64, i64)>,
    /// Products wanted.
    pub limit: i64,
    /// Language of the titles, if it is not the main one.
    pub language: Option<&'static str>,
}

/// A card with its place in the list.
pub(crate) struct Placed {
    pub card: ProductCard,
    pub key: i64,
    pub num: i64,
}

/// The number of a list; none if nothing was ever in it.
pub(crate) async fn number_of(db: &Db, scope: Scope) -> Result<Option<i64>> {
    db.opt("SELECT num FROM scopes WHERE name = $1", params![scope.name()]).await?.map(|row| row.get("num")).transpose()
}

/// The columns of a card, of `products p`, `product_numbers n` and `vendors v`.
const CARD: &str = "p.num, p.id, p.slug, p.title, p.currency, p.single_variant_id, p.pictures, n.price_minor, n.price_max_minor,
    n.compare_at_minor, n.lowest_minor, n.stock_left, n.rating_x100, n.rating_count, v.vendor_id, v.slug AS vendor_slug, v.name AS vendor_name";

/// The column of translations, if another language is asked for.
pub(super) fn translations(language: Option<&str>) -> &'static str {
    if language.is_some() { ", p.translations" } else { "" }
}

/// Products of the list `all` by their ids, in no order.
pub(crate) async fn of_ids(db: &Db, all: i64, ids: &[ProductId], language: Option<&str>) -> Result<Vec<ProductCard>> {
    let translations = translations(language);
    let sql = format!(
        "SELECT 0 AS sort_key, {CARD}{translations}
         FROM products p JOIN product_numbers n ON n.product_id = p.id JOIN vendors v ON v.vendor_id = p.vendor_id
         WHERE p.id IN ({}) AND v.status = 'approved'
            AND EXISTS (SELECT 1 FROM listing l WHERE l.product_num = p.num AND l.scope = $1)",
        placeholders(2, ids.len())
    );
    let mut params: Vec<Value> = params![all];
    params.extend(ids.iter().map(Value::from));
    db.all(&sql, params).await?.iter().map(|row| Ok(placed(row, language)?.card)).collect()
}

/// A page of a list. Walks the list's index from the cursor on; products of stores that are not
/// open are passed over.
pub(crate) async fn page(db: &Db, query: &CardQuery) -> Result<Vec<Placed>> {
    let (column, direction, compare) = match query.sort {
        ProductSort::Newest => ("published_at", "DESC", "<"),
        ProductSort::PriceAsc => ("price_minor", "ASC", ">"),
        ProductSort::PriceDesc => ("price_minor", "DESC", "<"),
        ProductSort::Rating => ("rating_key", "DESC", "<"),
    };
    let mut params: Vec<Value> = params![query.list, query.limit];
    let mut narrower = String::new();
    if let Some((key, num)) = query.after {
        narrower.push_str(&format!(" AND (l.{column}, l.product_num) {compare} ($3, $4)"));
        params.extend(params![key, num]);
    }
    if let Some(also) = query.also {
        let place = params.len() + 1;
        narrower.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM listing o WHERE o.product_num = l.product_num AND o.scope = ${place})"
        ));
        params.push(also.into());
    }
    // CROSS JOIN keeps SQLite from beginning with another table; for PostgreSQL it is a plain join.
    let translations = translations(query.language);
    let sql = format!(
        "SELECT l.{column} AS sort_key, {CARD}{translations}
         FROM listing l CROSS JOIN products p CROSS JOIN product_numbers n CROSS JOIN vendors v
         WHERE l.scope = $1 AND p.num = l.product_num AND n.product_id = p.id
            AND v.vendor_id = p.vendor_id AND v.status = 'approved'{narrower}
         ORDER BY l.{column} {direction}, l.product_num {direction} LIMIT $2"
    );
    db.all(&sql, params).await?.iter().map(|row| placed(row, query.language)).collect()
}

/// The title in another language, if there is one.
pub(super) fn translated(row: &Row, language: Option<&str>) -> Result<Option<String>> {
    let Some(language) = language else { return Ok(None) };
    let mut texts: Translations<ProductTexts> = row.json("translations")?;
    Ok(texts.remove(language).map(|texts| texts.title).filter(|title| !title.is_empty()))
}

fn placed(row: &Row, language: Option<&str>) -> Result<Placed> {
    let translated = translated(row, language)?;
    let currency: Currency = row.get("currency")?;
    let (price, dearest): (i64, i64) = (row.get("price_minor")?, row.get("price_max_minor")?);
    let pictures: Vec<StoredPicture> = row.json("pictures")?;
    let picture: Option<Picture> = pictures.into_iter().next().map(|stored| stored.picture);
    let card = ProductCard {
        id: row.get("id")?,
        slug: row.get("slug")?,
        translated: translated.is_some(),
        title: translated.map_or_else(|| row.get("title"), Ok)?,
        vendor: VendorRef { id: row.get("vendor_id")?, slug: row.get("vendor_slug")?, name: row.get("vendor_name")? },
        price: Money::new(price, currency),
        price_varies: dearest > price,
        compare_at: row.get::<Option<i64>>("compare_at_minor")?.map(|minor| Money::new(minor, currency)),
        lowest_price: row.get::<Option<i64>>("lowest_minor")?.map(|minor| Money::new(minor, currency)),
        picture,
        rating: Rating { average_x100: row.get("rating_x100")?, count: row.get("rating_count")? },
        stock: level_of(row.get("stock_left")?),
        single_variant_id: row.get("single_variant_id")?,
    };
    Ok(Placed { card, key: row.get("sort_key")?, num: row.get("num")? })
}
