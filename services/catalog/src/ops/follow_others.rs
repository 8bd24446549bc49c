//! Takes over what other services tell: the state of stores, prices with discounts, stock, ratings.

use contracts::{
    catalog::Rating, inventory::StockLevelChanged, pricing::OfferChanged, reviews::RatingChanged,
    vendors::VendorSnapshot,
};
use db::Tx;
use kernel::{ProductId, Result, VendorId};

use super::write_product::{touch, with_variants};
use crate::{
    Catalog,
    model::{Offer, Stored, Vendor, left_of},
    store,
};

/// Takes over what a store is now. Every product of it may look different, or be hidden.
pub(crate) async fn follow_vendor(app: &Catalog, tx: &mut Tx, id: VendorId, snapshot: VendorSnapshot) -> Result<()> {
    let vendor = Vendor { id, slug: snapshot.slug, name: snapshot.name, status: snapshot.status };
    if store::vendors::put(tx, &vendor).await? {
        let answers = app.answers.clone();
        tx.after_commit(move || answers.forget_all());
    }
    Ok(())
}

/// A product, locked; none if it was a draft that has been deleted.
async fn known(tx: &mut Tx, id: ProductId) -> Result<Option<Stored>> {
    match store::products::lock(tx, id).await? {
        Some(product) => with_variants(tx, product).await.map(Some),
        None => Ok(None),
    }
}

/// Takes over the prices after discounts.
pub(crate) async fn follow_offers(app: &Catalog, tx: &mut Tx, event: OfferChanged) -> Result<()> {
    let Some(mut stored) = known(tx, event.product_id).await? else { return Ok(()) };
    let currency = stored.product.currency;
    let mut changed = false;
    for variant in &mut stored.variants {
        let offered = event.offers.iter().find(|o| o.variant_id == variant.id);
        // An offer in another currency was made before the product's was changed.
        let offer =
            offered.filter(|o| o.price.currency == currency && o.list_price.currency == currency).map(|o| Offer {
                price_minor: o.price.amount_minor,
                list_minor: o.list_price.amount_minor,
                name: o.discount.clone(),
                quantity_prices: o.quantity_prices.clone(),
                lowest_minor: o.lowest_price.map(|lowest| lowest.amount_minor),
            });
        if variant.offer != offer {
            store::variants::put_offer(tx, variant.id, offer.as_ref()).await?;
            variant.offer = offer;
            changed = true;
        }
    }
    if !changed {
        return Ok(());
    }
    store::products::update_summary(tx, &stored).await?;
    store::listing::update_price(tx, &stored).await?;
    touch(app, tx, &stored.product).await
}

/// Takes over whether a variant can be had.
pub(crate) async fn follow_stock(app: &Catalog, tx: &mut Tx, event: StockLevelChanged) -> Result<()> {
    let Some(mut stored) = known(tx, event.product_id).await? else { return Ok(()) };
    let left = left_of(event.level);
    let Some(variant) = stored.variants.iter_mut().find(|v| v.id == event.variant_id) else { return Ok(()) };
    if variant.stock_left == left {
        return Ok(());
    }
    variant.stock_left = left;
    store::variants::put_stock(tx, event.variant_id, left).await?;
    store::products::update_summary(tx, &stored).await?;
    touch(app, tx, &stored.product).await
}

/// Takes over the average rating.
pub(crate) async fn follow_rating(app: &Catalog, tx: &mut Tx, event: RatingChanged) -> Result<()> {
    let Some(mut product) = store::products::lock(tx, event.product_id).await? else { return Ok(()) };
    product.rating = Rating { average_x100: event.summary.average_x100, count: event.summary.count };
    store::products::update_rating(tx, &product).await?;
    touch(app, tx, &product).await
}
