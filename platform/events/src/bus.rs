//! The port that carries events between services, and the one inside this process.

use std::sync::Arc;

use arc_swap::ArcSwap;
use contracts::Envelope;
use futures::future::{BoxFuture, ready, try_join_all};
use kernel::Result;
use tokio_util::sync::CancellationToken;

use crate::inbox::Inbox;

/// Carries events from relays to inboxes: at least once, and those of one aggregate in their order
/// as long as nothing fails. The inbox turns that into once and in order.
pub trait EventBus: Send + Sync {
    /// Hands over a batch, oldest first. `Ok` means: every consumer has it durably, or a broker has.
    /// After an error the same batch comes again.
    fn publish<'a>(&'a self, batch: &'a [Arc<Envelope>]) -> BoxFuture<'a, Result<()>>;

    /// Adds a consumer. Done while composing, before anything runs.
    fn connect(&self, inbox: Arc<Inbox>);

    /// Makes what the consumers need at the broker, so that from now on nothing that is published
    /// passes one by that is not running yet.
    fn prepare(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(ready(Ok(())))
    }

    /// Brings every consumer what its inbox wants, until `stop`. The broker is told that an event
    /// has arrived only after the inbox has committed it. Outages are waited out.
    fn run(self: Arc<Self>, stop: CancellationToken) -> BoxFuture<'static, ()>;
}

/// Passes events straight to the inboxes of this process.
#[derive(Default)]
pub struct LocalBus {
    inboxes: ArcSwap<Vec<Arc<Inbox>>>,
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
    fn connect(&self, inbox: Arc<Inbox>) {
        self.inboxes.rcu(|all| {
            let mut all = Vec::clone(all);
            all.push(inbox.clone());
            all
        });
    }

    /// Publishing is delivering: nothing is left to be done in the background.
    fn run(self: Arc<Self>, _: CancellationToken) -> BoxFuture<'static, ()> {
        Box::pin(ready(()))
    }
}
