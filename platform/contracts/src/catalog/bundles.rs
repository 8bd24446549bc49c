//! Bundles: variants that are made of others.

use garde::Validate;
use kernel::{ProductId, Slug, VariantId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limits::{PART_QUANTITY_MAX, PARTS_MAX};

/// What other services keep of a part of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundlePart {
    /// The variant that lies in it.
    pub variant_id: VariantId,
    /// How many of it lie in one bundle.
    pub quantity: i64,
}

/// A part as its vendor sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PartInput {
    /// A variant of the same store that is on sale and is no bundle.
    #[garde(skip)]
    pub variant_id: VariantId,
    /// How many of it lie in one bundle.
    #[garde(range(min = 1, max = PART_QUANTITY_MAX))]
    pub quantity: i64,
}

/// Makes a variant a bundle of others, or, without parts, an ordinary one again.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetParts {
    /// Its parts, in the order in which they are shown.
    #[garde(length(max = PARTS_MAX), dive)]
    pub parts: Vec<PartInput>,
}

/// A part of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartView {
    /// Variant.
    pub variant_id: VariantId,
    /// Its product.
    pub product_id: ProductId,
    /// The product's name in addresses.
    pub slug: Slug,
    /// The product's title.
    pub title: String,
    /// True if the title is in the language that was asked for, which is not the main one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub translated: bool,
    /// Values of the variant's options.
    pub options: Vec<String>,
    /// SKU.
    pub sku: String,
    /// How many of it lie in one bundle.
    pub quantity: i64,
    /// False once it is no longer on sale: then the bundle cannot be bought either.
    pub on_sale: bool,
}

/// A bundle and what lies in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BundleView {
    /// The variant that is a bundle.
    pub variant_id: VariantId,
    /// Its parts.
    pub parts: Vec<PartView>,
}

/// A bundle in which a variant lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BundleUse {
    /// The variant that lies in it.
    pub part_id: VariantId,
    /// How many of it.
    pub quantity: i64,
    /// The bundle.
    pub variant_id: VariantId,
    /// Its product.
    pub product_id: ProductId,
    /// The product's title.
    pub title: String,
    /// Values of the bundle's options.
    pub options: Vec<String>,
    /// The bundle's SKU.
    pub sku: String,
}

/// What bundles have to do with a product.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ProductBundles {
    /// Its variants that are bundles.
    pub bundles: Vec<BundleView>,
    /// Bundles in which its variants lie.
    pub used_in: Vec<BundleUse>,
}
