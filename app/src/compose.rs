//! The whole system on one page: which services there are, what each is given, which backend
//! stands behind each port.

use std::{
    path::Path,
    sync::{Arc, LazyLock},
    time::Duration,
};

use adapters::{RabbitMq, Redis, S3Files, kafka, rabbitmq, redis, replication::Replication, s3};
use axum::{Router, http::header::CONTENT_TYPE, response::IntoResponse, routing::get};
use bytes::Bytes;
use events::{EventBus, LocalBus, RelayMode};
use gateway::Proxy;
use kernel::{Clock, Error, Ids, Random, Result, Secret};
use runtime::{
    Caches, Document, FileStore, LocalFiles, Network, Platform, RouterOut, ServiceDef, ServiceTokens, System,
    discovery, limits::SharedBuckets,
};
use sandbox::{
    JournalAt, RouterDeliver, Sandbox,
    carrier::{CarrierConfig, SandboxCarrier},
};
use souk_http::Failure;

use crate::{
    config::{Cache, CacheBackend, Config, Events, EventsBackend, Files, FilesBackend, Relay, Synchronous},
    databases::{Databases, Migrate},
    installation,
    judge::judge,
};

/// Every service of Souk, in the order in which they start.
pub fn services(config: &Config) -> Vec<ServiceDef> {
    let data = &config.data.dir;
    let (languages, currency) = (config.search.shop_languages(), config.shop.currency);
    vec![
        identity::service(config.identity.clone()),
        vendors::service(config.vendors.clone()),
        catalog::service(catalog::Settings { languages: languages.clone(), currency, ..config.catalog.clone() }),
        inventory::service(config.inventory.clone()),
        pricing::service_with(currency, config.payments.fees()),
        search::service(search::Settings { dir: data.join("search"), currency, ..config.search.clone() }),
        cart::service(config.cart.clone()),
        orders::service(config.orders.clone()),
        payments::service(config.payments.clone()),
        shipping::service(shipping::Settings { currency, ..config.shipping.clone() }),
        reviews::service(config.reviews.clone()),
        notifications::service(config.notifications.clone()),
        analytics::service(currency),
        web::service(web::Settings {
            https: config.gateway.https,
            gallery: config.notifications.mailbox_public,
            languages: languages.clone(),
            currency,
        }),
        gateway::service(languages),
    ]
}

/// What a process is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Everything: nothing leaves it.
    Whole,
    /// The edge: requests from outside come here and go on to the services.
    Edge,
    /// Some services, called by the edge and by each other.
    Inside,
}

impl Role {
    fn of(only: &[String]) -> Result<Self> {
        let has_edge = only.iter().any(|name| name == "gateway");
        if has_edge && only.len() > 1 {
            return Err(Error::invalid("services", "The gateway stands before all services: serve it by itself."));
        }
        Ok(match only {
            [] => Self::Whole,
            _ if has_edge => Self::Edge,
            _ => Self::Inside,
        })
    }
}

/// Address under which the embedded sandbox gateway is called: it never leaves the process.
pub const SANDBOX_INSIDE: &str = "http://sandbox.inside";
/// The same of the embedded carrier that carries nothing.
pub const CARRIER_INSIDE: &str = "http://sandbox.inside/carrier";
/// How soon a parcel of that carrier goes a step further.
const CARRIER_STEP: Duration = Duration::from_secs(60);

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
    /// The carrier that does, likewise.
    pub carrier: Option<SandboxCarrier>,
    /// All of it behind the edge.
    pub front: gateway::Front,
    /// The way to the services, if this is the edge alone.
    pub proxy: Option<Arc<Proxy>>,
}

/// The services in `only`, or all of them.
pub fn wanted(config: &Config, only: &[String]) -> Result<Vec<ServiceDef>> {
    let all = services(config);
    config.database.check(&all)?;
    if let Some(unknown) = only.iter().find(|name| !all.iter().any(|def| def.name == name.as_str())) {
        let names: Vec<_> = all.iter().map(|def| def.name).collect();
        let names = names.join(", ");
        return Err(Error::invalid("services", format!("There is no service “{unknown}”; there are {names}.")));
    }
    Ok(all.into_iter().filter(|def| only.is_empty() || only.iter().any(|name| name == def.name)).collect())
}

