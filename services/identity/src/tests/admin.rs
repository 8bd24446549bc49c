//! What admins do.

use std::time::Duration;

use contracts::identity::{AccountView, Contact, IdentityClient};
use db::params;
use kernel::{Identity, Page, Role};
use serde_json::{Value, json};

use super::{at_once, on_both};
use crate::verify_audit;

#[tokio::test]
async fn accounts_are_listed_and_searched() {
    on_both(|here| async move {
        let admin = here.admin("admin@example.com").await;
        for name in ["ada", "b_b", "b%b", "cleo"] {
            here.app.clock.advance(Duration::from_secs(1));
            here.register(&format!("{name}@example.com")).await;
        }
        let admin = here.bearer(&admin);
        let names = |page: &Page<AccountView>| {
            page.items.iter().map(|a| a.email.as_str().split('@').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let first: Page<AccountView> = admin.get("/api/v1/admin/accounts?limit=3").await.expect(200).json();
        assert_eq!(names(&first), ["cleo", "b%b", "b_b"]);
        let next = format!("/api/v1/admin/accounts?limit=3&after={}", first.next.unwrap());
        let second: Page<AccountView> = admin.get(&next).await.expect(200).json();
        assert_eq!((names(&second), second.next), (vec!["ada".to_owned(), "admin".to_owned()], None));

        for (q, found) in [
            ("B_B", vec!["b_b"]),
            ("%25", vec!["b%b"]),
            ("GRACE", vec!["admin"]),
            ("lovelace", vec!["cleo", "b%b", "b_b", "ada"]),
            ("nobody", vec![]),
            ("%5C", vec![]),
        ] {
            let page: Page<AccountView> = admin.get(&format!("/api/v1/admin/accounts?q={q}")).await.expect(200).json();
            assert_eq!(names(&page), found, "{q}");
        }
        for (field, query) in [
            ("limit", "limit=0"),
            ("limit", "limit=101"),
            ("limit", "limit=x"),
            ("after", "after=%21"),
            ("after", "after=e30"),
            ("q", &format!("q={}", "x".repeat(101))),
        ] {
            admin.get(&format!("/api/v1/admin/accounts?{query}")).await.expect_invalid(field);
        }
    })
    .await;
}

#[tokio::test]
async fn only_admins_look() {
    on_both(|here| async move {
        let account = here.register("ada@example.com").await;
        let customer = here.login("ada@example.com").await;
        let one = format!("/api/v1/admin/accounts/{}", account.id);
        for path in ["/api/v1/admin/accounts", &one] {
            here.guest().get(path).await.expect_problem(401, "unauthenticated");
            here.bearer(&customer).get(path).await.expect_problem(403, "forbidden");
        }
        let admin = here.admin("admin@example.com").await;
        let shown = here.bearer(&admin).get(&one).await.expect(200);
        assert_eq!(shown.header("etag"), Some("\"1\""));
        assert_eq!(shown.json::<AccountView>().id, account.id);
        here.bearer(&admin)
            .get("/api/v1/admin/accounts/00000000-0000-7000-8000-000000000000")
            .await
            .expect_problem(404, "not_found");
        here.bearer(&admin).get("/api/v1/admin/accounts/nonsense").await.expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn roles_are_set_and_written_down() {
    on_both(|here| async move {
        let admin = here.admin("admin@example.com").await;
        let account = here.register("ada@example.com").await;
        let session = here.login("ada@example.com").await;
        let path = format!("/api/v1/admin/accounts/{}/roles", account.id);
        let both = json!({"roles": ["customer", "admin"]});
        let by_admin = here.bearer(&admin);
        here.guest().put(&path, &both).await.expect(401);
        here.bearer(&session).put(&path, &both).await.expect_problem(403, "forbidden");
        by_admin.header("if-match", "\"7\"").put(&path, &both).await.expect_problem(412, "stale_version");
        by_admin.put(&path, &json!({"roles": ["king"]})).await.expect_invalid("roles[0]");
        by_admin.put(&path, &json!({"roles": ["admin", "admin", "admin"]})).await.expect_invalid("roles");
        by_admin
            .put("/api/v1/admin/accounts/00000000-0000-7000-8000-000000000000/roles", &both)
            .await
            .expect_problem(404, "not_found");
        assert_eq!(here.count("SELECT count(*) FROM audit").await, 0);

        let view: AccountView = by_admin.header("if-match", "\"1\"").put(&path, &both).await.expect(200).json();
        assert_eq!((view.roles.as_slice(), view.version), (&[Role::Customer, Role::Admin][..], 2));
        here.settle().await;
        here.bearer(&session).get("/api/v1/me").await.expect_problem(401, "unauthenticated");
        let promoted = here.login("ada@example.com").await;
        here.bearer(&promoted).get("/api/v1/admin/accounts").await.expect(200);
        // Nothing changes: nothing is written, nobody is logged out.
        by_admin.put(&path, &both).await.expect(200);
        here.settle().await;
        here.bearer(&promoted).get("/api/v1/me").await.expect(200);

        let row =
            here.app.db("identity").one("SELECT actor, action, subject, detail FROM audit", params![]).await.unwrap();
        assert_eq!(row.get::<String>("actor").unwrap(), admin.account.id.to_string());
        assert_eq!(
            (row.get::<String>("action").unwrap().as_str(), row.get::<String>("subject").unwrap()),
            ("account.roles_set", account.id.to_string())
        );
        let detail: Value = serde_json::from_str(&row.get::<String>("detail").unwrap()).unwrap();
        assert_eq!(detail["roles"], json!({"before": ["customer"], "after": ["customer", "admin"]}));
        assert_eq!(verify_audit(&here.app.db("identity")).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_closed_account_is_out_at_once() {
    on_both(|here| async move {
        let admin = here.admin("admin@example.com").await;
        let ada = here.member("ada@example.com").await;
        let path = format!("/api/v1/admin/accounts/{}/roles", ada.account.id);
        let view: AccountView =
            here.bearer(&admin).put(&path, &json!({"roles": ["customer"], "disabled": true})).await.expect(200).json();
        assert!(view.disabled);
        here.settle().await;
        here.bearer(&ada).get("/api/v1/me").await.expect(401);
        here.try_refresh(&ada.refresh_token).await.expect_problem(401, "session_over");
        here.try_login("ada@example.com", super::PASSWORD).await.expect_problem(403, "account_closed");
        here.bearer(&admin).put(&path, &json!({"roles": ["customer"]})).await.expect(200);
        here.login("ada@example.com").await;
    })
    .await;
}

#[tokio::test]
async fn there_is_always_an_admin() {
    on_both(|here| async move {
        let first = here.admin("first@example.com").await;
        let second = here.admin("second@example.com").await;
        let path = |t: &contracts::identity::Tokens| format!("/api/v1/admin/accounts/{}/roles", t.account.id);
        let less = json!({"roles": ["customer"]});
        here.bearer(&first).put(&path(&first), &less).await.expect_problem(409, "own_roles");
        let closed = json!({"roles": ["customer", "admin"], "disabled": true});
        here.bearer(&first).put(&path(&first), &closed).await.expect_problem(409, "own_roles");

        // Each takes the role from the other, at the same moment.
        let sides = [(here.bearer(&first), path(&second)), (here.bearer(&second), path(&first))];
        let statuses = at_once(2, |i| {
            let ((side, path), less) = (sides[i].clone(), less.clone());
            async move { side.put(&path, &less).await }
        })
        .await;
        assert_eq!(statuses, [(200, 1), (403, 1)].into());
        assert_eq!(here.count("SELECT count(*) FROM accounts WHERE is_admin = 1").await, 1);
        assert_eq!(verify_audit(&here.app.db("identity")).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_altered_audit_log_is_noticed() {
    on_both(|here| async move {
        let admin = here.admin("admin@example.com").await;
        for name in ["ada", "eve", "bob"] {
            let account = here.register(&format!("{name}@example.com")).await;
            let path = format!("/api/v1/admin/accounts/{}/roles", account.id);
            here.bearer(&admin).put(&path, &json!({"roles": []})).await.expect(200);
        }
        let db = here.app.db("identity");
        assert_eq!(verify_audit(&db).await.unwrap(), 3);
        let alter = |sql: &'static str| {
            let db = db.clone();
            async move { db.write(async move |tx| tx.exec(sql, params![]).await).await.unwrap() }
        };
        alter("UPDATE audit SET action = 'nothing' WHERE seq = 2").await;
        assert!(verify_audit(&db).await.unwrap_err().detail().starts_with("Entry 2 "));
        alter("UPDATE audit SET action = 'account.roles_set' WHERE seq = 2").await;
        assert_eq!(verify_audit(&db).await.unwrap(), 3);
        alter("DELETE FROM audit WHERE seq = 3").await;
        assert!(verify_audit(&db).await.unwrap_err().detail().starts_with("Entry 3 "));
    })
    .await;
}

#[tokio::test]
async fn services_look_contacts_up() {
    on_both(|here| async move {
        let ada = here.register("ada@example.com").await;
        let link = here.take_link("/verify");
        let client: IdentityClient = here.app.client();
        let orders = Identity::Service("orders");
        let contact = client.contact(&orders, ada.id).await.unwrap();
        assert_eq!(
            (contact.account_id, contact.email.as_str(), contact.name.as_str(), contact.locale.as_str()),
            (ada.id, "ada@example.com", "Ada Lovelace", "en")
        );
        let by_email = json!({"email": "Ada@example.com"});
        let service = here.app.as_service("vendors");
        service.post("/internal/identity/contacts", &by_email).await.expect_problem(404, "not_found");
        here.guest().post("/api/v1/accounts/verify", &json!({"token": link})).await.expect(200);
        assert_eq!(
            service.post("/internal/identity/contacts", &by_email).await.expect(200).json::<Contact>().account_id,
            ada.id
        );
        service
            .post("/internal/identity/contacts", &json!({"email": "nobody@example.com"}))
            .await
            .expect_problem(404, "not_found");

        let grace = here.seed("grace@example.com", vec![Role::Customer]).await;
        let ghost = "00000000-0000-7000-8000-000000000000".parse().unwrap();
        let several = client
            .contacts(&orders, &contracts::identity::AccountIds { ids: vec![grace, ghost, ada.id] })
            .await
            .unwrap();
        let mut found: Vec<_> = several.iter().map(|c| c.account_id).collect();
        found.sort_by_key(|id| *id == grace);
        assert_eq!(found, [ada.id, grace]);
        let none = client.contacts(&orders, &contracts::identity::AccountIds { ids: vec![] }).await.unwrap();
        assert!(none.is_empty());
        service
            .post("/internal/identity/contacts/of-accounts", &json!({"ids": vec![ghost; 101]}))
            .await
            .expect_invalid("ids");

        let admin = here.admin("admin@example.com").await;
        let path = format!("/internal/identity/accounts/{}/contact", ada.id);
        service
            .get("/internal/identity/accounts/00000000-0000-7000-8000-000000000000/contact")
            .await
            .expect_problem(404, "not_found");
        for outsider in [here.guest(), here.bearer(&admin)] {
            outsider.get(&path).await.expect_problem(404, "not_found");
            outsider.post("/internal/identity/contacts", &by_email).await.expect_problem(404, "not_found");
            outsider
                .post("/internal/identity/contacts/of-accounts", &json!({"ids": []}))
                .await
                .expect_problem(404, "not_found");
        }
    })
    .await;
}
