//! Crash test: guests buy while the program is killed again and again, and the gateway fails at one call in five.
//! Nothing acknowledged is lost, nothing happens twice, no money and no stock goes astray. In a cluster any one of its
//! processes is killed every two seconds, PostgreSQL cuts all connections every ten, RabbitMQ is restarted once and
//! Redis loses what it has once. Some guests have a code of which there are few, some buy a bundle of what is scarce; a
//! store imports products, and money goes back.
//!
//! `SOUK_CRASH_CHECKOUTS=10000` is the long form; `SOUK_CRASH_SEED` repeats a run's dice. `backlog.rs` plays the short form
//! in its cluster, whatever shape is tested.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures::{StreamExt, join, stream};
use http::Method;
use kernel::{Random, SeededRandom, SystemRandom};
use serde_json::json;
use tokio::time::MissedTickBehavior;

mod commerce;

use commerce::{Bought, Commerce};

use crate::{
    guest::{self, Placed, is_settled},
    http::{Call, Http, Reply},
    market::{Article, Market, Person},
    process::{Gateway, Souk, flush_redis},
    shape::Broker,
    truth,
};

/// How long every order and its money may take to come to rest after the last restart: what a killed process had begun is
/// taken up after 15 s, and what the gateway then fails at is tried again within seconds, also the fifth time in a row.
const SAGAS: Duration = Duration::from_secs(60);
/// The same for everything, letters included: what a killed process had begun is taken up when its lease ends.
const DELIVERIES: Duration = Duration::from_secs(120);
/// How long one request may be tried in vain: many restarts.
const TRY: Duration = Duration::from_secs(120);

/// Of a thousand calls that change something, those that the gateway turns down, having done nothing, and those that it
/// does without an answer: one in five fails.
const UNAVAILABLE: u64 = 120;
const UNANSWERED: u64 = 80;

/// Checkouts of the short form in a cluster.
pub const IN_SHORT: usize = 40;
/// How often the program is killed at least while 300 guests or more buy.
const KILLS: usize = 8;
/// How often any one of a cluster's processes is killed.
const KILL_EVERY: Duration = Duration::from_secs(2);
/// PostgreSQL cuts all connections with the first kill and every so many after it.
const CUT_EVERY: u64 = 5;
/// With this kill of a cluster, counted from 0, RabbitMQ is restarted …
const BROKER_RESTARTS: u64 = 1;
/// … and with this one Redis loses everything.
const REDIS_FORGETS: u64 = 2;
/// Of so many kills of a cluster's processes the gateway has to be one …
const MANY_KILLS: usize = 20;
/// … and so many different services have to be among them.
const SERVICES_KILLED: usize = 12;

/// How often each service was killed; in one process it is `souk`.
type Kills = BTreeMap<String, usize>;

/// Cards, each as often as its number says.
const CARDS: &[(u64, &str)] = &[
    (12, "tok_visa"),
    (2, ASKED),
    (2, "tok_declined"),
    (2, "tok_timeout_after_success"),
    (2, "tok_duplicate_webhooks"),
    (2, "tok_out_of_order_webhooks"),
    (2, "tok_late_webhooks"),
    (2, "tok_processing"),
];

/// The card whose buyer has to approve on the gateway's page.
const ASKED: &str = "tok_3ds";

/// Lanterns on sale.
const LANTERNS: usize = 3;
/// Of this one there are few.
const SCARCE: usize = 1;
/// Behind the lanterns comes a bundle of two of those.
const BUNDLE: (usize, i64) = (LANTERNS, 2);

/// What all guests share.
struct Fair {
    http: Http,
    gateway: Http,
    /// The lanterns and the bundle.
    articles: Vec<Article>,
    commerce: Commerce,
    is_cluster: bool,
    dice: SeededRandom,
    retries: AtomicUsize,
    repeats: AtomicUsize,
    asked: AtomicUsize,
}

/// A finished checkout.
struct Checkout {
    placed: Placed,
    /// Article and quantity.
    lines: Vec<(usize, i64)>,
    /// Which code it has.
    offer: Option<usize>,
    /// What was to go back of it.
    refunded: i64,
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

impl Fair {
    /// Puts things on sale, and codes in circulation.
    async fn open(souk: &Souk, gateway: &Gateway, market: &Market, wanted: usize, seed: u64) -> Self {
        let shop = |n: usize| &market.shops[n % market.shops.len()];
        let mut articles = Vec::new();
        for (n, stock) in [1_000_000, wanted as i64 / 8 + 1, 1_000_000].into_iter().enumerate() {
            articles.push(market.sell(shop(n), &format!("Lantern {n}"), 1_990 + n as i64, stock).await);
        }
        let two = [(&articles[SCARCE], BUNDLE.1)];
        let bundle = market.sell_bundle(shop(SCARCE), "Two lanterns", 3_500, &two).await;
        articles.push(bundle);
        Self {
            http: souk.http.clone(),
            gateway: gateway.http.clone(),
            articles,
            commerce: Commerce::open(market, wanted).await,
            is_cluster: souk.is_cluster(),
            dice: SeededRandom::new(seed),
            retries: AtomicUsize::new(0),
            repeats: AtomicUsize::new(0),
            asked: AtomicUsize::new(0),
        }
    }

