//! Taking pieces out before they are handed over, through the router on both databases.

use contracts::{
    orders::{
        AskedBy, AskedReturn, ItemsWithdrawn, OrderCancelled, OrderCompleted, OrderReturns, OrderStatus, PlacedOrder,
        Restock, ReturnKind, ReturnRefundDue, ReturnStatus, ReturnView, ReturnWithdrawalWanted, ReturnWithdrawn,
        VendorOrderStatus,
    },
    payments::PaymentRefunded,
    shipping::{ShipmentDelivered, ShipmentShipped, ShippedLine, WithdrawalGranted, WithdrawalRefused},
};
use kernel::{Clock, ReturnId};
use serde_json::{Value, json};
use testkit::{Answer, TestApp, admin, customer, on_both_databases, vendor_staff};

use super::{
    Others, body, captured, defs, eur,
    lifecycle::{delivered, shipped},
    paid, payment, quote, reserve,
    returns::{buyer, line, returns},
    variant, vendor, view,
};

/// An order of two vendors that is paid: mugs (2) and a bowl of ada with 4.90 of shipping, a lamp of bob.
async fn open(app: &TestApp, key: &str) -> PlacedOrder {
    Others::on(app);
    paid(app, &app.guest(), key).await
}

fn wish(placed: &PlacedOrder, lines: &[(&str, i64)]) -> Value {
    let lines: Vec<Value> =
        lines.iter().map(|(title, n)| json!({"line_id": line(placed, title), "quantity": n})).collect();
    json!({"lines": lines, "reason": " Too many. "})
}

async fn ask(app: &TestApp, placed: &PlacedOrder, key: &str, lines: &[(&str, i64)]) -> Answer {
    let path = format!("/api/v1/orders/{}/withdrawals", placed.order.id);
    buyer(app, placed).key(key).post(&path, &wish(placed, lines)).await
}

async fn asked(app: &TestApp, placed: &PlacedOrder, key: &str, lines: &[(&str, i64)]) -> Vec<AskedReturn> {
    let answer: ItemsWithdrawn = ask(app, placed, key, lines).await.expect(201).json();
    assert!(!answer.cancelled);
    answer.withdrawals
}

async fn grant(app: &TestApp, return_id: ReturnId) {
    app.deliver("orders", &WithdrawalGranted { return_id }).await;
}

async fn one(app: &TestApp, placed: &PlacedOrder, id: ReturnId) -> ReturnView {
    let found: OrderReturns = returns(app, placed).await;
    found.returns.into_iter().find(|of| of.id == id).unwrap()
}

async fn counts(app: &TestApp, placed: &PlacedOrder) -> Vec<(i64, i64, i64)> {
    let sql = "SELECT withdrawn, returned, taken_back FROM order_lines WHERE order_id = $1 ORDER BY position";
    let rows = app.db("orders").all(sql, db::params![placed.order.id]).await.unwrap();
    rows.iter()
        .map(|row| (row.get("withdrawn").unwrap(), row.get("returned").unwrap(), row.get("taken_back").unwrap()))
        .collect()
}

