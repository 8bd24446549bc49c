//! Events over RabbitMQ: a topic exchange, a quorum queue per consumer.
//!
//! An event counts as published once the broker has confirmed it, and leaves its queue once the
//! consumer's inbox has committed it. See `docs/backends/rabbitmq.md` for promises and failures.

mod consume;
mod link;
mod topology;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use contracts::Envelope;
use events::{EventBus, Inbox};
use futures::future::{BoxFuture, join_all, try_join_all};
use kernel::{Random, Result, Secret};
use lapin::{
    BasicProperties, Channel,
    options::{BasicPublishOptions, ConfirmSelectOptions},
    types::{AMQPValue, FieldTable},
};
use tokio_util::sync::CancellationToken;

pub use self::topology::remove;
use self::{
    consume::Consumer,
    link::{Address, Link},
    topology::{DELIVERIES_MAX, Topology},
};
use crate::intake::Duty;

/// How long the broker may take to confirm a batch.
const CONFIRM_WITHIN: Duration = Duration::from_secs(30);
/// AMQP's delivery mode of messages that survive a restart of the broker.
const PERSISTENT: u8 = 2;

/// How RabbitMQ is reached and used.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `amqp://user:password@host:port/vhost`; `amqps://…?cacertfile=/path/ca.pem` with TLS.
    pub url: Secret,
    /// Begins the names of exchanges and queues.
    pub prefix: String,
    /// Most events a consumer is given before it has confirmed some.
    pub prefetch: u16,
}

/// Events over RabbitMQ.
pub struct RabbitMq {
    topology: Topology,
    prefetch: u16,
    random: Arc<dyn Random>,
    inboxes: Mutex<Vec<Arc<Inbox>>>,
    publishing: Link,
    consuming: Link,
    /// Where all relays of this process publish, with confirmations switched on.
    publisher: tokio::sync::Mutex<Option<Channel>>,
}

impl RabbitMq {
    /// Nothing is connected yet: a broker that is down does not keep a service from starting.
    pub fn new(settings: Settings, random: Arc<dyn Random>) -> Result<Self> {
        let address = Address::parse(&settings.url)?;
        Ok(Self {
            topology: Topology::new(settings.prefix),
            prefetch: settings.prefetch.max(1),
            random,
            inboxes: Mutex::default(),
            publishing: Link::new(address.clone(), "publishing"),
            consuming: Link::new(address, "consuming"),
            publisher: tokio::sync::Mutex::default(),
        })
    }

    fn inboxes(&self) -> Vec<Arc<Inbox>> {
        self.inboxes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The channel to publish on. The consumers of this process get their queues before its first event.
    async fn publisher(&self) -> Result<Channel> {
        let mut publisher = self.publisher.lock().await;
        if let Some(channel) = publisher.as_ref().filter(|channel| channel.status().connected()) {
            return Ok(channel.clone());
        }
        let channel = self.publishing.channel().await?;
        let broken = |cause| self.publishing.unavailable(cause);
        self.topology.declare(&channel, &self.inboxes()).await.map_err(broken)?;
        channel.confirm_select(ConfirmSelectOptions::default()).await.map_err(broken)?;
        *publisher = Some(channel.clone());
        Ok(channel)
    }

    /// Sends a batch in order and waits until the broker has confirmed all of it.
    async fn send(&self, channel: &Channel, batch: &[Arc<Envelope>]) -> Result<()> {
        let broken = |cause| self.publishing.unavailable(cause);
        let mut confirmations = Vec::with_capacity(batch.len());
        for envelope in batch {
            let body = serde_json::to_vec(&**envelope)?;
            let (to, key, options) =
                (self.topology.events(), Topology::routing_key(envelope), BasicPublishOptions::default());
            confirmations
                .push(channel.basic_publish(to, key, options, &body, properties(envelope)).await.map_err(broken)?);
        }
        let answers = try_join_all(confirmations).await.map_err(broken)?;
        if answers.iter().all(lapin::Confirmation::is_ack) {
            Ok(())
        } else {
            Err(self.publishing.unavailable("the broker refused events"))
        }
    }

    async fn publish_confirmed(&self, batch: &[Arc<Envelope>]) -> Result<()> {
        let channel = self.publisher().await?;
        let sent = tokio::time::timeout(CONFIRM_WITHIN, self.send(&channel, batch)).await;
        let sent = sent.unwrap_or_else(|_| Err(self.publishing.unavailable("events were not confirmed in time")));
        if sent.is_err() {
            // Others who publish on this channel fail too or end well; either way the next is a new one.
            *self.publisher.lock().await = None;
            self.publishing.give_up().await;
        }
        sent
    }
}

impl EventBus for RabbitMq {
    fn publish<'a>(&'a self, batch: &'a [Arc<Envelope>]) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.publish_confirmed(batch))
    }

    /// A consumer that wants nothing gets no queue.
    fn connect(&self, inbox: Arc<Inbox>) {
        if inbox.aggregates().next().is_some() {
            self.inboxes.lock().unwrap_or_else(PoisonError::into_inner).push(inbox);
        }
    }

    fn prepare(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move { self.publisher().await.map(drop) })
    }

    fn run(self: Arc<Self>, stop: CancellationToken) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let inboxes = self.inboxes();
            let mut consumers = Vec::new();
            for inbox in &inboxes {
                for duty in [Duty::TakeIn, Duty::Bury(DELIVERIES_MAX.into())] {
                    let (link, topology, prefetch, random) =
                        (&self.consuming, &self.topology, self.prefetch, &*self.random);
                    consumers.push(Consumer { link, topology, prefetch, random, inbox, duty, stop: &stop }.run());
                }
            }
            join_all(consumers).await;
        })
    }
}

/// What others read without opening the event; the event itself is CloudEvents JSON.
fn properties(envelope: &Envelope) -> BasicProperties {
    let mut headers = FieldTable::default();
    if let Some(traceparent) = &envelope.traceparent {
        headers.insert("traceparent".into(), AMQPValue::LongString(traceparent.as_str().into()));
    }
    BasicProperties::default()
        .with_delivery_mode(PERSISTENT)
        .with_content_type("application/cloudevents+json".into())
        .with_message_id(envelope.id.to_string().into())
        .with_type(envelope.kind.as_str().into())
        .with_app_id(envelope.source.as_str().into())
        .with_timestamp(u64::try_from(envelope.time.millis() / 1_000).unwrap_or(0))
        .with_headers(headers)
}
