//! From the placement to the last parcel, with everything that can come in between.

use std::time::Duration;

use axum::{Json, Router, extract::Path, routing::get};
use contracts::{
    disputes::{PaymentDisputeClosed, PaymentDisputeOpened},
    identity::AccountVerified,
    inventory::{Shortage, StockRejected, StockReleased, StockReserved},
    orders::{
        NextAction, OrderCancelled, OrderClaimed, OrderCompleted, OrderPaid, OrderRejected, OrderStatus, OrderView,
        PlacedOrder, Tracking, VendorOrderStatus,
    },
    payments::{PaymentActionRequired, PaymentFailed, PaymentRefunded},
    shipping::{ShipmentDelivered, ShipmentShipped},
};
use events::Received;
use kernel::{Clock, DisputeId, OrderId, PaymentId, RefundId, ShipmentId};
use serde_json::{Value, json};
use testkit::{TestApp, admin, customer, on_both_databases, principals::account_of};

use super::{Others, captured, defs, eur, paid, payment, place, reserve, rows, variant, view};

pub fn shipped(app: &TestApp, placed: &PlacedOrder, part: usize) -> ShipmentShipped {
    let part = &placed.order.vendor_orders[part];
    ShipmentShipped {
        shipment_id: ShipmentId::derived("test", &[&part.number]),
        order_id: placed.order.id,
        vendor_order_id: part.id,
        vendor_id: part.vendor_id,
        tracking: Tracking { carrier: "DHL".into(), number: "0034".into(), token: "abc".into(), pickup: false },
        parcel: 1,
        lines: vec![],
        at: app.clock.now(),
    }
}

pub fn delivered(app: &TestApp, placed: &PlacedOrder, part: usize) -> ShipmentDelivered {
    let ShipmentShipped { shipment_id, order_id, vendor_order_id, vendor_id, at, .. } = shipped(app, placed, part);
    ShipmentDelivered { shipment_id, order_id, vendor_order_id, vendor_id, complete: true, at }
}

/// The timeline's versions are those of the order: 1, 2, 3 … without gaps.
pub async fn gapless(app: &TestApp, id: OrderId) {
    let sql = format!(
        "SELECT count(*) FROM orders o WHERE o.id = '{id}'
         AND o.version = (SELECT count(DISTINCT t.version) FROM order_timeline t WHERE t.order_id = o.id)
         AND o.version = (SELECT max(t.version) FROM order_timeline t WHERE t.order_id = o.id)"
    );
    assert_eq!(app.count("orders", &sql).await, 1);
}

#[tokio::test]
async fn from_the_cart_to_the_last_parcel() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = place(&app.guest(), "k").await;
        let id = placed.order.id;
        reserve(&app, id).await;
        let now = view(&app, &placed).await;
        assert_eq!((now.status, now.version), (OrderStatus::AwaitingPayment, 2));
        app.clock.advance(Duration::from_secs(60));
        app.deliver("orders", &captured(&app, id, eur(6040))).await;
        let now = view(&app, &placed).await;
        assert_eq!((now.status, now.version), (OrderStatus::Paid, 3));
        assert!(now.vendor_orders.iter().all(|p| p.status == VendorOrderStatus::ToShip));
        let events: Vec<OrderPaid> = app.published("orders").await;
        assert_eq!((events.len(), events[0].order.total, events[0].paid_at), (1, eur(6040), app.clock.now()));
        assert_eq!(events[0].order.parts[0].vendor_order_id, placed.order.vendor_orders[0].id);
        assert_eq!(events[0].order.parts[0].lines.len(), 2);
        assert_eq!(events[0].order.payment.token, None);

        app.deliver("orders", &shipped(&app, &placed, 1)).await;
        let now = view(&app, &placed).await;
        assert_eq!(now.vendor_orders[1].status, VendorOrderStatus::Shipped);
        assert_eq!(now.vendor_orders[1].parcels[0].tracking.number, "0034");
        assert_eq!(now.vendor_orders[0].status, VendorOrderStatus::ToShip);
        assert!(!now.can_cancel);
        for (part, done) in [(1, false), (0, true)] {
            app.deliver("orders", &delivered(&app, &placed, part)).await;
            assert_eq!(view(&app, &placed).await.status == OrderStatus::Completed, done);
        }
        let now = view(&app, &placed).await;
        let kinds: Vec<_> = now.timeline.iter().map(|e| e.kind.as_str()).collect();
        assert_eq!(kinds, ["placed", "stock_reserved", "paid", "shipped", "delivered", "delivered", "completed"]);
        assert_eq!(app.published::<OrderCompleted>("orders").await.len(), 1);
        gapless(&app, id).await;
    })
    .await;
}

