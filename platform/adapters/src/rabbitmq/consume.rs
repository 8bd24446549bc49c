//! The consuming side: a queue per consumer, taken in batch by batch.

use std::sync::Arc;

use events::Inbox;
use futures::StreamExt;
use kernel::{Random, Result};
use lapin::{
    Channel,
    message::Delivery,
    options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions},
    types::{AMQPValue, FieldTable},
};
use tokio_util::sync::CancellationToken;

use super::{link::Link, topology::Topology};
use crate::intake::{self, Duty};

/// Deliveries from which on a message is suspected of killing whoever takes it in.
const SUSPICIOUS: i64 = 2;

/// Everything a consumer needs.
pub(super) struct Consumer<'a> {
    pub(super) link: &'a Link,
    pub(super) topology: &'a Topology,
    pub(super) prefetch: u16,
    pub(super) random: &'a dyn Random,
    pub(super) inbox: &'a Arc<Inbox>,
    pub(super) duty: Duty,
    pub(super) stop: &'a CancellationToken,
}

impl Consumer<'_> {
    /// Consumes until told to stop, over as many connections as it takes.
    pub(super) async fn run(self) {
        let mut failures = 0;
        loop {
            match self.session(&mut failures).await {
                Ok(()) => return,
                Err(error) => {
                    failures += 1;
                    tracing::warn!(consumer = self.inbox.name(), %error, failures, "events cannot be fetched, will retry");
                }
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(intake::pause(failures, self.random)) => {}
            }
        }
    }

    /// Consumes over one channel. `Ok` once told to stop.
    async fn session(&self, failures: &mut i64) -> Result<()> {
        let channel = self.link.channel().await?;
        let broken = |cause| self.link.unavailable(cause);
        let mut batches = self.subscribe(&channel).await.map_err(broken)?.ready_chunks(self.prefetch.into());
        *failures = 0;
        loop {
            let batch = tokio::select! {
                () = self.stop.cancelled() => break,
                batch = batches.next() => batch,
            };
            let Some(batch) = batch else { return Err(self.link.unavailable("the consumer was cancelled")) };
            let batch = batch.into_iter().collect::<lapin::Result<Vec<_>>>().map_err(broken)?;
            if !self.take(&channel, &batch).await.map_err(broken)? {
                break;
            }
        }
        // Waits until the broker has our last confirmation; what was not confirmed goes back in order.
        channel.close(200, "stopping".into()).await.map_err(broken)
    }

    async fn subscribe(&self, channel: &Channel) -> lapin::Result<lapin::Consumer> {
        self.topology.declare(channel, std::slice::from_ref(self.inbox)).await?;
        channel.basic_qos(self.prefetch, BasicQosOptions::default()).await?;
        let name = self.inbox.name();
        let queue = match self.duty {
            Duty::TakeIn => self.topology.queue(name),
            Duty::Bury(_) => self.topology.dead_queue(name),
        };
        channel.basic_consume(queue, "".into(), BasicConsumeOptions::default(), FieldTable::default()).await
    }

    /// Takes a batch in and confirms it. What has come several times is taken in one by one, so that
    /// a message that kills the process does not take its neighbours along.
    async fn take(&self, channel: &Channel, batch: &[Delivery]) -> lapin::Result<bool> {
        let suspicious = batch.iter().any(|delivery| deliveries_before(delivery) >= SUSPICIOUS);
        for part in batch.chunks(if suspicious { 1 } else { batch.len() }) {
            let messages: Vec<&[u8]> = part.iter().map(|delivery| delivery.data.as_slice()).collect();
            if !intake::fulfil(self.duty, self.inbox, &messages, self.random, self.stop).await {
                return Ok(false);
            }
            if let Some(last) = part.last() {
                channel.basic_ack(last.delivery_tag, BasicAckOptions { multiple: true }).await?;
            }
        }
        Ok(true)
    }
}

/// How often a quorum queue has delivered this message before.
fn deliveries_before(delivery: &Delivery) -> i64 {
    let headers = delivery.properties.headers().as_ref();
    match headers.and_then(|headers| headers.inner().get("x-delivery-count")) {
        Some(AMQPValue::LongLongInt(count)) => *count,
        Some(AMQPValue::LongInt(count)) => i64::from(*count),
        Some(AMQPValue::ShortShortInt(count)) => i64::from(*count),
        _ => 0,
    }
}
