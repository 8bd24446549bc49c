//! Offers: what a variant costs now, as the others are told.

use contracts::pricing::Offer;
use kernel::{Money, ProductId, Result, Timestamp, VariantId, VendorId};

use super::{Discount, discount};

/// What a variant costs at `now`.
pub(crate) fn offer(
    variant_id: VariantId,
    product_id: ProductId,
    vendor_id: VendorId,
    list_price: Money,
    discounts: &[Discount],
    now: Timestamp,
) -> Result<Offer> {
    Ok(match discount::best(discounts, vendor_id, product_id, list_price, now)? {
        Some((discount, off)) => {
            Offer { variant_id, price: list_price.minus(off)?, list_price, discount: Some(discount.name.clone()) }
        }
        None => undiscounted(variant_id, list_price),
    })
}

/// What everybody takes for granted of a variant nobody has told of: the list price.
pub(crate) fn undiscounted(variant_id: VariantId, list_price: Money) -> Offer {
    Offer { variant_id, price: list_price, list_price, discount: None }
}

/// True if the others must be told: an offer differs from what they know or take for granted.
pub(crate) fn changed(now: &[Offer], told: &[Offer]) -> bool {
    now.iter().any(|offer| match told.iter().find(|known| known.variant_id == offer.variant_id) {
        Some(known) => known != offer,
        None => *offer != undiscounted(offer.variant_id, offer.list_price),
    })
}
