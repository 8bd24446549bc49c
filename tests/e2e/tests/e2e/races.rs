//! Races over HTTP: many at once want what only some can have.

use std::collections::BTreeSet;

use futures::future::join_all;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    guest::{self, Placed, is_settled},
    market::{Article, Market, Person, id_of, quote_request},
    process::{Gateway, POLL, Souk},
    truth,
};

/// A market under way.
struct Fair {
    _dir: TempDir,
    souk: Souk,
    gateway: Gateway,
    market: Market,
}

async fn open() -> Fair {
    let dir = tempfile::tempdir().expect("a folder");
    let mut souk = Souk::new(dir.path());
    souk.set("LOG__FILTER", "warn");
    let gateway = Gateway::start(&mut souk, &[]).await;
    souk.start().await;
    let market = Market::open(&souk, 2).await;
    Fair { _dir: dir, souk, gateway, market }
}

impl Fair {
    async fn sell(&self, title: &str, price_minor: i64, stock: i64) -> Article {
        self.market.sell(&self.market.shops[0], title, price_minor, stock).await
    }

    async fn order(&self, article: &Article, guest: usize) -> Value {
        let lines = [(article, 1)];
        guest::order(&guest::quote(&self.market.http, &lines).await, &lines, guest, "tok_visa")
    }

