//! Buying: the cart, the checkout.

use contracts::orders::{NextAction, OrderStatus, VendorOrderStatus};
use kernel::Role;
use serde_json::{Value, json};

use super::{browser::Browser, fixtures::*, stage::Stage};

const ADD: &str = "POST /api/v1/carts/current/lines";

fn small() -> String {
    variant("Small").to_string()
}

/// A guest with something in the cart.
pub async fn guest(stage: &Stage) -> Browser {
    stage.answers("POST /api/v1/carts", 201, json!({"token": "guest-token", "cart": cart(2)}));
    stage.says("GET /api/v1/carts/current", cart(2));
    stage.says("POST /api/v1/quotes", quote('a', 2, 3_490));
    stage.says("GET /api/v1/payment-methods", json!([
        {"method": "card", "label": "Card", "hint": "Visa, Mastercard"}, {"method": "transfer", "label": "Bank transfer", "hint": "Slow"},
    ]));
    let mut browser = stage.browser();
    browser.post_raw("/cart", &[("variant", &small()), ("quantity", "2")]).await.leads_to("/cart");
    browser
}

#[tokio::test]
async fn the_first_thing_opens_a_cart_and_the_second_goes_into_it() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    assert_eq!(stage.asked_once("POST /api/v1/carts").body, json!({"variant_id": small(), "quantity": 2}));
    stage.says(ADD, cart(3));
    browser.get("/cart").await.expect(200).says(&["The Small is in your cart."]);
    browser.post("/cart", &[("variant", &small())]).await.leads_to("/cart");
    let added = stage.asked_once(ADD);
    assert_eq!(
        (added.body, added.headers["cart-token"].as_str()),
        (json!({"variant_id": small(), "quantity": 1}), "guest-token")
    );
    assert_eq!(stage.asked("POST /api/v1/carts").len(), 1);
}

#[tokio::test]
async fn a_cart_that_was_forgotten_is_opened_anew() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    stage.refuses("GET /api/v1/carts/current", 404, "not_found", "There is no such cart.", &[]);
    stage.refuses(ADD, 404, "not_found", "There is no such cart.", &[]);
    browser.get("/cart").await.expect(200).says(&["Your cart is empty", "href=\"/search\""]);
    browser.post("/cart", &[("variant", &small())]).await.leads_to("/cart");
    assert_eq!(stage.asked("POST /api/v1/carts").len(), 2);
}

#[tokio::test]
async fn adding_without_leaving_the_page() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/products/blue-mug", mug());
    stage.answers("POST /api/v1/carts", 201, json!({"token": "t", "cart": cart(2)}));
    let mut browser = stage.browser().htmx();
    let form = [("variant", small()), ("quantity", "2".to_owned()), ("product", "blue-mug".to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
    browser
        .post_raw("/cart", &form)
        .await
        .expect(200)
        .says(&["id=\"buy\"", "id=\"cart-count\" hx-swap-oob", ">3<", "is in your cart.", "href=\"/cart\""])
        .never_says(&["<html"]);
    stage.refuses(
        ADD,
        422,
        "invalid_input",
        "Some fields need to be corrected.",
        &[("variant_id", "This is not on sale (any more).")],
    );
    browser
        .post("/cart", &form)
        .await
        .expect(200)
        .says(&["That did not go into the cart.", "This is not on sale (any more)."]);
    // What has no part of the page to stand in becomes a toast.
    let page = browser.post("/cart", &[("variant", "nonsense")]).await.expect(422);
    assert_eq!((page.header("hx-retarget"), page.header("hx-reswap")), (Some("#toasts"), Some("beforeend")));
}

#[tokio::test]
async fn the_cart_is_grouped_by_maker_and_explains_its_sum() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    let mut changed = cart(2);
    changed.lines[0].price_when_added = Some(eur(2_990));
    changed.lines[1].stock = contracts::inventory::StockLevel::SoldOut;
    stage.says("GET /api/v1/carts/current", changed);
    let page = browser.get("/cart").await.expect(200);
    page.says(&[
        "Kiln &#38; Daughters",
        "Ölmühle",
        "69.80\u{a0}€",
        "Standard, Sat 17 Jan – Mon 19 Jan",
        "4.90\u{a0}€",
        "Why this price",
        "2 × 34.90\u{a0}€",
    ])
    .says(&[
        "The price of The Small changed.",
        "it was 29.90\u{a0}€",
        "The Oil can no longer be had.",
        "Sold out",
        "Including 16.00\u{a0}€ VAT",
        "value=\"DE\" selected",
    ]);
    let asked = stage.asked("POST /api/v1/quotes").pop().unwrap().body;
    assert_eq!(asked["lines"], json!([{"variant_id": small(), "quantity": 2}]), "what is sold out is not quoted");
}

