//! What buyers fetch themselves: the way to do so, and from ready to fetched.

use contracts::{
    pickup::PickupPlace,
    shipping::{MethodView, MethodsChanged, RateView, ShipmentDelivered, ShipmentShipped, TrackingView},
};
use serde_json::json;
use testkit::{on_both_databases, vendor_owner};

use super::{
    parcels::{cups, held, line, of},
    *,
};
use crate::model::token::TrackingTokens;

fn place() -> PickupPlace {
    PickupPlace {
        line1: "Yard 3".to_owned(),
        postcode: "10115".to_owned(),
        city: "Berlin".to_owned(),
        country: "DE".parse().unwrap(),
        hours: "Ring twice.".to_owned(),
    }
}

#[tokio::test]
async fn a_place_is_part_of_a_way_to_ship() {
    on_both_databases(defs, |app| async move {
        app.deliver("shipping", &vendor_decided("ada", VendorStatus::Approved)).await;
        let ada = app.as_user(&vendor_owner(vendor("ada")));
        let methods = format!("/api/v1/vendors/{}/shipping-methods", vendor("ada"));
        let place_of = Some(place());
        let input = MethodInput {
            name: "Fetch it".to_owned(),
            price_minor: 0,
            countries: vec![],
            pickup: place_of,
            ..express()
        };
        let untidy = PickupPlace { line1: "  Yard 3 ".to_owned(), ..place() };
        let sent = MethodInput { pickup: Some(untidy), ..input.clone() };
        let added: MethodView = ada.post(&methods, &sent).await.expect(201).json();
        assert_eq!(added.input, input);
        let told = app.published::<MethodsChanged>("shipping").await.pop().unwrap();
        assert!(told.methods.contains(&(added.id, input.clone())), "{told:?}");
        let rates = format!("/api/v1/stores/{}/shipping-rates", vendor("ada"));
        let rates: Vec<RateView> = app.guest().get(&rates).await.expect(200).json();
        let places: Vec<_> = rates.iter().filter_map(|rate| rate.pickup.clone()).collect();
        assert_eq!((rates.len(), places), (2, vec![place()]));
        // It can be sent again, and becomes something that is sent.
        let path = format!("{methods}/{}", added.id);
        let changed: MethodView =
            ada.put(&path, &MethodInput { pickup: None, ..input.clone() }).await.expect(200).json();
        assert_eq!(changed.input.pickup, None);

        let with = |place: PickupPlace| MethodInput { pickup: Some(place), ..input.clone() };
        for (place, field) in [
            (PickupPlace { line1: "  ".to_owned(), ..place() }, "pickup.line1"),
            (PickupPlace { line1: String::new(), ..place() }, "pickup.line1"),
            (PickupPlace { city: "\u{7}".to_owned(), ..place() }, "pickup.city"),
            (PickupPlace { hours: "x".repeat(301), ..place() }, "pickup.hours"),
        ] {
            ada.post(&methods, &with(place)).await.expect_invalid(field);
        }
        let events = app.published::<MethodsChanged>("shipping").await.len();
        assert_eq!((ada.get(&methods).await.expect(200).json::<Vec<MethodView>>().len(), events), (2, 3));
    })
    .await;
}

/// An order of ada's, to be fetched: five cups and one pot.
async fn to_fetch(app: &TestApp, name: &str) {
    let mut event = paid(name, &["ada"]);
    let part = &mut event.order.parts[0];
    part.pickup = true;
    part.lines[0].line_id = line("cup");
    part.lines[0].quantity = 5;
    app.deliver("shipping", &event).await;
    app.deliver("shipping", &claimed(name)).await;
}

