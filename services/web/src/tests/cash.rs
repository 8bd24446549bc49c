//! Cash on delivery: at the checkout, on the order's page, for its vendor, and for the admin who hears of the courier.

use contracts::{
    orders::{OrderStatus, OrderView, VendorOrderStatus},
    pricing::PaymentFee,
    shared::TimelineEntry,
};
use kernel::VendorRole;
use serde_json::json;

use super::{
    browser::Page,
    fixtures::*,
    portal::{at_work, detail, in_charge, kiln, part_id, payment, payment_id},
    stage::Stage,
};

fn promised() -> OrderView {
    let mut order = order(OrderStatus::Promised, VendorOrderStatus::ToShip);
    order.to_collect = Some(eur(7_850));
    order
}

async fn seen(order: &OrderView) -> Page {
    let stage = Stage::new().await;
    stage.says(&format!("GET /api/v1/orders/{}", order_id()), order);
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.logged_in("Ada").await.get(&format!("/orders/{}", order_id())).await.expect(200)
}

#[tokio::test]
async fn a_buyer_reads_what_the_courier_gets() {
    seen(&promised())
        .await
        .says(&[
            "Thank you, Ada",
            "Cash on delivery.",
            "Have 78.50\u{a0}€ ready",
            "78.50\u{a0}€, to be paid to the courier",
        ])
        .says(&["Cancel order", "Take items out", "Ordered"])
        .never_says(&["Not paid yet", "Pay now"]);
    // What is on its way is changed no more.
    let mut sent = promised();
    sent.vendor_orders[0].status = VendorOrderStatus::Shipped;
    sent.can_cancel = false;
    seen(&sent).await.never_says(&["Take items out", "Cancel order"]);
    let mut refused = order(OrderStatus::Cancelled, VendorOrderStatus::Cancelled);
    refused.status_reason = Some("payment_failed".to_owned());
    let (at, text) = (refused.placed_at, "It is to be paid to the courier.".to_owned());
    refused.timeline.push(TimelineEntry { at, kind: "promised".to_owned(), text });
    seen(&refused).await.says(&["The courier was not paid"]).never_says(&["with another card"]);
}

#[tokio::test]
async fn it_is_offered_for_what_couriers_are_paid_for() {
    let stage = Stage::new().await;
    stage.answers("POST /api/v1/carts", 201, json!({"token": "guest-token", "cart": cart(2)}));
    stage.says("GET /api/v1/carts/current", cart(2));
    stage.says("POST /api/v1/quotes", quote('a', 2, 3_490));
    let mut browser = stage.browser();
    let small = variant("Small").to_string();
    browser.post_raw("/cart", &[("variant", &small), ("quantity", "2")]).await.leads_to("/cart");
    let cash = |limit: i64| {
        json!([
            {"method": "card", "label": "Card", "hint": "Visa"},
            {"method": "cash_on_delivery", "label": "Cash on delivery", "hint": "You pay the courier", "on_delivery": true,
             "currencies": ["EUR"], "limits": [{"amount_minor": limit, "currency": "EUR"}]},
        ])
    };
    stage.says("GET /api/v1/payment-methods", cash(100_000));
    browser.get("/checkout").await.expect(200).says(&["Cash on delivery", "You pay the courier"]);
    // What it costs is said with the way, and in the sum.
    let mut dear = cash(100_000);
    dear[1]["fees"] = json!([{"amount_minor": 300, "currency": "EUR"}]);
    stage.says("GET /api/v1/payment-methods", &dear);
    browser.get("/checkout").await.expect(200).says(&["It costs 3.00\u{a0}€ more.", "hx-include=\"#checkout\""]);
    let mut with_fee = quote('f', 2, 3_490);
    let (method, label) = ("cash_on_delivery".to_owned(), "Cash on delivery".to_owned());
    with_fee.payment_fee = Some(PaymentFee { method, label, amount: eur(300) });
    (with_fee.shipping, with_fee.total) = (eur(1_280), with_fee.total.plus(eur(300)).unwrap());
    stage.says("POST /api/v1/quotes", with_fee);
    stage.forget();
    let chosen = [("address.country", "DE"), ("payment.method", "cash_on_delivery")];
    let part = browser.htmx().post("/checkout/quote", &chosen).await.expect(200);
    part.says(&["9.80\u{a0}€", "3.00\u{a0}€", "101.50\u{a0}€"]).never_says(&["12.80\u{a0}€"]);
    assert_eq!(stage.asked_once("POST /api/v1/quotes").body["payment_method"], json!("cash_on_delivery"));
    stage.says("POST /api/v1/quotes", quote('a', 2, 3_490));
    stage.says("GET /api/v1/payment-methods", cash(100));
    browser.get("/checkout").await.expect(200).never_says(&["Cash on delivery"]);
}

