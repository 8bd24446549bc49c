//! The inbox: takes events in exactly once and, per aggregate, in order.
//!
//! The head of an aggregate (its last version taken in) moves in the transaction of the effect.
//! A version at or below the head was taken in before: dropped. One above head + 1 waits for those
//! between. A handler's error leaves the head where it was and notes the event for another attempt,
//! so later events of the same aggregate wait and all others go on.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use contracts::Envelope;
use db::{Db, Row, Tx, params};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Clock, EventId, Kind, Random, Result, Timestamp};
use tokio::sync::Notify;

use crate::{
    back_off,
    consumer::Consumer,
    heads,
    note::{Note, UNREADABLE, cut},
};

/// Attempts before an event is given up and becomes a dead letter, unless others are set: about 20 minutes of back-off.
pub const ATTEMPTS_MAX: i64 = 14;
/// How long the first event of an aggregate that is seen here waits for those before it, while this process runs, before
/// it is taken in anyway (a consumer that is added to a running system has missed the beginning).
const GAP_GRACE: Duration = Duration::from_secs(30);
/// How often it is looked at meanwhile, at least: of a machine that slept nobody can say that nothing came.
const GAP_LOOKS: i64 = 24;
/// Most events that share a transaction: it holds its locks for as long as they all take.
const TOGETHER: usize = 64;
/// Aggregates handled at once where each event has a transaction of its own.
const CONCURRENCY: usize = 64;
/// Most noted events tried again at once.
const RETRY_BATCH: i64 = 256;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// Its effect is committed.
    Handled,
    /// It was taken in before.
    Duplicate,
    /// It waits for an earlier event of its aggregate.
    Waiting,
    /// What it speaks of is not known here yet; it will be tried again.
    Early,
    /// The handler failed; it will be tried again.
    Retrying,
    /// The handler failed for the last time.
    Dead,
}

/// Takes in the events of one consumer.
pub struct Inbox {
    pub(crate) name: &'static str,
    consumer: Consumer,
    db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    attempts_max: i64,
    pub(crate) wake: Arc<Notify>,
    /// Since when it can be heard what comes.
    started: Timestamp,
}

impl Inbox {
    /// The inbox of the service `name`, with its tables in `db`.
    pub fn new(name: &'static str, consumer: Consumer, db: Db, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        let started = clock.now();
        Self { name, consumer, db, clock, random, attempts_max: ATTEMPTS_MAX, wake: Arc::default(), started }
    }

    /// The same, with another number of attempts before an event is given up.
    #[must_use]
    pub fn giving_up_after(self, attempts_max: i64) -> Self {
        Self { attempts_max, ..self }
    }

    /// Name of the consumer.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Kinds of aggregates of which it takes the events.
    pub fn aggregates(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.consumer.aggregates.iter().copied()
    }

    /// True if it takes events of this aggregate. It takes all of them, so that versions have no gaps.
    pub fn wants(&self, envelope: &Envelope) -> bool {
        self.consumer.aggregates.contains(envelope.aggregatetype.as_str())
    }

    /// Takes in a batch, oldest first. `Ok` means that each event is handled or durably noted.
    ///
    /// As long as nothing fails, many share a commit; that is where most of the time would go.
    pub async fn receive(self: &Arc<Self>, batch: &[Arc<Envelope>]) -> Result<()> {
        for part in batch.chunks(TOGETHER) {
            if part.len() == 1 || kernel::planted!(8) || !self.take_together(part.to_vec()).await {
                self.take_apart(part).await?;
            }
        }
        Ok(())
    }

    /// Takes in several events in one transaction; false, and nothing is done, if one of them cannot be. By subject, for
    /// batches of different senders are taken in side by side: what a payment and a reservation say of two orders locks
    /// both in the same order, or each would wait for the other.
    async fn take_together(self: &Arc<Self>, mut events: Vec<Arc<Envelope>>) -> bool {
        events.sort_by(|a, b| by_subject(a).cmp(&by_subject(b)));
        let this = self.clone();
        let taken = self.db.write(async move |tx| {
            if !heads::advance_all(tx, this.name, &events, this.clock.now()).await? {
                return Err(kernel::Error::conflict("apart", "Some event was there before, or one before it was not."));
            }
            for event in &events {
                this.run_handler(tx, event).await?;
            }
            Ok(())
        });
        taken.await.is_ok()
    }

