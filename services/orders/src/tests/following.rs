//! Waiting for an order and following it.

use std::time::Duration;

use axum::{body::Body, http::Request};
use contracts::{
    inventory::StockRejected,
    orders::{NextAction, OrderStatus, OrderView, PlacedOrder},
    payments::PaymentActionRequired,
};
use futures::StreamExt;
use testkit::on_both_databases;
use tower::ServiceExt;

use super::{Others, body, captured, defs, eur, payment, place, reserve, two_vendors};

/// The first order in the table, once there is one.
async fn first_order(app: &testkit::TestApp) -> kernel::OrderId {
    loop {
        if let Some(row) = app.db("orders").opt("SELECT id FROM orders", vec![]).await.unwrap() {
            return row.get("id").unwrap();
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_placement_can_wait_for_its_outcome() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let waiting = app.guest().key("k").header("prefer", "wait=20");
        let pay = async {
            let id = first_order(&app).await;
            reserve(&app, id).await;
            app.deliver("orders", &captured(&app, id, eur(6040))).await;
        };
        let order = body(&two_vendors());
        let (answer, ()) = tokio::join!(waiting.post("/api/v1/orders", &order), pay);
        let placed: PlacedOrder = answer.expect(200).json();
        assert_eq!(placed.order.status, OrderStatus::Paid);
        // Again: waiting gives the present state, not waiting gives the answer of then.
        let again: PlacedOrder = waiting.post("/api/v1/orders", &order).await.expect(200).json();
        assert_eq!((again.order.status, again.token == placed.token), (OrderStatus::Paid, true));
        let then: PlacedOrder = app.guest().key("k").post("/api/v1/orders", &order).await.expect(202).json();
        assert_eq!((then.order.status, then.order.version), (OrderStatus::Placed, 1));
    })
    .await;
}

#[tokio::test]
async fn waiting_ends_when_the_buyer_has_to_act_or_time_is_over() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let order = body(&two_vendors());
        let late: PlacedOrder =
            app.guest().key("late").header("prefer", "wait=1").post("/api/v1/orders", &order).await.expect(202).json();
        assert_eq!(late.order.status, OrderStatus::Placed);
        let id = late.order.id;
        let url = "http://pay.test/1".to_owned();
        app.deliver("orders", &PaymentActionRequired { payment_id: payment(id), order_id: id, url: url.clone() }).await;
        let now: PlacedOrder =
            app.guest().key("late").header("prefer", "wait=20").post("/api/v1/orders", &order).await.expect(200).json();
        assert_eq!(now.order.next_action, Some(NextAction::Redirect { url }));
    })
    .await;
}

#[tokio::test]
async fn an_order_is_followed_to_its_end() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = place(&app.guest(), "k").await;
        let request = Request::get(format!("/api/v1/orders/{}/events", placed.order.id))
            .header("order-token", placed.token.expose())
            .body(Body::empty())
            .unwrap();
        let response = app.system.router().oneshot(request).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut stream = response.into_body().into_data_stream();
        let mut next = async || {
            let chunk = tokio::time::timeout(Duration::from_secs(20), stream.next()).await.expect("in time");
            chunk.map(|chunk| String::from_utf8(chunk.unwrap().to_vec()).unwrap())
        };
        let parse = |text: &str| -> OrderView {
            assert!(text.starts_with("event: order\n"), "{text}");
            let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
            serde_json::from_str(data).unwrap()
        };
        let first = next().await.unwrap();
        assert!(first.contains("\nid: 1\n"), "{first}");
        assert_eq!(parse(&first).status, OrderStatus::Placed);
        let event = StockRejected { order_id: placed.order.id, shortages: vec![], after_payment: false };
        app.deliver("orders", &event).await;
        let second = parse(&next().await.unwrap());
        assert_eq!((second.status, second.version), (OrderStatus::Rejected, 2));
        assert_eq!(next().await, None);
    })
    .await;
}
