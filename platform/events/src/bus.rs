//! The port that carries events between services, and the one inside this process.

use std::sync::Arc;

use arc_swap::ArcSwap;
use contracts::Envelope;
use futures::future::{BoxFuture, try_join_all};
use kernel::Result;

use crate::inbox::Inbox;

/// Carries events from relays to inboxes.
pub trait EventBus: Send + Sync {
    /// Hands over a batch, oldest first. `Ok` means: every consumer has it durably, or a broker has.
    /// After an error the same batch comes again.
    fn publish<'a>(&'a self, batch: &'a [Arc<Envelope>]) -> BoxFuture<'a, Result<()>>;
}

/// Passes events straight to the inboxes of this process.
#[derive(Default)]
pub struct LocalBus {
    inboxes: ArcSwap<Vec<Arc<Inbox>>>,
}

impl LocalBus {
    /// Adds a consumer. Done while composing, before the relays run.
    pub fn connect(&self, inbox: Arc<Inbox>) {
        self.inboxes.rcu(|all| {
            let mut all = Vec::clone(all);
            all.push(inbox.clone());
            all
        });
    }
}

impl EventBus for LocalBus {
    fn publish<'a>(&'a self, batch: &'a [Arc<Envelope>]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let inboxes = self.inboxes.load_full();
            let deliveries = inboxes.iter().map(|inbox| {
                let wanted: Vec<_> = batch.iter().filter(|e| inbox.wants(e)).cloned().collect();
                async move { if wanted.is_empty() { Ok(()) } else { inbox.receive(&wanted).await } }
            });
            try_join_all(deliveries).await.map(|_| ())
        })
    }
}
