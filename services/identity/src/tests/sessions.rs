//! Logging in, renewing, ending sessions.

use std::time::Duration;

use contracts::identity::{AccessClaims, IdentityClient, LoggedIn, SessionView, Tokens};
use kernel::{Identity, Role, Secret};
use serde_json::{Value, json};

use super::{PASSWORD, at_once, on_both};

fn part<T: serde::de::DeserializeOwned>(token: &Secret, index: usize) -> T {
    use base64::Engine;
    let text = token.expose().split('.').nth(index).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

#[tokio::test]
async fn a_log_in_gives_tokens_that_count() {
    on_both(|here| async move {
        let account = here.register("ada@example.com").await;
        let tokens = here.login("ADA@example.com ").await;
        assert_eq!((tokens.token_type.as_str(), tokens.expires_in_s, tokens.account.id), ("Bearer", 600, account.id));
        let header: Value = part(&tokens.access_token, 0);
        assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("EdDSA")));
        let jwks: Value = here.guest().get("/.well-known/jwks.json").await.expect(200).json();
        assert_eq!(jwks["keys"][0]["kid"], header["kid"]);
        let claims: AccessClaims = part(&tokens.access_token, 1);
        let now = account.created_at.seconds();
        assert_eq!(
            (claims.iss.as_str(), claims.aud.as_str(), claims.sub, claims.sid),
            ("souk/identity", "souk", account.id, tokens.session_id)
        );
        assert_eq!((claims.iat, claims.nbf, claims.exp), (now, now, now + 600));
        assert_eq!((claims.roles.as_slice(), claims.vendors.len(), claims.verified), (&[Role::Customer][..], 0, false));

        let me: Value = here.bearer(&tokens).get("/api/v1/me").await.expect(200).json();
        assert_eq!(me["email"], "ada@example.com");
        let told = here.app.published::<LoggedIn>("identity").await;
        assert_eq!(told.iter().map(|e| (e.account_id, e.at)).collect::<Vec<_>>(), [(account.id, account.created_at)]);
        let plain = format!("SELECT count(*) FROM refresh_tokens WHERE hash = '{}'", tokens.refresh_token.expose());
        assert_eq!(here.count(&plain).await, 0, "stored as a hash only");

        here.app.clock.advance(Duration::from_secs(600));
        here.bearer(&tokens).get("/api/v1/me").await.expect_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn altered_tokens_do_not_count() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let token = tokens.access_token.expose();
        let (head, signature) = token.rsplit_once('.').unwrap();
        let (_, claims) = head.split_once('.').unwrap();
        let unsigned = base64::Engine::encode(
            &base64::engine::general_purpose::URL_SAFE_NO_PAD,
            br#"{"typ":"at+jwt","alg":"none"}"#,
        );
        for bad in [
            format!("{unsigned}.{claims}."),
            format!("{unsigned}.{claims}.{signature}"),
            format!("{head}.{}", "A".repeat(86)),
            "x".to_owned(),
        ] {
            let answer = here.guest().header("authorization", format!("Bearer {bad}")).get("/api/v1/me").await;
            answer.expect_problem(401, "unauthenticated");
        }
    })
    .await;
}

#[tokio::test]
async fn a_refresh_token_works_once() {
    on_both(|here| async move {
        let first = here.member("ada@example.com").await;
        let other = here.login("ada@example.com").await;
        here.app.clock.advance(Duration::from_secs(700));
        let second: Tokens = here.try_refresh(&first.refresh_token).await.expect(200).json();
        assert_eq!((second.session_id, second.account.id), (first.session_id, first.account.id));
        assert_ne!(second.refresh_token, first.refresh_token);
        here.bearer(&second).get("/api/v1/me").await.expect(200);
        here.bearer(&first).get("/api/v1/me").await.expect(401);

        here.try_refresh(&first.refresh_token).await.expect_problem(401, "session_over");
        here.settle().await;
        here.try_refresh(&second.refresh_token).await.expect_problem(401, "session_over");
        here.bearer(&second).get("/api/v1/me").await.expect_problem(401, "unauthenticated");
        assert_eq!(here.count("SELECT count(*) FROM sessions WHERE end_reason = 'token_reused'").await, 1);
        here.try_refresh(&other.refresh_token).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn of_fifty_refreshes_at_once_one_wins_and_the_session_ends() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let guest = here.guest();
        let statuses = at_once(50, |_| {
            let (guest, body) = (guest.clone(), json!({"refresh_token": tokens.refresh_token}));
            async move { guest.post("/api/v1/sessions/refresh", &body).await }
        })
        .await;
        assert_eq!(statuses, [(200, 1), (401, 49)].into());
        assert_eq!(here.count("SELECT count(*) FROM refresh_tokens").await, 2);
        assert_eq!(here.count("SELECT count(*) FROM sessions WHERE ended_at IS NULL").await, 0);
    })
    .await;
}

