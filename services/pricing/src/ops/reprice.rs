//! Finds out which offers have changed, and tells the others.

use std::collections::BTreeMap;

use contracts::pricing::{Offer, OfferChanged};
use db::Tx;
use kernel::{ProductId, Result, VendorId};

use crate::{Pricing, model::offer, store};

/// Recalculates the offers of some products of a vendor (at most [`store::LIST_MAX`]), who must be locked;
/// each product whose offers differ from what was told is told of once.
pub(crate) async fn reprice(app: &Pricing, tx: &mut Tx, vendor_id: VendorId, products: &[ProductId]) -> Result<()> {
    if products.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    let discounts = store::offers::active_discounts(tx, vendor_id, products, now).await?;
    let told = store::offers::told(tx, products).await?;
    let mut offers: BTreeMap<ProductId, Vec<Offer>> = BTreeMap::new();
    for list in store::offers::list_prices(tx, products).await? {
        offers.entry(list.product_id).or_default().push(offer::offer(&list, vendor_id, &discounts, now)?);
    }
    for (product_id, offers) in offers {
        let changed = offer::changed(&offers, &told);
        let known = offers.iter().all(|offer| told.contains(offer));
        if changed || !known {
            store::offers::put(tx, product_id, &offers).await?;
        }
        if changed {
            app.outbox.publish(tx, &OfferChanged { product_id, offers }).await?;
        }
    }
    Ok(())
}
