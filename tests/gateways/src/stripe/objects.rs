//! What there is, and what happens to it.

use std::{collections::BTreeMap, time::Duration};

use kernel::Timestamp;
use serde_json::{Value, json};

use super::State;
use crate::Books;

/// Metadata that names the merchant's order.
const ORDER: &str = "souk_order";
/// How long `processing` and pending refunds last.
const PROCESSING: Duration = Duration::from_secs(2);

/// What a card does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    /// Pays.
    Good,
    /// The bank says no.
    Declined,
    /// The bank says why.
    Poor,
    /// The buyer has to approve first.
    Challenge,
    /// Takes two seconds.
    Slow,
    /// Pays, and the answer comes too late.
    Silent,
    /// Pays, every webhook comes three times.
    Doubled,
    /// Pays, the webhooks come in the wrong order.
    Disordered,
    /// Pays, the webhooks come 45 seconds late.
    Late,
    /// Pays; refunds take two seconds.
    SlowRefund,
    /// Pays; refunds fail after two seconds.
    FailingRefund,
}

impl Card {
    /// By the name of a payment method: Stripe's own, and some that it lacks.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "pm_card_visa" => Self::Good,
            "pm_card_visa_chargeDeclined" => Self::Declined,
            "pm_card_visa_chargeDeclinedInsufficientFunds" => Self::Poor,
            "pm_card_threeDSecure2Required" => Self::Challenge,
            "pm_card_pendingRefund" => Self::SlowRefund,
            "pm_card_refundFail" => Self::FailingRefund,
            "pm_fake_slow" => Self::Slow,
            "pm_fake_silent" => Self::Silent,
            "pm_fake_doubled" => Self::Doubled,
            "pm_fake_disordered" => Self::Disordered,
            "pm_fake_late" => Self::Late,
            _ => return None,
        })
    }
}

/// A Checkout session.
#[derive(Debug, Clone)]
pub struct Session {
    pub(super) id: String,
    /// To pay.
    pub amount: i64,
    /// In lower case.
    pub currency: String,
    /// The order.
    pub reference: Option<String>,
    pub(super) status: &'static str,
    pub(super) success_url: String,
    pub(super) intent: Option<String>,
    pub(super) intent_metadata: BTreeMap<String, String>,
    pub(super) manual: bool,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) created: Timestamp,
    /// Whether it claims that real money moves.
    pub livemode: bool,
    /// Whether it says that its money goes on to another account.
    pub passed_on: bool,
}

/// A payment intent.
#[derive(Debug, Clone)]
pub struct Intent {
    pub(super) id: String,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) received: i64,
    pub(super) manual: bool,
    pub(super) status: &'static str,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) card: Card,
    pub(super) error: Option<Value>,
    pub(super) due: Option<Timestamp>,
    pub(super) created: Timestamp,
    pub(super) livemode: bool,
}

/// A refund.
#[derive(Debug, Clone)]
pub struct Refund {
    pub(super) id: String,
    pub(super) intent: String,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) status: &'static str,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) due: Option<Timestamp>,
    pub(super) created: Timestamp,
}

impl Session {
    /// As Stripe writes it.
    pub(super) fn json(&self, intent: Option<Value>, base_url: &str) -> Value {
        let open = self.status == "open";
        let paid = intent.as_ref().is_some_and(|i| i["status"] == "succeeded");
        let destination = self.passed_on.then(|| json!({"destination": "acct_other"}));
        let intent = intent.map(|mut intent| {
            intent["transfer_data"] = json!(destination);
            intent
        });
        json!({
            "id": self.id, "object": "checkout.session", "amount_total": self.amount, "amount_subtotal": self.amount,
            "currency": self.currency, "client_reference_id": self.reference, "created": self.created.seconds(),
            "livemode": self.livemode, "metadata": self.metadata, "mode": "payment", "status": self.status,
            "payment_status": if paid { "paid" } else { "unpaid" }, "success_url": self.success_url,
            "payment_intent": match intent { Some(intent) => intent, None => json!(self.intent) },
            "url": open.then(|| format!("{base_url}/c/pay/{}", self.id)),
        })
    }
}

