//! Offers: what a variant costs now, as the others are told.

use contracts::{prices::QuantityPrice, pricing::Offer};
use kernel::{Money, ProductId, Result, Timestamp, VariantId, VendorId};

use super::{Discount, discount, quantity};

/// A variant as its offer is made.
pub(crate) struct Listed {
    pub product_id: ProductId,
    pub variant_id: VariantId,
    pub price: Money,
    /// The price that the vendor shows struck.
    pub compare_at: Option<Money>,
    /// Before discounts.
    pub quantity_prices: Vec<QuantityPrice>,
}

/// What a variant costs at `now`; what it cost before a reduction is for [`super::history`] to say.
pub(crate) fn offer(listed: &Listed, vendor_id: VendorId, discounts: &[Discount], now: Timestamp) -> Result<Offer> {
    let reduced = |price: Money| -> Result<(Money, Option<&Discount>)> {
        Ok(match discount::best(discounts, vendor_id, listed.product_id, price, now)? {
            Some((discount, off)) => (price.minus(off)?, Some(discount)),
            None => (price, None),
        })
    };
    let (price, discount) = reduced(listed.price)?;
    let mut quantity_prices: Vec<QuantityPrice> = Vec::new();
    for step in &listed.quantity_prices {
        if quantity::at(std::slice::from_ref(step), listed.price, step.from).is_none() {
            continue;
        }
        let (each, _) = reduced(step.price)?;
        let before = quantity_prices.last().map_or(price, |last| last.price);
        // A step that rounding makes level with the one before is none.
        if each.amount_minor < before.amount_minor {
            quantity_prices.push(QuantityPrice { from: step.from, price: each });
        }
    }
    let discount = discount.map(|discount| discount.name.clone());
    let (variant_id, list_price) = (listed.variant_id, listed.price);
    Ok(Offer { variant_id, price, list_price, discount, quantity_prices, lowest_price: None })
}

/// What everybody takes for granted of a variant nobody has told of: the list price.
pub(crate) fn undiscounted(variant_id: VariantId, list_price: Money) -> Offer {
    Offer { variant_id, price: list_price, list_price, discount: None, quantity_prices: Vec::new(), lowest_price: None }
}

/// True if the others must be told: an offer differs from what they know or take for granted.
pub(crate) fn changed(now: &[Offer], told: &[Offer]) -> bool {
    now.iter().any(|offer| match told.iter().find(|known| known.variant_id == offer.variant_id) {
        Some(known) => known != offer,
        None => *offer != undiscounted(offer.variant_id, offer.list_price),
    })
}
