//! Where an order goes, corrected by its buyer and by an admin; where its invoice goes.

use contracts::orders::{OrderStatus, OrderView, VendorOrderStatus};
use kernel::Role;
use serde_json::json;

use super::{buying, fixtures::*, stage::Stage};

fn api() -> String {
    format!("/api/v1/orders/{}", order_id())
}

fn open_order() -> OrderView {
    order(OrderStatus::Paid, VendorOrderStatus::ToShip)
}

#[tokio::test]
async fn buyers_correct_it_and_keep_what_the_form_does_not_show() {
    let stage = Stage::new().await;
    let mut shown = open_order();
    shown.address.company = Some("Probe & Co".to_owned());
    shown.address.region = Some("Berlin".to_owned());
    stage.says(&format!("GET {}", api()), shown.clone());
    stage.says("GET /api/v1/carts/current", cart(0));
    let put = format!("PUT {}/address", api());
    stage.says(&put, shown.clone());
    let mut browser = stage.logged_in("Ada").await;
    let page = format!("/orders/{}/address", order_id());
    browser.get(&format!("/orders/{}", order_id())).await.expect(200).says(&["Correct the address", &page]);
    browser.get(&page).await.expect(200).says(&[&shown.address.line1, "Country and region stay as they are"]);
    let country = shown.address.country.to_string();
    let typed = [
        ("address.country", country.as_str()),
        ("address.region", "Berlin"),
        ("address.name", "Ada L"),
        ("address.line1", ""),
        ("address.postcode", "10117"),
        ("address.city", "Berlin"),
    ];
    browser.post(&page, &typed).await.expect(422).says(&["Enter street and number.", "10117"]);
    assert!(stage.asked(&put).is_empty(), "half an address is no address");
    let mut whole = typed;
    whole[3].1 = "Low Street 2";
    browser.post(&page, &whole).await.leads_to(&format!("/orders/{}", order_id()));
    assert_eq!(
        stage.asked_once(&put).body,
        json!({"name": "Ada L", "company": "Probe & Co", "line1": "Low Street 2", "postcode": "10117", "city": "Berlin",
               "region": "Berlin", "country": country})
    );
    stage.refuses(
        &put,
        409,
        "address_stands",
        "The address can be corrected until the first parcel is on its way.",
        &[],
    );
    browser.post(&page, &whole).await.leads_to(&format!("/orders/{}", order_id()));
    browser.get(&format!("/orders/{}", order_id())).await.expect(200).says(&["until the first parcel is on its way"]);
    stage.says(&format!("GET {}", api()), order(OrderStatus::Paid, VendorOrderStatus::PartiallyShipped));
    browser.get(&page).await.leads_to(&format!("/orders/{}", order_id()));
    browser.get(&format!("/orders/{}", order_id())).await.expect(200).never_says(&["Correct the address"]);
}

#[tokio::test]
async fn what_is_downloaded_keeps_nobody_from_correcting_it() {
    let stage = Stage::new().await;
    // A part is downloaded, and so was handed over with the payment; the other one is still to be packed.
    let mut mixed = open_order();
    mixed.can_cancel = false;
    let mut pattern = mixed.vendor_orders[0].clone();
    pattern.status = VendorOrderStatus::Delivered;
    for line in &mut pattern.lines {
        line.digital = true;
    }
    mixed.vendor_orders.push(pattern);
    stage.says(&format!("GET {}", api()), &mixed);
    stage.says(&format!("GET {}/downloads", api()), json!({"files": []}));
    stage.says("GET /api/v1/carts/current", cart(0));
    let (shown, page) = (format!("/orders/{}", order_id()), format!("/orders/{}/address", order_id()));
    let mut browser = stage.logged_in("Ada").await;
    browser.get(&shown).await.expect(200).says(&["Correct the address", &page]).never_says(&["Cancel order"]);
    browser.get(&page).await.expect(200).says(&[&mixed.address.line1]);
    // The other one has left.
    mixed.vendor_orders[0].status = VendorOrderStatus::Shipped;
    stage.says(&format!("GET {}", api()), &mixed);
    browser.get(&shown).await.expect(200).never_says(&["Correct the address"]);
    browser.get(&page).await.leads_to(&shown);
}

