//! One instance of a service: how busy it is, and whether it is left out because it fails.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::uri::Authority;
use tokio::time::Instant;

use super::outgoing::{Failed, HttpClient, probe};

/// Failures in a row after which an instance is left out.
const FAILURES_MAX: u32 = 5;
/// How long an instance is left out at least; doubled each time it fails again soon after.
const PAUSE: Duration = Duration::from_millis(500);
/// How long at most.
const PAUSE_MAX: Duration = Duration::from_secs(15);
/// After so long without trouble the past is forgotten.
const GOOD_AGAIN: Duration = Duration::from_secs(30);
/// Between two looks at an instance that is left out.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long an instance may take to say that it lives.
const LOOK: Duration = Duration::from_secs(1);

/// An instance.
pub(crate) struct Instance {
    pub service: &'static str,
    pub authority: Authority,
    in_flight: AtomicUsize,
    health: Mutex<Health>,
    /// When it was last asked whether it lives, and whether it said so; held while somebody asks.
    lives: tokio::sync::Mutex<Option<(Instant, bool)>>,
}

struct Health {
    state: State,
    failures: u32,
    outs: u32,
    since: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    In,
    /// Left out: fails, or is about to stop. What it has begun it may finish.
    Out,
    /// Left out: accepts connections and says nothing.
    Silent,
}

impl Instance {
    pub fn new(service: &'static str, authority: Authority) -> Arc<Self> {
        let health = Health { state: State::In, failures: 0, outs: 0, since: Instant::now() };
        let (in_flight, lives) = (AtomicUsize::new(0), tokio::sync::Mutex::default());
        Arc::new(Self { service, authority, in_flight, health: Mutex::new(health), lives })
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// True while requests are sent to it.
    pub fn is_in(&self) -> bool {
        self.health().state == State::In
    }
    /// Requests that it is answering for this process.
    pub fn load(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// It has answered as it should.
    pub fn succeeded(&self) {
        self.health().failures = 0;
    }
    /// It has not.
    pub fn failed(self: &Arc<Self>, how: &Failed, client: &HttpClient) {
        let state = match how {
            Failed::NotSent(_) => State::Out,
            Failed::Silent => State::Silent,
            Failed::Broken(_) | Failed::Late | Failed::Answer(_) => {
                let mut health = self.health();
                health.failures += 1;
                if health.failures < FAILURES_MAX {
                    return;
                }
                State::Out
            }
            Failed::Ours(_) => return,
        };
        self.leave_out(state, how.to_string(), client);
    }
    /// It says that it is about to stop.
    pub fn drains(self: &Arc<Self>, client: &HttpClient) {
        self.leave_out(State::Out, "about to stop".to_owned(), client);
    }

    fn leave_out(self: &Arc<Self>, state: State, why: String, client: &HttpClient) {
        let pause = {
            let mut health = self.health();
            if health.state != State::In {
                // It was left out for something else, and now it does not even say that it lives.
                health.state = if state == State::Silent { state } else { health.state };
                return;
            }
            if health.since.elapsed() > GOOD_AGAIN {
                health.outs = 0;
            }
            let pause = PAUSE.saturating_mul(1 << health.outs.min(5)).min(PAUSE_MAX);
            *health = Health { state, failures: 0, outs: health.outs + 1, since: Instant::now() };
            pause
        };
        tracing::warn!(service = self.service, instance = %self.authority, why, "an instance is left out");
        metrics::counter!("souk_instances_left_out_total", "service" => self.service).increment(1);
        tokio::spawn(take_back(Arc::downgrade(self), client.clone(), pause));
    }

    /// Asked while an answer takes long: does it live at all? Whoever waits meanwhile shares the reply.
    pub async fn lives(self: &Arc<Self>, client: &HttpClient) -> bool {
        let mut last = self.lives.lock().await;
        if self.health().state == State::Silent {
            return false;
        }
        if let Some((at, lives)) = *last
            && at.elapsed() < LOOK_EVERY
        {
            return lives;
        }
        let lives = probe(client, &self.authority, "/health/live", LOOK).await;
        *last = Some((Instant::now(), lives));
        if !lives {
            self.leave_out(State::Silent, "silent".to_owned(), client);
        }
        lives
    }
}

/// Looks at an instance that is left out until it is ready, or gone for good.
async fn take_back(instance: Weak<Instance>, client: HttpClient, pause: Duration) {
    tokio::time::sleep(pause).await;
    while let Some(instance) = instance.upgrade() {
        if probe(&client, &instance.authority, "/health/ready", LOOK).await {
            let mut health = instance.health();
            (health.state, health.since) = (State::In, Instant::now());
            tracing::info!(service = instance.service, instance = %instance.authority, "an instance is taken back");
            return;
        }
        drop(instance);
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// A request under way at an instance; counted until it is dropped.
pub(crate) struct Lease(pub Arc<Instance>);

impl Lease {
    pub fn new(instance: Arc<Instance>) -> Self {
        instance.in_flight.fetch_add(1, Ordering::Relaxed);
        Self(instance)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
