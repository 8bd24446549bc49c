//! What orders tell other services.

use kernel::{
    AccountId, CartId, CategoryId, Country, LineId, Money, OrderId, ProductId, ShippingMethodId, Timestamp, VariantId,
    VendorId, VendorOrderId,
};
use serde::{Deserialize, Serialize};

use super::PaymentChoice;
use crate::inventory::Shortage;
/// What other services need of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSnapshot {
    /// Line.
    pub line_id: LineId,
    /// Variant.
    pub variant_id: VariantId,
    /// Product.
    pub product_id: ProductId,
    /// How many.
    pub quantity: i64,
    /// Total after discounts, tax contained.
    pub total: Money,
    /// Tax contained.
    pub tax: Money,
    /// True if it is downloaded: then it takes no stock and lies in no parcel, and with the payment its buyer has it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub digital: bool,
    /// From the top of the tree to the product's own category, when it was ordered. Told by `order.placed` alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryId>,
    /// What the platform adds to `total` for promotions that it pays, in minor units of `total`'s currency.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub subsidy_minor: i64,
}

fn is_nothing(minor: &i64) -> bool {
    *minor == 0
}

/// What other services need of a vendor's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorPart {
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// Its number.
    pub number: String,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Lines.
    pub lines: Vec<LineSnapshot>,
    /// Sum of the lines.
    pub items: Money,
    /// Shipping.
    pub shipping: Money,
    /// Shipping method.
    pub method_id: Option<ShippingMethodId>,
    /// Name of the shipping method.
    pub method_name: String,
    /// True if its buyer fetches it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pickup: bool,
    /// Tax contained in `total`.
    pub tax: Money,
    /// `items + shipping`.
    pub total: Money,
    /// What the platform adds to `total` for promotions that it pays, in minor units of `total`'s currency.
    #[serde(default)]
    pub subsidy_minor: i64,
}

/// What other services need of an order. No name, no address, no e-mail: those who write to
/// people ask `orders` for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderSnapshot {
    /// Number.
    pub number: String,
    /// Account, unless a guest's.
    pub account_id: Option<AccountId>,
    /// Cart to be emptied.
    pub cart_id: Option<CartId>,
    /// Where it goes.
    pub country: Country,
    /// Parts.
    pub parts: Vec<VendorPart>,
    /// To pay.
    pub total: Money,
    /// Tax contained.
    pub tax: Money,
    /// How to pay.
    pub payment: PaymentChoice,
    /// Placed at.
    pub placed_at: Timestamp,
}

/// An order was accepted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderPlaced {
    /// Order.
    pub order_id: OrderId,
    /// When it is called off unless it is paid.
    #[serde(default)]
    pub pay_by: Option<Timestamp>,
    /// The order.
    pub order: OrderSnapshot,
}

/// An order was paid; vendors may ship.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderPaid {
    /// Order.
    pub order_id: OrderId,
    /// The order.
    pub order: OrderSnapshot,
    /// When.
    pub paid_at: Timestamp,
    /// True if it was promised before: then vendors have been sending it since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_promised: bool,
}

/// An order is paid to the courier when it is handed over; vendors may ship.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderPromised {
    /// Order.
    pub order_id: OrderId,
    /// The order.
    pub order: OrderSnapshot,
    /// When.
    pub promised_at: Timestamp,
}

/// A guest's order belongs to an account now: its address is proven to be the order's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderClaimed {
    /// Order.
    pub order_id: OrderId,
    /// Whose it is now.
    pub account_id: AccountId,
    /// The order.
    pub order: OrderSnapshot,
    /// When it was paid, unless it was not or was called off.
    pub paid_at: Option<Timestamp>,
}

/// An order was turned down for lack of stock. Nothing is held, nothing was charged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderRejected {
    /// Order.
    pub order_id: OrderId,
    /// Account, unless a guest's.
    pub account_id: Option<AccountId>,
    /// What was missing.
    pub shortages: Vec<Shortage>,
}

/// An order was called off. Stock goes back on sale; what was or will yet be captured is returned.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderCancelled {
    /// Order.
    pub order_id: OrderId,
    /// Account, unless a guest's.
    pub account_id: Option<AccountId>,
    /// `payment_failed`, `expired`, `by_buyer`, `by_admin`, `out_of_stock`.
    pub reason: String,
    /// True if it had been paid.
    pub was_paid: bool,
}

/// Every part was delivered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderCompleted {
    /// Order.
    pub order_id: OrderId,
    /// Account, unless a guest's.
    pub account_id: Option<AccountId>,
}

/// An admin has made an order for a buyer, who does not know of it yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderMade {
    /// Order.
    pub order_id: OrderId,
    /// When it is called off unless it is paid.
    pub pay_by: Timestamp,
}

events! { "order_made" by order_id {
    OrderMade = "order.made_for_buyer";
} }

events! { "order" by order_id {
    OrderPlaced = "order.placed";
    OrderPromised = "order.promised";
    OrderPaid = "order.paid";
    OrderClaimed = "order.claimed";
    OrderRejected = "order.rejected";
    OrderCancelled = "order.cancelled";
    OrderCompleted = "order.completed";
} }
