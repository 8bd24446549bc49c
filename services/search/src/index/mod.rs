//! The port to a search engine, the embedded one and one that stands outside.

mod elasticsearch;
mod settings;
mod tantivy;

use contracts::{catalog::ProductCard, search::SearchSort};
use futures::future::BoxFuture;
use kernel::{ProductId, Result};

pub use self::{
    elasticsearch::Elasticsearch,
    settings::{Backend, Settings},
    tantivy::Tantivy,
};
use crate::model::Entry;

/// A product as it is now; without an entry it must not be found any more.
pub struct Change {
    pub product_id: ProductId,
    /// Number of the change: of two of the same product the one with the higher number counts.
    pub seq: i64,
    pub entry: Option<Entry>,
}

/// What is asked of an index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Question {
    /// Words as typed.
    pub words: Vec<String>,
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
    /// `key=value` choices by key: any value of a key, all keys.
    pub attributes: Vec<(String, Vec<String>)>,
    /// Order.
    pub sort: SearchSort,
    /// Hits to leave out at the beginning.
    pub offset: usize,
    /// Hits wanted.
    pub limit: usize,
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
    /// Products that a beginning of a word may mean, best first.
    fn suggest<'a>(&'a self, words: &'a [String], limit: usize) -> BoxFuture<'a, Result<Vec<ProductCard>>>;
}

/// Edits that are forgiven in a word of so many letters.
fn forgiven(word: &str) -> u8 {
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Edits that are forgiven in the beginning of a word.
fn forgiven_in_beginning(beginning: &str) -> u8 {
    u8::from(beginning.chars().count() >= 5)
}

/// Price bands: 0–10, 10–20, 20–50, 50–100 and so on, in major units of two decimals.
pub const PRICE_BANDS: [i64; 9] = [0, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000];

/// Lower bound of the band that a price lies in.
pub fn price_band(minor: i64) -> usize {
    PRICE_BANDS.iter().rposition(|bound| *bound <= minor).unwrap_or(0)
}
