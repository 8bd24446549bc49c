//! How fast the data layer is, against the same work written by hand over rusqlite.
//!
//! `cargo run --release -p db --example throughput [folder for the SQLite file] [sqlite|postgres]`
//!
//! One *checkout* is two conditional stock updates, one order, two lines and one outbox row, then
//! the commit. 16 buyers at once; the SQLite file is fully synchronous.

use std::{
    path::Path,
    sync::mpsc,
    time::{Duration, Instant},
};

use db::{Db, Dialect, Location, Migration, Options, params, testing::open_test};
use kernel::{Error, Result};
use tokio::sync::oneshot;

const PRODUCTS: u64 = 10_000;
const BUYERS: u64 = 16;
const SPAN: Duration = Duration::from_secs(2);
const ROUNDS: usize = 5;

const TABLES: &str = "
    CREATE TABLE stock (id TEXT NOT NULL PRIMARY KEY, on_hand BIGINT NOT NULL CHECK (on_hand >= 0), name TEXT NOT NULL);
    CREATE TABLE orders (id TEXT NOT NULL PRIMARY KEY, buyer TEXT NOT NULL, total BIGINT NOT NULL, placed BIGINT NOT NULL);
    CREATE TABLE lines (order_id TEXT NOT NULL, line BIGINT NOT NULL, product TEXT NOT NULL, quantity BIGINT NOT NULL,
                        PRIMARY KEY (order_id, line));
    CREATE TABLE outbox (seq IDENTITY, kind TEXT NOT NULL, body TEXT NOT NULL);";

const SCHEMA: &[Migration] = &[Migration { version: 1, name: "init", sqlite: TABLES, postgres: TABLES }];

const TAKE: &str = "UPDATE stock SET on_hand = on_hand - $2 WHERE id = $1 AND on_hand >= $2";
const ORDER: &str = "INSERT INTO orders (id, buyer, total, placed) VALUES ($1, $2, $3, $4)";
const LINE: &str = "INSERT INTO lines (order_id, line, product, quantity) VALUES ($1, $2, $3, $4)";
const OUTBOX: &str = "INSERT INTO outbox (kind, body) VALUES ($1, $2)";
const READ: &str = "SELECT id, on_hand, name FROM stock WHERE id = $1";
const BODY: &str = "{\"type\":\"order.placed\",\"lines\":2,\"currency\":\"EUR\",\"total\":4200}";

/// A repeatable stream of numbers, one per buyer.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
    fn product(&mut self) -> String {
        product(self.next() % PRODUCTS)
    }
    /// Two different products in sorted order, so that nobody waits for each other in a circle.
    fn basket(&mut self) -> [String; 2] {
        let first = self.next() % PRODUCTS;
        let second = (first + 1 + self.next() % (PRODUCTS - 1)) % PRODUCTS;
        [product(first.min(second)), product(first.max(second))]
    }
}

fn product(n: u64) -> String {
    format!("0193f0a0-0000-7000-8000-{n:012}")
}

fn order_id(buyer: u64, n: u64) -> String {
    format!("0193f0a1-{buyer:04}-7000-8000-{n:012}")
}

async fn checkout(db: &Db, id: String, basket: [String; 2], pipelined: bool) -> Result<()> {
    db.write(async move |tx| {
        let lines = [(LINE, params![&id, 1, &basket[0], 1]), (LINE, params![&id, 2, &basket[1], 1])];
        let [first, second] = lines;
        let order = (ORDER, params![&id, "buyer", 4_200, 1_700_000_000_000_000_i64]);
        let event = (OUTBOX, params!["order.placed", BODY]);
        let takes = [(TAKE, params![&basket[0], 1]), (TAKE, params![&basket[1], 1])];
        for (sql, values) in takes {
            if tx.exec(sql, values).await? == 0 {
                return Err(Error::conflict("sold_out", "Sold out."));
            }
        }
        for (sql, values) in [order, first, second, event] {
            if pipelined {
                tx.defer(sql, values).await?;
            } else {
                tx.exec(sql, values).await?;
            }
        }
        Ok(())
    })
    .await
}

