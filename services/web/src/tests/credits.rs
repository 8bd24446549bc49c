//! Gift cards and store credit in the administration.

use contracts::credits::{CreditKind, CreditStatus, CreditView, IssuedCredit};
use kernel::{CreditId, Secret, Timestamp};
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
    page.says(&["Say how much it is worth.", "Choose a day, or leave it empty.", "<option value=\"de\""]);
    assert!(stage.asked(give).is_empty());
    let code = Some(Secret::new("ABCD-EFGH-JKLM-NPQR"));
    stage.answers(give, 201, IssuedCredit { code, credit: card() });
    let day = ("expires_at", "2026-12-31");
    let typed = [("kind", "gift_card"), ("amount", "20"), day, ("key", "k1"), ("language", "de")];
    mary.post("/admin/credits", &typed).await.expect(200).says(&["ABCD-EFGH-JKLM-NPQR", "not shown again"]);
    let asked = stage.asked_once(give);
    assert_eq!(
        (&asked.body["amount_minor"], &asked.body["expires_at"]),
        (&json!(2_000), &json!("2027-01-01T00:00:00Z"))
    );
    assert_eq!(asked.headers["idempotency-key"], "k1");
    assert_eq!(asked.body["language"], "de");
    let one = format!("GET /api/v1/admin/credits/{}", card().id);
    stage.says(&one, card());
    stage.says(&format!("{one}/movements"), json!({"items": []}));
    let page = mary.get(&format!("/admin/credits/{}", card().id)).await.expect(200);
    page.says(&["2026-12-31", "Block"]).never_says(&["2027-01-01"]);
}

#[tokio::test]
async fn what_is_left_of_an_expired_card_is_written_off_with_a_reason() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let (path, api) = (format!("/admin/credits/{}", card().id), format!("/api/v1/admin/credits/{}", card().id));
    let (ask, asked) = (format!("{path}/write-off"), format!("POST {api}/write-off"));
    let over: Option<Timestamp> = Some(at("2026-01-15T12:00:00Z"));
    let happened = json!({"items": [
        {"at": "2026-01-15T12:00:00Z", "kind": "written_off", "amount": eur(-2_000), "held": eur(0), "order_id": null,
            "order_number": null, "reason": "Nobody came"}]});
    stage.says(&format!("GET {api}/movements"), happened);
    // While it can be used, while an order holds some of it, and once nothing is left, there is no way to it.
    let kept = [
        card(),
        CreditView { expires_at: None, ..card() },
        CreditView { expires_at: over, status: CreditStatus::Expired, held: eur(1), ..card() },
        CreditView { expires_at: over, status: CreditStatus::Expired, balance: eur(0), ..card() },
    ];
    for credit in kept {
        stage.says(&format!("GET {api}"), credit);
        mary.get(&path).await.expect(200).says(&["Written off", "Nobody came"]).never_says(&["write-off"]);
        mary.get(&ask).await.leads_to(&path);
    }
    let expired = CreditView { expires_at: over, status: CreditStatus::Expired, ..card() };
    stage.says(&format!("GET {api}"), &expired);
    mary.get(&path).await.expect(200).says(&["Write off what is left", &ask]);
    let form = mary.get(&ask).await.expect(200);
    let key = form.hidden("key").unwrap();
    form.says(&["20.00", "cannot be undone"]);
    let refused = mary.post(&ask, &[("key", &key), ("reason", " ")]).await.expect(422);
    assert_eq!(refused.hidden("key"), Some(key.clone()));
    refused.says(&["Say why; it stays in the history."]);
    mary.post(&ask, &[("reason", "Nobody came")]).await.expect(400);
    assert!(stage.asked(&asked).is_empty());
    let sent = [("key", key.as_str()), ("reason", "Nobody came")];
    stage.refuses(&asked, 409, "credit_held", "Some of it is held.", &[]);
    mary.post(&ask, &sent).await.expect(409).says(&["Some of it is held."]);
    stage.forget();
    stage.says(&asked, CreditView { balance: eur(0), ..expired });
    mary.post(&ask, &sent).await.leads_to(&path);
    let call = stage.asked_once(&asked);
    assert_eq!((call.headers["idempotency-key"].as_str(), call.body), (key.as_str(), json!({"reason": "Nobody came"})));
    mary.get(&path).await.expect(200).says(&["What was left is written off."]);
    let expired_ones = "/admin/credits?status=expired&left=true";
    stage.says(ALL, json!({"items": []}));
    mary.get(expired_ones).await.expect(200).says(&["Nothing is like that", "Expired with something left"]);
    let query = stage.asked_once(ALL).query;
    assert!(query.contains("status=expired") && query.contains("left=true"), "{query}");
}
