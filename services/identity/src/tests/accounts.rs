//! Opening an account and verifying its address.

use std::time::Duration;

use axum::http::StatusCode;
use contracts::{
    identity::{AccountRegistered, AccountVerified, AccountView},
    notifications::Template,
};
use kernel::{AccountId, Role};
use serde_json::{Value, json};

use super::{PASSWORD, at_once, link_of, on_both};

#[tokio::test]
async fn an_account_is_opened_and_its_address_verified() {
    on_both(|here| async move {
        let body =
            json!({"email": " Ada@Example.COM", "password": PASSWORD, "name": " Ada Lovelace ", "locale": "pt-BR"});
        let view: AccountView = here.guest().post("/api/v1/accounts", &body).await.expect(201).json();
        assert_eq!(
            (view.email.as_str(), view.name.as_str(), view.locale.as_str()),
            ("ada@example.com", "Ada Lovelace", "pt-BR")
        );
        assert_eq!((view.roles.as_slice(), view.vendors.len(), view.phone), (&[Role::Customer][..], 0, None));
        assert_eq!((view.email_verified, view.disabled, view.version), (false, false, 1));
        assert_eq!(view.created_at.to_string(), "2026-01-15T12:00:00Z");
        here.settle().await;

        let registered = here.app.published::<AccountRegistered>("identity").await;
        assert_eq!(registered.iter().map(|e| (e.account_id, e.at)).collect::<Vec<_>>(), [(view.id, view.created_at)]);
        let mails = here.take_mails();
        assert_eq!(mails.len(), 1);
        assert_eq!(
            (mails[0].email.as_str(), mails[0].account_id, mails[0].locale.as_str()),
            ("ada@example.com", Some(view.id), "pt-BR")
        );
        assert!(matches!(&mails[0].template, Template::VerifyEmail { name, .. } if name == "Ada Lovelace"));
        let token = link_of(&mails[0], "/verify");
        let stored = here.count(&format!("SELECT count(*) FROM links WHERE hash = '{token}'")).await;
        assert_eq!(
            (stored, here.count("SELECT count(*) FROM jobs WHERE kind = 'mail'").await),
            (0, 0),
            "the token is nowhere any more"
        );

        let verified: AccountView =
            here.guest().post("/api/v1/accounts/verify", &json!({"token": token})).await.expect(200).json();
        assert_eq!((verified.id, verified.email_verified, verified.version), (view.id, true, 2));
        let told: Vec<AccountId> =
            here.app.published::<AccountVerified>("identity").await.iter().map(|e| e.account_id).collect();
        assert_eq!(told, [view.id]);

        let problem = here
            .guest()
            .post("/api/v1/accounts/verify", &json!({"token": token}))
            .await
            .expect_problem(422, "link_invalid");
        assert_eq!(problem["errors"][0]["field"], "token");
    })
    .await;
}

