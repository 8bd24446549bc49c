//! Bundles: what a vendor says lies in one, what buyers and packers see of it.

use contracts::{
    catalog::PartView,
    inventory::{PartStock, StockView},
    orders::{LinePart, OrderStatus, VendorOrderStatus},
};
use kernel::VendorRole;
use serde_json::{Value, json};

use super::{fixtures::*, portal::*, stage::Stage};

fn at(path: &str) -> String {
    format!("/vendor/{}{path}", kiln())
}

fn part(name: &str, quantity: i64, on_sale: bool) -> PartView {
    PartView {
        variant_id: variant(name),
        product_id: product_id(name),
        slug: name.to_lowercase().parse().unwrap(),
        title: format!("The <{name}>"),
        translated: false,
        options: vec![],
        sku: format!("SKU-{name}"),
        quantity,
        on_sale,
    }
}

fn bundles(parts: &[PartView]) -> Value {
    let own = json!([{"variant_id": variant("Set"), "parts": parts}]);
    json!({"bundles": if parts.is_empty() { json!([]) } else { own }, "used_in": []})
}

#[tokio::test]
async fn a_bundle_is_put_together_from_what_is_found() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let id = product_id("Set");
    let (api, here) = (product_path(id), at(&format!("/products/{id}/bundle")));
    let list = format!("/api/v1/vendors/{}/products", kiln());
    stage.says(&format!("GET {api}"), edit("Set", 5_900));
    stage.says(&format!("GET {api}/bundles"), bundles(&[]));
    stage.says(&format!("GET {list}"), page(&[edit("Set", 5_900), edit("Cup", 900), edit("Jug", 2_900)]));
    ines.get(&here).await.expect(200).says(&["Nothing lies in it yet", "Search your products", "The &#60;Set&#62;"]);
    let cup = format!("part_{}", variant("Cup"));
    let label = format!("label_{}", variant("Cup"));
    let jug = format!("part_{}", variant("Jug"));
    let set = variant("Set").to_string();

    // Nothing is saved by searching, and what was typed stays.
    let put = format!("PUT {api}/variants/{}/parts", variant("Set"));
    let typed = [
        ("variant", set.as_str()),
        ("version", "5"),
        ("do", "search"),
        ("q", "jug"),
        (cup.as_str(), "2"),
        (label.as_str(), "Cup <old>"),
    ];
    let found = ines.post(&here, &typed).await.expect(200);
    found
        .says(&["Cup &#60;old&#62;", "value=\"2\"", &jug, "SKU-Jug", "value=\"jug\""])
        .never_says(&[&format!("part_{}", variant("Set"))]);
    let query = stage.asked(&format!("GET {list}")).pop().unwrap();
    assert!(query.query.contains("q=jug") && query.query.contains("status=published"), "{}", query.query);
    // Enter in the search field searches, too.
    let entered =
        [("variant", set.as_str()), ("q", "jug"), ("sought", ""), (cup.as_str(), "2"), (label.as_str(), "Cup")];
    ines.post(&here, &entered).await.expect(200).says(&["SKU-Jug"]);
    assert!(stage.asked(&put).is_empty());

    let wrong = [("variant", set.as_str()), ("version", "5"), (cup.as_str(), "many"), (label.as_str(), "Cup")];
    ines.post(&here, &wrong).await.expect(422).says(&["whole number from 1 to 1000", "many", "aria-invalid=\"true\""]);
    assert!(stage.asked(&put).is_empty());
    let refusal = [("parts[1].variant_id", "“The <Jug>” is not on sale.")];
    stage.refuses(&put, 422, "invalid_input", "Not so.", &refusal);
    let both = [
        ("variant", set.as_str()),
        ("version", "5"),
        (cup.as_str(), "2"),
        (label.as_str(), "Cup"),
        (jug.as_str(), "1"),
    ];
    ines.post(&here, &both).await.expect(422).says(&["is not on sale.", "aria-invalid=\"true\"", "value=\"2\""]);
    stage.forget();
    stage.says(&put, json!({"variant_id": variant("Set"), "parts": [part("Cup", 2, true), part("Jug", 1, true)]}));
    ines.post(&here, &both).await.leads_to(&at(&format!("/products/{id}")));
    let asked = stage.asked_once(&put);
    let parts = json!({"parts": [{"variant_id": variant("Cup"), "quantity": 2}, {"variant_id": variant("Jug"), "quantity": 1}]});
    assert_eq!((&asked.body, asked.headers["if-match"].as_str()), (&parts, "\"5\""));
    stage.refuses(&put, 412, "stale_version", "It has changed in the meantime.", &[]);
    ines.post(&here, &both).await.expect(412).says(&["It has changed in the meantime.", "value=\"2\""]);
}

