//! A broker that survives the process: it refuses, forgets to confirm, repeats, delays, reorders.
//!
//! Within an aggregate events overtake each other by less than the half minute for which an inbox
//! waits for a predecessor: a broker that keeps no order at all per aggregate is not one that Souk
//! can be run on, and the transports it has keep it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use contracts::Envelope;
use events::{EventBus, Inbox};
use futures::future::BoxFuture;
use kernel::{Clock, Error, ManualClock, Random, Result, SeededRandom, Timestamp};
use runtime::CancellationToken;

use crate::{faults::Fates, swarm::Swarm, trace::Trace};

/// How far events of one aggregate may overtake each other.
const OVERTAKE_MS: u64 = 20_000;

/// The broker.
pub struct SimBus {
    clock: Arc<ManualClock>,
    random: Arc<SeededRandom>,
    trace: Arc<Trace>,
    fates: Arc<Fates>,
    state: Mutex<State>,
}

struct State {
    swarm: Swarm,
    consumers: Vec<(&'static str, Vec<&'static str>)>,
    queue: BTreeMap<(Timestamp, u64), Delivery>,
    /// When the last event of an aggregate is delivered to a consumer, as things stand.
    last: BTreeMap<(&'static str, String), Timestamp>,
    number: u64,
}

/// An event on its way to a consumer.
#[derive(Clone)]
pub struct Delivery {
    /// Consumer.
    pub consumer: &'static str,
    /// Event.
    pub envelope: Arc<Envelope>,
    /// How often it was tried.
    pub attempts: u32,
}

impl SimBus {
    /// A broker without consumers.
    pub fn new(
        clock: Arc<ManualClock>,
        random: Arc<SeededRandom>,
        trace: Arc<Trace>,
        fates: Arc<Fates>,
        swarm: Swarm,
    ) -> Self {
        let state = State { swarm, consumers: Vec::new(), queue: BTreeMap::new(), last: BTreeMap::new(), number: 0 };
        Self { clock, random, trace, fates, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on nothing goes wrong, and what is delayed comes now.
    pub fn calm(&self) {
        let mut state = self.state();
        state.swarm.calm();
        let now = self.clock.now();
        let waiting = std::mem::take(&mut state.queue);
        state.queue = waiting.into_iter().map(|((at, n), delivery)| ((at.min(now), n), delivery)).collect();
        state.last.clear();
    }

    /// The next delivery that is due.
    pub fn take(&self) -> Option<Delivery> {
        let mut state = self.state();
        let first = state.queue.keys().next().copied().filter(|(at, _)| *at <= self.clock.now())?;
        state.queue.remove(&first)
    }

    /// The consumer did not take it: again, soon.
    pub fn give_back(&self, delivery: Delivery) {
        let again = Delivery { attempts: delivery.attempts + 1, ..delivery };
        self.put(&mut self.state(), self.clock.now().plus(Duration::from_millis(500)), again);
    }

    /// Puts an event of a service outside the simulation on its way.
    pub fn tell(&self, envelope: &Arc<Envelope>) {
        let mut state = self.state();
        self.spread(&mut state, envelope);
    }

    fn put(&self, state: &mut State, at: Timestamp, delivery: Delivery) {
        state.number += 1;
        let number = state.number;
        state.queue.insert((at, number), delivery);
    }

    fn strikes(&self, rate: u64) -> bool {
        rate > 0 && self.random.below(1_000) < rate
    }

    fn spread(&self, state: &mut State, envelope: &Arc<Envelope>) {
        let takes = |kinds: &Vec<&'static str>| kinds.contains(&envelope.aggregatetype.as_str());
        let names: Vec<_> = state.consumers.iter().filter(|(_, kinds)| takes(kinds)).map(|(name, _)| *name).collect();
        for consumer in names {
            let at = self.arrival(state, consumer, envelope);
            let delivery = Delivery { consumer, envelope: envelope.clone(), attempts: 0 };
            if self.strikes(state.swarm.bus_duplicate) {
                self.trace.mark("event delivered twice");
                let later = at.plus(Duration::from_millis(self.random.below(600_000)));
                self.put(state, later, delivery.clone());
            }
            self.put(state, at, delivery);
        }
    }

    fn arrival(&self, state: &mut State, consumer: &'static str, envelope: &Envelope) -> Timestamp {
        let mut delay = self.random.below(30);
        if self.strikes(state.swarm.bus_late) {
            delay = self.random.below(OVERTAKE_MS);
        }
        if self.strikes(state.swarm.bus_very_late) {
            self.trace.mark("event very late");
            delay = self.random.below(3_600_000);
        }
        let key = (consumer, format!("{}/{}", envelope.aggregatetype, envelope.subject));
        let wanted = self.clock.now().plus(Duration::from_millis(delay));
        let overtaking = Duration::from_millis(if state.swarm.bus_late > 0 { OVERTAKE_MS } else { 0 });
        let last = state.last.entry(key).or_insert(wanted);
        let at = wanted.max(last.minus(overtaking));
        *last = at.max(*last);
        at
    }
}

impl EventBus for SimBus {
    fn publish<'a>(&'a self, batch: &'a [Arc<Envelope>]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let lost = || Error::unavailable("The broker does not answer.");
            if self.fates.is_dead() {
                return Err(lost());
            }
            let mut state = self.state();
            if self.strikes(state.swarm.bus_refuses) {
                self.trace.mark("broker refused");
                self.trace.note(format!("  broker refuses {} events", batch.len()));
                return Err(lost());
            }
            let unconfirmed = self.strikes(state.swarm.bus_unconfirmed);
            // Of a batch that is not confirmed, a part may have arrived.
            let arrived = if unconfirmed { self.random.below(batch.len() as u64 + 1) as usize } else { batch.len() };
            for envelope in &batch[..arrived] {
                self.trace.note(format!(
                    "  published {} {} v{}",
                    envelope.kind,
                    short(&envelope.subject),
                    envelope.aggregateversion
                ));
                self.spread(&mut state, envelope);
            }
            if unconfirmed {
                self.trace.mark("broker did not confirm");
                self.trace.note(format!("  broker has {arrived} of {} and does not confirm", batch.len()));
                return Err(lost());
            }
            Ok(())
        })
    }

    /// A consumer that died and is back takes what it took before.
    fn connect(&self, inbox: Arc<Inbox>) {
        let mut state = self.state();
        if state.consumers.iter().all(|(name, _)| *name != inbox.name()) {
            state.consumers.push((inbox.name(), inbox.aggregates().collect()));
        }
    }

    /// The world delivers, one step at a time.
    fn run(self: Arc<Self>, _: CancellationToken) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// The end of an id: enough to tell them apart.
pub fn short(id: &str) -> &str {
    id.get(id.len().saturating_sub(6)..).unwrap_or(id)
}
