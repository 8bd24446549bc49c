//! The same program as several processes, with RabbitMQ between them: pages, log-ins, carts, quotes, pictures
//! and whole checkouts work when the services are elsewhere. Each process has its services' files to itself.

use std::{path::Path, time::Instant};

use http::Method;
use serde_json::json;

use crate::{
    guest::{self, Placed},
    http::Http,
    market::{Article, Market, Person, quote_request, text_of},
    process::{POLL, Process, Souk, WITHOUT_LIMITS, command, free_address},
    shape::Broker,
};

/// Which services share a process.
const PROCESSES: &[&[&str]] = &[
    &["identity", "web"],
    &["vendors", "catalog", "inventory", "pricing", "search", "reviews"],
    &["cart", "orders", "payments", "shipping", "notifications", "analytics"],
];

/// A job of `search` that was given up.
const DEAD: &str = "0193f0a0-0000-7000-8000-000000000001";

/// A market that was opened as one process and goes on as four.
struct Split {
    dir: tempfile::TempDir,
    broker: Broker,
    addresses: Vec<std::net::SocketAddr>,
    inside: Vec<Option<Process>>,
    edge: Process,
    http: Http,
}

impl Split {
    async fn open(dir: tempfile::TempDir) -> Self {
        let addresses: Vec<_> = PROCESSES.iter().map(|_| free_address()).collect();
        let (front, broker) = (free_address(), Broker::new());
        let http = Http::new(format!("http://{front}"));
        let mut inside = Vec::new();
        for (n, services) in PROCESSES.iter().enumerate() {
            inside.push(Some(serve(dir.path(), &broker, &addresses, front, services, addresses[n])));
        }
        let mut edge = serve(dir.path(), &broker, &addresses, front, &["gateway"], front);
        edge.ready(&http, "/health/ready").await;
        Self { dir, broker, addresses, inside, edge, http }
    }
    /// Stops every process.
    async fn end(mut self) {
        for process in self.inside.iter_mut().flatten().chain([&mut self.edge]) {
            assert_eq!(process.interrupt().await.code(), Some(0));
        }
    }
    fn start(&mut self, n: usize, front: &str) {
        let front = front.parse().expect("an address");
        let process = serve(self.dir.path(), &self.broker, &self.addresses, front, PROCESSES[n], self.addresses[n]);
        self.inside[n] = Some(process);
    }
}

fn serve(
    dir: &Path,
    broker: &Broker,
    addresses: &[std::net::SocketAddr],
    front: std::net::SocketAddr,
    services: &[&str],
    listen: std::net::SocketAddr,
) -> Process {
    let mut souk = command("souk", dir);
    souk.arg("serve").args(services).arg("--listen").arg(listen.to_string()).arg("--data").arg(dir.join("data"));
    souk.env("SOUK_SERVER__PUBLIC_URL", format!("http://{front}")).env("SOUK_LOG__FILTER", "warn");
    souk.env(WITHOUT_LIMITS.0, WITHOUT_LIMITS.1);
    souk.env("SOUK_EVENTS__BACKEND", "rabbitmq").env("SOUK_EVENTS__URL", Broker::url());
    souk.env("SOUK_EVENTS__PREFIX", &broker.prefix);
    for (services, address) in PROCESSES.iter().zip(addresses) {
        for service in *services {
            let key = format!("SOUK_DISCOVERY__SERVICES__{}", service.to_uppercase());
            souk.env(key, format!("[\"{address}\"]"));
        }
    }
    Process::start(souk, dir, services[0])
}

