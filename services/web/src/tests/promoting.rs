//! Promotions: running them in the portals, and typing their codes as a buyer.

use contracts::{
    pricing::Reason,
    promotions::{CodeStanding, Obstacle, PromotionInput},
};
use kernel::{PromotionId, VendorRole};
use serde_json::{Value, json};

use super::{fixtures::*, portal::*, stage::Stage};

const CODES: &str = "POST /api/v1/carts/current/codes";

fn at(path: &str) -> String {
    format!("/vendor/{}{path}", kiln())
}
fn api(path: &str) -> String {
    format!("/api/v1/vendors/{}{path}", kiln())
}

fn id() -> PromotionId {
    PromotionId::derived("t", &["ten"])
}

/// Of 10 uses 4 are gone, of 50.00 € 12.00 €.
fn promotion() -> Value {
    json!({
        "id": id(), "vendor_id": null, "active": true, "uses": 4, "version": 3,
        "spent": {"amount_minor": 1_200, "currency": "EUR"},
        "input": {"name": "Ten <off>", "code": "TEN", "currency": "EUR", "starts_at": "2026-01-01T00:00:00Z",
            "ends_at": "2026-02-04T00:00:00Z", "effect": {"type": "percent", "percent_bp": 1_000}, "max_uses": 10,
            "budget_minor": 5_000, "platform_share_bp": 5_000, "minimum_minor": 2_000, "first_order": true,
            "countries": ["DE"]},
    })
}

fn form<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let plain = [
        ("name", "Ten"),
        ("code", "ten-10"),
        ("effect", "percent"),
        ("percent_bp", "12,5"),
        ("starts_at", "2026-02-01"),
    ];
    let kept = plain.into_iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more.iter().copied()).collect()
}

#[tokio::test]
async fn a_vendor_runs_its_own_promotions() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let list = format!("GET {}", api("/promotions"));
    stage.says(&list, page::<Value>(&[]));
    ines.get(&at("/promotions")).await.expect(200).says(&["No promotions yet", "Create a promotion"]);
    stage.says(&list, page(&[promotion()]));
    ines.get(&at("/promotions")).await.expect(200).says(&[
        "Ten &#60;off&#62;",
        "Code TEN",
        "10\u{a0}% off",
        "4 of 10",
        "<progress value=\"4\" max=\"10\"",
        "<progress value=\"1200\" max=\"5000\"",
        "Running",
    ]);

    stage.says(&format!("GET {}", api("/products")), page(&[edit("Small", 100)]));
    ines.get(&at("/promotions/new")).await.expect(200).says(&["The &#60;Small&#62;"]).never_says(&["marketplace pays"]);
    let create = format!("POST {}", api("/promotions"));
    for (wrong, words) in [
        (("percent_bp", "0"), "0.01 to 100"),
        (("effect", "amount_off"), "such as 5.00"),
        (("effect", "buy_get"), "from 1 to 100"),
        (("code", "a b"), "letters without accents"),
        (("max_uses", "0"), "from 1 to"),
        (("starts_at", ""), "Choose the first day"),
    ] {
        ines.post(&at("/promotions"), &form(&[wrong])).await.expect(422).says(&[words, "value=\"Ten\""]);
    }
    assert!(stage.asked(&create).is_empty());
    stage.refuses(
        &create,
        422,
        "invalid_input",
        "Some fields need to be corrected.",
        &[("code", "Another promotion has this code.")],
    );
    ines.post(&at("/promotions"), &form(&[]))
        .await
        .expect(422)
        .says(&["Another promotion has this code.", "href=\"#f-code\""]);
    stage.forget();
    stage.answers(&create, 201, promotion());
    let product = product_id("Small").to_string();
    let more =
        [("ends_at", "2026-02-03"), ("minimum", "20"), ("product_ids", product.as_str()), ("first_order", "yes")];
    ines.post(&at("/promotions"), &form(&more)).await.leads_to(&at("/promotions"));
    let input: PromotionInput = serde_json::from_value(stage.asked_once(&create).body).unwrap();
    assert_eq!((input.code.unwrap().as_str(), input.minimum_minor, input.platform_share_bp), ("TEN-10", 2_000, 0));
    assert_eq!((input.first_order, input.exclusive, input.product_ids), (true, false, vec![product_id("Small")]));
    assert_eq!(input.ends_at.map(|end| end.to_string()).as_deref(), Some("2026-02-04T00:00:00Z"));
}

