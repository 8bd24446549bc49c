//! Orders that an admin makes for a buyer, through the router on both databases.

use std::{sync::Arc, time::Duration};

use axum::{Json, Router, extract::Path, routing::get};
use contracts::{
    identity::Contact,
    orders::{OrderMade, OrderPlaced, OrderStatus, OrderSummary, OrderView},
    pricing::Quote,
};
use kernel::{AccountId, Clock, Page};
use serde_json::{Value, json};
use testkit::{TestApp, admin, customer, on_both_databases, principals::account_of};

use super::{Others, defs, quote, two_vendors};

fn body(quote: &Quote) -> Value {
    let lines: Vec<Value> =
        quote.lines.iter().map(|l| json!({"variant_id": l.variant_id, "quantity": l.quantity})).collect();
    json!({
        "quote_hash": quote.hash,
        "currency": "EUR",
        "lines": lines,
        "email": "Eve@Example.com",
        "address": {"name": "Eve Buyer", "line1": "High Street 1", "postcode": "10115", "city": "Berlin", "country": "DE"},
        "payment_method": "card",
        "note": "By telephone."
    })
}

/// Plays `identity`: every account has an address.
fn identity(app: &TestApp) {
    async fn contact(Path(id): Path<AccountId>) -> Json<Contact> {
        let email = "known@example.com".parse().unwrap();
        Json(Contact { account_id: id, email, name: "Known".to_owned(), locale: "fr-CA".to_owned() })
    }
    app.stand_in("identity", Router::new().route("/internal/identity/accounts/{id}/contact", get(contact)));
}

#[tokio::test]
async fn an_order_is_made_for_a_guest_and_is_not_the_admins() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        let boss = app.as_user(&admin());
        let order: OrderView = boss
            .header("accept-language", "de")
            .key("k")
            .post("/api/v1/admin/orders", &body(&two_vendors()))
            .await
            .expect(201)
            .json();
        assert_eq!((order.account_id, order.email.as_str()), (None, "eve@example.com"));
        assert_eq!(order.language, None, "the admin's language is not the buyer's");
        let kinds: Vec<_> = order.timeline.iter().map(|entry| entry.kind.as_str()).collect();
        assert_eq!((kinds, order.version), (vec!["placed", "made_by_admin"], 1));
        // Priced for the buyer, and everything is held as long as the buyer has time.
        let asked = others.asked.lock().unwrap()[0].customer.clone();
        assert_eq!((asked.account_id, asked.email.unwrap().as_str()), (None, "eve@example.com"));
        let until = app.clock.now().plus(Duration::from_secs(72 * 3600));
        assert_eq!(app.published::<OrderPlaced>("orders").await[0].pay_by, Some(until));
        let made = app.published::<OrderMade>("orders").await;
        assert_eq!((made.len(), made[0].order_id, made[0].pay_by), (1, order.id, until));

        // Once per key; who made it is kept, and has no order of its own.
        let again: OrderView =
            boss.key("k").post("/api/v1/admin/orders", &body(&two_vendors())).await.expect(201).json();
        assert_eq!(again.id, order.id);
        let sql = format!("SELECT count(*) FROM order_documents WHERE placed_by = '{}'", account_of(&admin()));
        assert_eq!(app.count("orders", &sql).await, 1);
        let own: Page<OrderSummary> = boss.get("/api/v1/orders").await.expect(200).json();
        assert!(own.items.is_empty());

        // It is called off by its own time, not by that of a checkout.
        app.clock.advance(Duration::from_secs(71 * 3600));
        app.settle().await;
        let path = format!("/api/v1/orders/{}", order.id);
        assert_ne!(boss.get(&path).await.expect(200).json::<OrderView>().status, OrderStatus::Cancelled);
    })
    .await;
}

#[tokio::test]
async fn an_order_for_an_account_is_that_accounts() {
    on_both_databases(defs, |app| async move {
        let others: Arc<Others> = Others::on(&app);
        identity(&app);
        let (boss, ada) = (app.as_user(&admin()), customer("ada"));
        let mut order = body(&two_vendors());
        (order["email"], order["account_id"]) = (json!(null), json!(account_of(&ada)));
        let ask = json!({"account_id": account_of(&ada), "currency": "EUR", "country": "DE", "lines": order["lines"]});
        let seen: Quote = boss.post("/api/v1/admin/orders/quote", &ask).await.expect(200).json();
        assert_eq!(seen.hash, two_vendors().hash);
        assert_eq!(others.asked.lock().unwrap()[0].customer.account_id, Some(account_of(&ada)));
        let made: OrderView = boss.key("k").post("/api/v1/admin/orders", &order).await.expect(201).json();
        assert_eq!((made.account_id, made.email.as_str()), (Some(account_of(&ada)), "known@example.com"));
        assert_eq!(made.language.as_deref(), Some("fr"), "an account has a language");
        let own: Page<OrderSummary> = app.as_user(&ada).get("/api/v1/orders").await.expect(200).json();
        assert_eq!(own.items.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_and_nothing_is_kept() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        identity(&app);
        let boss = app.as_user(&admin());
        let path = "/api/v1/admin/orders";
        let mut order = body(&two_vendors());
        order["account_id"] = json!(account_of(&customer("ada")));
        boss.key("both").post(path, &order).await.expect_invalid("email");
        (order["account_id"], order["email"]) = (json!(null), json!(null));
        boss.key("nobody").post(path, &order).await.expect_invalid("email");
        app.as_user(&customer("ada")).key("c").post(path, &body(&two_vendors())).await.expect(403);
        app.guest().key("g").post(path, &body(&two_vendors())).await.expect(401);
        others.set(quote(&[("ada", &[("mug", 1, 1500)], 490)]));
        boss.key("old").post(path, &body(&two_vendors())).await.expect_problem(409, "quote_changed");
        assert_eq!(app.count("orders", "SELECT count(*) FROM orders").await, 0);
        assert!(app.published::<OrderMade>("orders").await.is_empty());
    })
    .await;
}
