//! What buyers fetch: the place of the vendor, the choice at the checkout, the code.

use contracts::{
    orders::{OrderStatus, ParcelView, Tracking, VendorOrderStatus},
    pickup::PickupPlace,
    shipping::{RateView, ShipmentStatus, ShipmentView},
};
use kernel::VendorRole;
use serde_json::{Value, json};

use super::{fixtures::*, portal::*, stage::Stage};

fn place() -> PickupPlace {
    PickupPlace {
        line1: "Yard <3>".to_owned(),
        postcode: "8600".to_owned(),
        city: "Lagos".to_owned(),
        country: "PT".parse().unwrap(),
        hours: "Ring twice.".to_owned(),
    }
}

const LINE: &str = "Yard &#60;3&#62;, 8600 Lagos, PT";

fn tracking() -> Tracking {
    Tracking { carrier: "Pick-up".to_owned(), number: "123456".to_owned(), token: "tok".to_owned(), pickup: true }
}

#[tokio::test]
async fn a_vendor_says_where_it_is_fetched() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let (list, ways) = (format!("/vendor/{}/delivery", kiln()), format!("/api/v1/vendors/{}/shipping-methods", kiln()));
    let create = format!("POST {ways}");
    let mut form = [
        ("name", "Fetch it"),
        ("price_minor", "0"),
        ("days_min", "0"),
        ("days_max", "1"),
        ("pickup.line1", ""),
        ("pickup.postcode", "8600"),
        ("pickup.city", ""),
        ("pickup.country", ""),
        ("pickup.hours", "Ring twice."),
    ];
    // One word of a place is a place, and asks for the rest.
    let refused = ines.post(&list, &form).await.expect(422);
    refused.says(&[
        "Enter the street",
        "Enter the town",
        "Choose the country",
        "value=\"8600\"",
        "value=\"Ring twice.\"",
    ]);
    assert!(stage.asked(&create).is_empty());
    (form[4].1, form[6].1, form[7].1) = ("Yard <3>", "Lagos", "PT");
    let input = json!({"name": "Fetch it", "currency": "EUR", "price_minor": 0, "free_over_minor": null, "countries": [],
        "days_min": 0, "days_max": 1, "pickup": place()});
    let kept = json!({"id": method("Fetch"), "version": 1, "input": input});
    stage.answers(&create, 201, &kept);
    ines.post(&list, &form).await.leads_to(&list);
    assert_eq!(stage.asked_once(&create).body["pickup"], json!(place()));
    stage.says(&format!("GET {ways}"), vec![kept]);
    ines.get(&list).await.expect(200).says(&[&format!("Fetched at {LINE}"), "Free"]);
    let shown = ines.get(&format!("{list}/{}", method("Fetch"))).await.expect(200);
    shown.says(&["value=\"Yard &#60;3&#62;\"", "value=\"Lagos\"", "value=\"PT\" selected", "value=\"Ring twice.\""]);
    // What the service refuses stands beside its field.
    stage.refuses(&create, 422, "invalid", "Not so.", &[("pickup.city", "No such town.")]);
    ines.post(&list, &form).await.expect(422).says(&["No such town."]);
    // Without any word of a place it is sent.
    for field in &mut form[4..] {
        field.1 = "";
    }
    stage.answers(
        &create,
        201,
        json!({"id": method("Fetch"), "version": 1, "input": {"name": "Post", "currency": "EUR",
        "price_minor": 0, "days_min": 0, "days_max": 1}}),
    );
    ines.post(&list, &form).await.leads_to(&list);
    assert_eq!(stage.asked(&create).pop().unwrap().body["pickup"], Value::Null);
}

