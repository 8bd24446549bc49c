//! Money that the buyer has agreed to and that is still to be taken.

use contracts::payments::{PaymentCaptured, PaymentStatus};

use super::{
    cancelled, eur, order_and_reserve, pass, payment, place, reserve, review, script::Next, scripted, sound, status,
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
