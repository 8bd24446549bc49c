use contracts::{
    shared::TimelineEntry,
    shipping::{ShipmentDelivered, TrackingView},
};
use http::Method;
use kernel::{Clock, Timestamp};
use sandbox::carrier::{signature, timestamp};
use testkit::{Answer, admin};

use super::*;

fn told(timeline: &[TimelineEntry]) -> Vec<(&str, &str)> {
    timeline.iter().map(|entry| (entry.kind.as_str(), entry.text.as_str())).collect()
}

/// Ada's parcel is on its way with a label; its number.
async fn on_its_way(world: &World) -> String {
    let number = world.buy().await.tracking_number.unwrap();
    world.ship(&number).await.expect(200);
    world.settle().await;
    number
}

async fn arrivals(world: &World) -> usize {
    world.app.published::<ShipmentDelivered>("shipping").await.len()
}

async fn hook(world: &World, body: &[u8], secret: &str, sent: &str, signed_for: &str) -> Answer {
    let signed = signature(secret, sent, signed_for, body);
    let sender = world.app.guest().header("x-timestamp", sent).header("x-path", signed_for);
    let sender = sender.header("x-hmac-signature-v2", signed);
    sender.send(Method::POST, WEBHOOKS, Some("application/json"), body.to_vec().into()).await
}

fn event(id: &str, tracker: &str) -> Vec<u8> {
    let result = json!({"id": tracker, "object": "Tracker", "status": "delivered"});
    let event =
        json!({"id": id, "object": "Event", "mode": "test", "description": "tracker.updated", "result": result});
    event.to_string().into_bytes()
}

async fn noted(world: &World, state: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM carrier_inbox WHERE state = '{state}'");
    world.app.count("shipping", &sql).await
}

#[tokio::test]
async fn what_the_carrier_sees_is_shown_and_its_arrival_counts_once() {
    each(|world| async move {
        let number = on_its_way(&world).await;
        world.pass(60).await;
        assert!(world.fake.scan(&number, "in_transit", "Departed"));
        world.settle().await;
        let parcel = shipment(&world.app, "1", "ada").await;
        let way = [
            ("preparing", "The parcel is being packed."),
            ("shipped", "Handed to SandboxPost."),
            ("carrier_in_transit", "Departed (Leipzig, DE)"),
        ];
        assert_eq!((parcel.status, told(&parcel.timeline)), (ShipmentStatus::Shipped, way.to_vec()));
        world.pass(60).await;
        world.fake.scan(&number, "delivered", "Delivered, front door");
        world.settle().await;
        let parcel = shipment(&world.app, "1", "ada").await;
        let way = [way[0], way[1], way[2], ("carrier_delivered", "Delivered, front door (Leipzig, DE)")];
        assert_eq!((parcel.status, told(&parcel.timeline)), (ShipmentStatus::Delivered, way.to_vec()));
        // Everybody with the link sees the same; so do admins.
        let link = format!("/api/v1/tracking/{}", parcel.tracking.clone().unwrap().token);
        let public: TrackingView = world.app.guest().get(&link).await.expect(200).json();
        assert_eq!((public.status, told(&public.timeline)), (ShipmentStatus::Delivered, way.to_vec()));
        let all = format!("/api/v1/admin/orders/{}/shipments", order("1"));
        let of_order: Vec<ShipmentView> = world.app.as_user(&admin()).get(&all).await.expect(200).json();
        assert_eq!((of_order.len(), &of_order[0]), (2, &parcel));
        staff(&world.app, "ada").get(&all).await.expect(403);
        let none = format!("/api/v1/admin/orders/{}/shipments", order("none"));
        world.app.as_user(&admin()).get(&none).await.expect(404);
        // Every event came twice.
        assert_eq!((arrivals(&world).await, noted(&world, "handled").await), (1, 2));
        assert_eq!(world.app.count("shipping", "SELECT count(*) FROM shipment_events").await, 2);
    })
    .await;
}

