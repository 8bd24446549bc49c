//! What returns tell other services.

use kernel::{Money, OrderId, RefundId, ReturnId, VariantId, VendorId};
use serde::{Deserialize, Serialize};

use super::ReturnStatus;

/// A buyer wants to return something.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnRequested {
    /// Return.
    pub return_id: ReturnId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor.
    pub vendor_id: VendorId,
}

/// The vendor has answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnDecided {
    /// Return.
    pub return_id: ReturnId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Whether any of it is taken back.
    pub approved: bool,
}

/// A label to send it with can be printed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnLabelled {
    /// Return.
    pub return_id: ReturnId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor.
    pub vendor_id: VendorId,
}

/// A return is on its way to its vendor.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnSent {
    /// Return.
    pub return_id: ReturnId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor.
    pub vendor_id: VendorId,
}

/// A return has arrived.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnReceived {
    /// Return.
    pub return_id: ReturnId,
    /// Its number.
    pub number: String,
    /// Order.
    pub order_id: OrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// What goes back on sale.
    pub restock: Vec<Restock>,
}

/// So many of a variant: back on sale, or wanted instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restock {
    /// Variant.
    pub variant_id: VariantId,
    /// How many.
    pub quantity: i64,
}

/// Money has to go back for a return. Its refund has this id, however often this is heard. An amount of nothing says that all
/// of the vendor's part has come back, of an order that cost nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnRefundDue {
    /// Return.
    pub return_id: ReturnId,
    /// Its number.
    pub number: String,
    /// Order.
    pub order_id: OrderId,
    /// Vendor, who bears it.
    pub vendor_id: VendorId,
    /// The refund.
    pub refund_id: RefundId,
    /// How much.
    pub amount: Money,
}

/// The vendor exchanges what comes back: the other variants are to be set aside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnExchangeWanted {
    /// Return.
    pub return_id: ReturnId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// What is wanted.
    pub wanted: Vec<Restock>,
}

/// The other variants were handed over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnExchanged {
    /// Return.
    pub return_id: ReturnId,
    /// Its number.
    pub number: String,
    /// Order.
    pub order_id: OrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// What has left.
    pub sent: Vec<Restock>,
}

/// A return is over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnEnded {
    /// Return.
    pub return_id: ReturnId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// How.
    pub status: ReturnStatus,
}

events! { "return" by return_id {
    ReturnRequested = "return.requested";
    ReturnDecided = "return.decided";
    ReturnLabelled = "return.labelled";
    ReturnSent = "return.sent";
    ReturnReceived = "return.received";
    ReturnRefundDue = "return.refund_due";
    ReturnExchangeWanted = "return.exchange_wanted";
    ReturnExchanged = "return.exchanged";
    ReturnEnded = "return.ended";
} }
