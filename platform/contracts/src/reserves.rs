//! What is held back of vendors' sales, and what vendors have beside it.

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::payouts::BalanceView;

/// What is held back of each sale of a vendor, and for how long (admins).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReserveTerms {
    /// How much of what the vendor is owed for the sale, in basis points; 0: nothing.
    #[garde(range(min = 0, max = 10_000))]
    pub rate_bp: i64,
    /// For so many days from the payment on.
    #[garde(range(min = 1, max = 365))]
    pub days: i64,
}

/// What a vendor has, as admins see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorMoney {
    /// One per currency.
    pub balances: Vec<BalanceView>,
    /// What is held back of its sales from now on; none: nothing.
    pub reserve: Option<ReserveTerms>,
}
