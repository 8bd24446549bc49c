//! How long a connection is waited for: for the headers of its first request, and of each one after an answer.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use hyper::rt::{Sleep, Timer};
use tokio::time;

/// Nothing is waited for.
const BUSY: u64 = u64::MAX;

/// The timer of one connection. Hyper sets one for the headers of every request and drops it when they are there: as
/// timers of the runtime that is a lock and two changes of its wheel per request. Here it is two stores, and the
/// connection has one timer of the runtime, which looks every now and then ([`Patience::run_out`]).
#[derive(Clone)]
pub(crate) struct Patience {
    begun: time::Instant,
    /// When it will be at its end, in microseconds since `begun`; or [`BUSY`].
    ends: Arc<AtomicU64>,
}

impl Patience {
    pub fn new() -> Self {
        Self { begun: time::Instant::now(), ends: Arc::new(AtomicU64::new(BUSY)) }
    }

    fn wait_until(&self, deadline: Instant) {
        let ends = deadline.saturating_duration_since(self.begun.into_std()).as_micros();
        self.ends.store(u64::try_from(ends).unwrap_or(BUSY), Ordering::Relaxed);
    }

    /// Returns when the connection has been waited for until its deadline; `usual` is how long that mostly is.
    pub async fn run_out(&self, usual: Duration) {
        loop {
            let next = match self.ends.load(Ordering::Relaxed) {
                BUSY => time::Instant::now() + usual,
                ends => self.begun + Duration::from_micros(ends),
            };
            if next <= time::Instant::now() {
                return;
            }
            time::sleep_until(next).await;
        }
    }
}

impl Timer for Patience {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        self.wait_until(deadline);
        Box::pin(Waiting(self.ends.clone()))
    }

    /// Another one in its place would be forgotten when the first is dropped.
    fn reset(&self, _: &mut Pin<Box<dyn Sleep>>, deadline: Instant) {
        self.wait_until(deadline);
    }

    fn now(&self) -> Instant {
        time::Instant::now().into_std()
    }
}

/// Never ends by itself: the connection does.
struct Waiting(Arc<AtomicU64>);

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

impl Sleep for Waiting {}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(BUSY, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_deadline_that_is_moved_counts_and_one_that_is_dropped_does_not() {
        let (patience, long) = (Patience::new(), Duration::from_secs(60));
        let mut waiting = patience.sleep(long);
        assert!(patience.run_out(long).now_or_never().is_none());
        patience.reset(&mut waiting, patience.now());
        patience.run_out(long).await;
        drop(waiting);
        assert!(patience.run_out(long).now_or_never().is_none());
    }
}
