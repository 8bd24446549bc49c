//! Work outside of requests.

use std::sync::Arc;

use ::events::Job;
use kernel::{ImportId, Result};

use crate::{Catalog, ops};

/// Works off an import.
pub(crate) const IMPORT: &str = "import";
/// Tells the products of a category anew.
pub(crate) const RETELL_CATEGORY: &str = "retell_category";

pub(crate) async fn import(app: Arc<Catalog>, job: Job) -> Result<()> {
    let id: ImportId = job.payload()?;
    ops::work_import(&app, id).await
}

pub(crate) async fn retell_category(app: Arc<Catalog>, job: Job) -> Result<()> {
    ops::retell_category(&app, job.payload()?).await
}
