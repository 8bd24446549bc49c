//! The vendor portal.

use axum::http::Method;
use contracts::{
    orders::{ParcelLine, Tracking, VendorOrderStatus},
    shipping::{ShipmentStatus, ShipmentView},
};
use kernel::{Role, VendorRole};
use serde_json::{Value, json};

use super::{fixtures::*, portal::*, stage::Stage};

fn at(path: &str) -> String {
    format!("/vendor/{}{path}", kiln())
}
fn api(path: &str) -> String {
    format!("/api/v1/vendors/{}{path}", kiln())
}

#[tokio::test]
async fn a_portal_exists_for_its_members_alone() {
    let stage = Stage::new().await;
    let home = at("");
    stage.browser().get(&home).await.leads_to(&format!("/login?next=%2Fvendor%2F{}", kiln()));
    let mut stranger = stage.logged_in_as("Eve", vec![Role::Customer, Role::Admin], Vec::new()).await;
    stage.answers("POST /api/v1/sessions/refresh", 200, stage.tokens("Eve", "second", &[Role::Customer], &[]));
    for path in [
        "",
        "/orders",
        "/products",
        "/stock",
        "/discounts",
        "/promotions",
        "/delivery",
        "/earnings",
        "/payouts",
        "/payouts/account",
        "/payouts/account/stripe",
        "/payouts/terms",
        "/statement",
        "/statement.csv",
        "/statement.pdf",
        "/invoices",
        "/invoices/2026-000001/invoice.pdf",
        "/imports",
        "/reviews",
        "/settings",
    ] {
        stranger.get(&at(path)).await.expect(404);
    }
    stranger.get("/vendor/not-an-id/orders").await.expect(404);
    assert!(stage.asked(&format!("GET {}", api("/orders"))).is_empty());
    // Staff does not see the money.
    let mut staff = at_work(&stage, VendorRole::Staff).await;
    stage.says(&format!("GET {}", api("/orders")), page(&[detail(VendorOrderStatus::ToShip)]));
    for path in
        ["/earnings", "/payouts", "/payouts/account", "/payouts/account/stripe", "/statement", "/invoices", "/settings"]
    {
        staff.get(&at(path)).await.expect(404);
    }
    assert!(stage.asked(&format!("GET {}", api("/earnings"))).is_empty());
    staff.get(&at("/orders")).await.expect(200).never_says(&["/earnings\"", "/settings\""]);
}

#[tokio::test]
async fn orders_are_taken_away_as_a_file() {
    let stage = Stage::new().await;
    let mut staff = at_work(&stage, VendorRole::Staff).await;
    stage.says(&format!("GET {}", api("/orders")), page(&[detail(VendorOrderStatus::ToShip)]));
    let link = format!("href=\"{}?status=to_ship\"", at("/orders.csv"));
    staff.get(&at("/orders?status=to_ship")).await.expect(200).says(&[&link]);
    stage.says(&format!("GET {}", api("/orders.csv")), "the file");
    let file = staff.get(&at("/orders.csv?status=to_ship")).await.expect(200).says(&["the file"]);
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"orders.csv\""));
    assert_eq!(stage.asked_once(&format!("GET {}", api("/orders.csv"))).query, "status=to_ship");
    stage.refuses(&format!("GET {}", api("/orders.csv")), 422, "invalid_input", "There is no such state.", &[]);
    staff.get(&at("/orders.csv?status=lost")).await.expect(422);
}

