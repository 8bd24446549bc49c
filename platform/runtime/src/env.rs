//! What a service is given. It reaches for nothing else.

use std::{sync::Arc, time::Duration};

use contracts::{Caller, ServiceClient};
use db::Db;
use events::{Jobs, Outbox, RelayMode};
use futures::future::BoxFuture;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Clock, Ids, Random, Result};
use sha2::Sha256;

use crate::{
    cache::Caches,
    calls::{Directory, Network},
    files::FileStore,
    http_out::HttpOut,
};

/// What all services of a process share.
#[derive(Clone)]
pub struct Platform {
    /// Opens the database of a service, by its name.
    pub database: Arc<dyn Fn(&'static str) -> BoxFuture<'static, Result<Db>> + Send + Sync>,
    /// Whether building a system brings the tables up to date; if not, it fails where they are not.
    pub migrate: bool,
    /// How relays learn that there is something to publish.
    pub relay: RelayMode,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// The outside.
    pub http_out: Arc<dyn HttpOut>,
    /// Pictures and other files.
    pub files: Arc<dyn FileStore>,
    /// Answers kept ready.
    pub caches: Caches,
    /// Secret of this installation, from which each purpose derives its own.
    pub master_secret: [u8; 32],
    /// Address under which people reach the site, without a slash at the end.
    pub public_url: String,
    /// Attempts to take an event in before it becomes a dead letter.
    pub event_attempts: i64,
    /// How long events that were sent are kept; forever if `None`.
    pub events_kept: Option<Duration>,
    /// The way to services that run in other processes; none if all run in this one.
    pub network: Option<Arc<Network>>,
}

/// What one service is given.
#[derive(Clone)]
pub struct Env {
    /// Its name.
    pub service: &'static str,
    /// Its database.
    pub db: Db,
    /// Its events.
    pub outbox: Outbox,
    /// Its jobs and timers.
    pub jobs: Jobs,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Ids.
    pub ids: Ids,
    /// The outside.
    pub http_out: Arc<dyn HttpOut>,
    /// Files.
    pub files: Arc<dyn FileStore>,
    /// Answers kept ready.
    pub caches: Caches,
    /// Address under which people reach the site, without a slash at the end.
    pub public_url: String,
    pub(crate) master_secret: [u8; 32],
    pub(crate) directory: Arc<Directory>,
}

impl Env {
    pub(crate) fn new(service: &'static str, db: Db, platform: &Platform, directory: Arc<Directory>) -> Self {
        let ids = Ids::new(platform.clock.clone(), platform.random.clone());
        Self {
            service,
            outbox: Outbox::new(service, ids.clone(), platform.clock.clone()),
            jobs: Jobs::new(ids.clone(), platform.clock.clone()),
            db,
            clock: platform.clock.clone(),
            random: platform.random.clone(),
            ids,
            http_out: platform.http_out.clone(),
            files: platform.files.clone(),
            caches: platform.caches.clone(),
            public_url: platform.public_url.clone(),
            master_secret: platform.master_secret,
            directory,
        }
    }

    /// A typed client of another service: `env.client::<PricingClient>()`.
    pub fn client<C: ServiceClient>(&self) -> C {
        C::from(self.caller(C::SERVICE))
    }

    /// Untyped calls to another service, for bodies that are not JSON.
    pub fn caller(&self, service: &'static str) -> Caller {
        Caller::new(self.directory.transport(service))
    }

    /// On whose behalf this service itself calls.
    pub fn myself(&self) -> kernel::Identity {
        kernel::Identity::Service(self.service)
    }

    /// A 256-bit secret for one purpose of this service, the same on every start.
    pub fn secret(&self, purpose: &str) -> [u8; 32] {
        derive_secret(&self.master_secret, self.service, purpose)
    }
}

/// HMAC-SHA-256 of service and purpose under the installation's secret.
pub fn derive_secret(master: &[u8; 32], service: &str, purpose: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(master).expect("HMAC takes keys of any length");
    mac.update(service.as_bytes());
    mac.update(&[0]);
    mac.update(purpose.as_bytes());
    mac.finalize().into_bytes().into()
}