#[tokio::test]
async fn in_whatever_order_it_is_told_the_end_is_the_same() {
    each(|world| async move {
        let number = on_its_way(&world).await;
        let left = world.app.clock.now();
        world.pass(600).await;
        world.fake.scan(&number, "delivered", "Delivered");
        world.settle().await;
        world.fake.scan_at(&number, "in_transit", "Departed", left.plus(Duration::from_secs(60)));
        world.settle().await;
        for _ in 0..3 {
            world.fake.tell_again(&number);
            world.settle().await;
        }
        let parcel = shipment(&world.app, "1", "ada").await;
        let kinds: Vec<&str> = parcel.timeline.iter().map(|entry| entry.kind.as_str()).collect();
        assert_eq!(kinds, ["preparing", "shipped", "carrier_in_transit", "carrier_delivered"]);
        assert_eq!((parcel.status, parcel.version, arrivals(&world).await), (ShipmentStatus::Delivered, 3, 1));
        assert_eq!(noted(&world, "handled").await, 5);
    })
    .await;
}

#[tokio::test]
async fn an_arrival_by_hand_and_one_by_the_carrier_are_one() {
    each(|world| async move {
        let number = on_its_way(&world).await;
        let ada = staff(&world.app, "ada");
        ada.post(&format!("{}/deliver", path("1", "ada")), &()).await.expect(200);
        world.fake.scan(&number, "delivered", "Delivered");
        world.settle().await;
        ada.post(&format!("{}/deliver", path("1", "ada")), &()).await.expect(200);
        assert_eq!((shipment(&world.app, "1", "ada").await.version, arrivals(&world).await), (3, 1));
    })
    .await;
}

