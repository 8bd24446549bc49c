//! Imports and how far they have come.

use contracts::catalog::{
    ImportChange, ImportError, ImportFormat, ImportOutcome, ImportPictures, ImportStatus, ImportView,
};
use db::{Db, Row, Tx, params};
use kernel::{CategoryId, Currency, Error, ImportFileId, ImportId, Result, Timestamp, VendorId, VendorScope};

/// An import.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub num: i64,
    pub vendor_id: VendorId,
    /// Turns of products that are over: those that name others have a second one.
    pub position: i64,
    /// Currency of the file's prices, if its vendor said it.
    pub currency: Option<Currency>,
    /// Category of new products whose own has no namesake here.
    pub category_id: Option<CategoryId>,
    /// How many there are of a new variant of which the file does not say that.
    pub stock: Option<i64>,
    /// Currency of new products where neither the file nor its vendor says one; none before the file was looked through.
    pub usual_currency: Option<Currency>,
    /// Its file, while it is kept.
    pub file_id: Option<ImportFileId>,
    pub view: ImportView,
}

/// What a vendor says of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish {
    pub file_id: ImportFileId,
    pub dry_run: bool,
    pub currency: Option<Currency>,
    pub category_id: Option<CategoryId>,
    pub stock: Option<i64>,
}

impl Import {
    /// The same file again, for good, with what its vendor said of it.
    pub fn wish(&self, file_id: ImportFileId) -> Wish {
        let Self { currency, category_id, stock, .. } = *self;
        Wish { file_id, dry_run: false, currency, category_id, stock }
    }
}

macro_rules! columns {
    () => {
        "num, id, vendor_id, dry_run, status, position, rows_done, rows_total, created, updated, unchanged, failed, errors, notes,
         format, ignored_columns, currency, category_id, file_id, created_at, usual_currency, errors_total, notes_total,
         categories, categories_rest, stock"
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

fn format_text(format: ImportFormat) -> &'static str {
    match format {
        ImportFormat::Own => "own",
        ImportFormat::Shopify => "shopify",
        ImportFormat::Woocommerce => "woocommerce",
    }
}

fn format_of(text: &str) -> Result<ImportFormat> {
    match text {
        "own" => Ok(ImportFormat::Own),
        "shopify" => Ok(ImportFormat::Shopify),
        "woocommerce" => Ok(ImportFormat::Woocommerce),
        other => Err(Error::internal(format!("unknown format {other:?} of an import"))),
    }
}

fn outcome_text(outcome: ImportOutcome) -> &'static str {
    match outcome {
        ImportOutcome::Created => "created",
        ImportOutcome::Updated => "updated",
        ImportOutcome::Unchanged => "unchanged",
        ImportOutcome::Failed => "failed",
    }
}

