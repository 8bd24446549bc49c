//! Orders that cost nothing.

use std::sync::atomic::Ordering;

use contracts::orders::{OrderPlaced, OrderStatus, PlacedOrder};
use serde_json::json;
use testkit::on_both_databases;

use super::{Others, body, captured, defs, eur, quote, reserve, show, view};

#[tokio::test]
async fn what_costs_nothing_is_ordered_and_no_way_to_pay_is_needed() {
    on_both_databases(defs, |app| async move {
        let others = Others::on(&app);
        let free = quote(&[("ada", &[("mug", 2, 0)], 0), ("bob", &[("lamp", 1, 0)], 0)]);
        others.set(free.clone());
        let mut input = body(&free);
        input["payment"]["method"] = json!("none");
        let placed: PlacedOrder = app.guest().key("a").post("/api/v1/orders", &input).await.expect(202).json();
        assert_eq!((placed.order.quote.total, placed.order.payment_method.as_str()), (eur(0), "none"));
        assert_eq!((placed.order.covered, others.methods_asked.load(Ordering::SeqCst)), (None, 0));
        // Whoever says a way all the same, or a gift card, is not asked for anything: neither goes any further.
        input["payment"]["method"] = json!("card");
        input["credits"] = json!({"codes": ["ABCD-EFGH-JKLM-NPQR"]});
        let other: PlacedOrder = app.guest().key("b").post("/api/v1/orders", &input).await.expect(202).json();
        assert_eq!((other.order.payment_method.as_str(), other.order.covered), ("none", None));
        let told: Vec<OrderPlaced> = app.published("orders").await;
        let told: Vec<_> = told.iter().map(|event| &event.order).collect();
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|order| order.total == eur(0) && order.payment.method == "none"));
        assert!(told.iter().all(|order| order.payment.token.is_none()));

        reserve(&app, placed.order.id).await;
        app.deliver("orders", &captured(&app, placed.order.id, eur(0))).await;
        let order = view(&app, &placed).await;
        assert_eq!((order.status, order.refunded, order.next_action), (OrderStatus::Paid, eur(0), None));
        assert_eq!(show(&app.guest(), &other).await.expect(200).json::<contracts::orders::OrderView>().paid_at, None);
        let who = app.guest().header("order-token", placed.token.expose());
        let path = format!("/api/v1/orders/{}/receipt.pdf", placed.order.id);
        let paper = testkit::pdf::text(&who.get(&path).await.expect(200).body);
        assert!(paper.contains(&order.number) && !paper.contains("none"), "{paper}");
    })
    .await;
}
