//! Keeping things for later, and the wish list.

use axum::http::Method;
use kernel::Role;
use serde_json::{Value, json};

use super::{
    fixtures::*,
    stage::{Stage, account},
};

fn small() -> String {
    variant("Small").to_string()
}

fn wish() -> Value {
    json!({"line": cart(1).lines[0], "wished_at": "2026-01-14T12:00:00Z", "tell_when_back": false})
}

#[tokio::test]
async fn a_line_is_kept_for_later_and_comes_back() {
    let stage = Stage::new().await;
    stage.answers("POST /api/v1/carts", 201, json!({"token": "guest-token", "cart": cart(2)}));
    stage.says("POST /api/v1/quotes", quote('a', 2, 3_490));
    let mut kept = cart(2);
    kept.later = vec![kept.lines.remove(1)];
    kept.items = 2;
    stage.says("GET /api/v1/carts/current", &kept);
    let mut browser = stage.browser();
    browser.post_raw("/cart", &[("variant", &small()), ("quantity", "2")]).await.leads_to("/cart");
    browser.get("/cart").await.expect(200).says(&["Kept for later", "The Oil", "Into the cart", "Keep for later"]);

    let oil = variant("Oil").to_string();
    let later = format!("PUT /api/v1/carts/current/lines/{oil}/later");
    stage.says(&later, &kept);
    browser.post(&format!("/cart/{oil}/later"), &[]).await.leads_to("/cart");
    assert_eq!(stage.asked_once(&later).body, json!({"later": true}));
    browser.post(&format!("/cart/{oil}/now"), &[]).await.leads_to("/cart");
    assert_eq!(stage.asked(&later)[1].body, json!({"later": false}));
    let mut part = browser.htmx();
    part.post(&format!("/cart/{oil}/later"), &[]).await.expect(200).says(&["id=\"cart\"", "Kept for later", ">2<"]);
}

#[tokio::test]
async fn a_heart_needs_an_account_and_leads_back_to_the_product() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/products/blue-mug", mug());
    let mut guest = stage.browser();
    guest.get("/p/blue-mug").await.expect(200).says(&["Keep on my wish list"]);
    let form = [("variant", small()), ("product", "blue-mug".to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let to = guest.post("/account/wishes", &form).await;
    assert!(to.header("location").is_some_and(|to| to.starts_with("/login?next=")), "{to:?}");

    stage.says("GET /api/v1/carts/current", cart(0));
    stage.says("GET /api/v1/me", account("Ada", &[Role::Customer], &[]));
    stage.says("GET /api/v1/me/wishes", json!({"items": [wish()]}));
    stage.refuses("GET /api/v1/me/wishes/share", 404, "not_found", "There is no such wish list.", &[]);
    stage.says(&format!("PUT /api/v1/me/wishes/{}", small()), wish());
    let mut ada = stage.logged_in("Ada").await;
    let back = format!("/p/blue-mug?variant={}", small());
    ada.post("/account/wishes", &form).await.leads_to(&back);
    ada.get("/p/blue-mug").await.expect(200).says(&["The Small is on your wish list."]);
    let wish_path = format!("PUT /api/v1/me/wishes/{}", small());
    assert_eq!(stage.asked_once(&wish_path).body, json!({"tell_when_back": false}));
    let mut awaited = wish();
    awaited["tell_when_back"] = json!(true);
    stage.says(&wish_path, awaited);
    ada.post("/account/wishes", &[("variant", &small()), ("tell", "yes")]).await.leads_to("/account/wishes");
    assert_eq!(stage.asked(&wish_path)[1].body, json!({"tell_when_back": true}));
    ada.get("/account/wishes").await.expect(200).says(&["We write to you once it is back."]);
}

#[tokio::test]
async fn the_wish_list_is_shown_shared_and_closed_again() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.says("GET /api/v1/me", account("Ada", &[Role::Customer], &[]));
    stage.says("GET /api/v1/me/wishes", json!({"items": [wish()]}));
    stage.refuses("GET /api/v1/me/wishes/share", 404, "not_found", "There is no such wish list.", &[]);
    let mut ada = stage.logged_in("Ada").await;
    let page = ada.get("/account/wishes").await.expect(200);
    page.says(&["The Small", "Into the cart", "Make a link", "My wish list"]).never_says(&["Share it no longer"]);

    stage.says("PUT /api/v1/me/wishes/share", json!({"title": "Birthday", "token": "tok"}));
    ada.post("/account/wishes/share", &[("title", "Birthday")]).await.leads_to("/account/wishes");
    assert_eq!(stage.asked_once("PUT /api/v1/me/wishes/share").body, json!({"title": "Birthday"}));
    ada.post("/account/wishes/share", &[("title", " ")]).await.expect(422).says(&["Give the list a name."]);
    stage.says("GET /api/v1/me/wishes/share", json!({"title": "Birthday", "token": "tok"}));
    ada.get("/account/wishes").await.expect(200).says(&["/w/tok", "Share it no longer", "value=\"Birthday\""]);

    stage.says("GET /api/v1/wishes/tok", json!({"title": "Birthday", "wishes": [wish()]}));
    stage.browser().get("/w/tok").await.expect(200).says(&["<h1>Birthday</h1>", "The Small", "noindex"]);
    stage.answers("DELETE /api/v1/me/wishes/share", 204, Value::Null);
    ada.post("/account/wishes/unshare", &[]).await.leads_to("/account/wishes");
    stage.refuses("GET /api/v1/wishes/tok", 404, "not_found", "There is no such wish list.", &[]);
    stage.browser().get("/w/tok").await.expect(404);
}

