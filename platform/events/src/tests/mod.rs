//! Outbox, relay, inbox and jobs, on both databases.

mod connector;
mod early;
mod inbox;
mod jobs;
mod relay;
mod replay;
mod two_processes;

use std::{sync::Arc, time::Duration};

use contracts::Event;
use db::{Db, Dialect, Options, Tx, params, testing::TestDb};
use kernel::{Clock, Error, Ids, ManualClock, OrderId, Result, SeededRandom, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Consumer, Handler, Inbox, Jobs, Outbox};

/// Something that happens to an order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Noted {
    pub(crate) order_id: OrderId,
    pub(crate) text: String,
}

impl Event for Noted {
    const TYPE: &'static str = "test.noted";
    const AGGREGATE: &'static str = "test";
    fn aggregate_id(&self) -> String {
        self.order_id.to_string()
    }
}

/// A service with one table.
pub(crate) struct Bench {
    pub(crate) db: Db,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) random: Arc<SeededRandom>,
    pub(crate) outbox: Outbox,
    pub(crate) jobs: Jobs,
    database: TestDb,
}

impl Bench {
    pub(crate) async fn new(dialect: Dialect, name: &str) -> Self {
        let database = db::testing::open_test(dialect, name).await;
        let db = database.db();
        db.migrate("messaging", crate::migrations()).await.unwrap();
        db.write(async |tx| {
            tx.exec("CREATE TABLE notes (position BIGINT PRIMARY KEY, text TEXT NOT NULL)", params![]).await
        })
        .await
        .unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::from_seconds(1_700_000_000)));
        let random = Arc::new(SeededRandom::new(1));
        let ids = Ids::new(clock.clone(), random.clone());
        Self {
            outbox: Outbox::new("test", ids.clone(), clock.clone() as Arc<dyn Clock>),
            jobs: Jobs::new(ids, clock.clone()),
            db,
            clock,
            random,
            database,
        }
    }

    /// The same database as another process has it open.
    pub(crate) async fn elsewhere(&self) -> Self {
        self.elsewhere_with(Options::named("elsewhere")).await
    }

    pub(crate) async fn elsewhere_with(&self, options: Options) -> Self {
        let database = self.database.reopened_with(options).await;
        let ids = Ids::new(self.clock.clone(), Arc::new(SeededRandom::new(2)));
        Self {
            outbox: Outbox::new("test", ids.clone(), self.clock.clone() as Arc<dyn Clock>),
            jobs: Jobs::new(ids, self.clock.clone()),
            db: database.db(),
            clock: self.clock.clone(),
            random: self.random.clone(),
            database,
        }
    }

    pub(crate) fn order(name: &str) -> OrderId {
        OrderId::derived("test", &[name])
    }

    pub(crate) async fn publish(&self, order: &str, text: &str) -> Result<()> {
        let (outbox, event) = (self.outbox.clone(), Noted { order_id: Self::order(order), text: text.to_owned() });
        self.db.write(async move |tx| outbox.publish(tx, &event).await).await
    }

    /// A consumer that writes each text down, and refuses those that begin with `refuse` until it has
    /// been told to `open the gate`; till then those that begin with `early` are.
    pub(crate) fn inbox(&self) -> Arc<Inbox> {
        let mut consumer = Consumer::default();
        consumer.add(Handler::new((), write_down));
        Arc::new(Inbox::new("reader", consumer, self.db.clone(), self.clock.clone(), self.random.clone()))
    }

    pub(crate) async fn notes(&self) -> Vec<String> {
        let rows = self.db.all("SELECT text FROM notes ORDER BY position", params![]).await.unwrap();
        rows.iter().map(|row| row.at(0).unwrap()).collect()
    }

    pub(crate) async fn count(&self, sql: &str) -> i64 {
        self.db.one(sql, params![]).await.unwrap().at(0).unwrap()
    }
}

async fn write_down(_: &(), tx: &mut Tx, event: Noted, _: &contracts::Envelope) -> Result<()> {
    if tx.dialect() == Dialect::Postgres {
        // Those of two aggregates are written at once, and a position is counted.
        tx.exec("LOCK TABLE notes IN EXCLUSIVE MODE", params![]).await?;
    }
    tx.exec("INSERT INTO notes (position, text) SELECT count(*) + 1, $1 FROM notes", params![&event.text]).await?;
    let gate: i64 = tx.one("SELECT count(*) FROM notes WHERE text = 'open the gate'", params![]).await?.at(0)?;
    if event.text.starts_with("refuse") && gate == 0 {
        // The note above must not survive this.
        return Err(Error::conflict("closed", "The gate is closed."));
    }
    if event.text.starts_with("early") && gate == 0 {
        return Err(Error::early("The gate is not known yet."));
    }
    Ok(())
}

/// Lets the clock run and has what is due then tried.
pub(crate) async fn drain(bench: &Bench, inbox: &Arc<Inbox>, steps: usize) {
    for _ in 0..steps {
        bench.clock.advance(Duration::from_secs(1));
        inbox.retry_due().await.unwrap();
    }
}

pub(crate) const BOTH: [Dialect; 2] = [Dialect::Sqlite, Dialect::Postgres];
