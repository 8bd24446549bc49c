//! Products as buyers see them.

use kernel::{MediaId, Money, PageRequest, ProductId, Slug, Timestamp, VariantId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    bundles::PartView,
    categories::CategoryRef,
    editing::{AttributeValue, ProductOption},
    pictures::Picture,
};
use crate::{inventory::StockLevel, prices::QuantityPrice};

/// The store of a product, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorRef {
    /// Id.
    pub id: VendorId,
    /// Name in addresses.
    pub slug: Slug,
    /// Name.
    pub name: String,
}

/// Average rating of a product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rating {
    /// Hundredths of stars: 437 is 4.37.
    pub average_x100: u32,
    /// Number of reviews.
    pub count: u32,
}

/// A variant as buyers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VariantView {
    /// Id.
    pub id: VariantId,
    /// SKU.
    pub sku: String,
    /// One value per option.
    pub options: Vec<String>,
    /// What it costs now, discounts applied.
    pub price: Money,
    /// The price to show struck, if it is reduced.
    pub compare_at: Option<Money>,
    /// Of a reduced price: the lowest that one cost in the 30 days before it was reduced.
    #[serde(default)]
    pub lowest_price: Option<Money>,
    /// Why it is reduced: name of the discount.
    pub offer: Option<String>,
    /// What each costs from a quantity on, by quantity.
    #[serde(default)]
    pub quantity_prices: Vec<QuantityPrice>,
    /// Whether it can be had.
    pub stock: StockLevel,
    /// Weight with packaging.
    pub weight_g: i64,
    /// EAN, UPC or the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    /// Which of the product's pictures shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture_id: Option<MediaId>,
    /// What it is made of, if it is a bundle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartView>,
    /// True if it is downloaded after the payment and not sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub digital: bool,
}

/// A product as buyers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductView {
    /// Id.
    pub id: ProductId,
    /// Name in addresses.
    pub slug: Slug,
    /// Title.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Sanitised HTML.
    pub description_html: String,
    /// Store.
    pub vendor: VendorRef,
    /// From the top of the tree to its own category.
    pub categories: Vec<CategoryRef>,
    /// Facts.
    pub attributes: Vec<AttributeValue>,
    /// Choices.
    pub options: Vec<ProductOption>,
    /// What can be bought.
    pub variants: Vec<VariantView>,
    /// Pictures, the first is the main one.
    pub pictures: Vec<Picture>,
    /// Free words.
    pub tags: Vec<String>,
    /// Rating.
    pub rating: Rating,
    /// On sale since.
    pub published_at: Option<Timestamp>,
    /// Whose make it is; empty if nobody says.
    #[serde(default)]
    pub brand: String,
    /// Title for search engines; empty for the title.
    #[serde(default)]
    pub seo_title: String,
    /// Description for search engines; empty for the summary.
    #[serde(default)]
    pub seo_description: String,
    /// What its vendor has chosen to go with it, as far as it is on sale.
    #[serde(default)]
    pub related: Vec<ProductCard>,
    /// Which of its texts are in the language that was asked for; the others are in the main language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub translated: Vec<String>,
}

/// A product in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductCard {
    /// Id.
    pub id: ProductId,
    /// Name in addresses.
    pub slug: Slug,
    /// Title.
    pub title: String,
    /// Store.
    pub vendor: VendorRef,
    /// Price of the cheapest variant, discounts applied.
    pub price: Money,
    /// True if other variants cost more.
    pub price_varies: bool,
    /// The price to show struck, if it is reduced.
    pub compare_at: Option<Money>,
    /// Of a reduced price: the lowest that one cost in the 30 days before it was reduced.
    #[serde(default)]
    pub lowest_price: Option<Money>,
    /// Main picture.
    pub picture: Option<Picture>,
    /// Rating.
    pub rating: Rating,
    /// Whether any variant can be had.
    pub stock: StockLevel,
    /// The one variant of a simple product, so that it can be put into the cart from a list.
    pub single_variant_id: Option<VariantId>,
    /// True if its title is in the language that was asked for, which is not the main one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub translated: bool,
}

/// Filters the public list of products (browsing; for words use `search`).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ProductQuery {
    /// Slug of a category; its children count.
    #[serde(default)]
    pub category: Option<String>,
    /// Slug of a store.
    #[serde(default)]
    pub vendor: Option<String>,
    /// Only these, at most 100, in the order named; those not on sale are left out, and nothing else counts.
    #[serde(default, rename = "id")]
    #[schemars(length(max = 100))]
    pub ids: Vec<ProductId>,
    /// Order.
    #[serde(default)]
    pub sort: Option<ProductSort>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

impl ProductQuery {
    /// The paging part.
    pub fn page(&self) -> PageRequest {
        PageRequest { limit: self.limit, after: self.after.clone() }
    }
}

/// Order of the public list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductSort {
    /// Newest first.
    #[default]
    Newest,
    /// Cheapest first.
    PriceAsc,
    /// Dearest first.
    PriceDesc,
    /// Best rated first.
    Rating,
}
