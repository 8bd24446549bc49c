//! What still works while something a cluster needs is down, or hangs: the table in `docs/failures.md`, cell by
//! cell. The table is read from there, so that it cannot say what is not so.
//!
//! `SOUK_FAILURES=all` plays every row instead of those that differ most; `SOUK_FAILURES=write` also writes down
//! what was seen.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    guest::{self, Placed},
    http::{Call, Http, Reply},
    market::{Article, Market, PASSWORD, quote_request, text_of},
    process::{Gateway, Souk, children_of, redis_url, signal},
    proxy::{Proxy, Way},
    shape::Broker,
    truth,
};

/// Until when the edge gives a request up (`gateway.request_timeout_s`).
const GIVEN_UP_S: u64 = 8;
/// Within which an order that can be paid is paid.
const PAID: Duration = Duration::from_secs(6);
/// How long everything may take to work again.
const BACK: Duration = Duration::from_secs(60);
/// After so long processes that etcd does not hear of are gone from it (`discovery.ttl_s`).
const FORGOTTEN_S: u64 = 2;
/// What the last column says: no answer takes longer. Room is left for machines that do other things, too.
const BOUNDS_S: [u64; 3] = [3, 6, GIVEN_UP_S + 2];
const BOUND_COLUMN: usize = 9;

/// What can be away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Postgres,
    Broker,
    Redis,
    Etcd,
    Search,
    Payments,
}

/// Rows of the table: what is away, whether it hangs (or else is down), whether the row is always played.
const ROWS: [(What, bool, bool); 12] = [
    (What::Postgres, false, false),
    (What::Postgres, true, true),
    (What::Broker, false, true),
    (What::Broker, true, false),
    (What::Redis, false, false),
    (What::Redis, true, false),
    (What::Search, false, true),
    (What::Search, true, false),
    (What::Payments, false, false),
    (What::Payments, true, true),
    (What::Etcd, false, false),
    (What::Etcd, true, false),
];

fn name(what: What, hangs: bool) -> String {
    let what = match what {
        What::Postgres => "PostgreSQL of `orders`",
        What::Broker => "RabbitMQ",
        What::Redis => "Redis",
        What::Etcd => "etcd",
        What::Search => "the process of `search`",
        What::Payments => "the process of `payments`",
    };
    format!("{what} {}", if hangs { "hangs" } else { "is down" })
}

/// What became of something somebody wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Works,
    /// There is less of it, and it says so.
    Less,
    /// Some of its pages are there, the others are refused.
    Part,
    /// It is accepted, and happens when what is away is back.
    Later,
    /// 503 with `Retry-After`.
    Refused,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Works => "works",
            Self::Less => "less",
            Self::Part => "part",
            Self::Later => "later",
            Self::Refused => "refused",
        })
    }
}

/// An order that was placed, or that somebody wanted to place.
struct Wanted {
    key: String,
    order: Value,
}

/// Everything somebody may want, once.
struct Look {
    outcomes: Vec<Outcome>,
    slowest: (Duration, String),
    wanted: Option<Wanted>,
}

struct Scene {
    souk: Souk,
    gateway: Gateway,
    market: Market,
    article: Article,
    /// Cookies of an owner's and an admin's browser.
    owner: String,
    admin: String,
    ways: BTreeMap<&'static str, Proxy>,
}

impl Scene {
    async fn set(dir: &Path) -> Self {
        let mut souk = Souk::in_cluster(dir);
        souk.set("LOG__FILTER", "error");
        souk.set("GATEWAY__REQUEST_TIMEOUT_S", &GIVEN_UP_S.to_string());
        souk.set("DISCOVERY__TTL_S", &FORGOTTEN_S.to_string());
        let postgres = souk.database().expect("a database").url().replace("{service}", "orders");
        let etcd = souk.etcd().to_owned();
        let servers = [
            ("DATABASE__SERVICES__ORDERS__URL", postgres),
            ("EVENTS__URL", Broker::url()),
            ("CACHE__URL", redis_url()),
        ];
        let mut ways = BTreeMap::new();
        for (key, url) in servers {
            let proxy = Proxy::to(&url).await;
            souk.set(key, &proxy.url(&url));
            ways.insert(key, proxy);
        }
        let proxy = Proxy::to(&etcd).await;
        souk.set("DISCOVERY__ETCD", &format!("[\"{}\"]", proxy.url(&etcd)));
        ways.insert("DISCOVERY__ETCD", proxy);
        let gateway = Gateway::start(&mut souk, &[]).await;
        souk.start().await;
        let market = Market::open(&souk, 1).await;
        let article = market.sell(&market.shops[0], "Lamp", 1_990, 1_000_000).await;
        let owner = log_in(&market.http, &market.shops[0].owner.email).await;
        let admin = log_in(&market.http, &market.admin.email).await;
        Self { souk, gateway, market, article, owner, admin, ways }
    }

