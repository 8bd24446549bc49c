//! Prices beyond list prices: what vendors set, what buyers see.

use kernel::{AccountId, PriceListId, Role, VendorRole};
use serde_json::{Value, json};

use super::{
    fixtures::*,
    portal::*,
    stage::{Stage, account},
};

fn at(path: &str) -> String {
    format!("/vendor/{}{path}", kiln())
}
fn api(path: &str) -> String {
    format!("/api/v1/vendors/{}{path}", kiln())
}

#[tokio::test]
async fn prices_for_quantities_are_written_line_by_line() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let id = product_id("Small");
    let variant = |step: Value| {
        json!({"variant_id": variant("Small"), "sku": "S", "options": ["Small"],
            "list_price": {"amount_minor": 3_490, "currency": "EUR"}, "quantity_prices": step})
    };
    let prices = |step| json!({"product_id": id, "title": "The <Small>", "tax_category": "standard", "variants": [variant(step)], "version": 3});
    let path = api(&format!("/products/{id}/prices"));
    let (here, put) = (at(&format!("/products/{id}/prices")), format!("PUT {path}"));
    stage.says(&format!("GET {path}"), prices(json!([{"from": 5, "price_minor": 2_990}])));
    stage.says(
        "GET /api/v1/tax-categories",
        json!([{"key": "reduced", "name": "Books & bread"}, {"key": "standard", "name": "Standard"}]),
    );
    ines.get(&here).await.expect(200).says(&[
        "5: 29.90",
        "One costs 34.90",
        "The &#60;Small&#62;",
        "Books &#38; bread",
    ]);
    let refused = ines.post(&here, &[("variants[0]", "5 for 9"), ("version", "3")]).await.expect(422);
    refused.says(&["quantity and price: 5: 9.00", "5 for 9", "aria-invalid=\"true\""]);
    assert!(stage.asked(&put).is_empty());
    let wrong =
        [("variants[0].quantity_prices[0].price_minor", "Each must cost less than 34.90 €, the price of fewer.")];
    stage.refuses(&put, 422, "invalid_input", "Not so.", &wrong);
    ines.post(&here, &[("variants[0]", "5: 40"), ("version", "3")])
        .await
        .expect(422)
        .says(&["must cost less", "5: 40"]);
    stage.forget();
    stage.says(&put, prices(json!([])));
    ines.post(&here, &[("variants[0]", "5: 29,90\n10 = 25"), ("tax_category", "reduced"), ("version", "3")])
        .await
        .leads_to(&at(&format!("/products/{id}")));
    let asked = stage.asked_once(&put);
    let steps = json!([{"from": 5, "price_minor": 2_990}, {"from": 10, "price_minor": 2_500}]);
    assert_eq!(
        (&asked.body["variants"][0]["quantity_prices"], &asked.body["tax_category"]),
        (&steps, &json!("reduced"))
    );
    assert_eq!(asked.headers["if-match"], "\"3\"");
}

