use std::sync::Arc;

use futures::future::join_all;
use serde_json::{Value, json};

use super::{Bench, config, order};
use crate::{Config, Faults};

fn id(body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap();
    body["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn fifty_parallel_calls_with_one_key_make_one_payment() {
    let bench = Bench::new().await;
    let body = order(json!({"payment_token": "tok_visa"}));
    let answers = join_all((0..50).map(|_| bench.post_with_key("/v1/payments", "order-1:pay", body.clone()))).await;
    let (status, _, first) = &answers[0];
    assert_eq!(*status, 201);
    assert!(answers.iter().all(|(s, _, text)| *s == 201 && text == first), "answers are byte-equal");
    assert_eq!(answers.iter().filter(|(_, replayed, _)| !replayed).count(), 1);
    assert_eq!(bench.books().await, (1, 4_990, 0));
}

#[tokio::test]
async fn the_kept_answer_does_not_follow_the_payment() {
    let bench = Bench::new().await;
    let (_, _, first) = bench.post_with_key("/v1/payments", "k", order(json!({}))).await;
    bench.form(&format!("/pay/{}", id(&first)), &super::card("4242424242424242")).await;
    assert_eq!(bench.payment(&id(&first)).await["status"], "succeeded");
    let (status, replayed, again) = bench.post_with_key("/v1/payments", "k", order(json!({}))).await;
    assert_eq!((status, replayed, again), (201, true, first));
}

#[tokio::test]
async fn another_body_with_the_same_key_is_refused() {
    let bench = Bench::new().await;
    let (_, _, first) = bench.post_with_key("/v1/payments", "k", order(json!({"payment_token": "tok_visa"}))).await;
    let other = order(json!({"payment_token": "tok_visa", "amount_minor": 4_991}));
    let (status, _, refused) = bench.post_with_key("/v1/payments", "k", other).await;
    assert_eq!(status, 422);
    assert!(refused.contains("idempotency_key_reused"));
    let path = format!("/v1/payments/{}/refunds", id(&first));
    let (status, _, _) = bench.post_with_key(&path, "k", json!({"amount_minor": 100})).await;
    assert_eq!(status, 422);
    assert_eq!(bench.books().await, (1, 4_990, 0));
}

#[tokio::test]
async fn refunds_captures_and_cancels_repeat_too() {
    let bench = Bench::new().await;
    let payment = bench.token("tok_visa").await;
    let path = format!("/v1/payments/{}/refunds", payment["id"].as_str().unwrap());
    let all = json!({"amount_minor": 4_990, "reason": "returned"});
    let answers = join_all((0..20).map(|_| bench.post_with_key(&path, "refund-1", all.clone()))).await;
    assert!(answers.iter().all(|answer| answer.0 == 201 && answer.2 == answers[0].2));
    assert_eq!(bench.books().await, (1, 4_990, 4_990));

    // A refusal repeats as well, although it would be another one now.
    let (status, _, first) = bench.post_with_key(&path, "refund-2", json!({"amount_minor": 1})).await;
    assert_eq!(status, 409);
    let (status, replayed, again) = bench.post_with_key(&path, "refund-2", json!({"amount_minor": 1})).await;
    assert_eq!((status, replayed, again), (409, true, first));
}

#[tokio::test]
async fn bad_input_does_not_use_up_the_key() {
    let bench = Bench::new().await;
    let (status, _, _) = bench.post_with_key("/v1/payments", "k", order(json!({"amount_minor": 0}))).await;
    assert_eq!(status, 422);
    let (status, replayed, _) = bench.post_with_key("/v1/payments", "k", order(json!({}))).await;
    assert_eq!((status, replayed), (201, false));
    for key in ["", &"k".repeat(256), "kä"] {
        assert_eq!(bench.post_with_key("/v1/payments", key, order(json!({}))).await.0, 400, "{key}");
    }
    assert_eq!(bench.books().await.0, 1);
}

#[tokio::test]
async fn a_key_is_forgotten_after_24_hours() {
    let bench = Bench::new().await;
    let body = order(json!({"payment_token": "tok_visa"}));
    let (_, _, first) = bench.post_with_key("/v1/payments", "k", body.clone()).await;
    bench.advance_ms(24 * 3_600_000 - 1);
    bench.sandbox.pump().await.unwrap();
    assert_eq!(bench.post_with_key("/v1/payments", "k", body.clone()).await.2, first);
    bench.advance_ms(1);
    let (status, replayed, other) = bench.post_with_key("/v1/payments", "k", body.clone()).await;
    assert_eq!((status, replayed), (201, false));
    assert_ne!(id(&other), id(&first));
    assert_eq!(bench.books().await, (2, 9_980, 0));
    assert_eq!(bench.sandbox.summary().await.unwrap().charged_twice, ["order-1"]);
}

/// The caller hears nothing, the money is taken all the same, and asking again tells.
#[tokio::test]
async fn timeout_after_success() {
    let by_chance = Faults { timeout_per_mille: 1_000, ..Faults::default() };
    for (token, faults) in [("tok_timeout_after_success", Faults::default()), ("tok_visa", by_chance)] {
        let config = Config { timeout_answer_ms: 3_600_000, faults, ..config() };
        let bench = Arc::new(Bench::with(config).await);
        let body = order(json!({"payment_token": token}));
        let call = tokio::spawn({
            let (bench, body) = (bench.clone(), body.clone());
            async move { bench.post_with_key("/v1/payments", "k", body).await }
        });
        let found = loop {
            let (_, found) = bench.get("/v1/payments?reference=order-1").await;
            if found["items"].as_array().unwrap().len() == 1 {
                break found["items"][0].clone();
            }
            tokio::task::yield_now().await;
        };
        assert_eq!((&found["status"], &found["captured_minor"]), (&json!("succeeded"), &json!(4_990)));
        bench.sandbox.pump().await.unwrap();
        assert_eq!(bench.inbox.kinds(), ["payment.succeeded"]);
        assert!(!call.is_finished(), "the answer is still held back");
        call.abort();
        let (status, replayed, again) = bench.post_with_key("/v1/payments", "k", body).await;
        assert_eq!((status, replayed), (201, true));
        assert_eq!(serde_json::from_str::<Value>(&again).unwrap(), found);
        assert_eq!(bench.books().await, (1, 4_990, 0));
    }
}
