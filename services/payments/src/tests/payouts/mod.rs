//! Payouts: periods, balances, runs, accounts, statements; through the router, on both databases.

mod accounts;
mod balances;
mod connect;
mod files;
mod histories;
mod labels;
mod pain;
mod periods;
mod reserves;
mod runs;
mod statements;

use std::time::Duration;

use axum::{Json, Router, http::StatusCode, response::IntoResponse, routing::post};
use contracts::{
    payments::BankAccount,
    payouts::{PayoutRunView, PayoutView, PayoutsOverview},
    shipping::ShipmentDelivered,
};
use kernel::{Clock, Money, OrderId, Page, ShipmentId, VendorOrderId};
use serde_json::{Value, json};
use testkit::{Answer, TestApp, admin, vendor_owner};

use super::{placed, reserve, vendor};
use crate::PayoutSettings;

/// The platform's account; all else as it is by default: weekly, from 10.00 on, seven days after the delivery.
pub fn settings() -> PayoutSettings {
    let account = BankAccount { holder: "Souk".into(), iban: "NL91ABNA0417164300".into(), ..BankAccount::default() };
    PayoutSettings { account, ..PayoutSettings::default() }
}

/// Knows one password.
fn stand_in_identity(app: &TestApp) {
    let check = |Json(typed): Json<Value>| async move {
        if typed["password"] == "right" {
            return StatusCode::NO_CONTENT.into_response();
        }
        let errors = json!([{"field": "password", "reason": "This is not your password."}]);
        let problem = json!({"code": "invalid_input", "detail": "Mend it.", "status": 422, "errors": errors});
        (StatusCode::UNPROCESSABLE_ENTITY, Json(problem)).into_response()
    };
    app.stand_in("identity", Router::new().route("/internal/identity/accounts/{id}/password-check", post(check)));
}

fn of_vendor(name: &str, path: &str) -> String {
    format!("/api/v1/vendors/{}/{path}", vendor(name))
}

fn german() -> Value {
    json!({"holder": "Ada Lovelace", "country": "DE", "iban": "DE89 3704 0044 0532 0130 00", "password": "right"})
}

async fn set_account(app: &TestApp, name: &str, account: &Value) -> Answer {
    app.as_user(&vendor_owner(vendor(name))).put(&of_vendor(name, "payout-account"), account).await
}

/// The vendor can be paid.
pub async fn with_account(app: &TestApp, name: &str) {
    stand_in_identity(app);
    set_account(app, name, &german()).await.expect(200);
}

pub async fn schedule(app: &TestApp, name: &str, schedule: &str) {
    let terms = json!({"schedule": schedule});
    app.as_user(&vendor_owner(vendor(name))).put(&of_vendor(name, "payout-terms"), &terms).await.expect(200);
}

/// An order that is paid.
pub async fn paid(app: &TestApp, name: &str, parts: &[(&str, i64)]) -> OrderId {
    let id = super::order(name);
    app.deliver("payments", &placed(app, id, Some("tok_visa"), parts)).await;
    reserve(app, id).await;
    assert_eq!(super::status(app, id).await, contracts::payments::PaymentStatus::Captured);
    id
}

fn delivered(app: &TestApp, order: OrderId, name: &str) -> ShipmentDelivered {
    ShipmentDelivered {
        shipment_id: ShipmentId::derived("test", &[&order.to_string(), name]),
        order_id: order,
        vendor_order_id: VendorOrderId::derived("test", &[&order.to_string(), name]),
        vendor_id: vendor(name),
        complete: true,
        at: app.clock.now(),
    }
}

/// The parcel arrives now.
pub async fn deliver(app: &TestApp, order: OrderId, name: &str) {
    assert_eq!(app.deliver("payments", &delivered(app, order, name)).await, events::Received::Handled);
}

pub async fn days(app: &TestApp, days: u64) {
    app.advance(Duration::from_secs(days * 24 * 3600)).await;
}

async fn overview(app: &TestApp, name: &str) -> PayoutsOverview {
    app.as_user(&vendor_owner(vendor(name))).get(&of_vendor(name, "payouts/overview")).await.expect(200).json()
}

/// Pending, available, in transit, paid out, in euro cents.
pub async fn balance(app: &TestApp, name: &str) -> [i64; 4] {
    let all = overview(app, name).await.balances;
    let one = all.first().expect("a balance");
    [one.pending, one.available, one.in_transit, one.paid_out].map(|money: Money| money.amount_minor)
}

pub async fn run(app: &TestApp, body: &Value) -> PayoutRunView {
    app.as_user(&admin()).post("/api/v1/admin/payouts/runs", body).await.expect(200).json()
}

async fn payouts(app: &TestApp, query: &str) -> Vec<PayoutView> {
    let page: Page<PayoutView> =
        app.as_user(&admin()).get(&format!("/api/v1/admin/payouts{query}")).await.expect(200).json();
    page.items
}

async fn mark(app: &TestApp, payout: &PayoutView, verb: &str, body: &Value) -> Answer {
    app.as_user(&admin()).post(&format!("/api/v1/admin/payouts/{}/{verb}", payout.id), body).await
}

pub async fn refund(app: &TestApp, order: OrderId, name: &str, minor: i64, key: &str) -> Answer {
    let path = format!("/api/v1/admin/payments/{}/refunds", super::payment(app, order).await.id);
    let back = json!({"amount_minor": minor, "reason": "x", "vendor_id": vendor(name)});
    let answer = app.as_user(&admin()).key(key).post(&path, &back).await;
    app.settle().await;
    answer
}
