//! The account's pages, registration and the links from mails.

use kernel::{AddressId, Role, SessionId};
use serde_json::json;

use super::{
    browser::Browser,
    fixtures::*,
    stage::{Stage, account, session_of},
};

async fn ada(stage: &Stage) -> Browser {
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.says("GET /api/v1/me", account("Ada", &[Role::Customer], &[]));
    stage.logged_in("Ada").await
}

#[tokio::test]
async fn registration_opens_the_account_and_the_door() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.says("GET /api/v1/orders", json!({"items": []}));
    stage.answers("POST /api/v1/accounts", 201, account("Ada", &[Role::Customer], &[]));
    stage.answers("POST /api/v1/sessions", 201, stage.tokens("Ada", "first", &[Role::Customer], &[]));
    let mut browser = stage.browser();
    browser
        .get("/register?next=%2Fcheckout")
        .await
        .expect(200)
        .says(&["Open an account", "href=\"/login?next=%2Fcheckout\""]);
    let form = [
        ("name", "Ada Lovelace"),
        ("email", "Ada@Example.com"),
        ("password", "a walk in the park"),
        ("next", "/account"),
    ];
    browser.post("/register", &form).await.leads_to("/account");
    assert_eq!(
        stage.asked_once("POST /api/v1/accounts").body,
        json!({"email": "ada@example.com", "password": "a walk in the park", "name": "Ada Lovelace", "locale": "en"})
    );
    browser.get("/account").await.expect(200).says(&["A mail to ada@example.com asks you to confirm"]);
}

#[tokio::test]
async fn registration_tells_what_is_wrong_and_forgets_only_the_password() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.get("/register").await.expect(200);
    browser.post("/register", &[("name", ""), ("email", "ada"), ("password", "")]).await.expect(422).says(&[
        "Enter your name.",
        "Enter an e-mail address such as name@example.com.",
        "Choose a password.",
        "value=\"ada\"",
        "role=\"alert\"",
    ]);
    assert!(stage.asked("POST /api/v1/accounts").is_empty());
    let form = [("name", "Ada"), ("email", "ada@example.com"), ("password", "password-typed")];
    stage.refuses(
        "POST /api/v1/accounts",
        422,
        "invalid_input",
        "Some fields need to be corrected.",
        &[("password", "This is one of the passwords that are guessed first.")],
    );
    browser
        .post("/register", &form)
        .await
        .expect(422)
        .says(&["guessed first", "value=\"ada@example.com\""])
        .never_says(&["password-typed"]);
    stage.refuses("POST /api/v1/accounts", 409, "email_taken", "There is an account with this e-mail address.", &[]);
    browser
        .post("/register", &form)
        .await
        .expect(409)
        .says(&["There is an account with this e-mail address.", "href=\"#f-email\""]);
    assert!(!browser.cookies.contains_key("souk"));
}

#[tokio::test]
async fn a_wrong_password_is_said_without_saying_which_was_wrong() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.get("/login").await.expect(200);
    stage.refuses("POST /api/v1/sessions", 401, "wrong_credentials", "E-mail address and password do not match.", &[]);
    let form = [("email", "ada@example.com"), ("password", "typed-secret")];
    browser
        .post("/login", &form)
        .await
        .expect(401)
        .says(&["do not match.", "value=\"ada@example.com\""])
        .never_says(&["typed-secret"]);
    stage.refuses(
        "POST /api/v1/sessions",
        429,
        "too_many_attempts",
        "Too many attempts. Try again in 60 seconds.",
        &[],
    );
    browser.post("/login", &form).await.expect(429).says(&["Try again in 60 seconds."]);
    browser
        .post("/login", &[("email", ""), ("password", "")])
        .await
        .expect(422)
        .says(&["Enter your e-mail address.", "Enter your password."]);
    assert_eq!(stage.asked("POST /api/v1/sessions").len(), 2);
}

