//! What else goes on while guests buy and the program dies: codes of which there are few, a bundle of what is scarce, an
//! import, and money that goes back.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use http::Method;
use kernel::Random;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::{Checkout, DELIVERIES, Fair};
use crate::{
    guest::{self, Placed},
    http::{Call, Http, Reply},
    market::{Article, Market, PASSWORD, Person, Shop, id_of, quote_request, text_of},
    process::{Gateway, POLL},
    truth,
};

/// What a code takes off.
const OFF: i64 = 300;
/// What goes back of some orders.
const REFUND: i64 = 500;
/// Products in the file: two batches.
const IMPORTED: usize = 120;
/// How often one guest is told of another price at most.
const QUOTES: usize = 50;

/// A code of which there are few.
struct Offer {
    code: &'static str,
    id: String,
    /// How many orders can have it.
    most: i64,
    /// How often the program may have died between the hold and the order, whose guest then ordered otherwise; in a
    /// cluster also without the guest's asking twice, for there the gateway may ask again. Such holds lapse after ten
    /// minutes.
    orphans: AtomicUsize,
}

/// What is on beside the lanterns.
pub(super) struct Commerce {
    offers: [Offer; 2],
    admin: Mutex<Person>,
    /// What the first shop had imported before.
    imports: BTreeSet<String>,
}

/// What came of an order that was placed.
pub(super) struct Bought {
    /// What was asked for.
    pub order: Value,
    /// What was answered.
    pub answer: Reply,
    /// Which code it has.
    pub offer: Option<usize>,
}

impl Commerce {
    /// A code for few orders and one with a small budget.
    pub async fn open(market: &Market, checkouts: usize) -> Self {
        let most = checkouts as i64 / 20 + 1;
        let few = offer(market, "FEW", "max_uses", most, most).await;
        // The last cents of a budget take nothing off.
        let cheap = offer(market, "CHEAP", "budget_minor", most * OFF + OFF - 1, most).await;
        let imports = imports_of(market).await.iter().map(id_of).collect();
        Self { offers: [few, cheap], admin: Mutex::new(market.admin.clone()), imports }
    }

    /// True of an import that was not there before.
    fn is_new(&self, import: &Value) -> bool {
        !self.imports.contains(&id_of(import))
    }
}

/// All imports of the first shop.
async fn imports_of(market: &Market) -> Vec<Value> {
    let shop = &market.shops[0];
    let path = format!("/api/v1/vendors/{}/imports", shop.id);
    truth::all_items(&market.http, &path, |call| call.bearer(&shop.owner.access)).await
}

async fn offer(market: &Market, code: &'static str, limit: &str, is: i64, most: i64) -> Offer {
    let mut promotion = json!({
        "name": format!("Off with {code}"), "code": code, "currency": "EUR", "starts_at": "2020-01-01T00:00:00Z",
        "platform_share_bp": 5_000, "effect": {"type": "amount_off", "amount_minor": OFF},
    });
    promotion[limit] = json!(is);
    let made = market.as_admin(market.http.post("/api/v1/admin/promotions", &promotion)).ok().await;
    Offer { code, id: id_of(&made), most, orphans: AtomicUsize::new(0) }
}

impl Fair {
    /// One guest in four has a code.
    fn code(&self) -> Option<usize> {
        (self.dice.below(4) == 0).then(|| self.dice.below(2) as usize)
    }

