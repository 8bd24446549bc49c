//! Which categories here vendors want for those of their files.

use db::{Db, Tx, params};
use kernel::{CategoryId, Result, Slug, VendorScope};

/// Choices of one vendor.
pub(crate) const CHOSEN_MAX: i64 = 2_000;

/// What a vendor has chosen: keys of paths, and the categories as far as there still are such.
pub(crate) async fn chosen(db: &Db, scope: &VendorScope) -> Result<Vec<(String, CategoryId, Slug)>> {
    let sql = "SELECT m.path, c.id, c.slug FROM import_categories m JOIN categories c ON c.id = m.category_id
               WHERE m.vendor_id = $1 ORDER BY m.path LIMIT $2";
    let rows = db.as_vendor(scope).all(sql, params![scope.vendor_id(), CHOSEN_MAX]).await?;
    rows.iter().map(|row| Ok((row.get("path")?, row.get("id")?, row.get("slug")?))).collect()
}

/// Remembers a choice.
pub(crate) async fn choose(tx: &mut Tx, scope: &VendorScope, path: &str, id: CategoryId) -> Result<()> {
    let sql = "INSERT INTO import_categories (vendor_id, path, category_id) VALUES ($1, $2, $3)
               ON CONFLICT (vendor_id, path) DO UPDATE SET category_id = excluded.category_id";
    tx.defer(sql, params![scope.vendor_id(), path, id]).await
}

/// Forgets a choice.
pub(crate) async fn forget(tx: &mut Tx, scope: &VendorScope, path: &str) -> Result<()> {
    let sql = "DELETE FROM import_categories WHERE vendor_id = $1 AND path = $2";
    tx.defer(sql, params![scope.vendor_id(), path]).await
}

/// True if a vendor has no more choices than are kept.
pub(crate) async fn are_few(tx: &mut Tx, scope: &VendorScope) -> Result<bool> {
    let sql = "SELECT 1 AS many FROM import_categories WHERE vendor_id = $1 LIMIT 1 OFFSET $2";
    Ok(tx.opt(sql, params![scope.vendor_id(), CHOSEN_MAX]).await?.is_none())
}
