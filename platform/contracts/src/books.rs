//! The ledger as one reads it: entries, accounts and their sums, what a period was to the marketplace.

use kernel::{Currency, DisputeId, EntryId, Money, OrderId, PaymentId, PayoutId, RefundId, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A journal entry of the ledger: its postings add up to zero per currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EntryView {
    /// Id.
    pub id: EntryId,
    /// When.
    pub at: Timestamp,
    /// `capture`, `refund`, `payout` …
    pub kind: String,
    /// For a person.
    pub text: String,
    /// Order.
    pub order_id: Option<OrderId>,
    /// Payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<PaymentId>,
    /// Refund of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_id: Option<RefundId>,
    /// Dispute of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispute_id: Option<DisputeId>,
    /// Payout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout_id: Option<PayoutId>,
    /// The entry it corrects.
    pub corrects: Option<EntryId>,
    /// Postings.
    pub postings: Vec<PostingView>,
}

/// A posting: debit positive, credit negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PostingView {
    /// `provider:sandbox`, `vendor_payable:<id>`, `commission`, `tax` …
    pub account: String,
    /// Amount.
    pub amount: Money,
}

/// Sum of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccountBalance {
    /// Account.
    pub account: String,
    /// Sum of its postings.
    pub balance: Money,
}

/// All accounts; the sum per currency is zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrialBalance {
    /// Accounts.
    pub accounts: Vec<AccountBalance>,
    /// Sum per currency: zero, or something is wrong.
    pub sums: Vec<Money>,
}

/// Filters the ledger.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct LedgerQuery {
    /// Only entries of this order.
    #[serde(default)]
    pub order_id: Option<OrderId>,
    /// Only the entry of this refund.
    #[serde(default)]
    pub refund_id: Option<RefundId>,
    /// Only entries of this dispute.
    #[serde(default)]
    pub dispute_id: Option<DisputeId>,
    /// Only entries of this payout.
    #[serde(default)]
    pub payout_id: Option<PayoutId>,
    /// Only entries with a posting on this account.
    #[serde(default)]
    pub account: Option<String>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

/// Up to when accounts are summed.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct TrialBalanceQuery {
    /// As they stood at the end of this day (UTC), as `2026-11-30`; now if left out.
    #[serde(default)]
    pub at: Option<String>,
}

/// What a period was to the marketplace, in one currency, out of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MoneyReport {
    /// Currency.
    pub currency: Currency,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// All of it.
    pub total: MoneySums,
    /// Each day on which anything was booked, oldest first.
    pub days: Vec<MoneyDay>,
}

/// A day of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MoneyDay {
    /// Day (UTC), as `2026-11-30`.
    pub date: String,
    /// What was booked on it.
    #[serde(flatten)]
    pub sums: MoneySums,
}

/// What was booked, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MoneySums {
    /// Taken from buyers, with what they paid with stored value.
    pub sales_minor: i64,
    /// Returned to buyers.
    pub refunds_minor: i64,
    /// Earned by commission, less what went back with refunds and lost disputes.
    pub commission_minor: i64,
    /// Tax that is contained in commission, by the invoices issued in the period; nothing where that is not booked.
    #[serde(default)]
    pub commission_tax_minor: i64,
    /// Cost of promotions that the platform pays, less what came back.
    pub promotions_minor: i64,
    /// Taken back by buyers' banks for disputes, less what was won.
    pub disputes_minor: i64,
    /// Taken by providers for disputes, less what came back.
    pub dispute_fees_minor: i64,
    /// Kept by providers of what they have taken.
    #[serde(default)]
    pub provider_fees_minor: i64,
    /// Set aside for payouts to vendors, less what their banks did not take.
    pub payouts_minor: i64,
    /// Taken from vendors for labels of carriers, less those given back.
    pub labels_minor: i64,
    /// Stored value given out, sold or for nothing, less what has lapsed.
    pub credit_minor: i64,
}
