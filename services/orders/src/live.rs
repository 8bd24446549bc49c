//! Who waits for news of which order, in this process. News from other processes is found by
//! looking again every [`POLL`].

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kernel::OrderId;
use tokio::sync::watch;

/// How long to wait for news before looking anyway.
pub const POLL: Duration = Duration::from_secs(2);

/// The orders somebody waits for. Nothing is kept of all others.
#[derive(Default)]
pub struct Live {
    watched: Mutex<BTreeMap<OrderId, watch::Sender<bool>>>,
}

impl Live {
    fn watched(&self) -> MutexGuard<'_, BTreeMap<OrderId, watch::Sender<bool>>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells those who wait that the order has changed, and whether its checkout is still on its way. Called after a
    /// commit.
    pub fn changed(&self, id: OrderId, is_waiting: bool) {
        if let Some(sender) = self.watched().get(&id) {
            sender.send_replace(is_waiting);
        }
    }

    /// Waits for news of an order from now on. Watch first, then read: nothing is missed.
    pub fn watch(self: &Arc<Self>, id: OrderId) -> Watch {
        let receiver = self.watched().entry(id).or_insert_with(|| watch::Sender::new(true)).subscribe();
        Watch { live: self.clone(), id, receiver }
    }
}

/// Somebody who waits. Forgotten when dropped.
pub struct Watch {
    live: Arc<Live>,
    id: OrderId,
    receiver: watch::Receiver<bool>,
}

impl Watch {
    /// Returns when there is news, with whether the checkout is still on its way; or with nothing when it is time to look
    /// anyway.
    pub async fn news(&mut self) -> Option<bool> {
        // The sender lives as long as somebody watches.
        tokio::time::timeout(POLL, self.receiver.changed()).await.ok().map(|_| *self.receiver.borrow_and_update())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut watched = self.live.watched();
        // This one still counts.
        if watched.get(&self.id).is_some_and(|sender| sender.receiver_count() <= 1) {
            watched.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn news_reaches_those_who_wait_and_nobody_is_kept_longer() {
        let live = Arc::new(Live::default());
        let id = OrderId::derived("test", &["a"]);
        live.changed(id, true);
        let (mut one, two) = (live.watch(id), live.watch(id));
        live.changed(id, false);
        assert!(one.receiver.has_changed().unwrap());
        assert_eq!(one.news().await, Some(false));
        drop(one);
        assert_eq!(live.watched().len(), 1);
        drop(two);
        assert!(live.watched().is_empty());
    }
}
