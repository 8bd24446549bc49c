//! A stand-in for PayPal: tokens, orders v2 with parts of several receivers, captures, refunds, sellers who connect their accounts,
//! payouts, webhooks that it owns to when asked.

mod api;
mod disputes;
mod orders;
mod page;
mod partners;
mod payouts;
mod transactions;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use kernel::{Clock, Random, Result, Timestamp};
use sandbox::Deliver;
use serde_json::json;

use crate::{Books, Fault, Faults, mailbag::Mailbag};

pub use orders::{Source, Taken};
pub use payouts::AskedPayout;

/// Id of the account that orders are paid to.
pub const MERCHANT: &str = "3XWT5BTGMGSWL";

/// Settings.
pub struct Config {
    /// The merchant's app.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Id of its webhook.
    pub webhook_id: String,
    /// Where webhooks go.
    pub webhook_url: String,
    /// Where it is reachable.
    pub base_url: String,
    /// How long an answer is held back that is not to arrive in time.
    pub hold: Duration,
    /// Faults by chance.
    pub faults: Faults,
}

#[derive(Default)]
struct State {
    orders: BTreeMap<String, orders::Order>,
    disputes: BTreeMap<String, disputes::Dispute>,
    /// Connected sellers by account.
    sellers: BTreeMap<String, partners::Seller>,
    /// Where sellers come back to, by the platform's names for them.
    referrals: BTreeMap<String, String>,
    accounts: partners::Accounts,
    /// Sellers in whose name nothing may be given back.
    forbidden: Vec<String>,
    /// Batches by id.
    payouts: BTreeMap<String, payouts::Batch>,
    /// Why it makes no payouts.
    payouts_stopped: Option<&'static str>,
    /// What was made under a key: its path and id.
    keys: BTreeMap<String, (String, String)>,
    /// Order and what it took (or gave back, below zero).
    journal: Vec<(String, i64)>,
    /// How much later transactions are listed.
    lag: Duration,
    /// Paid at the merchant's own desk: when, its id, how much, as what.
    desk: Vec<(Timestamp, String, String, String)>,
    mailbag: Mailbag,
    /// Signatures of events that were sent.
    signed: BTreeMap<String, String>,
    next_faults: VecDeque<Fault>,
    calls: Vec<String>,
    tokens: Vec<(String, Timestamp)>,
    number: u64,
}

/// The gateway. Clones are the same one.
#[derive(Clone)]
pub struct FakePayPal {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    deliver: Arc<dyn Deliver>,
    state: Mutex<State>,
}

impl FakePayPal {
    /// Without any order yet.
    pub fn new(config: Config, clock: Arc<dyn Clock>, random: Arc<dyn Random>, deliver: Arc<dyn Deliver>) -> Self {
        Self { inner: Arc::new(Inner { config, clock, random, deliver, state: Mutex::default() }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    fn strikes(&self, per_mille: u64) -> bool {
        per_mille > 0 && self.inner.random.below(1_000) < per_mille
    }

    /// The next call meets this.
    pub fn fault(&self, fault: Fault) {
        self.state().next_faults.push_back(fault);
    }

    /// Calls so far: `POST /v2/checkout/orders`.
    pub fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }

    /// The buyer agrees on the page, with this source of money. False if there is nothing (more) to agree to.
    pub fn approve(&self, order: &str, source: Source) -> bool {
        let agreed = self.state().approve(order, source);
        if agreed {
            self.tell("CHECKOUT.ORDER.APPROVED", "checkout-order", json!({"id": order}), order);
        }
        agreed
    }

    /// Somebody gives so much (`5.00`) of an order back on PayPal's own pages; the refund's id.
    pub fn refund_at_the_desk(&self, order: &str, value: &str) -> Option<String> {
        let now = self.now();
        let capture = self.state().orders.get(order)?.units.first()?.capture.as_ref()?.id.clone();
        let given = orders::Given { value: value.to_owned(), fee: "0.00".to_owned(), custom_id: String::new() };
        let refund = self.state().give_back(&capture, given, now)?;
        self.tell("PAYMENT.CAPTURE.REFUNDED", "refund", self.refund_resource(&refund.id)?, order);
        Some(refund.id)
    }

    /// All tokens that were given out are good no more.
    pub fn forget_tokens(&self) {
        self.state().tokens.clear();
    }

    /// How PayPal signs what it sends: known to it alone.
    pub fn sign(&self, body: &str) -> Vec<(&'static str, String)> {
        let now = self.now();
        let mut state = self.state();
        state.number += 1;
        let id = format!("transmission-{}", state.number);
        state.signed.insert(id.clone(), body.to_owned());
        vec![
            ("paypal-transmission-id", id.clone()),
            ("paypal-transmission-time", now.to_string()),
            ("paypal-transmission-sig", format!("signature of {id}")),
            ("paypal-auth-algo", "SHA256withRSA".to_owned()),
            ("paypal-cert-url", "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1".to_owned()),
        ]
    }

    /// Notes that something is to be told of, as the order's day has it.
    fn tell(&self, kind: &str, resource_type: &str, resource: serde_json::Value, order: &str) {
        let now = self.now();
        let mut state = self.state();
        state.number += 1;
        let id = format!("WH-{}", state.number);
        let source = state.orders.get(order).and_then(|order| order.source);
        let mut due = vec![now];
        match source {
            Some(Source::Doubled) => due.extend([now, now]),
            Some(Source::Late) => due = vec![now.plus(Duration::from_secs(45))],
            Some(Source::Disordered) if state.number.is_multiple_of(2) => due = vec![now.plus(Duration::from_secs(3))],
            _ => {}
        }
        let faults = &self.inner.config.faults;
        if self.strikes(faults.doubled_per_mille) {
            due.push(now);
        }
        if self.strikes(faults.late_per_mille) {
            due = due.into_iter().map(|at| at.plus(Duration::from_secs(2))).collect();
        }
        let body = json!({
            "id": id, "event_version": "1.0", "create_time": now.to_string(), "resource_type": resource_type,
            "event_type": kind, "summary": "Something has happened", "resource": resource,
        });
        state.mailbag.put(body.to_string(), due);
    }

    /// Timers fire, and nothing is told. True if anything has changed.
    pub fn pass(&self) -> bool {
        let now = self.now();
        !self.state().tick(now).is_empty()
    }

    /// Timers fire, and what is due is delivered. How much that was.
    ///
    /// # Errors
    /// Never by itself: the deliverer's.
    pub async fn pump(&self) -> Result<usize> {
        let now = self.now();
        let changed = self.state().tick(now);
        for change in &changed {
            self.tell(change.kind, change.resource_type, change.resource.clone(), &change.order);
        }
        let due = self.state().mailbag.take_due(now);
        let count = changed.len() + due.len();
        for (n, body) in due {
            let headers = self.sign(&body);
            let answer = self.inner.deliver.post(&self.inner.config.webhook_url, headers, Bytes::from(body)).await;
            if !answer.is_ok_and(|status| (200..300).contains(&status)) {
                self.state().mailbag.came_back(n, now);
            }
        }
        Ok(count)
    }

    /// All orders, and what was taken and given back of each.
    pub fn payments(&self) -> Vec<Taken> {
        self.state().orders.values().map(orders::Order::taken).collect()
    }

    /// The books at a glance.
    pub fn books(&self) -> Books {
        let state = self.state();
        let name =
            |order: &str| state.orders.get(order).and_then(|order| Some(order.units.first()?.custom_id.as_str()));
        Books::of(&state.journal, |order| name(order).unwrap_or_default())
    }
}
