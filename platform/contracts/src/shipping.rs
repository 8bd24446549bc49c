//! How vendors ship, and where parcels are.

use garde::Validate;
use kernel::{
    Country, Currency, LabelId, LineId, Money, OrderId, Page, PageRequest, ReturnId, ShipmentId, ShippingMethodId,
    Timestamp, VariantId, VendorId, VendorOrderId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    arrival::Handling,
    carriers::{BuyLabel, LabelView, PartLabels, SenderView},
    orders::{ParcelLine, Tracking},
    pickup::PickupPlace,
    shared::{Address, TimelineEntry},
};

/// A way a vendor ships.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MethodView {
    /// Id.
    pub id: ShippingMethodId,
    /// What can be changed.
    pub input: MethodInput,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Creates or changes a way to ship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct MethodInput {
    /// `Standard parcel`
    #[garde(length(chars, min = 1, max = 80))]
    pub name: String,
    /// Currency.
    #[garde(skip)]
    pub currency: Currency,
    /// Price with tax, in minor units.
    #[garde(range(min = 0, max = 10_000_000))]
    pub price_minor: i64,
    /// Free from this value of goods on.
    #[serde(default)]
    #[garde(range(min = 0, max = 100_000_000))]
    pub free_over_minor: Option<i64>,
    /// Countries it goes to; everywhere if empty.
    #[serde(default)]
    #[garde(length(max = 250))]
    pub countries: Vec<Country>,
    /// Days on the way at least.
    #[garde(range(min = 0, max = 120))]
    pub days_min: i64,
    /// Days on the way at most.
    #[garde(range(min = 0, max = 120))]
    pub days_max: i64,
    /// What heavier parcels cost instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(length(max = 20), dive)]
    pub weight_prices: Vec<WeightPrice>,
    /// What parcels with goods of a higher value cost instead; not beside `weight_prices`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(length(max = 20), dive)]
    pub value_prices: Vec<ValuePrice>,
    /// Heavier parcels do not go this way, in grams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 1, max = 10_000_000))]
    pub max_weight_g: Option<i64>,
    /// True if a parcel costs what the carrier takes for it; the prices above hold where that is not known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[garde(skip)]
    pub carrier_rate: bool,
    /// What passes before a parcel leaves.
    #[serde(default, skip_serializing_if = "Handling::is_plain")]
    #[garde(dive)]
    pub handling: Handling,
    /// Where buyers fetch it themselves; left out: it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub pickup: Option<PickupPlace>,
}

/// What the carrier took last for a parcel of a vendor's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarrierRate {
    /// To this country.
    pub country: Country,
    /// Up to this weight, in grams.
    pub up_to_g: i64,
    /// The price.
    pub price: Money,
    /// When the carrier said so.
    pub at: Timestamp,
}

/// From this weight on a parcel costs this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct WeightPrice {
    /// Grams, of all goods in the parcel together.
    #[garde(range(min = 1, max = 10_000_000))]
    pub from_g: i64,
    /// Price with tax, in minor units.
    #[garde(range(min = 0, max = 10_000_000))]
    pub price_minor: i64,
}

/// From this value of goods on a parcel costs this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ValuePrice {
    /// Value of all the vendor's goods together, in minor units: after discounts, before promotions.
    #[garde(range(min = 1, max = 100_000_000))]
    pub from_minor: i64,
    /// Price with tax, in minor units. From where on it is free says `free_over_minor`.
    #[garde(range(min = 1, max = 10_000_000))]
    pub price_minor: i64,
}

/// Where a parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShipmentStatus {
    /// To be packed.
    Preparing,
    /// Handed over.
    Shipped,
    /// Arrived.
    Delivered,
    /// Called off.
    Cancelled,
}

/// A parcel, as its vendor sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShipmentView {
    /// Id.
    pub id: ShipmentId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// Its number.
    pub number: String,
    /// Which parcel of the part: 1 for the first.
    #[serde(default = "first")]
    pub parcel: i64,
    /// What lies in it, or is left to be packed; all of the part if nothing is said.
    #[serde(default)]
    pub lines: Vec<ParcelLine>,
    /// Where it is.
    pub status: ShipmentStatus,
    /// How it is shipped.
    pub method: String,
    /// True if its buyer fetches it: handed over means that it is ready, arrived that it was fetched.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pickup: bool,
    /// True while goods of it still have to come in: it cannot be handed over yet.
    #[serde(default)]
    pub waits_for_goods: bool,
    /// Carrier and number.
    pub tracking: Option<Tracking>,
    /// What has happened.
    pub timeline: Vec<TimelineEntry>,
    /// Version for `If-Match`.
    pub version: i64,
}

fn first() -> i64 {
    1
}

/// What lies in a parcel, for everybody with the link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrackedLine {
    /// Title.
    pub title: String,
    /// Values of the options.
    pub options: Vec<String>,
    /// How many.
    pub quantity: i64,
}

