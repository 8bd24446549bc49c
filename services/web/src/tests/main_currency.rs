//! Shops whose main currency is another than EUR: what is typed, asked for and shown is in it.

use std::sync::Arc;

use contracts::{
    cart::CartView,
    currencies::{ShopCurrencies, ShopCurrency},
    pricing::Quote,
};
use db::Dialect;
use kernel::{CategoryId, Currency, PriceListId, PromotionId, Rounding, Timestamp, VendorRole};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use testkit::TestApp;

use super::{fixtures::*, portal::*, stage::Stage};
use crate::Settings;

fn at(path: &str) -> String {
    format!("/vendor/{}{path}", kiln())
}
fn api(path: &str) -> String {
    format!("/api/v1/vendors/{}{path}", kiln())
}

async fn shop_of(code: &str) -> Stage {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/currencies", ShopCurrencies::of_one(Currency::parse(code).unwrap()));
    stage
}

/// The same numbers of minor units of another currency.
fn in_currency<T: Serialize + DeserializeOwned>(code: &str, value: &T) -> T {
    let text = serde_json::to_string(value).unwrap().replace("\"EUR\"", &format!("\"{code}\""));
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn a_product_is_shown_in_yen_without_decimals() {
    let stage = shop_of("JPY").await;
    stage.says("GET /api/v1/products/blue-mug", in_currency("JPY", &mug()));
    stage.says(&format!("GET /api/v1/stores/{}/shipping-rates", vendor("kiln")), in_currency("JPY", &rates()));
    stage.says("GET /api/v1/products", in_currency("JPY", &cards(&["bowl"])));
    stage
        .browser()
        .get("/p/blue-mug")
        .await
        .expect(200)
        .says(&[
            "3,490\u{a0}¥",
            "4,290\u{a0}¥",
            "3,190\u{a0}¥ each",
            "delivery from 490\u{a0}¥",
            "free from 8,000\u{a0}¥",
            "\"priceCurrency\":\"JPY\"",
            "\"price\":\"3490\"",
        ])
        .never_says(&["€", "34.90", "Currency of prices"]);
}

#[tokio::test]
async fn a_search_is_narrowed_in_the_minor_units_of_the_main_currency() {
    for (code, typed, asked_for, told) in [
        ("JPY", "1500", "price_min=1500", "From 1,500\u{a0}¥"),
        ("KWD", "1,25", "price_min=1250", "From 1.250\u{a0}KWD"),
        ("USD", "30", "price_min=3000", "From 30.00\u{a0}$"),
    ] {
        let stage = shop_of(code).await;
        stage.says("GET /api/v1/search", in_currency(code, &found(&["mug"])));
        stage.browser().get(&format!("/c/mugs?price_min={typed}")).await.expect(200).says(&[told]).never_says(&["€"]);
        let query = stage.asked_once("GET /api/v1/search").query;
        assert!(query.split('&').any(|pair| pair == asked_for), "{asked_for} in {query}");
    }
    let stage = shop_of("JPY").await;
    stage.says("GET /api/v1/search", in_currency("JPY", &found(&["mug"])));
    stage.browser().get("/c/mugs?price_min=15.5").await.expect(200);
    assert!(!stage.asked_once("GET /api/v1/search").query.contains("price_min"), "there is no half of a yen");
}

#[tokio::test]
async fn an_order_is_placed_in_the_main_currency_without_naming_it() {
    let stage = shop_of("USD").await;
    let cart: CartView = in_currency("USD", &cart(2));
    let quote: Quote = in_currency("USD", &quote('a', 2, 3_490));
    stage.answers("POST /api/v1/carts", 201, json!({"token": "guest-token", "cart": cart}));
    stage.says("GET /api/v1/carts/current", &cart);
    stage.says("POST /api/v1/quotes", &quote);
    stage.says("GET /api/v1/payment-methods", json!([{"method": "card", "label": "Card", "hint": ""}]));
    let mut browser = stage.browser();
    browser.post_raw("/cart", &[("variant", &variant("Small").to_string())]).await.leads_to("/cart");
    browser.get("/cart").await.expect(200).says(&["69.80\u{a0}$"]).never_says(&["\u{a0}€"]);
    assert_eq!(stage.asked("POST /api/v1/quotes").last().unwrap().body["currency"], "USD");
    let page = browser.get("/checkout").await.expect(200);
    let mut form = page.form("/checkout");
    assert!(form.iter().all(|(name, _)| name != "quote_currency"));
    let typed = [
        ("email", "ada@example.com"),
        ("address.name", "Ada Lovelace"),
        ("address.line1", "Rua das Flores 12"),
        ("address.postcode", "4050-262"),
        ("address.city", "Porto"),
        ("address.country", "PT"),
        ("payment.method", "card"),
        ("terms", "yes"),
    ];
    form.retain(|(name, _)| typed.iter().all(|(known, _)| known != name));
    form.extend(typed.map(|(name, value)| (name.to_owned(), value.to_owned())));
    stage.refuses("POST /api/v1/orders", 503, "unavailable", "Resting.", &[]);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post_raw("/checkout", &form).await.expect(503);
    assert_eq!(stage.asked_once("POST /api/v1/orders").body["currency"], "USD");
    assert!(stage.asked("PUT /api/v1/carts/current/currency").is_empty(), "nothing was chosen");
}

#[tokio::test]
async fn a_vendor_types_prices_in_minor_units_of_the_main_currency() {
    for (code, symbol, price, minor, wrong, example) in [
        ("JPY", "¥", "1250", 1_250, "12.50", "Enter a price such as 1999."),
        ("KWD", "KWD", "12,5", 12_500, "1.2505", "Enter a price such as 19.990."),
        ("USD", "$", "12.5", 1_250, "12.505", "Enter a price such as 19.99."),
    ] {
        let stage = shop_of(code).await;
        let mut ines = at_work(&stage, VendorRole::Staff).await;
        ines.get(&at("/products/new")).await.expect(200).says(&[symbol]).never_says(&["€"]);
        let category = CategoryId::derived("test", &["mugs"]).to_string();
        let mut form = [
            ("title", "Cup"),
            ("category_id", category.as_str()),
            ("status", "draft"),
            ("variants[0].sku", "CUP"),
            ("variants[0].price_minor", wrong),
            ("variants[0].weight_g", "0"),
            ("variants[0].options", ""),
        ];
        let create = format!("POST {}", api("/products"));
        ines.post(&at("/products"), &form).await.expect(422).says(&[example]);
        assert!(stage.asked(&create).is_empty());
        form[4].1 = price;
        stage.answers(&create, 201, edit("Small", minor));
        ines.post(&at("/products"), &form).await.leads_to(&at(&format!("/products/{}", product_id("Small"))));
        let body = stage.asked_once(&create).body;
        assert_eq!((&body["currency"], &body["variants"][0]["price_minor"]), (&json!(code), &json!(minor)));
    }
}

#[tokio::test]
async fn ways_to_deliver_and_price_lists_begin_in_the_main_currency() {
    let stage = shop_of("JPY").await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    ines.get(&at("/delivery/new")).await.expect(200).says(&["5 kg: 990", "¥"]).never_says(&["€", "9.90"]);
    let create = format!("POST {}", api("/shipping-methods"));
    let mut form = [
        ("name", "Post"),
        ("price_minor", "4.90"),
        ("free_over_minor", "8000"),
        ("weight_prices", "5 kg: 990"),
        ("days_min", "1"),
        ("days_max", "2"),
    ];
    ines.post(&at("/delivery"), &form).await.expect(422).says(&["Enter an amount such as 1999."]);
    assert!(stage.asked(&create).is_empty());
    form[1].1 = "490";
    let kept = json!({"name": "Post", "currency": "JPY", "price_minor": 490, "free_over_minor": 8_000, "countries": [],
        "days_min": 1, "days_max": 2});
    stage.answers(&create, 201, json!({"id": method("Post"), "version": 1, "input": kept}));
    ines.post(&at("/delivery"), &form).await.leads_to(&at("/delivery"));
    let body = stage.asked_once(&create).body;
    assert_eq!(
        (&body["currency"], &body["price_minor"], &body["free_over_minor"], &body["weight_prices"]),
        (&json!("JPY"), &json!(490), &json!(8_000), &json!([{"from_g": 5_000, "price_minor": 990}]))
    );

    stage.says(&format!("GET {}", api("/customer-groups")), json!([{"key": "trade", "name": "Trade"}]));
    ines.get(&at("/price-lists/new")).await.expect(200).says(&["SKU and price in JPY: MUG-BLUE: 900."]);
    let create = format!("POST {}", api("/price-lists"));
    let form =
        [("name", "Trade"), ("group", "trade"), ("starts_at", "2026-02-01"), ("ends_at", ""), ("prices", "MUG: 900")];
    let input = json!({"name": "Trade", "group": "trade", "currency": "JPY", "starts_at": "2026-02-01T00:00:00Z",
        "prices": [{"sku": "MUG", "price_minor": 900}]});
    let list = json!({"id": PriceListId::derived("t", &[]), "active": false, "version": 1, "input": input});
    stage.answers(&create, 201, list);
    ines.post(&at("/price-lists"), &form).await.leads_to(&at("/price-lists"));
    let body = stage.asked_once(&create).body;
    assert_eq!((&body["currency"], &body["prices"][0]["price_minor"]), (&json!("JPY"), &json!(900)));
}

#[tokio::test]
async fn a_promotion_keeps_the_currency_that_it_was_made_in() {
    let stage = shop_of("JPY").await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    stage.says(&format!("GET {}", api("/products")), page::<Value>(&[]));
    ines.get(&at("/promotions/new")).await.expect(200).says(&["¥"]).never_says(&["€"]);
    let id = PromotionId::derived("t", &["off"]);
    let view = |currency: &str| {
        json!({"id": id, "vendor_id": kiln(), "active": true, "uses": 0, "version": 3,
            "spent": {"amount_minor": 0, "currency": currency},
            "input": {"name": "Off", "currency": currency, "starts_at": "2026-01-01T00:00:00Z",
                "effect": {"type": "amount_off", "amount_minor": 500}}})
    };
    let create = format!("POST {}", api("/promotions"));
    stage.answers(&create, 201, view("JPY"));
    let mut form = [
        ("name", "Off"),
        ("effect", "amount_off"),
        ("amount", "500"),
        ("minimum", "2000"),
        ("starts_at", "2026-02-01"),
    ];
    ines.post(&at("/promotions"), &form).await.leads_to(&at("/promotions"));
    let body = stage.asked_once(&create).body;
    assert_eq!((&body["currency"], &body["minimum_minor"]), (&json!("JPY"), &json!(2_000)));
    assert_eq!(body["effect"], json!({"type": "amount_off", "amount_minor": 500}));

    // One from before stays in euros.
    let one = api(&format!("/promotions/{id}"));
    stage.says(&format!("GET {one}"), view("EUR"));
    ines.get(&at(&format!("/promotions/{id}"))).await.expect(200).says(&["value=\"5.00\"", "€"]);
    let update = format!("PUT {one}");
    stage.says(&update, view("EUR"));
    (form[2].1, form[3].1) = ("7.50", "20");
    ines.post(&at(&format!("/promotions/{id}")), &form).await.leads_to(&at("/promotions"));
    let body = stage.asked_once(&update).body;
    assert_eq!((&body["currency"], &body["minimum_minor"]), (&json!("EUR"), &json!(2_000)));
    assert_eq!(body["effect"], json!({"type": "amount_off", "amount_minor": 750}));
}

#[tokio::test]
async fn an_admin_gives_cards_and_sets_rates_in_the_main_currency() {
    let stage = shop_of("JPY").await;
    let mut mary = in_charge(&stage).await;
    stage.says("GET /api/v1/admin/credits", page::<Value>(&[]));
    mary.get("/admin/credits").await.expect(200).says(&["¥"]).never_says(&["€"]);
    let give = "POST /api/v1/admin/credits";
    stage.refuses(give, 422, "invalid_input", "Not so.", &[("email", "Nobody lives there.")]);
    mary.post("/admin/credits", &[("kind", "gift_card"), ("amount", "20.5"), ("key", "k1")])
        .await
        .expect(422)
        .says(&["Enter an amount such as 1999."]);
    assert!(stage.asked(give).is_empty());
    mary.post("/admin/credits", &[("kind", "gift_card"), ("amount", "2000"), ("key", "k2")]).await.expect(422);
    let body = stage.asked_once(give).body;
    assert_eq!((&body["currency"], &body["amount_minor"]), (&json!("JPY"), &json!(2_000)));

    let yen = Currency::parse("JPY").unwrap();
    stage.says("GET /api/v1/admin/currencies", ShopCurrencies::of_one(yen));
    mary.get("/admin/currencies")
        .await
        .expect(200)
        .says(&["Everything is sold in JPY", "What 1 JPY is worth in it"])
        .never_says(&["1 EUR", "in EUR"]);
    let dollars = ShopCurrency {
        code: Currency::USD,
        rate_micro: 6_700,
        rounding: Rounding::default(),
        enabled: true,
        updated_at: Timestamp(0),
    };
    stage.says("GET /api/v1/admin/currencies", ShopCurrencies { main: yen, currencies: vec![dollars] });
    // 1995 × 0.0067 = 13.3665
    mary.get("/admin/currencies").await.expect(200).says(&["1995 JPY at 0.0067 = 13.37 USD"]);
}

#[tokio::test]
async fn pages_begin_with_the_setting_while_nobody_answers() {
    let settings = Settings { currency: Currency::USD, ..Settings::default() };
    let stage = Stage::around(Arc::new(TestApp::start(Dialect::Sqlite, vec![crate::service(settings)]).await));
    stage.refuses("GET /api/v1/currencies", 503, "unavailable", "Resting.", &[]);
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    ines.get(&at("/delivery/new")).await.expect(200).says(&["5 kg: 9.90", "$"]).never_says(&["€"]);
}
