//! Disputes in the administration, and what a store sees of them.

use contracts::{
    disputes::{DisputeAnswer, DisputePartView, DisputeStatus, DisputeView, Evidence, VendorDisputeView},
    orders::{OrderStatus, ParcelView, Tracking, VendorOrderStatus},
};
use kernel::{DisputeId, VendorRole};
use serde_json::json;

use super::{fixtures::*, portal::*, stage::Stage};

fn id() -> DisputeId {
    DisputeId::derived("test", &["dispute"])
}
fn path() -> String {
    format!("/admin/disputes/{}", id())
}
fn api() -> String {
    format!("/api/v1/admin/disputes/{}", id())
}

fn dispute(status: DisputeStatus) -> DisputeView {
    DisputeView {
        id: id(),
        payment_id: payment_id(),
        order_id: order_id(),
        order_number: "S-2601-000001".to_owned(),
        provider: "sandbox".to_owned(),
        provider_ref: "dp_1".to_owned(),
        status,
        amount: eur(7_470),
        beyond: eur(1_000),
        fee: eur(1_500),
        is_withdrawn: true,
        reason: "product_not_received".to_owned(),
        evidence_due: Some(at("2026-02-03T12:00:00Z")),
        answer: None,
        is_answer_sent: false,
        evidence: None,
        failure: None,
        parts: vec![DisputePartView { vendor_id: kiln(), amount: eur(6_470), held: eur(5_662) }],
        opened_at: at("2026-01-27T12:00:00Z"),
        ended_at: None,
    }
}

/// The order with a parcel on its way, and what is booked.
fn told(stage: &Stage) {
    let mut order = order(OrderStatus::Paid, VendorOrderStatus::Shipped);
    order.vendor_orders[0].vendor_id = kiln();
    order.vendor_orders[0].parcels = vec![ParcelView {
        parcel: 1,
        shipment_id: None,
        tracking: Tracking {
            carrier: "Post".to_owned(),
            number: "RR<1>".to_owned(),
            token: "t".to_owned(),
            pickup: false,
        },
        lines: Vec::new(),
        shipped_at: at("2026-01-20T12:00:00Z"),
        delivered_at: None,
    }];
    stage.says(&format!("GET /api/v1/orders/{}", order_id()), order);
    let entry = |kind: &str, account: &str| {
        json!({"id": kernel::EntryId::derived("t", &[kind]), "at": "2026-01-27T12:00:00Z", "kind": kind, "text": kind,
            "order_id": order_id(), "corrects": null, "postings": [{"account": account, "amount": eur(-5_662)}]})
    };
    let held = entry("dispute_held", &format!("vendor_held:{}", kiln()));
    stage.says("GET /api/v1/admin/ledger", json!({"items": [held, entry("capture", "commission")]}));
}

#[tokio::test]
async fn the_list_begins_with_what_is_due_and_says_what_to_do_if_empty() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says("GET /api/v1/admin/disputes", page::<DisputeView>(&[]));
    mary.get("/admin/disputes").await.expect(200).says(&["No disputes", "without evidence the money is lost"]);
    mary.get("/admin/disputes?status=won").await.expect(200).says(&["No dispute in this state", "Show all disputes"]);
    assert!(stage.asked("GET /api/v1/admin/disputes").iter().any(|asked| asked.query == "status=won&limit=25"));
    stage.says("GET /api/v1/admin/disputes", page(&[dispute(DisputeStatus::Opened)]));
    mary.get("/admin/disputes").await.expect(200).says(&[
        "Of S-2601-000001",
        "Product not received",
        "To be answered",
        "74.70",
        &path(),
    ]);
    stage.says("GET /api/v1/admin/reports/overview", report());
    stage.says("GET /api/v1/admin/orders", page(&[summary()]));
    mary.get("/admin").await.expect(200).says(&["1 disputes to answer", "/admin/disputes?status=opened"]);
}