    /// Takes in each event in a transaction of its own, those of different aggregates side by side.
    async fn take_apart(self: &Arc<Self>, events: &[Arc<Envelope>]) -> Result<()> {
        let mut by_aggregate: BTreeMap<(&str, &str), Vec<Arc<Envelope>>> = BTreeMap::new();
        for envelope in events {
            by_aggregate.entry((&envelope.aggregatetype, &envelope.subject)).or_default().push(envelope.clone());
        }
        stream::iter(by_aggregate.into_values())
            .map(|group| async move {
                for envelope in group {
                    self.take(envelope).await?;
                }
                Ok(())
            })
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await
    }

    /// Takes in one event.
    pub async fn take(self: &Arc<Self>, envelope: Arc<Envelope>) -> Result<Received> {
        if kernel::planted!(8) && self.take_in_two_steps(&envelope).await? {
            return Ok(Received::Handled);
        }
        let (this, event) = (self.clone(), envelope.clone());
        let handled = self.db.write(async move |tx| this.handle(tx, &event, false).await).await;
        match handled {
            Ok(Received::Waiting) => self.note(envelope, "waiting", 0, "an earlier event is missing").await,
            Ok(received) => Ok(received),
            // The database itself is in trouble: nothing can be noted either, the sender keeps the event.
            Err(error) if is_database_trouble(&error) => Err(error),
            Err(error) if error.is(Kind::Early) => {
                tracing::debug!(consumer = self.name, kind = envelope.kind, id = %envelope.id, %error, "event is early, will retry");
                metrics::counter!("souk_events_early_total", "consumer" => self.name).increment(1);
                self.note(envelope, "retry", 1, &error.to_string()).await.map(|_| Received::Early)
            }
            Err(error) => {
                tracing::warn!(consumer = self.name, kind = envelope.kind, id = %envelope.id, %error, "event not taken in, will retry");
                metrics::counter!("souk_events_failed_total", "consumer" => self.name).increment(1);
                self.note(envelope, "retry", 1, &error.to_string()).await
            }
        }
    }

    /// Moves the head and runs the handler; both or neither.
    async fn handle(&self, tx: &mut Tx, envelope: &Envelope, force: bool) -> Result<Received> {
        if !heads::advance(tx, self.name, envelope, force, self.clock.now()).await? {
            let head = heads::of(tx, self.name, envelope).await?;
            return Ok(if envelope.aggregateversion <= head { Received::Duplicate } else { Received::Waiting });
        }
        self.run_handler(tx, envelope).await?;
        Ok(Received::Handled)
    }

    async fn run_handler(&self, tx: &mut Tx, envelope: &Envelope) -> Result<()> {
        match self.consumer.handlers.get(envelope.kind.as_str()) {
            Some(handler) => (handler.run)(tx, envelope).await,
            None => Ok(()),
        }
    }

    /// A planted bug: head and effect in a transaction each. False if the head did not move.
    async fn take_in_two_steps(self: &Arc<Self>, envelope: &Arc<Envelope>) -> Result<bool> {
        let (this, event) = (self.clone(), envelope.clone());
        let moved =
            self.db.write(async move |tx| heads::advance(tx, this.name, &event, false, this.clock.now()).await).await?;
        if moved {
            let (this, event) = (self.clone(), envelope.clone());
            self.db.write(async move |tx| this.run_handler(tx, &event).await).await?;
        }
        Ok(moved)
    }

    /// Notes an event for later.
    async fn note(&self, envelope: Arc<Envelope>, state: &'static str, attempts: i64, error: &str) -> Result<Received> {
        let due_at = self.clock.now().plus(back_off(attempts, &*self.random));
        let note = Note::of(&envelope, state, attempts, due_at, error)?;
        let (name, now) = (self.name, self.clock.now());
        self.db.write(async move |tx| note.insert(tx, name, now).await).await?;
        self.wake.notify_one();
        Ok(if state == "waiting" { Received::Waiting } else { Received::Retrying })
    }

