//! Sets the number at which the vendor is warned and buyers see how few are left.

use std::sync::Arc;

use contracts::inventory::{SetThreshold, StockView};
use kernel::{Result, VariantId, VendorScope};

use super::announce::announce_level;
use crate::{Inventory, error::Refused, store};

/// Sets the threshold. Nothing has been sold by that, so nobody is warned.
pub(crate) async fn set_threshold(
    app: &Arc<Inventory>,
    scope: VendorScope,
    variant_id: VariantId,
    input: SetThreshold,
) -> Result<StockView> {
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let before = store::lock(tx, &scope, variant_id).await?.ok_or(Refused::NoSuchStock)?;
            let after = store::set_threshold(tx, &scope, variant_id, input.low_threshold).await?;
            let after = after.ok_or(Refused::NoSuchStock)?;
            announce_level(&this, tx, &after, before.level()).await?;
            Ok(after.view())
        })
        .await
}
