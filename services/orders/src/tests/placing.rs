//! Placing an order.

use contracts::orders::{OrderPlaced, OrderStatus, PlacedOrder};
use kernel::Clock;
use serde_json::{Value, json};
use testkit::{customer, on_both_databases};

use super::{Others, body, defs, eur, place, quote, rows, two_vendors, vendor, view};

#[tokio::test]
async fn an_order_is_placed_as_agreed() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        let answer = app.guest().key("one").post("/api/v1/orders", &body(&two_vendors())).await.expect(202);
        let placed: PlacedOrder = answer.json();
        let order = &placed.order;
        assert_eq!((order.status, order.number.as_str(), order.version), (OrderStatus::Placed, "S-2601-000001", 1));
        assert_eq!((order.account_id, order.email.as_str()), (None, "eve@example.com"));
        assert_eq!((order.address.name.as_str(), order.note.as_deref()), ("Eve Buyer", Some("Ring twice.")));
        assert_eq!(order.quote, two_vendors());
        let parts: Vec<_> = order.vendor_orders.iter().map(|p| (p.number.as_str(), p.vendor_id, p.total)).collect();
        assert_eq!(
            parts,
            [("S-2601-000001-A", vendor("ada"), eur(3040)), ("S-2601-000001-B", vendor("bob"), eur(3000))]
        );
        assert!(order.can_cancel && order.next_action.is_none());
        assert_eq!(order.timeline.iter().map(|e| e.kind.as_str()).collect::<Vec<_>>(), ["placed"]);
        // What is read back is what was answered.
        assert_eq!(&view(&app, &placed).await, order);

        let events: Vec<OrderPlaced> = app.published("orders").await;
        assert_eq!(events.len(), 1);
        let told = &events[0].order;
        assert_eq!((events[0].order_id, told.total, told.tax), (order.id, eur(6040), order.quote.tax));
        assert_eq!(told.payment.token.as_deref(), Some("tok_visa"));
        assert_eq!(
            told.parts[0].lines.iter().map(|l| (l.quantity, l.total)).collect::<Vec<_>>(),
            [(2, eur(2000)), (1, eur(550))]
        );
        let text = serde_json::to_string(&events[0]).unwrap();
        for personal in ["Eve", "eve@", "High Street", "Ring twice"] {
            assert!(!text.contains(personal), "{personal} in an event");
        }
        assert_eq!(app.count("orders", "SELECT count(*) FROM order_documents WHERE quote LIKE '%tok_visa%'").await, 0);
        // Nothing that is stored opens the order.
        let token = placed.token.expose();
        assert_eq!(token.len(), 64);
        let stored = format!("SELECT count(*) FROM idempotency_keys WHERE body LIKE '%{token}%'");
        assert_eq!(app.count("orders", &stored).await, 0);
        let asked = others.asked.lock().unwrap();
        assert_eq!((asked.len(), asked[0].country.as_str(), asked[0].lines.len()), (1, "DE", 3));
    })
    .await;
}

#[tokio::test]
async fn the_same_key_is_the_same_order() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        let buyer = app.as_user(&customer("eve"));
        let first = buyer.key("k").post("/api/v1/orders", &body(&two_vendors())).await.expect(202);
        let before = rows(&app).await;
        let again = buyer.key("k").post("/api/v1/orders", &body(&two_vendors())).await.expect(202);
        assert_eq!(first.body, again.body);
        // Prices have changed meanwhile: what is ordered stays ordered.
        others.set(quote(&[("ada", &[("mug", 1, 999)], 0)]));
        let late = buyer.key("k").post("/api/v1/orders", &body(&two_vendors())).await.expect(202);
        assert_eq!(first.body, late.body);
        others.set(two_vendors());
        let mut other = body(&two_vendors());
        other["note"] = json!("Another note");
        buyer.key("k").post("/api/v1/orders", &other).await.expect_problem(422, "idempotency_key_reused");
        assert_eq!(rows(&app).await, before);
        // Somebody else's key of the same name is another key.
        app.as_user(&customer("mallory")).key("k").post("/api/v1/orders", &body(&two_vendors())).await.expect(202);
        assert_eq!(app.count("orders", "SELECT count(*) FROM orders").await, 2);
        buyer.post("/api/v1/orders", &body(&two_vendors())).await.expect_problem(400, "idempotency_key_missing");
    })
    .await;
}

