//! An order after it was placed: its page, live, called off, tracked.

use contracts::{
    arrival::Arrival,
    inventory::Shortage,
    orders::{NextAction, OrderRefund, OrderStatus, OrderView, ParcelLine, ParcelView, Tracking, VendorOrderStatus},
};
use kernel::Role;
use serde_json::json;

use super::{browser::Browser, fixtures::*, stage::Stage};

fn path() -> String {
    format!("/orders/{}", order_id())
}
fn api() -> String {
    format!("GET /api/v1/orders/{}", order_id())
}

/// A parcel that was handed over, with so many of the first line.
fn handed(parcel: i64, number: &str, pieces: i64) -> ParcelView {
    let line_id = order(OrderStatus::Paid, VendorOrderStatus::ToShip).vendor_orders[0].lines[0].id;
    ParcelView {
        parcel,
        shipment_id: None,
        tracking: Tracking {
            carrier: "CTT".to_owned(),
            number: number.to_owned(),
            token: "tok".to_owned(),
            pickup: false,
        },
        lines: vec![ParcelLine { line_id, quantity: pieces }],
        shipped_at: at("2026-01-16T12:00:00Z"),
        delivered_at: None,
    }
}

async fn seen(change: impl Fn(&mut OrderView)) -> super::browser::Page {
    let stage = Stage::new().await;
    let mut shown = order(OrderStatus::Paid, VendorOrderStatus::ToShip);
    change(&mut shown);
    stage.says(&api(), shown);
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.logged_in("Ada").await.get(&path()).await.expect(200)
}

#[tokio::test]
async fn each_state_says_what_comes_next() {
    seen(|_| {})
        .await
        .says(&[
            "Thank you, Ada",
            "Kiln &#38; Daughters packs it",
            "Being packed",
            "2 × The Small, Blue",
            "Rua das Flores 12",
            "Portugal",
            "Cancel order",
            "data-live=\"/orders/",
            "?v=4",
        ])
        .says(&["The order was placed.", "Why this price", "Expected Sat 17 Jan – Mon 19 Jan"]);
    // What was said when it was ordered holds, whatever the days on the way say now.
    seen(|o| {
        let arrives = Arrival { from: at("2026-01-22T00:00:00Z"), to: at("2026-01-22T00:00:00Z") };
        for method in o.quote.vendors.iter_mut().filter_map(|vendor| vendor.method.as_mut()) {
            method.arrives = Some(arrives);
        }
    })
    .await
    .says(&["Expected Thu 22 Jan<"]);
    seen(|o| o.placed_at = at("2026-01-10T00:00:00Z")).await.says(&["<h1>Order S-2601-000001</h1>"]);
    seen(|o| {
        o.vendor_orders[0].status = VendorOrderStatus::Shipped;
        o.vendor_orders[0].parcels = vec![handed(1, "RR1<2", 2)];
        o.can_cancel = false;
    })
    .await
    .says(&["On its way", "With CTT, number RR1&#60;2", "href=\"/track/tok\""])
    .never_says(&["Cancel order"]);
    seen(|o| {
        o.status = OrderStatus::Completed;
        o.vendor_orders[0].status = VendorOrderStatus::Delivered;
    })
    .await
    .says(&["Everything has arrived.", "href=\"/account/reviews\""])
    .never_says(&["data-live"]);
}

