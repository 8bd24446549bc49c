//! Ways to pay: at the checkout, again on the order's page, and by transfer.

use contracts::{
    orders::{NextAction, OrderStatus, OrderView, VendorOrderStatus},
    vendors::VendorStatus,
};
use kernel::{Role, VendorRole};
use serde_json::json;

use super::{
    browser::Browser,
    fixtures::*,
    portal::{at_work, in_charge, kiln, payment, payment_id, vendor_view},
    stage::Stage,
};

const METHODS: &str = "GET /api/v1/payment-methods";

fn path() -> String {
    format!("/orders/{}", order_id())
}
fn api() -> String {
    format!("GET /api/v1/orders/{}", order_id())
}

/// An order that waits for its buyer on this page.
fn open(url: &str) -> OrderView {
    let mut order = order(OrderStatus::AwaitingPayment, VendorOrderStatus::Pending);
    order.next_action = Some(NextAction::Redirect { url: url.to_owned() });
    order
}

async fn owner(stage: &Stage) -> Browser {
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.says(
        METHODS,
        json!([
            {"method": "card", "label": "Card", "hint": "On the provider's page"},
            {"method": "ideal", "label": "iDEAL", "hint": "Only there", "countries": ["NL"]},
            {"method": "paypal", "label": "PayPal", "hint": "On its page", "currencies": ["EUR"]},
            {"method": "bank_transfer", "label": "Bank transfer", "hint": "Slow", "pay_within_hours": 168,
             "account": {"holder": "Souk", "iban": "DE89 3704 0044 0532 0130 00", "bic": "", "bank": "A bank"}},
        ]),
    );
    stage.logged_in_as("Ada", vec![Role::Customer], Vec::new()).await
}

#[tokio::test]
async fn the_checkout_offers_what_fits_the_country_and_the_currency() {
    let stage = Stage::new().await;
    drop(owner(&stage).await);
    stage.says("GET /api/v1/carts/current", cart(2));
    stage.says("POST /api/v1/quotes", quote('a', 2, 3_490));
    let mut guest = stage.browser();
    stage.answers("POST /api/v1/carts", 201, json!({"token": "guest-token", "cart": cart(2)}));
    guest.post_raw("/cart", &[("variant", &variant("Small").to_string()), ("quantity", "2")]).await.leads_to("/cart");
    let page = guest.get("/checkout").await.expect(200);
    page.says(&["value=\"card\" checked", "PayPal", "Bank transfer"]).never_says(&["iDEAL"]);
    let part = guest.htmx().post("/checkout/quote", &[("address.country", "PT"), ("payment.method", "paypal")]).await;
    part.expect(200).says(&["id=\"ways\" hx-swap-oob", "value=\"paypal\" checked"]).never_says(&["iDEAL"]);
    // What one of its vendors does not have is not offered for the cart.
    let mut refusing = quote('b', 2, 3_490);
    refusing.vendors.last_mut().unwrap().refused_methods = vec!["paypal".to_owned()];
    stage.says("POST /api/v1/quotes", refusing);
    guest.get("/checkout").await.expect(200).says(&["Bank transfer"]).never_says(&["PayPal"]);
    stage.says(METHODS, json!([{"method": "ideal", "label": "iDEAL", "hint": "Only there", "countries": ["NL"]}]));
    guest.get("/checkout").await.expect(200).says(&["No way to pay is offered to Germany."]);
}

#[tokio::test]
async fn an_order_that_waits_can_be_paid_another_way() {
    let stage = Stage::new().await;
    let mut browser = owner(&stage).await;
    let pay = format!("POST /api/v1/orders/{}/payment", order_id());
    stage.says(&api(), open("https://pay.example/1"));
    let page = browser.get(&path()).await.expect(200);
    page.says(&["Pay another way", "PayPal", "Pay this way"]).never_says(&["iDEAL", "Bank transfer"]);
    browser.post_raw(&format!("{}/pay", path()), &[("payment.method", "paypal")]).await.expect(403);
    assert!(stage.asked(&pay).is_empty());
    stage.says(&pay, open("https://pay.example/1"));
    stage.then(&api(), 200, open("https://pay.example/1"));
    stage.then(&api(), 200, open("https://paypal.example/2"));
    let sent = browser.post(&format!("{}/pay", path()), &[("payment.method", "paypal")]).await;
    sent.leads_to(&format!("{}/pay", path()));
    assert_eq!(stage.asked_once(&pay).body, json!({"method": "paypal"}));
    stage.refuses(&pay, 409, "not_to_be_paid", "The order does not wait for you to pay. Look at it again.", &[]);
    browser.post(&format!("{}/pay", path()), &[("payment.method", "card")]).await.leads_to(&path());
    browser.get(&path()).await.expect(200).says(&["The order does not wait for you to pay."]);
    let paid = order(OrderStatus::Paid, VendorOrderStatus::ToShip);
    stage.says(&api(), paid);
    browser.get(&path()).await.expect(200).never_says(&["Pay another way"]);
}