#[tokio::test]
async fn fifty_placements_with_one_key_make_one_order() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let buyer = app.guest();
        let all = (0..50).map(|_| {
            let buyer = buyer.clone();
            tokio::spawn(
                async move { buyer.key("k").post("/api/v1/orders", &body(&two_vendors())).await.expect(202).body },
            )
        });
        let mut bodies = Vec::new();
        for one in all.collect::<Vec<_>>() {
            bodies.push(one.await.unwrap());
        }
        assert!(bodies.iter().all(|b| *b == bodies[0]));
        assert_eq!(app.count("orders", "SELECT count(*) FROM orders").await, 1);
        assert_eq!(app.published::<OrderPlaced>("orders").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn numbers_are_given_out_once_each_and_by_month() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let guest = app.guest();
        let all: Vec<_> = (0..20)
            .map(|n| {
                let guest = guest.clone();
                tokio::spawn(async move { place(&guest, &format!("k{n}")).await.order.number })
            })
            .collect();
        let mut numbers = Vec::new();
        for one in all {
            numbers.push(one.await.unwrap());
        }
        numbers.sort();
        let wanted: Vec<_> = (1..=20).map(|n| format!("S-2601-{n:06}")).collect();
        assert_eq!(numbers, wanted);
        app.clock.set("2026-02-01T00:00:00Z".parse().unwrap());
        assert_eq!(place(&app.guest(), "next").await.order.number, "S-2602-000001");
        assert_eq!(app.clock.now().date(), "2026-02-01");
    })
    .await;
}

#[tokio::test]
async fn another_quote_is_answered_with_the_new_one() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        let now = quote(&[("ada", &[("mug", 2, 1100), ("bowl", 1, 550)], 490), ("bob", &[("lamp", 1, 3000)], 0)]);
        others.set(now.clone());
        let before = rows(&app).await;
        let problem = app
            .guest()
            .key("k")
            .post("/api/v1/orders", &body(&two_vendors()))
            .await
            .expect_problem(409, "quote_changed");
        assert_eq!(problem["extra"]["quote"], serde_json::to_value(&now).unwrap());
        assert_eq!(rows(&app).await, before);
        // The key is still free: the buyer accepts the new one.
        app.guest().key("k").post("/api/v1/orders", &body(&now)).await.expect(202);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_ordered_is_refused_and_leaves_nothing() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        let before = rows(&app).await;
        let refused = async |change: fn(&mut Value), field: &str| {
            let mut input = body(&two_vendors());
            change(&mut input);
            app.guest().key("k").post("/api/v1/orders", &input).await.expect_invalid(field);
        };
        refused(|b| b["quote_hash"] = json!("short"), "quote_hash").await;
        refused(|b| b["lines"] = json!([]), "lines").await;
        refused(|b| b["lines"][0]["quantity"] = json!(0), "lines[0].quantity").await;
        refused(|b| b["lines"][0]["variant_id"] = json!("nonsense"), "lines[0].variant_id").await;
        refused(|b| b["email"] = json!("nobody"), "email").await;
        refused(|b| b["address"]["city"] = json!(" \t "), "address.city").await;
        refused(|b| b["address"]["name"] = json!("a\r\nBcc: x"), "address.name").await;
        refused(|b| b["address"]["country"] = json!("Germany"), "address.country").await;
        refused(
            |b| b["billing_address"] = json!({"name": "", "line1": "x", "city": "y", "country": "DE"}),
            "billing_address.name",
        )
        .await;
        refused(|b| b["note"] = json!("\u{7}"), "note").await;
        refused(|b| b["payment"]["method"] = json!("barter"), "payment.method").await;
        refused(|b| b["payment"]["method"] = json!("none"), "payment.method").await;
        refused(|b| b["payment"]["return_path"] = json!("//evil.example"), "payment.return_path").await;
        refused(|b| b["currency"] = json!("XXX"), "currency").await;
        refused(|b| b["total"] = json!(1), "total").await;

        let mut no_shipping = two_vendors();
        no_shipping.vendors[1].method = None;
        others.set(no_shipping);
        refused(|_| (), "shipping").await;
        // A quote that does not add up is our mistake; it fails closed.
        let mut broken = two_vendors();
        broken.vendors[0].total.amount_minor += 1;
        others.set(broken);
        app.guest().key("k").post("/api/v1/orders", &body(&two_vendors())).await.expect_problem(500, "internal");
        assert_eq!(rows(&app).await, before);
    })
    .await;
}

#[tokio::test]
async fn ways_to_pay_are_asked_for_now_and_then() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        for n in 0..5 {
            place(&app.guest(), &format!("k{n}")).await;
        }
        assert_eq!(others.methods_asked.load(std::sync::atomic::Ordering::SeqCst), 1);
    })
    .await;
}

#[tokio::test]
async fn a_way_to_pay_that_one_of_two_vendors_does_not_have_is_refused() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        let mut quote = two_vendors();
        quote.vendors[1].refused_methods = vec!["card".to_owned()];
        others.set(quote.clone());
        let problem = app.guest().key("k").post("/api/v1/orders", &body(&quote)).await.expect_invalid("payment.method");
        assert!(problem.to_string().contains("What Shop bob sells is not paid this way."), "{problem}");
        assert_eq!(app.count("orders", "SELECT count(*) FROM orders").await, 0);
        assert!(others.held.lock().unwrap().is_empty());
        // How it is to be paid is part of what it costs.
        assert_eq!(others.asked.lock().unwrap()[0].payment_method.as_deref(), Some("card"));
        // What the other one does not have is nobody's matter here.
        quote.vendors[1].refused_methods = vec!["cash_on_delivery".to_owned()];
        others.set(quote.clone());
        app.guest().key("k2").post("/api/v1/orders", &body(&quote)).await.expect(202);
    })
    .await;
}
