//! Takes a file in and queues it.

use std::sync::Arc;

use bytes::Bytes;
use contracts::catalog::{ImportStatus, ImportView};
use kernel::{Error, ImportId, Result, VendorScope};

use crate::{Catalog, error::Refused, jobs, store};

/// Imports of a vendor that may be under way at once.
const UNDER_WAY_MAX: i64 = 5;

/// Where the file of an import is kept until it is done.
pub(super) fn file_of(id: ImportId) -> String {
    format!("imports/{id}.csv")
}

/// Keeps the file and queues its import.
pub(crate) async fn start_import(
    app: &Arc<Catalog>,
    scope: VendorScope,
    file: Bytes,
    dry_run: bool,
) -> Result<ImportView> {
    if file.is_empty() {
        return Err(Error::invalid("file", "The file is empty."));
    }
    let id = ImportId::new(&app.ids);
    app.files.put(&file_of(id), file).await?;
    let this = app.clone();
    let queued = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| {
            let now = this.clock.now();
            if !store::imports::insert(tx, &scope, id, dry_run, UNDER_WAY_MAX, now).await? {
                return Err(Refused::TooManyImports.into());
            }
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
    let (rows, created, updated, unchanged) = (0, 0, 0, 0);
    Ok(ImportView {
        id,
        dry_run,
        status: ImportStatus::Queued,
        rows,
        rows_total: 0,
        created,
        updated,
        unchanged,
        errors: vec![],
        created_at,
    })
}
