//! Gift cards and store credit in the administration.

use contracts::credits::{CreditKind, CreditStatus, CreditView, IssuedCredit};
use kernel::{CreditId, Secret};
use serde_json::json;

use super::{fixtures::*, portal::in_charge, stage::Stage};

const ALL: &str = "GET /api/v1/admin/credits";

fn card() -> CreditView {
    CreditView {
        id: CreditId::derived("test", &["card"]),
        kind: CreditKind::GiftCard,
        status: CreditStatus::Active,
        last4: Some("NPQR".to_owned()),
        account_id: None,
        balance: eur(2_000),
        held: eur(0),
        issued: eur(2_000),
        expires_at: Some(at("2027-01-01T00:00:00Z")),
        email: None,
        note: None,
        created_at: at("2026-01-10T00:00:00Z"),
    }
}

#[tokio::test]
async fn an_admin_gives_a_card_and_its_last_day_is_the_one_that_was_chosen() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says(ALL, json!({"items": [card()]}));
    mary.get("/admin/credits?q=npqr").await.expect(200).says(&["•••• NPQR", "name=\"q\""]);
    assert!(stage.asked_once(ALL).query.contains("q=npqr"));
    let give = "POST /api/v1/admin/credits";
    let empty = [("kind", "gift_card"), ("amount", ""), ("expires_at", "2026-13-01")];
    let page = mary.post("/admin/credits", &empty).await.expect(422);
    page.says(&["Say how much it is worth.", "Choose a day, or leave it empty."]);
    assert!(stage.asked(give).is_empty());
    let code = Some(Secret::new("ABCD-EFGH-JKLM-NPQR"));
    stage.answers(give, 201, IssuedCredit { code, credit: card() });
    let typed = [("kind", "gift_card"), ("amount", "20"), ("expires_at", "2026-12-31"), ("key", "k1")];
    mary.post("/admin/credits", &typed).await.expect(200).says(&["ABCD-EFGH-JKLM-NPQR", "not shown again"]);
    let asked = stage.asked_once(give);
    assert_eq!(
        (&asked.body["amount_minor"], &asked.body["expires_at"]),
        (&json!(2_000), &json!("2027-01-01T00:00:00Z"))
    );
    assert_eq!(asked.headers["idempotency-key"], "k1");
    let one = format!("GET /api/v1/admin/credits/{}", card().id);
    stage.says(&one, card());
    stage.says(&format!("{one}/movements"), json!({"items": []}));
    let page = mary.get(&format!("/admin/credits/{}", card().id)).await.expect(200);
    page.says(&["2026-12-31", "Block"]).never_says(&["2027-01-01"]);
}