#[tokio::test]
async fn the_home_says_what_to_do_even_when_parts_are_missing() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    let bare = ines.get(&at("")).await.expect(200);
    bare.says(&["S-2601-000001-A", "The figures cannot be had", "Nothing runs out"]);
    stage.says(&format!("GET {}", api("/reports/overview")), report());
    stage.says(&format!("GET {}", api("/earnings")), earnings());
    stage.says(&format!("GET {}", api("/stock")), page(&[stock(3)]));
    stage.says(&format!("GET {}", api("/shipping-methods")), Vec::<Value>::new());
    stage.says(&format!("GET {}", api("/products")), page::<Value>(&[]));
    let whole = ines.get(&at("?days=90")).await.expect(200);
    whole.says(&[
        "912.20\u{a0}€",
        "+100\u{a0}%",
        "3 left, warned at 5",
        "Say how you deliver",
        "role=\"img\"",
        "Show as a table",
    ]);
    assert!(stage.asked(&format!("GET {}", api("/reports/overview"))).last().unwrap().query.contains("days=90"));
    assert!(stage.asked(&format!("GET {}", api("/stock"))).last().unwrap().query.contains("low=true"));
}

#[tokio::test]
async fn a_parcel_is_handed_over_in_two_clicks_and_never_without_a_number() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let (order, ship) = (
        at(&format!("/orders/{}", part_id())),
        format!("POST {}", api(&format!("/orders/{}/shipment/ship", part_id()))),
    );
    stage.says(&format!("GET {}", api(&format!("/orders/{}", part_id()))), detail(VendorOrderStatus::ToShip));
    let shown = ines.get(&order).await.expect(200);
    let shown = shown.says(&["Rua das Flores 12", "Ring &#60;twice&#62;", "Mark as shipped", "Packing slip"]);
    let refused =
        ines.post(&format!("{order}/ship"), &[("carrier", "DHL"), ("tracking_number", " ")]).await.expect(422);
    refused.says(&["Enter the number on the parcel", "value=\"DHL\"", "aria-invalid=\"true\""]);
    assert!(stage.asked(&ship).is_empty());
    stage.says(&ship, parcel());
    ines.post(&format!("{order}/ship"), &[("carrier", "DHL"), ("tracking_number", "JD01")]).await.leads_to(&order);
    assert_eq!(stage.asked_once(&ship).body, json!({"carrier": "DHL", "tracking_number": "JD01"}));
    ines.get(&order).await.says(&["is on its way"]);
    // Some of it, and nothing is not some of it.
    let line = detail(VendorOrderStatus::ToShip).order.lines[0].id;
    let quantity = format!("lines.{line}");
    let shown = shown.says(&[&format!("name=\"{quantity}\""), "2 left to ship"]);
    stage.forget();
    let sent = |pieces| [("carrier", "DHL"), ("tracking_number", "JD02"), (quantity.as_str(), pieces)];
    for wrong in ["0", "3", "x"] {
        ines.post(&format!("{order}/ship"), &sent(wrong)).await.expect(422).says(&["value=\"JD02\""]);
    }
    assert!(stage.asked(&ship).is_empty());
    ines.post(&format!("{order}/ship"), &sent("1")).await.leads_to(&order);
    let lines = json!([{"line_id": line, "quantity": 1}]);
    assert_eq!(stage.asked_once(&ship).body, json!({"carrier": "DHL", "tracking_number": "JD02", "lines": lines}));
    shown.says(&[&format!("href=\"{order}/slip.pdf\"")]);
    let paper = format!("GET {}", api(&format!("/orders/{}/packing-slip.pdf", part_id())));
    stage.says(&paper, "a paper");
    ines.get(&format!("{order}/slip.pdf")).await.expect(200).says(&["a paper"]);
    assert_eq!(stage.asked_once(&paper).headers["accept-language"], "en");
}

