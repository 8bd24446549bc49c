//! The real program on PostgreSQL: moved there from files, with roles that own nothing, as two processes.

use std::{path::Path, process::Output, time::Instant};

use db::{
    Db, Location, Options, params,
    testing::{OwnDatabase, PROGRAM_PASSWORD},
};
use serde_json::Value;

use crate::{
    guest::{self, Placed},
    market::{Article, Market},
    process::{Gateway, POLL, Process, Souk},
    truth,
};

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

async fn open(url: &str, schema: &str) -> Db {
    let location = Location::Postgres { url: url.to_owned(), schema: schema.to_owned() };
    Db::open(location, Options { make_schema: false, ..Options::named("test") }).await.expect("the database opens")
}

/// Has `souk migrate` make what the program then uses as roles that own nothing.
fn migrate(souk: &Souk, database: &OwnDatabase, arguments: &[&str]) -> Output {
    let mut migrate = souk.command(&[&["migrate"][..], arguments].concat());
    let done = migrate.env("SOUK_DATABASE__ADMIN_URL", database.admin_url()).output().expect("it runs");
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    done
}

/// A guest's order, once it is paid.
async fn buy(market: &Market, article: &Article, n: usize) -> Placed {
    let lines = [(article, 1)];
    let order = guest::order(&guest::quote(&market.http, &lines).await, &lines, n, "tok_visa");
    let placed = Placed::of(&guest::place(&market.http, &format!("pg-{n}"), &order).reply().await);
    until_paid(market, &placed).await;
    placed
}

async fn until_paid(market: &Market, placed: &Placed) {
    let begin = Instant::now();
    while placed.view(&market.http).ok().await["status"] != "paid" {
        assert!(begin.elapsed().as_secs() < 60, "{placed:?} is not paid");
        tokio::time::sleep(POLL).await;
    }
}

/// A file with `count` more products, made of the one that is exported.
fn many(csv: &str, count: usize) -> String {
    let (head, row) = csv.trim_end().split_once('\n').expect("a header and a row");
    let rows = (0..count).map(|n| row.replace("chair", &format!("chair-{n}")).replace("CHAIR", &format!("CHAIR-{n}")));
    rows.fold(head.to_owned(), |all, row| format!("{all}\n{row}"))
}

/// A market in files, with two thousand products and some orders, stopped.
async fn embedded(dir: &Path) -> (Souk, Market, Vec<Placed>) {
    let mut souk = Souk::in_files(dir);
    souk.set("LOG__FILTER", "error");
    souk.start().await;
    let market = Market::open(&souk, 2).await;
    let article = market.sell(&market.shops[0], "Chair", 4_200, 70).await;
    let mut orders = Vec::new();
    for n in 0..5 {
        orders.push(buy(&market, &article, n).await);
    }
    souk.stop().await;
    let slug = &market.shops[0].slug;
    let csv = String::from_utf8(souk.run(&["export", "--vendor", slug]).stdout).expect("text");
    let file = dir.join("many.csv").display().to_string();
    std::fs::write(&file, many(&csv, 2_000)).expect("a file");
    let imported = souk.run(&["import", "--vendor", slug, &file]);
    assert_eq!(imported.status.code(), Some(0), "{}", said(&imported));
    (souk, market, orders)
}

