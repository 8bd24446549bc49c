//! Orders, and what happens to them.

use std::time::Duration;

use kernel::Timestamp;
use serde_json::{Value, json};

use super::State;

/// How long pending captures and refunds last.
const PENDING: Duration = Duration::from_secs(2);

/// Where the buyer's money comes from, and what that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Pays.
    Good,
    /// Is refused as soon as the money is to be taken.
    Declined,
    /// Takes two seconds.
    Slow,
    /// The answer to the capture comes too late.
    Silent,
    /// Every webhook comes three times.
    Doubled,
    /// Webhooks come in the wrong order.
    Disordered,
    /// Webhooks come 45 seconds late.
    Late,
    /// Refunds take two seconds.
    SlowRefund,
    /// Refunds fail after two seconds.
    FailingRefund,
}

/// An order.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub id: String,
    pub status: &'static str,
    pub custom_id: String,
    pub currency: String,
    pub value: String,
    /// Where the buyer comes back to.
    pub return_url: String,
    pub source: Option<Source>,
    pub capture: Option<Capture>,
    pub refunds: Vec<Refund>,
}

#[derive(Debug, Clone)]
pub(super) struct Capture {
    pub id: String,
    pub status: &'static str,
    pub due: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub(super) struct Refund {
    pub id: String,
    pub status: &'static str,
    pub value: String,
    pub custom_id: String,
    pub due: Option<Timestamp>,
}

/// Something that a timer has changed.
pub(super) struct Change {
    pub kind: &'static str,
    pub resource_type: &'static str,
    pub resource: Value,
    pub order: String,
}

/// Hundredths of `60.40`.
pub(super) fn minor(value: &str) -> i64 {
    value.replace('.', "").parse().unwrap_or(0)
}

impl Order {
    fn amount(&self, value: &str) -> Value {
        json!({"currency_code": self.currency, "value": value})
    }

    /// What is left to go back.
    pub fn refundable(&self) -> i64 {
        let gone = self.refunds.iter().filter(|refund| refund.status != "FAILED").map(|refund| minor(&refund.value));
        minor(&self.value) - gone.sum::<i64>()
    }

    pub fn capture_json(&self, base_url: &str) -> Option<Value> {
        let capture = self.capture.as_ref()?;
        Some(json!({
            "id": capture.id, "status": capture.status, "amount": self.amount(&self.value), "custom_id": self.custom_id,
            "final_capture": true, "supplementary_data": {"related_ids": {"order_id": self.id}},
            "links": [{"rel": "up", "method": "GET", "href": format!("{base_url}/v2/checkout/orders/{}", self.id)}],
        }))
    }

    pub fn refund_json(&self, refund: &Refund, base_url: &str) -> Value {
        let capture = self.capture.as_ref().map_or("", |capture| capture.id.as_str());
        json!({
            "id": refund.id, "status": refund.status, "amount": self.amount(&refund.value), "custom_id": refund.custom_id,
            "links": [{"rel": "up", "method": "GET", "href": format!("{base_url}/v2/payments/captures/{capture}")}],
        })
    }

    pub fn json(&self, base_url: &str) -> Value {
        let captures: Vec<Value> = self.capture_json(base_url).into_iter().collect();
        let refunds: Vec<Value> = self.refunds.iter().map(|refund| self.refund_json(refund, base_url)).collect();
        let mut links =
            vec![json!({"rel": "self", "method": "GET", "href": format!("{base_url}/v2/checkout/orders/{}", self.id)})];
        if self.status != "COMPLETED" {
            links.push(json!({"rel": "payer-action", "method": "GET", "href": format!("{base_url}/checkoutnow?token={}", self.id)}));
        }
        json!({
            "id": self.id, "intent": "CAPTURE", "status": self.status, "links": links,
            "purchase_units": [{
                "reference_id": "default", "custom_id": self.custom_id, "amount": self.amount(&self.value),
                "payee": {"email_address": "market@example.com", "merchant_id": super::MERCHANT},
                "payments": {"captures": captures, "refunds": refunds},
            }],
        })
    }
}

impl State {
    pub(super) fn id(&mut self, prefix: &str) -> String {
        self.number += 1;
        format!("{prefix}{:08}", self.number)
    }

    pub(super) fn approve(&mut self, id: &str, source: Source) -> bool {
        match self.orders.get_mut(id).filter(|order| order.status != "COMPLETED") {
            Some(order) => {
                (order.status, order.source) = ("APPROVED", Some(source));
                true
            }
            None => false,
        }
    }

    /// The money is taken, at once or soon.
    pub(super) fn take(&mut self, id: &str, now: Timestamp) {
        let capture = self.id("CAP");
        let Some(order) = self.orders.get_mut(id) else { return };
        let slow = order.source == Some(Source::Slow);
        order.status = "COMPLETED";
        let status = if slow { "PENDING" } else { "COMPLETED" };
        order.capture = Some(Capture { id: capture, status, due: slow.then(|| now.plus(PENDING)) });
        if !slow {
            self.journal.push((id.to_owned(), minor(&order.value)));
        }
    }

    pub(super) fn give_back(&mut self, id: &str, value: String, custom_id: String, now: Timestamp) -> Option<Refund> {
        let refund_id = self.id("REF");
        let order = self.orders.get_mut(id)?;
        let slow = matches!(order.source, Some(Source::SlowRefund | Source::FailingRefund));
        let status = if slow { "PENDING" } else { "COMPLETED" };
        let due = slow.then(|| now.plus(PENDING));
        let refund = Refund { id: refund_id, status, value, custom_id, due };
        order.refunds.push(refund.clone());
        if !slow {
            self.journal.push((id.to_owned(), -minor(&refund.value)));
        }
        Some(refund)
    }

    /// Timers: what they have changed.
    pub(super) fn tick(&mut self, now: Timestamp) -> Vec<Change> {
        let is_due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        let mut changes = Vec::new();
        for (id, order) in &mut self.orders {
            let order_id = || id.clone();
            if let Some(capture) = order.capture.as_mut().filter(|capture| is_due(capture.due)) {
                (capture.status, capture.due) = ("COMPLETED", None);
                self.journal.push((order_id(), minor(&order.value)));
                let resource = json!({"id": capture.id});
                let kind = "PAYMENT.CAPTURE.COMPLETED";
                changes.push(Change { kind, resource_type: "capture", resource, order: order_id() });
            }
            let fails = order.source == Some(Source::FailingRefund);
            let capture = order.capture.as_ref().map(|capture| capture.id.clone()).unwrap_or_default();
            for refund in order.refunds.iter_mut().filter(|refund| is_due(refund.due)) {
                refund.due = None;
                refund.status = if fails { "FAILED" } else { "COMPLETED" };
                if !fails {
                    self.journal.push((order_id(), -minor(&refund.value)));
                }
                let links = json!([{"rel": "up", "href": format!("http://x/v2/payments/captures/{capture}")}]);
                let resource = json!({"id": refund.id, "links": links});
                let kind = if fails { "PAYMENT.REFUND.FAILED" } else { "PAYMENT.CAPTURE.REFUNDED" };
                changes.push(Change { kind, resource_type: "refund", resource, order: order_id() });
            }
        }
        changes
    }
}
