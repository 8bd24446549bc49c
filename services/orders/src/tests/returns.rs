//! Returns through the router: asked for across vendors, answered, received, paid back, on both databases.

use std::{sync::Arc, time::Duration};

use contracts::{
    inventory::{ExchangeHeld, ExchangeShort},
    orders::{
        AskedReturn, ExchangeState, OrderReturns, OrderView, PlacedOrder, Remedy, Restock, ReturnDecided, ReturnEnded,
        ReturnExchangeWanted, ReturnExchanged, ReturnPolicy, ReturnReceived, ReturnRefundDue, ReturnRequested,
        ReturnSent, ReturnStatus, ReturnSummary, ReturnView, VendorReturnPolicy,
    },
    payments::{PaymentRefundFailed, PaymentRefunded},
    promotions::Customer,
};
use kernel::{Clock, LineId, Page, RefundId};
use serde_json::{Value, json};
use testkit::{Answer, As, TestApp, admin, customer, on_both_databases, vendor_owner, vendor_staff};

use super::{Others, defs, eur, lifecycle::delivered, paid, payment, quote, variant, vendor, view};

/// An order of two vendors that has arrived whole: mugs (2) and a bowl of ada, a lamp of bob.
pub(super) async fn arrived(app: &TestApp, key: &str) -> PlacedOrder {
    arrived_among(app, key).await.0
}

pub(super) async fn arrived_among(app: &TestApp, key: &str) -> (PlacedOrder, Arc<Others>) {
    let others = Others::on(app);
    let placed = paid(app, &app.guest(), key).await;
    for part in [0, 1] {
        app.deliver("orders", &delivered(app, &placed, part)).await;
    }
    (placed, others)
}

pub(super) fn line(placed: &PlacedOrder, title: &str) -> LineId {
    placed.order.vendor_orders.iter().flat_map(|part| &part.lines).find(|line| line.title == title).unwrap().id
}

pub(super) fn buyer(app: &TestApp, placed: &PlacedOrder) -> As {
    app.guest().header("order-token", placed.token.expose())
}

pub(super) fn wish(placed: &PlacedOrder, lines: &[(&str, i64)]) -> Value {
    let lines: Vec<Value> =
        lines.iter().map(|(title, n)| json!({"line_id": line(placed, title), "quantity": n})).collect();
    json!({"lines": lines, "reason": "damaged", "text": " Cracked. "})
}

pub(super) async fn ask(app: &TestApp, placed: &PlacedOrder, key: &str, body: &Value) -> Answer {
    buyer(app, placed).key(key).post(&format!("/api/v1/orders/{}/returns", placed.order.id), body).await
}

pub(super) async fn returns(app: &TestApp, placed: &PlacedOrder) -> OrderReturns {
    buyer(app, placed).get(&format!("/api/v1/orders/{}/returns", placed.order.id)).await.expect(200).json()
}

pub(super) async fn asked(app: &TestApp, placed: &PlacedOrder, key: &str, lines: &[(&str, i64)]) -> Vec<AskedReturn> {
    ask(app, placed, key, &wish(placed, lines)).await.expect(201).json()
}

pub(super) async fn act(app: &TestApp, of: &AskedReturn, verb: &str, body: &Value) -> Answer {
    let staff = app.as_user(&vendor_staff(of.vendor_id));
    staff.post(&format!("/api/v1/vendors/{}/returns/{}/{verb}", of.vendor_id, of.id), body).await
}

fn pieces(placed: &PlacedOrder, lines: &[(&str, i64)]) -> Value {
    lines.iter().map(|(title, n)| json!({"line_id": line(placed, title), "quantity": n})).collect()
}

pub(super) async fn approve(app: &TestApp, placed: &PlacedOrder, of: &AskedReturn, lines: &[(&str, i64)]) {
    let body = json!({"lines": pieces(placed, lines), "instructions": "Label 7", "reason": "The rest is worn"});
    act(app, of, "approve", &body).await.expect(200);
}

