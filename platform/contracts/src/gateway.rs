//! What the edge puts together from several services.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{catalog::ProductView, inventory::LevelView, reviews::RatingSummary, vendors::StoreView};

/// All that the page of a product shows, in one answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductPage {
    /// The product.
    pub product: ProductView,
    /// How many of each variant can be ordered now; none if that cannot be told just now.
    pub stock: Option<Vec<LevelView>>,
    /// What buyers think of it; none if that cannot be told just now.
    pub rating: Option<RatingSummary>,
    /// Who sells it; none if that cannot be told just now.
    pub store: Option<StoreView>,
}

client! {
    /// Client of what the edge puts together.
    GatewayClient for "gateway" {
        /// All that the page of a product shows.
        get product_page(slug: &str) => ProductPage, "/api/v1/product-pages/{slug}";
    }
}