fn outcome_of(text: &str) -> Result<ImportOutcome> {
    match text {
        "created" => Ok(ImportOutcome::Created),
        "updated" => Ok(ImportOutcome::Updated),
        "unchanged" => Ok(ImportOutcome::Unchanged),
        "failed" => Ok(ImportOutcome::Failed),
        other => Err(Error::internal(format!("unknown outcome {other:?} of an import"))),
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
    let (dry_run, file_id) = (row.get("dry_run")?, row.get::<Option<ImportFileId>>("file_id")?);
    let view = ImportView {
        id: row.get("id")?,
        dry_run,
        status,
        rows: row.get("rows_done")?,
        rows_total: row.get("rows_total")?,
        created: row.get("created")?,
        updated: row.get("updated")?,
        unchanged: row.get("unchanged")?,
        failed: row.get("failed")?,
        errors: row.json("errors")?,
        errors_total: row.get("errors_total")?,
        notes: row.json("notes")?,
        notes_total: row.get("notes_total")?,
        format: row.get::<Option<String>>("format")?.as_deref().map(format_of).transpose()?,
        ignored_columns: row.json("ignored_columns")?,
        categories: row.json("categories")?,
        categories_rest: row.get("categories_rest")?,
        pictures: ImportPictures::default(),
        can_confirm: dry_run && status == ImportStatus::Done && file_id.is_some(),
        created_at: row.get("created_at")?,
    };
    Ok(Import {
        num: row.get("num")?,
        vendor_id: row.get("vendor_id")?,
        position: row.get("position")?,
        currency: row.get("currency")?,
        usual_currency: row.get("usual_currency")?,
        category_id: row.get("category_id")?,
        stock: row.get("stock")?,
        file_id,
        view,
    })
}

/// Adds an import that waits for its turn. False if the vendor has `limit` under way.
pub(crate) async fn insert(
    tx: &mut Tx,
    scope: &VendorScope,
    id: ImportId,
    wish: Wish,
    limit: i64,
    now: Timestamp,
) -> Result<bool> {
    let inserted = tx
        .exec(
            "INSERT INTO imports (id, vendor_id, dry_run, status, position, rows_done, rows_total, created, updated, unchanged, errors, created_at,
                currency, category_id, file_id, stock)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), 'queued', 0, 0, 0, 0, 0, 0, '[]', CAST($4 AS BIGINT),
                CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS TEXT), CAST($9 AS BIGINT)
             WHERE (SELECT count(*) FROM imports WHERE vendor_id = CAST($2 AS TEXT) AND status IN ('queued', 'running')) < CAST($5 AS BIGINT)",
            params![
                id,
                scope.vendor_id(),
                wish.dry_run,
                now,
                limit,
                wish.currency,
                wish.category_id,
                wish.file_id,
                wish.stock
            ],
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

/// Begins an import: what is in the file.
pub(crate) async fn begin(
    tx: &mut Tx,
    id: ImportId,
    rows_total: i64,
    format: ImportFormat,
    ignored_columns: &[String],
    usual: Currency,
) -> Result<()> {
    tx.defer(
        "UPDATE imports SET status = 'running', rows_total = $2, format = $3, ignored_columns = $4, usual_currency = $5
         WHERE id = $1 AND status = 'queued'",
        params![id, rows_total, format_text(format), serde_json::to_string(ignored_columns)?, usual],
    )
    .await
}

/// Ends an import whose file cannot be read.
pub(crate) async fn fail(tx: &mut Tx, id: ImportId, error: ImportError) -> Result<()> {
    let sql = "UPDATE imports SET status = 'failed', errors = $2, errors_total = 1
               WHERE id = $1 AND status IN ('queued', 'running')";
    tx.defer(sql, params![id, serde_json::to_string(&[error])?]).await
}

/// Takes the file of a dry run for its confirmation. False if somebody has taken it before, or it is forgotten.
pub(crate) async fn take_file(tx: &mut Tx, scope: &VendorScope, id: ImportId, file_id: ImportFileId) -> Result<bool> {
    let sql = "UPDATE imports SET file_id = NULL
               WHERE id = $1 AND vendor_id = $2 AND file_id = $3 AND dry_run = 1 AND status = 'done'";
    Ok(tx.exec(sql, params![id, scope.vendor_id(), file_id]).await? == 1)
}

/// Lets nobody else go on with an import until the commit. False if somebody has since `position`.
pub(crate) async fn lock(tx: &mut Tx, id: ImportId, position: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM imports WHERE id = $1 AND position = $2 AND status = 'running'";
    Ok(tx.lock(sql, params![id, position]).await?.is_some())
}

/// Waits until nobody else is at work on an import, and keeps others out until the commit.
pub(crate) async fn hold(tx: &mut Tx, id: ImportId) -> Result<()> {
    tx.lock("SELECT 1 FROM imports WHERE id = $1", params![id]).await.map(drop)
}