impl Intent {
    /// As Stripe writes it.
    pub(super) fn json(&self, base_url: &str) -> Value {
        let next = (self.status == "requires_action").then(|| {
            json!({"type": "redirect_to_url", "redirect_to_url": {"url": format!("{base_url}/3ds/{}", self.id), "return_url": null}})
        });
        json!({
            "id": self.id, "object": "payment_intent", "amount": self.amount, "amount_received": self.received,
            "amount_capturable": if self.status == "requires_capture" { self.amount } else { 0 },
            "capture_method": if self.manual { "manual" } else { "automatic" }, "currency": self.currency,
            "created": self.created.seconds(), "livemode": self.livemode, "metadata": self.metadata,
            "status": self.status, "next_action": next, "last_payment_error": self.error,
            "payment_method_types": ["card"], "client_secret": format!("{}_secret", self.id),
        })
    }
}

impl Refund {
    /// As Stripe writes it.
    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id, "object": "refund", "amount": self.amount, "currency": self.currency,
            "payment_intent": self.intent, "status": self.status, "metadata": self.metadata,
            "created": self.created.seconds(), "charge": self.intent.replace("pi_", "ch_"), "reason": null,
        })
    }
}

impl State {
    pub(super) fn id(&mut self, prefix: &str) -> String {
        self.number += 1;
        format!("{prefix}_{:06}", self.number)
    }

    /// What a card makes of a payment; the error if it is refused.
    pub(super) fn charge(&mut self, id: &str, card: Card, now: Timestamp) -> Option<Value> {
        let intent = self.intents.get_mut(id)?;
        intent.card = card;
        intent.error = None;
        match card {
            Card::Declined | Card::Poor => {
                let decline = if card == Card::Poor { "insufficient_funds" } else { "generic_decline" };
                let error = json!({"type": "card_error", "code": "card_declined", "decline_code": decline,
                    "message": "Your card was declined."});
                intent.status = "requires_payment_method";
                intent.error = Some(error.clone());
                self.happened("payment_intent.payment_failed", id, now);
                return Some(error);
            }
            Card::Challenge => {
                intent.status = "requires_action";
                self.happened("payment_intent.requires_action", id, now);
            }
            Card::Slow => {
                intent.status = "processing";
                intent.due = Some(now.plus(PROCESSING));
                self.happened("payment_intent.processing", id, now);
            }
            _ => self.succeed(id, now),
        }
        None
    }

    /// The bank has agreed.
    fn succeed(&mut self, id: &str, now: Timestamp) {
        let Some(intent) = self.intents.get_mut(id) else { return };
        intent.due = None;
        if intent.manual {
            intent.status = "requires_capture";
            self.happened("payment_intent.amount_capturable_updated", id, now);
        } else {
            let amount = intent.amount;
            self.take(id, amount, now);
        }
    }

    /// The money is taken.
    pub(super) fn take(&mut self, id: &str, amount: i64, now: Timestamp) {
        let Some(intent) = self.intents.get_mut(id) else { return };
        (intent.status, intent.received) = ("succeeded", amount);
        self.journal.push((id.to_owned(), amount));
        self.happened("payment_intent.succeeded", id, now);
    }

    pub(super) fn pay_session(&mut self, id: &str, card: Card, now: Timestamp) -> bool {
        let Some(session) = self.sessions.get(id).filter(|session| session.status == "open").cloned() else {
            return false;
        };
        let intent = session.intent.clone().unwrap_or_else(|| self.id("pi"));
        let (amount, currency, metadata) = (session.amount, session.currency, session.intent_metadata);
        let new = Intent { manual: session.manual, ..Intent::of(&intent, amount, currency, metadata, card, now) };
        self.intents.entry(intent.clone()).or_insert(new);
        if let Some(session) = self.sessions.get_mut(id) {
            session.intent = Some(intent.clone());
        }
        if self.charge(&intent, card, now).is_some() || card == Card::Challenge {
            // The page stays, for another card or for the bank's page within it.
            return true;
        }
        self.complete(id, now);
        true
    }

