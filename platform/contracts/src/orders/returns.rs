//! What buyers send back: asked for in one form, one return per vendor.

use garde::Validate;
use kernel::{LineId, Money, OrderId, ProductId, ReturnId, Timestamp, VariantId, VendorId, VendorOrderId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AskedBy, ParcelLine, ReturnKind};
use crate::{catalog::Picture, shared::TimelineEntry};

/// Most photos that come with one form.
pub const RETURN_PHOTOS_MAX: usize = 4;
/// Longest time to return something, in days.
pub const RETURN_DAYS_MAX: i64 = 365;

/// Where a return stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnStatus {
    /// The buyer has asked; the vendor has not answered.
    Requested,
    /// The vendor takes it back; the buyer may send it.
    Approved,
    /// The vendor does not take it back.
    Refused,
    /// On its way to the vendor.
    Sent,
    /// The vendor has it; the money is on its way.
    Received,
    /// The money went back.
    Refunded,
    /// Another variant was sent instead.
    Exchanged,
    /// Ended without anything going back.
    Closed,
    /// The buyer keeps it after all.
    Cancelled,
}

/// Why something goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// It is not wanted any more.
    ChangedMind,
    /// It does not fit.
    DoesNotFit,
    /// It arrived damaged.
    Damaged,
    /// It does not work.
    Defective,
    /// Something else was sent.
    WrongItem,
    /// It is not what the page said.
    NotAsDescribed,
    /// It came too late.
    TooLate,
    /// Something else; the text says what.
    Other,
}

/// What the buyer wants for what goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// The money.
    Refund,
    /// Another variant of the same product.
    Exchange,
}

/// How far an exchange is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExchangeState {
    /// The stock is being asked for.
    Asked,
    /// The other variant is set aside.
    Held,
    /// There was none left: the money goes back instead.
    Short,
}

/// Asks to return lines of an order, of as many vendors as they are from. Needs an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RequestReturn {
    /// What goes back.
    #[garde(length(min = 1, max = 100), dive)]
    pub lines: Vec<ReturnWish>,
    /// Why.
    #[garde(skip)]
    pub reason: ReturnReason,
    /// In the buyer's words.
    #[serde(default)]
    #[garde(length(chars, max = 1_000))]
    pub text: Option<String>,
}

/// A line that goes back, and how many of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReturnWish {
    /// Line of the order.
    #[garde(skip)]
    pub line_id: LineId,
    /// How many.
    #[garde(range(min = 1, max = 10_000))]
    pub quantity: i64,
    /// The variant that is wanted instead: of the same product, at the same price. Without one the money goes back.
    #[serde(default)]
    #[garde(skip)]
    pub exchange_for: Option<VariantId>,
}

/// Says that a return is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SendReturn {
    /// Carrier.
    #[garde(length(chars, min = 1, max = 60))]
    pub carrier: String,
    /// Tracking number, or the reference on the label.
    #[garde(length(chars, min = 1, max = 80))]
    pub tracking_number: String,
}

/// Takes a return back, all of it or part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApproveReturn {
    /// How many of each line are taken back. A line that is not named is not.
    #[garde(length(min = 1, max = 100), dive)]
    pub lines: Vec<ApprovedLine>,
    /// Where to send it, which label to use.
    #[serde(default)]
    #[garde(length(chars, max = 1_000))]
    pub instructions: Option<String>,
    /// Why not everything is taken back. Needed if that is so.
    #[serde(default)]
    #[garde(length(chars, max = 500))]
    pub reason: Option<String>,
}

/// How many of a line are taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApprovedLine {
    /// Line of the order.
    #[garde(skip)]
    pub line_id: LineId,
    /// How many.
    #[garde(range(min = 0, max = 10_000))]
    pub quantity: i64,
}

/// Says no to a return, or ends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReturnAnswer {
    /// Why; the buyer reads it.
    #[garde(length(chars, min = 1, max = 500))]
    pub reason: String,
}

