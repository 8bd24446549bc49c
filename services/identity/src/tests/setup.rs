//! The first admin.

use contracts::identity::{AccountRegistered, AccountVerified, AccountView};
use kernel::{Role, Secret};
use serde_json::{Value, json};

use super::{Here, PASSWORD, at_once, on_both};
use crate::setup_token;

async fn token(here: &Here) -> Option<Secret> {
    let env = here.app.system.env("identity").unwrap();
    setup_token(&env.db, &env.clock, &env.random).await.unwrap()
}

fn body(token: &Secret, email: &str) -> Value {
    json!({"token": token, "account": {"email": email, "password": PASSWORD, "name": "The Operator"}})
}

#[tokio::test]
async fn a_link_makes_the_first_admin_and_then_there_is_none() {
    on_both(|here| async move {
        here.register("taken@example.com").await;
        here.take_mails();
        let earlier = token(&here).await.unwrap();
        let current = token(&here).await.unwrap();
        here.guest().post("/api/v1/setup", &body(&earlier, "op@example.com")).await.expect_problem(422, "link_invalid");
        here.guest()
            .post("/api/v1/setup", &body(&Secret::new("x"), "op@example.com"))
            .await
            .expect_problem(422, "link_invalid");
        let mut weak = body(&current, "op@example.com");
        weak["account"]["password"] = json!("12345678");
        here.guest().post("/api/v1/setup", &weak).await.expect_invalid("account.password");
        weak["account"]["password"] = json!(PASSWORD);
        weak["account"]["name"] = json!("");
        here.guest().post("/api/v1/setup", &weak).await.expect_invalid("account.name");
        here.guest()
            .post("/api/v1/setup", &body(&current, "taken@example.com"))
            .await
            .expect_problem(409, "email_taken");
        assert_eq!(here.count("SELECT count(*) FROM accounts WHERE is_admin = 1").await, 0);

        let view: AccountView =
            here.guest().post("/api/v1/setup", &body(&current, "op@example.com")).await.expect(201).json();
        assert_eq!((view.roles.as_slice(), view.email_verified), (&[Role::Customer, Role::Admin][..], true));
        let admin = here.login("op@example.com").await;
        here.bearer(&admin).get("/api/v1/admin/accounts").await.expect(200);
        assert_eq!(here.take_mails(), []);
        assert!(here.app.published::<AccountRegistered>("identity").await.iter().any(|e| e.account_id == view.id));
        assert_eq!(here.app.published::<AccountVerified>("identity").await.len(), 1);
        assert_eq!(crate::verify_audit(&here.app.db("identity")).await.unwrap(), 1);

        here.guest()
            .post("/api/v1/setup", &body(&current, "second@example.com"))
            .await
            .expect_problem(422, "link_invalid");
        assert!(token(&here).await.is_none());
        assert_eq!(here.count("SELECT count(*) FROM links WHERE purpose = 'setup' AND used_at IS NULL").await, 0);
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_one_becomes_the_admin() {
    on_both(|here| async move {
        let token = token(&here).await.unwrap();
        let guest = here.guest();
        let statuses = at_once(40, |i| {
            let (guest, body) = (guest.clone(), body(&token, &format!("op{i}@example.com")));
            async move { guest.post("/api/v1/setup", &body).await }
        })
        .await;
        assert_eq!(statuses, [(201, 1), (422, 39)].into());
        assert_eq!(here.count("SELECT count(*) FROM accounts").await, 1);
    })
    .await;
}
