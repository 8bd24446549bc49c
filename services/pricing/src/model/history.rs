//! The lowest price before a reduction, as the EU's rules on announcing one ask for.

use std::collections::BTreeMap;

use contracts::pricing::Offer;
use kernel::{Money, Timestamp, VariantId};

use super::offer::Listed;

/// Days since 1970, in UTC.
pub(crate) type Day = i64;

/// How many days before a reduction count, beside the one on which it begins.
pub(crate) const WINDOW: Day = 30;

/// The day of a moment.
pub(crate) fn day(at: Timestamp) -> Day {
    at.micros().div_euclid(24 * 60 * 60 * 1_000_000)
}

/// True if the offer is shown beside a higher price.
pub(crate) fn is_reduced(offer: &Offer, listed: &Listed) -> bool {
    let higher =
        |before: Money| before.currency == offer.price.currency && before.amount_minor > offer.price.amount_minor;
    higher(offer.list_price) || listed.compare_at.is_some_and(higher)
}

/// The lowest price that was told with this reduction when it began, if it goes on unchanged.
pub(crate) fn told_with(offer: &Offer, told: &[Offer]) -> Option<Money> {
    let before = told.iter().find(|before| before.variant_id == offer.variant_id)?;
    before.lowest_price.filter(|_| before.price == offer.price)
}

/// The lowest price before a reduction that begins; of a variant that never cost anything else its own.
pub(crate) fn before(offer: &Offer, lowest: &BTreeMap<VariantId, i64>) -> Money {
    lowest.get(&offer.variant_id).map_or(offer.price, |minor| Money::new(*minor, offer.price.currency))
}
