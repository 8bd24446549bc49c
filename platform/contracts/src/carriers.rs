//! What carriers do for vendors: labels, and where parcels come from.

use garde::Validate;
use kernel::{LabelId, Money, OrderId, ReturnId, ShipmentId, Timestamp, VendorId, VendorOrderId};
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

/// Buys a label for what is left to be handed over, or for what comes back.
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
    /// The parcel it was bought for; of a return one in which it had come.
    pub shipment_id: ShipmentId,
    /// The return that comes back with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_id: Option<ReturnId>,
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

/// Labels of a vendor's part of an order, or of a return.
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

/// A label was bought with the marketplace's account at the carrier: from now on its vendor bears what it costs. Labels are
/// bought and given back by turns: the events of one alternate, beginning with this one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LabelBought {
    /// Label.
    pub label_id: LabelId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// The parcel it was bought for; of a return one in which it had come.
    pub shipment_id: ShipmentId,
    /// Number of the vendor's part.
    pub number: String,
    /// Who carries the parcel.
    pub carrier: String,
    /// What the carrier takes for it; more than nothing.
    pub cost: Money,
    /// When.
    pub at: Timestamp,
}

/// A label was given back: it costs its vendor nothing any more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LabelRefunded {
    /// Label.
    pub label_id: LabelId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// Number of the vendor's part.
    pub number: String,
    /// What it had cost.
    pub cost: Money,
    /// When.
    pub at: Timestamp,
}

events! { "label" by label_id {
    LabelBought = "label.bought";
    LabelRefunded = "label.refunded";
} }

/// A label for what comes back can be printed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnLabelReady {
    /// Return.
    pub return_id: ReturnId,
    /// Label.
    pub label_id: LabelId,
    /// Who carries the parcel.
    pub carrier: String,
    /// Under which number.
    pub tracking_number: String,
    /// Its paper, among the files.
    pub file: String,
}

/// A label for what comes back is given back: it must not be used.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnLabelVoided {
    /// Return.
    pub return_id: ReturnId,
    /// Label.
    pub label_id: LabelId,
}

/// The carrier has what comes back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnLabelUsed {
    /// Return.
    pub return_id: ReturnId,
    /// Label.
    pub label_id: LabelId,
}

events! { "return_label" by return_id {
    ReturnLabelReady = "return_label.ready";
    ReturnLabelVoided = "return_label.voided";
    ReturnLabelUsed = "return_label.used";
} }