#[tokio::test]
async fn an_account_is_written_to_in_the_language_of_the_request_unless_it_names_one() {
    on_both(|here| async move {
        for (name, accepted, at, named, locale) in [
            ("a", "de-AT, en;q=0.5", "/api/v1/accounts", None, "de"),
            ("b", "it, es;q=0.5", "/api/v1/accounts", None, "es"),
            ("c", "de", "/api/v1/accounts?lang=fr", None, "fr"),
            ("d", "de", "/api/v1/accounts", Some("en"), "en"),
            ("e", "it", "/api/v1/accounts", None, "en"),
        ] {
            let body =
                json!({"email": format!("{name}@example.com"), "password": PASSWORD, "name": name, "locale": named});
            let guest = here.guest().header("accept-language", accepted);
            let view: AccountView = guest.post(at, &body).await.expect(201).json();
            assert_eq!(view.locale, locale, "{name}");
            here.settle().await;
            let mails = here.take_mails();
            assert_eq!((mails.len(), mails[0].locale.as_str()), (1, locale), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_has_one_account() {
    on_both(|here| async move {
        let first = here.register("ada@example.com").await;
        here.take_mails();
        for _ in 0..2 {
            let again = json!({"email": "ADA@example.com", "password": "another password", "name": "Eve"});
            here.guest().post("/api/v1/accounts", &again).await.expect_problem(409, "email_taken");
        }
        here.settle().await;
        assert_eq!(here.count("SELECT count(*) FROM accounts").await, 1);
        assert_eq!(here.app.published::<AccountRegistered>("identity").await.len(), 1);
        let mails = here.take_mails();
        assert_eq!(mails.len(), 1, "told once a day: {mails:?}");
        assert_eq!(mails[0].account_id, Some(first.id));
        assert_eq!(
            mails[0].template,
            Template::AlreadyRegistered { name: "Ada Lovelace".to_owned(), path: "/login".to_owned() }
        );
        here.login("ada@example.com").await;
    })
    .await;
}

#[tokio::test]
async fn many_at_once_open_one_account() {
    on_both(|here| async move {
        let guest = here.guest();
        let statuses = at_once(30, |i| {
            let (guest, body) =
                (guest.clone(), json!({"email": "ada@example.com", "password": PASSWORD, "name": format!("Ada {i}")}));
            async move { guest.post("/api/v1/accounts", &body).await }
        })
        .await;
        assert_eq!(statuses, [(201, 1), (409, 29)].into());
        assert_eq!(here.count("SELECT count(*) FROM accounts").await, 1);
        assert_eq!(here.app.published::<AccountRegistered>("identity").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn bad_registrations_change_nothing() {
    on_both(|here| async move {
        let good = json!({"email": "ada@example.com", "password": PASSWORD, "name": "Ada"});
        let with = |field: &str, value: Value| {
            let mut body = good.clone();
            body[field] = value;
            body
        };
        let long = "x".repeat(101);
        let bad = [
            ("email", json!("ada")),
            ("email", json!("a@b.c\r\nBcc: x@y.z")),
            ("email", json!(7)),
            ("password", json!("short")),
            ("password", json!("password")),
            ("password", json!("ada@example.com")),
            ("password", json!(["a", "b"])),
            ("name", json!("")),
            ("name", json!("   ")),
            ("name", json!("Ada\nLovelace")),
            ("name", json!(long)),
            ("locale", json!("../etc")),
            ("locale", json!("far-too-long-tag")),
            ("roles", json!(["admin"])),
        ];
        for (field, value) in bad {
            here.guest().post("/api/v1/accounts", &with(field, value)).await.expect_invalid(field);
        }
        for missing in ["email", "password", "name"] {
            let mut body = good.clone();
            body.as_object_mut().unwrap().remove(missing);
            here.guest().post("/api/v1/accounts", &body).await.expect_problem(422, "invalid_input");
        }
        let broken =
            here.guest().send(axum::http::Method::POST, "/api/v1/accounts", Some("application/json"), "{".into()).await;
        broken.expect_problem(400, "malformed_request");
        let form =
            here.guest().send(axum::http::Method::POST, "/api/v1/accounts", Some("text/plain"), "{}".into()).await;
        form.expect_problem(415, "not_json");
        here.settle().await;
        assert_eq!(here.count("SELECT count(*) FROM accounts").await, 0);
        assert_eq!(here.count("SELECT count(*) FROM outbox").await, 0);
        assert_eq!(here.take_mails(), []);
    })
    .await;
}

#[tokio::test]
async fn a_verification_link_counts_once_and_for_two_days() {
    on_both(|here| async move {
        here.register("ada@example.com").await;
        let token = here.take_link("/verify");
        let guest = here.guest();
        let statuses = at_once(50, |_| {
            let (guest, body) = (guest.clone(), json!({"token": token}));
            async move { guest.post("/api/v1/accounts/verify", &body).await }
        })
        .await;
        assert_eq!(statuses, [(200, 1), (422, 49)].into());
        assert_eq!(here.app.published::<AccountVerified>("identity").await.len(), 1);

        here.register("late@example.com").await;
        let late = here.take_link("/verify");
        here.app.advance(Duration::from_secs(48 * 3600)).await;
        here.guest().post("/api/v1/accounts/verify", &json!({"token": late})).await.expect_problem(422, "link_invalid");
        for nonsense in ["", "x", "' OR 1=1 --"] {
            here.guest()
                .post("/api/v1/accounts/verify", &json!({"token": nonsense}))
                .await
                .expect_problem(422, "link_invalid");
        }
        assert_eq!(here.count("SELECT count(*) FROM accounts WHERE verified_at IS NOT NULL").await, 1);
    })
    .await;
}

#[tokio::test]
async fn verification_mails_are_sent_again_but_not_endlessly() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let first = here.take_link("/verify");
        here.guest().post("/api/v1/me/verification-mail", &json!(null)).await.expect_problem(401, "unauthenticated");
        let me = here.bearer(&tokens);
        for _ in 0..2 {
            me.post("/api/v1/me/verification-mail", &json!(null)).await.expect(204);
        }
        let refused = me.post("/api/v1/me/verification-mail", &json!(null)).await;
        assert_eq!(refused.header("retry-after"), Some("900"));
        refused.expect_problem(429, "too_many_mails");
        here.settle().await;
        assert_eq!(here.take_mails().len(), 2);

        here.guest().post("/api/v1/accounts/verify", &json!({"token": first})).await.expect(200);
        me.post("/api/v1/me/verification-mail", &json!(null)).await.expect(204);
        here.settle().await;
        assert_eq!(here.take_mails(), [], "nothing is left to verify");
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_cannot_be_sent_is_sent_later() {
    on_both(|here| async move {
        *here.trouble.lock().unwrap() = Some(StatusCode::SERVICE_UNAVAILABLE);
        here.register("ada@example.com").await;
        assert_eq!(here.take_mails(), []);
        *here.trouble.lock().unwrap() = None;
        here.app.advance(Duration::from_secs(60)).await;
        let token = here.take_link("/verify");
        here.guest().post("/api/v1/accounts/verify", &json!({"token": token})).await.expect(200);
    })
    .await;
}
