//! The relay: publishes what the outbox holds, in order, and marks it after the bus has confirmed.

use std::{sync::Arc, time::Duration};

use contracts::Envelope;
use db::{Db, params};
use kernel::{Clock, Random, Result};

use crate::{back_off, bus::EventBus, outbox::Outbox};

/// Most events handed over at once.
const BATCH: usize = 256;
/// Beyond this many failures the pause does not grow: 5 s, so that a broker that is back is soon used.
const SLOWEST: i64 = 8;
/// How often to look even if nothing woke it: another process may have written.
const POLL: Duration = Duration::from_secs(2);

/// Publishes the events of one service.
pub struct Relay {
    outbox: Outbox,
    db: Db,
    bus: Arc<dyn EventBus>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Relay {
    /// Relays what `outbox` writes into `db`.
    pub fn new(outbox: Outbox, db: Db, bus: Arc<dyn EventBus>, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { outbox, db, bus, clock, random }
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
        self.bus.publish(&batch).await?;
        self.mark_sent(&batch).await?;
        metrics::counter!("souk_events_published_total", "service" => self.outbox.source())
            .increment(batch.len() as u64);
        Ok(batch.len())
    }

    /// Marks events as confirmed by the bus.
    pub async fn mark_sent(&self, batch: &[Arc<Envelope>]) -> Result<()> {
        let ids = serde_json::to_value(batch.iter().map(|e| e.id).collect::<Vec<_>>())?;
        let now = self.clock.now();
        let sql = match self.db.dialect() {
            db::Dialect::Sqlite => "UPDATE outbox SET sent_at = $1 WHERE id IN (SELECT value FROM json_each($2))",
            db::Dialect::Postgres => {
                "UPDATE outbox SET sent_at = $1 WHERE id IN (SELECT jsonb_array_elements_text($2))"
            }
        };
        self.db.write(async move |tx| tx.exec(sql, params![now, ids.clone()]).await).await.map(|_| ())
    }

    /// Publishes until `stop`.
    pub async fn run(self: Arc<Self>, stop: tokio_util::sync::CancellationToken) {
        let mut failures = 0;
        loop {
            let pause = match self.step().await {
                Ok(0) => {
                    failures = 0;
                    POLL
                }
                Ok(_) => {
                    failures = 0;
                    continue;
                }
                Err(error) => {
                    failures += 1;
                    tracing::warn!(service = self.outbox.source(), %error, failures, "events could not be published, will retry");
                    back_off(failures.min(SLOWEST), &*self.random)
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.outbox.wake().notified(), if failures == 0 => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}
