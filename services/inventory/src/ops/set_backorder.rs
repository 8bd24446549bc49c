//! Sets how many of a variant may be sold beyond what is there.

use std::sync::Arc;

use contracts::inventory::{SetBackorder, StockView};
use kernel::{Result, VariantId, VendorScope};

use super::{
    announce::announce_level,
    bundles::{Touched, recount},
};
use crate::{Inventory, error::Refused, store};

/// Sets the cap, unless more are sold beyond what is there already.
pub(crate) async fn set_backorder(
    app: &Arc<Inventory>,
    scope: VendorScope,
    variant_id: VariantId,
    input: SetBackorder,
) -> Result<StockView> {
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let before = store::lock(tx, &scope, variant_id).await?.ok_or(Refused::NoSuchStock)?;
            if before.bundle {
                return Err(Refused::IsBundle.into());
            }
            let refused = Refused::BelowBackordered { backordered: before.backordered };
            let after = store::set_backorder_cap(tx, &scope, variant_id, input.backorder_cap).await?.ok_or(refused)?;
            announce_level(&this, tx, &after, before.level()).await?;
            let mut touched = Touched::default();
            touched.note(&after);
            recount(&this, tx, touched).await?;
            Ok(after.view())
        })
        .await
}