#[tokio::test]
async fn evidence_begins_with_what_the_order_says_and_stays_if_it_is_wrong() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    told(&stage);
    stage.says(&format!("GET {}", api()), dispute(DisputeStatus::Opened));
    let form = mary.get(&path()).await.expect(200);
    let key = form.hidden("key").unwrap();
    form.says(&[
        "This dispute waits for an answer.",
        "value=\"Post\"",
        "value=\"RR&#60;1&#62;\"",
        "sold by Kiln &#38; Daughters",
        "Held from Kiln &#38; Daughters",
        "Of that returned before",
        "10.00",
        "15.00",
        "Accept the dispute",
        "/admin/ledger?order_id=",
    ])
    .never_says(&["Capture"]);
    let (send, asked) = (format!("{}/evidence", path()), format!("POST {}/evidence", api()));
    let refused = mary.post(&send, &[("key", &key), ("product", " "), ("carrier", "DHL")]).await.expect(422);
    assert_eq!(refused.hidden("key"), Some(key.clone()));
    refused.says(&["Say what was sold", "value=\"DHL\""]);
    mary.post(&send, &[("product", "Mugs")]).await.expect(400);
    assert!(stage.asked(&asked).is_empty());
    stage.refuses(&asked, 409, "answered_before", "This dispute was answered before.", &[]);
    let sent = [
        ("key", key.as_str()),
        ("product", "Two mugs"),
        ("carrier", "Post"),
        ("tracking_number", ""),
        ("communication", "Hi"),
    ];
    mary.post(&send, &sent).await.expect(409).says(&["This dispute was answered before.", "Two mugs"]);
    stage.answers(&asked, 202, dispute(DisputeStatus::Opened));
    mary.post(&send, &sent).await.leads_to(&path());
    let last = stage.asked(&asked).pop().unwrap();
    assert_eq!(last.headers["idempotency-key"].as_str(), key);
    assert_eq!(
        last.body,
        json!({"product": "Two mugs", "carrier": "Post", "tracking_number": null, "communication": "Hi"})
    );
    // Refused by the provider: what was written is there again.
    let evidence = Evidence { product: "Two <old> mugs".to_owned(), ..Evidence::default() };
    let failed = DisputeView {
        failure: Some("evidence_unreadable".to_owned()),
        evidence: Some(evidence.clone()),
        ..dispute(DisputeStatus::Opened)
    };
    stage.says(&format!("GET {}", api()), failed);
    mary.get(&path()).await.expect(200).says(&["Evidence unreadable", "Two &#60;old&#62; mugs", "Send the evidence"]);
    let answered = DisputeView {
        answer: Some(DisputeAnswer::Evidence),
        is_answer_sent: true,
        evidence: Some(evidence),
        ..dispute(DisputeStatus::UnderReview)
    };
    stage.says(&format!("GET {}", api()), answered);
    mary.get(&path())
        .await
        .expect(200)
        .says(&["The provider has the evidence.", "Two &#60;old&#62; mugs", "Being decided"])
        .never_says(&["Send the evidence", "Accept the dispute"]);
}

#[tokio::test]
async fn accepting_is_asked_first() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    told(&stage);
    stage.says(&format!("GET {}", api()), dispute(DisputeStatus::Opened));
    let accept = format!("{}/accept", path());
    mary.get(&accept).await.expect(200).says(&["The buyer keeps 74.70", "cannot be undone", "Not now"]);
    let asked = format!("POST {}/accept", api());
    stage.refuses(&asked, 409, "not_to_answer", "This dispute is won.", &[]);
    mary.post(&accept, &[]).await.leads_to(&path());
    mary.get(&path()).await.says(&["This dispute is won."]);
    stage.answers(&asked, 202, dispute(DisputeStatus::Opened));
    mary.post(&accept, &[]).await.leads_to(&path());
    stage.says(&format!("GET {}", api()), dispute(DisputeStatus::Lost));
    mary.get(&accept).await.leads_to(&path());
}

#[tokio::test]
async fn an_owner_sees_the_store_s_part_on_the_order() {
    let stage = Stage::new().await;
    stage.says(&format!("GET /api/v1/vendors/{}/orders/{}", kiln(), part_id()), detail(VendorOrderStatus::Shipped));
    let part = VendorDisputeView {
        id: id(),
        order_id: order_id(),
        status: DisputeStatus::Opened,
        amount: eur(6_470),
        held: eur(5_662),
        reason: "product_not_received".to_owned(),
        opened_at: at("2026-01-27T12:00:00Z"),
        ended_at: None,
    };
    let asked = format!("GET /api/v1/vendors/{}/disputes", kiln());
    stage.says(&asked, page(&[part]));
    let here = format!("/vendor/{}/orders/{}", kiln(), part_id());
    let mut staff = at_work(&stage, VendorRole::Staff).await;
    staff.get(&here).await.expect(200).never_says(&["Disputed"]);
    assert!(stage.asked(&asked).is_empty(), "money is for owners");
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    ines.get(&here).await.expect(200).says(&["Disputed", "Held from your balance", "56.62", "Product not received"]);
}
