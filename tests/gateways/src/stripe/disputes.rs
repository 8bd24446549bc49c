//! Disputes: a buyer's bank takes the money back.

use kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    FakeStripe, State,
    calls::{Answer, Call, page},
};

/// What Stripe takes for a dispute.
const FEE: i64 = 2_000;
/// Seconds for which evidence is taken.
const ANSWER_WITHIN_S: i64 = 7 * 24 * 3600;

/// A dispute.
#[derive(Debug, Clone)]
pub struct Dispute {
    pub(super) id: String,
    pub(super) intent: String,
    amount: i64,
    currency: String,
    status: &'static str,
    /// What the bank asks only is not withdrawn.
    is_inquiry: bool,
    product: Option<String>,
    created: Timestamp,
}

impl Dispute {
    /// As Stripe writes it.
    pub(super) fn json(&self) -> Value {
        let moved = |amount: i64, fee: i64| json!({"id": "txn_1", "amount": amount, "fee": fee, "net": amount - fee, "currency": self.currency, "type": "adjustment"});
        let mut moves = Vec::new();
        if !self.is_inquiry {
            moves.push(moved(-self.amount, FEE));
            if self.status == "won" {
                moves.push(moved(self.amount, -FEE));
            }
        }
        json!({
            "id": self.id, "object": "dispute", "amount": self.amount, "currency": self.currency, "charge": "ch_1",
            "payment_intent": self.intent, "reason": "product_not_received", "status": self.status, "livemode": false,
            "created": self.created.seconds(), "balance_transactions": moves, "is_charge_refundable": self.is_inquiry,
            "evidence_details": {
                "due_by": self.created.seconds() + ANSWER_WITHIN_S, "has_evidence": self.product.is_some(),
                "past_due": false, "submission_count": i64::from(self.product.is_some()),
            },
        })
    }
}

impl State {
    pub(super) fn show_dispute(&self, id: &str) -> Answer {
        self.disputes.get(id).map_or_else(|| Answer::missing("dispute"), |dispute| Answer::done(dispute.json()))
    }

    pub(super) fn list_disputes(&self, call: &Call) -> Answer {
        let intent = call.get("payment_intent");
        let fits = self.disputes.values().filter(|dispute| intent.is_none_or(|intent| dispute.intent == intent));
        page(call, fits.map(|dispute| (dispute.created, dispute.id.clone(), dispute.json())).collect())
    }

    pub(super) fn answer_dispute(&mut self, id: &str, call: &Call, now: Timestamp) -> Answer {
        let Some(dispute) = self.disputes.get_mut(id) else { return Answer::missing("dispute") };
        if !dispute.status.ends_with("needs_response") {
            return Answer::wrong("", "This dispute is already closed or under review.");
        }
        dispute.product = call.get("evidence[product_description]").map(str::to_owned);
        if call.get("submit") == Some("true") {
            dispute.status = if dispute.is_inquiry { "warning_under_review" } else { "under_review" };
            self.happened("charge.dispute.updated", id, now);
        }
        self.show_dispute(id)
    }

    pub(super) fn close_dispute(&mut self, id: &str, now: Timestamp) -> Answer {
        let Some(dispute) = self.disputes.get_mut(id) else { return Answer::missing("dispute") };
        if !dispute.status.ends_with("needs_response") {
            return Answer::wrong("", "This dispute is already closed or under review.");
        }
        dispute.status = "lost";
        self.happened("charge.dispute.closed", id, now);
        self.show_dispute(id)
    }
}

impl FakeStripe {
    /// The buyer of a session or payment intent disputes so much of it; its id. An inquiry is a question of the bank, and
    /// takes nothing yet.
    pub fn dispute(&self, payment: &str, amount: i64, is_inquiry: bool) -> String {
        let now = self.now();
        let mut state = self.state();
        let intent = state.sessions.get(payment).and_then(|session| session.intent.clone());
        let intent = intent.unwrap_or_else(|| payment.to_owned());
        let currency = state.intents.get(&intent).map_or_else(|| "eur".to_owned(), |intent| intent.currency.clone());
        let id = state.id("dp");
        let status = if is_inquiry { "warning_needs_response" } else { "needs_response" };
        let dispute =
            Dispute { id: id.clone(), intent, amount, currency, status, is_inquiry, product: None, created: now };
        state.disputes.insert(id.clone(), dispute);
        state.happened("charge.dispute.created", &id, now);
        if !is_inquiry {
            state.happened("charge.dispute.funds_withdrawn", &id, now);
        }
        drop(state);
        self.tell();
        id
    }

    /// An inquiry becomes a dispute: the money is withdrawn, and evidence is asked for again.
    pub fn escalate(&self, id: &str) {
        self.becomes(id, "needs_response", "charge.dispute.funds_withdrawn", true);
    }

    /// The bank decides.
    pub fn decide(&self, id: &str, won: bool) {
        self.becomes(id, if won { "won" } else { "lost" }, "charge.dispute.closed", false);
    }

    fn becomes(&self, id: &str, status: &'static str, kind: &'static str, escalates: bool) {
        let now = self.now();
        let mut state = self.state();
        if let Some(dispute) = state.disputes.get_mut(id) {
            dispute.status = status;
            dispute.is_inquiry &= !escalates;
            state.happened(kind, id, now);
        }
        drop(state);
        self.tell();
    }
}
