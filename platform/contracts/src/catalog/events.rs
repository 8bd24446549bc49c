//! What others are told of products.

use kernel::{Money, ProductId, Slug, Timestamp, VariantId, VendorId};
use serde::{Deserialize, Serialize};

use super::{
    bundles::BundlePart,
    categories::CategoryRef,
    editing::{AttributeValue, ProductStatus},
    pictures::Picture,
    translations::{SnapshotTexts, Translations},
};

/// What other services keep of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantSnapshot {
    /// Id.
    pub id: VariantId,
    /// SKU.
    pub sku: String,
    /// One value per option.
    pub options: Vec<String>,
    /// List price.
    pub price: Money,
    /// Price before.
    pub compare_at: Option<Money>,
    /// Weight.
    pub weight_g: i64,
    /// Stock it begins with.
    pub initial_stock: Option<i64>,
    /// What it is made of, if it is a bundle: then it has no stock of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<BundlePart>,
    /// True if it is downloaded and not sent: there is always enough of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub digital: bool,
}

/// What other services keep of a product. Every product event carries it whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductSnapshot {
    /// Store.
    pub vendor_id: VendorId,
    /// Name in addresses.
    pub slug: Slug,
    /// Title.
    pub title: String,
    /// Summary.
    pub summary: String,
    /// Description without markup.
    pub description_text: String,
    /// From the top of the tree to its own category.
    pub categories: Vec<CategoryRef>,
    /// Facts.
    pub attributes: Vec<AttributeValue>,
    /// Names of its options.
    pub option_names: Vec<String>,
    /// Variants.
    pub variants: Vec<VariantSnapshot>,
    /// Free words.
    pub tags: Vec<String>,
    /// Main picture.
    pub picture: Option<Picture>,
    /// Whether it is on sale.
    pub status: ProductStatus,
    /// On sale since.
    pub published_at: Option<Timestamp>,
    /// Whose make it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub brand: String,
    /// Keys of facts by which nothing is to be narrowed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfiltered: Vec<String>,
    /// Its texts in further languages.
    #[serde(default, skip_serializing_if = "Translations::is_empty")]
    pub translations: Translations<SnapshotTexts>,
}

/// A product came on sale.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProductPublished {
    /// Product.
    pub product_id: ProductId,
    /// State after.
    pub product: ProductSnapshot,
}

/// A product changed, in whatever status.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProductChanged {
    /// Product.
    pub product_id: ProductId,
    /// State after.
    pub product: ProductSnapshot,
}

/// A product was taken off sale.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProductWithdrawn {
    /// Product.
    pub product_id: ProductId,
    /// State after.
    pub product: ProductSnapshot,
}

/// What a product costs less for a time: a part of the price of each of its variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductSale {
    /// What is taken off, in hundredths of a percent.
    pub percent_bp: i64,
    /// First moment.
    pub starts_at: Timestamp,
    /// First moment after it; none if it has no end.
    pub ends_at: Option<Timestamp>,
}

/// A file of another shop system says that a product is reduced for a time, or no longer. Discounts are the business
/// of whoever hears it: this is told once for each change in the files, and never again of what was changed there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProductSaleTold {
    /// Product.
    pub product_id: ProductId,
    /// Its store.
    pub vendor_id: VendorId,
    /// What the files said before.
    pub before: Option<ProductSale>,
    /// What they say now.
    pub sale: Option<ProductSale>,
}

events! { "product" by product_id {
    ProductSaleTold = "product.sale_told";
    ProductPublished = "product.published";
    ProductChanged = "product.changed";
    ProductWithdrawn = "product.withdrawn";
} }
