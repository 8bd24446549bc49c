//! For what is shared outside of the process and can be done without: an outage costs speed only.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use kernel::Result;

/// How long something is left alone after it did not answer.
const REST: Duration = Duration::from_secs(1);

/// Asks something only while it answers: waits are short, and after a failure there are none for a second.
#[derive(Debug)]
pub struct WhileItAnswers {
    what: &'static str,
    patience: Duration,
    begin: Instant,
    /// Milliseconds after `begin` until which it is left alone.
    resting_until: AtomicU64,
}

impl WhileItAnswers {
    /// For `what`, as metrics name it, which is waited for no longer than `patience`.
    pub fn new(what: &'static str, patience: Duration) -> Self {
        Self { what, patience, begin: Instant::now(), resting_until: AtomicU64::new(0) }
    }

    /// True while it is left alone.
    pub fn is_resting(&self) -> bool {
        self.now_ms() < self.resting_until.load(Ordering::Relaxed)
    }

    /// What `answer` comes to; none if it failed, took too long or was not asked for.
    pub async fn ask<T>(&self, answer: impl Future<Output = Result<T>>) -> Option<T> {
        if self.is_resting() {
            return None;
        }
        let why = match tokio::time::timeout(self.patience, answer).await {
            Ok(Ok(answer)) => return Some(answer),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        metrics::counter!("souk_shared_failures_total", "what" => self.what).increment(1);
        let until = self.now_ms() + REST.as_millis() as u64;
        if self.resting_until.fetch_max(until, Ordering::Relaxed) < until {
            tracing::debug!(what = self.what, why, "left alone for a while");
        }
        None
    }

    fn now_ms(&self) -> u64 {
        self.begin.elapsed().as_millis() as u64
    }
}

#[cfg(test)]
mod tests {
    use kernel::Error;

    use super::*;

    #[tokio::test]
    async fn what_failed_or_is_slow_is_left_alone() {
        let shared = WhileItAnswers::new("test", Duration::from_secs(5));
        assert_eq!(shared.ask(async { Ok(1) }).await, Some(1));
        assert_eq!(shared.ask(async { Err::<i32, _>(Error::unavailable("Gone.")) }).await, None);
        assert!(shared.is_resting());
        assert_eq!(shared.ask(std::future::ready(Ok(1))).await, None, "it is not asked");
        let slow = WhileItAnswers::new("test", Duration::from_millis(1));
        assert_eq!(slow.ask(std::future::pending::<Result<i32>>()).await, None);
        assert!(slow.is_resting());
    }
}