    /// Tries everything at once.
    async fn look(&self, key: &str) -> Look {
        let http = &self.market.http;
        let shop = &self.market.shops[0].id;
        let line = json!({"variant_id": self.article.variant_id, "quantity": 1});
        let quote = quote_request(&[(&self.article, 1)]);
        let login = json!({"email": self.market.admin.email, "password": PASSWORD});
        let pages = |paths: &[String], cookie: &str| -> Vec<Call<'_>> {
            paths.iter().map(|path| http.get(path.as_str()).header("cookie", cookie)).collect()
        };
        let named = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
        let vendors = ["", "/orders", "/products"].map(|page| format!("/vendor/{shop}{page}"));
        let (browse, search, cart, (order, pay, wanted), log_in, vendor, admin) = tokio::join!(
            outcome(named(&["/", "/c/things", "/p/lamp"]).iter().map(|path| http.get(path.as_str())).collect()),
            outcome(vec![http.get("/search?q=lamp"), http.get("/api/v1/search?q=lamp")]),
            outcome(vec![http.post("/api/v1/carts", &line), http.post("/api/v1/quotes", &quote)]),
            self.buy(key),
            outcome(vec![http.post("/api/v1/sessions", &login)]),
            outcome(pages(&vendors, &self.owner)),
            outcome(pages(&named(&["/admin", "/admin/orders", "/admin/vendors"]), &self.admin)),
        );
        let all = [browse, search, cart, order, pay, log_in, vendor, admin];
        let slowest = all.iter().map(|(_, took)| took.clone()).max().expect("several");
        Look { outcomes: all.iter().map(|(outcome, _)| *outcome).collect(), slowest, wanted }
    }

    /// Places an order and waits a while for it to be paid.
    async fn buy(&self, key: &str) -> (Seen, Seen, Option<Wanted>) {
        let (http, lines) = (&self.market.http, [(&self.article, 1)]);
        let begin = Instant::now();
        let quote = timed(http.post("/api/v1/quotes", &quote_request(&lines))).await;
        if quote.0.status != 200 {
            let seen = (judge(&quote.0), (begin.elapsed(), "quote".to_owned()));
            return (seen.clone(), seen, None);
        }
        let order = guest::order(&quote.0.json(), &lines, 1, "tok_visa");
        let (answer, took) = timed(guest::place(http, key, &order)).await;
        let wanted = Some(Wanted { key: key.to_owned(), order });
        let placed = (judge(&answer), took);
        if answer.status != 202 {
            return (placed.clone(), placed, wanted);
        }
        let (order, begin) = (Placed::of(&answer), Instant::now());
        let mut slowest = Default::default();
        while begin.elapsed() < PAID {
            let (view, took) = timed(order.view(http)).await;
            slowest = std::cmp::max(slowest, took);
            if view.status == 200 && view.json()["status"] == "paid" {
                return (placed, (Outcome::Works, slowest), wanted);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        (placed, (Outcome::Later, slowest), wanted)
    }

    /// Has something go away; what is returned brings it back.
    fn take_away(&mut self, what: What, hangs: bool) -> Box<dyn FnOnce(&Self) + Send> {
        let way = if hangs { Way::Silent } else { Way::Closed };
        let key = match what {
            What::Postgres => "DATABASE__SERVICES__ORDERS__URL",
            What::Broker => "EVENTS__URL",
            What::Redis => "CACHE__URL",
            What::Etcd => "DISCOVERY__ETCD",
            What::Search => return self.stop_process("serve search ", hangs),
            What::Payments => return self.stop_process("serve payments ", hangs),
        };
        self.ways[key].turn(way);
        Box::new(move |scene| scene.ways[key].turn(Way::Open))
    }

    /// A process hangs until it is woken; it is down as long as it is killed whenever it starts.
    fn stop_process(&mut self, words: &'static str, hangs: bool) -> Box<dyn FnOnce(&Self) + Send> {
        let head = self.souk.process().id();
        let all = move |name| children_of(head, words).into_iter().for_each(|process| drop(signal(process, name)));
        if hangs {
            all("STOP");
            return Box::new(move |_| all("CONT"));
        }
        all("KILL");
        let is_over = Arc::new(AtomicBool::new(false));
        let told = is_over.clone();
        let killer = std::thread::spawn(move || {
            while !told.load(Ordering::Acquire) {
                std::thread::sleep(Duration::from_millis(30));
                all("KILL");
            }
        });
        Box::new(move |_| {
            is_over.store(true, Ordering::Release);
            killer.join().expect("the one who kills");
        })
    }

    /// Everything works all the time.
    async fn goes_on_working(&self, row: &str, long: Duration, made: &mut Vec<Placed>) {
        let begin = Instant::now();
        while begin.elapsed() < long {
            let look = self.look(&format!("{row}, back {:?}", begin.elapsed())).await;
            let all_work = look.outcomes.iter().all(|outcome| *outcome == Outcome::Works);
            assert!(all_work, "{row} is over, and after {:?}: {:?}", begin.elapsed(), look.outcomes);
            let Wanted { key, order } = look.wanted.expect("an order");
            made.push(Placed::of(&guest::place(&self.market.http, &key, &order).reply().await));
        }
    }

    /// Waits until everything works again, and whatever was wanted meanwhile has happened once.
    async fn until_all_works(&self, row: &str, wanted: Option<Wanted>, made: &mut Vec<Placed>) {
        let (http, begin) = (&self.market.http, Instant::now());
        let mut wanted: Vec<Wanted> = wanted.into_iter().collect();
        for attempt in 0.. {
            let look = self.look(&format!("{row}, again {attempt}")).await;
            let mut missing = Vec::new();
            for wanted in wanted.drain(..).chain(look.wanted) {
                match guest::place(http, &wanted.key, &wanted.order).reply().await {
                    placed if placed.status == 202 => made.push(Placed::of(&placed)),
                    _ => missing.push(wanted),
                }
            }
            wanted = missing;
            if wanted.is_empty() && look.outcomes.iter().all(|outcome| *outcome == Outcome::Works) {
                println!("failures: {row}: all works {:.1} s after", begin.elapsed().as_secs_f32());
                return;
            }
            assert!(begin.elapsed() < BACK, "{row} is over, and still: {:?} {:?}", look.outcomes, look.slowest);
        }
    }
}

/// What became of it, and how long its slowest request took.
type Seen = (Outcome, (Duration, String));

/// The answer, which has to come, and how long it took.
async fn timed(call: Call<'_>) -> (Reply, (Duration, String)) {
    let (what, begin) = (call.path().to_owned(), Instant::now());
    (call.reply().await, (begin.elapsed(), what))
}

/// What an answer means. A refusal has to be one that says when to come back.
fn judge(reply: &Reply) -> Outcome {
    match reply.status {
        200..=399 if String::from_utf8_lossy(&reply.body).contains("is away for a moment") => Outcome::Less,
        200..=399 => Outcome::Works,
        503 if reply.headers.contains_key("retry-after") => Outcome::Refused,
        _ => panic!("neither an answer nor a refusal: {:?} {reply}", reply.headers),
    }
}

/// What the answers to several calls, all at once, mean together.
async fn outcome(calls: Vec<Call<'_>>) -> Seen {
    let answers = futures::future::join_all(calls.into_iter().map(timed)).await;
    let slowest = answers.iter().map(|(_, took)| took.clone()).max().expect("several");
    let outcomes: Vec<Outcome> = answers.iter().map(|(reply, _)| judge(reply)).collect();
    let refused = outcomes.iter().filter(|outcome| **outcome == Outcome::Refused).count();
    let together = match refused {
        0 if outcomes.contains(&Outcome::Less) => Outcome::Less,
        0 => Outcome::Works,
        some if some == outcomes.len() => Outcome::Refused,
        _ => Outcome::Part,
    };
    (together, slowest)
}

/// Logs a browser in; its cookies.
async fn log_in(http: &Http, email: &str) -> String {
    let cookies = |reply: &Reply| {
        let set = reply.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        set.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
    };
    let form = http.get("/login").reply().await;
    let page = String::from_utf8_lossy(&form.body).into_owned();
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
    let fields = format!("email={}&password={PASSWORD}&csrf={csrf}", email.replace('@', "%40"));
    let sent = http.call(http::Method::POST, "/login").raw("application/x-www-form-urlencoded", fields);
    let answer = sent.header("cookie", &cookies(&form)).reply().await;
    assert_eq!(answer.status, 303, "{answer}");
    cookies(&answer)
}

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/failures.md")
}

