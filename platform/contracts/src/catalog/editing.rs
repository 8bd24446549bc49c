//! Products as their vendors write them.

use garde::Validate;
use kernel::{CategoryId, Currency, MediaId, PageRequest, ProductId, Slug, Timestamp, VariantId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    limits::{
        BARCODE_MAX, BRAND_MAX, DESCRIPTION_MAX, FACT_MAX, FACTS_MAX, INITIAL_STOCK_MAX, KEY_MAX, LABEL_MAX,
        OPTION_MAX, RELATED_MAX, SEO_DESCRIPTION_MAX, SEO_TITLE_MAX, SKU_MAX, SUMMARY_MAX, TAG_MAX, TAGS_MAX,
        TITLE_MAX, TRANSLATIONS_MAX, UNIT_MAX,
    },
    pictures::Picture,
    translations::{ProductTexts, Translations},
};
use crate::inventory::StockLevel;

/// Whether buyers see a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// Being prepared.
    Draft,
    /// Being prepared; goes on sale by itself at `publish_at`.
    Scheduled,
    /// On sale, if the store is open.
    Published,
    /// Taken off sale, kept for old orders.
    Archived,
}

/// What kind of value a fact is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// Any text.
    #[default]
    Text,
    /// A decimal number.
    Number,
    /// One of the words of the category.
    Choice,
    /// `yes` or `no`.
    YesNo,
    /// A day: `2026-11-20`.
    Date,
}

impl ValueKind {
    /// True for text, which needs no saying.
    pub fn is_text(&self) -> bool {
        *self == Self::Text
    }
}

/// A fact about a product: `Material: Stoneware`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AttributeValue {
    /// Key of the category's attribute, or a new one.
    #[garde(length(chars, min = 1, max = KEY_MAX))]
    pub key: String,
    /// Label to show; taken from the category if left out.
    #[serde(default)]
    #[garde(length(chars, max = LABEL_MAX))]
    pub label: String,
    /// Value, as text; numbers with a decimal point, days as `2026-11-20`.
    #[garde(length(chars, min = 1, max = FACT_MAX))]
    pub value: String,
    /// Unit of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = UNIT_MAX))]
    pub unit: Option<String>,
    /// What kind of value it is, as the category says; what is sent does not count.
    #[serde(default, skip_serializing_if = "ValueKind::is_text")]
    #[garde(skip)]
    pub kind: ValueKind,
}

/// Something to choose: `Colour: Sand, Moss, Ink`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProductOption {
    /// `Colour`
    #[garde(length(chars, min = 1, max = OPTION_MAX))]
    pub name: String,
    /// The choices.
    #[garde(length(min = 1, max = 60), inner(length(chars, min = 1, max = 60)))]
    pub values: Vec<String>,
}

/// A variant in a [`ProductInput`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct VariantInput {
    /// The variant to change; left out for a new one.
    #[serde(default)]
    #[garde(skip)]
    pub id: Option<VariantId>,
    /// Stock keeping unit, unique within the store.
    #[garde(length(chars, min = 1, max = SKU_MAX))]
    pub sku: String,
    /// One value per option, in their order.
    #[serde(default)]
    #[garde(length(max = 3))]
    pub options: Vec<String>,
    /// Price with tax in minor units of the product's currency.
    #[garde(range(min = 0, max = 100_000_000))]
    pub price_minor: i64,
    /// The price before, to be shown struck.
    #[serde(default)]
    #[garde(range(min = 0, max = 100_000_000))]
    pub compare_at_minor: Option<i64>,
    /// Weight with packaging.
    #[serde(default)]
    #[garde(range(min = 0, max = 1_000_000))]
    pub weight_g: i64,
    /// EAN, UPC or the like.
    #[serde(default)]
    #[garde(length(chars, max = BARCODE_MAX))]
    pub barcode: Option<String>,
    /// Which of the product's pictures shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub picture_id: Option<MediaId>,
    /// Stock of a new variant; afterwards the stock belongs to `inventory`.
    #[serde(default)]
    #[garde(range(min = 0, max = INITIAL_STOCK_MAX))]
    pub initial_stock: Option<i64>,
}

