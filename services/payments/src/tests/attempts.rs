//! What became of each attempt at paying an order stays.

use contracts::payments::{AttemptView, ChooseMethod, OrderAttempt, PaymentStatus};
use db::params;
use kernel::{Clock, OrderId, Page};
use testkit::{TestApp, admin, customer};

use super::{
    cancelled, eur, order, order_and_reserve, pass, payment, place, review,
    script::{Next, Script},
    scripted, sound,
};

async fn choose(app: &TestApp, id: OrderId) {
    let wish = ChooseMethod { method: "card".to_owned(), country: "DE".parse().unwrap() };
    let path = format!("/internal/orders/{id}/payment/method");
    app.as_service("orders").post(&path, &serde_json::to_value(wish).unwrap()).await.expect(204);
    app.settle().await;
}

async fn page(app: &TestApp, id: OrderId, query: &str) -> Page<AttemptView> {
    let path = format!("/api/v1/admin/payments/{}/attempts?{query}", payment(app, id).await.id);
    app.as_user(&admin()).get(&path).await.expect(200).json()
}

/// Position, state and reason of each, the present one first.
async fn told(app: &TestApp, id: OrderId) -> Vec<(i64, PaymentStatus, Option<String>)> {
    page(app, id, "").await.items.into_iter().map(|one| (one.position, one.status, one.failure)).collect()
}

fn why(reason: &str) -> Option<String> {
    Some(reason.to_owned())
}

fn opened(script: &Script) -> usize {
    script.calls("open ")
}

#[tokio::test]
async fn an_attempt_that_was_given_up_for_another_way_stays_beside_it() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let began = app.clock.now();
        let id = order_and_reserve(&app, "a").await;
        let first = payment(&app, id).await.provider_ref;
        pass(&app, 30).await;
        let over = app.clock.now();
        choose(&app, id).await;
        assert_eq!((opened(&script), payment(&app, id).await.status), (2, PaymentStatus::Captured));
        let all = page(&app, id, "").await;
        assert!(all.next.is_none());
        let (now, before) = (&all.items[0], &all.items[1]);
        assert_eq!((all.items.len(), now.position, now.status), (2, 2, PaymentStatus::Captured));
        assert_eq!((&now.provider_ref, now.ended_at), (&payment(&app, id).await.provider_ref, Some(over)));
        let known = AttemptView {
            position: 1,
            provider: "script".to_owned(),
            method: "card".to_owned(),
            status: PaymentStatus::Cancelled,
            amount: eur(6040),
            provider_ref: first,
            failure: why("cancelled"),
            began_at: Some(began),
            ended_at: Some(over),
        };
        assert_eq!(*before, known);
        // Page by page.
        let one = page(&app, id, "limit=1").await;
        let next = one.next.expect("another page");
        let two = page(&app, id, &format!("limit=1&after={next}")).await;
        assert_eq!((one.items, two.items, two.next), (vec![now.clone()], vec![known], None));
        // For the buyer, by way of `orders`.
        let path = format!("/internal/orders/{id}/payment/attempts");
        let short: Page<OrderAttempt> = app.as_service("orders").get(&path).await.expect(200).json();
        let short: Vec<_> = short.items.into_iter().map(|one| (one.method, one.status, one.at)).collect();
        let card = || "card".to_owned();
        assert_eq!(
            short,
            [(card(), PaymentStatus::Captured, Some(over)), (card(), PaymentStatus::Cancelled, Some(over))]
        );
        for sql in ["UPDATE payment_attempts SET failure = NULL", "DELETE FROM payment_attempts"] {
            assert!(app.db("payments").write(async move |tx| tx.exec(sql, params![]).await).await.is_err(), "{sql}");
        }
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn an_attempt_that_failed_stays_when_it_is_paid_late() {
    scripted(|app, script| async move {
        script.next(Next::Decline);
        let id = order_and_reserve(&app, "a").await;
        let declined = (1, PaymentStatus::Failed, why("card_declined"));
        assert_eq!(told(&app, id).await, std::slice::from_ref(&declined));
        let refused = script.payment_of(id);
        script.write_down(&refused, script.now());
        pass(&app, 240).await;
        script.is_paid_late(&refused.id);
        pass(&app, 360).await;
        assert_eq!(told(&app, id).await, [(2, PaymentStatus::Captured, None), declined]);
        assert!(review(&app).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_attempt_that_nobody_wants_any_more_is_over_once() {
    scripted(|app, script| async move {
        // Before it was opened, and on the provider's page.
        let unopened = place(&app, "a").await;
        script.next(Next::Act);
        let open = order_and_reserve(&app, "b").await;
        assert_eq!(told(&app, open).await, [(1, PaymentStatus::RequiresAction, None)]);
        for id in [unopened, open] {
            app.deliver("payments", &cancelled(id)).await;
        }
        pass(&app, 120).await;
        assert_eq!(told(&app, unopened).await, [(1, PaymentStatus::Cancelled, None)]);
        assert_eq!(told(&app, open).await, [(1, PaymentStatus::Cancelled, why("cancelled"))]);
        assert_eq!(app.count("payments", "SELECT count(*) FROM payment_attempts").await, 2);
        let path = format!("/api/v1/admin/payments/{}/attempts", payment(&app, open).await.id);
        for who in [app.guest(), app.as_user(&customer("eve"))] {
            let status = who.get(&path).await.status.as_u16();
            assert!(matches!(status, 401 | 403 | 404), "{status}");
        }
        let nobody = kernel::PaymentId::derived("test", &["nobody"]);
        let path = format!("/api/v1/admin/payments/{nobody}/attempts");
        app.as_user(&admin()).get(&path).await.expect_problem(404, "not_found");
        // Of an order that is not known yet there is none.
        let path = format!("/internal/orders/{}/payment/attempts", order("unknown"));
        let none: Page<OrderAttempt> = app.as_service("orders").get(&path).await.expect(200).json();
        assert!(none.items.is_empty() && none.next.is_none());
    })
    .await;
}
