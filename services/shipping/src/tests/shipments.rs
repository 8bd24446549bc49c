use std::time::Duration;

use contracts::{
    inventory::{StockArrived, StockClaimed},
    orders::{OrderPaid, OrderPromised},
    shipping::{ShipmentCreated, ShipmentDelivered, ShipmentShipped},
};
use events::Received;
use futures::future::join_all;
use kernel::Page;
use serde_json::{Value, json};
use testkit::{admin, customer, on_both_databases};

use super::*;

fn dhl(number: &str) -> Value {
    json!({"carrier": "DHL", "tracking_number": number})
}

#[tokio::test]
async fn a_paid_order_makes_one_parcel_per_vendor() {
    on_both_databases(defs, |app| async move {
        let event = app.envelope(&paid("1", &["ada", "ben"]));
        assert_eq!(app.hand_over("shipping", &event).await, Received::Handled);
        assert_eq!(app.hand_over("shipping", &event).await, Received::Duplicate);
        let created = app.published::<ShipmentCreated>("shipping").await;
        assert_eq!(created.len(), 2);
        let mine = shipment(&app, "1", "ada").await;
        assert_eq!((mine.order_id, mine.vendor_order_id), (order("1"), part("1", "ada")));
        assert_eq!((mine.number.as_str(), mine.method.as_str()), ("S-2601-1-A", "Standard parcel"));
        assert_eq!((mine.status, mine.tracking.clone(), mine.version), (ShipmentStatus::Preparing, None, 1));
        assert_eq!(mine.timeline.len(), 1);
        assert!(created.iter().any(|e| e.shipment_id == mine.id
            && e.vendor_id == vendor("ada")
            && e.vendor_order_id == mine.vendor_order_id));
    })
    .await;
}

