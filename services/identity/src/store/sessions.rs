//! Sessions and their refresh tokens.

use contracts::identity::SessionView;
use db::{Db, Row, Tx, params};
use kernel::{AccountId, Result, SessionId, Timestamp};

use crate::model::{SESSION_IDLE, SESSION_LIFETIME};

/// Opens a session.
pub(crate) async fn open(
    tx: &mut Tx,
    id: SessionId,
    account_id: AccountId,
    user_agent: &str,
    now: Timestamp,
) -> Result<()> {
    tx.defer(
        "INSERT INTO sessions (id, account_id, user_agent, created_at, last_seen_at, expires_at, ends_at, ended_at, end_reason)
         VALUES ($1, $2, $3, $4, $4, $5, $6, NULL, NULL)",
        params![id, account_id, user_agent, now, now.plus(SESSION_IDLE), now.plus(SESSION_LIFETIME)],
    ).await
}

/// Stores the hash of a refresh token.
pub(crate) async fn add_token(tx: &mut Tx, hash: &str, session_id: SessionId, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO refresh_tokens (hash, session_id, issued_at, used_at) VALUES ($1, $2, $3, NULL)";
    tx.defer(sql, params![hash, session_id, now]).await
}

/// Uses up a refresh token: its session, or nothing if it was used before or never was one. Of several
/// at once, one gets it.
pub(crate) async fn use_token(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<Option<SessionId>> {
    let sql = "UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1 AND used_at IS NULL RETURNING session_id";
    tx.opt(sql, params![hash, now]).await?.map(|row| row.get("session_id")).transpose()
}

/// The session that a refresh token was given to, used or not.
pub(crate) async fn of_token(tx: &mut Tx, hash: &str) -> Result<Option<SessionId>> {
    let row = tx.opt("SELECT session_id FROM refresh_tokens WHERE hash = $1", params![hash]).await?;
    row.map(|row| row.get("session_id")).transpose()
}

/// Notes that a session is used: whose it is, or nothing if it is over.
pub(crate) async fn renew(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<Option<AccountId>> {
    let row = tx
        .opt(
            "UPDATE sessions SET last_seen_at = $2, expires_at = CASE WHEN ends_at < $3 THEN ends_at ELSE $3 END
             WHERE id = $1 AND ended_at IS NULL AND expires_at > $2 RETURNING account_id",
            params![id, now, now.plus(SESSION_IDLE)],
        )
        .await?;
    row.map(|row| row.get("account_id")).transpose()
}

/// Open sessions of an account, last used first.
pub(crate) async fn list(
    db: &Db,
    account_id: AccountId,
    current: SessionId,
    now: Timestamp,
) -> Result<Vec<SessionView>> {
    let rows = db
        .all(
            "SELECT id, user_agent, created_at, last_seen_at, expires_at FROM sessions
             WHERE account_id = $1 AND ended_at IS NULL AND expires_at > $2
             ORDER BY last_seen_at DESC, id DESC LIMIT 100",
            params![account_id, now],
        )
        .await?;
    let view = |row: &Row| {
        let id = row.get("id")?;
        Ok(SessionView {
            id,
            user_agent: row.get("user_agent")?,
            created_at: row.get("created_at")?,
            last_seen_at: row.get("last_seen_at")?,
            expires_at: row.get("expires_at")?,
            current: id == current,
        })
    };
    rows.iter().map(view).collect()
}

/// Ends a session of an account; `false` if the account has no such open session.
pub(crate) async fn end(
    tx: &mut Tx,
    id: SessionId,
    account_id: AccountId,
    reason: &str,
    now: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE sessions SET ended_at = $4, end_reason = $3 WHERE id = $1 AND account_id = $2 AND ended_at IS NULL AND expires_at > $4";
    Ok(tx.exec(sql, params![id, account_id, reason, now]).await? == 1)
}

/// Ends a session whose refresh token came twice; `false` if it was over.
pub(crate) async fn end_stolen(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE sessions SET ended_at = $2, end_reason = 'token_reused' WHERE id = $1 AND ended_at IS NULL";
    Ok(tx.exec(sql, params![id, now]).await? == 1)
}

/// Ends all sessions of an account, but one if it says so.
pub(crate) async fn end_all(
    tx: &mut Tx,
    account_id: AccountId,
    but: Option<SessionId>,
    reason: &str,
    now: Timestamp,
) -> Result<u64> {
    let but = but.map_or_else(String::new, |id| id.to_string());
    let sql =
        "UPDATE sessions SET ended_at = $4, end_reason = $3 WHERE account_id = $1 AND id <> $2 AND ended_at IS NULL";
    tx.exec(sql, params![account_id, but, reason, now]).await
}

/// Forgets on what devices an account was logged in, and with which tokens. That its sessions have ended stays for as long
/// as others have to be told.
pub(crate) async fn forget_devices(tx: &mut Tx, account_id: AccountId) -> Result<()> {
    let sql = "DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE account_id = $1)";
    tx.defer(sql, params![account_id]).await?;
    tx.defer("UPDATE sessions SET user_agent = '' WHERE account_id = $1", params![account_id]).await
}

/// Sessions ended since then.
pub(crate) async fn ended_since(db: &Db, since: Timestamp) -> Result<Vec<SessionId>> {
    let rows = db.all("SELECT id FROM sessions WHERE ended_at > $1 ORDER BY ended_at, id", params![since]).await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Removes up to `limit` sessions that were over before then, with their tokens; the number removed.
pub(crate) async fn prune(tx: &mut Tx, before: Timestamp, limit: u32) -> Result<u64> {
    tx.exec(
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE ended_at < $1 OR expires_at < $1 ORDER BY id LIMIT $2)",
        params![before, limit],
    )
    .await
}
