//! What goes back although its buyer keeps it: pieces, the delivery, or both, on both databases.

use contracts::{
    orders::{
        AskedBy, AskedReturn, PlacedOrder, ReturnKind, ReturnReceived, ReturnRefundDue, ReturnRequested, ReturnStatus,
        ReturnView,
    },
    payments::PaymentRefundFailed,
};
use kernel::{RefundId, VendorOrderId};
use serde_json::{Value, json};
use testkit::{Answer, TestApp, admin, on_both_databases, vendor_staff};

use super::{
    Others, defs, eur,
    lifecycle::shipped,
    paid, payment,
    returns::{act, arrived, ask, asked, buyer, line, returns, wish},
    vendor,
};

fn part(placed: &PlacedOrder, of: usize) -> VendorOrderId {
    placed.order.vendor_orders[of].id
}

fn body(placed: &PlacedOrder, lines: &[(&str, i64)], shipping: bool) -> Value {
    let lines: Vec<Value> =
        lines.iter().map(|(title, n)| json!({"line_id": line(placed, title), "quantity": n})).collect();
    json!({"lines": lines, "shipping": shipping, "reason": " A scratch. "})
}

/// Ada pays something back.
async fn pay_back(app: &TestApp, placed: &PlacedOrder, key: &str, body: &Value) -> Answer {
    let staff = app.as_user(&vendor_staff(vendor("ada")));
    staff.key(key).post(&format!("/api/v1/vendors/{}/orders/{}/refunds", vendor("ada"), part(placed, 0)), body).await
}

async fn one(app: &TestApp, placed: &PlacedOrder) -> ReturnView {
    returns(app, placed).await.returns.remove(0)
}

async fn dues(app: &TestApp) -> Vec<(RefundId, i64)> {
    let dues = app.published::<ReturnRefundDue>("orders").await;
    dues.into_iter().map(|due| (due.refund_id, due.amount.amount_minor)).collect()
}

#[tokio::test]
async fn pieces_and_the_delivery_go_back_and_nothing_has_to_be_sent() {
    on_both_databases(defs, |app| async move {
        let placed = arrived(&app, "k1").await;
        let wanted = body(&placed, &[("mug", 1)], true);
        let of: AskedReturn = pay_back(&app, &placed, "p1", &wanted).await.expect(201).json();
        assert_eq!(pay_back(&app, &placed, "p1", &wanted).await.expect(201).json::<AskedReturn>().id, of.id);
        let kept = one(&app, &placed).await;
        assert_eq!(
            (kept.kind, kept.asked_by, kept.status),
            (ReturnKind::Kept, AskedBy::Vendor, ReturnStatus::Received)
        );
        assert_eq!((kept.number.as_str(), kept.text.as_deref()), (of.number.as_str(), Some("A scratch.")));
        // One of two mugs, and all of the delivery.
        let mug = kept.lines[0].refund;
        assert_eq!((kept.refund, kept.refund_shipping), (mug.plus(eur(490)).unwrap(), eur(490)));
        assert_eq!((kept.lines[0].received, kept.lines[0].restocked, kept.shipping_left), (1, 0, eur(0)));
        let [due] = dues(&app).await[..] else { panic!("one refund") };
        assert_eq!(due.1, kept.refund.amount_minor);
        // Nobody is told that something is asked for or has arrived: nothing is put on sale, and no mail says so.
        assert!(app.published::<ReturnRequested>("orders").await.is_empty());
        assert!(app.published::<ReturnReceived>("orders").await.is_empty());
        for verb in ["approve", "receive", "refuse"] {
            let line_id = line(&placed, "mug");
            let all = match verb {
                "approve" => json!({"lines": [{"line_id": line_id, "quantity": 1}]}),
                "receive" => json!({"lines": [{"line_id": line_id, "received": 1, "restocked": 1}]}),
                _ => json!({"reason": "No"}),
            };
            act(&app, &of, verb, &all).await.expect_problem(409, "nothing_comes_back");
        }
        // The delivery goes back once, and what is paid back cannot be returned as well.
        let again = body(&placed, &[], true);
        let refused = pay_back(&app, &placed, "p2", &again).await.expect(422);
        assert_eq!(refused.json::<Value>()["errors"][0]["field"], "shipping");
        ask(&app, &placed, "r1", &wish(&placed, &[("mug", 2)])).await.expect(422);
        asked(&app, &placed, "r2", &[("mug", 1)]).await;
        pay_back(&app, &placed, "p3", &body(&placed, &[("mug", 1)], false)).await.expect(422);
        assert_eq!(dues(&app).await.len(), 1);
        // A refund that failed is sent once more, like that of any return.
        let (order_id, payment_id) = (placed.order.id, payment(placed.order.id));
        let failed =
            PaymentRefundFailed { payment_id, order_id, refund_id: due.0, reason: "returned_by_bank".to_owned() };
        app.deliver("orders", &failed).await;
        act(&app, &of, "retry", &json!(null)).await.expect(200);
        assert_eq!(dues(&app).await.iter().map(|due| due.1).collect::<Vec<_>>(), [due.1, due.1]);
    })
    .await;
}

