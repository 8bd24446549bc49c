//! Files to import, and how much of them is here.

use db::{Db, Row, Tx, params};
use kernel::{ImportFileId, Result, Timestamp, VendorId, VendorScope};

/// A file to import.
#[derive(Debug, Clone, Copy)]
pub(crate) struct File {
    pub id: ImportFileId,
    pub vendor_id: VendorId,
    /// Bytes that are here.
    pub bytes: u64,
}

const COLUMNS: &str = "id, vendor_id, bytes";

fn file(row: &Row) -> Result<File> {
    let bytes = u64::try_from(row.get::<i64>("bytes")?).unwrap_or_default();
    Ok(File { id: row.get("id")?, vendor_id: row.get("vendor_id")?, bytes })
}

/// Begins a file.
pub(crate) async fn insert(tx: &mut Tx, scope: &VendorScope, id: ImportFileId, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO import_files (id, vendor_id, bytes, used_at) VALUES ($1, $2, 0, $3)";
    tx.exec(sql, params![id, scope.vendor_id(), now]).await.map(|_| ())
}

/// One of a vendor's files.
pub(crate) async fn own(db: &Db, scope: &VendorScope, id: ImportFileId) -> Result<Option<File>> {
    let sql = format!("SELECT {COLUMNS} FROM import_files WHERE id = $1 AND vendor_id = $2");
    db.as_vendor(scope).opt(&sql, params![id, scope.vendor_id()]).await?.as_ref().map(file).transpose()
}

/// A file, for the job that works it off.
pub(crate) async fn find(db: &Db, id: ImportFileId) -> Result<Option<File>> {
    let sql = format!("SELECT {COLUMNS} FROM import_files WHERE id = $1");
    db.opt(&sql, params![id]).await?.as_ref().map(file).transpose()
}

/// Counts a piece of `bytes` that is kept behind the first `at` bytes. False if there are more or fewer of them.
pub(crate) async fn grow(tx: &mut Tx, of: &File, bytes: u64, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE import_files SET bytes = bytes + $3, used_at = $4 WHERE id = $1 AND bytes = $2";
    Ok(tx.exec(sql, params![of.id, of.bytes as i64, bytes as i64, now]).await? == 1)
}

/// Keeps others from using or forgetting a vendor's file until the commit.
pub(crate) async fn hold(tx: &mut Tx, vendor_id: VendorId, id: ImportFileId, now: Timestamp) -> Result<Option<File>> {
    let sql = format!("UPDATE import_files SET used_at = $3 WHERE id = $1 AND vendor_id = $2 RETURNING {COLUMNS}");
    tx.opt(&sql, params![id, vendor_id, now]).await?.as_ref().map(file).transpose()
}

/// True if an import of the file is under way; the file is held.
pub(crate) async fn is_in_use(tx: &mut Tx, id: ImportFileId) -> Result<bool> {
    let sql = "SELECT 1 FROM imports WHERE file_id = $1 AND status IN ('queued', 'running') LIMIT 1";
    Ok(tx.opt(sql, params![id]).await?.is_some())
}

/// Forgets a file; its pieces are somebody else's matter.
pub(crate) async fn delete(tx: &mut Tx, id: ImportFileId) -> Result<()> {
    tx.exec("UPDATE imports SET file_id = NULL WHERE file_id = $1", params![id]).await?;
    tx.exec("DELETE FROM import_files WHERE id = $1", params![id]).await.map(|_| ())
}

/// A vendor's files before the newest `kept`.
pub(crate) async fn older(db: &Db, scope: &VendorScope, kept: i64) -> Result<Vec<File>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM import_files WHERE vendor_id = $1
         AND id NOT IN (SELECT id FROM import_files WHERE vendor_id = $1 ORDER BY num DESC LIMIT $2)"
    );
    db.as_vendor(scope).all(&sql, params![scope.vendor_id(), kept]).await?.iter().map(file).collect()
}

/// Files that nobody has used since `before`.
pub(crate) async fn idle(db: &Db, before: Timestamp, limit: i64) -> Result<Vec<File>> {
    let sql = format!("SELECT {COLUMNS} FROM import_files WHERE used_at < $1 ORDER BY used_at LIMIT $2");
    db.all(&sql, params![before, limit]).await?.iter().map(file).collect()
}