#[tokio::test]
async fn parcels_are_shown_one_by_one_and_arrive_one_by_one() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let order = at(&format!("/orders/{}", part_id()));
    stage.says(&format!("GET {}", api(&format!("/orders/{}", part_id()))), detail(VendorOrderStatus::ToShip));
    let line = detail(VendorOrderStatus::ToShip).order.lines[0].id;
    let lines = vec![ParcelLine { line_id: line, quantity: 1 }];
    let tracking =
        Some(Tracking { carrier: "DHL".to_owned(), number: "JD01".to_owned(), token: "tok".to_owned(), pickup: false });
    let first = ShipmentView { lines: lines.clone(), tracking, ..parcel() };
    let open = ShipmentView { parcel: 2, lines, status: ShipmentStatus::Preparing, ..parcel() };
    stage.says(&format!("GET {}", api(&format!("/orders/{}/shipments", part_id()))), [&first, &open]);
    let shown = ines.get(&order).await.expect(200);
    shown.says(&["Partly shipped", "Ship the rest", "Parcel 1: on its way", "JD01", "slip.pdf?parcel=1"]);
    let deliver = format!("POST {}", api(&format!("/shipments/{}/deliver", first.id)));
    stage.says(&deliver, &first);
    ines.post(&format!("{order}/parcels/{}/deliver", first.id), &[]).await.leads_to(&order);
    stage.asked_once(&deliver);
    ines.get(&order).await.says(&["was delivered"]);
}

#[tokio::test]
async fn forms_without_the_token_change_nothing() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    let id = part_id();
    for path in
        [format!("/orders/{id}/ship"), "/products/bulk".to_owned(), "/delivery".to_owned(), "/members".to_owned()]
    {
        ines.post_raw(&at(&path), &[("csrf", "x"), ("carrier", "DHL"), ("tracking_number", "1")]).await.expect(403);
        ines.with("sec-fetch-site", "cross-site").post(&at(&path), &[]).await.expect(403);
    }
    let asked = stage.asked(&format!("POST {}", api(&format!("/orders/{id}/shipment/ship"))));
    assert!(asked.is_empty() && stage.asked(&format!("POST {}", api("/members"))).is_empty());
}

#[tokio::test]
async fn a_price_is_changed_in_its_row() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let id = product_id("Small");
    stage.says(&format!("GET {}", api("/products")), json!({"items": [edit("Small", 3_490)], "next": "c1"}));
    stage.says(&format!("GET {}", product_path(id)), edit("Small", 3_490));
    let list = ines.get(&at("/products?status=draft&q=small")).await.expect(200);
    list.says(&["The &#60;Small&#62;", "value=\"34.90\"", "after=c1", "3 left"]);
    let query = stage.asked(&format!("GET {}", api("/products"))).pop().unwrap().query;
    assert!(query.contains("status=draft") && query.contains("q=small"), "{query}");
    let (quick, put) = (at(&format!("/products/{id}/quick")), format!("PUT {}", product_path(id)));
    let (price, status) = (format!("price-{id}"), format!("status-{id}"));
    let back = at("/products?q=small");
    let wrong = ines.post(&quick, &[("next", &back), (&price, "abc"), (&status, "published")]).await;
    wrong.leads_to(&back);
    ines.htmx().post(&quick, &[("next", &back), (&price, "abc")]).await.expect(422).says(&["Enter a price", "toast"]);
    assert!(stage.asked(&put).is_empty());
    stage.says(&put, edit("Small", 2_550));
    ines.post(&quick, &[("next", &back), (&price, "25,50"), (&status, "published")]).await.leads_to(&back);
    let asked = stage.asked_once(&put);
    assert_eq!(
        (&asked.body["variants"][0]["price_minor"], &asked.body["status"]),
        (&json!(2_550), &json!("published"))
    );
    assert_eq!(asked.headers["if-match"], "\"5\"");
    // Somewhere else is not where a form comes back to.
    ines.post(&quick, &[("next", "//evil.example"), (&price, "25")]).await.leads_to(&at("/products"));
}

