//! A stand-in for Midtrans: Snap's pages, transactions, refunds, signed notifications.

mod api;
mod objects;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use kernel::{Clock, Random, Result, Secret, Timestamp};
use sandbox::Deliver;
use serde_json::Value;

use crate::{Books, Fault, Faults, Way, buyer::deliveries, mailbag::Mailbag};

pub use objects::Transaction;
use objects::{Page, Refund};

/// Settings.
pub struct Config {
    /// The merchant's key; signs notifications, too.
    pub server_key: Secret,
    /// Where notifications go.
    pub webhook_url: String,
    /// Where it is reachable.
    pub base_url: String,
    /// How long an answer is held back that is not to arrive in time.
    pub hold: Duration,
    /// Faults by chance.
    pub faults: Faults,
}

struct State {
    key: Secret,
    pages: BTreeMap<String, Page>,
    transactions: BTreeMap<String, Transaction>,
    /// Order and what it took (or gave back, below zero), in hundredths.
    journal: Vec<(String, i64)>,
    mailbag: Mailbag,
    told: u64,
    next_faults: VecDeque<Fault>,
    /// So many calls go well before the next fault.
    spared: usize,
    calls: Vec<String>,
    number: u64,
}

impl State {
    fn id(&mut self, prefix: &str) -> String {
        self.number += 1;
        format!("{prefix}{:012}", self.number)
    }

    /// The merchant's name for a transaction, by that or by Midtrans' own.
    fn order_of(&self, id: &str) -> Option<String> {
        let found = self.transactions.values().find(|transaction| transaction.order_id == id || transaction.id == id);
        found.map(|transaction| transaction.order_id.clone())
    }

    /// The order of a page.
    fn page_of(&self, token: &str) -> Option<String> {
        self.pages.iter().find(|(_, page)| page.token == token).map(|(order_id, _)| order_id.clone())
    }
}

/// The gateway. Clones are the same one.
#[derive(Clone)]
pub struct FakeMidtrans {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    deliver: Arc<dyn Deliver>,
    state: Mutex<State>,
}

impl FakeMidtrans {
    /// Without any page yet.
    pub fn new(config: Config, clock: Arc<dyn Clock>, random: Arc<dyn Random>, deliver: Arc<dyn Deliver>) -> Self {
        let state = State {
            key: config.server_key.clone(),
            pages: BTreeMap::new(),
            transactions: BTreeMap::new(),
            journal: Vec::new(),
            mailbag: Mailbag::default(),
            told: 0,
            next_faults: VecDeque::new(),
            spared: 0,
            calls: Vec::new(),
            number: 0,
        };
        Self { inner: Arc::new(Inner { config, clock, random, deliver, state: Mutex::new(state) }) }
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

    fn fate(&self, changes_something: bool) -> Option<Fault> {
        let planned = {
            let mut state = self.state();
            let is_spared = state.spared > 0;
            state.spared = state.spared.saturating_sub(1);
            if is_spared { None } else { state.next_faults.pop_front() }
        };
        let by_chance = || self.inner.config.faults.strike(|rate| self.strikes(rate));
        planned.or_else(|| changes_something.then(by_chance).flatten())
    }

    /// The next call meets this.
    pub fn fault(&self, fault: Fault) {
        self.state().next_faults.push_back(fault);
    }

    /// The call after the next meets this.
    pub fn fault_after_next(&self, fault: Fault) {
        let mut state = self.state();
        state.spared += 1;
        state.next_faults.push_back(fault);
    }

    /// Calls so far: `POST /snap/v1/transactions`.
    pub fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }

    /// Address of the page that was last opened for an order.
    pub fn page(&self, order_id: &str) -> Option<String> {
        let token = self.state().pages.get(order_id).map(|page| page.token.clone())?;
        Some(format!("{}/snap/v4/redirection/{token}", self.inner.config.base_url))
    }

    /// The buyer pays on the page. False if it has closed, or there is nothing more to pay.
    pub fn pay(&self, order_id: &str, way: Way) -> bool {
        let now = self.now();
        let seen = self.state().pay(order_id, way, now);
        for seen in seen.iter().flatten() {
            self.tell(order_id, seen);
        }
        seen.is_some()
    }

    /// The buyer's card is charged, but somebody has to look at it at Midtrans.
    pub fn pay_challenged(&self, order_id: &str) -> bool {
        let now = self.now();
        let begun = self.state().pay(order_id, Way::Slow, now).is_some();
        self.change(order_id, |transaction| {
            (transaction.status, transaction.fraud, transaction.due) = ("capture", "challenge", None);
        });
        begun
    }

    /// What was challenged is accepted at Midtrans.
    pub fn accept(&self, order_id: &str) {
        let seen = self.state().receive(order_id, "capture");
        self.tell(order_id, &seen);
    }

    /// It stands so at Midtrans, whatever was before, and is told of: `expire`, `chargeback` …
    pub fn becomes(&self, order_id: &str, status: &'static str) {
        self.change(order_id, |transaction| (transaction.status, transaction.due) = (status, None));
    }

    /// Midtrans knows nothing of it any more.
    pub fn forget(&self, order_id: &str) {
        self.state().transactions.remove(order_id);
    }

    /// Changes a transaction behind everybody's back; it is told of.
    pub fn change(&self, order_id: &str, how: impl FnOnce(&mut Transaction)) {
        let mut state = self.state();
        if let Some(transaction) = state.transactions.get_mut(order_id) {
            how(transaction);
        }
        let seen = state.seen(order_id);
        drop(state);
        self.tell(order_id, &seen);
    }

    /// Somebody gives rupiah back on Midtrans' own pages.
    pub fn refund_at_the_desk(&self, order_id: &str, amount: i64) {
        let at = self.now();
        let refund = Refund { key: "desk-1".to_owned(), amount, reason: "At the desk".to_owned(), at };
        let seen = self.state().give_back(order_id, refund);
        self.tell(order_id, &seen);
    }

    /// A notification as it would be sent now.
    pub fn notification(&self, order_id: &str) -> Value {
        self.state().seen(order_id)
    }

    /// Notes that something is to be told of, as the transaction's day has it.
    fn tell(&self, order_id: &str, seen: &Value) {
        let now = self.now();
        let mut state = self.state();
        state.told += 1;
        let way = state.transactions.get(order_id).map(|transaction| transaction.way);
        let due = deliveries(way, state.told, now, &self.inner.config.faults, |rate| self.strikes(rate));
        state.mailbag.put(seen.to_string(), due);
    }

    /// Timers fire, and what is due is delivered. How much that was.
    ///
    /// # Errors
    /// Never by itself: the deliverer's.
    pub async fn pump(&self) -> Result<usize> {
        let now = self.now();
        let changed = self.state().tick(now);
        for (order_id, seen) in &changed {
            self.tell(order_id, seen);
        }
        let due = self.state().mailbag.take_due(now);
        let count = changed.len() + due.len();
        for (n, body) in due {
            let url = self.inner.config.webhook_url.as_str();
            let answer = self.inner.deliver.post(url, Vec::new(), Bytes::from(body)).await;
            if !answer.is_ok_and(|status| (200..300).contains(&status)) {
                self.state().mailbag.came_back(n, now);
            }
        }
        Ok(count)
    }

    /// The books at a glance. An order may have several pages: the attempt behind its name is left out.
    pub fn books(&self) -> Books {
        let state = self.state();
        let order_of = |name: &str| state.pages.get_key_value(name).map_or("", |(name, _)| name.as_str());
        Books::of(&state.journal, |name| order_of(name).rsplit_once('-').map_or("", |(order, _)| order))
    }
}
