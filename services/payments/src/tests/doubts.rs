//! When the provider does not answer.

use std::time::Duration;

use contracts::payments::{PaymentCaptured, PaymentStatus};

use super::{cancelled, eur, journal, order_and_reserve, pass, payment, review, script::Next, scripted, sound, status};
use crate::provider::{ProviderPayment, ProviderStatus};

#[tokio::test]
async fn a_success_without_an_answer_is_found_by_asking() {
    scripted(|app, script| async move {
        script.next(Next::SucceedInSilence);
        let id = order_and_reserve(&app, "a").await;
        assert_eq!(status(&app, id).await, PaymentStatus::Unknown);
        assert!(app.published::<PaymentCaptured>("payments").await.is_empty());
        app.advance(Duration::from_secs(1)).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Captured);
        assert_eq!((script.calls("open"), script.money()), (1, (6040, 0)));
        pass(&app, 600).await;
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        assert_eq!(journal(&app).await.len(), 1);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_call_that_got_lost_is_made_again_under_the_same_key() {
    scripted(|app, script| async move {
        script.next(Next::Nothing);
        script.next(Next::Nothing);
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        app.advance(Duration::from_secs(1)).await;
        assert_eq!((status(&app, id).await, script.calls("open")), (PaymentStatus::Unknown, 2));
        app.advance(Duration::from_secs(2)).await;
        assert_eq!((status(&app, id).await, script.calls("open")), (PaymentStatus::RequiresAction, 3));
        let opened = script.state().opened.clone();
        assert!(opened.iter().all(|o| *o == opened[0]), "{opened:?}");
        script.becomes(id, ProviderStatus::Succeeded);
        pass(&app, 120).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Captured);
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_is_down_is_asked_until_it_is_back() {
    scripted(|app, script| async move {
        script.next(Next::SucceedInSilence);
        let id = order_and_reserve(&app, "a").await;
        script.state().silent = true;
        pass(&app, 600).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Unknown);
        let asked = script.calls("find");
        assert!((5..60).contains(&asked), "{asked} questions in ten minutes");
        script.state().silent = false;
        pass(&app, 90).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Captured);
        assert_eq!((script.calls("open"), script.money()), (1, (6040, 0)));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn money_that_came_although_the_order_is_off_goes_back() {
    scripted(|app, script| async move {
        script.next(Next::SucceedInSilence);
        let id = order_and_reserve(&app, "a").await;
        app.deliver("payments", &cancelled(id)).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Unknown);
        pass(&app, 60).await;
        let now = payment(&app, id).await;
        assert_eq!((now.status, now.captured, now.refunded), (PaymentStatus::Refunded, eur(6040), eur(6040)));
        assert_eq!(script.money(), (6040, 6040));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_payment_nobody_has_heard_of_is_given_up_after_a_while() {
    scripted(|app, script| async move {
        script.next(Next::Nothing);
        let id = order_and_reserve(&app, "a").await;
        app.deliver("payments", &cancelled(id)).await;
        pass(&app, 14 * 60).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Unknown);
        // A call that is under way could still arrive; nothing is opened for an order that is off.
        assert_eq!(script.calls("open"), 1);
        pass(&app, 3 * 60).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Cancelled);
        assert_eq!((script.calls("open"), script.money()), (1, (0, 0)));
    })
    .await;
}

#[tokio::test]
async fn a_second_payment_for_an_order_is_looked_at() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let second = ProviderPayment { id: "pay_second".into(), ..script.payment_of(id) };
        script.write_down(&second, script.now());
        pass(&app, 240).await;
        assert_eq!(review(&app).await, [("second_payment".to_owned(), Some(id))]);
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        assert_eq!(journal(&app).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_providers_journal_shows_what_nobody_told() {
    scripted(|app, script| async move {
        let known = order_and_reserve(&app, "known").await;
        script.write_down(&script.payment_of(known), script.now());
        let orphan = |id: &str, reference: &str, captured| ProviderPayment {
            id: id.into(),
            reference: reference.into(),
            amount: eur(700),
            captured: eur(captured),
            fee: None,
            livemode: false,
            is_elsewhere: false,
            direct: Vec::new(),
            status: ProviderStatus::Succeeded,
        };
        script.write_down(&orphan("pay_lost", "who knows", 700), script.now());
        script.write_down(&orphan("pay_empty", "nobody", 0), script.now());
        let nowhere = super::order("nowhere");
        script.write_down(&orphan("pay_order", &nowhere.to_string(), 700), script.now());
        pass(&app, 90).await;
        assert!(review(&app).await.is_empty());
        pass(&app, 120).await;
        let mut found = review(&app).await;
        found.sort();
        assert_eq!(found, [("unknown_order".to_owned(), None), ("unknown_order".to_owned(), Some(nowhere))]);
        // One page after the other, each once.
        let asked = script.calls("journal");
        pass(&app, 60).await;
        assert!(script.calls("journal") > asked);
        assert_eq!(app.count("payments", "SELECT count(*) FROM journal_cursors WHERE position = '4'").await, 1);
        assert_eq!(review(&app).await.len(), 2);
    })
    .await;
}
