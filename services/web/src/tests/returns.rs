//! Returns: the buyer's form over several vendors, the vendor's answers, the admin's time limit.

use contracts::orders::{
    AskedBy, AskedReturn, OrderReturns, OrderStatus, Remedy, ReturnKind, ReturnLabelView, ReturnLineView, ReturnReason,
    ReturnStatus, ReturnView, ReturnableLine, ReturnablePart, VendorOrderStatus,
};
use contracts::shared::TimelineEntry;
use kernel::{LineId, ReturnId, Role, VendorOrderId, VendorRole};
use serde_json::{Value, json};

use super::{fixtures::*, portal::*, stage::Stage};

fn line(name: &str) -> LineId {
    LineId::derived("test", &[name])
}
pub(super) fn return_id() -> ReturnId {
    ReturnId::derived("test", &["return"])
}
fn path() -> String {
    format!("/orders/{}", order_id())
}
fn api() -> String {
    format!("/api/v1/orders/{}/returns", order_id())
}

pub(super) fn a_return(status: ReturnStatus) -> ReturnView {
    ReturnView {
        id: return_id(),
        number: "S-2601-000001-A-R1".to_owned(),
        order_id: order_id(),
        vendor_order_id: VendorOrderId::derived("test", &["part"]),
        vendor_id: kiln(),
        vendor_name: "Kiln & Daughters".to_owned(),
        kind: ReturnKind::Return,
        asked_by: AskedBy::Buyer,
        status,
        remedy: Remedy::Refund,
        exchange: None,
        new_carrier: None,
        new_tracking_number: None,
        reason: ReturnReason::Damaged,
        text: Some("A <crack>.".to_owned()),
        photos: vec![picture("crack")],
        lines: vec![ReturnLineView {
            line_id: line("line"),
            variant_id: variant("Small"),
            product_id: product_id("Small"),
            title: "The Small".to_owned(),
            options: vec!["Blue".to_owned()],
            sku: "Small".to_owned(),
            quantity: 2,
            exchange_for: None,
            approved: (status != ReturnStatus::Requested).then_some(2),
            received: 0,
            restocked: 0,
            refund: eur(0),
            tax: eur(0),
        }],
        answer: None,
        instructions: Some("Label 7".to_owned()),
        label: None,
        carrier: None,
        tracking_number: None,
        condition: None,
        refund: eur(0),
        refund_shipping: eur(0),
        shipping_left: eur(490),
        refund_failure: None,
        timeline: vec![TimelineEntry {
            at: at("2026-01-15T11:59:00Z"),
            kind: "return_requested".to_owned(),
            text: "The buyer wants to return 2 pieces.".to_owned(),
        }],
        created_at: at("2026-01-15T11:59:00Z"),
        version: 1,
    }
}

fn returnable() -> OrderReturns {
    let part = |name: &str, title: &str, quantity| ReturnablePart {
        vendor_order_id: VendorOrderId::derived("test", &[name]),
        vendor_id: vendor(name),
        vendor_name: format!("Shop {name}"),
        until: at("2026-02-14T12:00:00Z"),
        lines: vec![ReturnableLine {
            line_id: line(title),
            product_id: product_id(title),
            variant_id: variant(title),
            unit_price: eur(3_490),
            title: format!("The {title}"),
            options: vec!["Blue".to_owned()],
            quantity,
        }],
    };
    OrderReturns { returnable: vec![part("kiln", "Small", 2), part("loom", "Rug", 1)], returns: vec![] }
}

