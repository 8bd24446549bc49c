//! SQL of the documents.

use std::collections::BTreeMap;

use contracts::{
    catalog::{ProductSnapshot, Rating},
    inventory::StockLevel,
    pricing::Offer,
    search::IndexState,
    vendors::{VendorSnapshot, VendorStatus},
};
use db::{Db, Row, Tx, params, placeholders};
use kernel::{Error, Languages, ProductId, Result, VariantId, VendorId};

use crate::model::{BRAND, Directory, Document, Names, Vendor, option_key};

/// The number of the next change. Its row stays locked until the end of the transaction, so numbers
/// become visible in their order.
pub(super) async fn next_seq(tx: &mut Tx) -> Result<i64> {
    tx.one("UPDATE counter SET value = value + 1 WHERE id = 1 RETURNING value", params![]).await?.at(0)
}

/// Keeps a product as it is now, with the names its facets go by.
pub async fn put_product(
    tx: &mut Tx,
    product_id: ProductId,
    product: &ProductSnapshot,
    languages: &Languages,
) -> Result<()> {
    let seq = next_seq(tx).await?;
    tx.defer(
        "INSERT INTO documents (product_id, vendor_id, product, offers, rating_x100, rating_count, seq) VALUES ($1, $2, $3, '[]', 0, 0, $4)
         ON CONFLICT (product_id) DO UPDATE SET vendor_id = excluded.vendor_id, product = excluded.product, seq = excluded.seq",
        params![product_id, product.vendor_id, serde_json::to_string(product)?, seq],
    ).await?;
    for category in &product.categories {
        put_label(tx, "category", category.slug.as_str(), &category.name).await?;
        for language in languages.further() {
            // Where the name is not translated, or not any longer, it is the one in the main language.
            let texts = product.translations.get(*language);
            let name = texts.and_then(|texts| texts.categories.get(category.slug.as_str())).unwrap_or(&category.name);
            put_label(tx, &format!("{IN_LANGUAGE}{language}"), category.slug.as_str(), name).await?;
        }
    }
    for attribute in &product.attributes {
        let label = if attribute.label.is_empty() { &attribute.key } else { &attribute.label };
        put_label(tx, "attribute", &attribute.key, label).await?;
        if let Some(unit) = &attribute.unit {
            put_label(tx, "unit", &attribute.key, unit).await?;
        }
    }
    if !product.brand.is_empty() {
        put_label(tx, "attribute", BRAND, "Brand").await?;
    }
    for name in &product.option_names {
        put_label(tx, "attribute", &option_key(name), name).await?;
    }
    Ok(())
}

/// Begins the kind of labels that are names of categories in a further language.
const IN_LANGUAGE: &str = "category@";

async fn put_label(tx: &mut Tx, kind: &str, key: &str, label: &str) -> Result<()> {
    tx.defer(
        "INSERT INTO labels (kind, key, label) VALUES ($1, $2, $3)
         ON CONFLICT (kind, key) DO UPDATE SET label = excluded.label WHERE labels.label <> excluded.label",
        params![kind, key, label],
    )
    .await
}

/// Keeps a product's prices; false if the product is not known yet.
pub async fn put_offers(tx: &mut Tx, product_id: ProductId, offers: &[Offer]) -> Result<bool> {
    let seq = next_seq(tx).await?;
    let sql = "UPDATE documents SET offers = $2, seq = $3 WHERE product_id = $1";
    Ok(tx.exec(sql, params![product_id, serde_json::to_string(offers)?, seq]).await? == 1)
}

/// Keeps a product's rating; false if the product is not known yet.
pub async fn put_rating(tx: &mut Tx, product_id: ProductId, rating: Rating) -> Result<bool> {
    let seq = next_seq(tx).await?;
    let sql = "UPDATE documents SET rating_x100 = $2, rating_count = $3, seq = $4 WHERE product_id = $1";
    Ok(tx.exec(sql, params![product_id, rating.average_x100, rating.count, seq]).await? == 1)
}

/// Keeps a variant's level.
pub async fn put_level(tx: &mut Tx, variant_id: VariantId, product_id: ProductId, level: StockLevel) -> Result<()> {
    let seq = next_seq(tx).await?;
    tx.defer(
        "INSERT INTO stock_levels (variant_id, product_id, level) VALUES ($1, $2, $3)
         ON CONFLICT (variant_id) DO UPDATE SET level = excluded.level",
        params![variant_id, product_id, serde_json::to_string(&level)?],
    )
    .await?;
    tx.defer("UPDATE documents SET seq = $2 WHERE product_id = $1", params![product_id, seq]).await
}

/// Keeps a store; all its products have to be looked at again.
pub async fn put_vendor(tx: &mut Tx, vendor_id: VendorId, vendor: &VendorSnapshot) -> Result<()> {
    let seq = next_seq(tx).await?;
    tx.defer(
        "INSERT INTO vendors (vendor_id, slug, name, open) VALUES ($1, $2, $3, $4)
         ON CONFLICT (vendor_id) DO UPDATE SET slug = excluded.slug, name = excluded.name, open = excluded.open",
        params![vendor_id, &vendor.slug, &vendor.name, vendor.status == VendorStatus::Approved],
    )
    .await?;
    tx.defer("UPDATE documents SET seq = $2 WHERE vendor_id = $1", params![vendor_id, seq]).await
}

const DOCUMENTS: &str = "SELECT d.product_id, d.product, d.offers, d.rating_x100, d.rating_count, d.seq, s.items, v.vendor_id, v.slug, v.name, v.open
     FROM documents d LEFT JOIN vendors v ON v.vendor_id = d.vendor_id LEFT JOIN sales s ON s.product_id = d.product_id";

