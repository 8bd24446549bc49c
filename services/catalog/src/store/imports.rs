//! Imports and how far they have come.

use contracts::catalog::{ImportError, ImportStatus, ImportView};
use db::{Db, Row, Tx, params};
use kernel::{Error, ImportId, Result, Timestamp, VendorId, VendorScope};

/// An import.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub num: i64,
    pub vendor_id: VendorId,
    /// Products of the file that are worked off.
    pub position: i64,
    pub view: ImportView,
}

macro_rules! columns {
    () => {
        "num, id, vendor_id, dry_run, status, position, rows_done, rows_total, created, updated, unchanged, errors, created_at"
    };
}

fn status_text(status: ImportStatus) -> &'static str {
    match status {
        ImportStatus::Queued => "queued",
        ImportStatus::Running => "running",
        ImportStatus::Done => "done",
        ImportStatus::Failed => "failed",
    }
}

fn import(row: &Row) -> Result<Import> {
    let status = match row.get::<String>("status")?.as_str() {
        "queued" => ImportStatus::Queued,
        "running" => ImportStatus::Running,
        "done" => ImportStatus::Done,
        "failed" => ImportStatus::Failed,
        other => return Err(Error::internal(format!("unknown status {other:?} of an import"))),
    };
    let view = ImportView {
        id: row.get("id")?,
        dry_run: row.get("dry_run")?,
        status,
        rows: row.get("rows_done")?,
        rows_total: row.get("rows_total")?,
        created: row.get("created")?,
        updated: row.get("updated")?,
        unchanged: row.get("unchanged")?,
        errors: row.json("errors")?,
        created_at: row.get("created_at")?,
    };
    Ok(Import { num: row.get("num")?, vendor_id: row.get("vendor_id")?, position: row.get("position")?, view })
}

/// Adds an import that waits for its turn. False if the vendor has `limit` under way.
pub(crate) async fn insert(
    tx: &mut Tx,
    scope: &VendorScope,
    id: ImportId,
    dry_run: bool,
    limit: i64,
    now: Timestamp,
) -> Result<bool> {
    let inserted = tx
        .exec(
            "INSERT INTO imports (id, vendor_id, dry_run, status, position, rows_done, rows_total, created, updated, unchanged, errors, created_at)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), 'queued', 0, 0, 0, 0, 0, 0, '[]', CAST($4 AS BIGINT)
             WHERE (SELECT count(*) FROM imports WHERE vendor_id = CAST($2 AS TEXT) AND status IN ('queued', 'running')) < CAST($5 AS BIGINT)",
            params![id, scope.vendor_id(), dry_run, now, limit],
        )
        .await?;
    Ok(inserted == 1)
}

/// An import, for its job.
pub(crate) async fn find(db: &Db, id: ImportId) -> Result<Option<Import>> {
    let sql = concat!("SELECT ", columns!(), " FROM imports WHERE id = $1");
    db.opt(sql, params![id]).await?.as_ref().map(import).transpose()
}

/// One of a vendor's imports.
pub(crate) async fn own(db: &Db, scope: &VendorScope, id: ImportId) -> Result<Option<Import>> {
    let sql = concat!("SELECT ", columns!(), " FROM imports WHERE id = $1 AND vendor_id = $2");
    db.as_vendor(scope).opt(sql, params![id, scope.vendor_id()]).await?.as_ref().map(import).transpose()
}

/// A page of a vendor's imports, newest first.
pub(crate) async fn own_page(db: &Db, scope: &VendorScope, before: i64, limit: i64) -> Result<Vec<Import>> {
    let sql =
        concat!("SELECT ", columns!(), " FROM imports WHERE vendor_id = $1 AND num < $2 ORDER BY num DESC LIMIT $3");
    db.as_vendor(scope).all(sql, params![scope.vendor_id(), before, limit]).await?.iter().map(import).collect()
}

/// Begins an import, or ends it before it began: how many rows there are and what is wrong so far.
pub(crate) async fn begin(
    tx: &mut Tx,
    id: ImportId,
    status: ImportStatus,
    rows_total: i64,
    errors: &[ImportError],
) -> Result<()> {
    tx.exec(
        "UPDATE imports SET status = $2, rows_total = $3, errors = $4 WHERE id = $1 AND status = 'queued'",
        params![id, status_text(status), rows_total, serde_json::to_string(errors)?],
    )
    .await
    .map(|_| ())
}

/// Lets nobody else go on with an import until the commit. False if somebody has since `position`.
pub(crate) async fn lock(tx: &mut Tx, id: ImportId, position: i64) -> Result<bool> {
    let sql = "UPDATE imports SET position = position WHERE id = $1 AND position = $2 AND status = 'running'";
    Ok(tx.exec(sql, params![id, position]).await? == 1)
}

/// Writes how far an import has come; it is locked.
pub(crate) async fn advance(tx: &mut Tx, now_at: &Import) -> Result<()> {
    let view = &now_at.view;
    tx.exec(
        "UPDATE imports SET status = $2, position = $3, rows_done = $4, created = $5, updated = $6, unchanged = $7, errors = $8
         WHERE id = $1",
        params![
            view.id,
            status_text(view.status),
            now_at.position,
            view.rows,
            view.created,
            view.updated,
            view.unchanged,
            serde_json::to_string(&view.errors)?
        ],
    )
    .await
    .map(|_| ())
}
