//! A category or the findings of a search.

use askama::Template;

use crate::ui::{Chips, Crumbs, Empty, Facets, Link, Pager, ProductCard, Shell, Sort, component};

/// The list itself: the fragment `#results`, swapped when a facet, the order or the page changes.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/results.html")]
pub struct Results {
    /// `213 products`, also said aloud after a swap.
    pub count: String,
    /// What is chosen.
    pub chips: Chips,
    /// The order.
    pub sort: Sort,
    /// The products.
    pub products: Vec<ProductCard>,
    /// Before and after.
    pub pager: Pager,
    /// Instead of products, when there are none.
    pub empty: Empty,
}

component!(Results);

/// A category or a search. The fragment is [`Results`], with [`Facets`] marked `oob` behind it.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/listing.html")]
pub struct Listing {
    /// Head and foot.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Name of the category, or `Results for “mug”`.
    pub title: String,
    /// A sentence about the category.
    pub intro: String,
    /// If the query was corrected: what was typed, and the search for exactly that.
    pub instead_of: Option<Link>,
    /// Categories below this one.
    pub below: Vec<Link>,
    /// What narrows the list.
    pub facets: Facets,
    /// The list.
    pub results: Results,
}
