//! The relay: publishes what the outbox holds, in order, and marks it after the bus has confirmed.
//!
//! Where several processes serve one database, one of them is *on duty* and publishes for all, so
//! that the events of an aggregate leave in order and, as long as nobody dies, once. The others pass
//! on that there is something to publish.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use contracts::Envelope;
use db::{Db, Duty, params};
use futures::future::BoxFuture;
use kernel::{Clock, Error, EventId, Random, Result};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{back_off, bus::EventBus, outbox::Outbox};

/// Most events handed over at once.
const BATCH: usize = 256;
/// Beyond this many failures the pause does not grow: 5 s, so that a broker that is back is soon used.
const SLOWEST: i64 = 8;
/// How often to look even if nothing woke it: another process may have written, or be gone.
const POLL: Duration = Duration::from_secs(2);
/// Shortest time between two calls to the process on duty: commits that fall in between share one.
const CALL_PAUSE: Duration = Duration::from_millis(5);
/// Longest time for which events gather that come after others.
const GATHERING_MAX: Duration = Duration::from_millis(20);
/// How long to wait, in milliseconds, for rows that cannot be seen yet.
const UNSEEN_PAUSES_MS: [u64; 5] = [1, 5, 25, 125, 625];
/// What is younger is never pruned.
const UNPRUNED: Duration = Duration::from_secs(60 * 60);

/// How the relay of a database that other processes write to learns that there is something to publish.
#[derive(Clone, Default)]
pub enum RelayMode {
    /// It looks every two seconds.
    Poll,
    /// The process that has written calls the one on duty, which also looks every two seconds.
    #[default]
    Notify,
    /// Something follows the database and hands over what it finds.
    Follow(Arc<dyn Follower>),
}

/// Follows the outbox of a database by means of its own.
pub trait Follower: Send + Sync {
    /// Hands what is committed into the outbox to [`Relay::publish`], in the order of the commits, until
    /// `stop`. It may leave out what is marked as sent, and may forget an event once it is published.
    /// Called when the relay has found nothing to do; after an error the relay looks by itself again.
    fn follow<'a>(&'a self, relay: &'a Relay, stop: CancellationToken) -> BoxFuture<'a, Result<()>>;
}

/// Publishes the events of one service.
pub struct Relay {
    outbox: Outbox,
    db: Db,
    bus: Arc<dyn EventBus>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    duty: Duty,
    mode: RelayMode,
    pub(crate) poll: Duration,
}

/// What a look at the outbox came to.
enum Turn {
    /// Another process is on duty.
    OffDuty,
    /// So many events were published.
    Published(usize),
}

impl Relay {
    /// Relays what `outbox` writes into `db`.
    pub fn new(outbox: Outbox, db: Db, bus: Arc<dyn EventBus>, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        let duty = db.duty("relay");
        Self { outbox, db, bus, clock, random, duty, mode: RelayMode::default(), poll: POLL }
    }

    /// The same, learning in another way that there is something to publish.
    #[must_use]
    pub fn in_mode(self, mode: RelayMode) -> Self {
        Self { mode, ..self }
    }

