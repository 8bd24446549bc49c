//! A carrier that carries nothing: parcels, rates, labels, trackers and signed webhooks in the words of EasyPost's API,
//! and bad days on demand. It keeps nothing on disk.

mod api;
mod objects;
mod paper;
mod webhooks;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kernel::{Clock, Currency, Money, Secret, Timestamp};
use tokio::sync::Notify;

use crate::Deliver;

pub use webhooks::{signature, timestamp};

/// Settings.
#[derive(Debug, Clone)]
pub struct CarrierConfig {
    /// The merchant's key.
    pub api_key: Secret,
    /// Secret of the webhooks.
    pub webhook_secret: Secret,
    /// Where they go.
    pub webhook_url: String,
    /// Where the API is reachable for the merchant; files have addresses below it.
    pub base_url: String,
    /// Currency of its prices.
    pub currency: Currency,
    /// How long an answer is held back that is not to arrive in time.
    pub hold: Duration,
    /// Whether every webhook is sent twice.
    pub doubled: bool,
    /// A parcel goes a step further by itself each time so much has passed; none: only when it is told to.
    pub step: Option<Duration>,
}

/// What a call that changes something may meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarrierFault {
    /// It is done, but the answer comes too late.
    Silent,
    /// Nothing is done, and no answer comes in time.
    Hang,
    /// 500, nothing is done.
    Broken,
    /// 429, nothing is done.
    Busy,
}

/// What has been paid and given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarrierEntry {
    /// Price of a label; below zero where it was given back.
    pub price: Money,
    /// When.
    pub at: Timestamp,
}

/// A parcel.
#[derive(Debug, Clone)]
struct Shipment {
    reference: Option<String>,
    to_country: String,
    to_name: String,
    weight_tenths: i64,
    created: Timestamp,
    bought: Option<Bought>,
}

/// Its label.
#[derive(Debug, Clone)]
struct Bought {
    rate: usize,
    number: String,
    tracker: String,
    refund: Option<&'static str>,
}

/// A parcel's way.
#[derive(Debug, Clone)]
struct Tracker {
    shipment: String,
    number: String,
    status: String,
    scans: Vec<Scan>,
    /// Steps that it has gone by itself.
    steps: usize,
    created: Timestamp,
}

#[derive(Debug, Clone)]
struct Scan {
    at: Timestamp,
    status: String,
    message: String,
    city: &'static str,
}

/// A webhook that is to be delivered.
#[derive(Debug, Clone)]
struct Letter {
    body: String,
    due: Timestamp,
    tries: u32,
}

