//! Administration.

use contracts::{
    currencies::ShopCurrencies,
    identity::AccountView,
    orders::{OrderStatus, VendorOrderStatus},
    vendors::VendorStatus,
};
use kernel::{AccountId, Currency, Role, VendorRole};
use serde_json::{Value, json};

use super::{
    fixtures::*,
    portal::*,
    stage::{Stage, account},
};

const ALL: [&str; 25] = [
    "/admin",
    "/admin/vendors",
    "/admin/users",
    "/admin/orders",
    "/admin/products",
    "/admin/categories",
    "/admin/reviews",
    "/admin/reviews/reported",
    "/admin/reviews/history",
    "/admin/payments",
    "/admin/payments/review",
    "/admin/payments/webhooks",
    "/admin/payouts",
    "/admin/payouts/run",
    "/admin/commission",
    "/admin/ledger",
    "/admin/reports/money",
    "/admin/messages",
    "/admin/dead-letters",
    "/admin/taxes",
    "/admin/promotions",
    "/admin/searches",
    "/admin/ranking",
    "/admin/customer-groups",
    "/admin/currencies",
];

#[tokio::test]
async fn the_administration_exists_for_administrators_alone() {
    let stage = Stage::new().await;
    stage.browser().get("/admin/users?q=a").await.leads_to("/login?next=%2Fadmin%2Fusers%3Fq%3Da");
    let mut vendor = stage.logged_in_as("Inês", vec![Role::Customer], member(VendorRole::Owner)).await;
    stage.answers(
        "POST /api/v1/sessions/refresh",
        200,
        stage.tokens("Inês", "second", &[Role::Customer], &member(VendorRole::Owner)),
    );
    for path in ALL {
        vendor.get(path).await.expect(404);
    }
    vendor.post(&format!("/admin/vendors/{}/approve", kiln()), &[]).await.expect(404);
    assert!(stage.asked("GET /api/v1/admin/accounts").is_empty());
    assert!(stage.asked(&format!("POST /api/v1/admin/vendors/{}/approve", kiln())).is_empty());
}

#[tokio::test]
async fn every_page_says_why_it_is_empty() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let nothing = page::<Value>(&[]);
    for path in [
        "accounts",
        "orders",
        "products",
        "reviews",
        "payments",
        "ledger",
        "messages",
        "vendors",
        "promotions",
        "commission-rules",
    ] {
        stage.says(&format!("GET /api/v1/admin/{path}"), &nothing);
    }
    stage.says("GET /api/v1/admin/reviews/reported", &nothing);
    stage.says("GET /api/v1/admin/reviews/moderation", &nothing);
    let quiet = json!({"total": 0, "previous": 0, "days": [], "previous_days": []});
    stage.says("GET /api/v1/admin/search/missed", json!({"searches": quiet, "missed": quiet, "terms": []}));
    stage.says("GET /api/v1/admin/payouts", &nothing);
    stage.says("GET /api/v1/admin/reports/money", super::books::money(&[]));
    stage.says("GET /api/v1/admin/payments/webhooks", &nothing);
    stage.says("POST /api/v1/admin/payouts/runs", json!({"dry_run": true, "period": "", "lines": [], "next": null}));
    stage.says("GET /api/v1/tax-areas", Vec::<Value>::new());
    stage.says("GET /api/v1/tax-categories", Vec::<Value>::new());
    stage.says("GET /api/v1/admin/customer-groups", Vec::<Value>::new());
    stage.says("GET /api/v1/admin/currencies", ShopCurrencies::of_one(Currency::EUR));
    stage.says("GET /api/v1/categories", Vec::<Value>::new());
    for path in ALL.iter().filter(|path| **path != "/admin") {
        mary.get(path).await.expect(200).says(&["class=\"empty\""]);
    }
    for word in ["coupon", "exchange", "tax", "webhook"] {
        mary.get(&format!("/admin/search?q={word}")).await.expect(200).never_says(&["Nothing found"]);
    }
    mary.get("/admin").await.expect(200).says(&["Nobody waits", "The figures cannot be had", "No orders yet"]);
}

