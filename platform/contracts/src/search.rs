//! Finding products by words and facets.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalog::ProductCard;

/// What is looked for. Attribute facets come as `attr.<key>=<value>`, repeatable.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct SearchQuery {
    /// Words; typing errors are forgiven. Empty finds everything.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub q: String,
    /// Slug of a category; its children count.
    #[serde(default)]
    pub category: Option<String>,
    /// Slugs of stores.
    #[serde(default)]
    pub vendor: Vec<String>,
    /// Lowest price in minor units.
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub price_min: Option<i64>,
    /// Highest price in minor units.
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub price_max: Option<i64>,
    /// At least this many stars.
    #[serde(default)]
    #[schemars(range(min = 1, max = 5))]
    pub rating: Option<u32>,
    /// Only what can be had.
    #[serde(default)]
    pub in_stock: bool,
    /// Order.
    #[serde(default)]
    pub sort: Option<SearchSort>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
    /// `attr.<key>`: wanted values.
    #[serde(flatten)]
    #[schemars(skip)]
    pub attributes: BTreeMap<String, Vec<String>>,
}

/// Order of the hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchSort {
    /// Best match first.
    #[default]
    Relevance,
    /// Cheapest first.
    PriceAsc,
    /// Dearest first.
    PriceDesc,
    /// Newest first.
    Newest,
    /// Best rated first.
    Rating,
}

/// Hits and what they can be narrowed by.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SearchPage {
    /// The hits.
    pub items: Vec<ProductCard>,
    /// How many there are in all.
    pub total: u64,
    /// The words that were searched instead, if none was found as typed.
    pub corrected: Option<String>,
    /// Facets with counts.
    pub facets: Vec<Facet>,
    /// Cursor of the next page.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub next: Option<String>,
}

/// A way to narrow the hits. Counts hold under the other facets' choices, not under its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Facet {
    /// Query parameter: `category`, `vendor`, `price`, `rating`, `attr.material` …
    pub key: String,
    /// Label.
    pub label: String,
    /// Values, most frequent first.
    pub values: Vec<FacetValue>,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FacetValue {
    /// Value for the query; for prices `min-max` in minor units with either side open.
    pub value: String,
    /// Label.
    pub label: String,
    /// Hits.
    pub count: u64,
    /// True if it is chosen.
    pub selected: bool,
}

/// What is being typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct SuggestQuery {
    /// Beginning of a word.
    #[schemars(length(max = 100))]
    pub q: String,
}

/// Something that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suggestion {
    /// `product`, `category` or `vendor`.
    pub kind: String,
    /// Text.
    pub text: String,
    /// Slug of what it is.
    pub slug: String,
    /// Small picture.
    pub picture_url: Option<String>,
}

client! {
    /// Client of the search.
    SearchClient for "search" {
        /// Hits and facets.
        get search() query SearchQuery => SearchPage, "/api/v1/search";
        /// Suggestions while typing, at most 8.
        get suggest() query SuggestQuery => Vec<Suggestion>, "/api/v1/search/suggestions";
    }
}