#[derive(Default)]
struct State {
    shipments: BTreeMap<String, Shipment>,
    trackers: BTreeMap<String, Tracker>,
    journal: Vec<CarrierEntry>,
    letters: Vec<Letter>,
    /// What calls meet whose path ends so.
    faults: Vec<(&'static str, CarrierFault)>,
    calls: Vec<String>,
    number: u64,
    /// Nothing can be given back any more: the parcels were seen.
    no_refunds: bool,
}

/// The carrier. Clones are the same one.
#[derive(Clone)]
pub struct SandboxCarrier {
    inner: Arc<Inner>,
}

struct Inner {
    config: CarrierConfig,
    clock: Arc<dyn Clock>,
    deliver: Arc<dyn Deliver>,
    state: Mutex<State>,
    wake: Notify,
}

/// What happens to a parcel by itself, one after the other.
const WAY: [(&str, &str, &str); 4] = [
    ("in_transit", "Accepted at the post office", "Porto"),
    ("in_transit", "Arrived at the sorting centre", "Frankfurt"),
    ("out_for_delivery", "Out for delivery", "Berlin"),
    ("delivered", "Delivered", "Berlin"),
];

impl SandboxCarrier {
    /// Without any parcel yet.
    pub fn new(config: CarrierConfig, clock: Arc<dyn Clock>, deliver: Arc<dyn Deliver>) -> Self {
        // Names that were given before a restart are not given again.
        let number = clock.now().seconds().unsigned_abs().saturating_mul(1_000);
        let (state, wake) = (Mutex::new(State { number, ..State::default() }), Notify::new());
        Self { inner: Arc::new(Inner { config, clock, deliver, state, wake }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The next call that changes something, and whose path ends so (`/buy`), meets this.
    pub fn fault(&self, end: &'static str, fault: CarrierFault) {
        self.state().faults.push((end, fault));
    }

    /// Calls so far: `POST /v2/shipments`.
    pub fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }

    /// Labels that were sold, and given back.
    pub fn journal(&self) -> Vec<CarrierEntry> {
        self.state().journal.clone()
    }

    /// Every parcel with a label, in the order in which these were sold: its number, and where it stands.
    pub fn parcels(&self) -> Vec<(String, String)> {
        self.state().trackers.values().map(|tracker| (tracker.number.clone(), tracker.status.clone())).collect()
    }

    /// From now on no label is taken back.
    pub fn refuse_refunds(&self) {
        self.state().no_refunds = true;
    }

    /// A parcel is seen somewhere; who asked to be told is told. False if there is no such parcel.
    pub fn scan(&self, number: &str, status: &str, message: &str) -> bool {
        let now = self.now();
        self.scan_at(number, status, message, now)
    }

    /// The same, noted late: it was seen at `at`.
    pub fn scan_at(&self, number: &str, status: &str, message: &str, at: Timestamp) -> bool {
        let now = self.now();
        let known = self.state().scan(number, (status, message, "Leipzig"), at);
        if let Some(tracker) = &known {
            self.tell(tracker, now);
        }
        known.is_some()
    }

    /// Tells of a parcel again, as it stands.
    pub fn tell_again(&self, number: &str) {
        let now = self.now();
        let known = self.state().trackers.iter().find(|(_, t)| t.number == number).map(|(id, _)| id.clone());
        if let Some(tracker) = known {
            self.tell(&tracker, now);
        }
    }

    /// Parcels go further, and what is due is delivered. How much that was.
    pub async fn pump(&self) -> usize {
        self.go_further();
        self.deliver_due().await
    }

    /// The same again and again, until `shutdown`.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        const NAP: Duration = Duration::from_secs(1);
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            self.pump().await;
            tokio::select! {
                () = &mut shutdown => return,
                () = self.inner.wake.notified() => {}
                () = tokio::time::sleep(NAP) => {}
            }
        }
    }

    fn go_further(&self) {
        let Some(step) = self.inner.config.step else { return };
        let now = self.now();
        let moved = self.state().go_further(step, now);
        for tracker in moved {
            self.tell(&tracker, now);
        }
    }
}

impl State {
    /// What strikes a call that changes something, if anything does.
    fn fate(&mut self, path: &str) -> Option<CarrierFault> {
        let planned = self.faults.iter().position(|(end, _)| path.ends_with(end))?;
        Some(self.faults.remove(planned).1)
    }

    fn id(&mut self, prefix: &str) -> String {
        self.number += 1;
        format!("{prefix}_{:012}", self.number)
    }

    /// Notes that a parcel was seen; the id of its tracker.
    fn scan(
        &mut self,
        number: &str,
        (status, message, city): (&str, &str, &'static str),
        at: Timestamp,
    ) -> Option<String> {
        let (id, tracker) = self.trackers.iter_mut().find(|(_, tracker)| tracker.number == number)?;
        let newest = tracker.scans.iter().all(|scan| scan.at <= at);
        tracker.scans.push(Scan { at, status: status.to_owned(), message: message.to_owned(), city });
        if newest {
            tracker.status = status.to_owned();
        }
        Some(id.clone())
    }

    /// Moves parcels whose time it is one step on; the ids of their trackers.
    fn go_further(&mut self, step: Duration, now: Timestamp) -> Vec<String> {
        let mut ripe: Vec<(String, usize)> = Vec::new();
        for tracker in self.trackers.values_mut().filter(|tracker| tracker.steps < WAY.len()) {
            if now.since(tracker.created) >= step * (tracker.steps as u32 + 1) {
                ripe.push((tracker.number.clone(), tracker.steps));
                tracker.steps += 1;
            }
        }
        ripe.into_iter().filter_map(|(number, next)| self.scan(&number, WAY[next], now)).collect()
    }
}