    fn complete(&mut self, session: &str, now: Timestamp) {
        if let Some(session) = self.sessions.get_mut(session) {
            session.status = "complete";
        }
        self.happened("checkout.session.completed", session, now);
    }

    pub(super) fn answer_challenge(&mut self, id: &str, approve: bool, now: Timestamp) {
        if approve {
            self.succeed(id, now);
            let session = self.sessions.values().find(|s| s.intent.as_deref() == Some(id)).map(|s| s.id.clone());
            if let Some(session) = session {
                self.complete(&session, now);
            }
        } else if let Some(intent) = self.intents.get_mut(id) {
            intent.status = "requires_payment_method";
            intent.error =
                Some(json!({"type": "invalid_request_error", "code": "payment_intent_authentication_failure"}));
            self.happened("payment_intent.payment_failed", id, now);
        }
    }

    /// What is left to go back of a payment.
    pub(super) fn refundable(&self, intent: &Intent) -> i64 {
        let of_it = self.refunds.values().filter(|r| r.intent == intent.id && r.status != "failed");
        intent.received - of_it.map(|refund| refund.amount).sum::<i64>()
    }

    pub(super) fn start_refund(
        &mut self,
        intent: &Intent,
        amount: i64,
        metadata: BTreeMap<String, String>,
        now: Timestamp,
    ) -> String {
        let id = self.id("re");
        let slow = matches!(intent.card, Card::SlowRefund | Card::FailingRefund);
        let refund = Refund {
            id: id.clone(),
            intent: intent.id.clone(),
            amount,
            currency: intent.currency.clone(),
            status: if slow { "pending" } else { "succeeded" },
            metadata,
            due: slow.then(|| now.plus(PROCESSING)),
            created: now,
        };
        if !slow {
            self.journal.push((intent.id.clone(), -amount));
        }
        self.refunds.insert(id.clone(), refund);
        self.happened("refund.created", &id, now);
        id
    }

    pub(super) fn refund_at_the_desk(&mut self, session: &str, amount: i64, now: Timestamp) {
        let intent = self.sessions.get(session).and_then(|s| self.intents.get(s.intent.as_deref()?)).cloned();
        if let Some(intent) = intent {
            self.start_refund(&intent, amount, BTreeMap::new(), now);
        }
    }

    /// Timers. How many fired.
    pub(super) fn tick(&mut self, now: Timestamp) -> usize {
        let due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        let intents: Vec<_> = self.intents.values().filter(|i| due(i.due)).map(|i| i.id.clone()).collect();
        let refunds: Vec<_> = self.refunds.values().filter(|r| due(r.due)).map(|r| r.id.clone()).collect();
        for id in &intents {
            self.succeed(id, now);
        }
        for id in &refunds {
            self.end_refund(id, now);
        }
        intents.len() + refunds.len()
    }

    fn end_refund(&mut self, id: &str, now: Timestamp) {
        let Some(refund) = self.refunds.get_mut(id) else { return };
        refund.due = None;
        let fails = self.intents.get(&refund.intent).is_some_and(|intent| intent.card == Card::FailingRefund);
        refund.status = if fails { "failed" } else { "succeeded" };
        let (intent, amount) = (refund.intent.clone(), refund.amount);
        if !fails {
            self.journal.push((intent, -amount));
        }
        self.happened(if fails { "refund.failed" } else { "refund.updated" }, id, now);
    }

    pub(super) fn books(&self) -> Books {
        let order = |intent: &str| self.intents.get(intent).and_then(|intent| intent.metadata.get(ORDER));
        Books::of(&self.journal, |intent| order(intent).map_or("", String::as_str))
    }
}

impl Intent {
    /// One that nobody has paid yet.
    pub(super) fn of(
        id: &str,
        amount: i64,
        currency: String,
        metadata: BTreeMap<String, String>,
        card: Card,
        created: Timestamp,
    ) -> Self {
        Self {
            id: id.to_owned(),
            amount,
            currency,
            received: 0,
            manual: false,
            status: "requires_payment_method",
            metadata,
            card,
            error: None,
            due: None,
            created,
            livemode: false,
        }
    }
}
