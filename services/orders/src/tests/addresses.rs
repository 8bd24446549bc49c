//! Where an order goes, corrected before anything is on its way.

use contracts::orders::{OrderStatus, OrderView};
use serde_json::{Value, json};
use testkit::{admin, customer, on_both_databases};

use super::{Others, defs, lifecycle::shipped, paid, place, rows, view};

fn address() -> Value {
    json!({"name": "Eve Buyer", "line1": "Low Street 2", "line2": "c/o Ann", "postcode": "10117", "city": "Berlin",
           "country": "DE", "phone": "030"})
}

#[tokio::test]
async fn it_is_corrected_until_something_is_on_its_way() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let sold = paid(&app, &app.guest(), "a").await;
        let before = view(&app, &sold).await;
        let path = format!("/api/v1/orders/{}/address", sold.order.id);
        let buyer = app.guest().header("order-token", sold.token.expose());
        let now: OrderView = buyer.put(&path, &address()).await.expect(200).json();
        assert_eq!((now.address.line1.as_str(), now.address.line2.as_deref()), ("Low Street 2", Some("c/o Ann")));
        assert_eq!((now.status, now.version), (OrderStatus::Paid, before.version + 1));
        let last = now.timeline.last().unwrap();
        assert_eq!((last.kind.as_str(), last.text.as_str()), ("address_corrected", "The buyer corrected the address."));
        assert_eq!(now.quote, before.quote, "it costs what it did");
        // The same once more is no news.
        let again: OrderView = buyer.put(&path, &address()).await.expect(200).json();
        assert_eq!(again.version, now.version);
        // An admin may, too; the address of another order is nobody's business.
        let moved = json!({"name": "Eve Buyer", "line1": "High Street 3", "city": "Berlin", "country": "DE"});
        let now: OrderView = app.as_user(&admin()).put(&path, &moved).await.expect(200).json();
        assert_eq!(now.timeline.last().unwrap().text, "The marketplace corrected the address.");
        app.guest().put(&path, &moved).await.expect_problem(404, "not_found");
        app.as_user(&customer("mallory")).put(&path, &address()).await.expect_problem(404, "not_found");

        app.deliver("orders", &shipped(&app, &sold, 0)).await;
        let kept = rows(&app).await;
        buyer.put(&path, &address()).await.expect_problem(409, "address_stands");
        assert_eq!(rows(&app).await, kept);
        assert_eq!(view(&app, &sold).await.address.line1, "High Street 3");
    })
    .await;
}

#[tokio::test]
async fn what_was_counted_by_it_stays() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = place(&app.guest(), "a").await;
        let path = format!("/api/v1/orders/{}/address", placed.order.id);
        let buyer = app.guest().header("order-token", placed.token.expose());
        let with = |key: &str, value: Value| {
            let mut changed = address();
            changed[key] = value;
            changed
        };
        let kept = rows(&app).await;
        buyer.put(&path, &with("country", json!("FR"))).await.expect_invalid("country");
        buyer.put(&path, &with("region", json!("Bavaria"))).await.expect_invalid("region");
        buyer.put(&path, &with("line1", json!("x".repeat(121)))).await.expect_invalid("line1");
        buyer.put(&path, &with("sudo", json!(true))).await.expect_invalid("sudo");
        assert_eq!(rows(&app).await, kept);
        assert_eq!(view(&app, &placed).await.address.line1, "High Street 1");
        buyer.post(&format!("/api/v1/orders/{}/cancel", placed.order.id), &json!({})).await.expect(200);
        buyer.put(&path, &address()).await.expect_problem(409, "address_stands");
    })
    .await;
}