#[tokio::test]
async fn a_cart_whose_price_cannot_be_had_is_shown_all_the_same() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    stage.refuses("POST /api/v1/quotes", 503, "unavailable", "Prices rest.", &[]);
    browser.get("/cart").await.expect(200).says(&["The Small", "The total is not known just now.", "88.70\u{a0}€"]);
}

#[tokio::test]
async fn quantities_are_edited_in_place() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    let line = format!("/api/v1/carts/current/lines/{}", small());
    stage.says(&format!("PUT {line}"), cart(5));
    stage.says(&format!("DELETE {line}"), cart(0));
    browser.get("/cart").await.expect(200);
    let edit = format!("/cart/{}", small());
    browser.post(&edit, &[("quantity", "5")]).await.leads_to("/cart");
    let put = stage.asked_once(&format!("PUT {line}"));
    assert_eq!((put.body, put.headers["cart-token"].as_str()), (json!({"quantity": 5}), "guest-token"));
    browser
        .htmx()
        .post(&edit, &[("quantity", "5")])
        .await
        .expect(200)
        .says(&["<div id=\"cart\"", "data-say=\"Total", "id=\"cart-count\""])
        .never_says(&["<html"]);
    stage.forget();
    for bad in ["-1", "abc", "", "99999999999999999999", "1.5"] {
        browser
            .htmx()
            .post(&edit, &[("quantity", bad)])
            .await
            .expect(200)
            .says(&["Enter a whole number from 0 to 10,000."]);
    }
    assert!(stage.asked(&format!("PUT {line}")).is_empty());
    browser.post(&format!("{edit}/remove"), &[]).await.leads_to("/cart");
    assert_eq!(stage.asked(&format!("DELETE {line}")).len(), 1);
    browser.post("/cart/nonsense", &[("quantity", "1")]).await.expect(404);
    browser.post_raw(&edit, &[("quantity", "1")]).await.expect(403);
}

#[tokio::test]
async fn the_estimate_follows_the_country() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    browser.get("/cart").await.expect(200);
    browser.post("/cart/country", &[("country", "PT")]).await.leads_to("/cart");
    browser.get("/cart").await.expect(200).says(&["value=\"PT\" selected"]);
    assert_eq!(stage.asked("POST /api/v1/quotes").pop().unwrap().body["country"], "PT");
    browser.post("/cart/country", &[("country", "Portugal")]).await.expect(422);
}

#[tokio::test]
async fn checkout_needs_something_to_order() {
    let stage = Stage::new().await;
    stage.browser().get("/checkout").await.leads_to("/cart");
    let mut browser = guest(&stage).await;
    let mut gone = cart(2);
    gone.lines.iter_mut().for_each(|line| line.available = false);
    stage.says("GET /api/v1/carts/current", gone);
    browser.get("/checkout").await.leads_to("/cart");
    stage.says("GET /api/v1/carts/current", cart(2));
    stage.refuses(
        "POST /api/v1/quotes",
        422,
        "invalid_input",
        "Some fields need to be corrected.",
        &[("lines[0].variant_id", "This is not on sale (any more).")],
    );
    browser.get("/checkout").await.leads_to("/cart");
    browser.get("/cart").await.expect(200).says(&["This is not on sale (any more)."]);
}

/// The form of the checkout as a browser sends it, filled in, with changes.
pub async fn filled(browser: &mut Browser, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let page = browser.get("/checkout").await.expect(200);
    let mut form = page.form("/checkout");
    let typed = [
        ("email", "ada@example.com"),
        ("address.country", "PT"),
        ("address.name", "Ada Lovelace"),
        ("address.line1", "Rua das Flores 12"),
        ("address.postcode", "4050-262"),
        ("address.city", "Porto"),
        ("terms", "yes"),
    ];
    for (name, value) in typed.iter().chain(changes) {
        form.retain(|(known, _)| known != name);
        form.push(((*name).to_owned(), (*value).to_owned()));
    }
    form
}

