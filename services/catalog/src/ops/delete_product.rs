//! Deletes what was never on sale; keeps the rest for old orders.

use std::sync::Arc;

use contracts::catalog::{ProductStatus, ProductWithdrawn};
use kernel::{ProductId, Result, VendorScope};
use souk_http::IfMatch;

use super::{
    import_file::remove_later,
    schedule::set_timers,
    write_product::{ancestors_of, lock_own, rewrite},
};
use crate::{Catalog, store, views};

/// Deletes a draft; archives what was ever on sale.
pub(crate) async fn delete_product(app: &Arc<Catalog>, scope: VendorScope, id: ProductId, seen: IfMatch) -> Result<()> {
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let mut stored = lock_own(tx, &scope, id).await?;
            seen.check(stored.product.version)?;
            let ancestors = ancestors_of(tx, &stored.product).await?;
            let before = stored.product.clone();
            stored.product.status = ProductStatus::Archived;
            (stored.product.publish_at, stored.product.unpublish_at) = (None, None);
            set_timers(&this, tx, Some(&before), &stored.product).await?;
            if stored.product.published_at.is_some() {
                if before.status != ProductStatus::Archived {
                    rewrite(&this, tx, before.status, &mut stored, &ancestors, &[]).await?;
                }
                return Ok(());
            }
            let bytes: i64 = stored.product.pictures.iter().map(|picture| picture.bytes).sum();
            store::vendors::free_media(tx, scope.vendor_id(), bytes).await?;
            for (content, bytes) in store::variant_files::forget(tx, id).await? {
                remove_later(&this, tx, content, bytes).await?;
            }
            store::products::delete(tx, &stored.product).await?;
            // Others have heard of the draft: for them it has no variants any more.
            stored.variants.clear();
            let gone = ProductWithdrawn { product_id: id, product: views::snapshot(&stored, &ancestors, &[]) };
            this.outbox.publish(tx, &gone).await
        })
        .await
}
