//! A photo that shows what is wrong. It comes with the form, so all returns of the form show it.

use std::sync::Arc;

use bytes::Bytes;
use contracts::{
    catalog::Picture,
    orders::{RETURN_PHOTOS_MAX, ReturnStatus, ReturnView},
};
use kernel::{Error, OrderId, Result, ReturnId};

use crate::{Orders, error::ReturnError, store::returns};

/// Adds a photo behind those there are, while the vendor has not answered.
///
/// # Errors
/// Conflict if there are as many as there may be, or if it was answered; invalid if it is no picture.
pub async fn add_photo(
    app: &Arc<Orders>,
    order_id: OrderId,
    id: ReturnId,
    upload: Bytes,
    alt: String,
) -> Result<Picture> {
    // Asked before the work is done, and again when it is written.
    let before = returns::view(&app.db, id).await?.filter(|of| of.order_id == order_id).ok_or(ReturnError::NotFound)?;
    takes_photos(&before)?;
    let picture = app.photos.keep(upload, alt).await?.picture;
    let added = picture.clone();
    let stored = app
        .db
        .write(async move |tx| {
            returns::lock_for_request(tx, order_id).await?;
            returns::add_photo(tx, id, &added).await
        })
        .await;
    let refused = match stored {
        Ok(true) => return Ok(picture),
        // It could take one a moment ago: why not now, its row says.
        Ok(false) => why_not(app, id).await,
        Err(error) => error,
    };
    // Nothing names the files. What cannot be removed now only takes up room.
    if let Err(error) = app.photos.remove(&picture).await {
        tracing::warn!(%error, picture = %picture.id, "files of a refused photo stay");
    }
    Err(refused)
}

async fn why_not(app: &Orders, id: ReturnId) -> Error {
    match returns::view(&app.db, id).await {
        Ok(Some(of)) => takes_photos(&of).err().unwrap_or(ReturnError::TooManyPhotos).into(),
        Ok(None) => ReturnError::NotFound.into(),
        Err(error) => error,
    }
}

fn takes_photos(of: &ReturnView) -> Result<(), ReturnError> {
    if of.status != ReturnStatus::Requested {
        return Err(ReturnError::Answered);
    }
    if of.photos.len() >= RETURN_PHOTOS_MAX {
        return Err(ReturnError::TooManyPhotos);
    }
    Ok(())
}
