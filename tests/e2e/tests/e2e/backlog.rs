//! Events that pile up while the broker is away, in a real cluster: how fast they leave the outbox when it is
//! back, how fast each consumer takes them in, and how much memory that takes. Then the same cluster has to live
//! through the short form of the crash test.
//!
//! `SOUK_BACKLOG_EVENTS` is how many: 1,000; 100,000 is the long form.

use std::{
    collections::BTreeMap,
    fmt::Write,
    time::{Duration, Instant},
};

use http::Method;

use crate::{
    crash,
    market::{Market, Person, text_of},
    process::{POLL, Souk, service_of},
    proxy::{Proxy, Way},
    shape::Broker,
};

/// Who takes in what becomes of products.
const CONSUMERS: [&str; 5] = ["analytics", "cart", "inventory", "pricing", "search"];
/// Rows of one file to import.
const FILE: usize = 20_000;
/// How long all of it may take at least; more for more events.
const PATIENCE: Duration = Duration::from_secs(90);

/// By how many megabytes the most memory that a process ever held may grow while events pile up and are taken in,
/// however many there are: for a file to import, for batches and what is being worked off.
const GROWTH_MAX_MB: f64 = 128.0;
/// And by how much for each product in the process that has its index: that grows with what is on sale.
const INDEXED_MB: (&str, f64) = ("search", 0.005);

/// How far everybody is.
#[derive(Debug, Clone)]
struct Stand {
    /// Unsent events of the catalogue.
    unsent: i64,
    /// Events taken in, by the consumers in their order.
    taken_in: Vec<i64>,
}

impl Stand {
    fn sql() -> String {
        let mut sql = "SELECT (SELECT count(*) FROM catalog.outbox WHERE sent_at IS NULL)".to_owned();
        for consumer in CONSUMERS {
            let sum = "SELECT COALESCE(sum(version), 0)::bigint FROM";
            write!(sql, ", ({sum} {consumer}.inbox WHERE aggregatetype = 'product')").expect("a text");
        }
        sql
    }
    async fn of(client: &tokio_postgres::Client) -> Self {
        let row = client.query_one(&Self::sql(), &[]).await.expect("how far everybody is");
        Self { unsent: row.get(0), taken_in: (1..=CONSUMERS.len()).map(|n| row.get(n)).collect() }
    }
}

/// Imports products while nobody hears of it.
async fn pile_up(market: &mut Market, products: usize) {
    for (file, from) in (0..products).step_by(FILE).enumerate() {
        let mut csv = "handle,title,category,currency,status,sku,price,initial_stock\n".to_owned();
        for n in from..products.min(from + FILE) {
            writeln!(csv, "thing-{n},Thing {n},things,EUR,published,SKU-{n},{}.90,10", 5 + n % 95).expect("a text");
        }
        market.shops[0].owner = Person::log_in(&market.http, &market.shops[0].owner.email).await;
        let (path, access) = (format!("/api/v1/vendors/{}/imports", market.shops[0].id), &market.shops[0].owner.access);
        let begun = market.http.call(Method::POST, &path).raw("text/csv", csv).bearer(access).ok().await;
        let path = format!("{path}/{}", text_of(&begun["id"]));
        loop {
            let import = market.http.get(&path).bearer(access).ok().await;
            match import["status"].as_str() {
                Some("done") => break assert_eq!(import["errors"], serde_json::json!([]), "file {file}"),
                Some("queued" | "running") => tokio::time::sleep(POLL * 4).await,
                _ => panic!("the import went wrong: {import}"),
            }
        }
    }
}

/// Watches until all is taken in: when the first event left, the last one, and when each consumer had them all.
async fn drain(client: &tokio_postgres::Client, before: &Stand, patience: Duration) -> (Instant, Vec<Instant>) {
    let (begin, pause) = (Instant::now(), if before.unsent > 10_000 { POLL * 20 } else { POLL });
    let mut done: Vec<Option<Instant>> = vec![None; 1 + CONSUMERS.len()];
    let mut first = None;
    loop {
        let (now, stand) = (Instant::now(), Stand::of(client).await);
        if stand.unsent < before.unsent {
            first.get_or_insert(now);
        }
        let is_done = |n: usize| match n {
            0 => stand.unsent == 0,
            n => stand.taken_in[n - 1] >= before.taken_in[n - 1] + before.unsent,
        };
        for (_, done) in done.iter_mut().enumerate().filter(|(n, _)| is_done(*n)) {
            done.get_or_insert(now);
        }
        if let (Some(first), Some(done)) = (first, done.iter().copied().collect()) {
            return (first, done);
        }
        assert!(begin.elapsed() < patience, "{stand:?} after {before:?}");
        tokio::time::sleep(pause).await;
    }
}