/// The cells of a row of the table, by its first one.
fn told(page: &str, row: &str) -> Vec<String> {
    let line = page.lines().find(|line| line.starts_with(&format!("| {row} |")));
    let line = line.unwrap_or_else(|| panic!("docs/failures.md has no row “{row}”"));
    line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// Whatever is away, the shop can be looked at: it works, and only without the search there is less of it. That holds
/// whatever the page says.
fn can_be_browsed(what: What, browsing: &str) -> bool {
    browsing == Outcome::Works.to_string() || what == What::Search && browsing == Outcome::Less.to_string()
}

/// The bound that the last column names, in seconds.
fn bound_for(slowest: Duration) -> u64 {
    let with_room = slowest.as_secs_f64() * 1.3;
    BOUNDS_S.into_iter().find(|bound| with_room <= *bound as f64).unwrap_or(BOUNDS_S[2])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table_of_failures_is_true() {
    let mode = std::env::var("SOUK_FAILURES").unwrap_or_default();
    let dir = tempfile::tempdir().expect("a folder");
    let mut scene = Scene::set(dir.path()).await;
    let mut made = Vec::new();
    scene.until_all_works("nothing", None, &mut made).await;
    let (mut text, mut wrong) = (std::fs::read_to_string(page()).expect("docs/failures.md"), Vec::new());
    for (what, hangs, always) in ROWS {
        if !always && mode.is_empty() {
            continue;
        }
        let row = name(what, hangs);
        let bring_back = scene.take_away(what, hangs);
        if what == What::Etcd {
            // By then it has forgotten everybody, and says so when it is back.
            tokio::time::sleep(Duration::from_secs(FORGOTTEN_S + 1)).await;
        }
        let look = scene.look(&row).await;
        bring_back(&scene);
        if what == What::Etcd {
            scene.goes_on_working(&row, Duration::from_secs(FORGOTTEN_S), &mut made).await;
        }
        let seen: Vec<String> = look.outcomes.iter().map(ToString::to_string).collect();
        println!("failures: {row}: {} ({} ms for {})", seen.join(", "), look.slowest.0.as_millis(), look.slowest.1);
        if !can_be_browsed(what, &seen[0]) {
            wrong.push(format!("{row}: browsing is {}", seen[0]));
        }
        if mode == "write" {
            let bound = bound_for(look.slowest.0);
            let old = text.lines().find(|line| line.starts_with(&format!("| {row} |"))).expect("a row").to_owned();
            text = text.replace(&old, &format!("| {row} | {} | {bound} s |", seen.join(" | ")));
        } else {
            let told = told(&text, &row);
            if told[1..BOUND_COLUMN] != seen {
                wrong.push(format!("{row}: the page says {:?}, and it is {seen:?}", &told[1..BOUND_COLUMN]));
            }
            let bound_s: u64 = told[BOUND_COLUMN].trim_end_matches(" s").parse().expect("seconds");
            if look.slowest.0 > Duration::from_secs(bound_s) {
                wrong.push(format!("{row}: {:?} took longer than {bound_s} s", look.slowest));
            }
        }
        scene.until_all_works(&row, look.wanted, &mut made).await;
    }
    if mode == "write" {
        std::fs::write(page(), &text).expect("docs/failures.md");
    }
    assert!(wrong.is_empty(), "docs/failures.md:\n{}", wrong.join("\n"));
    nothing_was_lost(scene, &made).await;
}

#[test]
fn the_page_promises_browsing_whatever_is_away() {
    let text = std::fs::read_to_string(page()).expect("docs/failures.md");
    for (what, hangs, _) in ROWS {
        let told = told(&text, &name(what, hangs));
        assert!(can_be_browsed(what, &told[1]), "{told:?}");
    }
}

/// What was placed is paid, once, and nothing is on its way any more.
async fn nothing_was_lost(mut scene: Scene, made: &[Placed]) {
    let begin = Instant::now();
    loop {
        let unrest = truth::unrest(&scene.market, &scene.gateway).await;
        if unrest.is_empty() {
            break;
        }
        assert!(begin.elapsed() < BACK, "not at rest:\n{}", unrest.join("\n"));
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let orders = truth::all_orders(&scene.market).await;
    let statuses: BTreeMap<String, &Value> =
        orders.iter().map(|order| (text_of(&order["id"]), &order["status"])).collect();
    for placed in made {
        assert_eq!(statuses.get(&placed.id).copied(), Some(&json!("paid")), "{}", placed.id);
    }
    let acknowledged: std::collections::BTreeSet<&str> = made.iter().map(|placed| placed.id.as_str()).collect();
    assert_eq!(statuses.len(), acknowledged.len(), "orders there are, and orders that were acknowledged");
    truth::no_double_charge(&scene.gateway).await;
    scene.souk.stop().await;
    truth::invariants_hold(&scene.souk);
}