#[tokio::test]
async fn what_arrives_before_it_was_handed_over_here_waits_for_that() {
    each(|world| async move {
        let number = world.buy().await.tracking_number.unwrap();
        world.fake.scan(&number, "delivered", "Delivered");
        world.settle().await;
        let parcel = shipment(&world.app, "1", "ada").await;
        assert_eq!((parcel.status, arrivals(&world).await), (ShipmentStatus::Preparing, 0));
        world.ship(&number).await.expect(200);
        world.settle().await;
        assert_eq!(shipment(&world.app, "1", "ada").await.status, ShipmentStatus::Delivered);
        assert_eq!(arrivals(&world).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_parcel_that_left_with_something_else_is_not_moved_by_its_label() {
    each(|world| async move {
        let number = world.buy().await.tracking_number.unwrap();
        world.ship("BY-HAND-1").await.expect(200);
        world.fake.scan(&number, "delivered", "Delivered");
        world.settle().await;
        let parcel = shipment(&world.app, "1", "ada").await;
        assert_eq!((parcel.status, parcel.timeline.len(), arrivals(&world).await), (ShipmentStatus::Shipped, 2, 0));
        assert_eq!(noted(&world, "handled").await, 1);
    })
    .await;
}

#[tokio::test]
async fn forged_and_stale_events_are_refused_and_change_nothing() {
    each(|world| async move {
        on_its_way(&world).await;
        let (asked, now) = (world.fake.calls().len(), world.app.clock.now());
        let (body, sent) = (event("evt_x", "trk_x"), timestamp(now));
        let at = |seconds: i64| timestamp(Timestamp::from_seconds(now.seconds() + seconds));
        let bad = "bad_signature";
        hook(&world, &body, "hook_of_somebody_else", &sent, WEBHOOKS).await.expect_problem(400, bad);
        hook(&world, &body, WEBHOOK_SECRET, &at(-301), WEBHOOKS).await.expect_problem(400, bad);
        hook(&world, &body, WEBHOOK_SECRET, &at(301), WEBHOOKS).await.expect_problem(400, bad);
        hook(&world, &body, WEBHOOK_SECRET, "yesterday", WEBHOOKS).await.expect_problem(400, bad);
        hook(&world, &body, WEBHOOK_SECRET, &sent, "/webhooks/stripe").await.expect_problem(400, bad);
        // Signed, but another body; and no signature at all.
        let signed = signature(WEBHOOK_SECRET, &sent, WEBHOOKS, &body);
        let sender = world.app.guest().header("x-timestamp", sent.clone()).header("x-path", WEBHOOKS);
        let other = event("evt_x", "trk_y");
        let altered = sender.header("x-hmac-signature-v2", signed);
        altered.send(Method::POST, WEBHOOKS, Some("application/json"), other.into()).await.expect_problem(400, bad);
        sender
            .send(Method::POST, WEBHOOKS, Some("application/json"), body.clone().into())
            .await
            .expect_problem(400, bad);
        let live = String::from_utf8(body.clone()).unwrap().replace("\"test\"", "\"production\"");
        let refused = hook(&world, live.as_bytes(), WEBHOOK_SECRET, &sent, WEBHOOKS).await;
        refused.expect_problem(400, "malformed_request");
        let nobody = world.app.guest().post("/webhooks/carriers/nobody", &json!({})).await;
        nobody.expect_problem(404, "not_found");
        let large = vec![b' '; 257 * 1024];
        hook(&world, &large, WEBHOOK_SECRET, &sent, WEBHOOKS).await.expect_problem(413, "body_too_large");
        world.settle().await;
        assert_eq!(world.app.count("shipping", "SELECT count(*) FROM carrier_inbox").await, 0);
        assert_eq!(world.app.count("shipping", "SELECT count(*) FROM shipment_events").await, 0);
        assert_eq!((world.fake.calls().len(), arrivals(&world).await), (asked, 0), "nobody was asked");
    })
    .await;
}

#[tokio::test]
async fn both_secrets_count_while_they_are_changed_and_an_event_is_only_a_hint() {
    let previous = "hook_before_0123456789";
    let settings = EasyPostSettings { webhook_secret_previous: Some(Secret::new(previous)), ..settings() };
    let world = World::start(Dialect::Sqlite, settings).await;
    on_its_way(&world).await;
    let sql = "SELECT tracker_ref FROM labels";
    let tracker: String = world.app.db("shipping").one(sql, vec![]).await.unwrap().at(0).unwrap();
    let sent = timestamp(world.app.clock.now());
    // It says that the parcel has arrived; the carrier, when asked, does not.
    hook(&world, &event("evt_a", &tracker), WEBHOOK_SECRET, &sent, WEBHOOKS).await.expect(204);
    hook(&world, &event("evt_b", &tracker), previous, &sent, WEBHOOKS).await.expect(204);
    world.settle().await;
    assert_eq!((noted(&world, "handled").await, arrivals(&world).await), (2, 0));
    assert_eq!(shipment(&world.app, "1", "ada").await.status, ShipmentStatus::Shipped);
    // What is about something else is answered, and forgotten.
    let other = json!({"id": "evt_c", "mode": "test", "description": "batch.updated", "result": {"object": "Batch"}});
    hook(&world, other.to_string().as_bytes(), WEBHOOK_SECRET, &sent, "/market/webhooks/carriers/easypost")
        .await
        .expect(204);
    assert_eq!(world.app.count("shipping", "SELECT count(*) FROM carrier_inbox").await, 2);
}

#[tokio::test]
async fn an_event_of_a_parcel_that_nobody_knows_waits_and_is_put_aside() {
    each(|world| async move {
        let sent = timestamp(world.app.clock.now());
        hook(&world, &event("evt_x", "trk_x"), WEBHOOK_SECRET, &sent, WEBHOOKS).await.expect(204);
        world.settle().await;
        assert_eq!(noted(&world, "received").await, 1, "its label may still be on its way to us");
        world.pass(1800).await;
        assert_eq!((noted(&world, "received").await, noted(&world, "unmatched").await), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn without_any_event_the_carrier_is_asked() {
    each(|world| async move {
        let number = on_its_way(&world).await;
        world.fake.scan(&number, "delivered", "Delivered");
        // What it tells is not delivered to us.
        for _ in 0..4 {
            world.app.advance(Duration::from_secs(2 * 3600)).await;
        }
        assert_eq!((noted(&world, "handled").await, arrivals(&world).await), (0, 1));
        let asked = world.fake.calls().len();
        world.app.advance(Duration::from_secs(24 * 3600)).await;
        assert_eq!(world.fake.calls().len(), asked, "it has arrived: nobody asks any more");
    })
    .await;
}

#[tokio::test]
async fn what_carriers_have_said_stays() {
    each(|world| async move {
        let number = on_its_way(&world).await;
        world.fake.scan(&number, "in_transit", "Departed");
        world.settle().await;
        for sql in ["UPDATE shipment_events SET text = 'x'", "DELETE FROM shipment_events"] {
            let changed = world.app.db("shipping").write(async move |tx| tx.exec(sql, vec![]).await).await;
            assert!(changed.is_err(), "{sql}");
        }
        assert_eq!(world.app.count("shipping", "SELECT count(*) FROM shipment_events").await, 1);
    })
    .await;
}
