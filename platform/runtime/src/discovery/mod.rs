//! Who runs where: lists in the configuration, names in the DNS, or leases in etcd.

mod dns;
mod etcd;
mod fixed;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures::future::BoxFuture;
use http::uri::Authority;
use kernel::{Error, Result};
use serde::Deserialize;
use tokio::sync::watch;

pub use dns::Dns;
pub use etcd::Etcd;
pub use fixed::Fixed;

/// Addresses (`host:port`) of the instances of one service.
pub type Instances = Arc<[Authority]>;

/// Tells where the instances of each service are, and tells others where this process is.
pub trait Discovery: Send + Sync {
    /// The instances of a service, now and whenever they change.
    fn watch(&self, service: &'static str) -> watch::Receiver<Instances>;
    /// From now on others find this process under `address`, for these services. Kept up until
    /// [`Discovery::leave`], or until the process dies.
    fn join<'a>(&'a self, services: &'a [&'static str], address: &'a Authority) -> BoxFuture<'a, Result<()>>;
    /// From now on others no longer find this process.
    fn leave(&self) -> BoxFuture<'_, ()>;
    /// Takes over another list from the configuration, where it comes from there.
    fn reload(&self, settings: &Settings) -> Result<()>;
}

/// Where instances are found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// In the configuration.
    #[default]
    Static,
    /// Names in the configuration, addresses in the DNS.
    Dns,
    /// In etcd, where every process enters itself.
    Etcd,
}

/// Settings of discovery.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where instances are found.
    pub backend: Backend,
    /// `host:port` of each instance, by service; for DNS, a name behind which there may be several.
    pub services: BTreeMap<String, Vec<String>>,
    /// Seconds between two looks into the DNS.
    pub refresh_s: u64,
    /// Addresses of etcd, e.g. `http://10.0.0.9:2379`; one that answers is enough.
    pub etcd: Vec<String>,
    /// What all keys in etcd begin with; one per installation.
    pub prefix: String,
    /// Seconds after which a process that died is gone from etcd; at least 2.
    pub ttl_s: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            backend: Backend::Static,
            services: BTreeMap::new(),
            refresh_s: 3,
            etcd: vec!["http://127.0.0.1:2379".to_owned()],
            prefix: "souk".to_owned(),
            ttl_s: 5,
        }
    }
}

/// Discovery as configured.
///
/// # Errors
/// Names the setting that is wrong.
pub fn open(settings: &Settings) -> Result<Arc<dyn Discovery>> {
    Ok(match settings.backend {
        Backend::Static => Arc::new(Fixed::new(settings)?),
        Backend::Dns => Arc::new(Dns::new(settings)?),
        Backend::Etcd => Arc::new(Etcd::new(settings)?),
    })
}

/// The lists of the configuration, read.
fn listed(settings: &Settings) -> Result<BTreeMap<&'static str, Vec<Authority>>> {
    let mut all = BTreeMap::new();
    for (name, addresses) in &settings.services {
        let key = format!("discovery.services.{name}");
        let service = contracts::services::known(name)
            .ok_or_else(|| Error::invalid(&key, format!("There is no service “{name}”.")))?;
        let read = |text: &String| match text.parse::<Authority>() {
            Ok(authority) if authority.port_u16().is_some() && !text.contains('@') => Ok(authority),
            _ => Err(Error::invalid(&key, format!("“{text}” is not of the form host:port."))),
        };
        all.insert(service, addresses.iter().map(read).collect::<Result<_>>()?);
    }
    Ok(all)
}

/// What is known of every service, and who wants to hear of changes.
#[derive(Default)]
struct Board(Mutex<BTreeMap<String, watch::Sender<Instances>>>);

impl Board {
    fn watch(&self, service: &str) -> watch::Receiver<Instances> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(service.to_owned()).or_insert_with(|| watch::Sender::new(Arc::new([]))).subscribe()
    }

    /// Replaces all that is known; services that are not named have no instances.
    fn replace<S: AsRef<str>>(&self, all: impl IntoIterator<Item = (S, Vec<Authority>)>) {
        let mut new: BTreeMap<String, Vec<Authority>> = BTreeMap::new();
        for (service, instances) in all {
            new.entry(service.as_ref().to_owned()).or_default().extend(instances);
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for service in new.keys() {
            known.entry(service.clone()).or_insert_with(|| watch::Sender::new(Arc::new([])));
        }
        for (service, sender) in known.iter() {
            tell(sender, new.remove(service).unwrap_or_default());
        }
    }

    /// Replaces what is known of one service.
    fn set(&self, service: &str, instances: Vec<Authority>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tell(known.entry(service.to_owned()).or_insert_with(|| watch::Sender::new(Arc::new([]))), instances);
    }
}

/// Says it to those who listen, if it is news. The order in which sources name instances is none.
fn tell(sender: &watch::Sender<Instances>, mut instances: Vec<Authority>) {
    instances.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    instances.dedup();
    sender.send_if_modified(|known| {
        let news = known.as_ref() != instances.as_slice();
        if news {
            *known = instances.into();
        }
        news
    });
}
