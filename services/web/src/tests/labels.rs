//! Labels of carriers in the portal, and what carriers say in the histories of orders.

use contracts::{
    carriers::{LabelStatus, LabelView, PartLabels, SenderView},
    orders::{ReturnStatus, VendorOrderStatus},
    shared::TimelineEntry,
    shipping::ShipmentView,
};
use kernel::{LabelId, VendorRole};
use serde_json::json;

use super::{
    fixtures::*,
    portal::*,
    returns::{a_return, return_id},
    stage::Stage,
};

fn at(path: &str) -> String {
    format!("/vendor/{}{path}", kiln())
}
fn api(path: &str) -> String {
    format!("/api/v1/vendors/{}{path}", kiln())
}
fn labels_of_part() -> String {
    format!("GET {}", api(&format!("/orders/{}/labels", part_id())))
}

fn label(status: LabelStatus) -> LabelView {
    let bought = matches!(status, LabelStatus::Bought | LabelStatus::Voiding);
    LabelView {
        id: LabelId::derived("test", &["label"]),
        shipment_id: parcel().id,
        return_id: None,
        vendor_order_id: part_id(),
        order_id: order_id(),
        number: "S-2601-000001-A".to_owned(),
        status,
        used: false,
        weight_g: 1_250,
        carrier: bought.then(|| "SandboxPost".to_owned()),
        service: bought.then(|| "Parcel".to_owned()),
        tracking_number: bought.then(|| "SBX01".to_owned()),
        price: bought.then(|| eur(420)),
        charged: Some(eur(490)),
        estimated: false,
        part_cost: bought.then(|| eur(420)),
        has_file: bought,
        failure: (status == LabelStatus::Failed).then(|| "No such <street>.".to_owned()),
        created_at: at_time(),
    }
}

fn at_time() -> kernel::Timestamp {
    "2026-01-15T12:00:00Z".parse().unwrap()
}

fn labels(all: Vec<LabelView>) -> PartLabels {
    PartLabels { available: true, has_sender: true, services: vec!["SandboxPost Express".to_owned()], labels: all }
}

#[tokio::test]
async fn a_label_is_bought_where_the_parcel_is_handed_over() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let order = at(&format!("/orders/{}", part_id()));
    let buy = format!("POST {}", api(&format!("/orders/{}/labels", part_id())));
    stage.says(&format!("GET {}", api(&format!("/orders/{}", part_id()))), detail(VendorOrderStatus::ToShip));
    // Without a carrier there is the form as ever, and nothing else.
    ines.get(&order).await.expect(200).says(&["Mark as shipped"]).never_says(&["Buy a label"]);
    let none = PartLabels { has_sender: false, ..labels(vec![]) };
    stage.says(&labels_of_part(), none);
    ines.get(&order).await.expect(200).says(&["Enter the address", "delivery/sender"]).never_says(&["Buy a label"]);

    stage.says(&labels_of_part(), labels(vec![label(LabelStatus::Failed)]));
    ines.get(&order).await.expect(200).says(&["Buy a label", "No such &#60;street&#62;.", "SandboxPost Express"]);
    for (weight, width) in [("", ""), ("heavy", ""), ("1.2", "30")] {
        let sent = [("weight_kg", weight), ("width_cm", width)];
        ines.post(&format!("{order}/label"), &sent).await.expect(422).says(&["aria-invalid=\"true\""]);
    }
    assert!(stage.asked(&buy).is_empty());
    stage.answers(&buy, 202, label(LabelStatus::Ordered));
    let sent = [("weight_kg", "1,25"), ("length_cm", "30"), ("width_cm", "20"), ("height_cm", "10"), ("service", "")];
    ines.post(&format!("{order}/label"), &sent).await.leads_to(&order);
    let size = json!({"length_mm": 300, "width_mm": 200, "height_mm": 100});
    assert_eq!(stage.asked_once(&buy).body, json!({"weight_g": 1250, "size": size}));

    stage.says(&labels_of_part(), labels(vec![label(LabelStatus::Ordered)]));
    ines.get(&order).await.says(&["is being bought", "The carrier is being asked", "http-equiv=\"refresh\""]);
    stage.says(&labels_of_part(), labels(vec![label(LabelStatus::Bought)]));
    let shown = ines.get(&order).await.expect(200).never_says(&["Buy a label", "http-equiv=\"refresh\""]);
    shown.says(&["value=\"SandboxPost\"", "value=\"SBX01\"", "4.20", "4.90", "/paper", "Give it back"]);
}