/// A parcel as everybody with the link sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrackingView {
    /// Number of the vendor's part.
    pub number: String,
    /// Which parcel of the part.
    #[serde(default = "first")]
    pub parcel: i64,
    /// How many parcels the part has so far.
    #[serde(default = "first")]
    pub parcels: i64,
    /// What lies in it; nothing if that cannot be said now.
    #[serde(default)]
    pub lines: Vec<TrackedLine>,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Where it is.
    pub status: ShipmentStatus,
    /// True if its buyer fetches it; `tracking_number` is then what the buyer shows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pickup: bool,
    /// Carrier.
    pub carrier: Option<String>,
    /// Tracking number.
    pub tracking_number: Option<String>,
    /// What has happened.
    pub timeline: Vec<TimelineEntry>,
}

/// Hands a parcel over, or says that it can be fetched.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct MarkShipped {
    /// Carrier; left out for what its buyer fetches.
    #[serde(default)]
    #[garde(length(chars, max = 60))]
    pub carrier: String,
    /// Tracking number; left out for what its buyer fetches.
    #[serde(default)]
    #[garde(length(chars, max = 80))]
    pub tracking_number: String,
    /// What lies in it, if not all that is left: the rest goes with later parcels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(min = 1, max = 100), dive)]
    pub lines: Option<Vec<ParcelLine>>,
}

/// A vendor's ways to ship have changed; the list is complete.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MethodsChanged {
    /// Vendor.
    pub vendor_id: VendorId,
    /// All its methods.
    pub methods: Vec<(ShippingMethodId, MethodInput)>,
    /// What the carrier takes for its parcels, for methods that cost that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<CarrierRate>,
}

events! { "shipping_methods" by vendor_id {
    MethodsChanged = "shipping.methods_changed";
} }

/// A parcel is to be packed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShipmentCreated {
    /// Shipment.
    pub shipment_id: ShipmentId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// Vendor.
    pub vendor_id: VendorId,
}

/// A parcel was handed over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShipmentShipped {
    /// Shipment.
    pub shipment_id: ShipmentId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Where to follow it.
    pub tracking: Tracking,
    /// Which parcel of the part.
    #[serde(default = "first")]
    pub parcel: i64,
    /// What lies in it; all of the part if nothing is said.
    #[serde(default)]
    pub lines: Vec<ShippedLine>,
    /// When.
    pub at: Timestamp,
}

/// What of a line lies in a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippedLine {
    /// Line.
    pub line_id: LineId,
    /// Its variant.
    pub variant_id: VariantId,
    /// How many.
    pub quantity: i64,
}

/// A parcel has arrived.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShipmentDelivered {
    /// Shipment.
    pub shipment_id: ShipmentId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// True if all of the vendor's part has arrived with it.
    #[serde(default = "whole")]
    pub complete: bool,
    /// When.
    pub at: Timestamp,
}

fn whole() -> bool {
    true
}

/// All that a vendor still sends of its part has arrived: the rest was taken out of the order after the last parcel had.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShipmentPartArrived {
    /// The parcel that arrived last.
    pub shipment_id: ShipmentId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// When it had arrived.
    pub at: Timestamp,
}

events! { "shipment" by shipment_id {
    ShipmentCreated = "shipment.created";
    ShipmentShipped = "shipment.shipped";
    ShipmentDelivered = "shipment.delivered";
    ShipmentPartArrived = "shipment.part_arrived";
} }

/// Pieces were taken out of what was still to be sent: they will not leave.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WithdrawalGranted {
    /// The return that stands for it.
    pub return_id: ReturnId,
}

/// Pieces that were to be taken out cannot be, and none of them were.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WithdrawalRefused {
    /// The return that stands for it.
    pub return_id: ReturnId,
    /// Why, for a person.
    pub reason: String,
}

impl WithdrawalRefused {
    /// The order was called off.
    pub const CALLED_OFF: &'static str = "It was called off meanwhile.";
    /// The pieces have left.
    pub const HANDED_OVER: &'static str = "It was handed over meanwhile.";
    /// The pieces are not there yet.
    pub const NOT_THERE_YET: &'static str = "Its stock is still being set aside. Try again in a moment.";
    /// Its carrier knows of all of them.
    pub const LEAVES_WHOLE: &'static str = "This parcel leaves whole.";
}

events! { "withdrawal" by return_id {
    WithdrawalGranted = "withdrawal.granted";
    WithdrawalRefused = "withdrawal.refused";
} }

/// What a method costs, for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RateView {
    /// Method.
    pub method_id: ShippingMethodId,
    /// Name.
    pub name: String,
    /// Price of the lightest parcel, with goods of the least value.
    pub price: Money,
    /// What it costs instead from a value of goods on, by value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub value_prices: Vec<ValueRate>,
    /// Free from this value on.
    pub free_over: Option<Money>,
    /// Days at least.
    pub days_min: i64,
    /// Days at most.
    pub days_max: i64,
    /// What passes before a parcel leaves.
    #[serde(default, skip_serializing_if = "Handling::is_plain")]
    pub handling: Handling,
    /// Where buyers fetch it themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pickup: Option<PickupPlace>,
}

