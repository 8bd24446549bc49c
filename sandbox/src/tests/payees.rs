//! Payees and transfers, from outside.

use futures::future::join_all;
use serde_json::{Value, json};

use super::{Bench, order};

async fn payee(bench: &Bench) -> String {
    let body = json!({"reference": "vendor-1", "name": "Kiln & Co", "country": "DE"});
    let (status, payee) = bench.post("/v1/payees", body).await;
    assert_eq!((status, &payee["status"], &payee["due"]), (201, &json!("pending"), &json!(["identity"])));
    payee["id"].as_str().unwrap().to_owned()
}

async fn ready(bench: &Bench) -> String {
    let id = payee(bench).await;
    bench.form(&format!("/payees/{id}"), &[("answer", "accept")]).await;
    id
}

fn transfer(payee: &str, minor: i64) -> Value {
    json!({"payee": payee, "reference": "payout-1", "amount_minor": minor, "currency": "EUR"})
}

#[tokio::test]
async fn a_payee_says_who_it_is_on_its_page() {
    let bench = Bench::new().await;
    let id = payee(&bench).await;
    let path = format!("/v1/payees/{id}/onboarding");
    assert_eq!(bench.post(&path, json!({"return_url": "javascript:alert(1)"})).await.0, 422);
    let (status, page) = bench.post(&path, json!({"return_url": "https://souk.test/back?a=1"})).await;
    assert_eq!((status, &page["url"]), (200, &json!(format!("http://shop.test/sandbox/payees/{id}"))));
    let (status, headers, shown) = bench.page(&format!("/payees/{id}")).await;
    assert_eq!(status, 200);
    assert!(shown.contains("Kiln &#38; Co") && shown.contains(&format!("action=\"/sandbox/payees/{id}\"")), "{shown}");
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://souk.test;"), "{policy}");
    assert_eq!(bench.get(&format!("/v1/payees/{id}")).await.1["status"], "pending", "looking changes nothing");
    assert_eq!(bench.form(&format!("/payees/{id}"), &[("answer", "maybe")]).await.0, 422);
    for _ in 0..2 {
        let (status, headers, _) = bench.form(&format!("/payees/{id}"), &[("answer", "accept")]).await;
        assert_eq!((status, headers["location"].to_str().unwrap()), (303, "https://souk.test/back?a=1"));
    }
    let (_, now) = bench.get(&format!("/v1/payees/{id}")).await;
    assert_eq!((&now["status"], &now["due"]), (&json!("ready"), &json!([])));
    bench.sandbox.pump().await.unwrap();
    let told = bench.inbox.take();
    assert_eq!(told.len(), 1, "the form sent twice changes nothing");
    assert_eq!((told[0].kind().as_str(), &told[0].json()["data"]["object"]["id"]), ("payee.updated", &json!(id)));
    assert_eq!(bench.page("/payees/acct_none").await.0, 404);
    assert_eq!(bench.get("/v1/payees/acct_none").await.0, 404);
    assert_eq!(bench.post("/v1/payees", json!({"reference": "", "country": "Germany"})).await.0, 422);
}

#[tokio::test]
async fn fifty_parallel_calls_with_one_key_make_one_transfer() {
    let bench = Bench::new().await;
    let id = ready(&bench).await;
    let answers =
        join_all((0..50).map(|_| bench.post_with_key("/v1/transfers", "payout:1", transfer(&id, 2_736)))).await;
    assert!(answers.iter().all(|(status, _, text)| *status == 201 && *text == answers[0].2));
    let journal = bench.sandbox.transfers().await.unwrap();
    assert_eq!((journal.len(), journal[0].amount_minor, journal[0].payee.as_str()), (1, 2_736, id.as_str()));
    let (_, found) = bench.get("/v1/transfers?reference=payout-1").await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!(bench.get("/v1/transfers?reference=payout-2").await.1["items"], json!([]));
    let (_, page) = bench.get("/v1/transfers?limit=1").await;
    assert_eq!((&page["items"][0]["id"], &page["next"]), (&json!(journal[0].id), &json!("1")));
    assert_eq!(bench.get("/v1/transfers?after=1").await.1["items"], json!([]));
    assert_eq!(bench.books().await, (0, 0, 0), "no payment has anything to do with it");
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_and_stays_so_under_its_key() {
    let bench = Bench::new().await;
    let id = payee(&bench).await;
    let refused = bench.post_with_key("/v1/transfers", "k", transfer(&id, 100)).await;
    assert!(refused.0 == 409 && refused.2.contains("payee_not_ready"), "{refused:?}");
    bench.form(&format!("/payees/{id}"), &[("answer", "accept")]).await;
    assert_eq!(bench.post_with_key("/v1/transfers", "k", transfer(&id, 100)).await, (409, true, refused.2));
    assert_eq!(bench.post("/v1/transfers", transfer(&id, 0)).await.0, 422);
    assert_eq!(bench.post("/v1/transfers", transfer("acct_none", 100)).await.0, 422);
    bench.form(&format!("/payees/{id}"), &[("answer", "close")]).await;
    let (status, body) = bench.post("/v1/transfers", transfer(&id, 100)).await;
    assert_eq!((status, &body["error"]["code"]), (409, &json!("payee_closed")));
    assert_eq!(bench.form(&format!("/payees/{id}"), &[("answer", "accept")]).await.0, 404, "it is closed for good");
    assert!(bench.sandbox.transfers().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_restart_keeps_payees_and_transfers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let (id, before) = {
        let bench = Bench::on(&path).await;
        let id = ready(&bench).await;
        bench.post("/v1/transfers", transfer(&id, 500)).await;
        bench.post("/v1/payments", order(json!({"payment_token": "tok_visa"}))).await;
        let before = bench.sandbox.transfers().await.unwrap();
        bench.sandbox.close().await;
        (id, before)
    };
    let bench = Bench::on(&path).await;
    assert_eq!(bench.sandbox.transfers().await.unwrap(), before);
    assert_eq!(bench.get(&format!("/v1/payees/{id}")).await.1["status"], "ready");
    assert_eq!(bench.books().await, (1, 4_990, 0));
}
