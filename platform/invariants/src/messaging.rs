//! EV1 to EV5: outboxes, inboxes, and the way between them.

use std::collections::BTreeMap;

use db::{Db, Row, params, placeholders};
use kernel::{Result, Timestamp};

use crate::{
    Finding, Look,
    orders::{STORIES, stories},
    page::{Pages, column},
};

/// EV1: the events of an aggregate end with its last version and have no gaps; an order has told
/// every move it has made.
pub async fn change_and_event(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let sql = "SELECT v.aggregatetype AS key, v.aggregateid AS key2, v.version, count(o.id) AS kept,
            COALESCE(min(o.version), 0) AS first, COALESCE(max(o.version), 0) AS last
         FROM (SELECT aggregatetype, aggregateid, version FROM event_versions WHERE (aggregatetype, aggregateid) > ($1, $2)
               ORDER BY aggregatetype, aggregateid LIMIT $3) v
         LEFT JOIN outbox o ON o.aggregatetype = v.aggregatetype AND o.aggregateid = v.aggregateid
         GROUP BY v.aggregatetype, v.aggregateid, v.version ORDER BY v.aggregatetype, v.aggregateid";
    for (service, db) in look.databases {
        let mut pages = Pages::by(2, db, sql, Vec::new());
        while let Some(rows) = pages.next().await? {
            for row in &rows {
                found.see();
                let (kind, id): (String, String) = (row.get("key")?, row.get("key2")?);
                let (version, kept): (i64, i64) = (row.get("version")?, row.get("kept")?);
                let (first, last): (i64, i64) = (row.get("first")?, row.get("last")?);
                // Events that were sent long ago may have been removed, oldest first.
                let whole = kept == 0 || (last == version && kept == last - first + 1);
                found.demand(whole, || {
                    format!("{service}: {kind} {id} has version {version}, and {kept} events from {first} to {last}")
                });
            }
        }
    }
    let Some(orders) = look.db("orders") else { return Ok(()) };
    let told =
        "SELECT aggregateid AS id, version FROM event_versions WHERE aggregatetype = 'order' AND aggregateid IN ({})";
    let mut pages = Pages::of(orders, STORIES);
    while let Some(rows) = pages.next().await? {
        let versions = crate::page::rows_in(orders, told, &column(&rows, "key")?).await?;
        let versions: BTreeMap<String, i64> =
            versions.iter().map(|row| Ok((row.get("id")?, row.get("version")?))).collect::<Result<_>>()?;
        for story in stories(&rows)? {
            found.see();
            // The versions were read after the stories: in use there may be more by then.
            let told = versions.get(&story.key).copied().unwrap_or(0);
            let whole = if look.is_quiescent() { told == story.events() } else { told >= story.events() };
            found.demand(whole, || format!("order {} made {} moves and told {told}", story.key, story.events()));
        }
    }
    Ok(())
}

/// EV2: no event stays unsent.
pub async fn all_published(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    for (service, db) in look.databases {
        let sql = "SELECT count(*) AS n, COALESCE(sum(CASE WHEN occurred_at < $1 THEN 1 ELSE 0 END), 0) AS old
                   FROM outbox WHERE sent_at IS NULL";
        let row = db.one(sql, params![look.settled_before()]).await?;
        let (unsent, old): (i64, i64) = (row.get("n")?, row.get("old")?);
        found.checked += u64::try_from(unsent).unwrap_or(0) + 1;
        found.demand(old == 0, || format!("{service}: {old} events are not published"));
    }
    Ok(())
}

/// A consumer and a type of aggregate it takes in, with whoever publishes it.
struct Route<'a> {
    consumer: &'static str,
    inbox: &'a Db,
    kind: String,
    producer: &'a Db,
}

/// Every pair of a consumer and a type of aggregate of which it has heard.
async fn routes<'a>(look: &'a Look<'_>) -> Result<Vec<Route<'a>>> {
    let mut producers: BTreeMap<String, &Db> = BTreeMap::new();
    for db in look.databases.values() {
        let sql = "SELECT min(aggregatetype) AS kind FROM event_versions WHERE aggregatetype > $1";
        let mut after = String::new();
        while let Some(kind) = db.one(sql, params![&after]).await?.get::<Option<String>>("kind")? {
            producers.insert(kind.clone(), db);
            after = kind;
        }
    }
    let mut all = Vec::new();
    for (consumer, inbox) in look.databases {
        let sql = "SELECT min(aggregatetype) AS kind FROM (
                SELECT aggregatetype FROM inbox WHERE consumer = $1 AND aggregatetype > $2
                UNION ALL SELECT aggregatetype FROM inbox_pending WHERE consumer = $1 AND aggregatetype > $2) AS heard";
        let mut after = String::new();
        while let Some(kind) = inbox.one(sql, params![*consumer, &after]).await?.get::<Option<String>>("kind")? {
            if let Some(producer) = producers.get(&kind) {
                all.push(Route { consumer, inbox, kind: kind.clone(), producer });
            }
            after = kind;
        }
    }
    Ok(all)
}

