//! What comes before what it speaks of: nothing is wrong, unless that never comes.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tracing::{
    Dispatch, Event, Level, Metadata, Subscriber,
    span::{Attributes, Id, Record},
    subscriber::DefaultGuard,
};

use super::{BOTH, Bench, drain};
use crate::{EventBus, Inbox, LocalBus, Received, Relay, operate};

/// The levels of what this thread's inbox logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Level>>>);

impl Log {
    /// One that listens to this thread as long as the rest is there. The second listener hears nothing: with a single one
    /// whichever thread logs something first decides for all whether anybody listens.
    fn listening() -> (Self, Dispatch, DefaultGuard) {
        let (log, second) = (Self::default(), Dispatch::new(Self::default()));
        let guard = tracing::subscriber::set_default(log.clone());
        (log, second, guard)
    }
    fn taken(&self) -> Vec<Level> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "events::inbox"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        self.0.lock().unwrap().push(*event.metadata().level());
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Publishes that `order` is told `text`, and hands it over.
async fn hand_over(bench: &Bench, inbox: &Arc<Inbox>, order: &str, text: &str) -> Received {
    bench.publish(order, text).await.unwrap();
    let bus: Arc<dyn EventBus> = Arc::new(LocalBus::default());
    let relay = Relay::new(bench.outbox.clone(), bench.db.clone(), bus, bench.clock.clone(), bench.random.clone());
    let event = relay.unsent(100).await.unwrap().pop().unwrap();
    inbox.take(event).await.unwrap()
}

#[tokio::test]
async fn what_is_early_is_tried_again_and_alarms_nobody() {
    let (log, _second, _guard) = Log::listening();
    for dialect in BOTH {
        let bench = Bench::new(dialect, "early").await;
        let inbox = bench.inbox();
        assert_eq!(hand_over(&bench, &inbox, "a", "early bird").await, Received::Early);
        assert_eq!(hand_over(&bench, &inbox, "c", "refuse me").await, Received::Retrying);
        assert_eq!(log.taken(), [Level::DEBUG, Level::WARN], "only what failed is worth a warning");
        drain(&bench, &inbox, 3).await;
        assert!(bench.notes().await.is_empty(), "what is refused leaves nothing behind");
        assert_eq!(hand_over(&bench, &inbox, "b", "open the gate").await, Received::Handled);
        drain(&bench, &inbox, 20).await;
        let mut notes = bench.notes().await;
        notes.sort();
        assert_eq!(notes, ["early bird", "open the gate", "refuse me"]);
        assert_eq!(bench.count("SELECT count(*) FROM inbox_pending").await, 0);
        assert!(log.taken().is_empty());
    }
}

#[tokio::test]
async fn what_stays_early_is_given_up_aloud() {
    let (log, _second, _guard) = Log::listening();
    for dialect in BOTH {
        let bench = Bench::new(dialect, "too_early").await;
        let inbox = bench.inbox();
        assert_eq!(hand_over(&bench, &inbox, "a", "early bird").await, Received::Early);
        for _ in 0..20 {
            bench.clock.advance(Duration::from_secs(400));
            inbox.retry_due().await.unwrap();
        }
        assert_eq!(log.taken(), [Level::DEBUG, Level::ERROR]);
        let dead = operate::dead_letters(&bench.db, "test", &Default::default()).await.unwrap().items;
        assert_eq!(dead.len(), 1);
        assert_eq!((dead[0].attempts, dead[0].error.as_str()), (14, "not_yet: The gate is not known yet."));
        assert!(bench.notes().await.is_empty());
    }
}
