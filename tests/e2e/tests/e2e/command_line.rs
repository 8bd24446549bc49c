//! The command line: mistakes are named, a second start does not seed, what was exported can be imported,
//! a violated invariant is found.

use std::{
    path::Path,
    process::{Output, Stdio},
};

use rusqlite::Connection;

use crate::{
    http::Http,
    market::Market,
    process::{Gateway, Process, Souk, binary, command, free_address},
    truth,
};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn serve_with(dir: &Path, file: &str, variables: &[(&str, &str)]) -> Output {
    std::fs::write(dir.join("souk.toml"), file).expect("a file");
    command("souk", dir).arg("serve").envs(variables.iter().copied()).output().expect("it runs")
}

/// A file, variables, and what has to be named.
type Mistake<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);

#[test]
fn mistakes_in_the_configuration_are_named_with_their_place_and_nothing_starts() {
    let dir = tempfile::tempdir().expect("a folder");
    let cases: &[Mistake] = &[
        ("[server]\n\nlissten = \"x\"\n", &[], &["souk.toml:3:", "lissten"]),
        ("[gateway]\nburst = \"many\"\n", &[], &["souk.toml:2:"]),
        ("[server\n", &[], &["souk.toml:1:"]),
        ("", &[("SOUK_SERVER__LISSTEN", "x")], &["SOUK_SERVER__LISSTEN"]),
        ("", &[("SOUK_GATEWAY__BURST", "many")], &["SOUK_GATEWAY__BURST"]),
        ("[events]\nbackend = \"pigeon\"\n", &[], &["souk.toml:2:", "pigeon"]),
        ("[events]\nbackend = \"rabbitmq\"\n", &[], &["events.url"]),
    ];
    for (file, variables, named) in cases {
        let output = serve_with(dir.path(), file, variables);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{file:?} {variables:?}: {said}");
        assert!(named.iter().all(|name| said.contains(name)), "{file:?} {variables:?}: {said}");
        assert!(!dir.path().join("data").exists(), "it started half");
    }
    let apart = |variables: &[(&str, &str)], named: &str| {
        let output = command("souk", dir.path()).args(["serve", "orders"]).envs(variables.iter().copied()).output();
        let output = output.expect("it runs");
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(1) && said.contains(named), "{named}: {said}");
    };
    std::fs::write(dir.path().join("souk.toml"), "").expect("a file");
    let broker = [("SOUK_EVENTS__BACKEND", "rabbitmq"), ("SOUK_EVENTS__URL", "amqp://127.0.0.1")];
    let with_url = [broker[0], broker[1], ("SOUK_SERVER__PUBLIC_URL", "http://127.0.0.1:8080")];
    apart(&[], "events.backend");
    apart(&broker, "server.public_url");
    apart(&with_url, "data.secret");
    let output = command("souk", dir.path()).args(["serve", "no-such-service"]).output().expect("it runs");
    assert_ne!(output.status.code(), Some(0));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut openapi = command("souk", dir.path());
    openapi.arg("openapi").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut openapi = openapi.spawn().expect("it runs");
    drop(openapi.stdout.take());
    let output = openapi.wait_with_output().expect("its end");
    let said = text(&output.stderr);
    assert!(output.status.success() && !said.contains("panicked"), "{}: {said}", output.status);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_seeded_once_and_ends_well() {
    let dir = tempfile::tempdir().expect("a folder");
    // Left there: the browser tests begin with a copy.
    let data = binary("souk").with_file_name("demo-data");
    if data.exists() {
        std::fs::remove_dir_all(&data).expect("the data of an earlier run is removed");
    }
    let mut orders = Vec::new();
    for start in 1..=2 {
        let listen = free_address();
        let http = Http::new(format!("http://{listen}"));
        let mut demo = command("souk", dir.path());
        demo.args(["demo", "--listen", &listen.to_string(), "--data"]).arg(&data).env("SOUK_LOG__FILTER", "error");
        let mut process = Process::start(demo, dir.path(), &format!("demo{start}"));
        process.ready_within(&http, "/health/ready", 600).await;
        let output = std::fs::read_to_string(dir.path().join(format!("demo{start}.out"))).expect("its output");
        assert_eq!(output.contains("Setting up"), start == 1, "{output}");
        for address in ["Storefront", "Vendor portal", "Admin", "API", "Mailbox"] {
            assert!(output.contains(address), "{address} is not named: {output}");
        }
        let page = http.get("/api/v1/products?limit=100").ok().await;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(100), "products on sale");
        let count = |table: &str, file: &str| -> i64 {
            let db = Connection::open(data.join(file)).expect("a database");
            db.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0)).expect("a number")
        };
        assert!(count("vendors", "vendors.sqlite") >= 8 && count("products", "catalog.sqlite") >= 200);
        orders.push(count("orders", "orders.sqlite"));
        assert_eq!(process.interrupt().await.code(), Some(0), "Ctrl-C");
    }
    assert!(orders[0] > 300 && orders[0] == orders[1], "orders after each start: {orders:?}");
    let check = command("souk", dir.path()).args(["check", "--json", "--data"]).arg(&data).output().expect("it runs");
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn products_go_out_as_csv_and_come_back_the_same() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut souk = Souk::new(dir.path());
    souk.set("LOG__FILTER", "error");
    souk.start().await;
    let market = Market::open(&souk, 2).await;
    for title in ["Chair", "Stool"] {
        market.sell(&market.shops[0], title, 4_200, 7).await;
    }
    souk.stop().await;
    let slug = market.shops[0].slug.clone();
    let exported = souk.run(&["export", "--vendor", &slug]);
    assert_eq!(exported.status.code(), Some(0), "{}", text(&exported.stderr));
    let csv = text(&exported.stdout);
    assert!(csv.contains("CHAIR") && csv.contains("STOOL"), "{csv}");
    let file = dir.path().join("products.csv");
    std::fs::write(&file, csv.replace("Chair", "Armchair")).expect("a file");
    let file = file.display().to_string();
    let dry = souk.run(&["import", "--vendor", &slug, "--dry-run", &file]);
    assert_eq!(dry.status.code(), Some(0), "{}{}", text(&dry.stdout), text(&dry.stderr));
    assert_eq!(text(&souk.run(&["export", "--vendor", &slug]).stdout), csv, "a dry run wrote something");
    let imported = souk.run(&["import", "--vendor", &slug, &file]);
    assert_eq!(imported.status.code(), Some(0), "{}{}", text(&imported.stdout), text(&imported.stderr));
    assert!(
        text(&imported.stdout).contains("0 products created, 1 changed, 1 as they were"),
        "{}",
        text(&imported.stdout)
    );
    assert!(text(&souk.run(&["export", "--vendor", &slug]).stdout).contains("Armchair"));
    std::fs::write(&file, "nonsense\n1\n").expect("a file");
    let refused = souk.run(&["import", "--vendor", &slug, &file]);
    assert_eq!(refused.status.code(), Some(1), "{}", text(&refused.stdout));
    assert_eq!(souk.run(&["export", "--vendor", "no-such-store"]).status.code(), Some(1));
    truth::invariants_hold(&souk);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_finds_what_is_wrong_with_the_stock() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut souk = Souk::new(dir.path());
    souk.set("LOG__FILTER", "error");
    let _gateway = Gateway::start(&mut souk, &[]).await;
    souk.start().await;
    let market = Market::open(&souk, 1).await;
    market.sell(&market.shops[0], "Vase", 900, 3).await;
    souk.stop().await;
    truth::invariants_hold(&souk);
    souk.meddle("inventory", "UPDATE stock SET on_hand = on_hand + 1");
    let (output, lines) = truth::check(&souk);
    assert_eq!(output.status.code(), Some(1), "{lines:?}");
    assert!(text(&output.stdout).contains("S1"), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_index_is_rebuilt_from_past_events_and_dead_letters_are_tried_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut souk = Souk::new(dir.path());
    souk.set("LOG__FILTER", "error");
    souk.start().await;
    let market = Market::open(&souk, 1).await;
    market.sell(&market.shops[0], "Lantern", 2_500, 4).await;
    until_found(&souk).await;
    souk.stop().await;

    std::fs::remove_dir_all(souk.data().join("search")).expect("the index goes");
    souk.meddle(
        "search",
        "DELETE FROM documents;
         INSERT INTO jobs (id, kind, key, payload, due_at, lease_until, fence, attempts, state, error, created_at)
         VALUES ('dead-one', 'bring_in', 'lost', 'null', 0, 0, 0, 16, 'dead', 'It did not work.', 0)",
    );
    let listed = souk.run(&["events", "dead", "--service", "search"]);
    let line = text(&listed.stdout);
    assert!(line.contains("search job dead-one bring_in lost, 16 attempts: It did not work."), "{line}");
    assert_eq!(text(&souk.run(&["events", "dead", "--service", "orders"]).stdout), "");
    for (wrong, named) in [
        (&["events", "dead", "--service", "nobody"][..], "nobody"),
        (&["events", "retry", "--service", "search", "no-such-id"], "dead letter"),
        (&["events", "replay", "--service", "payments"], "search"),
    ] {
        let refused = souk.run(wrong);
        let said = text(&refused.stderr);
        assert!(refused.status.code() == Some(1) && said.contains(named), "{wrong:?}: {said}");
    }
    let retried = souk.run(&["events", "retry", "--service", "search", "--all"]);
    assert!(text(&retried.stdout).contains("1 dead letters are tried again"), "{}", text(&retried.stderr));
    assert_eq!(text(&souk.run(&["events", "dead"]).stdout), "");
    let replayed = souk.run(&["events", "replay", "--service", "search", "--from", "2020-01-01T00:00:00Z"]);
    assert_eq!(replayed.status.code(), Some(0), "{}", text(&replayed.stderr));
    assert!(!text(&replayed.stdout).contains(" 0 events"), "{}", text(&replayed.stdout));

    souk.start().await;
    until_found(&souk).await;
    souk.stop().await;
    truth::invariants_hold(&souk);
}

async fn until_found(souk: &Souk) {
    for _ in 0..1_000 {
        let page = souk.http.get("/api/v1/search?q=lantern").ok().await;
        if page["total"] == 1 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the product is not found: {}", souk.output());
}