#[tokio::test]
async fn a_promotion_is_for_the_groups_that_are_ticked() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    stage.says(&format!("GET {}", api("/products")), page::<Value>(&[]));
    let groups = format!("GET {}", api("/customer-groups"));
    stage.says(&groups, json!([]));
    ines.get(&at("/promotions/new")).await.expect(200).never_says(&["For which customers"]);
    stage.says(&groups, json!([{"key": "trade", "name": "The <trade>"}, {"key": "friends", "name": "Friends"}]));
    ines.get(&at("/promotions/new")).await.expect(200).says(&["For which customers", "The &#60;trade&#62;"]);
    let create = format!("POST {}", api("/promotions"));
    stage.answers(&create, 201, promotion());
    ines.post(&at("/promotions"), &form(&[("groups", "trade")])).await.leads_to(&at("/promotions"));
    let input: PromotionInput = serde_json::from_value(stage.asked_once(&create).body).unwrap();
    assert_eq!(input.groups.iter().map(ToString::to_string).collect::<Vec<_>>(), ["trade"]);

    // It is ticked when it is changed, named in the list, and not lost where nobody says which groups there are.
    let mut for_trade = promotion();
    for_trade["input"]["groups"] = json!(["trade"]);
    let one = format!("/promotions/{}", id());
    stage.says(&format!("GET {}", api(&one)), for_trade.clone());
    ines.get(&at(&one)).await.expect(200).says(&["value=\"trade\" checked"]);
    stage.refuses(&groups, 503, "unavailable", "Later.", &[]);
    ines.get(&at(&one)).await.expect(200).says(&["type=\"hidden\" name=\"groups\" value=\"trade\""]);
    stage.says(&format!("GET {}", api("/promotions")), page(&[for_trade]));
    ines.get(&at("/promotions")).await.expect(200).says(&["Code TEN · For trade"]);
}

#[tokio::test]
async fn what_a_form_cannot_show_stays_chosen() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let (product, one) = (product_id("Small").to_string(), format!("/promotions/{}", id()));
    let mut restricted = promotion();
    restricted["input"]["product_ids"] = json!([product]);
    stage.says(&format!("GET {}", api(&one)), restricted);
    let kept = format!("type=\"hidden\" name=\"product_ids\" value=\"{product}\"");
    stage.refuses(&format!("GET {}", api("/products")), 503, "unavailable", "Later.", &[]);
    ines.get(&at(&one)).await.expect(200).says(&[&kept]);
    stage.says(&format!("GET {}", api("/products")), page(&[edit("Small", 100)]));
    ines.get(&at(&one)).await.expect(200).says(&[&format!("value=\"{product}\" checked")]).never_says(&[&kept]);
}

#[tokio::test]
async fn an_admin_changes_and_ends_any_promotion() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let one = format!("/api/v1/admin/promotions/{}", id());
    let here = format!("/admin/promotions/{}", id());
    stage.says(&format!("GET {one}"), promotion());
    mary.get(&here).await.expect(200).says(&[
        "value=\"Ten &#60;off&#62;\"",
        "value=\"10\"",
        "value=\"2026-02-03\"",
        "value=\"50.00\"",
        "marketplace pays",
    ]);
    stage.says(&format!("PUT {one}"), promotion());
    let sent = [("version", "3"), ("platform_share_bp", "25"), ("max_uses", "20")];
    mary.post(&here, &form(&sent)).await.leads_to("/admin/promotions");
    let put = stage.asked_once(&format!("PUT {one}"));
    let input: PromotionInput = serde_json::from_value(put.body).unwrap();
    assert_eq!((put.headers["if-match"].as_str(), input.platform_share_bp, input.max_uses), ("\"3\"", 2_500, Some(20)));
    assert_eq!(input.countries.len(), 1, "what the form does not show stays");

    mary.get(&format!("{here}/end")).await.expect(200).says(&["Orders already placed keep it."]);
    stage.answers(&format!("DELETE {one}"), 204, Value::Null);
    mary.post(&format!("{here}/end"), &[("version", "3")]).await.leads_to("/admin/promotions");
    assert_eq!(stage.asked_once(&format!("DELETE {one}")).headers["if-match"], "\"3\"");
}

/// A quote that says this of the code.
fn said(code: &str, reason: Option<Obstacle>, text: &str) -> contracts::pricing::Quote {
    let mut quote = quote('a', 2, 3_490);
    let (code, applied) = (code.parse().unwrap(), reason.is_none());
    quote.codes = vec![CodeStanding { code, applied, reason, missing: None, text: text.to_owned() }];
    if applied {
        let text = "Ten (TEN), paid by the marketplace".to_owned();
        quote.explanation.push(Reason { rule: "promotion".into(), text, amount: eur(-698) });
    }
    quote
}

