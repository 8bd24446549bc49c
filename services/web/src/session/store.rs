//! SQL of the sessions.

use db::{Db, Row, params};
use kernel::{Result, Timestamp};

/// A stored session.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub sealed: Vec<u8>,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub version: i64,
}

fn stored(row: &Row) -> Result<Stored> {
    Ok(Stored {
        sealed: row.get("sealed")?,
        created_at: row.get("created_at")?,
        seen_at: row.get("seen_at")?,
        version: row.get("version")?,
    })
}

/// The session, unless it has ended.
pub(super) async fn find(db: &Db, id: &str, now: Timestamp) -> Result<Option<Stored>> {
    let sql = "SELECT sealed, created_at, seen_at, version FROM web_sessions WHERE id = $1 AND expires_at > $2";
    db.opt(sql, params![id, now]).await?.as_ref().map(stored).transpose()
}

/// Adds a session.
pub(super) async fn insert(db: &Db, id: String, sealed: Vec<u8>, now: Timestamp, expires_at: Timestamp) -> Result<()> {
    db.write(async move |tx| {
        let sql = "INSERT INTO web_sessions (id, sealed, created_at, seen_at, expires_at, renewing_until, version)
            VALUES ($1, $2, $3, $3, $4, 0, 1)";
        tx.defer(sql, params![&id, sealed.clone(), now, expires_at]).await
    })
    .await
}

/// Changes what a session holds, if it is still at `version`.
pub(super) async fn replace(db: &Db, id: String, sealed: Vec<u8>, version: i64, expires_at: Timestamp) -> Result<bool> {
    db.write(async move |tx| {
        let sql = "UPDATE web_sessions SET sealed = $2, expires_at = $4, version = version + 1
            WHERE id = $1 AND version = $3";
        Ok(tx.exec(sql, params![&id, sealed.clone(), version, expires_at]).await? == 1)
    })
    .await
}

/// Notes that the session was used.
pub(super) async fn touch(db: &Db, id: String, now: Timestamp, expires_at: Timestamp) -> Result<()> {
    db.write(async move |tx| {
        let sql = "UPDATE web_sessions SET seen_at = $2, expires_at = $3 WHERE id = $1";
        tx.defer(sql, params![&id, now, expires_at]).await
    })
    .await
}

/// Takes the turn to renew the tokens until `until`; false if somebody else has it.
pub(super) async fn claim_renewal(db: &Db, id: String, version: i64, now: Timestamp, until: Timestamp) -> Result<bool> {
    db.write(async move |tx| {
        let sql = "UPDATE web_sessions SET renewing_until = $4
            WHERE id = $1 AND version = $2 AND renewing_until <= $3";
        Ok(tx.exec(sql, params![&id, version, now, until]).await? == 1)
    })
    .await
}

/// Gives the turn back.
pub(super) async fn end_renewal(db: &Db, id: String) -> Result<()> {
    db.write(async move |tx| tx.defer("UPDATE web_sessions SET renewing_until = 0 WHERE id = $1", params![&id]).await)
        .await
}

/// Ends a session.
pub(super) async fn delete(db: &Db, id: String) -> Result<()> {
    db.write(async move |tx| tx.defer("DELETE FROM web_sessions WHERE id = $1", params![&id]).await).await
}

/// Forgets sessions that have ended.
pub(super) async fn prune(db: &Db, now: Timestamp) -> Result<u64> {
    db.write(async move |tx| tx.exec("DELETE FROM web_sessions WHERE expires_at <= $1", params![now]).await).await
}