/// Writes how far an import has come since `before`; it is locked. Complaints and notes are written only when there are
/// new ones among those that are kept: they may be long, and an import of a large file comes here often.
pub(crate) async fn advance(tx: &mut Tx, before: &Import, now_at: &Import) -> Result<()> {
    let view = &now_at.view;
    tx.defer(
        "UPDATE imports SET status = $2, position = $3, rows_done = $4, created = $5, updated = $6, unchanged = $7, failed = $8,
            errors_total = $9, notes_total = $10, categories_rest = $11
         WHERE id = $1",
        params![
            view.id,
            status_text(view.status),
            now_at.position,
            view.rows,
            view.created,
            view.updated,
            view.unchanged,
            view.failed,
            view.errors_total,
            view.notes_total,
            view.categories_rest
        ],
    )
    .await?;
    if view.errors.len() > before.view.errors.len() {
        let errors = serde_json::to_string(&view.errors)?;
        tx.defer("UPDATE imports SET errors = $2 WHERE id = $1", params![view.id, errors]).await?;
    }
    if view.notes.len() > before.view.notes.len() {
        let notes = serde_json::to_string(&view.notes)?;
        tx.defer("UPDATE imports SET notes = $2 WHERE id = $1", params![view.id, notes]).await?;
    }
    if view.categories != before.view.categories {
        let categories = serde_json::to_string(&view.categories)?;
        tx.defer("UPDATE imports SET categories = $2 WHERE id = $1", params![view.id, categories]).await?;
    }
    Ok(())
}

/// Keeps what an import does to some products.
pub(crate) async fn put_changes(tx: &mut Tx, import: &Import, changes: &[ImportChange]) -> Result<()> {
    for change in changes {
        tx.defer(
            "INSERT INTO import_changes (import_id, vendor_id, first_row, handle, title, outcome, fields)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                import.view.id,
                import.vendor_id,
                change.row,
                &change.handle,
                &change.title,
                outcome_text(change.outcome),
                serde_json::to_string(&change.fields)?
            ],
        )
        .await?;
    }
    Ok(())
}

/// A page of what an import does, with its numbers, in the order of the file.
pub(crate) async fn changes(
    db: &Db,
    scope: &VendorScope,
    id: ImportId,
    outcome: Option<ImportOutcome>,
    (after, limit): (i64, i64),
) -> Result<Vec<(i64, ImportChange)>> {
    let sql = "SELECT num, first_row, handle, title, outcome, fields FROM import_changes
               WHERE vendor_id = $1 AND import_id = $2 AND num > $3 AND ($4 = '' OR outcome = $4) ORDER BY num LIMIT $5";
    let params = params![scope.vendor_id(), id, after, outcome.map_or("", outcome_text), limit];
    let change = |row: &Row| {
        let change = ImportChange {
            row: row.get("first_row")?,
            handle: row.get("handle")?,
            title: row.get("title")?,
            outcome: outcome_of(&row.get::<String>("outcome")?)?,
            fields: row.json("fields")?,
        };
        Ok((row.get("num")?, change))
    };
    db.as_vendor(scope).all(sql, params).await?.iter().map(change).collect()
}

/// Imports that a vendor began before its newest `kept`, and of which is kept what they did to each product.
pub(crate) async fn told_before(tx: &mut Tx, scope: &VendorScope, kept: i64) -> Result<Vec<ImportId>> {
    let sql = "SELECT id FROM imports WHERE vendor_id = $1 AND told = 1
               AND num NOT IN (SELECT num FROM imports WHERE vendor_id = $1 ORDER BY num DESC LIMIT $2)";
    tx.all(sql, params![scope.vendor_id(), kept]).await?.iter().map(|row| row.get("id")).collect()
}

/// Imports of whatever vendor that began before a moment, the same.
pub(crate) async fn told_until(db: &Db, until: Timestamp, limit: i64) -> Result<Vec<ImportId>> {
    let sql = "SELECT id FROM imports WHERE told = 1 AND created_at < $1 ORDER BY created_at LIMIT $2";
    db.all(sql, params![until, limit]).await?.iter().map(|row| row.get("id")).collect()
}

/// Forgets what an import did to each product, and what was wrong beyond what is shown.
pub(crate) async fn forget_changes(tx: &mut Tx, id: ImportId) -> Result<()> {
    tx.defer("DELETE FROM import_changes WHERE import_id = $1", params![id]).await?;
    super::import_complaints::forget(tx, id).await?;
    tx.defer("UPDATE imports SET told = 0 WHERE id = $1", params![id]).await
}