#[tokio::test]
async fn who_has_no_account_is_told_by_mail() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/products/blue-mug", mug());
    let mut guest = stage.browser();
    let large = variant("Large").to_string();
    let back = format!("/p/blue-mug?variant={large}");
    guest.get(&back).await.expect(200).says(&["Tell me by e-mail", "action=\"/notices\""]);
    guest.get(&format!("/p/blue-mug?variant={}", small())).await.expect(200).never_says(&["action=\"/notices\""]);

    let ask = "POST /api/v1/stock-notices";
    let form = |email| [("variant", large.as_str()), ("product", "blue-mug"), ("email", email)];
    for wrong in ["", "eve"] {
        let refused = guest.post_raw("/notices", &form(wrong)).await.expect(422);
        refused.says(&[&format!("value=\"{wrong}\""), &format!("value=\"{large}\""), "aria-invalid=\"true\""]);
    }
    guest.post_raw("/notices", &[("email", "eve@example.com")]).await.expect(422);
    assert!(stage.asked(ask).is_empty());
    stage.answers(ask, 202, json!(null));
    guest.post_raw("/notices", &form("eve@example.com")).await.leads_to(&back);
    let asked = stage.asked_once(ask);
    assert_eq!(asked.body, json!({"variant_id": large, "email": "eve@example.com"}));
    assert_eq!(asked.headers["accept-language"], "en");
    stage.forget();
    let mut french = stage.browser().with("accept-language", "fr-CA,fr;q=0.9");
    french.post_raw("/notices", &form("eve@example.com")).await.leads_to(&back);
    assert_eq!(stage.asked_once(ask).headers["accept-language"], "fr");

    guest.get("/notices/confirm").await.expect(404);
    guest.get("/notices/confirm?token=t1").await.expect(200).says(&["Yes, tell me", "value=\"t1\""]);
    let confirm = "POST /api/v1/stock-notices/confirmations";
    assert!(stage.asked(confirm).is_empty(), "looking confirms nothing");
    stage.refuses(confirm, 422, "invalid_input", "No.", &[("token", "Ask again on the product's page.")]);
    let refused = guest.post("/notices/confirm", &[("token", "t0")]).await.expect(422);
    refused.says(&["This link does not work.", "Ask again on the product&#39;s page."]);
    stage.forget();
    stage.says(confirm, json!({"variant_id": large, "title": "The mug, Large", "product_slug": "blue-mug"}));
    guest.post("/notices/confirm", &[("token", "t1")]).await.leads_to(&back);
    assert_eq!(stage.asked_once(confirm).body, json!({"token": "t1"}));

    guest.get("/notices/stop?token=t2").await.expect(200).says(&["End them", "value=\"t2\""]);
    let stop = "POST /api/v1/stock-notices/stops";
    stage.answers(stop, 204, json!(null));
    guest.post("/notices/stop", &[("token", "t2")]).await.leads_to("/");
    assert_eq!(stage.asked_once(stop).body, json!({"token": "t2"}));
}

#[tokio::test]
async fn letters_about_the_cart_are_ended_by_their_link() {
    let stage = Stage::new().await;
    let mut guest = stage.browser();
    let stop = "POST /api/v1/cart-letters/stops";
    guest.get("/cart/letters/stop").await.expect(404);
    guest.get("/cart/letters/stop?token=t3").await.expect(200).says(&["End them", "value=\"t3\""]);
    assert!(stage.asked(stop).is_empty(), "a mail server that looks at links ends nothing");
    stage.answers(stop, 204, json!(null));
    guest.post("/cart/letters/stop", &[("token", "t3")]).await.leads_to("/");
    assert_eq!(stage.asked_once(stop).body, json!({"token": "t3"}));
}

/// Mail programs send the link by themselves: without cookies, from wherever they are, in either form.
#[tokio::test]
async fn one_click_in_a_mail_program_ends_letters() {
    let stage = Stage::new().await;
    for (path, stop) in [
        ("/cart/letters/stop/one-click", "POST /api/v1/cart-letters/stops"),
        ("/notices/stop/one-click", "POST /api/v1/stock-notices/stops"),
    ] {
        let signed = format!("{path}?token=t4");
        stage.browser().get(&signed).await.expect(200).says(&["End them", "value=\"t4\""]);
        let mut program = stage.browser().silent();
        let form = ("List-Unsubscribe=One-Click".to_owned(), "application/x-www-form-urlencoded");
        program.send(Method::POST, path, form.0.clone(), form.1).await.expect(404);
        assert!(stage.asked(stop).is_empty(), "looking ends nothing, nor does what has no link");
        stage.answers(stop, 204, json!(null));
        program.send(Method::POST, &signed, form.0, form.1).await.expect(204);
        assert_eq!(stage.asked_once(stop).body, json!({"token": "t4"}));
        let parts = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
        let mut elsewhere = stage.browser().with("sec-fetch-site", "cross-site");
        let sent = elsewhere.send(Method::POST, &signed, parts.to_owned(), "multipart/form-data; boundary=b").await;
        sent.expect(204);
        assert_eq!(stage.asked(stop).len(), 2);
        stage.refuses(stop, 422, "invalid_input", "No.", &[("token", "This link does not work.")]);
        program.send(Method::POST, &format!("{path}?token=forged"), String::new(), "text/plain").await.expect(422);
    }
}