/// The most memory each process ever held, in megabytes of 10⁶ bytes, by its id; with its service.
type Memory = BTreeMap<u32, (String, f64)>;

fn memory_mb(souk: &mut Souk) -> Memory {
    let peak = |process: u32| {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
        Some((process, (service_of(process)?, kilobytes * 1024.0 / 1e6)))
    };
    souk.process().children("serve").into_iter().filter_map(peak).collect()
}

/// No process took more memory than it may have for so many products. Says which took most.
fn memory_is_bounded(before: &Memory, after: Memory, products: usize) -> String {
    assert!(before.keys().eq(after.keys()), "not the same processes: {before:?}, {after:?}");
    let mut grown: Vec<(f64, f64, String)> =
        after.into_iter().map(|(process, (service, mb))| (mb - before[&process].1, mb, service)).collect();
    grown.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut report = String::new();
    for (by, mb, service) in grown.iter().take(4) {
        write!(report, "; {service} grew by {by:.0} MB to {mb:.0}").expect("a text");
    }
    for (by, _, service) in &grown {
        let index = if service == INDEXED_MB.0 { INDEXED_MB.1 * products as f64 } else { 0.0 };
        assert!(*by <= GROWTH_MAX_MB + index, "{service} grew by more than {:.0} MB{report}", GROWTH_MAX_MB + index);
    }
    report
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_piled_up_while_the_broker_was_away_is_taken_in_and_the_cluster_survives_being_killed() {
    let wanted: usize = std::env::var("SOUK_BACKLOG_EVENTS").map_or(1_000, |text| text.parse().expect("a number"));
    let dir = tempfile::tempdir().expect("a folder");
    let mut souk = Souk::in_cluster(dir.path());
    souk.set("LOG__FILTER", "error");
    let broker = Proxy::to(&Broker::url()).await;
    souk.set("EVENTS__URL", &broker.url(&Broker::url()));
    let gateway = crash::failing_gateway(&mut souk).await;
    souk.start().await;
    let mut market = Market::open(&souk, 1).await;
    market.sell(&market.shops[0], "Lamp", 1_990, 10).await;
    settle(&market, PATIENCE).await;

    let memory_before = memory_mb(&mut souk);
    broker.turn(Way::Closed);
    pile_up(&mut market, wanted).await;
    let database = souk.database().expect("a database");
    let patience = PATIENCE + Duration::from_millis(20) * u32::try_from(wanted).expect("not too many");
    let (before, first, done) = tokio::task::block_in_place(|| {
        database.with(async |client| {
            let before = Stand::of(&client).await;
            broker.turn(Way::Open);
            let (first, done) = drain(&client, &before, patience).await;
            (before, first, done)
        })
    });
    assert!(before.unsent >= i64::try_from(wanted).expect("a count"), "only {} events piled up", before.unsent);

    let rate = |at: &Instant| before.unsent as f64 / (*at - first).as_secs_f64().max(0.05);
    let mut report = format!("backlog: {} events, published at {:.0} a second", before.unsent, rate(&done[0]));
    for (consumer, at) in CONSUMERS.iter().zip(&done[1..]) {
        write!(report, ", {consumer} {:.0}", rate(at)).expect("a text");
    }
    println!("{report}");
    market.admin = Person::log_in(&market.http, &market.admin.email).await;
    settle(&market, patience).await;
    println!("backlog: memory{}", memory_is_bounded(&memory_before, memory_mb(&mut souk), wanted));
    let found = market.http.get("/api/v1/search?limit=1").ok().await;
    assert_eq!(found["total"].as_u64(), Some(wanted as u64 + 1), "what the search knows");
    crash::survive(souk, &gateway, market, crash::IN_SHORT).await;
}

/// Waits until nothing is on its way.
async fn settle(market: &Market, patience: Duration) {
    let begin = Instant::now();
    loop {
        let backlogs = market.as_admin(market.http.get("/api/v1/admin/backlogs")).ok().await;
        let keys = ["outbox", "retrying", "dead", "jobs_due"];
        let all = backlogs.as_array().expect("backlogs");
        if all.len() == contracts::SERVICES.len() && all.iter().all(|backlog| keys.iter().all(|key| backlog[*key] == 0))
        {
            return;
        }
        assert!(begin.elapsed() < patience, "{backlogs}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
