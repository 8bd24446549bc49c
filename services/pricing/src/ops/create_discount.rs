//! Creates a discount, sets the timers of its period, and has prices recalculated if it applies now.

use std::sync::Arc;

use contracts::pricing::{DiscountInput, DiscountView};
use db::Tx;
use kernel::{DiscountId, Error, FieldError, Result, VendorScope};

use crate::{
    Pricing, jobs,
    model::{
        Discount,
        discount::{self, OPEN_DISCOUNTS_MAX},
    },
    store,
};

pub(crate) async fn create_discount(
    app: &Arc<Pricing>,
    scope: VendorScope,
    input: DiscountInput,
) -> Result<DiscountView> {
    let now = app.clock.now();
    discount::check(&input)?;
    if input.ends_at.is_some_and(|end| end <= now) {
        return Err(Error::invalid("ends_at", "This period is over already."));
    }
    let created = Discount::new(DiscountId::new(&app.ids), scope.vendor_id(), &input, now);
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::copies::lock_vendor(tx, scope.vendor_id()).await?;
            own_products_only(tx, &scope, &input).await?;
            store::discounts::insert(tx, &scope, &created, OPEN_DISCOUNTS_MAX).await?;
            jobs::arm(&this.jobs, tx, &created, now).await?;
            if created.is_active(now) {
                jobs::reprice_soon(&this.jobs, tx, &created, "v1", created.reach.clone()).await?;
            }
            Ok(created.view(now))
        })
        .await
}

/// Refuses products that are not the vendor's; another's look like missing ones.
pub(super) async fn own_products_only(tx: &mut Tx, scope: &VendorScope, input: &DiscountInput) -> Result<()> {
    let strangers = store::copies::strangers(tx, scope.vendor_id(), &input.product_ids).await?;
    let named = input.product_ids.iter().enumerate().filter(|(_, id)| strangers.contains(id));
    let wrong: Vec<FieldError> = named
        .map(|(i, _)| FieldError { field: format!("product_ids[{i}]"), reason: "There is no such product.".to_owned() })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(Error::invalid_fields(wrong)) }
}
