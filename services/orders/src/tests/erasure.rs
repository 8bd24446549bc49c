//! Orders whose account goes, through the router on both databases.

use std::time::Duration;

use axum::{Json, Router, extract::Path, routing::get};
use contracts::{
    identity::{AccountErased, AccountVerified, Contact},
    inventory::StockRejected,
    orders::{OpenOrders, OrderSummary},
};
use kernel::{AccountId, Clock, Page, Timestamp};
use testkit::{customer, on_both_databases, principals::account_of};

use super::{Others, defs, place, show, view};
use crate::store;

#[tokio::test]
async fn orders_stay_without_the_account_and_come_back_to_nobody() {
    on_both_databases(defs, |app| async move {
        let _others = Others::on(&app);
        let contact = |Path(id): Path<AccountId>| async move {
            let email = "eve@example.com".parse().unwrap();
            Json(Contact { account_id: id, email, name: "Eve".to_owned(), locale: "en".to_owned() })
        };
        app.stand_in("identity", Router::new().route("/internal/identity/accounts/{id}/contact", get(contact)));
        let (eve, new) = (customer("eve"), customer("new"));
        let as_eve = app.as_user(&eve);
        let (over, open) = (place(&as_eve, "over").await, place(&as_eve, "open").await);
        let rejected = StockRejected { order_id: over.order.id, shortages: vec![], after_payment: false };
        app.deliver("orders", &rejected).await;
        let path = format!("/internal/accounts/{}/open-orders", account_of(&eve));
        as_eve.get(&path).await.expect_problem(404, "not_found");
        let said: OpenOrders = app.as_service("identity").get(&path).await.expect(200).json();
        assert_eq!(said, OpenOrders { orders: 1, returns: 0 });

        let version = view(&app, &open).await.version;
        app.deliver("orders", &AccountErased { account_id: account_of(&eve), at: app.clock.now() }).await;
        let cut = "SELECT count(*) FROM orders WHERE account_id IS NULL AND erased_at IS NOT NULL";
        assert_eq!(app.count("orders", cut).await, 2);
        let mine: Page<OrderSummary> = as_eve.get("/api/v1/orders").await.expect(200).json();
        assert!(mine.items.is_empty());
        let said: OpenOrders = app.as_service("identity").get(&path).await.expect(200).json();
        assert_eq!(said, OpenOrders::default());
        // What is over loses what the buyer wrote; what is under way goes on, for whoever has its link.
        assert_eq!(view(&app, &over).await.note, None);
        let left = view(&app, &open).await;
        assert_eq!((left.note.as_deref(), left.version, left.account_id), (Some("Ring twice."), version, None));
        show(&as_eve, &open).await.expect(200);

        // Somebody else has the address now.
        app.deliver("orders", &AccountVerified { account_id: account_of(&new) }).await;
        assert_eq!(app.count("orders", "SELECT count(*) FROM orders WHERE account_id IS NOT NULL").await, 0);
    })
    .await;
}

#[tokio::test]
async fn names_and_addresses_go_when_the_law_lets_them() {
    on_both_databases(defs, |app| async move {
        let _others = Others::on(&app);
        let eve = customer("eve");
        let (gone, stays) =
            (place(&app.as_user(&eve), "gone").await, place(&app.as_user(&customer("bob")), "stays").await);
        for placed in [&gone, &stays] {
            let rejected = StockRejected { order_id: placed.order.id, shortages: vec![], after_payment: false };
            app.deliver("orders", &rejected).await;
        }
        app.deliver("orders", &AccountErased { account_id: account_of(&eve), at: app.clock.now() }).await;
        let now = app.clock.now();
        let forget = async |before: Timestamp| {
            app.db("orders").write(async move |tx| store::erasure::forget(tx, before, now, 10).await).await.unwrap()
        };
        assert_eq!(forget(now.minus(Duration::from_secs(3600))).await, 0);
        assert_eq!(view(&app, &gone).await.address.name, "Eve Buyer");
        assert_eq!(forget(now.plus(Duration::from_secs(1))).await, 1);
        assert_eq!(forget(now.plus(Duration::from_secs(1))).await, 0);
        let (gone, stays) = (view(&app, &gone).await, view(&app, &stays).await);
        assert_eq!((gone.email.as_str(), gone.address.name.as_str()), ("nobody@erased.invalid", "–"));
        assert_eq!((gone.address.country.as_str(), gone.billing_address), ("DE", None));
        assert_eq!((stays.email.as_str(), stays.address.name.as_str()), ("eve@example.com", "Eve Buyer"));
    })
    .await;
}
