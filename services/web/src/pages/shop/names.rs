//! What things in a cart or on a wish list are called in the language of the visitor. Carts know the main language alone, so
//! the catalogue is asked, once for all of them.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{
    cart::{CartLine, CartView},
    catalog::ProductQuery,
    pricing::Quote,
};
use kernel::{Identity, ProductId};

use crate::{fmt::Fmt, pages::portal::or_none, visit::Visit};

/// Most products that the catalogue names at once.
const AT_ONCE: usize = 100;

/// Translated titles by product. Nobody is asked in the main language.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<ProductId, String>);

impl Names {
    /// Names of what is in these lines. What is not translated or no longer on sale has none here, and nothing has one
    /// while the catalogue does not answer.
    pub async fn of(visit: &Visit, lines: &[&CartLine]) -> Self {
        let mut names = BTreeMap::new();
        if visit.language.is_none() {
            return Self(names);
        }
        // In order, so that the catalogue's cache knows the question again.
        let ids: BTreeSet<ProductId> = lines.iter().map(|line| line.product_id).collect();
        let (ids, catalog) = (ids.into_iter().collect::<Vec<_>>(), visit.catalog());
        for some in ids.chunks(AT_ONCE) {
            let limit = u32::try_from(some.len()).ok();
            let wanted = ProductQuery { ids: some.to_vec(), limit, ..ProductQuery::default() };
            let found = or_none("names", catalog.products(&Identity::Anonymous, &wanted).await);
            let translated = found.into_iter().flat_map(|page| page.items).filter(|card| card.translated);
            names.extend(translated.map(|card| (card.id, card.title)));
        }
        Self(names)
    }

    /// Names of all that lies in a cart.
    pub async fn of_cart(visit: &Visit, cart: &CartView) -> Self {
        let lines: Vec<&CartLine> = cart.lines.iter().chain(&cart.later).collect();
        Self::of(visit, &lines).await
    }

    /// A cart in these names.
    pub fn say_cart(&self, cart: &mut CartView) {
        for line in cart.lines.iter_mut().chain(&mut cart.later) {
            self.say(line.product_id, &mut line.title);
        }
    }

    /// What a cart costs, in these names.
    pub fn say_quote(&self, quote: &mut Quote) {
        for line in &mut quote.lines {
            self.say(line.product_id, &mut line.title);
        }
    }

    fn say(&self, id: ProductId, title: &mut String) {
        if let Some(name) = self.0.get(&id) {
            title.clone_from(name);
        }
    }

    /// What a product is called, of which the main language says `title`.
    pub fn title<'a>(&'a self, id: ProductId, title: &'a str) -> &'a str {
        self.0.get(&id).map_or(title, String::as_str)
    }

    /// The language of a product's name, if it is to be marked.
    pub fn language(&self, fmt: &Fmt, id: ProductId) -> Option<&'static str> {
        fmt.language(self.0.contains_key(&id))
    }
}
