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
    watched: Mutex<BTreeMap<OrderId, watch::Sender<i64>>>,
}

impl Live {
    fn watched(&self) -> MutexGuard<'_, BTreeMap<OrderId, watch::Sender<i64>>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells those who wait that the order has this version now. Called after a commit.
    pub fn changed(&self, id: OrderId, version: i64) {
        if let Some(sender) = self.watched().get(&id) {
            sender.send_replace(version);
        }
    }

    /// Waits for news of an order from now on. Watch first, then read: nothing is missed.
    pub fn watch(self: &Arc<Self>, id: OrderId) -> Watch {
        let receiver = self.watched().entry(id).or_insert_with(|| watch::Sender::new(0)).subscribe();
        Watch { live: self.clone(), id, receiver }
    }
}

/// Somebody who waits. Forgotten when dropped.
pub struct Watch {
    live: Arc<Live>,
    id: OrderId,
    receiver: watch::Receiver<i64>,
}

impl Watch {
    /// Returns when there is news, or when it is time to look anyway.
    pub async fn news(&mut self) {
        // The sender lives as long as somebody watches; both outcomes mean “look again”.
        let _ = tokio::time::timeout(POLL, self.receiver.changed()).await;
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
        live.changed(id, 1);
        let (mut one, two) = (live.watch(id), live.watch(id));
        live.changed(id, 2);
        assert!(one.receiver.has_changed().unwrap());
        one.news().await;
        assert_eq!(*one.receiver.borrow(), 2);
        drop(one);
        assert_eq!(live.watched().len(), 1);
        drop(two);
        assert!(live.watched().is_empty());
    }
}