#[tokio::test]
async fn a_price_list_is_written_by_sku() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let path = api("/price-lists");
    stage.says(&format!("GET {path}"), page::<Value>(&[]));
    ines.get(&at("/price-lists")).await.expect(200).says(&["No price lists yet", "Create a price list"]);
    stage.says(&format!("GET {}", api("/customer-groups")), json!([{"key": "trade", "name": "The <trade>"}]));
    ines.get(&at("/price-lists/new")).await.expect(200).says(&["The &#60;trade&#62;"]);
    let create = format!("POST {path}");
    let mut form = [
        ("name", "Trade prices"),
        ("group", "trade"),
        ("starts_at", "2026-02-01"),
        ("ends_at", "2026-02-03"),
        ("prices", "MUG for 9"),
    ];
    ines.post(&at("/price-lists"), &form).await.expect(422).says(&["MUG-BLUE: 9.00", "MUG for 9", "Trade prices"]);
    assert!(stage.asked(&create).is_empty());
    form[4].1 = "MUG: 9\nBOWL: 12,50";
    let wrong = [("prices[1].sku", "None of your variants has the SKU “BOWL”.")];
    stage.refuses(&create, 422, "invalid_input", "Not so.", &wrong);
    ines.post(&at("/price-lists"), &form).await.expect(422).says(&["has the SKU “BOWL”", "BOWL: 12,50"]);
    stage.forget();
    let id = PriceListId::derived("t", &[]);
    let input = json!({"name": "Trade prices", "group": "trade", "currency": "EUR", "starts_at": "2026-02-01T00:00:00Z",
        "ends_at": "2026-02-04T00:00:00Z", "prices": [{"sku": "MUG", "price_minor": 900}, {"sku": "BOWL", "price_minor": 1_250}]});
    let list = json!({"id": id, "active": false, "version": 4, "input": input});
    stage.answers(&create, 201, &list);
    ines.post(&at("/price-lists"), &form).await.leads_to(&at("/price-lists"));
    assert_eq!(stage.asked_once(&create).body, input);

    let one = format!("{path}/{id}");
    stage.says(&format!("GET {one}"), &list);
    let shown = ines.get(&at(&format!("/price-lists/{id}"))).await.expect(200);
    shown.says(&["MUG: 9.00", "BOWL: 12.50", "value=\"2026-02-03\""]);
    let gone = format!("DELETE {one}");
    stage.answers(&gone, 204, Value::Null);
    let remove = at(&format!("/price-lists/{id}/remove"));
    ines.get(&remove).await.expect(200).says(&["pay what everybody pays"]);
    assert!(stage.asked(&gone).is_empty());
    ines.post(&remove, &[("version", "4")]).await.leads_to(&at("/price-lists"));
    assert_eq!(stage.asked_once(&gone).headers["if-match"], "\"4\"");
    stage.refuses(&gone, 412, "stale_version", "It has changed in the meantime.", &[]);
    ines.post(&remove, &[("version", "3")]).await.leads_to(&at("/price-lists"));
    ines.get(&at("/price-lists")).await.says(&["It has changed in the meantime."]);
}

/// The price of one small mug and of an order of them, for this visitor.
fn own(stage: &Stage, each: i64) {
    stage.says("POST /api/v1/quotes", quote('a', 2, each));
    stage.says("GET /api/v1/products/blue-mug", mug());
    stage.says("GET /api/v1/products", page::<Value>(&[]));
    stage.says("GET /api/v1/carts/current", cart(2));
}

#[tokio::test]
async fn a_group_sees_its_own_prices_before_it_orders() {
    let stage = Stage::new().await;
    own(&stage, 3_290);
    stage.browser().get("/p/blue-mug").await.expect(200).says(&["34.90\u{a0}€", "Lowest price in the 30 days"]);
    assert!(stage.asked("POST /api/v1/quotes").is_empty(), "a guest is in no group");
    let mut tom = stage.logged_in("Tom").await;
    let shown = tom.get("/p/blue-mug").await.expect(200);
    let shown = shown.says(&[
        "32.90\u{a0}€",
        "Your price; everybody else pays 34.90\u{a0}€",
        "From 6 pieces",
        "31.90\u{a0}€ each",
    ]);
    shown.never_says(&["Lowest price in the 30 days", "42.90\u{a0}€"]);
    let asked = stage.asked_once("POST /api/v1/quotes").body;
    assert_eq!(asked["lines"], json!([{"variant_id": variant("Small"), "quantity": 1}]));
    let part = tom.htmx().get("/p/blue-mug?o1=Small").await.expect(200);
    part.says(&["Your price"]);
    tom.get("/cart").await.expect(200).says(&["65.80\u{a0}€", "32.90\u{a0}€"]).never_says(&["69.80\u{a0}€"]);
    // Steps that cost more than the group's price are no offer.
    own(&stage, 3_100);
    let shown = tom.get("/p/blue-mug").await.expect(200);
    shown.says(&["31.00\u{a0}€"]).never_says(&["From 6 pieces"]);
    // Everybody's price, and prices that are not known, change nothing.
    own(&stage, 3_490);
    tom.get("/p/blue-mug").await.expect(200).never_says(&["Your price"]);
    stage.refuses("POST /api/v1/quotes", 503, "unavailable", "Prices rest.", &[]);
    tom.get("/p/blue-mug").await.expect(200).says(&["34.90\u{a0}€"]).never_says(&["Your price"]);
}

