//! Pages and transactions, and what happens to them.

use std::time::Duration;

use kernel::{Secret, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use super::State;
use crate::buyer::{SLOW, Way};

/// Jakarta's clocks are ahead of UTC by so much.
const AHEAD: Duration = Duration::from_secs(7 * 3600);

/// A page that was opened for an order.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub token: String,
    pub is_open: bool,
    /// Whole rupiah.
    pub amount: i64,
    pub finish: String,
}

/// What has become of a page.
#[derive(Debug, Clone)]
pub struct Transaction {
    pub(super) id: String,
    /// The merchant's name for it.
    pub order_id: String,
    /// Whole rupiah.
    pub amount: i64,
    /// As the API has it.
    pub currency: String,
    pub(super) status: &'static str,
    pub(super) fraud: &'static str,
    pub(super) at: Timestamp,
    pub(super) due: Option<Timestamp>,
    pub(super) way: Way,
    pub(super) refunds: Vec<Refund>,
    /// The next answer about it comes too late.
    pub(super) is_silent: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Refund {
    pub key: String,
    pub amount: i64,
    pub reason: String,
    pub at: Timestamp,
}

fn local(at: Timestamp) -> String {
    at.plus(AHEAD).format("%Y-%m-%d %H:%M:%S")
}

/// The hash over parts of a notification.
pub(super) fn signature(order_id: &str, status_code: &str, gross_amount: &str, key: &Secret) -> String {
    let text = format!("{order_id}{status_code}{gross_amount}{}", key.expose());
    hex::encode(Sha512::digest(text.as_bytes()))
}

impl Transaction {
    fn status_code(&self) -> &'static str {
        match (self.status, self.fraud) {
            ("pending", _) | ("capture", "challenge") => "201",
            ("deny", _) => "202",
            ("expire", _) => "407",
            _ => "200",
        }
    }

    /// What is left to go back.
    pub(super) fn left(&self) -> i64 {
        self.amount - self.refunds.iter().map(|refund| refund.amount).sum::<i64>()
    }

    pub(super) fn json(&self, key: &Secret) -> Value {
        let (code, gross) = (self.status_code(), format!("{}.00", self.amount));
        let refunds: Vec<Value> = self.refunds.iter().enumerate().map(|(n, r)| r.json(n)).collect();
        let mut all = json!({
            "status_code": code, "status_message": "Success, transaction is found", "transaction_id": self.id,
            "order_id": self.order_id, "merchant_id": "G123456789", "gross_amount": gross, "currency": self.currency,
            "payment_type": "credit_card", "transaction_time": local(self.at), "transaction_status": self.status,
            "fraud_status": self.fraud, "signature_key": signature(&self.order_id, code, &gross, key),
        });
        if !refunds.is_empty() {
            all["refund_amount"] = json!(format!("{}.00", self.amount - self.left()));
            all["refunds"] = json!(refunds);
        }
        all
    }
}

impl Refund {
    fn json(&self, n: usize) -> Value {
        json!({
            "refund_chargeback_id": n + 1, "refund_amount": format!("{}.00", self.amount), "reason": self.reason,
            "refund_key": self.key, "refund_method": "online", "created_at": local(self.at),
            "bank_confirmed_at": local(self.at),
        })
    }
}

impl State {
    /// The buyer does something on the page; the states that it goes through. None if it has closed.
    pub(super) fn pay(&mut self, order_id: &str, way: Way, now: Timestamp) -> Option<Vec<Value>> {
        let page = self.pages.get(order_id).filter(|page| page.is_open)?.clone();
        if self.transactions.get(order_id).is_some_and(|known| known.status != "deny") {
            return None;
        }
        let id = self.id("9b1f3c2e-0000-4000-8000-");
        let transaction = Transaction {
            id,
            order_id: order_id.to_owned(),
            amount: page.amount,
            currency: "IDR".to_owned(),
            status: if way == Way::Declined { "deny" } else { "pending" },
            fraud: "accept",
            at: now,
            due: (way == Way::Slow).then(|| now.plus(SLOW)),
            way,
            refunds: Vec::new(),
            is_silent: way == Way::Silent,
        };
        self.transactions.insert(order_id.to_owned(), transaction);
        let mut seen = vec![self.seen(order_id)];
        match way {
            Way::Declined | Way::Slow => {}
            // A card: it is settled later.
            Way::SlowRefund => {
                seen.push(self.receive(order_id, "capture"));
                if let Some(transaction) = self.transactions.get_mut(order_id) {
                    transaction.due = Some(now.plus(SLOW));
                }
            }
            _ => seen.push(self.receive(order_id, "settlement")),
        }
        Some(seen)
    }

    /// It as a notification tells of it.
    pub(super) fn seen(&self, order_id: &str) -> Value {
        self.transactions.get(order_id).map(|transaction| transaction.json(&self.key)).unwrap_or_default()
    }

    /// The money is there.
    pub(super) fn receive(&mut self, order_id: &str, status: &'static str) -> Value {
        if let Some(transaction) = self.transactions.get_mut(order_id) {
            (transaction.status, transaction.fraud, transaction.due) = (status, "accept", None);
            self.journal.push((order_id.to_owned(), transaction.amount * 100));
        }
        self.seen(order_id)
    }

    pub(super) fn give_back(&mut self, order_id: &str, refund: Refund) -> Value {
        if let Some(transaction) = self.transactions.get_mut(order_id) {
            self.journal.push((order_id.to_owned(), -refund.amount * 100));
            transaction.refunds.push(refund);
            transaction.status = if transaction.left() == 0 { "refund" } else { "partial_refund" };
        }
        self.seen(order_id)
    }

    /// Timers: what they have changed.
    pub(super) fn tick(&mut self, now: Timestamp) -> Vec<(String, Value)> {
        let is_due = |transaction: &&Transaction| transaction.due.is_some_and(|at| at <= now);
        let due: Vec<(String, &'static str)> =
            self.transactions.values().filter(is_due).map(|t| (t.order_id.clone(), t.status)).collect();
        let mut changes = Vec::new();
        for (order_id, status) in due {
            let seen = if status == "pending" {
                self.receive(&order_id, "settlement")
            } else {
                if let Some(transaction) = self.transactions.get_mut(&order_id) {
                    (transaction.status, transaction.due) = ("settlement", None);
                }
                self.seen(&order_id)
            };
            changes.push((order_id, seen));
        }
        changes
    }
}