/// EV3: what a consumer has taken in last is an event that was published, under this very version.
pub async fn nothing_invented(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let sql = "SELECT aggregateid AS key, version, event_id FROM inbox
               WHERE consumer = $3 AND aggregatetype = $4 AND aggregateid > $1 ORDER BY aggregateid LIMIT $2";
    for route in routes(look).await? {
        let mut pages = Pages::by(1, route.inbox, sql, vec![route.consumer.into(), (&route.kind).into()]);
        while let Some(rows) = pages.next().await? {
            let ids = column(&rows, "key")?;
            let published = heads(route.producer, &route.kind, &ids).await?;
            let events = event_ids(route.producer, &route.kind, &ids).await?;
            for row in &rows {
                found.see();
                let (id, version, event): (String, i64, String) =
                    (row.get("key")?, row.get("version")?, row.get("event_id")?);
                let last = published.get(&id).copied().unwrap_or(0);
                let name = || format!("{}: {} {id}", route.consumer, route.kind);
                found.demand(version <= last, || format!("{} is at version {version} of {last}", name()));
                let same = events.get(&(id.clone(), version)).is_none_or(|published| *published == event);
                found.demand(same, || format!("{} version {version} was taken in as another event", name()));
            }
        }
    }
    Ok(())
}

async fn of_kind(db: &Db, sql: &str, kind: &str, ids: &[String]) -> Result<Vec<Row>> {
    let mut params = params![kind];
    params.extend(ids.iter().map(db::Value::from));
    if ids.is_empty() { Ok(Vec::new()) } else { db.all(&sql.replace("{}", &placeholders(2, ids.len())), params).await }
}

async fn heads(db: &Db, kind: &str, ids: &[String]) -> Result<BTreeMap<String, i64>> {
    let sql = "SELECT aggregateid, version FROM event_versions WHERE aggregatetype = $1 AND aggregateid IN ({})";
    let rows = of_kind(db, sql, kind, ids).await?;
    rows.iter().map(|row| Ok((row.get("aggregateid")?, row.get("version")?))).collect()
}

async fn event_ids(db: &Db, kind: &str, ids: &[String]) -> Result<BTreeMap<(String, i64), String>> {
    let sql = "SELECT aggregateid, version, id FROM outbox WHERE aggregatetype = $1 AND aggregateid IN ({})";
    let rows = of_kind(db, sql, kind, ids).await?;
    rows.iter().map(|row| Ok(((row.get("aggregateid")?, row.get("version")?), row.get("id")?))).collect()
}

/// EV4: nothing that was noted for later is left.
pub async fn nothing_waits(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let sql = "SELECT event_id AS key, consumer, type, state, error, received_at FROM inbox_pending
               WHERE event_id > $1 ORDER BY event_id LIMIT $2";
    for db in look.databases.values() {
        let mut pages = Pages::of(db, sql);
        while let Some(rows) = pages.next().await? {
            for row in &rows {
                found.see();
                let (key, consumer, kind): (String, String, String) =
                    (row.get("key")?, row.get("consumer")?, row.get("type")?);
                let (state, error): (String, String) = (row.get("state")?, row.get("error")?);
                // A dead letter is somebody's work already; a retry may take as long as its back-off.
                let waits = look.is_quiescent()
                    || (state == "waiting" && row.get::<Timestamp>("received_at")? < look.settled_before());
                found.demand(!waits, || format!("{consumer}: {kind} {key} is {state}: {error}"));
            }
        }
    }
    Ok(())
}

/// EV5: every event that was sent is taken in by everyone who takes its kind, or noted there.
pub async fn all_accounted_for(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let sql = "SELECT v.aggregateid AS key, COALESCE(max(o.version), 0) AS sent
         FROM (SELECT aggregateid FROM event_versions WHERE aggregatetype = $3 AND aggregateid > $1 ORDER BY aggregateid LIMIT $2) v
         LEFT JOIN outbox o ON o.aggregatetype = $3 AND o.aggregateid = v.aggregateid AND o.sent_at < $4
         GROUP BY v.aggregateid ORDER BY v.aggregateid";
    let heads =
        "SELECT aggregateid, version FROM inbox WHERE consumer = $1 AND aggregatetype = $2 AND aggregateid IN ({})";
    let noted = "SELECT aggregateid, max(version) AS version FROM inbox_pending
                 WHERE consumer = $1 AND aggregatetype = $2 AND aggregateid IN ({}) GROUP BY aggregateid";
    for route in routes(look).await? {
        let mut pages = Pages::by(1, route.producer, sql, vec![(&route.kind).into(), look.settled_before().into()]);
        while let Some(rows) = pages.next().await? {
            let ids = column(&rows, "key")?;
            let heads = versions(&route, heads, &ids).await?;
            let noted = versions(&route, noted, &ids).await?;
            for row in &rows {
                found.see();
                let (id, sent): (String, i64) = (row.get("key")?, row.get("sent")?);
                // Who joined later has missed what was sent before.
                let Some(head) = heads.get(&id).copied().or_else(|| look.is_quiescent().then_some(0)) else { continue };
                let known = head.max(noted.get(&id).copied().unwrap_or(0));
                found.demand(known >= sent, || {
                    format!("{}: {} {id} was sent up to {sent}, known up to {known}", route.consumer, route.kind)
                });
            }
        }
    }
    Ok(())
}

async fn versions(route: &Route<'_>, sql: &str, ids: &[String]) -> Result<BTreeMap<String, i64>> {
    let mut params = params![route.consumer, &route.kind];
    params.extend(ids.iter().map(db::Value::from));
    let rows = route.inbox.all(&sql.replace("{}", &placeholders(3, ids.len())), params).await?;
    rows.iter().map(|row| Ok((row.get("aggregateid")?, row.get("version")?))).collect()
}
