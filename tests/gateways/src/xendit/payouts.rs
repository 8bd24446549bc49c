//! Payouts to banks and wallets.

use kernel::Money;
use serde_json::{Value, json};

use super::{
    FakeXendit,
    api::{Answer, refused},
    objects::{amount, number},
};

/// A payout.
#[derive(Debug)]
pub(super) struct Payout {
    id: String,
    key: String,
    reference: String,
    channel: String,
    properties: Value,
    amount: Money,
    status: &'static str,
    failure: Option<&'static str>,
}

impl Payout {
    fn json(&self) -> Value {
        let mut all = json!({
            "id": self.id, "reference_id": self.reference, "channel_code": self.channel,
            "channel_properties": self.properties, "amount": number(self.amount), "currency": self.amount.currency,
            "status": self.status, "business_id": "6018306aa16ad90cb3c43ba7",
        });
        if let Some(failure) = self.failure {
            all["failure_code"] = json!(failure);
        }
        all
    }
}

impl FakeXendit {
    /// One key, one payout.
    pub(super) fn pay_out(&self, key: Option<&str>, body: &Value) -> Answer {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let (Some(key), Some(amount)) = (key, amount(&body["amount"], &text("currency"))) else {
            return refused(400, "API_VALIDATION_ERROR", "Idempotency-key, amount and currency are required");
        };
        let (reference, channel, properties) =
            (text("reference_id"), text("channel_code"), body["channel_properties"].clone());
        let is_whole = ["account_number", "account_holder_name"].iter().all(|name| properties[*name].is_string());
        if reference.is_empty() || channel.is_empty() || !is_whole {
            return refused(400, "API_VALIDATION_ERROR", "Something is missing");
        }
        let mut state = self.state();
        if let Some(known) = state.payouts.values().find(|payout| payout.key == key) {
            return (200, known.json(), false);
        }
        if let Some(stopped) = state.payouts_stopped {
            return refused(400, stopped, "So it is");
        }
        let id = state.id("disb-");
        let key = key.to_owned();
        let payout =
            Payout { id: id.clone(), key, reference, channel, properties, amount, status: "ACCEPTED", failure: None };
        let answer = payout.json();
        state.payouts.insert(id, payout);
        (200, answer, false)
    }

    pub(super) fn payouts_named(&self, reference: &str) -> Answer {
        let state = self.state();
        let found = state.payouts.values().filter(|payout| payout.reference == reference).map(Payout::json);
        (200, json!({"data": found.collect::<Vec<_>>(), "has_more": false}), false)
    }

    pub(super) fn show_payout(&self, id: &str) -> Answer {
        match self.state().payouts.get(id) {
            Some(payout) => (200, payout.json(), false),
            None => refused(404, "DATA_NOT_FOUND", "No such payout"),
        }
    }

    /// What is under way comes to this.
    pub fn end_payouts(&self, status: &'static str, failure: Option<&'static str>) {
        for payout in self.state().payouts.values_mut().filter(|payout| payout.status == "ACCEPTED") {
            (payout.status, payout.failure) = (status, failure);
        }
    }

    /// From now on no payouts are made for this reason, or are made again.
    pub fn stop_payouts(&self, why: Option<&'static str>) {
        self.state().payouts_stopped = why;
    }

    /// Changes payouts to what they should not be.
    pub fn distort_payouts(&self, minor: i64) {
        for payout in self.state().payouts.values_mut() {
            payout.amount.amount_minor = minor;
        }
    }

    /// All that was asked to be paid: to which channel, how much, and where it stands.
    pub fn paid_out(&self) -> Vec<(String, i64, &'static str)> {
        let state = self.state();
        let one = |payout: &Payout| (payout.channel.clone(), payout.amount.amount_minor, payout.status);
        state.payouts.values().map(one).collect()
    }
}
