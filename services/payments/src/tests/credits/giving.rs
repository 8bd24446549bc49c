//! Giving, blocking, looking at stored value.

use std::time::Duration;

use contracts::credits::{
    CreditMovement, CreditStatus, CreditView, GiftCardBalance, GiftCardIssued, GiftCardLetter, IssuedCredit,
};
use kernel::{Clock, Page};
use serde_json::json;
use testkit::{admin, customer, principals::account_of, vendor_owner};

use super::{
    super::{eur, journal, order, postings, scripted, sound, vendor},
    ALL, card, happened, history, issue, stand_in_identity, store_credit, view,
};

#[tokio::test]
async fn a_gift_card_is_given_posted_and_its_code_kept_nowhere() {
    scripted(|app, _| async move {
        let until = app.clock.now().plus(Duration::from_secs(3600));
        let input = json!({"kind": "gift_card", "amount_minor": 2500, "currency": "EUR", "expires_at": until,
            "email": "eve@example.com", "note": " Competition ", "language": "de-AT"});
        let answer = issue(&app, "k", &input).await.expect(201);
        let issued: IssuedCredit = answer.json();
        let code = issued.code.clone().unwrap().expose().to_owned();
        assert_eq!((code.len(), issued.credit.last4.as_deref()), (19, Some(&code[15..])));
        assert_eq!((issued.credit.balance, issued.credit.issued, issued.credit.held), (eur(2500), eur(2500), eur(0)));
        assert_eq!((issued.credit.status, issued.credit.note.as_deref()), (CreditStatus::Active, Some("Competition")));
        assert_eq!(postings(&journal(&app).await[0]), ["credits_given 2500", "gift_cards -2500"]);
        // The same key is the same card with the same code; nothing is given twice.
        assert_eq!(issue(&app, "k", &input).await.expect(201).body, answer.body);
        assert_eq!((app.count("payments", "SELECT count(*) FROM credits").await, journal(&app).await.len()), (1, 1));
        let kept = format!("SELECT count(*) FROM idempotency_keys WHERE body LIKE '%{code}%'");
        assert_eq!(app.count("payments", &kept).await, 0);
        // It is told without code and address; who writes the mail asks.
        let told: Vec<GiftCardIssued> = app.published("payments").await;
        let told: Vec<_> = told.iter().map(|event| (event.credit_id, event.language.as_deref())).collect();
        assert_eq!(told, [(issued.credit.id, Some("de"))]);
        let leaks = format!(
            "SELECT count(*) FROM outbox WHERE CAST(payload AS TEXT) LIKE '%eve@%' OR CAST(payload AS TEXT) LIKE '%{code}%'"
        );
        assert_eq!(app.count("payments", &leaks).await, 0);
        let path = format!("/internal/credits/{}/letter", issued.credit.id);
        let letter: GiftCardLetter = app.as_service("notifications").get(&path).await.expect(200).json();
        assert_eq!((letter.email.as_str(), letter.code.expose()), ("eve@example.com", code.as_str()));
        let (silent, _) = card(&app, "silent", 100).await;
        app.as_service("notifications").get(&format!("/internal/credits/{silent}/letter")).await.expect(404);
        assert_eq!(app.published::<GiftCardIssued>("payments").await.len(), 1);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn store_credit_is_one_per_account_and_currency() {
    scripted(|app, _| async move {
        let eve = account_of(&customer("eve"));
        stand_in_identity(&app);
        let first = store_credit(&app, "k1", eve, 500).await;
        let second = store_credit(&app, "k2", eve, 700).await;
        assert_eq!((first.id == second.id, second.balance, second.issued), (true, eur(1200), eur(1200)));
        let dollars = json!({"kind": "store_credit", "amount_minor": 9, "currency": "USD", "account_id": eve});
        let other: IssuedCredit = issue(&app, "k3", &dollars).await.expect(201).json();
        assert_eq!((other.credit.id == first.id, other.code), (false, None));
        assert_eq!(history(&app, first.id).await, happened(&[("issued", 500, 0), ("issued", 700, 0)]));
        let mine: Vec<CreditView> = app.as_user(&customer("eve")).get("/api/v1/me/credits").await.expect(200).json();
        assert_eq!(mine.iter().map(|own| own.balance.amount_minor).collect::<Vec<_>>(), [1200, 9]);
        let path = "/api/v1/me/credits/movements?limit=2";
        let told: Page<CreditMovement> = app.as_user(&customer("eve")).get(path).await.expect(200).json();
        assert_eq!((told.items.len(), told.next.is_some()), (2, true));
        let rest = format!("{path}&after={}", told.next.unwrap());
        let rest: Page<CreditMovement> = app.as_user(&customer("eve")).get(&rest).await.expect(200).json();
        assert_eq!((rest.items.len(), rest.next), (1, None));
        let others: Vec<CreditView> = app.as_user(&customer("bob")).get("/api/v1/me/credits").await.expect(200).json();
        assert!(others.is_empty(), "{others:?}");
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_its_kind_is_not_given() {
    scripted(|app, _| async move {
        let (eve, past) = (account_of(&customer("eve")), app.clock.now());
        let card = |more: serde_json::Value| {
            let mut input = json!({"kind": "gift_card", "amount_minor": 1, "currency": "EUR"});
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            input
        };
        let own = json!({"kind": "store_credit", "account_id": eve});
        let own = |more: serde_json::Value| {
            let mut input = card(own.clone());
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            input
        };
        let cases = [
            (card(json!({"amount_minor": 0})), "amount_minor"),
            (card(json!({"account_id": eve})), "account_id"),
            (card(json!({"expires_at": past})), "expires_at"),
            (card(json!({"language": "xx"})), "language"),
            (card(json!({"kind": "store_credit"})), "account_id"),
            (own(json!({"email": "eve@example.com"})), "email"),
            (own(json!({"expires_at": past})), "expires_at"),
            (own(json!({"language": "de"})), "language"),
        ];
        for (n, (input, field)) in cases.iter().enumerate() {
            issue(&app, &format!("k{n}"), input).await.expect_invalid(field);
        }
        assert_eq!(app.count("payments", "SELECT count(*) FROM credits").await, 0);
        assert_eq!(app.count("payments", "SELECT count(*) FROM journal_entries").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_code_opens_its_balance_and_a_wrong_one_tells_nothing() {
    scripted(|app, _| async move {
        let (id, code) = card(&app, "a", 2500).await;
        let check = async |code: &str| app.guest().post("/api/v1/credits/check", &json!({"code": code})).await;
        let told: GiftCardBalance = check(&code.to_lowercase().replace('-', " ")).await.expect(200).json();
        assert_eq!((told.balance, told.status, told.last4.as_str()), (eur(2500), CreditStatus::Active, &code[15..]));
        let missing = check("ABCD-EFGH-JKLM-NPQR").await.expect(404);
        for wrong in ["x", "", "0000000000000000000000"] {
            assert_eq!(check(wrong).await.expect(404).body, missing.body);
        }
        for _ in 0..2 {
            let blocked = app.as_user(&admin()).post(&format!("{ALL}/{id}/block"), &json!(null)).await.expect(200);
            assert_eq!(blocked.json::<CreditView>().status, CreditStatus::Blocked);
        }
        let told: GiftCardBalance = check(&code).await.expect(200).json();
        assert_eq!((told.balance, told.status), (eur(2500), CreditStatus::Blocked));
        app.as_user(&admin()).post(&format!("{ALL}/{id}/unblock"), &json!(null)).await.expect(200);
        assert_eq!(view(&app, id).await.status, CreditStatus::Active);
    })
    .await;
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    scripted(|app, _| async move {
        let eve = account_of(&customer("eve"));
        stand_in_identity(&app);
        let (a, code) = card(&app, "a", 100).await;
        app.advance(Duration::from_secs(1)).await;
        let until = app.clock.now().plus(Duration::from_secs(10));
        let short = json!({"kind": "gift_card", "amount_minor": 200, "currency": "EUR", "expires_at": until,
            "email": "bob@example.com"});
        let b = issue(&app, "b", &short).await.expect(201).json::<IssuedCredit>().credit.id;
        app.advance(Duration::from_secs(1)).await;
        let c = store_credit(&app, "c", eve, 300).await.id;
        app.as_user(&admin()).post(&format!("{ALL}/{a}/block"), &json!(null)).await.expect(200);
        app.advance(Duration::from_secs(60)).await;
        let list = async |query: &str| -> Page<CreditView> {
            app.as_user(&admin()).get(&format!("{ALL}?{query}")).await.expect(200).json()
        };
        let ids = |page: &Page<CreditView>| page.items.iter().map(|credit| credit.id).collect::<Vec<_>>();
        assert_eq!(ids(&list("").await), [c, b, a]);
        let first = list("limit=2").await;
        assert_eq!(ids(&first), [c, b]);
        let rest = list(&format!("limit=2&after={}", first.next.unwrap())).await;
        assert_eq!((ids(&rest), rest.next), (vec![a], None));
        let cases = [
            ("kind=store_credit".to_owned(), vec![c]),
            ("kind=gift_card".to_owned(), vec![b, a]),
            ("status=blocked".to_owned(), vec![a]),
            ("status=expired".to_owned(), vec![b]),
            ("status=active".to_owned(), vec![c]),
            (format!("account_id={eve}"), vec![c]),
            (format!("q={}", code[15..].to_lowercase()), vec![a]),
            ("q=Bob@example.com".to_owned(), vec![b]),
            ("status=expired&kind=store_credit".to_owned(), vec![]),
        ];
        for (query, wanted) in cases {
            assert_eq!(ids(&list(&query).await), wanted, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn only_admins_give_and_see_and_only_services_hold() {
    scripted(|app, _| async move {
        let (id, _) = card(&app, "a", 100).await;
        for path in [ALL.to_owned(), format!("{ALL}/{id}"), format!("{ALL}/{id}/movements")] {
            app.guest().get(&path).await.expect(401);
            for who in [customer("eve"), vendor_owner(vendor("ada"))] {
                app.as_user(&who).get(&path).await.expect(403);
            }
        }
        for path in [format!("{ALL}/{id}/block"), format!("{ALL}/{id}/unblock"), ALL.to_owned()] {
            app.guest().key("k").post(&path, &json!({})).await.expect(401);
            app.as_user(&customer("eve")).key("k").post(&path, &json!({})).await.expect(403);
        }
        for path in ["/api/v1/me/credits", "/api/v1/me/credits/movements"] {
            app.guest().get(path).await.expect(401);
        }
        let input = json!({"kind": "gift_card", "amount_minor": 100, "currency": "EUR", "email": "eve@example.com"});
        let mailed = issue(&app, "mailed", &input).await.expect(201).json::<IssuedCredit>().credit.id;
        let held = json!({"total": eur(100), "account_id": null, "credits": {"codes": []}});
        // To everybody else these are not there.
        for who in [app.guest(), app.as_user(&admin())] {
            let hold = who.post(&format!("/internal/orders/{}/credits", order("a")), &held).await;
            let letter = who.get(&format!("/internal/credits/{mailed}/letter")).await;
            assert_eq!((hold.status.as_u16(), letter.status.as_u16()), (404, 404));
        }
        let letter = format!("/internal/credits/{mailed}/letter");
        app.as_service("notifications").get(&letter).await.expect(200);
        assert_eq!(view(&app, id).await.status, CreditStatus::Active);
    })
    .await;
}
