use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{Router, body::Bytes as BodyBytes, http::HeaderMap, routing::post};
use kernel::{Secret, SeededRandom, SystemClock};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::{Arrived, Bench, KEY, NOW, WEBHOOK_SECRET, config, order};
use crate::{Call, Command, Config, Deliver, Faults, HttpDeliver, NewPayment, RouterDeliver, open};

/// HMAC-SHA-256 as RFC 2104 writes it, without the library that signs.
fn hmac_by_hand(key: &[u8], message: &[u8]) -> String {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    hex::encode(Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize())
}

fn assert_signed(arrived: &Arrived, unix: i64) {
    let message = format!("{unix}.{}", arrived.body);
    let expected = hmac_by_hand(WEBHOOK_SECRET.as_bytes(), message.as_bytes());
    assert_eq!(arrived.signature, format!("t={unix},v1={expected}"));
}

#[tokio::test]
async fn a_webhook_is_signed_and_tells_the_payment() {
    let bench = Bench::new().await;
    let payment = bench.token("tok_visa").await;
    assert_eq!(bench.sandbox.pump().await.unwrap(), 1);
    let arrived = bench.inbox.take().remove(0);
    assert_signed(&arrived, NOW.seconds());
    let event = arrived.json();
    assert_eq!(arrived.url, "http://shop.test/hooks");
    assert_eq!((&event["type"], &event["livemode"]), (&json!("payment.succeeded"), &json!(false)));
    assert_eq!(event["created"], NOW.seconds());
    assert_eq!(event["data"]["object"], payment);
    assert!(event["id"].as_str().unwrap().starts_with("evt_"));
    assert_eq!(bench.sandbox.pump().await.unwrap(), 0, "delivered once");
}

#[tokio::test]
async fn what_fails_is_sent_again_with_the_same_body_and_a_fresh_signature() {
    let bench = Bench::new().await;
    bench.inbox.answer(&[None, Some(500), Some(302), Some(404)]);
    bench.token("tok_visa").await;
    let mut attempts = Vec::new();
    // The waiting times grow: 50 ms, 200 ms, 1 s and 2 s, each with up to a tenth more.
    for wait in [0, 56, 221, 1_101, 2_201] {
        if wait > 0 {
            bench.advance_ms(wait - wait / 11 - 2);
            assert_eq!(bench.sandbox.pump().await.unwrap(), 0, "too early for {wait}");
            bench.advance_ms(wait / 11 + 2);
        }
        assert_eq!(bench.sandbox.pump().await.unwrap(), 1, "{wait}");
        let arrived = bench.inbox.take().remove(0);
        assert_signed(&arrived, kernel::Clock::now(&*bench.clock).seconds());
        attempts.push(arrived.body);
    }
    assert!(attempts.iter().all(|body| *body == attempts[0]));
    bench.advance_ms(3_600_000);
    assert_eq!(bench.sandbox.pump().await.unwrap(), 0);
    let (_, events) = bench.get("/v1/events").await;
    let delivery = &events["items"][0]["deliveries"][0];
    assert_eq!((&delivery["attempts"], &delivery["state"]), (&json!(5), &json!("delivered")));
}

#[tokio::test]
async fn an_endpoint_that_never_answers_is_given_up_after_three_days() {
    let bench = Bench::new().await;
    bench.inbox.answer(&vec![Some(500); 100]);
    bench.token("tok_visa").await;
    for _ in 0..4 * 24 {
        bench.sandbox.pump().await.unwrap();
        bench.advance_ms(3_600_000);
    }
    let summary = bench.sandbox.summary().await.unwrap();
    assert_eq!((summary.deliveries_pending, summary.deliveries_given_up), (0, 1));
    assert_eq!(bench.inbox.take().len(), 23);
}