#[tokio::test]
async fn a_new_market_reads_what_it_needs_first() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let vendors = "GET /api/v1/admin/vendors";
    stage.says("GET /api/v1/categories", Vec::<Value>::new());
    stage.says(vendors, page::<Value>(&[]));
    let later = std::time::Duration::from_secs(6);
    stage.app.advance(later).await;
    let steps = ["Open the market", "Make the first categories", "href=\"/admin/categories/new\"", "souk.toml"];
    let home = mary.get("/admin").await.expect(200).says(&steps);
    home.says(&["Approve the first vendor", "href=\"/sell\""]).never_says(&["class=\"done\""]);
    assert!(stage.asked(vendors).iter().any(|asked| asked.query.contains("status=approved")));
    // Nobody knows whether there are none.
    stage.refuses(vendors, 503, "unavailable", "Later.", &[]);
    mary.get("/admin").await.expect(200).never_says(&["Open the market"]);
    stage.says(vendors, page(&[vendor_view(VendorStatus::Approved)]));
    mary.get("/admin").await.expect(200).says(&["Open the market", "class=\"done\""]);
    stage.says("GET /api/v1/categories", super::fixtures::categories());
    stage.app.advance(later).await;
    mary.get("/admin").await.expect(200).never_says(&["Open the market"]);
}

#[tokio::test]
async fn the_home_says_whether_we_sell_and_who_waits() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says("GET /api/v1/admin/reports/overview", report());
    stage.says("GET /api/v1/admin/orders", page(&[summary()]));
    let home = mary.get("/admin").await.expect(200);
    home.says(&[
        "220.00\u{a0}€",
        "+100\u{a0}%",
        "1 waiting for approval",
        "Kiln &#38; Daughters",
        "S-2601-000001",
        "Show as a table",
    ]);
}

#[tokio::test]
async fn a_store_is_opened_and_turned_down_only_with_a_reason() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let (path, api) = (format!("/admin/vendors/{}", kiln()), format!("/api/v1/admin/vendors/{}", kiln()));
    stage.says(&format!("GET {api}"), vendor_view(VendorStatus::Applied));
    let ada = json!({"account_id": AccountId::derived("test", &["ada"]), "name": "Ada <L>", "email": "ada@example.com",
        "role": "owner", "since": "2026-01-10T00:00:00Z"});
    stage.says(&format!("GET {api}/members"), [ada]);
    let shown = mary.get(&path).await.expect(200);
    shown.says(&["Open store", "Turn down", "First we dug.", "value=\"12.5\"", "Ada &#60;L&#62;", "ada@example.com"]);
    mary.get(&format!("{path}/suspend")).await.expect(200).says(&["no longer see the store", "Leave it"]);
    mary.get(&format!("{path}/burn")).await.expect(404);
    mary.post(&format!("{path}/reject"), &[("reason", "  ")]).await.expect(422).says(&["Say why"]);
    assert!(stage.asked(&format!("POST {api}/reject")).is_empty());
    stage.says(&format!("POST {api}/reject"), vendor_view(VendorStatus::Rejected));
    mary.post(&format!("{path}/reject"), &[("reason", "No story")]).await.leads_to(&path);
    assert_eq!(stage.asked_once(&format!("POST {api}/reject")).body, json!({"reason": "No story"}));
    stage.refuses(&format!("POST {api}/approve"), 409, "not_now", "Confirm the e-mail address first.", &[]);
    mary.post(&format!("{path}/approve"), &[]).await.expect(409).says(&["Confirm the e-mail address first."]);
    mary.post(&format!("{path}/terms"), &[("commission_bp", "101")])
        .await
        .expect(422)
        .says(&["from 0 to 100", "value=\"101\""]);
    stage.says(&format!("PUT {api}/terms"), vendor_view(VendorStatus::Approved));
    mary.post(&format!("{path}/terms"), &[("commission_bp", "8,25 %")]).await.leads_to(&path);
    assert_eq!(stage.asked_once(&format!("PUT {api}/terms")).body, json!({"commission_bp": 825}));
    let cash = json!([{"method": "cash_on_delivery", "label": "Cash on delivery", "hint": "", "on_delivery": true}]);
    stage.says("GET /api/v1/payment-methods", cash);
    let mut refusing = vendor_view(VendorStatus::Approved);
    refusing.refused_methods = vec!["cash_on_delivery".to_owned(), "long_gone".to_owned()];
    stage.says(&format!("GET {api}"), &refusing);
    let ticked = ["value=\"cash_on_delivery\" checked", "value=\"long_gone\" checked", "Not offered"];
    mary.get(&path).await.expect(200).says(&ticked);
    let ways = format!("PUT {api}/payment-methods");
    stage.refuses(&ways, 422, "invalid_input", "x", &[("refused_methods", "Name ways to pay.")]);
    let sent = [("refused_methods", "long_gone")];
    let wrong = mary.post(&format!("{path}/payment-methods"), &sent).await.expect(422);
    wrong
        .says(&["Name ways to pay.", "value=\"long_gone\" checked"])
        .never_says(&["value=\"cash_on_delivery\" checked"]);
    stage.forget();
    stage.says(&ways, &refusing);
    mary.post(&format!("{path}/payment-methods"), &sent).await.leads_to(&path);
    assert_eq!(stage.asked_once(&ways).body, json!({"refused_methods": ["long_gone"]}));
}