/// Creates or changes a product.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProductInput {
    /// Title.
    #[garde(length(chars, min = 2, max = TITLE_MAX))]
    pub title: String,
    /// Name in addresses; made from the title if left out.
    #[serde(default)]
    #[garde(skip)]
    pub slug: Option<Slug>,
    /// One or two sentences.
    #[serde(default)]
    #[garde(length(chars, max = SUMMARY_MAX))]
    pub summary: String,
    /// HTML; sanitised (paragraphs, lists, emphasis, links).
    #[serde(default)]
    #[garde(length(chars, max = DESCRIPTION_MAX))]
    pub description_html: String,
    /// Category.
    #[garde(skip)]
    pub category_id: CategoryId,
    /// Currency of its prices.
    #[garde(skip)]
    pub currency: Currency,
    /// Facts.
    #[serde(default)]
    #[garde(length(max = FACTS_MAX), dive)]
    pub attributes: Vec<AttributeValue>,
    /// Choices; none for a simple product.
    #[serde(default)]
    #[garde(length(max = 3), dive)]
    pub options: Vec<ProductOption>,
    /// What can be bought; one for a simple product.
    #[garde(length(min = 1, max = 200), dive)]
    pub variants: Vec<VariantInput>,
    /// Free words.
    #[serde(default)]
    #[garde(length(max = TAGS_MAX), inner(length(chars, min = 1, max = TAG_MAX)))]
    pub tags: Vec<String>,
    /// Whether buyers see it.
    #[garde(skip)]
    pub status: ProductStatus,
    /// Whose make it is; a facet of the search.
    #[serde(default)]
    #[garde(length(chars, max = BRAND_MAX))]
    pub brand: String,
    /// Title for search engines; empty for the title.
    #[serde(default)]
    #[garde(length(chars, max = SEO_TITLE_MAX))]
    pub seo_title: String,
    /// Description for search engines; empty for the summary.
    #[serde(default)]
    #[garde(length(chars, max = SEO_DESCRIPTION_MAX))]
    pub seo_description: String,
    /// When it goes on sale by itself: only, and always, with the status `scheduled`.
    #[serde(default)]
    #[garde(skip)]
    pub publish_at: Option<Timestamp>,
    /// When it goes off sale by itself and is a draft again; with the statuses `scheduled` and `published`.
    #[serde(default)]
    #[garde(skip)]
    pub unpublish_at: Option<Timestamp>,
    /// Products of the same store that go with it, in this order.
    #[serde(default)]
    #[garde(length(max = RELATED_MAX))]
    pub related: Vec<ProductId>,
    /// Its texts in further languages of the shop, by their codes.
    #[serde(default, skip_serializing_if = "Translations::is_empty")]
    #[garde(length(max = TRANSLATIONS_MAX), dive)]
    pub translations: Translations<ProductTexts>,
}

/// A product as its vendor edits it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ProductEdit {
    /// Id.
    pub id: ProductId,
    /// Store.
    pub vendor_id: VendorId,
    /// Name in addresses.
    pub slug: Slug,
    /// What can be changed; send it back with `If-Match: "{version}"`.
    pub input: ProductInput,
    /// Pictures.
    pub pictures: Vec<Picture>,
    /// Stock levels of the variants, in the order of `input.variants`.
    pub stock: Vec<StockLevel>,
    /// True while an admin keeps it off sale: it cannot be published.
    #[serde(default)]
    pub withdrawn: bool,
    /// Changed at.
    pub updated_at: Timestamp,
    /// Created at.
    pub created_at: Timestamp,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Filters a vendor's own list of products.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct OwnProductQuery {
    /// Part of title or SKU.
    #[serde(default)]
    pub q: Option<String>,
    /// Only these.
    #[serde(default)]
    pub status: Option<ProductStatus>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

impl OwnProductQuery {
    /// The paging part.
    pub fn page(&self) -> PageRequest {
        PageRequest { limit: self.limit, after: self.after.clone() }
    }
}
