use axum::body::Body;
use futures::future::join_all;
use http::Request;
use serde_json::{Value, json};

use super::{Bench, KEY, config, order};
use crate::Faults;

#[tokio::test]
async fn every_token_does_what_it_says() {
    for (token, status, failure, captured, events) in [
        ("tok_visa", "succeeded", None, 4_990, vec!["payment.succeeded"]),
        ("tok_mastercard", "succeeded", None, 4_990, vec!["payment.succeeded"]),
        ("tok_3ds", "requires_action", None, 0, vec!["payment.requires_action"]),
        ("tok_declined", "failed", Some("card_declined"), 0, vec!["payment.failed"]),
        ("tok_insufficient_funds", "failed", Some("insufficient_funds"), 0, vec!["payment.failed"]),
        ("tok_processing_error", "failed", Some("processing_error"), 0, vec!["payment.failed"]),
        ("tok_processing", "processing", None, 0, vec!["payment.processing"]),
        ("tok_late", "processing", None, 0, vec![]),
        ("tok_duplicate_webhooks", "succeeded", None, 4_990, vec!["payment.succeeded"]),
        ("tok_out_of_order_webhooks", "succeeded", None, 4_990, vec!["payment.processing", "payment.succeeded"]),
        ("tok_late_webhooks", "succeeded", None, 4_990, vec!["payment.succeeded"]),
        ("tok_refund_pending", "succeeded", None, 4_990, vec!["payment.succeeded"]),
        ("tok_refund_fails", "succeeded", None, 4_990, vec!["payment.succeeded"]),
        ("tok_disputed", "succeeded", None, 4_990, vec!["payment.succeeded"]),
    ] {
        let bench = Bench::new().await;
        let payment = bench.token(token).await;
        assert_eq!(payment["status"], status, "{token}");
        assert_eq!(payment["failure_code"].as_str(), failure, "{token}");
        assert_eq!(payment["captured_minor"], captured, "{token}");
        assert_eq!(payment["livemode"], false);
        assert_eq!(bench.payment(payment["id"].as_str().unwrap()).await, payment, "{token}");
        assert_eq!(bench.books().await, (1, captured, 0), "{token}");
        let (_, told) = bench.get("/v1/events").await;
        let kinds: Vec<_> = told["items"].as_array().unwrap().iter().map(|e| e["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, events, "{token}");
        assert_eq!(payment.get("hosted_url").is_some(), status == "requires_action", "{token}");
    }
}

#[tokio::test]
async fn processing_and_late_payments_succeed_in_their_time() {
    for (token, before_ms, then_ms) in [("tok_processing", 1_999, 1), ("tok_late", 44_999, 1)] {
        let bench = Bench::new().await;
        let id = bench.token(token).await["id"].as_str().unwrap().to_owned();
        bench.advance_ms(before_ms);
        bench.sandbox.pump().await.unwrap();
        assert_eq!(bench.payment(&id).await["status"], "processing");
        let (status, refused) = bench.post(&format!("/v1/payments/{id}/cancel"), json!({})).await;
        assert_eq!((status, &refused["error"]["code"]), (409, &json!("not_cancelable")));
        assert_eq!(refused["error"]["payment_status"], "processing");
        bench.advance_ms(then_ms);
        bench.sandbox.pump().await.unwrap();
        assert_eq!(bench.payment(&id).await["status"], "succeeded");
        assert_eq!(bench.books().await, (1, 4_990, 0));
        assert_eq!(bench.inbox.kinds().last().unwrap(), "payment.succeeded");
    }
}

#[tokio::test]
async fn a_capture_never_takes_more_than_was_authorised_nor_twice() {
    let bench = Bench::new().await;
    let body = order(json!({"payment_token": "tok_visa", "capture": false}));
    let (_, payment) = bench.post("/v1/payments", body).await;
    assert_eq!((&payment["status"], &payment["captured_minor"]), (&json!("requires_capture"), &json!(0)));
    let path = format!("/v1/payments/{}/capture", payment["id"].as_str().unwrap());

    let (status, refused) = bench.post(&path, json!({"amount_minor": 4_991})).await;
    assert_eq!((status, &refused["error"]["code"]), (409, &json!("over_capture")));
    for wrong in [0, -1, i64::MIN] {
        let (status, refused) = bench.post(&path, json!({"amount_minor": wrong})).await;
        assert_eq!((status, &refused["error"]["fields"][0]["field"]), (422, &json!("amount_minor")));
    }
    assert_eq!(bench.books().await, (1, 0, 0));

    let (status, payment) = bench.post(&path, json!({"amount_minor": 4_000})).await;
    assert_eq!((status, &payment["status"], &payment["captured_minor"]), (200, &json!("succeeded"), &json!(4_000)));
    let (status, refused) = bench.post(&path, json!({})).await;
    assert_eq!((status, &refused["error"]["code"]), (409, &json!("not_capturable")));
    assert_eq!(bench.books().await, (1, 4_000, 0));
    let (status, _) = bench.post(&path.replace("capture", "refunds"), json!({"amount_minor": 4_001})).await;
    assert_eq!(status, 409);
}

#[tokio::test]
async fn parallel_captures_take_the_money_once() {
    let bench = Bench::new().await;
    let body = order(json!({"payment_token": "tok_visa", "capture": false}));
    let (_, payment) = bench.post("/v1/payments", body).await;
    let path = format!("/v1/payments/{}/capture", payment["id"].as_str().unwrap());
    let answers = join_all((0..20).map(|_| bench.post(&path, json!({})))).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 1);
    assert_eq!(bench.books().await, (1, 4_990, 0));
}

#[tokio::test]
async fn what_is_cancelled_stays_so_and_what_is_paid_cannot_be() {
    let bench = Bench::new().await;
    let id = bench.hosted().await;
    for _ in 0..2 {
        let (status, payment) = bench.post(&format!("/v1/payments/{id}/cancel"), json!({})).await;
        assert_eq!((status, &payment["status"]), (200, &json!("canceled")));
        assert_eq!(payment.get("hosted_url"), None);
    }
    let (status, _, _) = bench.form(&format!("/pay/{id}"), &super::card("4242424242424242")).await;
    assert_eq!(status, 409);

    let authorised = order(json!({"payment_token": "tok_visa", "capture": false}));
    let (_, authorised) = bench.post("/v1/payments", authorised).await;
    let path = format!("/v1/payments/{}/cancel", authorised["id"].as_str().unwrap());
    assert_eq!(bench.post(&path, json!({})).await.1["status"], "canceled");

    for (token, status) in [("tok_visa", "succeeded"), ("tok_declined", "failed")] {
        let payment = bench.token(token).await;
        let path = format!("/v1/payments/{}/cancel", payment["id"].as_str().unwrap());
        let (answer, refused) = bench.post(&path, json!({})).await;
        assert_eq!((answer, &refused["error"]["payment_status"]), (409, &json!(status)));
    }
    assert_eq!(bench.books().await, (4, 4_990, 0));
    bench.sandbox.pump().await.unwrap();
    let kinds = bench.inbox.kinds();
    assert_eq!(kinds.iter().filter(|kind| *kind == "payment.canceled").count(), 2);
}

#[tokio::test]
async fn an_unpaid_payment_is_cancelled_after_a_day() {
    let bench = Bench::new().await;
    let id = bench.hosted().await;
    bench.advance_ms(24 * 3_600_000 - 1);
    bench.sandbox.pump().await.unwrap();
    assert_eq!(bench.payment(&id).await["status"], "requires_payment");
    bench.advance_ms(1);
    bench.sandbox.pump().await.unwrap();
    let payment = bench.payment(&id).await;
    assert_eq!((&payment["status"], &payment["failure_code"]), (&json!("canceled"), &json!("expired")));
    assert_eq!(bench.inbox.kinds(), ["payment.canceled"]);
}

#[tokio::test]
async fn fifty_parallel_refunds_of_a_tenth_give_back_ten_tenths() {
    for token in ["tok_visa", "tok_refund_pending"] {
        let bench = Bench::new().await;
        let payment = bench.token(token).await;
        let id = payment["id"].as_str().unwrap();
        let path = format!("/v1/payments/{id}/refunds");
        let answers =
            join_all((0..50).map(|_| bench.post(&path, json!({"amount_minor": 499, "reason": "returned"})))).await;
        let done: Vec<&Value> = answers.iter().filter(|(status, _)| *status == 201).map(|(_, refund)| refund).collect();
        assert_eq!(done.len(), 10, "{token}");
        for (status, refused) in answers.iter().filter(|(status, _)| *status != 201) {
            assert_eq!((*status, &refused["error"]["code"]), (409, &json!("over_refund")));
            assert_eq!(refused["error"]["refundable_minor"], 0);
        }
        bench.advance_ms(2_000);
        bench.sandbox.pump().await.unwrap();
        let payment = bench.payment(id).await;
        assert_eq!((&payment["refunded_minor"], &payment["refund_pending_minor"]), (&json!(4_990), &json!(0)));
        assert_eq!(bench.books().await, (1, 4_990, 4_990));
        let (status, refund) = bench.get(&format!("/v1/refunds/{}", done[3]["id"].as_str().unwrap())).await;
        assert_eq!((status, &refund["status"], &refund["amount_minor"]), (200, &json!("succeeded"), &json!(499)));
        let kinds = bench.inbox.kinds();
        assert_eq!(kinds.iter().filter(|kind| *kind == "refund.succeeded").count(), 10, "{token}");
    }
}

#[tokio::test]
async fn a_refund_that_comes_back_may_be_tried_again() {
    let bench = Bench::new().await;
    let payment = bench.token("tok_refund_fails").await;
    let id = payment["id"].as_str().unwrap();
    let path = format!("/v1/payments/{id}/refunds");
    let (status, refund) = bench.post(&path, json!({"amount_minor": 4_990})).await;
    assert_eq!((status, &refund["status"]), (201, &json!("pending")));
    assert_eq!(bench.post(&path, json!({"amount_minor": 1})).await.0, 409);
    bench.advance_ms(2_000);
    bench.sandbox.pump().await.unwrap();
    let (_, refund) = bench.get(&format!("/v1/refunds/{}", refund["id"].as_str().unwrap())).await;
    assert_eq!((&refund["status"], &refund["failure_code"]), (&json!("failed"), &json!("returned_by_bank")));
    assert_eq!(bench.books().await, (1, 4_990, 0));
    assert_eq!(bench.inbox.kinds(), ["payment.succeeded", "refund.failed"]);
    assert_eq!(bench.post(&path, json!({"amount_minor": 4_990})).await.0, 201);
}

#[tokio::test]
async fn bad_input_is_named_and_changes_nothing() {
    let bench = Bench::new().await;
    let long = "x".repeat(2_100);
    for (field, value) in [
        ("amount_minor", json!(0)),
        ("amount_minor", json!(-5)),
        ("amount_minor", json!(100_000_000_001_i64)),
        ("amount_minor", json!(1.5)),
        ("amount_minor", json!("4990")),
        ("amount_minor", json!(null)),
        ("amount_minor", json!(u64::MAX)),
        ("currency", json!("eur")),
        ("currency", json!("XXX")),
        ("reference", json!("")),
        ("reference", json!(long)),
        ("reference", json!("a\r\nb")),
        ("description", json!(long)),
        ("return_url", json!("javascript:alert(1)")),
        ("return_url", json!("/relative")),
        ("return_url", json!(format!("http://shop.test/{long}"))),
        ("return_url", json!(null)),
        ("cancel_url", json!("data:text/html,x")),
        ("payment_token", json!("tok_unknown")),
        ("payment_token", json!("4242424242424242")),
        ("metadata", json!({"k": long})),
        ("metadata", json!({"": "v"})),
        ("capture", json!("yes")),
        ("card_number", json!("4242424242424242")),
    ] {
        let (status, refused) = bench.post("/v1/payments", order(json!({ field: value.clone() }))).await;
        assert_eq!(status, 422, "{field} {value}");
        assert_eq!(refused["error"]["fields"][0]["field"], field, "{refused}");
        assert!(!refused["error"]["fields"][0]["reason"].as_str().unwrap().is_empty());
    }
    for body in ["{", "[]", "null", "{\"amount_minor\": 1}", "{} {}", "\u{0}"] {
        let request = super::signed("POST", "/v1/payments").body(Body::from(body)).unwrap();
        let (status, _, _) = bench.send(request).await;
        assert!(matches!(status.as_u16(), 400 | 422), "{body}");
    }
    let request = super::signed("POST", "/v1/payments").body(Body::from(vec![b' '; 70_000])).unwrap();
    assert_eq!(bench.send(request).await.0.as_u16(), 413);
    assert_eq!(bench.books().await, (0, 0, 0));
}

#[tokio::test]
async fn without_the_key_nothing_is_shown_or_done() {
    let bench = Bench::new().await;
    let payment = bench.token("tok_visa").await;
    let id = payment["id"].as_str().unwrap();
    for authorization in ["", "Bearer", "Bearer ", "Bearer sk_test_wrong0000000000", &format!("Basic {KEY}"), KEY] {
        for (method, path) in [
            ("POST", "/v1/payments".to_owned()),
            ("POST", format!("/v1/payments/{id}/refunds")),
            ("POST", format!("/v1/payments/{id}/cancel")),
            ("GET", format!("/v1/payments/{id}")),
            ("GET", "/v1/payments?reference=order-1".to_owned()),
            ("GET", "/v1/events".to_owned()),
            ("GET", "/v1/journal".to_owned()),
            ("GET", "/v1/journal/summary".to_owned()),
        ] {
            let request = Request::builder().method(method).uri(&path).header("authorization", authorization);
            let body = order(json!({"payment_token": "tok_visa"})).to_string();
            let (status, _, text) = bench.send(request.body(Body::from(body)).unwrap()).await;
            assert_eq!(status.as_u16(), 401, "{method} {path} {authorization}");
            assert!(!text.contains("order-1"));
        }
    }
    assert_eq!(bench.books().await, (1, 4_990, 0));
}

#[tokio::test]
async fn unknown_ids_are_not_found() {
    let bench = Bench::new().await;
    for (path, body) in [
        ("/v1/payments/pay_x/cancel", json!({})),
        ("/v1/payments/pay_x/capture", json!({})),
        ("/v1/payments/pay_x/refunds", json!({"amount_minor": 1})),
    ] {
        assert_eq!(bench.post(path, body).await.0, 404, "{path}");
    }
    for path in ["/v1/payments/pay_x", "/v1/refunds/re_x", "/v1/refunds/re_x_1", "/v1/refunds/x", "/v1/payments/%27--"]
    {
        assert_eq!(bench.get(path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn the_journal_is_read_in_pages_and_shows_double_charges() {
    let bench = Bench::new().await;
    for n in 0..5 {
        let body = order(json!({"payment_token": "tok_visa", "reference": format!("order-{}", n % 4)}));
        bench.post("/v1/payments", body).await;
    }
    let (_, first) = bench.get("/v1/journal?limit=3").await;
    let (_, second) = bench.get(&format!("/v1/journal?limit=3&after={}", first["next"].as_str().unwrap())).await;
    let references: Vec<_> = [&first, &second]
        .iter()
        .flat_map(|page| page["items"].as_array().unwrap())
        .map(|row| (row["reference"].as_str().unwrap(), row["captured_minor"].as_i64().unwrap()))
        .collect();
    let paid = |reference| (reference, 4_990);
    assert_eq!(references, [paid("order-0"), paid("order-1"), paid("order-2"), paid("order-3"), paid("order-0")]);
    assert_eq!(second["next"], Value::Null);
    let (_, summary) = bench.get("/v1/journal/summary").await;
    assert_eq!(summary["charged_twice"], json!(["order-0"]));
    assert_eq!(summary["by_currency"]["EUR"]["captured_minor"], 24_950);

    let (_, found) = bench.get("/v1/payments?reference=order-0").await;
    let ids: Vec<_> = found["items"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 2);
    bench.post(&format!("/v1/payments/{}/refunds", ids[1]), json!({"amount_minor": 4_990})).await;
    assert_eq!(bench.get("/v1/journal/summary").await.1["charged_twice"], json!([]));
    for query in ["limit=0", "limit=1001", "limit=x", "after=x", "limit=-1"] {
        assert_eq!(bench.get(&format!("/v1/journal?{query}")).await.0, 422, "{query}");
    }
    assert_eq!(bench.get("/v1/payments").await.0, 422);
}

#[tokio::test]
async fn an_unavailable_gateway_has_done_nothing() {
    let faults = Faults { unavailable_per_mille: 1_000, ..Faults::default() };
    let bench = Bench::with(crate::Config { faults, ..config() }).await;
    let (status, refused) = bench.post("/v1/payments", order(json!({"payment_token": "tok_visa"}))).await;
    assert_eq!((status, &refused["error"]["code"]), (503, &json!("unavailable")));
    assert_eq!(bench.books().await, (0, 0, 0));
}

#[tokio::test]
async fn what_is_kept_of_a_capture_is_told_by_the_payment() {
    let bench = Bench::with(crate::Config { fee_bp: 150, ..super::config() }).await;
    let paid = bench.token("tok_visa").await;
    let now = bench.payment(paid["id"].as_str().unwrap()).await;
    assert_eq!((&now["captured_minor"], &now["fee_minor"]), (&json!(4_990), &json!(74)));
    // The books say what was taken of the buyer, which is the whole.
    assert_eq!(bench.books().await, (1, 4_990, 0));
    let bench = Bench::new().await;
    assert_eq!(bench.token("tok_visa").await.get("fee_minor"), None, "nothing is kept unless it is set");
}