#[tokio::test]
async fn giving_a_label_back_is_asked_first_and_its_paper_is_handed_on() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let order = at(&format!("/orders/{}", part_id()));
    stage.says(&format!("GET {}", api(&format!("/orders/{}", part_id()))), detail(VendorOrderStatus::ToShip));
    let id = label(LabelStatus::Bought).id;
    let ask = format!("{order}/labels/{id}/cancel");
    let cancel = format!("POST {}", api(&format!("/labels/{id}/cancel")));
    ines.get(&ask).await.expect(200).says(&["Give the label back?", "Keep it"]);
    assert!(stage.asked(&cancel).is_empty());
    stage.refuses(&cancel, 409, "label_used", "The parcel has left with this label.", &[]);
    ines.post(&ask, &[]).await.expect(409).says(&["The parcel has left with this label."]);
    stage.answers(&cancel, 202, label(LabelStatus::Voiding));
    ines.post(&ask, &[]).await.leads_to(&order);
    let paper = format!("GET {}", api(&format!("/labels/{id}/paper")));
    stage.says(&paper, "a paper");
    ines.get(&at(&format!("/labels/{id}/paper"))).await.expect(200).says(&["a paper"]);
    stage.asked_once(&paper);
}

#[tokio::test]
async fn all_labels_are_held_against_what_buyers_paid() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let all = format!("GET {}", api("/labels"));
    stage.says(&all, page::<LabelView>(&[]));
    ines.get(&at("/labels")).await.expect(200).says(&["No labels yet"]);
    stage.says(&all, page(&[label(LabelStatus::Bought)]));
    ines.get(&at("/labels")).await.expect(200).says(&[
        "S-2601-000001-A",
        "SBX01",
        "4.20",
        "4.90",
        "+0.70",
        "To be used",
    ]);
    // The way there is shown where labels can be had.
    stage.says(&format!("GET {}", api("/shipping-methods")), Vec::<serde_json::Value>::new());
    ines.get(&at("/delivery")).await.expect(200).never_says(&["Where parcels come from"]);
    stage.says(&format!("GET {}", api("/sender")), SenderView { address: None, labels: true, version: 0 });
    ines.get(&at("/delivery")).await.expect(200).says(&["Where parcels come from", "/labels\""]);
}

#[tokio::test]
async fn where_parcels_come_from_is_kept_and_refused_beside_its_fields() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let (form, put) = (at("/delivery/sender"), format!("PUT {}", api("/sender")));
    stage.says(&format!("GET {}", api("/sender")), SenderView { address: Some(address()), labels: true, version: 3 });
    ines.get(&form).await.expect(200).says(&["Rua das Flores 12", "name=\"version\" value=\"3\""]);
    let mut sent = vec![
        ("version", "3"),
        ("address.country", "PT"),
        ("address.name", "Kiln"),
        ("address.line1", ""),
        ("address.postcode", "4050"),
        ("address.city", "Porto"),
    ];
    ines.post(&form, &sent).await.expect(422).says(&["Enter street and number.", "value=\"Kiln\""]);
    assert!(stage.asked(&put).is_empty());
    sent[3] = ("address.line1", "Cais 1");
    stage.refuses(&put, 422, "invalid_input", "Some fields need to be corrected.", &[("line1", "Not a street.")]);
    ines.post(&form, &sent).await.expect(422).says(&["Not a street."]);
    stage.forget();
    stage.says(&put, SenderView { address: Some(address()), labels: true, version: 4 });
    ines.post(&form, &sent).await.leads_to(&at("/delivery"));
    let asked = stage.asked_once(&put);
    assert_eq!((&asked.body["line1"], asked.headers["if-match"].as_str()), (&json!("Cais 1"), "\"3\""));
}