#[tokio::test]
async fn it_is_ready_under_a_code_and_then_fetched() {
    on_both_databases(defs, |app| async move {
        to_fetch(&app, "1").await;
        let ada = staff(&app, "ada");
        let ship = format!("{}/ship", path("1", "ada"));
        assert!(shipment(&app, "1", "ada").await.pickup);
        // Whoever names a carrier all the same is not listened to: there is none.
        let some =
            json!({"carrier": "DHL", "tracking_number": "N1", "lines": [{"line_id": line("cup"), "quantity": 2}]});
        let first: ShipmentView = ada.post(&ship, &some).await.expect(200).json();
        let tracking = first.tracking.clone().unwrap();
        assert_eq!((tracking.carrier.as_str(), tracking.pickup, first.pickup), ("Pick-up", true, true));
        assert!(tracking.number.len() == 6 && tracking.number.bytes().all(|b| b.is_ascii_digit()), "{tracking:?}");
        assert_eq!(held(&first), of(&[("cup", 2)]));

        let rest: ShipmentView = ada.post(&ship, &json!({})).await.expect(200).json();
        assert_eq!((rest.parcel, held(&rest)), (2, of(&[("cup", 3)])));
        assert_ne!(rest.tracking.as_ref().unwrap().number, tracking.number);
        // Once all is ready, to say it again changes nothing.
        assert_eq!(ada.post(&ship, &json!({})).await.expect(200).json::<ShipmentView>(), rest);
        let told = app.published::<ShipmentShipped>("shipping").await;
        let codes: Vec<_> = told.iter().map(|event| (event.tracking.pickup, event.tracking.number.clone())).collect();
        assert_eq!(codes, [(true, tracking.number.clone()), (true, rest.tracking.unwrap().number)]);

        let link = format!("/api/v1/tracking/{}", tracking.token);
        let seen: TrackingView = app.guest().get(&link).await.expect(200).json();
        assert_eq!((seen.pickup, seen.tracking_number), (true, Some(tracking.number)));
        let words: Vec<_> = seen.timeline.iter().map(|entry| entry.text.as_str()).collect();
        assert_eq!(words, ["It is being put together.", "It is ready to be fetched."]);
        let fetched = format!("/api/v1/vendors/{}/shipments/{}/deliver", vendor("ada"), first.id);
        let fetched: ShipmentView = ada.post(&fetched, &()).await.expect(200).json();
        assert_eq!(fetched.timeline.last().unwrap().text, "Fetched.");
        assert_eq!(app.published::<ShipmentDelivered>("shipping").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_still_needs_who_carries_it() {
    on_both_databases(defs, |app| async move {
        cups(&app, "1").await;
        let ada = staff(&app, "ada");
        let ship = format!("{}/ship", path("1", "ada"));
        ada.post(&ship, &json!({})).await.expect_invalid("carrier");
        ada.post(&ship, &json!({"carrier": "DHL"})).await.expect_invalid("tracking_number");
        assert!(app.published::<ShipmentShipped>("shipping").await.is_empty());
        let sent = shipment(&app, "1", "ada").await;
        assert!(!sent.pickup && sent.status == ShipmentStatus::Preparing);
    })
    .await;
}

#[tokio::test]
async fn what_was_called_off_is_not_made_ready() {
    on_both_databases(defs, |app| async move {
        to_fetch(&app, "1").await;
        app.deliver("shipping", &cancelled("1")).await;
        let ship = format!("{}/ship", path("1", "ada"));
        staff(&app, "ada").post(&ship, &json!({"carrier": "DHL", "tracking_number": "N"})).await.expect(409);
        assert!(app.published::<ShipmentShipped>("shipping").await.is_empty());
    })
    .await;
}

#[test]
fn codes_are_six_digits_and_differ_with_the_secret() {
    let id = kernel::ShipmentId::derived("test", &["s"]);
    let (one, other) = (TrackingTokens::new([1; 32]), TrackingTokens::new([2; 32]));
    assert_eq!(one.pickup_code(id), one.pickup_code(id));
    assert_ne!(one.pickup_code(id), other.pickup_code(id));
    for n in 0..1_000 {
        let code = one.pickup_code(kernel::ShipmentId::derived("test", &[&n.to_string()]));
        assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
    }
}
