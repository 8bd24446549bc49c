//! Replay: a consumer takes the past in again, to rebuild what it makes of events.
//!
//! What the producers' outboxes still hold is noted in the consumer's inbox, and its heads go back to
//! before it; from there on it is taken in as if it had just come. An event that arrives meanwhile
//! finds the head behind it and waits for its turn. No broker takes part.

use std::sync::Arc;

use contracts::Envelope;
use db::{Db, Row, Tx, params};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Result, Timestamp};

use crate::{heads, inbox::Inbox, note::Note, outbox::Outbox};

/// Aggregates looked up at once.
const PAGE: i64 = 256;
/// Aggregates whose history is read and noted at the same time; bounds what is held in memory.
const CONCURRENCY: usize = 8;

/// Has `inbox` take in again what `outbox` has in `producer` of the time from `from` on; the number
/// of events. Only for consumers whose handlers may run again.
pub async fn replay(inbox: &Arc<Inbox>, outbox: &Outbox, producer: &Db, from: Timestamp) -> Result<u64> {
    let mut noted = 0;
    for kind in inbox.aggregates() {
        let mut after = String::new();
        loop {
            let page = touched_since(producer, kind, &after, from).await?;
            let Some((last, _)) = page.last() else { break };
            after.clone_from(last);
            noted += stream::iter(page)
                .map(|(id, first)| async move { replay_aggregate(inbox, outbox, producer, kind, &id, first).await })
                .buffer_unordered(CONCURRENCY)
                .try_fold(0, async |sum, events| Ok(sum + events))
                .await?;
        }
    }
    inbox.wake.notify_one();
    Ok(noted)
}

/// Aggregates with events since `from`, each with the version of the first of them.
async fn touched_since(producer: &Db, kind: &str, after: &str, from: Timestamp) -> Result<Vec<(String, i64)>> {
    let rows = producer
        .all(
            "SELECT aggregateid, min(version) AS first FROM outbox
             WHERE aggregatetype = $1 AND aggregateid > $2 AND occurred_at >= $3
             GROUP BY aggregateid ORDER BY aggregateid LIMIT $4",
            params![kind, after, from, PAGE],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("aggregateid")?, row.get("first")?))).collect()
}

async fn replay_aggregate(
    inbox: &Arc<Inbox>,
    outbox: &Outbox,
    producer: &Db,
    kind: &str,
    id: &str,
    first: i64,
) -> Result<u64> {
    loop {
        // One version more than is taken in again: the head goes back to it.
        let rows = producer
            .all(
                "SELECT id, aggregatetype, aggregateid, type, payload, version, traceparent, occurred_at FROM outbox
                 WHERE aggregatetype = $1 AND aggregateid = $2 AND version >= $3 ORDER BY version",
                params![kind, id, first - 1],
            )
            .await?;
        let history = rows.iter().map(|row: &Row| outbox.envelope(row)).collect::<Result<Vec<_>>>()?;
        if let Some(noted) = inbox.rewind(history, first).await? {
            return Ok(noted);
        }
    }
}

impl Inbox {
    /// Notes the events of `history` from version `first` on and moves the head of their aggregate
    /// back to before them. `None`, and nothing is done, if it has come further than `history`.
    pub(crate) async fn rewind(self: &Arc<Self>, history: Vec<Envelope>, first: i64) -> Result<Option<u64>> {
        let this = self.clone();
        self.db()
            .write(async move |tx| {
                let Some(last) = history.last() else { return Ok(Some(0)) };
                if this.move_head_back(tx, &history[0], first, last.aggregateversion).await? == 0
                    && heads::of(tx, this.name, last).await? > last.aggregateversion
                {
                    return Ok(None);
                }
                let again = history.iter().filter(|event| event.aggregateversion >= first);
                let (mut noted, now) = (0, this.clock.now());
                for event in again {
                    // Due since it happened: so events of different aggregates come in their old order too.
                    Note::of(event, "retry", 0, event.time, "replayed")?.renew(tx, this.name, now).await?;
                    noted += 1;
                }
                Ok(Some(noted))
            })
            .await
    }

    /// Moves a head between `first` and `last` back to `first` - 1, which is `before` if that is kept.
    async fn move_head_back(&self, tx: &mut Tx, before: &Envelope, first: i64, last: i64) -> Result<u64> {
        let (kind, id) = (&before.aggregatetype, &before.subject);
        if first == 1 {
            let sql =
                "DELETE FROM inbox WHERE consumer = $1 AND aggregatetype = $2 AND aggregateid = $3 AND version <= $4";
            return tx.exec(sql, params![self.name, kind, id, last]).await;
        }
        tx.exec(
            "UPDATE inbox SET version = $4 - 1, event_id = $6
             WHERE consumer = $1 AND aggregatetype = $2 AND aggregateid = $3 AND version BETWEEN $4 AND $5",
            params![self.name, kind, id, first, last, before.id],
        )
        .await
    }
}
