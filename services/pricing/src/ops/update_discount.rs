//! Changes a discount; prices of what it applied to and of what it applies to now are recalculated.

use std::sync::Arc;

use contracts::pricing::{DiscountInput, DiscountView};
use kernel::{DiscountId, Result, VendorScope};
use souk_http::IfMatch;

use super::create_discount::own_products_only;
use crate::{Pricing, jobs, model::discount, store};

pub(crate) async fn update_discount(
    app: &Arc<Pricing>,
    scope: VendorScope,
    id: DiscountId,
    seen: IfMatch,
    input: DiscountInput,
) -> Result<DiscountView> {
    discount::check(&input)?;
    let (this, now) = (app.clone(), app.clock.now());
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::copies::lock_vendor(tx, scope.vendor_id()).await?;
            let before = store::discounts::find(tx, &scope, id).await?;
            seen.check(before.version)?;
            own_products_only(tx, &scope, &input).await?;
            let after = before.changed(&input);
            if before.is_over(now) && !after.is_over(now) {
                store::discounts::refuse_too_many(tx, scope.vendor_id(), now).await?;
            }
            store::discounts::update(tx, &scope, &after).await?;
            jobs::disarm(&this.jobs, tx, id).await?;
            jobs::arm(&this.jobs, tx, &after, now).await?;
            let change = format!("v{}", after.version);
            jobs::reprice_soon(&this.jobs, tx, &after, &change, before.reach.union(after.reach.clone())).await?;
            Ok(after.view(now))
        })
        .await
}