#[tokio::test]
async fn what_is_not_paid_says_why_and_what_is_open() {
    seen(|o| o.status = OrderStatus::Placed).await.says(&["reserving everything in it", "not paid yet"]);
    seen(|o| {
        o.status = OrderStatus::AwaitingPayment;
        o.next_action = Some(NextAction::Redirect { url: "https://pay.example/1".to_owned() });
    })
    .await
    .says(&["Not paid yet.", "Pay now", "98.50\u{a0}€"]);
    // What a gift card covers is not to be paid again.
    seen(|o| {
        o.status = OrderStatus::AwaitingPayment;
        o.next_action = Some(NextAction::Redirect { url: "https://pay.example/1".to_owned() });
        o.covered = Some(eur(2_000));
    })
    .await
    .says(&["78.50\u{a0}€ are open.", "78.50\u{a0}€, not paid yet", "Paid with gift cards and credit"]);
    seen(|o| o.status = OrderStatus::AwaitingPayment).await.says(&["The payment is being checked."]);
    seen(|o| {
        o.status = OrderStatus::Rejected;
        o.shortages = vec![Shortage { variant_id: variant("Small"), wanted: 2, available: 1 }];
    })
    .await
    .says(&["Not everything was in stock.", "The Small: 2 wanted, 1 there.", "Nothing was charged"]);
    seen(|o| {
        o.status = OrderStatus::Cancelled;
        o.status_reason = Some("payment_failed".to_owned());
    })
    .await
    .says(&["Not paid.", "to try again", "Put it back into the cart", "/again\""]);
    seen(|o| {
        o.status = OrderStatus::Cancelled;
        o.status_reason = Some("by_buyer".to_owned());
        o.refunded = eur(9_850);
    })
    .await
    .says(&["98.50\u{a0}€ went back to you."]);
}

#[tokio::test]
async fn the_link_of_a_guest_opens_the_order_once_and_the_browser_remembers() {
    let stage = Stage::new().await;
    stage.says(&api(), order(OrderStatus::Paid, VendorOrderStatus::ToShip));
    let mut browser = stage.browser();
    browser.get(&format!("{}?token=secret-token", path())).await.leads_to(&path());
    assert_eq!(stage.asked(&api())[0].headers["order-token"], "secret-token");
    let page = browser.get(&path()).await.expect(200).says(&["Thank you, Ada", "Open an account"]);
    page.never_says(&["secret-token"]);
    let register = "/register?email=ada%40example.com&next=%2Forders";
    browser.get(register).await.expect(200).says(&["value=\"ada@example.com\""]);
    stage.refuses(&api(), 404, "not_found", "There is no such order.", &[]);
    let mut stranger = stage.browser();
    stranger.get(&format!("{}?token=wrong", path())).await.expect(404);
    assert!(stranger.cookies.is_empty());
    let mut customer = stage.logged_in("Grace").await;
    customer.get(&path()).await.expect(404);
}

async fn owner(stage: &Stage) -> Browser {
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.logged_in_as("Ada", vec![Role::Customer], Vec::new()).await
}

#[tokio::test]
async fn an_order_is_called_off_after_a_question() {
    let stage = Stage::new().await;
    stage.says(&api(), order(OrderStatus::Paid, VendorOrderStatus::ToShip));
    let cancel = format!("POST /api/v1/orders/{}/cancel", order_id());
    stage.says(&cancel, order(OrderStatus::Cancelled, VendorOrderStatus::Cancelled));
    let mut browser = owner(&stage).await;
    browser.get(&format!("{}/cancel", path())).await.expect(200).says(&[
        "Cancel order S-2601-000001?",
        "98.50\u{a0}€ goes back",
        "Keep it",
    ]);
    assert!(stage.asked(&cancel).is_empty(), "asking changes nothing");
    browser.post_raw(&format!("{}/cancel", path()), &[("reason", "x")]).await.expect(403);
    browser.post(&format!("{}/cancel", path()), &[("reason", "Changed my mind")]).await.leads_to(&path());
    assert_eq!(stage.asked_once(&cancel).body, json!({"reason": "Changed my mind"}));
    browser.get(&path()).await.expect(200).says(&["The order was cancelled."]);
    stage.refuses(&cancel, 409, "already_shipped", "A parcel is already on its way.", &[]);
    browser.post(&format!("{}/cancel", path()), &[]).await.leads_to(&path());
    browser.get(&path()).await.expect(200).says(&["A parcel is already on its way."]);
    let mut late = order(OrderStatus::Paid, VendorOrderStatus::Shipped);
    late.can_cancel = false;
    stage.says(&api(), late);
    browser.get(&format!("{}/cancel", path())).await.leads_to(&path());
}

