//! Configuration: defaults, then `souk.toml`, then `SOUK_*` variables, then flags.
//! Whatever is wrong is named with its file and line (or its variable), before anything starts: here what cannot be
//! read, in `judge` what cannot be meant.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use contracts::currencies::USUAL;
use http::uri::Authority;
use kernel::{Currency, Error, Kind, Result, Secret};
use serde::Deserialize;
use toml::{Table, Value};

use crate::places::{Places, line_of};

/// All of it. `souk.sample.toml` explains every key.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where it is served.
    pub server: Server,
    /// What it is.
    pub shop: Shop,
    /// Where its data is.
    pub data: Data,
    /// Databases.
    pub database: crate::databases::Database,
    /// How events travel.
    pub events: Events,
    /// What is kept ready.
    pub cache: Cache,
    /// Pictures and other files.
    pub files: Files,
    /// Calls to addresses that others name.
    pub outside: Outside,
    /// Where services are that run in other processes.
    pub discovery: runtime::discovery::Settings,
    /// What is logged.
    pub log: Log,
    /// The edge.
    pub gateway: gateway::Settings,
    /// Accounts.
    pub identity: identity::Settings,
    /// Stores.
    pub vendors: vendors::Settings,
    /// Products.
    pub catalog: catalog::Settings,
    /// What finds products.
    pub search: search::Settings,
    /// Stock.
    pub inventory: inventory::Settings,
    /// Carts.
    pub cart: cart::Settings,
    /// Orders.
    pub orders: orders::Settings,
    /// Payments.
    pub payments: payments::Settings,
    /// Carriers.
    pub shipping: shipping::Settings,
    /// Reviews.
    pub reviews: reviews::Settings,
    /// Messages.
    pub notifications: notifications::Settings,
    /// Where each of them was set.
    #[serde(skip)]
    pub places: Places,
}

/// Where it is served.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Address under which people reach it; made from `listen` if empty.
    pub public_url: String,
    /// Private address that serves `/metrics` for Prometheus; none if empty.
    pub metrics_listen: Option<SocketAddr>,
    /// `host:port` under which other processes reach this one; made from `listen` if empty.
    pub advertise: String,
    /// Milliseconds for which a process that others call still answers after it was told to stop, so that
    /// they can turn to another one.
    pub drain_ms: u64,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: String::new(),
            metrics_listen: None,
            advertise: String::new(),
            drain_ms: 2_000,
        }
    }
}

impl Server {
    /// Address under which people reach it, without a slash at the end.
    pub fn public_url(&self) -> String {
        if self.public_url.is_empty() {
            format!("http://{}", self.listen)
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }

    /// `host:port` under which other processes reach this one.
    ///
    /// # Errors
    /// If it is not said and does not follow from `listen`, or is no address.
    pub fn advertised(&self) -> Result<Authority> {
        let wrong = |reason: &str| Error::invalid("server.advertise", reason);
        if self.advertise.is_empty() && self.listen.ip().is_unspecified() {
            return Err(wrong("Say under which host:port other processes reach this one; `listen` names no host."));
        }
        let text = if self.advertise.is_empty() { self.listen.to_string() } else { self.advertise.clone() };
        let address: Authority = text.parse().map_err(|_| wrong("This is not of the form host:port."))?;
        address.port_u16().map(|_| address.clone()).ok_or_else(|| wrong("Name the port, too."))
    }
}

/// What holds in the whole shop, so that every process of it has to be told the same.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shop {
    /// Main currency: what pages show unless a buyer chooses another, and what rates are counted from.
    pub currency: Currency,
}

impl Default for Shop {
    fn default() -> Self {
        Self { currency: USUAL }
    }
}

/// Where its data is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    /// Folder of databases, pictures and index.
    pub dir: PathBuf,
    /// Secret of this installation, 64 hexadecimal digits; made and kept in `dir` if empty.
    pub secret: Secret,
}

impl Default for Data {
    fn default() -> Self {
        Self { dir: PathBuf::from("data"), secret: Secret::default() }
    }
}

/// How relays learn that there is something to publish.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relay {
    /// They look every two seconds.
    Poll,
    /// The process that has written calls the one that publishes.
    #[default]
    Notify,
    /// They follow PostgreSQL's logical replication.
    Replication,
}

/// What an SQLite commit waits for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Synchronous {
    /// Every commit is on the disk before it is answered.
    #[default]
    Full,
    /// A loss of power may undo the last commits.
    Normal,
}

/// How events travel from service to service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Events {
    /// What carries them.
    pub backend: EventsBackend,
    /// `amqp://…` or `amqps://…` of RabbitMQ; `host:port,…` of Kafka.
    pub url: Secret,
    /// Begins all names at the broker.
    pub prefix: String,
    /// Most events a consumer is given before it has confirmed some.
    pub prefetch: u16,
    /// Days for which events that were sent are kept, for replays; 0: forever.
    pub keep_days: u32,
    /// PostgreSQL: how relays learn that there is something to publish.
    pub relay: Relay,
    /// Further properties of Kafka's client library.
    pub kafka: BTreeMap<String, Secret>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            backend: EventsBackend::default(),
            url: Secret::default(),
            prefix: "souk".to_owned(),
            prefetch: 256,
            keep_days: 0,
            relay: Relay::default(),
            kafka: BTreeMap::new(),
        }
    }
}

