//! Takes a file in and queues it.

use std::sync::Arc;

use bytes::Bytes;
use contracts::catalog::{ImportPictures, ImportQuery, ImportStatus, ImportView};
use kernel::{Error, ImportId, Result, VendorScope};

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

/// Where the file of an import is kept until it is done.
pub(super) fn file_of(id: ImportId) -> String {
    format!("imports/{id}.csv")
}

/// Keeps the file and queues its import.
pub(crate) async fn start_import(
    app: &Arc<Catalog>,
    scope: VendorScope,
    file: Bytes,
    query: ImportQuery,
) -> Result<ImportView> {
    if file.is_empty() {
        return Err(Error::invalid("file", "The file is empty."));
    }
    let category_id = match query.category.as_deref().map(str::trim).filter(|slug| !slug.is_empty()) {
        None => None,
        Some(slug) => {
            let unknown =
                || Error::invalid("category", format!("There is no category “{slug}”. Use the name from its address."));
            Some(store::categories::id_of(&app.db, slug).await?.ok_or_else(unknown)?)
        }
    };
    let wish = Wish { dry_run: query.dry_run, currency: query.currency, category_id };
    let id = ImportId::new(&app.ids);
    app.files.put(&file_of(id), file).await?;
    let this = app.clone();
    let queued = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| {
            let now = this.clock.now();
            if !store::imports::insert(tx, &scope, id, wish, UNDER_WAY_MAX, now).await? {
                return Err(Refused::TooManyImports.into());
            }
            store::imports::forget_changes(tx, &scope, TOLD_MAX).await?;
            this.jobs.enqueue(tx, jobs::IMPORT, &format!("{id}:0"), &id).await?;
            Ok(now)
        })
        .await;
    let created_at = match queued {
        Ok(now) => now,
        Err(error) => {
            app.files.delete(&file_of(id)).await?;
            return Err(error);
        }
    };
    let (rows, created, updated, unchanged, failed) = (0, 0, 0, 0, 0);
    Ok(ImportView {
        id,
        dry_run: query.dry_run,
        status: ImportStatus::Queued,
        rows,
        rows_total: 0,
        created,
        updated,
        unchanged,
        failed,
        errors: vec![],
        notes: vec![],
        format: None,
        ignored_columns: vec![],
        pictures: ImportPictures::default(),
        created_at,
    })
}
