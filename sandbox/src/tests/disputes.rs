//! Disputes, from outside.

use serde_json::{Value, json};

use super::{Bench, order};

async fn paid(bench: &Bench) -> String {
    bench.token("tok_visa").await["id"].as_str().unwrap().to_owned()
}

async fn open(bench: &Bench, payment: &str, body: Value) -> (u16, Value) {
    bench.post(&format!("/v1/test_helpers/payments/{payment}/dispute"), body).await
}

async fn dispute(bench: &Bench, payment: &str, minor: i64) -> String {
    let (status, dispute) = open(bench, payment, json!({"amount_minor": minor})).await;
    assert_eq!((status, &dispute["status"]), (201, &json!("needs_response")), "{dispute}");
    dispute["id"].as_str().unwrap().to_owned()
}

async fn shown(bench: &Bench, id: &str) -> Value {
    let (status, dispute) = bench.get(&format!("/v1/disputes/{id}")).await;
    assert_eq!(status, 200);
    dispute
}

#[tokio::test]
async fn one_is_opened_answered_and_decided() {
    let bench = Bench::new().await;
    let payment = paid(&bench).await;
    let id = dispute(&bench, &payment, 1_000).await;
    let now = shown(&bench, &id).await;
    assert_eq!(
        (&now["withdrawn_minor"], &now["fee_minor"], &now["payment"]),
        (&json!(1_000), &json!(1_500), &json!(payment))
    );
    let evidence = json!({"product": "A mug", "carrier": "Post", "tracking_number": "RR1"});
    let path = format!("/v1/disputes/{id}/evidence");
    let (status, refused) = bench.post(&path, json!({"product": " "})).await;
    assert_eq!((status, &refused["error"]["code"]), (422, &json!("evidence_missing")));
    let first = bench.post_with_key(&path, "k", evidence.clone()).await;
    let again = bench.post_with_key(&path, "k", evidence.clone()).await;
    assert_eq!((first.0, first.1, again.1, &first.2), (200, false, true, &again.2));
    let (status, refused) = bench.post(&path, evidence).await;
    assert_eq!((status, &refused["error"]["code"]), (409, &json!("not_answerable")));
    // The bank decides by the parcel's number.
    bench.advance_ms(45_000);
    bench.sandbox.pump().await.unwrap();
    let now = shown(&bench, &id).await;
    assert_eq!((&now["status"], &now["withdrawn_minor"], &now["fee_minor"]), (&json!("won"), &json!(0), &json!(0)));
    assert_eq!(bench.inbox.kinds(), ["payment.succeeded", "dispute.created", "dispute.updated", "dispute.closed"]);
    assert_eq!(bench.books().await, (1, 4_990, 0));
}

#[tokio::test]
async fn without_evidence_or_with_bad_one_it_is_lost() {
    let bench = Bench::new().await;
    let payment = paid(&bench).await;
    let (lapsed, weak, accepted) = (
        dispute(&bench, &payment, 100).await,
        dispute(&bench, &payment, 100).await,
        dispute(&bench, &payment, 100).await,
    );
    let evidence = json!({"product": "A mug", "tracking_number": "RR1", "communication": "losing_evidence"});
    bench.post(&format!("/v1/disputes/{weak}/evidence"), evidence).await;
    let (status, now) = bench.post(&format!("/v1/disputes/{accepted}/accept"), json!({})).await;
    assert_eq!((status, &now["status"], &now["withdrawn_minor"]), (200, &json!("lost"), &json!(100)));
    assert_eq!(shown(&bench, &lapsed).await["status"], "needs_response");
    bench.advance_ms(7 * 24 * 3_600_000);
    bench.sandbox.pump().await.unwrap();
    for id in [&lapsed, &weak, &accepted] {
        assert_eq!(shown(&bench, id).await["status"], "lost");
    }
    let (status, refused) =
        bench.post(&format!("/v1/test_helpers/disputes/{lapsed}/decide"), json!({"won": true})).await;
    assert_eq!((status, &refused["error"]["code"]), (409, &json!("already_decided")));
}

#[tokio::test]
async fn disputes_and_refunds_together_never_exceed_the_capture() {
    let bench = Bench::new().await;
    let payment = paid(&bench).await;
    let id = dispute(&bench, &payment, 4_000).await;
    let path = format!("/v1/payments/{payment}/refunds");
    let (status, refused) = bench.post(&path, json!({"amount_minor": 991})).await;
    assert_eq!((status, &refused["error"]["refundable_minor"]), (409, &json!(990)));
    assert_eq!(bench.post(&path, json!({"amount_minor": 990})).await.0, 201);
    let (status, refused) = open(&bench, &payment, json!({"amount_minor": 991})).await;
    assert_eq!((status, &refused["error"]["code"]), (409, &json!("over_dispute")));
    bench.post(&format!("/v1/test_helpers/disputes/{id}/decide"), json!({"won": true})).await;
    assert_eq!(bench.post(&path, json!({"amount_minor": 4_000})).await.0, 201);
    assert_eq!(bench.books().await, (1, 4_990, 4_990));
    // Banks do not ask what was returned.
    assert_eq!(open(&bench, &payment, json!({})).await.0, 201);
}

#[tokio::test]
async fn what_cannot_be_disputed_is_refused() {
    let bench = Bench::new().await;
    let unpaid = bench.hosted().await;
    let (status, refused) = open(&bench, &unpaid, json!({})).await;
    assert_eq!((status, &refused["error"]["code"]), (409, &json!("not_disputable")));
    assert_eq!(open(&bench, "pay_none", json!({})).await.0, 404);
    for id in ["dp_none", "dp_none_1", "none"] {
        assert_eq!(bench.get(&format!("/v1/disputes/{id}")).await.0, 404);
    }
    let payment = paid(&bench).await;
    assert_eq!(open(&bench, &payment, json!({"amount_minor": 0})).await.0, 422);
    assert_eq!(open(&bench, &payment, json!({"reason": ""})).await.0, 422);
    let (status, _) = bench.post("/v1/payments", order(json!({"payment_token": "tok_disputed"}))).await;
    assert_eq!(status, 201);
    bench.advance_ms(2_000);
    bench.sandbox.pump().await.unwrap();
    assert_eq!(bench.inbox.kinds().last().unwrap(), "dispute.created");
}
