//! Files of variants that are downloaded.

use contracts::catalog::VariantFile;
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{ImportFileId, ProductId, Result, VariantFileId, VariantId, VendorScope};

/// A file with the upload that it came with.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub file: VariantFile,
    pub content: ImportFileId,
}

const COLUMNS: &str = "f.id, f.variant_id, f.name, f.content_id, f.bytes, f.updated_at";

fn stored(row: &Row) -> Result<Stored> {
    Ok(Stored {
        file: VariantFile {
            id: row.get("id")?,
            variant_id: row.get("variant_id")?,
            name: row.get("name")?,
            bytes: row.get("bytes")?,
            updated_at: row.get("updated_at")?,
        },
        content: row.get("content_id")?,
    })
}

/// Files of a vendor's product, by variant.
pub(crate) async fn of_product(db: &Db, scope: &VendorScope, id: ProductId) -> Result<Vec<VariantFile>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM variant_files f JOIN variants v ON v.id = f.variant_id
         WHERE f.vendor_id = $1 AND v.product_id = $2 AND v.active = 1 ORDER BY v.position, f.variant_id, f.position"
    );
    let rows = db.as_vendor(scope).all(&sql, params![scope.vendor_id(), id]).await?;
    rows.iter().map(|row| stored(row).map(|stored| stored.file)).collect()
}

/// Files of some variants, whoever sells them and whether they still do.
pub(crate) async fn of_variants(db: &Db, ids: &[VariantId]) -> Result<Vec<Stored>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM variant_files f WHERE f.variant_id IN ({}) ORDER BY f.variant_id, f.position",
        placeholders(1, ids.len())
    );
    db.all(&sql, ids.iter().map(Value::from).collect()).await?.iter().map(stored).collect()
}

/// Files of a variant whose product the transaction has locked.
pub(crate) async fn of_variant(tx: &mut Tx, id: VariantId) -> Result<Vec<Stored>> {
    let sql = format!("SELECT {COLUMNS} FROM variant_files f WHERE f.variant_id = $1 ORDER BY f.position");
    tx.all(&sql, params![id]).await?.iter().map(stored).collect()
}

/// Adds a file behind those that are there.
pub(crate) async fn insert(tx: &mut Tx, scope: &VendorScope, new: &Stored) -> Result<()> {
    let VariantFile { id, variant_id, name, bytes, updated_at } = &new.file;
    tx.defer(
        "INSERT INTO variant_files (id, variant_id, vendor_id, position, name, content_id, bytes, updated_at)
         VALUES ($1, $2, $3, (SELECT COALESCE(max(position), 0) + 1 FROM variant_files WHERE variant_id = $2), $4, $5, $6, $7)",
        params![*id, *variant_id, scope.vendor_id(), name, new.content, *bytes, *updated_at],
    )
    .await
}

/// Puts another content in the place of a file's.
pub(crate) async fn replace(tx: &mut Tx, scope: &VendorScope, new: &Stored) -> Result<()> {
    let VariantFile { id, name, bytes, updated_at, .. } = &new.file;
    let sql = "UPDATE variant_files SET name = $3, content_id = $4, bytes = $5, updated_at = $6 WHERE id = $1 AND vendor_id = $2";
    tx.defer(sql, params![*id, scope.vendor_id(), name, new.content, *bytes, *updated_at]).await
}

/// Removes a file.
pub(crate) async fn delete(tx: &mut Tx, scope: &VendorScope, id: VariantFileId) -> Result<()> {
    tx.defer("DELETE FROM variant_files WHERE id = $1 AND vendor_id = $2", params![id, scope.vendor_id()]).await
}

/// Removes the files of a product: the uploads that they came with, and how many bytes each has.
pub(crate) async fn forget(tx: &mut Tx, id: ProductId) -> Result<Vec<(ImportFileId, i64)>> {
    let sql = "DELETE FROM variant_files WHERE variant_id IN (SELECT id FROM variants WHERE product_id = $1)
               RETURNING content_id, bytes";
    let gone = |row: &Row| Ok((row.get("content_id")?, row.get("bytes")?));
    tx.all(sql, params![id]).await?.iter().map(gone).collect()
}
