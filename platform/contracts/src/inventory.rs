//! Stock, reservations, movements.

use garde::Validate;
use kernel::{OrderId, Page, PageRequest, ProductId, ReturnId, Timestamp, VariantId, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether something can be had, as buyers are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "level", content = "left")]
pub enum StockLevel {
    /// Plenty.
    InStock,
    /// This many left.
    Low(i64),
    /// None.
    #[default]
    SoldOut,
}

impl StockLevel {
    /// True if at least one can be had.
    pub fn available(self) -> bool {
        !matches!(self, Self::SoldOut)
    }
}

/// Stock of a variant, as its vendor sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StockView {
    /// Variant.
    pub variant_id: VariantId,
    /// Product.
    pub product_id: ProductId,
    /// Title of the product with the variant's options.
    pub title: String,
    /// SKU.
    pub sku: String,
    /// Physically there.
    pub on_hand: i64,
    /// Promised to orders.
    pub reserved: i64,
    /// `on_hand - reserved`.
    pub available: i64,
    /// Warn at or below this.
    pub low_threshold: i64,
    /// What buyers are told.
    pub level: StockLevel,
    /// Last movement.
    pub updated_at: Timestamp,
}

/// Filters a vendor's stock list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct StockQuery {
    /// Part of title or SKU.
    #[serde(default)]
    pub q: Option<String>,
    /// Only what is at or below its threshold.
    #[serde(default)]
    pub low: bool,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

impl StockQuery {
    /// The paging part.
    pub fn page(&self) -> PageRequest {
        PageRequest { limit: self.limit, after: self.after.clone() }
    }
}

/// Changes a stock by a difference, or to a counted number.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AdjustStock {
    /// What to do.
    #[garde(dive)]
    pub change: StockChange,
    /// Why: `delivery`, `breakage` …
    #[serde(default)]
    #[garde(length(chars, max = 200))]
    pub reason: String,
}

/// A change of stock.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "snake_case")]
pub enum StockChange {
    /// More (or, negative, fewer) than before.
    Add(#[garde(range(min = -1_000_000, max = 1_000_000))] i64),
    /// Counted: exactly this many.
    Set(#[garde(range(min = 0, max = 1_000_000))] i64),
}

/// Sets the number at which the vendor is warned.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetThreshold {
    /// Warn at or below this.
    #[garde(range(min = 0, max = 1_000_000))]
    pub low_threshold: i64,
}

/// An entry of the append-only movement ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MovementView {
    /// When.
    pub at: Timestamp,
    /// `initial`, `receipt`, `adjustment`, `count`, `shipped`, `return`.
    pub kind: String,
    /// Change of what is on hand.
    pub delta: i64,
    /// On hand afterwards.
    pub on_hand: i64,
    /// Why.
    pub reason: String,
    /// Order, if one caused it.
    pub order_id: Option<OrderId>,
}

/// Asks for the stock of several variants.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct LevelsRequest {
    /// Variants, at most 100.
    #[garde(length(max = 100))]
    pub variant_ids: Vec<VariantId>,
}

/// Level and number of a variant that can be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LevelView {
    /// Variant.
    pub variant_id: VariantId,
    /// What buyers are told.
    pub level: StockLevel,
    /// How many can be ordered now.
    pub available: i64,
}

/// A line that cannot be had in the wanted quantity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shortage {
    /// Variant.
    pub variant_id: VariantId,
    /// Wanted.
    pub wanted: i64,
    /// Can be had.
    pub available: i64,
}

/// All lines of an order are held until `expires_at`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockReserved {
    /// Order.
    pub order_id: OrderId,
    /// When the hold ends.
    pub expires_at: Timestamp,
}

/// Not all lines of an order can be had; nothing is held.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockRejected {
    /// Order.
    pub order_id: OrderId,
    /// What is missing.
    pub shortages: Vec<Shortage>,
    /// True if it was found when claiming a hold that had expired although the order was paid.
    pub after_payment: bool,
}

/// The hold of a paid order is now firm.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockClaimed {
    /// Order.
    pub order_id: OrderId,
}

/// A hold was given back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockReleased {
    /// Order.
    pub order_id: OrderId,
    /// True if its time ran out, false if the order was cancelled.
    pub expired: bool,
}

events! { "reservation" by order_id {
    StockReserved = "stock.reserved";
    StockRejected = "stock.rejected";
    StockClaimed = "stock.claimed";
    StockReleased = "stock.released";
} }

/// What a return is to be exchanged for is set aside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExchangeHeld {
    /// Return.
    pub return_id: ReturnId,
}

/// There is not enough of what a return was to be exchanged for; nothing is set aside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExchangeShort {
    /// Return.
    pub return_id: ReturnId,
    /// What is missing.
    pub shortages: Vec<Shortage>,
}

events! { "exchange" by return_id {
    ExchangeHeld = "exchange.held";
    ExchangeShort = "exchange.short";
} }

/// What buyers are told of a variant has changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockLevelChanged {
    /// Variant.
    pub variant_id: VariantId,
    /// Product.
    pub product_id: ProductId,
    /// Now.
    pub level: StockLevel,
}

/// A variant has fallen to its threshold.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockLow {
    /// Variant.
    pub variant_id: VariantId,
    /// Product.
    pub product_id: ProductId,
    /// Store.
    pub vendor_id: VendorId,
    /// SKU.
    pub sku: String,
    /// Title.
    pub title: String,
    /// Can still be had.
    pub available: i64,
    /// Threshold.
    pub low_threshold: i64,
}

events! { "stock" by variant_id {
    StockLevelChanged = "stock.level_changed";
    StockLow = "stock.low";
} }

client! {
    /// Client of the inventory.
    InventoryClient for "inventory" {
        /// A vendor's stock.
        get stock(vendor_id: VendorId) query StockQuery => Page<StockView>, "/api/v1/vendors/{vendor_id}/stock";
        /// Stock of one variant.
        get stock_of(vendor_id: VendorId, variant_id: VariantId) => StockView, "/api/v1/vendors/{vendor_id}/stock/{variant_id}";
        /// Receives, corrects or counts.
        post adjust(vendor_id: VendorId, variant_id: VariantId) body AdjustStock => StockView, "/api/v1/vendors/{vendor_id}/stock/{variant_id}/adjustments";
        /// Sets the low-stock threshold.
        put set_threshold(vendor_id: VendorId, variant_id: VariantId) body SetThreshold => StockView, "/api/v1/vendors/{vendor_id}/stock/{variant_id}/threshold";
        /// Movements, newest first.
        get movements(vendor_id: VendorId, variant_id: VariantId) query PageRequest => Page<MovementView>, "/api/v1/vendors/{vendor_id}/stock/{variant_id}/movements";
        /// Stock of several variants, as buyers are told.
        post levels() body LevelsRequest => Vec<LevelView>, "/api/v1/stock-levels";
    }
}
