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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::{ManualClock, Random, SystemRandom};

    use crate::{
        Caches, HyperOut, MemoryFiles, Network, Platform, Service, ServiceDef, ServiceTokens, System, discovery,
    };

    /// A system of one service that says it cannot answer; alone, or one of several processes.
    async fn system(is_apart: bool) -> System {
        let clock = Arc::new(ManualClock::new("2026-01-15T12:00:00Z".parse().unwrap()));
        let random: Arc<dyn Random> = Arc::new(SystemRandom);
        let network = || {
            let tokens = Arc::new(ServiceTokens::new(&[7; 32], clock.clone()));
            Network::new(discovery::open(&discovery::Settings::default()).unwrap(), tokens, random.clone())
        };
        let platform = Platform {
            database: Arc::new(|name| panic!("{name} needs no database")),
            migrate: true,
            relay: events::RelayMode::default(),
            clock: clock.clone(),
            random: random.clone(),
            http_out: Arc::new(HyperOut::new().unwrap()),
            files: Arc::new(MemoryFiles::default()),
            caches: Caches::local(),
            master_secret: [7; 32],
            public_url: "http://souk.test".to_owned(),
            event_attempts: 1,
            events_kept: None,
            network: is_apart.then(network),
        };
        let shut = |_| Service::new().ready(|| Err(kernel::Error::unavailable("The shutters are down.")));
        System::build(&platform, vec![ServiceDef::front("kiosk", "A kiosk.", shut)]).await.unwrap()
    }

    #[tokio::test]
    async fn a_service_closes_its_own_process_and_no_whole_marketplace() {
        let apart = system(true).await.readiness().check().unwrap_err();
        assert_eq!(apart.detail(), "The shutters are down.");
        system(false).await.readiness().check().unwrap();
    }
}
