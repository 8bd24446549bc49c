//! Who may see what.

use kernel::OrderId;
use serde_json::json;
use testkit::{Answer, admin, customer, on_both_databases, principals::account_of, vendor_owner, vendor_staff};

use super::{Others, defs, paid, place, rows, vendor};

fn same(a: &Answer, b: &Answer) {
    assert_eq!((a.status, &a.body, &a.headers), (b.status, &b.body, &b.headers));
}

#[tokio::test]
async fn an_order_is_seen_by_its_buyer_its_token_and_admins_only() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let eve = app.as_user(&customer("eve"));
        let placed = place(&eve, "a").await;
        let other = place(&app.guest(), "b").await;
        assert_eq!(placed.order.account_id, Some(account_of(&customer("eve"))));
        let path = format!("/api/v1/orders/{}", placed.order.id);
        let missing = format!("/api/v1/orders/{}", OrderId::derived("test", &["none"]));
        eve.get(&path).await.expect(200);
        app.as_user(&admin()).get(&path).await.expect(200);
        app.guest().header("order-token", placed.token.expose()).get(&path).await.expect(200);

        let nobody = app.guest();
        let strangers = [
            nobody.clone(),
            nobody.header("order-token", other.token.expose()),
            nobody.header("order-token", "zz"),
            nobody.header("order-token", ""),
            app.as_user(&customer("mallory")),
            app.as_user(&vendor_owner(vendor("ada"))),
        ];
        let before = rows(&app).await;
        for stranger in &strangers {
            for suffix in ["", "/events"] {
                let theirs = stranger.get(&format!("{path}{suffix}")).await.expect(404);
                same(&theirs, &stranger.get(&format!("{missing}{suffix}")).await);
            }
            let theirs = stranger.post(&format!("{path}/cancel"), &json!({})).await.expect(404);
            same(&theirs, &stranger.post(&format!("{missing}/cancel"), &json!({})).await);
        }
        assert_eq!(rows(&app).await, before);
        nobody.get("/api/v1/orders/nonsense").await.expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn lists_and_internal_routes_are_guarded() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let sold = paid(&app, &app.as_user(&customer("eve")), "a").await;
        let guest = app.guest();
        guest.get("/api/v1/orders").await.expect_problem(401, "unauthenticated");
        guest.get("/api/v1/admin/orders").await.expect_problem(401, "unauthenticated");
        app.as_user(&customer("eve")).get("/api/v1/admin/orders").await.expect_problem(403, "forbidden");
        let internal = format!("/internal/orders/{}", sold.order.id);
        for who in [app.guest(), app.as_user(&admin()), app.as_user(&customer("eve"))] {
            who.get(&internal).await.expect_problem(404, "not_found");
        }
        // Mails carry a link that opens a guest's order.
        let told: contracts::orders::PlacedOrder =
            app.as_service("notifications").get(&internal).await.expect(200).json();
        assert!(told.token == sold.token && told.order.id == sold.order.id);
        let missing = format!("/internal/orders/{}", OrderId::derived("test", &["none"]));
        app.as_service("notifications").get(&missing).await.expect_problem(404, "not_found");

        let (ada, bob) = (vendor("ada"), vendor("bob"));
        let part = sold.order.vendor_orders[0].id;
        guest.get(&format!("/api/v1/vendors/{ada}/orders")).await.expect_problem(401, "unauthenticated");
        app.as_user(&vendor_staff(ada)).get(&format!("/api/v1/vendors/{ada}/orders/{part}")).await.expect(200);
        // Another vendor's part does not exist, under either vendor.
        let staff = app.as_user(&vendor_staff(bob));
        let none = kernel::VendorOrderId::derived("test", &["none"]);
        let missing = staff.get(&format!("/api/v1/vendors/{bob}/orders/{none}")).await.expect(404);
        same(&staff.get(&format!("/api/v1/vendors/{bob}/orders/{part}")).await, &missing);
        staff.get(&format!("/api/v1/vendors/{ada}/orders/{part}")).await.expect_problem(404, "not_found");
        staff.get(&format!("/api/v1/vendors/{ada}/orders")).await.expect_problem(404, "not_found");
    })
    .await;
}
