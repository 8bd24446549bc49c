//! Work outside of requests.

use std::sync::Arc;

use ::events::Job;
use kernel::Result;

use crate::{Reviews, model::Photo, ops};

/// Invites the buyer of an order to review what came; a timer.
pub(crate) const INVITE: &str = "invite";
/// Removes the files of photos that are gone.
pub(crate) const FORGET_PHOTOS: &str = "forget_photos";

pub(crate) async fn invite(app: Arc<Reviews>, job: Job) -> Result<()> {
    ops::invite(&app, job).await
}

pub(crate) async fn forget_photos(app: Arc<Reviews>, job: Job) -> Result<()> {
    let photos: Vec<Photo> = job.payload()?;
    for photo in &photos {
        app.photos.remove(&photo.picture).await?;
    }
    Ok(())
}
