//! Takes a product off sale against its vendor's will, or lets it back.

use std::sync::Arc;

use contracts::catalog::{ProductEdit, ProductStatus};
use kernel::{ProductId, Result};

use super::{
    schedule::set_timers,
    write_product::{ancestors_of, lock, rewrite},
};
use crate::{Catalog, views};

/// Takes a product off sale; its vendor cannot publish it.
pub(crate) async fn withdraw_product(app: &Arc<Catalog>, id: ProductId) -> Result<ProductEdit> {
    set_blocked(app, id, true).await
}

/// Lets its vendor publish it again.
pub(crate) async fn reinstate_product(app: &Arc<Catalog>, id: ProductId) -> Result<ProductEdit> {
    set_blocked(app, id, false).await
}

async fn set_blocked(app: &Arc<Catalog>, id: ProductId, blocked: bool) -> Result<ProductEdit> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let mut stored = lock(tx, id).await?;
            if stored.product.blocked != blocked {
                let ancestors = ancestors_of(tx, &stored.product).await?;
                let before = stored.product.clone();
                stored.product.blocked = blocked;
                if blocked {
                    stored.product.status = ProductStatus::Archived;
                    (stored.product.publish_at, stored.product.unpublish_at) = (None, None);
                }
                set_timers(&this, tx, Some(&before), &stored.product).await?;
                rewrite(&this, tx, before.status, &mut stored, &ancestors, &[]).await?;
            }
            Ok(views::stored_edit(&stored))
        })
        .await
}
