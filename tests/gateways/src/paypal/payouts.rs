//! Payouts: batches of one item, each name good for one batch.

use serde_json::{Value, json};

use super::{
    FakePayPal,
    api::{Answer, missing, refused},
    orders::minor,
};

/// A batch with its item.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    id: String,
    item: String,
    name: String,
    kind: String,
    receiver: String,
    currency: String,
    value: String,
    status: &'static str,
    problem: Option<&'static str>,
}

/// A payout as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedPayout {
    /// PayPal's id of the batch.
    pub id: String,
    /// The merchant's name for it.
    pub name: String,
    /// Currency.
    pub currency: String,
    /// How much, in hundredths.
    pub minor: i64,
    /// Where it stands.
    pub status: &'static str,
}

impl Batch {
    fn header(&self) -> Value {
        let status = if self.status == "PENDING" { "PROCESSING" } else { "SUCCESS" };
        json!({
            "payout_batch_id": self.id, "batch_status": status,
            "sender_batch_header": {"sender_batch_id": self.name, "email_subject": "You are paid"},
        })
    }

    fn item(&self) -> Value {
        let mut item = json!({
            "payout_item_id": self.item, "payout_batch_id": self.id, "transaction_status": self.status,
            "payout_item": {
                "recipient_type": self.kind, "receiver": self.receiver, "sender_item_id": self.name,
                "amount": {"currency": self.currency, "value": self.value},
            },
        });
        if let Some(problem) = self.problem {
            item["errors"] = json!({"name": problem, "message": "So it is.", "details": []});
        }
        item
    }
}

impl FakePayPal {
    /// Makes a batch, unless there is one of this name: then it says which.
    pub(super) fn pay_out(&self, body: &Value) -> Answer {
        let item = &body["items"][0];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (name, receiver) = (text(&body["sender_batch_header"]["sender_batch_id"]), text(&item["receiver"]));
        let (currency, value) = (text(&item["amount"]["currency"]), text(&item["amount"]["value"]));
        let kind = text(&item["recipient_type"]);
        if name.is_empty() || currency.is_empty() || minor(&value) < 1 {
            return refused(400, "VALIDATION_ERROR", "Required field is missing");
        }
        if (kind == "EMAIL") != receiver.contains('@') {
            return refused(400, "VALIDATION_ERROR", "Receiver is invalid or does not match with type");
        }
        let mut state = self.state();
        if let Some(stopped) = state.payouts_stopped {
            return (422, json!({"name": stopped, "debug_id": "0"}), false);
        }
        if let Some(known) = state.payouts.values().find(|batch| batch.name == name) {
            let link = json!({"href": format!("https://api.sandbox.paypal.com/v1/payments/payouts/{}", known.id), "rel": "self"});
            let issue = "Batch with given sender_batch_id already exists";
            let detail = json!({"field": "SENDER_BATCH_ID", "location": "body", "issue": issue, "link": [link]});
            return (400, json!({"name": "USER_BUSINESS_ERROR", "debug_id": "0", "details": [detail]}), false);
        }
        let (id, item) = (state.id("BATCH"), state.id("ITEM"));
        let batch =
            Batch { id: id.clone(), item, name, kind, receiver, currency, value, status: "PENDING", problem: None };
        let mut header = batch.header();
        header["batch_status"] = json!("PENDING");
        state.payouts.insert(id, batch);
        (201, json!({"batch_header": header}), false)
    }

    pub(super) fn show_batch(&self, id: &str) -> Answer {
        let state = self.state();
        let shown = |batch: &Batch| (200, json!({"batch_header": batch.header(), "items": [batch.item()]}), false);
        state.payouts.get(id).map_or_else(missing, shown)
    }

    /// What nobody has taken comes back.
    pub(super) fn call_back(&self, item: &str) -> Answer {
        let mut state = self.state();
        let Some(batch) = state.payouts.values_mut().find(|batch| batch.item == item) else { return missing() };
        if batch.status != "UNCLAIMED" {
            return refused(400, "ITEM_INCORRECT_STATUS", "");
        }
        (batch.status, batch.problem) = ("RETURNED", None);
        (200, batch.item(), false)
    }

    /// What is under way comes to this.
    pub fn end_payouts(&self, status: &'static str, problem: Option<&'static str>) {
        for batch in self.state().payouts.values_mut().filter(|batch| batch.status == "PENDING") {
            (batch.status, batch.problem) = (status, problem);
        }
    }

    /// The payout of this name comes to this, unless it has ended. False if it has, or if there is none.
    pub fn end_payout(&self, name: &str, status: &'static str, problem: Option<&'static str>) -> bool {
        let mut state = self.state();
        let is_open = |batch: &&mut Batch| batch.name == name && matches!(batch.status, "PENDING" | "UNCLAIMED");
        match state.payouts.values_mut().find(is_open) {
            Some(batch) => {
                (batch.status, batch.problem) = (status, problem);
                true
            }
            None => false,
        }
    }

    /// All that was asked to be paid, in the order in which it was.
    pub fn asked_payouts(&self) -> Vec<AskedPayout> {
        let asked = |batch: &Batch| AskedPayout {
            id: batch.id.clone(),
            name: batch.name.clone(),
            currency: batch.currency.clone(),
            minor: minor(&batch.value),
            status: batch.status,
        };
        self.state().payouts.values().map(asked).collect()
    }

    /// From now on no payouts are made for this reason, or are made again.
    pub fn stop_payouts(&self, why: Option<&'static str>) {
        self.state().payouts_stopped = why;
    }

    /// Changes payouts to what they should not be.
    pub fn distort_payouts(&self, value: &str) {
        for batch in self.state().payouts.values_mut() {
            value.clone_into(&mut batch.value);
        }
    }

    /// All that was asked to be paid: to whom, how much, and where it stands.
    pub fn paid_out(&self) -> Vec<(String, i64, &'static str)> {
        let state = self.state();
        state.payouts.values().map(|batch| (batch.receiver.clone(), minor(&batch.value), batch.status)).collect()
    }
}
