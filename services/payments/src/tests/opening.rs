//! From the order to the money.

use std::time::Duration;

use contracts::{
    orders::OrderRejected,
    payments::{MethodView, PaymentActionRequired, PaymentCaptured, PaymentFailed, PaymentStatus},
};
use events::Received;
use kernel::Clock;

use super::{
    PARTS, cancelled, eur, journal, order, order_and_reserve, pass, payment, place, placed, postings, reserve, review,
    script::{Distortion, Next},
    scripted, sound, status, terms,
};
use crate::provider::ProviderStatus;

#[tokio::test]
async fn an_order_is_paid_and_posted() {
    scripted(|app, script| async move {
        let id = place(&app, "a").await;
        assert_eq!(status(&app, id).await, PaymentStatus::Pending);
        assert_eq!(script.calls("open"), 0);
        reserve(&app, id).await;
        let paid = payment(&app, id).await;
        assert_eq!(
            (paid.status, paid.amount, paid.captured, paid.refunded),
            (PaymentStatus::Captured, eur(6040), eur(6040), eur(0))
        );
        assert_eq!(paid.provider_ref, Some(script.payment_of(id).id));
        let opened = script.state().opened.clone();
        assert_eq!(opened.len(), 1);
        assert_eq!((opened[0].key.as_str(), opened[0].amount), (format!("{id}:open:1").as_str(), eur(6040)));
        assert_eq!(
            (opened[0].return_url.as_str(), opened[0].token.as_deref()),
            ("http://souk.test/checkout/done", Some("tok_visa"))
        );
        assert_eq!(app.count("payments", "SELECT count(*) FROM payments WHERE token IS NOT NULL").await, 0);
        let told: Vec<PaymentCaptured> = app.published("payments").await;
        assert_eq!(
            told.iter().map(|e| (e.order_id, e.amount, e.at)).collect::<Vec<_>>(),
            [(id, eur(6040), app.clock.now())]
        );
        let entries = journal(&app).await;
        assert_eq!(
            postings(&entries[0]),
            [
                "provider:script 6040",
                "vendor_payable:ada -3040",
                "vendor_payable:ada 304",
                "vendor_payable:bob -3000",
                "vendor_payable:bob 375",
                "commission -679"
            ]
        );
        assert_eq!((entries.len(), entries[0].order_id, entries[0].kind.as_str()), (1, Some(id), "capture"));
        assert_eq!(app.count("payments", "SELECT count(*) FROM jobs WHERE key <> 'every'").await, 0);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn the_commission_is_that_of_the_moment_of_the_order() {
    scripted(|app, _| async move {
        let id = place(&app, "a").await;
        terms(&app, "ada", 9000).await;
        reserve(&app, id).await;
        assert_eq!(postings(&journal(&app).await[0])[2], "vendor_payable:ada 304");
    })
    .await;
}

#[tokio::test]
async fn events_that_come_before_what_they_need_are_kept() {
    scripted(|app, script| async move {
        // The stock is held before the order is known here; the order before one of its vendors.
        let id = order("a");
        let event = placed(&app, id, None, &[("eve", 500), ("ada", 100)]);
        let reserved =
            contracts::inventory::StockReserved { order_id: id, expires_at: app.clock.now(), bundles: vec![] };
        assert_eq!(app.deliver("payments", &reserved).await, Received::Early);
        assert_eq!(app.deliver("payments", &event).await, Received::Early);
        assert_eq!(app.count("payments", "SELECT count(*) FROM payments").await, 0);
        terms(&app, "eve", 500).await;
        pass(&app, 60).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Captured);
        assert_eq!(script.calls("open"), 1);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn parts_that_do_not_add_up_are_no_payment() {
    scripted(|app, _| async move {
        let mut event = placed(&app, order("a"), None, PARTS);
        event.order.total = eur(6041);
        assert_eq!(app.deliver("payments", &event).await, Received::Retrying);
        assert_eq!(app.count("payments", "SELECT count(*) FROM payments").await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_buyer_pays_on_the_providers_page() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        assert_eq!(status(&app, id).await, PaymentStatus::RequiresAction);
        let told: Vec<PaymentActionRequired> = app.published("payments").await;
        assert_eq!((told.len(), told[0].url.clone()), (1, format!("http://pay.test/{}", script.payment_of(id).id)));
        // The buyer comes back before the provider's event does.
        let path = format!("/api/v1/orders/{id}/payment/refresh");
        app.guest().send(http::Method::POST, &path, None, "".into()).await.expect(204);
        assert_eq!(status(&app, id).await, PaymentStatus::RequiresAction);
        script.becomes(id, ProviderStatus::Succeeded);
        // Asked at most once a second, by the machine's clock.
        tokio::time::sleep(Duration::from_millis(1100)).await;
        app.guest().send(http::Method::POST, &path, None, "".into()).await.expect(204);
        assert_eq!(status(&app, id).await, PaymentStatus::Captured);
        assert_eq!(app.published::<PaymentActionRequired>("payments").await.len(), 1);
        let fetched = script.calls("fetch");
        for _ in 0..5 {
            app.guest().send(http::Method::POST, &path, None, "".into()).await.expect(204);
        }
        assert_eq!(script.calls("fetch"), fetched);
        // An order that is not known says as little.
        let other = format!("/api/v1/orders/{}/payment/refresh", order("none"));
        app.guest().send(http::Method::POST, &other, None, "".into()).await.expect(204);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn an_event_that_got_lost_is_made_up_for() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        script.next(Next::Process);
        let (page, bank) = (order_and_reserve(&app, "page").await, order_and_reserve(&app, "bank").await);
        script.becomes(page, ProviderStatus::Succeeded);
        script.becomes(bank, ProviderStatus::Succeeded);
        app.advance(Duration::from_secs(59)).await;
        assert_eq!(status(&app, page).await, PaymentStatus::RequiresAction);
        assert_eq!(status(&app, bank).await, PaymentStatus::Processing);
        pass(&app, 120).await;
        assert_eq!(status(&app, page).await, PaymentStatus::Captured);
        assert_eq!(status(&app, bank).await, PaymentStatus::Captured);
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 2);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_is_declined_is_told_once() {
    scripted(|app, script| async move {
        script.next(Next::Decline);
        script.next(Next::Refuse);
        let declined = order_and_reserve(&app, "declined").await;
        let refused = order_and_reserve(&app, "refused").await;
        let told: Vec<PaymentFailed> = app.published("payments").await;
        let told: Vec<_> = told.iter().map(|e| (e.order_id, e.reason.as_str())).collect();
        assert_eq!(told, [(declined, "card_declined"), (refused, "invalid_input")]);
        assert_eq!(payment(&app, declined).await.failure.as_deref(), Some("card_declined"));
        pass(&app, 1200).await;
        assert_eq!(app.published::<PaymentFailed>("payments").await.len(), 2);
        assert_eq!(script.calls("open"), 2);
        assert!(journal(&app).await.is_empty());
        // The order is called off for it; there is nothing to return.
        app.deliver("payments", &cancelled(declined)).await;
        assert_eq!(status(&app, declined).await, PaymentStatus::Failed);
        assert_eq!(script.money(), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn an_unknown_way_to_pay_fails_at_once() {
    scripted(|app, script| async move {
        let mut event = placed(&app, order("a"), None, PARTS);
        event.order.payment.method = "barter".to_owned();
        app.deliver("payments", &event).await;
        reserve(&app, order("a")).await;
        let told: Vec<PaymentFailed> = app.published("payments").await;
        assert_eq!(told.iter().map(|e| e.reason.as_str()).collect::<Vec<_>>(), ["unknown_method"]);
        assert_eq!((script.calls("open"), status(&app, order("a")).await), (0, PaymentStatus::Failed));
        let methods: Vec<MethodView> = app.guest().get("/api/v1/payment-methods").await.expect(200).json();
        assert_eq!(methods.iter().map(|m| m.method.as_str()).collect::<Vec<_>>(), ["card"]);
    })
    .await;
}

#[tokio::test]
async fn a_rejected_order_is_never_opened() {
    scripted(|app, script| async move {
        let id = place(&app, "a").await;
        app.deliver("payments", &OrderRejected { order_id: id, account_id: None, shortages: vec![] }).await;
        reserve(&app, id).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Cancelled);
        assert_eq!(script.calls("open"), 0);
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_never_paid() {
    scripted(|app, script| async move {
        let distortions: &[(&str, Distortion, &str)] = &[
            ("amount", |p| p.captured = eur(6039), "wrong_amount"),
            (
                "less",
                |p| {
                    p.amount = eur(1);
                    p.captured = eur(1)
                },
                "wrong_amount",
            ),
            ("mode", |p| p.livemode = true, "wrong_mode"),
            ("currency", |p| p.amount.currency = kernel::Currency::USD, "wrong_currency"),
        ];
        for (name, distort, problem) in distortions {
            script.next(Next::Distort(*distort));
            let id = order_and_reserve(&app, name).await;
            pass(&app, 300).await;
            assert_eq!(status(&app, id).await, PaymentStatus::Opening, "{name}");
            assert!(review(&app).await.contains(&((*problem).to_owned(), Some(id))), "{name}");
            // The order's time is over: for it the payment is, too; the money stays in the queue.
            app.deliver("payments", &cancelled(id)).await;
            pass(&app, 900).await;
            assert_eq!(status(&app, id).await, PaymentStatus::Cancelled, "{name}");
        }
        assert_eq!(review(&app).await.len(), 4);
        assert!(app.published::<PaymentCaptured>("payments").await.is_empty());
        assert!(journal(&app).await.is_empty());
    })
    .await;
}