#[tokio::test]
async fn pieces_are_taken_out_paid_back_and_free_again() {
    on_both_databases(defs, |app| async move {
        let placed = open(&app, "k").await;
        let of = asked(&app, &placed, "w", &[("mug", 1)]).await.remove(0);
        let wanted = app.published::<ReturnWithdrawalWanted>("orders").await;
        assert_eq!((wanted.len(), wanted[0].return_id, wanted[0].lines.len()), (1, of.id, 1));
        assert_eq!((wanted[0].lines[0].line_id, wanted[0].lines[0].quantity), (line(&placed, "mug"), 1));
        // Nothing counts before shipping has said so, and nothing is paid.
        assert_eq!(counts(&app, &placed).await, [(0, 0, 0); 3]);
        assert!(app.published::<ReturnRefundDue>("orders").await.is_empty());
        let seen = one(&app, &placed, of.id).await;
        assert_eq!(
            (seen.kind, seen.asked_by, seen.status),
            (ReturnKind::Withdrawal, AskedBy::Buyer, ReturnStatus::Requested)
        );
        assert_eq!(seen.text.as_deref(), Some("Too many."));
        // The same key is the same; the piece is not taken out twice.
        assert_eq!(asked(&app, &placed, "w", &[("mug", 1)]).await, std::slice::from_ref(&of));
        let mug = format!("lines.{}", line(&placed, "mug"));
        ask(&app, &placed, "more", &[("mug", 2)]).await.expect_invalid(&mug);

        grant(&app, of.id).await;
        grant(&app, of.id).await;
        assert_eq!(counts(&app, &placed).await, [(1, 1, 1), (0, 0, 0), (0, 0, 0)]);
        let freed = app.published::<ReturnWithdrawn>("orders").await;
        assert_eq!(
            (freed.len(), freed[0].pieces.clone()),
            (1, vec![Restock { variant_id: variant("mug"), quantity: 1 }])
        );
        let due = app.published::<ReturnRefundDue>("orders").await;
        assert_eq!((due.len(), due[0].amount, due[0].vendor_id), (1, eur(1000), vendor("ada")));
        let seen = one(&app, &placed, of.id).await;
        assert_eq!((seen.status, seen.refund, seen.refund_shipping), (ReturnStatus::Received, eur(1000), eur(0)));
        assert_eq!((seen.lines[0].received, seen.lines[0].restocked), (1, 0));
        let order = view(&app, &placed).await;
        assert_eq!((order.status, order.can_cancel), (OrderStatus::Paid, true));
        assert_eq!((order.vendor_orders[0].lines[0].withdrawn, order.vendor_orders[0].lines[0].kept()), (1, 1));

        refunded(&app, &placed, &due[0]).await;
        assert_eq!(one(&app, &placed, of.id).await.status, ReturnStatus::Refunded);
        let number = view(&app, &placed).await.refunds[0].number.clone();
        let path = format!("/api/v1/orders/{}/credit-notes/{number}", placed.order.id);
        let note = testkit::pdf::text(&buyer(&app, &placed).get(&path).await.expect(200).body);
        assert!(note.contains("mug\n1\n10.00") && note.contains(&format!("taken out {}", of.number)), "{note}");

        // One parcel with what is left is all of it.
        app.deliver("orders", &part_of_ada(&app, &placed, [1, 1])).await;
        assert_eq!(view(&app, &placed).await.vendor_orders[0].status, VendorOrderStatus::Shipped);
        for part in [0, 1] {
            app.deliver("orders", &delivered(&app, &placed, part)).await;
        }
        assert_eq!(view(&app, &placed).await.status, OrderStatus::Completed);
        // What was never sent cannot be sent back.
        let open = returns(&app, &placed).await.returnable;
        assert_eq!(open[0].lines.iter().map(|line| line.quantity).collect::<Vec<_>>(), [1, 1]);
    })
    .await;
}

#[tokio::test]
async fn of_what_cost_nothing_it_is_told_once_all_of_a_part_is_out() {
    on_both_databases(defs, |app| async move {
        let free = quote(&[("ada", &[("mug", 2, 0), ("bowl", 1, 0)], 0), ("bob", &[("lamp", 1, 0)], 0)]);
        Others::on(&app).set(free.clone());
        let answer = app.guest().key("k").post("/api/v1/orders", &body(&free)).await.expect(202);
        let placed: PlacedOrder = answer.json();
        reserve(&app, placed.order.id).await;
        app.deliver("orders", &captured(&app, placed.order.id, eur(0))).await;
        for (n, wanted) in [("mug", 2), ("bowl", 1)].into_iter().enumerate() {
            assert_eq!(app.published::<ReturnRefundDue>("orders").await.len(), 0, "{n}");
            let of = asked(&app, &placed, wanted.0, &[wanted]).await.remove(0);
            grant(&app, of.id).await;
            grant(&app, of.id).await;
            let seen = one(&app, &placed, of.id).await;
            assert_eq!((seen.status, seen.refund, seen.refund_failure), (ReturnStatus::Refunded, eur(0), None));
        }
        let due = app.published::<ReturnRefundDue>("orders").await;
        assert_eq!((due.len(), due[0].amount, due[0].vendor_id), (1, eur(0), vendor("ada")));
        let order = view(&app, &placed).await;
        assert_eq!((order.status, order.vendor_orders[0].status), (OrderStatus::Paid, VendorOrderStatus::Cancelled));
        assert_eq!((order.refunded, order.refunds.len()), (eur(0), 0));
    })
    .await;
}

