//! The entrance: what this market is, where things are, what is new, who sells here.

use askama::Template;

use crate::ui::{CategoryTile, Picture, ProductCard, Shell, VendorCard};

/// The home page.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/home.html")]
pub struct Home {
    /// Head and foot.
    pub shell: Shell,
    /// This market in one line.
    pub headline: String,
    /// A sentence under it.
    pub lead: String,
    /// Three pictures of things for sale.
    pub arches: Vec<Picture>,
    /// The categories.
    pub categories: Vec<CategoryTile>,
    /// Best-selling products.
    pub popular: Vec<ProductCard>,
    /// Newest products.
    pub fresh: Vec<ProductCard>,
    /// Vendors to look at.
    pub vendors: Vec<VendorCard>,
    /// What this visitor looked at last.
    pub recent: Vec<ProductCard>,
}
