//! The things the gateway keeps: plain values, no I/O.

use std::collections::BTreeMap;

use kernel::{Currency, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    card::{Behaviour, UsedCard},
    payees::{Payee, Transfer},
};

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The buyer has to enter a card on the hosted page.
    RequiresPayment,
    /// The buyer has to approve on the bank's page.
    RequiresAction,
    /// The bank has not decided yet; it cannot be cancelled now.
    Processing,
    /// Authorised; the merchant has to capture.
    RequiresCapture,
    /// Captured. Final.
    Succeeded,
    /// Refused for good. Final.
    Failed,
    /// Cancelled by merchant, buyer or time. Final.
    Canceled,
}

impl Status {
    /// As in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RequiresPayment => "requires_payment",
            Self::RequiresAction => "requires_action",
            Self::Processing => "processing",
            Self::RequiresCapture => "requires_capture",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// On its way; counts against what may still be refunded.
    Pending,
    /// Paid back. Final.
    Succeeded,
    /// The bank sent it back. Final; the amount may be refunded again.
    Failed,
}

/// Where the buyer has to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextAction {
    /// Always `redirect_to_url`.
    pub r#type: String,
    /// The page.
    pub url: String,
}

/// A payment, as stored and as answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// `pay_…`
    pub id: String,
    /// Where it stands.
    pub status: Status,
    /// What is to be paid, in minor units.
    pub amount_minor: i64,
    /// Currency of every amount here.
    pub currency: Currency,
    /// The merchant's name for it: the order.
    pub reference: String,
    /// Shown to the buyer.
    pub description: String,
    /// Whether a success captures at once.
    pub capture: bool,
    /// Taken from the buyer.
    pub captured_minor: i64,
    /// Given back.
    pub refunded_minor: i64,
    /// On its way back.
    pub refund_pending_minor: i64,
    /// What the gateway keeps of what was taken, if it is set to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_minor: Option<i64>,
    /// Always false: no real money moves here.
    pub livemode: bool,
    /// Page to send the buyer to, while there is something to do there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosted_url: Option<String>,
    /// The same as an instruction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_action: Option<NextAction>,
    /// Why the last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_code: Option<String>,
    /// The same for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_message: Option<String>,
    /// The card of the last attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<UsedCard>,
    /// Cards tried.
    pub attempts: u32,
    /// Opened with a token: there is no other card to try, so a refusal is final.
    pub by_token: bool,
    /// Where the buyer goes afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// Where the buyer goes after cancelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_url: Option<String>,
    /// The merchant's notes.
    pub metadata: BTreeMap<String, String>,
    /// Refunds, oldest first.
    pub refunds: Vec<Refund>,
    /// Disputes, oldest first.
    #[serde(default)]
    pub disputes: Vec<Dispute>,
    /// Events told so far.
    pub events: u32,
    /// Grows with every change: an event with a lower version is old news.
    pub version: u32,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When an unpaid one is cancelled.
    pub expires_at: Timestamp,
}

impl Payment {
    /// What may still be refunded: pending refunds, and what is disputed or was lost in a dispute, count as gone.
    pub fn refundable_minor(&self) -> i64 {
        (self.captured_minor - self.refunded_minor - self.refund_pending_minor - self.disputed_minor()).max(0)
    }
    /// What is disputed, or was lost in a dispute.
    pub fn disputed_minor(&self) -> i64 {
        self.disputes.iter().filter(|d| d.status != DisputeStatus::Won).map(|d| d.amount_minor).sum()
    }
    /// What the card of this payment does.
    pub fn behaviour(&self) -> Behaviour {
        self.card.as_ref().map_or(Behaviour::Succeed, |card| card.behaviour)
    }
    /// The part of the id behind `pay_`, shared by its refunds and events.
    pub fn stem(&self) -> &str {
        self.id.strip_prefix("pay_").unwrap_or(&self.id)
    }
}

