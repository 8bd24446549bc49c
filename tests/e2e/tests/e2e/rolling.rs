//! A rolling restart: every process of a cluster is replaced, one after the other, while people browse, fill
//! carts and buy. Nobody notices: no request fails, no order is lost.
//!
//! `SOUK_ROLL_RATE` is the requests per second: 100.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::sync::Semaphore;

use crate::{
    guest::{self, Placed},
    http::{Call, Http, Reply},
    market::{Article, Market, Person, quote_request, text_of},
    process::{Gateway, POLL, Souk},
    truth,
};

/// Longer than this nobody waits: an answer that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(10);
/// People at a time; the rate does not depend on it unless answers take long.
const VISITORS: usize = 64;
/// How long replacing all processes may take.
const ROLL: Duration = Duration::from_secs(300);
/// How long every order may take to settle afterwards.
const SETTLE: Duration = Duration::from_secs(60);

/// What all visitors share.
struct Fair {
    http: Http,
    article: Article,
    slug: String,
    buyer: Person,
    /// A permit per request, given out evenly.
    permits: Semaphore,
    is_over: AtomicBool,
    visitors: AtomicUsize,
    took: Mutex<Vec<Duration>>,
    failed: Mutex<Vec<String>>,
    placed: Mutex<Vec<Placed>>,
}

impl Fair {
    /// One request, when its time has come; no answer, a late one and a 5xx are failures.
    async fn ask(&self, what: &str, call: Call<'_>) -> Option<Reply> {
        let Ok(permit) = self.permits.acquire().await else { return None };
        permit.forget();
        let begin = Instant::now();
        let answer = tokio::time::timeout(PATIENCE, call.send()).await.unwrap_or_else(|_| Err("too late".to_owned()));
        let took = begin.elapsed();
        note(&self.took, took);
        let failure = match answer {
            Ok(reply) if reply.status < 500 => return Some(reply),
            Ok(reply) => reply.to_string(),
            Err(cause) => cause,
        };
        note(&self.failed, format!("{what} after {} ms: {failure}", took.as_millis()));
        None
    }

    /// The same where the answer has to be `status`.
    async fn expect(&self, what: &str, status: u16, call: Call<'_>) -> Option<Reply> {
        let reply = self.ask(what, call).await?;
        if reply.status == status {
            return Some(reply);
        }
        note(&self.failed, format!("{what}: {reply}"));
        None
    }

    /// Looks around, fills a cart, and every third time buys.
    async fn visit(&self, visitor: usize) -> Option<()> {
        let http = &self.http;
        self.expect("home", 200, http.get("/")).await?;
        self.expect("product", 200, http.get(format!("/p/{}", self.slug))).await?;
        self.expect("search", 200, http.get("/search?q=lamp")).await?;
        self.expect("product page", 200, http.get(format!("/api/v1/product-pages/{}", self.slug))).await?;
        let line = json!({"variant_id": self.article.variant_id, "quantity": 1});
        self.expect("cart", 201, http.post("/api/v1/carts", &line)).await?;
        self.expect("own cart", 200, http.get("/api/v1/carts/current").bearer(&self.buyer.access)).await?;
        self.expect("account", 200, http.get("/api/v1/me").bearer(&self.buyer.access)).await?;
        if !visitor.is_multiple_of(3) {
            return Some(());
        }
        let lines = [(&self.article, 1)];
        let quote = self.expect("quote", 200, http.post("/api/v1/quotes", &quote_request(&lines))).await?;
        let order = guest::order(&quote.json(), &lines, visitor, "tok_visa");
        let answer = self.expect("order", 202, guest::place(http, &format!("roll-{visitor}"), &order)).await?;
        let placed = Placed::of(&answer);
        note(&self.placed, placed.clone());
        for _ in 0..3 {
            self.expect("its order", 200, placed.view(http)).await?;
        }
        Some(())
    }

    /// One after the other visits until it is over.
    async fn visits(&self) {
        while !self.is_over.load(Ordering::Acquire) {
            self.visit(self.visitors.fetch_add(1, Ordering::Relaxed)).await;
        }
    }
}

fn note<T>(notes: &Mutex<Vec<T>>, what: T) {
    notes.lock().unwrap_or_else(PoisonError::into_inner).push(what);
}

fn take<T>(notes: &Mutex<Vec<T>>) -> Vec<T> {
    std::mem::take(&mut *notes.lock().unwrap_or_else(PoisonError::into_inner))
}