#[tokio::test]
async fn news_that_comes_twice_or_late_changes_nothing() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = place(&app.guest(), "k").await;
        let id = placed.order.id;
        let reserved = app.envelope(&StockReserved { order_id: id, expires_at: app.clock.now(), bundles: vec![] });
        let paid = app.envelope(&captured(&app, id, eur(6040)));
        // The payment is heard of first.
        assert_eq!(app.hand_over("orders", &paid).await, Received::Handled);
        let now = view(&app, &placed).await;
        assert_eq!((now.status, now.version), (OrderStatus::Paid, 2));
        let before = rows(&app).await;
        assert_eq!(app.hand_over("orders", &reserved).await, Received::Handled);
        assert_eq!(app.hand_over("orders", &reserved).await, Received::Duplicate);
        assert_eq!(app.hand_over("orders", &paid).await, Received::Duplicate);
        assert_eq!(view(&app, &placed).await, now);
        assert_eq!(rows(&app).await, before);
        gapless(&app, id).await;
    })
    .await;
}

#[tokio::test]
async fn news_of_an_order_that_is_not_here_yet_is_kept() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let id = OrderId::derived("test", &["unknown"]);
        let event = app.envelope(&StockReserved { order_id: id, expires_at: app.clock.now(), bundles: vec![] });
        assert_eq!(app.hand_over("orders", &event).await, Received::Early);
        assert_eq!(app.count("orders", "SELECT count(*) FROM inbox_pending WHERE state = 'retry'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn without_stock_there_is_no_order() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = place(&app.guest(), "k").await;
        let shortages = vec![Shortage { variant_id: variant("mug"), wanted: 2, available: 1 }];
        let event = StockRejected { order_id: placed.order.id, shortages: shortages.clone(), after_payment: false };
        app.deliver("orders", &event).await;
        let now = view(&app, &placed).await;
        assert_eq!((now.status, now.status_reason.as_deref()), (OrderStatus::Rejected, Some("out_of_stock")));
        assert_eq!(now.shortages, shortages);
        let events: Vec<OrderRejected> = app.published("orders").await;
        assert_eq!((events.len(), &events[0].shortages), (1, &shortages));
        assert_eq!(app.published::<OrderCancelled>("orders").await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn stock_that_is_gone_after_the_payment_gives_the_money_back() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = paid(&app, &app.guest(), "k").await;
        let event = StockRejected { order_id: placed.order.id, shortages: vec![], after_payment: true };
        app.deliver("orders", &event).await;
        let now = view(&app, &placed).await;
        assert_eq!((now.status, now.status_reason.as_deref()), (OrderStatus::Cancelled, Some("out_of_stock")));
        assert!(app.published::<OrderCancelled>("orders").await[0].was_paid);
    })
    .await;
}