/// Says that a return has arrived, and in which state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReceiveReturn {
    /// What has arrived of each line. A line that is not named has not.
    #[garde(length(min = 1, max = 100), dive)]
    pub lines: Vec<ReceivedLine>,
    /// Whether the shipping goes back too.
    #[serde(default)]
    #[garde(skip)]
    pub refund_shipping: bool,
    /// In which state it is.
    #[serde(default)]
    #[garde(length(chars, max = 500))]
    pub condition: Option<String>,
}

/// What has arrived of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReceivedLine {
    /// Line of the order.
    #[garde(skip)]
    pub line_id: LineId,
    /// How many have arrived. These are paid back.
    #[garde(range(min = 0, max = 10_000))]
    pub received: i64,
    /// How many of them go back on sale.
    #[garde(range(min = 0, max = 10_000))]
    pub restocked: i64,
}

/// A return that a form has become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AskedReturn {
    /// Id.
    pub id: ReturnId,
    /// Number.
    pub number: String,
    /// Vendor.
    pub vendor_id: VendorId,
}

/// A return, as its buyer, its vendor and the admins see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnView {
    /// Id.
    pub id: ReturnId,
    /// Number people say: that of the vendor's part with a count, `S-2611-000123-A-R1`.
    pub number: String,
    /// Order.
    pub order_id: OrderId,
    /// Vendor's part of it.
    pub vendor_order_id: VendorOrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Its name.
    pub vendor_name: String,
    /// Whether it had arrived, or was taken out of the order before.
    #[serde(default, skip_serializing_if = "ReturnKind::is_return")]
    pub kind: ReturnKind,
    /// Who has asked for it.
    #[serde(default, skip_serializing_if = "AskedBy::is_buyer")]
    pub asked_by: AskedBy,
    /// Where it stands.
    pub status: ReturnStatus,
    /// What the buyer wants for it.
    pub remedy: Remedy,
    /// How far the exchange is, if it is or was one.
    pub exchange: Option<ExchangeState>,
    /// Who carries what is sent instead.
    pub new_carrier: Option<String>,
    /// Under which number.
    pub new_tracking_number: Option<String>,
    /// Why.
    pub reason: ReturnReason,
    /// In the buyer's words.
    pub text: Option<String>,
    /// Photos that came with the form.
    pub photos: Vec<Picture>,
    /// What goes back.
    pub lines: Vec<ReturnLineView>,
    /// Why it was refused, in part or whole, or ended.
    pub answer: Option<String>,
    /// Where to send it, which label to use.
    pub instructions: Option<String>,
    /// The label to send it with, if its vendor has bought one: printed from `…/returns/{return_id}/label`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<ReturnLabelView>,
    /// Who carries it.
    pub carrier: Option<String>,
    /// Under which number.
    pub tracking_number: Option<String>,
    /// In which state it arrived.
    pub condition: Option<String>,
    /// What goes back in all, once it has arrived.
    pub refund: Money,
    /// Shipping contained in that.
    pub refund_shipping: Money,
    /// Shipping that can still go back.
    pub shipping_left: Money,
    /// Why the money did not arrive.
    pub refund_failure: Option<String>,
    /// What has happened.
    pub timeline: Vec<TimelineEntry>,
    /// Asked for at.
    pub created_at: Timestamp,
    /// Version for `ETag`.
    pub version: i64,
}

/// Pays something back of a vendor's part for which nothing comes back. Needs an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PayBack {
    /// For which lines, and how many pieces of each. A line is named once; none if only the delivery goes back.
    #[serde(default)]
    #[garde(length(max = 100), dive)]
    pub lines: Vec<ParcelLine>,
    /// Whether the delivery goes back too, as much of it as has not.
    #[serde(default)]
    #[garde(skip)]
    pub shipping: bool,
    /// Why; buyer and vendor read it.
    #[garde(length(chars, min = 1, max = 500))]
    pub reason: String,
}

