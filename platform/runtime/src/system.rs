//! A set of services in one process.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::Duration,
};

use axum::Router;
use contracts::{ServiceClient, identity::IdentityClient};
use db::{Db, Migration};
use events::{EventBus, Inbox, JobRunner, LocalBus, Relay};
use http::uri::Authority;
use kernel::{Error, Result, Timestamp};
use souk_http::{Verifier, merge::merge};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    building::{Building, Document},
    cache::Caches,
    calls::{Directory, Network},
    env::{Env, Platform},
    operations,
    readiness::Readiness,
    retention,
    service::{Build, Clients, Service, ServiceDef, TaskFn, migrate, refuse_unmigrated},
};

/// How often keys and ended sessions are fetched from identity.
const AUTH_REFRESH: Duration = Duration::from_secs(5);
/// How soon they are fetched at the start, if identity runs elsewhere; then twice as long each time.
const AUTH_FIRST: Duration = Duration::from_millis(100);

/// Services that have been put together. [`System::run`] sets their background work going;
/// tests and the simulator drive it by [`System::settle`] instead.
pub struct System {
    parts: Vec<Part>,
    bus: Arc<dyn EventBus>,
    caches: Caches,
    events_kept: Option<Duration>,
    /// Of all services here, fronts included.
    names: Vec<&'static str>,
    router: Router,
    openapi: Document,
    verifier: Arc<Verifier>,
    readiness: Arc<Readiness>,
    directory: Arc<Directory>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

struct Part {
    env: Env,
    relay: Arc<Relay>,
    inbox: Arc<Inbox>,
    jobs: Arc<JobRunner>,
    /// True if its inbox may take in again what it has had.
    repeatable: bool,
    /// Until they are set going. Behind a lock so that a system can be shared.
    tasks: Mutex<Vec<TaskFn>>,
}

impl System {
    /// Opens and migrates every database, then builds every service. Events stay in this process.
    pub async fn build(platform: &Platform, defs: Vec<ServiceDef>) -> Result<Self> {
        Self::build_with_bus(platform, defs, Arc::new(LocalBus::default())).await
    }

    /// The same over another bus, to which every inbox is connected.
    pub async fn build_with_bus(platform: &Platform, defs: Vec<ServiceDef>, bus: Arc<dyn EventBus>) -> Result<Self> {
        let directory = Arc::new(Directory::new(platform.network.clone()));
        let mut building = Building::default();
        let (mut parts, readiness) = (Vec::new(), Arc::new(Readiness::default()));
        for def in defs {
            let (name, about, below) = (def.name, def.about, def.below);
            let mut service = match def.build {
                Build::Front(build) => build(Clients(directory.clone())),
                Build::Service(build) => {
                    let db = open_database(platform, name, def.migrations).await?;
                    let env = Env::new(name, db, platform, directory.clone());
                    let mut service = build(env.clone()).await?;
                    let part = Part::new(env, &mut service, platform, bus.clone());
                    bus.connect(part.inbox.clone());
                    parts.push(part);
                    service
                }
            };
            let checks = std::mem::take(&mut service.ready);
            checks.into_iter().filter(|_| platform.network.is_some()).for_each(|check| readiness.require(check));
            building.add(name, about, below, service, &directory)?;
        }
        let verifier = Arc::new(Verifier::new(platform.clock.clone()));
        let operations = operations::Operations {
            databases: Arc::new(parts.iter().map(|p| (p.env.service, p.env.db.clone())).collect()),
            served: Arc::new(building.served.clone()),
            directory: directory.clone(),
            readiness: readiness.clone(),
            clock: platform.clock.clone(),
        };
        let names = building.served.keys().copied().collect();
        building.add_operations(operations, &directory)?;
        if platform.network.is_some() {
            let verifier = verifier.clone();
            readiness.require(move || match verifier.knows_keys() {
                true => Ok(()),
                false => Err(Error::unavailable("Identity has not told its keys yet.")),
            });
        }
        let documents = std::mem::take(&mut building.documents);
        let whole = move || merge(documents.iter().map(|document| &***document));
        let openapi: Document = Arc::new(LazyLock::new(Box::new(whole)));
        let router = building.finish(&verifier, &readiness, platform.network.is_some());
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let (caches, events_kept) = (platform.caches.clone(), platform.events_kept);
        Ok(Self {
            parts,
            bus,
            caches,
            events_kept,
            names,
            router,
            openapi,
            verifier,
            readiness,
            directory,
            stop,
            tasks,
        })
    }