#[tokio::test]
async fn the_buyer_is_sent_to_the_payment_page() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = place(&app.guest(), "k").await;
        let id = placed.order.id;
        reserve(&app, id).await;
        let url = "http://pay.test/pay/1".to_owned();
        app.deliver("orders", &PaymentActionRequired { payment_id: payment(id), order_id: id, url: url.clone() }).await;
        let now = view(&app, &placed).await;
        assert_eq!((now.status, now.next_action), (OrderStatus::AwaitingPayment, Some(NextAction::Redirect { url })));
        app.deliver("orders", &PaymentFailed { payment_id: payment(id), order_id: id, reason: "card_declined".into() })
            .await;
        let now = view(&app, &placed).await;
        assert_eq!((now.status, now.next_action), (OrderStatus::Cancelled, None));
        assert_eq!(now.status_reason.as_deref(), Some("payment_failed"));
        gapless(&app, id).await;
    })
    .await;
}

#[tokio::test]
async fn another_amount_does_not_pay() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = place(&app.guest(), "k").await;
        reserve(&app, placed.order.id).await;
        app.deliver("orders", &captured(&app, placed.order.id, eur(6039))).await;
        let now = view(&app, &placed).await;
        assert_eq!(
            (now.status, now.timeline.last().unwrap().kind.as_str()),
            (OrderStatus::AwaitingPayment, "payment_mismatch")
        );
        assert!(app.published::<OrderPaid>("orders").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn unpaid_orders_are_called_off_in_time_and_only_those() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let unpaid = place(&app.guest(), "unpaid").await;
        let sold = paid(&app, &app.guest(), "paid").await;
        app.advance(Duration::from_secs(30 * 60 - 1)).await;
        assert_eq!(view(&app, &unpaid).await.status, OrderStatus::Placed);
        let later = place(&app.guest(), "later").await;
        app.advance(Duration::from_secs(10)).await;
        let now = view(&app, &unpaid).await;
        assert_eq!((now.status, now.status_reason.as_deref()), (OrderStatus::Cancelled, Some("expired")));
        assert_eq!(view(&app, &sold).await.status, OrderStatus::Paid);
        assert_eq!(view(&app, &later).await.status, OrderStatus::Placed);
        let told: Vec<OrderCancelled> = app.published("orders").await;
        assert_eq!(told.iter().map(|e| (e.order_id, e.was_paid)).collect::<Vec<_>>(), [(unpaid.order.id, false)]);
        // Late money is noted; `payments` returns it by itself.
        app.deliver("orders", &captured(&app, unpaid.order.id, eur(6040))).await;
        let late = view(&app, &unpaid).await;
        assert_eq!((late.status, late.timeline.last().unwrap().kind.as_str()), (OrderStatus::Cancelled, "paid_late"));
        assert_eq!(app.published::<OrderCancelled>("orders").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn more_unpaid_orders_than_one_batch_are_all_called_off() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        for n in 0..120 {
            place(&app.guest(), &format!("k{n}")).await;
        }
        app.advance(Duration::from_secs(31 * 60)).await;
        assert_eq!(app.count("orders", "SELECT count(*) FROM orders WHERE status = 'cancelled'").await, 120);
    })
    .await;
}

#[tokio::test]
async fn a_hold_that_ends_calls_the_order_off() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = place(&app.guest(), "k").await;
        let id = placed.order.id;
        reserve(&app, id).await;
        app.deliver("orders", &StockReleased { order_id: id, expired: true }).await;
        let now = view(&app, &placed).await;
        assert_eq!((now.status, now.status_reason.as_deref()), (OrderStatus::Cancelled, Some("expired")));
        // A paid order does not care: inventory reserves again, or says that it cannot.
        let sold = paid(&app, &app.guest(), "paid").await;
        app.deliver("orders", &StockReleased { order_id: sold.order.id, expired: true }).await;
        assert_eq!(view(&app, &sold).await.status, OrderStatus::Paid);
    })
    .await;
}

