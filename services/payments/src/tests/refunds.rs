//! Refunds by admins.

use contracts::payments::{PaymentRefunded, PaymentStatus, PaymentView};
use kernel::PaymentId;
use serde_json::{Value, json};
use testkit::{Answer, TestApp, admin, on_both_databases};

use super::{eur, journal, order_and_reserve, pass, payment, postings, script::Next, scripted, sound, status, vendor};
use crate::provider::{ProviderError, RefundState};

async fn ask(app: &TestApp, id: PaymentId, key: &str, body: &Value) -> Answer {
    app.as_user(&admin()).key(key).post(&format!("/api/v1/admin/payments/{id}/refunds"), body).await
}

fn back(amount: i64) -> Value {
    json!({"amount_minor": amount, "reason": "Broken"})
}

#[tokio::test]
async fn a_refund_is_sent_posted_and_told() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let paid = payment(&app, id).await;
        let first = ask(&app, paid.id, "k", &back(1000)).await.expect(202);
        let shown: PaymentView = first.json();
        assert_eq!((shown.status, shown.refunded, shown.refunds.len()), (PaymentStatus::Captured, eur(1000), 1));
        assert_eq!((shown.refunds[0].status.as_str(), shown.refunds[0].reason.as_str()), ("pending", "Broken"));
        app.settle().await;
        assert_eq!(payment(&app, id).await.refunds[0].status, "succeeded");
        let told: Vec<PaymentRefunded> = app.published("payments").await;
        assert_eq!(
            (told[0].amount, told[0].refunded_total, told[0].refund_id),
            (eur(1000), eur(1000), shown.refunds[0].id)
        );
        let mut shares = vec![(vendor("ada"), eur(503)), (vendor("bob"), eur(497))];
        shares.sort_by_key(|(vendor, _)| *vendor);
        assert_eq!(told[0].by_vendor, shares);
        let entries = journal(&app).await;
        let (refund, capture) = (
            entries.iter().find(|e| e.kind == "refund").unwrap(),
            entries.iter().find(|e| e.kind == "capture").unwrap(),
        );
        assert_eq!(refund.corrects, Some(capture.id));
        assert_eq!(
            postings(refund),
            [
                "provider:script -1000",
                "vendor_payable:ada 503",
                "vendor_payable:ada -50",
                "vendor_payable:bob 497",
                "vendor_payable:bob -62",
                "commission 112"
            ]
        );
        // The same key is the same refund, the same answer.
        assert_eq!(ask(&app, paid.id, "k", &back(1000)).await.expect(202).body, first.body);
        ask(&app, paid.id, "k", &back(999)).await.expect_problem(422, "idempotency_key_reused");
        app.settle().await;
        assert_eq!((script.calls("refund"), script.money()), (1, (6040, 1000)));

        // One vendor alone, then the rest: everything is back and every account empty.
        let only_bob = json!({"amount_minor": 2503, "reason": "Bob forgot", "vendor_id": vendor("bob")});
        ask(&app, paid.id, "k2", &only_bob).await.expect(202);
        app.settle().await;
        let too_much = json!({"amount_minor": 1, "reason": "Bob again", "vendor_id": vendor("bob")});
        let problem = ask(&app, paid.id, "k3", &too_much).await.expect_problem(409, "over_refund");
        assert_eq!(problem["extra"]["left"]["amount_minor"], 0);
        ask(&app, paid.id, "k4", &back(2537)).await.expect(202);
        app.settle().await;
        let now = payment(&app, id).await;
        assert_eq!((now.status, now.refunded), (PaymentStatus::Refunded, eur(6040)));
        let balance: contracts::payments::TrialBalance =
            app.as_user(&admin()).get("/api/v1/admin/ledger/trial-balance").await.expect(200).json();
        assert!(balance.accounts.iter().all(|a| a.balance.is_zero()), "{balance:?}");
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_returned_is_refused_and_changes_nothing() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let open = payment(&app, order_and_reserve(&app, "open").await).await.id;
        let paid = payment(&app, order_and_reserve(&app, "paid").await).await.id;
        ask(&app, open, "k", &back(1)).await.expect_problem(409, "not_captured");
        let problem = ask(&app, paid, "k", &back(6041)).await.expect_problem(409, "over_refund");
        assert_eq!(problem["extra"]["left"]["amount_minor"], 6040);
        ask(&app, paid, "k", &back(0)).await.expect_invalid("amount_minor");
        ask(&app, paid, "k", &back(-5)).await.expect_invalid("amount_minor");
        ask(&app, paid, "k", &json!({"amount_minor": 1.5, "reason": "x"})).await.expect_invalid("amount_minor");
        ask(&app, paid, "k", &json!({"amount_minor": 1, "reason": ""})).await.expect_invalid("reason");
        ask(&app, paid, "k", &json!({"amount_minor": 1, "reason": "x", "to": "me"})).await.expect_invalid("to");
        let stranger = json!({"amount_minor": 1, "reason": "x", "vendor_id": vendor("eve")});
        ask(&app, paid, "k", &stranger).await.expect_invalid("vendor_id");
        ask(&app, PaymentId::derived("test", &["none"]), "k", &back(1)).await.expect_problem(404, "not_found");
        let path = format!("/api/v1/admin/payments/{paid}/refunds");
        app.as_user(&admin()).post(&path, &back(1)).await.expect_problem(400, "idempotency_key_missing");
        app.settle().await;
        for table in ["refunds", "refund_parts", "idempotency_keys"] {
            assert_eq!(app.count("payments", &format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
        }
        assert_eq!(script.calls("refund"), 0);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn of_two_hundred_refunds_of_a_tenth_at_once_ten_are_made() {
    scripted(|app, script| async move {
        let paid = payment(&app, order_and_reserve(&app, "a").await).await.id;
        let all: Vec<_> = (0..200)
            .map(|n| {
                let admin = app.as_user(&admin()).key(&format!("k{n}"));
                let path = format!("/api/v1/admin/payments/{paid}/refunds");
                tokio::spawn(async move { admin.post(&path, &back(604)).await })
            })
            .collect();
        let mut accepted = 0;
        for one in all {
            let answer = one.await.unwrap();
            if answer.status.as_u16() == 202 {
                accepted += 1;
            } else {
                answer.expect_problem(409, "over_refund");
            }
        }
        assert_eq!(accepted, 10);
        assert_eq!(app.count("payments", "SELECT count(*) FROM refunds").await, 10);
        app.settle().await;
        assert_eq!((script.calls("refund"), script.money()), (10, (6040, 6040)));
        assert_eq!(app.published::<PaymentRefunded>("payments").await.len(), 10);
        let whole = "SELECT count(*) FROM payments WHERE status = 'refunded' AND settled_minor = 6040";
        assert_eq!((app.count("payments", whole).await, journal(&app).await.len()), (1, 11));
        // Ten tenths are the whole: commission, vendors and provider are even to the cent.
        let balance: contracts::payments::TrialBalance =
            app.as_user(&admin()).get("/api/v1/admin/ledger/trial-balance").await.expect(200).json();
        assert!(balance.accounts.iter().all(|a| a.balance.is_zero()), "{balance:?}");
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_refund_that_fails_can_be_asked_for_again() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let paid = payment(&app, id).await.id;
        script.next_refund(Ok(RefundState::Failed));
        ask(&app, paid, "k", &back(6040)).await.expect(202);
        app.settle().await;
        let now = payment(&app, id).await;
        assert_eq!(
            (now.status, now.refunded, now.refunds[0].status.as_str()),
            (PaymentStatus::Captured, eur(0), "failed")
        );
        assert_eq!((journal(&app).await.len(), script.money()), (1, (6040, 0)));
        ask(&app, paid, "k2", &back(6040)).await.expect(202);
        app.settle().await;
        assert_eq!(status(&app, id).await, PaymentStatus::Refunded);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_refund_without_an_answer_is_repeated_under_the_same_key() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let paid = payment(&app, id).await.id;
        script.next_refund(Err(ProviderError::NoAnswer("lost".into())));
        ask(&app, paid, "k", &back(100)).await.expect(202);
        app.settle().await;
        assert_eq!(payment(&app, id).await.refunds[0].status, "pending");
        pass(&app, 30).await;
        assert_eq!(payment(&app, id).await.refunds[0].status, "succeeded");
        let refunds: Vec<String> = script.state().calls.iter().filter(|c| c.starts_with("refund")).cloned().collect();
        assert_eq!((refunds.len(), &refunds[0]), (2, &refunds[1]));
        assert_eq!(script.money(), (6040, 100));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn after_a_day_of_silence_the_provider_is_asked_before_it_is_told_again() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let paid = payment(&app, id).await.id;
        script.state().silent = true;
        ask(&app, paid, "k", &back(100)).await.expect(202);
        for _ in 0..24 {
            app.advance(std::time::Duration::from_secs(3600)).await;
        }
        let before = script.calls("refund");
        script.state().silent = false;
        app.advance(std::time::Duration::from_secs(3600)).await;
        assert_eq!(payment(&app, id).await.refunds[0].status, "succeeded");
        let calls = script.state().calls.clone();
        let asked = calls.iter().rposition(|c| c.starts_with("find_refund")).expect("asked first");
        let told = calls.iter().rposition(|c| c.starts_with("refund ")).expect("told again");
        assert!(asked < told && script.calls("refund") == before + 1, "{calls:?}");
        assert_eq!(script.money(), (6040, 100));
    })
    .await;
}

#[tokio::test]
async fn a_refund_on_its_way_is_followed() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let paid = payment(&app, id).await.id;
        script.next_refund(Ok(RefundState::Pending));
        ask(&app, paid, "k", &back(6040)).await.expect(202);
        app.settle().await;
        assert_eq!(payment(&app, id).await.refunds[0].status, "pending");
        // What is on its way counts.
        ask(&app, paid, "k2", &back(1)).await.expect_problem(409, "over_refund");
        assert_eq!(journal(&app).await.len(), 1);
        script.state().refunds.get_mut("re_1").unwrap().1.state = RefundState::Succeeded;
        pass(&app, 180).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Refunded);
        assert_eq!(script.calls("refund"), 1);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn the_journal_can_only_be_added_to() {
    fn defs() -> Vec<runtime::ServiceDef> {
        vec![crate::service(crate::Settings::default())]
    }
    on_both_databases(defs, |app| async move {
        let db = app.db("payments");
        let entry = kernel::EntryId::derived("test", &["e"]);
        db.write(async move |tx| {
            tx.exec(
                "INSERT INTO journal_entries (id, at, kind, text, order_id, payment_id) VALUES ($1, 1, 'capture', 't', 'o', 'p')",
                db::params![entry],
            )
            .await?;
            let sql = "INSERT INTO postings (entry_id, position, account, kind, amount_minor, currency, at) VALUES ($1, 0, 'a', 'k', 5, 'EUR', 1)";
            tx.exec(sql, db::params![entry]).await
        })
        .await
        .unwrap();
        for sql in [
            "UPDATE journal_entries SET text = 'other'",
            "DELETE FROM journal_entries",
            "UPDATE postings SET amount_minor = 6",
            "DELETE FROM postings",
        ] {
            db.write(async move |tx| tx.exec(sql, vec![]).await).await.expect_err(sql);
        }
        assert_eq!(app.count("payments", "SELECT count(*) FROM postings WHERE amount_minor = 5").await, 1);
        assert_eq!(app.count("payments", "SELECT count(*) FROM journal_entries WHERE text = 't'").await, 1);
    })
    .await;
}
