//! Guessing passwords.

use std::time::Duration;

use serde_json::json;

use super::{PASSWORD, at_once, on_both};
use crate::throttle::delay;

#[test]
fn each_attempt_after_the_fifth_waits_twice_as_long() {
    let seconds: Vec<u64> = (1..=17).map(|n| delay(n).as_secs()).collect();
    assert_eq!(seconds, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    assert_eq!(delay(i64::MAX).as_secs(), 900);
}

#[tokio::test]
async fn unknown_and_wrong_are_answered_the_same() {
    on_both(|here| async move {
        here.register("ada@example.com").await;
        let wrong = here.try_login("ada@example.com", "not the password").await;
        let unknown = here.try_login("nobody@example.com", "not the password").await;
        assert_eq!(wrong.text(), unknown.text());
        let headers = |a: &testkit::Answer| a.headers.iter().map(|(k, v)| (k.clone(), v.clone())).collect::<Vec<_>>();
        assert_eq!(headers(&wrong), headers(&unknown));
        wrong.expect_problem(401, "wrong_credentials");
        assert_eq!(here.count("SELECT count(*) FROM sessions").await, 0);
    })
    .await;
}

#[tokio::test]
async fn guessing_is_slowed_down_for_known_and_unknown_addresses() {
    on_both(|here| async move {
        here.register("ada@example.com").await;
        for email in ["ada@example.com", "nobody@example.com"] {
            for _ in 0..5 {
                here.try_login(email, "not the password").await.expect_problem(401, "wrong_credentials");
            }
            // Not even the right one is looked at.
            let refused = here.try_login(email, PASSWORD).await;
            assert_eq!(refused.header("retry-after"), Some("1"));
            refused.expect_problem(429, "too_many_attempts");
        }
        here.app.clock.advance(Duration::from_millis(1000));
        here.try_login("ada@example.com", "not the password").await.expect_problem(401, "wrong_credentials");
        here.app.clock.advance(Duration::from_millis(500));
        let refused = here.try_login("ada@example.com", PASSWORD).await;
        assert_eq!(refused.header("retry-after"), Some("2"), "1.5 s are left of 2");
        refused.expect(429);
        here.app.clock.advance(Duration::from_millis(1500));
        here.try_login("ada@example.com", PASSWORD).await.expect(201);
        // The right one has reset the count.
        for _ in 0..5 {
            here.try_login("ada@example.com", "not the password").await.expect(401);
        }
        here.try_login("ada@example.com", PASSWORD).await.expect(429);
    })
    .await;
}

#[tokio::test]
async fn guesses_at_once_do_not_slip_through() {
    on_both(|here| async move {
        here.register("ada@example.com").await;
        let guest = here.guest();
        let statuses = at_once(40, |i| {
            let (guest, body) =
                (guest.clone(), json!({"email": "ada@example.com", "password": format!("guess number {i}")}));
            async move { guest.post("/api/v1/sessions", &body).await }
        })
        .await;
        assert_eq!(statuses, [(401, 5), (429, 35)].into());
    })
    .await;
}

#[tokio::test]
async fn old_attempts_are_forgotten() {
    on_both(|here| async move {
        here.try_login("nobody@example.com", "not the password").await.expect(401);
        here.app.advance(Duration::from_secs(3600)).await;
        assert_eq!(here.count("SELECT count(*) FROM login_attempts").await, 1);
        here.app.advance(Duration::from_secs(24 * 3600)).await;
        assert_eq!(here.count("SELECT count(*) FROM login_attempts").await, 0);
    })
    .await;
}
