//! An application for a test: some services, a private database each, a clock moved by hand.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::Router;
use contracts::{Envelope, Event, ServiceClient};
use db::{Db, Dialect, Location, Options, params, testing::TestDb};
use kernel::{Clock, EventId, Identity, ManualClock, SeededRandom, Timestamp};
use runtime::{FileStore, LocalFiles, MemoryFiles, Platform, RouterOut, ServiceDef, System};

use crate::client::As;

/// Address prefix of whatever plays the outside in tests.
pub const OUTSIDE: &str = "http://outside.test";

/// Some services under test.
pub struct TestApp {
    /// The services.
    pub system: System,
    /// Moved by hand. Begins at 2026-01-15T12:00:00Z.
    pub clock: Arc<ManualClock>,
    /// Plays the outside under [`OUTSIDE`].
    pub outside: Arc<RouterOut>,
    /// The store of files that all services share.
    pub files: Arc<dyn FileStore>,
    versions: Mutex<BTreeMap<(String, String), i64>>,
    /// Removed when the test is over.
    _databases: Vec<TestDb>,
}

impl TestApp {
    /// Puts `defs` together on `dialect`.
    pub async fn start(dialect: Dialect, defs: Vec<ServiceDef>) -> Self {
        let mut databases = Vec::new();
        let mut opened: BTreeMap<&'static str, Db> = BTreeMap::new();
        for def in &defs {
            let database = db::testing::open_test(dialect, def.name).await;
            opened.insert(def.name, database.db());
            databases.push(database);
        }
        Self::build(defs, opened, databases, Arc::new(MemoryFiles::default())).await
    }

    /// Puts `defs` together on databases and files in `folder`, as an installation has them: for measuring.
    pub async fn in_folder(folder: &Path, defs: Vec<ServiceDef>) -> Self {
        let mut opened: BTreeMap<&'static str, Db> = BTreeMap::new();
        for def in &defs {
            let location = Location::SqliteFile(folder.join(format!("{}.db", def.name)));
            let db = Db::open(location, Options::named(def.name)).await;
            opened.insert(def.name, db.unwrap_or_else(|e| panic!("a database in {}: {e}", folder.display())));
        }
        Self::build(defs, opened, Vec::new(), Arc::new(LocalFiles::new(folder.join("files")))).await
    }

    async fn build(
        defs: Vec<ServiceDef>,
        opened: BTreeMap<&'static str, Db>,
        databases: Vec<TestDb>,
        files: Arc<dyn FileStore>,
    ) -> Self {
        let start: Timestamp = "2026-01-15T12:00:00Z".parse().expect("a time");
        let clock = Arc::new(ManualClock::new(start));
        let outside = Arc::new(RouterOut::new(OUTSIDE).expect("TLS").for_strangers());
        let platform = Platform {
            database: Arc::new(move |name| Box::pin(std::future::ready(Ok(opened[name].clone())))),
            migrate: true,
            relay: events::RelayMode::default(),
            clock: clock.clone(),
            random: Arc::new(SeededRandom::new(7)),
            http_out: outside.clone(),
            files: files.clone(),
            caches: runtime::Caches::local(),
            master_secret: [7; 32],
            public_url: "http://souk.test".to_owned(),
            event_attempts: events::inbox::ATTEMPTS_MAX,
            events_kept: None,
            network: None,
        };
        let system = System::build(&platform, defs).await.unwrap_or_else(|e| panic!("the services start: {e:?}"));
        Self { system, clock, outside, files, versions: Mutex::default(), _databases: databases }
    }

