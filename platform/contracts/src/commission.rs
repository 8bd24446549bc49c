//! What the platform takes of sales: rules by vendor, category and amount, and what came of them.

use garde::Validate;
use kernel::{
    CategoryId, CommissionRuleId, Currency, LineId, Money, OrderId, Page, PageRequest, PaymentId, Timestamp, VendorId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A rate from an amount of the line on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CommissionTier {
    /// From so much on, in minor units of the rule's currency.
    #[garde(range(min = 1, max = 1_000_000_000))]
    pub from_minor: i64,
    /// The rate of the whole line then, in basis points.
    #[garde(range(min = 0, max = 10_000))]
    pub rate_bp: i64,
}

/// Makes or changes a rule (admins).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CommissionRuleInput {
    /// What vendors read it by: `Electronics`.
    #[garde(length(chars, min = 1, max = 80))]
    pub name: String,
    /// Only for this vendor; for all if left out. It stays.
    #[serde(default)]
    #[garde(skip)]
    pub vendor_id: Option<VendorId>,
    /// Only for goods of this category and of those below it; for all if left out. It stays.
    #[serde(default)]
    #[garde(skip)]
    pub category_id: Option<CategoryId>,
    /// Only for sales in this currency, which is that of the amounts below; for all, without amounts, if left out. It stays.
    #[serde(default)]
    #[garde(skip)]
    pub currency: Option<Currency>,
    /// The rate in basis points: 1250 is 12.5 %.
    #[garde(range(min = 0, max = 10_000))]
    pub rate_bp: i64,
    /// Other rates from an amount of the line on, by amount.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(length(max = 10), dive)]
    pub tiers: Vec<CommissionTier>,
    /// What is added for each item, in minor units.
    #[serde(default)]
    #[garde(range(min = 0, max = 1_000_000_000))]
    pub fixed_minor: i64,
    /// At least so much per line, in minor units; never more than the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 1, max = 1_000_000_000))]
    pub min_minor: Option<i64>,
    /// At most so much per line, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 1, max = 1_000_000_000))]
    pub max_minor: Option<i64>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommissionRuleView {
    /// Id.
    pub id: CommissionRuleId,
    /// What was said.
    pub input: CommissionRuleInput,
    /// Version for `If-Match`.
    pub version: i64,
    /// Made at.
    pub created_at: Timestamp,
}

/// Asks what a line would pay if it were sold now (admins).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CommissionQuestion {
    /// Sold by whom.
    #[garde(skip)]
    pub vendor_id: VendorId,
    /// From the top of the tree to the product's own category.
    #[serde(default)]
    #[garde(length(max = 20))]
    pub categories: Vec<CategoryId>,
    /// For how much in all, with tax.
    #[garde(skip)]
    pub amount: Money,
    /// How many items that is.
    #[garde(range(min = 1, max = 10_000))]
    pub quantity: i64,
}

/// The commission on a line, or on all of a part that no rule is for; frozen when the order was placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommissionCharge {
    /// The line; none for the delivery together with the lines that no rule is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_id: Option<LineId>,
    /// The rule; none for the vendor's own rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_id: Option<CommissionRuleId>,
    /// What it is taken of: what the buyer pays and what the platform adds for its promotions.
    pub sold: Money,
    /// How much.
    pub commission: Money,
    /// Why, as a sentence.
    pub reason: String,
}

/// The commission on a vendor's part of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartCommission {
    /// Vendor.
    pub vendor_id: VendorId,
    /// All of it; goes back in proportion with refunds.
    pub commission: Money,
    /// What adds up to it; nothing for orders from before this was kept.
    pub charges: Vec<CommissionCharge>,
}

client! {
    /// Client of what the platform takes of sales, which the payments service keeps.
    CommissionsClient for "payments" {
        /// Rules that count, newest first (admins).
        get rules() query PageRequest => Page<CommissionRuleView>, "/api/v1/admin/commission-rules";
        /// Makes a rule (admins).
        post create() body CommissionRuleInput => CommissionRuleView, "/api/v1/admin/commission-rules";
        /// What a line would pay, and why (admins).
        post preview() body CommissionQuestion => CommissionCharge, "/api/v1/admin/commission-rules/preview";
        /// One rule (admins).
        get rule(id: CommissionRuleId) => CommissionRuleView, "/api/v1/admin/commission-rules/{id}";
        /// Changes a rule (admins).
        put update(id: CommissionRuleId) body CommissionRuleInput => CommissionRuleView, "/api/v1/admin/commission-rules/{id}";
        /// Ends a rule (admins).
        delete end(id: CommissionRuleId) => (), "/api/v1/admin/commission-rules/{id}";
        /// What was taken of each vendor's part of a payment, and why (admins).
        get of_payment(id: PaymentId) => Vec<PartCommission>, "/api/v1/admin/payments/{id}/commission";
        /// What is taken of a vendor's part of an order, and why (owners).
        get of_order(vendor_id: VendorId, order_id: OrderId) => PartCommission, "/api/v1/vendors/{vendor_id}/earnings/orders/{order_id}";
    }
}
