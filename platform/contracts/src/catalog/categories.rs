//! Categories and the attributes their products have.

use garde::Validate;
use kernel::{CategoryId, Slug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    limits::{KEY_MAX, LABEL_MAX, SEO_DESCRIPTION_MAX, SEO_TITLE_MAX, TRANSLATIONS_MAX},
    translations::{CategoryTexts, Translations},
};

/// Kind of value an attribute of a category takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum AttributeKind {
    /// Free text.
    Text,
    /// A number, optionally with a unit.
    Number {
        /// `cm`, `g`, `W` …
        #[serde(default)]
        unit: Option<String>,
    },
    /// One of some words.
    Choice {
        /// The words.
        options: Vec<String>,
    },
    /// `yes` or `no`.
    YesNo,
    /// A day: `2026-11-20`.
    Date,
}

/// An attribute that products of a category have, and those of the categories below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AttributeDef {
    /// `material`
    #[garde(length(chars, min = 1, max = KEY_MAX))]
    pub key: String,
    /// `Material`
    #[garde(length(chars, min = 1, max = LABEL_MAX))]
    pub label: String,
    /// What values it takes. It stays while products have values.
    #[garde(skip)]
    pub kind: AttributeKind,
    /// True if a product cannot go on sale without it.
    #[serde(default)]
    #[garde(skip)]
    pub required: bool,
    /// True if it is a facet of the search: numbers by range, everything else by value.
    #[serde(default = "yes")]
    #[garde(skip)]
    pub filterable: bool,
    /// Order among those that products of a category are asked for.
    #[serde(default)]
    #[garde(range(min = 0, max = 10_000))]
    pub position: i64,
    /// True if products are no longer asked for it; those that have it keep it and show it.
    #[serde(default)]
    #[garde(skip)]
    pub archived: bool,
}

fn yes() -> bool {
    true
}

/// A node of the category tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CategoryView {
    /// Id.
    pub id: CategoryId,
    /// Name in addresses.
    pub slug: Slug,
    /// Name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// Parent; none for the top level.
    pub parent_id: Option<CategoryId>,
    /// Order among its siblings.
    pub position: i64,
    /// Picture address.
    pub picture_url: Option<String>,
    /// Attributes its products have, beside those of the categories above.
    pub attributes: Vec<AttributeDef>,
    /// Attributes its products have from the categories above. One of the same key here stands in their place.
    #[serde(default)]
    pub inherited: Vec<AttributeDef>,
    /// Title for search engines; empty for the name.
    #[serde(default)]
    pub seo_title: String,
    /// Description for search engines; empty for the sentence about it.
    #[serde(default)]
    pub seo_description: String,
    /// Its texts in further languages of the shop. An answer in another than the main language has none.
    #[serde(default, skip_serializing_if = "Translations::is_empty")]
    pub translations: Translations<CategoryTexts>,
    /// Which of its texts are in the language that was asked for; the others are in the main language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub translated: Vec<String>,
}

/// Adds or changes a category (admins).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CategoryInput {
    /// Name.
    #[garde(length(chars, min = 1, max = 80))]
    pub name: String,
    /// Name in addresses; made from the name if left out.
    #[serde(default)]
    #[garde(skip)]
    pub slug: Option<Slug>,
    /// A sentence about it.
    #[serde(default)]
    #[garde(length(chars, max = 500))]
    pub description: String,
    /// Parent.
    #[serde(default)]
    #[garde(skip)]
    pub parent_id: Option<CategoryId>,
    /// Order among its siblings.
    #[serde(default)]
    #[garde(range(min = 0, max = 10_000))]
    pub position: i64,
    /// Picture address in the media store.
    #[serde(default)]
    #[garde(length(chars, max = 300))]
    pub picture_url: Option<String>,
    /// Attributes its products have, beside those of the categories above. One that is left out though products have
    /// values of it is archived.
    #[serde(default)]
    #[garde(length(max = 60), dive)]
    pub attributes: Vec<AttributeDef>,
    /// Title for search engines; empty for the name.
    #[serde(default)]
    #[garde(length(chars, max = SEO_TITLE_MAX))]
    pub seo_title: String,
    /// Description for search engines; empty for the sentence about it.
    #[serde(default)]
    #[garde(length(chars, max = SEO_DESCRIPTION_MAX))]
    pub seo_description: String,
    /// Its texts in further languages of the shop, by their codes.
    #[serde(default, skip_serializing_if = "Translations::is_empty")]
    #[garde(length(max = TRANSLATIONS_MAX), dive)]
    pub translations: Translations<CategoryTexts>,
}

/// A category, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CategoryRef {
    /// Id.
    pub id: CategoryId,
    /// Name in addresses.
    pub slug: Slug,
    /// Name.
    pub name: String,
}
