//! What was tried to pay an order, told to whoever may see the order.

use axum::{Json, Router, extract::RawQuery, routing::get};
use contracts::payments::{MethodView, OrderAttempt, PaymentStatus};
use kernel::Page;
use serde_json::{Value, json};
use testkit::{admin, customer, on_both_databases};

use super::{Others, defs, place};

#[tokio::test]
async fn attempts_are_told_to_those_who_may_see_the_order() {
    on_both_databases(defs, |app| async move {
        // Whoever answers first for a service goes on doing so.
        async fn attempts(RawQuery(query): RawQuery) -> Json<Value> {
            assert!(query.is_some_and(|query| query.contains("limit=1")));
            Json(json!({"items": [{"method": "paypal", "status": "captured", "at": null}], "next": "abc"}))
        }
        async fn methods() -> Json<Vec<MethodView>> {
            Json(vec![MethodView::new("card", "Card", "")])
        }
        let payments = Router::new()
            .route("/api/v1/payment-methods", get(methods))
            .route("/internal/orders/{id}/payment/attempts", get(attempts));
        app.stand_in("payments", payments);
        Others::on(&app);
        let placed = place(&app.guest(), "k").await;
        let path = format!("/api/v1/orders/{}/payment/attempts?limit=1", placed.order.id);
        let holder = app.guest().header("order-token", placed.token.expose());
        for who in [holder, app.as_user(&admin())] {
            let page: Page<OrderAttempt> = who.get(&path).await.expect(200).json();
            let tries: Vec<_> = page.items.iter().map(|one| (one.method.as_str(), one.status, one.at)).collect();
            assert_eq!(tries, [("paypal", PaymentStatus::Captured, None)]);
            assert_eq!(page.next.as_deref(), Some("abc"));
        }
        let holder = app.guest().header("order-token", placed.token.expose());
        holder.get(&path.replace("limit=1", "limit=0")).await.expect_invalid("limit");
        for who in [app.guest(), app.as_user(&customer("eve"))] {
            who.get(&path).await.expect_problem(404, "not_found");
        }
    })
    .await;
}
