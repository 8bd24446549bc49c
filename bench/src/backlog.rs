//! A backlog of events: how fast it leaves an outbox, how fast a consumer takes it in, and how much
//! memory that takes. Relay and inbox are the real ones, over a real broker and real databases.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use adapters::{RabbitMq, rabbitmq};
use clap::Args;
use contracts::{Envelope, Event};
use db::{Db, Location, Options, Tx, params};
use events::{Consumer, EventBus, Handler, Inbox, LocalBus, Outbox, Relay};
use kernel::{Clock, Ids, Random, Secret, SystemClock, SystemRandom};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{Result, process::Process};

/// Things that the events are about: as many can be taken in side by side at most.
const THINGS: u64 = 1_000;
/// By how many megabytes of 10⁶ bytes this process, which writes, publishes and takes in, may grow at most, however many
/// events there are: 100,000 of them kept in memory need more.
const GROWTH_MAX_MB: f64 = 96.0;
/// Events written in one transaction.
const WRITTEN_AT_ONCE: u64 = 1_000;

/// What to measure.
#[derive(Debug, Args)]
pub struct Backlog {
    /// Events that have piled up.
    #[arg(long, default_value_t = 100_000)]
    events: u64,
    /// `amqp://…` of RabbitMQ; the bus inside the process if left out.
    #[arg(long)]
    rabbitmq: Option<String>,
    /// `postgres://…` for both databases, each with a schema of its own; SQLite files if left out.
    #[arg(long)]
    postgres: Option<String>,
}

/// Something that happened to a thing.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Happened {
    thing: String,
    number: u64,
    text: String,
}

impl Event for Happened {
    const TYPE: &'static str = "thing.happened";
    const AGGREGATE: &'static str = "thing";
    fn aggregate_id(&self) -> String {
        self.thing.clone()
    }
}

/// Measures and prints it.
pub async fn run(what: &Backlog, folder: &Path) -> Result<()> {
    let run = format!("backlog_{:08x}", SystemRandom.below(u64::from(u32::MAX)));
    let (from, to) =
        (open(what, folder, &format!("{run}_from")).await?, open(what, folder, &format!("{run}_to")).await?);
    let (clock, random): (Arc<dyn Clock>, Arc<dyn Random>) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let outbox = Outbox::new("backlog", Ids::new(clock.clone(), random.clone()), clock.clone());
    let mut consumer = Consumer::default();
    consumer.add(Handler::new((), count));
    let inbox = Arc::new(Inbox::new("reader", consumer, to.clone(), clock.clone(), random.clone()));
    let bus: Arc<dyn EventBus> = match &what.rabbitmq {
        Some(url) => {
            let settings = rabbitmq::Settings { url: Secret::new(url), prefix: run.clone(), prefetch: 256 };
            Arc::new(RabbitMq::new(settings, random.clone())?)
        }
        None => Arc::new(LocalBus::default()),
    };
    bus.connect(inbox);
    let relay = Arc::new(Relay::new(outbox.clone(), from.clone(), bus.clone(), clock, random));

    let before = Process::own().memory_mb()?;
    write(&outbox, &from, what.events).await?;
    println!("memory before: {before:.0} MB, with all events written: {:.0} MB", Process::own().memory_mb()?);
    let (stop, mut tasks) = (CancellationToken::new(), JoinSet::new());
    let began = Instant::now();
    if what.rabbitmq.is_some() {
        tasks.spawn(relay.run(stop.clone()));
        until(what.events, async || sent(&from).await).await?;
        print("published and confirmed", what.events, began.elapsed())?;
        let began = Instant::now();
        tasks.spawn(bus.run(stop.clone()));
        until(what.events, async || taken_in(&to).await).await?;
        print("taken in by one consumer", what.events, began.elapsed())?;
    } else {
        tasks.spawn(relay.run(stop.clone()));
        until(what.events, async || taken_in(&to).await).await?;
        print("published and taken in", what.events, began.elapsed())?;
    }
    println!("drained in {:.1} s", began.elapsed().as_secs_f64());
    stop.cancel();
    while tasks.join_next().await.is_some() {}
    let grown = Process::own().memory_peak_mb()? - before;
    println!("memory grew by {grown:.0} MB, and may by {GROWTH_MAX_MB:.0}");
    if grown > GROWTH_MAX_MB { Err("the memory is not bounded".into()) } else { Ok(()) }
}

async fn open(what: &Backlog, folder: &Path, name: &str) -> Result<Db> {
    let location = match &what.postgres {
        Some(url) => Location::Postgres { url: url.clone(), schema: name.to_owned() },
        None => Location::SqliteFile(folder.join(format!("{name}.sqlite"))),
    };
    let db = Db::open(location, Options::named(name)).await?;
    db.migrate("messaging", events::migrations()).await?;
    db.write(async |tx| {
        let sql = "CREATE TABLE IF NOT EXISTS things (thing TEXT PRIMARY KEY, number BIGINT NOT NULL)";
        tx.exec(sql, vec![]).await
    })
    .await?;
    Ok(db)
}

/// What a small projection does with an event.
async fn count(_: &(), tx: &mut Tx, event: Happened, _: &Envelope) -> kernel::Result<()> {
    tx.exec(
        "INSERT INTO things (thing, number) VALUES ($1, 1) ON CONFLICT (thing) DO UPDATE SET number = things.number + 1",
        params![&event.thing],
    )
    .await
    .map(|_| ())
}

async fn write(outbox: &Outbox, db: &Db, events: u64) -> Result<()> {
    let mut written = 0;
    while written < events {
        let upto = events.min(written + WRITTEN_AT_ONCE);
        let outbox = outbox.clone();
        db.write(async move |tx| {
            for number in written..upto {
                let text = "Something of the size that events usually have, give or take a line of text.".to_owned();
                let event = Happened { thing: format!("thing-{}", number % THINGS), number, text };
                outbox.publish(tx, &event).await?;
            }
            Ok(())
        })
        .await?;
        written = upto;
    }
    Ok(())
}

async fn sent(db: &Db) -> kernel::Result<i64> {
    db.one("SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL", vec![]).await?.at(0)
}

async fn taken_in(db: &Db) -> kernel::Result<i64> {
    db.one("SELECT CAST(COALESCE(sum(number), 0) AS BIGINT) FROM things", vec![]).await?.at(0)
}

async fn until(events: u64, done: impl AsyncFn() -> kernel::Result<i64>) -> Result<()> {
    while u64::try_from(done().await?)? < events {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

fn print(what: &str, events: u64, took: Duration) -> Result<()> {
    let peak = Process::own().memory_peak_mb()?;
    let per_second = events as f64 / took.as_secs_f64();
    println!("{what}: {events} in {:.1} s = {per_second:.0} /s, at most {peak:.0} MB", took.as_secs_f64());
    Ok(())
}
