//! The publishing side, and what both sides share.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use contracts::Envelope;
use events::{EventBus, Inbox};
use futures::future::{BoxFuture, join_all, try_join_all};
use kernel::{Error, Random, Result};
use rdkafka::{
    ClientConfig,
    message::{Header, OwnedHeaders},
    producer::{FutureProducer, FutureRecord, Producer},
};
use tokio_util::sync::CancellationToken;

use super::{Settings, consume::Consumer};

/// How long the brokers may take to confirm an event.
const CONFIRM_WITHIN: &str = "30000";
/// How long the brokers may take to describe a topic.
const DESCRIBE_WITHIN: Duration = Duration::from_secs(10);

/// Events over Kafka.
pub(super) struct Kafka {
    settings: Settings,
    random: Arc<dyn Random>,
    inboxes: Mutex<Vec<Arc<Inbox>>>,
    producer: Mutex<Option<FutureProducer>>,
}

impl Kafka {
    pub(super) fn new(settings: Settings, random: Arc<dyn Random>) -> Result<Self> {
        if settings.brokers.expose().is_empty() {
            return Err(Error::invalid("events.url", "Name Kafka's brokers: “host:9092,host:9092”."));
        }
        let kafka = Self { settings, random, inboxes: Mutex::default(), producer: Mutex::default() };
        // A wrong property is found now, not when the first event is to be sent.
        kafka.producer().map(drop)?;
        Ok(kafka)
    }

    fn inboxes(&self) -> Vec<Arc<Inbox>> {
        self.inboxes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The producer of all relays of this process. One that can never send again is replaced.
    fn producer(&self) -> Result<FutureProducer> {
        let mut producer = self.producer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(producer) = producer.as_ref().filter(|producer| producer.client().fatal_error().is_none()) {
            return Ok(producer.clone());
        }
        let made: FutureProducer = configure(&self.settings)
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("delivery.timeout.ms", CONFIRM_WITHIN)
            .set("linger.ms", "2")
            .create()
            .map_err(wrong_property)?;
        *producer = Some(made.clone());
        Ok(made)
    }

    /// Sends a batch in order and waits until the brokers have confirmed all of it.
    async fn send(&self, batch: &[Arc<Envelope>]) -> Result<()> {
        let producer = self.producer()?;
        let mut confirmations = Vec::with_capacity(batch.len());
        for envelope in batch {
            let body = serde_json::to_vec(&**envelope)?;
            let topic = topic(&self.settings, &envelope.aggregatetype);
            let record = FutureRecord::to(&topic).key(&envelope.subject).payload(&body).headers(headers(envelope));
            confirmations.push(producer.send_result(record).map_err(|(cause, _)| unavailable(cause))?);
        }
        try_join_all(confirmations)
            .await
            .map_err(unavailable)?
            .into_iter()
            .try_for_each(|confirmed| confirmed.map(drop).map_err(|(cause, _)| unavailable(cause)))
    }

    /// Asks for every topic that the consumers want, which makes it where brokers make topics by themselves.
    async fn find_topics(&self) -> Result<()> {
        let producer = self.producer()?;
        let mut topics: Vec<_> = self.inboxes().iter().flat_map(|inbox| topics(&self.settings, inbox)).collect();
        topics.sort();
        topics.dedup();
        let asked = tokio::task::spawn_blocking(move || topics.iter().try_for_each(|topic| find(&producer, topic)));
        asked.await.map_err(Error::internal)?
    }
}

/// A topic that is being made is there a moment later.
fn find(producer: &FutureProducer, topic: &str) -> Result<()> {
    for _ in 0..10 {
        let found = producer.client().fetch_metadata(Some(topic), DESCRIBE_WITHIN).map_err(unavailable)?;
        if found.topics().iter().any(|t| t.name() == topic && t.error().is_none() && !t.partitions().is_empty()) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(300));
    }
    Err(Error::unavailable(format!("Kafka has no topic “{topic}” and does not make it by itself: create it.")))
}

impl EventBus for Kafka {
    fn publish<'a>(&'a self, batch: &'a [Arc<Envelope>]) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.send(batch))
    }

    /// A consumer that wants nothing joins no group.
    fn connect(&self, inbox: Arc<Inbox>) {
        if inbox.aggregates().next().is_some() {
            self.inboxes.lock().unwrap_or_else(PoisonError::into_inner).push(inbox);
        }
    }

    fn prepare(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.find_topics())
    }

    fn run(self: Arc<Self>, stop: CancellationToken) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let inboxes = self.inboxes();
            let mut consumers = Vec::new();
            for inbox in &inboxes {
                let consumer = Consumer { settings: &self.settings, random: &*self.random, inbox, stop: &stop };
                consumers.push(consumer.run());
            }
            join_all(consumers).await;
        })
    }
}

/// What every client of the library is told.
pub(super) fn configure(settings: &Settings) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", settings.brokers.expose());
    config.set("client.id", &settings.prefix);
    for (name, value) in &settings.properties {
        config.set(name.replace('_', "."), value.expose());
    }
    config
}

/// Topic of a kind of aggregate: the one that Debezium's outbox router would choose with this prefix.
fn topic(settings: &Settings, aggregate: &str) -> String {
    format!("{}.{aggregate}", settings.prefix)
}

/// Topics of what an inbox wants.
pub(super) fn topics(settings: &Settings, inbox: &Inbox) -> Vec<String> {
    inbox.aggregates().map(|aggregate| topic(settings, aggregate)).collect()
}

/// What others read without opening the event; the event itself is CloudEvents JSON.
fn headers(envelope: &Envelope) -> OwnedHeaders {
    let id = envelope.id.to_string();
    let headers = OwnedHeaders::new()
        .insert(Header { key: "content-type", value: Some("application/cloudevents+json") })
        .insert(Header { key: "id", value: Some(&id) })
        .insert(Header { key: "type", value: Some(&envelope.kind) });
    match &envelope.traceparent {
        Some(traceparent) => headers.insert(Header { key: "traceparent", value: Some(traceparent) }),
        None => headers,
    }
}

pub(super) fn unavailable(cause: impl std::fmt::Display) -> Error {
    Error::unavailable("Kafka does not answer.").caused_by(cause)
}

/// Without the value: it may be secret.
pub(super) fn wrong_property(cause: rdkafka::error::KafkaError) -> Error {
    match cause {
        rdkafka::error::KafkaError::ClientConfig(_, reason, name, value) => {
            let reason = reason.replace(&value, "…");
            Error::invalid("events.kafka", format!("The property “{name}” is wrong: {reason}."))
        }
        cause => unavailable(cause),
    }
}
