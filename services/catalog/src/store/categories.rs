//! The category tree.

use contracts::catalog::{CategoryTexts, Translations};
use db::{Db, Row, Tx, params};
use kernel::{CategoryId, Result, Slug};

use crate::model::{Category, Tree};

const ALL: &str =
    "SELECT id, slug, name, description, parent_id, position, picture_url, attributes, seo_title, seo_description,
    translations
    FROM categories";

fn category(row: &Row) -> Result<Category> {
    Ok(Category {
        id: row.get("id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        description: row.get("description")?,
        parent_id: row.get("parent_id")?,
        position: row.get("position")?,
        picture_url: row.get("picture_url")?,
        attributes: row.json("attributes")?,
        seo_title: row.get("seo_title")?,
        seo_description: row.get("seo_description")?,
        translations: row.json("translations")?,
    })
}

/// All categories.
pub(crate) async fn tree(db: &Db) -> Result<Tree> {
    Ok(Tree::new(db.all(ALL, params![]).await?.iter().map(category).collect::<Result<Vec<_>>>()?))
}

/// All categories, within the transaction. There are some hundreds at most.
pub(crate) async fn tree_in(tx: &mut Tx) -> Result<Tree> {
    Ok(Tree::new(tx.all(ALL, params![]).await?.iter().map(category).collect::<Result<Vec<_>>>()?))
}

/// The category and its ancestors, itself first; empty if there is no such category.
pub(crate) async fn with_ancestors(tx: &mut Tx, id: CategoryId) -> Result<Vec<Category>> {
    let rows = tx
        .all(
            "SELECT c.id, c.slug, c.name, c.description, c.parent_id, c.position, c.picture_url, c.attributes, c.seo_title,
                c.seo_description, c.translations
             FROM category_closure cc JOIN categories c ON c.id = cc.ancestor_id WHERE cc.category_id = $1 ORDER BY cc.distance",
            params![id],
        )
        .await?;
    rows.iter().map(category).collect()
}

/// The same outside a transaction, from the top of the tree on, with the names in another language where they have some.
pub(crate) async fn path(
    db: &Db,
    id: CategoryId,
    language: Option<&str>,
) -> Result<Vec<contracts::catalog::CategoryRef>> {
    let translations = if language.is_some() { ", c.translations" } else { "" };
    let sql = format!(
        "SELECT c.id, c.slug, c.name{translations} FROM category_closure cc JOIN categories c ON c.id = cc.ancestor_id
         WHERE cc.category_id = $1 ORDER BY cc.distance DESC"
    );
    let rows = db.all(&sql, params![id]).await?;
    let of = |row: &Row| {
        let mut name: String = row.get("name")?;
        if let Some(language) = language {
            let mut texts: Translations<CategoryTexts> = row.json("translations")?;
            let translated = texts.remove(language).map(|texts| texts.name).filter(|name| !name.is_empty());
            name = translated.unwrap_or(name);
        }
        Ok(contracts::catalog::CategoryRef { id: row.get("id")?, slug: row.get("slug")?, name })
    };
    rows.iter().map(of).collect()
}

/// Id of a category by a name it has or had in addresses.
pub(crate) async fn id_of(db: &Db, slug: &str) -> Result<Option<CategoryId>> {
    let sql = "SELECT category_id FROM category_slugs WHERE slug = $1";
    db.opt(sql, params![slug]).await?.map(|row| row.get("category_id")).transpose()
}

/// Takes a name in addresses for a category. False if it is another's, or was.
pub(crate) async fn claim_slug(tx: &mut Tx, slug: &Slug, id: CategoryId) -> Result<bool> {
    let inserted = tx
        .exec(
            "INSERT INTO category_slugs (slug, category_id) VALUES ($1, $2) ON CONFLICT (slug) DO NOTHING",
            params![slug, id],
        )
        .await?;
    if inserted == 1 {
        return Ok(true);
    }
    let sql = "SELECT 1 FROM category_slugs WHERE slug = $1 AND category_id = $2";
    Ok(tx.opt(sql, params![slug, id]).await?.is_some())
}

/// Lets changes of the tree happen one after another; the number of this change.
pub(crate) async fn lock_tree(tx: &mut Tx) -> Result<i64> {
    tx.one("UPDATE category_tree SET version = version + 1 WHERE id = 1 RETURNING version", params![])
        .await?
        .get("version")
}

/// Adds a category, whose name in addresses has been claimed.
pub(crate) async fn insert(tx: &mut Tx, c: &Category) -> Result<()> {
    tx
        .exec(
            "INSERT INTO categories (id, slug, name, description, parent_id, position, picture_url, attributes, seo_title, seo_description,
                translations)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            params![
                c.id,
                &c.slug,
                &c.name,
                &c.description,
                c.parent_id,
                c.position,
                &c.picture_url,
                serde_json::to_string(&c.attributes)?,
                &c.seo_title,
                &c.seo_description,
                serde_json::to_string(&c.translations)?
            ],
        )
        .await
        .map(drop)
}