#[tokio::test]
async fn one_form_goes_to_all_shops_of_the_order() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.says(&format!("GET /api/v1{}", path()), order(OrderStatus::Completed, VendorOrderStatus::Delivered));
    stage.says(&format!("GET {}", api()), returnable());
    let mut ada = stage.logged_in("Ada").await;
    let form = format!("{}/returns/new", path());
    ada.get(&path()).await.expect(200).says(&["Return something", &form]);
    let (small, rug) = (format!("lines.{}", line("Small")), format!("lines.{}", line("Rug")));
    let page = ada.get(&form).await.expect(200);
    page.says(&["Shop kiln", "Shop loom", "The Small, Blue", "It arrived damaged", &small, &rug]);
    // Nothing chosen: what was typed stays.
    let nothing = [("key", "k1"), (small.as_str(), "0"), ("reason", ""), ("text", "It has a crack.")];
    let refused = ada.upload(&form, &nothing, &[]).await.expect(422);
    refused.says(&["Say how many of something go back.", "Choose a reason.", "It has a crack.", "value=\"k1\""]);
    assert!(stage.asked(&format!("POST {}", api())).is_empty());
    // What the service refuses is told at the line.
    let typed =
        [("key", "k1"), (small.as_str(), "2"), (rug.as_str(), "1"), ("reason", "damaged"), ("text", "A crack.")];
    stage.refuses(
        &format!("POST {}", api()),
        422,
        "invalid_input",
        "Some fields.",
        &[(&small, "Choose at most 1 of these.")],
    );
    ada.upload(&form, &typed, &[]).await.expect(422).says(&["Choose at most 1 of these.", "A crack."]);

    let asked = vec![
        AskedReturn { id: return_id(), number: "A".to_owned(), vendor_id: vendor("kiln") },
        AskedReturn { id: ReturnId::derived("test", &["other"]), number: "B".to_owned(), vendor_id: vendor("loom") },
    ];
    stage.answers(&format!("POST {}", api()), 201, asked);
    let photos = format!("POST {}/{}/photos", api(), return_id());
    stage.answers(&photos, 201, picture("crack"));
    stage.forget();
    ada.upload(&form, &typed, &[("photo", "crack.jpg", "jpeg")]).await.leads_to(&path());
    let sent = stage.asked_once(&format!("POST {}", api()));
    assert_eq!(sent.headers["idempotency-key"], "k1");
    assert_eq!(
        sent.body,
        json!({"lines": [{"line_id": line("Small"), "quantity": 2, "exchange_for": null},
                         {"line_id": line("Rug"), "quantity": 1, "exchange_for": null}],
               "reason": "damaged", "text": "A crack."})
    );
    stage.asked_once(&photos);
    // A photo that cannot be kept now does not hide that the return is asked for.
    stage.refuses(&photos, 503, "unavailable", "Resting.", &[]);
    ada.upload(&form, &typed, &[("photo", "crack.jpg", "jpeg")]).await.leads_to(&path());
    ada.get(&path()).await.says(&["Your return is asked for, but", "crack.jpg: It could not be kept just now."]);
}

#[tokio::test]
async fn the_page_of_a_return_says_what_comes_next() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/carts/current", cart(0));
    let mut ada = stage.logged_in("Ada").await;
    let page = format!("{}/returns/{}", path(), return_id());
    let shown = |of: ReturnView| OrderReturns { returnable: vec![], returns: vec![of] };
    stage.says(&format!("GET {}", api()), shown(a_return(ReturnStatus::Requested)));
    ada.get(&page).await.expect(200).says(&["answers by mail", "Keep it after all", "A &#60;crack&#62;.", "2 pieces"]);
    stage.says(&format!("GET {}", api()), shown(a_return(ReturnStatus::Approved)));
    ada.get(&page).await.expect(200).says(&["takes it back", "Label 7", "tracking_number"]);
    ada.post(&format!("{page}/send"), &[("carrier", "DHL"), ("tracking_number", "")])
        .await
        .expect(422)
        .says(&["value=\"DHL\"", "Enter the number"]);
    let send = format!("POST {}/{}/send", api(), return_id());
    stage.says(&send, a_return(ReturnStatus::Sent));
    ada.post(&format!("{page}/send"), &[("carrier", "DHL"), ("tracking_number", "1")]).await.leads_to(&page);
    assert_eq!(stage.asked_once(&send).body, json!({"carrier": "DHL", "tracking_number": "1"}));
    // With the shop's label there is nothing to be typed.
    let label = ReturnLabelView { carrier: "UPS".to_owned(), tracking_number: "1Z".to_owned() };
    let labelled = ReturnView { label: Some(label), instructions: None, ..a_return(ReturnStatus::Approved) };
    stage.says(&format!("GET {}", api()), shown(labelled));
    let told = ada.get(&page).await.expect(200);
    told.says(&["Print the label", "UPS", "1Z", &format!("{page}/label"), "type=\"hidden\" name=\"tracking_number\""])
        .never_says(&["Such as DHL or Post."]);
    let paper = format!("GET {}/{}/label", api(), return_id());
    stage.says(&paper, "a label");
    ada.get(&format!("{page}/label")).await.expect(200).says(&["a label"]);
    stage.asked_once(&paper);
    let cancel = format!("POST {}/{}/cancel", api(), return_id());
    stage.refuses(&cancel, 409, "return_already_sent", "It is on its way.", &[]);
    ada.post(&format!("{page}/cancel"), &[]).await.leads_to(&page);
    ada.get(&page).await.says(&["It is on its way."]);
    let owed = ReturnView { refund: eur(6_980), ..a_return(ReturnStatus::Received) };
    stage.says(&format!("GET {}", api()), shown(owed.clone()));
    ada.get(&page).await.expect(200).says(&["69.80\u{a0}€ is on its way back to you."]);
    // A refund that has bounced is on no way to anybody.
    stage.says(
        &format!("GET {}", api()),
        shown(ReturnView { refund_failure: Some("returned_by_bank".to_owned()), ..owed }),
    );
    ada.get(&page).await.expect(200).says(&["could not be sent back yet"]).never_says(&["is on its way back"]);
    let paid = ReturnView { refund: eur(6_980), ..a_return(ReturnStatus::Refunded) };
    stage.says(&format!("GET {}", api()), shown(paid));
    ada.get(&page).await.expect(200).says(&["69.80\u{a0}€ went back to you."]).never_says(&["Keep it after all"]);
    // Nothing can be returned: no form.
    ada.get(&format!("{}/returns/new", path())).await.leads_to(&path());
}

