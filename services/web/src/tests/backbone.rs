//! What holds for every page: headers, refusals, forms, sessions.

use std::time::Duration;

use axum::http::Method;
use db::params;
use serde_json::json;

use super::{
    fixtures::*,
    stage::{Now, Stage},
};

fn lively(stage: &Stage) {
    stage.says("GET /api/v1/products", cards(&["mug", "bowl"]));
    stage.says("GET /api/v1/stores", json!({"items": [store()]}));
}

#[tokio::test]
async fn pages_protect_themselves() {
    let stage = Stage::new().await;
    lively(&stage);
    let page = stage.browser().get("/").await.expect(200);
    let csp = page.header("content-security-policy").unwrap();
    for rule in [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
    ] {
        assert!(csp.contains(rule), "{rule} in {csp}");
    }
    assert!(!csp.contains("unsafe"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    page.never_says(&["<script>", " style=", "onclick=", "javascript:"]);
}

#[tokio::test]
async fn a_stranger_costs_nothing_and_may_be_answered_from_a_cache() {
    let stage = Stage::new().await;
    lively(&stage);
    let mut browser = stage.browser();
    let page = browser.get("/").await.expect(200);
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
    assert_eq!(page.header("cache-control"), Some("public, max-age=10"));
    assert_eq!(page.header("vary"), Some("Cookie, Accept-Language, HX-Request, HX-Request-Type"));
    assert_eq!(stage.app.count("web", "SELECT count(*) FROM web_sessions").await, 0);
    let mut customer = stage.logged_in("Ada").await;
    stage.says("GET /api/v1/carts/current", cart(2));
    assert_eq!(customer.get("/").await.expect(200).header("cache-control"), Some("private, no-cache"));
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_language_of_whoever_asks() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    for path in [
        "/nothing",
        "/p/nothing",
        "/c/nothing",
        "/v/nothing",
        "/orders/nothing",
        "/help/nothing",
        "/p/..%2F..%2Fetc",
        "/vendors/x/y",
    ] {
        let page = browser.get(path).await.expect(404);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        page.says(&["There is nothing at this address", "<h1", "href=\"/search\""]);
    }
    browser.get("/logout").await.expect(405).says(&["This address cannot be used that way."]);
    for path in ["/api/v1/nothing", "/internal/x", "/media/nothing", "/.well-known/x"] {
        let page = browser.get(path).await.expect(404);
        assert_eq!(page.header("content-type"), Some("application/problem+json"), "{path}");
    }
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_no_blank_page() {
    let stage = Stage::new().await;
    stage.refuses("GET /api/v1/products/blue-mug", 503, "unavailable", "The catalogue rests.", &[]);
    stage
        .browser()
        .get("/p/blue-mug")
        .await
        .expect(503)
        .says(&["A part of the shop does not answer", "The catalogue rests."]);
    stage.answers(
        "GET /api/v1/products/blue-mug",
        500,
        json!({"code": "internal", "detail": "Something went wrong on our side."}),
    );
    stage.browser().get("/p/blue-mug").await.expect(500).says(&["Something went wrong on our side"]);
    // An answer that is not what the contract says is our mistake, and shows nothing of itself.
    stage.says("GET /api/v1/products/blue-mug", json!({"secret": "inside"}));
    stage.browser().get("/p/blue-mug").await.expect(500).never_says(&["secret", "missing field"]);
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.get("/login").await.expect(200);
    let form = [("email", "ada@example.com"), ("password", "a walk in the park")];
    for (header, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")] {
        browser.with(header, value).post("/login", &form).await.expect(403).says(&["not come from this site"]);
    }
    browser.silent().with("origin", "https://evil.example").post("/login", &form).await.expect(403);
    browser.silent().with("origin", "null").post("/login", &form).await.expect(403);
    assert!(stage.asked("POST /api/v1/sessions").is_empty(), "nobody was asked to log anybody in");
    // The same from a browser that says nothing else but where it is.
    stage.refuses("POST /api/v1/sessions", 401, "wrong_credentials", "No match.", &[]);
    browser.silent().with("origin", "http://souk.test").post("/login", &form).await.expect(401);
}

#[tokio::test]
async fn a_form_needs_the_token_of_its_browser() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.get("/login").await.expect(200);
    let form = [("email", "ada@example.com"), ("password", "a walk in the park")];
    browser.post_raw("/login", &form).await.expect(403);
    browser.post_raw("/login", &[("csrf", "guess"), form[0], form[1]]).await.expect(403);
    let mut other = stage.browser();
    other.get("/login").await.expect(200);
    let token = other.csrf.clone();
    browser.post_raw("/login", &[("csrf", token.as_str()), form[0], form[1]]).await.expect(403);
    assert!(stage.asked("POST /api/v1/sessions").is_empty());
    browser.send(Method::POST, "/login", "{}".to_owned(), "application/json").await.expect(415);
    browser.send(Method::POST, "/login", "x=".repeat(200_000), "application/x-www-form-urlencoded").await.expect(413);
}

#[tokio::test]
async fn harmless_forms_need_no_token_but_never_come_from_elsewhere() {
    let stage = Stage::new().await;
    lively(&stage);
    let mut browser = stage.browser();
    browser.post_raw("/preferences/theme", &[("theme", "dark"), ("to", "/stores")]).await.leads_to("/stores");
    assert_eq!(browser.cookies["theme"], "dark");
    browser.get("/").await.expect(200).says(&["data-theme=\"dark\""]);
    browser
        .with("sec-fetch-site", "cross-site")
        .post_raw("/preferences/theme", &[("theme", "light")])
        .await
        .expect(403);
    browser.post_raw("/preferences/theme", &[("theme", "light"), ("to", "https://evil.example")]).await.leads_to("/");
}

#[tokio::test]
async fn log_in_opens_a_new_session_and_log_out_leaves_nothing() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.answers("POST /api/v1/carts", 201, json!({"token": "guest-token", "cart": cart(1)}));
    stage.says("POST /api/v1/carts/current/merge", cart(1));
    let mut browser = stage.browser();
    browser.post_raw("/cart", &[("variant", &variant("Small").to_string())]).await.leads_to("/cart");
    let as_guest = browser.cookies["souk"].clone();
    browser.get("/login").await.expect(200);
    stage.answers("POST /api/v1/sessions", 201, stage.tokens("Ada", "first", &[], &[]));
    let page = browser
        .with("user-agent", "Browser/1")
        .post("/login", &[("email", " Ada@Example.com "), ("password", " a walk "), ("next", "/checkout")])
        .await;
    let cookies = page.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert!(
        cookies[0].starts_with("souk=") && cookies[0].ends_with("; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax"),
        "{cookies:?}"
    );
    page.leads_to("/checkout");
    browser.cookies.insert("souk".to_owned(), cookies[0][5..].split(';').next().unwrap().to_owned());
    assert_ne!(browser.cookies["souk"], as_guest, "the id changes at log-in");
    let login = stage.asked_once("POST /api/v1/sessions");
    assert_eq!(login.body, json!({"email": "ada@example.com", "password": " a walk "}));
    assert_eq!(login.headers["user-agent"], "Browser/1");
    assert_eq!(stage.asked_once("POST /api/v1/carts/current/merge").body, json!({"token": "guest-token"}));
    assert_eq!(stage.app.count("web", "SELECT count(*) FROM web_sessions").await, 1, "the guest's session is gone");

    let mut left_behind = browser.clone();
    stage.says("GET /api/v1/orders", json!({"items": []}));
    browser.get("/account").await.expect(200).says(&["No orders yet", ">Ada<"]);
    stage.answers("DELETE /api/v1/sessions/current", 204, json!(null));
    browser.post("/logout", &[]).await.leads_to("/login?out=1");
    assert!(!browser.cookies.contains_key("souk"));
    assert_eq!(stage.asked("DELETE /api/v1/sessions/current").len(), 1);
    assert_eq!(stage.app.count("web", "SELECT count(*) FROM web_sessions").await, 0);
    left_behind.get("/account").await.leads_to("/login?next=%2Faccount");
}

#[tokio::test]
async fn the_table_of_sessions_opens_nothing() {
    let stage = Stage::new().await;
    let browser = stage.logged_in("Ada").await;
    let row = stage.app.db("web").one("SELECT id, sealed FROM web_sessions", params![]).await.unwrap();
    let (id, sealed) = (row.get::<String>("id").unwrap(), row.get::<Vec<u8>>("sealed").unwrap());
    assert_ne!(id, browser.cookies["souk"]);
    assert_eq!(id.len(), 64);
    for secret in ["refresh-first", "e30.", "Ada", "cart"] {
        assert!(!sealed.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} can be read in the table");
    }
    let mut thief = stage.browser();
    thief.cookies.insert("souk".to_owned(), id);
    thief.get("/account").await.leads_to("/login?next=%2Faccount");
}

#[tokio::test]
async fn behind_https_cookies_travel_by_nothing_else() {
    let stage = Stage::https().await;
    let mut browser = stage.browser();
    let page = browser.get("/login").await.expect(200);
    let cookie = page.header("set-cookie").unwrap();
    assert!(
        cookie.starts_with("__Host-souk-form=") && cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );
    assert!(cookie.contains("; Path=/;") && !cookie.contains("Domain"));
    let browser = stage.logged_in("Ada").await;
    assert!(browser.cookies.contains_key("__Host-souk"));
}

#[tokio::test]
async fn pages_of_an_account_send_strangers_to_the_door_and_back() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let id = order_id();
    let some_id = product_id("x");
    for path in [
        "/account".to_owned(),
        "/account?after=abc&n=20".to_owned(),
        "/account/reviews".to_owned(),
        format!("/account/reviews/{some_id}"),
        "/account/profile".to_owned(),
        "/account/password".to_owned(),
        "/account/erase".to_owned(),
        "/account/addresses".to_owned(),
        "/account/addresses/new".to_owned(),
        format!("/account/addresses/{some_id}"),
        "/account/sessions".to_owned(),
        "/account/verification".to_owned(),
        format!("/orders/{id}"),
        format!("/orders/{id}/cancel"),
    ] {
        let next = serde_html_form::to_string([("next", &path)]).unwrap();
        browser.get(&path).await.leads_to(&format!("/login?{next}"));
    }
    browser.get("/login").await.expect(200);
    for path in ["/account/profile", "/account/password", "/account/addresses/new", "/sell"] {
        let page = browser.with("referer", &format!("http://souk.test{path}?x=1")).post(path, &[]).await.expect(303);
        let next = serde_html_form::to_string([("next", format!("{path}?x=1"))]).unwrap();
        assert_eq!(page.header("location"), Some(format!("/login?{next}").as_str()));
    }
    let page = browser.htmx().get("/account").await.expect(200);
    assert_eq!(page.header("hx-redirect"), Some("/login?next=%2Faccount"));
}

