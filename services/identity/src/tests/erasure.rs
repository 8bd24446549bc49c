//! Accounts that go.

use std::sync::{Arc, Mutex};

use axum::{Json, Router, routing::get};
use contracts::{
    identity::{AccountErased, AccountView},
    orders::OpenOrders,
    vendors::MemberChanged,
};
use db::params;
use kernel::{VendorId, VendorRole};
use serde_json::{Value, json};

use super::{Here, PASSWORD, on_both};
use crate::verify_audit;

const OWN: &str = "/api/v1/me/erasure";

/// What others say is open: orders and returns, and how much store credit is left.
#[derive(Clone, Default)]
struct Others(Arc<Mutex<(OpenOrders, i64)>>);

impl Others {
    fn beside(here: &Here) -> Self {
        let others = Self::default();
        let (open, credit) = (others.0.clone(), others.0.clone());
        let open = move || async move { Json(open.lock().unwrap().0) };
        let credit = move || async move {
            let minor = credit.lock().unwrap().1;
            let money = |minor: i64| json!({"amount_minor": minor, "currency": "EUR"});
            let id = "01890a5d-ac96-774b-bcce-b302099a8057";
            Json(json!([{"id": id, "kind": "store_credit", "last4": null, "account_id": null, "balance": money(minor),
                "held": money(0), "issued": money(500), "status": "active", "expires_at": null,
                "created_at": "2026-01-15T12:00:00Z"}]))
        };
        here.app.stand_in("orders", Router::new().route("/internal/accounts/{account_id}/open-orders", get(open)));
        here.app.stand_in("payments", Router::new().route("/internal/accounts/{account_id}/credits", get(credit)));
        others
    }

    fn say(&self, orders: i64, returns: i64, credit_minor: i64) {
        *self.0.lock().unwrap() = (OpenOrders { orders, returns }, credit_minor);
    }
}