#[tokio::test]
async fn a_product_is_refused_beside_its_fields_and_keeps_what_was_typed() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let mugs = categories()[1].id.to_string();
    ines.get(&at("/products/new")).await.expect(200).says(&["Add a product", "Mugs &#38; cups"]);
    let mut form = vec![
        ("title", "Blue \"mug\""),
        ("category_id", mugs.as_str()),
        ("status", "published"),
        ("currency", "EUR"),
        ("variants[0].sku", "M1"),
        ("variants[0].options", ""),
        ("variants[0].price_minor", "x"),
        ("do", "save"),
    ];
    let refused = ines.post(&at("/products"), &form).await.expect(422);
    refused.says(&[
        "Enter a price such as 19.99.",
        "value=\"Blue &#34;mug&#34;\"",
        "href=\"#f-variants-0--price-minor\"",
    ]);
    let create = format!("POST {}", api("/products"));
    assert!(stage.asked(&create).is_empty());
    form[6].1 = "19.90";
    stage.refuses(
        &create,
        422,
        "invalid_input",
        "Some fields are wrong.",
        &[("variants[0].sku", "This SKU is taken.")],
    );
    ines.post(&at("/products"), &form).await.expect(422).says(&["This SKU is taken.", "value=\"19.90\""]);
    stage.answers(&create, 201, edit("Small", 1_990));
    let here = at(&format!("/products/{}", product_id("Small")));
    ines.post(&at("/products"), &form).await.leads_to(&here);
    let body = stage.asked(&create).pop().unwrap().body;
    assert_eq!((&body["title"], &body["variants"][0]["price_minor"]), (&json!("Blue \"mug\""), &json!(1_990)));
    // Options make variants; nothing is saved before they were seen.
    stage.forget();
    form.extend([("options[0].name", "Size"), ("options[0].values", "S\nL")]);
    let shown = ines.post(&at("/products"), &form).await.expect(200);
    shown.says(&["Nothing is saved yet", "value=\"M1-S\"", "value=\"M1-L\""]);
    assert!(stage.asked(&create).is_empty());
}

#[tokio::test]
async fn a_discount_runs_through_its_last_day() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    stage.says(&format!("GET {}", api("/products")), page(&[edit("Small", 100)]));
    ines.get(&at("/discounts/new")).await.expect(200).says(&["The &#60;Small&#62;"]);
    let create = format!("POST {}", api("/discounts"));
    let id = product_id("Small").to_string();
    let mut form = [
        ("name", "Fair"),
        ("percent_bp", "120"),
        ("starts_at", "2026-02-01"),
        ("ends_at", "2026-02-03"),
        ("product_ids", id.as_str()),
    ];
    ines.post(&at("/discounts"), &form).await.expect(422).says(&["0.01 to 95", "value=\"Fair\"", " checked"]);
    assert!(stage.asked(&create).is_empty());
    form[1].1 = "12,5";
    stage.answers(&create, 201, json!({"id": kernel::DiscountId::derived("t", &[]), "active": false, "version": 1,
        "input": {"name": "Fair", "percent_bp": 1_250, "product_ids": [], "starts_at": "2026-02-01T00:00:00Z", "ends_at": null}}));
    ines.post(&at("/discounts"), &form).await.leads_to(&at("/discounts"));
    let body = stage.asked_once(&create).body;
    assert_eq!((&body["percent_bp"], &body["product_ids"]), (&json!(1_250), &json!([id])));
    assert_eq!(
        (&body["starts_at"], &body["ends_at"]),
        (&json!("2026-02-01T00:00:00Z"), &json!("2026-02-04T00:00:00Z"))
    );
}