    /// Waits until an order is settled; its status.
    async fn settled(&self, placed: &Placed) -> String {
        loop {
            let status = placed.view(&self.market.http).ok().await["status"].clone();
            if is_settled(&status) {
                return status.as_str().unwrap_or_default().to_owned();
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// An order that is paid, and its payment.
    async fn paid(&self, article: &Article, key: &str) -> (Placed, Value) {
        let order = self.order(article, 0).await;
        let placed = Placed::of(&guest::place(&self.market.http, key, &order).reply().await);
        assert_eq!(self.settled(&placed).await, "paid");
        (placed.clone(), self.payment(&placed).await)
    }

    async fn payment(&self, placed: &Placed) -> Value {
        let path = format!("/api/v1/admin/payments?order_id={}", placed.id);
        let found = self.market.as_admin(self.market.http.get(path)).ok().await;
        assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "{found}");
        found["items"][0].clone()
    }

    /// Waits until nothing moves any more, then looks at the invariants.
    async fn close(mut self) {
        for _ in 0..1_200 {
            if truth::unrest(&self.market, &self.gateway).await.is_empty() {
                break;
            }
            tokio::time::sleep(POLL).await;
        }
        truth::no_double_charge(&self.gateway).await;
        truth::ledger_is_zero(&self.market).await;
        self.souk.stop().await;
        truth::invariants_hold(&self.souk);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_guests_for_ten_units_buy_exactly_ten_and_no_loser_is_charged() {
    let fair = open().await;
    let article = fair.sell("Last lamp", 4_900, 10).await;
    let order = fair.order(&article, 0).await;
    let race = (0..200).map(|guest| {
        let mut order = order.clone();
        order["email"] = format!("guest{guest}@example.com").into();
        let http = fair.market.http.clone();
        async move { guest::place(&http, &format!("race-{guest}"), &order).reply().await }
    });
    let answers = join_all(race).await;
    let mut paid = BTreeSet::new();
    for answer in &answers {
        assert_eq!(answer.status, 202, "{answer}");
        let placed = Placed::of(answer);
        match fair.settled(&placed).await.as_str() {
            "paid" => assert!(paid.insert(placed.id)),
            other => assert_eq!(other, "rejected", "{answer}"),
        }
    }
    assert_eq!(paid.len(), 10);
    let charged: BTreeSet<String> =
        truth::money_held(&fair.gateway).await.into_iter().filter(|(_, held)| *held != 0).map(|(id, _)| id).collect();
    assert_eq!(charged, paid, "who was charged, and who bought");
    assert_eq!(truth::stock_of(&fair.market, &article).await, (10, 10));
    println!(
        "races: 200 guests for 10 units, 10 bought, {} turned down, 0 of them charged",
        answers.len() - paid.len()
    );
    fair.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_and_its_parts_are_sold_as_far_as_they_suffice_and_no_loser_is_charged() {
    let fair = open().await;
    let cup = fair.sell("Last cup", 1_500, 24).await;
    let jug = fair.sell("Last jug", 3_900, 50).await;
    let shop = &fair.market.shops[0];
    let set = fair.market.sell_bundle(shop, "Tea set", 6_500, &[(&cup, 2), (&jug, 1)]).await;
    let pair = fair.market.sell_bundle(shop, "Pair of cups", 2_700, &[(&cup, 2)]).await;
    // Each of them alone could be had; all of it together for a third of them at most.
    let wishes: [&[(&Article, i64)]; 4] = [&[(&set, 1)], &[(&cup, 1)], &[(&pair, 1)], &[(&set, 1), (&cup, 1)]];
    let cups = [2, 1, 2, 3];
    let mut orders = Vec::new();
    for lines in wishes {
        orders.push(guest::order(&guest::quote(&fair.market.http, lines).await, lines, 0, "tok_visa"));
    }
    let race = (0..120).map(|guest| {
        let mut order = orders[guest % 4].clone();
        order["email"] = format!("guest{guest}@example.com").into();
        let http = fair.market.http.clone();
        async move { guest::place(&http, &format!("bundle-{guest}"), &order).reply().await }
    });
    let (mut paid, mut sold) = (BTreeSet::new(), [0_i64; 4]);
    for (guest, answer) in join_all(race).await.iter().enumerate() {
        assert_eq!(answer.status, 202, "{answer}");
        let placed = Placed::of(answer);
        match fair.settled(&placed).await.as_str() {
            "paid" => {
                assert!(paid.insert(placed.id));
                sold[guest % 4] += 1;
            }
            other => assert_eq!(other, "rejected", "{answer}"),
        }
    }
    let charged: BTreeSet<String> =
        truth::money_held(&fair.gateway).await.into_iter().filter(|(_, held)| *held != 0).map(|(id, _)| id).collect();
    assert_eq!(charged, paid, "who was charged, and who bought");
    let needed: i64 = sold.iter().zip(cups).map(|(sold, cups)| sold * cups).sum();
    assert_eq!(truth::stock_of(&fair.market, &cup).await, (24, needed));
    assert_eq!(truth::stock_of(&fair.market, &jug).await, (50, sold[0] + sold[3]));
    // A single cup was wanted to the end, so that none is left.
    assert_eq!(needed, 24, "{sold:?}");
    println!("races: 120 guests for 24 cups alone, in pairs and in sets: {sold:?} sold, the others not charged");
    fair.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_guests_for_a_code_for_ten_get_it_ten_times_and_nobody_pays_what_was_not_quoted() {
    let fair = open().await;
    let article = fair.sell("Cheap lamp", 5_000, 500).await;
    let promotion = json!({
        "name": "Ten for ten", "code": "TEN", "currency": "EUR", "starts_at": "2020-01-01T00:00:00Z", "max_uses": 10,
        "max_uses_per_customer": 1, "platform_share_bp": 5_000, "effect": {"type": "amount_off", "amount_minor": 1_000},
    });
    let http = &fair.market.http;
    let promotion = fair.market.as_admin(http.post("/api/v1/admin/promotions", &promotion)).reply().await.json();
    let lines = [(&article, 1)];
    let mut request = quote_request(&lines);
    let full = http.post("/api/v1/quotes", &request).ok().await["total"]["amount_minor"].as_i64().unwrap();
    request["codes"] = json!(["ten"]);
    let quote = http.post("/api/v1/quotes", &request).ok().await;
    assert_eq!(quote["total"]["amount_minor"], full - 1_000, "{quote}");
    let mut order = guest::order(&quote, &lines, 0, "tok_visa");
    order["codes"] = json!(["TEN"]);
    let race = (0..200).map(|guest| {
        let mut order = order.clone();
        order["email"] = format!("guest{guest}@example.com").into();
        async move { guest::place(http, &format!("code-{guest}"), &order).reply().await }
    });
    let mut winners = BTreeSet::new();
    let mut losers = 0;
    for answer in join_all(race).await {
        if answer.status == 202 {
            let placed = Placed::of(&answer);
            assert_eq!((fair.settled(&placed).await.as_str(), placed.total_minor), ("paid", full - 1_000));
            winners.insert(placed.id);
            continue;
        }
        // The new quote is without the promotion, and says why.
        assert_eq!((answer.status, answer.code().as_str()), (409, "quote_changed"), "{answer}");
        let fresh = &answer.json()["extra"]["quote"];
        assert_eq!((&fresh["total"]["amount_minor"], &fresh["codes"][0]["reason"]), (&json!(full), &json!("used_up")));
        losers += 1;
    }
    assert_eq!((winners.len(), losers), (10, 190));
    let held: Vec<(String, i64)> =
        truth::money_held(&fair.gateway).await.into_iter().filter(|(_, held)| *held != 0).collect();
    assert!(held.iter().all(|(id, held)| winners.contains(id) && *held == full - 1_000), "{held:?}");
    assert_eq!((held.len(), truth::all_orders(&fair.market).await.len()), (10, 10));
    let path = format!("/api/v1/admin/promotions/{}", id_of(&promotion));
    let used = fair.market.as_admin(http.get(path)).ok().await;
    assert_eq!((&used["uses"], &used["spent"]["amount_minor"]), (&json!(10), &json!(10_000)), "{used}");
    println!("races: 200 guests for a code for 10, 10 had it, {losers} were told the full price, 0 of them charged");
    fair.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_placements_with_one_key_are_one_order() {
    let fair = open().await;
    let article = fair.sell("Popular lamp", 2_500, 100).await;
    let order = fair.order(&article, 0).await;
    let answers = join_all((0..50).map(|_| guest::place(&fair.market.http, "one-key", &order).reply())).await;
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (202, &answers[0].body), "not byte-equal");
    }
    assert_eq!(fair.settled(&Placed::of(&answers[0])).await, "paid");
    assert_eq!(truth::all_orders(&fair.market).await.len(), 1);
    assert_eq!(truth::stock_of(&fair.market, &article).await, (100, 1));
    // The same key for something else is refused, and nothing comes of it.
    let mut other = order.clone();
    other["note"] = "another order".into();
    let refused = guest::place(&fair.market.http, "one-key", &other).reply().await;
    assert_eq!((refused.status, refused.code().as_str()), (422, "idempotency_key_reused"), "{refused}");
    assert_eq!(truth::all_orders(&fair.market).await.len(), 1);
    println!("races: 50 placements with one key, 1 order, 50 byte-equal answers");
    fair.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_refunds_of_a_tenth_at_once_ten_are_made() {
    let fair = open().await;
    let article = fair.sell("Broken lamp", 8_000, 100).await;
    let (placed, payment) = fair.paid(&article, "to-refund").await;
    let (captured, part) = (placed.total_minor, placed.total_minor / 10);
    let path = format!("/api/v1/admin/payments/{}/refunds", id_of(&payment));
    let refund = |n: usize| {
        let body = json!({"amount_minor": part, "reason": "Arrived broken"});
        fair.market.as_admin(fair.market.http.post(&path, &body)).key(&format!("refund-{n}")).reply()
    };
    let answers = join_all((0..200).map(refund)).await;
    let accepted = answers.iter().filter(|answer| answer.status == 202).count();
    for refused in answers.iter().filter(|answer| answer.status != 202) {
        assert!(matches!(refused.status, 409 | 422) && refused.is_problem(), "{refused}");
    }
    assert_eq!(accepted, 10, "as many as fit");
    let left = captured - 10 * part;
    assert!((0..10).contains(&left), "{captured} are ten times {part}, and {left}");
    loop {
        let payment = fair.payment(&placed).await;
        let refunds = payment["refunds"].as_array().expect("refunds");
        if refunds.len() == accepted && refunds.iter().all(|refund| refund["status"] == "succeeded") {
            break;
        }
        tokio::time::sleep(POLL).await;
    }
    assert_eq!(truth::money_held(&fair.gateway).await[&placed.id], left);
    println!("races: 200 refunds at once, {accepted} accepted, {left} of {captured} left at the gateway");
    truth::no_double_charge(&fair.gateway).await;
    truth::ledger_is_zero(&fair.market).await;
    let mut fair = fair;
    fair.souk.stop().await;
    truth::invariants_hold(&fair.souk);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_cancellations_at_once_give_the_money_back_once() {
    let fair = open().await;
    let article = fair.sell("Wrong lamp", 3_000, 5).await;
    let (placed, _) = fair.paid(&article, "to-cancel").await;
    let path = format!("/api/v1/orders/{}/cancel", placed.id);
    let cancel = || fair.market.http.post(&path, &json!({})).header("order-token", &placed.token).reply();
    let answers = join_all((0..20).map(|_| cancel())).await;
    assert!(answers.iter().any(|answer| answer.status == 200), "nobody could: {}", answers[0]);
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 409)), "{answers:?}");
    while truth::money_held(&fair.gateway).await[&placed.id] != 0 {
        tokio::time::sleep(POLL).await;
    }
    let payment = fair.payment(&placed).await;
    assert_eq!(payment["refunds"].as_array().map(Vec::len), Some(1), "{payment}");
    while truth::stock_of(&fair.market, &article).await != (5, 0) {
        tokio::time::sleep(POLL).await;
    }
    println!("races: 20 cancellations at once, 1 refund, stock back once");
    fair.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_used_fifty_times_at_once_works_once_and_ends_its_session() {
    let fair = open().await;
    let http = &fair.market.http;
    let victim = Person::register(http, "victim@market.example", "Vic Tim").await;
    let body = json!({"refresh_token": victim.refresh});
    let answers = join_all((0..50).map(|_| http.post("/api/v1/sessions/refresh", &body).reply())).await;
    let renewed: Vec<Value> =
        answers.iter().filter(|answer| answer.status == 200).map(|answer| answer.json()).collect();
    assert_eq!(renewed.len(), 1, "one use");
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 401)), "{answers:?}");
    // Somebody had a copy, so nobody keeps the session.
    let next = json!({"refresh_token": renewed[0]["refresh_token"]});
    assert_eq!(http.post("/api/v1/sessions/refresh", &next).reply().await.status, 401);
    let registrations = (0..20).map(|_| {
        let account = json!({"email": "twin@market.example", "password": "correct-horse-7-battery", "name": "Twin"});
        async move { http.post("/api/v1/accounts", &account).reply().await }
    });
    let answers = join_all(registrations).await;
    assert!(answers.iter().all(|answer| answer.status < 500), "{answers:?}");
    let query = http.get("/api/v1/admin/accounts?q=twin@market.example");
    let accounts = fair.market.as_admin(query).ok().await;
    assert_eq!(accounts["items"].as_array().map(Vec::len), Some(1), "{accounts}");
    println!("races: 50 uses of one refresh token, 1 worked, the session is over; 20 registrations, 1 account");
    fair.close().await;
}