async fn refunded(app: &TestApp, placed: &PlacedOrder, due: &ReturnRefundDue) {
    let event = PaymentRefunded {
        payment_id: payment(placed.order.id),
        order_id: placed.order.id,
        refund_id: due.refund_id,
        amount: due.amount,
        refunded_total: due.amount,
        by_vendor: vec![(due.vendor_id, due.amount)],
        at: app.clock.now(),
    };
    app.deliver("orders", &event).await;
}

fn part_of_ada(app: &TestApp, placed: &PlacedOrder, pieces: [i64; 2]) -> ShipmentShipped {
    let lines = placed.order.vendor_orders[0].lines.iter().zip(pieces).filter(|(_, quantity)| *quantity > 0);
    let lines = lines.map(|(line, quantity)| ShippedLine { line_id: line.id, variant_id: line.variant_id, quantity });
    ShipmentShipped { lines: lines.collect(), ..shipped(app, placed, 0) }
}

#[tokio::test]
async fn a_part_of_which_nothing_is_left_is_over_and_its_shipping_goes_back() {
    on_both_databases(defs, |app| async move {
        let placed = open(&app, "k").await;
        let staff = app.as_user(&vendor_staff(vendor("ada")));
        let part = &placed.order.vendor_orders[0];
        let path = format!("/api/v1/vendors/{}/orders/{}/withdrawals", vendor("ada"), part.id);
        let all = wish(&placed, &[("mug", 2), ("bowl", 1)]);
        let done: ItemsWithdrawn = staff.key("v").post(&path, &all).await.expect(201).json();
        let of = done.withdrawals[0].id;
        grant(&app, of).await;
        let due = app.published::<ReturnRefundDue>("orders").await;
        assert_eq!((due.len(), due[0].amount), (1, eur(2 * 1000 + 550 + 490)));
        let seen = one(&app, &placed, of).await;
        assert_eq!((seen.asked_by, seen.refund_shipping), (AskedBy::Vendor, eur(490)));
        let order = view(&app, &placed).await;
        assert_eq!((order.status, order.vendor_orders[0].status), (OrderStatus::Paid, VendorOrderStatus::Cancelled));
        assert!(app.published::<OrderCancelled>("orders").await.is_empty());
        // The order has arrived with the other part.
        app.deliver("orders", &shipped(&app, &placed, 1)).await;
        app.deliver("orders", &delivered(&app, &placed, 1)).await;
        assert_eq!(view(&app, &placed).await.status, OrderStatus::Completed);
        assert_eq!(app.published::<OrderCompleted>("orders").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_has_left_meanwhile_stays_in_the_order() {
    on_both_databases(defs, |app| async move {
        let placed = open(&app, "k").await;
        let of = asked(&app, &placed, "w", &[("mug", 2)]).await.remove(0);
        app.deliver("orders", &part_of_ada(&app, &placed, [2, 1])).await;
        let refused = WithdrawalRefused { return_id: of.id, reason: "It was handed over meanwhile.".to_owned() };
        app.deliver("orders", &refused).await;
        let seen = one(&app, &placed, of.id).await;
        assert_eq!(
            (seen.status, seen.answer.as_deref()),
            (ReturnStatus::Refused, Some("It was handed over meanwhile."))
        );
        // Once refused it stays so.
        grant(&app, of.id).await;
        assert_eq!(counts(&app, &placed).await, [(0, 0, 0); 3]);
        assert!(app.published::<ReturnRefundDue>("orders").await.is_empty());
        assert!(app.published::<ReturnWithdrawn>("orders").await.is_empty());
        assert_eq!(view(&app, &placed).await.vendor_orders[0].status, VendorOrderStatus::Shipped);
    })
    .await;
}

#[tokio::test]
async fn the_rest_of_what_has_arrived_completes_the_order() {
    on_both_databases(defs, |app| async move {
        let placed = open(&app, "k").await;
        let parcel = part_of_ada(&app, &placed, [1, 0]);
        app.deliver("orders", &parcel).await;
        let ShipmentShipped { shipment_id, order_id, vendor_order_id, vendor_id, at, .. } = parcel;
        let here = ShipmentDelivered { shipment_id, order_id, vendor_order_id, vendor_id, complete: false, at };
        app.deliver("orders", &here).await;
        app.deliver("orders", &shipped(&app, &placed, 1)).await;
        app.deliver("orders", &delivered(&app, &placed, 1)).await;
        let of = asked(&app, &placed, "w", &[("mug", 1), ("bowl", 1)]).await.remove(0);
        assert_eq!(view(&app, &placed).await.status, OrderStatus::Paid);
        grant(&app, of.id).await;
        let order = view(&app, &placed).await;
        assert_eq!(
            (order.status, order.vendor_orders[0].status),
            (OrderStatus::Completed, VendorOrderStatus::Delivered)
        );
        // Something of the part was sent, so its shipping was owed.
        assert_eq!(one(&app, &placed, of.id).await.refund, eur(1550));
    })
    .await;
}

#[tokio::test]
async fn all_of_it_is_the_cancellation() {
    on_both_databases(defs, |app| async move {
        let placed = open(&app, "k").await;
        let of = asked(&app, &placed, "one", &[("lamp", 1)]).await.remove(0);
        let all = ask(&app, &placed, "rest", &[("mug", 2), ("bowl", 1)]).await.expect(201);
        assert_eq!(all.json::<ItemsWithdrawn>(), ItemsWithdrawn { withdrawals: vec![], cancelled: true });
        let order = view(&app, &placed).await;
        assert_eq!((order.status, order.status_reason.as_deref()), (OrderStatus::Cancelled, Some("by_buyer")));
        // What was under way is paid back with the rest, not twice.
        grant(&app, of.id).await;
        assert_eq!(one(&app, &placed, of.id).await.status, ReturnStatus::Refused);
        assert!(app.published::<ReturnRefundDue>("orders").await.is_empty());
        assert_eq!(app.published::<OrderCancelled>("orders").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_taken_out_is_refused_and_nothing_is_kept() {
    on_both_databases(defs, |app| async move {
        let placed = open(&app, "k").await;
        ask(&app, &placed, "a", &[("mug", 3)]).await.expect_invalid(&format!("lines.{}", line(&placed, "mug")));
        ask(&app, &placed, "b", &[("mug", 1), ("mug", 1)]).await.expect_invalid("lines");
        ask(&app, &placed, "c", &[("mug", 0)]).await.expect(422);
        ask(&app, &placed, "d", &[]).await.expect(422);
        // A vendor takes out its own, and others' orders do not exist.
        let body = wish(&placed, &[("lamp", 1)]);
        let (ada, bob) = (&placed.order.vendor_orders[0], &placed.order.vendor_orders[1]);
        let staff = app.as_user(&vendor_staff(vendor("ada")));
        let at = |part: kernel::VendorOrderId| format!("/api/v1/vendors/{}/orders/{part}/withdrawals", vendor("ada"));
        staff.key("e").post(&at(ada.id), &body).await.expect_invalid("lines");
        staff.key("f").post(&at(bob.id), &body).await.expect_problem(404, "not_found");
        let path = format!("/api/v1/orders/{}/withdrawals", placed.order.id);
        let mallory = app.as_user(&customer("mallory"));
        mallory.key("g").post(&path, &body).await.expect_problem(404, "not_found");
        assert_eq!(app.count("orders", "SELECT count(*) FROM returns").await, 0);
        assert!(app.published::<ReturnWithdrawalWanted>("orders").await.is_empty());

        // An admin may, and nobody treats it as a parcel that comes back.
        let done: ItemsWithdrawn = app.as_user(&admin()).key("h").post(&path, &body).await.expect(201).json();
        let of = &done.withdrawals[0];
        assert_eq!(one(&app, &placed, of.id).await.asked_by, AskedBy::Admin);
        let at = format!("/api/v1/vendors/{}/returns/{}", of.vendor_id, of.id);
        let refuse = json!({"reason": "No."});
        let staff = app.as_user(&vendor_staff(of.vendor_id));
        staff.post(&format!("{at}/refuse"), &refuse).await.expect_problem(409, "nothing_comes_back");
        let cancel = format!("/api/v1/orders/{}/returns/{}/cancel", placed.order.id, of.id);
        buyer(&app, &placed).post(&cancel, &json!(null)).await.expect_problem(409, "nothing_comes_back");
        assert_eq!(one(&app, &placed, of.id).await.refund, eur(0));

        let unpaid = super::place(&app.guest(), "unpaid").await;
        ask(&app, &unpaid, "i", &[("mug", 1)]).await.expect_problem(409, "not_to_be_sent");
    })
    .await;
}
