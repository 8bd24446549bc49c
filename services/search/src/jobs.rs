//! Bringing changes into the index.

use std::sync::Arc;

use ::events::Job;
use kernel::Result;

use crate::{Search, ops};

/// Brings into the index what has changed.
pub(crate) const BRING_IN: &str = "bring_in";

pub(crate) async fn bring_in(app: Arc<Search>, job: Job) -> Result<()> {
    // The job is over before the work begins, so a change made meanwhile asks for a new one.
    // Should the work fail, the rows still tell what is missing, and the next change or start does it.
    app.db.write(async move |tx| job.finish(tx).await).await?;
    ops::bring_in(&app).await
}
