//! A payment, and what to make of what the provider says about it; what does not fit; for how long is looked again; disputes;
//! payouts, their periods and accounts; commission; invoices; stored value. Pure.

pub mod commission;
pub mod credits;
pub mod direct;
pub mod disputes;
pub mod invoices;
pub mod looks;
pub mod maturity;
pub mod papers;
pub mod payee;
pub mod payouts;
pub mod recipients;
pub mod reversals;
pub mod review;
pub mod sepa;

use contracts::payments::PaymentStatus;
use kernel::{Money, OrderId, PaymentId, RefundId, Timestamp, VendorId};

use crate::provider::{ProviderPayment, ProviderStatus, direct::DirectPart};

/// A status as in the table.
pub fn status_text(status: PaymentStatus) -> &'static str {
    match status {
        PaymentStatus::Pending => "pending",
        PaymentStatus::Opening => "opening",
        PaymentStatus::RequiresAction => "requires_action",
        PaymentStatus::Processing => "processing",
        PaymentStatus::Unknown => "unknown",
        PaymentStatus::Promised => "promised",
        PaymentStatus::Captured => "captured",
        PaymentStatus::Failed => "failed",
        PaymentStatus::Cancelled => "cancelled",
        PaymentStatus::Refunded => "refunded",
    }
}

/// Every status of a payment.
pub const ALL_STATUSES: [PaymentStatus; 10] = [
    PaymentStatus::Pending,
    PaymentStatus::Opening,
    PaymentStatus::RequiresAction,
    PaymentStatus::Processing,
    PaymentStatus::Unknown,
    PaymentStatus::Promised,
    PaymentStatus::Captured,
    PaymentStatus::Failed,
    PaymentStatus::Cancelled,
    PaymentStatus::Refunded,
];

/// The status behind [`status_text`].
pub fn status_of(text: &str) -> Option<PaymentStatus> {
    ALL_STATUSES.into_iter().find(|status| status_text(*status) == text)
}

/// The payment of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Id.
    pub id: PaymentId,
    /// Order.
    pub order_id: OrderId,
    /// Number people say.
    pub order_number: String,
    /// Provider.
    pub provider: String,
    /// Which of its ways to pay.
    pub method: String,
    /// Single-use token for a card, until it was used.
    pub token: Option<String>,
    /// Where the buyer comes back to.
    pub return_path: Option<String>,
    /// Where it stands.
    pub status: PaymentStatus,
    /// The order was called off or turned down: whatever was or will be captured goes back.
    pub order_cancelled: bool,
    /// To pay.
    pub amount: Money,
    /// What stored value covers of that: the provider is asked for the rest.
    pub covered: Money,
    /// What of the rest a courier does not collect, because it was taken out before anybody had paid.
    pub reduced: Money,
    /// Captured, with what is covered.
    pub captured: Money,
    /// Gone back or on its way.
    pub refunded: Money,
    /// How much of that goes back to stored value.
    pub restored: Money,
    /// Gone back.
    pub settled: Money,
    /// Bound by disputes that are open or lost.
    pub disputed: Money,
    /// Lost in disputes.
    pub lost: Money,
    /// Which attempt at paying it is.
    pub attempt: i64,
    /// Whether another way to pay was chosen, and waits for this one to be called off.
    pub is_replaced: bool,
    /// The providers' ids of earlier attempts.
    pub former_refs: Vec<String>,
    /// What vendors get of it from the provider itself; none: that was not decided.
    pub direct: Option<Vec<DirectPart>>,
    /// The provider's id.
    pub provider_ref: Option<String>,
    /// The page on which the buyer has to act.
    pub action_url: Option<String>,
    /// Why it failed.
    pub failure: Option<String>,
    /// Times it was asked for without an end.
    pub checks: i64,
    /// Known since.
    pub created_at: Timestamp,
    /// Opened at the provider at (or tried to).
    pub opened_at: Option<Timestamp>,
}