    /// Answers requests of all services; the gateway's layers go around it.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The OpenAPI document of all services.
    pub fn openapi(&self) -> Document {
        self.openapi.clone()
    }

    /// What the service called `name` was given.
    pub fn env(&self, name: &str) -> Option<&Env> {
        self.parts.iter().map(|p| &p.env).find(|env| env.service == name)
    }

    /// Databases by service.
    pub fn databases(&self) -> BTreeMap<&'static str, Db> {
        self.parts.iter().map(|p| (p.env.service, p.env.db.clone())).collect()
    }

    /// A typed client of one of the services.
    pub fn client<C: ServiceClient>(&self) -> C {
        self.clients().client()
    }

    /// Typed clients of all services.
    pub fn clients(&self) -> Clients {
        Clients(self.directory.clone())
    }

    /// What lies between this process and others, if there are others.
    pub fn network(&self) -> Option<&Arc<Network>> {
        self.directory.network()
    }

    /// Checks access tokens.
    pub fn verifier(&self) -> Arc<Verifier> {
        self.verifier.clone()
    }

    /// Fetches identity's keys and ended sessions now.
    pub async fn refresh_auth(&self) -> Result<()> {
        refresh_auth(&self.client::<IdentityClient>(), &self.verifier).await
    }

    /// Whether this process should be sent requests.
    pub fn readiness(&self) -> &Arc<Readiness> {
        &self.readiness
    }

    /// Lets other processes find this one under `address`.
    pub async fn join(&self, address: &Authority) -> Result<()> {
        match self.directory.network() {
            Some(network) => network.discovery().join(&self.names, address).await,
            None => Ok(()),
        }
    }

    /// From now on nothing new is to be sent here: not ready, and no longer found by others.
    pub async fn drain(&self) {
        self.readiness.drain();
        if let Some(network) = self.directory.network() {
            network.discovery().leave().await;
        }
    }

    /// Sets relays, inboxes, jobs and tasks going.
    pub async fn run(&mut self) -> Result<()> {
        if self.env("identity").is_some() {
            self.refresh_auth().await?;
        }
        if self.env("identity").is_some() || self.directory.network().is_some() {
            let (client, verifier) = (self.client::<IdentityClient>(), self.verifier.clone());
            self.tasks.spawn(self.stop.clone().run_until_cancelled_owned(keep_auth(client, verifier)));
        }
        self.tasks.spawn(self.bus.clone().run(self.stop.clone()));
        self.tasks.spawn(self.caches.clone().run(self.stop.clone()));
        for part in &mut self.parts {
            self.tasks.spawn(part.relay.clone().run(self.stop.clone()));
            self.tasks.spawn(part.inbox.clone().run(self.stop.clone()));
            self.tasks.spawn(part.jobs.clone().run(self.stop.clone()));
            if let Some(keep) = self.events_kept {
                let (name, db, clock) = (part.env.service, part.env.db.clone(), part.env.clock.clone());
                self.tasks.spawn(retention::run(name, db, clock, keep, self.stop.clone()));
            }
            let tasks = std::mem::take(part.tasks.get_mut().unwrap_or_else(PoisonError::into_inner));
            for task in tasks {
                self.tasks.spawn(task(self.stop.clone()));
            }
        }
        Ok(())
    }

    /// Does by hand what [`System::run`] does in the background, until nothing is left to do at the
    /// present time of the clock. For tests: afterwards every event has arrived.
    pub async fn settle(&self) -> Result<()> {
        for part in &self.parts {
            part.jobs.prepare().await?;
        }
        loop {
            let mut done = 0;
            for part in &self.parts {
                done += part.relay.step().await?;
                done += part.inbox.retry_due().await?.0;
                done += part.jobs.run_due().await?;
            }
            if done == 0 {
                return Ok(());
            }
        }
    }

    /// The inbox of a service, to hand it events from a service that does not run here.
    pub fn inbox(&self, service: &str) -> Option<Arc<Inbox>> {
        self.parts.iter().find(|p| p.env.service == service).map(|p| p.inbox.clone())
    }

