//! Parcels of a part, through the router on both databases: shown to buyer and vendor, returned as they arrive.

use contracts::{
    orders::{OrderReturns, OrderStatus, PlacedOrder, VendorOrderDetail, VendorOrderStatus},
    shipping::{ShipmentDelivered, ShipmentShipped, ShippedLine},
};
use kernel::{Page, ShipmentId};
use serde_json::json;
use testkit::{TestApp, on_both_databases, pdf, vendor_staff};

use super::{Others, defs, lifecycle, paid, vendor, view};

/// The parcel of this number of ada's part, with so many pieces of its lines: two mugs and a bowl in all.
fn parcel(app: &TestApp, placed: &PlacedOrder, number: i64, pieces: [i64; 2]) -> ShipmentShipped {
    let lines = placed.order.vendor_orders[0].lines.iter().zip(pieces).filter(|(_, quantity)| *quantity > 0);
    let lines = lines.map(|(line, quantity)| ShippedLine { line_id: line.id, variant_id: line.variant_id, quantity });
    let mut event = ShipmentShipped { parcel: number, lines: lines.collect(), ..lifecycle::shipped(app, placed, 0) };
    event.shipment_id = ShipmentId::derived("test", &[&number.to_string()]);
    event.tracking.number = format!("N{number}");
    event
}

fn arrived(of: &ShipmentShipped, complete: bool) -> ShipmentDelivered {
    let ShipmentShipped { shipment_id, order_id, vendor_order_id, vendor_id, at, .. } = *of;
    ShipmentDelivered { shipment_id, order_id, vendor_order_id, vendor_id, complete, at }
}

#[tokio::test]
async fn parcels_are_shown_and_returned_as_they_arrive() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = paid(&app, &app.guest(), "k").await;
        let part = &placed.order.vendor_orders[0];
        let (mug, bowl) = (part.lines[0].id, part.lines[1].id);
        let (first, second) = (parcel(&app, &placed, 1, [1, 0]), parcel(&app, &placed, 2, [1, 1]));
        app.deliver("orders", &first).await;
        let now = view(&app, &placed).await;
        assert_eq!(now.vendor_orders[0].status, VendorOrderStatus::PartiallyShipped);
        let seen = &now.vendor_orders[0].parcels[0];
        assert_eq!((seen.parcel, seen.tracking.number.as_str(), seen.lines.len()), (1, "N1", 1));
        assert_eq!((seen.lines[0].line_id, seen.lines[0].quantity, seen.delivered_at), (mug, 1, None));
        assert!(!now.can_cancel);

        // The vendor finds it under its state, and its next parcel has what is left.
        let staff = app.as_user(&vendor_staff(vendor("ada")));
        let list = format!("/api/v1/vendors/{}/orders", vendor("ada"));
        for (status, count) in [("partially_shipped", 1), ("to_ship", 1), ("shipped", 0)] {
            let page: Page<VendorOrderDetail> = staff.get(&format!("{list}?status={status}")).await.expect(200).json();
            assert_eq!(page.items.len(), count, "{status}");
            assert!(page.items.iter().all(|found| found.order.parcels.len() == 1));
        }
        let slip = format!("{list}/{}/packing-slip.pdf", part.id);
        let text = pdf::text(&staff.get(&slip).await.expect(200).body);
        assert!(text.contains("mug\n1\n") && text.contains("bowl\n1\n"), "{text}");
        let text = pdf::text(&staff.get(&format!("{slip}?parcel=1")).await.expect(200).body);
        assert!(text.contains("mug\n1\n") && !text.contains("bowl") && text.contains("DHL: N1"), "{text}");
        staff.get(&format!("{slip}?parcel=2")).await.expect_problem(404, "not_found");

        // What has arrived can be returned, and nothing else.
        let buyer = app.guest().header("order-token", placed.token.expose());
        let returns = format!("/api/v1/orders/{}/returns", placed.order.id);
        let ask = |line, quantity| json!({"lines": [{"line_id": line, "quantity": quantity}], "reason": "damaged"});
        buyer.key("early").post(&returns, &ask(mug, 1)).await.expect_problem(409, "not_delivered");
        app.deliver("orders", &arrived(&first, false)).await;
        let open: OrderReturns = buyer.get(&returns).await.expect(200).json();
        let left: Vec<_> = open.returnable[0].lines.iter().map(|line| (line.line_id, line.quantity)).collect();
        assert_eq!((open.returnable.len(), left), (1, vec![(mug, 1)]));
        buyer.key("more").post(&returns, &ask(mug, 2)).await.expect_invalid(&format!("lines.{mug}"));
        buyer.key("other").post(&returns, &ask(bowl, 1)).await.expect_problem(409, "not_delivered");
        buyer.key("one").post(&returns, &ask(mug, 1)).await.expect(201);
        buyer.key("again").post(&returns, &ask(mug, 1)).await.expect_invalid(&format!("lines.{mug}"));

        app.deliver("orders", &second).await;
        assert_eq!(view(&app, &placed).await.vendor_orders[0].status, VendorOrderStatus::Shipped);
        app.deliver("orders", &arrived(&second, true)).await;
        app.deliver("orders", &lifecycle::delivered(&app, &placed, 1)).await;
        let done = view(&app, &placed).await;
        assert_eq!((done.status, done.vendor_orders[0].parcels.len()), (OrderStatus::Completed, 2));
        buyer.key("rest").post(&returns, &ask(mug, 1)).await.expect(201);
        let lines = "SELECT count(*) FROM order_lines WHERE shipped = quantity AND delivered = quantity";
        assert_eq!(app.count("orders", lines).await, 3);
    })
    .await;
}

#[tokio::test]
async fn parcels_are_heard_of_in_any_order_and_once() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = paid(&app, &app.guest(), "k").await;
        let (first, second) = (parcel(&app, &placed, 1, [1, 0]), parcel(&app, &placed, 2, [1, 1]));
        app.deliver("orders", &second).await;
        app.deliver("orders", &arrived(&second, false)).await;
        assert_eq!(view(&app, &placed).await.vendor_orders[0].status, VendorOrderStatus::PartiallyShipped);
        app.deliver("orders", &first).await;
        app.deliver("orders", &first).await;
        let now = view(&app, &placed).await;
        assert_eq!(now.vendor_orders[0].status, VendorOrderStatus::Shipped);
        assert_eq!(now.vendor_orders[0].parcels.iter().map(|parcel| parcel.parcel).collect::<Vec<_>>(), [1, 2]);
        app.deliver("orders", &arrived(&first, true)).await;
        assert_eq!(view(&app, &placed).await.vendor_orders[0].status, VendorOrderStatus::Delivered);
    })
    .await;
}
