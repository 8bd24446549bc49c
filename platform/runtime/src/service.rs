//! A service: what it is made of before it starts, and what it consists of afterwards.

use std::{sync::Arc, time::Duration};

use axum::Router;
use contracts::{Caller, Envelope, Event, ServiceClient};
use db::{Db, Migration, Tx};
use events::{Consumer, Handler, Job, JobHandler};
use futures::future::BoxFuture;
use kernel::{Error, Result};
use souk_http::routes::{Built, Routes};
use tokio_util::sync::CancellationToken;

use crate::{calls::Directory, env::Env};

type BuildFn = Box<dyn FnOnce(Env) -> BoxFuture<'static, Result<Service>> + Send>;
type FrontFn = Box<dyn FnOnce(Clients) -> Service + Send>;
type RoutesFn = Box<dyn FnOnce() -> Result<Built> + Send>;
pub(crate) type ReadyFn = Box<dyn Fn() -> Result<()> + Send + Sync>;
pub(crate) type TaskFn = Box<dyn FnOnce(CancellationToken) -> BoxFuture<'static, ()> + Send>;

/// A service that can be started.
pub struct ServiceDef {
    /// Name: folder, database, tag in the API document.
    pub name: &'static str,
    /// One sentence for the API document.
    pub about: &'static str,
    /// Its own tables.
    pub migrations: &'static [Migration],
    pub(crate) below: Option<&'static str>,
    pub(crate) build: Build,
}

pub(crate) enum Build {
    /// With a database, events and jobs.
    Service(BuildFn),
    /// Answers out of what other services say.
    Front(FrontFn),
}

impl ServiceDef {
    /// `build` gets what the service may use and returns what it consists of.
    pub fn new<F, Fut>(name: &'static str, about: &'static str, migrations: &'static [Migration], build: F) -> Self
    where
        F: FnOnce(Env) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Service>> + Send + 'static,
    {
        let build = Build::Service(Box::new(move |env| Box::pin(build(env))));
        Self { name, about, migrations, below: None, build }
    }

    /// A front: routes whose answers are put together from other services, and nothing of its own.
    pub fn front(
        name: &'static str,
        about: &'static str,
        build: impl FnOnce(Clients) -> Service + Send + 'static,
    ) -> Self {
        Self { name, about, migrations: &[], below: None, build: Build::Front(Box::new(build)) }
    }

    /// True if it has tables of its own.
    pub fn has_database(&self) -> bool {
        matches!(self.build, Build::Service(_))
    }

    /// Its process also answers everything below `path`, which the edge passes on as it comes.
    #[must_use]
    pub fn also_below(mut self, path: &'static str) -> Self {
        self.below = Some(path);
        self
    }
}

/// The services, for a front.
#[derive(Clone)]
pub struct Clients(pub(crate) Arc<Directory>);

impl Clients {
    /// A typed client: `clients.client::<CatalogClient>()`.
    pub fn client<C: ServiceClient>(&self) -> C {
        C::from(self.caller(C::SERVICE))
    }

    /// Untyped calls to a service.
    pub fn caller(&self, service: &'static str) -> Caller {
        Caller::new(self.0.transport(service))
    }
}

impl ServiceDef {
    /// Brings the service's tables up to date; the number of migrations applied.
    pub async fn migrate(&self, db: &Db) -> Result<u32> {
        migrate(db, self.name, self.migrations).await
    }
}

/// Brings a service's tables up to date; the number of migrations applied.
pub(crate) async fn migrate(db: &Db, service: &'static str, migrations: &'static [Migration]) -> Result<u32> {
    Ok(db.migrate("messaging", events::migrations()).await? + db.migrate(service, migrations).await?)
}

/// Fails if a service's tables are not up to date, and says what brings them there.
pub(crate) async fn refuse_unmigrated(db: &Db, service: &'static str, migrations: &'static [Migration]) -> Result<()> {
    let of_messages = db.pending("messaging", events::migrations()).await?.len();
    match of_messages + db.pending(service, migrations).await?.len() {
        0 => Ok(()),
        missing => Err(Error::unavailable(format!(
            "The database of “{service}” lacks {missing} migrations. Run `souk migrate {service}`."
        ))),
    }
}

/// What a service consists of: routes, handlers of events, jobs, background tasks.
#[derive(Default)]
pub struct Service {
    pub(crate) routes: Vec<RoutesFn>,
    pub(crate) pages: Option<Router>,
    pub(crate) consumer: Consumer,
    pub(crate) repeatable: bool,
    pub(crate) jobs: Vec<JobHandler>,
    pub(crate) tasks: Vec<TaskFn>,
    pub(crate) ready: Vec<ReadyFn>,
}

impl Service {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Its API.
    #[must_use]
    pub fn api<S: Clone + Send + Sync + 'static>(mut self, state: &S, routes: Routes<S>) -> Self {
        let state = state.clone();
        self.routes.push(Box::new(move || routes.build(state)));
        self
    }

    /// Pages beside the API (the web service, provider pages); they see to their own protection.
    #[must_use]
    pub fn pages(mut self, router: Router) -> Self {
        self.pages = Some(router);
        self
    }

    /// What it does on a type of event: `.on(&app, events::order_placed)`. The handler is
    /// `async fn(&App, &mut Tx, E, &Envelope) -> Result<()>` and may only await the database.
    #[must_use]
    pub fn on<E, S, F>(mut self, state: &S, handler: F) -> Self
    where
        E: Event,
        S: Clone + Send + Sync + 'static,
        F: AsyncFn(&S, &mut Tx, E, &Envelope) -> Result<()> + Clone + Send + Sync + 'static,
    {
        self.consumer.add(Handler::new(state.clone(), handler));
        self
    }

    /// Its handlers only overwrite what they have written: they may take in all events again, in order.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// What it does with a kind of job or timer.
    #[must_use]
    pub fn job<S, F, Fut>(mut self, kind: &'static str, state: &S, handler: F) -> Self
    where
        S: Clone + Send + Sync + 'static,
        F: Fn(S, Job) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        self.jobs.push(JobHandler::new(kind, state.clone(), handler));
        self
    }

    /// What it does again and again.
    #[must_use]
    pub fn every<S, F, Fut>(mut self, interval: Duration, kind: &'static str, state: &S, handler: F) -> Self
    where
        S: Clone + Send + Sync + 'static,
        F: Fn(S, Job) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        self.jobs.push(JobHandler::new(kind, state.clone(), handler).every(interval));
        self
    }

    /// Its process is not ready while `check` fails; the error says why. It counts only where services run apart: a
    /// whole marketplace is not closed because one of them cannot answer.
    #[must_use]
    pub fn ready(mut self, check: impl Fn() -> Result<()> + Send + Sync + 'static) -> Self {
        self.ready.push(Box::new(check));
        self
    }

    /// Something that runs all the time, until its token is cancelled.
    #[must_use]
    pub fn task<F, Fut>(mut self, task: F) -> Self
    where
        F: FnOnce(CancellationToken) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.tasks.push(Box::new(move |stop| Box::pin(task(stop))));
        self
    }
}