    /// Accepts what it costs, with a code or without, and orders. Whoever comes too late for the code is told the new
    /// price, and orders at that.
    pub(super) async fn buy(&self, guest: usize, lines: &[(&Article, i64)], card: &str) -> Bought {
        let (key, code) = (format!("crash-{guest}"), self.code());
        let mut request = quote_request(lines);
        if let Some(code) = code {
            request["codes"] = json!([self.commerce.offers[code].code]);
        }
        let mut earlier: Vec<(Value, Option<usize>)> = Vec::new();
        for _ in 0..QUOTES {
            let quote = self.insist(|http| http.post("/api/v1/quotes", &request)).await;
            assert_eq!(quote.status, 200, "{quote}");
            let quote = quote.json();
            let offer = code.filter(|_| quote["codes"][0]["applied"] == true);
            self.think().await;
            let mut order = guest::order(&quote, lines, guest, card);
            if code.is_some() {
                order["codes"] = request["codes"].clone();
            }
            let (answer, tries) = self.insist_counting(|http| guest::place(http, &key, &order)).await;
            if answer.status == 202 {
                return Bought { order, answer, offer };
            }
            if answer.code() == "idempotency_key_reused" {
                return self.find(&key, earlier).await;
            }
            let is_dearer = code.is_some() && (answer.status, answer.code().as_str()) == (409, "quote_changed");
            assert!(is_dearer, "{answer}");
            if let Some(offer) = offer.filter(|_| tries > 1 || self.is_cluster) {
                self.commerce.offers[offer].orphans.fetch_add(1, Ordering::Relaxed);
            }
            earlier.push((order, offer));
        }
        panic!("the price never stood still for {key}");
    }

    /// What was refused at first had been taken on its way, by a process that lived on.
    async fn find(&self, key: &str, earlier: Vec<(Value, Option<usize>)>) -> Bought {
        for (order, offer) in earlier {
            let answer = self.insist(|http| guest::place(http, key, &order)).await;
            if answer.status == 202 {
                return Bought { order, answer, offer };
            }
        }
        panic!("{key} was used for another request, and for none of these");
    }

    /// An admin's call, asked until somebody answers.
    async fn as_admin<'a>(&'a self, call: impl Fn(&'a Http) -> Call<'a>) -> Reply {
        let access = self.commerce.admin.lock().await.access.clone();
        let reply = self.insist(|http| call(http).bearer(&access)).await;
        if reply.status != 401 {
            return reply;
        }
        // A token does not live as long as the long form.
        let mut admin = self.commerce.admin.lock().await;
        let known = json!({"email": admin.email, "password": PASSWORD});
        let tokens = self.insist(|http| http.post("/api/v1/sessions", &known)).await;
        assert_eq!(tokens.status / 100, 2, "{tokens}");
        admin.access = text_of(&tokens.json()["access_token"]);
        self.insist(|http| call(http).bearer(&admin.access)).await
    }

    /// The market gives something of one order in six back if it is paid, and asks twice for half of these. How much.
    pub(super) async fn give_back(&self, placed: &Placed, guest: usize) -> i64 {
        if self.dice.below(6) != 0 || self.insist(|http| placed.view(http)).await.json()["status"] != "paid" {
            return 0;
        }
        let path = format!("/api/v1/admin/payments?order_id={}", placed.id);
        let found = self.as_admin(|http| http.get(path.as_str())).await;
        let path = format!("/api/v1/admin/payments/{}/refunds", id_of(&found.json()["items"][0]));
        let (wanted, key) = (json!({"amount_minor": REFUND, "reason": "A scratch."}), format!("crash-{guest}"));
        for _ in 0..1 + self.dice.below(2) {
            let answer = self.as_admin(|http| http.post(path.as_str(), &wanted).key(&key)).await;
            assert_eq!(answer.status, 202, "{answer}");
        }
        REFUND
    }

