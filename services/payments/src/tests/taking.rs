//! Money that the buyer has agreed to and that is still to be taken.

use std::collections::BTreeSet;

use contracts::payments::{PaymentCaptured, PaymentRefunded, PaymentStatus};
use futures::{future::join_all, join};
use kernel::OrderId;
use testkit::TestApp;

use super::{
    cancelled,
    disputes::hook,
    eur, journal, order_and_reserve, pass, payment, place, reserve, review,
    script::{Next, Script},
    scripted, sound, status,
};
use crate::provider::ProviderStatus;

#[tokio::test]
async fn what_was_agreed_to_is_taken_once() {
    scripted(|app, script| async move {
        script.next(Next::Authorise);
        let id = order_and_reserve(&app, "a").await;
        assert_eq!((status(&app, id).await, script.money()), (PaymentStatus::Captured, (6040, 0)));
        assert_eq!(
            script.state().calls.iter().filter(|call| call.starts_with("capture")).collect::<Vec<_>>(),
            [&format!("capture {id}:capture:1")]
        );
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_called_off_meanwhile_is_left_untaken() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        script.becomes(id, ProviderStatus::Authorised);
        app.deliver("payments", &cancelled(id)).await;
        pass(&app, 120).await;
        assert_eq!((status(&app, id).await, script.money()), (PaymentStatus::Cancelled, (0, 0)));
        assert_eq!((script.calls("capture"), script.calls("refund")), (0, 0));
        assert!(app.published::<PaymentCaptured>("payments").await.is_empty());
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_is_silent_meanwhile_is_asked_again() {
    scripted(|app, script| async move {
        script.next(Next::Process);
        let id = order_and_reserve(&app, "a").await;
        script.becomes(id, ProviderStatus::Authorised);
        script.state().silent = true;
        pass(&app, 120).await;
        assert_eq!((status(&app, id).await, payment(&app, id).await.captured), (PaymentStatus::Processing, eur(0)));
        script.state().silent = false;
        pass(&app, 600).await;
        assert_eq!((status(&app, id).await, script.money()), (PaymentStatus::Captured, (6040, 0)));
        assert!(review(&app).await.is_empty());
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_not_taken() {
    scripted(|app, script| async move {
        let id = place(&app, "a").await;
        script.next(Next::Distort(|payment| {
            payment.status = ProviderStatus::Authorised;
            payment.captured = eur(0);
            payment.amount = eur(9999);
        }));
        reserve(&app, id).await;
        assert_eq!((script.calls("capture"), review(&app).await), (0, vec![("wrong_amount".to_owned(), Some(id))]));
        sound(&app).await;
    })
    .await;
}

/// Four batches of jobs at once, as four processes would work them off.
async fn work_at_once(app: &TestApp) {
    let jobs = app.system.jobs("payments").unwrap();
    for done in join_all((0..4).map(|_| jobs.run_due())).await {
        done.unwrap();
    }
}

/// The provider tells twenty times that it stands so, before anybody does anything about it.
async fn told_twenty_times(app: &TestApp, script: &Script, id: OrderId, status: ProviderStatus) {
    let paid = script.becomes(id, status);
    for n in 0..20 {
        hook(app, format!("evt_{id}_{n} {paid}")).await.expect(204);
    }
    assert_eq!(app.count("payments", "SELECT count(*) FROM jobs WHERE kind = 'webhook'").await, 20);
}

#[tokio::test]
async fn twenty_captures_at_once_are_one() {
    for agreed in [ProviderStatus::Succeeded, ProviderStatus::Authorised] {
        scripted(|app, script| {
            let agreed = agreed.clone();
            async move {
                script.next(Next::Act);
                let id = order_and_reserve(&app, "a").await;
                told_twenty_times(&app, &script, id, agreed).await;
                for _ in 0..3 {
                    work_at_once(&app).await;
                }
                app.settle().await;
                assert_eq!((status(&app, id).await, script.money()), (PaymentStatus::Captured, (6040, 0)));
                let calls = script.state().calls.clone();
                let keys: BTreeSet<&String> = calls.iter().filter(|call| call.starts_with("capture")).collect();
                assert!(keys.len() <= 1, "the money was asked for under several keys: {keys:?}");
                assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
                assert_eq!(journal(&app).await.len(), 1);
                assert_eq!(
                    app.count("payments", "SELECT count(*) FROM webhook_inbox WHERE state = 'handled'").await,
                    20
                );
                assert!(review(&app).await.is_empty());
                sound(&app).await;
            }
        })
        .await;
    }
}

#[tokio::test]
async fn calling_off_while_money_is_taken_keeps_none_of_it() {
    scripted(|app, script| async move {
        let mut refunded = 0;
        for n in 0..20 {
            script.next(Next::Act);
            let id = order_and_reserve(&app, &format!("o{n}")).await;
            let agreed = script.becomes(id, ProviderStatus::Authorised);
            hook(&app, format!("evt_{n} {agreed}")).await.expect(204);
            if n % 2 == 0 {
                // The event is taken in, so that the job which takes the money is next.
                work_at_once(&app).await;
            }
            let off = app.envelope(&cancelled(id));
            let calling_off = app.hand_over("payments", &off);
            if n % 4 < 2 {
                join!(work_at_once(&app), calling_off);
            } else {
                join!(calling_off, work_at_once(&app));
            }
            app.settle().await;
            match status(&app, id).await {
                PaymentStatus::Refunded => refunded += 1,
                other => assert_eq!(other, PaymentStatus::Cancelled, "order {n}"),
            }
        }
        let all = 6040 * refunded;
        assert_eq!(script.money(), (all, all));
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len() as i64, refunded);
        assert_eq!(app.published::<PaymentRefunded>("payments").await.len() as i64, refunded);
        assert!(review(&app).await.is_empty());
        sound(&app).await;
    })
    .await;
}
