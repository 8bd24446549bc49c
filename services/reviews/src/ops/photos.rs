use std::sync::Arc;

use bytes::Bytes;
use contracts::catalog::Picture;
use kernel::{AccountId, MediaId, ProductId, Result};

use crate::{
    Reviews,
    error::Refused,
    model::{PHOTO_BYTES_MAX, PHOTOS_MAX, Photo},
    store::reviews,
};

/// Adds a photo behind those one's review has.
pub async fn add_photo(
    app: &Arc<Reviews>,
    account_id: AccountId,
    product_id: ProductId,
    upload: Bytes,
    alt: String,
) -> Result<Picture> {
    // Asked before the work is done, and again when it is written.
    let before = reviews::photos(&app.db, product_id, account_id).await?.ok_or(Refused::NoSuchReview)?;
    if before.len() >= PHOTOS_MAX {
        return Err(Refused::TooManyPhotos.into());
    }
    if reviews::photo_bytes(&app.db, account_id).await? >= PHOTO_BYTES_MAX {
        return Err(Refused::PhotoQuota.into());
    }
    let added = Photo::from(app.photos.keep(upload, alt).await?);
    let picture = added.picture.clone();
    let stored = app
        .db
        .write(async move |tx| {
            let mut own = reviews::own(tx, product_id, account_id).await?.ok_or(Refused::NoSuchReview)?;
            if own.photos.len() >= PHOTOS_MAX {
                return Err(Refused::TooManyPhotos.into());
            }
            if !reviews::use_room(tx, account_id, added.bytes, PHOTO_BYTES_MAX).await? {
                return Err(Refused::PhotoQuota.into());
            }
            own.photos.push(added.clone());
            reviews::set_photos(tx, own.id, &own.photos).await
        })
        .await;
    if let Err(refused) = stored {
        // Nothing names the files. What cannot be removed now only takes up room.
        if let Err(error) = app.photos.remove(&picture).await {
            tracing::warn!(%error, picture = %picture.id, "files of a refused photo stay");
        }
        return Err(refused);
    }
    Ok(picture)
}

/// Removes a photo of one's review.
pub async fn remove_photo(
    app: &Arc<Reviews>,
    account_id: AccountId,
    product_id: ProductId,
    photo_id: MediaId,
) -> Result<()> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let own = reviews::own(tx, product_id, account_id).await?.ok_or(Refused::NoSuchReview)?;
            let (gone, kept): (Vec<Photo>, Vec<Photo>) =
                own.photos.iter().cloned().partition(|photo| photo.picture.id == photo_id);
            if gone.is_empty() {
                return Err(Refused::NoSuchPhoto.into());
            }
            reviews::set_photos(tx, own.id, &kept).await?;
            super::forget(&this, tx, &own, &gone).await
        })
        .await
}
