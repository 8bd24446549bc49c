//! Sets the prices of a product beyond its list prices and how it is taxed, and tells of the offers that change with them.

use std::sync::Arc;

use contracts::prices::{ProductPrices, ProductPricesInput};
use kernel::{Error, Money, ProductId, Result, VariantId, VendorScope};
use souk_http::IfMatch;

use super::reprice::reprice;
use crate::{Pricing, model::quantity, store};

pub(crate) async fn set_prices(
    app: &Arc<Pricing>,
    scope: VendorScope,
    id: ProductId,
    seen: IfMatch,
    input: ProductPricesInput,
) -> Result<ProductPrices> {
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::copies::lock_vendor(tx, scope.vendor_id()).await?;
            let before = store::quantity::find(tx, &scope, id).await?;
            seen.check(before.version)?;
            let list_price = |id: VariantId| -> Option<Money> {
                before.variants.iter().find(|variant| variant.variant_id == id).map(|variant| variant.list_price)
            };
            let list_prices: Vec<_> = input.variants.iter().map(|variant| list_price(variant.variant_id)).collect();
            quantity::check(&input, &list_prices)?;
            if let Some(key) = &input.tax_category
                && !store::taxes::hold_category(tx, key).await?
            {
                return Err(Error::invalid("tax_category", "There is no such tax category."));
            }
            store::quantity::put(tx, &scope, &before, &input).await?;
            reprice(&this, tx, scope.vendor_id(), &[id]).await?;
            store::quantity::find(tx, &scope, id).await
        })
        .await
}
