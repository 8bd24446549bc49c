//! Prices in further currencies of the shop.

use contracts::{
    cart::CartView,
    currencies::{ShopCurrencies, ShopCurrency},
    pricing::Quote,
};
use kernel::{Currency, Rounding, RoundingMode, Timestamp};
use serde_json::json;

use super::{browser::Browser, fixtures::*, portal::in_charge, stage::Stage};

/// Dollars at 1.0850, prices end in .99; pounds are switched off.
fn shop() -> ShopCurrencies {
    let dollars = ShopCurrency {
        code: Currency::USD,
        rate_micro: 1_085_000,
        rounding: Rounding { mode: RoundingMode::Nearest, step_minor: 100, ending_minor: Some(99) },
        enabled: true,
        updated_at: Timestamp(0),
    };
    let pounds = ShopCurrency { code: Currency::parse("GBP").unwrap(), enabled: false, ..dollars.clone() };
    ShopCurrencies { main: Currency::EUR, currencies: vec![pounds, dollars] }
}

async fn of_two_currencies() -> Stage {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/currencies", shop());
    stage
}

fn paying_in_dollars(stage: &Stage) -> Browser {
    let mut browser = stage.browser();
    browser.cookies.insert("souk_currency".to_owned(), "USD".to_owned());
    browser
}

fn mug_page(stage: &Stage) {
    stage.says("GET /api/v1/products/blue-mug", mug());
    stage.says(&format!("GET /api/v1/stores/{}/shipping-rates", vendor("kiln")), rates());
    stage.says("GET /api/v1/products", cards(&["bowl"]));
}

#[tokio::test]
async fn a_currency_is_chosen_in_the_foot_and_remembered() {
    let stage = of_two_currencies().await;
    mug_page(&stage);
    let mut browser = stage.browser();
    browser.get("/p/blue-mug").await.expect(200).says(&[
        "34.90\u{a0}€",
        "aria-label=\"Currency of prices\"",
        "<button name=\"currency\" value=\"EUR\" aria-pressed=\"true\">EUR</button>",
        "<button name=\"currency\" value=\"USD\" aria-pressed=\"false\">USD</button>",
    ]);
    let to = ("to", "/p/blue-mug");
    browser.post("/preferences/currency", &[("currency", "USD"), to]).await.leads_to("/p/blue-mug");
    assert_eq!(browser.cookies["souk_currency"], "USD");
    for code in ["GBP", "XXX", ""] {
        browser.post("/preferences/currency", &[("currency", code), to]).await.expect(422);
    }
    assert_eq!(browser.cookies["souk_currency"], "USD");
    // 34.90 × 1.085 = 37.8665, 42.90 is 46.5465, 35.90 is 38.9515, 31.90 is 34.6115, 4.90 is 5.3165, 80.00 is 86.80.
    let page = browser.get("/p/blue-mug").await.expect(200);
    page.says(&[
        "37.99\u{a0}$",
        "46.99\u{a0}$",
        "38.99\u{a0}$",
        "34.99\u{a0}$ each",
        "delivery from 4.99\u{a0}$",
        "free from 86.99\u{a0}$",
        "\"priceCurrency\":\"USD\"",
        "value=\"USD\" aria-pressed=\"true\"",
    ])
    .never_says(&["\u{a0}€"]);
    assert_eq!(stage.asked("GET /api/v1/currencies").len(), 1, "once a minute at most");
    assert!(stage.asked("PUT /api/v1/carts/current/currency").is_empty(), "there is no cart yet");
}

#[tokio::test]
async fn a_shop_of_one_currency_knows_of_no_choice() {
    let stage = Stage::new().await;
    mug_page(&stage);
    let mut browser = paying_in_dollars(&stage);
    browser.get("/p/blue-mug").await.expect(200).says(&["34.90\u{a0}€"]).never_says(&[
        "/preferences/currency",
        "Currency of prices",
        "\u{a0}$",
    ]);
    browser.post_raw("/preferences/currency", &[("currency", "USD"), ("to", "/")]).await.expect(422);
}