/// Starts the copy and kills it when part of the products is there.
async fn kill_halfway(souk: &Souk, url: &str) {
    let mut copy = Process::start(souk.command(&["scale-out", "--to", url]), &souk.dir, "copy");
    let target = open(url, "public").await;
    let begin = Instant::now();
    loop {
        let begun = target.opt("SELECT 1 WHERE to_regclass('catalog.scale_out') IS NOT NULL", params![]).await;
        if begun.is_ok_and(|row| row.is_some()) {
            let row = target.one("SELECT CAST(sum(rows) AS BIGINT) AS rows FROM catalog.scale_out", params![]).await;
            if row.is_ok_and(|row| row.get::<i64>("rows").is_ok_and(|rows| rows > 0)) {
                break;
            }
        }
        assert!(begin.elapsed().as_secs() < 120, "the copy does not begin");
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    copy.kill();
    let left = target.opt("SELECT 1 WHERE to_regclass('catalog.scale_out') IS NOT NULL", params![]).await;
    assert!(left.expect("an answer").is_some(), "the copy was finished before it was killed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_market_moves_to_postgres_although_the_copy_is_killed() {
    let (dir, database) = (tempfile::tempdir().expect("a folder"), OwnDatabase::new().await);
    let (mut souk, market, orders) = embedded(dir.path()).await;
    let url = database.admin_url();
    kill_halfway(&souk, &url).await;

    let anew = souk.run(&["scale-out", "--to", &url]);
    assert!(anew.status.code() == Some(1) && said(&anew).contains("--resume"), "{}", said(&anew));
    let mut early = souk.command(&["serve"]);
    let early = early.env("SOUK_DATABASE__URL", &url).output().expect("it runs");
    assert!(early.status.code() == Some(1) && said(&early).contains("scale-out --resume"), "{}", said(&early));
    let resumed = souk.run(&["scale-out", "--to", &url, "--resume"]);
    assert_eq!(resumed.status.code(), Some(0), "{}", said(&resumed));
    for line in ["catalog: ", "(100 %)", "M1", "Done."] {
        assert!(said(&resumed).contains(line), "{line} is not in {}", said(&resumed));
    }
    assert!(!said(&resumed).contains("VIOLATED"), "{}", said(&resumed));
    let again = souk.run(&["scale-out", "--to", &url]);
    assert!(again.status.code() == Some(1) && said(&again).contains("not empty"), "{}", said(&again));
    assert!(truth::invariants_hold(&souk) > 0, "the files are as they were");

    souk.set("DATABASE__URL", &url);
    souk.start().await;
    for order in &orders {
        assert_eq!(order.view(&market.http).ok().await["status"], "paid");
    }
    let article = market.sell(&market.shops[1], "Lamp", 900, 3).await;
    buy(&market, &article, 99).await;
    let seen = truth::all_orders(&market).await;
    assert_eq!(seen.len(), orders.len() + 1);
    souk.stop().await;
    truth::invariants_hold(&souk);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_serves_as_roles_that_own_nothing() {
    let (dir, database) = (tempfile::tempdir().expect("a folder"), OwnDatabase::new().await);
    let mut souk = Souk::in_files(dir.path());
    souk.set("LOG__FILTER", "debug");
    souk.set("DATABASE__URL", &database.url());
    souk.set("DATABASE__MIGRATE", "never");
    let migrated = migrate(&souk, &database, &[]);
    let admin = open(&database.admin_url(), "public").await;
    admin.write(async |tx| tx.exec("DROP SCHEMA reviews CASCADE", params![]).await).await.expect("dropped");
    let refused = souk.run(&["serve"]);
    assert!(refused.status.code() == Some(1) && said(&refused).contains("souk migrate reviews"), "{}", said(&refused));
    let again = migrate(&souk, &database, &["reviews"]);
    assert!(said(&again).starts_with("reviews: 7 migrations"), "{}", said(&again));

    souk.start().await;
    let market = Market::open(&souk, 2).await;
    let article = market.sell(&market.shops[0], "Chair", 4_200, 5).await;
    buy(&market, &article, 0).await;
    souk.stop().await;
    truth::invariants_hold(&souk);

    let payments = open(&database.url().replace("{service}", "payments"), "payments").await;
    let postings = payments.one("SELECT count(*) FROM postings", params![]).await.expect("its own rows");
    assert!(postings.at::<i64>(0).expect("a number") > 0);
    for forbidden in [
        "UPDATE payments.postings SET amount_minor = 1",
        "DELETE FROM payments.journal_entries",
        "SELECT count(*) FROM orders.orders",
        "CREATE TABLE payments.own (id TEXT)",
    ] {
        let error = payments.write(async move |tx| tx.all(forbidden, params![]).await).await.expect_err(forbidden);
        assert!(error.source_text().unwrap_or_default().contains("permission denied"), "{forbidden}: {error:?}");
    }
    for file in ["souk.out", "souk.err"] {
        let log = std::fs::read_to_string(dir.path().join(file)).expect("a log");
        assert!(!log.contains(PROGRAM_PASSWORD) && !said(&migrated).contains(PROGRAM_PASSWORD), "a password in {file}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_a_database_and_one_goes_on_when_the_other_is_killed() {
    let (dirs, database) = ([(); 2].map(|()| tempfile::tempdir().expect("a folder")), OwnDatabase::new().await);
    let mut first = Souk::in_files(dirs[0].path());
    first.set("LOG__FILTER", "warn");
    first.set("DATABASE__URL", &database.url());
    first.set("DATABASE__MIGRATE", "never");
    first.set("DATABASE__CONNECTIONS", "2");
    first.set("DATA__SECRET", &"0123456789abcdef".repeat(4));
    migrate(&first, &database, &[]);
    let gateway = Gateway::start(&mut first, &[]).await;
    let mut second = first.twin(dirs[1].path());
    first.start().await;
    let market = Market::open(&first, 1).await;
    second.start().await;
    let article = market.sell(&market.shops[0], "Chair", 4_200, 50).await;
    let elsewhere = Market { http: second.http.clone(), ..market.clone() };
    for n in 0..10 {
        buy(if n % 2 == 0 { &market } else { &elsewhere }, &article, n).await;
    }

    first.process().kill();
    for n in 10..14 {
        buy(&elsewhere, &article, n).await;
    }
    let begin = Instant::now();
    loop {
        let unrest = truth::unrest(&elsewhere, &gateway).await;
        if unrest.is_empty() {
            break;
        }
        assert!(begin.elapsed().as_secs() < 90, "{unrest:?}");
        tokio::time::sleep(POLL).await;
    }
    assert_eq!(truth::stock_of(&elsewhere, &article).await, (50, 14));
    truth::no_double_charge(&gateway).await;
    let settled = truth::all_orders(&elsewhere).await;
    let paid = settled.iter().filter(|order: &&Value| order["status"] == "paid").count();
    assert_eq!(paid, 14);
    second.stop().await;
    truth::invariants_hold(&second);
}
