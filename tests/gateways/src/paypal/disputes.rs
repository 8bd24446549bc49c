//! Disputes, claims and chargebacks: one kind of thing at PayPal.

use serde_json::{Value, json};

use super::{FakePayPal, api::Answer};
use crate::paypal::{
    api::{missing, refused},
    orders::minor,
};

/// A dispute.
#[derive(Debug, Clone)]
pub(super) struct Dispute {
    id: String,
    order: String,
    capture: String,
    seller: String,
    currency: String,
    value: String,
    status: &'static str,
    outcome: Option<&'static str>,
    due: String,
    /// What was sent as evidence.
    evidence: Value,
}

impl Dispute {
    fn json(&self) -> Value {
        json!({
            "dispute_id": self.id, "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED", "status": self.status,
            "disputed_transactions": [
                {"seller_transaction_id": self.capture, "seller": {"merchant_id": self.seller}},
            ],
            "dispute_amount": {"currency_code": self.currency, "value": self.value},
            "dispute_life_cycle_stage": "CHARGEBACK", "seller_response_due_date": self.due,
            "dispute_outcome": self.outcome.map(|code| json!({"outcome_code": code})).unwrap_or(json!({})),
        })
    }
}

impl FakePayPal {
    /// The buyer disputes so much (`10.00`) of a payment; its id.
    pub fn dispute(&self, order: &str, value: &str) -> String {
        self.dispute_part(order, 0, value)
    }

    /// The same of one of its parts.
    pub fn dispute_part(&self, order: &str, unit: usize, value: &str) -> String {
        let due = self.now().plus(std::time::Duration::from_secs(7 * 24 * 3600)).to_string();
        let mut state = self.state();
        let id = state.id("PP-D");
        let known = state.orders.get(order).and_then(|known| {
            let unit = known.units.get(unit)?;
            Some((unit.capture.clone()?.id, unit.payee.clone(), known.currency.clone()))
        });
        let (capture, seller, currency) = known.unwrap_or_default();
        let dispute = Dispute {
            id: id.clone(),
            order: order.to_owned(),
            capture,
            seller,
            currency,
            value: value.to_owned(),
            status: "WAITING_FOR_SELLER_RESPONSE",
            outcome: None,
            due,
            evidence: Value::Null,
        };
        state.disputes.insert(id.clone(), dispute);
        drop(state);
        self.tell_of("CUSTOMER.DISPUTE.CREATED", &id);
        id
    }

    /// It is decided.
    pub fn decide(&self, id: &str, won: bool) {
        self.resolve(id, if won { "RESOLVED_SELLER_FAVOUR" } else { "RESOLVED_BUYER_FAVOUR" });
    }

    fn resolve(&self, id: &str, outcome: &'static str) {
        let mut state = self.state();
        let known = state.disputes.get_mut(id).map(|dispute| {
            (dispute.status, dispute.outcome) = ("RESOLVED", Some(outcome));
            (dispute.seller.clone(), minor(&dispute.value))
        });
        if let Some((seller, minor)) = known.filter(|_| outcome != "RESOLVED_SELLER_FAVOUR") {
            state.accounts.add(&seller, -minor);
        }
        drop(state);
        self.tell_of("CUSTOMER.DISPUTE.RESOLVED", id);
    }

    /// What was sent as evidence.
    pub fn evidence(&self, id: &str) -> Value {
        self.state().disputes.get(id).map(|dispute| dispute.evidence.clone()).unwrap_or_default()
    }

    fn tell_of(&self, kind: &str, id: &str) {
        let known = self.state().disputes.get(id).cloned();
        if let Some(dispute) = known {
            self.tell(kind, "dispute", dispute.json(), &dispute.order);
        }
    }

    /// One is shown to the seller that it is of, and to those who may act for it.
    fn may_see(dispute: &Dispute, of: Option<&str>) -> bool {
        dispute.seller == of.unwrap_or(super::MERCHANT)
    }

    pub(super) fn show_dispute(&self, id: &str, of: Option<&str>) -> Answer {
        let state = self.state();
        let known = state.disputes.get(id).filter(|dispute| Self::may_see(dispute, of));
        known.map_or_else(missing, |dispute| (200, dispute.json(), false))
    }

    /// Those of a capture; of each the list says little.
    pub(super) fn list_disputes(&self, query: &str, of: Option<&str>) -> Answer {
        let Some(capture) = query.strip_prefix("disputed_transaction_id=") else {
            return refused(400, "INVALID_REQUEST", "INVALID_PARAMETER_VALUE");
        };
        let state = self.state();
        let fits = state.disputes.values().filter(|one| one.capture == capture && Self::may_see(one, of));
        let items: Vec<Value> =
            fits.map(|dispute| json!({"dispute_id": dispute.id, "status": dispute.status})).collect();
        (200, json!({"items": items, "links": []}), false)
    }

    /// Takes evidence, once, or an acceptance.
    pub(super) fn answer_dispute(&self, id: &str, of: Option<&str>, evidence: Option<Value>) -> Answer {
        let known = self.state().disputes.get(id).filter(|dispute| Self::may_see(dispute, of)).cloned();
        let Some(dispute) = known else { return missing() };
        if dispute.status != "WAITING_FOR_SELLER_RESPONSE" {
            return refused(422, "UNPROCESSABLE_ENTITY", "ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE");
        }
        match evidence {
            None => self.resolve(id, "ACCEPTED"),
            Some(input) if input["evidences"][0]["evidence_type"].is_string() => {
                if let Some(dispute) = self.state().disputes.get_mut(id) {
                    (dispute.status, dispute.evidence) = ("UNDER_REVIEW", input);
                }
                self.tell_of("CUSTOMER.DISPUTE.UPDATED", id);
            }
            Some(_) => return refused(400, "INVALID_REQUEST", "MISSING_REQUIRED_PARAMETER"),
        }
        (200, json!({"links": []}), false)
    }
}

/// The part called `input` of a form.
pub(super) fn input(body: &[u8]) -> Value {
    let text = String::from_utf8_lossy(body);
    let part = text.split_once("name=\"input\"").and_then(|(_, rest)| rest.split_once("\r\n\r\n"));
    let json = part.and_then(|(_, rest)| rest.split_once("\r\n--")).map(|(json, _)| json);
    json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
}
