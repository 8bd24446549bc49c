//! Providers' events.

use contracts::payments::{PaymentCaptured, PaymentStatus};
use futures::{StreamExt, future::join_all, stream};
use kernel::{Clock, OrderId};
use serde_json::json;
use testkit::{Answer, TestApp, admin};

use super::{
    PARTS, eur, order, order_and_reserve, pass, payment, placed, reserve, review, script::Next, scripted, sound, status,
};
use crate::provider::{ProviderPayment, ProviderStatus, RefundState};

async fn hook(app: &TestApp, body: String) -> Answer {
    let sender = app.guest().header("script-signature", "good");
    sender.send(http::Method::POST, "/webhooks/script", Some("application/json"), body.into()).await
}

#[tokio::test]
async fn an_event_is_a_hint_to_ask() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        let paid = script.payment_of(id).id;
        // It claims something that is not so.
        hook(&app, format!("evt_1 {paid}")).await.expect(204);
        app.settle().await;
        assert_eq!(status(&app, id).await, PaymentStatus::RequiresAction);
        script.becomes(id, ProviderStatus::Succeeded);
        hook(&app, format!("evt_2 {paid}")).await.expect(204);
        app.settle().await;
        assert_eq!(status(&app, id).await, PaymentStatus::Captured);
        // Again and late: noted once, and nothing more to do.
        let fetched = script.calls("fetch");
        for event in ["evt_2", "evt_2", "evt_1", "evt_3"] {
            hook(&app, format!("{event} {paid}")).await.expect(204);
        }
        app.settle().await;
        assert_eq!(script.calls("fetch"), fetched);
        assert_eq!(app.count("payments", "SELECT count(*) FROM webhook_inbox WHERE state = 'handled'").await, 3);
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_not_from_the_provider_is_refused() {
    scripted(|app, _| async move {
        let forged = app.guest().header("script-signature", "bad");
        let send = |who: testkit::As, path: &'static str, body: Vec<u8>| async move {
            who.send(http::Method::POST, path, Some("application/json"), body.into()).await
        };
        send(forged, "/webhooks/script", b"evt pay".to_vec()).await.expect_problem(400, "bad_signature");
        send(app.guest(), "/webhooks/script", b"evt pay".to_vec()).await.expect_problem(400, "bad_signature");
        send(app.guest(), "/webhooks/nobody", b"evt pay".to_vec()).await.expect_problem(404, "not_found");
        let good = app.guest().header("script-signature", "good");
        send(good, "/webhooks/script", vec![b'x'; 65 * 1024]).await.expect_problem(413, "body_too_large");
        assert_eq!(app.count("payments", "SELECT count(*) FROM webhook_inbox").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_event_waits_for_its_order() {
    scripted(|app, script| async move {
        let id = order("a");
        let early = ProviderPayment {
            id: "pay_early".into(),
            reference: id.to_string(),
            amount: eur(6040),
            captured: eur(6040),
            fee: None,
            livemode: false,
            is_elsewhere: false,
            direct: Vec::new(),
            status: ProviderStatus::Succeeded,
        };
        script.state().payments.insert(early.id.clone(), early);
        hook(&app, "evt_1 pay_early".to_owned()).await.expect(204);
        app.settle().await;
        assert_eq!(app.count("payments", "SELECT count(*) FROM webhook_inbox WHERE state = 'received'").await, 1);
        app.deliver("payments", &placed(&app, id, None, PARTS)).await;
        pass(&app, 30).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Captured);
        assert!(review(&app).await.is_empty());
        // The stock comes after the money: nothing is opened any more.
        reserve(&app, id).await;
        assert_eq!((script.calls("open"), status(&app, id).await), (0, PaymentStatus::Captured));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn of_a_thousand_events_before_their_orders_none_is_lost() {
    scripted(|app, script| async move {
        let orders: Vec<OrderId> = (0..1000).map(|n: i64| order(&n.to_string())).collect();
        for id in &orders {
            let paid = ProviderPayment {
                id: format!("pay_{id}"),
                reference: id.to_string(),
                amount: eur(6040),
                captured: eur(6040),
                fee: None,
                livemode: false,
                is_elsewhere: false,
                direct: Vec::new(),
                status: ProviderStatus::Succeeded,
            };
            script.state().payments.insert(paid.id.clone(), paid);
        }
        let told = |id: &OrderId| hook(&app, format!("evt_{id} pay_{id}"));
        let answers: Vec<Answer> = stream::iter(orders.iter().map(told)).buffer_unordered(50).collect().await;
        answers.into_iter().for_each(|answer| drop(answer.expect(204)));
        app.settle().await;
        let waiting = "SELECT count(*) FROM webhook_inbox WHERE state = 'received'";
        let queued = "SELECT count(*) FROM jobs WHERE kind = 'webhook' AND state = 'queued'";
        assert_eq!((app.count("payments", waiting).await, app.count("payments", queued).await), (1000, 1000));
        assert_eq!(app.count("payments", "SELECT count(*) FROM payments").await, 0);
        let events: Vec<_> = orders.iter().map(|id| app.envelope(&placed(&app, *id, None, PARTS))).collect();
        for some in events.chunks(50) {
            join_all(some.iter().map(|event| app.hand_over("payments", event))).await;
        }
        pass(&app, 30).await;
        assert_eq!(app.count("payments", "SELECT count(*) FROM webhook_inbox WHERE state = 'handled'").await, 1000);
        let paid = "SELECT count(*) FROM payments WHERE status = 'captured' AND captured_minor = 6040";
        assert_eq!(app.count("payments", paid).await, 1000);
        let captures = "SELECT count(DISTINCT payment_id) FROM journal_entries WHERE kind = 'capture'";
        assert_eq!(app.count("payments", captures).await, 1000);
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1000);
        assert_eq!((script.calls("open"), script.money()), (0, (6_040_000, 0)));
        assert_eq!(app.count("payments", "SELECT count(*) FROM jobs WHERE state = 'dead'").await, 0);
        assert!(review(&app).await.is_empty());
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn an_order_that_never_comes_is_looked_at() {
    scripted(|app, script| async move {
        let id = order("a");
        let lost = |name: &str, reference: String, captured| ProviderPayment {
            id: name.into(),
            reference,
            amount: eur(6040),
            captured: eur(captured),
            fee: None,
            livemode: false,
            is_elsewhere: false,
            direct: Vec::new(),
            status: if captured > 0 { ProviderStatus::Succeeded } else { ProviderStatus::Processing },
        };
        for payment in [
            lost("pay_a", id.to_string(), 6040),
            lost("pay_b", "Order 7".into(), 6040),
            lost("pay_c", "Order 8".into(), 0),
        ] {
            script.state().payments.insert(payment.id.clone(), payment);
        }
        for (n, name) in ["pay_a", "pay_b", "pay_c", "pay_gone"].into_iter().enumerate() {
            hook(&app, format!("evt_{n} {name}")).await.expect(204);
        }
        pass(&app, 240).await;
        assert_eq!(review(&app).await, [("unknown_payment".to_owned(), None)]);
        pass(&app, 400).await;
        let mut found = review(&app).await;
        found.sort();
        let item = |problem: &str, order| (problem.to_owned(), order);
        assert_eq!(
            found,
            [item("unknown_order", None), item("unknown_order", Some(id)), item("unknown_payment", None)]
        );
        assert_eq!(app.count("payments", "SELECT count(*) FROM webhook_inbox WHERE state = 'unmatched'").await, 4);
        // It turns up after all: the item is settled.
        app.deliver("payments", &placed(&app, id, None, PARTS)).await;
        hook(&app, "evt_9 pay_a".to_owned()).await.expect(204);
        app.settle().await;
        assert_eq!(status(&app, id).await, PaymentStatus::Captured);
        assert!(!review(&app).await.contains(&item("unknown_order", Some(id))));
    })
    .await;
}

#[tokio::test]
async fn news_of_a_refund_settles_it() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let paid = payment(&app, id).await;
        let payment_ref = paid.provider_ref.clone().unwrap();
        script.next_refund(Ok(RefundState::Pending));
        let path = format!("/api/v1/admin/payments/{}/refunds", paid.id);
        let back = json!({"amount_minor": 500, "reason": "x"});
        app.as_user(&admin()).key("k").post(&path, &back).await.expect(202);
        app.settle().await;
        script.state().refunds.get_mut("re_1").unwrap().1.state = RefundState::Succeeded;
        for event in ["evt_1", "evt_1", "evt_2"] {
            hook(&app, format!("{event} {payment_ref} re_1")).await.expect(204);
        }
        app.settle().await;
        assert_eq!(payment(&app, id).await.refunds[0].status, "succeeded");
        assert_eq!(app.published::<contracts::payments::PaymentRefunded>("payments").await.len(), 1);
        // One that somebody made at the provider's own desk.
        let foreign = crate::provider::ProviderRefund {
            id: "re_x".into(),
            refund_id: None,
            amount: eur(1),
            state: RefundState::Succeeded,
        };
        script.state().refunds.insert("re_x".into(), (payment_ref.clone(), foreign));
        hook(&app, format!("evt_3 {payment_ref} re_x")).await.expect(204);
        app.settle().await;
        assert_eq!(review(&app).await, [("unknown_refund".to_owned(), Some(id))]);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn fifty_copies_of_one_event_have_one_effect() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        let paid = script.becomes(id, ProviderStatus::Succeeded);
        let all: Vec<_> = (0..50)
            .map(|n| {
                let sender = app.guest().header("script-signature", "good");
                let body = format!("evt_{} {paid}", n % 5);
                tokio::spawn(async move {
                    sender
                        .send(http::Method::POST, "/webhooks/script", Some("application/json"), body.into())
                        .await
                        .status
                        .as_u16()
                })
            })
            .collect();
        for one in all {
            assert_eq!(one.await.unwrap(), 204);
        }
        assert_eq!(app.count("payments", "SELECT count(*) FROM webhook_inbox").await, 5);
        app.settle().await;
        assert_eq!(status(&app, id).await, PaymentStatus::Captured);
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        // Old ones are forgotten, in time.
        app.advance(std::time::Duration::from_secs(31 * 24 * 3600)).await;
        assert_eq!(app.count("payments", "SELECT count(*) FROM webhook_inbox").await, 0);
        assert!(app.clock.now().micros() > 0);
    })
    .await;
}
