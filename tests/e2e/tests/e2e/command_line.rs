//! The command line: mistakes are named, what was exported can be imported, what is printed is what is served,
//! a violated invariant is found.

use std::{
    net::SocketAddr,
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};

use serde_json::Value;

use crate::{
    guest::{self, Placed},
    http::Http,
    market::Market,
    process::{Gateway, Souk, command, free_address},
    truth,
};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Names of what lies in a folder.
fn left_in(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn serve_with(dir: &Path, file: &str, variables: &[(&str, &str)]) -> Output {
    std::fs::write(dir.join("souk.toml"), file).expect("a file");
    command("souk", dir).arg("serve").envs(variables.iter().copied()).output().expect("it runs")
}

/// A file, variables, and what has to be named.
type Mistake<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);

const MISTAKES: &[Mistake<'static>] = &[
    ("[server]\n\nlissten = \"x\"\n", &[], &["souk.toml:3:", "lissten"]),
    ("[gateway]\nburst = \"many\"\n", &[], &["souk.toml:2:"]),
    ("[server\n", &[], &["souk.toml:1:"]),
    ("", &[("SOUK_SERVER__LISSTEN", "x")], &["SOUK_SERVER__LISSTEN"]),
    ("", &[("SOUK_GATEWAY__BURST", "many")], &["SOUK_GATEWAY__BURST"]),
    ("[events]\nbackend = \"pigeon\"\n", &[], &["souk.toml:2:", "pigeon"]),
    ("[events]\nbackend = \"rabbitmq\"\n", &[], &["souk.toml:1:", "events.url"]),
    ("[log]\nfilter = \"souk=loud\"\n", &[], &["souk.toml:2:", "log.filter"]),
    ("[data]\nsecret = \"short\"\n", &[], &["souk.toml:2:", "data.secret"]),
    ("[database]\nurl = \"here\"\n", &[], &["souk.toml:2:", "database.url"]),
    ("", &[("SOUK_CACHE__BACKEND", "redis"), ("SOUK_CACHE__URL", "there")], &["SOUK_CACHE__URL", "cache.url"]),
    ("\n[payments.stripe]\nsecret_key = \"pk_test\"\n", &[], &["souk.toml:3:", "payments.stripe.secret_key"]),
    (
        "[payments.stripe]\nsecret_key = \"sk_test_0123456789\"\n",
        &[("SOUK_PAYMENTS__STRIPE__LIVE", "true")],
        &["souk.toml:2:", "payments.stripe.secret_key", "sk_live_"],
    ),
    ("[notifications]\nfrom_address = \"shop\"\n", &[], &["souk.toml:2:", "notifications.from_address"]),
    (
        "[notifications]\nfrom_address = \"shop@example.com\"\n",
        &[("SOUK_NOTIFICATIONS__FROM_ADDRESS", "shop")],
        &["The variable SOUK_NOTIFICATIONS__FROM_ADDRESS is wrong: notifications.from_address"],
    ),
];

#[test]
fn mistakes_in_the_configuration_are_named_with_their_place_and_nothing_starts() {
    let dir = tempfile::tempdir().expect("a folder");
    for (file, variables, named) in MISTAKES {
        let output = serve_with(dir.path(), file, variables);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{file:?} {variables:?}: {said}");
        assert!(named.iter().all(|name| said.contains(name)), "{file:?} {variables:?}: {said}");
        assert_eq!(left_in(dir.path()), ["souk.toml"], "it started half");
    }
    // The others judge as early.
    std::fs::write(dir.path().join("souk.toml"), "[payments.paypal]\nclient_id = \"app\"\n").expect("a file");
    for words in [&["migrate"][..], &["demo"]] {
        let output = command("souk", dir.path()).args(words).output().expect("it runs");
        let said = text(&output.stderr);
        assert!(said.contains("souk.toml:1: payments.paypal.client_secret: "), "{words:?}: {said}");
        assert_eq!((output.status.code(), left_in(dir.path())), (Some(1), vec!["souk.toml".to_owned()]), "{words:?}");
    }
}

