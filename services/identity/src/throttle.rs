//! How fast somebody may guess: attempts are counted per address before the password is looked at,
//! forgiven when it was right, and after the fifth each makes the next wait twice as long.

use std::time::Duration;

use db::Tx;
use kernel::{Email, Result, Timestamp};

use crate::{error::IdentityError, links::hash_token, store};

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
    let Some(attempts) = store::attempts::count(tx, key, now).await? else {
        let wait = store::attempts::locked_until(tx, key).await?.since(now);
        let retry_after_s = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        return Err(IdentityError::TooManyAttempts { retry_after_s }.into());
    };
    let delay = delay(attempts);
    if !delay.is_zero() {
        store::attempts::lock(tx, key, now.plus(delay)).await?;
    }
    Ok(())
}
