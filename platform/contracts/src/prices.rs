//! Prices of a product beyond its list prices. `pricing` keeps them; its client is
//! [`crate::pricing::PricingClient`].

use garde::Validate;
use kernel::{Money, ProductId, Slug, VariantId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most prices for quantities of one variant.
pub const QUANTITY_PRICES_MAX: usize = 10;

/// What each piece costs from a quantity on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QuantityPrice {
    /// From so many pieces on.
    pub from: i64,
    /// What each of them costs, discounts applied.
    pub price: Money,
}

/// The same as its vendor sets it, in the product's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct QuantityPriceInput {
    /// From so many pieces on.
    #[garde(range(min = 2, max = 10_000))]
    pub from: i64,
    /// What each of them costs before discounts, in minor units.
    #[garde(range(min = 1, max = 100_000_000))]
    pub price_minor: i64,
}

/// Prices of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct VariantPricesInput {
    /// Variant.
    #[garde(skip)]
    pub variant_id: VariantId,
    /// Prices for quantities: by quantity, each step costs less than the one before.
    #[garde(length(max = QUANTITY_PRICES_MAX), dive)]
    pub quantity_prices: Vec<QuantityPriceInput>,
}

/// Sets the prices of a product, all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProductPricesInput {
    /// Key of the tax category it is in; stays as it is if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub tax_category: Option<Slug>,
    /// Prices of variants; a variant that is not named has its list price alone.
    #[garde(length(max = 200), dive)]
    pub variants: Vec<VariantPricesInput>,
}

/// Prices of a product, for its vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductPrices {
    /// Product.
    pub product_id: ProductId,
    /// Its title.
    pub title: String,
    /// Key of the tax category it is in.
    pub tax_category: Slug,
    /// All its variants.
    pub variants: Vec<VariantPrices>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Prices of a variant, for its vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VariantPrices {
    /// Variant.
    pub variant_id: VariantId,
    /// SKU.
    pub sku: String,
    /// Values of the options.
    pub options: Vec<String>,
    /// List price of one.
    pub list_price: Money,
    /// Prices for quantities, by quantity.
    pub quantity_prices: Vec<QuantityPriceInput>,
}
