//! Orders that are called off before, while and after they are paid.

use contracts::payments::{PaymentActionRequired, PaymentCaptured, PaymentFailed, PaymentRefunded, PaymentStatus};

use super::{
    cancelled, eur, journal, order_and_reserve, pass, payment, place, postings, reserve, review, script::Next,
    scripted, sound, status, vendor,
};
use crate::provider::{ProviderError, ProviderStatus, RefundState};

#[tokio::test]
async fn before_anything_was_opened_nothing_is() {
    scripted(|app, script| async move {
        let id = place(&app, "a").await;
        app.deliver("payments", &cancelled(id)).await;
        reserve(&app, id).await;
        pass(&app, 300).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Cancelled);
        assert_eq!(script.state().calls.iter().filter(|c| *c != "journal").count(), 0);
        assert!(app.published::<PaymentFailed>("payments").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_open_page_is_closed() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        app.deliver("payments", &cancelled(id)).await;
        let now = payment(&app, id).await;
        assert_eq!((now.status, now.failure.as_deref()), (PaymentStatus::Cancelled, Some("cancelled")));
        assert!(matches!(script.payment_of(id).status, ProviderStatus::Failed { .. }));
        // The order knows already: it is not told that its payment failed.
        assert!(app.published::<PaymentFailed>("payments").await.is_empty());
        assert_eq!(app.published::<PaymentActionRequired>("payments").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_was_quicker_goes_back_once() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        script.becomes(id, ProviderStatus::Succeeded);
        let off = app.envelope(&cancelled(id));
        app.hand_over("payments", &off).await;
        app.hand_over("payments", &off).await;
        app.settle().await;
        let now = payment(&app, id).await;
        assert_eq!((now.status, now.captured, now.refunded), (PaymentStatus::Refunded, eur(6040), eur(6040)));
        assert_eq!((now.refunds.len(), now.refunds[0].status.as_str()), (1, "succeeded"));
        assert_eq!(script.money(), (6040, 6040));
        let told: Vec<PaymentRefunded> = app.published("payments").await;
        assert_eq!((told.len(), told[0].amount, told[0].refunded_total), (1, eur(6040), eur(6040)));
        let mut by_vendor = vec![(vendor("ada"), eur(3040)), (vendor("bob"), eur(3000))];
        by_vendor.sort_by_key(|(vendor, _)| *vendor);
        assert_eq!(told[0].by_vendor, by_vendor);
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        let entries = journal(&app).await;
        assert_eq!(entries.len(), 2);
        let refund = entries.iter().find(|e| e.kind == "refund").unwrap();
        assert_eq!(
            postings(refund),
            [
                "provider:script -6040",
                "vendor_payable:ada 3040",
                "vendor_payable:ada -304",
                "vendor_payable:bob 3000",
                "vendor_payable:bob -375",
                "commission 679"
            ]
        );
        pass(&app, 600).await;
        assert_eq!(script.calls("refund"), 1);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_paid_order_gets_its_money_back() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        app.deliver("payments", &cancelled(id)).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Refunded);
        assert_eq!(script.money(), (6040, 6040));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_payment_in_the_banks_hands_is_waited_for() {
    scripted(|app, script| async move {
        script.next(Next::Process);
        script.next(Next::Process);
        let (late, never) = (order_and_reserve(&app, "late").await, order_and_reserve(&app, "never").await);
        app.deliver("payments", &cancelled(late)).await;
        app.deliver("payments", &cancelled(never)).await;
        assert_eq!(status(&app, late).await, PaymentStatus::Processing);
        script.becomes(late, ProviderStatus::Succeeded);
        script.becomes(never, ProviderStatus::Failed { reason: "card_declined".into() });
        pass(&app, 180).await;
        assert_eq!(status(&app, late).await, PaymentStatus::Refunded);
        assert_eq!(status(&app, never).await, PaymentStatus::Cancelled);
        assert_eq!(script.money(), (6040, 6040));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_is_down_is_told_when_it_is_back() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        script.state().silent = true;
        app.deliver("payments", &cancelled(id)).await;
        pass(&app, 60).await;
        assert_eq!(status(&app, id).await, PaymentStatus::RequiresAction);
        script.state().silent = false;
        pass(&app, 120).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Cancelled);
        assert!(matches!(script.payment_of(id).status, ProviderStatus::Failed { .. }));
    })
    .await;
}

#[tokio::test]
async fn money_that_cannot_be_returned_is_looked_at() {
    scripted(|app, script| async move {
        script.next_refund(Ok(RefundState::Failed));
        script.next_refund(Err(ProviderError::Refused { reason: "closed".into() }));
        let failed = order_and_reserve(&app, "failed").await;
        let refused = order_and_reserve(&app, "refused").await;
        app.deliver("payments", &cancelled(failed)).await;
        app.deliver("payments", &cancelled(refused)).await;
        for id in [failed, refused] {
            let now = payment(&app, id).await;
            assert_eq!(
                (now.status, now.refunded, now.refunds[0].status.as_str()),
                (PaymentStatus::Captured, eur(0), "failed")
            );
            assert!(review(&app).await.contains(&("refund_failed".to_owned(), Some(id))));
        }
        assert!(app.published::<PaymentRefunded>("payments").await.is_empty());
        assert_eq!(journal(&app).await.len(), 2);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn calling_off_and_capturing_at_once_never_keeps_the_money() {
    scripted(|app, script| async move {
        for n in 0..10 {
            script.next(Next::Act);
            let id = order_and_reserve(&app, &format!("o{n}")).await;
            let paid = script.becomes(id, ProviderStatus::Succeeded);
            let inbox = app.system.inbox("payments").unwrap();
            let off = app.envelope(&cancelled(id));
            let cancel = tokio::spawn(async move { inbox.take(off).await.unwrap() });
            let event = app.guest().header("script-signature", "good");
            let hook = tokio::spawn(async move {
                event
                    .send(
                        http::Method::POST,
                        "/webhooks/script",
                        Some("application/json"),
                        format!("evt_{n} {paid}").into(),
                    )
                    .await
            });
            hook.await.unwrap().expect(204);
            cancel.await.unwrap();
            app.settle().await;
            assert_eq!(status(&app, id).await, PaymentStatus::Refunded);
        }
        assert_eq!(script.money(), (60400, 60400));
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 10);
        assert_eq!(app.published::<PaymentRefunded>("payments").await.len(), 10);
        sound(&app).await;
    })
    .await;
}