/// What carries events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventsBackend {
    /// This process itself.
    #[default]
    Embedded,
    /// RabbitMQ.
    Rabbitmq,
    /// Kafka.
    Kafka,
}

/// What is kept ready, and may be lost at any time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cache {
    /// Where.
    pub backend: CacheBackend,
    /// `redis://user:password@host:port/database`, or `rediss://…` with TLS.
    pub url: Secret,
    /// Begins all keys in Redis.
    pub prefix: String,
}

impl Default for Cache {
    fn default() -> Self {
        Self { backend: CacheBackend::default(), url: Secret::default(), prefix: "souk".to_owned() }
    }
}

/// Where answers are kept ready.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CacheBackend {
    /// In each process for itself.
    #[default]
    Memory,
    /// In each process, and in Redis for all.
    Redis,
}

/// Where pictures and other files are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Files {
    /// What keeps them.
    pub backend: FilesBackend,
    /// S3: its address.
    pub url: String,
    /// S3: name of the bucket, which must be there.
    pub bucket: String,
    /// S3: region.
    pub region: String,
    /// S3: whether the bucket's name stands in the path and not in the host's name.
    pub path_style: bool,
    /// S3: begins all names.
    pub prefix: String,
    /// S3: who asks.
    pub access_key: String,
    /// S3: what proves it.
    pub secret_key: Secret,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            backend: FilesBackend::default(),
            url: "https://s3.amazonaws.com".to_owned(),
            bucket: String::new(),
            region: "us-east-1".to_owned(),
            path_style: false,
            prefix: String::new(),
            access_key: String::new(),
            secret_key: Secret::default(),
        }
    }
}

/// What keeps files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FilesBackend {
    /// A folder in `data.dir`.
    #[default]
    Local,
    /// A bucket of S3, or of what speaks its language.
    S3,
}

/// Calls to addresses that others name: pictures of imported products.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Outside {
    /// Whether private addresses are called too.
    pub allow_private: bool,
}

/// What is logged.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug`, or per module: `info,orders=debug`.
    pub filter: String,
    /// JSON lines instead of text.
    pub json: bool,
}

impl Default for Log {
    fn default() -> Self {
        Self { filter: "info".to_owned(), json: false }
    }
}

/// What flags say.
#[derive(Debug, Default)]
pub struct Overrides {
    /// `--listen`
    pub listen: Option<SocketAddr>,
    /// `--data`
    pub data: Option<PathBuf>,
}

/// Variables that begin with `SOUK_` and are not configuration.
const NOT_CONFIGURATION: &[&str] = &[
    "SOUK_CONFIG",
    "SOUK_TEST_POSTGRES",
    "SOUK_TEST_RABBITMQ",
    "SOUK_TEST_REDIS",
    "SOUK_TEST_S3",
    "SOUK_REQUIRE_ENGINES",
];

impl Config {
    /// Reads it all.
    pub fn load(
        file: Option<&Path>,
        variables: impl Iterator<Item = (String, String)>,
        flags: Overrides,
    ) -> Result<Self> {
        let (mut table, mut places) = read_file(file)?;
        for (name, value) in variables {
            if let Some(key) = name.strip_prefix("SOUK_").filter(|_| !NOT_CONFIGURATION.contains(&name.as_str())) {
                let path = key.to_lowercase();
                let path: Vec<&str> = path.split("__").collect();
                set(&mut table, &path, &value)
                    .and_then(|()| parse(&table))
                    .map_err(|cause| wrong(format!("The variable {name} is wrong: {cause}")))?;
                places.replace(&path.join("."), &format!("The variable {name}"));
            }
        }
        let mut config = parse(&table).map_err(|cause| wrong(format!("The configuration is wrong: {cause}")))?;
        if let Some(listen) = flags.listen {
            config.server.listen = listen;
            places.replace("server.listen", "The flag --listen");
        }
        if let Some(data) = flags.data {
            config.data.dir = data;
            places.replace("data.dir", "The flag --data");
        }
        config.places = places;
        Ok(config)
    }
}

fn wrong(detail: String) -> Error {
    Error::new(Kind::Invalid, "configuration", detail)
}

fn parse(table: &Table) -> std::result::Result<Config, String> {
    Config::deserialize(table.clone()).map_err(|e| e.to_string().trim().to_owned())
}

