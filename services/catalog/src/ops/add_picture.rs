//! Adds a picture to a product, or keeps one for the store or a category.

use std::sync::Arc;

use bytes::Bytes;
use contracts::catalog::{Picture, limits::PICTURES_MAX};
use db::Tx;
use kernel::{MediaId, ProductId, Result, VendorScope};

use super::write_product::{ancestors_of, lock_own, rewrite};
use crate::{
    Catalog,
    error::Refused,
    model::{Product, StoredPicture},
    store,
};

/// Most bytes of pictures a vendor keeps here.
const QUOTA_BYTES: i64 = 4 * 1024 * 1024 * 1024;

/// Adds a picture behind those a product has.
pub(crate) async fn add_picture(
    app: &Arc<Catalog>,
    scope: VendorScope,
    id: ProductId,
    upload: Bytes,
    alt: String,
) -> Result<Picture> {
    // Asked before the work is done, and again when it is written.
    let product = store::products::own(&app.db, &scope, id).await?.ok_or(Refused::NoSuchProduct)?;
    refuse_too_many(&product)?;
    refuse_full(app, &scope).await?;
    let added = StoredPicture::from(app.pictures.keep(upload, alt).await?);
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            put_picture(&this, tx, &scope, id, &added, &[]).await?;
            Ok(added.picture.clone())
        })
        .await
}

/// Puts a picture before the first of `followers` that the product has, else behind all.
pub(super) async fn put_picture(
    app: &Catalog,
    tx: &mut Tx,
    scope: &VendorScope,
    id: ProductId,
    added: &StoredPicture,
    followers: &[MediaId],
) -> Result<()> {
    let mut stored = lock_own(tx, scope, id).await?;
    refuse_too_many(&stored.product)?;
    if !store::vendors::use_media(tx, scope.vendor_id(), added.bytes, QUOTA_BYTES).await? {
        return Err(Refused::MediaQuota.into());
    }
    let pictures = &mut stored.product.pictures;
    let place = pictures.iter().position(|known| followers.contains(&known.picture.id)).unwrap_or(pictures.len());
    pictures.insert(place, added.clone());
    let ancestors = ancestors_of(tx, &stored.product).await?;
    let status = stored.product.status;
    rewrite(app, tx, status, &mut stored, &ancestors, &[]).await
}

/// Keeps a picture that belongs to no product: a store's logo or banner (`scope`), a category's (no scope).
pub(crate) async fn add_media(
    app: &Arc<Catalog>,
    scope: Option<VendorScope>,
    upload: Bytes,
    alt: String,
) -> Result<Picture> {
    let Some(scope) = scope else { return Ok(app.pictures.keep(upload, alt).await?.picture) };
    refuse_full(app, &scope).await?;
    let kept = app.pictures.keep(upload, alt).await?;
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            if !store::vendors::use_media(tx, scope.vendor_id(), kept.bytes, QUOTA_BYTES).await? {
                return Err(Refused::MediaQuota.into());
            }
            Ok(kept.picture.clone())
        })
        .await
}

pub(super) fn refuse_too_many(product: &Product) -> Result<(), Refused> {
    if product.pictures.len() < PICTURES_MAX { Ok(()) } else { Err(Refused::TooManyPictures) }
}

pub(super) async fn refuse_full(app: &Catalog, scope: &VendorScope) -> Result<()> {
    let used = store::vendors::media_used(&app.db.as_vendor(scope), scope.vendor_id()).await?;
    if used < QUOTA_BYTES { Ok(()) } else { Err(Refused::MediaQuota.into()) }
}