/// From this value of goods on a method costs this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValueRate {
    /// Value of all goods of the vendor's together.
    pub from: Money,
    /// The price.
    pub price: Money,
}

client! {
    /// Client of the shipping service.
    ShippingClient for "shipping" {
        /// An open store's ways to ship, for its page.
        get rates(vendor_id: VendorId) => Vec<RateView>, "/api/v1/stores/{vendor_id}/shipping-rates";
        /// A vendor's ways to ship.
        get methods(vendor_id: VendorId) => Vec<MethodView>, "/api/v1/vendors/{vendor_id}/shipping-methods";
        /// Adds a way to ship.
        post add_method(vendor_id: VendorId) body MethodInput => MethodView, "/api/v1/vendors/{vendor_id}/shipping-methods";
        /// Changes a way to ship.
        put update_method(vendor_id: VendorId, id: ShippingMethodId) body MethodInput => MethodView, "/api/v1/vendors/{vendor_id}/shipping-methods/{id}";
        /// Removes a way to ship.
        delete remove_method(vendor_id: VendorId, id: ShippingMethodId) => (), "/api/v1/vendors/{vendor_id}/shipping-methods/{id}";
        /// Parcels of a vendor, newest first.
        get shipments(vendor_id: VendorId) query PageRequest => Page<ShipmentView>, "/api/v1/vendors/{vendor_id}/shipments";
        /// All parcels of a vendor's part of an order, the first one first.
        get parcels(vendor_id: VendorId, vendor_order_id: VendorOrderId) => Vec<ShipmentView>, "/api/v1/vendors/{vendor_id}/orders/{vendor_order_id}/shipments";
        /// The parcel of a vendor's part that is to be packed, or else the last one.
        get shipment(vendor_id: VendorId, vendor_order_id: VendorOrderId) => ShipmentView, "/api/v1/vendors/{vendor_id}/orders/{vendor_order_id}/shipment";
        /// Hands a parcel over.
        post ship(vendor_id: VendorId, vendor_order_id: VendorOrderId) body MarkShipped => ShipmentView, "/api/v1/vendors/{vendor_id}/orders/{vendor_order_id}/shipment/ship";
        /// Marks one parcel as arrived.
        post deliver_parcel(vendor_id: VendorId, id: ShipmentId) => ShipmentView, "/api/v1/vendors/{vendor_id}/shipments/{id}/deliver";
        /// Marks the only parcel of a part as arrived.
        post deliver(vendor_id: VendorId, vendor_order_id: VendorOrderId) => ShipmentView, "/api/v1/vendors/{vendor_id}/orders/{vendor_order_id}/shipment/deliver";
        /// All parcels of an order, for admins.
        get parcels_of_order(order_id: OrderId) => Vec<ShipmentView>, "/api/v1/admin/orders/{order_id}/shipments";
        /// Where a vendor's parcels come from.
        get sender(vendor_id: VendorId) => SenderView, "/api/v1/vendors/{vendor_id}/sender";
        /// Says where a vendor's parcels come from.
        put set_sender(vendor_id: VendorId) body Address => SenderView, "/api/v1/vendors/{vendor_id}/sender";
        /// Labels of a vendor's part of an order, and whether more can be bought.
        get part_labels(vendor_id: VendorId, vendor_order_id: VendorOrderId) => PartLabels, "/api/v1/vendors/{vendor_id}/orders/{vendor_order_id}/labels";
        /// Buys a label for what is left of a vendor's part.
        post buy_label(vendor_id: VendorId, vendor_order_id: VendorOrderId) body BuyLabel => LabelView, "/api/v1/vendors/{vendor_id}/orders/{vendor_order_id}/labels";
        /// Labels of a return, and whether more can be bought.
        get return_labels(vendor_id: VendorId, return_id: ReturnId) => PartLabels, "/api/v1/vendors/{vendor_id}/returns/{return_id}/labels";
        /// Buys a label for what comes back.
        post buy_return_label(vendor_id: VendorId, return_id: ReturnId) body BuyLabel => LabelView, "/api/v1/vendors/{vendor_id}/returns/{return_id}/labels";
        /// A vendor's labels, newest first.
        get labels(vendor_id: VendorId) query PageRequest => Page<LabelView>, "/api/v1/vendors/{vendor_id}/labels";
        /// Gives a label back that was not used.
        post cancel_label(vendor_id: VendorId, id: LabelId) => LabelView, "/api/v1/vendors/{vendor_id}/labels/{id}/cancel";
        /// A parcel, for everybody with the link.
        get track(token: &str) => TrackingView, "/api/v1/tracking/{token}";
    }
}
