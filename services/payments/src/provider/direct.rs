//! Payments of which the provider itself pays vendors their parts, to accounts of theirs: what it takes for the platform is its
//! fee alone. Such a payment has a part per vendor at the provider, and money goes back out of the part that it came into.

use kernel::{Money, VendorId};
use serde::{Deserialize, Serialize};

/// A vendor's part of a payment, of which the vendor gets the money itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectPart {
    /// Whose.
    pub vendor_id: VendorId,
    /// The provider's id of the vendor's account.
    pub account_ref: String,
    /// What the buyer pays for it.
    pub amount: Money,
    /// What of that the platform keeps.
    pub fee: Money,
}

impl DirectPart {
    /// What the vendor gets, before what the provider takes for it.
    pub fn to_vendor(&self) -> kernel::Result<Money> {
        self.amount.minus(self.fee)
    }
}

/// Money on its way back out of a vendor's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectRefund {
    /// Whose.
    pub vendor_id: VendorId,
    /// The provider's id of the vendor's account.
    pub account_ref: String,
    /// What of the refund the platform gives out of its fee; the vendor's account gives the rest.
    pub fee: Money,
}
