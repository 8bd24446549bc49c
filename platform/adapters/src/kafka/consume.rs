//! The consuming side: a group per consumer, taken in batch by batch.

use std::{collections::BTreeMap, sync::Arc};

use events::Inbox;
use futures::StreamExt;
use kernel::{Random, Result};
use rdkafka::{
    Message, Offset, TopicPartitionList,
    consumer::{CommitMode, Consumer as _, StreamConsumer},
    error::KafkaError,
    message::BorrowedMessage,
};
use tokio_util::sync::CancellationToken;

use super::{
    Settings,
    client::{configure, topics, unavailable, wrong_property},
};
use crate::intake::{self, Duty};

/// Everything a consumer needs.
pub(super) struct Consumer<'a> {
    pub(super) settings: &'a Settings,
    pub(super) random: &'a dyn Random,
    pub(super) inbox: &'a Arc<Inbox>,
    pub(super) stop: &'a CancellationToken,
}

impl Consumer<'_> {
    /// Consumes until told to stop. The library finds its way back to the brokers by itself; only
    /// what it calls fatal asks for a new client.
    pub(super) async fn run(self) {
        let mut failures = 0;
        while let Err(error) = self.session(&mut failures).await {
            failures += 1;
            tracing::warn!(consumer = self.inbox.name(), %error, failures, "events cannot be fetched, will retry");
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(intake::pause(failures, self.random)) => {}
            }
        }
    }

    /// Consumes with one client. `Ok` once told to stop.
    async fn session(&self, failures: &mut i64) -> Result<()> {
        let consumer = self.join()?;
        let outcome = self.take_all(&consumer, failures).await;
        // Leaving the group waits for the brokers.
        tokio::task::spawn_blocking(move || drop(consumer)).await.map_err(kernel::Error::internal)?;
        outcome
    }

    fn join(&self) -> Result<StreamConsumer> {
        let consumer: StreamConsumer = configure(self.settings)
            .set("group.id", format!("{}.{}", self.settings.prefix, self.inbox.name()))
            .set("enable.auto.commit", "false")
            // A group that is new begins with the oldest event there is.
            .set("auto.offset.reset", "earliest")
            .set("allow.auto.create.topics", "true")
            // Bounds what the library fetches ahead: memory per consumer.
            .set("queued.min.messages", "1000")
            .set("queued.max.messages.kbytes", "16384")
            .create()
            .map_err(wrong_property)?;
        let topics = topics(self.settings, self.inbox);
        consumer.subscribe(&topics.iter().map(String::as_str).collect::<Vec<_>>()).map_err(unavailable)?;
        Ok(consumer)
    }

    async fn take_all(&self, consumer: &StreamConsumer, failures: &mut i64) -> Result<()> {
        let mut batches = consumer.stream().ready_chunks(self.settings.prefetch.max(1).into());
        loop {
            let batch = tokio::select! {
                () = self.stop.cancelled() => return Ok(()),
                batch = batches.next() => batch.unwrap_or_default(),
            };
            let mut messages = Vec::with_capacity(batch.len());
            for message in batch {
                match message {
                    Ok(message) => messages.push(message),
                    Err(KafkaError::MessageConsumptionFatal(cause)) => return Err(unavailable(cause)),
                    Err(cause) => {
                        tracing::warn!(consumer = self.inbox.name(), %cause, "Kafka is in trouble, it is waited for");
                    }
                }
            }
            if !self.take(consumer, &messages).await? {
                return Ok(());
            }
            *failures = 0;
        }
    }

    /// Takes a batch in and commits the group's position behind it.
    async fn take(&self, consumer: &StreamConsumer, batch: &[BorrowedMessage<'_>]) -> Result<bool> {
        if batch.is_empty() {
            return Ok(true);
        }
        let messages: Vec<&[u8]> = batch.iter().map(|message| message.payload().unwrap_or_default()).collect();
        if !intake::fulfil(Duty::TakeIn, self.inbox, &messages, self.random, self.stop).await {
            return Ok(false);
        }
        let mut next: BTreeMap<(&str, i32), i64> = BTreeMap::new();
        for message in batch {
            next.insert((message.topic(), message.partition()), message.offset() + 1);
        }
        let mut positions = TopicPartitionList::new();
        for ((topic, partition), offset) in next {
            positions.add_partition_offset(topic, partition, Offset::Offset(offset)).map_err(unavailable)?;
        }
        // A position that is not kept, because the partition has gone to another member meanwhile,
        // brings the events again; the inbox knows them.
        if let Err(cause) = consumer.commit(&positions, CommitMode::Async) {
            tracing::warn!(consumer = self.inbox.name(), %cause, "a position was not committed");
        }
        Ok(true)
    }
}