#[tokio::test]
async fn what_the_courier_collects_is_packed_once_and_before_it_is_paid() {
    on_both_databases(defs, |app| async move {
        let later = paid("1", &["ada", "ben"]);
        let promised =
            OrderPromised { order_id: later.order_id, order: later.order.clone(), promised_at: later.paid_at };
        app.deliver("shipping", &promised).await;
        app.deliver("shipping", &claimed("1")).await;
        let ship = format!("{}/ship", path("1", "ada"));
        staff(&app, "ada").post(&ship, &dhl("JD01")).await.expect(200);
        app.deliver("shipping", &OrderPaid { was_promised: true, ..later }).await;
        assert_eq!(app.published::<ShipmentCreated>("shipping").await.len(), 2);
        assert_eq!(app.published::<ShipmentShipped>("shipping").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_parcel_is_handed_over_and_arrives() {
    on_both_databases(defs, |app| async move {
        to_pack(&app, "1", &["ada", "ben"]).await;
        let ada = staff(&app, "ada");
        let (ship, deliver) = (format!("{}/ship", path("1", "ada")), format!("{}/deliver", path("1", "ada")));
        ada.post(&deliver, &()).await.expect_problem(409, "not_shipped");

        app.clock.advance(Duration::from_secs(3600));
        let answer = ada.post(&ship, &json!({"carrier": " DHL ", "tracking_number": "JD01"})).await.expect(200);
        assert_eq!(answer.header("etag"), Some("\"2\""));
        let shipped: ShipmentView = answer.json();
        let tracking = shipped.tracking.clone().unwrap();
        assert_eq!((tracking.carrier.as_str(), tracking.number.as_str()), ("DHL", "JD01"));
        assert_eq!(shipped.status, ShipmentStatus::Shipped);
        assert_eq!(shipped.timeline.iter().map(|e| e.kind.as_str()).collect::<Vec<_>>(), ["preparing", "shipped"]);
        assert_eq!(shipped.timeline[1].at.to_string(), "2026-01-15T13:00:00Z");

        // Again, and an hour later: the same answer, nothing is told twice.
        app.clock.advance(Duration::from_secs(3600));
        assert_eq!(ada.post(&ship, &dhl("JD01")).await.expect(200).json::<ShipmentView>(), shipped);
        ada.post(&ship, &dhl("JD02")).await.expect_problem(409, "already_shipped");
        ada.post(&ship, &json!({"carrier": "UPS", "tracking_number": "JD01"}))
            .await
            .expect_problem(409, "already_shipped");
        let delivered: ShipmentView = ada.post(&deliver, &()).await.expect(200).json();
        assert_eq!((delivered.status, delivered.version), (ShipmentStatus::Delivered, 3));
        assert_eq!(ada.post(&deliver, &()).await.expect(200).json::<ShipmentView>(), delivered);
        assert_eq!(ada.post(&ship, &dhl("JD01")).await.expect(200).json::<ShipmentView>(), delivered);
        assert_eq!(shipment(&app, "1", "ada").await, delivered);
        assert_eq!(shipment(&app, "1", "ben").await.status, ShipmentStatus::Preparing);

        let told = app.published::<ShipmentShipped>("shipping").await;
        assert_eq!((told.len(), told[0].tracking.clone(), told[0].order_id), (1, tracking, order("1")));
        assert_eq!(told[0].at.to_string(), "2026-01-15T13:00:00Z");
        let told = app.published::<ShipmentDelivered>("shipping").await;
        assert_eq!((told.len(), told[0].at.to_string()), (1, "2026-01-15T14:00:00Z".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_parcel_waits_for_its_stock() {
    on_both_databases(defs, |app| async move {
        let ada = staff(&app, "ada");
        app.deliver("shipping", &paid("1", &["ada"])).await;
        let ship = format!("{}/ship", path("1", "ada"));
        ada.post(&ship, &dhl("JD01")).await.expect_problem(409, "stock_not_confirmed");
        assert_eq!(shipment(&app, "1", "ada").await.status, ShipmentStatus::Preparing);
        assert!(app.published::<ShipmentShipped>("shipping").await.is_empty());
        app.deliver("shipping", &claimed("1")).await;
        ada.post(&ship, &dhl("JD01")).await.expect(200);

        // The stock may be heard of before the payment.
        app.deliver("shipping", &claimed("2")).await;
        app.deliver("shipping", &paid("2", &["ada"])).await;
        ada.post(&format!("{}/ship", path("2", "ada")), &dhl("JD02")).await.expect(200);
        assert_eq!(app.published::<ShipmentShipped>("shipping").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_part_waits_for_goods_that_are_still_to_come_and_the_others_do_not() {
    on_both_databases(defs, |app| async move {
        let (ada, ben) = (staff(&app, "ada"), staff(&app, "ben"));
        app.deliver("shipping", &paid("1", &["ada", "ben"])).await;
        app.deliver("shipping", &StockClaimed { order_id: order("1"), waiting: vec![vendor("ada")] }).await;
        let ship = format!("{}/ship", path("1", "ada"));
        ada.post(&ship, &dhl("JD01")).await.expect_problem(409, "stock_to_come");
        let waiting = shipment(&app, "1", "ada").await;
        assert_eq!((waiting.status, waiting.waits_for_goods), (ShipmentStatus::Preparing, true));
        assert!(!shipment(&app, "1", "ben").await.waits_for_goods);
        ben.post(&format!("{}/ship", path("1", "ben")), &dhl("JD02")).await.expect(200);
        app.deliver("shipping", &StockArrived { order_id: order("1"), vendor_id: vendor("ada") }).await;
        ada.post(&ship, &dhl("JD01")).await.expect(200);
        assert_eq!(app.published::<ShipmentShipped>("shipping").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_was_called_off_is_not_shipped() {
    on_both_databases(defs, |app| async move {
        to_pack(&app, "1", &["ada", "ben"]).await;
        staff(&app, "ben").post(&format!("{}/ship", path("1", "ben")), &dhl("JD01")).await.expect(200);
        app.deliver("shipping", &cancelled("1")).await;
        let called_off = shipment(&app, "1", "ada").await;
        assert_eq!((called_off.status, called_off.version), (ShipmentStatus::Cancelled, 2));
        assert_eq!(called_off.timeline[1].kind, "cancelled");
        assert_eq!(shipment(&app, "1", "ben").await.status, ShipmentStatus::Shipped, "it is on its way");
        let ada = staff(&app, "ada");
        ada.post(&format!("{}/ship", path("1", "ada")), &dhl("JD02")).await.expect_problem(409, "shipment_cancelled");
        ada.post(&format!("{}/deliver", path("1", "ada")), &()).await.expect_problem(409, "shipment_cancelled");
        assert_eq!(shipment(&app, "1", "ada").await, called_off);
        assert_eq!(app.published::<ShipmentShipped>("shipping").await.len(), 1);
        // An order that was never paid has no parcels.
        app.deliver("shipping", &cancelled("2")).await;
        ada.get(&path("2", "ada")).await.expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn bad_calls_are_refused_and_change_nothing() {
    on_both_databases(defs, |app| async move {
        to_pack(&app, "1", &["ada"]).await;
        let ada = staff(&app, "ada");
        let ship = format!("{}/ship", path("1", "ada"));
        for (field, body) in [
            ("carrier", json!({"carrier": "", "tracking_number": "1"})),
            ("carrier", json!({"carrier": "  ", "tracking_number": "1"})),
            ("carrier", json!({"carrier": "x".repeat(61), "tracking_number": "1"})),
            ("tracking_number", json!({"carrier": "DHL", "tracking_number": "\t"})),
            ("tracking_number", json!({"carrier": "DHL", "tracking_number": "1\u{7}2"})),
            ("tracking_number", json!({"carrier": "DHL", "tracking_number": "1".repeat(81)})),
        ] {
            ada.post(&ship, &body).await.expect_invalid(field);
        }
        ada.post(&ship, &json!({"carrier": "DHL"})).await.expect(422);
        ada.header("if-match", "\"7\"").post(&ship, &dhl("1")).await.expect_problem(412, "stale_version");
        assert_eq!(shipment(&app, "1", "ada").await.version, 1);
        assert!(app.published::<ShipmentShipped>("shipping").await.is_empty());
        ada.header("if-match", "\"1\"").post(&ship, &dhl("1")).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn parcels_are_their_vendors_own() {
    on_both_databases(defs, |app| async move {
        to_pack(&app, "1", &["ada", "ben"]).await;
        let ben = staff(&app, "ben");
        let mine = path("1", "ada");
        app.guest().get(&mine).await.expect_problem(401, "unauthenticated");
        app.as_user(&customer("eve")).get(&mine).await.expect_problem(404, "not_found");
        app.as_user(&admin()).post(&format!("{mine}/ship"), &dhl("1")).await.expect_problem(404, "not_found");
        ben.get(&mine).await.expect_problem(404, "not_found");
        let under_ben = |id: VendorOrderId| format!("/api/v1/vendors/{}/orders/{id}/shipment", vendor("ben"));
        let (theirs, nothing) = (under_ben(part("1", "ada")), under_ben(part("9", "ada")));
        for (foreign, missing) in [
            (ben.get(&theirs).await, ben.get(&nothing).await),
            (
                ben.post(&format!("{theirs}/ship"), &dhl("1")).await,
                ben.post(&format!("{nothing}/ship"), &dhl("1")).await,
            ),
            (ben.post(&format!("{theirs}/deliver"), &()).await, ben.post(&format!("{nothing}/deliver"), &()).await),
        ] {
            assert_eq!((foreign.status.as_u16(), foreign.text()), (404, missing.text()));
        }
        assert_eq!(shipment(&app, "1", "ada").await.status, ShipmentStatus::Preparing);
    })
    .await;
}

#[tokio::test]
async fn parcels_are_listed_newest_first() {
    on_both_databases(defs, |app| async move {
        for i in 0..5 {
            app.clock.advance(Duration::from_secs(u64::from(i % 2 == 0)));
            to_pack(&app, &i.to_string(), &["ada", "ben"]).await;
        }
        let ada = staff(&app, "ada");
        let list = format!("/api/v1/vendors/{}/shipments", vendor("ada"));
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page: Page<ShipmentView> = ada.get(&format!("{list}?limit=2{after}")).await.expect(200).json();
            seen.extend(page.items);
            match page.next {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 5, "ada's only, each once");
        assert!(seen.windows(2).all(|two| (two[0].timeline[0].at, two[0].id) > (two[1].timeline[0].at, two[1].id)));
        ada.get(&format!("{list}?limit=0")).await.expect_invalid("limit");
        ada.get(&format!("{list}?after=x")).await.expect_invalid("after");
    })
    .await;
}

#[tokio::test]
async fn of_many_calls_at_once_one_counts() {
    on_both_databases(defs, |app| async move {
        to_pack(&app, "1", &["ada"]).await;
        let ada = staff(&app, "ada");
        let ship = format!("{}/ship", path("1", "ada"));
        let answers = join_all((0..40).map(|i| {
            let (ada, ship, body) = (ada.clone(), ship.clone(), dhl(&format!("JD{}", i % 2)));
            async move { ada.post(&ship, &body).await }
        }))
        .await;
        let done: Vec<_> = answers.iter().filter(|a| a.status.as_u16() == 200).collect();
        assert_eq!(done.len(), 20, "those with the number that won");
        assert!(done.iter().all(|a| a.body == done[0].body));
        let refused = answers.iter().filter(|a| a.status.as_u16() != 200);
        refused.for_each(|a| drop(a.clone().expect_problem(409, "already_shipped")));
        assert_eq!(app.published::<ShipmentShipped>("shipping").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn shipping_and_calling_off_at_once_end_in_one_of_the_two() {
    on_both_databases(defs, |app| async move {
        for i in 0..10 {
            let name = i.to_string();
            to_pack(&app, &name, &["ada"]).await;
            let (ada, ship, body) = (staff(&app, "ada"), format!("{}/ship", path(&name, "ada")), dhl("JD"));
            let event = app.envelope(&cancelled(&name));
            let (answer, _) = futures::join!(ada.post(&ship, &body), app.hand_over("shipping", &event));
            let after = shipment(&app, &name, "ada").await;
            let told = app
                .published::<ShipmentShipped>("shipping")
                .await
                .iter()
                .filter(|e| e.order_id == order(&name))
                .count();
            match answer.status.as_u16() {
                200 => assert_eq!((after.status, told), (ShipmentStatus::Shipped, 1)),
                _ => {
                    answer.expect_problem(409, "shipment_cancelled");
                    assert_eq!((after.status, told), (ShipmentStatus::Cancelled, 0));
                }
            }
        }
    })
    .await;
}