#[tokio::test]
async fn an_address_is_confirmed_by_a_click_not_by_a_look() {
    let stage = Stage::new().await;
    let mut browser = ada(&stage).await;
    stage.says("GET /api/v1/orders", json!({"items": []}));
    browser.get("/verify?token=mail-token").await.expect(200).says(&["Confirm the address"]);
    assert!(stage.asked("POST /api/v1/accounts/verify").is_empty());
    stage.says("POST /api/v1/accounts/verify", account("Ada", &[Role::Customer], &[]));
    stage.says("POST /api/v1/sessions/refresh", stage.tokens("Ada", "second", &[Role::Customer], &[]));
    browser.post("/verify", &[("token", "mail-token")]).await.leads_to("/account");
    assert_eq!(stage.asked_once("POST /api/v1/accounts/verify").body, json!({"token": "mail-token"}));
    assert_eq!(stage.asked("POST /api/v1/sessions/refresh").len(), 1, "the tokens say that it is confirmed");
    browser.get("/account").await.expect(200).says(&["Your e-mail address is confirmed."]);
    stage.refuses(
        "POST /api/v1/accounts/verify",
        422,
        "link_invalid",
        "Used.",
        &[("token", "This link was used before, or is too old.")],
    );
    browser.post("/verify", &[("token", "mail-token")]).await.expect(422).says(&[
        "This link does not work.",
        "used before",
        "Send a new link",
    ]);
    stage.answers("POST /api/v1/me/verification-mail", 204, json!(null));
    browser.post("/account/verification", &[]).await.leads_to("/account");
    stage.browser().get("/verify").await.expect(404);
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link() {
    let stage = Stage::new().await;
    stage.answers("POST /api/v1/password-resets", 204, json!(null));
    let mut browser = stage.browser();
    browser.get("/forgot").await.expect(200);
    browser
        .post("/forgot", &[("email", "who@example.com")])
        .await
        .expect(200)
        .says(&["If there is an account for who@example.com"]);
    browser.post("/forgot", &[("email", "who")]).await.expect(422).says(&["value=\"who\""]);
    assert_eq!(stage.asked("POST /api/v1/password-resets").len(), 1);
    browser.get("/reset?token=t1").await.expect(200);
    stage.refuses(
        "POST /api/v1/password-resets/complete",
        422,
        "link_invalid",
        "Used.",
        &[("token", "This link was used before, or is too old.")],
    );
    let page = browser.post("/reset", &[("token", "t1"), ("password", "a new walk")]).await.expect(422);
    assert_eq!(page.says(&["This link was used before"]).hidden("token").as_deref(), Some("t1"));
    stage.answers("POST /api/v1/password-resets/complete", 204, json!(null));
    browser.post("/reset", &[("token", "t1"), ("password", "a new walk")]).await.leads_to("/login");
    browser.get("/login").await.expect(200).says(&["The new password is set."]);
    browser.get("/reset").await.leads_to("/forgot");
}

#[tokio::test]
async fn the_first_admin_is_created_by_the_printed_link() {
    let stage = Stage::new().await;
    let roles = [Role::Customer, Role::Admin];
    stage.answers("POST /api/v1/setup", 201, account("Ada", &roles, &[]));
    stage.answers("POST /api/v1/sessions", 201, stage.tokens("Ada", "first", &roles, &[]));
    let mut browser = stage.browser();
    browser.get("/setup?token=printed").await.expect(200);
    browser
        .post("/setup", &[("token", "printed"), ("account.name", ""), ("account.email", "x")])
        .await
        .expect(422)
        .says(&["href=\"#f-account-name\""]);
    let form = [
        ("token", "printed"),
        ("account.name", "Ada"),
        ("account.email", "ada@example.com"),
        ("account.password", "a walk in the park"),
    ];
    browser.post("/setup", &form).await.leads_to("/admin");
    let body = stage.asked_once("POST /api/v1/setup").body;
    assert_eq!((&body["token"], &body["account"]["email"]), (&json!("printed"), &json!("ada@example.com")));
    browser.get("/setup").await.expect(404);
}

#[tokio::test]
async fn orders_are_listed_with_their_state() {
    let stage = Stage::new().await;
    let mut browser = ada(&stage).await;
    let order = json!({
        "id": order_id(), "number": "S-2601-000001", "status": "paid", "titles": ["Blue <mug>"], "items": 3, "total": eur(9_850),
        "email": null, "vendors": 2, "placed_at": "2026-01-15T11:00:00Z",
    });
    stage.says("GET /api/v1/orders", json!({"items": [order], "next": "c2"}));
    browser.get("/account").await.expect(200).says(&[
        "S-2601-000001",
        "Blue &#60;mug&#62; and 2 more",
        "98.50\u{a0}€",
        "Paid",
        "1 hour ago",
        "href=\"/account?after=c2&#38;n=1\"",
        "action=\"/logout\"",
    ]);
    stage.says("GET /api/v1/orders", json!({"items": []}));
    browser.get("/account").await.expect(200).says(&["No orders yet", "href=\"/search\""]);
}

#[tokio::test]
async fn the_profile_is_saved_unless_somebody_else_was_quicker() {
    let stage = Stage::new().await;
    let mut browser = ada(&stage).await;
    browser
        .get("/account/profile")
        .await
        .expect(200)
        .says(&["value=\"Ada Lovelace\"", "You log in with ada@example.com."]);
    stage.says("PUT /api/v1/me", account("Ada", &[Role::Customer], &[]));
    stage.says("POST /api/v1/sessions/refresh", stage.tokens("Ada", "second", &[Role::Customer], &[]));
    browser
        .post("/account/profile", &[("name", "Ada King"), ("phone", ""), ("version", "3")])
        .await
        .leads_to("/account/profile");
    let put = stage.asked_once("PUT /api/v1/me");
    assert_eq!(
        (put.body, put.headers["if-match"].as_str()),
        (json!({"name": "Ada King", "phone": null, "locale": null}), "\"3\"")
    );
    stage.refuses("PUT /api/v1/me", 412, "stale_version", "This was changed in the meantime.", &[]);
    browser
        .post("/account/profile", &[("name", "Ada King"), ("version", "3")])
        .await
        .expect(412)
        .says(&["This was changed in the meantime.", "value=\"Ada King\""]);
    stage.forget();
    browser.post("/account/profile", &[("name", " ")]).await.expect(422).says(&["Enter your name."]);
    assert!(stage.asked("PUT /api/v1/me").is_empty());
}

#[tokio::test]
async fn the_password_changes_only_with_the_old_one() {
    let stage = Stage::new().await;
    let mut browser = ada(&stage).await;
    browser.get("/account/password").await.expect(200);
    stage.refuses(
        "PUT /api/v1/me/password",
        422,
        "invalid_input",
        "Some fields need to be corrected.",
        &[("current", "This is not your password.")],
    );
    let form = [("current", "old-typed"), ("new", "new-typed")];
    browser
        .post("/account/password", &form)
        .await
        .expect(422)
        .says(&["This is not your password."])
        .never_says(&["old-typed", "new-typed"]);
    stage.answers("PUT /api/v1/me/password", 204, json!(null));
    browser.post("/account/password", &form).await.leads_to("/account/password");
}

#[tokio::test]
async fn an_account_is_erased_with_the_password_and_the_browser_forgets_it() {
    let stage = Stage::new().await;
    let mut browser = ada(&stage).await;
    browser.get("/account/profile").await.expect(200).says(&["href=\"/account/erase\""]);
    browser.get("/account/erase").await.expect(200).says(&["This cannot be undone.", "Keep the account"]);
    browser.post("/account/erase", &[("password", "")]).await.expect(422).says(&["Enter your password."]);
    assert!(stage.asked("POST /api/v1/me/erasure").is_empty());
    let why = "Orders under way: 1. An account can be erased once they have arrived or were called off.";
    stage.refuses("POST /api/v1/me/erasure", 409, "orders_under_way", why, &[]);
    let form = [("password", "as-typed")];
    browser.post("/account/erase", &form).await.expect(409).says(&[why]).never_says(&["as-typed"]);
    browser.get("/account/erase").await.expect(200);
    stage.forget();
    stage.answers("POST /api/v1/me/erasure", 204, json!(null));
    browser.post("/account/erase", &form).await.leads_to("/login?erased=1");
    assert_eq!(stage.asked_once("POST /api/v1/me/erasure").body, json!({"password": "as-typed"}));
    browser.get("/login?erased=1").await.expect(200).says(&["Your account is erased."]);
    browser.get("/account/profile").await.leads_to("/login?next=%2Faccount%2Fprofile");
}

#[tokio::test]
async fn addresses_are_kept_changed_and_removed() {
    let stage = Stage::new().await;
    let mut browser = ada(&stage).await;
    stage.says("GET /api/v1/me/addresses", json!([]));
    browser.get("/account/addresses").await.expect(200).says(&["No addresses yet", "href=\"/account/addresses/new\""]);
    let id = AddressId::derived("test", &["home"]);
    let saved = json!({"id": id, "address": address(), "is_default": true});
    stage.says("GET /api/v1/me/addresses", json!([saved]));
    browser.get("/account/addresses").await.expect(200).says(&[
        "Rua das Flores 12",
        "Portugal",
        "Offered first at checkout",
    ]);
    stage.answers("POST /api/v1/me/addresses", 201, &saved);
    browser
        .post("/account/addresses/new", &[("address.country", "PT"), ("address.name", "A")])
        .await
        .expect(422)
        .says(&["Enter street and number.", "value=\"A\""]);
    let form = [
        ("address.country", "PT"),
        ("address.name", "Ada"),
        ("address.line1", "Rua 1"),
        ("address.city", "Porto"),
        ("is_default", "yes"),
    ];
    browser.post("/account/addresses/new", &form).await.leads_to("/account/addresses");
    assert_eq!(stage.asked_once("POST /api/v1/me/addresses").body["is_default"], true);
    browser.get(&format!("/account/addresses/{id}")).await.expect(200).says(&["value=\"4050-262\"", "checked"]);
    browser.get(&format!("/account/addresses/{}", AddressId::derived("test", &["other"]))).await.expect(404);
    stage.says(&format!("PUT /api/v1/me/addresses/{id}"), &saved);
    browser.post(&format!("/account/addresses/{id}"), &form).await.leads_to("/account/addresses");
    stage.answers(&format!("DELETE /api/v1/me/addresses/{id}"), 204, json!(null));
    browser.post(&format!("/account/addresses/{id}/remove"), &[]).await.leads_to("/account/addresses");
}

#[tokio::test]
async fn log_ins_are_seen_and_ended() {
    let stage = Stage::new().await;
    let mut browser = ada(&stage).await;
    let other = SessionId::derived("test", &["other"]);
    let log_in = |id, agent: &str, current| {
        json!({
            "id": id, "user_agent": agent, "created_at": "2026-01-14T12:00:00Z", "last_seen_at": "2026-01-15T11:00:00Z",
            "expires_at": "2026-02-15T12:00:00Z", "current": current,
        })
    };
    stage.says(
        "GET /api/v1/sessions",
        json!([log_in(session_of("Ada"), "Firefox/140 Linux", true), log_in(other, "curl/8", false)]),
    );
    browser.get("/account/sessions").await.expect(200).says(&[
        "Firefox on Linux",
        "This one",
        "curl",
        &format!("/account/sessions/{other}/end"),
    ]);
    stage.answers(&format!("DELETE /api/v1/sessions/{other}"), 204, json!(null));
    browser.post(&format!("/account/sessions/{other}/end"), &[]).await.leads_to("/account/sessions");
    let own = session_of("Ada");
    stage.answers(&format!("DELETE /api/v1/sessions/{own}"), 204, json!(null));
    browser.post(&format!("/account/sessions/{own}/end"), &[]).await.leads_to("/login?out=1");
    assert!(!browser.cookies.contains_key("souk"));
}

#[tokio::test]
async fn what_was_bought_can_be_reviewed() {
    let stage = Stage::new().await;
    let mut browser = ada(&stage).await;
    stage.says("GET /api/v1/me/reviewable", json!({"items": []}));
    browser.get("/account/reviews").await.expect(200).says(&["Nothing to review yet"]);
    let (mug, gone) = (product_id("mug"), product_id("gone"));
    let item = |id, review: serde_json::Value| json!({"product_id": id, "bought_at": "2026-01-14T12:00:00Z", "review": review});
    stage.says(
        "GET /api/v1/me/reviewable",
        json!({"items": [item(mug, json!(null)), item(gone, reviews()["items"][1].clone())]}),
    );
    stage.says("GET /api/v1/products", cards(&["mug"]));
    browser.get("/account/reviews").await.expect(200).says(&[
        "The mug",
        "Write a review",
        "No longer on sale",
        "Change",
    ]);
    assert!(stage.asked("GET /api/v1/products")[0].query.contains(&format!("id={mug}&id={gone}")));
    browser.get(&format!("/account/reviews/{mug}")).await.expect(200).says(&["The mug. It is shown with", "5 stars"]);
    browser.get(&format!("/account/reviews/{}", product_id("never-bought"))).await.expect(404);
    let write = format!("PUT /api/v1/products/{mug}/reviews/mine");
    browser
        .upload(&format!("/account/reviews/{mug}"), &[("rating", "6"), ("title", " "), ("text", "kept text")], &[])
        .await
        .expect(422)
        .says(&["Choose one to five stars.", "Sum it up", "kept text"]);
    assert!(stage.asked(&write).is_empty());
    stage.says(&write, reviews()["items"][0].clone());
    browser
        .upload(&format!("/account/reviews/{mug}"), &[("rating", "5"), ("title", "Lovely"), ("text", "")], &[])
        .await
        .leads_to("/account/reviews");
    assert_eq!(stage.asked_once(&write).body, json!({"rating": 5, "title": "Lovely", "text": ""}));
    stage.answers(&format!("DELETE /api/v1/products/{mug}/reviews/mine"), 204, json!(null));
    browser.post(&format!("/account/reviews/{mug}/remove"), &[]).await.leads_to("/account/reviews");
}

#[tokio::test]
async fn somebody_applies_for_a_stall() {
    let stage = Stage::new().await;
    stage.browser().get("/sell").await.expect(200).says(&["You need an account", "/register?next=/sell"]);
    let mut browser = ada(&stage).await;
    stage.says("GET /api/v1/me/vendors", json!([]));
    browser.get("/sell").await.expect(200).says(&["Send the application", "value=\"ada@example.com\""]);
    browser
        .post("/sell", &[("name", ""), ("tagline", "kept line"), ("country", "PT"), ("contact_email", "x")])
        .await
        .expect(422)
        .says(&["Enter the name of the stall.", "kept line", "value=\"x\""]);
    assert!(stage.asked("POST /api/v1/vendors").is_empty());
    let vendor = json!({"store": store(), "status": "applied", "status_reason": null, "contact_email": "ada@example.com", "commission_bp": 1000, "created_at": "2026-01-15T12:00:00Z", "version": 1});
    stage.answers("POST /api/v1/vendors", 201, &vendor);
    stage.says("GET /api/v1/me/vendors", json!([vendor]));
    let form =
        [("name", "Kiln & Daughters"), ("country", "PT"), ("city", "Porto"), ("contact_email", "ada@example.com")];
    browser.post("/sell", &form).await.leads_to("/sell");
    assert_eq!(stage.asked_once("POST /api/v1/vendors").body["name"], "Kiln & Daughters");
    browser.get("/sell").await.expect(200).says(&["is on the list", "Being looked at", "Apply for another stall"]);
}