impl Payment {
    /// True while the provider may still have news.
    pub fn is_open(&self) -> bool {
        match self.status {
            PaymentStatus::Opening
            | PaymentStatus::RequiresAction
            | PaymentStatus::Processing
            | PaymentStatus::Unknown
            | PaymentStatus::Promised => true,
            PaymentStatus::Pending
            | PaymentStatus::Captured
            | PaymentStatus::Failed
            | PaymentStatus::Cancelled
            | PaymentStatus::Refunded => false,
        }
    }
    /// What the provider is asked for.
    pub fn charge(&self) -> Money {
        let minor = self.amount.amount_minor.saturating_sub(self.covered.amount_minor);
        Money::new(minor, self.amount.currency)
    }
    /// What an admin has to see before it is captured: the charge, or what of it a courier still collects.
    pub fn to_collect(&self) -> Money {
        let minor = self.charge().amount_minor.saturating_sub(self.reduced.amount_minor);
        Money::new(minor, self.amount.currency)
    }
    /// What can still go back from the provider: that of the charge which neither refunds nor disputes have.
    pub fn left_at_provider(&self) -> kernel::Result<Money> {
        if !self.is_captured() {
            return Ok(Money::zero(self.amount.currency));
        }
        let gone = self.refunded.minus(self.restored)?;
        self.charge().minus(gone)?.minus(self.disputed)
    }
    /// What can still go back.
    pub fn left(&self) -> kernel::Result<Money> {
        self.captured.minus(self.refunded)?.minus(self.disputed)
    }
    /// What this vendor gets of it from the provider itself.
    pub fn direct_of(&self, vendor: VendorId) -> Option<&DirectPart> {
        self.direct_parts().iter().find(|part| part.vendor_id == vendor)
    }
    /// What vendors get of it from the provider itself.
    pub fn direct_parts(&self) -> &[DirectPart] {
        self.direct.as_deref().unwrap_or_default()
    }
    /// True once it is paid, even if there was nothing to pay.
    pub fn is_captured(&self) -> bool {
        matches!(self.status, PaymentStatus::Captured | PaymentStatus::Refunded)
    }
    /// Key of a step at the provider: order, step, which kind of attempt. Never time, never chance.
    pub fn key(&self, step: &str) -> String {
        format!("{}:{step}:{}", self.order_id, self.attempt)
    }
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Id.
    pub id: RefundId,
    /// Payment.
    pub payment_id: PaymentId,
    /// How much.
    pub amount: Money,
    /// How much of that goes back to stored value.
    pub credit: Money,
    /// Whose part it is of, if it is of one alone.
    pub vendor_id: Option<VendorId>,
    /// How much of it comes out of that vendor's own account at the provider.
    pub direct: Money,
    /// Why.
    pub reason: String,
    /// Because the order was called off, not because an admin asked.
    pub automatic: bool,
    /// `pending`, `succeeded`, `failed`.
    pub status: String,
    /// The provider's id.
    pub provider_ref: Option<String>,
    /// Asked for at.
    pub created_at: Timestamp,
}

impl Refund {
    /// True while nobody knows how it ends.
    pub fn is_pending(&self) -> bool {
        self.status == "pending"
    }
    /// What the provider sends back.
    pub fn at_provider(&self) -> Money {
        Money::new(self.amount.amount_minor.saturating_sub(self.credit.amount_minor), self.amount.currency)
    }
}

/// What to make of what the provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The money is there, and it is exactly this order's.
    Capture,
    /// The buyer has to act.
    Action {
        /// Where.
        url: String,
    },
    /// The provider is working on it.
    Processing,
    /// A courier collects the money.
    Promised,
    /// The buyer has agreed, and it fits: the money may be taken.
    Take,
    /// The money will not come.
    Failed {
        /// Why.
        reason: String,
    },
    /// It does not fit. Nothing is believed, somebody has to look.
    Review {
        /// What is wrong.
        problem: &'static str,
    },
    /// Known already.
    Nothing,
}

/// Judges what the provider says about the payment of an order. Paid is only what fits in every
/// respect: the order, the amount, the currency, the mode, and the one payment we know of.
pub fn judge(payment: &Payment, seen: &ProviderPayment, livemode: bool) -> Verdict {
    let review = |problem| Verdict::Review { problem };
    let is_former = payment.former_refs.contains(&seen.id);
    if is_former || payment.provider_ref.as_ref().is_some_and(|known| *known != seen.id) {
        // Money in a second payment is nobody's yet; an empty one is harmless.
        let has_money = seen.captured.amount_minor > 0;
        return if has_money { review("second_payment") } else { Verdict::Nothing };
    }
    if payment.is_captured() && !kernel::planted!(3) {
        return Verdict::Nothing;
    }
    if seen.reference != payment.order_id.to_string() {
        return review("wrong_reference");
    }
    if seen.livemode != livemode {
        return review("wrong_mode");
    }
    if seen.is_elsewhere {
        return review("wrong_account");
    }
    if seen.direct != payment.direct_parts() {
        return review("wrong_payee");
    }
    if seen.amount.currency != payment.amount.currency {
        return review("wrong_currency");
    }
    if seen.amount != payment.charge() && !kernel::planted!(5) {
        return review("wrong_amount");
    }
    match &seen.status {
        ProviderStatus::Succeeded if seen.captured == payment.charge() || kernel::planted!(5) => Verdict::Capture,
        ProviderStatus::Succeeded => review("wrong_amount"),
        _ if seen.captured.amount_minor != 0 => review("wrong_amount"),
        ProviderStatus::RequiresAction { url } => Verdict::Action { url: url.clone() },
        ProviderStatus::Processing => Verdict::Processing,
        ProviderStatus::Promised => Verdict::Promised,
        ProviderStatus::Authorised => Verdict::Take,
        ProviderStatus::Failed { reason } => Verdict::Failed { reason: reason.clone() },
    }
}