    /// Notes a message as a dead letter, unless its effect is there already: one that cannot be
    /// read, or that a broker has delivered `attempts` times in vain.
    pub async fn bury(self: &Arc<Self>, message: &[u8], attempts: i64, why: &str) -> Result<()> {
        let (this, now) = (self.clone(), self.clock.now());
        let envelope = serde_json::from_slice::<Envelope>(message);
        let note = match &envelope {
            Ok(envelope) => Note::of(envelope, "dead", attempts, now, why)?,
            Err(unreadable) => Note::unreadable(message, attempts, now, &format!("{why} ({unreadable})")),
        };
        let name = self.name;
        tracing::error!(consumer = name, kind = note.kind, id = %note.id, why, "message given up");
        metrics::counter!("souk_events_dead_total", "consumer" => name).increment(1);
        self.db
            .write(async move |tx| {
                if let Ok(envelope) = &envelope
                    && heads::of(tx, this.name, envelope).await? >= envelope.aggregateversion
                {
                    return Ok(());
                }
                note.insert(tx, name, now).await
            })
            .await
    }

    /// Takes in noted events that are due, those of one aggregate in their order. Returns how many
    /// were tried and when the next is due.
    pub async fn retry_due(self: &Arc<Self>) -> Result<(usize, Option<Timestamp>)> {
        let now = self.clock.now();
        let due = self
            .db
            .all(
                "SELECT event_id, aggregatetype, aggregateid, envelope, state, attempts, received_at FROM inbox_pending
                 WHERE consumer = $1 AND state <> 'dead' AND due_at <= $2 ORDER BY due_at, version LIMIT $3",
                params![self.name, now, RETRY_BATCH],
            )
            .await?;
        let tried = due.len();
        let mut by_aggregate: BTreeMap<(String, String), Vec<Row>> = BTreeMap::new();
        for row in due {
            by_aggregate.entry((row.get("aggregatetype")?, row.get("aggregateid")?)).or_default().push(row);
        }
        stream::iter(by_aggregate.into_values())
            .map(|rows| async move {
                for row in rows {
                    self.retry(&row, now).await?;
                }
                Ok::<_, kernel::Error>(())
            })
            .buffer_unordered(CONCURRENCY)
            .try_collect::<()>()
            .await?;
        let next = self
            .db
            .opt(
                "SELECT min(due_at) AS due_at FROM inbox_pending WHERE consumer = $1 AND state <> 'dead'",
                params![self.name],
            )
            .await?;
        Ok((tried, next.and_then(|row| row.get("due_at").ok().flatten())))
    }

    async fn retry(self: &Arc<Self>, row: &Row, now: Timestamp) -> Result<()> {
        let (id, attempts) = (row.get::<EventId>("event_id")?, row.get::<i64>("attempts")? + 1);
        let envelope: Arc<Envelope> = match serde_json::from_str(&row.get::<String>("envelope")?) {
            Ok(envelope) => Arc::new(envelope),
            Err(error) => return self.postpone(id, "dead", attempts, &format!("{UNREADABLE} ({error})")).await,
        };
        let waiting_since = self.started.max(row.get("received_at")?);
        let waited_long =
            now.since(waiting_since) >= GAP_GRACE && attempts >= GAP_LOOKS && row.get::<String>("state")? == "waiting";
        let force = waited_long && !self.knows_the_aggregate(&envelope).await?;
        if force {
            tracing::warn!(consumer = self.name, id = %envelope.id, "taking in an event although one before it was never seen");
            metrics::counter!("souk_events_gap_total", "consumer" => self.name).increment(1);
        }
        let (this, event) = (self.clone(), envelope.clone());
        let outcome = self
            .db
            .write(async move |tx| {
                let received = this.handle(tx, &event, force).await?;
                if received != Received::Waiting {
                    this.forget(tx, id).await?;
                    this.release_next(tx, &event, now).await?;
                }
                Ok(received)
            })
            .await;
        match outcome {
            Ok(Received::Waiting) => self.postpone(id, "waiting", attempts, "an earlier event is missing").await,
            Ok(_) => Ok(()),
            Err(error) if is_database_trouble(&error) => Err(error),
            Err(error) if attempts >= self.attempts_max => {
                tracing::error!(consumer = self.name, kind = envelope.kind, %id, %error, "event given up");
                metrics::counter!("souk_events_dead_total", "consumer" => self.name).increment(1);
                self.postpone(id, "dead", attempts, &error.to_string()).await
            }
            Err(error) => self.postpone(id, "retry", attempts, &error.to_string()).await,
        }
    }

