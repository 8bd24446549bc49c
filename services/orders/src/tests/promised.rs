//! Orders that are paid to the courier, through the router on both databases.

use axum::{
    Json, Router,
    http::StatusCode,
    routing::{get, post},
};
use contracts::{
    orders::{
        ItemsWithdrawn, OrderCancelled, OrderPaid, OrderPromised, OrderStatus, OrderSummary, PlacedOrder,
        ReturnRefundDue, VendorOrderDetail, VendorOrderStatus,
    },
    payments::{MethodView, PaymentActionRequired, PaymentFailed, PaymentPromised},
    shipping::WithdrawalGranted,
};
use kernel::{Clock, Money, Page};
use serde_json::json;
use testkit::{TestApp, admin, on_both_databases, vendor_staff};

use super::{
    Others, body, captured, defs, eur, lifecycle,
    lifecycle::{delivered, shipped},
    payment, place, quote, reserve,
    returns::{buyer, line},
    two_vendors, vendor, view,
};

fn told(app: &TestApp, placed: &PlacedOrder, collect: i64) -> PaymentPromised {
    let (order_id, at) = (placed.order.id, app.clock.now());
    PaymentPromised {
        payment_id: payment(order_id),
        order_id,
        amount: placed.order.quote.total,
        collect: eur(collect),
        at,
    }
}

/// Placed, reserved and promised.
async fn promised(app: &TestApp, key: &str) -> PlacedOrder {
    Others::on(app);
    let placed = place(&app.guest(), key).await;
    reserve(app, placed.order.id).await;
    app.deliver("orders", &told(app, &placed, 6040)).await;
    placed
}

async fn listed(app: &TestApp, status: &str) -> Vec<(OrderStatus, String)> {
    let path = format!("/api/v1/admin/orders?status={status}");
    let page: Page<OrderSummary> = app.as_user(&admin()).get(&path).await.expect(200).json();
    page.items.into_iter().map(|order| (order.status, order.number)).collect()
}

#[tokio::test]
async fn vendors_see_and_send_what_the_courier_collects() {
    on_both_databases(defs, |app| async move {
        let placed = promised(&app, "k").await;
        let now = view(&app, &placed).await;
        assert_eq!((now.status, now.to_collect, now.paid_at), (OrderStatus::Promised, Some(eur(6040)), None));
        assert!(now.can_cancel && now.next_action.is_none());
        assert_eq!(app.published::<OrderPromised>("orders").await.len(), 1);
        assert!(app.published::<OrderPaid>("orders").await.is_empty());
        assert_eq!(listed(&app, "promised").await, [(OrderStatus::Promised, now.number.clone())]);
        assert!(listed(&app, "awaiting_payment").await.is_empty());
        let ada = vendor("ada");
        let staff = app.as_user(&vendor_staff(ada));
        let path = format!("/api/v1/vendors/{ada}/orders");
        let page: Page<VendorOrderDetail> = staff.get(&path).await.expect(200).json();
        let part = &page.items[0];
        // What is to be collected for the whole order is none of one vendor's business.
        assert_eq!(
            (part.order.status, part.cash_on_delivery, part.to_collect),
            (VendorOrderStatus::ToShip, true, None)
        );
        let slip = format!("{path}/{}/packing-slip.pdf", part.order.id);
        let slip = testkit::pdf::text(&staff.get(&slip).await.expect(200).body);
        assert!(slip.contains("Cash on delivery"), "{slip}");
        let confirmation = format!("/api/v1/orders/{}/confirmation.pdf", placed.order.id);
        let paper = testkit::pdf::text(&buyer(&app, &placed).get(&confirmation).await.expect(200).body);
        assert!(paper.contains("To be paid to the courier"), "{paper}");
        buyer(&app, &placed)
            .get(&format!("/api/v1/orders/{}/receipt.pdf", placed.order.id))
            .await
            .expect_problem(409, "not_paid");
        for part in [0, 1] {
            app.deliver("orders", &shipped(&app, &placed, part)).await;
            app.deliver("orders", &delivered(&app, &placed, part)).await;
        }
        // All of it is there, and nobody has paid.
        assert_eq!(view(&app, &placed).await.status, OrderStatus::Promised);
        let form = json!({"lines": [{"line_id": line(&placed, "mug"), "quantity": 1}], "reason": "does_not_fit"});
        let back = format!("/api/v1/orders/{}/returns", placed.order.id);
        buyer(&app, &placed).key("early").post(&back, &form).await.expect_problem(409, "not_paid");
        app.deliver("orders", &captured(&app, placed.order.id, eur(6039))).await;
        assert_eq!(view(&app, &placed).await.status, OrderStatus::Promised);
        app.deliver("orders", &captured(&app, placed.order.id, eur(6040))).await;
        let now = view(&app, &placed).await;
        assert_eq!((now.status, now.to_collect), (OrderStatus::Completed, None));
        let paid = app.published::<OrderPaid>("orders").await;
        assert!(paid.len() == 1 && paid[0].was_promised);
        buyer(&app, &placed).key("then").post(&back, &form).await.expect(201);
        let part: VendorOrderDetail = staff.get(&format!("{path}/{}", part.order.id)).await.expect(200).json();
        assert!(!part.cash_on_delivery && part.order.status == VendorOrderStatus::Delivered);
        lifecycle::gapless(&app, placed.order.id).await;
    })
    .await;
}