#[tokio::test]
async fn an_admin_says_what_the_courier_has_brought_or_not() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says("GET /api/v1/carts/current", cart(0));
    let (path, api) = (format!("/admin/payments/{}", payment_id()), format!("/api/v1/admin/payments/{}", payment_id()));
    let mut cash = serde_json::to_value(payment(0)).unwrap();
    (cash["provider"], cash["provider_ref"]) = (json!("cash_on_delivery"), json!("cod_1"));
    cash["status"] = json!("promised");
    cash["captured"]["amount_minor"] = json!(0);
    cash["to_collect"] = json!({"amount_minor": 7_000, "currency": "EUR"});
    stage.says(&format!("GET {api}"), &cash);
    mary.get(&path)
        .await
        .expect(200)
        .says(&["Money has arrived", "Not collected", "To be collected", "70.00\u{a0}€"])
        .never_says(&["Return money"]);
    mary.get(&format!("{path}/receipt"))
        .await
        .expect(200)
        .says(&["70.00\u{a0}€ are to be paid.", "for the whole order"]);
    let (refuse, asked) = (format!("{path}/not-collected"), format!("POST {api}/not-collected"));
    mary.get(&refuse).await.expect(200).says(&["What the courier says", "The order is called off"]);
    mary.post(&refuse, &[]).await.expect(422);
    assert!(stage.asked(&asked).is_empty());
    cash["status"] = json!("failed");
    stage.says(&asked, &cash);
    mary.post(&refuse, &[("reason", "Nobody at home")]).await.leads_to(&path);
    assert_eq!(stage.asked_once(&asked).body, json!({"reason": "Nobody at home"}));
    // What has failed is not refused again.
    stage.says(&format!("GET {api}"), &cash);
    mary.get(&refuse).await.leads_to(&path);
    mary.get(&path).await.expect(200).never_says(&["Not collected"]);
}

#[tokio::test]
async fn a_vendor_reads_that_it_is_paid_on_delivery_and_says_that_it_comes_back() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let (path, api) = (
        format!("/vendor/{}/orders/{}", kiln(), part_id()),
        format!("/api/v1/vendors/{}/orders/{}", kiln(), part_id()),
    );
    let mut of_two = detail(VendorOrderStatus::ToShip);
    of_two.cash_on_delivery = true;
    stage.says(&format!("GET {api}"), &of_two);
    ines.get(&path)
        .await
        .expect(200)
        .says(&["Cash on delivery", "once for the whole order", "Take items out"])
        .never_says(&["Not paid at the door"]);
    let mut alone = detail(VendorOrderStatus::Shipped);
    (alone.cash_on_delivery, alone.to_collect) = (true, Some(eur(7_470)));
    stage.says(&format!("GET {api}"), &alone);
    ines.get(&path)
        .await
        .expect(200)
        .says(&["collects 74.70\u{a0}€", "Not paid at the door"])
        .never_says(&["Take items out"]);
    let (refuse, asked) = (format!("{path}/not-collected"), format!("POST {api}/not-collected"));
    ines.get(&refuse).await.expect(200).says(&["What the courier says"]);
    ines.post(&refuse, &[]).await.expect(422);
    assert!(stage.asked(&asked).is_empty());
    stage.answers(&asked, 204, json!(null));
    ines.post(&refuse, &[("reason", "Nobody at home")]).await.leads_to(&path);
    assert_eq!(stage.asked_once(&asked).body, json!({"reason": "Nobody at home"}));
}