/// Opens the market in one process: a shop, something on sale, a buyer with a paid order.
async fn prepare(dir: &Path) -> (Market, Article, Person, Placed) {
    let mut souk = Souk::in_files(dir);
    souk.set("LOG__FILTER", "error");
    souk.start().await;
    let market = Market::open(&souk, 1).await;
    let article = market.sell(&market.shops[0], "Blue mug", 1_800, 5).await;
    let buyer = Person::register(&market.http, "buyer@market.example", "Bo Yer").await;
    let lines = [(&article, 1)];
    let order = guest::order(&guest::quote(&market.http, &lines).await, &lines, 1, "tok_visa");
    let placed = Placed::of(&guest::place(&market.http, "split", &order).bearer(&buyer.access).reply().await);
    while placed.view(&market.http).ok().await["status"] != "paid" {
        tokio::time::sleep(POLL).await;
    }
    souk.stop().await;
    let given_up = format!(
        "INSERT INTO jobs (id, kind, key, payload, due_at, lease_until, fence, attempts, state, error, created_at)
         VALUES ('{DEAD}', 'bring_in', 'given up', 'null', 0, 0, 0, 16, 'dead', 'It did not work.', 0)"
    );
    souk.meddle("search", &given_up);
    (market, article, buyer, placed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_market_in_four_processes_serves_its_pages_and_its_api() {
    let dir = tempfile::tempdir().expect("a folder");
    let (market, article, buyer, _) = prepare(dir.path()).await;
    let mut split = Split::open(dir).await;
    let http = split.http.clone();

    for page in ["/", "/p/blue-mug", "/search?q=mug", "/stores", "/login", "/api", "/robots.txt"] {
        let reply = http.get(page).reply().await;
        assert_eq!(reply.status, 200, "{page}: {reply}");
    }
    let page = http.get("/p/blue-mug").reply().await;
    assert!(String::from_utf8_lossy(&page.body).contains("Blue mug"));
    assert_eq!(http.get("/no/such/page").reply().await.status, 404);
    assert_eq!(http.get("/api/v1/no-such").reply().await.status, 404);
    assert_eq!(http.get("/internal/identity/revocations").reply().await.status, 404);
    assert_eq!(http.get("/internal/services/orders").reply().await.status, 404);

    let again = Person::log_in(&http, &buyer.email).await;
    let orders = http.get("/api/v1/orders").bearer(&again.access).ok().await;
    assert_eq!(orders["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(http.get("/api/v1/orders").bearer("nonsense").reply().await.status, 401);

    let quote = http.post("/api/v1/quotes", &quote_request(&[(&article, 2)])).ok().await;
    assert_eq!(
        quote["total"]["amount_minor"].as_i64(),
        Some(3_600 + quote["shipping"]["amount_minor"].as_i64().unwrap())
    );
    let line = json!({"variant_id": article.variant_id, "quantity": 2});
    let cart = http.post("/api/v1/carts/current/lines", &line).bearer(&again.access).ok().await;
    assert_eq!(cart["items"], 2);
    let wrong = json!({"variant_id": article.variant_id, "quantity": "two"});
    let refused = http.post("/api/v1/carts/current/lines", &wrong).bearer(&again.access).reply().await;
    assert_eq!((refused.status, refused.code().as_str()), (422, "invalid_input"));

    let whole = http.get("/api/v1/product-pages/blue-mug").ok().await;
    assert_eq!((&whole["product"]["title"], &whole["stock"][0]["available"]), (&json!("Blue mug"), &json!(4)));
    assert_eq!(text_of(&whole["store"]["slug"]), market.shops[0].slug);
    assert_eq!(whole["rating"]["count"], 0);

    let document = http.get("/api/openapi.json").ok().await;
    for path in ["/api/v1/orders", "/api/v1/products/{slug}", "/api/v1/product-pages/{slug}", "/api/v1/admin/backlogs"]
    {
        assert!(document["paths"][path].is_object(), "{path} is not documented");
    }
    let admin = Person::log_in(&http, &market.admin.email).await;
    let backlogs = http.get("/api/v1/admin/backlogs").bearer(&admin.access).ok().await;
    let names: Vec<_> = backlogs.as_array().unwrap().iter().map(|b| text_of(&b["service"])).collect();
    assert_eq!(names.len(), 14, "{names:?}");
    a_dead_letter_elsewhere(&split, &admin).await;
    pictures(&market, &http).await;
    let sandbox = http.get("/sandbox/v1/journal/summary").bearer("sk_test_wrong").reply().await;
    assert_eq!(sandbox.status, 401, "the sandbox gateway beside payments answers: {sandbox}");
    a_checkout(&http, &article).await;
    a_process_that_ends_and_comes_back(&mut split).await;
    split.end().await;
}

/// The edge lists what `search` gave up on in another process, and has it tried again there.
async fn a_dead_letter_elsewhere(split: &Split, admin: &Person) {
    let http = &split.http;
    let letters = async |service: &str| {
        let path = format!("/api/v1/admin/dead-letters/{service}");
        http.get(path).bearer(&admin.access).ok().await["items"].clone()
    };
    assert_eq!(letters("payments").await, json!([]));
    let dead = letters("search").await;
    assert_eq!(dead.as_array().map(Vec::len), Some(1), "{dead}");
    assert_eq!(
        (&dead[0]["id"], &dead[0]["what"], &dead[0]["attempts"], &dead[0]["error"]),
        (&json!(DEAD), &json!("job"), &json!(16), &json!("It did not work."))
    );
    let again = json!({"what": "job", "id": DEAD});
    let replay = || http.post("/api/v1/admin/dead-letters/search/replay", &again).bearer(&admin.access);
    assert_eq!(replay().reply().await.status, 204);
    assert_eq!(letters("search").await, json!([]));
    assert_eq!(replay().reply().await.status, 404, "it is not dead any more");
    // Done, it is gone: had it failed, it would wait for its next attempt.
    let db = rusqlite::Connection::open(split.dir.path().join("data/search.sqlite")).expect("a database");
    let begin = Instant::now();
    let left = || db.query_row("SELECT count(*) FROM jobs WHERE id = ?1", [DEAD], |row| row.get::<_, i64>(0));
    while left().expect("a count") > 0 {
        assert!(begin.elapsed().as_secs() < 30, "it is not done");
        tokio::time::sleep(POLL).await;
    }
}

/// Every event of the saga crosses the broker: stock is reserved, the card is charged, the order is paid.
async fn a_checkout(http: &Http, article: &Article) {
    let lines = [(article, 1)];
    let order = guest::order(&guest::quote(http, &lines).await, &lines, 2, "tok_visa");
    let placed = Placed::of(&guest::place(http, "split-2", &order).reply().await);
    let begin = Instant::now();
    while placed.view(http).ok().await["status"] != "paid" {
        assert!(begin.elapsed().as_secs() < 60, "not paid: {}", placed.view(http).ok().await);
        tokio::time::sleep(POLL).await;
    }
}

/// A picture passes the edge as it is and comes back rendered.
async fn pictures(market: &Market, http: &Http) {
    let owner = Person::log_in(http, &market.shops[0].owner.email).await;
    let png = include_bytes!("../../../../docs/images/storefront.jpg");
    let path = format!("/api/v1/vendors/{}/media", market.shops[0].id);
    let kept = http.call(Method::POST, path).raw("image/jpeg", png.to_vec()).bearer(&owner.access).ok().await;
    let address = text_of(&kept["sizes"][0]["url"]);
    let picture = http.get(address).reply().await;
    assert_eq!(picture.status, 200);
    assert_eq!(picture.headers["content-type"], "image/jpeg");
}

/// Told to stop, it ends well; meanwhile what needs it says so, and the rest goes on.
async fn a_process_that_ends_and_comes_back(split: &mut Split) {
    let http = split.http.clone();
    let status = split.inside[2].as_mut().expect("it runs").interrupt().await;
    assert_eq!(status.code(), Some(0));
    split.inside[2] = None;
    assert_eq!(http.get("/api/v1/carts/current").reply().await.status, 503);
    assert_eq!(http.get("/p/blue-mug").reply().await.status, 200, "browsing goes on");
    assert_eq!(http.get("/health/ready").reply().await.status, 503);
    assert_eq!(http.get("/health/live").reply().await.status, 200);
    let front = http.base().trim_start_matches("http://").to_owned();
    split.start(2, &front);
    split.edge.ready(&http, "/health/ready").await;
    assert_ne!(http.get("/api/v1/carts/current").reply().await.status, 503);
}