#[tokio::test]
async fn after_log_in_one_lands_on_our_own_pages_only() {
    let stage = Stage::new().await;
    for (next, lands) in
        [("/cart", "/cart"), ("//evil.example", "/account"), ("https://evil.example", "/account"), ("", "/account")]
    {
        stage.answers("POST /api/v1/sessions", 201, stage.tokens("Ada", "first", &[], &[]));
        let mut browser = stage.browser();
        let query = serde_html_form::to_string([("next", next)]).unwrap();
        let shown = browser.get(&format!("/login?{query}")).await.expect(200).hidden("next").unwrap();
        let form = [("email", "ada@example.com"), ("password", "x"), ("next", shown.as_str())];
        browser.post("/login", &form).await.leads_to(lands);
    }
}

#[tokio::test]
async fn a_session_ends_when_it_lies_idle_and_in_any_case_in_the_end() {
    let stage = Stage::new().await;
    let day = Duration::from_secs(24 * 3600);
    stage.says("GET /api/v1/carts/current", cart(1));
    stage.says("POST /api/v1/quotes", quote('a', 1, 3_490));
    stage.answers("POST /api/v1/carts", 201, json!({"token": "guest-token", "cart": cart(1)}));
    let mut idle = stage.browser();
    idle.post_raw("/cart", &[("variant", &variant("Small").to_string())]).await.leads_to("/cart");
    let mut busy = stage.browser();
    busy.post_raw("/cart", &[("variant", &variant("Small").to_string())]).await.leads_to("/cart");
    for _ in 0..8 {
        stage.app.advance(day * 10).await;
        busy.get("/cart").await.expect(200).says(&["The Small"]);
    }
    idle.get("/cart").await.expect(200).says(&["Your cart is empty"]);
    stage.app.advance(day * 11).await;
    busy.get("/cart").await.expect(200).says(&["Your cart is empty"]);
    assert!(stage.app.clock_now() > at("2026-04-15T00:00:00Z"));
    assert_eq!(stage.app.count("web", "SELECT count(*) FROM web_sessions").await, 0, "ended sessions are forgotten");
}
