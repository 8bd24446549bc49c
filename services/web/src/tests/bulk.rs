//! What is done to ticked products.

use kernel::VendorRole;
use serde_json::{Value, json};

use super::{fixtures::*, portal::*, stage::Stage};

fn at(path: &str) -> String {
    format!("/vendor/{}{path}", kiln())
}
fn api(path: &str) -> String {
    format!("POST /api/v1/vendors/{}{path}", kiln())
}

fn done(dry_run: bool, products: &[Value]) -> Value {
    let count = |outcome: &str| products.iter().filter(|product| product["outcome"] == outcome).count();
    json!({"dry_run": dry_run, "changed": count("changed"), "unchanged": count("unchanged"), "refused": count("refused"),
        "products": products})
}
fn refused(name: &str, reason: &str) -> Value {
    json!({"id": product_id(name), "title": name, "outcome": "refused", "reason": reason})
}

#[tokio::test]
async fn many_products_change_at_once_and_what_did_not_is_told() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let bulk = api("/products/bulk");
    stage.says(&format!("GET /api/v1/vendors/{}/products", kiln()), page(&[edit("A", 100)]));
    let (a, b) = (product_id("A").to_string(), product_id("B").to_string());
    let changed =
        json!({"id": a, "title": "A", "outcome": "changed", "status": {"before": "draft", "after": "published"}});
    stage.says(&bulk, done(false, &[changed, refused("B", "Add a picture before it goes on sale.")]));
    ines.get(&at("/products")).await.expect(200).says(&["value=\"prices\"", "value=\"stock\""]);
    ines.post(&at("/products/bulk"), &[("do", "publish"), ("id", &a), ("id", &b)]).await.leads_to(&at("/products"));
    ines.get(&at("/products")).await.says(&["1 of 2 changed. Add a picture"]);
    let asked = stage.asked_once(&bulk);
    assert_eq!(asked.body, json!({"ids": [a, b], "price": null, "status": "published", "dry_run": false}));
    assert!(!asked.headers["idempotency-key"].is_empty());
    ines.post(&at("/products/bulk"), &[("do", "burn"), ("id", &a)]).await.expect(400);
    ines.post(&at("/products/bulk"), &[("do", "publish")]).await.leads_to(&at("/products"));
    ines.get(&at("/products")).await.says(&["Tick the products first."]);
    assert_eq!(stage.asked(&bulk).len(), 1);
}

#[tokio::test]
async fn prices_are_changed_after_a_look_at_them() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let bulk = api("/products/bulk");
    stage.says(&format!("GET /api/v1/vendors/{}/products", kiln()), page(&[edit("A", 100)]));
    let (a, b) = (product_id("A").to_string(), product_id("B").to_string());
    ines.get(&at("/products")).await.expect(200);
    let form = ines.post(&at("/products/bulk"), &[("do", "prices"), ("id", &a), ("id", &b)]).await.expect(200);
    form.says(&["Of 2\u{a0}products", "value=\"EUR\"", "See what changes"]);
    let here = at("/products/bulk/prices");
    let mut sent =
        vec![("id", a.as_str()), ("id", b.as_str()), ("how", "down_percent"), ("value", "much"), ("currency", "EUR")];
    ines.post(&here, &sent).await.expect(422).says(&["Enter a part such as 10 %.", "value=\"much\""]);
    assert!(stage.asked(&bulk).is_empty());

    sent[3].1 = "12,5 %";
    sent.push(("rounding", "nines"));
    let eur = |minor: i64| json!({"amount_minor": minor, "currency": "EUR"});
    let changed = json!({"id": a, "title": "A", "outcome": "changed",
        "prices": [{"sku": "SKU-A", "before": eur(2_000), "after": eur(1_799)}]});
    let products = [changed, refused("B", "It is gone.")];
    stage.says(&bulk, done(true, &products));
    let look = ines.post(&here, &sent).await.expect(200).says(&[
        "20.00\u{a0}€",
        "17.99\u{a0}€",
        "Cannot change: It is gone.",
        "Change 1\u{a0}product",
        "1 cannot be changed",
    ]);
    let price = json!({"change": {"percent_bp": -1_250}, "currency": "EUR",
        "rounding": {"mode": "nearest", "step_minor": 100, "ending_minor": 99}});
    let body = |dry_run: bool| json!({"ids": [a, b], "price": price, "status": null, "dry_run": dry_run});
    assert_eq!(stage.asked_once(&bulk).body, body(true));

    let key = look.hidden("key").unwrap();
    stage.forget();
    stage.says(&bulk, done(false, &products));
    sent.push(("key", &key));
    ines.post(&here, &sent).await.leads_to(&at("/products"));
    let asked = stage.asked_once(&bulk);
    assert_eq!((asked.body, asked.headers["idempotency-key"].as_str()), (body(false), key.as_str()));
    ines.get(&at("/products")).await.says(&["1\u{a0}product changed, 1 not. It is gone."]);

    // Back to the form, with what was said.
    stage.forget();
    sent.push(("back", "1"));
    ines.post(&here, &sent).await.expect(200).says(&["See what changes", "value=\"12,5 %\""]);
    assert!(stage.asked(&bulk).is_empty());
}

#[tokio::test]
async fn stock_is_changed_after_a_look_at_it() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let many = api("/stock-adjustments");
    stage.says(&format!("GET /api/v1/vendors/{}/products", kiln()), page(&[edit("A", 100)]));
    stage.says(&format!("GET /api/v1/vendors/{}/stock-locations", kiln()), Vec::<Value>::new());
    let a = product_id("A").to_string();
    ines.get(&at("/products")).await.expect(200);
    ines.post(&at("/products/bulk"), &[("do", "stock"), ("id", &a)]).await.expect(200).says(&["How many, of each"]);
    let here = at("/products/bulk/stock");
    let mut sent = vec![("id", a.as_str()), ("how", "fewer"), ("quantity", "3")];
    stage.refuses(&many, 422, "invalid_input", "Some fields are wrong.", &[("reason", "Say why it is corrected.")]);
    ines.post(&here, &sent).await.expect(422).says(&["Say why it is corrected.", "value=\"3\""]);
    stage.forget();
    sent.push(("reason", "moths"));
    stage.says(
        &many,
        json!([{"variant_id": variant("A"), "title": "The A", "sku": "SKU-A", "on_hand": 4, "delta": -3}]),
    );
    let look = ines.post(&here, &sent).await.expect(200).says(&["The A", "SKU-A", "Change 1\u{a0}variant"]);
    let body = |dry_run: bool| {
        json!({"variant_ids": [], "product_ids": [a], "change": {"correct": -3}, "location_id": null, "reason": "moths",
            "dry_run": dry_run})
    };
    assert_eq!(stage.asked_once(&many).body, body(true));
    let key = look.hidden("key").unwrap();
    stage.forget();
    sent.push(("key", &key));
    ines.post(&here, &sent).await.leads_to(&at("/products"));
    let asked = stage.asked_once(&many);
    assert_eq!((asked.body, asked.headers["idempotency-key"].as_str()), (body(false), key.as_str()));
}
