//! Events over Kafka: a topic per kind of aggregate, a consumer group per service.
//!
//! An event counts as published once all replicas in sync have it, and a group's position moves on
//! once the consumer's inbox has committed. See `docs/backends/kafka.md` for promises and failures.
//! The client is built only with the feature `kafka`.

#[cfg(feature = "kafka")]
mod client;
#[cfg(feature = "kafka")]
mod consume;

use std::{collections::BTreeMap, sync::Arc};

use events::EventBus;
use kernel::{Random, Result, Secret};

/// How Kafka is reached and used.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `host:port,host:port`: brokers from which the others are learnt.
    pub brokers: Secret,
    /// Begins the names of topics and groups.
    pub prefix: String,
    /// Most events a consumer takes in at once.
    pub prefetch: u16,
    /// Further properties of the client library, `security.protocol` and the like; `_` stands for `.`.
    pub properties: BTreeMap<String, Secret>,
}

/// Events over Kafka. Nothing is connected yet: brokers that are down do not keep a service from
/// starting. Fails if a property is not one, or if this program was built without Kafka.
#[cfg(feature = "kafka")]
pub fn bus(settings: Settings, random: Arc<dyn Random>) -> Result<Arc<dyn EventBus>> {
    Ok(Arc::new(client::Kafka::new(settings, random)?))
}

/// Fails: this program was built without Kafka.
#[cfg(not(feature = "kafka"))]
pub fn bus(_: Settings, _: Arc<dyn Random>) -> Result<Arc<dyn EventBus>> {
    let how = "This program was built without Kafka. Build it with `cargo build --release --features kafka`.";
    Err(kernel::Error::invalid("events.backend", how))
}