#[tokio::test]
async fn ways_to_deliver_are_checked_before_they_are_kept() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    stage.says(&format!("GET {}", api("/shipping-methods")), Vec::<Value>::new());
    ines.get(&at("/delivery")).await.expect(200).says(&["No way to deliver yet", "Add a way to deliver"]);
    let create = format!("POST {}", api("/shipping-methods"));
    let mut form = [
        ("name", "Post"),
        ("price_minor", ""),
        ("countries", "de, XX"),
        ("days_min", "4"),
        ("days_max", "2"),
        ("weight_prices", "heavy"),
        ("value_prices", "50: 0"),
        ("max_weight_g", "31,5 kg"),
    ];
    let refused = ines.post(&at("/delivery"), &form).await.expect(422);
    let refused =
        refused.says(&["0 for free delivery", "two-letter country codes", "value=\"de, XX\"", "weight and price"]);
    refused.says(&["value and price, both above 0: 50.00: 2.90", "50: 0</textarea>"]);
    (form[1].1, form[2].1, form[5].1, form[6].1) = ("4.90", "de, at", "5 kg: 9.90\n20 kg: 14", "");
    ines.post(&at("/delivery"), &form).await.expect(422).says(&["Not fewer than"]);
    assert!(stage.asked(&create).is_empty());
    form[4].1 = "6";
    stage.answers(
        &create,
        201,
        json!({"id": method("Post"), "version": 1, "input": {"name": "Post", "currency": "EUR",
        "price_minor": 490, "free_over_minor": null, "countries": [], "days_min": 4, "days_max": 6}}),
    );
    ines.post(&at("/delivery"), &form).await.leads_to(&at("/delivery"));
    let body = stage.asked_once(&create).body;
    assert_eq!((&body["price_minor"], &body["countries"]), (&json!(490), &json!(["DE", "AT"])));
    let prices = json!([{"from_g": 5_000, "price_minor": 990}, {"from_g": 20_000, "price_minor": 1_400}]);
    assert_eq!((&body["weight_prices"], &body["max_weight_g"]), (&prices, &json!(31_500)));
    (form[5].1, form[6].1) = ("", "50: 2,90 €\n100 = 1.90");
    ines.post(&at("/delivery"), &form).await.leads_to(&at("/delivery"));
    let body = stage.asked(&create).pop().unwrap().body;
    let prices = json!([{"from_minor": 5_000, "price_minor": 290}, {"from_minor": 10_000, "price_minor": 190}]);
    assert_eq!((&body["weight_prices"], &body["value_prices"]), (&Value::Null, &prices));
}

#[tokio::test]
async fn a_member_must_have_an_account() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    stage.says(&format!("GET {}", api("/members")), Vec::<Value>::new());
    ines.get(&at("/members")).await.expect(200);
    let refused = ines.post(&at("/members"), &[("email", "bob@example.com"), ("role", "staff")]).await.expect(422);
    refused.says(&["no account with this address", "value=\"bob@example.com\""]);
    ines.post(&at("/members"), &[("email", "bob@example.com"), ("role", "king")]).await.expect(422);
    assert_eq!(stage.asked(&format!("POST {}", api("/members"))).len(), 1);
}

fn import(dry_run: bool, status: &str, rows: i64) -> Value {
    json!({"id": kernel::ImportId::derived("t", &["import"]), "dry_run": dry_run, "status": status, "rows": rows, "rows_total": 10,
        "created": 3, "updated": 2, "unchanged": 1, "created_at": "2026-01-15T12:00:00Z",
        "errors": [{"row": 4, "column": "price", "reason": "Enter a <price>."}]})
}

/// The catalogue takes a file of one piece: its id, how it is begun, how its piece is sent.
fn keeps_a_file(stage: &Stage) -> (kernel::ImportFileId, String, String) {
    let file = kernel::ImportFileId::derived("t", &["file"]);
    let piece = format!("PUT {}", api(&format!("/import-files/{file}/pieces/0")));
    let begin = format!("POST {}", api("/import-files"));
    let kept = json!({"id": file, "bytes": 10, "piece_bytes": 4_194_304, "limit_bytes": 1_073_741_824});
    stage.answers(&begin, 201, &kept);
    stage.says(&piece, &kept);
    (file, begin, piece)
}

