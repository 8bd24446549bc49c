//! What operators see and do: backlogs, dead letters and trying them again, pruning.

use contracts::operations::{Backlog, DeadLetter, Replay};
use db::{Db, Row, params};
use kernel::{Clock, Error, Page, PageRequest, Result, Timestamp};

/// How the messages of a service stand.
pub async fn backlog(db: &Db, service: &str, now: Timestamp) -> Result<Backlog> {
    let row = db
        .one(
            "SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL) AS outbox,
                    (SELECT count(*) FROM inbox_pending WHERE state <> 'dead') AS retrying,
                    (SELECT count(*) FROM inbox_pending WHERE state = 'dead') AS dead_events,
                    (SELECT count(*) FROM jobs WHERE state = 'dead') AS dead_jobs,
                    (SELECT count(*) FROM jobs WHERE state = 'queued' AND due_at <= $1) AS jobs_due",
            params![now],
        )
        .await?;
    Ok(Backlog {
        service: service.to_owned(),
        outbox: row.get("outbox")?,
        retrying: row.get("retrying")?,
        dead: row.get::<i64>("dead_events")? + row.get::<i64>("dead_jobs")?,
        jobs_due: row.get("jobs_due")?,
    })
}

/// Dead letters of a service, oldest first.
pub async fn dead_letters(db: &Db, service: &str, page: &PageRequest) -> Result<Page<DeadLetter>> {
    let limit = page.limit()?;
    let after = page.cursor()?;
    let (at, id) = match &after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned()),
        None => (i64::MIN, String::new()),
    };
    let rows = db
        .all(
            "SELECT * FROM (
                SELECT event_id AS id, 'event' AS what, type AS kind, aggregateid AS subject, attempts, error, received_at AS at
                FROM inbox_pending WHERE state = 'dead'
                UNION ALL
                SELECT id, 'job' AS what, kind, key AS subject, attempts, error, created_at AS at FROM jobs WHERE state = 'dead'
             ) AS dead WHERE at > $1 OR (at = $1 AND id > $2) ORDER BY at, id LIMIT $3",
            params![at, id, i64::from(limit) + 1],
        )
        .await?;
    let letters = rows.iter().map(|row| letter(service, row)).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(letters, limit, |l| vec![l.at.micros().to_string(), l.id.clone()]))
}

fn letter(service: &str, row: &Row) -> Result<DeadLetter> {
    Ok(DeadLetter {
        service: service.to_owned(),
        id: row.get("id")?,
        what: row.get("what")?,
        kind: row.get("kind")?,
        subject: row.get("subject")?,
        attempts: row.get("attempts")?,
        error: row.get("error")?,
        at: row.get("at")?,
    })
}

/// Tries a dead letter again, now.
pub async fn replay(db: &Db, clock: &dyn Clock, what: &Replay) -> Result<()> {
    let sql = match what.what.as_str() {
        "event" => {
            "UPDATE inbox_pending SET state = 'retry', attempts = 0, due_at = $2 WHERE event_id = $1 AND state = 'dead'"
        }
        "job" => {
            "UPDATE jobs SET state = 'queued', attempts = 0, due_at = $2, lease_until = 0 WHERE id = $1 AND state = 'dead'"
        }
        _ => return Err(Error::invalid("what", "Use “event” or “job”.")),
    };
    let (id, now) = (what.id.clone(), clock.now());
    match db.write(async move |tx| tx.exec(sql, params![&id, now]).await).await? {
        0 => Err(Error::not_found("dead letter")),
        _ => Ok(()),
    }
}

/// Removes sent events that happened before `before`, at most `limit` of the oldest; the number removed.
///
/// Looks at no more than the `limit` oldest events, whatever their number: it may run often.
pub async fn prune(db: &Db, before: Timestamp, limit: i64) -> Result<u64> {
    db.write(async move |tx| {
        tx.exec(
            "DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox ORDER BY seq LIMIT $2)
             AND sent_at IS NOT NULL AND occurred_at < $1",
            params![before, limit],
        )
        .await
    })
    .await
}
