//! Another way to pay, while nobody has paid.

use contracts::payments::{ChooseMethod, PaymentActionRequired, PaymentCaptured, PaymentFailed, PaymentStatus};
use kernel::OrderId;
use testkit::{Answer, TestApp};

use super::{
    cancelled, order_and_reserve,
    outside::{Card, Day, each},
    pass, payment, review,
    script::{Next, Script},
    scripted, sound, status,
};
use crate::provider::ProviderStatus;

async fn choose(app: &TestApp, id: OrderId, method: &str) -> Answer {
    let wish = ChooseMethod { method: method.to_owned(), country: "DE".parse().unwrap() };
    let path = format!("/internal/orders/{id}/payment/method");
    app.as_service("orders").post(&path, &serde_json::to_value(wish).unwrap()).await
}

fn opened(script: &Script) -> Vec<String> {
    script.state().calls.iter().filter(|call| call.starts_with("open ")).cloned().collect()
}

#[tokio::test]
async fn the_open_page_is_closed_before_another_one_opens() {
    each(Day::Good, |world| async move {
        let app = &world.app;
        let id = world.order("a", None).await;
        let first = world.payment_ref(id).await;
        choose(app, id, world.gateway.method()).await.expect(204);
        world.settle().await;
        let second = world.payment_ref(id).await;
        assert_ne!(first, second);
        let told: Vec<PaymentActionRequired> = app.published("payments").await;
        let pages = [world.gateway.page(&first), world.gateway.page(&second)];
        assert_eq!(told.iter().map(|told| told.url.clone()).collect::<Vec<_>>(), pages);
        world.pass(300).await;
        assert_eq!((status(app, id).await, world.told().await), (PaymentStatus::RequiresAction, (0, 0, 0)));
        world.pay(id, Card::Good).await;
        world.pass(300).await;
        assert_eq!((status(app, id).await, world.told().await), (PaymentStatus::Captured, (1, 0, 0)));
        assert!(review(app).await.is_empty());
        let left = "SELECT count(*) FROM webhook_inbox WHERE state <> 'handled'";
        assert_eq!(app.count("payments", left).await, 0);
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn each_attempt_has_keys_of_its_own() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        choose(&app, id, "card").await.expect(204);
        app.settle().await;
        assert_eq!(opened(&script), [format!("open {id}:open:1"), format!("open {id}:open:2")]);
        assert_eq!(status(&app, id).await, PaymentStatus::RequiresAction);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_paid_meanwhile_stays_paid() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        script.becomes(id, ProviderStatus::Succeeded);
        choose(&app, id, "card").await.expect(204);
        app.settle().await;
        assert_eq!(status(&app, id).await, PaymentStatus::Captured);
        assert_eq!((opened(&script).len(), app.published::<PaymentCaptured>("payments").await.len()), (1, 1));
        choose(&app, id, "card").await.expect_problem(409, "not_the_buyers_turn");
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn nothing_opens_while_the_provider_is_silent_or_once_the_order_is_called_off() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        script.state().silent = true;
        choose(&app, id, "card").await.expect(204);
        app.settle().await;
        assert_eq!((opened(&script).len(), status(&app, id).await), (1, PaymentStatus::RequiresAction));
        app.deliver("payments", &cancelled(id)).await;
        script.state().silent = false;
        pass(&app, 600).await;
        assert_eq!((opened(&script).len(), status(&app, id).await), (1, PaymentStatus::Cancelled));
        assert!(app.published::<PaymentFailed>("payments").await.is_empty());
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn late_money_of_a_given_up_attempt_is_looked_at() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        let first = payment(&app, id).await.provider_ref.expect("opened");
        choose(&app, id, "card").await.expect(204);
        app.settle().await;
        {
            let mut state = script.state();
            let late = state.payments.get_mut(&first).unwrap();
            (late.status, late.captured) = (ProviderStatus::Succeeded, late.amount);
        }
        let sender = app.guest().header("script-signature", "good");
        let body = format!("evt_1 {first}");
        sender.send(http::Method::POST, "/webhooks/script", Some("application/json"), body.into()).await.expect(204);
        app.settle().await;
        assert_eq!(review(&app).await, [("second_payment".to_owned(), Some(id))]);
        assert_eq!(status(&app, id).await, PaymentStatus::RequiresAction);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn only_what_is_offered_can_be_chosen_and_only_at_the_right_moment() {
    scripted(|app, script| async move {
        script.next(Next::Process);
        let id = order_and_reserve(&app, "a").await;
        choose(&app, id, "shells").await.expect_problem(422, "invalid_input");
        choose(&app, id, "card").await.expect_problem(409, "not_the_buyers_turn");
        choose(&app, super::order("nobody's"), "card").await.expect_problem(404, "not_found");
        let wish = serde_json::json!({"method": "card", "country": "DE"});
        let path = format!("/internal/orders/{id}/payment/method");
        for who in [app.guest(), app.as_user(&testkit::admin())] {
            let status = who.post(&path, &wish).await.status.as_u16();
            assert!(status == 404 || status == 403 || status == 401, "{status}");
        }
        // A lost answer in the second attempt is sought among what is left of the first.
        let page = order_and_reserve(&app, "b").await;
        assert_eq!(status(&app, page).await, PaymentStatus::Captured);
        script.next(Next::Act);
        let third = order_and_reserve(&app, "c").await;
        script.next(Next::Nothing);
        choose(&app, third, "card").await.expect(204);
        app.settle().await;
        assert_eq!(status(&app, third).await, PaymentStatus::Unknown);
        script.next(Next::Act);
        pass(&app, 60).await;
        assert_eq!(status(&app, third).await, PaymentStatus::RequiresAction);
        sound(&app).await;
    })
    .await;
}
