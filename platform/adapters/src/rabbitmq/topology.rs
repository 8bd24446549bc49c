//! Exchanges, queues and bindings: declared by whoever comes first, the same for everyone.

use std::sync::Arc;

use contracts::Envelope;
use events::Inbox;
use lapin::{
    Channel, Connection, ConnectionProperties, ExchangeKind, Result,
    options::{
        ExchangeDeclareOptions, ExchangeDeleteOptions, QueueBindOptions, QueueDeclareOptions, QueueDeleteOptions,
    },
    types::{AMQPValue, FieldTable, ShortString},
};

/// Deliveries after which a message is given up. Those that fail while the process lives do not
/// count, for it keeps them; these are deaths of the process, cuts of the connection, and stops.
pub(super) const DELIVERIES_MAX: u8 = 20;

/// Names at the broker: all begin with the installation's prefix.
pub(super) struct Topology {
    prefix: String,
}

impl Topology {
    pub(super) fn new(prefix: String) -> Self {
        Self { prefix }
    }

    /// Topic exchange of all events.
    pub(super) fn events(&self) -> ShortString {
        format!("{}.events", self.prefix).into()
    }
    /// Direct exchange of messages that were given up.
    pub(super) fn dead(&self) -> ShortString {
        format!("{}.dead", self.prefix).into()
    }
    /// Queue of a consumer.
    pub(super) fn queue(&self, consumer: &str) -> ShortString {
        format!("{}.{consumer}", self.prefix).into()
    }
    /// Queue of what a consumer's queue has given up.
    pub(super) fn dead_queue(&self, consumer: &str) -> ShortString {
        format!("{}.{consumer}.dead", self.prefix).into()
    }
    /// `order.order.placed`: kind of aggregate, then type of event.
    pub(super) fn routing_key(envelope: &Envelope) -> ShortString {
        format!("{}.{}", envelope.aggregatetype, envelope.kind).into()
    }

    /// Declares what `consumers` need. Bindings are only ever added: while a new version is rolled
    /// out the old one shares its queue, and what a consumer does not want it leaves aside.
    pub(super) async fn declare(&self, channel: &Channel, consumers: &[Arc<Inbox>]) -> Result<()> {
        for (exchange, kind) in [(self.events(), ExchangeKind::Topic), (self.dead(), ExchangeKind::Direct)] {
            let durable = ExchangeDeclareOptions { durable: true, ..Default::default() };
            channel.exchange_declare(exchange, kind, durable, FieldTable::default()).await?;
        }
        for inbox in consumers {
            self.declare_queues(channel, inbox).await?;
        }
        Ok(())
    }

    async fn declare_queues(&self, channel: &Channel, inbox: &Inbox) -> Result<()> {
        let durable = || QueueDeclareOptions { durable: true, ..Default::default() };
        let (queue, dead_queue) = (self.queue(inbox.name()), self.dead_queue(inbox.name()));
        channel.queue_declare(dead_queue.clone(), durable(), table([("x-queue-type", text("quorum"))])).await?;
        self.bind(channel, &dead_queue, self.dead(), inbox.name().into()).await?;
        let arguments = table([
            ("x-queue-type", text("quorum")),
            // One instance takes in at a time, so that two do not overtake each other within an aggregate.
            ("x-single-active-consumer", AMQPValue::Boolean(true)),
            ("x-delivery-limit", AMQPValue::LongInt(DELIVERIES_MAX.into())),
            ("x-dead-letter-exchange", text(self.dead().as_str())),
            ("x-dead-letter-routing-key", text(inbox.name())),
            // A dead letter leaves this queue only when the other has it; that asks for `reject-publish`.
            ("x-dead-letter-strategy", text("at-least-once")),
            ("x-overflow", text("reject-publish")),
        ]);
        channel.queue_declare(queue.clone(), durable(), arguments).await?;
        for aggregate in inbox.aggregates() {
            self.bind(channel, &queue, self.events(), format!("{aggregate}.#").into()).await?;
        }
        Ok(())
    }

    async fn bind(&self, channel: &Channel, queue: &ShortString, to: ShortString, key: ShortString) -> Result<()> {
        channel.queue_bind(queue.clone(), to, key, QueueBindOptions::default(), FieldTable::default()).await
    }
}

/// Removes the queues of `consumers` with whatever is in them, and the exchanges: the end of an installation that was
/// only there to try something.
///
/// # Errors
/// The broker cannot be reached or does not let them go.
pub async fn remove(url: &str, prefix: &str, consumers: &[&str]) -> Result<()> {
    let names = Topology::new(prefix.to_owned());
    let broker = Connection::connect(url, ConnectionProperties::default()).await?;
    let channel = broker.create_channel().await?;
    for consumer in consumers {
        for queue in [names.queue(consumer), names.dead_queue(consumer)] {
            channel.queue_delete(queue, QueueDeleteOptions::default()).await?;
        }
    }
    for exchange in [names.events(), names.dead()] {
        channel.exchange_delete(exchange, ExchangeDeleteOptions::default()).await?;
    }
    broker.close(200, "removed".into()).await
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

fn table<const N: usize>(entries: [(&str, AMQPValue); N]) -> FieldTable {
    let mut table = FieldTable::default();
    for (key, value) in entries {
        table.insert(key.into(), value);
    }
    table
}