/// Money on its way back, as stored and as answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// `re_…`; contains the payment's stem, so that it can be found.
    pub id: String,
    /// The payment.
    pub payment: String,
    /// How much.
    pub amount_minor: i64,
    /// The payment's currency.
    pub currency: Currency,
    /// Where it stands.
    pub status: RefundStatus,
    /// Why, in the merchant's words.
    pub reason: String,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_code: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// The payment a refund id belongs to.
pub fn payment_of_refund(refund: &str) -> Option<String> {
    let (stem, _) = refund.strip_prefix("re_")?.rsplit_once('_')?;
    Some(format!("pay_{stem}"))
}

/// Where a dispute stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStatus {
    /// The merchant may send evidence.
    NeedsResponse,
    /// The bank decides.
    UnderReview,
    /// The merchant has the money again. Final.
    Won,
    /// The buyer has it. Final.
    Lost,
}

impl DisputeStatus {
    /// As in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NeedsResponse => "needs_response",
            Self::UnderReview => "under_review",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }
    /// True until it is decided.
    pub fn is_open(self) -> bool {
        matches!(self, Self::NeedsResponse | Self::UnderReview)
    }
}

/// What the merchant says to a dispute.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What was sold.
    pub product: String,
    /// Who carried the parcel.
    #[serde(default)]
    pub carrier: Option<String>,
    /// Its number.
    #[serde(default)]
    pub tracking_number: Option<String>,
    /// What was written to and by the buyer.
    #[serde(default)]
    pub communication: Option<String>,
}

/// The buyer has the bank take the money back, as stored and as answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// `dp_…`; contains the payment's stem, so that it can be found.
    pub id: String,
    /// The payment.
    pub payment: String,
    /// How much.
    pub amount_minor: i64,
    /// The payment's currency.
    pub currency: Currency,
    /// Why: `fraudulent`, `product_not_received` …
    pub reason: String,
    /// Where it stands.
    pub status: DisputeStatus,
    /// What the merchant has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Until when evidence is taken; without any it is lost then.
    pub evidence_due: Timestamp,
    /// Taken out of the merchant's balance for it.
    pub withdrawn_minor: i64,
    /// What it costs; given back if it is won.
    pub fee_minor: i64,
    /// When it was opened.
    pub created_at: Timestamp,
}

/// The payment a dispute id belongs to.
pub fn payment_of_dispute(dispute: &str) -> Option<String> {
    let (stem, _) = dispute.strip_prefix("dp_")?.rsplit_once('_')?;
    Some(format!("pay_{stem}"))
}

/// What an event tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventKind {
    /// The money is captured.
    #[serde(rename = "payment.succeeded")]
    Succeeded,
    /// Refused for good.
    #[serde(rename = "payment.failed")]
    Failed,
    /// Cancelled.
    #[serde(rename = "payment.canceled")]
    Canceled,
    /// The buyer has to approve.
    #[serde(rename = "payment.requires_action")]
    RequiresAction,
    /// The merchant has to capture (only with `capture: false`).
    #[serde(rename = "payment.requires_capture")]
    RequiresCapture,
    /// The bank is thinking.
    #[serde(rename = "payment.processing")]
    Processing,
    /// Paid back.
    #[serde(rename = "refund.succeeded")]
    RefundSucceeded,
    /// The refund came back.
    #[serde(rename = "refund.failed")]
    RefundFailed,
    /// The buyer disputes the payment; the money is taken back.
    #[serde(rename = "dispute.created")]
    DisputeCreated,
    /// The merchant has answered.
    #[serde(rename = "dispute.updated")]
    DisputeUpdated,
    /// It is decided.
    #[serde(rename = "dispute.closed")]
    DisputeClosed,
    /// A payee has said who it is, or is closed.
    #[serde(rename = "payee.updated")]
    PayeeUpdated,
}

