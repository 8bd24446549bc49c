//! Finds out which offers have changed, and tells the others.

use std::collections::BTreeMap;

use contracts::pricing::{Offer, OfferChanged};
use db::Tx;
use kernel::{ProductId, Result, Timestamp, VendorId};

use crate::{
    Pricing,
    model::{
        history::{self, day, is_reduced, told_with},
        offer::{self, Listed},
    },
    store,
};

/// Recalculates the offers of some products of a vendor (at most [`store::LIST_MAX`]), who must be locked;
/// each product whose offers differ from what was told is told of once.
pub(crate) async fn reprice(app: &Pricing, tx: &mut Tx, vendor_id: VendorId, products: &[ProductId]) -> Result<()> {
    if products.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    let discounts = store::offers::active_discounts(tx, vendor_id, products, now).await?;
    let told = store::offers::told(tx, products).await?;
    let listed = store::offers::list_prices(tx, products).await?;
    let mut priced = Vec::with_capacity(listed.len());
    for listed in listed {
        let offer = offer::offer(&listed, vendor_id, &discounts, now)?;
        priced.push((listed, offer));
    }
    tell_lowest(tx, products, &mut priced, &told, now).await?;
    let mut offers: BTreeMap<ProductId, Vec<Offer>> = BTreeMap::new();
    for (listed, offer) in priced {
        offers.entry(listed.product_id).or_default().push(offer);
    }
    for (product_id, offers) in offers {
        let changed = offer::changed(&offers, &told);
        let known = offers.iter().all(|offer| told.contains(offer));
        if changed || !known {
            store::offers::put(tx, product_id, &offers).await?;
        }
        let same_price = |offer: &Offer| {
            told.iter().any(|before| before.variant_id == offer.variant_id && before.price == offer.price)
        };
        for offer in offers.iter().filter(|offer| !same_price(offer)) {
            store::history::note(tx, offer, day(now)).await?;
        }
        if changed {
            app.outbox.publish(tx, &OfferChanged { product_id, offers }).await?;
        }
    }
    Ok(())
}

/// Says of each reduced price what the lowest one before it was. That is looked up when a reduction begins, and stays
/// with it.
async fn tell_lowest(
    tx: &mut Tx,
    products: &[ProductId],
    priced: &mut [(Listed, Offer)],
    told: &[Offer],
    now: Timestamp,
) -> Result<()> {
    let mut begun = Vec::new();
    for (_, offer) in priced.iter_mut().filter(|(listed, offer)| is_reduced(offer, listed)) {
        offer.lowest_price = told_with(offer, told);
        if offer.lowest_price.is_none() {
            begun.push(offer);
        }
    }
    if begun.is_empty() {
        return Ok(());
    }
    let lowest = store::history::lowest(tx, products, day(now)).await?;
    for offer in begun {
        offer.lowest_price = Some(history::before(offer, &lowest));
    }
    Ok(())
}
