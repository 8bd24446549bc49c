use futures::future::join_all;
use serde_json::json;

use super::{Bench, order};

#[tokio::test]
async fn a_restart_loses_nothing_and_goes_on_delivering() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let body = order(json!({"payment_token": "tok_visa"}));
    let (first, waiting, refund, page);
    {
        let bench = Bench::on(&path).await;
        bench.inbox.answer(&[Some(500)]);
        first = bench.post_with_key("/v1/payments", "k", body.clone()).await.2;
        bench.sandbox.pump().await.unwrap();
        waiting = bench.token("tok_processing").await;
        let refundable = bench.token("tok_refund_pending").await;
        let refunds = format!("/v1/payments/{}/refunds", refundable["id"].as_str().unwrap());
        refund = bench.post(&refunds, json!({"amount_minor": 1_000})).await.1;
        page = bench.hosted().await;
        assert_eq!(bench.inbox.kinds(), ["payment.succeeded"]);
        bench.sandbox.close().await;
        assert_eq!(bench.get("/v1/journal").await.0, 503, "a closed journal answers nothing");
    }
    let bench = Bench::on(&path).await;
    assert_eq!(bench.books().await, (4, 9_980, 0));
    assert_eq!(bench.payment(waiting["id"].as_str().unwrap()).await, waiting);
    let (status, replayed, again) = bench.post_with_key("/v1/payments", "k", body).await;
    assert_eq!((status, replayed, again), (201, true, first));

    bench.advance_ms(2_000);
    bench.sandbox.pump().await.unwrap();
    let mut kinds = bench.inbox.kinds();
    kinds.sort();
    let expected =
        ["payment.processing", "payment.succeeded", "payment.succeeded", "payment.succeeded", "refund.succeeded"];
    assert_eq!(kinds, expected, "the failed delivery, the two not begun, and what the timers brought");
    let (_, refund) = bench.get(&format!("/v1/refunds/{}", refund["id"].as_str().unwrap())).await;
    assert_eq!(refund["status"], "succeeded");
    assert_eq!(bench.books().await, (4, 14_970, 1_000));

    bench.advance_ms(24 * 3_600_000);
    bench.sandbox.pump().await.unwrap();
    assert_eq!(bench.payment(&page).await["status"], "canceled");
}

#[tokio::test]
async fn parallel_payments_share_commits_and_all_survive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let mut ids: Vec<String> = {
        let bench = Bench::on(&path).await;
        let payments = join_all((0..200).map(|_| bench.token("tok_visa"))).await;
        bench.sandbox.close().await;
        payments.iter().map(|payment| payment["id"].as_str().unwrap().to_owned()).collect()
    };
    let bench = Bench::on(&path).await;
    let (_, journal) = bench.get("/v1/journal?limit=1000").await;
    let mut kept: Vec<String> =
        journal["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    kept.sort();
    assert_eq!(kept, ids);
    assert_eq!(bench.books().await, (200, 200 * 4_990, 0));
}

#[tokio::test]
async fn the_journal_of_money_cannot_be_rewritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let bench = Bench::on(&path).await;
    bench.token("tok_visa").await;
    bench.sandbox.close().await;
    let file = rusqlite::Connection::open(&path).unwrap();
    for sql in ["UPDATE entry SET amount = 1", "DELETE FROM entry", "UPDATE payment SET captured = amount + 1"] {
        assert!(file.execute(sql, ()).is_err(), "{sql}");
    }
}
