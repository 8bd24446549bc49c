//! Setting and changing passwords.

use std::time::Duration;

use contracts::{identity::AccountVerified, notifications::Template};
use kernel::{Role, Secret};
use serde_json::json;

use super::{Here, PASSWORD, at_once, on_both};
use crate::seed;

const NEW: &str = "a stroll by the sea";

async fn ask(here: &Here, email: &str) {
    here.guest().post("/api/v1/password-resets", &json!({"email": email})).await.expect(204);
    here.settle().await;
}

async fn complete(here: &Here, token: &str, password: &str) -> testkit::Answer {
    here.guest().post("/api/v1/password-resets/complete", &json!({"token": token, "password": password})).await
}

#[tokio::test]
async fn a_link_sets_a_new_password() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        here.take_mails();
        for _ in 0..5 {
            here.try_login("ada@example.com", "forgotten").await.expect(401);
        }
        ask(&here, "ada@example.com").await;
        ask(&here, "ada@example.com").await;
        let mails = here.take_mails();
        let (token, other) = (super::link_of(&mails[0], "/reset"), super::link_of(&mails[1], "/reset"));
        complete(&here, &token, "short").await.expect_invalid("password");
        complete(&here, &token, NEW).await.expect(204);
        here.settle().await;

        here.try_login("ada@example.com", NEW).await.expect(201);
        here.try_login("ada@example.com", PASSWORD).await.expect(401);
        here.bearer(&tokens).get("/api/v1/me").await.expect(401);
        here.try_refresh(&tokens.refresh_token).await.expect_problem(401, "session_over");
        let told = here.take_mails();
        assert_eq!(
            told.iter().map(|m| &m.template).collect::<Vec<_>>(),
            [&Template::PasswordChanged { name: "Ada Lovelace".to_owned() }]
        );
        assert_eq!(
            here.app.published::<AccountVerified>("identity").await.len(),
            1,
            "who follows the link reads the mails"
        );
        complete(&here, &token, "yet another one").await.expect_problem(422, "link_invalid");
        complete(&here, &other, "yet another one").await.expect_problem(422, "link_invalid");
        here.try_login("ada@example.com", NEW).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn asking_never_tells_who_has_an_account() {
    on_both(|here| async move {
        here.register("ada@example.com").await;
        here.take_mails();
        let known = here.guest().post("/api/v1/password-resets", &json!({"email": "ada@example.com"})).await;
        let unknown = here.guest().post("/api/v1/password-resets", &json!({"email": "nobody@example.com"})).await;
        assert_eq!(
            (known.status, known.text(), known.headers.len()),
            (unknown.status, unknown.text(), unknown.headers.len())
        );
        known.expect(204);
        assert_eq!(here.count("SELECT count(*) FROM links WHERE purpose = 'reset'").await, 0, "nobody has looked yet");
        here.settle().await;
        assert_eq!(here.take_mails().len(), 1);
        here.guest().post("/api/v1/password-resets", &json!({"email": "ada"})).await.expect_invalid("email");
        // A fourth mail within 15 minutes is not sent, and the answer does not tell.
        for _ in 0..4 {
            ask(&here, "ada@example.com").await;
        }
        assert_eq!(here.take_mails().len(), 2);
        here.app.advance(Duration::from_secs(900)).await;
        ask(&here, "ada@example.com").await;
        assert_eq!(here.take_mails().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_reset_link_works_once_and_for_half_an_hour() {
    on_both(|here| async move {
        here.register("ada@example.com").await;
        let verify = here.take_link("/verify");
        complete(&here, &verify, NEW).await.expect_problem(422, "link_invalid");
        ask(&here, "ada@example.com").await;
        let late = here.take_link("/reset");
        here.guest().post("/api/v1/accounts/verify", &json!({"token": late})).await.expect_problem(422, "link_invalid");
        here.app.advance(Duration::from_secs(1800)).await;
        complete(&here, &late, NEW).await.expect_problem(422, "link_invalid");
        here.login("ada@example.com").await;

        ask(&here, "ada@example.com").await;
        let token = here.take_link("/reset");
        let guest = here.guest();
        let statuses = at_once(40, |i| {
            let (guest, body) = (guest.clone(), json!({"token": token, "password": format!("password of taker {i}")}));
            async move { guest.post("/api/v1/password-resets/complete", &body).await }
        })
        .await;
        assert_eq!(statuses, [(204, 1), (422, 39)].into());
        here.settle().await;
        assert_eq!(here.take_mails().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn closed_accounts_get_no_link() {
    on_both(|here| async move {
        let admin = here.admin("admin@example.com").await;
        let account = here.register("ada@example.com").await;
        here.take_mails();
        ask(&here, "ada@example.com").await;
        let token = here.take_link("/reset");
        let path = format!("/api/v1/admin/accounts/{}/roles", account.id);
        here.bearer(&admin).put(&path, &json!({"roles": ["customer"], "disabled": true})).await.expect(200);
        complete(&here, &token, NEW).await.expect_problem(422, "link_invalid");
        ask(&here, "ada@example.com").await;
        assert_eq!(here.take_mails(), []);
        here.try_login("ada@example.com", NEW).await.expect_problem(401, "wrong_credentials");
        here.try_login("ada@example.com", PASSWORD).await.expect_problem(403, "account_closed");
    })
    .await;
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_it() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let other = here.login("ada@example.com").await;
        ask(&here, "ada@example.com").await;
        let mails = here.take_mails();
        let link = super::link_of(mails.last().unwrap(), "/reset");
        let me = here.bearer(&tokens);
        let change = |current: &str, new: &str| json!({"current": current, "new": new});
        here.guest().put("/api/v1/me/password", &change(PASSWORD, NEW)).await.expect(401);
        me.put("/api/v1/me/password", &change("not it", NEW)).await.expect_invalid("current");
        me.put("/api/v1/me/password", &change(PASSWORD, "12345678")).await.expect_invalid("new");
        me.put("/api/v1/me/password", &change(PASSWORD, "ada@example.com")).await.expect_invalid("new");
        here.settle().await;
        here.bearer(&other).get("/api/v1/me").await.expect(200);
        assert_eq!(here.take_mails(), []);

        me.put("/api/v1/me/password", &change(PASSWORD, NEW)).await.expect(204);
        here.settle().await;
        here.bearer(&tokens).get("/api/v1/me").await.expect(200);
        here.try_refresh(&tokens.refresh_token).await.expect(200);
        here.bearer(&other).get("/api/v1/me").await.expect(401);
        here.try_refresh(&other.refresh_token).await.expect(401);
        complete(&here, &link, "yet another one").await.expect_problem(422, "link_invalid");
        assert_eq!(here.take_mails().len(), 1);
        here.try_login("ada@example.com", PASSWORD).await.expect(401);
        here.try_login("ada@example.com", NEW).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn guesses_of_the_current_password_are_counted() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        for _ in 0..5 {
            let body = json!({"current": "a guess", "new": NEW});
            here.bearer(&tokens).put("/api/v1/me/password", &body).await.expect_invalid("current");
        }
        let body = json!({"current": PASSWORD, "new": NEW});
        here.bearer(&tokens).put("/api/v1/me/password", &body).await.expect_problem(429, "too_many_attempts");
        here.app.clock.advance(Duration::from_secs(1));
        here.bearer(&tokens).put("/api/v1/me/password", &body).await.expect(204);
    })
    .await;
}

#[tokio::test]
async fn our_services_can_ask_for_the_password_once_more() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let path = format!("/internal/identity/accounts/{}/password-check", tokens.account.id);
        let typed = |password: &str| json!({"password": password});
        here.bearer(&tokens).post(&path, &typed(PASSWORD)).await.expect_problem(404, "not_found");
        let service = here.app.as_service("payments");
        service.post(&path, &typed(PASSWORD)).await.expect(204);
        for _ in 0..5 {
            service.post(&path, &typed("a guess")).await.expect_invalid("password");
        }
        service.post(&path, &typed(PASSWORD)).await.expect_problem(429, "too_many_attempts");
        here.app.clock.advance(Duration::from_secs(1));
        service.post(&path, &typed(PASSWORD)).await.expect(204);
        let nobody =
            format!("/internal/identity/accounts/{}/password-check", kernel::AccountId::derived("test", &["none"]));
        service.post(&nobody, &typed(PASSWORD)).await.expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn of_two_changes_at_once_one_counts() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let me = here.bearer(&tokens);
        let statuses = at_once(4, |i| {
            let (me, body) = (me.clone(), json!({"current": PASSWORD, "new": format!("password of taker {i}")}));
            async move { me.put("/api/v1/me/password", &body).await }
        })
        .await;
        assert_eq!(statuses, [(204, 1), (422, 3)].into());
    })
    .await;
}

#[tokio::test]
async fn imported_hashes_are_replaced_at_the_first_log_in() {
    on_both(|here| async move {
        let env = here.app.system.env("identity").unwrap();
        let imported = seed::NewAccount {
            email: "old@example.com".parse().unwrap(),
            name: "Old Customer".to_owned(),
            password_hash: Secret::new(bcrypt::hash(PASSWORD, 4).unwrap()),
            roles: vec![Role::Customer],
        };
        let id = seed::account(env, imported.clone()).await.unwrap();
        assert_eq!(seed::account(env, imported.clone()).await.unwrap(), id, "twice is once");
        let refused =
            seed::account(env, seed::NewAccount { password_hash: Secret::new("plain"), ..imported }).await.unwrap_err();
        assert_eq!(refused.fields()[0].field, "password");
        here.settle().await;
        assert_eq!(here.take_mails(), []);

        let bcrypt = "SELECT count(*) FROM accounts WHERE password_hash LIKE '$2%'";
        here.try_login("old@example.com", "not it at all").await.expect(401);
        assert_eq!(here.count(bcrypt).await, 1);
        here.try_login("old@example.com", PASSWORD).await.expect(201);
        assert_eq!(here.count(bcrypt).await, 0);
        assert_eq!(
            here.count("SELECT count(*) FROM accounts WHERE password_hash LIKE '$argon2id$v=19$m=64,t=1,p=1$%'").await,
            1
        );
        here.try_login("old@example.com", PASSWORD).await.expect(201);
    })
    .await;
}
