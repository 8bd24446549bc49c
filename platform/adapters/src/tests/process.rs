//! A process of a test: a bus, consumers and a relay, which can be killed.

use std::{sync::Arc, time::Duration};

use events::EventBus;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::shop::{Reader, Teller};

/// Running tasks of one process.
pub struct Process {
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Process {
    /// Sets everything going that `readers` and `teller` need.
    pub fn start(bus: Arc<dyn EventBus>, readers: &[&Reader], teller: Option<&Teller>) -> Self {
        let (stop, mut tasks) = (CancellationToken::new(), JoinSet::new());
        for reader in readers {
            let inbox = reader.inbox();
            bus.connect(inbox.clone());
            tasks.spawn(inbox.run(stop.clone()));
        }
        tasks.spawn(bus.clone().run(stop.clone()));
        if let Some(teller) = teller {
            tasks.spawn(teller.relay(bus).run(stop.clone()));
        }
        Self { stop, tasks }
    }

    /// Ends it as `SIGTERM` does.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }

    /// Ends it as `SIGKILL` does: wherever it is.
    pub async fn kill(mut self) {
        self.tasks.shutdown().await;
    }
}

/// Waits until `there` says so; `what` is for the message when it never does.
pub async fn wait(what: &str, there: impl AsyncFn() -> bool) {
    for _ in 0..3_000 {
        if there().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("waited a minute in vain: {what}");
}
