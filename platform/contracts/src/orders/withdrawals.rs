//! Taking pieces out of a paid order before they are handed over. It is kept as a return of a kind of its own.

use garde::Validate;
use kernel::{OrderId, ReturnId, VendorId, VendorOrderId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AskedReturn, ParcelLine, Restock};

/// What kind of return it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnKind {
    /// Something that has arrived goes back.
    #[default]
    Return,
    /// Something is taken out of the order before it is handed over.
    Withdrawal,
    /// Money goes back for something that the buyer keeps, or that got lost, or for the delivery.
    Kept,
}

impl ReturnKind {
    /// True for what goes back after it has arrived, as nearly all do.
    pub fn is_return(&self) -> bool {
        *self == Self::Return
    }
}

/// Who has asked for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AskedBy {
    /// The buyer.
    #[default]
    Buyer,
    /// The vendor.
    Vendor,
    /// An admin.
    Admin,
}

impl AskedBy {
    /// True if it was the buyer, as with nearly all returns.
    pub fn is_buyer(&self) -> bool {
        *self == Self::Buyer
    }
}

/// Takes pieces out of a paid order. Needs an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct WithdrawItems {
    /// Which lines, and how many pieces of each. A line is named once.
    #[garde(length(min = 1, max = 100), dive)]
    pub lines: Vec<ParcelLine>,
    /// Why; buyer and vendor read it.
    #[serde(default)]
    #[garde(length(chars, max = 500))]
    pub reason: Option<String>,
}

/// What taking pieces out has led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemsWithdrawn {
    /// One per vendor. Each is settled a moment later, when it is certain that its pieces were not handed over meanwhile.
    pub withdrawals: Vec<AskedReturn>,
    /// True if nothing would have been left: then the whole order was called off, and there is no withdrawal.
    pub cancelled: bool,
}

/// Pieces are to be taken out of what is still to be sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnWithdrawalWanted {
    /// The return that stands for it.
    pub return_id: ReturnId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Which, and how many of each.
    pub lines: Vec<ParcelLine>,
    /// True if its buyer has something of the part without any parcel: then the part is complete once nothing is left to
    /// be packed, even if no parcel ever left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_downloads: bool,
}

/// Pieces were taken out of an order: they are promised to it no longer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnWithdrawn {
    /// The return that stands for it.
    pub return_id: ReturnId,
    /// Order.
    pub order_id: OrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Variants, and how many of each.
    pub pieces: Vec<Restock>,
}

events! { "return" by return_id {
    ReturnWithdrawalWanted = "return.withdrawal_wanted";
    ReturnWithdrawn = "return.withdrawn";
} }