/// Changes a category, whose name in addresses has been claimed.
pub(crate) async fn update(tx: &mut Tx, c: &Category) -> Result<()> {
    tx.exec(
        "UPDATE categories SET slug = $2, name = $3, description = $4, parent_id = $5, position = $6, picture_url = $7, attributes = $8,
            seo_title = $9, seo_description = $10, translations = $11
         WHERE id = $1",
        params![
            c.id,
            &c.slug,
            &c.name,
            &c.description,
            c.parent_id,
            c.position,
            &c.picture_url,
            serde_json::to_string(&c.attributes)?,
            &c.seo_title,
            &c.seo_description,
            serde_json::to_string(&c.translations)?
        ],
    )
    .await
    .map(drop)
}

/// Writes the closure table anew.
pub(crate) async fn put_closure(tx: &mut Tx, closure: &[(CategoryId, CategoryId, i64)]) -> Result<()> {
    tx.defer("DELETE FROM category_closure", params![]).await?;
    for (id, ancestor, distance) in closure {
        let sql = "INSERT INTO category_closure (category_id, ancestor_id, distance) VALUES ($1, $2, $3)";
        tx.defer(sql, params![id, ancestor, *distance]).await?;
    }
    Ok(())
}

/// True if a product of the category, or of one below it, has a value of the attribute.
pub(crate) async fn is_answered(tx: &mut Tx, id: CategoryId, key: &str) -> Result<bool> {
    // Keys are written as JSON writes them: letters, digits, hyphens and underscores.
    let pattern = format!("%\"key\":\"{}\"%", key.replace('_', "\\_"));
    let sql =
        "SELECT 1 FROM products WHERE category_id IN (SELECT category_id FROM category_closure WHERE ancestor_id = $1)
               AND attributes LIKE $2 ESCAPE '\\' LIMIT 1";
    Ok(tx.opt(sql, params![id, pattern]).await?.is_some())
}

/// Removes a category without children and products. False if it has some, or is not there.
pub(crate) async fn remove(tx: &mut Tx, id: CategoryId) -> Result<bool> {
    let removed = tx
        .exec(
            "DELETE FROM categories WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM products WHERE category_id = $1)
             AND NOT EXISTS (SELECT 1 FROM categories AS child WHERE child.parent_id = $1)",
            params![id],
        )
        .await?;
    if removed == 1 {
        tx.defer("DELETE FROM category_closure WHERE category_id = $1", params![id]).await?;
        tx.defer("DELETE FROM category_slugs WHERE category_id = $1", params![id]).await?;
    }
    Ok(removed == 1)
}

/// Products of a category and of those below it, by number, behind `after`.
pub(crate) async fn products_below(
    db: &Db,
    id: CategoryId,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, kernel::ProductId)>> {
    let rows = db
        .all(
            "SELECT num, id FROM products
             WHERE category_id IN (SELECT category_id FROM category_closure WHERE ancestor_id = $1) AND num > $2
             ORDER BY num LIMIT $3",
            params![id, after, limit],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("num")?, row.get("id")?))).collect()
}
