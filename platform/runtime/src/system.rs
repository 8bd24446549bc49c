//! A set of services in one process.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::Router;
use contracts::{ServiceClient, identity::IdentityClient};
use db::Db;
use events::{EventBus, Inbox, JobRunner, LocalBus, Relay};
use kernel::Result;
use serde_json::Value;
use souk_http::{Authenticator, Verifier, auth::authenticate, openapi};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    env::{Env, Platform},
    operations,
    service::{Service, ServiceDef, TaskFn},
    transport::Directory,
};

/// How often keys and ended sessions are fetched from identity.
const AUTH_REFRESH: Duration = Duration::from_secs(5);

/// Services that have been put together. [`System::run`] sets their background work going;
/// tests and the simulator drive it by [`System::settle`] instead.
pub struct System {
    parts: Vec<Part>,
    router: Router,
    openapi: Arc<Value>,
    verifier: Arc<Verifier>,
    directory: Arc<Directory>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

struct Part {
    env: Env,
    relay: Arc<Relay>,
    inbox: Arc<Inbox>,
    jobs: Arc<JobRunner>,
    /// Until they are set going. Behind a lock so that a system can be shared.
    tasks: Mutex<Vec<TaskFn>>,
}

impl System {
    /// Opens and migrates every database, then builds every service. Events stay in this process.
    pub async fn build(platform: &Platform, defs: Vec<ServiceDef>) -> Result<Self> {
        let bus = Arc::new(LocalBus::default());
        let system = Self::build_with_bus(platform, defs, bus.clone()).await?;
        system.parts.iter().for_each(|part| bus.connect(part.inbox.clone()));
        Ok(system)
    }

    /// The same over a bus that knows by itself how to reach the inboxes.
    pub async fn build_with_bus(platform: &Platform, defs: Vec<ServiceDef>, bus: Arc<dyn EventBus>) -> Result<Self> {
        let directory = Arc::new(Directory::default());
        let verifier = Arc::new(Verifier::new(platform.clock.clone()));
        let mut schemas = openapi::schema_generator();
        let (mut documented, mut tags) = (Vec::new(), Vec::new());
        let (mut router, mut parts) = (Router::new(), Vec::new());
        let mut databases: BTreeMap<&'static str, Db> = BTreeMap::new();

        for def in defs {
            let db = open_database(platform, &def).await?;
            databases.insert(def.name, db.clone());
            let env = Env::new(def.name, db.clone(), platform, directory.clone());
            let service: Service = (def.build)(env.clone()).await?;
            let mut own = Router::new();
            for routes in service.routes {
                let built = routes(&mut schemas)?;
                own = own.merge(built.router);
                documented.extend(built.documented);
            }
            directory.announce(def.name, own.clone());
            router = router.merge(own);
            if let Some(pages) = service.pages {
                router = router.merge(pages);
            }
            tags.push((def.name, def.about));
            let (clock, random) = (platform.clock.clone(), platform.random.clone());
            let inbox = Inbox::new(def.name, service.consumer, db.clone(), clock, random);
            let inbox = Arc::new(inbox.giving_up_after(platform.event_attempts));
            let (clock, random) = (platform.clock.clone(), platform.random.clone());
            let relay = Relay::new(env.outbox.clone(), db.clone(), bus.clone(), clock, random);
            let relay = Arc::new(relay.in_mode(platform.relay.clone()));
            let jobs = Arc::new(JobRunner::new(def.name, db, env.jobs.clone(), platform.random.clone(), service.jobs));
            parts.push(Part { env, relay, inbox, jobs, tasks: Mutex::new(service.tasks) });
        }

        let operations = operations::Operations::new(databases, platform.clock.clone());
        let built = operations::routes().build(operations, &mut schemas)?;
        documented.extend(built.documented);
        directory.announce("operations", built.router.clone());
        tags.push(("operations", "What runs behind the shop: backlogs and dead letters."));
        router = router.merge(built.router);

        let openapi = Arc::new(openapi::assemble(schemas, &documented, &tags));
        let router = router
            .layer(axum::middleware::from_fn_with_state(Authenticator { verifier: verifier.clone() }, authenticate));
        Ok(Self {
            parts,
            router,
            openapi,
            verifier,
            directory,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        })
    }

    /// Answers requests of all services; the gateway's layers go around it.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The OpenAPI document of all services.
    pub fn openapi(&self) -> Arc<Value> {
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
        C::from(contracts::Caller::new(self.directory.transport(C::SERVICE)))
    }

    /// Checks access tokens.
    pub fn verifier(&self) -> Arc<Verifier> {
        self.verifier.clone()
    }

    /// Fetches identity's keys and ended sessions now.
    pub async fn refresh_auth(&self) -> Result<()> {
        refresh_auth(&self.client::<IdentityClient>(), &self.verifier).await
    }

    /// Sets relays, inboxes, jobs and tasks going.
    pub async fn run(&mut self) -> Result<()> {
        if self.env("identity").is_some() {
            self.refresh_auth().await?;
            let (client, verifier, stop) = (self.client::<IdentityClient>(), self.verifier.clone(), self.stop.clone());
            self.tasks.spawn(async move {
                loop {
                    tokio::select! { () = stop.cancelled() => return, () = tokio::time::sleep(AUTH_REFRESH) => {} }
                    if let Err(error) = refresh_auth(&client, &verifier).await {
                        tracing::warn!(%error, "keys and ended sessions could not be fetched");
                    }
                }
            });
        }
        for part in &mut self.parts {
            self.tasks.spawn(part.relay.clone().run(self.stop.clone()));
            self.tasks.spawn(part.inbox.clone().run(self.stop.clone()));
            self.tasks.spawn(part.jobs.clone().run(self.stop.clone()));
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

async fn open_database(platform: &Platform, def: &ServiceDef) -> Result<Db> {
    let db = (platform.database)(def.name).await?;
    db::transfer::refuse_unfinished(&db).await?;
    match platform.migrate {
        true => def.migrate(&db).await.map(drop)?,
        false => def.refuse_unmigrated(&db).await?,
    }
    Ok(db)
}

async fn refresh_auth(identity: &IdentityClient, verifier: &Verifier) -> Result<()> {
    let me = kernel::Identity::Service("runtime");
    verifier.set_keys(&identity.jwks(&me).await?)?;
    verifier.set_ended(&identity.revocations(&me).await?);
    Ok(())
}
