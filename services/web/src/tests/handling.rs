//! When parcels leave and arrive: what a vendor says, and what the product's page and the cart make of it.

use contracts::arrival::{Arrival, Handling};
use kernel::VendorRole;
use serde_json::{Value, json};

use super::{fixtures::*, portal::*, stage::Stage};

#[tokio::test]
async fn a_vendor_says_when_parcels_leave() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let (list, ways) = (format!("/vendor/{}/delivery", kiln()), format!("/api/v1/vendors/{}/shipping-methods", kiln()));
    let create = format!("POST {ways}");
    let mut form = [
        ("name", "Post"),
        ("price_minor", "4.90"),
        ("days_min", "1"),
        ("days_max", "2"),
        ("handling.days", "61"),
        ("handling.cutoff_hour", "24"),
        ("handling.utc_offset_min", "CET"),
    ];
    let refused = ines.post(&list, &form).await.expect(422);
    refused.says(&["from 0 to 60", "from 1 to 23", "such as +01:00 or -05:00, from", "value=\"CET\"", "value=\"61\""]);
    assert!(stage.asked(&create).is_empty());
    (form[4].1, form[5].1, form[6].1) = ("2", "14", "-3:30");
    let handling = json!({"days": 2, "cutoff_hour": 14, "utc_offset_min": -210});
    let kept = json!({"id": method("Post"), "version": 1, "input": {"name": "Post", "currency": "EUR", "price_minor": 490,
        "free_over_minor": null, "countries": [], "days_min": 1, "days_max": 2, "handling": handling}});
    stage.answers(&create, 201, kept.clone());
    ines.post(&list, &form).await.leads_to(&list);
    assert_eq!(stage.asked_once(&create).body["handling"], handling);
    stage.says(&format!("GET {ways}"), vec![kept]);
    let said = "1 to 2 days, sent after 2 working days if ordered before 14:00 (UTC-03:30)";
    ines.get(&list).await.expect(200).says(&[said]);
    ines.get(&format!("{list}/{}", method("Post"))).await.expect(200).says(&["value=\"-03:30\"", "value=\"14\""]);
    // What the service refuses stands beside its field, with what was typed.
    stage.refuses(&create, 422, "invalid", "Not so.", &[("handling.days", "Too long, they say.")]);
    ines.post(&list, &form).await.expect(422).says(&["Too long, they say.", "value=\"-3:30\""]);
    // Without anything said nothing is sent along.
    stage.answers(
        &create,
        201,
        json!({"id": method("Post"), "version": 1, "input": {"name": "Post", "currency": "EUR",
        "price_minor": 490, "days_min": 1, "days_max": 2}}),
    );
    (form[4].1, form[5].1, form[6].1) = ("", "", "");
    ines.post(&list, &form).await.leads_to(&list);
    assert_eq!(stage.asked(&create).pop().unwrap().body["handling"], Value::Null);
}

#[tokio::test]
async fn the_products_page_and_the_cart_say_when_it_arrives() {
    let stage = Stage::new().await;
    let mut slow = rates();
    for rate in &mut slow {
        rate.handling = Handling { days: 2, cutoff_hour: Some(12), utc_offset_min: 60 };
    }
    stage.says("GET /api/v1/products/blue-mug", mug());
    stage.says(&format!("GET /api/v1/stores/{}/shipping-rates", vendor("kiln")), slow);
    stage.says("GET /api/v1/stores/kiln", store());
    stage.says(&format!("GET /api/v1/products/{}/reviews", product_id("blue-mug")), reviews());
    stage.says(&format!("GET /api/v1/products/{}/rating", product_id("blue-mug")), rating_summary());
    stage.says("GET /api/v1/products", cards(&["blue-mug", "bowl"]));
    // Thursday, 13:00 at the vendor's: ordered on Friday, sent on Tuesday.
    stage.browser().get("/p/blue-mug").await.expect(200).says(&["At your door Thu 22 Jan – Sat 24 Jan"]);

    let mut quoted = quote('a', 2, 3_490);
    let arrives = Arrival { from: at("2026-01-22T00:00:00Z"), to: at("2026-01-24T00:00:00Z") };
    for method in quoted.vendors.iter_mut().filter_map(|vendor| vendor.method.as_mut()) {
        method.arrives = Some(arrives);
    }
    stage.says("GET /api/v1/carts/current", cart(2));
    stage.says("POST /api/v1/quotes", quoted);
    stage.logged_in("Ada").await.get("/cart").await.expect(200).says(&["Standard, Thu 22 Jan – Sat 24 Jan"]);
}
