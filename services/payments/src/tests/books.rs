//! Earnings, movements, the journal, lists of payments.

use contracts::{
    payments::{EarningsView, EntryView, PaymentView, VendorMovement},
    queue::ReviewItem,
};
use kernel::{Currency, Money, Page};
use serde_json::json;
use testkit::{TestApp, admin, vendor_owner};

use super::{
    PARTS, cancelled, eur, order, order_and_reserve, pass, payment, placed, reserve, script::Next, scripted, sound,
    vendor,
};

async fn earnings(app: &TestApp, name: &str) -> EarningsView {
    let id = vendor(name);
    app.as_user(&vendor_owner(id)).get(&format!("/api/v1/vendors/{id}/earnings")).await.expect(200).json()
}

#[tokio::test]
async fn a_vendor_sees_what_it_has_earned() {
    scripted(|app, _| async move {
        assert_eq!(
            earnings(&app, "ada").await,
            EarningsView { balances: vec![], sales_30d: vec![], commission_30d: vec![], refunds_30d: vec![] }
        );
        let first = order_and_reserve(&app, "a").await;
        pass(&app, 60).await;
        order_and_reserve(&app, "b").await;
        let path = format!("/api/v1/admin/payments/{}/refunds", payment(&app, first).await.id);
        app.as_user(&admin()).key("k").post(&path, &json!({"amount_minor": 1000, "reason": "x"})).await.expect(202);
        pass(&app, 30).await;
        let ada = earnings(&app, "ada").await;
        // 2 × (30.40 − 3.04) − (5.03 − 0.50)
        assert_eq!(ada.balances, [eur(2 * 2736 - 453)]);
        assert_eq!(
            (ada.sales_30d, ada.commission_30d, ada.refunds_30d),
            (vec![eur(6080)], vec![eur(608 - 50)], vec![eur(503)])
        );

        let id = vendor("ada");
        let owner = app.as_user(&vendor_owner(id));
        let mut seen: Vec<VendorMovement> = Vec::new();
        let mut path = format!("/api/v1/vendors/{id}/earnings/movements?limit=2");
        loop {
            let page: Page<VendorMovement> = owner.get(&path).await.expect(200).json();
            assert!(page.items.len() <= 2);
            seen.extend(page.items);
            let Some(next) = page.next else { break };
            path = format!("/api/v1/vendors/{id}/earnings/movements?limit=2&after={next}");
        }
        let seen_short: Vec<_> = seen.iter().map(|m| (m.kind.as_str(), m.amount.amount_minor)).collect();
        let mut wanted = vec![
            ("commission_refund", 50),
            ("refund", -503),
            ("commission", -304),
            ("sale", 3040),
            ("commission", -304),
            ("sale", 3040),
        ];
        assert_eq!(seen_short.len(), wanted.len());
        assert_eq!((seen_short[4], seen_short[5]), (wanted[4], wanted[5]));
        let mut sorted = seen_short.clone();
        sorted.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(sorted, wanted);
        let sum = Money::sum(Currency::EUR, seen.iter().map(|m| m.amount)).unwrap();
        assert_eq!(vec![sum], ada.balances);
        // After 30 days the figures of the month are empty, what is owed is not.
        app.advance(std::time::Duration::from_secs(31 * 24 * 3600)).await;
        let later = earnings(&app, "ada").await;
        assert_eq!((later.balances, later.sales_30d), (vec![sum], vec![]));
    })
    .await;
}

#[tokio::test]
async fn a_vendor_is_paid_as_if_the_buyer_had_paid_the_platform_s_promotion() {
    scripted(|app, _| async move {
        let id = order("a");
        let mut event = placed(&app, id, Some("tok_visa"), PARTS);
        event.order.parts[0].subsidy_minor = 960;
        app.deliver("payments", &event).await;
        reserve(&app, id).await;
        pass(&app, 60).await;
        let ada = earnings(&app, "ada").await;
        assert_eq!(
            (ada.balances, ada.sales_30d, ada.commission_30d),
            (vec![eur(3600)], vec![eur(4000)], vec![eur(400)])
        );
        assert_eq!(balance(&app, "promotions").await, 960);
        sound(&app).await;

        // A third of ada's part goes back, and a third of what the platform added.
        let path = format!("/api/v1/admin/payments/{}/refunds", payment(&app, id).await.id);
        let third = json!({"amount_minor": 1000, "reason": "x", "vendor_id": vendor("ada")});
        app.as_user(&admin()).key("k").post(&path, &third).await.expect(202);
        pass(&app, 30).await;
        assert_eq!(balance(&app, "promotions").await, 960 - 316);
        app.deliver("payments", &cancelled(id)).await;
        pass(&app, 60).await;
        let ada = earnings(&app, "ada").await;
        assert_eq!((ada.balances, ada.refunds_30d), (vec![eur(0)], vec![eur(4000)]));
        assert_eq!((balance(&app, "promotions").await, balance(&app, "commission").await), (0, 0));
        sound(&app).await;
    })
    .await;
}

async fn balance(app: &TestApp, account: &str) -> i64 {
    let sql =
        format!("SELECT CAST(COALESCE(sum(amount_minor), 0) AS BIGINT) FROM postings WHERE account = '{account}'");
    app.count("payments", &sql).await
}