#[tokio::test]
async fn the_buyer_calls_it_off_until_it_is_shipped() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let eve = app.as_user(&customer("eve"));
        let sold = paid(&app, &eve, "a").await;
        let path = format!("/api/v1/orders/{}/cancel", sold.order.id);
        let answer = eve.post(&path, &json!({"reason": "Too slow"})).await.expect(200);
        assert_eq!(answer.header("etag"), Some("\"4\""));
        let now: contracts::orders::OrderView = answer.json();
        assert_eq!((now.status, now.status_reason.as_deref()), (OrderStatus::Cancelled, Some("by_buyer")));
        assert_eq!(now.timeline.last().unwrap().text, "The order was called off by the buyer: Too slow");
        assert!(!now.can_cancel);
        // Once more is harmless.
        eve.post(&path, &json!({})).await.expect(200);
        let told: Vec<OrderCancelled> = app.published("orders").await;
        assert_eq!(told.iter().map(|e| (e.reason.as_str(), e.was_paid)).collect::<Vec<_>>(), [("by_buyer", true)]);
        // The money goes back; told twice, counted once.
        let id = sold.order.id;
        let back = PaymentRefunded {
            payment_id: payment(id),
            order_id: id,
            refund_id: RefundId::derived("test", &["r"]),
            amount: eur(6040),
            refunded_total: eur(6040),
            by_vendor: vec![],
            at: app.clock.now(),
        };
        app.deliver("orders", &back).await;
        app.deliver("orders", &back).await;
        let now = view(&app, &sold).await;
        assert_eq!((now.refunded, now.version), (eur(6040), 5));

        let shipping = paid(&app, &eve, "b").await;
        app.deliver("orders", &shipped(&app, &shipping, 0)).await;
        let before = rows(&app).await;
        let path = format!("/api/v1/orders/{}/cancel", shipping.order.id);
        eve.post(&path, &json!({})).await.expect_problem(409, "already_shipped");
        app.as_user(&admin()).post(&path, &json!({})).await.expect_problem(409, "already_shipped");
        assert_eq!(rows(&app).await, before);
        eve.post(&path, &json!({"reason": "x".repeat(301)})).await.expect_invalid("reason");
        eve.post(&path, &json!({"sudo": true})).await.expect_invalid("sudo");
    })
    .await;
}

#[tokio::test]
async fn an_admin_calls_an_order_off_and_a_rejected_one_not() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = place(&app.guest(), "a").await;
        let path = format!("/api/v1/orders/{}/cancel", placed.order.id);
        app.as_user(&admin()).post(&path, &json!({"reason": null})).await.expect(200);
        assert_eq!(view(&app, &placed).await.status_reason.as_deref(), Some("by_admin"));
        let none = place(&app.guest(), "b").await;
        app.deliver("orders", &StockRejected { order_id: none.order.id, shortages: vec![], after_payment: false })
            .await;
        let path = format!("/api/v1/orders/{}/cancel", none.order.id);
        app.as_user(&admin()).post(&path, &json!({})).await.expect_problem(409, "not_cancellable");
    })
    .await;
}

#[tokio::test]
async fn cancelling_and_paying_at_once_has_one_outcome() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        for n in 0..10 {
            let placed = place(&app.guest(), &format!("k{n}")).await;
            let id = placed.order.id;
            reserve(&app, id).await;
            let guest = app.guest().header("order-token", placed.token.expose());
            let event = app.envelope(&captured(&app, id, eur(6040)));
            let inbox = app.system.inbox("orders").unwrap();
            let pay = tokio::spawn(async move { inbox.take(event).await.unwrap() });
            let path = format!("/api/v1/orders/{id}/cancel");
            let cancel = tokio::spawn(async move { guest.post(&path, &json!({})).await.expect(200) });
            assert_eq!(pay.await.unwrap(), Received::Handled);
            cancel.await.unwrap();
            let now = view(&app, &placed).await;
            assert_eq!((now.status, now.version), (OrderStatus::Cancelled, 4));
            let told: Vec<OrderCancelled> = app.published("orders").await;
            let was_paid = told.iter().find(|e| e.order_id == id).unwrap().was_paid;
            let sold = app.published::<OrderPaid>("orders").await.iter().any(|e| e.order_id == id);
            assert_eq!(was_paid, sold);
            gapless(&app, id).await;
        }
    })
    .await;
}