#[tokio::test]
async fn a_vendor_takes_back_and_receives() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    let (base, calls) = (format!("/vendor/{}/returns", kiln()), format!("/api/v1/vendors/{}/returns", kiln()));
    let one = format!("{base}/{}", return_id());
    let call = |verb: &str| format!("POST {calls}/{}/{verb}", return_id());
    stage.says(&format!("GET {calls}"), page::<Value>(&[]));
    let policy = format!("/api/v1/vendors/{}/return-policy", kiln());
    stage.says(&format!("GET {policy}"), json!({"market_days": 30, "own_days": 60, "days": 60}));
    ines.get(&base).await.expect(200).says(&["No returns", "60\u{a0}days", "value=\"60\"", "status=cancelled"]);
    stage.says(&format!("PUT {policy}"), json!({"market_days": 30, "own_days": null, "days": 30}));
    ines.post(&format!("{base}/policy"), &[("days", "")]).await.leads_to(&base);
    assert_eq!(stage.asked_once(&format!("PUT {policy}")).body, json!({"days": null}));
    ines.post(&format!("{base}/policy"), &[("days", "many")]).await.expect(422).says(&["Enter a whole number"]);

    stage.says(&format!("GET {calls}/{}", return_id()), a_return(ReturnStatus::Requested));
    ines.get(&one).await.expect(200).says(&["Take it back", "It arrived damaged", "A &#60;crack&#62;.", "/refuse\""]);
    let pieces = format!("lines.{}", line("line"));
    stage.refuses(
        &call("approve"),
        422,
        "invalid_input",
        "Some.",
        &[("reason", "Say why not everything is taken back.")],
    );
    let typed = [(pieces.as_str(), "1"), ("instructions", "Label 8"), ("reason", "")];
    ines.post(&format!("{one}/approve"), &typed).await.expect(422).says(&["Say why not everything", "Label 8"]);
    stage.says(&call("approve"), a_return(ReturnStatus::Approved));
    stage.forget();
    ines.post(&format!("{one}/approve"), &typed).await.leads_to(&one);
    assert_eq!(
        stage.asked_once(&call("approve")).body,
        json!({"lines": [{"line_id": line("line"), "quantity": 1}], "instructions": "Label 8", "reason": null})
    );
    ines.post(&format!("{one}/refuse"), &[("reason", "")]).await.expect(422).says(&["Say why"]);
    stage.says(&call("refuse"), a_return(ReturnStatus::Refused));
    ines.post(&format!("{one}/refuse"), &[("reason", "Worn")]).await.leads_to(&one);

    stage.says(&format!("GET {calls}/{}", return_id()), a_return(ReturnStatus::Sent));
    ines.get(&one).await.expect(200).says(&["It has arrived", "Refund the delivery too: 4.90\u{a0}€", "/close\""]);
    stage.says(&call("receive"), a_return(ReturnStatus::Received));
    let restock = format!("restock.{}", line("line"));
    let arrived = [(pieces.as_str(), "2"), (restock.as_str(), "1"), ("condition", ""), ("refund_shipping", "yes")];
    ines.post(&format!("{one}/receive"), &arrived).await.leads_to(&one);
    assert_eq!(
        stage.asked_once(&call("receive")).body,
        json!({"lines": [{"line_id": line("line"), "received": 2, "restocked": 1}], "refund_shipping": true, "condition": null})
    );
    let stuck = ReturnView {
        refund: eur(6_980),
        refund_failure: Some("returned_by_bank".to_owned()),
        ..a_return(ReturnStatus::Received)
    };
    stage.says(&format!("GET {calls}/{}", return_id()), stuck);
    ines.get(&one).await.expect(200).says(&["The refund did not arrive.", "Returned by bank", "Send it once more"]);
    stage.says(&call("retry"), a_return(ReturnStatus::Received));
    ines.post(&format!("{one}/retry"), &[]).await.leads_to(&one);
}