    /// Requests as nobody in particular.
    pub fn guest(&self) -> As {
        As { router: self.system.router(), identity: None, headers: Vec::new() }
    }
    /// Requests as somebody.
    pub fn as_user(&self, identity: &Identity) -> As {
        As { router: self.system.router(), identity: Some(identity.clone()), headers: Vec::new() }
    }
    /// Requests as one of our services.
    pub fn as_service(&self, name: &'static str) -> As {
        self.as_user(&Identity::Service(name))
    }
    /// A typed client.
    pub fn client<C: ServiceClient>(&self) -> C {
        self.system.client()
    }
    /// Database of a service, for assertions on what is stored.
    pub fn db(&self, service: &str) -> Db {
        self.system.databases()[service].clone()
    }
    /// Lets all events arrive and all due jobs run.
    pub async fn settle(&self) {
        self.system.settle().await.unwrap_or_else(|e| panic!("settle: {e:?}"));
    }
    /// Moves the clock, then settles.
    pub async fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.settle().await;
    }
    /// Lets `router` answer calls to a service that is not under test.
    pub fn stand_in(&self, service: &'static str, router: Router) {
        self.system.stand_in(service, router);
    }

    /// The next event of a service that is not under test, as it would travel.
    pub fn envelope<E: Event>(&self, event: &E) -> Arc<Envelope> {
        let mut versions = self.versions.lock().expect("no test panics while numbering");
        let version = versions.entry((E::AGGREGATE.to_owned(), event.aggregate_id())).or_insert(0);
        *version += 1;
        Arc::new(Envelope {
            specversion: "1.0".to_owned(),
            id: EventId::derived("test", &[E::AGGREGATE, &event.aggregate_id(), &version.to_string()]),
            source: "/souk/test".to_owned(),
            kind: E::TYPE.to_owned(),
            subject: event.aggregate_id(),
            time: self.clock.now(),
            aggregatetype: E::AGGREGATE.to_owned(),
            aggregateversion: *version,
            traceparent: None,
            data: serde_json::value::to_raw_value(event).expect("events are JSON"),
        })
    }
    /// Delivers an event of a service that is not under test to `service`, then settles.
    pub async fn deliver<E: Event>(&self, service: &str, event: &E) -> events::Received {
        let envelope = self.envelope(event);
        let received = self.hand_over(service, &envelope).await;
        self.settle().await;
        received
    }
    /// Delivers an envelope as it is: again, late, out of order.
    pub async fn hand_over(&self, service: &str, envelope: &Arc<Envelope>) -> events::Received {
        let inbox = self.system.inbox(service).unwrap_or_else(|| panic!("{service} is not under test"));
        inbox.take(envelope.clone()).await.unwrap_or_else(|e| panic!("{service} takes in {}: {e:?}", envelope.kind))
    }
    /// Events that a service has published, oldest first.
    pub async fn published<E: Event>(&self, service: &str) -> Vec<E> {
        let rows =
            self.db(service).all("SELECT payload FROM outbox WHERE type = $1 ORDER BY seq", params![E::TYPE]).await;
        let rows = rows.unwrap_or_else(|e| panic!("outbox of {service}: {e:?}"));
        rows.iter()
            .map(|row| {
                serde_json::from_str(&row.get::<String>("payload").expect("payload")).expect("payload is the event")
            })
            .collect()
    }
    /// Number of rows of a query, for asserting that something did not happen.
    pub async fn count(&self, service: &str, sql: &str) -> i64 {
        let row = self.db(service).one(sql, params![]).await.unwrap_or_else(|e| panic!("{sql}: {e:?}"));
        row.at(0).expect("a count")
    }
    /// Ends the test: closes and removes the databases.
    pub async fn finish(self) {
        self.system.stop().await;
    }
}

/// Runs a test on SQLite and on PostgreSQL. `defs` names the services under test.
pub async fn on_both_databases<F, Fut>(defs: fn() -> Vec<ServiceDef>, test: F)
where
    F: Fn(Arc<TestApp>) -> Fut,
    Fut: Future<Output = ()>,
{
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let app = Arc::new(TestApp::start(dialect, defs()).await);
        test(app.clone()).await;
        if let Ok(app) = Arc::try_unwrap(app) {
            app.finish().await;
        }
    }
}
