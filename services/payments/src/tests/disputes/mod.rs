//! Disputes: their states, what is booked, what can be answered when; through the router, on both databases.

mod answers;
mod bounds;
mod money;
mod news;
mod steps;

use contracts::disputes::{DisputeStatus, DisputeView, PaymentDisputeClosed, PaymentDisputeOpened, VendorDisputeView};
use kernel::{OrderId, Page};
use testkit::{Answer, TestApp, admin, vendor_owner};

use super::{script::Script, vendor};

pub async fn hook(app: &TestApp, body: String) -> Answer {
    let sender = app.guest().header("script-signature", "good");
    sender.send(http::Method::POST, "/webhooks/script", Some("application/json"), body.into()).await
}

/// The provider tells of a dispute.
async fn news(app: &TestApp, script: &Script, event: &str, dispute: &str) {
    let paid = script.state().disputes[dispute].payment_ref.clone();
    hook(app, format!("{event} {paid} {dispute}")).await.expect(204);
    app.settle().await;
}

/// A buyer disputes so much, and the provider tells of it.
pub async fn opened(app: &TestApp, script: &Script, order: OrderId, id: &str, minor: i64) -> DisputeView {
    script.dispute(order, id, super::eur(minor));
    news(app, script, &format!("evt_{id}"), id).await;
    of_provider(app, id).await
}

/// It is decided, and the provider tells of it.
pub async fn decided(app: &TestApp, script: &Script, id: &str, won: bool) {
    script.change(id, |dispute| {
        dispute.status = if won { DisputeStatus::Won } else { DisputeStatus::Lost };
        dispute.is_withdrawn = !won;
    });
    news(app, script, &format!("end_{id}"), id).await;
}

pub async fn all(app: &TestApp, query: &str) -> Vec<DisputeView> {
    let path = format!("/api/v1/admin/disputes{query}");
    let page: Page<DisputeView> = app.as_user(&admin()).get(&path).await.expect(200).json();
    page.items
}

async fn of_provider(app: &TestApp, id: &str) -> DisputeView {
    all(app, "").await.into_iter().find(|dispute| dispute.provider_ref == id).expect("a dispute")
}

async fn of_vendor(app: &TestApp, name: &str, order: OrderId) -> Vec<VendorDisputeView> {
    let path = format!("/api/v1/vendors/{}/disputes?order_id={order}", vendor(name));
    let page: Page<VendorDisputeView> = app.as_user(&vendor_owner(vendor(name))).get(&path).await.expect(200).json();
    page.items
}

/// How often it was told that one was opened, and that one was closed.
async fn told(app: &TestApp) -> (usize, usize) {
    let opened: Vec<PaymentDisputeOpened> = app.published("payments").await;
    let closed: Vec<PaymentDisputeClosed> = app.published("payments").await;
    (opened.len(), closed.len())
}
