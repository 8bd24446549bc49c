//! What variants cost this visitor, where that is less than it costs everybody: by price lists for groups.

use std::collections::BTreeMap;

use contracts::{
    catalog::VariantView,
    pricing::{QuoteRequest, WantedLine},
    promotions::Customer,
};
use kernel::{Identity, Money, VariantId};

use super::choice::Buyer;
use crate::{app::App, pages::portal::or_none};

/// Lines that a quote takes.
const LINES: usize = 100;

/// Prices of one's own.
pub type OwnPrices = BTreeMap<VariantId, Money>;

/// What one of each costs this visitor, as far as that is less than its price, which is in the buyer's currency. Guests are
/// in no group.
pub async fn of(app: &App, buyer: &Buyer, variants: &[&VariantView]) -> OwnPrices {
    let asked: Vec<&VariantView> =
        variants.iter().copied().filter(|variant| variant.price.currency == buyer.currency).take(LINES).collect();
    if asked.is_empty() || matches!(buyer.who, Identity::Anonymous) {
        return OwnPrices::new();
    }
    let request = QuoteRequest {
        currency: buyer.currency,
        country: buyer.country.clone(),
        region: None,
        lines: asked.iter().map(|variant| WantedLine { variant_id: variant.id, quantity: 1 }).collect(),
        shipping: Vec::new(),
        codes: Vec::new(),
        customer: Customer::default(),
        payment_method: None,
    };
    let quote = or_none("own prices", app.pricing.quote(&buyer.who, &request).await);
    let lines = quote.map(|quote| quote.lines).unwrap_or_default();
    let is_less = |id: VariantId, price: Money| {
        asked.iter().any(|variant| variant.id == id && price.amount_minor < variant.price.amount_minor)
    };
    let own = lines.into_iter().filter(|line| is_less(line.variant_id, line.unit_price));
    own.map(|line| (line.variant_id, line.unit_price)).collect()
}
