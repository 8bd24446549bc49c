//! Removes a discount; what it applied to is recalculated.

use std::sync::Arc;

use kernel::{DiscountId, Result, VendorScope};
use souk_http::IfMatch;

use crate::{Pricing, jobs, store};

pub(crate) async fn delete_discount(
    app: &Arc<Pricing>,
    scope: VendorScope,
    id: DiscountId,
    seen: IfMatch,
) -> Result<()> {
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::copies::lock_vendor(tx, scope.vendor_id()).await?;
            let gone = store::discounts::find(tx, &scope, id).await?;
            seen.check(gone.version)?;
            store::discounts::delete(tx, &scope, id).await?;
            jobs::disarm(&this.jobs, tx, id).await?;
            jobs::reprice_soon(&this.jobs, tx, &gone, "gone", gone.reach.clone()).await
        })
        .await
}