    /// Guests take their time; that is also what spreads the kills over every step.
    async fn think(&self) {
        tokio::time::sleep(Duration::from_millis(self.dice.below(900))).await;
    }

    /// Asks until somebody answers; a refusal is an answer, a dying server's 5xx is not.
    async fn insist<'a>(&'a self, call: impl Fn(&'a Http) -> Call<'a>) -> Reply {
        self.insist_counting(call).await.0
    }

    /// The same, and how often that was.
    async fn insist_counting<'a>(&'a self, call: impl Fn(&'a Http) -> Call<'a>) -> (Reply, usize) {
        let (begin, mut tries) = (Instant::now(), 1);
        loop {
            match call(&self.http).send().await {
                Ok(reply) if reply.status < 500 => return (reply, tries),
                answer => {
                    assert!(begin.elapsed() < TRY, "tried in vain: {answer:?}");
                    self.retries.fetch_add(1, Ordering::Relaxed);
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    /// The first guests try every card once, with what there is enough of: so every outcome is seen, however few come.
    fn basket(&self, guest: usize) -> Vec<(usize, i64)> {
        if guest < CARDS.len() {
            return vec![(0, 1)];
        }
        let first = self.dice.below(LANTERNS as u64) as usize;
        let mut basket = vec![(first, 1 + self.dice.below(2) as i64)];
        if self.dice.below(2) == 0 {
            basket.push(((first + 1) % LANTERNS, 1));
        }
        if self.dice.below(8) == 0 {
            basket.push((BUNDLE.0, 1));
        }
        basket
    }

    fn card(&self, guest: usize) -> &'static str {
        if let Some((_, card)) = CARDS.get(guest) {
            return card;
        }
        let mut left = self.dice.below(CARDS.iter().map(|(weight, _)| weight).sum());
        let found = CARDS.iter().find(|(weight, _)| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        });
        found.expect("the weights add up").1
    }

    /// One guest's story: look, fill a cart, accept the quote, order, wait for the outcome.
    async fn check_out(&self, guest: usize) -> Checkout {
        let basket = self.basket(guest);
        let lines: Vec<(&Article, i64)> = basket.iter().map(|(n, quantity)| (&self.articles[*n], *quantity)).collect();
        let first = json!({"variant_id": lines[0].0.variant_id, "quantity": lines[0].1});
        self.think().await;
        let cart = self.insist(|http| http.post("/api/v1/carts", &first)).await;
        assert_eq!(cart.status, 201, "{cart}");
        self.think().await;
        let card = self.card(guest);
        let Bought { order, answer, offer } = self.buy(guest, &lines, card).await;
        if self.dice.below(3) == 0 {
            self.think().await;
            let key = format!("crash-{guest}");
            let again = self.insist(|http| guest::place(http, &key, &order)).await;
            assert_eq!((again.status, &again.body), (202, &answer.body), "the same key, another answer");
            self.repeats.fetch_add(1, Ordering::Relaxed);
        }
        let placed = Placed::of(&answer);
        match card {
            ASKED => self.approve(&placed).await,
            _ => self.follow(&placed).await,
        }
        let refunded = self.give_back(&placed, guest).await;
        Checkout { placed, lines: basket, offer, refunded }
    }

    /// Looks at the order for a while, as a buyer does; what is still open then has to settle by itself.
    async fn follow(&self, placed: &Placed) {
        for _ in 0..20 {
            let view = self.insist(|http| placed.view(http)).await;
            assert_eq!(view.status, 200, "an acknowledged order is gone: {view}");
            if is_settled(&view.json()["status"]) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    }
}

impl Fair {
    /// Approves wherever the order says, until it is settled: nobody else can, and it would stay open.
    async fn approve(&self, placed: &Placed) {
        let (begin, mut heard) = (Instant::now(), false);
        while begin.elapsed() < TRY {
            let view = self.insist(|http| placed.view(http)).await.json();
            if is_settled(&view["status"]) {
                heard = true;
                break;
            }
            let page = view["next_action"]["url"].as_str().and_then(|url| url.strip_prefix(self.gateway.base()));
            if let Some(page) = page {
                self.think().await;
                let call = self.gateway.call(Method::POST, page);
                let said = call.raw("application/x-www-form-urlencoded", "answer=approve").send().await;
                // A page of the gateway's that has had its answer says so.
                if said.is_ok_and(|reply| reply.status < 400) {
                    heard = true;
                    self.asked.fetch_add(1, Ordering::Relaxed);
                }
            }
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
        assert!(heard, "nobody could approve {placed:?}");
    }
}

/// Kills and restarts the program every two seconds or so until told to end; then once more.
async fn torment(mut souk: Souk, seed: u64, done: Arc<AtomicBool>) -> (Souk, Kills, Instant) {
    let dice = SeededRandom::new(seed);
    if souk.is_cluster() {
        return torment_cluster(souk, dice, done).await;
    }
    for kills in 1.. {
        let last = done.load(Ordering::Acquire);
        let pause = if last { dice.below(50) } else { 1_000 + dice.below(2_000) };
        tokio::time::sleep(Duration::from_millis(pause)).await;
        souk.kill_and_start().await;
        if last {
            return (souk, Kills::from([("souk".to_owned(), kills)]), Instant::now());
        }
        if (kills as u64).is_multiple_of(CUT_EVERY) {
            tokio::task::block_in_place(|| souk.cut_connections());
        }
    }
    unreachable!("it goes on until it is told to end")
}

/// Kills any one of the processes every two seconds, whatever the others are at and whoever is still away, and more goes
/// wrong beside it; until told to end, then once more.
async fn torment_cluster(mut souk: Souk, dice: SeededRandom, done: Arc<AtomicBool>) -> (Souk, Kills, Instant) {
    let (mut kills, mut broker) = (Kills::new(), None);
    let mut clock = tokio::time::interval(KILL_EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first one comes at once.
    clock.tick().await;
    for turn in 0_u64.. {
        clock.tick().await;
        let last = done.load(Ordering::Acquire) && turn > REDIS_FORGETS;
        let killed = tokio::task::block_in_place(|| souk.kill_one(&kills, dice.below(u64::MAX)));
        if let Some(service) = killed {
            *kills.entry(service).or_default() += 1;
        }
        if last {
            break;
        }
        if turn.is_multiple_of(CUT_EVERY) {
            tokio::task::block_in_place(|| souk.cut_connections());
        }
        match turn {
            // It takes longer than until the next kill.
            BROKER_RESTARTS => broker = Some(tokio::task::spawn_blocking(Broker::restart)),
            REDIS_FORGETS => tokio::task::block_in_place(flush_redis),
            _ => {}
        }
    }
    if let Some(broker) = broker {
        broker.await.expect("RabbitMQ is restarted");
    }
    souk.is_back().await;
    (souk, kills, Instant::now())
}

/// The payment gateway on bad days.
pub async fn failing_gateway(souk: &mut Souk) -> Gateway {
    souk.set("PAYMENTS__SANDBOX__TIMEOUT_MS", "1000");
    let faults = json!({
        "duplicate_per_mille": 100, "reorder_per_mille": 100, "drop_first_per_mille": 100,
        "unavailable_per_mille": UNAVAILABLE, "timeout_per_mille": UNANSWERED,
    });
    let settings = [("SANDBOX_TIMEOUT_ANSWER_MS", "1500"), ("SANDBOX_FAULTS", &faults.to_string())];
    Gateway::start(souk, &settings).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_nothing_doubled_when_the_program_is_killed_again_and_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut souk = Souk::new(dir.path());
    souk.set("LOG__FILTER", "warn");
    let gateway = failing_gateway(&mut souk).await;
    souk.start().await;
    let market = Market::open(&souk, 2).await;
    survive(souk, &gateway, market, setting("SOUK_CRASH_CHECKOUTS", 300) as usize).await;
}

/// So many guests buy while `souk` is tormented; then everything is accounted for, and it stops.
pub async fn survive(souk: Souk, gateway: &Gateway, mut market: Market, wanted: usize) {
    let (seed, is_cluster) = (setting("SOUK_CRASH_SEED", SystemRandom.below(u64::MAX)), souk.is_cluster());
    println!("crash: seed {seed}");
    let_in_again(&mut market).await;
    let fair = Fair::open(&souk, gateway, &market, wanted, seed).await;
    let (begin, done) = (Instant::now(), Arc::new(AtomicBool::new(false)));
    let tormentor = tokio::spawn(torment(souk, seed ^ 1, done.clone()));
    let guests_at_once = if wanted > 1_000 { 96 } else { 24 };
    let buying = stream::iter(0..wanted).map(|guest| fair.check_out(guest)).buffer_unordered(guests_at_once);
    let (checkouts, sent): (Vec<Checkout>, usize) = join!(buying.collect::<Vec<_>>(), fair.import(&market.shops[0]));
    done.store(true, Ordering::Release);
    let (mut souk, kills, restarted) = tormentor.await.expect("the tormentor");

    let_in_again(&mut market).await;
    let refunds = commerce::refunds(&checkouts);
    let of_orders = |what: &str| what.starts_with("order") || what.starts_with("the gateway");
    let sagas_s = at_rest(&market, gateway, &refunds, restarted, SAGAS, of_orders).await;
    commerce::import_ends(&market, &fair.commerce, sent).await;
    let all_s = at_rest(&market, gateway, &refunds, restarted, DELIVERIES, |_| true).await;
    let outcome = account_for(&market, gateway, &fair, &checkouts).await;
    souk.stop().await;
    let invariants = truth::invariants_hold(&souk);
    let who: Vec<String> = kills.iter().map(|(service, times)| format!("{service} {times}")).collect();
    let count = kills.values().sum::<usize>();
    println!(
        "crash: {wanted} checkouts, {count} kills ({}) survived in {} s, {} requests repeated, {} placements repeated on purpose, \
         {} times approved on the gateway's page, {outcome}, 0 lost, 0 doubled, orders settled {sagas_s:.1} s and everything delivered {all_s:.1} s after the last restart, \
         {invariants} invariants hold",
        who.join(", "),
        begin.elapsed().as_secs(),
        fair.retries.load(Ordering::Relaxed),
        fair.repeats.load(Ordering::Relaxed),
        fair.asked.load(Ordering::Relaxed),
    );
    let least = KILLS.min(wanted / 35).max(wanted / 150);
    assert!(count >= least, "only {count} kills: the guests were too quick");
    assert!(fair.asked.load(Ordering::Relaxed) > 0, "nobody had to approve");
    if is_cluster && count >= MANY_KILLS {
        let services = kills.keys().filter(|service| *service != "gateway").count();
        assert!(kills.contains_key("gateway") && services >= SERVICES_KILLED, "somebody was spared: {kills:?}");
    }
}

/// What the admin and the owners were let in with does not last for long.
async fn let_in_again(market: &mut Market) {
    market.admin = Person::log_in(&market.http, &market.admin.email).await;
    for shop in &mut market.shops {
        shop.owner = Person::log_in(&market.http, &shop.owner.email).await;
    }
}

/// Waits until nothing of what `counts` is on its way; how many seconds after the last restart that was.
async fn at_rest(
    market: &Market,
    gateway: &Gateway,
    refunds: &BTreeMap<String, i64>,
    restarted: Instant,
    patience: Duration,
    counts: impl Fn(&str) -> bool,
) -> f32 {
    loop {
        let mut unrest = truth::unrest_with(market, gateway, refunds).await;
        unrest.retain(|what| counts(what));
        if unrest.is_empty() {
            return restarted.elapsed().as_secs_f32();
        }
        assert!(restarted.elapsed() < patience, "not at rest:\n{}", unrest.join("\n"));
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

/// Every order, every cent and every item is where it belongs. Says how the orders ended.
async fn account_for(market: &Market, gateway: &Gateway, fair: &Fair, checkouts: &[Checkout]) -> String {
    let acknowledged: BTreeSet<&str> = checkouts.iter().map(|c| c.placed.id.as_str()).collect();
    assert_eq!(acknowledged.len(), checkouts.len(), "two keys, one order");
    let orders = truth::all_orders(market).await;
    let statuses: BTreeMap<&str, &str> =
        orders.iter().filter_map(|order| Some((order["id"].as_str()?, order["status"].as_str()?))).collect();
    let known: BTreeSet<&str> = statuses.keys().copied().collect();
    assert_eq!(known, acknowledged, "orders there are, and orders that were acknowledged");

    truth::no_double_charge(gateway).await;
    truth::ledger_is_zero(market).await;
    let mut sold = [0; LANTERNS];
    for checkout in checkouts.iter().filter(|c| statuses[c.placed.id.as_str()] == "paid") {
        for (article, quantity) in &checkout.lines {
            let (lantern, pieces) = if *article == BUNDLE.0 { (SCARCE, BUNDLE.1) } else { (*article, 1) };
            sold[lantern] += pieces * quantity;
        }
    }
    for (article, sold) in fair.articles.iter().zip(sold) {
        let stock = truth::stock_of(market, article).await;
        assert_eq!(stock, (article.stock, sold), "on hand and promised of {article:?}");
        assert!(sold <= article.stock, "oversold: {article:?}");
    }
    let count = |status: &str| statuses.values().filter(|s| **s == status).count();
    assert!(count("paid") > 0 && count("rejected") > 0 && count("cancelled") > 0, "too few outcomes: {statuses:?}");
    let offers = fair.offers_add_up(market, checkouts, &statuses).await;
    let refunds = commerce::refunds_went_once(gateway, checkouts, &statuses).await;
    format!(
        "{} paid, {} turned down, {} called off, {offers}, {refunds} refunded in part",
        count("paid"),
        count("rejected"),
        count("cancelled")
    )
}
