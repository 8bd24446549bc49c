//! A stand-in for Stripe: Checkout sessions, payment intents, refunds, Connect, webhooks. It is as strict as Stripe about keys
//! and parameters, and has its bad days.

mod api;
mod calls;
mod connect;
mod disputes;
mod objects;
mod page;
mod webhooks;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kernel::{Clock, Random, Result, Secret, Timestamp};
use sandbox::Deliver;

use crate::{Books, Fault, Faults, mailbag::Mailbag};

pub use objects::{Card, Intent, Refund, Session};

/// Settings.
pub struct Config {
    /// The merchant's key.
    pub secret_key: Secret,
    /// Secret of the webhooks.
    pub webhook_secret: Secret,
    /// Where they go.
    pub webhook_url: String,
    /// Where it is reachable for a browser.
    pub base_url: String,
    /// How long an answer is held back that is not to arrive in time.
    pub hold: Duration,
    /// Faults by chance.
    pub faults: Faults,
}

#[derive(Default)]
struct State {
    sessions: BTreeMap<String, Session>,
    intents: BTreeMap<String, Intent>,
    refunds: BTreeMap<String, Refund>,
    disputes: BTreeMap<String, disputes::Dispute>,
    accounts: BTreeMap<String, connect::Account>,
    links: BTreeMap<String, connect::Link>,
    transfers: BTreeMap<String, connect::Transfer>,
    /// Account and what was transferred to it, or taken back.
    transferred: Vec<(String, i64)>,
    /// Accounts that have nothing that could be taken back.
    spent: Vec<String>,
    /// No accounts are made there.
    closed_countries: Vec<String>,
    /// Nothing is left to be transferred.
    is_penniless: bool,
    keys: BTreeMap<String, Kept>,
    /// Payment intent and what it took (or gave back, below zero).
    journal: Vec<(String, i64)>,
    events: Vec<webhooks::Event>,
    mailbag: Mailbag,
    next_faults: VecDeque<Fault>,
    calls: Vec<String>,
    number: u64,
    /// Events that were told of.
    told: usize,
}

/// The answer to a call with a key.
#[derive(Clone)]
struct Kept {
    call: String,
    body: Vec<u8>,
    answer: calls::Answer,
}

/// The gateway. Clones are the same one.
#[derive(Clone)]
pub struct FakeStripe {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    deliver: Arc<dyn Deliver>,
    state: Mutex<State>,
}

impl FakeStripe {
    /// Without any payment yet.
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

    /// Calls so far: `POST /v1/refunds`.
    pub fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }

    /// The buyer pays on the hosted page with this card. False if the page has closed.
    pub fn pay(&self, session: &str, card: Card) -> bool {
        let now = self.now();
        let paid = self.state().pay_session(session, card, now);
        self.tell();
        paid
    }

    /// The buyer approves the payment on the bank's page, or does not.
    pub fn challenge(&self, intent: &str, approve: bool) {
        let now = self.now();
        self.state().answer_challenge(intent, approve, now);
        self.tell();
    }

    /// Changes a payment intent to what it should not be.
    pub fn distort(&self, session: &str, distort: impl FnOnce(&mut Session)) {
        if let Some(session) = self.state().sessions.get_mut(session) {
            distort(session);
        }
    }

    /// Somebody returns money at Stripe's own desk.
    pub fn refund_at_the_desk(&self, session: &str, amount: i64) {
        let now = self.now();
        self.state().refund_at_the_desk(session, amount, now);
        self.tell();
    }

    /// Timers fire, and what is due is delivered. How much that was.
    ///
    /// # Errors
    /// Never by itself: the deliverer's.
    pub async fn pump(&self) -> Result<usize> {
        let now = self.now();
        let changed = self.state().tick(now);
        self.tell();
        Ok(changed + self.deliver_due().await)
    }

    /// The books at a glance.
    pub fn books(&self) -> Books {
        self.state().books()
    }
}
