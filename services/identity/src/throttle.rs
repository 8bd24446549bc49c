//! How fast somebody may guess: attempts are counted per address before the password is looked at,
//! forgiven when it was right, and after the fifth each makes the next wait twice as long.

use std::time::Duration;

use db::{Tx, params};
use kernel::{Email, Result, Timestamp};

use crate::{error::IdentityError, links::hash_token};

/// Attempts without any delay.
const FREE: i64 = 5;
/// No delay is longer.
const DELAY_MAX_S: u64 = 900;

/// The delay after attempt number `attempts`.
pub(crate) fn delay(attempts: i64) -> Duration {
    let doublings = attempts - FREE;
    if doublings < 0 {
        return Duration::ZERO;
    }
    let seconds = u32::try_from(doublings).ok().and_then(|n| 1_u64.checked_shl(n)).unwrap_or(DELAY_MAX_S);
    Duration::from_secs(seconds.min(DELAY_MAX_S))
}

/// Under which attempts for an address are counted: the table holds no addresses.
pub(crate) fn key_of(email: &Email) -> String {
    hash_token(email.as_str())
}

/// Counts an attempt, or says how long to wait. Of attempts made at once, only as many pass as are free.
pub(crate) async fn count(tx: &mut Tx, key: &str, now: Timestamp) -> Result<()> {
    let counted = tx
        .opt(
            "INSERT INTO login_attempts (key, attempts, locked_until, last_at) VALUES ($1, 1, 0, $2)
             ON CONFLICT (key) DO UPDATE SET attempts = login_attempts.attempts + 1, last_at = excluded.last_at
             WHERE login_attempts.locked_until <= excluded.last_at
             RETURNING attempts",
            params![key, now],
        )
        .await?;
    if let Some(row) = counted {
        let delay = delay(row.get("attempts")?);
        if !delay.is_zero() {
            let sql = "UPDATE login_attempts SET locked_until = $2 WHERE key = $1";
            tx.exec(sql, params![key, now.plus(delay)]).await?;
        }
        return Ok(());
    }
    let row = tx.one("SELECT locked_until FROM login_attempts WHERE key = $1", params![key]).await?;
    let wait = row.get::<Timestamp>("locked_until")?.since(now);
    Err(IdentityError::TooManyAttempts { retry_after_s: wait.as_secs() + u64::from(wait.subsec_nanos() > 0) }.into())
}

/// Forgets the attempts: the password was right.
pub(crate) async fn forgive(tx: &mut Tx, key: &str) -> Result<()> {
    tx.exec("DELETE FROM login_attempts WHERE key = $1", params![key]).await.map(|_| ())
}

/// Forgets attempts older than `before`.
pub(crate) async fn prune(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM login_attempts WHERE last_at < $1", params![before]).await
}
