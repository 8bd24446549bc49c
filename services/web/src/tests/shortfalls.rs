//! A cart that wants more than there is, or costs nothing; and where an estimate goes.

use contracts::{
    inventory::StockLevel,
    orders::{OrderStatus, VendorOrderStatus},
};
use serde_json::{Value, json};

use super::{browser::Browser, fixtures::*, stage::Stage};

const LEVELS: &str = "POST /api/v1/stock-levels";

/// What is left of both things in the cart.
fn left(small: (Value, i64), oil: i64) -> Value {
    json!([
        {"variant_id": variant("Small"), "level": small.0, "available": small.1},
        {"variant_id": variant("Oil"), "level": {"level": "in_stock"}, "available": oil},
    ])
}

fn plenty() -> Value {
    json!({"level": "in_stock"})
}

/// A guest with 50 small ones and an oil in the cart.
async fn guest(stage: &Stage) -> Browser {
    stage.answers("POST /api/v1/carts", 201, json!({"token": "guest-token", "cart": cart(50)}));
    stage.says("GET /api/v1/carts/current", cart(50));
    stage.says("POST /api/v1/quotes", quote('a', 50, 3_490));
    stage.says("GET /api/v1/payment-methods", json!([{"method": "card", "label": "Card", "hint": "Visa"}]));
    let mut browser = stage.browser();
    let form = [("variant", variant("Small").to_string()), ("quantity", "50".to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
    browser.post_raw("/cart", &form).await.leads_to("/cart");
    browser
}

#[tokio::test]
async fn cart_and_checkout_say_how_much_is_left_and_keep_what_was_typed() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    stage.says(LEVELS, left((plenty(), 20), 1));
    let said = ["Only 20 left of The Small.", "You have 50 in the cart. Choose fewer to order."];
    browser.get("/cart").await.expect(200).says(&said).says(&["value=\"50\""]).never_says(&["left of The Oil"]);
    let asked = stage.asked_once(LEVELS).body;
    let wanted = json!({"variant_ids": [variant("Small"), variant("Oil")], "quantities": [50, 1]});
    assert_eq!(asked, wanted, "all lines in one call");
    browser.get("/checkout").await.expect(200).says(&said).says(&["To the cart"]);
    assert_eq!(stage.asked(LEVELS).len(), 2);

    // As much as there is, is enough.
    stage.says(LEVELS, left((plenty(), 50), 1));
    browser.get("/cart").await.expect(200).never_says(&["left of The", "is sold out"]);
    browser.get("/checkout").await.expect(200).never_says(&["left of The", "is sold out"]);
    stage.says(LEVELS, left((json!({"level": "sold_out"}), 0), 1));
    browser.get("/cart").await.expect(200).says(&["The Small is sold out.", "value=\"50\""]);
}

#[tokio::test]
async fn what_may_be_ordered_ahead_is_there() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    stage.says(LEVELS, left((json!({"level": "back_order"}), 60), 1));
    browser.get("/cart").await.expect(200).never_says(&["can be ordered ahead", "left of The"]);
    stage.says(LEVELS, left((json!({"level": "back_order"}), 4), 1));
    browser.get("/cart").await.expect(200).says(&["Only 4 of The Small can be ordered ahead."]);
}

#[tokio::test]
async fn things_that_need_the_same_pieces_are_summed() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    // There is enough of each; a bundle and what lies in it are too many together.
    let mut told = left((plenty(), 60), 1);
    told[0]["together"] = json!(48);
    stage.says(LEVELS, told.clone());
    let said = ["Only 48 left of The Small beside the rest of your cart.", "You have 50 in the cart, and other things"];
    browser.get("/cart").await.expect(200).says(&said).says(&["value=\"50\""]).never_says(&["left of The Oil"]);
    browser.get("/checkout").await.expect(200).says(&said).says(&["To the cart"]);
    told[0]["together"] = json!(0);
    stage.says(LEVELS, told);
    let said = ["Nothing is left of The Small beside the rest of your cart."];
    browser.get("/cart").await.expect(200).says(&said).never_says(&["is sold out"]);
}

#[tokio::test]
async fn without_an_answer_the_cart_says_what_it_knows() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    stage.refuses(LEVELS, 503, "unavailable", "Later.", &[]);
    browser.get("/cart").await.expect(200).never_says(&["left of The"]);
    let mut low = cart(50);
    low.lines[0].stock = StockLevel::Low(3);
    stage.says("GET /api/v1/carts/current", low);
    browser.get("/cart").await.expect(200).says(&["Only 3 left of The Small."]);
}

#[tokio::test]
async fn an_estimate_goes_to_the_region_of_the_own_address() {
    let stage = Stage::new().await;
    let mut ada = stage.logged_in("Ada").await;
    stage.says("GET /api/v1/carts/current", cart(2));
    stage.says("POST /api/v1/quotes", quote('a', 2, 3_490));
    let saved = |country: &str, is_default: bool| {
        let mut own = serde_json::to_value(address()).unwrap();
        own["country"] = json!(country);
        own["region"] = json!("BE");
        json!([{"id": kernel::AddressId::derived("test", &["home"]), "address": own, "is_default": is_default}])
    };
    for (addresses, region) in [
        (saved("DE", true), json!("BE")),
        (saved("FR", true), Value::Null),
        (saved("DE", false), Value::Null),
        (json!([]), Value::Null),
    ] {
        stage.says("GET /api/v1/me/addresses", addresses);
        stage.forget();
        ada.get("/cart").await.expect(200);
        assert_eq!(stage.asked_once("POST /api/v1/quotes").body["region"], region);
    }
}

#[tokio::test]
async fn what_costs_nothing_is_ordered_without_a_way_to_pay() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    let said = "There is nothing to pay.";
    let asked = "How do you want to pay?";
    let page = browser.get("/checkout").await.expect(200);
    page.says(&["id=\"pay\" type=\"submit\">", asked, "You pay on the page"]).never_says(&[said]);
    let mut free = quote('b', 50, 3_490);
    free.total = eur(0);
    stage.says("POST /api/v1/quotes", free);
    browser.get("/cart").await.expect(200).never_says(&[said, "cannot be ordered"]);
    let page = browser.get("/checkout").await.expect(200);
    let page = page.says(&[said, "id=\"pay\" type=\"submit\">", "Place order · 0.00"]);
    let page = page.never_says(&[asked, "You pay on the page"]);
    let mut form = page.form("/checkout");
    assert_eq!(form.iter().filter(|(name, _)| name == "payment.method").count(), 1);
    for (name, value) in [
        ("email", "ada@example.com"),
        ("address.name", "Ada Lovelace"),
        ("address.line1", "Rua das Flores 12"),
        ("address.postcode", "4050-262"),
        ("address.city", "Porto"),
        ("address.country", "PT"),
        ("terms", "yes"),
    ] {
        form.retain(|(known, _)| known != name);
        form.push((name.to_owned(), value.to_owned()));
    }
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let order = order(OrderStatus::AwaitingPayment, VendorOrderStatus::Pending);
    stage.answers("POST /api/v1/orders", 200, json!({"token": "order-token", "order": order}));
    browser.post_raw("/checkout", &form).await.expect(303);
    assert_eq!(stage.asked_once("POST /api/v1/orders").body["payment"]["method"], "none");
}
