//! Heads: the last version of each aggregate that a consumer has taken in.
//!
//! They move in the transaction of the effect: one at a time, or those of a whole batch together.

use std::{collections::BTreeMap, sync::Arc};

use contracts::Envelope;
use db::{Dialect, Tx, params};
use kernel::{EventId, Result, Timestamp};
use serde::Serialize;

/// Where the head of an aggregate moves to with a batch. The names are those in the statement below.
#[derive(Serialize)]
struct Move<'a> {
    kind: &'a str,
    id: &'a str,
    version: i64,
    event: EventId,
}

/// Moves a head to the event's version, if that is the next; with `force`, if it is any later one.
pub(crate) async fn advance(
    tx: &mut Tx,
    consumer: &str,
    envelope: &Envelope,
    force: bool,
    now: Timestamp,
) -> Result<bool> {
    let version = envelope.aggregateversion;
    let sql = if version == 1 || force {
        "INSERT INTO inbox (consumer, aggregatetype, aggregateid, version, event_id, handled_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (consumer, aggregatetype, aggregateid)
         DO UPDATE SET version = excluded.version, event_id = excluded.event_id, handled_at = excluded.handled_at
         WHERE inbox.version < excluded.version"
    } else {
        "UPDATE inbox SET version = $4, event_id = $5, handled_at = $6
         WHERE consumer = $1 AND aggregatetype = $2 AND aggregateid = $3 AND version = $4 - 1"
    };
    let values = params![consumer, &envelope.aggregatetype, &envelope.subject, version, envelope.id, now];
    Ok(tx.exec(sql, values).await? == 1)
}

/// Moves the heads of all aggregates in a batch, in which the events of each stand together in their order. False, and
/// the transaction must not be committed, if one of them is not the next.
pub(crate) async fn advance_all(tx: &mut Tx, consumer: &str, batch: &[Arc<Envelope>], now: Timestamp) -> Result<bool> {
    let Some(moves) = moves(batch) else { return Ok(false) };
    let each = match tx.dialect() {
        Dialect::Sqlite => "json_each($2)",
        Dialect::Postgres => "jsonb_array_elements($2)",
    };
    // Not an `UPDATE … FROM`: for that PostgreSQL may read all heads of the consumer. Here each is found by its key.
    let sql = format!(
        "INSERT INTO inbox (consumer, aggregatetype, aggregateid, version, event_id, handled_at)
         SELECT CAST($1 AS TEXT), it.value ->> 'kind', it.value ->> 'id', CAST(it.value ->> 'version' AS BIGINT),
                it.value ->> 'event', CAST($3 AS BIGINT)
         FROM {each} AS it
         WHERE CAST(it.value ->> 'version' AS BIGINT) - $4 = COALESCE((
            SELECT head.version FROM inbox AS head
            WHERE head.consumer = $1 AND head.aggregatetype = it.value ->> 'kind' AND head.aggregateid = it.value ->> 'id'), 0)
         ON CONFLICT (consumer, aggregatetype, aggregateid)
         DO UPDATE SET version = excluded.version, event_id = excluded.event_id, handled_at = excluded.handled_at
         WHERE inbox.version = excluded.version - $4"
    );
    for (steps, moves) in moves {
        let moved = tx.exec(&sql, params![consumer, serde_json::to_value(&moves)?, now, steps]).await?;
        if moved != moves.len() as u64 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The version of the last event of the same aggregate that was taken in; 0 if none was.
pub(crate) async fn of(tx: &mut Tx, consumer: &str, envelope: &Envelope) -> Result<i64> {
    let row = tx
        .opt(
            "SELECT version FROM inbox WHERE consumer = $1 AND aggregatetype = $2 AND aggregateid = $3",
            params![consumer, &envelope.aggregatetype, &envelope.subject],
        )
        .await?;
    row.map_or(Ok(0), |row| row.at(0))
}

/// One for each aggregate, by the number of its events (mostly one); nothing at all if an event is missing in between, or
/// there twice.
fn moves(batch: &[Arc<Envelope>]) -> Option<BTreeMap<i64, Vec<Move<'_>>>> {
    let mut moves: BTreeMap<i64, Vec<Move<'_>>> = BTreeMap::new();
    for events in batch.chunk_by(|a, b| (&a.aggregatetype, &a.subject) == (&b.aggregatetype, &b.subject)) {
        if events.windows(2).any(|two| two[0].aggregateversion + 1 != two[1].aggregateversion) {
            return None;
        }
        let last = events.last()?;
        let (kind, id) = (&last.aggregatetype, &last.subject);
        let it = Move { kind, id, version: last.aggregateversion, event: last.id };
        moves.entry(events.len() as i64).or_default().push(it);
    }
    Some(moves)
}
