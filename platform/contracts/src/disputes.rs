//! Disputes: buyers have their bank, or the provider, take a payment back.

use garde::Validate;
use kernel::{DisputeId, Money, OrderId, PaymentId, Timestamp, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a dispute stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStatus {
    /// It waits for an answer.
    Opened,
    /// It was answered; the provider, or the buyer's bank, decides.
    UnderReview,
    /// The money stays.
    Won,
    /// The buyer has the money.
    Lost,
}

impl DisputeStatus {
    /// True until it is decided.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Opened | Self::UnderReview)
    }
}

/// How the platform answers a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeAnswer {
    /// With evidence.
    Evidence,
    /// It gives it up.
    Acceptance,
}

/// What speaks for the platform. Needs an `Idempotency-Key`; it is sent once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What was sold.
    #[garde(length(chars, min = 1, max = 5_000))]
    pub product: String,
    /// Who carried the parcel.
    #[serde(default)]
    #[garde(length(chars, max = 100))]
    pub carrier: Option<String>,
    /// The parcel's number.
    #[serde(default)]
    #[garde(length(chars, max = 200))]
    pub tracking_number: Option<String>,
    /// What was written to and by the buyer.
    #[serde(default)]
    #[garde(length(chars, max = 5_000))]
    pub communication: Option<String>,
}

/// A vendor's part of a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisputePartView {
    /// Vendor.
    pub vendor_id: VendorId,
    /// How much of what is disputed is the vendor's.
    pub amount: Money,
    /// What is (or was) held of the vendor's balance for it: the amount and what the platform added for promotions, less
    /// commission.
    pub held: Money,
}

/// A dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisputeView {
    /// Id.
    pub id: DisputeId,
    /// Payment.
    pub payment_id: PaymentId,
    /// Its order.
    pub order_id: OrderId,
    /// The order's number.
    pub order_number: String,
    /// Provider.
    pub provider: String,
    /// The provider's id of the dispute.
    pub provider_ref: String,
    /// Where it stands.
    pub status: DisputeStatus,
    /// What is disputed.
    pub amount: Money,
    /// How much of that had been returned already, or was disputed before: no vendor bears it.
    pub beyond: Money,
    /// What the provider takes for it.
    pub fee: Money,
    /// Whether the provider has taken the amount out of the balance.
    pub is_withdrawn: bool,
    /// Why, in the provider's words: `fraudulent`, `product_not_received` …
    pub reason: String,
    /// Until when evidence is taken.
    pub evidence_due: Option<Timestamp>,
    /// How it was answered.
    pub answer: Option<DisputeAnswer>,
    /// Whether the provider has the answer.
    pub is_answer_sent: bool,
    /// The evidence, also that of an answer that was refused.
    pub evidence: Option<Evidence>,
    /// Why the provider refused the last answer.
    pub failure: Option<String>,
    /// Vendors' parts.
    pub parts: Vec<DisputePartView>,
    /// Known since.
    pub opened_at: Timestamp,
    /// Decided at.
    pub ended_at: Option<Timestamp>,
}

/// A dispute as one of its vendors sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorDisputeView {
    /// Id.
    pub id: DisputeId,
    /// Order.
    pub order_id: OrderId,
    /// Where it stands.
    pub status: DisputeStatus,
    /// How much of what is disputed is the vendor's.
    pub amount: Money,
    /// What is (or was) held of the vendor's balance for it.
    pub held: Money,
    /// Why, in the provider's words.
    pub reason: String,
    /// Known since.
    pub opened_at: Timestamp,
    /// Decided at.
    pub ended_at: Option<Timestamp>,
}

/// Filters disputes.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct DisputeQuery {
    /// Only these.
    #[serde(default)]
    pub status: Option<DisputeStatus>,
    /// Only of this order.
    #[serde(default)]
    pub order_id: Option<OrderId>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

/// Filters a vendor's parts of disputes.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct VendorDisputeQuery {
    /// Only of this order.
    #[serde(default)]
    pub order_id: Option<OrderId>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

/// A buyer disputes a payment: what the vendors have of it is held.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaymentDisputeOpened {
    /// Payment.
    pub payment_id: PaymentId,
    /// Order.
    pub order_id: OrderId,
    /// Dispute.
    pub dispute_id: DisputeId,
    /// What is disputed.
    pub amount: Money,
    /// Why, in the provider's words.
    pub reason: String,
    /// Until when evidence is taken.
    pub evidence_due: Option<Timestamp>,
    /// Parts of vendors.
    pub by_vendor: Vec<(VendorId, Money)>,
    /// When.
    pub at: Timestamp,
}

/// A dispute was decided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaymentDisputeClosed {
    /// Payment.
    pub payment_id: PaymentId,
    /// Order.
    pub order_id: OrderId,
    /// Dispute.
    pub dispute_id: DisputeId,
    /// What was disputed.
    pub amount: Money,
    /// Whether the money stays.
    pub is_won: bool,
    /// Parts of vendors.
    pub by_vendor: Vec<(VendorId, Money)>,
    /// When.
    pub at: Timestamp,
}