pub async fn send(browser: &mut Browser, form: &[(String, String)]) -> super::browser::Page {
    let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post_raw("/checkout", &form).await
}

pub fn placed(status: OrderStatus, url: Option<&str>) -> Value {
    let mut order = order(status, VendorOrderStatus::Pending);
    order.next_action = url.map(|url| NextAction::Redirect { url: url.to_owned() });
    json!({"token": "order-token", "order": order})
}

#[tokio::test]
async fn a_guest_places_an_order_and_goes_to_pay() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    let page = browser.get("/checkout").await.expect(200);
    page.says(&[
        "1. Contact and address",
        "2. Delivery",
        "3. Payment",
        "Place order · 98.50\u{a0}€",
        "From Kiln &#38; Daughters",
        "Express",
        "9.90\u{a0}€",
        "Bank transfer",
        "Have an account?",
        "noindex",
    ])
    .says(&["autocomplete=\"shipping postal-code\"", "type=\"email\""]);
    let form = filled(
        &mut browser,
        &[(&format!("shipping.{}", vendor("oil")), &method("Express").to_string()), ("note", "Ring\r\ntwice")],
    )
    .await;
    stage.answers(
        "POST /api/v1/orders",
        200,
        placed(OrderStatus::AwaitingPayment, Some("http://souk.test/sandbox/pay/1")),
    );
    send(&mut browser, &form).await.leads_to("http://souk.test/sandbox/pay/1");
    let asked = stage.asked_once("POST /api/v1/orders");
    let key = form.iter().find(|(name, _)| name == "key").unwrap().1.clone();
    assert_eq!((asked.headers["idempotency-key"].as_str(), asked.headers["prefer"].as_str()), (key.as_str(), "wait=4"));
    let attempt: String = key.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    assert_eq!(
        asked.body,
        json!({
            "quote_hash": "a".repeat(64), "currency": "EUR",
            "lines": [{"variant_id": small(), "quantity": 2}, {"variant_id": variant("Oil"), "quantity": 1}],
            "shipping": [{"vendor_id": vendor("kiln"), "method_id": method("Standard")}, {"vendor_id": vendor("oil"), "method_id": method("Express")}],
            "email": "ada@example.com",
            "address": {"name": "Ada Lovelace", "line1": "Rua das Flores 12", "postcode": "4050-262", "city": "Porto", "country": "PT"},
            "billing_address": null,
            "payment": {"method": "card", "return_path": format!("/orders/return/{attempt}")},
            "cart_id": cart(2).id, "note": "Ring\ntwice",
        })
    );
    // The order can be opened in this browser, and the provider's page leads back to it.
    stage.says(&format!("GET /api/v1/orders/{}", order_id()), order(OrderStatus::Paid, VendorOrderStatus::ToShip));
    browser.get(&format!("/orders/return/{attempt}")).await.leads_to(&format!("/orders/{}", order_id()));
    browser.get(&format!("/orders/{}", order_id())).await.expect(200).says(&["Thank you, Ada"]);
    assert_eq!(
        stage.asked(&format!("GET /api/v1/orders/{}", order_id())).pop().unwrap().headers["order-token"],
        "order-token"
    );
    browser.get("/orders/return/somebody-elses").await.expect(404);
}

#[tokio::test]
async fn sending_twice_asks_twice_for_the_same() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    let form = filled(&mut browser, &[]).await;
    stage.answers("POST /api/v1/orders", 200, placed(OrderStatus::Paid, None));
    send(&mut browser, &form).await.leads_to(&format!("/orders/{}", order_id()));
    // The order has emptied the cart meanwhile; the form still says what was ordered.
    stage.says("GET /api/v1/carts/current", cart(0));
    let mut german = browser.with("accept-language", "de-AT,en;q=0.5");
    send(&mut german, &form).await.leads_to(&format!("/orders/{}", order_id()));
    let asked = stage.asked("POST /api/v1/orders");
    assert_eq!([0, 1].map(|at: usize| asked[at].headers["accept-language"].as_str()), ["en", "de"]);
    assert_eq!(
        (asked.len(), &asked[0].body, &asked[0].headers["idempotency-key"]),
        (2, &asked[1].body, &asked[1].headers["idempotency-key"])
    );
    // A form shown anew is a new attempt.
    stage.says("GET /api/v1/carts/current", cart(2));
    let again = filled(&mut browser, &[]).await;
    let key = |form: &[(String, String)]| form.iter().find(|(name, _)| name == "key").unwrap().1.clone();
    assert_ne!(key(&form), key(&again));
}