#[tokio::test]
async fn duplicates_arrive() {
    let bench = Bench::new().await;
    bench.token("tok_duplicate_webhooks").await;
    bench.sandbox.pump().await.unwrap();
    assert_eq!(bench.inbox.arrived.lock().unwrap().len(), 1);
    bench.advance_ms(400);
    bench.sandbox.pump().await.unwrap();
    let arrived = bench.inbox.take();
    assert_eq!(arrived.len(), 3);
    assert!(arrived.iter().all(|a| a.body == arrived[0].body));
    assert_eq!(bench.books().await, (1, 4_990, 0));
}

#[tokio::test]
async fn old_news_arrives_after_new() {
    let bench = Bench::new().await;
    let payment = bench.token("tok_out_of_order_webhooks").await;
    bench.sandbox.pump().await.unwrap();
    bench.advance_ms(1_500);
    bench.sandbox.pump().await.unwrap();
    let arrived = bench.inbox.take();
    assert_eq!(arrived.iter().map(Arrived::kind).collect::<Vec<_>>(), ["payment.succeeded", "payment.processing"]);
    let version = |i: usize| arrived[i].json()["data"]["object"]["version"].as_i64().unwrap();
    assert!(version(1) < version(0), "the version tells which is old");
    assert_eq!(payment["version"], version(0));
}

#[tokio::test]
async fn late_webhooks_are_late() {
    let bench = Bench::new().await;
    bench.token("tok_late_webhooks").await;
    bench.advance_ms(44_999);
    assert_eq!(bench.sandbox.pump().await.unwrap(), 0);
    bench.advance_ms(1);
    assert_eq!(bench.sandbox.pump().await.unwrap(), 1);
}

#[tokio::test]
async fn faults_strike_as_configured() {
    let every = 1_000;
    for (faults, at_once, later_ms, later) in [
        (Faults { duplicate_per_mille: every, ..Faults::default() }, 1, 1_000, 1),
        (Faults { delay_per_mille: every, delay_ms: 7_000, ..Faults::default() }, 0, 7_000, 1),
        (Faults { reorder_per_mille: every, ..Faults::default() }, 0, 2_000, 1),
        (Faults { drop_first_per_mille: every, ..Faults::default() }, 0, 56, 1),
    ] {
        let bench = Bench::with(Config { faults: faults.clone(), ..config() }).await;
        bench.token("tok_visa").await;
        assert_eq!(bench.sandbox.pump().await.unwrap(), at_once, "{faults:?}");
        bench.advance_ms(later_ms);
        assert_eq!(bench.sandbox.pump().await.unwrap(), later, "{faults:?}");
        assert_eq!(bench.sandbox.summary().await.unwrap().deliveries_pending, 0, "{faults:?}");
    }
}

#[tokio::test]
async fn every_endpoint_is_told() {
    let urls = vec!["http://shop.test/a".to_owned(), "http://shop.test/b".to_owned()];
    let bench = Bench::with(Config { webhook_urls: urls.clone(), ..config() }).await;
    bench.inbox.answer(&[Some(500)]);
    bench.token("tok_visa").await;
    assert_eq!(bench.sandbox.pump().await.unwrap(), 2);
    let mut told: Vec<String> = bench.inbox.take().into_iter().map(|a| a.url).collect();
    told.sort();
    assert_eq!(told, urls);
    bench.advance_ms(56);
    assert_eq!(bench.sandbox.pump().await.unwrap(), 1, "only the one that failed hears it again");
}

#[tokio::test]
async fn events_are_forgotten_after_30_days() {
    let bench = Bench::new().await;
    bench.token("tok_visa").await;
    bench.sandbox.pump().await.unwrap();
    bench.advance_ms(30 * 24 * 3_600_000 + 1);
    bench.sandbox.pump().await.unwrap();
    let summary = bench.sandbox.summary().await.unwrap();
    assert_eq!((summary.events, summary.payments), (0, 1));
    let first = bench.token("tok_visa").await;
    let (_, events) = bench.get("/v1/events?after=1").await;
    assert_eq!(events["items"][0]["data"]["object"]["id"], first["id"], "positions are not used again");
}