#[tokio::test]
async fn what_was_tried_before_is_told_to_the_buyer_and_to_admins() {
    let stage = Stage::new().await;
    let mut browser = owner(&stage).await;
    stage.says(&api(), open("https://pay.example/1"));
    let tries = format!("GET /api/v1/orders/{}/payment/attempts", order_id());
    let now = json!({"method": "paypal", "status": "requires_action", "at": "2026-01-15T12:10:00Z"});
    stage.says(&tries, json!({"items": [now]}));
    browser.get(&path()).await.expect(200).never_says(&["Attempts to pay"]);
    let before = json!({"method": "card", "status": "cancelled", "at": "2026-01-15T12:05:00Z"});
    stage.says(&tries, json!({"items": [now, before]}));
    browser.get(&path()).await.expect(200).says(&["Attempts to pay", "Paypal: waits for you", "Card: called off"]);
    let mut mary = in_charge(&stage).await;
    let api = format!("/api/v1/admin/payments/{}", payment_id());
    stage.says(&format!("GET {api}"), payment(0));
    let refused = json!({"position": 1, "provider": "stripe", "method": "card", "status": "failed",
        "amount": payment(0).amount, "provider_ref": "cs_1", "failure": "card_declined",
        "began_at": "2026-01-15T12:05:00Z", "ended_at": "2026-01-15T12:06:00Z"});
    stage.says(&format!("GET {api}/attempts"), json!({"items": [refused]}));
    let page = mary.get(&format!("/admin/payments/{}", payment_id())).await.expect(200);
    page.says(&["Attempts", "stripe · cs_1 · Card declined", "Failed"]);
}

#[tokio::test]
async fn who_pays_by_transfer_is_told_where_to_send_it() {
    let stage = Stage::new().await;
    let mut browser = owner(&stage).await;
    stage.says(&api(), open(&format!("http://souk.test/orders/{}/transfer", order_id())));
    browser.get(&path()).await.expect(200).says(&["Not paid yet.", "Pay another way", "PayPal"]);
    browser.get(&format!("{}/pay", path())).await.leads_to(&format!("http://souk.test{}/transfer", path()));
    let page = browser.get(&format!("{}/transfer", path())).await.expect(200);
    page.says(&["Send 98.50\u{a0}€ to us", "DE89 3704 0044 0532 0130 00", "S-2601-000001", "A bank"])
        .never_says(&["BIC"]);
    // Who has changed to a card since is not told to send the money as well.
    stage.says(&api(), open("https://pay.example/1"));
    browser.get(&format!("{}/transfer", path())).await.leads_to(&path());
    stage.says(&api(), order(OrderStatus::Paid, VendorOrderStatus::ToShip));
    browser.get(&format!("{}/transfer", path())).await.leads_to(&path());
    stage.refuses(&api(), 404, "not_found", "There is no such order.", &[]);
    browser.get(&format!("{}/transfer", path())).await.expect(404);
}

#[tokio::test]
async fn an_admin_confirms_what_has_arrived_and_what_was_sent() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says("GET /api/v1/carts/current", cart(0));
    let (path, api) = (format!("/admin/payments/{}", payment_id()), format!("/api/v1/admin/payments/{}", payment_id()));
    let refund = kernel::RefundId::derived("t", &["r"]);
    let mut transfer = serde_json::to_value(payment(0)).unwrap();
    (transfer["provider"], transfer["provider_ref"]) = (json!("bank_transfer"), json!("bt_1"));
    transfer["status"] = json!("requires_action");
    transfer["captured"]["amount_minor"] = json!(0);
    stage.says(&format!("GET {api}"), &transfer);
    mary.get(&path).await.expect(200).says(&["Money has arrived"]).never_says(&["Return money"]);
    let form =
        mary.get(&format!("{path}/receipt")).await.expect(200).says(&["are to be paid.", "cannot be taken back"]);
    let (key, receipt, asked) = (form.hidden("key").unwrap(), format!("{path}/receipt"), format!("POST {api}/receipt"));
    let wrong = mary.post(&receipt, &[("key", &key), ("amount_minor", "abc")]).await.expect(422);
    assert_eq!(wrong.hidden("key"), Some(key.clone()));
    assert!(stage.asked(&asked).is_empty());
    stage.refuses(&asked, 422, "invalid_input", "x", &[("amount_minor", "The order costs 74.70 EUR.")]);
    mary.post(&receipt, &[("key", &key), ("amount_minor", "70")])
        .await
        .expect(422)
        .says(&["The order costs 74.70 EUR."]);
    stage.forget();
    transfer["status"] = json!("captured");
    stage.says(&asked, &transfer);
    let sent = [("key", key.as_str()), ("amount_minor", "74.70"), ("note", "Statement 12")];
    mary.post(&receipt, &sent).await.leads_to(&path);
    let told = stage.asked_once(&asked);
    assert_eq!(
        (told.body, told.headers["idempotency-key"].as_str()),
        (json!({"amount_minor": 7470, "note": "Statement 12"}), key.as_str())
    );
    transfer["refunds"] = json!([{"id": refund, "amount": transfer["amount"], "reason": "x", "status": "pending", "created_at": "2026-01-15T12:00:00Z"}]);
    stage.says(&format!("GET {api}"), &transfer);
    mary.get(&path).await.expect(200).says(&["It was sent"]).never_says(&["Money has arrived"]);
    mary.get(&receipt).await.leads_to(&path);
    let back = format!("{path}/refunds/{refund}/sent");
    mary.get(&back).await.expect(200).says(&["has left the account"]);
    stage.says(&format!("POST {api}/refunds/{refund}/sent"), &transfer);
    mary.post(&back, &[]).await.leads_to(&path);
    stage.asked_once(&format!("POST {api}/refunds/{refund}/sent"));
    let mut customer = owner(&stage).await;
    customer.get(&receipt).await.expect(404);
}

#[tokio::test]
async fn a_vendor_reads_how_its_goods_are_not_paid() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    let path = format!("/vendor/{}/settings", kiln());
    ines.get(&path).await.expect(200).never_says(&["Not offered for your goods"]);
    let mut vendor = vendor_view(VendorStatus::Approved);
    vendor.refused_methods = vec!["cash_on_delivery".to_owned()];
    stage.says(&format!("GET /api/v1/vendors/{}", kiln()), vendor);
    ines.get(&path).await.expect(200).says(&["Not offered for your goods: Cash on delivery."]);
}