#[tokio::test]
async fn to_another_site_one_goes_by_a_page_of_its_own() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    let form = filled(&mut browser, &[]).await;
    let url = "https://pay.example/c/1?a=1&b=2";
    stage.answers("POST /api/v1/orders", 200, placed(OrderStatus::AwaitingPayment, Some(url)));
    let pay = format!("/orders/{}/pay", order_id());
    send(&mut browser, &form).await.leads_to(&pay);
    let mut waiting = order(OrderStatus::AwaitingPayment, VendorOrderStatus::Pending);
    waiting.next_action = Some(NextAction::Redirect { url: url.to_owned() });
    stage.says(&format!("GET /api/v1/orders/{}", order_id()), waiting);
    browser
        .get(&pay)
        .await
        .expect(200)
        .says(&["http-equiv=\"refresh\" content=\"0;url=https://pay.example/c/1?a=1&#38;b=2\"", "Pay 98.50"]);
    browser
        .get(&format!("/orders/{}", order_id()))
        .await
        .expect(200)
        .says(&["Not paid yet.", &format!("href=\"{pay}\"")]);
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    let form = filled(&mut browser, &[("email", "ada@"), ("address.city", " "), ("address.name", "Ada \"<b>\"")]).await;
    let form: Vec<_> = form.into_iter().filter(|(name, _)| name != "terms").collect();
    send(&mut browser, &form).await.expect(422).says(&[
        "href=\"#f-email\"",
        "Enter an e-mail address such as name@example.com.",
        "value=\"ada@\"",
        "Enter the town.",
        "href=\"#f-address-city\"",
        "Tick that you have read the terms.",
        "value=\"Rua das Flores 12\"",
        "Ada &#34;&#60;b&#62;&#34;",
        "value=\"PT\" selected",
        "aria-invalid=\"true\"",
    ]);
    assert!(stage.asked("POST /api/v1/orders").is_empty());
    stage.refuses(
        "POST /api/v1/orders",
        422,
        "invalid_input",
        "Some fields need to be corrected.",
        &[("address.postcode", "Use one line."), ("payment.method", "There is no such way to pay.")],
    );
    let form = filled(&mut browser, &[]).await;
    send(&mut browser, &form).await.expect(422).says(&[
        "Use one line.",
        "There is no such way to pay.",
        "value=\"4050-262\"",
        "value=\"ada@example.com\"",
    ]);
}

#[tokio::test]
async fn a_price_that_changed_is_shown_and_asked_again() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    let form = filled(&mut browser, &[]).await;
    stage.answers(
        "POST /api/v1/orders",
        409,
        json!({"code": "quote_changed", "detail": "Changed.", "status": 409, "extra": {"quote": quote('b', 2, 3_990)}}),
    );
    stage.says("POST /api/v1/quotes", quote('b', 2, 3_990));
    let page = send(&mut browser, &form).await.expect(409);
    let page = page.says(&[
        "Something changed while you were here.",
        "The Small is now 39.90\u{a0}€, it was 34.90\u{a0}€.",
        "The total is now 108.50\u{a0}€, it was 98.50\u{a0}€.",
        "Nothing was ordered.",
        "Place order · 108.50\u{a0}€",
        "value=\"Rua das Flores 12\"",
    ]);
    assert_eq!(page.hidden("quote_hash"), Some("b".repeat(64)));
    assert_ne!(
        page.hidden("key"),
        form.iter().find(|(name, _)| name == "key").map(|(_, key)| key.clone()),
        "another order is another key"
    );
}

#[tokio::test]
async fn something_sold_meanwhile_leads_back_to_the_cart() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    let form = filled(&mut browser, &[]).await;
    stage.refuses(
        "POST /api/v1/orders",
        422,
        "invalid_input",
        "Some fields need to be corrected.",
        &[("lines[1].variant_id", "This is not on sale (any more).")],
    );
    send(&mut browser, &form).await.leads_to("/cart");
    browser.get("/cart").await.expect(200).says(&["This is not on sale (any more)."]);
}

#[tokio::test]
async fn a_maker_that_does_not_deliver_there_is_said_before_paying() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    stage.says("POST /api/v1/quotes", stuck_quote());
    browser.get("/checkout").await.expect(200).says(&["Ölmühle does not deliver to Germany.", "href=\"/cart\""]);
    browser.get("/cart").await.expect(200).says(&["Ölmühle cannot send this to Germany"]);
}

