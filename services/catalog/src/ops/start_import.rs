//! Queues the import of a file that is here, or the confirmation of one that was checked.

use std::sync::Arc;

use axum::body::Body;
use contracts::catalog::{ImportPictures, ImportQuery, ImportStatus, ImportView, limits::INITIAL_STOCK_MAX};
use db::Tx;
use kernel::{CategoryId, Error, ImportId, Result, Timestamp, VendorScope};

use super::import_file::{forget_file, take_file};
use crate::{
    Catalog,
    error::Refused,
    jobs,
    store::{self, imports::Wish},
};

/// Imports of a vendor that may be under way at once.
const UNDER_WAY_MAX: i64 = 5;
/// Imports of a vendor of which is kept what they do to each product.
const TOLD_MAX: i64 = 20;

/// Queues the import of a file: the one that `query` names, or else `body`.
pub(crate) async fn start_import(
    app: &Arc<Catalog>,
    scope: VendorScope,
    query: ImportQuery,
    body: Body,
) -> Result<ImportView> {
    let category_id = category(app, &query).await?;
    if query.stock.is_some_and(|stock| !(0..=INITIAL_STOCK_MAX).contains(&stock)) {
        return Err(Error::invalid("stock", format!("Use a number from 0 to {INITIAL_STOCK_MAX}.")));
    }
    let file_id = match query.file {
        Some(file_id) => file_id,
        None => take_file(app, &scope, body).await?,
    };
    let ImportQuery { dry_run, currency, stock, .. } = query;
    let wish = Wish { file_id, dry_run, currency, category_id, stock };
    let (this, id, now, vendor) = (app.clone(), ImportId::new(&app.ids), app.clock.now(), scope);
    let started = app.db.as_vendor(&scope).write(async move |tx| queue(&this, tx, &vendor, id, wish, now).await).await;
    if started.is_err()
        && query.file.is_none()
        && let Some(file) = store::import_files::own(&app.db, &scope, file_id).await?
    {
        forget_file(app, file).await?;
    }
    started.map(|()| queued(id, wish.dry_run, now))
}

/// The category of new products that have none here.
async fn category(app: &Catalog, query: &ImportQuery) -> Result<Option<CategoryId>> {
    let Some(slug) = query.category.as_deref().map(str::trim).filter(|slug| !slug.is_empty()) else { return Ok(None) };
    let unknown =
        || Error::invalid("category", format!("There is no category “{slug}”. Use the name from its address."));
    store::categories::id_of(&app.db, slug).await?.ok_or_else(unknown).map(Some)
}

/// Queues the import of what a dry run has checked, once.
pub(crate) async fn confirm_import(app: &Arc<Catalog>, scope: VendorScope, checked: ImportId) -> Result<ImportView> {
    let import = store::imports::own(&app.db, &scope, checked).await?.ok_or(Refused::NoSuchImport)?;
    let file_id = import.file_id.filter(|_| import.view.can_confirm).ok_or(Refused::CheckOver)?;
    let wish = import.wish(file_id);
    let (this, id, now) = (app.clone(), ImportId::new(&app.ids), app.clock.now());
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            if !store::imports::take_file(tx, &scope, checked, file_id).await? {
                return Err(Refused::CheckOver.into());
            }
            queue(&this, tx, &scope, id, wish, now).await
        })
        .await?;
    Ok(queued(id, false, now))
}

pub(super) async fn queue(
    app: &Catalog,
    tx: &mut Tx,
    scope: &VendorScope,
    id: ImportId,
    wish: Wish,
    now: Timestamp,
) -> Result<()> {
    let file = store::import_files::hold(tx, scope.vendor_id(), wish.file_id, now).await?.ok_or(Refused::NoSuchFile)?;
    if file.bytes == 0 {
        return Err(Error::invalid("file", "The file is empty."));
    }
    if !store::imports::insert(tx, scope, id, wish, UNDER_WAY_MAX, now).await? {
        return Err(Refused::TooManyImports.into());
    }
    for old in store::imports::told_before(tx, scope, TOLD_MAX).await? {
        store::imports::forget_changes(tx, old).await?;
    }
    app.jobs.enqueue(tx, jobs::IMPORT, &format!("{id}:0"), &id).await
}

pub(super) fn queued(id: ImportId, dry_run: bool, created_at: Timestamp) -> ImportView {
    let (rows, created, updated, unchanged, failed) = (0, 0, 0, 0, 0);
    ImportView {
        id,
        dry_run,
        status: ImportStatus::Queued,
        rows,
        rows_total: 0,
        created,
        updated,
        unchanged,
        failed,
        errors: vec![],
        errors_total: 0,
        notes: vec![],
        notes_total: 0,
        format: None,
        ignored_columns: vec![],
        categories: vec![],
        categories_rest: 0,
        pictures: ImportPictures::default(),
        can_confirm: false,
        created_at,
    }
}