#[tokio::test]
async fn money_goes_back_once_and_never_more_than_is_there() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let (path, api) = (format!("/admin/payments/{}", payment_id()), format!("/api/v1/admin/payments/{}", payment_id()));
    stage.says(&format!("GET {api}"), payment(1_000));
    stage.says(&format!("GET /api/v1/orders/{}", order_id()), order(OrderStatus::Paid, VendorOrderStatus::ToShip));
    mary.get(&path).await.expect(200).says(&["Return money", "74.70", "10.00"]);
    let form = mary.get(&format!("{path}/refund")).await.expect(200);
    let key = form.hidden("key").unwrap();
    form.says(&["At most 64.70", "cannot be undone", "Kiln &#38; Daughters", "value=\"64.70\""]);
    let (refund, asked) = (format!("{path}/refund"), format!("POST {api}/refunds"));
    for wrong in ["64.71", "0", "", "-5", "abc"] {
        let refused =
            mary.post(&refund, &[("key", &key), ("amount_minor", wrong), ("reason", "Broken")]).await.expect(422);
        assert_eq!(refused.hidden("key"), Some(key.clone()), "{wrong}");
    }
    mary.post(&refund, &[("key", &key), ("amount_minor", "5")]).await.expect(422).says(&["Say why"]);
    mary.post(&refund, &[("amount_minor", "5"), ("reason", "Broken")]).await.expect(400);
    assert!(stage.asked(&asked).is_empty());
    stage.answers(&asked, 201, payment(1_500));
    let sent = [("key", key.as_str()), ("amount_minor", "5"), ("reason", "Broken"), ("vendor_id", "")];
    mary.post(&refund, &sent).await.leads_to(&path);
    mary.post(&refund, &sent).await.leads_to(&path);
    let all = stage.asked(&asked);
    assert_eq!(all.iter().map(|a| a.headers["idempotency-key"].as_str()).collect::<Vec<_>>(), [key.as_str(); 2]);
    assert_eq!(all[0].body, json!({"amount_minor": 500, "reason": "Broken", "vendor_id": null}));
}

#[tokio::test]
async fn an_order_is_shown_with_its_money_and_cancelled_on_demand() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let path = format!("/admin/orders/{}", order_id());
    stage.says(&format!("GET /api/v1/orders/{}", order_id()), order(OrderStatus::Paid, VendorOrderStatus::ToShip));
    stage.says("GET /api/v1/admin/payments", page(&[payment(0)]));
    stage.says("GET /api/v1/admin/ledger", json!({"items": [{"id": kernel::EntryId::derived("t", &[]), "at": "2026-01-15T12:00:00Z",
        "kind": "capture", "text": "Paid", "order_id": order_id(), "corrects": null, "postings": [
            {"account": "provider:sandbox", "amount": eur(7_470)}, {"account": format!("vendor_payable:{}", kiln()), "amount": eur(-7_470)}]}]}));
    let shown = mary.get(&path).await.expect(200);
    shown.says(&[
        "S-2601-000001-A",
        "Cancel order",
        "pay_1",
        "Provider sandbox",
        "Owed to Kiln &#38; Daughters",
        "+74.70",
        "\u{2212}74.70",
        "Rua das Flores 12",
    ]);
    mary.get(&format!("{path}/cancel")).await.expect(200).says(&[
        "goes back to the buyer",
        "cannot be undone",
        "Keep it",
    ]);
    let cancel = format!("POST /api/v1/orders/{}/cancel", order_id());
    stage.refuses(&cancel, 409, "too_late", "A parcel is already on its way.", &[]);
    mary.post(&format!("{path}/cancel"), &[]).await.leads_to(&path);
    mary.get(&path).await.says(&["A parcel is already on its way."]);
    mary.get("/admin/orders?q=S-26&status=paid&after=zzz").await.expect(404);
    stage.says("GET /api/v1/admin/orders", json!({"items": [summary()], "next": "c2"}));
    let list = mary.htmx().get("/admin/orders?q=S-26&status=paid&after=c1").await.expect(200);
    list.says(&["q=S-26&#38;status=paid&#38;after=c2&#38;back=c1", "id=\"list\""]).never_says(&["<html"]);
    assert_eq!(stage.asked("GET /api/v1/admin/orders").pop().unwrap().query, "status=paid&q=S-26&limit=25&after=c1");
}