/// A label with which a return is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnLabelView {
    /// Who carries the parcel.
    pub carrier: String,
    /// Under which number.
    pub tracking_number: String,
}

/// A line of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnLineView {
    /// Line of the order.
    pub line_id: LineId,
    /// Variant.
    pub variant_id: VariantId,
    /// Product.
    pub product_id: ProductId,
    /// Title.
    pub title: String,
    /// Values of the options.
    pub options: Vec<String>,
    /// SKU.
    pub sku: String,
    /// How many the buyer wants to return.
    pub quantity: i64,
    /// What is wanted instead.
    pub exchange_for: Option<ExchangeVariant>,
    /// How many the vendor takes back, once it has answered.
    pub approved: Option<i64>,
    /// How many have arrived.
    pub received: i64,
    /// How many of them are on sale again.
    pub restocked: i64,
    /// What those that have arrived are worth: what goes back for them, unless they are exchanged.
    pub refund: Money,
    /// Tax contained in that.
    pub tax: Money,
}

/// A variant that is sent instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExchangeVariant {
    /// Variant.
    pub variant_id: VariantId,
    /// Values of its options.
    pub options: Vec<String>,
    /// SKU.
    pub sku: String,
}

/// What of an order was returned and what still can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderReturns {
    /// What can be returned now, by vendor.
    pub returnable: Vec<ReturnablePart>,
    /// Returns, oldest first.
    pub returns: Vec<ReturnView>,
}

/// A vendor's part of which something can be returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnablePart {
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Its name.
    pub vendor_name: String,
    /// Until when.
    pub until: Timestamp,
    /// Lines.
    pub lines: Vec<ReturnableLine>,
}

/// A line that can be returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnableLine {
    /// Line of the order.
    pub line_id: LineId,
    /// Product.
    pub product_id: ProductId,
    /// Variant.
    pub variant_id: VariantId,
    /// Title.
    pub title: String,
    /// Values of the options.
    pub options: Vec<String>,
    /// Price of one. Another variant of the product at this price can be had instead.
    pub unit_price: Money,
    /// How many.
    pub quantity: i64,
}

/// A return in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnSummary {
    /// Id.
    pub id: ReturnId,
    /// Number.
    pub number: String,
    /// Order.
    pub order_id: OrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Its name.
    pub vendor_name: String,
    /// Whether it had arrived, or was taken out of the order before.
    #[serde(default, skip_serializing_if = "ReturnKind::is_return")]
    pub kind: ReturnKind,
    /// Where it stands.
    pub status: ReturnStatus,
    /// Why.
    pub reason: ReturnReason,
    /// Pieces the buyer wants to return.
    pub items: i64,
    /// What goes back in all, once it has arrived.
    pub refund: Money,
    /// True if the money did not arrive.
    pub refund_failed: bool,
    /// Asked for at.
    pub created_at: Timestamp,
}

/// Filters returns.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ReturnQuery {
    /// Only these.
    #[serde(default)]
    pub status: Option<ReturnStatus>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

/// For how long the marketplace has its vendors take things back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReturnPolicy {
    /// Days after the delivery; 0 takes nothing back.
    #[garde(range(min = 0, max = RETURN_DAYS_MAX))]
    pub days: i64,
}

/// For how long a vendor takes things back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorReturnPolicy {
    /// What the marketplace asks for.
    pub market_days: i64,
    /// What the vendor has set, if it has.
    pub own_days: Option<i64>,
    /// What counts: the vendor's days, and never fewer than the marketplace's.
    pub days: i64,
}

/// Sets a vendor's own time, or takes it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetVendorReturnPolicy {
    /// Days after the delivery; the marketplace's if left out.
    #[serde(default)]
    #[garde(range(min = 0, max = RETURN_DAYS_MAX))]
    pub days: Option<i64>,
}
