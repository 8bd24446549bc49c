//! Stock, reservations, movements.

mod events;
mod locations;
mod moving;

pub use events::{
    ExchangeHeld, ExchangeShort, FrozenBundle, FrozenPart, StockArrived, StockClaimed, StockLevelChanged, StockLow,
    StockRejected, StockReleased, StockReserved,
};
pub use locations::{
    LOCATIONS_MAX, LocationInput, LocationOrder, LocationQuery, LocationView, NewLocation, PlaceView, TransferStock,
};
pub use moving::{
    ADJUSTMENTS_MAX, AdjustMany, AdjustStock, AdjustedView, COUNTS_MAX, Count, CountStock, CountedView, MovementKind,
    MovementQuery, MovementView, MovementsFileQuery, StockChange,
};

use garde::Validate;
use kernel::{LocationId, Page, PageRequest, ProductId, Timestamp, VariantId, VendorId};
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
    /// None there, and yet it can be ordered: it is sent once more have come in.
    BackOrder,
    /// None.
    #[default]
    SoldOut,
}

impl StockLevel {
    /// True if at least one can be ordered.
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
    /// Promised to orders out of what is there.
    pub reserved: i64,
    /// Promised to orders that wait for more to come in.
    #[serde(default)]
    pub backordered: i64,
    /// How many may be promised beyond what is there.
    #[serde(default)]
    pub backorder_cap: i64,
    /// `on_hand - reserved - backordered`; below zero as far as it is sold beyond what is there.
    pub available: i64,
    /// Of what is on hand, how much lies at the location that was asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_hand_there: Option<i64>,
    /// Warn at or below this.
    pub low_threshold: i64,
    /// What buyers are told.
    pub level: StockLevel,
    /// True for a bundle: `available` says how many its parts suffice for, and nothing of its own is sold.
    #[serde(default)]
    pub bundle: bool,
    /// True for what is downloaded: there is always enough of it, whatever is on hand.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub digital: bool,
    /// Its parts with their stock, if it is a bundle that was asked for alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartStock>,
    /// Last movement.
    pub updated_at: Timestamp,
}

/// A part of a bundle with its stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartStock {
    /// Variant.
    pub variant_id: VariantId,
    /// Title of its product with its options.
    pub title: String,
    /// SKU.
    pub sku: String,
    /// How many of it lie in one bundle.
    pub quantity: i64,
    /// How many of it can be had.
    pub available: i64,
    /// False if it is not on sale: then the bundle cannot be bought.
    pub on_sale: bool,
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
    /// Only what is sold beyond what is there.
    #[serde(default)]
    pub waiting: bool,
    /// Says how many are at this location.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// Only what is at that location.
    #[serde(default)]
    pub there: bool,
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

/// Sets the number at which the vendor is warned.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetThreshold {
    /// Warn at or below this.
    #[garde(range(min = 0, max = 1_000_000))]
    pub low_threshold: i64,
}

/// Sets how many may be sold beyond what is there.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetBackorder {
    /// At most this many; 0 for none.
    #[garde(range(min = 0, max = 1_000_000))]
    pub backorder_cap: i64,
}

/// Asks for the stock of several variants.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct LevelsRequest {
    /// Variants, at most 100.
    #[garde(length(max = 100))]
    pub variant_ids: Vec<VariantId>,
    /// How many of each are wanted together, in the same order; empty if only the levels are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(length(max = 100), inner(range(min = 1, max = 1_000_000)))]
    pub quantities: Vec<i64>,
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
    /// How many of what is wanted can be had together with the rest of it, if those are fewer than are wanted: bundles
    /// need the same pieces as what is bought alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<i64>,
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

client! {
    /// Client of the inventory.
    InventoryClient for "inventory" {
        /// A vendor's stock.
        get stock(vendor_id: VendorId) query StockQuery => Page<StockView>, "/api/v1/vendors/{vendor_id}/stock";
        /// Stock of one variant.
        get stock_of(vendor_id: VendorId, variant_id: VariantId) => StockView, "/api/v1/vendors/{vendor_id}/stock/{variant_id}";
        /// Receives, corrects or counts.
        post adjust(vendor_id: VendorId, variant_id: VariantId) body AdjustStock => StockView, "/api/v1/vendors/{vendor_id}/stock/{variant_id}/adjustments";
        /// Receives, corrects or counts many at once; wants an idempotency key.
        post adjust_many(vendor_id: VendorId) body AdjustMany => Vec<AdjustedView>, "/api/v1/vendors/{vendor_id}/stock-adjustments";
        /// Sets the low-stock threshold.
        put set_threshold(vendor_id: VendorId, variant_id: VariantId) body SetThreshold => StockView, "/api/v1/vendors/{vendor_id}/stock/{variant_id}/threshold";
        /// Sets how many may be sold beyond what is there.
        put set_backorder(vendor_id: VendorId, variant_id: VariantId) body SetBackorder => StockView, "/api/v1/vendors/{vendor_id}/stock/{variant_id}/backorder";
        /// Movements of a variant, newest first.
        get movements(vendor_id: VendorId, variant_id: VariantId) query PageRequest => Page<MovementView>, "/api/v1/vendors/{vendor_id}/stock/{variant_id}/movements";
        /// What of a variant lies where.
        get places(vendor_id: VendorId, variant_id: VariantId) => Vec<PlaceView>, "/api/v1/vendors/{vendor_id}/stock/{variant_id}/places";
        /// Takes pieces from one location to another.
        post transfer(vendor_id: VendorId, variant_id: VariantId) body TransferStock => Vec<PlaceView>, "/api/v1/vendors/{vendor_id}/stock/{variant_id}/transfers";
        /// What was counted becomes movements, all of it or nothing.
        post count(vendor_id: VendorId) body CountStock => Vec<CountedView>, "/api/v1/vendors/{vendor_id}/stock-counts";
        /// The ledger of movements, newest first.
        get ledger(vendor_id: VendorId) query MovementQuery => Page<MovementView>, "/api/v1/vendors/{vendor_id}/stock-movements";
        /// Locations, in the order in which goods are taken.
        get locations(vendor_id: VendorId) query LocationQuery => Vec<LocationView>, "/api/v1/vendors/{vendor_id}/stock-locations";
        /// Adds a location.
        post add_location(vendor_id: VendorId) body NewLocation => LocationView, "/api/v1/vendors/{vendor_id}/stock-locations";
        /// Renames, closes or opens a location.
        put update_location(vendor_id: VendorId, location_id: LocationId) body LocationInput => LocationView, "/api/v1/vendors/{vendor_id}/stock-locations/{location_id}";
        /// Says from where goods are taken first.
        put order_locations(vendor_id: VendorId) body LocationOrder => Vec<LocationView>, "/api/v1/vendors/{vendor_id}/stock-location-order";
        /// Stock of several variants, as buyers are told.
        post levels() body LevelsRequest => Vec<LevelView>, "/api/v1/stock-levels";
    }
}