#[tokio::test]
async fn it_does_not_expire_and_is_called_off_for_nothing() {
    on_both_databases(defs, |app| async move {
        let placed = promised(&app, "k").await;
        app.advance(std::time::Duration::from_secs(24 * 3600)).await;
        assert_eq!(view(&app, &placed).await.status, OrderStatus::Promised);
        let path = format!("/api/v1/orders/{}/cancel", placed.order.id);
        buyer(&app, &placed).post(&path, &json!({})).await.expect(200);
        let now = view(&app, &placed).await;
        assert_eq!((now.status, now.to_collect, now.refunded), (OrderStatus::Cancelled, None, eur(0)));
        let told = app.published::<OrderCancelled>("orders").await;
        assert!(told.len() == 1 && !told[0].was_paid);
        lifecycle::gapless(&app, placed.order.id).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_at_the_door_is_called_off() {
    on_both_databases(defs, |app| async move {
        let placed = promised(&app, "k").await;
        app.deliver("orders", &shipped(&app, &placed, 0)).await;
        let path = format!("/api/v1/orders/{}/cancel", placed.order.id);
        buyer(&app, &placed).post(&path, &json!({})).await.expect_problem(409, "already_shipped");
        let order_id = placed.order.id;
        let failed = PaymentFailed { payment_id: payment(order_id), order_id, reason: "not_collected".to_owned() };
        app.deliver("orders", &failed).await;
        let now = view(&app, &placed).await;
        assert_eq!((now.status, now.status_reason.as_deref()), (OrderStatus::Cancelled, Some("payment_failed")));
        assert!(now.vendor_orders.iter().all(|part| part.status == VendorOrderStatus::Cancelled));
        assert_eq!(app.published::<OrderCancelled>("orders").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_vendor_says_that_its_parcel_comes_back_if_the_order_is_its_alone() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        let of_two = promised(&app, "two").await;
        let alone = quote(&[("ada", &[("mug", 1, 6_040)], 0)]);
        others.set(alone.clone());
        let one: PlacedOrder = app.guest().key("one").post("/api/v1/orders", &body(&alone)).await.expect(202).json();
        reserve(&app, one.order.id).await;
        let ada = vendor("ada");
        let staff = app.as_user(&vendor_staff(ada));
        let path =
            |of: &PlacedOrder| format!("/api/v1/vendors/{ada}/orders/{}/not-collected", of.order.vendor_orders[0].id);
        let why = json!({"reason": "Nobody at home"});
        staff.post(&path(&one), &why).await.expect_problem(404, "not_found");
        app.deliver("orders", &told(&app, &one, 6040)).await;
        let seen = format!("/api/v1/vendors/{ada}/orders/{}", one.order.vendor_orders[0].id);
        let part: VendorOrderDetail = staff.get(&seen).await.expect(200).json();
        assert_eq!((part.cash_on_delivery, part.to_collect), (true, Some(eur(6040))));
        app.deliver("orders", &shipped(&app, &one, 0)).await;
        let bob = app.as_user(&vendor_staff(vendor("bob")));
        bob.post(&path(&one), &why).await.expect_problem(404, "not_found");
        staff.post(&path(&of_two), &why).await.expect_problem(409, "several_vendors");
        for _ in 0..2 {
            staff.post(&path(&one), &why).await.expect(204);
        }
        let now = view(&app, &one).await;
        assert_eq!((now.status, now.status_reason.as_deref()), (OrderStatus::Cancelled, Some("payment_failed")));
        assert!(now.timeline.iter().any(|entry| entry.text == "The courier was not paid (Nobody at home)."));
        assert_eq!(app.published::<OrderCancelled>("orders").await.len(), 1);
        assert_eq!(view(&app, &of_two).await.status, OrderStatus::Promised);
        // What is paid cannot be refused any more.
        app.deliver("orders", &captured(&app, of_two.order.id, eur(6040))).await;
        staff.post(&path(&of_two), &why).await.expect_problem(409, "not_to_collect");
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_out_is_collected_no_more() {
    on_both_databases(defs, |app| async move {
        let placed = promised(&app, "k").await;
        let path = format!("/api/v1/orders/{}/withdrawals", placed.order.id);
        let wish = json!({"lines": [{"line_id": line(&placed, "mug"), "quantity": 1}]});
        let asked: ItemsWithdrawn = buyer(&app, &placed).key("w").post(&path, &wish).await.expect(201).json();
        app.deliver("orders", &WithdrawalGranted { return_id: asked.withdrawals[0].id }).await;
        let due = app.published::<ReturnRefundDue>("orders").await;
        assert_eq!((due.len(), due[0].amount), (1, eur(1000)));
        // `payments` says how much is left to be collected.
        app.deliver("orders", &told(&app, &placed, 5040)).await;
        let now = view(&app, &placed).await;
        assert_eq!((now.status, now.to_collect, now.refunded), (OrderStatus::Promised, Some(eur(5040)), eur(0)));
        assert!(
            now.timeline.iter().any(|entry| entry.text.contains("10.00 EUR less is to be paid")),
            "{:?}",
            now.timeline
        );
        // What is on its way is not changed any more: its courier knows what to collect.
        app.deliver("orders", &shipped(&app, &placed, 1)).await;
        buyer(&app, &placed).key("late").post(&path, &wish).await.expect_problem(409, "not_to_be_sent");
    })
    .await;
}

#[tokio::test]
async fn it_is_for_what_is_delivered_up_to_a_limit() {
    on_both_databases(defs, |app| async move {
        let ways = |limit: i64| {
            let limits: Vec<Money> = vec![eur(limit)];
            let way = MethodView { on_delivery: true, limits, ..MethodView::new("cash_on_delivery", "Cash", "") };
            Router::new().route("/api/v1/payment-methods", get(async move || Json(vec![way])))
        };
        let mut order = body(&two_vendors());
        order["payment"] = json!({"method": "cash_on_delivery"});
        // Whoever answers first for a service goes on doing so.
        app.stand_in("payments", ways(6040));
        let others = Others::on(&app);
        app.guest().key("fits").post("/api/v1/orders", &order).await.expect(202);
        // The same with a file in it.
        let mut digital = two_vendors();
        digital.lines[1].digital = true;
        others.set(digital);
        app.guest().key("digital").post("/api/v1/orders", &order).await.expect_invalid("payment.method");
        // One of which some is fetched: no courier comes.
        let mut fetched = two_vendors();
        fetched.vendors[0].method.as_mut().unwrap().pickup = Some(super::pickup::place());
        others.set(fetched);
        app.guest().key("fetched").post("/api/v1/orders", &order).await.expect_invalid("payment.method");
        // One that is dearer.
        let dear = quote(&[("ada", &[("mug", 1, 6_041)], 0)]);
        let mut order = body(&dear);
        order["payment"] = json!({"method": "cash_on_delivery"});
        others.set(dear);
        app.guest().key("dear").post("/api/v1/orders", &order).await.expect_invalid("payment.method");
        assert_eq!(app.count("orders", "SELECT count(*) FROM orders").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_way_that_costs_something_is_chosen_at_the_checkout_only() {
    on_both_databases(defs, |app| async move {
        let way = |fees: Vec<Money>| MethodView { fees, ..MethodView::new("cash", "Cash", "") };
        let ways = vec![MethodView::new("card", "Card", ""), way(vec![eur(300)])];
        let payments = Router::new()
            .route("/api/v1/payment-methods", get(async move || Json(ways)))
            .route("/internal/orders/{id}/payment/method", post(async || StatusCode::NO_CONTENT));
        app.stand_in("payments", payments);
        Others::on(&app);
        let placed = place(&app.guest(), "k").await;
        reserve(&app, placed.order.id).await;
        let url = "https://pay.example/1".to_owned();
        let event = PaymentActionRequired { payment_id: payment(placed.order.id), order_id: placed.order.id, url };
        app.deliver("orders", &event).await;
        let path = format!("/api/v1/orders/{}/payment", placed.order.id);
        let buyer = buyer(&app, &placed);
        buyer.post(&path, &json!({"method": "cash"})).await.expect_invalid("payment.method");
        buyer.post(&path, &json!({"method": "card"})).await.expect(200);
    })
    .await;
}
