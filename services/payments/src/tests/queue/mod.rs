//! What operators work off, money that does not fit and providers' events; through the router, on both databases.

mod adopting;
mod events;
mod lists;
mod refunding;
mod rules;

use contracts::queue::{ReviewAction, ReviewDetail, ReviewItem, ReviewState};
use kernel::{AccountId, OrderId, Page};
use serde_json::{Value, json};
use testkit::{Answer, TestApp, admin, principals::account_of};

use super::{
    eur, order_and_reserve, pass, payment,
    script::{Next, Script},
};
use crate::provider::{ProviderPayment, ProviderStatus};

const REVIEW: &str = "/api/v1/admin/payments/review";

fn paid(id: &str, reference: &str, minor: i64) -> ProviderPayment {
    ProviderPayment {
        id: id.to_owned(),
        reference: reference.to_owned(),
        amount: eur(minor),
        captured: eur(minor),
        fee: None,
        livemode: false,
        is_elsewhere: false,
        direct: Vec::new(),
        status: ProviderStatus::Succeeded,
    }
}

/// Money of which nobody told, found in the provider's own journal.
async fn stray(app: &TestApp, script: &Script, id: &str, reference: &str, minor: i64) -> ReviewItem {
    script.write_down(&paid(id, reference, minor), script.now());
    pass(app, 240).await;
    item(app, id).await
}

/// The provider tells of something: a payment, or a refund of it.
async fn hook(app: &TestApp, body: String) {
    let sender = app.guest().header("script-signature", "good");
    sender.send(http::Method::POST, "/webhooks/script", Some("application/json"), body.into()).await.expect(204);
    app.settle().await;
}

/// An order whose buyer has chosen another way to pay, and has then paid on the first page after all.
async fn paid_on_the_first_page(app: &TestApp, script: &Script, name: &str) -> (OrderId, ReviewItem) {
    script.next(Next::Act);
    script.next(Next::Act);
    let id = order_and_reserve(app, name).await;
    let first = payment(app, id).await.provider_ref.expect("opened");
    let wish = json!({"method": "card", "country": "DE"});
    app.as_service("orders").post(&format!("/internal/orders/{id}/payment/method"), &wish).await.expect(204);
    app.settle().await;
    assert_ne!(payment(app, id).await.provider_ref.as_ref(), Some(&first));
    pays(app, script, &first).await;
    (id, item(app, &first).await)
}

/// Somebody pays on a page that nobody waits for, and the provider tells of it.
async fn pays(app: &TestApp, script: &Script, payment: &str) {
    {
        let mut state = script.state();
        let late = state.payments.get_mut(payment).expect("a payment");
        (late.status, late.captured) = (ProviderStatus::Succeeded, late.amount);
    }
    hook(app, format!("paid_{payment} {payment}")).await;
}

async fn list(app: &TestApp, query: &str) -> Vec<ReviewItem> {
    let page: Page<ReviewItem> = app.as_user(&admin()).get(&format!("{REVIEW}{query}")).await.expect(200).json();
    page.items
}

/// The open thing about this.
async fn item(app: &TestApp, provider_ref: &str) -> ReviewItem {
    list(app, "").await.into_iter().find(|item| item.provider_ref == provider_ref).expect("a thing to be looked at")
}

async fn detail(app: &TestApp, item: &ReviewItem) -> ReviewDetail {
    app.as_user(&admin()).get(&format!("{REVIEW}/{}", item.id)).await.expect(200).json()
}

async fn act(app: &TestApp, item: &ReviewItem, action: &str) -> Answer {
    send(app, item, &json!({"action": action, "note": format!("Why {action}")})).await
}

async fn send(app: &TestApp, item: &ReviewItem, body: &Value) -> Answer {
    app.as_user(&admin()).post(&format!("{REVIEW}/{}/actions", item.id), body).await
}

/// By whom, what, what came of it.
fn history(detail: &ReviewDetail) -> Vec<(Option<AccountId>, ReviewAction, &str)> {
    detail.history.iter().map(|entry| (entry.by, entry.action, entry.result.as_str())).collect()
}

fn me() -> Option<AccountId> {
    Some(account_of(&admin()))
}

fn stands(detail: &ReviewDetail) -> (ReviewState, Option<ReviewAction>) {
    (detail.item.state, detail.item.action)
}
