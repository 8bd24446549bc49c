//! The profile.

use contracts::identity::AccountView;
use serde_json::json;

use super::on_both;

#[tokio::test]
async fn a_profile_is_changed() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let me = here.bearer(&tokens);
        let shown = me.get("/api/v1/me").await.expect(200);
        assert_eq!(shown.header("etag"), Some("\"1\""));
        let body = json!({"name": "Ada King", "phone": " +44 20 7946 0000 ", "locale": "de"});
        let changed = me.header("if-match", "\"1\"").put("/api/v1/me", &body).await.expect(200);
        assert_eq!(changed.header("etag"), Some("\"2\""));
        let view: AccountView = changed.json();
        assert_eq!(
            (view.name.as_str(), view.phone.as_deref(), view.locale.as_str()),
            ("Ada King", Some("+44 20 7946 0000"), "de")
        );

        me.header("if-match", "\"1\"")
            .put("/api/v1/me", &json!({"name": "Late"}))
            .await
            .expect_problem(412, "stale_version");
        let view: AccountView = me.put("/api/v1/me", &json!({"name": "Ada"})).await.expect(200).json();
        assert_eq!((view.name.as_str(), view.phone, view.locale.as_str(), view.version), ("Ada", None, "de", 3));
    })
    .await;
}

#[tokio::test]
async fn bad_profiles_change_nothing() {
    on_both(|here| async move {
        let tokens = here.member("ada@example.com").await;
        let me = here.bearer(&tokens);
        for (field, body) in [
            ("name", json!({"name": ""})),
            ("name", json!({"name": "\t"})),
            ("name", json!({"name": "x".repeat(101)})),
            ("phone", json!({"name": "Ada", "phone": "<script>"})),
            ("phone", json!({"name": "Ada", "phone": "---"})),
            ("phone", json!({"name": "Ada", "phone": "1".repeat(33)})),
            ("locale", json!({"name": "Ada", "locale": "en_US"})),
            ("email", json!({"name": "Ada", "email": "eve@example.com"})),
        ] {
            me.put("/api/v1/me", &body).await.expect_invalid(field);
        }
        me.header("if-match", "old").put("/api/v1/me", &json!({"name": "Ada"})).await.expect(400);
        here.guest().put("/api/v1/me", &json!({"name": "Ada"})).await.expect_problem(401, "unauthenticated");
        here.guest().get("/api/v1/me").await.expect_problem(401, "unauthenticated");
        let view: AccountView = me.get("/api/v1/me").await.expect(200).json();
        assert_eq!((view.name.as_str(), view.version), ("Ada Lovelace", 1));
        // A token of an account that is not here, e.g. after a restored backup.
        here.app.as_user(&testkit::customer("ghost")).get("/api/v1/me").await.expect_problem(404, "not_found");
        here.app
            .as_user(&testkit::customer("ghost"))
            .put("/api/v1/me", &json!({"name": "Ada"}))
            .await
            .expect_problem(404, "not_found");
    })
    .await;
}
