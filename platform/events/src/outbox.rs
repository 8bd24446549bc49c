//! The outbox: an event is a row in the transaction of the state change it tells of.

use std::sync::Arc;

use contracts::{Envelope, Event};
use db::{Dialect, Row, Rows, Tx, params};
use kernel::{Clock, Error, EventId, Ids, Result, Timestamp};
use serde_json::value::RawValue;
use tokio::sync::Notify;

/// Counts the events of an aggregate.
const COUNT: &str = "INSERT INTO event_versions (aggregatetype, aggregateid, version) VALUES ($1, $2, 1)
     ON CONFLICT (aggregatetype, aggregateid) DO UPDATE SET version = event_versions.version + 1";

/// Keeps an event that has been counted.
const PUBLISH: &str = "INSERT INTO outbox (aggregatetype, aggregateid, id, type, payload, version, occurred_at)
     VALUES ($1, $2, $3, $4, $5, (SELECT version FROM event_versions WHERE aggregatetype = $1 AND aggregateid = $2), $6)";

/// Both as one, for all events of a transaction: PostgreSQL allows it.
static EVENTS: Rows = Rows::new(&["outbox", "event_versions"], |events| match events {
    1 => COUNT_AND_PUBLISH.to_owned(),
    _ => count_and_publish(events),
});

const COUNT_AND_PUBLISH: &str = "WITH counted AS (
        INSERT INTO event_versions (aggregatetype, aggregateid, version) VALUES ($1, $2, 1)
        ON CONFLICT (aggregatetype, aggregateid) DO UPDATE SET version = event_versions.version + 1
        RETURNING aggregatetype, aggregateid, version)
     INSERT INTO outbox (aggregatetype, aggregateid, id, type, payload, version, occurred_at)
     SELECT aggregatetype, aggregateid, $3, $4, $5, version, CAST($6 AS BIGINT) FROM counted";

/// Those of an aggregate count on from where it was, in their order.
fn count_and_publish(events: usize) -> String {
    let given: Vec<String> = (0..events)
        .map(|place| {
            let n = place * 6;
            format!(
                "({place}, ${}::text, ${}::text, ${}::text, ${}::text, ${}::text, ${}::bigint)",
                n + 1,
                n + 2,
                n + 3,
                n + 4,
                n + 5,
                n + 6
            )
        })
        .collect();
    format!(
        "WITH given (place, aggregatetype, aggregateid, id, type, payload, occurred_at) AS (VALUES {}),
              counted AS (
            INSERT INTO event_versions (aggregatetype, aggregateid, version)
            SELECT aggregatetype, aggregateid, count(*) FROM given GROUP BY 1, 2 ORDER BY 1, 2
            ON CONFLICT (aggregatetype, aggregateid) DO UPDATE SET version = event_versions.version + excluded.version
            RETURNING aggregatetype, aggregateid, version)
         INSERT INTO outbox (aggregatetype, aggregateid, id, type, payload, version, occurred_at)
         SELECT aggregatetype, aggregateid, id, type, payload,
                version + 1 - row_number() OVER (PARTITION BY aggregatetype, aggregateid ORDER BY place DESC), occurred_at
         FROM given JOIN counted USING (aggregatetype, aggregateid) ORDER BY place",
        given.join(", ")
    )
}

/// Writes events of one service.
#[derive(Clone)]
pub struct Outbox {
    source: &'static str,
    ids: Ids,
    clock: Arc<dyn Clock>,
    wake: Arc<Notify>,
}

impl Outbox {
    /// The outbox of the service `source`.
    pub fn new(source: &'static str, ids: Ids, clock: Arc<dyn Clock>) -> Self {
        Self { source, ids, clock, wake: Arc::default() }
    }

    /// Name of the publishing service.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Wakes the relay after each commit that published something.
    pub(crate) fn wake(&self) -> &Arc<Notify> {
        &self.wake
    }

    /// Publishes an event with the transaction. Versions per aggregate count 1, 2, 3 …
    pub async fn publish<E: Event>(&self, tx: &mut Tx, event: &E) -> Result<()> {
        let id = EventId::new(&self.ids);
        let is_lost = kernel::planted!(7) && id.0.as_bytes()[15] < 16;
        let aggregate_id = event.aggregate_id();
        if is_lost || tx.dialect() == Dialect::Sqlite {
            tx.defer(COUNT, params![E::AGGREGATE, &aggregate_id]).await?;
        }
        if !is_lost {
            let payload = serde_json::to_string(event)?;
            let event = params![E::AGGREGATE, aggregate_id, id, E::TYPE, payload, self.clock.now()];
            match tx.dialect() {
                Dialect::Sqlite => tx.defer(PUBLISH, event).await?,
                Dialect::Postgres => tx.gather(&EVENTS, event).await?,
            }
        }
        let wake = self.wake.clone();
        tx.after_commit(move || wake.notify_one());
        Ok(())
    }

    /// The envelope of an outbox row.
    pub(crate) fn envelope(&self, row: &Row) -> Result<Envelope> {
        Ok(Envelope {
            specversion: "1.0".to_owned(),
            id: row.get("id")?,
            source: format!("/souk/{}", self.source),
            kind: row.get("type")?,
            subject: row.get("aggregateid")?,
            time: row.get("occurred_at")?,
            aggregatetype: row.get("aggregatetype")?,
            aggregateversion: row.get("version")?,
            traceparent: row.get("traceparent")?,
            data: RawValue::from_string(row.get("payload")?)?,
        })
    }

    /// The same where each column is text.
    pub(crate) fn envelope_of_text<'a>(&self, column: impl Fn(&str) -> Option<&'a str>) -> Result<Envelope> {
        let wanted = |name| column(name).ok_or_else(|| Error::internal(format!("an event without its {name}")));
        let number = |name| wanted(name)?.parse::<i64>().map_err(Error::internal);
        Ok(Envelope {
            specversion: "1.0".to_owned(),
            id: wanted("id")?.parse()?,
            source: format!("/souk/{}", self.source),
            kind: wanted("type")?.to_owned(),
            subject: wanted("aggregateid")?.to_owned(),
            time: Timestamp(number("occurred_at")?),
            aggregatetype: wanted("aggregatetype")?.to_owned(),
            aggregateversion: number("version")?,
            traceparent: column("traceparent").map(str::to_owned),
            data: RawValue::from_string(wanted("payload")?.to_owned())?,
        })
    }
}
