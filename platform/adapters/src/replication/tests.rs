//! Against a real PostgreSQL that logs what is needed: nothing is lost, and what comes twice counts once.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use contracts::{Envelope, Event};
use db::{
    Db, Tx, params,
    testing::{Cluster, TestDb},
};
use events::{Consumer, EventBus, Handler, Inbox, LocalBus, Outbox, Relay, RelayMode};
use futures::future::BoxFuture;
use kernel::{Error, Ids, ManualClock, OrderId, Result, SeededRandom, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::Replication;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Noted {
    order_id: OrderId,
    text: String,
}

impl Event for Noted {
    const TYPE: &'static str = "test.noted";
    const AGGREGATE: &'static str = "test";
    fn aggregate_id(&self) -> String {
        self.order_id.to_string()
    }
}

async fn write_down(_: &(), tx: &mut Tx, event: Noted, _: &Envelope) -> Result<()> {
    tx.exec("INSERT INTO notes (text) VALUES ($1)", params![&event.text]).await.map(drop)
}

/// Passes everything on to an inbox and writes down what it has passed on. Can fail before, and hang after.
struct Watched {
    bus: LocalBus,
    passed_on: Mutex<Vec<String>>,
    down: AtomicBool,
    hang_after: AtomicUsize,
}

impl EventBus for Watched {
    fn publish<'a>(&'a self, batch: &'a [Arc<Envelope>]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if self.down.load(Ordering::SeqCst) {
                return Err(Error::unavailable("The bus is down."));
            }
            self.bus.publish(batch).await?;
            self.passed_on.lock().unwrap().extend(batch.iter().map(|e| e.decode::<Noted>().unwrap().text));
            if self.passed_on.lock().unwrap().len() >= self.hang_after.load(Ordering::SeqCst) {
                std::future::pending::<()>().await;
            }
            Ok(())
        })
    }

    fn connect(&self, inbox: Arc<Inbox>) {
        self.bus.connect(inbox);
    }

    fn run(self: Arc<Self>, _: CancellationToken) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// A service with an outbox, and its only reader.
struct Bench {
    db: Db,
    outbox: Outbox,
    bus: Arc<Watched>,
    clock: Arc<ManualClock>,
    random: Arc<SeededRandom>,
    database: TestDb,
}

impl Bench {
    async fn new(cluster: &Cluster, name: &str) -> Self {
        let database = cluster.open_test(name).await;
        let db = database.db();
        db.migrate("messaging", events::migrations()).await.unwrap();
        let table = "CREATE TABLE notes (seq BIGINT GENERATED ALWAYS AS IDENTITY, text TEXT NOT NULL)";
        db.write(async move |tx| tx.exec(table, params![]).await).await.unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::from_seconds(1_700_000_000)));
        let random = Arc::new(SeededRandom::new(1));
        let mut consumer = Consumer::default();
        consumer.add(Handler::new((), write_down));
        let bus = LocalBus::default();
        bus.connect(Arc::new(Inbox::new("reader", consumer, db.clone(), clock.clone(), random.clone())));
        let passed_on = Mutex::default();
        let (down, hang_after) = (AtomicBool::new(false), AtomicUsize::new(usize::MAX));
        let bus = Arc::new(Watched { bus, passed_on, down, hang_after });
        let outbox = Outbox::new("test", Ids::new(clock.clone(), random.clone()), clock.clone());
        Self { db, outbox, bus, clock, random, database }
    }

    async fn publish(&self, from: usize, to: usize) {
        for n in from..to {
            let outbox = self.outbox.clone();
            let event = Noted { order_id: OrderId::derived("test", &[&(n % 5).to_string()]), text: n.to_string() };
            self.db.write(async move |tx| outbox.publish(tx, &event).await).await.unwrap();
        }
    }

    /// A relay as another process would run it, that neither looks nor is called: what arrives, was followed.
    fn follow(&self, cluster: &Cluster) -> (CancellationToken, JoinHandle<()>) {
        let (stop, url) = (CancellationToken::new(), cluster.url());
        let follower = Arc::new(Replication::new(move |_| Some(url.clone())));
        let relay = Relay::new(
            Outbox::new("test", Ids::new(self.clock.clone(), self.random.clone()), self.clock.clone()),
            self.database.db(),
            self.bus.clone(),
            self.clock.clone(),
            self.random.clone(),
        );
        let relay = Arc::new(relay.in_mode(RelayMode::Follow(follower)));
        let running = tokio::spawn(relay.run(stop.clone()));
        (stop, running)
    }

    async fn number(&self, sql: &str) -> i64 {
        self.db.one(sql, params![]).await.unwrap().at(0).unwrap()
    }

    /// Waits until the bus has passed on so many, or more.
    async fn until_passed_on(&self, wanted: usize) {
        let reached = async {
            while self.passed_on().len() < wanted {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), reached).await.unwrap_or_else(|_| panic!("{wanted} passed on"));
    }

    /// Waits until `sql` counts `wanted`.
    async fn until(&self, sql: &str, wanted: i64) {
        let reached = async {
            while self.number(sql).await != wanted {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), reached).await.unwrap_or_else(|_| panic!("{sql}: {wanted}"));
    }

    async fn until_sent(&self, wanted: i64) {
        self.until("SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL", wanted).await;
    }

    fn passed_on(&self) -> Vec<usize> {
        self.bus.passed_on.lock().unwrap().iter().map(|text| text.parse().unwrap()).collect()
    }

    async fn notes(&self) -> Vec<usize> {
        let rows = self.db.all("SELECT text FROM notes ORDER BY seq", params![]).await.unwrap();
        rows.iter().map(|row| row.at::<String>(0).unwrap().parse().unwrap()).collect()
    }
}

