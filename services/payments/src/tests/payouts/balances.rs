//! What is pending, available, on its way, paid.

use contracts::{orders::LineSnapshot, payments::PaymentCaptured};
use kernel::{LineId, ProductId, VariantId};
use serde_json::json;
use testkit::vendor_owner;

use super::{super::*, *};

#[tokio::test]
async fn a_sale_is_pending_until_it_was_delivered_and_held() {
    scripted(|app, _| async move {
        let id = paid(&app, "a", PARTS).await;
        // 30.40 less 10 %.
        assert_eq!(balance(&app, "ada").await, [2736, 0, 0, 0]);
        days(&app, 30).await;
        assert_eq!(balance(&app, "ada").await, [2736, 0, 0, 0], "nobody has said that it arrived");
        // The first of two parcels.
        let one = ShipmentDelivered { complete: false, ..delivered(&app, order("a"), "ada") };
        app.deliver("payments", &ShipmentDelivered { shipment_id: ShipmentId::derived("test", &["one"]), ..one }).await;
        days(&app, 8).await;
        assert_eq!(balance(&app, "ada").await, [2736, 0, 0, 0], "the rest is still on its way");
        let news = app.envelope(&delivered(&app, id, "ada"));
        app.hand_over("payments", &news).await;
        days(&app, 6).await;
        assert_eq!(balance(&app, "ada").await, [2736, 0, 0, 0]);
        // Heard again, later: the day stays.
        app.hand_over("payments", &news).await;
        deliver(&app, id, "ada").await;
        days(&app, 1).await;
        assert_eq!(balance(&app, "ada").await, [0, 2736, 0, 0]);
        assert_eq!(balance(&app, "bob").await, [2625, 0, 0, 0], "his parcel is another one");
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_downloaded_is_delivered_with_the_payment() {
    scripted(|app, _| async move {
        let id = order("a");
        let mut news = placed(&app, id, Some("tok_visa"), PARTS);
        let pattern = LineSnapshot {
            line_id: LineId::derived("test", &["pattern"]),
            variant_id: VariantId::derived("test", &["pattern"]),
            product_id: ProductId::derived("test", &["pattern"]),
            quantity: 1,
            total: eur(3000),
            tax: eur(0),
            digital: true,
            categories: vec![],
            subsidy_minor: 0,
        };
        // All of ada's part is downloaded. Of bob's something is sent, too.
        news.order.parts[0].lines = vec![LineSnapshot { total: eur(3040), ..pattern.clone() }];
        let mug = LineId::derived("test", &["mug"]);
        news.order.parts[1].lines = vec![
            LineSnapshot { total: eur(1000), ..pattern.clone() },
            LineSnapshot { line_id: mug, total: eur(2000), digital: false, ..pattern },
        ];
        app.deliver("payments", &news).await;
        assert_eq!(app.count("payments", "SELECT CAST(sum(digital) AS BIGINT) FROM payment_parts").await, 1);
        assert_eq!(app.count("payments", "SELECT count(*) FROM journal_entries").await, 0, "it is not paid");
        reserve(&app, id).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Captured);
        let captured = app.published::<PaymentCaptured>("payments").await;
        assert_eq!((captured.len(), captured[0].order_id, captured[0].amount), (1, id, eur(6040)));
        assert_eq!((balance(&app, "ada").await, balance(&app, "bob").await), ([2736, 0, 0, 0], [2625, 0, 0, 0]));
        days(&app, 6).await;
        assert_eq!(balance(&app, "ada").await, [2736, 0, 0, 0], "it can still be paid back");
        days(&app, 1).await;
        assert_eq!(balance(&app, "ada").await, [0, 2736, 0, 0]);
        days(&app, 30).await;
        assert_eq!(balance(&app, "bob").await, [2625, 0, 0, 0], "the rest of his has not arrived");
        deliver(&app, id, "bob").await;
        days(&app, 7).await;
        assert_eq!(balance(&app, "bob").await, [0, 2625, 0, 0]);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_delivery_that_is_heard_of_before_its_order_waits_for_it() {
    scripted(|app, _| async move {
        let id = order("a");
        let news = app.envelope(&delivered(&app, id, "ada"));
        assert_ne!(app.hand_over("payments", &news).await, events::Received::Handled);
        paid(&app, "a", PARTS).await;
        days(&app, 1).await;
        days(&app, 7).await;
        assert_eq!(balance(&app, "ada").await, [0, 2736, 0, 0]);
    })
    .await;
}

#[tokio::test]
async fn a_refund_takes_from_what_is_pending_or_available_and_below_zero_once_it_was_paid() {
    scripted(|app, _| async move {
        with_account(&app, "ada").await;
        let (a, b) = (paid(&app, "a", PARTS).await, paid(&app, "b", PARTS).await);
        deliver(&app, a, "ada").await;
        days(&app, 7).await;
        assert_eq!(balance(&app, "ada").await, [2736, 2736, 0, 0]);
        refund(&app, b, "ada", 1000, "k1").await.expect(202);
        assert_eq!(balance(&app, "ada").await, [1836, 2736, 0, 0]);
        refund(&app, a, "ada", 1000, "k2").await.expect(202);
        assert_eq!(balance(&app, "ada").await, [1836, 1836, 0, 0]);
        run(&app, &json!({})).await;
        assert_eq!(balance(&app, "ada").await, [1836, 0, 1836, 0]);
        mark(&app, &payouts(&app, "").await[0], "paid", &json!(null)).await.expect(200);
        refund(&app, a, "ada", 500, "k3").await.expect(202);
        assert_eq!(balance(&app, "ada").await, [1836, -450, 0, 1836]);
        // Netted against the next one.
        deliver(&app, b, "ada").await;
        days(&app, 7).await;
        let line = run(&app, &json!({})).await.lines.remove(0);
        assert_eq!((line.available, line.payout_id.is_some()), (eur(1386), true));
        assert_eq!(balance(&app, "ada").await, [0, 0, 1386, 1836]);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn another_vendor_s_money_does_not_exist() {
    scripted(|app, _| async move {
        with_account(&app, "ada").await;
        let id = paid(&app, "a", PARTS).await;
        deliver(&app, id, "ada").await;
        days(&app, 7).await;
        run(&app, &json!({})).await;
        let statement = "statement?currency=EUR&from=2026-01-01&to=2026-01-31";
        let paths = ["payouts", "payouts/overview", statement, &statement.replace('?', ".csv?")];
        for path in paths {
            app.guest().get(&of_vendor("ada", path)).await.expect_problem(401, "unauthenticated");
            app.as_user(&vendor_owner(vendor("ada"))).get(&of_vendor("ada", path)).await.expect(200);
            let missing = app.as_user(&vendor_owner(vendor("ada"))).get(&of_vendor("none", path)).await.expect(404);
            for who in [testkit::vendor_staff(vendor("ada")), vendor_owner(vendor("bob")), testkit::admin()] {
                let answer = app.as_user(&who).get(&of_vendor("ada", path)).await.expect(404);
                assert_eq!((answer.body, answer.headers), (missing.body.clone(), missing.headers.clone()), "{path}");
            }
        }
        // Asking for another's among one's own finds nothing.
        let path = format!("{}?vendor_id={}", of_vendor("bob", "payouts"), vendor("ada"));
        let page: kernel::Page<PayoutView> =
            app.as_user(&vendor_owner(vendor("bob"))).get(&path).await.expect(200).json();
        assert!(page.items.is_empty());
        assert!(overview(&app, "bob").await.account.is_none());
        let payout = &payouts(&app, "").await[0];
        for (verb, body) in [("paid", json!(null)), ("failed", json!({"reason": "x"}))] {
            let path = format!("/api/v1/admin/payouts/{}/{verb}", payout.id);
            app.as_user(&vendor_owner(vendor("ada"))).post(&path, &body).await.expect_problem(403, "forbidden");
            app.guest().post(&path, &body).await.expect_problem(401, "unauthenticated");
        }
        app.as_user(&vendor_owner(vendor("ada")))
            .post("/api/v1/admin/payouts/runs", &json!({}))
            .await
            .expect_problem(403, "forbidden");
        assert_eq!(payouts(&app, "").await.len(), 1);
    })
    .await;
}
