//! Orders, describes and removes the pictures of a product.

use std::{collections::BTreeSet, sync::Arc};

use contracts::catalog::{ArrangePictures, ProductEdit};
use kernel::{Error, FieldError, MediaId, ProductId, Result, VendorScope};
use souk_http::IfMatch;

use super::write_product::{ancestors_of, lock_own, rewrite};
use crate::{Catalog, model::StoredPicture, store, views};

/// Keeps the named pictures in this order and with these texts; the others go.
pub(crate) async fn arrange_pictures(
    app: &Arc<Catalog>,
    scope: VendorScope,
    id: ProductId,
    seen: IfMatch,
    input: ArrangePictures,
) -> Result<ProductEdit> {
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let mut stored = lock_own(tx, &scope, id).await?;
            seen.check(stored.product.version)?;
            let before = std::mem::take(&mut stored.product.pictures);
            stored.product.pictures = arrange(&before, &input)?;
            if stored.product.pictures != before {
                let sum = |pictures: &[StoredPicture]| pictures.iter().map(|picture| picture.bytes).sum::<i64>();
                let freed = sum(&before) - sum(&stored.product.pictures);
                store::vendors::free_media(tx, scope.vendor_id(), freed).await?;
                let kept: BTreeSet<MediaId> = stored.product.pictures.iter().map(|known| known.picture.id).collect();
                let all = before.iter().map(|known| known.picture.id);
                let gone: Vec<MediaId> = all.filter(|id| !kept.contains(id)).collect();
                for picture_id in gone {
                    store::variants::take_picture(tx, id, picture_id).await?;
                }
                for variant in &mut stored.variants {
                    variant.picture_id = variant.picture_id.filter(|id| kept.contains(id));
                }
                let ancestors = ancestors_of(tx, &stored.product).await?;
                let status = stored.product.status;
                rewrite(&this, tx, status, &mut stored, &ancestors, &[]).await?;
            }
            Ok(views::stored_edit(&stored))
        })
        .await
}

fn arrange(before: &[StoredPicture], wanted: &ArrangePictures) -> Result<Vec<StoredPicture>> {
    let (mut arranged, mut errors, mut named) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (index, text) in wanted.pictures.iter().enumerate() {
        match before.iter().find(|stored| stored.picture.id == text.id) {
            Some(stored) if named.insert(text.id) => {
                let mut stored = stored.clone();
                stored.picture.alt = text.alt.trim().to_owned();
                arranged.push(stored);
            }
            known => {
                let reason = if known.is_some() {
                    "This picture is named twice."
                } else {
                    "This is no picture of this product."
                };
                errors.push(FieldError { field: format!("pictures[{index}].id"), reason: reason.to_owned() });
            }
        }
    }
    if errors.is_empty() { Ok(arranged) } else { Err(Error::invalid_fields(errors)) }
}
