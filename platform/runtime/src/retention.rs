//! Sent events are forgotten after a while, where the configuration says so.

use std::{sync::Arc, time::Duration};

use db::Db;
use kernel::{Clock, Result};
use tokio_util::sync::CancellationToken;

/// How often to look.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Most events forgotten in one transaction.
const BATCH: i64 = 5_000;

/// Forgets what the service `name` sent longer ago than `keep`, again and again, until `stop`.
pub(crate) async fn run(name: &'static str, db: Db, clock: Arc<dyn Clock>, keep: Duration, stop: CancellationToken) {
    loop {
        match forget(&db, &*clock, keep).await {
            Ok(0) => {}
            Ok(events) => tracing::info!(service = name, events, "old events forgotten"),
            Err(error) => tracing::warn!(service = name, %error, "old events could not be forgotten"),
        }
        tokio::select! { () = stop.cancelled() => return, () = tokio::time::sleep(EVERY) => {} }
    }
}

async fn forget(db: &Db, clock: &dyn Clock, keep: Duration) -> Result<u64> {
    let before = clock.now().minus(keep);
    let mut forgotten = 0;
    loop {
        let events = events::operate::prune(db, before, BATCH).await?;
        forgotten += events;
        // Of the oldest, some were to be kept: all others are younger.
        if events < BATCH.unsigned_abs() {
            return Ok(forgotten);
        }
    }
}