impl EventKind {
    /// As in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "payment.succeeded",
            Self::Failed => "payment.failed",
            Self::Canceled => "payment.canceled",
            Self::RequiresAction => "payment.requires_action",
            Self::RequiresCapture => "payment.requires_capture",
            Self::Processing => "payment.processing",
            Self::RefundSucceeded => "refund.succeeded",
            Self::RefundFailed => "refund.failed",
            Self::DisputeCreated => "dispute.created",
            Self::DisputeUpdated => "dispute.updated",
            Self::DisputeClosed => "dispute.closed",
            Self::PayeeUpdated => "payee.updated",
        }
    }
}

/// Something the merchant is told; `body` is sent, byte for byte, at every attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// `evt_…`
    pub id: String,
    /// Its payment, or payee.
    pub payment: String,
    /// When it happened.
    pub created: Timestamp,
    /// The JSON document.
    pub body: String,
}

/// How far the delivery of one event to one endpoint has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// To be sent (again) when due.
    Pending,
    /// Answered with 2xx.
    Delivered,
    /// Given up.
    GivenUp,
}

/// One event on its way to one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Position in the configured list of endpoints.
    pub endpoint: usize,
    /// How far it has come.
    pub state: DeliveryState,
    /// Attempts so far, lost ones included.
    pub attempts: u32,
    /// When to try (again).
    pub due: Timestamp,
    /// The last answer; none if there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_status: Option<u16>,
}

/// Something that happens by itself later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// When.
    pub at: Timestamp,
    /// To which payment.
    pub payment: String,
    /// What.
    pub what: Later,
}

/// What a timer does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Later {
    /// The bank says yes.
    Settle,
    /// Nobody paid in time.
    Expire,
    /// The refund with this id arrives.
    RefundSucceeds(String),
    /// The refund with this id comes back.
    RefundFails(String),
    /// The buyer disputes the whole of it.
    Dispute,
    /// The bank decides the dispute with this id by its evidence.
    Decide(String),
    /// Nobody has answered the dispute with this id in time.
    Lapse(String),
}

/// A movement of money. The journal of these is only ever appended to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// Set aside on the buyer's account.
    Authorized,
    /// Released again without being taken.
    Voided,
    /// Taken.
    Captured,
    /// Given back.
    Refunded,
    /// Taken back by the bank for a dispute.
    Disputed,
    /// Given back by the bank after a dispute.
    Reinstated,
    /// Taken for a dispute, or kept of what was captured.
    Fee,
    /// That, given back.
    FeeReturned,
}

impl Movement {
    /// As in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authorized => "authorized",
            Self::Voided => "voided",
            Self::Captured => "captured",
            Self::Refunded => "refunded",
            Self::Disputed => "disputed",
            Self::Reinstated => "reinstated",
            Self::Fee => "fee",
            Self::FeeReturned => "fee_returned",
        }
    }
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Of which payment.
    pub payment: String,
    /// What.
    pub movement: Movement,
    /// How much.
    pub amount_minor: i64,
}

/// The answer kept for an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// The key.
    pub key: String,
    /// Hash of the command it came with.
    pub fingerprint: String,
    /// When it was first used.
    pub at: Timestamp,
    /// HTTP status answered.
    pub status: u16,
    /// Body answered.
    pub body: String,
}

/// One effect of a command. The state is the sum of all changes, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The payment is new.
    Opened(Box<Payment>),
    /// The payment now looks like this.
    Payment(Box<Payment>),
    /// The payee is new, or now looks like this.
    Payee(Box<Payee>),
    /// The transfer is new, or now looks like this.
    Transfer(Box<Transfer>),
    /// Money moved.
    Entry(Entry),
    /// Something to tell, and to whom.
    Event(Event, Vec<Delivery>),
    /// An attempt to deliver was made.
    Delivery(i64, Delivery),
    /// Something will happen later.
    Timer(Timer),
    /// The timer with this number has done its work.
    TimerDone(i64),
    /// An answer is kept.
    Key(KeptAnswer),
    /// What is older than these times may be forgotten.
    Prune {
        /// For idempotency keys.
        keys: Timestamp,
        /// For events and their deliveries.
        events: Timestamp,
    },
}