async fn seed(db: &Db) -> Result<()> {
    db.migrate("bench", SCHEMA).await?;
    db.write(async |tx| {
        for n in 0..PRODUCTS {
            let insert = "INSERT INTO stock (id, on_hand, name) VALUES ($1, $2, $3)";
            tx.exec(insert, params![product(n), 1_000_000_000, "A blue mug"]).await?;
        }
        Ok(())
    })
    .await
}

/// Counts, per second, and microseconds of processor time each.
fn report(what: &str, mut runs: Vec<(f64, f64)>) {
    runs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (rate, cpu) = runs[runs.len() / 2];
    println!("{what:<44} {rate:>10.0} /s {cpu:>8.1} µs CPU each");
}

/// Processor time of this process so far, as Linux counts it.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks: f64 = fields.iter().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// Runs `one` in a loop for all buyers at once; the rate and the processor time of each.
async fn drive<F, R>(round: u64, one: F) -> (f64, f64)
where
    F: Fn(u64, u64, Dice) -> R + Clone + Send + 'static,
    R: Future<Output = Result<()>> + Send,
{
    let (begun, cpu) = (Instant::now(), cpu_seconds());
    let buyers: Vec<_> = (0..BUYERS)
        .map(|buyer| {
            let one = one.clone();
            tokio::spawn(async move {
                let mut dice = Dice(buyer + 1);
                let mut count = 0;
                while begun.elapsed() < SPAN {
                    if let Err(e) = one(buyer, round * 10_000_000 + count, Dice(dice.next())).await {
                        panic!("{e}");
                    }
                    count += 1;
                }
                count
            })
        })
        .collect();
    let mut total = 0;
    for buyer in buyers {
        total += buyer.await.unwrap_or(0);
    }
    let total = total as f64;
    (total / begun.elapsed().as_secs_f64(), (cpu_seconds() - cpu) * 1e6 / total)
}

/// One round of checkouts; `series` keeps the order numbers of different rounds apart.
async fn round_of_checkouts(db: &Db, series: u64, pipelined: bool) -> (f64, f64) {
    let db = db.clone();
    drive(series, move |buyer, n, mut dice| {
        let db = db.clone();
        async move { checkout(&db, order_id(buyer, n), dice.basket(), pipelined).await }
    })
    .await
}

async fn measure_reads(db: &Db, what: &str) {
    let mut rounds = Vec::new();
    for round in 0..ROUNDS as u64 {
        let db = db.clone();
        rounds.push(
            drive(round, move |_, _, mut dice| {
                let db = db.clone();
                async move {
                    let row = db.one(READ, params![dice.product()]).await?;
                    row.get::<i64>("on_hand").map(drop)
                }
            })
            .await,
        );
    }
    report(what, rounds);
}

/// The same transactions without the layer: a thread, a channel, prepared statements, one commit
/// for all that wait.
mod by_hand {
    use super::*;

    /// Numbered as rusqlite counts; the other statements name their parameters in order.
    const BY_HAND_TAKE: &str = "UPDATE stock SET on_hand = on_hand - ?2 WHERE id = ?1 AND on_hand >= ?2";

    pub struct Job {
        pub id: String,
        pub basket: [String; 2],
        pub done: oneshot::Sender<()>,
    }

    fn one(connection: &rusqlite::Connection, job: &Job) -> rusqlite::Result<()> {
        connection.prepare_cached("SAVEPOINT body")?.execute([])?;
        for product in &job.basket {
            let taken = connection.prepare_cached(BY_HAND_TAKE)?.execute((product, 1))?;
            assert_eq!(taken, 1);
        }
        connection.prepare_cached(ORDER)?.execute((&job.id, "buyer", 4_200, 1_700_000_000_000_000_i64))?;
        for (line, product) in job.basket.iter().enumerate() {
            connection.prepare_cached(LINE)?.execute((&job.id, line as i64, product, 1))?;
        }
        connection.prepare_cached(OUTBOX)?.execute(("order.placed", BODY))?;
        connection.prepare_cached("RELEASE body")?.execute([]).map(drop)
    }