/// The file as a table, and where its keys stand; its own mistakes are named with file and line.
fn read_file(file: Option<&Path>) -> Result<(Table, Places)> {
    let path = file.unwrap_or(Path::new("souk.toml"));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if file.is_none() && e.kind() == std::io::ErrorKind::NotFound => {
            return Ok((Table::new(), Places::default()));
        }
        Err(e) => return Err(wrong(format!("The configuration file {} cannot be read: {e}.", path.display()))),
    };
    let mistake = |e: toml::de::Error| {
        let line = e.span().map_or(1, |span| line_of(&text, span.start));
        wrong(format!("{}:{line}: {}", path.display(), e.message().trim()))
    };
    toml::from_str::<Config>(&text).map_err(mistake)?;
    Ok((toml::from_str(&text).map_err(mistake)?, Places::of_file(path, &text)))
}

/// Sets `a.b` for `SOUK_A__B`; the value is TOML where it can be, text otherwise.
fn set(table: &mut Table, path: &[&str], value: &str) -> std::result::Result<(), String> {
    let (last, parents) = path.split_last().ok_or("it names no key")?;
    let mut here = table;
    for parent in parents {
        let entry = here.entry((*parent).to_owned()).or_insert_with(|| Value::Table(Table::new()));
        here = entry.as_table_mut().ok_or_else(|| format!("“{parent}” is not a section"))?;
    }
    let parsed = toml::from_str::<Table>(&format!("v = {value}")).ok().and_then(|mut t| t.remove("v"));
    here.insert((*last).to_owned(), parsed.unwrap_or_else(|| Value::String(value.to_owned())));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Config::load(Some(file.path()), variables, Overrides::default())
    }

    #[test]
    fn later_sources_win() {
        let config = load(
            "[server]\nlisten = \"127.0.0.1:1\"\n[log]\nfilter = \"warn\"",
            &[("SOUK_SERVER__LISTEN", "127.0.0.1:2")],
        )
        .unwrap();
        assert_eq!(config.server.listen.port(), 2);
        assert_eq!(config.log.filter, "warn");
        let flags = Overrides { listen: Some("127.0.0.1:3".parse().unwrap()), data: None };
        assert_eq!(Config::load(None, std::iter::empty(), flags).unwrap().server.listen.port(), 3);
    }

    #[test]
    fn the_main_currency_is_eur_unless_another_is_named() {
        let currency =
            |text: &str, variables: &[(&str, &str)]| load(text, variables).unwrap().shop.currency.to_string();
        assert_eq!(currency("", &[]), "EUR");
        assert_eq!(currency("[shop]\ncurrency = \"JPY\"", &[]), "JPY");
        assert_eq!(currency("[shop]\ncurrency = \"JPY\"", &[("SOUK_SHOP__CURRENCY", "USD")]), "USD");
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let error = load("[server]\n\nlissten = \"x\"", &[]).unwrap_err();
        assert!(error.detail().contains(":3: ") && error.detail().contains("lissten"), "{error}");
        let error = load("[server]\nlisten = \"nowhere\"", &[]).unwrap_err();
        assert!(error.detail().contains(":2: "), "{error}");
        let error = load("[events]\nprefix = \"x\"\nbackend = \"pigeon\"", &[]).unwrap_err();
        assert!(error.detail().contains(":3: ") && error.detail().contains("pigeon"), "{error}");
        let error = load("", &[("SOUK_SERVER__LISSTEN", "x")]).unwrap_err();
        assert!(error.detail().contains("SOUK_SERVER__LISSTEN"), "{error}");
        let error = load("[shop]\ncurrency = \"XXX\"", &[]).unwrap_err();
        assert!(error.detail().contains(":2: ") && error.detail().contains("XXX"), "{error}");
        let error = load("", &[("SOUK_SHOP__CURRENCY", "usd")]).unwrap_err();
        assert!(error.detail().contains("SOUK_SHOP__CURRENCY"), "{error}");
        let error = load("", &[("SOUK_GATEWAY__BURST", "many")]).unwrap_err();
        assert!(error.detail().contains("SOUK_GATEWAY__BURST"), "{error}");
    }

    #[test]
    fn secrets_of_brokers_are_not_shown() {
        let config = load(
            "[events]\nbackend = \"kafka\"\nurl = \"broker:9092\"\n[events.kafka]\nsasl_password = \"hush\"",
            &[("SOUK_EVENTS__URL", "amqp://guest:hush@broker")],
        )
        .unwrap();
        assert_eq!(config.events.url.expose(), "amqp://guest:hush@broker");
        assert_eq!(config.events.kafka["sasl_password"].expose(), "hush");
        assert!(!format!("{config:?}").contains("hush"));
        let variables = [("SOUK_SEARCH__BACKEND", "elasticsearch"), ("SOUK_SEARCH__PASSWORD", "hush")];
        let config = load("[search]\nusername = \"souk\"\n", &variables).unwrap();
        assert_eq!(config.search.backend, search::Backend::Elasticsearch);
        assert_eq!(config.search.password.expose(), "hush");
        assert!(!format!("{config:?}").contains("hush"));
    }

    #[test]
    fn the_sample_is_right_and_says_the_defaults() {
        let text = include_str!("../../souk.sample.toml");
        let mut sample = load(text, &[]).unwrap();
        sample.places = Places::default();
        assert_eq!(format!("{sample:?}"), format!("{:?}", Config::default()));
    }
}
