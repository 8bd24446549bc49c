//! What row-level security and calls between processes cost on PostgreSQL.
//!
//! `cargo run --release -p db --example fences`
//!
//! 16 tasks at once, two seconds each, five rounds, the median: reads of one row by its key and
//! transactions of one update, in a table without a fence, behind one as the platform, behind one as a
//! vendor; and the same transaction with a `NOTIFY` in it.

use std::time::{Duration, Instant};

use db::{Db, Dialect, Migration, params, testing::open_test};
use kernel::{Result, VendorId, VendorScope};

const ROWS: usize = 10_000;
const TASKS: usize = 16;
const SPAN: Duration = Duration::from_secs(2);
const ROUNDS: usize = 5;

const TABLES: &str = "
    CREATE TABLE plain (id TEXT NOT NULL PRIMARY KEY, owner TEXT NOT NULL, price BIGINT NOT NULL);
    CREATE TABLE fenced (id TEXT NOT NULL PRIMARY KEY, vendor_id TEXT NOT NULL, price BIGINT NOT NULL);";
const SCHEMA: &[Migration] = &[Migration { version: 1, name: "init", sqlite: TABLES, postgres: TABLES }];

/// What is done, on which table.
#[derive(Clone, Copy)]
enum Work {
    Read(&'static str),
    Write(&'static str),
    WriteAndCall(&'static str),
}

fn id(n: usize) -> String {
    format!("0193f0a0-0000-7000-8000-{n:012}")
}

async fn once(db: &Db, work: Work, row: String) -> Result<()> {
    let update = |table| format!("UPDATE {table} SET price = price + 1 WHERE id = $1");
    match work {
        Work::Read(table) => db.one(&format!("SELECT price FROM {table} WHERE id = $1"), params![row]).await.map(drop),
        Work::Write(table) => {
            let sql = update(table);
            db.write(async move |tx| tx.exec(&sql, params![&row]).await).await.map(drop)
        }
        Work::WriteAndCall(table) => {
            let sql = update(table);
            let both = async move |tx: &mut db::Tx| {
                tx.exec(&sql, params![&row]).await?;
                tx.opt("SELECT pg_notify('example', 'orders.relay')", params![]).await
            };
            db.write(both).await.map(drop)
        }
    }
}

/// How often `work` is done per second.
async fn per_second(db: &Db, work: Work) -> Result<u64> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        let tasks = (0..TASKS).map(|task| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut done = 0_u64;
                while begin.elapsed() < SPAN {
                    once(&db, work, id((task * 7_919 + done as usize * 31) % ROWS)).await?;
                    done += 1;
                }
                Ok::<_, kernel::Error>(done)
            })
        });
        let mut sum = 0;
        for done in futures::future::join_all(tasks).await {
            sum += done.map_err(kernel::Error::internal)??;
        }
        rounds.push(sum / SPAN.as_secs());
    }
    rounds.sort_unstable();
    Ok(rounds[ROUNDS / 2])
}

#[tokio::main]
async fn main() -> Result<()> {
    let db = open_test(Dialect::Postgres, "example").await;
    db.migrate("example", SCHEMA).await?;
    let scope = VendorScope::of_system(VendorId::derived("example", &[]));
    let vendor = scope.vendor_id();
    db.write(async move |tx| {
        for table in ["plain (id, owner, price)", "fenced (id, vendor_id, price)"] {
            for n in 0..ROWS {
                tx.exec(&format!("INSERT INTO {table} VALUES ($1, $2, 0)"), params![id(n), vendor]).await?;
            }
        }
        Ok(())
    })
    .await?;
    let (platform, vendor) = (db.db(), db.as_vendor(&scope));
    for (name, db, work) in [
        ("read, no fence", &platform, Work::Read("plain")),
        ("read, fence, platform", &platform, Work::Read("fenced")),
        ("read, fence, vendor", &vendor, Work::Read("fenced")),
        ("write, no fence", &platform, Work::Write("plain")),
        ("write, fence, platform", &platform, Work::Write("fenced")),
        ("write, fence, vendor", &vendor, Work::Write("fenced")),
        ("write with a NOTIFY in it, no fence", &platform, Work::WriteAndCall("plain")),
    ] {
        println!("{name:36} {:>8} /s", per_second(db, work).await?);
    }
    Ok(())
}