#[tokio::test]
async fn admins_read_the_books() {
    scripted(|app, script| async move {
        script.next(Next::Succeed);
        script.next(Next::Decline);
        script.next(Next::Act);
        for name in ["a", "b", "c"] {
            order_and_reserve(&app, name).await;
            pass(&app, 1).await;
        }
        let admin = app.as_user(&admin());
        let list = async |query: &str| -> Page<PaymentView> {
            admin.get(&format!("/api/v1/admin/payments{query}")).await.expect(200).json()
        };
        let orders = async |query: &str| list(query).await.items.iter().map(|p| p.order_id).collect::<Vec<_>>();
        let (a, b, c) = (order("a"), order("b"), order("c"));
        assert_eq!(orders("").await, [c, b, a]);
        assert_eq!(orders("?status=captured").await, [a]);
        assert_eq!(orders(&format!("?order_id={b}&status=failed&currency=EUR")).await, [b]);
        assert!(orders("?currency=USD").await.is_empty());
        let first = list("?limit=2").await;
        assert_eq!(orders(&format!("?limit=2&after={}", first.next.unwrap())).await, [a]);
        admin.get("/api/v1/admin/payments?status=lost").await.expect_invalid("status");
        admin.get("/api/v1/admin/payments?limit=101").await.expect_invalid("limit");
        let one: PaymentView =
            admin.get(&format!("/api/v1/admin/payments/{}", first.items[0].id)).await.expect(200).json();
        assert_eq!(one, first.items[0]);
        let missing = format!("/api/v1/admin/payments/{}", kernel::PaymentId::derived("test", &["none"]));
        admin.get(&missing).await.expect_problem(404, "not_found");

        pass(&app, 60).await;
        order_and_reserve(&app, "d").await;
        let entries = async |query: &str| -> Vec<Option<kernel::OrderId>> {
            let page: Page<EntryView> = admin.get(&format!("/api/v1/admin/ledger{query}")).await.expect(200).json();
            page.items.iter().map(|e| e.order_id).collect()
        };
        let d = order("d");
        assert_eq!(entries("").await, [Some(d), Some(a)]);
        assert_eq!(entries(&format!("?order_id={a}")).await, [Some(a)]);
        let account = format!("vendor_payable:{}", vendor("ada"));
        assert_eq!(entries(&format!("?account={account}")).await, [Some(d), Some(a)]);
        assert_eq!(entries(&format!("?account={account}&limit=1")).await, [Some(d)]);
        assert_eq!(entries(&format!("?account={account}&order_id={a}&limit=1")).await, [Some(a)]);
        assert!(entries("?account=nothing").await.is_empty());
        let page: Page<EntryView> =
            admin.get("/api/v1/admin/ledger?account=commission&limit=1").await.expect(200).json();
        let next = page.next.unwrap();
        assert_eq!(entries(&format!("?account=commission&limit=1&after={next}")).await, [Some(a)]);
    })
    .await;
}

#[tokio::test]
async fn the_review_queue_is_paged() {
    scripted(|app, script| async move {
        for n in 0..3 {
            script.next(Next::Distort(|p| p.livemode = true));
            order_and_reserve(&app, &format!("o{n}")).await;
        }
        let admin = app.as_user(&admin());
        let mut seen = Vec::new();
        let mut path = "/api/v1/admin/payments/review?limit=2".to_owned();
        loop {
            let page: Page<ReviewItem> = admin.get(&path).await.expect(200).json();
            seen.extend(page.items.into_iter().map(|item| item.order_id.unwrap()));
            let Some(next) = page.next else { break };
            path = format!("/api/v1/admin/payments/review?limit=2&after={next}");
        }
        seen.sort();
        let mut wanted = [order("o0"), order("o1"), order("o2")];
        wanted.sort();
        assert_eq!(seen, wanted);
    })
    .await;
}

#[tokio::test]
async fn payments_are_narrowed_and_taken_away() {
    scripted(|app, _| async move {
        for name in ["a", "b"] {
            order_and_reserve(&app, name).await;
            pass(&app, 60).await;
        }
        let admin = app.as_user(&admin());
        let (of_a, of_b) = (payment(&app, order("a")).await, payment(&app, order("b")).await);
        let reference = of_a.provider_ref.clone().unwrap();
        let (a, b, at) = (of_a.order_id, of_b.order_id, of_b.created_at);
        let cases = [
            (format!("q={reference}"), vec![a]),
            ("q=%20s-2601-000001".to_owned(), vec![b, a]),
            ("q=S-2601-00000".to_owned(), vec![]),
            ("q=&provider=script".to_owned(), vec![b, a]),
            ("provider=other".to_owned(), vec![]),
            (format!("from={at}"), vec![b]),
            (format!("before={at}"), vec![a]),
            ("currency=EUR&amount_min=6040&amount_max=6040".to_owned(), vec![b, a]),
            ("amount_min=6041".to_owned(), vec![]),
            ("amount_max=6039".to_owned(), vec![]),
        ];
        for (query, wanted) in cases {
            let list: Page<PaymentView> =
                admin.get(&format!("/api/v1/admin/payments?{query}")).await.expect(200).json();
            assert_eq!(list.items.iter().map(|payment| payment.order_id).collect::<Vec<_>>(), wanted, "{query}");
            let file = admin.get(&format!("/api/v1/admin/payments.csv?{query}")).await.expect(200).text();
            assert_eq!(file.lines().count(), wanted.len() + 1, "{query}: {file}");
        }
        let file = admin.get(&format!("/api/v1/admin/payments.csv?before={at}")).await.expect(200);
        assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"payments.csv\""));
        let row = format!("S-2601-000001,{},captured,script,{reference},60.40,60.40,0.00,0.00,EUR,", of_a.created_at);
        assert_eq!(file.text().lines().nth(1), Some(row.as_str()));
        admin.get("/api/v1/admin/payments.csv?from=yesterday").await.expect_invalid("from");
        app.guest().get("/api/v1/admin/payments.csv").await.expect_problem(401, "unauthenticated");
    })
    .await;
}
