//! Stored value: codes, what is held, spent, released and given back; through the router, on both databases.

mod codes;
mod giving;
mod holding;
mod paying;
mod returning;
mod writing_off;

use axum::{Json, Router, routing::get};
use contracts::{
    credits::{CreditMovement, CreditView, HeldCredits, IssuedCredit},
    payments::TrialBalance,
};
use kernel::{AccountId, CreditId, OrderId, Page};
use serde_json::{Value, json};
use testkit::{Answer, TestApp, admin};

use super::eur;

const ALL: &str = "/api/v1/admin/credits";

async fn issue(app: &TestApp, key: &str, input: &Value) -> Answer {
    app.as_user(&admin()).key(key).post(ALL, input).await
}

/// A gift card over so much: its id and code.
async fn card(app: &TestApp, name: &str, minor: i64) -> (CreditId, String) {
    let input = json!({"kind": "gift_card", "amount_minor": minor, "currency": "EUR"});
    let issued: IssuedCredit = issue(app, name, &input).await.expect(201).json();
    (issued.credit.id, issued.code.expect("a code").expose().to_owned())
}

/// Knows every account.
fn stand_in_identity(app: &TestApp) {
    async fn contact(axum::extract::Path(id): axum::extract::Path<AccountId>) -> Json<Value> {
        Json(json!({"account_id": id, "email": "eve@example.com", "name": "Eve", "locale": "en"}))
    }
    app.stand_in("identity", Router::new().route("/internal/identity/accounts/{id}/contact", get(contact)));
}

async fn store_credit(app: &TestApp, key: &str, account: AccountId, minor: i64) -> CreditView {
    let input = json!({"kind": "store_credit", "amount_minor": minor, "currency": "EUR", "account_id": account});
    issue(app, key, &input).await.expect(201).json::<IssuedCredit>().credit
}

/// Holds for an order of this total, as `orders` asks for it.
async fn hold(app: &TestApp, order: OrderId, total: i64, credits: Value, account: Option<AccountId>) -> Answer {
    let wanted = json!({"total": eur(total), "account_id": account, "credits": credits});
    app.as_service("orders").post(&format!("/internal/orders/{order}/credits"), &wanted).await
}

/// Holds with cards; how much they cover.
async fn hold_cards(app: &TestApp, order: OrderId, total: i64, codes: &[&str]) -> i64 {
    let held: HeldCredits = hold(app, order, total, json!({"codes": codes}), None).await.expect(200).json();
    held.covered.amount_minor
}

async fn view(app: &TestApp, id: CreditId) -> CreditView {
    app.as_user(&admin()).get(&format!("{ALL}/{id}")).await.expect(200).json()
}

/// What can be used and what is held.
async fn standing(app: &TestApp, id: CreditId) -> (i64, i64) {
    let now = view(app, id).await;
    (now.balance.amount_minor, now.held.amount_minor)
}

/// What happened to it, with what that changed; sorted.
async fn history(app: &TestApp, id: CreditId) -> Vec<(String, i64, i64)> {
    let path = format!("{ALL}/{id}/movements?limit=100");
    let page: Page<CreditMovement> = app.as_user(&admin()).get(&path).await.expect(200).json();
    let mut all: Vec<_> =
        page.items.into_iter().map(|m| (m.kind, m.amount.amount_minor, m.held.amount_minor)).collect();
    all.sort();
    all
}

fn happened(wanted: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
    let mut all: Vec<_> = wanted.iter().map(|(kind, amount, held)| ((*kind).to_owned(), *amount, *held)).collect();
    all.sort();
    all
}

/// Every credit is the sum of its movements, what it holds is what orders hold, and the ledger owes just that.
pub async fn sound(app: &TestApp, ledger: &TrialBalance) {
    let wrong = "SELECT count(*) FROM credits c WHERE
            c.balance_minor <> (SELECT COALESCE(sum(balance_change_minor), 0) FROM credit_movements m WHERE m.credit_id = c.id)
         OR c.held_minor <> (SELECT COALESCE(sum(held_change_minor), 0) FROM credit_movements m WHERE m.credit_id = c.id)
         OR c.held_minor <> (SELECT COALESCE(sum(amount_minor), 0) FROM credit_holds h
                WHERE h.credit_id = c.id AND h.state IN ('held', 'confirmed'))";
    assert_eq!(app.count("payments", wrong).await, 0);
    for (kind, account) in [("gift_card", "gift_cards"), ("store_credit", "store_credit")] {
        let sql = format!(
            "SELECT CAST(COALESCE(sum(balance_minor + held_minor), 0) AS BIGINT) FROM credits WHERE kind = '{kind}'"
        );
        let of_kind = ledger.accounts.iter().filter(|a| a.account == account);
        let owed: i64 = of_kind.map(|a| -a.balance.amount_minor).sum();
        assert_eq!(app.count("payments", &sql).await, owed, "{account}");
    }
    let split = "SELECT count(*) FROM payments p WHERE p.restored_minor <>
        (SELECT COALESCE(sum(credit_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status <> 'failed')";
    assert_eq!(app.count("payments", split).await, 0);
}