async fn open(dir: &std::path::Path) -> (Souk, Gateway, Market, Arc<Fair>) {
    let mut souk = Souk::in_cluster(dir);
    souk.set("LOG__FILTER", "warn");
    let gateway = Gateway::start(&mut souk, &[]).await;
    souk.start().await;
    let market = Market::open(&souk, 1).await;
    let article = market.sell(&market.shops[0], "Lamp", 1_990, 1_000_000).await;
    let buyer = Person::register(&market.http, "buyer@market.example", "Bo Yer").await;
    let line = json!({"variant_id": article.variant_id, "quantity": 1});
    market.http.post("/api/v1/carts/current/lines", &line).bearer(&buyer.access).ok().await;
    let path = format!("/api/v1/vendors/{}/products/{}", market.shops[0].id, article.product_id);
    let product = market.http.get(path).bearer(&market.shops[0].owner.access).ok().await;
    let fair = Arc::new(Fair {
        http: market.http.clone(),
        slug: text_of(&product["slug"]),
        article,
        buyer,
        permits: Semaphore::new(0),
        is_over: AtomicBool::new(false),
        visitors: AtomicUsize::new(0),
        took: Mutex::default(),
        failed: Mutex::default(),
        placed: Mutex::default(),
    });
    (souk, gateway, market, fair)
}

/// Gives out permits evenly, as long as somebody wants them.
async fn pace(fair: Arc<Fair>, rate: f64) {
    let begin = Instant::now();
    let mut given = 0_usize;
    while !fair.is_over.load(Ordering::Acquire) {
        let due = (begin.elapsed().as_secs_f64() * rate) as usize;
        fair.permits.add_permits(due - given);
        given = due;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // Whoever is in the middle of a visit goes on to its end.
    fair.permits.add_permits(100_000);
}

/// Has every process replaced; how long that took.
async fn roll(souk: &mut Souk) -> Duration {
    let before = souk.process().children("");
    let begin = Instant::now();
    souk.process().signal("HUP");
    let done = format!("All {} processes were replaced.", before.len());
    while !souk.output().contains(&done) {
        let troubles = souk.process().troubles();
        assert!(!troubles.contains("is not replaced"), "{troubles}");
        assert!(begin.elapsed() < ROLL, "not all were replaced: {}\n{troubles}", souk.output());
        tokio::time::sleep(POLL).await;
    }
    let after = souk.process().children("");
    assert_eq!(after.len(), before.len(), "{after:?} instead of {before:?}");
    assert!(after.iter().all(|process| !before.contains(process)), "{after:?} instead of {before:?}");
    begin.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_notices_when_every_process_is_replaced() {
    let rate: f64 = std::env::var("SOUK_ROLL_RATE").map_or(100.0, |rate| rate.parse().expect("requests per second"));
    let dir = tempfile::tempdir().expect("a folder");
    let (mut souk, gateway, market, fair) = open(dir.path()).await;
    let begin = Instant::now();
    let mut people: Vec<_> = (0..VISITORS)
        .map(|_| {
            let fair = fair.clone();
            tokio::spawn(async move { fair.visits().await })
        })
        .collect();
    people.push(tokio::spawn(pace(fair.clone(), rate)));
    tokio::time::sleep(Duration::from_secs(2)).await;
    let took = roll(&mut souk).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    fair.is_over.store(true, Ordering::Release);
    for person in people {
        person.await.expect("a visitor");
    }
    let lasted = begin.elapsed();

    let (mut times, failed, placed) = (take(&fair.took), take(&fair.failed), take(&fair.placed));
    times.sort_unstable();
    let share = |part: usize| times[(times.len() - 1) * part / 100].as_millis();
    println!(
        "rolling: {} processes replaced in {:.0} s, {} requests ({:.0} a second), {} failed, half within {} ms, \
         99 % within {} ms, all within {} ms, {} orders",
        souk.process().children("").len(),
        took.as_secs_f32(),
        times.len(),
        times.len() as f32 / lasted.as_secs_f32(),
        failed.len(),
        share(50),
        share(99),
        share(100),
        placed.len(),
    );
    assert!(failed.is_empty(), "{} of {} failed:\n{}", failed.len(), times.len(), failed.join("\n"));
    assert!(placed.len() > 10, "only {} orders", placed.len());
    assert!(times.len() as f64 > lasted.as_secs_f64() * rate * 0.8, "the load was not kept up");
    settled(&market, &gateway, &fair, &placed).await;
    souk.stop().await;
    truth::invariants_hold(&souk);
}

/// Every order that was acknowledged is paid, and nothing is on its way any more.
async fn settled(market: &Market, gateway: &Gateway, fair: &Fair, placed: &[Placed]) {
    let begin = Instant::now();
    loop {
        let unrest = truth::unrest(market, gateway).await;
        if unrest.is_empty() {
            break;
        }
        assert!(begin.elapsed() < SETTLE, "not at rest:\n{}", unrest.join("\n"));
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let orders = truth::all_orders(market).await;
    assert_eq!(orders.len(), placed.len(), "orders there are, and orders that were acknowledged");
    assert!(orders.iter().all(|order| order["status"] == "paid"), "{orders:?}");
    truth::no_double_charge(gateway).await;
    let count = i64::try_from(placed.len()).expect("a count");
    assert_eq!(truth::stock_of(market, &fair.article).await, (fair.article.stock, count), "on hand and promised");
}