#[tokio::test]
async fn as_many_can_be_ordered_ahead_as_the_vendor_allows() {
    let stage = Stage::new().await;
    let mut later = mug();
    later.variants[0].stock = contracts::inventory::StockLevel::BackOrder;
    stage.says("GET /api/v1/products/blue-mug", later);
    stage.says("GET /api/v1/products", page::<Value>(&[]));
    let level =
        |available| json!([{"variant_id": variant("Small"), "level": {"level": "back_order"}, "available": available}]);
    stage.says("POST /api/v1/stock-levels", level(4));
    stage.browser().get("/p/blue-mug").await.expect(200).says(&["max=\"4\""]);
    assert_eq!(stage.asked_once("POST /api/v1/stock-levels").body, json!({"variant_ids": [variant("Small")]}));
    stage.says("POST /api/v1/stock-levels", level(500));
    stage.browser().get("/p/blue-mug").await.expect(200).says(&["max=\"20\""]);
}

#[tokio::test]
async fn an_admin_makes_groups_and_says_who_is_in_them() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says(
        "GET /api/v1/admin/customer-groups",
        json!([{"key": "trade", "name": "Trade"}, {"key": "friends", "name": "Friends"}]),
    );
    mary.get("/admin/customer-groups").await.expect(200).says(&["Trade", "Friends"]);
    let put = "PUT /api/v1/admin/customer-groups/trade";
    mary.post("/admin/customer-groups", &[("key", "Trade!"), ("name", "Trade")])
        .await
        .expect(422)
        .says(&["lower-case"]);
    stage.says(put, json!({"key": "trade", "name": "Trade"}));
    mary.post("/admin/customer-groups", &[("key", "trade"), ("name", "Trade")])
        .await
        .leads_to("/admin/customer-groups");
    assert_eq!(stage.asked_once(put).body, json!({"key": "trade", "name": "Trade"}));
    stage.refuses("DELETE /api/v1/admin/customer-groups/trade", 409, "group_in_use", "Price lists are for it.", &[]);
    mary.get("/admin/customer-groups/trade/remove").await.expect(200).says(&["Nobody is in it any more"]);
    mary.post("/admin/customer-groups/trade/remove", &[]).await.leads_to("/admin/customer-groups");
    mary.get("/admin/customer-groups").await.says(&["Price lists are for it."]);

    let bob = AccountId::derived("test", &["Bob"]);
    stage.says(&format!("GET /api/v1/admin/accounts/{bob}"), account("Bob", &[Role::Customer], &[]));
    stage.says(&format!("GET /api/v1/admin/customers/{bob}/groups"), json!({"groups": ["friends"]}));
    let person = mary.get(&format!("/admin/users/{bob}")).await.expect(200);
    person
        .says(&["Prices of which groups they get", "value=\"friends\" checked"])
        .never_says(&["value=\"trade\" checked"]);
    let set = format!("PUT /api/v1/admin/customers/{bob}/groups");
    stage.says(&set, json!({"groups": ["trade"]}));
    mary.post(&format!("/admin/users/{bob}/groups"), &[("groups", "trade")])
        .await
        .leads_to(&format!("/admin/users/{bob}"));
    assert_eq!(stage.asked_once(&set).body, json!({"groups": ["trade"]}));
}

