//! Attempts to log in since the last success.

use db::{Tx, params};
use kernel::{Result, Timestamp};

/// Counts an attempt: how many there are now, or nothing if the key is locked.
pub(crate) async fn count(tx: &mut Tx, key: &str, now: Timestamp) -> Result<Option<i64>> {
    let row = tx
        .opt(
            "INSERT INTO login_attempts (key, attempts, locked_until, last_at) VALUES ($1, 1, 0, $2)
             ON CONFLICT (key) DO UPDATE SET attempts = login_attempts.attempts + 1, last_at = excluded.last_at
             WHERE login_attempts.locked_until <= excluded.last_at
             RETURNING attempts",
            params![key, now],
        )
        .await?;
    row.map(|row| row.get("attempts")).transpose()
}

/// Until when a key is locked.
pub(crate) async fn locked_until(tx: &mut Tx, key: &str) -> Result<Timestamp> {
    tx.one("SELECT locked_until FROM login_attempts WHERE key = $1", params![key]).await?.get("locked_until")
}

/// Locks a key.
pub(crate) async fn lock(tx: &mut Tx, key: &str, until: Timestamp) -> Result<()> {
    tx.defer("UPDATE login_attempts SET locked_until = $2 WHERE key = $1", params![key, until]).await
}

/// Forgets the attempts: the password was right.
pub(crate) async fn forgive(tx: &mut Tx, key: &str) -> Result<()> {
    tx.defer("DELETE FROM login_attempts WHERE key = $1", params![key]).await
}

/// Forgets attempts older than `before`.
pub(crate) async fn prune(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM login_attempts WHERE last_at < $1", params![before]).await
}