#[tokio::test]
async fn the_sum_follows_country_and_delivery() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    let form = filled(
        &mut browser,
        &[("address.country", "FR"), (&format!("shipping.{}", vendor("kiln")), &method("Express").to_string())],
    )
    .await;
    let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    stage.forget();
    stage.says("POST /api/v1/quotes", quote('c', 2, 3_490));
    let part = browser.htmx().post_raw("/checkout/quote", &form).await.expect(200);
    let part = part
        .says(&["id=\"delivery\"", "id=\"summary\" hx-swap-oob", "id=\"pay\" type=\"submit\" hx-swap-oob"])
        .never_says(&["<html"]);
    assert_eq!(part.hidden("quote_hash"), Some("c".repeat(64)));
    let asked = stage.asked_once("POST /api/v1/quotes").body;
    assert_eq!(asked["country"], "FR");
    let express = json!({"vendor_id": vendor("kiln"), "method_id": method("Express")});
    assert!(asked["shipping"].as_array().unwrap().contains(&express), "{asked}");
    // Without scripts the whole page comes again, with what was typed.
    browser
        .post_raw("/checkout/quote", &form)
        .await
        .expect(200)
        .says(&["value=\"FR\" selected", "value=\"Rua das Flores 12\"", "<h1>Checkout</h1>"])
        .never_says(&["summary-errors"]);
    assert!(stage.asked("POST /api/v1/orders").is_empty());
}

#[tokio::test]
async fn a_customer_takes_a_stored_address_or_keeps_a_new_one() {
    let stage = Stage::new().await;
    guest(&stage).await;
    let mut browser = stage.logged_in("Ada").await;
    let saved = json!({"id": kernel::AddressId::derived("test", &["home"]), "address": address(), "is_default": true});
    stage.says("GET /api/v1/me/addresses", json!([saved]));
    stage.says("GET /api/v1/me", super::stage::account("Ada", &[Role::Customer], &[]));
    stage.answers("POST /api/v1/me/addresses", 201, &saved);
    stage.answers("POST /api/v1/orders", 200, placed(OrderStatus::Paid, None));
    let page = browser.get("/checkout").await.expect(200);
    page.says(&[
        "Where shall it go?",
        "Rua das Flores 12, 4050-262 Porto, Portugal",
        "value=\"ada@example.com\"",
        "Another address",
    ])
    .never_says(&["Have an account?"]);
    let form = browser.get("/checkout").await.form("/checkout");
    let mut form: Vec<_> = form.into_iter().chain([("terms".to_owned(), "yes".to_owned())]).collect();
    assert!(form.iter().any(|(name, value)| name == "address_id" && *value == saved["id"].as_str().unwrap()));
    send(&mut browser, &form).await.expect(303);
    assert_eq!(stage.asked_once("POST /api/v1/orders").body["address"], serde_json::to_value(address()).unwrap());
    assert!(stage.asked("POST /api/v1/me/addresses").is_empty());

    stage.forget();
    form.retain(|(name, _)| name != "address_id" && !name.starts_with("address."));
    for (name, value) in [
        ("address_id", "new"),
        ("address.country", "FR"),
        ("address.name", "A. L."),
        ("address.line1", "Rue 1"),
        ("address.city", "Lyon"),
        ("save_address", "yes"),
    ] {
        form.push((name.to_owned(), value.to_owned()));
    }
    send(&mut browser, &form).await.expect(303);
    assert_eq!(stage.asked_once("POST /api/v1/orders").body["address"]["city"], "Lyon");
    let kept = stage.asked_once("POST /api/v1/me/addresses").body;
    assert_eq!((&kept["address"]["line1"], &kept["is_default"]), (&json!("Rue 1"), &json!(false)));
}

#[tokio::test]
async fn an_order_is_not_placed_from_elsewhere_nor_without_the_token() {
    let stage = Stage::new().await;
    let mut browser = guest(&stage).await;
    let form = filled(&mut browser, &[]).await;
    let stripped: Vec<_> = form.iter().filter(|(name, _)| name != "csrf").cloned().collect();
    send(&mut browser, &stripped).await.expect(403);
    send(&mut browser.with("sec-fetch-site", "cross-site"), &form).await.expect(403);
    assert!(stage.asked("POST /api/v1/orders").is_empty());
}
