//! What had been written to accounts that go.

use contracts::identity::AccountErased;
use kernel::{AccountId, Clock};
use serde_json::json;
use testkit::{TestApp, on_both_databases};

use super::{mailbox, services};

async fn write(app: &TestApp, key: &str, to: AccountId) -> testkit::Answer {
    let wanted = json!({"key": key, "email": "ada@example.com", "account_id": to, "locale": "en",
        "template": {"template": "password_changed", "name": "Ada"}});
    app.as_service("identity").post("/internal/messages", &wanted).await
}

#[tokio::test]
async fn messages_lose_to_whom_they_went_and_what_they_said_and_no_more_are_written() {
    on_both_databases(services, |app| async move {
        let (ada, bob) = (AccountId::derived("test", &["ada"]), AccountId::derived("test", &["bob"]));
        for (key, to) in [("a1", ada), ("a2", ada), ("b", bob)] {
            write(&app, key, to).await.expect(200);
        }
        app.deliver("notifications", &AccountErased { account_id: ada, at: app.clock.now() }).await;
        let empty = "SELECT count(*) FROM messages WHERE account_id IS NULL AND recipient = 'nobody@erased.invalid'
                         AND subject = '' AND body_text = '' AND body_html = ''";
        assert_eq!(app.count("notifications", empty).await, 2);
        let said = mailbox(&app).await;
        assert_eq!(said.iter().filter(|message| message.to.as_str() == "ada@example.com").count(), 1, "{said:?}");
        write(&app, "a3", ada).await.expect_problem(404, "not_found");
        write(&app, "b2", bob).await.expect(200);
        assert_eq!(mailbox(&app).await.len(), 4);
    })
    .await;
}
