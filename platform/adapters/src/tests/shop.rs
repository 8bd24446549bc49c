//! A producer and consumers for tests, over databases of their own.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use contracts::{Envelope, Event};
use db::{CommitFate, CommitFaults, Db, Location, Options, Tx, params};
use events::{Consumer, EventBus, Handler, Inbox, Outbox, Relay, operate};
use kernel::{Clock, Error, Ids, Result, SystemClock, SystemRandom};
use serde::{Deserialize, Serialize};

/// Something said about a thing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Said {
    pub thing: String,
    pub text: String,
}

impl Event for Said {
    const TYPE: &'static str = "thing.said";
    const AGGREGATE: &'static str = "thing";
    fn aggregate_id(&self) -> String {
        self.thing.clone()
    }
}

/// Something done at a place: an aggregate of another kind.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Done {
    pub place: String,
}

impl Event for Done {
    const TYPE: &'static str = "place.done";
    const AGGREGATE: &'static str = "place";
    fn aggregate_id(&self) -> String {
        self.place.clone()
    }
}

/// Decides what becomes of a reader's commits, and counts them.
pub struct Fate {
    next: Mutex<CommitFate>,
    pub commits: AtomicUsize,
}

impl Fate {
    pub fn set(&self, fate: CommitFate) {
        *self.next.lock().unwrap() = fate;
    }
}

impl CommitFaults for Fate {
    fn on_commit(&self, _: &str) -> CommitFate {
        self.commits.fetch_add(1, Ordering::SeqCst);
        *self.next.lock().unwrap()
    }
}

async fn open() -> (Db, Arc<Fate>) {
    let fate = Arc::new(Fate { next: Mutex::new(CommitFate::Commit), commits: AtomicUsize::new(0) });
    let options = Options { commit_faults: Some(fate.clone()), ..Options::named("bus test") };
    let db = Db::open(Location::SqliteInline, options).await.unwrap();
    db.migrate("messaging", events::migrations()).await.unwrap();
    (db, fate)
}

/// A service that tells things.
pub struct Teller {
    pub db: Db,
    outbox: Outbox,
}

impl Teller {
    pub async fn new() -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let ids = Ids::new(clock.clone(), Arc::new(SystemRandom));
        Self { db: open().await.0, outbox: Outbox::new("teller", ids, clock) }
    }

    pub async fn tell<E: Event + Clone>(&self, event: &E) {
        let (outbox, event) = (self.outbox.clone(), event.clone());
        self.db.write(async move |tx| outbox.publish(tx, &event).await).await.unwrap();
    }

    /// Says `count` things about each of `things`, all in turn.
    pub async fn say(&self, things: usize, count: usize) {
        for n in 0..count {
            for thing in 0..things {
                self.tell(&Said { thing: format!("thing-{thing}"), text: format!("{n}") }).await;
            }
        }
    }

    pub fn relay(&self, bus: Arc<dyn EventBus>) -> Arc<Relay> {
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        Arc::new(Relay::new(self.outbox.clone(), self.db.clone(), bus, clock, random))
    }

    pub async fn unsent(&self) -> i64 {
        count(&self.db, "SELECT count(*) FROM outbox WHERE sent_at IS NULL").await
    }
}

/// A service that writes down what it hears, with what it had heard of the thing before.
pub struct Reader {
    pub name: &'static str,
    pub db: Db,
    pub fate: Arc<Fate>,
    consumer: Consumer,
}

impl Reader {
    /// Hears of things.
    pub async fn of_things(name: &'static str) -> Self {
        let mut consumer = Consumer::default();
        consumer.add(Handler::new((), hear_said));
        Self::new(name, consumer).await
    }

    /// Hears of places.
    pub async fn of_places(name: &'static str) -> Self {
        let mut consumer = Consumer::default();
        consumer.add(Handler::new((), hear_done));
        Self::new(name, consumer).await
    }

    async fn new(name: &'static str, consumer: Consumer) -> Self {
        let (db, fate) = open().await;
        db.write(async |tx| {
            tx.exec("CREATE TABLE heard (thing TEXT, version BIGINT, before BIGINT, text TEXT)", vec![]).await?;
            tx.exec("CREATE INDEX heard_thing ON heard (thing, version)", vec![]).await?;
            tx.exec("CREATE TABLE open_gates (name TEXT)", vec![]).await
        })
        .await
        .unwrap();
        Self { name, db, fate, consumer }
    }

    /// A version of this service that hears of places too.
    pub fn grown(&self) -> Self {
        let mut consumer = self.consumer.clone();
        consumer.add(Handler::new((), hear_done));
        Self { name: self.name, db: self.db.clone(), fate: self.fate.clone(), consumer }
    }

    /// Its inbox in one process; gives up after three attempts.
    pub fn inbox(&self) -> Arc<Inbox> {
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let inbox = Inbox::new(self.name, self.consumer.clone(), self.db.clone(), clock, random);
        Arc::new(inbox.giving_up_after(3))
    }

    pub async fn heard(&self) -> i64 {
        count(&self.db, "SELECT count(*) FROM heard").await
    }

    pub async fn texts(&self, thing: &str) -> Vec<String> {
        let sql = "SELECT text FROM heard WHERE thing = $1 ORDER BY version";
        let rows = self.db.all(sql, params![thing]).await.unwrap();
        rows.iter().map(|row| row.at(0).unwrap()).collect()
    }

    /// Each event had its effect once, right after the one before it.
    pub async fn assert_once_and_in_order(&self) {
        let sql = "SELECT thing, version, before FROM heard WHERE before <> version - 1";
        let disorder = self.db.all(sql, vec![]).await.unwrap();
        assert!(disorder.is_empty(), "{}: {} events came twice or out of order", self.name, disorder.len());
        let different = count(&self.db, "SELECT count(*) FROM (SELECT DISTINCT thing, version FROM heard) AS h").await;
        assert_eq!(self.heard().await, different, "{}: effects were doubled", self.name);
        assert_eq!(count(&self.db, "SELECT count(*) FROM inbox_pending").await, 0, "{}: events are left", self.name);
    }

    pub async fn dead(&self) -> Vec<contracts::operations::DeadLetter> {
        operate::dead_letters(&self.db, self.name, &Default::default()).await.unwrap().items
    }

    pub async fn open_the_gate(&self) {
        self.db.write(async |tx| tx.exec("INSERT INTO open_gates VALUES ('gate')", vec![]).await).await.unwrap();
    }
}

pub async fn count(db: &Db, sql: &str) -> i64 {
    db.one(sql, params![]).await.unwrap().at(0).unwrap()
}

async fn hear_said(_: &(), tx: &mut Tx, event: Said, envelope: &Envelope) -> Result<()> {
    hear(tx, &event.thing, &event.text, envelope).await?;
    if event.text == "refuse" && tx.opt("SELECT 1 FROM open_gates", vec![]).await?.is_none() {
        // What was written above must not survive this.
        return Err(Error::conflict("closed", "The gate is closed."));
    }
    Ok(())
}

async fn hear_done(_: &(), tx: &mut Tx, event: Done, envelope: &Envelope) -> Result<()> {
    hear(tx, &event.place, "done", envelope).await
}

async fn hear(tx: &mut Tx, thing: &str, text: &str, envelope: &Envelope) -> Result<()> {
    tx.exec(
        "INSERT INTO heard (thing, version, before, text)
         SELECT $1, $2, COALESCE(max(version), 0), $3 FROM heard WHERE thing = $1",
        params![thing, envelope.aggregateversion, text],
    )
    .await
    .map(|_| ())
}
