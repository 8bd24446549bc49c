//! Finding products by words and facets.

use std::collections::BTreeMap;

use garde::Validate;
use kernel::{ProductId, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    analytics::{Metric, PeriodQuery},
    catalog::ProductCard,
};

/// What is looked for. Attribute facets come as `attr.<key>=<value>`, repeatable, the brand as `attr.brand` and tags, in
/// lower case, as `attr.tag`; those of numbers also as
/// `num.<key>_min=<number>` and `num.<key>_max=<number>`.
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
    /// `attr.<key>`: wanted values; `num.<key>_min`, `num.<key>_max`: bounds of numbers.
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
    /// What sold most in the last 90 days first.
    Sales,
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
    /// True if nothing has all of the words, and this is what has all but one.
    #[serde(default)]
    pub partial: bool,
    /// If nothing was found: what may be looked for instead.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub instead: Option<Instead>,
    /// Facets with counts.
    pub facets: Vec<Facet>,
    /// Cursor of the next page.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub next: Option<String>,
}

/// What may be looked for where nothing was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Instead {
    /// The words as they may have been meant.
    pub did_you_mean: Option<String>,
    /// Some of the words, and what has them.
    pub fewer_words: Vec<FewerWords>,
    /// Categories that are near, at most 6.
    pub categories: Vec<NearCategory>,
    /// What the words find without any facet chosen; 0 if none is.
    pub without_choices: u64,
}

/// Some of the words of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FewerWords {
    /// The words.
    pub words: String,
    /// Hits.
    pub total: u64,
}

/// A category that has to do with what was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NearCategory {
    /// Slug.
    pub slug: String,
    /// Name.
    pub name: String,
}

/// What people have searched for, and what they did not find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MissedReport {
    /// Searches by words.
    pub searches: Metric,
    /// Searches by words that found nothing.
    pub missed: Metric,
    /// What was not found, most often first, at most 100. Nothing is listed that was looked for less than three times.
    pub terms: Vec<MissedTerm>,
}

/// Words that found nothing. Nobody knows who has typed them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MissedTerm {
    /// The words, in lower case and without accents.
    pub words: String,
    /// How often in the period.
    pub times: i64,
    /// How often in the period before.
    pub previous: i64,
    /// The last day: `2026-11-20`.
    pub last: String,
}

/// A product and the words by which it is looked for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ExplainQuery {
    /// Words.
    #[schemars(length(max = 200))]
    pub q: String,
    /// Product.
    pub product_id: ProductId,
}

/// Where a word may stand in a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextField {
    /// Title.
    Title,
    /// Tags, names of categories and store, values of attributes.
    Keywords,
    /// Summary and description.
    Text,
}

impl TextField {
    /// The most telling first.
    pub const ALL: [Self; 3] = [Self::Title, Self::Keywords, Self::Text];
}

/// Why a product stands where it stands among the findings of some words, if what fits best comes first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// Title of the product.
    pub title: String,
    /// Slug of the product.
    pub slug: String,
    /// The words that were searched.
    pub searched: String,
    /// True if those are not the words that were typed.
    pub is_corrected: bool,
    /// True if nobody finds it now: it is not on sale, its store is closed, or it is still on its way into the index.
    pub is_hidden: bool,
    /// Its place, from 1; none if it is not among the first 100.
    pub place: Option<u64>,
    /// Hits in all.
    pub total: u64,
    /// Its score in thousandths: the sum of the parts.
    pub score_x1000: i64,
    /// The parts.
    pub parts: Vec<ScorePart>,
    /// Words, or things that several words name, which it has nowhere.
    pub missing: Vec<String>,
    /// Items sold in the last 90 days; they count only where the best selling come first.
    pub sold: i64,
    /// When it was published: of two with the same score the newer comes first.
    pub published_at: Option<Timestamp>,
}

/// What a word in one place adds to a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScorePart {
    /// The word.
    pub word: String,
    /// Where it stands.
    pub field: TextField,
    /// What was typed, if this only means the same.
    pub synonym_of: Option<String>,
    /// Products that have it in the same place.
    pub products: u64,
    /// What it adds, in thousandths.
    pub score_x1000: i64,
    /// The same in plain words.
    pub text: String,
}

/// How far the index is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IndexState {
    /// Products that are known, on sale or not.
    pub products: i64,
    /// Those whose last change is not in the index yet.
    pub behind: i64,
}

/// A way to narrow the hits. Counts hold under the other facets' choices, not under its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Facet {
    /// Query parameter: `category`, `vendor`, `price`, `rating`, `attr.material` …
    pub key: String,
    /// Label.
    pub label: String,
    /// Values, most frequent first; numbers from the lowest to the highest.
    pub values: Vec<FacetValue>,
    /// Of numbers and prices: between which one may choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<FacetRange>,
}

/// Numbers from which to which one may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FacetRange {
    /// Query parameters begin with it and end in `_min` and `_max`: `price`, `num.height`.
    pub parameter: String,
    /// The lowest there is under the other facets' choices; prices in minor units.
    pub low: String,
    /// The highest.
    pub high: String,
    /// `cm`, `W` …
    pub unit: Option<String>,
    /// Chosen lowest.
    pub from: Option<String>,
    /// Chosen highest.
    pub to: Option<String>,
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

/// Words that mean the same. With `means` they go one way: whoever types one of `words` also finds what `means` finds,
/// and not the other way round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SynonymGroup {
    /// What is typed: words, or up to four words as one.
    #[garde(length(min = 1, max = SYNONYMS_MAX), inner(length(chars, min = 1, max = SYNONYM_MAX)))]
    pub words: Vec<String>,
    /// What is found besides; if left out, `words` mean each other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(length(max = SYNONYMS_MAX), inner(length(chars, min = 1, max = SYNONYM_MAX)))]
    pub means: Vec<String>,
}

/// Most words of a group.
pub const SYNONYMS_MAX: usize = 20;
/// Characters of a word, or of several as one.
pub const SYNONYM_MAX: usize = 60;
/// Most groups.
pub const SYNONYM_GROUPS_MAX: usize = 500;

/// All synonyms of the shop, as they shall be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SynonymsInput {
    /// The groups.
    #[garde(length(max = SYNONYM_GROUPS_MAX), dive)]
    pub groups: Vec<SynonymGroup>,
}

/// All synonyms of the shop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SynonymsView {
    /// The groups.
    pub groups: Vec<SynonymGroup>,
    /// Grows with every change.
    pub version: i64,
}

client! {
    /// Client of the search.
    SearchClient for "search" {
        /// Hits and facets.
        get search() query SearchQuery => SearchPage, "/api/v1/search";
        /// Suggestions while typing, at most 8.
        get suggest() query SuggestQuery => Vec<Suggestion>, "/api/v1/search/suggestions";
        /// What was searched and not found (admins).
        get missed() query PeriodQuery => MissedReport, "/api/v1/admin/search/missed";
        /// Why a product stands where it stands (admins).
        get explain() query ExplainQuery => Explanation, "/api/v1/admin/search/explanation";
        /// How far the index is (admins).
        get index_state() => IndexState, "/api/v1/admin/search/index";
        /// Indexes everything anew while the search goes on (admins).
        post index_anew() => IndexState, "/api/v1/admin/search/index";
        /// Synonyms (admins).
        get synonyms() => SynonymsView, "/api/v1/admin/search/synonyms";
        /// Puts others in their place (admins).
        put set_synonyms() body SynonymsInput => SynonymsView, "/api/v1/admin/search/synonyms";
    }
}