#[tokio::test]
async fn a_file_is_checked_before_it_is_written() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let (list, start) = (format!("GET {}", api("/imports")), format!("POST {}", api("/imports")));
    let (file, begin, piece) = keeps_a_file(&stage);
    stage.says(&list, page::<Value>(&[]));
    stage.answers(&start, 202, import(true, "queued", 0));
    ines.get(&at("/imports")).await.expect(200).says(&[
        "No imports yet",
        "multipart/form-data",
        "name=\"currency\"",
        "name=\"category\"",
        "WooCommerce",
    ]);
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n--b\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\nsku,title\r\n--b\r\nContent-Disposition: \
         form-data; name=\"currency\"\r\n\r\ngbp\r\n--b\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\n\
         mugs\r\n--b--\r\n",
        ines.csrf
    );
    let here = at(&format!("/imports/{}", kernel::ImportId::derived("t", &["import"])));
    let sent = ines.send(Method::POST, &at("/imports"), body, "multipart/form-data; boundary=b").await;
    sent.leads_to(&here);
    stage.asked_once(&begin);
    assert_eq!(stage.asked_once(&piece).headers["content-type"], "application/octet-stream");
    assert_eq!(stage.asked_once(&start).query, format!("dry_run=true&currency=GBP&category=mugs&file={file}"));
    // Under way: the page asks again by itself, with and without scripts.
    let one = format!("GET {}", api(&format!("/imports/{}", kernel::ImportId::derived("t", &["import"]))));
    stage.says(&one, import(true, "running", 4));
    ines.get(&here).await.expect(200).says(&["4 of 10 rows", "every 1s", "http-equiv=\"refresh\""]);
    ines.htmx().get(&here).await.expect(200).says(&["value=\"40\""]).never_says(&["<html"]);
    let mut done = import(true, "done", 10);
    done["can_confirm"] = json!(true);
    done["format"] = json!("shopify");
    done["ignored_columns"] = json!(["Cost per item"]);
    done["errors_total"] = json!(1_235);
    done["notes"] = json!([{"row": 7, "column": "Sale price", "reason": "Make a discount."}]);
    done["pictures"] = json!({"waiting": 0, "kept": 4, "failed": 1});
    stage.says(&one, &done);
    let change = json!({"row": 2, "handle": "mug", "title": "A <mug>", "outcome": "updated",
        "fields": [{"field": "title", "before": "Mug", "after": "A <mug>"}, {"field": "variant M-L", "before": null, "after": "9.00 EUR"}]});
    stage.says(&format!("{one}/changes"), page(&[change]));
    let lost = json!({"product_id": kernel::ProductId::derived("t", &["mug"]), "title": "Mug", "url": "https://shop.example/a.png",
        "state": "failed", "reason": "shop.example answered 404."});
    stage.says(&format!("{one}/pictures"), page(&[lost]));
    assert_eq!(ines.htmx().get(&here).await.expect(200).header("hx-redirect"), Some(here.as_str()));
    ines.get(&here).await.expect(200).says(&["Enter a &#60;price&#62;.", "Import 5\u{a0}products", "will be left out"]);
    ines.get(&here).await.expect(200).says(&[
        "And 1,234 more, which are not shown here.",
        "Products of Shopify",
        "Cost per item",
        "Make a discount.",
        "title: Mug → A &#60;mug&#62;; variant M-L: added, 9.00 EUR",
        "4 fetched, 0 on their way, 1 not to be had",
        "shop.example answered 404.",
    ]);
    stage.forget();
    let confirm = format!("{}/confirmation", one.replace("GET", "POST"));
    stage.answers(&confirm, 202, import(false, "queued", 0));
    ines.post(&here, &[]).await.leads_to(&here);
    stage.asked_once(&confirm);
    // Once: a second confirmation is refused, and the page says so.
    stage.refuses(&confirm, 409, "check_over", "This dry run was confirmed before.", &[]);
    ines.post(&here, &[]).await.leads_to(&at("/imports"));
    done["can_confirm"] = json!(false);
    stage.says(&one, &done);
    ines.get(&here).await.expect(200).says(&["This check is over."]);
    assert_eq!(stage.asked(&start).len(), 0);
}

