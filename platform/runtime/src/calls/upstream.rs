//! A service as its callers see it: some instances, of which the less busy of two answers, those that
//! fail are left out, and what may be repeated is repeated elsewhere.

use std::{
    error::Error as _,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::body::Body;
use http::{Response, StatusCode, header};
use kernel::{Error, Random, Result};
use tokio::{sync::watch, time::Instant};
use tower::retry::budget::{Budget, TpsBudget};

use super::{
    DRAINING,
    instance::{Instance, Lease},
    outgoing::{Failed, HttpClient, Outgoing, read},
};
use crate::discovery::Instances;

/// Attempts in all.
const ATTEMPTS_MAX: usize = 4;
/// Of all requests of the last ten seconds so many may be repeated …
const RETRIED_PART: f32 = 0.2;
/// … and so many per second in any case.
const RETRIES_PER_S: u32 = 10;
const BUDGET_WINDOW: Duration = Duration::from_secs(10);
/// Pause before an instance is asked that was asked before; doubled each time.
const PAUSE: Duration = Duration::from_millis(50);
/// After so long without an answer the instance is asked whether it lives, again and again.
const SUSPICIOUS: Duration = Duration::from_millis(500);
/// Whoever gave up sooner than this says nothing about the instance.
const FAIR_CHANCE: Duration = Duration::from_secs(1);

/// A service elsewhere.
pub struct Upstream {
    service: &'static str,
    client: HttpClient,
    random: Arc<dyn Random>,
    budget: TpsBudget,
    known: Mutex<Known>,
}

struct Known {
    told: watch::Receiver<Instances>,
    instances: Arc<[Arc<Instance>]>,
}

impl Upstream {
    pub(crate) fn new(
        service: &'static str,
        mut told: watch::Receiver<Instances>,
        client: HttpClient,
        random: Arc<dyn Random>,
    ) -> Self {
        told.mark_changed();
        let budget = TpsBudget::new(BUDGET_WINDOW, RETRIES_PER_S, RETRIED_PART);
        Self { service, client, random, budget, known: Mutex::new(Known { told, instances: Arc::new([]) }) }
    }

    /// True if there is an instance that is not left out.
    pub fn is_reachable(&self) -> bool {
        self.instances().iter().any(|instance| instance.is_in())
    }

    /// Sends a request to an instance, and to others if need be.
    ///
    /// # Errors
    /// Unavailable if no answer came. An error *answer* is an answer.
    pub async fn send(&self, mut outgoing: Outgoing) -> Result<Response<Body>> {
        self.budget.deposit();
        let mut tried: Vec<Arc<Instance>> = Vec::new();
        loop {
            let lease = Lease::new(self.choose(&tried)?);
            let begun = Instant::now();
            let failed = match self.attempt(&lease, &mut outgoing).await {
                Ok(response) if response.status().is_server_error() => Failed::Answer(Box::new(response)),
                Ok(response) => {
                    lease.0.succeeded();
                    return Ok(self.finish(response, &lease.0));
                }
                Err(failed) => failed,
            };
            if !matches!(failed, Failed::Late) || begun.elapsed() >= FAIR_CHANCE {
                lease.0.failed(&failed, &self.client);
            }
            tried.push(lease.0.clone());
            if !self.is_worth_another(&failed, &outgoing, &tried) {
                return self.give_up(failed, lease);
            }
            drop(lease);
            metrics::counter!("souk_call_retries_total", "service" => self.service).increment(1);
            self.pause(&tried).await;
        }
    }

    fn is_worth_another(&self, failed: &Failed, outgoing: &Outgoing, tried: &[Arc<Instance>]) -> bool {
        let others = || self.instances().iter().any(|i| i.is_in() && !tried.iter().any(|t| Arc::ptr_eq(t, i)));
        let sensible = match failed {
            Failed::NotSent(_) => true,
            Failed::Broken(_) => outgoing.repeatable,
            // The only one there is gets a second chance, and no third: whoever asks waits all the while.
            Failed::Silent => outgoing.repeatable && (others() || tried.len() == 1),
            // It has understood and cannot: only another instance may do better.
            Failed::Answer(response) => outgoing.repeatable && is_passing(response.status()) && others(),
            Failed::Late | Failed::Ours(_) => false,
        };
        let in_time = outgoing.left().is_none_or(|left| !left.is_zero());
        sensible && in_time && outgoing.can_be_sent() && tried.len() < ATTEMPTS_MAX && self.budget.withdraw()
    }

    fn give_up(&self, failed: Failed, lease: Lease) -> Result<Response<Body>> {
        let cause = match failed {
            Failed::Answer(response) => return Ok(self.finish(*response, &lease.0)),
            Failed::Ours(cause) => return Err(Error::internal(cause)),
            other => other.to_string(),
        };
        metrics::counter!("souk_calls_failed_total", "service" => self.service).increment(1);
        let cause = format!("{} at {}: {cause}", self.service, lease.0.authority);
        Err(Error::unavailable(format!("The service “{}” does not answer.", self.service)).caused_by(cause))
    }

    /// Waits a little before asking somebody who was asked before.
    async fn pause(&self, tried: &[Arc<Instance>]) {
        if tried.len() >= self.instances().len() {
            let most = PAUSE.saturating_mul(1 << tried.len().min(5));
            let ms = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
            tokio::time::sleep(Duration::from_millis(ms / 2 + self.random.below(ms / 2))).await;
        }
    }

    async fn attempt(&self, lease: &Lease, outgoing: &mut Outgoing) -> Result<Response<Body>, Failed> {
        let ours = |e: Error| Failed::Ours(e.source_text().unwrap_or(e.detail()).to_owned());
        let request = outgoing.request(&lease.0.authority).map_err(ours)?;
        let Outgoing { deadline, reading, repeatable, .. } = *outgoing;
        let exchange = async {
            let response = self.client.request(request).await.map_err(failure)?;
            read(response, reading, &lease.0).await
        };
        let in_time = async {
            match deadline {
                Some(deadline) => tokio::time::timeout_at(deadline, exchange).await.unwrap_or(Err(Failed::Late)),
                None => exchange.await,
            }
        };
        tokio::select! {
            biased;
            answer = in_time => answer,
            // What cannot be repeated is waited for, whatever the instance looks like.
            () = self.silence_of(&lease.0), if repeatable => Err(Failed::Silent),
        }
    }

    /// Returns when the instance does not even say that it lives.
    async fn silence_of(&self, instance: &Arc<Instance>) {
        loop {
            tokio::time::sleep(SUSPICIOUS).await;
            if !instance.lives(&self.client).await {
                return;
            }
        }
    }

    /// An answer as it goes to the caller.
    fn finish(&self, mut response: Response<Body>, instance: &Arc<Instance>) -> Response<Body> {
        if response.headers_mut().remove(DRAINING).is_some() {
            instance.drains(&self.client);
        }
        response.headers_mut().remove(header::CONNECTION);
        response
    }

    fn choose(&self, tried: &[Arc<Instance>]) -> Result<Arc<Instance>> {
        let instances = self.instances();
        let fresh = |i: &&Arc<Instance>| !tried.iter().any(|t| Arc::ptr_eq(t, i));
        let mut candidates: Vec<&Arc<Instance>> = instances.iter().filter(|i| i.is_in()).filter(fresh).collect();
        if candidates.is_empty() {
            // If all are left out, none is: perhaps it is us who see wrong.
            candidates = instances.iter().filter(fresh).collect();
        }
        if candidates.is_empty() {
            candidates = instances.iter().collect();
        }
        let chosen = match candidates.as_slice() {
            [] => {
                let detail = format!("No instance of the service “{}” is known.", self.service);
                return Err(Error::unavailable(detail));
            }
            [only] => only,
            several => {
                let (a, b) = two_of(several.len(), &*self.random);
                if several[b].load() < several[a].load() { several[b] } else { several[a] }
            }
        };
        Ok((*chosen).clone())
    }

    /// The instances that discovery has told of. Those known before keep their past. If it names none any more,
    /// those known last count: perhaps it has forgotten them while nobody could reach it. Whoever is really gone
    /// refuses connections.
    pub(super) fn instances(&self) -> Arc<[Arc<Instance>]> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.told.has_changed().unwrap_or(false) {
            let told = known.told.borrow_and_update().clone();
            let before = known.instances.clone();
            let instance = |authority: &http::uri::Authority| {
                let same = before.iter().find(|instance| instance.authority == *authority);
                same.cloned().unwrap_or_else(|| Instance::new(self.service, authority.clone()))
            };
            if !told.is_empty() {
                known.instances = told.iter().map(instance).collect();
            }
        }
        known.instances.clone()
    }
}

/// Answers that say “not now” rather than “not this”.
fn is_passing(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT)
}

/// Two different numbers below `n`, which is at least 2.
fn two_of(n: usize, random: &dyn Random) -> (usize, usize) {
    let below = |n: usize| usize::try_from(random.below(n as u64)).unwrap_or(0);
    let (first, second) = (below(n), below(n - 1));
    (first, if second >= first { second + 1 } else { second })
}

/// What a request failed of.
fn failure(error: hyper_util::client::legacy::Error) -> Failed {
    let hyper = error.source().and_then(|cause| cause.downcast_ref::<hyper::Error>());
    match hyper {
        _ if error.is_connect() => Failed::NotSent(chain(&error)),
        // The body that was to be sent came to an end before its time.
        Some(hyper) if hyper.is_user() => Failed::Ours(chain(&error)),
        _ => Failed::Broken(chain(&error)),
    }
}

/// An error with its causes, as one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}