/// Puts the services (all, or those in `only`) together.
pub async fn compose(config: &Config, only: &[String], conditions: Conditions) -> Result<Souk> {
    judge(config, only)?;
    let bus = bus(&config.events, conditions.random.clone())?;
    let secret = installation::master_secret(config)?;
    let config = &with_sandbox_keys(config, &secret);
    let mut wanted = wanted(config, only)?;
    let role = Role::of(only)?;
    if role == Role::Inside && config.payments.sandbox.base_url == SANDBOX_INSIDE {
        wanted = wanted.into_iter().map(with_sandbox_pages).collect();
    }

    let databases = Databases::new(config, conditions.synchronous);
    let redis = shared_cache(&config.cache)?;
    let caches = match &redis {
        Some(redis) => Caches::shared(redis.clone(), conditions.random.clone()),
        None if config.database.is_postgres() => Caches::local(),
        // A process has its SQLite files for itself.
        None => Caches::sole(),
    };
    let outside = Arc::new(RouterOut::new(SANDBOX_INSIDE)?.allowing_private(config.outside.allow_private));
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
        files: files(config)?,
        caches,
        master_secret: secret,
        public_url: config.server.public_url(),
        event_attempts: events::inbox::ATTEMPTS_MAX,
        events_kept: kept(&config.events),
        network: if role == Role::Whole { None } else { Some(network(config, &secret, &conditions)?) },
    };
    let system = System::build_with_bus(&platform, wanted, bus).await?;
    let sandbox = embedded_sandbox(config, &conditions, &system).await?;
    let carrier = embedded_carrier(config, &conditions, &system);
    stand_outside(&outside, sandbox.as_ref(), carrier.as_ref());

    let mut router = system.router();
    if let Some(sandbox) = &sandbox {
        router = router.nest("/sandbox", sandbox.router());
    }
    let given = gateway::Given {
        ids: Ids::new(conditions.clock, conditions.random),
        verifier: system.verifier(),
        buckets: redis.map(|redis| redis as Arc<dyn SharedBuckets>),
    };
    let (front, proxy) = match role {
        Role::Inside => (gateway::behind(router), None),
        Role::Whole => {
            let router = router.merge(documentation(system.openapi()));
            (gateway::around(router, &config.gateway, given), None)
        }
        Role::Edge => {
            let proxy = proxy(config, &system)?;
            (gateway::in_front(router, proxy.clone(), &config.gateway, given), Some(proxy))
        }
    };
    Ok(Souk { system, sandbox, carrier, front, proxy })
}

/// Where the API's document and its pages are read. Both are made when somebody first does.
fn documentation(document: Document) -> Router {
    let (read, shown) = (document.clone(), document);
    let json = LazyLock::new(move || serde_json::to_vec(&**read).map(Bytes::from).map_err(Error::internal));
    let pages = LazyLock::new(move || web::api_docs::render(&shown));
    let (json, pages) = (Arc::new(json), Arc::new(pages));
    let read = async move || match &**json {
        Ok(json) => ([(CONTENT_TYPE, "application/json")], json.clone()).into_response(),
        Err(error) => Failure(error.clone()).into_response(),
    };
    let shown = async move || match &**pages {
        Ok(html) => web::api_docs::answer(html.clone()),
        Err(error) => Failure(error.clone()).into_response(),
    };
    Router::new().route("/api/openapi.json", get(read)).route("/api", get(shown))
}

/// What lies between the processes: how they find each other, and how they prove who calls.
fn network(config: &Config, secret: &[u8; 32], conditions: &Conditions) -> Result<Arc<Network>> {
    let tokens = Arc::new(ServiceTokens::new(secret, conditions.clock.clone()));
    Ok(Network::new(discovery::open(&config.discovery)?, tokens, conditions.random.clone()))
}

/// The way from the edge to the services. Without them it is not ready.
fn proxy(config: &Config, system: &System) -> Result<Arc<Proxy>> {
    let network = system.network().ok_or_else(|| Error::internal("an edge without a network"))?;
    let proxy = Proxy::new(gateway::Parts {
        network: network.clone(),
        clients: system.clients(),
        verifier: system.verifier(),
        own: system.openapi(),
        documentation: Box::new(documentation),
        settings: config.gateway.clone(),
    });
    let needed = proxy.clone();
    system.readiness().require(move || needed.check());
    Ok(proxy)
}