#[tokio::test]
async fn a_code_is_typed_in_the_cart_and_explained() {
    let stage = Stage::new().await;
    stage.answers("POST /api/v1/carts", 201, json!({"token": "guest-token", "cart": cart(2)}));
    let mut with_code = cart(2);
    with_code.codes = vec!["TEN".parse().unwrap()];
    stage.says("GET /api/v1/carts/current", cart(2));
    stage.says("POST /api/v1/quotes", quote('a', 2, 3_490));
    let mut browser = stage.browser();
    browser.post_raw("/cart", &[("variant", &variant("Small").to_string())]).await.leads_to("/cart");
    browser.get("/cart").await.expect(200).says(&["action=\"/cart/codes\"", "name=\"code\""]);

    // Nonsense is not even asked for.
    browser
        .post("/cart/codes", &[("code", "a b")])
        .await
        .expect(200)
        .says(&["There is no such code.", "value=\"a b\""]);
    assert!(stage.asked(CODES).is_empty());
    // What there is not comes out again, with a word beside the field.
    stage.says(CODES, with_code.clone());
    stage.says("DELETE /api/v1/carts/current/codes/TEN", cart(2));
    stage.says("POST /api/v1/quotes", said("TEN", Some(Obstacle::Unknown), "There is no code “TEN”."));
    browser
        .post("/cart/codes", &[("code", "ten")])
        .await
        .expect(200)
        .says(&["There is no code “TEN”.", "value=\"ten\""]);
    assert_eq!(stage.asked("DELETE /api/v1/carts/current/codes/TEN").len(), 1);
    // What may yet apply stays, and says what is missing.
    stage.says("GET /api/v1/carts/current", with_code);
    stage.says("POST /api/v1/quotes", said("TEN", Some(Obstacle::MinimumNotMet), "“TEN” needs 5.00 € more."));
    browser.post("/cart/codes", &[("code", "ten")]).await.expect(200).says(&["“TEN” needs 5.00\u{a0}€ more."]);
    stage.says("POST /api/v1/quotes", said("TEN", None, "Ten: −6.98 €"));
    browser.get("/cart").await.expect(200).says(&["Ten (TEN), paid by the marketplace", "−6.98\u{a0}€"]);
    let asked = stage.asked("POST /api/v1/quotes");
    assert_eq!(asked.last().unwrap().body["codes"], json!(["TEN"]));
    browser.post("/cart/codes/remove", &[("code", "TEN")]).await.leads_to("/cart");
    assert_eq!(stage.asked("DELETE /api/v1/carts/current/codes/TEN").len(), 2);
}

#[tokio::test]
async fn a_code_at_the_checkout_is_part_of_what_is_agreed() {
    let stage = Stage::new().await;
    stage.answers("POST /api/v1/carts", 201, json!({"token": "guest-token", "cart": cart(2)}));
    let mut with_code = cart(2);
    with_code.codes = vec!["TEN".parse().unwrap()];
    stage.says("GET /api/v1/carts/current", with_code.clone());
    stage.says("POST /api/v1/quotes", said("TEN", None, "Ten: −6.98 €"));
    stage.says("GET /api/v1/payment-methods", json!([{"method": "card", "label": "Card", "hint": "Visa"}]));
    let mut browser = stage.browser();
    browser.post_raw("/cart", &[("variant", &variant("Small").to_string())]).await.leads_to("/cart");
    browser.get("/checkout").await.expect(200).says(&["name=\"agreed_code\" value=\"TEN\"", "name=\"remove_code\""]);
    // Typing one keeps what else was typed.
    stage.says(CODES, with_code);
    let typed = [("code", "ten"), ("email", "ada@example.com"), ("note", "Ring twice")];
    browser.post("/checkout/quote", &typed).await.expect(200).says(&["ada@example.com", "Ring twice"]);
    assert_eq!(stage.asked_once(CODES).body, json!({"code": "TEN"}));
    let asked = stage.asked("POST /api/v1/quotes");
    assert_eq!(asked.last().unwrap().body["customer"]["email"], "ada@example.com");
    stage.says("DELETE /api/v1/carts/current/codes/TEN", cart(2));
    browser.post("/checkout/quote", &[("remove_code", "TEN"), ("email", "ada@example.com")]).await.expect(200);
    assert_eq!(stage.asked("DELETE /api/v1/carts/current/codes/TEN").len(), 1);
}