#[tokio::test]
async fn all_orders_are_narrowed_and_taken_away() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says("GET /api/v1/admin/orders", json!({"items": [summary()]}));
    let query = "from=2026-01-02&vendor=kiln&least=10&most=20,50";
    mary.get(&format!("/admin/orders?{query}"))
        .await
        .expect(200)
        .says(&["/admin/orders.csv?from=2026-01-02&#38;vendor=kiln"]);
    let sent = stage.asked_once("GET /api/v1/admin/orders").query;
    assert!(sent.starts_with("from=2026-01-02T00"), "{sent}");
    let rest = format!("&vendor_id={}&currency=EUR&total_min=1000&total_max=2050&limit=25", vendor("kiln"));
    assert!(sent.ends_with(&rest), "{sent}");
    stage.says("GET /api/v1/admin/orders.csv", "the file");
    let file = mary.get(&format!("/admin/orders.csv?{query}")).await.expect(200).says(&["the file"]);
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"orders.csv\""));
    let sent = stage.asked_once("GET /api/v1/admin/orders.csv").query;
    assert!(sent.ends_with("&currency=EUR&total_min=1000&total_max=2050"), "{sent}");
    // No store is called like that: nothing is asked for.
    stage.says("GET /api/v1/admin/vendors", json!({"items": []}));
    stage.forget();
    mary.get("/admin/orders?vendor=nobody").await.expect(200).says(&["No order fits"]);
    assert!(stage.asked("GET /api/v1/admin/orders").is_empty());
}

#[tokio::test]
async fn payments_are_narrowed_and_taken_away() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says("GET /api/v1/admin/payments", page(&[payment(0)]));
    let query = "q=pay_1&status=captured&provider=stripe&from=2026-01-02&least=10&most=20,50";
    let shown = mary.get(&format!("/admin/payments?{query}")).await.expect(200);
    shown.says(&[
        "/admin/payments.csv?q=pay_1&#38;status=captured&#38;provider=stripe&#38;from=2026-01-02",
        "Cash on delivery",
    ]);
    let sent = stage.asked_once("GET /api/v1/admin/payments").query;
    assert!(sent.starts_with("status=captured&q=pay_1&provider=stripe&from=2026-01-02T00"), "{sent}");
    assert!(sent.ends_with("&currency=EUR&amount_min=1000&amount_max=2050&limit=25"), "{sent}");
    stage.says("GET /api/v1/admin/payments.csv", "the file");
    let file = mary.get(&format!("/admin/payments.csv?{query}")).await.expect(200).says(&["the file"]);
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"payments.csv\""));
    let sent = stage.asked_once("GET /api/v1/admin/payments.csv").query;
    assert!(sent.ends_with("&currency=EUR&amount_min=1000&amount_max=2050"), "{sent}");
    stage.says("GET /api/v1/admin/payments", json!({"items": []}));
    mary.get("/admin/payments?q=nothing").await.expect(200).says(&["No payment fits", "Show all payments"]);
}