/// Slots whose bookmark is behind everything that was there when this is asked for.
const CONFIRMED: &str =
    "SELECT count(*) FROM pg_replication_slots WHERE confirmed_flush_lsn >= pg_current_wal_lsn() - 8192";
const HELD: &str = "SELECT count(*) FROM pg_replication_slots WHERE active";

fn all(to: usize) -> Vec<usize> {
    (0..to).collect()
}

/// Sorted: between aggregates there is no order.
fn sorted(mut texts: Vec<usize>) -> Vec<usize> {
    texts.sort_unstable();
    texts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_committed_is_followed_and_resumed() {
    let Some(cluster) = Cluster::start() else { return };
    let bench = Bench::new(&cluster, "followed").await;
    bench.publish(0, 10).await;
    let (stop, running) = bench.follow(&cluster);
    bench.until_sent(10).await;
    bench.until(HELD, 1).await;
    bench.publish(10, 300).await;
    let outbox = bench.outbox.clone();
    let event = Noted { order_id: OrderId::derived("test", &["0"]), text: "9999".to_owned() };
    let taken_back = bench.db.write(async move |tx| {
        outbox.publish(tx, &event).await?;
        Err::<(), _>(Error::conflict("no", "Changed my mind."))
    });
    assert!(taken_back.await.is_err());
    bench.until_sent(300).await;
    assert_eq!(bench.passed_on(), all(300), "in the order of the commits, each once");

    stop.cancel();
    running.await.unwrap();
    bench.publish(300, 310).await;
    let (stop, running) = bench.follow(&cluster);
    bench.until_sent(310).await;
    bench.until(HELD, 1).await;
    bench.publish(310, 320).await;
    bench.until_sent(320).await;
    assert_eq!(bench.passed_on(), all(320), "what it has found by itself is not told a second time");
    assert_eq!(sorted(bench.notes().await), all(320));
    bench.until(CONFIRMED, 1).await;
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dying_between_publishing_and_confirming_loses_nothing_and_counts_once() {
    let Some(cluster) = Cluster::start() else { return };
    let bench = Bench::new(&cluster, "dying").await;
    let (_, running) = bench.follow(&cluster);
    bench.until(HELD, 1).await;
    bench.bus.hang_after.store(40, Ordering::SeqCst);
    bench.publish(0, 100).await;
    bench.until_passed_on(40).await;
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    let before = bench.passed_on();
    let unmarked = 100 - bench.number("SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL").await;
    assert!(before.len() >= 40 && unmarked > 0, "it died with something published and not marked");

    bench.bus.hang_after.store(usize::MAX, Ordering::SeqCst);
    let (stop, running) = bench.follow(&cluster);
    bench.until_sent(100).await;
    bench.until(HELD, 1).await;
    bench.publish(100, 110).await;
    bench.until_sent(110).await;
    let twice = bench.passed_on().len() - 110;
    assert!(twice > 0, "what was published and not marked came again");
    assert_eq!(twice, before.len() - usize::try_from(100 - unmarked).unwrap(), "and nothing else did");
    assert_eq!(sorted(bench.notes().await), all(110), "every event took effect once");
    assert_eq!(bench.number("SELECT count(*) FROM inbox_pending").await, 0);
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_confirmed_to_the_server_while_the_bus_is_down() {
    let Some(cluster) = Cluster::start() else { return };
    let bench = Bench::new(&cluster, "down").await;
    let (stop, running) = bench.follow(&cluster);
    bench.until(HELD, 1).await;
    bench.publish(0, 5).await;
    bench.until_sent(5).await;
    bench.bus.down.store(true, Ordering::SeqCst);
    bench.publish(5, 20).await;
    bench.until(HELD, 0).await;
    assert_eq!(bench.number("SELECT count(*) FROM outbox WHERE sent_at IS NULL").await, 15);
    bench.bus.down.store(false, Ordering::SeqCst);
    bench.until_sent(20).await;
    assert_eq!(bench.passed_on(), all(20));
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_log_enough_is_polled() {
    let database = db::testing::open_test(db::Dialect::Postgres, "not_logical").await;
    let level = database.one("SELECT current_setting('wal_level') AS level", params![]).await.unwrap();
    if level.get::<String>("level").unwrap() == "logical" {
        eprintln!("SKIPPED: this server logs enough");
        return;
    }
    database.migrate("messaging", events::migrations()).await.unwrap();
    let (clock, random) = (Arc::new(ManualClock::new(Timestamp::from_seconds(1))), Arc::new(SeededRandom::new(1)));
    let outbox = Outbox::new("test", Ids::new(clock.clone(), random.clone()), clock.clone());
    let bus = Arc::new(LocalBus::default());
    let follower = Arc::new(Replication::new(|_| Some(db::testing::postgres_url())));
    let relay = Relay::new(outbox.clone(), database.db(), bus, clock, random).in_mode(RelayMode::Follow(follower));
    let stop = CancellationToken::new();
    let running = tokio::spawn(Arc::new(relay).run(stop.clone()));
    for _ in 0..2 {
        let (outbox, event) = (outbox.clone(), Noted { order_id: OrderId::derived("t", &[]), text: "1".to_owned() });
        database.write(async move |tx| outbox.publish(tx, &event).await).await.unwrap();
    }
    let drained = async {
        let unsent = "SELECT count(*) FROM outbox WHERE sent_at IS NULL";
        while database.one(unsent, params![]).await.unwrap().at::<i64>(0).unwrap() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), drained).await.expect("it looks by itself");
    stop.cancel();
    running.await.unwrap();
}
