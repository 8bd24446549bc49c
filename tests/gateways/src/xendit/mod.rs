//! A stand-in for Xendit: invoices with their page, refunds, payouts, webhooks with a token.

mod api;
mod objects;
mod payouts;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use kernel::{Clock, Money, Random, Result, Secret, Timestamp};
use sandbox::Deliver;
use serde_json::Value;

use crate::{Books, Fault, Faults, Way, buyer::deliveries, mailbag::Mailbag};

pub use objects::Invoice;
use objects::{News, Refund};

/// Id of the business that invoices are paid to.
pub const BUSINESS: &str = "5781d19b2e2385880609791c";

/// Settings.
pub struct Config {
    /// The merchant's key.
    pub secret_key: Secret,
    /// Comes with every webhook.
    pub webhook_token: Secret,
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
    invoices: BTreeMap<String, Invoice>,
    refunds: BTreeMap<String, Refund>,
    /// Payouts by id.
    payouts: BTreeMap<String, payouts::Payout>,
    /// Why it makes no payouts.
    payouts_stopped: Option<&'static str>,
    /// What was asked for under a key, and the refund that it made.
    keys: BTreeMap<String, (Value, String)>,
    /// Invoice and what it took (or gave back, below zero).
    journal: Vec<(String, i64)>,
    mailbag: Mailbag,
    told: u64,
    next_faults: VecDeque<Fault>,
    calls: Vec<String>,
    number: u64,
}

impl State {
    fn id(&mut self, prefix: &str) -> String {
        self.number += 1;
        format!("{prefix}{:021}", self.number)
    }
}

/// The gateway. Clones are the same one.
#[derive(Clone)]
pub struct FakeXendit {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    deliver: Arc<dyn Deliver>,
    state: Mutex<State>,
}

impl FakeXendit {
    /// Without any invoice yet.
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

    fn fate(&self, changes_something: bool) -> Option<Fault> {
        let planned = self.state().next_faults.pop_front();
        let by_chance = || self.inner.config.faults.strike(|rate| self.strikes(rate));
        planned.or_else(|| changes_something.then(by_chance).flatten())
    }

    /// The next call meets this.
    pub fn fault(&self, fault: Fault) {
        self.state().next_faults.push_back(fault);
    }

    /// Calls so far: `POST /v2/invoices`.
    pub fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }

    /// The buyer pays on the page. False if there is nothing (more) to pay.
    pub fn pay(&self, invoice: &str, way: Way) -> bool {
        let now = self.now();
        let paid = self.state().pay(invoice, way, now);
        for news in paid.iter().flatten() {
            self.tell(news);
        }
        paid.is_some()
    }

    /// Changes an invoice behind everybody's back.
    pub fn distort(&self, invoice: &str, how: impl FnOnce(&mut Invoice)) {
        if let Some(invoice) = self.state().invoices.get_mut(invoice) {
            how(invoice);
        }
    }

    /// An invoice that was made and paid elsewhere with the merchant's account, without a word to anybody.
    pub fn paid_elsewhere(&self, external_id: &str, amount: Money, at: Timestamp) {
        let mut state = self.state();
        let id = state.id("65c");
        let invoice = Invoice {
            id: id.clone(),
            external_id: external_id.to_owned(),
            amount,
            paid: None,
            status: "SETTLED",
            description: String::new(),
            success_url: String::new(),
            created: at,
            updated: at,
            expires: at,
            paid_at: Some(at),
            due: None,
            way: None,
            is_silent: false,
        };
        state.journal.push((id.clone(), amount.amount_minor));
        state.invoices.insert(id, invoice);
    }

    /// Somebody gives money back on Xendit's own pages.
    pub fn refund_at_the_desk(&self, invoice: &str, minor: i64) {
        let now = self.now();
        let mut state = self.state();
        let Some(amount) = state.invoices.get(invoice).map(|i| Money::new(minor, i.amount.currency)) else {
            return;
        };
        let id = state.id("rfd-");
        let (status, due, created, updated) = ("PENDING", None, now, now);
        let (invoice, reason, reference) = (invoice.to_owned(), "OTHERS".to_owned(), None);
        let news = state.give_back(Refund { id, invoice, amount, reference, reason, status, due, created, updated });
        drop(state);
        if let Some(news) = news {
            self.tell(&news);
        }
    }

    /// Notes that something is to be told of, as the invoice's day has it.
    fn tell(&self, news: &News) {
        let now = self.now();
        let mut state = self.state();
        state.told += 1;
        let found = match news {
            News::Invoice(id) => state.invoices.get(id).map(|invoice| (invoice.way, invoice.news())),
            News::Refund(id) => state
                .refunds
                .get(id)
                .map(|refund| (state.invoices.get(&refund.invoice).and_then(|invoice| invoice.way), refund.news())),
        };
        let Some((way, body)) = found else { return };
        let due = deliveries(way, state.told, now, &self.inner.config.faults, |rate| self.strikes(rate));
        state.mailbag.put(body.to_string(), due);
    }

    /// Timers fire, and what is due is delivered. How much that was.
    ///
    /// # Errors
    /// Never by itself: the deliverer's.
    pub async fn pump(&self) -> Result<usize> {
        let now = self.now();
        let changed = self.state().tick(now);
        for news in &changed {
            self.tell(news);
        }
        let due = self.state().mailbag.take_due(now);
        let count = changed.len() + due.len();
        for (n, body) in due {
            let headers = vec![("x-callback-token", self.inner.config.webhook_token.expose().to_owned())];
            let answer = self.inner.deliver.post(&self.inner.config.webhook_url, headers, Bytes::from(body)).await;
            if !answer.is_ok_and(|status| (200..300).contains(&status)) {
                self.state().mailbag.came_back(n, now);
            }
        }
        Ok(count)
    }

    /// The books at a glance.
    pub fn books(&self) -> Books {
        let state = self.state();
        Books::of(&state.journal, |id| state.invoices.get(id).map_or("", |invoice| invoice.external_id.as_str()))
    }
}
