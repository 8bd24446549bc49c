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
    pub currency: String,
    pub units: Vec<Unit>,
    pub return_url: String,
    pub source: Option<Source>,
}

/// A part of it, with a receiver of its own.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub reference: String,
    pub custom_id: String,
    pub value: String,
    /// The account that gets it.
    pub payee: String,
    /// What of it the platform keeps.
    pub fee: String,
    pub capture: Option<Capture>,
    pub refunds: Vec<Refund>,
}

#[derive(Debug, Clone)]
pub(super) struct Capture {
    pub id: String,
    pub at: Timestamp,
    pub status: &'static str,
    pub due: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub(super) struct Refund {
    pub id: String,
    pub status: &'static str,
    pub value: String,
    /// What of it the platform gives.
    pub fee: String,
    pub custom_id: String,
    pub due: Option<Timestamp>,
}

/// What was taken of an order, and given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// PayPal's id.
    pub id: String,
    /// The merchant's name for it.
    pub reference: String,
    /// Currency.
    pub currency: String,
    /// Taken, in hundredths (or whole, where there are none).
    pub captured: i64,
    /// Given back.
    pub refunded: i64,
    /// On its way back.
    pub returning: i64,
    /// Taken at; the beginning of time if it was not.
    pub at: Timestamp,
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

impl Unit {
    /// What is left to go back: of all of it, and of what the platform has kept.
    pub fn refundable(&self) -> (i64, i64) {
        let live = || self.refunds.iter().filter(|refund| refund.status != "FAILED");
        let gone: i64 = live().map(|refund| minor(&refund.value)).sum();
        let given: i64 = live().map(|refund| minor(&refund.fee)).sum();
        (minor(&self.value) - gone, minor(&self.fee) - given)
    }

    fn is(&self, capture: &str) -> bool {
        self.capture.as_ref().is_some_and(|known| known.id == capture)
    }
}

impl Order {
    fn amount(&self, value: &str) -> Value {
        json!({"currency_code": self.currency, "value": value})
    }

    /// All parts together.
    pub fn total(&self) -> i64 {
        self.units.iter().map(|unit| minor(&unit.value)).sum()
    }

    /// What was taken and given back of all parts.
    pub fn taken(&self) -> Taken {
        let is_taken = |unit: &&Unit| unit.capture.as_ref().is_some_and(|capture| capture.status == "COMPLETED");
        let refunds = |status: &str| {
            let all = self.units.iter().flat_map(|unit| &unit.refunds).filter(|refund| refund.status == status);
            all.map(|refund| minor(&refund.value)).sum()
        };
        Taken {
            id: self.id.clone(),
            reference: self.units.first().map(|unit| unit.custom_id.clone()).unwrap_or_default(),
            currency: self.currency.clone(),
            captured: self.units.iter().filter(is_taken).map(|unit| minor(&unit.value)).sum(),
            refunded: refunds("COMPLETED"),
            returning: refunds("PENDING"),
            at: self.units.iter().find_map(|unit| Some(unit.capture.as_ref()?.at)).unwrap_or(Timestamp(0)),
        }
    }

    /// The part that was taken by this capture.
    pub fn unit_with(&self, capture: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.is(capture))
    }

    pub fn capture_json(&self, unit: &Unit, base_url: &str) -> Option<Value> {
        let capture = unit.capture.as_ref()?;
        Some(json!({
            "id": capture.id, "status": capture.status, "amount": self.amount(&unit.value), "custom_id": unit.custom_id,
            "final_capture": true, "supplementary_data": {"related_ids": {"order_id": self.id}},
            "links": [{"rel": "up", "method": "GET", "href": format!("{base_url}/v2/checkout/orders/{}", self.id)}],
        }))
    }

    pub fn refund_json(&self, unit: &Unit, refund: &Refund, base_url: &str) -> Value {
        let capture = unit.capture.as_ref().map_or("", |capture| capture.id.as_str());
        json!({
            "id": refund.id, "status": refund.status, "amount": self.amount(&refund.value), "custom_id": refund.custom_id,
            "links": [{"rel": "up", "method": "GET", "href": format!("{base_url}/v2/payments/captures/{capture}")}],
        })
    }

    fn unit_json(&self, unit: &Unit, base_url: &str) -> Value {
        let captures: Vec<Value> = self.capture_json(unit, base_url).into_iter().collect();
        let refunds: Vec<Value> = unit.refunds.iter().map(|refund| self.refund_json(unit, refund, base_url)).collect();
        let mut json = json!({
            "reference_id": unit.reference, "custom_id": unit.custom_id, "amount": self.amount(&unit.value),
            "payee": {"email_address": "market@example.com", "merchant_id": unit.payee},
            "payments": {"captures": captures, "refunds": refunds},
        });
        if minor(&unit.fee) > 0 {
            let fees = json!([{"amount": self.amount(&unit.fee)}]);
            json["payment_instruction"] = json!({"disbursement_mode": "INSTANT", "platform_fees": fees});
        }
        json
    }