#[tokio::test]
async fn an_admin_sees_all_and_sets_the_time() {
    let stage = Stage::new().await;
    let mut root = stage.logged_in_as("Root", vec![Role::Customer, Role::Admin], Vec::new()).await;
    stage.says("GET /api/v1/admin/returns", page::<Value>(&[]));
    stage.says("GET /api/v1/admin/return-policy", json!({"days": 30}));
    root.get("/admin/returns?status=sent").await.expect(200).says(&["No returns", "value=\"30\""]);
    assert!(stage.asked_once("GET /api/v1/admin/returns").query.contains("status=sent"));
    stage.says("PUT /api/v1/admin/return-policy", json!({"days": 14}));
    root.post("/admin/returns/policy", &[("days", "14")]).await.leads_to("/admin/returns");
    assert_eq!(stage.asked_once("PUT /api/v1/admin/return-policy").body, json!({"days": 14}));
    root.post("/admin/returns/policy", &[("days", "400")]).await.expect(422).says(&["value=\"400\"", "from 0 to 365"]);
    let mut eve = stage.logged_in("Eve").await;
    stage.answers("POST /api/v1/sessions/refresh", 200, stage.tokens("Eve", "second", &[Role::Customer], &[]));
    eve.get("/admin/returns").await.expect(404);
}

#[tokio::test]
async fn another_variant_can_be_had_instead() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/carts/current", cart(0));
    // The small mug costs what was paid for the other; the large one costs more.
    let found = OrderReturns {
        returnable: vec![ReturnablePart {
            lines: vec![ReturnableLine {
                product_id: mug().id,
                variant_id: variant("Medium"),
                ..line_of(&returnable())
            }],
            ..returnable().returnable.remove(0)
        }],
        returns: vec![],
    };
    stage.says(&format!("GET {}", api()), &found);
    let several =
        contracts::catalog::ProductCard { id: mug().id, slug: mug().slug, single_variant_id: None, ..card("small") };
    stage.says("GET /api/v1/products", page(&[several]));
    stage.says("GET /api/v1/products/blue-mug", mug());
    let mut ada = stage.logged_in("Ada").await;
    let form = format!("{}/returns/new", path());
    let choice = format!("exchange.{}", line("Small"));
    let small = format!("value=\"{}\"", variant("Small"));
    let shown = ada.get(&form).await.expect(200);
    shown.says(&[&choice, "The money back", &small]).never_says(&[&format!("value=\"{}\"", variant("Large"))]);
    // What was bought at the price for several, or for a group, can be exchanged as well.
    for paid in [3_190, 2_800] {
        let mut bought = found.clone();
        bought.returnable[0].lines[0].unit_price = eur(paid);
        stage.says(&format!("GET {}", api()), bought);
        stage.says("POST /api/v1/quotes", quote('a', 1, 2_800));
        ada.get(&form).await.expect(200).says(&[&choice, &small]);
    }
    stage.answers(&format!("POST {}", api()), 201, Vec::<AskedReturn>::new());
    let (pieces, wanted) = (format!("lines.{}", line("Small")), variant("Small").to_string());
    let typed = [("key", "k"), (pieces.as_str(), "1"), (choice.as_str(), wanted.as_str()), ("reason", "does_not_fit")];
    ada.upload(&form, &typed, &[]).await.leads_to(&path());
    let sent = stage.asked_once(&format!("POST {}", api()));
    assert_eq!(sent.body["lines"][0]["exchange_for"], json!(variant("Small")));

    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let (base, calls) = (format!("/vendor/{}/returns", kiln()), format!("/api/v1/vendors/{}/returns", kiln()));
    let one = format!("{base}/{}", return_id());
    let swap = ReturnView { remedy: Remedy::Exchange, ..a_return(ReturnStatus::Received) };
    stage.says(&format!("GET {calls}/{}", return_id()), swap.clone());
    ines.get(&one).await.expect(200).says(&["Send what is wanted instead", "Another variant", "Pay it back instead"]);
    let send = format!("POST {calls}/{}/exchange", return_id());
    stage.refuses(&send, 409, "exchange_not_held", "It is still being set aside.", &[]);
    let parcel = [("carrier", "Post"), ("tracking_number", "77")];
    ines.post(&format!("{one}/exchange"), &parcel).await.expect(409).says(&["still being set aside", "value=\"77\""]);
    stage.says(&send, a_return(ReturnStatus::Exchanged));
    ines.post(&format!("{one}/exchange"), &parcel).await.leads_to(&one);
    stage.says(&format!("POST {calls}/{}/refund", return_id()), swap);
    ines.post(&format!("{one}/refund"), &[]).await.leads_to(&one);
}

