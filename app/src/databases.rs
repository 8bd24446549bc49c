//! Where each service's database is, and how it is opened: by the program, by an administrator.

use std::collections::BTreeMap;

use db::{Db, Estate, Location, Options, Signals};
use kernel::{Error, Result, Secret};
use runtime::ServiceDef;
use serde::Deserialize;

use crate::config::{Config, Relay, Synchronous};

/// Databases.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `postgres://…`: one schema per service; `{service}` stands for a service's name. Empty: SQLite,
    /// one file per service.
    pub url: Secret,
    /// The same, for `souk migrate`: a role that may make roles and schemas.
    pub admin_url: Secret,
    /// Services whose database is elsewhere.
    pub services: BTreeMap<String, Place>,
    /// When tables are brought up to date.
    pub migrate: Migrate,
    /// PostgreSQL: most connections of a service, half of them for writes.
    pub connections: usize,
    /// What an SQLite commit waits for.
    pub synchronous: Synchronous,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: Secret::default(),
            admin_url: Secret::default(),
            services: BTreeMap::new(),
            migrate: Migrate::default(),
            connections: Options::default().pool_size,
            synchronous: Synchronous::default(),
        }
    }
}

/// Where the database of one service is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Place {
    /// `postgres://…`.
    pub url: Secret,
    /// The same, for `souk migrate`.
    pub admin_url: Secret,
}

/// When tables are brought up to date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Migrate {
    /// By whatever opens them first.
    #[default]
    Start,
    /// By `souk migrate` alone; everything else refuses tables that are not up to date.
    Never,
}

impl Database {
    /// True if anything is on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        !self.url.expose().is_empty() || self.services.values().any(|place| !place.url.expose().is_empty())
    }

    /// URL of a service's PostgreSQL for the program; none if it is on SQLite.
    pub fn url(&self, service: &str) -> Option<String> {
        pick(service, self.services.get(service).map(|place| &place.url), &self.url)
    }

    /// URL of a service's PostgreSQL for an administrator; none if the program sees to its tables itself.
    pub fn admin_url(&self, service: &str) -> Option<String> {
        pick(service, self.services.get(service).map(|place| &place.admin_url), &self.admin_url)
    }

    /// The key that says where a service's PostgreSQL is.
    pub fn key_of_url(&self, service: &str) -> String {
        key(service, "url", self.services.get(service).map(|place| &place.url))
    }

    /// The same for an administrator.
    pub fn key_of_admin_url(&self, service: &str) -> String {
        key(service, "admin_url", self.services.get(service).map(|place| &place.admin_url))
    }

    /// Refuses places of services that there are not.
    pub fn check(&self, services: &[ServiceDef]) -> Result<()> {
        match self.services.keys().find(|name| !services.iter().any(|def| def.name == name.as_str())) {
            Some(unknown) => {
                let key = format!("database.services.{unknown}");
                Err(Error::invalid(key, format!("There is no service “{unknown}”.")))
            }
            None => Ok(()),
        }
    }
}

/// The service's own URL, or everybody's with the service's name in it.
fn pick(service: &str, own: Option<&Secret>, all: &Secret) -> Option<String> {
    let own = own.filter(|url| !url.expose().is_empty());
    let url = own.unwrap_or(all).expose();
    (!url.is_empty()).then(|| url.replace("{service}", service))
}

/// The service's own key if it is set, or everybody's.
fn key(service: &str, name: &str, own: Option<&Secret>) -> String {
    match own {
        Some(url) if !url.expose().is_empty() => format!("database.services.{service}.{name}"),
        _ => format!("database.{name}"),
    }
}

/// Opens databases of one process.
#[derive(Clone)]
pub struct Databases {
    config: Config,
    synchronous: db::Synchronous,
    signals: Signals,
}

impl Databases {
    /// Those of `config`; SQLite's commits wait for what `synchronous` says.
    pub fn new(config: &Config, synchronous: db::Synchronous) -> Self {
        Self { config: config.clone(), synchronous, signals: Signals::default() }
    }

    /// Where a service's database is.
    pub fn location(&self, service: &str) -> Location {
        match self.config.database.url(service) {
            Some(url) => Location::Postgres { url, schema: service.to_owned() },
            None => self.file(service),
        }
    }

    /// Where a service's database is in an embedded installation.
    pub fn file(&self, service: &str) -> Location {
        Location::SqliteFile(self.config.data.dir.join(format!("{service}.sqlite")))
    }

    /// How a service's database is opened.
    pub fn options(&self, service: &str) -> Options {
        let Database { connections, migrate, .. } = self.config.database;
        Options {
            synchronous: self.synchronous,
            pool_size: connections,
            make_schema: migrate == Migrate::Start,
            signals: self.signals.clone(),
            ..Options::named(service)
        }
    }

    /// Opens a service's database as the program does.
    pub async fn open(&self, service: &str) -> Result<Db> {
        Db::open(self.location(service), self.options(service)).await
    }

    /// Opens a service's database as the one who changes its tables: as the owner if there is an
    /// administrator, who first prepares the place. What is returned with it is granted afterwards.
    pub async fn open_to_migrate(&self, service: &str) -> Result<(Db, Option<Estate>)> {
        let options = Options { make_schema: true, ..self.options(service) };
        match (self.config.database.admin_url(service), self.config.database.url(service)) {
            (Some(admin), Some(url)) => {
                let estate = Estate::new(&admin, &url, service)?;
                estate.prepare().await?;
                Ok((estate.open(options).await?, Some(estate)))
            }
            _ => Ok((Db::open(self.location(service), options).await?, None)),
        }
    }

    /// Lets the program use the tables, and follow them where it is configured to.
    pub async fn grant(&self, estate: &Estate) -> Result<()> {
        estate.grant().await?;
        match self.config.events.relay {
            Relay::Replication => estate.let_replicate().await,
            Relay::Poll | Relay::Notify => Ok(()),
        }
    }

    /// Brings a service's tables up to date and lets the program use them; the number of migrations applied.
    pub async fn migrate(&self, def: &ServiceDef) -> Result<u32> {
        let (db, estate) = self.open_to_migrate(def.name).await?;
        let applied = def.migrate(&db).await;
        db.close().await;
        if let (Ok(_), Some(estate)) = (&applied, estate) {
            self.grant(&estate).await?;
        }
        applied
    }
}