#[tokio::test]
async fn an_order_goes_into_the_cart_once_more() {
    let stage = Stage::new().await;
    let mut ada = owner(&stage).await;
    let mut over = order(OrderStatus::Cancelled, VendorOrderStatus::Cancelled);
    over.status_reason = Some("payment_failed".to_owned());
    stage.says(&api(), over);
    let again = format!("{}/again", path());
    let reorder = "POST /api/v1/carts/current/reorders";
    stage.says(reorder, json!({"cart": cart(2), "missing": []}));
    ada.get(&path()).await.expect(200);
    ada.post(&again, &[]).await.leads_to("/cart");
    assert_eq!(stage.asked_once(reorder).body, json!({"order_id": order_id()}));
    ada.get(&path()).await.says(&["Everything is back in your cart."]);
    let missing = |title: &str, reason: &str| json!({"variant_id": variant(title), "title": title, "options": [], "reason": reason});
    let some = [missing("Oil", "sold_out"), missing("The <Small>", "not_on_sale"), missing("Cup", "not_on_sale")];
    stage.says(reorder, json!({"cart": cart(2), "missing": some}));
    ada.post(&again, &[]).await.leads_to("/cart");
    ada.get(&path()).await.says(&["No longer on sale: The &#60;Small&#62;, Cup. Sold out: Oil."]);
    // As soon as it is paid, but not before.
    stage.says(&api(), order(OrderStatus::Paid, VendorOrderStatus::ToShip));
    ada.get(&path()).await.says(&["Order it again", &again]);
    stage.says(&api(), order(OrderStatus::AwaitingPayment, VendorOrderStatus::Pending));
    ada.get(&path()).await.never_says(&["/again"]);
}

#[tokio::test]
async fn a_guest_orders_once_more_what_this_browser_has_ordered() {
    let stage = Stage::new().await;
    stage.says(&api(), order(OrderStatus::Paid, VendorOrderStatus::ToShip));
    stage.answers("POST /api/v1/carts", 201, json!({"token": "guest-token", "cart": cart(0)}));
    stage.says("GET /api/v1/carts/current", cart(0));
    let reorder = "POST /api/v1/carts/current/reorders";
    stage.says(reorder, json!({"cart": cart(2), "missing": []}));
    let mut browser = stage.browser();
    browser.get(&format!("{}?token=secret-token", path())).await.leads_to(&path());
    browser.get(&path()).await.expect(200);
    browser.post(&format!("{}/again", path()), &[]).await.leads_to("/cart");
    assert_eq!(stage.asked_once("POST /api/v1/carts").body, json!(null), "a cart is opened for it");
    let asked = stage.asked_once(reorder);
    assert_eq!(asked.body, json!({"order_id": order_id(), "order_token": "secret-token"}));
    assert_eq!(asked.headers["cart-token"], "guest-token");
}

#[tokio::test]
async fn back_from_the_provider_its_truth_is_asked_for() {
    let stage = Stage::new().await;
    let refresh = format!("POST /api/v1/orders/{}/payment/refresh", order_id());
    stage.answers(&refresh, 204, json!(null));
    stage.says(&api(), order(OrderStatus::AwaitingPayment, VendorOrderStatus::Pending));
    stage.then(&api(), 200, order(OrderStatus::Paid, VendorOrderStatus::ToShip));
    let mut browser = owner(&stage).await;
    browser.get(&format!("{}/return", path())).await.leads_to(&path());
    assert_eq!(stage.asked(&refresh).len(), 1);
    browser.get(&format!("{}/return", path())).await.leads_to(&path());
    assert_eq!(stage.asked(&refresh).len(), 1, "a paid order needs no asking");
}

#[tokio::test]
async fn the_live_page_hears_of_changes_until_the_last() {
    let stage = Stage::new().await;
    let mut changed = order(OrderStatus::Paid, VendorOrderStatus::Shipped);
    changed.version = 5;
    let mut over = order(OrderStatus::Completed, VendorOrderStatus::Delivered);
    over.version = 6;
    stage.says(&api(), &changed);
    stage.then(&api(), 200, &changed);
    stage.then(&api(), 200, over);
    let mut browser = owner(&stage).await;
    let page = browser.get(&format!("{}/live?v=4", path())).await.expect(200);
    assert_eq!(page.header("content-type"), Some("text/event-stream"));
    assert_eq!(page.html, "event: changed\ndata: 5\n\nevent: done\ndata: 6\n\n");
    stage.refuses(&api(), 404, "not_found", "There is no such order.", &[]);
    browser.get(&format!("{}/live", path())).await.expect(404);
}

