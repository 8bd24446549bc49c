//! A payment gateway that stands outside Souk: its own journal, its own API, its own bad days.
//!
//! The core ([`Gateway`]) is pure and can be simulated; [`Sandbox`] puts a durable journal, an
//! HTTP API with hosted pages, and webhooks around it. `README.md` describes it from outside.

mod api;
pub mod card;
pub mod carrier;
mod command;
mod disputes;
mod gateway;
mod journal;
pub mod model;
mod pages;
mod payees;
mod refusal;
mod rules;
mod sqlite;
mod store;
mod turn;
mod webhooks;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kernel::{Clock, Error, Random, Result, Secret};
use tokio::sync::Notify;

pub use command::{Call, Command, NewPayment, Outcome};
pub use disputes::FEE_MINOR;
pub use gateway::Gateway;
pub use journal::JournalAt;
pub use model::{Dispute, DisputeStatus, Evidence, Payment, Refund, Status};
pub use payees::{NewPayee, NewTransfer, Payee, PayeeStatus, PayoutCommand, Transfer};
pub use refusal::Refusal;
pub use rules::{Faults, KEY_LIFE, Rules};
pub use sqlite::Sqlite;
pub use store::{Due, EventRow, JournalRow, Memory, Store, Summary, Sums};
pub use webhooks::{Deliver, HttpDeliver, RouterDeliver, SIGNATURE_HEADER, signature};

/// Settings of a [`Sandbox`].
#[derive(Debug, Clone)]
pub struct Config {
    /// The merchant's key; begins with `sk_test_`.
    pub secret_key: Secret,
    /// Key of the signatures of webhooks.
    pub webhook_secret: Secret,
    /// Who is told about events. Deliveries remember the position in this list.
    pub webhook_urls: Vec<String>,
    /// Where [`Sandbox::router`] is reachable from a browser, e.g. `http://127.0.0.1:8080/sandbox`.
    pub base_url: String,
    /// Name of the shop on the hosted pages.
    pub merchant: String,
    /// Where the journal is.
    pub journal: JournalAt,
    /// Faults that strike at random.
    pub faults: Faults,
    /// How long an answer is held back that is not to arrive in time.
    pub timeout_answer_ms: u64,
    /// How long `processing` and pending refunds last.
    pub processing_ms: u64,
    /// How late late successes and late webhooks are.
    pub late_ms: u64,
    /// How long a payment may wait for its buyer before it is cancelled.
    pub patience_s: u64,
    /// What is kept of each capture, in basis points.
    pub fee_bp: u16,
}

impl Config {
    /// The usual settings: everything in memory, no faults, nobody told.
    pub fn new(base_url: impl Into<String>, secret_key: Secret, webhook_secret: Secret) -> Self {
        Self {
            secret_key,
            webhook_secret,
            webhook_urls: Vec::new(),
            base_url: base_url.into(),
            merchant: "Souk".to_owned(),
            journal: JournalAt::Memory,
            faults: Faults::default(),
            timeout_answer_ms: 30_000,
            processing_ms: 2_000,
            late_ms: 45_000,
            patience_s: 24 * 3600,
            fee_bp: 0,
        }
    }

    fn check(&self) -> Result<()> {
        if !self.secret_key.expose().starts_with("sk_test_") || self.secret_key.expose().len() < 16 {
            return Err(Error::invalid(
                "secret_key",
                "Use a key that begins with sk_test_ and has at least 16 letters.",
            ));
        }
        if self.webhook_secret.expose().len() < 16 {
            return Err(Error::invalid("webhook_secret", "Use at least 16 letters."));
        }
        let is_web = |text: &str| url::Url::parse(text).is_ok_and(|u| matches!(u.scheme(), "http" | "https"));
        if !is_web(&self.base_url) {
            return Err(Error::invalid("base_url", "Use an address that begins with http:// or https://."));
        }
        if self.fee_bp > 10_000 {
            return Err(Error::invalid("fee_bp", "Use 10000, which is all of it, at most."));
        }
        match self.webhook_urls.iter().find(|url| !is_web(url)) {
            Some(url) => Err(Error::invalid("webhook_urls", format!("“{url}” is not a web address."))),
            None => Ok(()),
        }
    }

    fn rules(&self) -> Rules {
        Rules {
            base_url: self.base_url.trim_end_matches('/').to_owned(),
            endpoints: self.webhook_urls.len(),
            processing: Duration::from_millis(self.processing_ms),
            late: Duration::from_millis(self.late_ms),
            patience: Duration::from_secs(self.patience_s),
            fee_bp: self.fee_bp,
            faults: self.faults.clone(),
        }
    }
}

/// The gateway with its journal, API and webhooks. Clones are the same gateway.
#[derive(Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    /// Path part of the base address, for links within the pages.
    base_path: String,
    journal: journal::Journal,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    deliver: Arc<dyn Deliver>,
    /// Wakes the delivery loop.
    wake: Notify,
    /// Numbers of the deliveries under way.
    under_way: Mutex<BTreeSet<i64>>,
}

/// Opens the journal and continues where it ends. Nothing is delivered before [`Sandbox::run`].
pub async fn open(
    config: Config,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    deliver: Arc<dyn Deliver>,
) -> Result<Sandbox> {
    config.check()?;
    let journal = journal::Journal::open(config.journal.clone(), config.rules()).await?;
    let base = url::Url::parse(&config.base_url).map_err(Error::internal)?;
    let base_path = base.path().trim_end_matches('/').to_owned();
    let (wake, under_way) = (Notify::new(), Mutex::default());
    Ok(Sandbox { inner: Arc::new(Inner { config, base_path, journal, clock, random, deliver, wake, under_way }) })
}

impl Sandbox {
    /// The API under `/v1` and the hosted pages under `/pay` and `/payees`.
    pub fn router(&self) -> axum::Router {
        api::router(self.clone()).merge(pages::router(self.clone()))
    }

    /// Obeys a command; the answer is durable.
    pub async fn apply(&self, call: Call) -> Result<Outcome> {
        let (clock, random) = (self.inner.clock.clone(), self.inner.random.clone());
        let outcome = self.inner.journal.with(move |gateway| gateway.apply(&call, clock.now(), &*random)).await?;
        if outcome.is_success() && !outcome.replayed {
            self.inner.wake.notify_one();
        }
        Ok(outcome)
    }

    /// Reads the state.
    pub async fn read<T: Send + 'static>(&self, read: impl FnOnce(&Sqlite) -> Result<T> + Send + 'static) -> Result<T> {
        self.inner.journal.with(move |gateway| read(gateway.store())).await
    }

    /// The books at a glance.
    pub async fn summary(&self) -> Result<Summary> {
        self.read(Store::summary).await
    }

    /// All transfers to payees, in the order in which they were sent (at most a thousand).
    pub async fn transfers(&self) -> Result<Vec<Transfer>> {
        self.read(|store| Ok(store.transfers(0, 1_000)?.into_iter().map(|(_, transfer)| transfer).collect())).await
    }

    /// Finishes what waits and closes the journal; every call after it is refused.
    pub async fn close(&self) {
        self.inner.journal.close().await;
    }

    fn under_way(&self) -> MutexGuard<'_, BTreeSet<i64>> {
        self.inner.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
