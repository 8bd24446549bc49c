//! Staying logged in: tokens are renewed once, and a log-in ended elsewhere no longer counts here.

use std::{sync::Arc, time::Duration};

use futures::future::join_all;
use kernel::{Identity, Role};
use serde_json::json;
use testkit::TestApp;

use super::{
    fixtures::*,
    stage::{Stage, plain, session_of},
};

async fn ready(stage: &Stage) {
    stage.says("GET /api/v1/orders", json!({"items": []}));
    stage.says("GET /api/v1/carts/current", cart(0));
}

#[tokio::test]
async fn many_requests_at_once_renew_once_on_both_databases() {
    testkit::on_both_databases(plain, |app: Arc<TestApp>| async move {
        let stage = Stage::around(app);
        ready(&stage).await;
        let browser = stage.logged_in("Ada").await;
        stage.app.clock.advance(Duration::from_secs(570));
        stage.says("POST /api/v1/sessions/refresh", stage.tokens("Ada", "second", &[Role::Customer], &[]));
        let pages = (0..12).map(|_| {
            let mut browser = browser.clone();
            async move { browser.get("/account").await.status.as_u16() }
        });
        assert_eq!(join_all(pages).await, [200; 12]);
        assert_eq!(stage.asked_once("POST /api/v1/sessions/refresh").body, json!({"refresh_token": "refresh-first"}));
        // The next renewal uses what the first one brought.
        stage.app.clock.advance(Duration::from_secs(700));
        stage.forget();
        stage.says("POST /api/v1/sessions/refresh", stage.tokens("Ada", "third", &[Role::Customer], &[]));
        let pages = (0..5).map(|_| {
            let mut browser = browser.clone();
            async move { browser.get("/account").await.status.as_u16() }
        });
        assert_eq!(join_all(pages).await, [200; 5]);
        assert_eq!(stage.asked_once("POST /api/v1/sessions/refresh").body, json!({"refresh_token": "refresh-second"}));
    })
    .await;
}

#[tokio::test]
async fn who_is_refused_new_tokens_is_logged_out_and_told() {
    let stage = Stage::new().await;
    ready(&stage).await;
    let mut browser = stage.logged_in("Ada").await;
    stage.app.clock.advance(Duration::from_secs(570));
    stage.refuses("POST /api/v1/sessions/refresh", 401, "session_over", "The session has ended.", &[]);
    browser.get("/account").await.leads_to("/login?next=%2Faccount");
    browser.get("/login").await.expect(200).says(&["You were logged out. Log in again to go on."]);
    browser.get("/login").await.expect(200).never_says(&["You were logged out."]);
    assert_eq!(stage.asked("POST /api/v1/sessions/refresh").len(), 1);
}

#[tokio::test]
async fn while_identity_rests_the_old_token_serves_until_it_ends() {
    let stage = Stage::new().await;
    ready(&stage).await;
    let mut browser = stage.logged_in("Ada").await;
    stage.refuses("POST /api/v1/sessions/refresh", 503, "unavailable", "Resting.", &[]);
    stage.app.clock.advance(Duration::from_secs(570));
    browser.get("/account").await.expect(200);
    stage.app.clock.advance(Duration::from_secs(60));
    browser.get("/account").await.expect(503);
    stage.says("POST /api/v1/sessions/refresh", stage.tokens("Ada", "second", &[Role::Customer], &[]));
    stage.app.clock.advance(Duration::from_secs(11));
    browser.get("/account").await.expect(200);
}

#[tokio::test]
async fn a_log_in_ended_elsewhere_ends_here_within_seconds() {
    let stage = Stage::new().await;
    ready(&stage).await;
    let mut browser = stage.logged_in("Ada").await;
    browser.get("/account").await.expect(200);
    stage.says("GET /internal/identity/revocations", json!({"sessions": [session_of("Ada")]}));
    stage.app.clock.advance(Duration::from_secs(6));
    browser.get("/account").await.leads_to("/login?next=%2Faccount");
    let mut other = stage.logged_in("Grace").await;
    other.get("/account").await.expect(200);
}

#[tokio::test]
async fn services_are_asked_on_behalf_of_whoever_has_logged_in() {
    let stage = Stage::new().await;
    ready(&stage).await;
    let mut browser = stage.logged_in("Ada").await;
    browser.get("/account").await.expect(200);
    let Identity::User(principal) = stage.asked_once("GET /api/v1/orders").who else { panic!("asked as nobody") };
    assert_eq!((principal.session_id, principal.roles.as_slice()), (session_of("Ada"), &[Role::Customer][..]));
    stage.says("GET /api/v1/products/blue-mug", mug());
    stage.browser().get("/p/blue-mug").await.expect(200);
    assert_eq!(stage.asked_once("GET /api/v1/products/blue-mug").who, Identity::Anonymous);
}
