use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use contracts::Envelope;
use futures::future::BoxFuture;
use kernel::{Error, Result};
use tokio_util::sync::CancellationToken;

use super::{BOTH, Bench, Noted};
use crate::{EventBus, Inbox, LocalBus, Relay};

/// A bus that writes down what it carries and can be down.
#[derive(Default)]
pub(super) struct Listening {
    pub(super) heard: Mutex<Vec<Arc<Envelope>>>,
    down: AtomicBool,
}

impl EventBus for Listening {
    fn publish<'a>(&'a self, batch: &'a [Arc<Envelope>]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if self.down.load(Ordering::SeqCst) {
                return Err(Error::unavailable("The bus is down."));
            }
            self.heard.lock().unwrap().extend(batch.iter().cloned());
            Ok(())
        })
    }
    fn connect(&self, _: Arc<Inbox>) {
        unreachable!("it only listens");
    }
    fn run(self: Arc<Self>, _: CancellationToken) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

pub(super) fn relay(bench: &Bench, bus: Arc<dyn EventBus>) -> Relay {
    Relay::new(bench.outbox.clone(), bench.db.clone(), bus, bench.clock.clone(), bench.random.clone())
}

#[tokio::test]
async fn events_of_one_transaction_are_counted_by_aggregate() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "together").await;
        bench.publish("a", "before").await.unwrap();
        let outbox = bench.outbox.clone();
        let many = bench.db.write(async move |tx| {
            for n in 0..11 {
                let order = if n % 3 == 0 { "a" } else { "b" };
                outbox.publish(tx, &Noted { order_id: Bench::order(order), text: n.to_string() }).await?;
            }
            Ok(())
        });
        many.await.unwrap();
        let relay = relay(&bench, Arc::new(Listening::default()));
        let unsent = relay.unsent(20).await.unwrap();
        let (a, b) = (Bench::order("a").to_string(), Bench::order("b").to_string());
        let of = |id: &str| {
            unsent.iter().filter(|event| event.subject == id).map(|event| event.aggregateversion).collect::<Vec<_>>()
        };
        assert_eq!((of(&a), of(&b)), ((1..=5).collect(), (1..=7).collect()));
        let texts: Vec<_> = unsent.iter().map(|event| event.decode::<Noted>().unwrap().text).collect();
        let expected: Vec<_> = std::iter::once("before".to_owned()).chain((0..11).map(|n| n.to_string())).collect();
        assert_eq!(texts, expected, "they leave in the order in which they were told");
    }
}

#[tokio::test]
async fn events_leave_in_order_once_confirmed_and_only_if_committed() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "relay").await;
        let bus = Arc::new(Listening::default());
        let relay = relay(&bench, bus.clone());
        bench.publish("a", "one").await.unwrap();
        bench.publish("b", "other").await.unwrap();
        bench.publish("a", "two").await.unwrap();
        let (outbox, event) = (bench.outbox.clone(), Noted { order_id: Bench::order("a"), text: "never".to_owned() });
        let refused = bench.db.write(async move |tx| {
            outbox.publish(tx, &event).await?;
            Err::<(), _>(Error::conflict("no", "Changed my mind."))
        });
        assert!(refused.await.is_err());

        bus.down.store(true, Ordering::SeqCst);
        assert!(relay.step().await.is_err());
        assert_eq!(
            bench.count("SELECT count(*) FROM outbox WHERE sent_at IS NULL").await,
            3,
            "nothing is marked before it is confirmed"
        );

        bus.down.store(false, Ordering::SeqCst);
        assert_eq!(relay.step().await.unwrap(), 3);
        assert_eq!(relay.step().await.unwrap(), 0);
        let heard = bus.heard.lock().unwrap();
        let told: Vec<_> = heard.iter().map(|e| (e.decode::<Noted>().unwrap().text, e.aggregateversion)).collect();
        assert_eq!(told, [("one".to_owned(), 1), ("other".to_owned(), 1), ("two".to_owned(), 2)]);
        assert_eq!(heard[0].source, "/souk/test");
    }
}

#[tokio::test]
async fn the_local_bus_confirms_after_the_effect() {
    for dialect in BOTH {
        let bench = Bench::new(dialect, "local_bus").await;
        let bus = Arc::new(LocalBus::default());
        bus.connect(bench.inbox());
        let relay = relay(&bench, bus);
        for n in 0..5 {
            bench.publish("a", &format!("{n}")).await.unwrap();
        }
        assert_eq!(relay.step().await.unwrap(), 5);
        assert_eq!(bench.notes().await, ["0", "1", "2", "3", "4"]);
        assert_eq!(bench.count("SELECT count(*) FROM outbox WHERE sent_at IS NULL").await, 0);
    }
}