/// Products changed by `seq` (those after `product_id`) and later, in the order of their changes. A
/// vendor's products share one number: they are read on by `(seq, product_id)`.
pub async fn changed(db: &Db, (seq, product_id): (i64, &str), limit: i64) -> Result<Vec<Document>> {
    let sql = format!(
        "{DOCUMENTS} WHERE d.seq > $1 OR (d.seq = $1 AND d.product_id > $2) ORDER BY d.seq, d.product_id LIMIT $3"
    );
    let rows = db.all(&sql, params![seq, product_id, limit]).await?;
    let mut documents = rows.iter().map(document).collect::<Result<Vec<_>>>()?;
    add_levels(db, &mut documents).await?;
    Ok(documents)
}

/// A product, if it is known.
pub async fn one_document(db: &Db, product_id: ProductId) -> Result<Option<Document>> {
    let row = db.opt(&format!("{DOCUMENTS} WHERE d.product_id = $1"), params![product_id]).await?;
    row.as_ref().map(document).transpose()
}

fn document(row: &Row) -> Result<Document> {
    let vendor = match row.get::<Option<VendorId>>("vendor_id")? {
        Some(id) => Some(Vendor { id, slug: row.get("slug")?, name: row.get("name")?, open: row.get("open")? }),
        None => None,
    };
    Ok(Document {
        product_id: row.get("product_id")?,
        product: serde_json::from_str(&row.get::<String>("product")?)?,
        offers: serde_json::from_str(&row.get::<String>("offers")?)?,
        levels: BTreeMap::new(),
        rating: Rating { average_x100: row.get("rating_x100")?, count: row.get("rating_count")? },
        sold: row.get::<Option<i64>>("items")?.unwrap_or(0),
        vendor,
        seq: row.get("seq")?,
    })
}

async fn add_levels(db: &Db, documents: &mut [Document]) -> Result<()> {
    for chunk in documents.chunks_mut(200) {
        let sql = format!(
            "SELECT variant_id, product_id, level FROM stock_levels WHERE product_id IN ({})",
            placeholders(1, chunk.len())
        );
        let rows = db.all(&sql, chunk.iter().map(|d| d.product_id.into()).collect()).await?;
        let mut levels: BTreeMap<ProductId, BTreeMap<VariantId, StockLevel>> = BTreeMap::new();
        for row in &rows {
            let level = serde_json::from_str(&row.get::<String>("level")?)?;
            levels.entry(row.get("product_id")?).or_default().insert(row.get("variant_id")?, level);
        }
        for document in chunk {
            document.levels = levels.remove(&document.product_id).unwrap_or_default();
        }
    }
    Ok(())
}

/// How many products are known, and how many of them have changed after `held`.
pub async fn index_state(db: &Db, held: i64) -> Result<IndexState> {
    let sql = "SELECT (SELECT count(*) FROM documents) AS products, (SELECT count(*) FROM documents WHERE seq > $1) AS behind";
    let row = db.one(sql, params![held]).await?;
    Ok(IndexState { products: row.get("products")?, behind: row.get("behind")? })
}

/// Products touched with one statement.
const PIECE: i64 = 10_000;

/// All products have to be looked at again, each by a number of its own: the index holds those it has come to, tells how
/// many are left, and goes on there after a restart.
pub async fn touch_all(tx: &mut Tx) -> Result<()> {
    let (mut seq, mut after) = (next_seq(tx).await? - 1, String::new());
    loop {
        let last = "SELECT max(product_id) FROM (SELECT product_id FROM documents WHERE product_id > $1 ORDER BY product_id LIMIT $2) AS piece";
        let Some(until) = tx.one(last, params![&after, PIECE]).await?.at::<Option<String>>(0)? else { break };
        let touch = "UPDATE documents SET seq = $1 + numbered.place
             FROM (SELECT product_id AS id, row_number() OVER (ORDER BY product_id) AS place FROM documents
                   WHERE product_id > $2 AND product_id <= $3) AS numbered
             WHERE documents.product_id = numbered.id";
        seq += i64::try_from(tx.exec(touch, params![seq, &after, &until]).await?).map_err(Error::internal)?;
        after = until;
    }
    tx.exec("UPDATE counter SET value = $1 WHERE id = 1", params![seq]).await.map(drop)
}

/// The number of the newest change.
pub async fn newest(db: &Db) -> Result<i64> {
    db.one("SELECT value FROM counter WHERE id = 1", params![]).await?.at(0)
}

/// How facet values are called.
pub async fn names(db: &Db) -> Result<Names> {
    let (mut categories, mut attributes, mut units) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    let mut translated: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in db.all("SELECT kind, key, label FROM labels", params![]).await? {
        let (key, label) = (row.get("key")?, row.get("label")?);
        match row.get::<String>("kind")?.as_str() {
            "category" => categories.push((key, label)),
            "unit" => drop(units.insert(key, label)),
            kind => match kind.strip_prefix(IN_LANGUAGE) {
                Some(language) => translated.entry(language.to_owned()).or_default().push((key, label)),
                None => drop(attributes.insert(key, label)),
            },
        }
    }
    let mut vendors = Vec::new();
    for row in db.all("SELECT slug, name FROM vendors WHERE open = 1", params![]).await? {
        vendors.push((row.get("slug")?, row.get("name")?));
    }
    let whole = |(language, names): (String, Vec<(String, String)>)| {
        (language, Directory::new(categories.iter().cloned().chain(names)))
    };
    let translated = translated.into_iter().map(whole).collect();
    let (categories, vendors) = (Directory::new(categories), Directory::new(vendors));
    Ok(Names { categories, translated, vendors, attributes, units })
}