fn line_of(found: &OrderReturns) -> ReturnableLine {
    found.returnable[0].lines[0].clone()
}

#[tokio::test]
async fn something_is_paid_back_without_a_return() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let order = format!("/vendor/{}/orders/{}", kiln(), part_id());
    let form = format!("{order}/pay-back");
    let detail_of = format!("GET /api/v1/vendors/{}/orders/{}", kiln(), part_id());
    stage.says(&detail_of, detail(VendorOrderStatus::ToShip));
    ines.get(&order).await.expect(200).never_says(&["Pay something back"]);
    stage.says(&detail_of, detail(VendorOrderStatus::Delivered));
    ines.get(&order).await.expect(200).says(&["Pay something back", &form]);
    ines.get(&form).await.expect(200).says(&["nothing has to come back", "The delivery, too", "name=\"reason\""]);
    let call = format!("POST /api/v1/vendors/{}/orders/{}/refunds", kiln(), part_id());
    let line_id = detail(VendorOrderStatus::Delivered).order.lines[0].id;
    let pieces = format!("lines.{line_id}");
    ines.post(&form, &[("key", "k"), ("reason", "")]).await.expect(422).says(&["Say why; the buyer reads it."]);
    ines.post(&form, &[("key", "k"), ("reason", "Late")])
        .await
        .expect(422)
        .says(&["Say for what money goes back.", "Late"]);
    assert!(stage.asked(&call).is_empty());
    stage.refuses(&call, 422, "invalid_input", "Some.", &[(&pieces, "None of these can be chosen any more.")]);
    let typed = [("key", "k"), (pieces.as_str(), "1"), ("shipping", "yes"), ("reason", "A scratch")];
    ines.post(&form, &typed).await.expect(422).says(&["None of these can be chosen", "A scratch", "checked"]);
    stage.answers(&call, 201, AskedReturn { id: return_id(), number: "A-R1".to_owned(), vendor_id: kiln() });
    stage.forget();
    ines.post(&form, &typed).await.leads_to(&format!("/vendor/{}/returns/{}", kiln(), return_id()));
    let sent = stage.asked_once(&call);
    assert_eq!(sent.headers["idempotency-key"], "k");
    let lines = json!([{"line_id": line_id, "quantity": 1}]);
    assert_eq!(sent.body, json!({"lines": lines, "shipping": true, "reason": "A scratch"}));
    // Both sides read what it is.
    let kept = ReturnView {
        kind: ReturnKind::Kept,
        asked_by: AskedBy::Vendor,
        refund: eur(390),
        ..a_return(ReturnStatus::Received)
    };
    stage.says(&format!("GET /api/v1/vendors/{}/returns/{}", kiln(), return_id()), kept.clone());
    let page = ines.get(&format!("/vendor/{}/returns/{}", kiln(), return_id())).await.expect(200);
    page.says(&["Being paid back", "nothing has to be sent"]).never_says(&["The buyer's words", "Close"]);
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.says(&format!("GET {}", api()), OrderReturns { returnable: vec![], returns: vec![kept] });
    let mut ada = stage.logged_in("Ada").await;
    let page = ada.get(&format!("{}/returns/{}", path(), return_id())).await.expect(200);
    page.says(&["3.90\u{a0}€ is on its way back to you. Nothing has to be sent."]).never_says(&["Keep it after all"]);
}