#[tokio::test]
async fn a_large_file_is_handed_on_in_pieces_unless_the_form_is_foreign() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let file = kernel::ImportFileId::derived("t", &["file"]);
    let begin = format!("POST {}", api("/import-files"));
    let piece = |n: u64| format!("PUT {}", api(&format!("/import-files/{file}/pieces/{n}")));
    let kept = json!({"id": file, "bytes": 1, "piece_bytes": 4_194_304, "limit_bytes": 1_073_741_824});
    stage.answers(&begin, 201, &kept);
    stage.says(&piece(0), &kept);
    let start = format!("POST {}", api("/imports"));
    stage.answers(&start, 202, import(true, "queued", 0));
    let content = "x".repeat(4_194_304 + 3);
    let body = |csrf: &str| {
        format!(
            "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--b\r\nContent-Disposition: form-data; \
             name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n{content}\r\n--b--\r\n"
        )
    };
    let form = "multipart/form-data; boundary=b";
    ines.send(Method::POST, &at("/imports"), body("forged"), form).await.expect(403);
    assert_eq!((stage.asked(&begin).len(), stage.asked(&piece(0)).len()), (0, 0));

    // Too long, says the catalogue at the second piece: the page says so, too.
    stage.refuses(&piece(1), 413, "file_too_large", "A file to import has at most 4 MB.", &[]);
    let csrf = ines.csrf.clone();
    ines.send(Method::POST, &at("/imports"), body(&csrf), form).await.leads_to(&at("/imports"));
    assert_eq!(stage.asked(&start).len(), 0);
    stage.says(&format!("GET {}", api("/imports")), page::<Value>(&[]));
    ines.get(&at("/imports")).await.expect(200).says(&["A file to import has at most 4 MB."]);

    stage.forget();
    stage.says(&piece(1), &kept);
    let here = at(&format!("/imports/{}", kernel::ImportId::derived("t", &["import"])));
    ines.send(Method::POST, &at("/imports"), body(&csrf), form).await.leads_to(&here);
    let asked = [begin, piece(0), piece(1), start].map(|what| stage.asked(&what).len());
    assert_eq!(asked, [1, 1, 1, 1]);
}

#[tokio::test]
async fn the_search_jumps_to_pages_products_and_orders() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    stage.says(&format!("GET {}", api("/products")), page(&[edit("Small", 100)]));
    stage.says(&format!("GET {}", api("/stock")), page(&[stock(3)]));
    ines.get(&at("/search?q=ada")).await.expect(200).says(&["S-2601-000001-A", "SKU-Small"]);
    ines.get(&at("/search?q=deliv")).await.expect(200).says(&["Delivery"]);
    for (word, path) in [("coupon", "promotions"), ("time+limit", "returns"), ("warehouse", "stock/locations")] {
        let found = ines.get(&at(&format!("/search?q={word}"))).await.expect(200);
        found.says(&["Pages", &at(&format!("/{path}"))]);
    }
    ines.get(&at("/search?q=%3Cscript%3E")).await.expect(200).never_says(&["<script>"]);
}

#[tokio::test]
async fn a_variant_is_shown_by_one_of_the_pictures() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let mut known = edit("Small", 1_990);
    known.pictures = vec![picture("front"), picture("back")];
    known.input.variants[0].picture_id = Some(picture("back").id);
    stage.says(&format!("GET {}", product_path(known.id)), known);
    let here = at(&format!("/products/{}", product_id("Small")));
    let page = ines.get(&here).await.expect(200).says(&["1. A front", "2. A back"]);
    let chosen = ("variants[0].picture_id".to_owned(), picture("back").id.to_string());
    assert!(page.form(&here).contains(&chosen), "{:?}", page.form(&here));
}
