//! Rules of commission in the administration, and what of them stands on orders and payments.

use contracts::{
    commission::{CommissionCharge, CommissionRuleInput, CommissionRuleView, CommissionTier, PartCommission},
    orders::{OrderStatus, VendorOrderStatus},
    vendors::VendorStatus,
};
use kernel::{CategoryId, CommissionRuleId, Currency, LineId, VendorRole};
use serde_json::json;

use super::{fixtures::*, portal::*, stage::Stage};

const ALL: &str = "GET /api/v1/admin/commission-rules";

fn mugs() -> CategoryId {
    categories().into_iter().find(|category| category.parent_id.is_some()).unwrap().id
}

fn rule() -> CommissionRuleView {
    CommissionRuleView {
        id: CommissionRuleId::derived("test", &["rule"]),
        input: CommissionRuleInput {
            name: "Small <things>".to_owned(),
            vendor_id: Some(kiln()),
            category_id: Some(mugs()),
            currency: Some(Currency::EUR),
            rate_bp: 1_250,
            tiers: vec![CommissionTier { from_minor: 10_000, rate_bp: 800 }],
            fixed_minor: 30,
            min_minor: Some(50),
            max_minor: None,
        },
        version: 3,
        created_at: at("2026-01-10T00:00:00Z"),
    }
}

fn charge(line_id: Option<LineId>, minor: i64, reason: &str) -> CommissionCharge {
    let rule_id = line_id.map(|_| rule().id);
    CommissionCharge { line_id, rule_id, sold: eur(2_000), commission: eur(minor), reason: reason.to_owned() }
}

fn taken() -> PartCommission {
    let line = charge(Some(LineId::derived("test", &["line"])), 903, "“Small”: 12.5 % of 69.80 EUR.");
    let rest = charge(None, 61, "12.5 % of 4.90 EUR, the vendor's own rate.");
    PartCommission { vendor_id: kiln(), commission: eur(964), charges: vec![line, rest] }
}

#[tokio::test]
async fn rules_are_listed_made_and_refused_with_their_reason() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says("GET /api/v1/admin/vendors", page(&[vendor_view(VendorStatus::Approved)]));
    stage.says(ALL, page(&[rule()]));
    mary.get("/admin/commission").await.expect(200).says(&[
        "Small &#60;things&#62;",
        "Kiln &#38; Daughters",
        "8\u{a0}% from 100.00",
        "for each item",
        "at least 0.50",
        &format!("/admin/commission/{}/end", rule().id),
    ]);
    let make = "POST /api/v1/admin/commission-rules";
    let wrong = [("name", " "), ("rate", "101"), ("currency", "EURO"), ("tiers", "100 8"), ("fixed", "x")];
    mary.post("/admin/commission", &wrong).await.expect(422).says(&[
        "Give the rule a name",
        "from 0 to 100",
        "Enter the code of a currency",
        "Write an amount and a percentage",
        "value=\"101\"",
    ]);
    assert!(stage.asked(make).is_empty());
    stage.refuses(make, 409, "commission_rule_exists", "There is a rule for this vendor.", &[]);
    let (vendor, category) = (kiln().to_string(), mugs().to_string());
    let sent = [
        ("name", "Small"),
        ("rate", "12,5"),
        ("vendor_id", vendor.as_str()),
        ("category_id", category.as_str()),
        ("currency", "eur"),
        ("tiers", "100: 8\n"),
        ("fixed", "0.30"),
        ("min", ""),
        ("max", "20"),
    ];
    mary.post("/admin/commission", &sent)
        .await
        .expect(409)
        .says(&["There is a rule for this vendor.", "value=\"12,5\""]);
    stage.answers(make, 201, rule());
    mary.post("/admin/commission", &sent).await.leads_to("/admin/commission");
    let asked = stage.asked(make).pop().unwrap();
    assert_eq!(
        asked.body,
        json!({"name": "Small", "vendor_id": kiln(), "category_id": mugs(), "currency": "EUR", "rate_bp": 1_250,
            "tiers": [{"from_minor": 10_000, "rate_bp": 800}], "fixed_minor": 30, "max_minor": 2_000})
    );
}

