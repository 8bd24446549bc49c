//! Makes discounts of what the files of another shop system say: a product is reduced for a time.

use std::sync::Arc;

use contracts::{
    catalog::{ProductSale, ProductSaleTold},
    pricing::DiscountInput,
};
use db::Tx;
use kernel::{DiscountId, Error, ProductId, Result, VendorScope};

use super::reprice::reprice;
use crate::{Pricing, jobs, model::Discount, store};

/// Products of one discount, as many as its vendor can name.
const PRODUCTS_MAX: i64 = 1_000;
/// What buyers read, until the vendor finds a better name.
const NAME: &str = "Sale";

/// Takes the product out of the discount that was made of what the file said before, and puts it under one that is as it
/// says now.
pub(crate) async fn take_sale(app: &Arc<Pricing>, tx: &mut Tx, told: &ProductSaleTold) -> Result<()> {
    let (scope, product) = (VendorScope::of_system(told.vendor_id), told.product_id);
    store::copies::lock_vendor(tx, told.vendor_id).await?;
    if !store::copies::strangers(tx, told.vendor_id, &[product]).await?.is_empty() {
        return Err(Error::early("The product is not known here yet."));
    }
    if let Some(before) = &told.before {
        end(app, tx, &scope, product, before).await?;
    }
    let now = app.clock.now();
    if let Some(sale) = told.sale.as_ref().filter(|sale| sale.ends_at.is_none_or(|end| now < end)) {
        begin(app, tx, &scope, product, sale).await?;
    }
    reprice(app, tx, told.vendor_id, &[product]).await
}

/// A discount that the vendor has changed is the vendor's own, and stays.
async fn end(app: &Pricing, tx: &mut Tx, scope: &VendorScope, product: ProductId, before: &ProductSale) -> Result<()> {
    let alike = store::sales::alike(tx, scope, product, before).await?;
    for discount in alike.iter().filter(|discount| discount.has_product) {
        if discount.products > 1 {
            store::sales::take_product(tx, discount.id, product).await?;
        } else {
            store::discounts::delete(tx, scope, discount.id).await?;
            jobs::disarm(&app.jobs, tx, discount.id).await?;
        }
    }
    Ok(())
}

async fn begin(app: &Pricing, tx: &mut Tx, scope: &VendorScope, product: ProductId, sale: &ProductSale) -> Result<()> {
    let (alike, now) = (store::sales::alike(tx, scope, product, sale).await?, app.clock.now());
    if alike.iter().any(|discount| discount.has_product) {
        return Ok(());
    }
    let input = DiscountInput {
        name: NAME.to_owned(),
        percent_bp: sale.percent_bp,
        product_ids: vec![product],
        starts_at: sale.starts_at,
        ends_at: sale.ends_at,
    };
    let with_room = alike.iter().find(|discount| discount.products < PRODUCTS_MAX).map(|discount| discount.id);
    let id = with_room.unwrap_or_else(|| DiscountId::new(&app.ids));
    let discount = Discount::new(id, scope.vendor_id(), &input, now);
    match with_room {
        Some(id) => store::sales::add_product(tx, id, product).await?,
        // There are no more of them than parts that files name, and nobody could be told of a refusal.
        None => store::discounts::insert(tx, scope, &discount, i64::MAX).await?,
    }
    jobs::arm_store(&app.jobs, tx, &discount, now).await
}
