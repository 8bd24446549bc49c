//! All that is wrong in the files of imports.

use contracts::catalog::{ImportError, limits::IMPORT_COMPLAINTS_MAX};
use db::{Db, Row, Tx, params};
use kernel::{ImportId, Result, VendorScope};

use super::imports::Import;

/// Keeps complaints that an import finds next, behind those that it counts already.
pub(crate) async fn put(tx: &mut Tx, import: &Import, complaints: &[ImportError]) -> Result<()> {
    for (n, complaint) in (import.view.errors_total..IMPORT_COMPLAINTS_MAX).zip(complaints) {
        tx.defer(
            "INSERT INTO import_complaints (import_id, n, vendor_id, row_number, column_name, reason)
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![import.view.id, n, import.vendor_id, complaint.row, &complaint.column, &complaint.reason],
        )
        .await?;
    }
    Ok(())
}

/// A page of a vendor's complaints, from one on.
pub(crate) async fn page(
    db: &Db,
    scope: &VendorScope,
    id: ImportId,
    (from, limit): (i64, i64),
) -> Result<Vec<ImportError>> {
    let sql = "SELECT row_number, column_name, reason FROM import_complaints
               WHERE import_id = $1 AND vendor_id = $2 AND n >= $3 ORDER BY n LIMIT $4";
    let complaint = |row: &Row| {
        Ok(ImportError { row: row.get("row_number")?, column: row.get("column_name")?, reason: row.get("reason")? })
    };
    let params = params![id, scope.vendor_id(), from, limit];
    db.as_vendor(scope).all(sql, params).await?.iter().map(complaint).collect()
}

/// Forgets those of an import.
pub(crate) async fn forget(tx: &mut Tx, id: ImportId) -> Result<()> {
    tx.defer("DELETE FROM import_complaints WHERE import_id = $1", params![id]).await
}
