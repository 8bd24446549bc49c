//! A note in the inbox: a row of what could not be taken in yet.

use contracts::Envelope;
use db::{Tx, params};
use kernel::{EventId, Result, Timestamp};

/// Type under which a message that is no event is kept.
pub(crate) const UNREADABLE: &str = "unreadable";

/// Row of an event that could not be taken in yet.
pub(crate) struct Note {
    pub(crate) id: EventId,
    aggregate: (String, String),
    version: i64,
    pub(crate) kind: String,
    message: String,
    state: &'static str,
    attempts: i64,
    due_at: Timestamp,
    error: String,
}

impl Note {
    pub(crate) fn of(
        envelope: &Envelope,
        state: &'static str,
        attempts: i64,
        due_at: Timestamp,
        error: &str,
    ) -> Result<Self> {
        Ok(Self {
            id: envelope.id,
            aggregate: (envelope.aggregatetype.clone(), envelope.subject.clone()),
            version: envelope.aggregateversion,
            kind: envelope.kind.clone(),
            message: serde_json::to_string(envelope)?,
            state,
            attempts,
            due_at,
            error: cut(error),
        })
    }

    /// A message that is no event. Kept as it came: a later version of this program may understand it.
    pub(crate) fn unreadable(message: &[u8], attempts: i64, now: Timestamp, error: &str) -> Self {
        let message = String::from_utf8_lossy(message).replace('\0', "\u{fffd}");
        Self {
            id: EventId::derived(UNREADABLE, &[&message]),
            aggregate: Default::default(),
            version: 0,
            kind: UNREADABLE.to_owned(),
            message,
            state: "dead",
            attempts,
            due_at: now,
            error: cut(error),
        }
    }

    /// Writes it down, unless it is there.
    pub(crate) async fn insert(&self, tx: &mut Tx, consumer: &'static str, now: Timestamp) -> Result<()> {
        self.write(tx, consumer, now, "ON CONFLICT (consumer, event_id) DO NOTHING").await
    }

    /// Writes it down, also if it is there already, be it as a dead letter.
    pub(crate) async fn renew(&self, tx: &mut Tx, consumer: &'static str, now: Timestamp) -> Result<()> {
        let anew = "ON CONFLICT (consumer, event_id) DO UPDATE
                    SET state = excluded.state, attempts = excluded.attempts, due_at = excluded.due_at";
        self.write(tx, consumer, now, anew).await
    }

    async fn write(&self, tx: &mut Tx, consumer: &'static str, now: Timestamp, if_there: &str) -> Result<()> {
        let (kind_of_aggregate, aggregate_id) = &self.aggregate;
        let insert =
            "INSERT INTO inbox_pending (consumer, event_id, aggregatetype, aggregateid, version, type, envelope,
                                                 state, attempts, due_at, error, received_at)
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        tx.defer(
            format!("{insert} {if_there}"),
            params![
                consumer,
                self.id,
                kind_of_aggregate,
                aggregate_id,
                self.version,
                &self.kind,
                &self.message,
                self.state,
                self.attempts,
                self.due_at,
                &self.error,
                now
            ],
        )
        .await
    }
}

/// An error's text as it is kept.
pub(crate) fn cut(error: &str) -> String {
    error.chars().take(1000).collect()
}
