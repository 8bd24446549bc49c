//! What was ordered goes into the cart once more, as far as it can be had.

use axum::{
    Json, Router,
    http::{HeaderMap, StatusCode},
    routing::get,
};
use contracts::{
    cart::{NotReordered, Reordered, WhyNotReordered},
    orders::ORDER_TOKEN_HEADER,
};
use kernel::{LineId, OrderId, VendorOrderId};
use testkit::{customer, on_both_databases};

use super::*;

const REORDERS: &str = "/api/v1/carts/current/reorders";

fn order_id() -> OrderId {
    OrderId::derived("test", &["order"])
}

/// An order with these lines, as `orders` tells of it.
fn ordered(lines: &[(&str, i64)]) -> Value {
    let line = |(name, quantity): &(&str, i64)| {
        json!({
            "id": LineId::derived("test", &[name]), "variant_id": variant(name), "product_id": product(name),
            "title": format!("The {name}"), "options": [name], "sku": name, "quantity": quantity,
            "unit_price": eur(1), "total": eur(1), "tax": eur(0),
        })
    };
    let part = json!({
        "id": VendorOrderId::derived("test", &["part"]), "number": "S-1-A", "order_id": order_id(), "vendor_id": vendor("ada"),
        "vendor_name": "ADA", "status": "shipped", "lines": lines.iter().map(line).collect::<Vec<_>>(), "items": eur(1),
        "shipping": eur(0), "shipping_method": "Post", "shipping_promotions": [], "tax": eur(0), "total": eur(1), "parcels": [],
    });
    json!({
        "id": order_id(), "number": "S-1", "status": "paid", "status_reason": null, "shortages": [], "next_action": null,
        "account_id": null, "email": "eve@example.com", "note": null, "vendor_orders": [part], "refunded": eur(0),
        "address": {"name": "Eve", "line1": "High Street 1", "postcode": "10115", "city": "Berlin", "country": "DE"},
        "quote": {
            "hash": "a", "currency": "EUR", "country": "DE", "lines": [], "vendors": [], "subtotal": eur(1), "discount": eur(0),
            "shipping": eur(0), "tax": eur(0), "total": eur(1), "explanation": [],
        },
        "timeline": [], "can_cancel": false, "placed_at": "2026-01-15T11:59:00Z", "version": 4,
    })
}

/// Plays `orders`: a wrong token opens nothing.
fn stand_in(app: &TestApp, lines: &[(&str, i64)]) {
    let order = ordered(lines);
    let answer = move |headers: HeaderMap| {
        let wrong = headers.get(ORDER_TOKEN_HEADER).is_some_and(|token| token == "wrong");
        let problem = json!({"code": "not_found", "detail": "There is no such order.", "status": 404, "errors": []});
        let answer = if wrong { (StatusCode::NOT_FOUND, Json(problem)) } else { (StatusCode::OK, Json(order.clone())) };
        async move { answer }
    };
    app.stand_in("orders", Router::new().route("/api/v1/orders/{id}", get(answer)));
}

fn missing(name: &str, reason: WhyNotReordered) -> NotReordered {
    let (title, options) = (format!("The {name}"), vec![name.to_owned()]);
    NotReordered { variant_id: variant(name), title, options, reason }
}

#[tokio::test]
async fn all_that_can_be_had_goes_in_and_the_rest_is_told() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        app.deliver("cart", &level("bowl", "bowl-l", StockLevel::SoldOut)).await;
        stand_in(&app, &[("mug", 1), ("bowl-l", 1), ("lamp", 2), ("gone", 1), ("bowl-s", 3)]);
        let (guest, _) = guest(&app, &[("mug", 2), ("bowl-s", 7)]).await;
        guest.put(&format!("{}/later", line_path("bowl-s")), &json!({"later": true})).await.expect(200);
        let before = current(&guest).await;
        let wrong = json!({"order_id": order_id(), "order_token": "wrong"});
        guest.post(REORDERS, &wrong).await.expect_problem(404, "not_found");
        assert_eq!(current(&guest).await, before);

        let wanted = json!({"order_id": order_id(), "order_token": "right"});
        let done: Reordered = guest.post(REORDERS, &wanted).await.expect(200).json();
        assert_eq!(contents(&done.cart), of(&[("mug", 3), ("bowl-s", 3), ("lamp", 2)]));
        assert_eq!((done.cart.later.len(), done.cart.items), (0, 8), "what was kept for later is wanted now");
        let gone = missing("gone", WhyNotReordered::NotOnSale);
        assert_eq!(done.missing, [missing("bowl-l", WhyNotReordered::SoldOut), gone.clone()]);
        assert_eq!(current(&guest).await, done.cart);
        // What comes now stands behind all of it, at the price of now.
        app.deliver("cart", &level("bowl", "bowl-l", StockLevel::InStock)).await;
        let again: Reordered = guest.post(REORDERS, &wanted).await.expect(200).json();
        assert_eq!(contents(&again.cart), of(&[("mug", 4), ("bowl-s", 6), ("lamp", 4), ("bowl-l", 1)]));
        assert_eq!((again.missing, again.cart.lines[3].unit_price), (vec![gone], eur(1800)));

        // An account's cart is opened for it; nobody has none.
        let eve = app.as_user(&customer("eve"));
        let done: Reordered = eve.post(REORDERS, &json!({"order_id": order_id()})).await.expect(200).json();
        assert_eq!(contents(&done.cart), of(&[("mug", 1), ("bowl-l", 1), ("lamp", 2), ("bowl-s", 3)]));
        app.guest().post(REORDERS, &wanted).await.expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn what_does_not_go_with_the_rest_of_the_cart_stays_out() {
    on_both_databases(defs, |app| async move {
        stock_the_shelves(&app).await;
        app.deliver("cart", &published("ben", "import", &[("import", Money::new(1000, Currency::USD))])).await;
        app.deliver("cart", &level("import", "import", StockLevel::InStock)).await;
        stand_in(&app, &[("mug", 10_000), ("import", 1), ("lamp", 1)]);
        let wanted = json!({"order_id": order_id(), "order_token": "right"});
        let (dollars, _) = guest(&app, &[("import", 1)]).await;
        let before = current(&dollars).await;
        let done: Reordered = dollars.post(REORDERS, &wanted).await.expect(200).json();
        assert_eq!(done.cart, before, "nothing is changed");
        let all = ["import", "mug", "lamp"].map(|name| missing(name, WhyNotReordered::OtherCurrency));
        assert_eq!(done.missing, all);

        let (euros, _) = guest(&app, &[("mug", 1)]).await;
        let done: Reordered = euros.post(REORDERS, &wanted).await.expect(200).json();
        assert_eq!(contents(&done.cart), of(&[("mug", 1), ("lamp", 1)]));
        let other = missing("import", WhyNotReordered::OtherCurrency);
        assert_eq!(done.missing, [other, missing("mug", WhyNotReordered::TooMany)]);
    })
    .await;
}