#[tokio::test]
async fn what_is_typed_as_a_price_finds_what_is_shown_at_it() {
    let stage = of_two_currencies().await;
    stage.says("GET /api/v1/search", found(&["mug"]));
    let page = paying_in_dollars(&stage).get("/c/mugs?price_min=30&price_max=34.99").await.expect(200);
    // 32.00 × 1.085 = 34.72, 40.00 is 43.40, 33.00 is 35.805.
    page.says(&[
        "34.99\u{a0}$",
        "42.99\u{a0}$",
        "Lowest in the 30 days before: 35.99\u{a0}$",
        "30.00\u{a0}$ to 34.99\u{a0}$",
        "value=\"34.99\"",
    ]);
    let asked = stage.asked_once("GET /api/v1/search").query;
    // 28.11 to 32.70 are shown as 30.99 at least, and as 34.99 at most.
    for part in ["price_min=2811", "price_max=3270"] {
        assert!(asked.split('&').any(|pair| pair == part), "{part} in {asked}");
    }
}

#[tokio::test]
async fn cart_and_order_are_in_the_currency_that_was_chosen() {
    let stage = of_two_currencies().await;
    let chosen = CartView { currency: Some(Currency::USD), ..cart(2) };
    let quote: Quote = {
        let text = serde_json::to_string(&quote('a', 2, 3_799)).unwrap().replace("\"EUR\"", "\"USD\"");
        serde_json::from_str(&text).unwrap()
    };
    stage.answers("POST /api/v1/carts", 201, json!({"token": "guest-token", "cart": cart(2)}));
    stage.says("PUT /api/v1/carts/current/currency", &chosen);
    stage.says("GET /api/v1/carts/current", &chosen);
    stage.says("POST /api/v1/quotes", &quote);
    stage.says("GET /api/v1/payment-methods", json!([{"method": "card", "label": "Card", "hint": ""}]));
    let mut browser = paying_in_dollars(&stage);
    browser.post_raw("/cart", &[("variant", &variant("Small").to_string())]).await.leads_to("/cart");
    let set = stage.asked_once("PUT /api/v1/carts/current/currency");
    assert_eq!((set.body, set.headers["cart-token"].as_str()), (json!({"currency": "USD"}), "guest-token"));

    // What the cart says counts, also where the browser remembers nothing.
    browser.cookies.remove("souk_currency");
    browser.get("/cart").await.expect(200).says(&["75.98\u{a0}$"]).never_says(&["\u{a0}€"]);
    assert_eq!(stage.asked("POST /api/v1/quotes").last().unwrap().body["currency"], "USD");
    let page = browser.get("/checkout").await.expect(200);
    let mut form = page.form("/checkout");
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

    // Choosing another one in the foot changes the cart.
    stage.forget();
    browser.post("/preferences/currency", &[("currency", "EUR"), ("to", "/cart")]).await.leads_to("/cart");
    assert_eq!(stage.asked_once("PUT /api/v1/carts/current/currency").body, json!({"currency": "EUR"}));
}

#[tokio::test]
async fn an_admin_sets_rates_and_sees_what_they_make_of_a_price() {
    let stage = of_two_currencies().await;
    let mut mary = in_charge(&stage).await;
    stage.says("GET /api/v1/admin/currencies", shop());
    mary.get("/admin/currencies").await.expect(200).says(&[
        "19.95 EUR at 1.0850 = 21.65 USD, rounded to 21.99 USD",
        "Rounded to the nearest 1.00 USD, ending in 0.99",
        "/admin/currencies/USD/remove",
    ]);
    let page = mary.get("/admin/currencies?code=USD").await.expect(200);
    page.says(&["value=\"1.0850\"", "value=\"0.99\"", "value=\"1.00\""]);
    let put = "PUT /api/v1/admin/currencies/USD";
    let wrong = [("code", "usd"), ("rate", "a"), ("mode", "up"), ("step", ""), ("ending", ""), ("enabled", "yes")];
    mary.post("/admin/currencies", &wrong)
        .await
        .expect(422)
        .says(&["Enter a rate such as 1.0850", "how far prices are apart"]);
    assert!(stage.asked(put).is_empty());
    stage.says(put, &shop().currencies[1]);
    let sent = [("code", "usd"), ("rate", "1,1"), ("mode", "up"), ("step", "0.05"), ("ending", ""), ("enabled", "no")];
    mary.post("/admin/currencies", &sent).await.leads_to("/admin/currencies");
    assert_eq!(
        stage.asked_once(put).body,
        json!({"rate_micro": 1_100_000, "rounding": {"mode": "up", "step_minor": 5}, "enabled": false})
    );
    let off = "DELETE /api/v1/admin/currencies/USD";
    mary.get("/admin/currencies/USD/remove").await.expect(200).says(&["Sell no longer in USD?"]);
    assert!(stage.asked(off).is_empty());
    stage.answers(off, 204, json!(null));
    mary.post("/admin/currencies/USD/remove", &[]).await.leads_to("/admin/currencies");
    stage.asked_once(off);
}