#[tokio::test]
async fn taxes_are_read_as_they_are_typed() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let input = |rates: Value| json!({"name": "VAT", "region_name": "", "prices_include_tax": true, "tax_shipping": true, "rates": rates});
    let standard = json!({"category": "standard", "rate_bp": 1_900, "valid_from": null});
    let area = json!({"country": "DE", "region": null, "input": input(json!([standard])), "version": 2});
    stage.says("GET /api/v1/tax-areas", json!([area]));
    stage.says(
        "GET /api/v1/tax-categories",
        json!([{"key": "books", "name": "Books"}, {"key": "standard", "name": "Standard"}]),
    );
    let page = mary.get("/admin/taxes?country=DE").await.expect(200);
    page.says(&["Germany", "standard: 19", "Contain it", "name=\"version\" value=\"2\""]);
    let typed = |rates: &'static str| {
        [
            ("country", "DE"),
            ("name", "VAT"),
            ("prices", "contain"),
            ("tax_shipping", "yes"),
            ("rates", rates),
            ("version", "2"),
        ]
    };
    let put = "PUT /api/v1/admin/tax-areas/DE";
    mary.post("/admin/taxes", &typed("51")).await.expect(422).says(&["from 0 to 50", "51</textarea>"]);
    assert!(stage.asked(put).is_empty());
    stage.refuses(put, 412, "stale_version", "Changed.", &[]);
    mary.post("/admin/taxes", &typed("19")).await.expect(422).says(&["changed in the meantime"]);
    stage.forget();
    stage.says(put, &area);
    mary.post("/admin/taxes", &typed("19\nbooks: 7 from 2027-01-01")).await.leads_to("/admin/taxes");
    let books = json!({"category": "books", "rate_bp": 700, "valid_from": "2027-01-01T00:00:00Z"});
    let asked = stage.asked_once(put);
    assert_eq!((asked.body, asked.headers["if-match"].as_str()), (input(json!([standard, books])), "\"2\""));
    // Removing asks first.
    let gone = "DELETE /api/v1/admin/tax-areas/DE";
    mary.get("/admin/taxes/remove?country=DE&region=").await.expect(200).says(&["bears no tax from now on"]);
    assert!(stage.asked(gone).is_empty());
    stage.answers(gone, 204, Value::Null);
    mary.post("/admin/taxes/remove", &[("country", "DE"), ("version", "2")]).await.leads_to("/admin/taxes");
    assert_eq!(stage.asked_once(gone).headers["if-match"], "\"2\"");
}

#[tokio::test]
async fn regions_and_tax_categories_are_kept() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says("GET /api/v1/tax-areas", Vec::<Value>::new());
    stage.says("GET /api/v1/tax-categories", json!([{"key": "books", "name": "Books"}]));
    // A region whose prices do not contain the tax.
    let region = [
        ("country", "US"),
        ("region", "CA"),
        ("region_name", "California"),
        ("name", "Sales tax"),
        ("prices", "added"),
        ("rates", "7.25"),
    ];
    let set = "PUT /api/v1/admin/tax-areas/US/regions/CA";
    stage.says(set, json!({"country": "US", "region": "CA", "version": 1, "input": {"name": "Sales tax", "region_name": "California",
        "prices_include_tax": false, "tax_shipping": false, "rates": [{"category": "standard", "rate_bp": 725}]}}));
    mary.post("/admin/taxes", &region).await.leads_to("/admin/taxes");
    let body = stage.asked_once(set).body;
    assert_eq!((&body["prices_include_tax"], &body["tax_shipping"]), (&json!(false), &json!(false)));
    mary.get("/admin/taxes").await.says(&["California"]);
    // Categories of goods.
    let put = "PUT /api/v1/admin/tax-categories/books";
    mary.post("/admin/taxes/categories", &[("key", "Books!"), ("category_name", "Books")])
        .await
        .expect(422)
        .says(&["lower-case"]);
    stage.says(put, json!({"key": "books", "name": "Books"}));
    mary.post("/admin/taxes/categories", &[("key", "books"), ("category_name", "Books")])
        .await
        .leads_to("/admin/taxes");
    assert_eq!(stage.asked_once(put).body, json!({"key": "books", "name": "Books"}));
    stage.refuses("DELETE /api/v1/admin/tax-categories/books", 409, "tax_category_in_use", "Products are in it.", &[]);
    mary.post("/admin/taxes/categories/books/remove", &[]).await.leads_to("/admin/taxes");
    mary.get("/admin/taxes").await.says(&["Products are in it."]);
}