#[tokio::test]
async fn a_buyer_sees_the_place_before_choosing_it() {
    let stage = Stage::new().await;
    let rates: Vec<RateView> = rates();
    let fetched =
        RateView { pickup: Some(place()), price: eur(0), free_over: None, value_prices: vec![], ..rates[1].clone() };
    stage.says("GET /api/v1/products/blue-mug", mug());
    stage.says("GET /api/v1/stores/kiln", store());
    stage.says(&format!("GET /api/v1/products/{}/reviews", product_id("blue-mug")), reviews());
    stage.says(&format!("GET /api/v1/products/{}/rating", product_id("blue-mug")), rating_summary());
    stage.says("GET /api/v1/products", cards(&["blue-mug", "bowl"]));
    let all: Vec<RateView> = rates.into_iter().chain([fetched]).collect();
    stage.says(&format!("GET /api/v1/stores/{}/shipping-rates", vendor("kiln")), &all);
    // What is brought still costs what it costs.
    let page = stage.browser().get("/p/blue-mug").await.expect(200);
    page.says(&["Fetch it in Lagos", LINE, "delivery from 4.90", "At your door"]);

    let mut quoted = quote('a', 2, 3_490);
    let fetch = quoted.vendors[0].methods[1].method_id;
    quoted.vendors[0].methods[1].pickup = Some(place());
    stage.says("GET /api/v1/carts/current", cart(2));
    stage.says("POST /api/v1/quotes", &quoted);
    let ways = json!([
        {"method": "card", "label": "Card", "hint": "Visa"},
        {"method": "cash", "label": "Cash on delivery", "hint": "The courier", "on_delivery": true},
    ]);
    stage.says("GET /api/v1/payment-methods", &ways);
    stage.answers("POST /api/v1/carts", 201, json!({"token": "guest-token", "cart": cart(2)}));
    let mut guest = stage.browser();
    let small = variant("Small").to_string();
    guest.post_raw("/cart", &[("variant", &small), ("quantity", "2")]).await.leads_to("/cart");
    let checkout = guest.get("/checkout").await.expect(200);
    checkout.says(&[&format!("Fetch it yourself: {LINE}. Ready "), &fetch.to_string(), "Cash on delivery"]);
    // No courier comes to whom it could be paid.
    quoted.vendors[0].method = Some(quoted.vendors[0].methods[1].clone());
    stage.says("POST /api/v1/quotes", &quoted);
    guest.get("/checkout").await.expect(200).never_says(&["Cash on delivery"]);
}

#[tokio::test]
async fn the_order_and_its_parcel_show_the_code() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/carts/current", cart(0));
    let mut ada = stage.logged_in("Ada").await;
    let (path, api) = (format!("/orders/{}", order_id()), format!("GET /api/v1/orders/{}", order_id()));
    let mut shown = order(OrderStatus::Paid, VendorOrderStatus::ToShip);
    shown.vendor_orders[0].pickup = Some(place());
    stage.says(&api, &shown);
    ada.get(&path)
        .await
        .expect(200)
        .says(&["Ready to be fetched", "Fetched", "Expected", "packs it for you to fetch", "Ordered by"])
        .never_says(&["On its way"]);
    shown.vendor_orders[0].status = VendorOrderStatus::Shipped;
    shown.vendor_orders[0].parcels = vec![ParcelView {
        parcel: 1,
        shipment_id: None,
        tracking: tracking(),
        lines: vec![],
        shipped_at: at("2026-01-16T12:00:00Z"),
        delivered_at: None,
    }];
    stage.says(&api, &shown);
    let ready = format!("At {LINE}. Show the code 123456. Ring twice.");
    ada.get(&path)
        .await
        .expect(200)
        .says(&[&ready, "Show the code</a>", "href=\"/track/tok\""])
        .never_says(&["On its way"]);

    let parcel = json!({"number": "S-2601-000001-A", "vendor_id": kiln(), "status": "shipped", "pickup": true,
        "carrier": "Pick-up", "tracking_number": "123456", "timeline": []});
    stage.says("GET /api/v1/tracking/tok", parcel);
    let page = stage.browser().get("/track/tok").await.expect(200);
    page.says(&["Ready to be fetched", "Code to show", "123456"]).never_says(&["Carrier", "with the carrier"]);
}

#[tokio::test]
async fn a_vendor_says_that_it_is_ready_and_fetched() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let order = format!("/vendor/{}/orders/{}", kiln(), part_id());
    let api = |path: &str| format!("/api/v1/vendors/{}{path}", kiln());
    let mut part = detail(VendorOrderStatus::ToShip);
    part.order.pickup = Some(place());
    stage.says(&format!("GET {}", api(&format!("/orders/{}", part_id()))), &part);
    let ship = format!("POST {}", api(&format!("/orders/{}/shipment/ship", part_id())));
    let ready = ShipmentView { pickup: true, tracking: Some(tracking()), ..parcel() };
    stage.says(&ship, &ready);
    let shown = ines.get(&order).await.expect(200);
    shown
        .says(&["Fetched at", LINE, "Ring twice.", "It can be fetched", "The buyer"])
        .never_says(&["name=\"carrier\"", "Send to"]);
    ines.post(&format!("{order}/ship"), &[]).await.leads_to(&order);
    assert_eq!(stage.asked_once(&ship).body["carrier"], json!(""));
    stage.says(&format!("GET {}", api(&format!("/orders/{}/shipments", part_id()))), [&ready]);
    let shown = ines.get(&order).await.expect(200);
    shown.says(&["can be fetched.", "Ready to be fetched", "Code of the buyer", "123456", "Mark as fetched"]);
    let deliver = format!("POST {}", api(&format!("/shipments/{}/deliver", ready.id)));
    stage.says(&deliver, ShipmentView { status: ShipmentStatus::Delivered, ..ready.clone() });
    ines.post(&format!("{order}/parcels/{}/deliver", ready.id), &[]).await.leads_to(&order);
    stage.asked_once(&deliver);
    ines.get(&order).await.says(&["was fetched"]);
}
