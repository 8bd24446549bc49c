//! Creates a product, or changes one.

use std::sync::Arc;

use contracts::catalog::{ProductEdit, ProductInput};
use kernel::{ProductId, Result, VendorScope};
use souk_http::IfMatch;

use super::{lookups::Lookups, save_product::save, write_product::lock_own};
use crate::{Catalog, model::Draft, views};

/// Creates a product.
pub(crate) async fn create_product(app: &Arc<Catalog>, scope: VendorScope, input: ProductInput) -> Result<ProductEdit> {
    let draft = Draft::new(input)?;
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let (stored, _) = save(&this, tx, &scope, None, &draft, (None, &mut Lookups::default())).await?;
            Ok(views::stored_edit(&stored))
        })
        .await
}

/// Changes a product, if the vendor has seen its present version.
pub(crate) async fn update_product(
    app: &Arc<Catalog>,
    scope: VendorScope,
    id: ProductId,
    seen: IfMatch,
    input: ProductInput,
) -> Result<ProductEdit> {
    let draft = Draft::new(input)?;
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let before = lock_own(tx, &scope, id).await?;
            seen.check(before.product.version)?;
            let (stored, _) = save(&this, tx, &scope, Some(&before), &draft, (None, &mut Lookups::default())).await?;
            Ok(views::stored_edit(&stored))
        })
        .await
}
