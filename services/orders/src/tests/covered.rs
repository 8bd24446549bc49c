//! Orders that are paid with gift cards and store credit, in part or whole.

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use contracts::{
    credits::{HeldCredits, HoldCredits},
    orders::{OrderPlaced, OrderStatus, OrderView, PlacedOrder},
    payments::MethodView,
};
use kernel::OrderId;
use serde_json::{Value, json};
use testkit::{TestApp, customer, on_both_databases, principals::account_of};

use super::{Others, body, captured, defs, eur, rows, two_vendors, view};

/// Plays `payments`: what was asked to be held, and what it answers.
#[derive(Default)]
struct Credits {
    held: Mutex<Vec<(OrderId, HoldCredits)>>,
    refuse: Mutex<bool>,
}

fn credits_on(app: &TestApp) -> Arc<Credits> {
    async fn hold(
        State(this): State<Arc<Credits>>,
        Path(id): Path<OrderId>,
        Json(wanted): Json<HoldCredits>,
    ) -> Response {
        if *this.refuse.lock().unwrap() {
            let errors = json!([{"field": "credits.codes[0]", "reason": "It is over."}]);
            let problem =
                json!({"code": "gift_card_expired", "detail": "It is over.", "status": 422, "errors": errors});
            return (StatusCode::UNPROCESSABLE_ENTITY, Json(problem)).into_response();
        }
        this.held.lock().unwrap().push((id, wanted));
        Json(HeldCredits { covered: eur(2000) }).into_response()
    }
    async fn methods() -> Json<Vec<MethodView>> {
        Json(vec![MethodView::new("card", "Card", "")])
    }
    let credits = Arc::new(Credits::default());
    let router = Router::new()
        .route("/api/v1/payment-methods", get(methods))
        .route("/internal/orders/{id}/credits", post(hold))
        .with_state(credits.clone());
    app.stand_in("payments", router);
    credits
}

fn with_card() -> Value {
    let mut body = body(&two_vendors());
    body["credits"] = json!({"codes": ["ABCD-EFGH-JKLM-NPQR"], "use_store_credit": true, "covered_minor": 2000});
    body
}

#[tokio::test]
async fn credits_are_held_for_the_order_that_is_placed_and_it_shows_them() {
    on_both_databases(defs, |app| async move {
        // Whoever plays a service first plays it.
        let credits = credits_on(&app);
        Others::on(&app);
        let eve = app.as_user(&customer("eve"));
        let answer = eve.key("k").post("/api/v1/orders", &with_card()).await.expect(202);
        let placed: PlacedOrder = answer.json();
        assert_eq!((placed.order.covered, placed.order.quote.total), (Some(eur(2000)), eur(6040)));
        {
            let held = credits.held.lock().unwrap();
            let (id, wanted) = &held[0];
            assert_eq!((held.len(), *id, wanted.total), (1, placed.order.id, eur(6040)));
            assert_eq!(wanted.account_id, Some(account_of(&customer("eve"))));
            assert_eq!(
                (wanted.credits.codes[0].expose(), wanted.credits.covered_minor),
                ("ABCD-EFGH-JKLM-NPQR", Some(2000))
            );
            assert!(wanted.credits.use_store_credit);
        }
        let read: OrderView = eve.get(&format!("/api/v1/orders/{}", placed.order.id)).await.expect(200).json();
        assert_eq!(read, placed.order, "what is read back is what was answered");
        // The order is told whole: what is covered of it is between `payments` and the provider. No code is told or kept.
        let told: Vec<OrderPlaced> = app.published("orders").await;
        assert_eq!(told[0].order.total, eur(6040));
        for place in ["outbox WHERE CAST(payload AS TEXT)", "idempotency_keys WHERE body"] {
            assert_eq!(app.count("orders", &format!("SELECT count(*) FROM {place} LIKE '%NPQR%'")).await, 0, "{place}");
        }
        // Again: the answer that was given, and nothing is held a second time.
        let again = eve.key("k").post("/api/v1/orders", &with_card()).await.expect(202);
        assert_eq!((again.body, credits.held.lock().unwrap().len()), (answer.body, 1));
        // The whole was captured: it is paid, and its receipt says with what.
        app.deliver("orders", &captured(&app, placed.order.id, eur(6040))).await;
        assert_eq!(view(&app, &placed).await.status, OrderStatus::Paid);
        let path = format!("/api/v1/orders/{}/receipt.pdf", placed.order.id);
        let paper = testkit::pdf::text(&eve.get(&path).await.expect(200).body);
        assert!(paper.contains("Paid with gift cards and credit"), "{paper}");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_held_is_told_and_nothing_is_ordered() {
    on_both_databases(defs, |app| async move {
        // Whoever plays a service first plays it.
        let credits = credits_on(&app);
        Others::on(&app);
        *credits.refuse.lock().unwrap() = true;
        let before = rows(&app).await;
        let answer = app.guest().key("k").post("/api/v1/orders", &with_card()).await;
        let problem = answer.expect_problem(422, "gift_card_expired");
        assert_eq!(problem["errors"][0]["field"], "credits.codes[0]");
        assert_eq!(rows(&app).await, before);
        // The same key may try again: the same order is meant.
        *credits.refuse.lock().unwrap() = false;
        let placed: PlacedOrder = app.guest().key("k").post("/api/v1/orders", &with_card()).await.expect(202).json();
        assert_eq!(credits.held.lock().unwrap()[0].0, placed.order.id);
    })
    .await;
}

#[tokio::test]
async fn without_credits_nobody_is_asked_to_hold_anything() {
    on_both_databases(defs, |app| async move {
        // Whoever plays a service first plays it.
        let credits = credits_on(&app);
        Others::on(&app);
        let placed: PlacedOrder =
            app.guest().key("k").post("/api/v1/orders", &body(&two_vendors())).await.expect(202).json();
        assert_eq!((placed.order.covered, credits.held.lock().unwrap().len()), (None, 0));
    })
    .await;
}