    /// Sends a file with products; how often, for without an answer it may have come all the same.
    pub(super) async fn import(&self, shop: &Shop) -> usize {
        let mut csv = "handle,title,category,currency,status,sku,price,initial_stock\n".to_owned();
        for n in 0..IMPORTED {
            writeln!(csv, "imported-{n},{},things,EUR,published,IMPORTED-{n},9.90,5", title(n)).expect("a text");
        }
        let path = format!("/api/v1/vendors/{}/imports", shop.id);
        self.think().await;
        for sent in 1.. {
            let call = self.http.call(Method::POST, path.as_str()).raw("text/csv", csv.clone());
            match call.bearer(&shop.owner.access).send().await {
                Ok(reply) if reply.status == 202 => return sent,
                Ok(reply) => assert!(reply.status >= 500, "{reply}"),
                Err(_) => {}
            }
            let known = self.insist(|http| http.get(path.as_str()).bearer(&shop.owner.access)).await;
            let known = known.json();
            if known["items"].as_array().expect("imports").iter().any(|import| self.commerce.is_new(import)) {
                return sent;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        unreachable!("it is sent until it has come")
    }

    /// No code was had more often than it may be, and each by those orders alone that still have it. Says how often.
    pub(super) async fn offers_add_up(
        &self,
        market: &Market,
        checkouts: &[Checkout],
        statuses: &BTreeMap<&str, &str>,
    ) -> String {
        let mut said = Vec::new();
        for (n, offer) in self.commerce.offers.iter().enumerate() {
            let path = format!("/api/v1/admin/promotions/{}", offer.id);
            let view = market.as_admin(market.http.get(path)).ok().await;
            let uses = view["uses"].as_i64().expect("uses");
            assert_eq!(view["spent"]["amount_minor"], uses * OFF, "{view}");
            assert!(uses <= offer.most, "more than there are: {view}");
            let has_it = |c: &&Checkout| c.offer == Some(n) && statuses[c.placed.id.as_str()] == "paid";
            let have = checkouts.iter().filter(has_it).count() as i64;
            let orphans = offer.orphans.load(Ordering::Relaxed) as i64;
            assert!((have..=have + orphans).contains(&uses), "{have} orders have it, {orphans} died for it: {view}");
            said.push(format!("{} had by {have} of {}", offer.code, offer.most));
        }
        said.join(", ")
    }
}

/// Waits until the import has ended: once, with exactly its products.
pub(super) async fn import_ends(market: &Market, commerce: &Commerce, sent: usize) {
    let (shop, begin) = (&market.shops[0], Instant::now());
    let imports = loop {
        let mut imports = imports_of(market).await;
        imports.retain(|import| commerce.is_new(import));
        if imports.iter().all(|import| import["status"] == "done") {
            break imports;
        }
        assert!(begin.elapsed() < DELIVERIES, "the import does not end: {imports:?}");
        tokio::time::sleep(POLL).await;
    };
    assert!((1..=sent).contains(&imports.len()), "sent {sent} times: {imports:?}");
    let sum = |key: &str| imports.iter().filter_map(|import| import[key].as_i64()).sum::<i64>();
    let sums = ["created", "updated", "failed", "errors_total"].map(sum);
    assert_eq!(sums, [IMPORTED as i64, 0, 0, 0], "{imports:?}");
    let path = format!("/api/v1/vendors/{}/products", shop.id);
    let products = truth::all_items(&market.http, &path, |call| call.bearer(&shop.owner.access)).await;
    let titles = products.iter().map(|product| text_of(&product["input"]["title"]));
    let mut titles: Vec<String> = titles.filter(|title| title.starts_with("Imported")).collect();
    titles.sort();
    assert_eq!(titles, (0..IMPORTED).map(title).collect::<Vec<_>>());
}

fn title(n: usize) -> String {
    format!("Imported {n:03}")
}

/// What is to go back, by order.
pub(super) fn refunds(checkouts: &[Checkout]) -> BTreeMap<String, i64> {
    checkouts.iter().map(|checkout| (checkout.placed.id.clone(), checkout.refunded)).collect()
}

/// By the gateway's own journal went back of each paid order what was to go back, once. Says of how many.
pub(super) async fn refunds_went_once(
    gateway: &Gateway,
    checkouts: &[Checkout],
    statuses: &BTreeMap<&str, &str>,
) -> usize {
    let returned = truth::money_returned(gateway).await;
    let is_paid = |checkout: &&Checkout| statuses[checkout.placed.id.as_str()] == "paid";
    let mut with_refund = 0;
    for Checkout { placed, refunded, .. } in checkouts.iter().filter(is_paid) {
        assert_eq!(returned.get(&placed.id).copied().unwrap_or(0), *refunded, "gone back of {placed:?}");
        with_refund += usize::from(*refunded > 0);
    }
    with_refund
}