#[tokio::test]
async fn nonsense_is_not_a_refresh_token() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        for nonsense in ["", "x", tokens.access_token.expose(), "' OR 1=1 --"] {
            here.try_refresh(&Secret::new(nonsense)).await.expect_problem(401, "session_over");
        }
        here.guest()
            .post("/api/v1/sessions/refresh", &json!({"refresh_token": 7}))
            .await
            .expect_invalid("refresh_token");
        here.try_refresh(&tokens.refresh_token).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn sessions_end_when_idle_and_when_old() {
    on_both(|here| async move {
        const DAY: Duration = Duration::from_secs(24 * 3600);
        let idle = here.member("idle@example.com").await;
        let mut used = here.member("used@example.com").await;
        here.app.clock.advance(DAY * 14);
        here.try_refresh(&idle.refresh_token).await.expect_problem(401, "session_over");
        here.try_refresh(&used.refresh_token).await.expect_problem(401, "session_over");

        used = here.login("used@example.com").await;
        for _ in 0..6 {
            here.app.clock.advance(DAY * 14 - Duration::from_secs(1));
            used = here.try_refresh(&used.refresh_token).await.expect(200).json();
        }
        here.app.clock.advance(DAY * 6);
        here.try_refresh(&used.refresh_token).await.expect(200).json::<Tokens>();
        let last: Vec<SessionView> = {
            here.settle().await;
            let again = here.login("used@example.com").await;
            here.bearer(&again).get("/api/v1/sessions").await.expect(200).json()
        };
        assert_eq!(last.len(), 2);
        let (old, new) = (&last[1], &last[0]);
        assert!(new.current && !old.current);
        assert_eq!(old.expires_at.since(old.created_at), DAY * 90, "never longer than 90 days");
        here.app.advance(DAY).await;
        assert_eq!(here.count("SELECT count(*) FROM sessions WHERE ended_at IS NOT NULL").await, 0);
        here.app.advance(DAY).await;
        assert_eq!(here.count("SELECT count(*) FROM sessions").await, 1, "what is over for a day is removed");
        assert_eq!(here.count("SELECT count(*) FROM refresh_tokens").await, 1);
    })
    .await;
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    on_both(|here| async move {
        here.register("ada@example.com").await;
        let body = json!({"email": "ada@example.com", "password": PASSWORD});
        let agent = here.guest().header("user-agent", "Firefox on Linux");
        let first: Tokens = agent.post("/api/v1/sessions", &body).await.expect(201).json();
        here.app.clock.advance(Duration::from_secs(60));
        let second = here.login("ada@example.com").await;
        let stranger = here.member("eve@example.com").await;

        let listed: Vec<SessionView> = here.bearer(&second).get("/api/v1/sessions").await.expect(200).json();
        let told: Vec<_> = listed.iter().map(|s| (s.id, s.user_agent.as_str(), s.current)).collect();
        assert_eq!(told, [(second.session_id, "unknown", true), (first.session_id, "Firefox on Linux", false)]);
        assert_eq!(listed[1].expires_at.since(listed[1].created_at), Duration::from_secs(14 * 24 * 3600));

        let path = format!("/api/v1/sessions/{}", first.session_id);
        let foreign = here.bearer(&stranger).delete(&path).await;
        let missing = here.bearer(&stranger).delete("/api/v1/sessions/00000000-0000-7000-8000-000000000000").await;
        assert_eq!(foreign.text(), missing.text());
        foreign.expect_problem(404, "not_found");
        here.guest().delete(&path).await.expect(401);
        here.bearer(&second).delete(&path).await.expect(204);
        here.bearer(&second).delete(&path).await.expect_problem(404, "not_found");
        here.settle().await;
        here.bearer(&first).get("/api/v1/me").await.expect(401);
        here.try_refresh(&first.refresh_token).await.expect_problem(401, "session_over");
        here.bearer(&second).get("/api/v1/me").await.expect(200);
        here.bearer(&stranger).get("/api/v1/me").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_log_out_is_told_to_the_other_services_for_a_quarter_of_an_hour() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let stays = here.login("ada@example.com").await;
        let client: IdentityClient = here.app.client();
        let ended = || async { client.revocations(&Identity::Service("orders")).await.unwrap().sessions };
        assert_eq!(ended().await, []);
        here.bearer(&tokens).delete("/api/v1/sessions/current").await.expect(204);
        assert_eq!(ended().await, [tokens.session_id]);
        here.settle().await;
        here.bearer(&tokens).get("/api/v1/me").await.expect(401);
        here.bearer(&stays).get("/api/v1/me").await.expect(200);
        here.app.clock.advance(Duration::from_secs(899));
        assert_eq!(ended().await, [tokens.session_id]);
        here.app.clock.advance(Duration::from_secs(1));
        assert_eq!(ended().await, []);
        here.guest().get("/internal/identity/revocations").await.expect_problem(404, "not_found");
        here.app
            .as_user(&testkit::admin())
            .get("/internal/identity/revocations")
            .await
            .expect_problem(404, "not_found");
    })
    .await;
}