#[tokio::test]
async fn the_product_s_page_says_what_bundles_it_has_to_do_with() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let id = product_id("Set");
    let api = product_path(id);
    stage.says(&format!("GET {api}"), edit("Set", 5_900));
    let used = json!([{"part_id": variant("Set"), "quantity": 3, "variant_id": variant("Hamper"), "product_id": product_id("Hamper"),
        "title": "The <Hamper>", "options": [], "sku": "H"}]);
    let mut found = bundles(&[part("Cup", 2, true), part("Jug", 1, false)]);
    found["used_in"] = used;
    stage.says(&format!("GET {api}/bundles"), &found);
    ines.get(&at(&format!("/products/{id}"))).await.expect(200).says(&[
        "2 × The &#60;Cup&#62;, 1 × The &#60;Jug&#62;",
        "This bundle cannot be bought.",
        "Not on sale: The &#60;Jug&#62;.",
        "The &#60;Hamper&#62;",
        "3 of it",
        &at(&format!("/products/{id}/bundle")),
    ]);
    ines.get(&at(&format!("/products/{id}/archive")))
        .await
        .expect(200)
        .says(&["could not be bought any more", "The &#60;Hamper&#62;"]);
    // Without an answer the page goes without.
    stage.answers(&format!("GET {api}/bundles"), 503, json!({}));
    ines.get(&at(&format!("/products/{id}"))).await.expect(200).never_says(&["This bundle cannot"]);
}

#[tokio::test]
async fn buyers_see_what_lies_in_it() {
    let stage = Stage::new().await;
    let mut product = mug();
    product.variants[0].parts = vec![part("Cup", 2, true), part("Jug", 1, false)];
    stage.says("GET /api/v1/products/blue-mug", &product);
    stage.says(&format!("GET /api/v1/stores/{}/shipping-rates", vendor("kiln")), rates());
    stage.says("GET /api/v1/products", page::<Value>(&[]));
    let mut browser = stage.browser();
    let link = format!("<a href=\"/p/cup?variant={}\">2 × The &#60;Cup&#62;</a>", variant("Cup"));
    let page = browser.get("/p/blue-mug").await.expect(200);
    page.says(&["What lies in it", &link, "<li>1 × The &#60;Jug&#62;</li>"]);
    let other = browser.get(&format!("/p/blue-mug?variant={}", variant("Large"))).await.expect(200);
    other.never_says(&["What lies in it"]);
}

#[tokio::test]
async fn packers_see_what_lies_in_it() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let mut order = detail(VendorOrderStatus::ToShip);
    let part = |name: &str, quantity| LinePart {
        variant_id: variant(name),
        title: format!("The <{name}>"),
        sku: format!("SKU-{name}"),
        quantity,
    };
    order.order.lines[0].parts = vec![part("Cup", 3), part("Jug", 1)];
    let path = format!("/api/v1/vendors/{}/orders/{}", kiln(), part_id());
    stage.says(&format!("GET {path}"), &order);
    let page = ines.get(&at(&format!("/orders/{}", part_id()))).await.expect(200);
    page.says(&["The &#60;Cup&#62;", "3 in each “The Small”", "SKU-Cup", ">6<", "SKU-Jug"]);
    let mut whole = super::fixtures::order(OrderStatus::Paid, VendorOrderStatus::ToShip);
    whole.vendor_orders[0].lines[0].parts = order.order.lines[0].parts.clone();
    stage.says(&format!("GET /api/v1/orders/{}", order_id()), &whole);
    let mut ada = stage.logged_in("Ada").await;
    ada.get(&format!("/orders/{}", order_id()))
        .await
        .expect(200)
        .says(&["(each 3 × The &#60;Cup&#62;, 1 × The &#60;Jug&#62;)"]);
}

#[tokio::test]
async fn the_stock_of_a_bundle_is_that_of_its_parts() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let path = format!("/api/v1/vendors/{}/stock/{}", kiln(), variant("Small"));
    let part = |name: &str, available, on_sale| PartStock {
        variant_id: variant(name),
        title: format!("The <{name}>"),
        sku: format!("SKU-{name}"),
        quantity: 2,
        available,
        on_sale,
    };
    let parts = vec![part("Cup", 7, true), part("Jug", 4, false)];
    stage.says(&format!("GET {path}"), StockView { bundle: true, parts, ..stock(0) });
    let page = ines.get(&at(&format!("/stock/{}", variant("Small")))).await.expect(200);
    page.says(&["no stock of its own", "The &#60;Cup&#62;", ">7<", "Not on sale, so the bundle cannot be bought"])
        .never_says(&["/adjust", "/backorder"]);
    assert!(stage.asked(&format!("GET {path}/movements")).is_empty());
    // Nothing of it is counted, either.
    let list = format!("/api/v1/vendors/{}/stock", kiln());
    stage.says(&format!("GET {list}-locations"), json!([]));
    stage.says(&format!("GET {list}"), super::portal::page(&[StockView { bundle: true, ..stock(3) }]));
    ines.get(&at("/stock/count")).await.expect(200).never_says(&["name=\"count_"]);
    ines.get(&at("/stock")).await.expect(200).says(&["Bundle, SKU SKU-Small", "Parts"]);
}