#[tokio::test]
async fn admins_correct_it_for_them() {
    let stage = Stage::new().await;
    stage.says(&format!("GET {}", api()), open_order());
    let put = format!("PUT {}/address", api());
    let mut browser = stage.logged_in_as("Sam", vec![Role::Admin], Vec::new()).await;
    let page = format!("/admin/orders/{}/address", order_id());
    browser.get(&page).await.expect(200).says(&[&open_order().address.line1]);
    stage.refuses(&put, 422, "invalid_input", "Mend the fields.", &[("line1", "Write less.")]);
    let country = open_order().address.country.to_string();
    let typed = [
        ("address.country", country.as_str()),
        ("address.name", "Ada L"),
        ("address.line1", "Low Street 2"),
        ("address.city", "Berlin"),
    ];
    browser.post(&page, &typed).await.expect(422).says(&["Write less.", "Low Street 2"]);
    stage.says(&put, open_order());
    browser.post(&page, &typed).await.leads_to(&format!("/admin/orders/{}", order_id()));
}

#[tokio::test]
async fn an_invoice_goes_to_another_address_if_one_is_typed() {
    let stage = Stage::new().await;
    let mut browser = buying::guest(&stage).await;
    let fold = "<details class=\"more\"><summary>Invoice to another address</summary>";
    browser.get("/checkout").await.expect(200).says(&[fold, "autocomplete=\"billing postal-code\""]);
    // Half an address is no address: what is missing is said beside its field, and the rest stays.
    let mut typed = vec![("billing_address.company", "Lovelace & Co"), ("billing_address.postcode", "1000")];
    let form = buying::filled(&mut browser, &typed).await;
    buying::send(&mut browser, &form).await.expect(422).says(&[
        "<details class=\"more\" open><summary>Invoice to another address</summary>",
        "Enter the name on the invoice.",
        "href=\"#f-billing-address-name\"",
        "href=\"#f-billing-address-city\"",
        "value=\"Lovelace &#38; Co\"",
        "value=\"1000\"",
    ]);
    assert!(stage.asked("POST /api/v1/orders").is_empty());

    typed.extend([
        ("billing_address.country", "BE"),
        ("billing_address.name", "Books of Ada"),
        ("billing_address.line1", "Rue Haute 1"),
        ("billing_address.city", "Brussels"),
    ]);
    let form = buying::filled(&mut browser, &typed).await;
    let post = "POST /api/v1/orders";
    stage.refuses(post, 422, "invalid_input", "Mend the fields.", &[("billing_address.postcode", "One line, please.")]);
    buying::send(&mut browser, &form).await.expect(422).says(&[
        "One line, please.",
        "href=\"#f-billing-address-postcode\"",
        "value=\"Rue Haute 1\"",
        "value=\"BE\" selected",
    ]);
    stage.forget();
    stage.answers(post, 200, buying::placed(OrderStatus::Paid, None));
    buying::send(&mut browser, &form).await.leads_to(&format!("/orders/{}", order_id()));
    let asked = stage.asked_once(post).body;
    let billing = json!({"name": "Books of Ada", "company": "Lovelace & Co", "line1": "Rue Haute 1", "postcode": "1000",
        "city": "Brussels", "country": "BE"});
    assert_eq!((&asked["billing_address"], &asked["address"]["name"]), (&billing, &json!("Ada Lovelace")));

    // The order's pages say both.
    let mut shown = open_order();
    shown.billing_address = Some(serde_json::from_value(billing).unwrap());
    stage.says(&format!("GET {}", api()), &shown);
    let lines = ["Goes to", "Rua das Flores 12", "Invoice to", "Lovelace &#38; Co", "1000 Brussels", "Belgium"];
    browser.get(&format!("/orders/{}", order_id())).await.expect(200).says(&lines);
    let mut admin = stage.logged_in_as("Sam", vec![Role::Admin], Vec::new()).await;
    admin.get(&format!("/admin/orders/{}", order_id())).await.expect(200).says(&lines[2..]);
    stage.says(&format!("GET {}", api()), open_order());
    browser.get(&format!("/orders/{}", order_id())).await.expect(200).never_says(&["Invoice to"]);
}
