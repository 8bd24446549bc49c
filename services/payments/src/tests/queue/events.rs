//! The log of providers' events, and taking one in again.

use contracts::{
    payments::{PaymentCaptured, PaymentStatus},
    queue::{WebhookState, WebhookView},
};
use serde_json::json;

use super::{
    super::{journal, scripted, sound, status},
    *,
};

const LOG: &str = "/api/v1/admin/payments/webhooks";

async fn log(app: &TestApp, query: &str) -> Vec<WebhookView> {
    let page: Page<WebhookView> = app.as_user(&admin()).get(&format!("{LOG}{query}")).await.expect(200).json();
    page.items
}

async fn replay(app: &TestApp, event: &str) -> Answer {
    app.as_user(&admin()).post(&format!("{LOG}/script/{event}/replay"), &json!(null)).await
}

fn ids(events: &[WebhookView]) -> Vec<&str> {
    events.iter().map(|event| event.event_id.as_str()).collect()
}

#[tokio::test]
async fn every_event_is_listed_with_what_became_of_it() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        let paid = script.becomes(id, ProviderStatus::Succeeded);
        hook(&app, format!("evt_1 {paid}")).await;
        pass(&app, 30).await;
        hook(&app, "evt_2 pay_gone".to_owned()).await;
        pass(&app, 30).await;
        script.state().payments.insert("pay_early".into(), super::paid("pay_early", "INV-7", 100));
        hook(&app, "evt_3 pay_early re_none".to_owned()).await;
        let all = log(&app, "").await;
        assert_eq!(ids(&all), ["evt_3", "evt_2", "evt_1"]);
        let of = |event: &WebhookView| (event.state, event.tries, event.error.clone());
        assert_eq!(of(&all[2]), (WebhookState::Handled, 1, None));
        assert_eq!(of(&all[1]), (WebhookState::Unmatched, 1, None));
        assert_eq!((all[0].state, all[0].refund_ref.as_deref()), (WebhookState::Received, Some("re_none")));
        assert!(all[0].tries >= 1);
        assert_eq!(all[0].error.as_deref(), Some("not_yet: The order is not known here yet."));
        assert_eq!(ids(&log(&app, "?state=unmatched").await), ["evt_2"]);
        assert_eq!(ids(&log(&app, "?state=handled&provider=script").await), ["evt_1"]);
        assert!(log(&app, "?provider=stripe").await.is_empty());
        let first = app.as_user(&admin()).get(&format!("{LOG}?limit=2")).await.expect(200);
        let page: Page<WebhookView> = first.json();
        let rest = log(&app, &format!("?limit=2&after={}", page.next.unwrap())).await;
        assert_eq!((ids(&page.items), ids(&rest)), (vec!["evt_3", "evt_2"], vec!["evt_1"]));
        app.as_user(&admin()).get(&format!("{LOG}?state=lost")).await.expect_invalid("state");
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_in_is_taken_in_again_without_an_effect() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        let paid = script.becomes(id, ProviderStatus::Succeeded);
        hook(&app, format!("evt_1 {paid}")).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Captured);
        let fetched = script.calls("fetch");
        for _ in 0..3 {
            let told: WebhookView = replay(&app, "evt_1").await.expect(202).json();
            assert_eq!((told.event_id.as_str(), told.state), ("evt_1", WebhookState::Received));
        }
        app.settle().await;
        let event = log(&app, "").await.remove(0);
        assert_eq!((event.state, event.tries, script.calls("fetch")), (WebhookState::Handled, 2, fetched + 1));
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        assert_eq!((journal(&app).await.len(), script.money()), (1, (6040, 0)));
        assert!(list(&app, "").await.is_empty());
        sound(&app).await;
        replay(&app, "evt_none").await.expect_problem(404, "not_found");
        let other = format!("{LOG}/stripe/evt_1/replay");
        app.as_user(&admin()).post(&other, &json!(null)).await.expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn what_was_given_up_is_taken_in_when_the_provider_is_back() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        let paid = script.payment_of(id).id;
        script.state().silent = true;
        hook(&app, format!("evt_1 {paid}")).await;
        for _ in 0..24 {
            app.advance(std::time::Duration::from_secs(3600)).await;
        }
        let dead = "SELECT count(*) FROM jobs WHERE kind = 'webhook' AND state = 'dead'";
        assert_eq!(app.count("payments", dead).await, 1);
        let event = log(&app, "?state=received").await.remove(0);
        assert_eq!(
            (event.tries, event.error.as_deref()),
            (16, Some("provider_no_answer: The payment provider does not answer. Try again."))
        );
        script.state().silent = false;
        script.becomes(id, ProviderStatus::Succeeded);
        replay(&app, "evt_1").await.expect(202);
        app.settle().await;
        let event = log(&app, "").await.remove(0);
        assert_eq!((event.state, event.tries, event.error), (WebhookState::Handled, 17, None));
        assert_eq!((app.count("payments", dead).await, status(&app, id).await), (0, PaymentStatus::Captured));
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
    })
    .await;
}
