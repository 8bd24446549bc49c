//! What the inventory tells.

use kernel::{OrderId, ProductId, ReturnId, Timestamp, VariantId, VendorId};
use serde::{Deserialize, Serialize};

use super::{Shortage, StockLevel};

/// All lines of an order are held until `expires_at`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockReserved {
    /// Order.
    pub order_id: OrderId,
    /// When the hold ends.
    pub expires_at: Timestamp,
    /// What the bundles among its lines are made of, from now on whatever becomes of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<FrozenBundle>,
}

/// What a bundle of an order is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenBundle {
    /// The bundle.
    pub variant_id: VariantId,
    /// Its parts.
    pub parts: Vec<FrozenPart>,
}

/// A part of a bundle of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenPart {
    /// Variant.
    pub variant_id: VariantId,
    /// Title of its product with its options.
    pub title: String,
    /// SKU.
    pub sku: String,
    /// How many of it lie in one bundle.
    pub quantity: i64,
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
    /// Stores whose part waits for goods that are still to come in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<VendorId>,
}

/// All that a store's part of a paid order waited for is there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockArrived {
    /// Order.
    pub order_id: OrderId,
    /// Store.
    pub vendor_id: VendorId,
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
    StockArrived = "stock.arrived";
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