    /// The relay of a service, to be driven by hand.
    pub fn relay(&self, service: &str) -> Option<Arc<Relay>> {
        self.parts.iter().find(|p| p.env.service == service).map(|p| p.relay.clone())
    }

    /// The jobs of a service, to be driven by hand.
    pub fn jobs(&self, service: &str) -> Option<Arc<JobRunner>> {
        self.parts.iter().find(|p| p.env.service == service).map(|p| p.jobs.clone())
    }

    /// Makes what the services need at the broker, so that nothing published from now on passes by
    /// one that is not running yet.
    pub async fn prepare_events(&self) -> Result<()> {
        self.bus.prepare().await
    }

    /// Has `service` take in again all events since `from` that the services of this process still
    /// keep; the number of events. It does so where it runs, in their order.
    pub async fn replay(&self, service: &str, from: Timestamp) -> Result<u64> {
        let consumer = self.parts.iter().find(|p| p.env.service == service);
        let consumer = consumer.ok_or_else(|| Error::not_found("service"))?;
        if !consumer.repeatable {
            let others: Vec<_> = self.parts.iter().filter(|p| p.repeatable).map(|p| p.env.service).collect();
            let reason = format!("“{service}” must not take in an event twice. These may: {}.", others.join(", "));
            return Err(Error::invalid("service", reason));
        }
        let mut noted = 0;
        for producer in &self.parts {
            noted += events::replay::replay(&consumer.inbox, &producer.env.outbox, &producer.env.db, from).await?;
        }
        Ok(noted)
    }

    /// Lets `router` answer calls to a service that does not run here.
    pub fn stand_in(&self, service: &'static str, router: Router) {
        self.directory.announce(service, router);
    }

    /// Stops background work, waits for what is under way, closes the databases.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(Duration::from_secs(20), self.tasks.wait()).await.is_err() {
            tracing::warn!("background work did not stop within 20 s");
        }
        for part in &self.parts {
            part.env.db.close().await;
        }
    }
}

impl Drop for System {
    fn drop(&mut self) {
        self.directory.forget();
    }
}

async fn open_database(platform: &Platform, name: &'static str, migrations: &'static [Migration]) -> Result<Db> {
    let db = (platform.database)(name).await?;
    db::transfer::refuse_unfinished(&db).await?;
    match platform.migrate {
        true => migrate(&db, name, migrations).await.map(drop)?,
        false => refuse_unmigrated(&db, name, migrations).await?,
    }
    Ok(db)
}

impl Part {
    fn new(env: Env, service: &mut Service, platform: &Platform, bus: Arc<dyn EventBus>) -> Self {
        let (name, db) = (env.service, env.db.clone());
        let (clock, random) = (platform.clock.clone(), platform.random.clone());
        let inbox = Inbox::new(name, std::mem::take(&mut service.consumer), db.clone(), clock.clone(), random.clone());
        let inbox = Arc::new(inbox.giving_up_after(platform.event_attempts));
        let relay = Arc::new(
            Relay::new(env.outbox.clone(), db.clone(), bus, clock, random.clone()).in_mode(platform.relay.clone()),
        );
        let jobs = std::mem::take(&mut service.jobs);
        let jobs = Arc::new(JobRunner::new(name, db, env.jobs.clone(), random, jobs));
        let repeatable = service.repeatable;
        Self { env, relay, inbox, jobs, repeatable, tasks: Mutex::new(std::mem::take(&mut service.tasks)) }
    }
}

/// Keeps keys and ended sessions fresh. An identity that does not answer is asked again, sooner at first.
async fn keep_auth(client: IdentityClient, verifier: Arc<Verifier>) {
    let mut pause = if verifier.knows_keys() { AUTH_REFRESH } else { AUTH_FIRST };
    loop {
        tokio::time::sleep(pause).await;
        pause = match refresh_auth(&client, &verifier).await {
            Ok(()) => AUTH_REFRESH,
            Err(error) => {
                tracing::warn!(%error, "keys and ended sessions could not be fetched");
                (pause * 2).min(AUTH_REFRESH)
            }
        };
    }
}

async fn refresh_auth(identity: &IdentityClient, verifier: &Verifier) -> Result<()> {
    let me = kernel::Identity::Service("runtime");
    verifier.set_keys(&identity.jwks(&me).await?)?;
    verifier.set_ended(&identity.revocations(&me).await?);
    Ok(())
}