#[test]
fn a_part_that_was_not_told_what_all_share_does_not_start() {
    let dir = tempfile::tempdir().expect("a folder");
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
    let secret = ("SOUK_DATA__SECRET", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
    let everywhere = ("SOUK_SERVER__LISTEN", "0.0.0.0:18000");
    apart(&[with_url[0], with_url[1], with_url[2], secret, everywhere], "server.advertise");
    let etcd = [("SOUK_DISCOVERY__BACKEND", "etcd"), ("SOUK_DISCOVERY__ETCD", "[\"there\"]")];
    apart(
        &[with_url[0], with_url[1], with_url[2], secret, etcd[0], etcd[1]],
        "The variable SOUK_DISCOVERY__ETCD is wrong: discovery.etcd: ",
    );
    assert_eq!(left_in(dir.path()), ["souk.toml"], "it started half");
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
async fn the_document_that_is_printed_is_the_one_that_is_served() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut souk = Souk::new(dir.path());
    souk.set("LOG__FILTER", "error");
    souk.start().await;
    let served = souk.http.get("/api/openapi.json").ok().await;
    souk.stop().await;
    let printed = command("souk", dir.path()).arg("openapi").output().expect("it runs");
    assert_eq!(printed.status.code(), Some(0), "{}", text(&printed.stderr));
    let printed: Value = serde_json::from_slice(&printed.stdout).expect("a document");
    assert_eq!(printed["openapi"], "3.1.0");
    let paths =
        |document: &Value| -> Vec<String> { document["paths"].as_object().expect("paths").keys().cloned().collect() };
    assert_eq!(paths(&printed), paths(&served));
    assert!(printed == served, "the same paths, but not the same document");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrate_brings_files_up_to_date_once_and_nothing_else_does_where_it_was_forbidden() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut souk = Souk::new(dir.path());
    souk.set("LOG__FILTER", "error");
    if souk.database().is_some() {
        return; // There it is looked at with the roles it makes.
    }
    souk.set("DATABASE__MIGRATE", "never");
    let one = souk.run(&["migrate", "inventory"]);
    assert_eq!(one.status.code(), Some(0), "{}", text(&one.stderr));
    let said = text(&one.stdout);
    assert!(said.starts_with("inventory: ") && said.ends_with(" migrations applied\n"), "{said}");
    assert!(!souk.data().join("orders.sqlite").exists(), "it was told to see to the stock alone");
    let early = souk.run(&["serve"]);
    assert!(early.status.code() == Some(1) && text(&early.stderr).contains("souk migrate"), "{}", text(&early.stderr));
    let all = souk.run(&["migrate"]);
    assert_eq!(all.status.code(), Some(0), "{}", text(&all.stderr));
    let said = text(&all.stdout);
    assert!(said.lines().any(|line| line == "inventory: up to date"), "{said}");
    assert!(said.lines().any(|line| line.starts_with("orders: ") && line.ends_with(" migrations applied")), "{said}");
    let again = text(&souk.run(&["migrate"]).stdout);
    assert!(again.lines().count() > 10 && again.lines().all(|line| line.ends_with(": up to date")), "{again}");
    souk.start().await;
    let market = Market::open(&souk, 1).await;
    market.sell(&market.shops[0], "Vase", 900, 3).await;
    souk.stop().await;
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
    // The same for people: a line per invariant, and one for each violation below it.
    let told = souk.run(&["check"]);
    let said = text(&told.stdout);
    assert_eq!(told.status.code(), Some(1), "{said}");
    for begins in [
        "M1   ok        Every entry of the ledger adds up to zero (",
        "S1   VIOLATED  What is on hand is the sum of its movements (1 times, 1 checked)",
    ] {
        assert!(said.lines().any(|line| line.starts_with(begins)), "{begins} is not in {said}");
    }
    let below = said.lines().skip_while(|line| !line.starts_with("S1 ")).nth(1).unwrap_or_default();
    assert!(below.starts_with("       variant ") && below.ends_with(": 4 on hand, 3 by its movements"), "{below}");
    souk.meddle("inventory", "UPDATE stock SET on_hand = on_hand - 1");
    let told = souk.run(&["check"]);
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stdout));
    assert_eq!(text(&told.stdout).lines().count(), lines.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unexplained_money_is_a_figure_that_has_to_be_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut souk = Souk::new(dir.path());
    let first = free_address();
    souk.set("SERVER__METRICS_LISTEN", &first.to_string());
    let _gateway = Gateway::start(&mut souk, &[]).await;
    souk.start().await;
    // Each process of a cluster tells of itself, at the ports from the first on.
    let pages: Vec<Http> =
        (0..16).map(|n| Http::new(format!("http://{}", SocketAddr::new(first.ip(), first.port() + n)))).collect();
    let told = async |wanted: &str| {
        for _ in 0..400 {
            for page in &pages {
                let Ok(reply) = page.get("/metrics").send().await else { continue };
                if text(&reply.body).lines().any(|line| line == wanted) {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{wanted:?} is not told");
    };
    told("souk_payments_unexplained_items 0").await;
    souk.stop().await;
    souk.meddle(
        "payments",
        "INSERT INTO review_items (provider, provider_ref, problem, at, amount_minor, currency)
         VALUES ('sandbox', 'pay_of_nobody', 'unknown_order', 1, 700, 'EUR')",
    );
    souk.start().await;
    told("souk_payments_unexplained_items 1").await;
    told("souk_payments_unexplained_minor{currency=\"EUR\"} 700").await;
    souk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_asks_the_providers_about_each_payment() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut souk = Souk::new(dir.path());
    souk.set("LOG__FILTER", "error");
    let _gateway = Gateway::start(&mut souk, &[]).await;
    souk.start().await;
    let market = Market::open(&souk, 1).await;
    let vase = market.sell(&market.shops[0], "Vase", 900, 3).await;
    let lines = [(&vase, 1)];
    let order = guest::order(&guest::quote(&market.http, &lines).await, &lines, 1, "tok_visa");
    let placed = Placed::of(&guest::place(&market.http, "audited", &order).reply().await);
    while placed.view(&market.http).ok().await["status"] != "paid" {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    souk.stop().await;
    let said = |souk: &Souk| {
        let told = souk.run(&["check", "--providers", "--days", "7"]);
        (told.status.code(), text(&told.stdout))
    };
    let (code, lines) = said(&souk);
    assert_eq!(code, Some(0), "{lines}");
    let proven = "M4   ok        What is paid is proven by the provider, and what is sent without is promised, says sandbox (2 checked)";
    assert!(lines.lines().any(|line| line == proven), "{lines}");
    // Without being asked nobody says anything of a gateway outside.
    assert!(text(&souk.run(&["check"]).stdout).contains("not compared: no journal of sandbox here"));
    souk.meddle("payments", "UPDATE payments SET provider_ref = 'pi_of_nobody'");
    let (code, lines) = said(&souk);
    assert_eq!(code, Some(1), "{lines}");
    // What the books have, the gateway does not know; and what it has, the books do not.
    let twice = format!("       order {} is charged again by pay_", placed.id);
    assert!(lines.lines().any(|line| line.starts_with(&twice)), "{lines}");
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
         VALUES ('0193f0a0-0000-7000-8000-00000000dead', 'bring_in', 'lost', 'null', 0, 0, 0, 16, 'dead', 'It did not work.', 0)",
    );
    let listed = souk.run(&["events", "dead", "--service", "search"]);
    let line = text(&listed.stdout);
    assert!(
        line.contains("search job 0193f0a0-0000-7000-8000-00000000dead bring_in lost, 16 attempts: It did not work."),
        "{line}"
    );
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
    assert_eq!(text(&souk.run(&["events", "dead"]).stdout), "");
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