    /// The database with the outbox.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The event of a row of the outbox, by the contents of its columns.
    pub fn envelope<'a>(&self, column: impl Fn(&str) -> Option<&'a str>) -> Result<Envelope> {
        self.outbox.envelope_of_text(column)
    }

    /// Those of `ids` that are marked as sent.
    pub async fn sent_of(&self, ids: &[EventId]) -> Result<BTreeSet<EventId>> {
        let sql = "SELECT id FROM outbox WHERE sent_at IS NOT NULL AND id = ANY (ARRAY(SELECT jsonb_array_elements_text($1)))";
        let ids = serde_json::to_value(ids)?;
        self.db.all(sql, params![db::Value::Json(ids)]).await?.iter().map(|row| row.get("id")).collect()
    }

    /// The service whose events these are.
    pub fn service(&self) -> &'static str {
        self.outbox.source()
    }

    /// Unsent events, oldest first.
    pub async fn unsent(&self, limit: usize) -> Result<Vec<Arc<Envelope>>> {
        let rows = self
            .db
            .all(
                "SELECT id, aggregatetype, aggregateid, type, payload, version, traceparent, occurred_at FROM outbox
                 WHERE sent_at IS NULL ORDER BY seq LIMIT $1",
                params![limit as i64],
            )
            .await?;
        rows.iter().map(|row| self.outbox.envelope(row).map(Arc::new)).collect()
    }

    /// Publishes one batch; returns its size.
    pub async fn step(&self) -> Result<usize> {
        let batch = self.unsent(BATCH).await?;
        if batch.is_empty() {
            return Ok(0);
        }
        if kernel::planted!(9) {
            self.mark_sent(&batch).await?;
        }
        self.publish(&batch).await?;
        Ok(batch.len())
    }

    /// Publishes events of this service, oldest first, and marks them once the bus has confirmed.
    pub async fn publish(&self, batch: &[Arc<Envelope>]) -> Result<()> {
        self.bus.publish(batch).await?;
        self.mark_sent(batch).await?;
        metrics::counter!("souk_events_published_total", "service" => self.service()).increment(batch.len() as u64);
        Ok(())
    }

    /// Marks events as confirmed by the bus.
    ///
    /// Replication tells of a commit before others can see its row: such a row is waited for. One that stays away was
    /// pruned long ago, or makes the relay look by itself.
    pub async fn mark_sent(&self, batch: &[Arc<Envelope>]) -> Result<()> {
        let ids = serde_json::to_value(batch.iter().map(|e| e.id).collect::<Vec<_>>())?;
        for pause in UNSEEN_PAUSES_MS {
            if self.mark(&ids).await? == batch.len() as u64 {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        let young = self.clock.now().minus(UNPRUNED);
        match self.mark(&ids).await? == batch.len() as u64 || batch.iter().all(|e| e.time < young) {
            true => Ok(()),
            false => Err(Error::unavailable("Events were published whose rows cannot be seen yet.")),
        }
    }

    /// Marks those there are; their number. As elements of an array each is found by its key, whatever PostgreSQL believes of
    /// the outbox's size.
    async fn mark(&self, ids: &serde_json::Value) -> Result<u64> {
        let sql = match self.db.dialect() {
            db::Dialect::Sqlite => "UPDATE outbox SET sent_at = $1 WHERE id IN (SELECT value FROM json_each($2))",
            db::Dialect::Postgres => {
                "UPDATE outbox SET sent_at = $1 WHERE id = ANY (ARRAY(SELECT jsonb_array_elements_text($2)))"
            }
        };
        let (now, ids) = (self.clock.now(), ids.clone());
        self.db.write(async move |tx| tx.exec(sql, params![now, ids.clone()]).await).await
    }

    /// Publishes until `stop`.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        self.look(&stop).await;
        self.duty.give_up().await;
    }

    /// Looks into the outbox whenever something wakes it.
    async fn look(&self, stop: &CancellationToken) {
        let mut failures = 0;
        loop {
            let began = Instant::now();
            let turn = self.turn(stop).await;
            let pause = match &turn {
                Ok(Turn::Published(1..)) => {
                    failures = 0;
                    self.let_gather(began.elapsed()).await;
                    continue;
                }
                Ok(_) => {
                    failures = 0;
                    self.poll
                }
                Err(error) => {
                    failures += 1;
                    tracing::warn!(service = self.service(), %error, failures, "events could not be published, will retry");
                    back_off(failures.min(SLOWEST), &*self.random)
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.outbox.wake().notified(), if failures == 0 => {
                    if matches!(turn, Ok(Turn::OffDuty)) {
                        self.pass_on().await;
                    }
                }
                () = self.duty.called(), if failures == 0 => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// On PostgreSQL events gather for as long as those before them took: the busier everybody is, the more share a look, a
    /// delivery and its commits.
    async fn let_gather(&self, took: Duration) {
        match self.db.gathering() {
            Duration::ZERO => {}
            shortest => tokio::time::sleep(took.clamp(shortest, GATHERING_MAX)).await,
        }
    }

    /// Publishes what there is, if this process is on duty; and then what comes, if something follows.
    async fn turn(&self, stop: &CancellationToken) -> Result<Turn> {
        if !self.duty.take().await? {
            return Ok(Turn::OffDuty);
        }
        match (self.step().await?, &self.mode) {
            (0, RelayMode::Follow(follower)) if !stop.is_cancelled() => {
                follower.follow(self, stop.clone()).await.map(|()| Turn::Published(0))
            }
            (published, _) => Ok(Turn::Published(published)),
        }
    }

    /// Calls the process on duty. A call that is lost costs the time until it looks by itself.
    async fn pass_on(&self) {
        if matches!(self.mode, RelayMode::Poll) {
            return;
        }
        if let Err(error) = self.duty.call().await {
            tracing::debug!(service = self.service(), %error, "the relay on duty could not be called");
        }
        tokio::time::sleep(CALL_PAUSE).await;
    }
}