#[tokio::test]
async fn a_parcel_is_followed_by_its_code() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/tracking/tok1", json!({
        "number": "S-2601-000001-A", "vendor_id": vendor("kiln"), "status": "shipped", "carrier": "CTT", "tracking_number": "RR12",
        "timeline": [{"at": "2026-01-15T10:00:00Z", "kind": "shipped", "text": "Handed to the carrier."}],
    }));
    let mut browser = stage.browser();
    browser.get("/track").await.expect(200).says(&["Track a parcel"]);
    browser.get("/track?code=http%3A%2F%2Fsouk.test%2Ftrack%2Ftok1").await.leads_to("/track/tok1");
    browser.get("/track/tok1").await.expect(200).says(&[
        "Parcel S-2601-000001-A",
        "On its way",
        "RR12",
        "Handed to the carrier.",
        "2 hours ago",
    ]);
    browser.get("/track/wrong").await.expect(404).says(&["There is no such parcel.", "value=\"wrong\""]);
}

#[tokio::test]
async fn several_parcels_are_shown_one_by_one_with_what_is_still_to_come() {
    let page = seen(|o| {
        o.vendor_orders[0].status = VendorOrderStatus::PartiallyShipped;
        o.vendor_orders[0].parcels = vec![handed(1, "RR1", 1)];
        o.can_cancel = false;
    })
    .await;
    let page = page.says(&[
        "Partly on its way",
        "Parcel 1 with CTT",
        "1 × The Small, Blue",
        "Still to come",
        "Track the parcel",
    ]);
    page.says(&["Some of it is on its way, the rest follows.", "data-live"]);
    let page = seen(|o| {
        o.vendor_orders[0].status = VendorOrderStatus::Shipped;
        o.vendor_orders[0].parcels = vec![handed(1, "RR1", 1), handed(2, "RR2", 1)];
    })
    .await;
    page.says(&["Parcel 1 with CTT", "Parcel 2 with CTT", "In 2 parcels"]).never_says(&["Still to come"]);
}

#[tokio::test]
async fn papers_are_offered_once_there_are_some() {
    let stage = Stage::new().await;
    let mut ada = stage.logged_in("Ada").await;
    let mut shown = order(OrderStatus::AwaitingPayment, VendorOrderStatus::Pending);
    stage.says(&api(), &shown);
    let receipt = format!("href=\"{}/receipt.pdf\"", path());
    ada.get(&path()).await.expect(200).says(&["Order confirmation (PDF)"]).never_says(&[&receipt, "Credit note"]);
    (shown.status, shown.paid_at) = (OrderStatus::Paid, Some(shown.placed_at));
    let number = format!("{}-R1", shown.number);
    shown.refunds = vec![OrderRefund { number: number.clone(), amount: eur(550), at: shown.placed_at }];
    stage.says(&api(), &shown);
    let note = format!("{}/credit-notes/{number}", path());
    ada.get(&path()).await.expect(200).says(&[&receipt, &format!("href=\"{note}\""), "Receipt (PDF)"]);

    for (page, asked) in [
        (format!("{}/receipt.pdf", path()), format!("{}/receipt.pdf", api())),
        (format!("{}/confirmation.pdf", path()), format!("{}/confirmation.pdf", api())),
        (note, format!("{}/credit-notes/{number}", api())),
    ] {
        stage.says(&asked, "a paper");
        ada.get(&page).await.expect(200).says(&["a paper"]);
        assert_eq!(stage.asked_once(&asked).headers["accept-language"], "en");
    }
    stage.refuses(
        &format!("{}/receipt.pdf", api()),
        409,
        "not_paid",
        "There is a receipt once the order is paid.",
        &[],
    );
    ada.get(&format!("{}/receipt.pdf", path())).await.expect(409).says(&["There is a receipt once the order is paid."]);
    // A stranger is asked who it is, as on the order's page.
    let mut stranger = stage.browser();
    stage.refuses(&api(), 404, "not_found", "There is no such order.", &[]);
    let answer = stranger.get(&format!("{}/receipt.pdf", path())).await.expect(303);
    assert!(answer.header("location").is_some_and(|to| to.starts_with("/login?")), "{answer:?}");
}
