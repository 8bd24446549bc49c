//! What variants cost this visitor, where that is less than it costs everybody: by price lists for groups.

use std::collections::BTreeMap;

use contracts::{
    catalog::VariantView,
    pricing::{QuoteRequest, WantedLine},
    promotions::Customer,
};
use kernel::{Country, Identity, Money, VariantId};

use crate::{
    app::{App, CURRENCY},
    pages::portal::or_none,
};

/// Lines that a quote takes.
const LINES: usize = 100;

/// Prices of one's own.
pub type OwnPrices = BTreeMap<VariantId, Money>;

/// What one of each costs this visitor, as far as that is less. Guests are in no group.
pub async fn of(app: &App, who: &Identity, country: Country, variants: &[&VariantView]) -> OwnPrices {
    let asked: Vec<&VariantView> =
        variants.iter().copied().filter(|variant| variant.price.currency == CURRENCY).take(LINES).collect();
    if asked.is_empty() || matches!(who, Identity::Anonymous) {
        return OwnPrices::new();
    }
    let request = QuoteRequest {
        currency: CURRENCY,
        country,
        region: None,
        lines: asked.iter().map(|variant| WantedLine { variant_id: variant.id, quantity: 1 }).collect(),
        shipping: Vec::new(),
        codes: Vec::new(),
        customer: Customer::default(),
    };
    let quote = or_none("own prices", app.pricing.quote(who, &request).await);
    let lines = quote.map(|quote| quote.lines).unwrap_or_default();
    let is_less = |id: VariantId, price: Money| {
        asked.iter().any(|variant| variant.id == id && price.amount_minor < variant.price.amount_minor)
    };
    let own = lines.into_iter().filter(|line| is_less(line.variant_id, line.unit_price));
    own.map(|line| (line.variant_id, line.unit_price)).collect()
}
