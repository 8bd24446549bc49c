//! The port to a search engine, and the embedded one.

mod tantivy;

use contracts::{catalog::ProductCard, search::SearchSort};
use kernel::{ProductId, Result};

pub use self::tantivy::Tantivy;
use crate::model::Entry;

/// A product as it is now; without an entry it must not be found any more.
pub struct Change {
    pub product_id: ProductId,
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

/// A search engine.
pub trait SearchIndex: Send + Sync {
    /// Number of the last change it holds; 0 if it is empty.
    fn last_seq(&self) -> Result<i64>;
    /// Brings changes in; afterwards it holds everything up to `seq`.
    fn apply(&self, changes: &[Change], seq: i64) -> Result<()>;
    /// Answers a question.
    fn ask(&self, question: &Question) -> Result<Found>;
    /// Products that a beginning of a word may mean, best first.
    fn suggest(&self, words: &[String], limit: usize) -> Result<Vec<ProductCard>>;
}

/// Price bands: 0–10, 10–20, 20–50, 50–100 and so on, in major units of two decimals.
pub const PRICE_BANDS: [i64; 9] = [0, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000];

/// Lower bound of the band that a price lies in.
pub fn price_band(minor: i64) -> usize {
    PRICE_BANDS.iter().rposition(|bound| *bound <= minor).unwrap_or(0)
}