#[tokio::test]
async fn the_delivery_goes_back_alone_for_a_vendor_by_an_admin() {
    on_both_databases(defs, |app| async move {
        let placed = arrived(&app, "k1").await;
        let path = format!("/api/v1/admin/vendor-orders/{}/refunds", part(&placed, 0));
        let root = app.as_user(&admin());
        root.key("a1").post(&path, &body(&placed, &[], false)).await.expect(422);
        root.key("a2").post(&path, &json!({"lines": [], "shipping": true, "reason": " "})).await.expect(422);
        root.key("a3").post(&path, &body(&placed, &[], true)).await.expect(201);
        let kept = one(&app, &placed).await;
        assert_eq!((kept.asked_by, kept.refund, kept.lines.len()), (AskedBy::Admin, eur(490), 0));
        assert_eq!(dues(&app).await.iter().map(|due| due.1).collect::<Vec<_>>(), [490]);
        // Strangers, other vendors and buyers may not.
        let strangers = app.as_user(&vendor_staff(vendor("bob")));
        let of_ada = format!("/api/v1/vendors/{}/orders/{}/refunds", vendor("ada"), part(&placed, 0));
        strangers.clone().key("s1").post(&of_ada, &body(&placed, &[("mug", 1)], false)).await.expect(404);
        let own = format!("/api/v1/vendors/{}/orders/{}/refunds", vendor("bob"), part(&placed, 0));
        strangers.key("s2").post(&own, &body(&placed, &[("mug", 1)], false)).await.expect(404);
        buyer(&app, &placed).key("s3").post(&path, &body(&placed, &[("mug", 1)], false)).await.expect(401);
        assert_eq!(dues(&app).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_got_lost_is_paid_back_and_what_is_still_here_is_not() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = paid(&app, &app.guest(), "k1").await;
        let one_mug = body(&placed, &[("mug", 1)], false);
        // It is still to be packed: it can be taken out of the order instead.
        pay_back(&app, &placed, "p1", &one_mug).await.expect(422);
        app.deliver("orders", &shipped(&app, &placed, 0)).await;
        let unknown = body(&placed, &[("lamp", 1)], false);
        pay_back(&app, &placed, "p2", &unknown).await.expect(422);
        pay_back(&app, &placed, "p3", &body(&placed, &[("mug", 3)], false)).await.expect(422);
        // On its way, and never seen again.
        pay_back(&app, &placed, "p4", &body(&placed, &[("mug", 2), ("bowl", 1)], true)).await.expect(201);
        assert_eq!(one(&app, &placed).await.refund, placed.order.vendor_orders[0].total);
        pay_back(&app, &placed, "p5", &one_mug).await.expect(422);
        assert_eq!(dues(&app).await.len(), 1);
    })
    .await;
}
