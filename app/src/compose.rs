//! The whole system on one page: which services there are, what each is given, which backend
//! stands behind each port.

use std::{path::Path, sync::Arc};

use adapters::replication::Replication;
use axum::{Router, http::header::CONTENT_TYPE, routing::get};
use bytes::Bytes;
use events::RelayMode;
use kernel::{Clock, Error, Ids, Random, Result, Secret};
use runtime::{LocalFiles, Platform, RouterOut, ServiceDef, System};
use sandbox::{JournalAt, RouterDeliver, Sandbox};

use crate::{
    config::{Config, Relay, Synchronous},
    databases::{Databases, Migrate},
    installation,
};

/// Every service of Souk, in the order in which they start.
pub fn services(config: &Config) -> Vec<ServiceDef> {
    let data = &config.data.dir;
    vec![
        identity::service(config.identity.clone()),
        vendors::service(config.vendors.clone()),
        catalog::service(),
        inventory::service(config.inventory.clone()),
        pricing::service(),
        search::service(search::Settings { dir: data.join("search") }),
        cart::service(),
        orders::service(config.orders.clone()),
        payments::service(config.payments.clone()),
        shipping::service(),
        reviews::service(),
        notifications::service(config.notifications.clone()),
        analytics::service(),
        web::service(web::Settings { https: config.gateway.https, gallery: config.notifications.mailbox_public }),
    ]
}

/// Address under which the embedded sandbox gateway is called: it never leaves the process.
pub const SANDBOX_INSIDE: &str = "http://sandbox.inside";

/// What differs between a served system and one that is being seeded: time and durability.
pub struct Conditions {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// What an SQLite commit waits for.
    pub synchronous: db::Synchronous,
}

/// A composed system.
pub struct Souk {
    /// The services.
    pub system: System,
    /// The payment gateway that plays the outside world, if it is embedded.
    pub sandbox: Option<Sandbox>,
    /// All of it behind the edge.
    pub router: Router,
}

/// The services in `only`, or all of them.
pub fn wanted(config: &Config, only: &[String]) -> Result<Vec<ServiceDef>> {
    let all = services(config);
    config.database.check(&all)?;
    if let Some(unknown) = only.iter().find(|name| !all.iter().any(|def| def.name == name.as_str())) {
        let names: Vec<_> = all.iter().map(|def| def.name).collect();
        return Err(Error::invalid(
            "services",
            format!("There is no service “{unknown}”; there are {}.", names.join(", ")),
        ));
    }
    Ok(all.into_iter().filter(|def| only.is_empty() || only.iter().any(|name| name == def.name)).collect())
}

/// Puts the services (all, or those in `only`) together.
pub async fn compose(config: &Config, only: &[String], conditions: Conditions) -> Result<Souk> {
    let secret = installation::master_secret(config)?;
    let config = &with_sandbox_keys(config, &secret);
    let wanted = wanted(config, only)?;

    let databases = Databases::new(config, conditions.synchronous);
    let outside = Arc::new(RouterOut::new(SANDBOX_INSIDE));
    let platform = Platform {
        database: Arc::new(move |service| {
            let databases = databases.clone();
            Box::pin(async move { databases.open(service).await })
        }),
        migrate: config.database.migrate == Migrate::Start,
        relay: relay_mode(config),
        clock: conditions.clock.clone(),
        random: conditions.random.clone(),
        http_out: outside.clone(),
        files: Arc::new(LocalFiles::new(config.data.dir.join("files"))),
        master_secret: secret,
        public_url: config.server.public_url(),
        event_attempts: events::inbox::ATTEMPTS_MAX,
    };
    let system = System::build(&platform, wanted).await?;
    let sandbox = embedded_sandbox(config, &conditions, &system, &outside).await?;

    let mut router = system.router();
    let document = system.openapi();
    let pages = web::api_docs::render(&document)?;
    let json = Bytes::from(serde_json::to_vec(&*document)?);
    router = router
        .route("/api/openapi.json", get(async move || ([(CONTENT_TYPE, "application/json")], json)))
        .route("/api", get(async move || web::api_docs::answer(pages.clone())));
    if let Some(sandbox) = &sandbox {
        router = router.nest("/sandbox", sandbox.router());
    }
    let ids = Ids::new(conditions.clock, conditions.random);
    Ok(Souk { system, sandbox, router: gateway::around(router, &config.gateway, ids) })
}

/// How relays learn that there is something to publish.
fn relay_mode(config: &Config) -> RelayMode {
    match config.events.relay {
        Relay::Poll => RelayMode::Poll,
        Relay::Notify => RelayMode::Notify,
        Relay::Replication => {
            let database = config.database.clone();
            RelayMode::Follow(Arc::new(Replication::new(move |service| database.url(service))))
        }
    }
}

/// Without a sandbox gateway outside, the embedded one is used, with keys of this installation.
fn with_sandbox_keys(config: &Config, secret: &[u8; 32]) -> Config {
    let mut config = config.clone();
    if config.payments.sandbox.base_url.is_empty() {
        let key = |purpose| hex::encode(runtime::derive_secret(secret, "sandbox", purpose));
        config.payments.sandbox.base_url = SANDBOX_INSIDE.to_owned();
        config.payments.sandbox.secret_key = Secret::new(format!("sk_test_{}", key("api")));
        config.payments.sandbox.webhook_secret = Secret::new(key("webhooks"));
    }
    config
}

/// The sandbox gateway inside this process, unless the configuration names one outside.
async fn embedded_sandbox(
    config: &Config,
    conditions: &Conditions,
    system: &System,
    outside: &RouterOut,
) -> Result<Option<Sandbox>> {
    let keys = &config.payments.sandbox;
    if keys.base_url != SANDBOX_INSIDE || system.env("payments").is_none() {
        return Ok(None);
    }
    let base_url = format!("{}/sandbox", config.server.public_url());
    let mut settings = sandbox::Config::new(base_url, keys.secret_key.clone(), keys.webhook_secret.clone());
    settings.webhook_urls = vec![format!("{SANDBOX_INSIDE}/webhooks/sandbox")];
    let journal = journal_path(&config.data.dir);
    if let Some(folder) = journal.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|e| Error::unavailable(format!("{} cannot be made: {e}.", folder.display())))?;
    }
    settings.journal = JournalAt::Path(journal);
    let deliver = Arc::new(RouterDeliver(system.router()));
    let sandbox = sandbox::open(settings, conditions.clock.clone(), conditions.random.clone(), deliver).await?;
    outside.set(sandbox.router());
    Ok(Some(sandbox))
}

/// The gateway's journal lies beside Souk's data, never in it.
pub fn journal_path(data: &Path) -> std::path::PathBuf {
    data.join("sandbox").join("journal.sqlite")
}

impl From<Synchronous> for db::Synchronous {
    fn from(setting: Synchronous) -> Self {
        match setting {
            Synchronous::Full => Self::Full,
            Synchronous::Normal => Self::Normal,
        }
    }
}