    pub fn run(path: &Path, jobs: mpsc::Receiver<Job>) -> rusqlite::Result<()> {
        let connection = rusqlite::Connection::open(path)?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 2000;",
        )?;
        while let Ok(first) = jobs.recv() {
            connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
            one(&connection, &first)?;
            let mut group = vec![first];
            while let Ok(job) = jobs.try_recv() {
                one(&connection, &job)?;
                group.push(job);
            }
            connection.prepare_cached("COMMIT")?.execute([])?;
            for job in group {
                let _ = job.done.send(());
            }
        }
        Ok(())
    }
}

async fn round_by_hand(queue: &mpsc::Sender<by_hand::Job>, series: u64) -> (f64, f64) {
    let queue = queue.clone();
    drive(series, move |buyer, n, mut dice| {
        let queue = queue.clone();
        async move {
            let (done, is_done) = oneshot::channel();
            let job = by_hand::Job { id: order_id(buyer, n), basket: dice.basket(), done };
            queue.send(job).map_err(Error::internal)?;
            is_done.await.map_err(Error::internal)
        }
    })
    .await
}

/// A seeded file, made by the layer; closed again.
async fn seeded(path: &Path) -> Result<()> {
    let db = Db::open(Location::SqliteFile(path.to_owned()), Options::named("seed")).await?;
    seed(&db).await?;
    db.close().await;
    Ok(())
}

/// Rounds of both kinds in turn: other work on the machine then slows both alike.
async fn sqlite(base: &str) -> Result<()> {
    let folder = tempfile::tempdir_in(base).map_err(Error::internal)?;
    let [path, by_hand] = ["layer.sqlite", "by_hand.sqlite"].map(|name| folder.path().join(name));
    seeded(&path).await?;
    seeded(&by_hand).await?;
    let db = Db::open(Location::SqliteFile(path), Options::named("throughput")).await?;
    measure_reads(&db, "SQLite, read of one row").await;

    let (queue, jobs) = mpsc::channel();
    let thread = std::thread::spawn(move || by_hand::run(&by_hand, jobs));
    let (mut layer, mut hand) = (Vec::new(), Vec::new());
    for series in 0..ROUNDS as u64 {
        layer.push(round_of_checkouts(&db, series, false).await);
        hand.push(round_by_hand(&queue, series).await);
    }
    report("SQLite FULL, checkout", layer);
    report("SQLite FULL, checkout, by hand", hand);
    let stats = db.observe();
    println!("{:<44} {:>10.1}", "transactions per commit", stats.writes as f64 / stats.groups as f64);
    db.close().await;
    drop(queue);
    if let Ok(Err(e)) = thread.join() {
        panic!("{e}");
    }
    Ok(())
}

async fn postgres() -> Result<()> {
    let first = open_test(Dialect::Postgres, "throughput").await;
    // As many connections for writes as there are buyers.
    let options = Options { pool_size: 2 * BUYERS as usize, ..Options::named("throughput") };
    let db = Db::open(first.location(), options).await?;
    seed(&db).await?;
    let (mut single, mut pipelined) = (Vec::new(), Vec::new());
    for series in 0..ROUNDS as u64 {
        single.push(round_of_checkouts(&db, 2 * series, false).await);
        pipelined.push(round_of_checkouts(&db, 2 * series + 1, true).await);
    }
    report("PostgreSQL, checkout", single);
    report("PostgreSQL, checkout, pipelined", pipelined);
    measure_reads(&db, "PostgreSQL, read of one row").await;
    db.close().await;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    let base = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let only = std::env::args().nth(2);
    if only.as_deref() != Some("postgres") {
        sqlite(&base).await?;
    }
    if only.as_deref() != Some("sqlite") {
        postgres().await?;
    }
    Ok(())
}