#[tokio::test]
async fn what_carriers_say_stands_in_the_history_of_the_order() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let order = at(&format!("/orders/{}", part_id()));
    stage.says(&format!("GET {}", api(&format!("/orders/{}", part_id()))), detail(VendorOrderStatus::Delivered));
    let entry = |kind: &str, text: &str| TimelineEntry { at: at_time(), kind: kind.to_owned(), text: text.to_owned() };
    let timeline = vec![entry("shipped", "Handed to <us>."), entry("carrier_in_transit", "Departed (Leipzig, DE)")];
    let seen = ShipmentView { timeline, ..parcel() };
    stage.says(&format!("GET {}", api(&format!("/orders/{}/shipments", part_id()))), [&seen]);
    ines.get(&order).await.expect(200).says(&["Departed (Leipzig, DE)"]).never_says(&["Handed to &#60;us&#62;."]);
}

#[tokio::test]
async fn a_label_for_the_way_back_is_bought_on_the_page_of_the_return() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let page = at(&format!("/returns/{}", return_id()));
    let (of, all) = (api(&format!("/returns/{}", return_id())), api(&format!("/returns/{}/labels", return_id())));
    let (get, buy) = (format!("GET {all}"), format!("POST {all}"));
    let shown = |status| LabelView { return_id: Some(return_id()), charged: None, ..label(status) };
    // While the vendor has not answered nobody asks for labels.
    stage.says(&format!("GET {of}"), a_return(ReturnStatus::Requested));
    ines.get(&page).await.expect(200).never_says(&["Label for the way back"]);
    assert!(stage.asked(&get).is_empty());
    stage.says(&format!("GET {of}"), a_return(ReturnStatus::Approved));
    stage.says(&get, PartLabels { available: false, ..labels(vec![]) });
    ines.get(&page).await.expect(200).never_says(&["Label for the way back"]);
    stage.says(&get, labels(vec![]));
    ines.get(&page).await.expect(200).says(&["Label for the way back", "out of your balance", "SandboxPost Express"]);

    ines.post(&format!("{page}/label"), &[("weight_kg", "heavy")]).await.expect(422).says(&["aria-invalid=\"true\""]);
    stage.refuses(&buy, 409, "no_sender", "Say where your parcels come from first.", &[]);
    ines.post(&format!("{page}/label"), &[("weight_kg", "0.4")])
        .await
        .expect(409)
        .says(&["where your parcels come", "0.4"]);
    stage.answers(&buy, 202, shown(LabelStatus::Ordered));
    stage.forget();
    ines.post(&format!("{page}/label"), &[("weight_kg", "0.4")]).await.leads_to(&page);
    assert_eq!(stage.asked_once(&buy).body, json!({"weight_g": 400}));

    stage.says(&get, labels(vec![shown(LabelStatus::Ordered)]));
    ines.get(&page).await.expect(200).says(&["The carrier is being asked", "http-equiv=\"refresh\""]);
    stage.says(&get, labels(vec![shown(LabelStatus::Bought)]));
    ines.get(&page).await.expect(200).says(&["The buyer is told", "SBX01", "/paper", "Give it back"]);
    let id = label(LabelStatus::Bought).id;
    let (ask, cancel) =
        (format!("{page}/labels/{id}/cancel"), format!("POST {}", api(&format!("/labels/{id}/cancel"))));
    ines.get(&ask).await.expect(200).says(&["Give the label back?", &page]);
    stage.answers(&cancel, 202, shown(LabelStatus::Voiding));
    ines.post(&ask, &[]).await.leads_to(&page);
    stage.asked_once(&cancel);
    // Once the carrier has the parcel it is not given back.
    stage.says(&format!("GET {of}"), a_return(ReturnStatus::Sent));
    stage.says(&get, labels(vec![LabelView { used: true, ..shown(LabelStatus::Bought) }]));
    ines.get(&page)
        .await
        .expect(200)
        .says(&["The carrier has the parcel."])
        .never_says(&["Give it back", "Buy a label"]);
    stage.says(&format!("GET {}", api("/labels")), self::page(&[shown(LabelStatus::Bought)]));
    ines.get(&at("/labels")).await.expect(200).says(&["for the way back"]);
}
