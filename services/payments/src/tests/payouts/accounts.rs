//! Where vendors are paid to.

use contracts::payouts::{PayoutAccountChanged, PayoutAccountView};
use serde_json::json;
use testkit::{admin, principals::account_of, vendor_owner, vendor_staff};

use super::{super::*, *};

#[tokio::test]
async fn an_owner_sets_the_account_with_the_password_typed_again() {
    scripted(|app, _| async move {
        stand_in_identity(&app);
        assert_eq!(overview(&app, "ada").await.account, None);
        let wrong = json!({"holder": "Ada Lovelace", "country": "DE", "iban": "DE89 3704 0044 0532 0130 00", "password": "guess"});
        set_account(&app, "ada", &wrong).await.expect_invalid("password");
        assert_eq!(overview(&app, "ada").await.account, None);
        let set: PayoutAccountView = set_account(&app, "ada", &german()).await.expect(200).json();
        assert_eq!((set.number.as_str(), set.holder.as_str(), set.has_iban), ("DE89 •••• 3000", "Ada Lovelace", true));
        assert_eq!(overview(&app, "ada").await.account, Some(set));
        let told: Vec<PayoutAccountChanged> = app.published("payments").await;
        assert_eq!(told.len(), 1, "by mail, to all owners");
        assert_eq!(told[0].account_id, account_of(&vendor_owner(vendor("ada"))));
        // Neither answers nor events nor dead letters carry the number.
        let leaks = "SELECT count(*) FROM outbox WHERE CAST(payload AS TEXT) LIKE '%37040044%'";
        assert_eq!(app.count("payments", leaks).await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_an_account_is_refused_before_the_password_is_looked_at() {
    scripted(|app, _| async move {
        // Nobody stands in for identity: it is not asked.
        let typed = |iban: &str| json!({"holder": "Ada Lovelace", "country": "DE", "iban": iban, "password": "right"});
        let refused = set_account(&app, "ada", &typed("DE89 3704 0044 0532 0130 01")).await.expect_invalid("iban");
        assert!(!refused.to_string().contains("0532"), "{refused}");
        set_account(&app, "ada", &typed("FR89 3704 0044 0532 0130 00")).await.expect_invalid("iban");
        let blank = json!({"holder": "", "country": "DE", "iban": "DE89370400440532013000", "password": "right"});
        set_account(&app, "ada", &blank).await.expect_invalid("holder");
        let unknown =
            json!({"holder": "Ada", "country": "DE", "iban": "x", "password": "right", "vendor_id": vendor("bob")});
        set_account(&app, "ada", &unknown).await.expect(422);
    })
    .await;
}

#[tokio::test]
async fn only_the_owners_of_the_store_set_it() {
    scripted(|app, _| async move {
        stand_in_identity(&app);
        let path = of_vendor("ada", "payout-account");
        app.guest().put(&path, &german()).await.expect_problem(401, "unauthenticated");
        let missing = app
            .as_user(&vendor_owner(vendor("ada")))
            .put(&of_vendor("none", "payout-account"), &german())
            .await
            .expect(404);
        for who in [vendor_staff(vendor("ada")), vendor_owner(vendor("bob")), admin()] {
            let answer = app.as_user(&who).put(&path, &german()).await.expect(404);
            assert_eq!(answer.body, missing.body);
        }
        assert_eq!(app.count("payments", "SELECT count(*) FROM payout_accounts").await, 0);
    })
    .await;
}

#[tokio::test]
async fn on_postgres_a_vendor_s_session_sees_its_own_rows_alone() {
    let (app, _) = scripted_on(Dialect::Postgres).await;
    for name in ["ada", "bob"] {
        with_account(&app, name).await;
        schedule(&app, name, "weekly").await;
    }
    let id = paid(&app, "a", PARTS).await;
    for name in ["ada", "bob"] {
        deliver(&app, id, name).await;
    }
    days(&app, 7).await;
    run(&app, &json!({})).await;
    let db = app.db("payments");
    let scope = kernel::VendorScope::of_system(vendor("ada"));
    let ada = db.as_vendor(&scope);
    for table in ["payouts", "payout_accounts", "payout_terms", "payment_parts"] {
        let all = app.count("payments", &format!("SELECT count(*) FROM {table}")).await;
        let own: i64 = ada.one(&format!("SELECT count(*) FROM {table}"), db::params![]).await.unwrap().at(0).unwrap();
        assert_eq!((all, own), (2, 1), "{table}");
        let bobs = format!("SELECT 1 FROM {table} WHERE vendor_id = $1");
        assert!(ada.opt(&bobs, db::params![vendor("bob")]).await.unwrap().is_none(), "{table}");
    }
    let stolen = vendor("bob");
    let changed = ada
        .write(async move |tx| {
            tx.exec("UPDATE payout_accounts SET holder = 'Eve' WHERE vendor_id = $1", db::params![stolen]).await
        })
        .await;
    assert_eq!(changed.unwrap(), 0);
}