/// The embedded sandbox gateway shows its pages beside payments.
fn with_sandbox_pages(def: ServiceDef) -> ServiceDef {
    if def.name == "payments" { def.also_below("/sandbox") } else { def }
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

/// What carries events.
pub fn bus(events: &Events, random: Arc<dyn Random>) -> Result<Arc<dyn EventBus>> {
    let (url, prefix, prefetch) = (events.url.clone(), events.prefix.clone(), events.prefetch);
    Ok(match events.backend {
        EventsBackend::Embedded => Arc::new(LocalBus::default()),
        EventsBackend::Rabbitmq => Arc::new(RabbitMq::new(rabbitmq::Settings { url, prefix, prefetch }, random)?),
        EventsBackend::Kafka => {
            let properties = events.kafka.clone();
            kafka::bus(kafka::Settings { brokers: url, prefix, prefetch, properties }, random)?
        }
    })
}

/// Where pictures are.
fn files(config: &Config) -> Result<Arc<dyn FileStore>> {
    Ok(match bucket(&config.files)? {
        None => Arc::new(LocalFiles::new(config.data.dir.join("files"))),
        Some(files) => {
            let files = Arc::new(files);
            tokio::spawn(warn_if_missing(files.clone()));
            files
        }
    })
}

/// The bucket they are in, if they are in one.
pub fn bucket(files: &Files) -> Result<Option<S3Files>> {
    let Files { backend, url, bucket, region, path_style, prefix, access_key, secret_key } = files.clone();
    Ok(match backend {
        FilesBackend::Local => None,
        FilesBackend::S3 => {
            let settings = s3::Settings { url, bucket, region, path_style, prefix, access_key, secret_key };
            Some(S3Files::new(&settings)?)
        }
    })
}

/// Everything but pictures works without the bucket, so nothing waits for it.
async fn warn_if_missing(files: Arc<S3Files>) {
    if let Err(error) = files.check().await {
        tracing::warn!(%error, cause = error.source_text(), "pictures cannot be reached");
    }
}

/// What processes share that may be lost at any time.
pub fn shared_cache(cache: &Cache) -> Result<Option<Arc<Redis>>> {
    Ok(match cache.backend {
        CacheBackend::Memory => None,
        CacheBackend::Redis => {
            let settings = redis::Settings { url: cache.url.clone(), prefix: cache.prefix.clone() };
            Some(Arc::new(Redis::new(&settings)?))
        }
    })
}

/// How long sent events are kept; forever if `None`.
fn kept(events: &Events) -> Option<Duration> {
    (events.keep_days > 0).then(|| Duration::from_secs(24 * 60 * 60) * events.keep_days)
}

/// Without any way to pay the embedded sandbox is used, with keys of this installation. Never beside a real one by
/// itself: whoever likes could pay with a test card.
pub fn with_sandbox_keys(config: &Config, secret: &[u8; 32]) -> Config {
    let mut config = config.clone();
    if config.shipping.easypost.base_url == CARRIER_INSIDE {
        let key = |purpose| hex::encode(runtime::derive_secret(secret, "carrier", purpose));
        config.shipping.easypost.api_key = Secret::new(format!("EZTK{}", key("api")));
        config.shipping.easypost.webhook_secret = Secret::new(key("webhooks"));
    }
    if sandbox_is_inside(&config) {
        let key = |purpose| hex::encode(runtime::derive_secret(secret, "sandbox", purpose));
        config.payments.sandbox.base_url = SANDBOX_INSIDE.to_owned();
        config.payments.sandbox.secret_key = Secret::new(format!("sk_test_{}", key("api")));
        config.payments.sandbox.webhook_secret = Secret::new(key("webhooks"));
    }
    config
}

/// True if the sandbox gateway is embedded beside payments: it is named, or there is no other way to pay.
pub fn sandbox_is_inside(config: &Config) -> bool {
    let by_itself = config.payments.sandbox.base_url.is_empty() && !config.payments.has_provider();
    by_itself || config.payments.sandbox.base_url == SANDBOX_INSIDE
}

/// The sandbox gateway inside this process, unless the configuration names one outside.
async fn embedded_sandbox(config: &Config, conditions: &Conditions, system: &System) -> Result<Option<Sandbox>> {
    let keys = &config.payments.sandbox;
    if keys.base_url != SANDBOX_INSIDE || system.env("payments").is_none() {
        return Ok(None);
    }
    let base_url = format!("{}/sandbox", config.server.public_url());
    let mut settings = sandbox::Config::new(base_url, keys.secret_key.clone(), keys.webhook_secret.clone());
    settings.webhook_urls = vec![format!("{SANDBOX_INSIDE}/webhooks/sandbox")];
    settings.fee_bp = keys.fee_bp;
    let journal = journal_path(&config.data.dir);
    if let Some(folder) = journal.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|e| Error::unavailable(format!("{} cannot be made: {e}.", folder.display())))?;
    }
    settings.journal = JournalAt::Path(journal);
    let deliver = Arc::new(RouterDeliver(system.router()));
    let sandbox = sandbox::open(settings, conditions.clock.clone(), conditions.random.clone(), deliver).await?;
    Ok(Some(sandbox))
}

/// The carrier inside this process, where the configuration names it. What it knew before a restart it has forgotten.
fn embedded_carrier(config: &Config, conditions: &Conditions, system: &System) -> Option<SandboxCarrier> {
    let keys = &config.shipping.easypost;
    if keys.base_url != CARRIER_INSIDE || system.env("shipping").is_none() {
        return None;
    }
    let settings = CarrierConfig {
        api_key: keys.api_key.clone(),
        webhook_secret: keys.webhook_secret.clone(),
        webhook_url: format!("{SANDBOX_INSIDE}/webhooks/carriers/easypost"),
        base_url: CARRIER_INSIDE.to_owned(),
        currency: keys.currency,
        hold: Duration::from_secs(30),
        doubled: false,
        step: Some(CARRIER_STEP),
    };
    let deliver = Arc::new(RouterDeliver(system.router()));
    Some(SandboxCarrier::new(settings, conditions.clock.clone(), deliver))
}

/// What plays the outside world in this process.
fn stand_outside(outside: &RouterOut, sandbox: Option<&Sandbox>, carrier: Option<&SandboxCarrier>) {
    if sandbox.is_none() && carrier.is_none() {
        return;
    }
    let mut router = sandbox.map_or_else(Router::new, Sandbox::router);
    if let Some(carrier) = carrier {
        router = router.nest_service("/carrier", carrier.router());
    }
    outside.set(router);
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