    pub fn json(&self, base_url: &str) -> Value {
        let units: Vec<Value> = self.units.iter().map(|unit| self.unit_json(unit, base_url)).collect();
        let mut links =
            vec![json!({"rel": "self", "method": "GET", "href": format!("{base_url}/v2/checkout/orders/{}", self.id)})];
        if self.status != "COMPLETED" {
            links.push(json!({"rel": "payer-action", "method": "GET", "href": format!("{base_url}/checkoutnow?token={}", self.id)}));
        }
        json!({"id": self.id, "intent": "CAPTURE", "status": self.status, "links": links, "purchase_units": units})
    }
}

impl State {
    pub(super) fn id(&mut self, prefix: &str) -> String {
        self.number += 1;
        format!("{prefix}{:08}", self.number)
    }

    /// An account of a seller: thirteen letters and digits.
    pub(super) fn seller_id(&mut self) -> String {
        self.number += 1;
        format!("SELLER{:07}", self.number)
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

    /// The order that a capture is of.
    pub(super) fn order_with(&self, capture: &str) -> Option<(&Order, &Unit)> {
        self.orders.values().find_map(|order| Some((order, order.unit_with(capture)?)))
    }

    /// The money is taken, at once or soon: each part by a capture of its own.
    pub(super) fn take(&mut self, id: &str, now: Timestamp) {
        let Some(mut order) = self.orders.remove(id) else { return };
        let slow = order.source == Some(Source::Slow);
        order.status = "COMPLETED";
        let status = if slow { "PENDING" } else { "COMPLETED" };
        for unit in &mut order.units {
            let due = slow.then(|| now.plus(PENDING));
            unit.capture = Some(Capture { id: self.id("CAP"), at: now, status, due });
            if !slow {
                self.accounts.take(unit);
            }
        }
        if !slow {
            self.journal.push((id.to_owned(), order.total()));
        }
        self.orders.insert(id.to_owned(), order);
    }

    /// Gives so much back of a capture; `fee` of that the platform gives.
    pub(super) fn give_back(&mut self, capture: &str, given: Given, now: Timestamp) -> Option<Refund> {
        let refund_id = self.id("REF");
        let order = self.orders.values_mut().find(|order| order.unit_with(capture).is_some())?;
        let (id, slow) = (order.id.clone(), matches!(order.source, Some(Source::SlowRefund | Source::FailingRefund)));
        let unit = order.units.iter_mut().find(|unit| unit.is(capture))?;
        let status = if slow { "PENDING" } else { "COMPLETED" };
        let due = slow.then(|| now.plus(PENDING));
        let Given { value, fee, custom_id } = given;
        let refund = Refund { id: refund_id, status, value, fee, custom_id, due };
        unit.refunds.push(refund.clone());
        if !slow {
            self.accounts.give(&unit.payee, &refund);
            self.journal.push((id, -minor(&refund.value)));
        }
        Some(refund)
    }

    /// Timers: what they have changed.
    pub(super) fn tick(&mut self, now: Timestamp) -> Vec<Change> {
        let is_due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        let mut changes = Vec::new();
        for (id, order) in &mut self.orders {
            let order_id = || id.clone();
            let fails = order.source == Some(Source::FailingRefund);
            for unit in &mut order.units {
                if let Some(capture) = unit.capture.as_mut().filter(|capture| is_due(capture.due)) {
                    (capture.status, capture.due) = ("COMPLETED", None);
                    self.journal.push((order_id(), minor(&unit.value)));
                    let resource = json!({"id": capture.id});
                    let kind = "PAYMENT.CAPTURE.COMPLETED";
                    changes.push(Change { kind, resource_type: "capture", resource, order: order_id() });
                    self.accounts.take(unit);
                }
                let capture = unit.capture.as_ref().map(|capture| capture.id.clone()).unwrap_or_default();
                for refund in unit.refunds.iter_mut().filter(|refund| is_due(refund.due)) {
                    refund.due = None;
                    refund.status = if fails { "FAILED" } else { "COMPLETED" };
                    if !fails {
                        self.accounts.give(&unit.payee, refund);
                        self.journal.push((order_id(), -minor(&refund.value)));
                    }
                    let links = json!([{"rel": "up", "href": format!("http://x/v2/payments/captures/{capture}")}]);
                    let resource = json!({"id": refund.id, "links": links});
                    let kind = if fails { "PAYMENT.REFUND.FAILED" } else { "PAYMENT.CAPTURE.REFUNDED" };
                    changes.push(Change { kind, resource_type: "refund", resource, order: order_id() });
                }
            }
        }
        changes
    }
}

/// What is to be given back.
pub(super) struct Given {
    pub value: String,
    pub fee: String,
    pub custom_id: String,
}