/// Who an account is, for the service that asks.
fn stand_in_identity(app: &TestApp, email: &'static str) {
    let contact = move |Path(id): Path<String>| async move {
        Json(json!({"account_id": id, "email": email, "name": "Eve", "locale": "en"}))
    };
    app.stand_in("identity", Router::new().route("/internal/identity/accounts/{id}/contact", get(contact)));
}

#[tokio::test]
async fn what_a_guest_has_ordered_belongs_to_the_account_that_proves_the_address() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        stand_in_identity(&app, "eve@example.com");
        let (eve, ada) = (customer("eve"), customer("ada"));
        let of_eve = place(&app.guest(), "guest").await;
        let sold = paid(&app, &app.guest(), "sold").await;
        let of_ada = place(&app.as_user(&ada), "ada").await;
        app.as_user(&eve).get(&format!("/api/v1/orders/{}", of_eve.order.id)).await.expect_problem(404, "not_found");

        let verified = AccountVerified { account_id: account_of(&eve) };
        app.deliver("orders", &verified).await;
        app.settle().await;
        let shown: OrderView =
            app.as_user(&eve).get(&format!("/api/v1/orders/{}", of_eve.order.id)).await.expect(200).json();
        assert_eq!((shown.status, shown.version), (OrderStatus::Placed, 2));
        assert_eq!(shown.timeline.last().map(|entry| entry.kind.as_str()), Some("claimed"));
        let mine: Value = app.as_user(&eve).get("/api/v1/orders").await.expect(200).json();
        assert_eq!(mine["items"].as_array().map(Vec::len), Some(2), "not that of ada, who used the same address");
        app.as_user(&eve).get(&format!("/api/v1/orders/{}", of_ada.order.id)).await.expect_problem(404, "not_found");

        let claimed: Vec<OrderClaimed> = app.published("orders").await;
        assert_eq!(claimed.len(), 2);
        assert!(claimed.iter().all(|event| event.account_id == account_of(&eve)));
        let paid_at = |id| claimed.iter().find(|event| event.order_id == id).and_then(|event| event.paid_at);
        assert_eq!((paid_at(of_eve.order.id), paid_at(sold.order.id).is_some()), (None, true));
        gapless(&app, of_eve.order.id).await;

        // Proven again, by a reset of the password, it changes nothing.
        app.deliver("orders", &verified).await;
        app.settle().await;
        assert_eq!(app.published::<OrderClaimed>("orders").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn disputes_are_noted_and_move_nothing() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let sold = paid(&app, &app.guest(), "a").await;
        let id = sold.order.id;
        let before = view(&app, &sold).await;
        let (payment_id, dispute_id) = (PaymentId::derived("test", &["p"]), DisputeId::derived("test", &["d"]));
        let (amount, at) = (eur(1_000), app.clock.now());
        let opened = PaymentDisputeOpened {
            payment_id,
            order_id: id,
            dispute_id,
            amount,
            reason: "fraudulent".to_owned(),
            evidence_due: None,
            by_vendor: vec![],
            at,
        };
        let envelope = app.envelope(&opened);
        for _ in 0..2 {
            app.hand_over("orders", &envelope).await;
        }
        let closed =
            PaymentDisputeClosed { payment_id, order_id: id, dispute_id, amount, is_won: false, by_vendor: vec![], at };
        app.deliver("orders", &closed).await;
        let now = view(&app, &sold).await;
        let kinds: Vec<_> = now.timeline.iter().map(|e| e.kind.as_str()).skip(before.timeline.len()).collect();
        assert_eq!(kinds, ["disputed", "dispute_lost"]);
        assert_eq!((now.status, now.refunded, now.version), (before.status, before.refunded, before.version + 2));
        gapless(&app, id).await;
    })
    .await;
}