#[tokio::test]
async fn an_account_goes_with_all_that_says_whose_it_was() {
    on_both(|here| async move {
        let others = Others::beside(&here);
        let ada = here.member("ada@example.com").await;
        let me = here.bearer(&ada);
        let address =
            json!({"name": "Ada", "line1": "1 St James", "postcode": "SW1Y", "city": "London", "country": "GB"});
        me.post("/api/v1/me/addresses", &json!({"address": address, "is_default": true})).await.expect(201);
        let typed = json!({ "password": PASSWORD });
        here.guest().post(OWN, &typed).await.expect_problem(401, "unauthenticated");
        me.post(OWN, &json!({"password": "something else"})).await.expect_invalid("password");
        for (open, code) in
            [((1, 0, 0), "orders_under_way"), ((0, 2, 0), "returns_open"), ((0, 0, 250), "store_credit_left")]
        {
            others.say(open.0, open.1, open.2);
            let problem = me.post(OWN, &typed).await.expect_problem(409, code);
            assert_eq!(problem.to_string().contains("2.50 EUR"), code == "store_credit_left", "{problem}");
        }
        // Nothing has happened.
        assert!(here.app.published::<AccountErased>("identity").await.is_empty());
        assert_eq!(here.count("SELECT count(*) FROM addresses").await, 1);
        assert_eq!(here.count("SELECT count(*) FROM accounts WHERE erased_at IS NOT NULL").await, 0);
        assert_eq!(here.count("SELECT count(*) FROM audit").await, 0);
        me.get("/api/v1/me").await.expect(200);

        others.say(0, 0, 0);
        me.post(OWN, &typed).await.expect(204);
        here.settle().await;
        let told = here.app.published::<AccountErased>("identity").await;
        assert_eq!(told.iter().map(|event| event.account_id).collect::<Vec<_>>(), [ada.account.id]);
        me.get("/api/v1/me").await.expect_problem(401, "unauthenticated");
        here.try_refresh(&ada.refresh_token).await.expect_problem(401, "session_over");
        here.try_login("ada@example.com", PASSWORD).await.expect_problem(401, "wrong_credentials");
        for table in ["addresses", "links", "refresh_tokens", "memberships"] {
            assert_eq!(here.count(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
        }
        assert_eq!(here.count("SELECT count(*) FROM sessions WHERE user_agent <> '' OR ended_at IS NULL").await, 0);
        let sql = "SELECT email, name, phone, search_text, is_customer, disabled FROM accounts";
        let row = here.app.db("identity").one(sql, params![]).await.unwrap();
        assert_eq!(row.get::<String>("email").unwrap(), format!("{}@erased.invalid", ada.account.id));
        assert_eq!(row.get::<String>("name").unwrap(), "Erased account");
        assert_eq!(row.get::<Option<String>>("phone").unwrap(), None);
        assert_eq!(row.get::<String>("search_text").unwrap(), "");
        assert_eq!((row.get::<bool>("is_customer").unwrap(), row.get::<bool>("disabled").unwrap()), (false, true));
        let contact = format!("/internal/identity/accounts/{}/contact", ada.account.id);
        here.app.as_service("notifications").get(&contact).await.expect_problem(404, "not_found");
        assert_eq!(verify_audit(&here.app.db("identity")).await.unwrap(), 1);
        // The address is free.
        assert_ne!(here.register("ada@example.com").await.id, ada.account.id);
        here.login("ada@example.com").await;
    })
    .await;
}

#[tokio::test]
async fn an_admin_erases_with_a_reason_but_not_who_is_needed() {
    on_both(|here| async move {
        Others::beside(&here);
        let admin = here.admin("admin@example.com").await;
        let (ada, bob) = (here.member("ada@example.com").await, here.member("bob@example.com").await);
        let boss = here.bearer(&admin);
        let path = format!("/api/v1/admin/accounts/{}/erasure", ada.account.id);
        let why = json!({"reason": "Asked by letter"});
        here.bearer(&bob).post(&path, &why).await.expect_problem(403, "forbidden");
        boss.post(&path, &json!({"reason": " "})).await.expect_invalid("reason");
        let unknown = "/api/v1/admin/accounts/00000000-0000-7000-8000-000000000000/erasure";
        boss.post(unknown, &why).await.expect_problem(404, "not_found");
        boss.post(OWN, &json!({ "password": PASSWORD })).await.expect_problem(409, "last_admin");

        let vendor_id = VendorId::derived("test", &["a"]);
        let owner = |account_id| MemberChanged { vendor_id, account_id, role: Some(VendorRole::Owner) };
        here.app.deliver("identity", &owner(ada.account.id)).await;
        boss.post(&path, &why).await.expect_problem(409, "only_owner");
        assert!(here.app.published::<AccountErased>("identity").await.is_empty());
        assert_eq!(here.count("SELECT count(*) FROM audit").await, 0);

        here.app.deliver("identity", &owner(bob.account.id)).await;
        boss.post(&path, &why).await.expect(204);
        boss.post(&path, &why).await.expect_problem(409, "account_erased");
        let roles = format!("/api/v1/admin/accounts/{}/roles", ada.account.id);
        boss.put(&roles, &json!({"roles": ["customer"]})).await.expect_problem(409, "account_erased");
        let shown: AccountView =
            boss.get(&format!("/api/v1/admin/accounts/{}", ada.account.id)).await.expect(200).json();
        assert_eq!((shown.name.as_str(), shown.disabled, shown.erased_at.is_some()), ("Erased account", true, true));
        assert_eq!(here.app.published::<AccountErased>("identity").await.len(), 1);
        let row = here.app.db("identity").one("SELECT actor, action, detail FROM audit", params![]).await.unwrap();
        assert_eq!(row.get::<String>("actor").unwrap(), admin.account.id.to_string());
        assert_eq!(row.get::<String>("action").unwrap(), "account.erased");
        let detail: Value = serde_json::from_str(&row.get::<String>("detail").unwrap()).unwrap();
        assert_eq!(detail, json!({"reason": "Asked by letter"}));
    })
    .await;
}
