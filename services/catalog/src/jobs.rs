//! Work outside of requests.

use std::{sync::Arc, time::Duration};

use ::events::Job;
use kernel::{ImportId, Result};

use crate::{Catalog, ops, store};

/// Works off an import.
pub(crate) const IMPORT: &str = "import";
/// Fetches the pictures of a product that a file names by their addresses.
pub(crate) const FETCH_PICTURES: &str = "fetch_pictures";
/// Removes the pieces of a file to import that is not needed any longer.
pub(crate) const FORGET_FILE: &str = "forget_file";
/// Tells the products of a category anew.
pub(crate) const RETELL_CATEGORY: &str = "retell_category";

/// Puts a scheduled product on sale.
pub(crate) const PUBLISH: &str = "publish";
/// Takes a product off sale that is to be on sale for a while only.
pub(crate) const UNPUBLISH: &str = "unpublish";

/// How long a file is kept that nobody uses.
const FILES_KEPT: Duration = Duration::from_secs(24 * 3600);
/// How long it is kept what an import did to each product.
const CHANGES_KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// Files, and imports, forgotten in one round.
const BATCH: i64 = 100;

pub(crate) async fn import(app: Arc<Catalog>, job: Job) -> Result<()> {
    let id: ImportId = job.payload()?;
    ops::work_import(&app, id).await
}

pub(crate) async fn forget_file(app: Arc<Catalog>, job: Job) -> Result<()> {
    ops::remove_pieces(&app, job.payload()?).await
}

/// Forgets files that nobody has used for a day: checked and not confirmed, or never sent whole. The same with what was
/// done to each product by imports that began long ago.
pub(crate) async fn prune_files(app: Arc<Catalog>, _: Job) -> Result<()> {
    let before = app.clock.now().minus(FILES_KEPT);
    for file in store::import_files::idle(&app.db, before, BATCH).await? {
        ops::forget_file(&app, file).await?;
    }
    let until = app.clock.now().minus(CHANGES_KEPT);
    for id in store::imports::told_until(&app.db, until, BATCH).await? {
        app.db.write(async move |tx| store::imports::forget_changes(tx, id).await).await?;
    }
    Ok(())
}

pub(crate) async fn fetch_pictures(app: Arc<Catalog>, job: Job) -> Result<()> {
    ops::fetch_pictures(&app, job.payload()?, job.attempts).await
}

pub(crate) async fn keep_schedule(app: Arc<Catalog>, job: Job) -> Result<()> {
    ops::keep_schedule(&app, job).await
}

pub(crate) async fn retell_category(app: Arc<Catalog>, job: Job) -> Result<()> {
    ops::retell_category(&app, job.payload()?).await
}
