//! Whether a process should be sent requests.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use kernel::Result;

type Check = Box<dyn Fn() -> Result<()> + Send + Sync>;

/// What `/health/ready` goes by, beside the databases.
#[derive(Default)]
pub struct Readiness {
    draining: AtomicBool,
    checks: Mutex<Vec<Check>>,
}

impl Readiness {
    /// Not ready while `check` fails; its error says why.
    pub fn require(&self, check: impl Fn() -> Result<()> + Send + Sync + 'static) {
        self.checks.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(check));
    }
    /// From now on nothing new should be sent here.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }
    /// True once the process is about to stop.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }
    /// Fails with the first reason, beside its databases, for which the process is not ready.
    pub fn check(&self) -> Result<()> {
        if self.is_draining() {
            return Err(kernel::Error::unavailable("This process is about to stop."));
        }
        self.checks.lock().unwrap_or_else(PoisonError::into_inner).iter().try_for_each(|check| check())
    }
}
