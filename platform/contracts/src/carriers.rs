//! What carriers do for vendors: labels, and where parcels come from.

use garde::Validate;
use kernel::{LabelId, Money, OrderId, ShipmentId, Timestamp, VendorOrderId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shared::Address;

/// The heaviest parcel that a label is bought for, in grams.
pub const PARCEL_G_MAX: i64 = 1_000_000;
/// The longest side of such a parcel, in millimetres.
pub const PARCEL_MM_MAX: i64 = 10_000;

/// Where a vendor's parcels come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SenderView {
    /// The address; none until the vendor has said it.
    pub address: Option<Address>,
    /// Whether labels can be bought in this marketplace; otherwise nobody needs the address.
    pub labels: bool,
    /// Version for `If-Match`; 0 until there is an address.
    pub version: i64,
}

/// The sides of a parcel, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ParcelSize {
    /// The longest side.
    #[garde(range(min = 1, max = PARCEL_MM_MAX))]
    pub length_mm: i64,
    /// The next one.
    #[garde(range(min = 1, max = PARCEL_MM_MAX))]
    pub width_mm: i64,
    /// The shortest side.
    #[garde(range(min = 1, max = PARCEL_MM_MAX))]
    pub height_mm: i64,
}

/// Buys a label for what is left to be handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct BuyLabel {
    /// Weight of the packed parcel, in grams.
    #[garde(range(min = 1, max = PARCEL_G_MAX))]
    pub weight_g: i64,
    /// Its size, where it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub size: Option<ParcelSize>,
    /// One of the services that are offered; without it the cheapest is bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, min = 1, max = 80))]
    pub service: Option<String>,
}

/// Where a label stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabelStatus {
    /// Asked for; the carrier has not answered yet.
    Ordered,
    /// It can be printed.
    Bought,
    /// The carrier would not sell it.
    Failed,
    /// It is being given back.
    Voiding,
    /// It was given back, or was never sold.
    Voided,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LabelView {
    /// Id.
    pub id: LabelId,
    /// The parcel it was bought for.
    pub shipment_id: ShipmentId,
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// Order.
    pub order_id: OrderId,
    /// Number of the vendor's part.
    pub number: String,
    /// Where it stands.
    pub status: LabelStatus,
    /// True once the parcel has left with it.
    pub used: bool,
    /// Weight that it was bought for, in grams.
    pub weight_g: i64,
    /// Who carries the parcel.
    pub carrier: Option<String>,
    /// Which of the carrier's services.
    pub service: Option<String>,
    /// Tracking number.
    pub tracking_number: Option<String>,
    /// What the carrier takes for it.
    pub price: Option<Money>,
    /// What the buyer has paid for the delivery of the whole part.
    pub charged: Option<Money>,
    /// True if that was only an estimate of what the carrier would take.
    #[serde(default)]
    pub estimated: bool,
    /// What all labels of the part cost together that were not given back, if that can be added up.
    pub part_cost: Option<Money>,
    /// True once the paper can be had.
    pub has_file: bool,
    /// Why it was not sold, or not taken back.
    pub failure: Option<String>,
    /// Asked for at.
    pub created_at: Timestamp,
}

/// Labels of a vendor's part of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartLabels {
    /// Whether labels can be bought at all in this marketplace.
    pub available: bool,
    /// Whether the vendor has said where its parcels come from.
    pub has_sender: bool,
    /// Services to choose from; none: the cheapest is bought.
    pub services: Vec<String>,
    /// Newest first; at most 50.
    pub labels: Vec<LabelView>,
}
