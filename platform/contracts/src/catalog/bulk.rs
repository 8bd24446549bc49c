//! Many products changed at once.

use garde::Validate;
use kernel::{Currency, Money, ProductId, Rounding};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{editing::ProductStatus, limits::BULK_MAX};

/// Changes the prices or the status of many products, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct BulkEdit {
    /// Which, each once.
    #[garde(length(min = 1, max = BULK_MAX))]
    pub ids: Vec<ProductId>,
    /// What becomes of the price of each of their variants.
    #[serde(default)]
    #[garde(dive)]
    pub price: Option<BulkPrice>,
    /// What they become; not `scheduled`, which needs a moment for each.
    #[serde(default)]
    #[garde(skip)]
    pub status: Option<ProductStatus>,
    /// True to be told what would change: nothing is written.
    #[serde(default)]
    #[garde(skip)]
    pub dry_run: bool,
}

/// What becomes of prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct BulkPrice {
    /// How they change.
    #[garde(dive)]
    pub change: PriceChange,
    /// To which prices they are rounded afterwards; left out: to the minor unit.
    #[serde(default)]
    #[garde(skip)]
    pub rounding: Option<Rounding>,
    /// Currency of the amounts, needed unless it is a part alone. Products in another are refused.
    #[serde(default)]
    #[garde(skip)]
    pub currency: Option<Currency>,
}

/// A change of a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "snake_case")]
pub enum PriceChange {
    /// To this many minor units.
    Set(#[garde(range(min = 0, max = 100_000_000))] i64),
    /// Up, or, negative, down by a part in basis points: -1000 is 10 % less.
    PercentBp(#[garde(range(min = -10_000, max = 100_000))] i64),
    /// Up, or, negative, down by this many minor units.
    Amount(#[garde(range(min = -100_000_000, max = 100_000_000))] i64),
}

/// What has become of many products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BulkDone {
    /// True if nothing was written.
    pub dry_run: bool,
    /// How many have changed, or would.
    pub changed: u32,
    /// How many were like that already.
    pub unchanged: u32,
    /// How many stay as they are, for a reason.
    pub refused: u32,
    /// Each, in the order in which they were named.
    pub products: Vec<BulkProduct>,
}

/// What has become of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BulkProduct {
    /// Id.
    pub id: ProductId,
    /// Title; empty if there is no such product.
    pub title: String,
    /// What has become of it.
    pub outcome: BulkOutcome,
    /// What was wrong, and how to mend it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Its status before and after, if that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<BulkStatusChanged>,
    /// Prices that are others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<BulkPriceChanged>,
}

/// Whether a product has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkOutcome {
    /// It has, or would.
    Changed,
    /// It was like that already.
    Unchanged,
    /// It stays as it is, for a reason.
    Refused,
}

/// A status that is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BulkStatusChanged {
    /// Before.
    pub before: ProductStatus,
    /// After.
    pub after: ProductStatus,
}

/// A price that is another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BulkPriceChanged {
    /// SKU of the variant.
    pub sku: String,
    /// Before.
    pub before: Money,
    /// After.
    pub after: Money,
}
