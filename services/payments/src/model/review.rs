//! Money that does not fit: what each kind of it is about, what can be done about it, and what fits an order after all.

use contracts::{
    payments::PaymentStatus,
    queue::{ReviewAction, ReviewItem, ReviewState},
};
use kernel::{Money, OrderId, RefundId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Payment, Verdict, judge};
use crate::provider::ProviderPayment;

/// What names a thing to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Provider.
    pub provider: String,
    /// The provider's id of what it is about.
    pub provider_ref: String,
    /// What is wrong.
    pub problem: String,
}

/// What a provider's id is the id of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A payment.
    Payment,
    /// A refund.
    Refund,
    /// A dispute.
    Dispute,
    /// A transfer to a vendor.
    Transfer,
}

/// What is wrong with money that no payment of ours has.
pub const STRAY: [&str; 6] =
    ["second_payment", "unknown_order", "wrong_reference", "wrong_mode", "wrong_currency", "wrong_amount"];

/// What else is wrong with a payment that somebody looks at, so that it need not be found again.
pub const FOUND: [&str; 5] = ["returned_payment", "changed_amount", "changed_fee", "wrong_account", "wrong_payee"];

impl Subject {
    /// Its name in addresses. Neither a provider's name nor a problem has a hyphen in it.
    pub fn id(&self) -> String {
        format!("{}-{}-{}", self.provider, self.problem, self.provider_ref)
    }
    /// The subject of this name.
    pub fn of(id: &str) -> Option<Self> {
        let mut parts = id.splitn(3, '-').map(str::to_owned);
        let (provider, problem, provider_ref) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { provider, provider_ref, problem })
    }
    /// What it is about.
    pub fn about(&self) -> About {
        match self.problem.as_str() {
            "unknown_refund" | "strange_refund" => About::Refund,
            "strange_dispute" | "changed_dispute" | "contradicted_dispute" | "dispute_of_returned" => About::Dispute,
            "strange_transfer" | "refused_reversal" | "strange_reversal" => About::Transfer,
            _ => About::Payment,
        }
    }
    /// True if it is money that no payment of ours has.
    pub fn is_stray(&self) -> bool {
        STRAY.contains(&self.problem.as_str())
    }
    /// True if it is money of ours that did not go back.
    pub fn is_failed_refund(&self) -> bool {
        self.problem == "refund_failed"
    }
}

/// A thing to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub subject: Subject,
    /// Order it names.
    pub order_id: Option<OrderId>,
    /// The money in question, where it is known.
    pub amount: Option<Money>,
    /// Where it stands.
    pub state: ReviewState,
    /// What was done about it, or is being done.
    pub action: Option<ReviewAction>,
    /// How often its money was sent back.
    pub attempt: i64,
    /// The refund of the last time.
    pub refund_id: Option<RefundId>,
    /// Found at.
    pub at: Timestamp,
    /// Resolved at.
    pub resolved_at: Option<Timestamp>,
}

impl Item {
    /// As it is told.
    pub fn view(&self) -> ReviewItem {
        ReviewItem {
            id: self.subject.id(),
            provider: self.subject.provider.clone(),
            provider_ref: self.subject.provider_ref.clone(),
            problem: self.subject.problem.clone(),
            order_id: self.order_id,
            amount: self.amount,
            state: self.state,
            action: self.action,
            at: self.at,
            resolved_at: self.resolved_at,
        }
    }
}

/// An action as in the table.
pub fn action_text(action: ReviewAction) -> &'static str {
    match action {
        ReviewAction::Refund => "refund",
        ReviewAction::Attach => "attach",
        ReviewAction::TakeUp => "take_up",
        ReviewAction::TickOff => "tick_off",
    }
}

/// The action behind [`action_text`].
pub fn action_of(text: &str) -> Option<ReviewAction> {
    let all = [ReviewAction::Refund, ReviewAction::Attach, ReviewAction::TakeUp, ReviewAction::TickOff];
    all.into_iter().find(|action| action_text(*action) == text)
}

/// The state behind a text of the table.
pub fn state_of(text: &str) -> Option<ReviewState> {
    match text {
        "open" => Some(ReviewState::Open),
        "returning" => Some(ReviewState::Returning),
        "resolved" => Some(ReviewState::Resolved),
        _ => None,
    }
}

/// Why money does not fit an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// The order has its money.
    Paid,
    /// The order waits for none any more.
    NotWaiting,
    /// The provider holds no money in it.
    NoMoney,
    /// It differs in something.
    Differs(&'static str),
}

/// Whether a provider's payment, one that we have not had as this order's, is its money after all. `waiting` is demanded
/// where the order has to be one that is still to be paid.
///
/// # Errors
/// Says why it is not.
pub fn fits(payment: &Payment, seen: &ProviderPayment, livemode: bool, waiting: bool) -> Result<(), Misfit> {
    if payment.is_captured() {
        return Err(Misfit::Paid);
    }
    if waiting && !waits(payment) {
        return Err(Misfit::NotWaiting);
    }
    if seen.captured.amount_minor <= 0 {
        return Err(Misfit::NoMoney);
    }
    // As if it had been this one from the beginning.
    let adopted = Payment { provider_ref: Some(seen.id.clone()), former_refs: Vec::new(), ..payment.clone() };
    match judge(&adopted, seen, livemode) {
        Verdict::Capture => Ok(()),
        Verdict::Review { problem } => Err(Misfit::Differs(problem)),
        _ => Err(Misfit::NoMoney),
    }
}

/// True if the order of this payment is still to be paid.
pub fn waits(payment: &Payment) -> bool {
    (payment.is_open() || payment.status == PaymentStatus::Pending) && !payment.order_cancelled
}

/// What is known of a thing to be looked at.
pub struct Known<'a> {
    /// The payment of the order that it names.
    pub payment: Option<&'a Payment>,
    /// The payment at the provider, if it says so.
    pub seen: Option<&'a ProviderPayment>,
    /// The provider's mode.
    pub livemode: bool,
    /// True where an admin sends money back by hand.
    pub is_by_hand: bool,
}

/// What can be done about it now, by all that is known.
pub fn offered(item: &Item, known: &Known<'_>) -> Vec<ReviewAction> {
    if item.state != ReviewState::Open {
        return Vec::new();
    }
    let mut offered = Vec::new();
    let has_money = known.seen.is_none_or(|seen| seen.captured.amount_minor > 0);
    if (item.subject.is_stray() && has_money && !known.is_by_hand) || item.subject.is_failed_refund() {
        offered.push(ReviewAction::Refund);
    }
    match (known.payment, known.seen) {
        _ if !item.subject.is_stray() => {}
        (Some(payment), Some(seen)) if fits(payment, seen, known.livemode, false).is_ok() => {
            offered.push(if waits(payment) { ReviewAction::Attach } else { ReviewAction::TakeUp });
        }
        // It names no order of ours, but an admin may know which it is for.
        (None, Some(seen)) if seen.captured.amount_minor > 0 && !known.is_by_hand => {
            offered.push(ReviewAction::Attach);
        }
        _ => {}
    }
    offered.push(ReviewAction::TickOff);
    offered
}