    async fn forget(&self, tx: &mut Tx, id: EventId) -> Result<u64> {
        tx.exec("DELETE FROM inbox_pending WHERE consumer = $1 AND event_id = $2", params![self.name, id]).await
    }

    /// True if an event before was taken in or is noted here: then all between will come, or somebody has to help. To go
    /// on without them would drop them once they come.
    async fn knows_the_aggregate(&self, envelope: &Envelope) -> Result<bool> {
        let row = self
            .db
            .opt(
                "SELECT 1 FROM inbox_pending WHERE consumer = $1 AND aggregatetype = $2 AND aggregateid = $3 AND version < $4
                 UNION ALL SELECT 1 FROM inbox WHERE consumer = $1 AND aggregatetype = $2 AND aggregateid = $3 LIMIT 1",
                params![self.name, &envelope.aggregatetype, &envelope.subject, envelope.aggregateversion],
            )
            .await?;
        Ok(row.is_some())
    }

    async fn postpone(&self, id: EventId, state: &'static str, attempts: i64, error: &str) -> Result<()> {
        // Waiting is not failing: it is looked at again soon, until its grace is over.
        let pause = back_off(if state == "waiting" { attempts.min(6) } else { attempts }, &*self.random);
        let (name, due_at, error) = (self.name, self.clock.now().plus(pause), cut(error));
        let sql = "UPDATE inbox_pending SET state = $3, attempts = $4, due_at = $5, error = $6 WHERE consumer = $1 AND event_id = $2";
        self.db
            .write(async move |tx| tx.exec(sql, params![name, id, state, attempts, due_at, &error]).await)
            .await
            .map(|_| ())
    }

    /// What waited for this event is due now.
    async fn release_next(&self, tx: &mut Tx, envelope: &Envelope, now: Timestamp) -> Result<u64> {
        let next = envelope.aggregateversion + 1;
        tx.exec(
            "UPDATE inbox_pending SET due_at = $5
             WHERE consumer = $1 AND aggregatetype = $2 AND aggregateid = $3 AND version = $4 AND state = 'waiting'",
            params![self.name, &envelope.aggregatetype, &envelope.subject, next, now],
        )
        .await
    }

    /// Takes in noted events when they are due, until `stop`.
    pub async fn run(self: Arc<Self>, stop: tokio_util::sync::CancellationToken) {
        loop {
            let pause = match self.retry_due().await {
                Ok((0, None)) => Duration::from_secs(5),
                Ok((0, Some(due_at))) => {
                    due_at.since(self.clock.now()).clamp(Duration::from_millis(5), Duration::from_secs(5))
                }
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::warn!(consumer = self.name, %error, "inbox cannot be read");
                    Duration::from_secs(1)
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Database with the inbox's tables.
    pub fn db(&self) -> &Db {
        &self.db
    }
}

/// Those of an aggregate stand together, in their order.
fn by_subject(event: &Envelope) -> (&str, &str, i64) {
    (&event.subject, &event.aggregatetype, event.aggregateversion)
}

/// Errors of the database as such, as opposed to a handler's refusal.
fn is_database_trouble(error: &kernel::Error) -> bool {
    error.is(Kind::Unavailable) && error.code().starts_with("db_")
        || matches!(error.code(), db::error::SIM_CRASH | db::error::COMMIT_UNKNOWN | db::error::CLOSED)
}