#[tokio::test]
async fn an_account_keeps_its_roles_when_it_is_closed() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let id = AccountId::derived("test", &["Bob"]);
    let (path, api) = (format!("/admin/users/{id}"), format!("/api/v1/admin/accounts/{id}"));
    stage.says(&format!("GET {api}"), account("Bob", &[Role::Customer], &member(VendorRole::Staff)));
    mary.get(&path).await.expect(200).says(&["Close account", "Make administrator", "Open the store"]);
    let asks = mary.get(&format!("{path}/close")).await.expect(200);
    asks.says(&["logged out everywhere", "Leave it"]);
    stage.says(&format!("PUT {api}/roles"), account("Bob", &[Role::Customer], &[]));
    mary.post(&format!("{path}/close"), &[("version", "3")]).await.leads_to(&path);
    let asked = stage.asked_once(&format!("PUT {api}/roles"));
    assert_eq!(asked.body, json!({"roles": ["customer"], "disabled": true}));
    assert_eq!(asked.headers["if-match"], "\"3\"");
    // Nobody is offered to close the account they work with.
    let me = AccountId::derived("test", &["Mary"]);
    stage.says(&format!("GET /api/v1/admin/accounts/{me}"), account("Mary", &[Role::Customer, Role::Admin], &[]));
    mary.get(&format!("/admin/users/{me}")).await.expect(200).never_says(&["Close account"]);
}

#[tokio::test]
async fn a_closed_account_is_erased_with_a_reason() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let id = AccountId::derived("test", &["Bob"]);
    let (path, api) = (format!("/admin/users/{id}"), format!("/api/v1/admin/accounts/{id}"));
    let bob = account("Bob", &[Role::Customer], &[]);
    stage.says(&format!("GET {api}"), AccountView { disabled: true, ..bob.clone() });
    mary.get(&path).await.expect(200).says(&["Open again", "Erase account"]);
    mary.get(&format!("{path}/erase")).await.expect(200).says(&["name=\"reason\"", "Leave it"]);
    mary.post(&format!("{path}/erase"), &[("reason", " ")]).await.expect(422).says(&["Say why"]);
    assert!(stage.asked(&format!("POST {api}/erasure")).is_empty());
    stage.answers(&format!("POST {api}/erasure"), 204, json!(null));
    mary.post(&format!("{path}/erase"), &[("reason", "Asked by letter")]).await.leads_to(&path);
    assert_eq!(stage.asked_once(&format!("POST {api}/erasure")).body, json!({"reason": "Asked by letter"}));
    let erased_at = Some(bob.created_at);
    stage.says(&format!("GET {api}"), AccountView { disabled: true, erased_at, ..bob });
    mary.get(&path).await.expect(200).says(&["Erased"]).never_says(&["Open again", "Erase account"]);
}

#[tokio::test]
async fn a_new_category_is_asked_for_facts_next() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let mut form = [("name", "Bowls"), ("position", "x"), ("parent_id", ""), ("seo_title", "All bowls")];
    mary.post("/admin/categories", &form).await.expect(422).says(&["Enter a whole number", "value=\"Bowls\""]);
    assert!(stage.asked("POST /api/v1/admin/categories").is_empty());
    form[1].1 = "2";
    stage.answers("POST /api/v1/admin/categories", 201, &categories()[0]);
    let facts = format!("/admin/categories/{}/facts", categories()[0].id);
    mary.post("/admin/categories", &form).await.leads_to(&facts);
    let body = stage.asked_once("POST /api/v1/admin/categories").body;
    assert_eq!((&body["seo_title"], &body["attributes"]), (&json!("All bowls"), &json!([])));
}

#[tokio::test]
async fn a_mail_is_shown_shut_off_and_tried_again() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let id = kernel::MessageId::derived("t", &[]);
    let (path, api) = (format!("/admin/messages/{id}"), format!("/api/v1/admin/messages/{id}"));
    let message = json!({"id": id, "to": "ada@example.com", "template": "order_confirmed", "subject": "Your <order>", "status": "failed",
        "attempts": 5, "error": "No route", "created_at": "2026-01-15T12:00:00Z", "sent_at": null});
    stage.says(
        &format!("GET {api}"),
        json!({"message": message, "text": "Hello", "html": "<p onclick=\"x()\">Hello</p>", "history": []}),
    );
    let shown = mary.get(&path).await.expect(200);
    shown.says(&["<iframe", "sandbox", "Your &#60;order&#62;", "No route", "Try again"]);
    let mail = mary.get(&format!("{path}/html")).await.expect(200).says(&["onclick="]);
    let policy = mail.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("sandbox") && !policy.contains("allow-scripts"),
        "{policy}"
    );
    stage.says(&format!("POST {api}/retry"), &message);
    mary.post(&format!("{path}/retry"), &[]).await.leads_to(&path);
    stage.asked_once(&format!("POST {api}/retry"));
    mary.post("/admin/dead-letters/nobody/replay", &[("what", "event"), ("id", "x")]).await.expect(404);
}