#[tokio::test]
async fn a_rule_is_changed_and_ended_as_it_was_seen() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let (path, api) =
        (format!("/admin/commission/{}", rule().id), format!("/api/v1/admin/commission-rules/{}", rule().id));
    stage.says(&format!("GET {api}"), rule());
    mary.get(&path).await.expect(200).says(&["value=\"12.5\"", "100.00: 8", "value=\"0.30\"", "What it is for"]);
    stage.says(&format!("PUT {api}"), rule());
    // What it is for is not the form's to say.
    let sent = [("name", "Small"), ("rate", "10"), ("vendor_id", ""), ("version", "3")];
    mary.post(&path, &sent).await.leads_to("/admin/commission");
    let asked = stage.asked_once(&format!("PUT {api}"));
    assert_eq!((asked.headers["if-match"].as_str(), &asked.body["vendor_id"]), ("\"3\"", &json!(kiln())));
    assert_eq!((&asked.body["rate_bp"], &asked.body["fixed_minor"]), (&json!(1_000), &json!(0)));
    mary.get(&format!("{path}/end")).await.expect(200).says(&["Keep it", "keep what they have"]);
    assert!(stage.asked(&format!("DELETE {api}")).is_empty());
    stage.answers(&format!("DELETE {api}"), 204, json!(null));
    mary.post(&format!("{path}/end"), &[("version", "3")]).await.leads_to("/admin/commission");
    assert_eq!(stage.asked_once(&format!("DELETE {api}")).headers["if-match"].as_str(), "\"3\"");
}

#[tokio::test]
async fn the_preview_asks_with_the_whole_path_of_the_category() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says(ALL, page(&[rule()]));
    let (path, ask) = ("/admin/commission/preview", "POST /api/v1/admin/commission-rules/preview");
    mary.post(path, &[("of", ""), ("quantity", "0")]).await.expect(422).says(&["Choose who sells it", "for how much"]);
    assert!(stage.asked(ask).is_empty());
    stage.says(ask, charge(None, 250, "“Small”: 12.5 % of 20.00 EUR."));
    let (vendor, category) = (kiln().to_string(), mugs().to_string());
    let sent = [("of", vendor.as_str()), ("within", category.as_str()), ("amount", "20"), ("quantity", "1")];
    mary.post(path, &sent).await.expect(200).says(&["2.50", "12.5 % of 20.00 EUR.", "value=\"20\""]);
    let above = categories().into_iter().find(|known| known.id == mugs()).and_then(|known| known.parent_id);
    assert_eq!(
        stage.asked_once(ask).body,
        json!({"vendor_id": kiln(), "categories": [above, mugs()], "amount": eur(2_000), "quantity": 1})
    );
}

#[tokio::test]
async fn orders_and_payments_say_what_was_taken_and_why() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let payment_api = format!("/api/v1/admin/payments/{}", payment_id());
    stage.says(&format!("GET {payment_api}"), payment(0));
    stage.says(&format!("GET {payment_api}/commission"), vec![taken()]);
    stage.says(&format!("GET /api/v1/orders/{}", order_id()), order(OrderStatus::Paid, VendorOrderStatus::ToShip));
    let wanted = ["The Small", "“Small”: 12.5 % of 69.80 EUR.", "9.03", "Delivery, and goods without a rule", "0.61"];
    mary.get(&format!("/admin/payments/{}", payment_id())).await.expect(200).says(&wanted);

    let api = format!("/api/v1/vendors/{}/earnings/orders/{}", kiln(), order_id());
    let page = format!("/vendor/{}/orders/{}", kiln(), part_id());
    for (role, seen) in [(VendorRole::Owner, true), (VendorRole::Staff, false)] {
        let stage = Stage::new().await;
        let mut ines = at_work(&stage, role).await;
        let detail_api = format!("/api/v1/vendors/{}/orders/{}", kiln(), part_id());
        stage.says(&format!("GET {detail_api}"), detail(VendorOrderStatus::ToShip));
        stage.says(&format!("GET {api}"), taken());
        let shown = ines.get(&page).await.expect(200);
        if seen {
            shown.says(&wanted);
        } else {
            shown.never_says(&["12.5 % of 69.80"]);
            assert!(stage.asked(&format!("GET {api}")).is_empty());
        }
    }
}
