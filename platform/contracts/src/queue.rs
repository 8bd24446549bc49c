//! What an operator works off: money that fits no order, or an order whose money does not fit, and what providers told of.

use garde::Validate;
use kernel::{AccountId, Money, OrderId, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::payments::PaymentView;

/// Where a thing to be looked at stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// Somebody has to look.
    Open,
    /// Its money is on the way back.
    Returning,
    /// Nothing is left to do.
    Resolved,
}

/// What is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewAction {
    /// The money goes back, the way it came.
    Refund,
    /// The money pays the order that it names and that still waits for it.
    Attach,
    /// The money is noted for an order that may be over. What an order that was called off has paid goes back by itself.
    TakeUp,
    /// Somebody has explained it.
    TickOff,
}

/// Money that fits no order, or an order whose money does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewItem {
    /// Names it in addresses: provider, problem and the provider's id.
    pub id: String,
    /// Provider.
    pub provider: String,
    /// The provider's id of the payment, refund or dispute.
    pub provider_ref: String,
    /// What is wrong.
    pub problem: String,
    /// Order it names.
    pub order_id: Option<OrderId>,
    /// The money in question, where it is known.
    pub amount: Option<Money>,
    /// Where it stands.
    pub state: ReviewState,
    /// What was done about it, or is being done. None of what has resolved itself.
    pub action: Option<ReviewAction>,
    /// Found at.
    pub at: Timestamp,
    /// Resolved at.
    pub resolved_at: Option<Timestamp>,
}

/// An entry of its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewEntry {
    /// When.
    pub at: Timestamp,
    /// Who; none: Souk itself, with what came of it.
    pub by: Option<AccountId>,
    /// What was done.
    pub action: ReviewAction,
    /// Why, in the words of whoever did it.
    pub note: Option<String>,
    /// What came of it.
    pub result: String,
}

/// What the provider says now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProviderFacts {
    /// `payment`, `refund`, `dispute` or `transfer`.
    pub kind: String,
    /// What we called it: the order.
    pub reference: Option<String>,
    /// `succeeded`, `failed` …
    pub status: String,
    /// Its amount.
    pub amount: Money,
    /// Taken from the buyer.
    pub captured: Option<Money>,
    /// Whether real money moves.
    pub livemode: Option<bool>,
}

/// A thing to be looked at, with what Souk knows beside what the provider says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewDetail {
    /// What it is.
    pub item: ReviewItem,
    /// The payment of the order that it names, as Souk has it.
    pub ours: Option<PaymentView>,
    /// What the provider says now.
    pub theirs: Option<ProviderFacts>,
    /// Why the provider says nothing.
    pub silence: Option<String>,
    /// What can be done about it now, by all that is known.
    pub actions: Vec<ReviewAction>,
    /// What was done, oldest first.
    pub history: Vec<ReviewEntry>,
}

/// Does something about it (admins).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReviewRequest {
    /// What.
    #[garde(skip)]
    pub action: ReviewAction,
    /// Why; needed where something is ticked off, or attached to an order that the money does not name.
    #[serde(default)]
    #[garde(length(chars, max = 1_000))]
    pub note: Option<String>,
    /// Number of the order that money is attached to which names none of ours.
    #[serde(default)]
    #[garde(length(chars, max = 40))]
    pub order_number: Option<String>,
}

/// Filters what is to be looked at.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ReviewQuery {
    /// Only these; if left out what is open, with what is on its way back.
    #[serde(default)]
    pub state: Option<ReviewState>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

/// What is open for longer than a quarter of an hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unexplained {
    /// How many things.
    pub items: i64,
    /// Their money, as far as it is known, per currency.
    pub sums: Vec<Money>,
}

/// Where an event of a provider stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookState {
    /// Noted, to be taken in.
    Received,
    /// Taken in.
    Handled,
    /// It fits nothing of ours.
    Unmatched,
}

/// An event of a provider, as it was noted. What it says is never believed: the provider is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WebhookView {
    /// Provider.
    pub provider: String,
    /// The provider's id of the event.
    pub event_id: String,
    /// What it tells, in the provider's words.
    pub kind: String,
    /// The provider's id of the payment that it is about.
    pub payment_ref: String,
    /// The provider's id of the refund, if it is about one.
    pub refund_ref: Option<String>,
    /// The provider's id of the dispute, if it is about one.
    pub dispute_ref: Option<String>,
    /// Where it stands.
    pub state: WebhookState,
    /// How often it was tried to take it in.
    pub tries: i64,
    /// Why the last try failed.
    pub error: Option<String>,
    /// Came at.
    pub received_at: Timestamp,
}

/// Filters the events of providers.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct WebhookQuery {
    /// Only of this provider.
    #[serde(default)]
    pub provider: Option<String>,
    /// Only these.
    #[serde(default)]
    pub state: Option<WebhookState>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}
