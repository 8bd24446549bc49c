//! Changes of what is on hand, and the ledger that keeps them.

use garde::Validate;
use kernel::{AccountId, LocationId, OrderId, PageRequest, ProductId, Timestamp, VariantId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most variants counted in one go.
pub const COUNTS_MAX: usize = 100;

/// Changes a stock by a difference, or to a counted number.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AdjustStock {
    /// What to do.
    #[garde(dive)]
    pub change: StockChange,
    /// Where; at the default location if left out.
    #[serde(default)]
    #[garde(skip)]
    pub location_id: Option<LocationId>,
    /// Why: `delivery`, `breakage` …
    #[serde(default)]
    #[garde(length(chars, max = 200))]
    pub reason: String,
}

/// The most variants adjusted in one go.
pub const ADJUSTMENTS_MAX: usize = 1_000;

/// Changes the stock of many variants, each by the same difference or to the same number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AdjustMany {
    /// Which.
    #[serde(default)]
    #[garde(length(max = ADJUSTMENTS_MAX))]
    pub variant_ids: Vec<VariantId>,
    /// All variants of these products, too, as far as they are offered.
    #[serde(default)]
    #[garde(length(max = 100))]
    pub product_ids: Vec<ProductId>,
    /// What to do.
    #[garde(dive)]
    pub change: StockChange,
    /// Where; at the default location if left out.
    #[serde(default)]
    #[garde(skip)]
    pub location_id: Option<LocationId>,
    /// Why.
    #[serde(default)]
    #[garde(length(chars, max = 200))]
    pub reason: String,
    /// True to be told what would change: nothing is written.
    #[serde(default)]
    #[garde(skip)]
    pub dry_run: bool,
}

/// What an adjustment of many has made of one variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AdjustedView {
    /// Variant.
    pub variant_id: VariantId,
    /// Title of the product with the variant's options; empty if there is no such stock.
    pub title: String,
    /// SKU, likewise.
    pub sku: String,
    /// On hand afterwards, everywhere.
    pub on_hand: i64,
    /// More, or, negative, fewer than before.
    pub delta: i64,
    /// Why it stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// A change of stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "snake_case")]
pub enum StockChange {
    /// More have come in; or, negative, there are fewer than before.
    Add(#[garde(range(min = -1_000_000, max = 1_000_000))] i64),
    /// A correction by more or fewer, which wants a reason.
    Correct(#[garde(range(min = -1_000_000, max = 1_000_000))] i64),
    /// Counted: exactly this many.
    Set(#[garde(range(min = 0, max = 1_000_000))] i64),
}

/// What was counted at one location.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CountStock {
    /// Where; at the default location if left out.
    #[serde(default)]
    #[garde(skip)]
    pub location_id: Option<LocationId>,
    /// Each variant once.
    #[garde(length(min = 1, max = COUNTS_MAX), dive)]
    pub counts: Vec<Count>,
    /// Why, such as the name of the count.
    #[serde(default)]
    #[garde(length(chars, max = 200))]
    pub reason: String,
}

/// One counted variant.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// Variant.
    #[garde(skip)]
    pub variant_id: VariantId,
    /// Exactly this many are there.
    #[garde(range(min = 0, max = 1_000_000))]
    pub counted: i64,
    /// What was on hand there when the count began. If it has changed since, the count is refused.
    #[serde(default)]
    #[garde(skip)]
    pub seen: Option<i64>,
}

/// What a count has shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CountedView {
    /// Variant.
    pub variant_id: VariantId,
    /// Counted.
    pub counted: i64,
    /// More (or, negative, fewer) than were known; noted as a movement if not 0.
    pub delta: i64,
}

/// Why what is on hand changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// There when the variant was added to the catalogue.
    Initial,
    /// Came in.
    Receipt,
    /// Corrected by hand.
    Adjustment,
    /// The difference that a count has shown.
    Count,
    /// Taken to or from another location.
    Transfer,
    /// Left with a parcel.
    Shipped,
    /// Came back from a buyer.
    Return,
}

impl MovementKind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Initial, Self::Receipt, Self::Adjustment, Self::Count, Self::Transfer, Self::Shipped, Self::Return];
    /// Its word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Receipt => "receipt",
            Self::Adjustment => "adjustment",
            Self::Count => "count",
            Self::Transfer => "transfer",
            Self::Shipped => "shipped",
            Self::Return => "return",
        }
    }
}

impl std::str::FromStr for MovementKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("“{text}” is not a kind of movement"))
    }
}

/// An entry of the append-only movement ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MovementView {
    /// When.
    pub at: Timestamp,
    /// Variant.
    pub variant_id: VariantId,
    /// Its SKU.
    pub sku: String,
    /// Its title.
    pub title: String,
    /// Where.
    pub location_id: LocationId,
    /// Name of that location.
    pub location: String,
    /// Why, in a word.
    pub kind: MovementKind,
    /// Change of what is on hand there.
    pub delta: i64,
    /// On hand at all locations afterwards.
    pub on_hand: i64,
    /// On hand at this location afterwards.
    pub on_hand_there: i64,
    /// Why.
    pub reason: String,
    /// Order, if one caused it.
    pub order_id: Option<OrderId>,
    /// Member of the store who did it, if somebody did.
    pub by: Option<AccountId>,
}

/// What narrows the ledger, and the page of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct MovementQuery {
    /// Only of this variant.
    #[serde(default)]
    pub variant_id: Option<VariantId>,
    /// Only at this location.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// Only of this kind.
    #[serde(default)]
    pub kind: Option<MovementKind>,
    /// Not before this time.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Before this time.
    #[serde(default)]
    pub before: Option<Timestamp>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

/// Which movements come into a file.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct MovementsFileQuery {
    /// Only of this variant.
    #[serde(default)]
    pub variant_id: Option<VariantId>,
    /// Only at this location.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// Only of this kind.
    #[serde(default)]
    pub kind: Option<MovementKind>,
    /// Not before this time.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Before this time.
    #[serde(default)]
    pub before: Option<Timestamp>,
}

impl From<MovementsFileQuery> for MovementQuery {
    fn from(file: MovementsFileQuery) -> Self {
        let MovementsFileQuery { variant_id, location_id, kind, from, before } = file;
        Self { variant_id, location_id, kind, from, before, limit: None, after: None }
    }
}

impl MovementQuery {
    /// The paging part.
    pub fn page(&self) -> PageRequest {
        PageRequest { limit: self.limit, after: self.after.clone() }
    }
}
