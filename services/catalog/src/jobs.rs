//! Work outside of requests.

use std::sync::Arc;

use ::events::Job;
use kernel::{ImportId, Result};

use crate::{Catalog, ops};

/// Works off an import.
pub(crate) const IMPORT: &str = "import";
/// Fetches the pictures of a product that a file names by their addresses.
pub(crate) const FETCH_PICTURES: &str = "fetch_pictures";
/// Tells the products of a category anew.
pub(crate) const RETELL_CATEGORY: &str = "retell_category";

pub(crate) async fn import(app: Arc<Catalog>, job: Job) -> Result<()> {
    let id: ImportId = job.payload()?;
    ops::work_import(&app, id).await
}

pub(crate) async fn fetch_pictures(app: Arc<Catalog>, job: Job) -> Result<()> {
    ops::fetch_pictures(&app, job.payload()?, job.attempts).await
}

pub(crate) async fn retell_category(app: Arc<Catalog>, job: Job) -> Result<()> {
    ops::retell_category(&app, job.payload()?).await
}