pub(super) fn arrival(placed: &PlacedOrder, lines: &[(&str, i64, i64)]) -> Value {
    let line =
        |(title, n, back): &(&str, i64, i64)| json!({"line_id": line(placed, title), "received": n, "restocked": back});
    json!({"lines": lines.iter().map(line).collect::<Vec<_>>(), "condition": "Like new"})
}

fn refunded(app: &TestApp, placed: &PlacedOrder, due: &ReturnRefundDue, total: i64) -> PaymentRefunded {
    PaymentRefunded {
        payment_id: payment(placed.order.id),
        order_id: placed.order.id,
        refund_id: due.refund_id,
        amount: due.amount,
        refunded_total: eur(total),
        by_vendor: vec![(due.vendor_id, due.amount)],
        at: app.clock.now(),
    }
}

/// The order's timeline and version belong together, whatever happened to its returns.
async fn gapless(app: &TestApp) {
    let sql = "SELECT count(*) FROM orders o
         WHERE o.version <> (SELECT count(DISTINCT t.version) FROM order_timeline t WHERE t.order_id = o.id)
            OR o.version <> (SELECT max(t.version) FROM order_timeline t WHERE t.order_id = o.id)";
    assert_eq!(app.count("orders", sql).await, 0);
}

#[tokio::test]
async fn one_form_becomes_a_return_per_vendor() {
    on_both_databases(defs, |app| async move {
        let placed = arrived(&app, "k").await;
        let before = returns(&app, &placed).await;
        assert_eq!(before.returnable.iter().map(|part| part.lines.len()).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(before.returnable[0].until, app.clock.now().plus(Duration::from_secs(30 * 86_400)));

        let body = wish(&placed, &[("mug", 1), ("lamp", 1)]);
        let answer = ask(&app, &placed, "form", &body).await.expect(201);
        let asked: Vec<AskedReturn> = answer.json();
        let numbers: Vec<_> = asked.iter().map(|of| of.number.trim_start_matches(&placed.order.number)).collect();
        assert_eq!(
            (numbers, asked[0].vendor_id, asked[1].vendor_id),
            (vec!["-A-R1", "-B-R1"], vendor("ada"), vendor("bob"))
        );
        // The same key is the same form, the same answer.
        assert_eq!(ask(&app, &placed, "form", &body).await.expect(201).body, answer.body);
        assert_eq!(app.published::<ReturnRequested>("orders").await.len(), 2);

        let now = returns(&app, &placed).await;
        assert_eq!((now.returnable.len(), now.returnable[0].lines[0].quantity, now.returns.len()), (1, 1, 2));
        let ada = now.returns.iter().find(|of| of.vendor_id == vendor("ada")).unwrap();
        assert_eq!((ada.status, ada.text.as_deref(), ada.lines.len()), (ReturnStatus::Requested, Some("Cracked."), 1));
        assert_eq!((ada.lines[0].title.as_str(), ada.lines[0].quantity, ada.lines[0].approved), ("mug", 1, None));

        // Each vendor sees its own and nobody else's.
        let staff = app.as_user(&vendor_staff(vendor("ada")));
        let path = format!("/api/v1/vendors/{}/returns", vendor("ada"));
        let list: Page<ReturnSummary> = staff.get(&path).await.expect(200).json();
        assert_eq!(list.items.iter().map(|of| of.id).collect::<Vec<_>>(), [asked[0].id]);
        let none: Page<ReturnSummary> = staff.get(&format!("{path}?status=sent")).await.expect(200).json();
        assert!(none.items.is_empty());
        staff.get(&format!("{path}/{}", asked[1].id)).await.expect_problem(404, "not_found");
        let foreign = json!({"lines": pieces(&placed, &[("lamp", 1)])});
        staff.post(&format!("{path}/{}/approve", asked[1].id), &foreign).await.expect_problem(404, "not_found");
        let all: Page<ReturnSummary> = app.as_user(&admin()).get("/api/v1/admin/returns").await.expect(200).json();
        assert_eq!(all.items.len(), 2);
        // Nor does anybody without the order's token see or ask anything.
        let mallory = app.as_user(&customer("mallory"));
        let path = format!("/api/v1/orders/{}/returns", placed.order.id);
        mallory.get(&path).await.expect_problem(404, "not_found");
        mallory.key("m").post(&path, &body).await.expect_problem(404, "not_found");
        let cancel = format!("{path}/{}/cancel", asked[0].id);
        mallory.post(&cancel, &json!(null)).await.expect_problem(404, "not_found");
        gapless(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_returned_is_refused_and_nothing_is_kept() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = paid(&app, &app.guest(), "k").await;
        ask(&app, &placed, "early", &wish(&placed, &[("mug", 1)])).await.expect_problem(409, "not_delivered");
        for part in [0, 1] {
            app.deliver("orders", &delivered(&app, &placed, part)).await;
        }
        let mug = format!("lines.{}", line(&placed, "mug"));
        ask(&app, &placed, "a", &wish(&placed, &[("mug", 3)])).await.expect_invalid(&mug);
        // All of the form or none of it.
        ask(&app, &placed, "b", &wish(&placed, &[("lamp", 1), ("mug", 3)])).await.expect_invalid(&mug);
        ask(&app, &placed, "c", &wish(&placed, &[("mug", 1), ("mug", 1)])).await.expect_invalid("lines");
        let stranger =
            json!({"lines": [{"line_id": LineId::derived("test", &["x"]), "quantity": 1}], "reason": "damaged"});
        ask(&app, &placed, "d", &stranger).await.expect_invalid("lines");
        let mut other = wish(&placed, &[("mug", 1)]);
        (other["reason"], other["text"]) = (json!("other"), json!(" "));
        ask(&app, &placed, "e", &other).await.expect_invalid("text");
        app.clock.advance(Duration::from_secs(30 * 86_400));
        asked(&app, &placed, "just", &[("mug", 1)]).await;
        app.clock.advance(Duration::from_secs(1));
        ask(&app, &placed, "late", &wish(&placed, &[("mug", 1)])).await.expect_problem(409, "return_too_late");
        assert!(returns(&app, &placed).await.returnable.is_empty());
        assert_eq!(app.count("orders", "SELECT count(*) FROM returns").await, 1);
        assert_eq!(app.count("orders", "SELECT CAST(sum(returned) AS BIGINT) FROM order_lines").await, 1);
        assert_eq!(app.published::<ReturnRequested>("orders").await.len(), 1);
        gapless(&app).await;
    })
    .await;
}

/// The credit note has the pieces that came back.
async fn credited(app: &TestApp, placed: &PlacedOrder, of: &AskedReturn) {
    let number = view(app, placed).await.refunds[0].number.clone();
    let path = format!("/api/v1/orders/{}/credit-notes/{number}", placed.order.id);
    let note = testkit::pdf::text(&buyer(app, placed).get(&path).await.expect(200).body);
    for part in ["mug\n1\n10.00\u{a0}€", "bowl\n1\n5.50\u{a0}€", "Delivery\n4.90\u{a0}€", "Credited\n20.40\u{a0}€"]
    {
        assert!(note.contains(part), "{part} in {note}");
    }
    assert!(note.contains(&format!("return {}", of.number)) && !note.contains("lamp"), "{note}");
}

#[tokio::test]
async fn from_the_form_to_the_refund() {
    on_both_databases(defs, |app| async move {
        let placed = arrived(&app, "k").await;
        let of = asked(&app, &placed, "form", &[("mug", 2), ("bowl", 1)]).await.remove(0);
        let path = format!("/api/v1/orders/{}/returns/{}", placed.order.id, of.id);
        let carriage = json!({"carrier": "DHL", "tracking_number": "0034"});
        let guest = buyer(&app, &placed);
        guest.post(&format!("{path}/send"), &carriage).await.expect_problem(409, "return_not_approved");
        approve(&app, &placed, &of, &[("mug", 1), ("bowl", 1)]).await;
        let told: Vec<ReturnDecided> = app.published("orders").await;
        assert_eq!((told.len(), told[0].approved), (1, true));
        // The mug that is not taken back can be asked for again.
        assert_eq!(returns(&app, &placed).await.returnable[0].lines[0].quantity, 1);
        for _ in 0..2 {
            let sent: ReturnView = guest.post(&format!("{path}/send"), &carriage).await.expect(200).json();
            assert_eq!((sent.status, sent.tracking_number.as_deref()), (ReturnStatus::Sent, Some("0034")));
        }
        assert_eq!(app.published::<ReturnSent>("orders").await.len(), 1);
        guest.post(&format!("{path}/cancel"), &json!(null)).await.expect_problem(409, "return_already_sent");

        let mug = format!("lines.{}", line(&placed, "mug"));
        act(&app, &of, "receive", &arrival(&placed, &[("mug", 2, 0)])).await.expect_invalid(&mug);
        let mut arrival = arrival(&placed, &[("mug", 1, 1), ("bowl", 1, 0)]);
        arrival["refund_shipping"] = json!(true);
        for _ in 0..3 {
            let got: ReturnView = act(&app, &of, "receive", &arrival).await.expect(200).json();
            assert_eq!((got.status, got.refund, got.refund_shipping), (ReturnStatus::Received, eur(2040), eur(490)));
        }
        // Once is enough.
        let due: Vec<ReturnRefundDue> = app.published("orders").await;
        let back: Vec<ReturnReceived> = app.published("orders").await;
        assert_eq!((due.len(), due[0].amount, due[0].vendor_id), (1, eur(2040), vendor("ada")));
        assert_eq!(due[0].refund_id, RefundId::derived("refund.return", &[&of.id.to_string(), "1"]));
        assert_eq!((back.len(), &back[0].restock), (1, &vec![Restock { variant_id: variant("mug"), quantity: 1 }]));

        let money = app.envelope(&refunded(&app, &placed, &due[0], 2040));
        for _ in 0..2 {
            app.hand_over("orders", &money).await;
        }
        let now = returns(&app, &placed).await.returns.remove(0);
        assert_eq!(now.status, ReturnStatus::Refunded);
        let kinds: Vec<_> = now.timeline.iter().map(|entry| entry.kind.as_str()).collect();
        let way = ["return_requested", "return_approved", "return_sent", "return_received", "return_refunded"];
        assert_eq!(kinds, way);
        let order: OrderView = view(&app, &placed).await;
        assert_eq!(order.refunded, eur(2040));
        assert!(way.iter().all(|kind| order.timeline.iter().any(|entry| entry.kind == *kind)));
        let ended: Vec<ReturnEnded> = app.published("orders").await;
        assert_eq!((ended.len(), ended[0].status), (1, ReturnStatus::Refunded));

        // The second mug goes back without the shipping, which went back before.
        let next = asked(&app, &placed, "form 2", &[("mug", 1)]).await.remove(0);
        assert!(next.number.ends_with("-A-R2"), "{}", next.number);
        approve(&app, &placed, &next, &[("mug", 1)]).await;
        let mut arrival = arrival.clone();
        arrival["lines"] = json!([{"line_id": line(&placed, "mug"), "received": 1, "restocked": 0}]);
        let got: ReturnView = act(&app, &next, "receive", &arrival).await.expect(200).json();
        assert_eq!((got.refund, got.refund_shipping), (eur(1000), eur(0)));
        let taken = "SELECT CAST(sum(taken_back) AS BIGINT) FROM order_lines WHERE taken_back = returned";
        assert_eq!(app.count("orders", taken).await, 3);
        credited(&app, &placed, &of).await;
        gapless(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_cancelled_or_closed_can_be_asked_for_again() {
    on_both_databases(defs, |app| async move {
        let placed = arrived(&app, "k").await;
        let no = json!({"reason": "It was worn."});
        let refused = asked(&app, &placed, "1", &[("mug", 2)]).await.remove(0);
        act(&app, &refused, "close", &no).await.expect_problem(409, "return_not_answered");
        act(&app, &refused, "refuse", &json!({"reason": " "})).await.expect_invalid("reason");
        for _ in 0..2 {
            let view: ReturnView = act(&app, &refused, "refuse", &no).await.expect(200).json();
            assert_eq!((view.status, view.answer.as_deref()), (ReturnStatus::Refused, Some("It was worn.")));
        }
        let cancelled = asked(&app, &placed, "2", &[("mug", 2)]).await.remove(0);
        let path = format!("/api/v1/orders/{}/returns/{}/cancel", placed.order.id, cancelled.id);
        for _ in 0..2 {
            let view: ReturnView = buyer(&app, &placed).post(&path, &json!(null)).await.expect(200).json();
            assert_eq!(view.status, ReturnStatus::Cancelled);
        }
        let closed = asked(&app, &placed, "3", &[("mug", 2)]).await.remove(0);
        approve(&app, &placed, &closed, &[("mug", 2)]).await;
        act(&app, &closed, "close", &no).await.expect(200);
        act(&app, &closed, "receive", &arrival(&placed, &[("mug", 2, 2)])).await.expect_problem(409, "return_over");
        assert_eq!(returns(&app, &placed).await.returnable[0].lines[0].quantity, 2);
        assert_eq!(app.published::<ReturnRefundDue>("orders").await.len(), 0);
        assert_eq!(app.published::<ReturnReceived>("orders").await.len(), 0);
        let ended: Vec<ReturnEnded> = app.published("orders").await;
        assert_eq!(ended.iter().map(|e| e.status).collect::<Vec<_>>(), [ReturnStatus::Cancelled, ReturnStatus::Closed]);
        gapless(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_refund_that_did_not_arrive_is_sent_once_more() {
    on_both_databases(defs, |app| async move {
        let placed = arrived(&app, "k").await;
        let of = asked(&app, &placed, "1", &[("lamp", 1)]).await.remove(0);
        approve(&app, &placed, &of, &[("lamp", 1)]).await;
        act(&app, &of, "receive", &arrival(&placed, &[("lamp", 1, 0)])).await.expect(200);
        act(&app, &of, "close", &json!({"reason": "x"})).await.expect_problem(409, "refund_under_way");
        let first = app.published::<ReturnRefundDue>("orders").await.remove(0);
        let failed = PaymentRefundFailed {
            payment_id: payment(placed.order.id),
            order_id: placed.order.id,
            refund_id: first.refund_id,
            reason: "returned_by_bank".into(),
        };
        app.deliver("orders", &failed).await;
        let stuck = returns(&app, &placed).await.returns.remove(0);
        assert_eq!((stuck.status, stuck.refund_failure.as_deref()), (ReturnStatus::Received, Some("returned_by_bank")));
        for _ in 0..2 {
            act(&app, &of, "retry", &json!(null)).await.expect(200);
        }
        let due: Vec<ReturnRefundDue> = app.published("orders").await;
        assert_eq!((due.len(), due[1].amount), (2, eur(3000)));
        assert_ne!(due[0].refund_id, due[1].refund_id);
        // News of the first one comes too late to matter.
        app.deliver("orders", &failed).await;
        assert_eq!(returns(&app, &placed).await.returns[0].refund_failure, None);
        app.deliver("orders", &refunded(&app, &placed, &due[1], 3000)).await;
        assert_eq!(returns(&app, &placed).await.returns[0].status, ReturnStatus::Refunded);
        gapless(&app).await;
    })
    .await;
}

#[tokio::test]
async fn never_more_than_was_delivered_however_many_ask_at_once() {
    on_both_databases(defs, |app| async move {
        let placed = arrived(&app, "k").await;
        let body = wish(&placed, &[("mug", 1), ("lamp", 1)]);
        let mugs = wish(&placed, &[("mug", 1)]);
        let keys: Vec<String> = (0..24).map(|n| format!("form {n}")).collect();
        let tries =
            keys.iter().enumerate().map(|(n, key)| ask(&app, &placed, key, if n % 2 == 0 { &body } else { &mugs }));
        let answers = futures::future::join_all(tries).await;
        assert!(
            answers.iter().all(|answer| [201, 422].contains(&answer.status.as_u16())),
            "one was neither taken nor refused"
        );
        let taken: i64 = answers.iter().filter(|answer| answer.status == 201).count() as i64;
        let left = app
            .count("orders", "SELECT CAST(sum(quantity - returned) AS BIGINT) FROM order_lines WHERE title = 'mug'")
            .await;
        assert_eq!((taken, left), (2, 0));
        assert!(app.count("orders", "SELECT returned FROM order_lines WHERE title = 'lamp'").await <= 1);
        let wanted = app.count("orders", "SELECT CAST(sum(wanted) AS BIGINT) FROM return_lines").await;
        assert_eq!(wanted, app.count("orders", "SELECT CAST(sum(returned) AS BIGINT) FROM order_lines").await);

        // The same return received by many at once is received once.
        let asked = returns(&app, &placed).await.returns;
        let of = asked.into_iter().find(|of| of.vendor_id == vendor("ada")).expect("one with a mug");
        let of = AskedReturn { id: of.id, number: of.number, vendor_id: of.vendor_id };
        approve(&app, &placed, &of, &[("mug", 1)]).await;
        let arrival = arrival(&placed, &[("mug", 1, 1)]);
        let answers = futures::future::join_all((0..12).map(|_| act(&app, &of, "receive", &arrival))).await;
        assert!(answers.iter().all(|answer| answer.status == 200));
        assert_eq!(app.published::<ReturnRefundDue>("orders").await.len(), 1);
        assert_eq!(app.published::<ReturnReceived>("orders").await.len(), 1);
        gapless(&app).await;
    })
    .await;
}

#[tokio::test]
async fn the_time_to_return_is_the_markets_or_longer() {
    on_both_databases(defs, |app| async move {
        let placed = arrived(&app, "k").await;
        let root = app.as_user(&admin());
        let policy: ReturnPolicy = root.get("/api/v1/admin/return-policy").await.expect(200).json();
        assert_eq!(policy.days, 30);
        let ada = vendor("ada");
        let path = format!("/api/v1/vendors/{ada}/return-policy");
        let owner = app.as_user(&vendor_owner(ada));
        for (market, own, counts) in [(14, None, 14), (14, Some(60), 60), (14, Some(3), 14), (0, None, 0)] {
            root.put("/api/v1/admin/return-policy", &json!({"days": market})).await.expect(200);
            let set: VendorReturnPolicy = owner.put(&path, &json!({"days": own})).await.expect(200).json();
            assert_eq!((set.market_days, set.own_days, set.days), (market, own, counts));
            app.clock.advance(Duration::from_secs(1));
            let returnable = returns(&app, &placed).await.returnable;
            assert_eq!(returnable.iter().any(|part| part.vendor_id == ada), counts > 0);
        }
        root.put("/api/v1/admin/return-policy", &json!({"days": 366})).await.expect_invalid("days");
        app.as_user(&vendor_staff(ada)).put(&path, &json!({"days": 9})).await.expect_problem(404, "not_found");
        app.as_user(&customer("c")).get("/api/v1/admin/return-policy").await.expect_problem(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn another_variant_is_set_aside_and_sent_instead() {
    on_both_databases(defs, |app| async move {
        let (placed, others) = arrived_among(&app, "k").await;
        let mut offer = quote(&[("ada", &[("red mug", 1, 1000)], 490)]);
        offer.lines[0].product_id = placed.order.vendor_orders[0].lines[0].product_id;
        let mut body = wish(&placed, &[("mug", 1), ("bowl", 1)]);
        body["lines"][0]["exchange_for"] = json!(variant("red mug"));
        let mug = format!("exchange.{}", line(&placed, "mug"));
        // At another price, or of another product, it is refused.
        for (price, product) in [(999, offer.lines[0].product_id), (1000, kernel::ProductId::derived("test", &["x"]))] {
            let mut wrong = offer.clone();
            (wrong.lines[0].unit_price, wrong.lines[0].product_id) = (eur(price), product);
            others.set(wrong);
            ask(&app, &placed, "wrong", &body).await.expect_invalid(&mug);
        }
        assert_eq!(app.count("orders", "SELECT count(*) FROM returns").await, 0);
        others.set(offer);
        let asked: Vec<AskedReturn> = ask(&app, &placed, "form", &body).await.expect(201).json();
        // What two cost, and what they cost this customer, is what was paid: it is asked for as it was bought.
        let request = others.asked.lock().unwrap().last().cloned().unwrap();
        let who = Customer { account_id: None, email: Some(placed.order.email.clone()) };
        assert_eq!((request.lines[0].variant_id, request.lines[0].quantity), (variant("red mug"), 2));
        assert_eq!(request.customer, who);
        assert_eq!(asked.len(), 2, "one for the money, one for the exchange");
        let now = returns(&app, &placed).await.returns;
        let swap = now.iter().find(|of| of.remedy == Remedy::Exchange).unwrap();
        assert_eq!((swap.lines.len(), swap.lines[0].exchange_for.as_ref().unwrap().sku.as_str()), (1, "SKU-red mug"));
        let of = asked.into_iter().find(|of| of.id == swap.id).unwrap();

        approve(&app, &placed, &of, &[("mug", 1)]).await;
        let told: Vec<ReturnExchangeWanted> = app.published("orders").await;
        assert_eq!((told.len(), &told[0].wanted), (1, &vec![Restock { variant_id: variant("red mug"), quantity: 1 }]));
        act(&app, &of, "receive", &arrival(&placed, &[("mug", 1, 1)])).await.expect(200);
        let parcel = json!({"carrier": "Post", "tracking_number": "77"});
        act(&app, &of, "exchange", &parcel).await.expect_problem(409, "exchange_not_held");
        app.deliver("orders", &ExchangeHeld { return_id: of.id }).await;
        for _ in 0..2 {
            let sent: ReturnView = act(&app, &of, "exchange", &parcel).await.expect(200).json();
            assert_eq!((sent.status, sent.new_tracking_number.as_deref()), (ReturnStatus::Exchanged, Some("77")));
            assert_eq!(sent.refund, eur(0));
        }
        let left: Vec<ReturnExchanged> = app.published("orders").await;
        assert_eq!((left.len(), &left[0].sent), (1, &vec![Restock { variant_id: variant("red mug"), quantity: 1 }]));
        assert!(app.published::<ReturnRefundDue>("orders").await.is_empty());
        gapless(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_sold_out_is_paid_back_instead() {
    on_both_databases(defs, |app| async move {
        let (placed, others) = arrived_among(&app, "k").await;
        let mut offer = quote(&[("ada", &[("red mug", 1, 1000)], 490)]);
        offer.lines[0].product_id = placed.order.vendor_orders[0].lines[0].product_id;
        others.set(offer);
        let mut body = wish(&placed, &[("mug", 2)]);
        body["lines"][0]["exchange_for"] = json!(variant("red mug"));
        let of = ask(&app, &placed, "form", &body).await.expect(201).json::<Vec<AskedReturn>>().remove(0);
        approve(&app, &placed, &of, &[("mug", 2)]).await;
        app.deliver("orders", &ExchangeShort { return_id: of.id, shortages: vec![] }).await;
        let now = returns(&app, &placed).await.returns.remove(0);
        assert_eq!((now.remedy, now.exchange), (Remedy::Refund, Some(ExchangeState::Short)));
        act(&app, &of, "receive", &arrival(&placed, &[("mug", 2, 0)])).await.expect(200);
        let due: Vec<ReturnRefundDue> = app.published("orders").await;
        assert_eq!((due.len(), due[0].amount), (1, eur(2000)));
        gapless(&app).await;
    })
    .await;
}
