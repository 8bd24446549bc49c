//! The port to a search engine, the embedded one and one that stands outside.

mod elasticsearch;
mod language;
mod settings;
mod tantivy;

use std::sync::Arc;

use contracts::{
    catalog::ProductCard,
    search::{SearchSort, TextField},
};
use futures::future::BoxFuture;
use kernel::{ProductId, Result};

pub use self::{
    elasticsearch::Elasticsearch,
    language::{Language, Stems, words},
    settings::{Backend, Settings},
    tantivy::Tantivy,
};
use crate::{
    model::{Entry, thousandths},
    query::Synonyms,
};

/// A product as it is now; without an entry it must not be found any more.
pub struct Change {
    pub product_id: ProductId,
    /// Number of the change: of two of the same product the one with the higher number counts.
    pub seq: i64,
    pub entry: Option<Entry>,
}

/// What is asked of an index.
#[derive(Clone, Default)]
pub struct Question {
    /// Words as typed.
    pub words: Vec<String>,
    /// What means the same.
    pub synonyms: Arc<Synonyms>,
    /// Slug of a category.
    pub category: Option<String>,
    /// Slugs of stores, any of them.
    pub vendors: Vec<String>,
    /// Lowest and highest price in minor units.
    pub price: (Option<i64>, Option<i64>),
    /// Hundredths of stars at least.
    pub rating_x100: Option<i64>,
    /// Only what can be had.
    pub in_stock: bool,
    /// Choices among attributes, all of which have to hold.
    pub attributes: Vec<Choice>,
    /// Order.
    pub sort: SearchSort,
    /// Hits to leave out at the beginning.
    pub offset: usize,
    /// Hits wanted.
    pub limit: usize,
    /// Language of their titles, if it is not the main one.
    pub language: Option<&'static str>,
}

impl Question {
    /// Whether anything is chosen beside words.
    pub fn is_narrowed(&self) -> bool {
        self.category.is_some()
            || !self.vendors.is_empty()
            || self.price != (None, None)
            || self.rating_x100.is_some()
            || self.in_stock
            || !self.attributes.is_empty()
    }
}

/// What is chosen of an attribute: any of the values, and a number within the bounds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    pub key: String,
    /// Any if there are none.
    pub values: Vec<String>,
    /// Lowest and highest number, in thousandths.
    pub bounds: (Option<i64>, Option<i64>),
}

impl Choice {
    /// Whether numbers are chosen from.
    pub fn is_bounded(&self) -> bool {
        self.bounds != (None, None)
    }
    /// Whether a value is among the chosen ones.
    pub fn has(&self, value: &str) -> bool {
        let (low, high) = self.bounds;
        let is_within = |n: i64| low.is_none_or(|low| n >= low) && high.is_none_or(|high| n <= high);
        let is_bounded_well = !self.is_bounded() || thousandths(value).is_some_and(is_within);
        (self.values.is_empty() || self.values.iter().any(|wanted| wanted == value)) && is_bounded_well
    }
}

/// Counts by value; what is counted holds under the choices of the other facets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub categories: Vec<(String, u64)>,
    pub vendors: Vec<(String, u64)>,
    /// By `key=value`.
    pub attributes: Vec<(String, u64)>,
    /// By lower bound of the price band in minor units.
    pub prices: Vec<(i64, u64)>,
    /// The lowest and the highest price in minor units.
    pub price_range: Option<(i64, i64)>,
    /// With at least 1, 2, 3, 4 stars.
    pub ratings: [u64; 4],
}

/// What an index answers.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub total: u64,
    pub hits: Vec<ProductCard>,
    pub counts: Counts,
    /// The words that were looked for instead of those typed.
    pub corrected: Option<Vec<String>>,
    /// Nothing has all that is wanted, and this has all but one.
    pub is_partial: bool,
}

/// A word in one place of a product's texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPlace {
    pub word: String,
    pub field: TextField,
}

/// What a word in a place adds to a score.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Weighed {
    /// Nothing if it is not there.
    pub score: f32,
    /// Products that have it there.
    pub products: u64,
}

/// A search engine. What changes it is called by one task of a process at a time: [`SearchIndex::last_seq`], then
/// [`SearchIndex::apply`] as often as needed, then [`SearchIndex::caught_up`].
pub trait SearchIndex: Send + Sync {
    /// Number of the last change it holds; 0 if it is empty.
    fn last_seq(&self) -> BoxFuture<'_, Result<i64>>;
    /// What it holds is not of our rows: begins an empty one.
    fn start_over(&self) -> BoxFuture<'_, Result<()>>;
    /// Brings changes in; afterwards it holds everything up to `seq`.
    fn apply(&self, changes: Vec<Change>, seq: i64) -> BoxFuture<'_, Result<()>>;
    /// All changes are in it: from now on they are found. True if what is asked has become another index.
    fn caught_up(&self) -> BoxFuture<'_, Result<bool>>;
    /// Answers a question.
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<Found>>;
    /// The words with those that no product has replaced by the nearest ones, nearer or farther than a search would by
    /// itself; none if nothing is near.
    fn nearest<'a>(&'a self, words: &'a [String]) -> BoxFuture<'a, Result<Option<Vec<String>>>>;
    /// What each word in its place adds to a product's score; none if nobody finds the product.
    fn weigh<'a>(
        &'a self,
        product_id: ProductId,
        places: &'a [TextPlace],
    ) -> BoxFuture<'a, Result<Option<Vec<Weighed>>>>;
    /// Products whose titles or keywords have all words, of which the last may be a beginning; best first. Edits are
    /// forgiven if `is_forgiving`; titles are in `language` if it is not the main one.
    fn suggest<'a>(
        &'a self,
        words: &'a [String],
        is_forgiving: bool,
        limit: usize,
        language: Option<&'static str>,
    ) -> BoxFuture<'a, Result<Vec<ProductCard>>>;
}

/// How much a word in a place says more than one in the text.
fn weight(field: TextField) -> u8 {
    match field {
        TextField::Title => 4,
        TextField::Keywords => 2,
        TextField::Text => 1,
    }
}
/// How much a synonym says of what was typed.
pub const WEIGHT_SYNONYM: f32 = 0.75;

/// Edits that are forgiven in a word of so many letters.
pub fn forgiven(word: &str) -> u8 {
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Edits after which a word may still be offered as what was meant.
pub fn imaginable(word: &str) -> u8 {
    match word.chars().count() {
        0..=2 => 0,
        3..=4 => 1,
        _ => 2,
    }
}

/// Edits that are forgiven in the beginning of a word: one letter more has to be typed for each.
pub fn forgiven_in_beginning(beginning: &str) -> u8 {
    match beginning.chars().count() {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    }
}

/// Price bands: 0–10, 10–20, 20–50, 50–100 and so on, in major units of two decimals.
pub const PRICE_BANDS: [i64; 9] = [0, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000];

/// Lower bound of the band that a price lies in.
pub fn price_band(minor: i64) -> usize {
    PRICE_BANDS.iter().rposition(|bound| *bound <= minor).unwrap_or(0)
}
