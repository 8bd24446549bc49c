//! What a buyer can have instead of what goes back: other variants of the product at the price that was paid.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{
    catalog::VariantView,
    orders::{ExchangeState, Remedy, ReturnLineView, ReturnView, ReturnableLine, ReturnablePart},
};
use kernel::{Identity, Money, ProductId};

use super::{
    cards, cart,
    choice::Buyer,
    own_prices::{self, OwnPrices},
};
use crate::{
    fmt::Fmt,
    pages::portal::or_none,
    ui::{Field, Filled},
    visit::Visit,
};

/// Most products whose variants are looked up for one form.
const PRODUCTS: usize = 20;

/// What there is instead.
#[derive(Debug, Clone, Default)]
pub struct Offered {
    /// Variants by product.
    variants: BTreeMap<ProductId, Vec<VariantView>>,
    /// What they cost this buyer, where that is less than it costs everybody.
    own: OwnPrices,
}

impl Offered {
    /// True if that is a price of this variant for this buyer. Whether it is the one for as many as were
    /// bought is found out when the return is asked for.
    fn has_cost(&self, variant: &VariantView, paid: Money) -> bool {
        variant.price == paid
            || variant.quantity_prices.iter().any(|step| step.price == paid)
            || self.own.get(&variant.id) == Some(&paid)
    }
}

/// Variants of the products in the form; of what is no longer on sale there are none.
pub async fn offered(visit: &Visit, parts: &[ReturnablePart]) -> Offered {
    let app = &visit.app;
    // Compared is in what was paid.
    let paid = parts.iter().flat_map(|part| &part.lines).next().map(|line| line.unit_price.currency);
    let purse = visit.purse.paying(paid);
    let ids: BTreeSet<ProductId> =
        parts.iter().flat_map(|part| &part.lines).map(|line| line.product_id).take(PRODUCTS).collect();
    let known = or_none("products", cards::by_id(app, ids.into_iter().collect()).await).unwrap_or_default();
    // What comes in one variant has no other.
    let several = known.into_values().filter(|card| card.single_variant_id.is_none());
    let asked = several.map(async |card| {
        let product = app.catalog.product(&Identity::Anonymous, card.slug.as_str()).await;
        or_none("a product", product).map(|product| (product.id, purse.show(product.variants)))
    });
    let variants: BTreeMap<_, _> = futures::future::join_all(asked).await.into_iter().flatten().collect();
    let all: Vec<&VariantView> = variants.values().flatten().collect();
    let buyer = Buyer { who: visit.who(), country: cart::country(visit), currency: purse.currency };
    let own = own_prices::of(app, &buyer, &all).await;
    Offered { variants, own }
}

/// The choice of what comes instead, where there is something to choose.
pub fn field(line: &ReturnableLine, offered: &Offered, filled: &Filled) -> Option<Field> {
    let fair = |variant: &&VariantView| {
        variant.id != line.variant_id && offered.has_cost(variant, line.unit_price) && variant.stock.available()
    };
    let others: Vec<_> = offered.variants.get(&line.product_id)?.iter().filter(fair).collect();
    if others.is_empty() {
        return None;
    }
    let money = [(String::new(), "The money back".to_owned())].into_iter();
    let instead = others.into_iter().map(|other| (other.id.to_string(), cards::variant(&other.options)));
    let name = format!("exchange.{}", line.line_id);
    Some(Field::select(&name, &format!("Instead of {}", line.title), money.chain(instead)).optional().filled(filled))
}

/// A line's options, and what comes instead.
pub fn described(of: &ReturnView, line: &ReturnLineView) -> String {
    let options = cards::variant(&line.options);
    match &line.exchange_for {
        Some(other) if of.remedy == Remedy::Exchange => format!("{options} → {}", cards::variant(&other.options)),
        _ => options,
    }
}

/// What goes back for a line; nothing for what is exchanged.
pub fn worth(fmt: &Fmt, of: &ReturnView, line: &ReturnLineView) -> String {
    if of.remedy == Remedy::Exchange || line.refund.is_zero() { String::new() } else { fmt.money(line.refund) }
}

/// How far the exchange is, in a sentence.
pub fn state(of: &ReturnView) -> Option<&'static str> {
    of.exchange.map(|state| match state {
        ExchangeState::Asked => "Being set aside",
        ExchangeState::Held => "Set aside",
        ExchangeState::Short => "Sold out: the money goes back instead",
    })
}