/// The loop with real time and a real socket: several payments, an endpoint that fails at first.
#[tokio::test]
async fn the_loop_delivers_over_http_until_it_is_stopped() {
    let (arrived, mut arrivals) = mpsc::unbounded_channel::<(HeaderMap, BodyBytes)>();
    let failures = Arc::new(std::sync::atomic::AtomicU32::new(3));
    let hooks = Router::new().route(
        "/hooks",
        post(move |headers: HeaderMap, body: BodyBytes| async move {
            if failures.fetch_update(ORDER, ORDER, |n| n.checked_sub(1)).is_ok() {
                return http::StatusCode::INTERNAL_SERVER_ERROR;
            }
            arrived.send((headers, body)).unwrap();
            http::StatusCode::NO_CONTENT
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, hooks).await });
    let config = Config { webhook_urls: vec![url], processing_ms: 20, ..config() };
    let deliver = Arc::new(HttpDeliver::new());
    let sandbox = open(config, Arc::new(SystemClock), Arc::new(SeededRandom::new(1)), deliver).await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn({
        let sandbox = sandbox.clone();
        async move { sandbox.run(async { drop(stopped.await) }).await }
    });
    let tokens = ["tok_visa", "tok_processing", "tok_declined", "tok_visa"];
    for token in tokens {
        let new: NewPayment = serde_json::from_value(order(json!({"payment_token": token}))).unwrap();
        let outcome = sandbox.apply(Call::from(Command::Create(new))).await.unwrap();
        assert_eq!(outcome.status, 201);
    }
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..5 {
        let (headers, body) = tokio::time::timeout(Duration::from_secs(30), arrivals.recv()).await.unwrap().unwrap();
        let text = std::str::from_utf8(&body).unwrap().to_owned();
        let signature = headers["sandbox-signature"].to_str().unwrap().to_owned();
        let unix = signature[2..].split_once(',').unwrap().0.parse().unwrap();
        let arrived = Arrived { url: String::new(), signature, body: text };
        assert_signed(&arrived, unix);
        *kinds.entry(arrived.kind()).or_default() += 1;
    }
    let expected = [("payment.failed", 1), ("payment.processing", 1), ("payment.succeeded", 3)];
    assert_eq!(kinds, expected.map(|(kind, n)| (kind.to_owned(), n)).into());
    stop.send(()).unwrap();
    running.await.unwrap();
    let summary = sandbox.summary().await.unwrap();
    assert_eq!((summary.deliveries_pending, summary.deliveries_done), (0, 5));
    server.abort();
}

const ORDER: std::sync::atomic::Ordering = std::sync::atomic::Ordering::SeqCst;

#[tokio::test]
async fn a_router_in_the_same_process_is_reached_too() {
    let router = Router::new().route("/hooks", post(|body: String| async move { body.len().to_string() }));
    let deliver = RouterDeliver(router);
    let status = deliver.post("http://anywhere.test/hooks", vec![("x-a", "b".to_owned())], "hello".into()).await;
    assert_eq!(status.unwrap(), 200);
    assert_eq!(deliver.post("http://anywhere.test/other", vec![], "hello".into()).await.unwrap(), 404);
    let nobody = HttpDeliver::default().post("http://127.0.0.1:1/hooks", vec![], "hello".into()).await;
    assert!(nobody.is_err());
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused() {
    let key = || Secret::new(KEY);
    let secret = || Secret::new(WEBHOOK_SECRET);
    let bad = [
        Config::new("http://shop.test", Secret::new("sk_live_0123456789abcdef"), secret()),
        Config::new("http://shop.test", Secret::new("sk_test_"), secret()),
        Config::new("http://shop.test", key(), Secret::new("short")),
        Config::new("shop.test", key(), secret()),
        Config { webhook_urls: vec!["ftp://x".to_owned()], ..config() },
    ];
    for config in bad {
        let deliver = Arc::new(HttpDeliver::new());
        let opened = open(config, Arc::new(SystemClock), Arc::new(SeededRandom::new(1)), deliver).await;
        assert!(opened.is_err());
    }
}
