//! Runs by schedule and by hand, what becomes of payouts, races.

use std::sync::Arc;

use contracts::{
    payments::TrialBalance,
    payouts::{PayoutCreated, PayoutFailed, PayoutPaid, PayoutStatus, RunOutcome},
    vendors::VendorStatus,
};
use db::Dialect;
use serde_json::json;

use super::{super::*, *};
use crate::{Payments, ops, provider::Providers};

/// A delivered order of ada and bob, seven days ago; ada can be paid.
async fn ready(app: &TestApp) -> OrderId {
    with_account(app, "ada").await;
    let id = paid(app, "a", PARTS).await;
    deliver(app, id, "ada").await;
    deliver(app, id, "bob").await;
    days(app, 7).await;
    id
}

#[tokio::test]
async fn a_schedule_pays_once_per_period_what_matured_before_it() {
    scripted(|app, _| async move {
        // Thursday the 15th; matured on Thursday the 22nd; Monday the 26th is the next.
        ready(&app).await;
        assert!(payouts(&app, "").await.is_empty());
        let next = overview(&app, "ada").await.upcoming.remove(0);
        assert_eq!((next.at.date().as_str(), next.amount, next.is_enough), ("2026-01-26", eur(2736), true));
        days(&app, 4).await;
        let made = payouts(&app, "").await;
        assert_eq!(made.len(), 1);
        let payout = &made[0];
        assert_eq!((payout.vendor_id, payout.amount, payout.period.as_str()), (vendor("ada"), eur(2736), "2026-W05"));
        assert_eq!((payout.status, payout.account.as_str()), (PayoutStatus::Created, "DE89 •••• 3000"));
        assert_eq!(balance(&app, "ada").await, [0, 0, 2736, 0]);
        assert_eq!(balance(&app, "bob").await, [0, 2625, 0, 0], "he has not said where to");
        // What matures within the week waits for the next one.
        let b = paid(&app, "b", PARTS).await;
        app.deliver("payments", &delivered(&app, b, "ada")).await;
        days(&app, 1).await;
        assert_eq!(payouts(&app, "").await.len(), 1);
        days(&app, 7).await;
        assert_eq!(payouts(&app, "").await.len(), 1, "on the Monday it had not matured");
        days(&app, 7).await;
        assert_eq!(payouts(&app, "").await[0].period, "2026-W07");
        assert_eq!(app.published::<PayoutCreated>("payments").await.len(), 2);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn vendors_choose_how_often_and_from_which_amount_on() {
    scripted(|app, _| async move {
        ready(&app).await;
        with_account(&app, "bob").await;
        schedule(&app, "ada", "daily").await;
        schedule(&app, "bob", "monthly").await;
        days(&app, 1).await;
        let all = payouts(&app, "").await;
        assert_eq!(all.iter().map(|p| p.period.as_str()).collect::<Vec<_>>(), ["2026-01-23"]);
        days(&app, 9).await;
        let bobs = payouts(&app, &format!("?vendor_id={}", vendor("bob"))).await;
        assert_eq!((bobs.len(), bobs[0].period.as_str(), bobs[0].amount), (1, "2026-02", eur(2625)));

        let owner = app.as_user(&testkit::vendor_owner(vendor("ada")));
        let path = of_vendor("ada", "payout-terms");
        owner.put(&path, &json!({"schedule": "daily", "minimum_minor": 999})).await.expect_invalid("minimum_minor");
        owner.put(&path, &json!({"schedule": "hourly"})).await.expect_invalid("schedule");
        owner.put(&path, &json!({"schedule": "daily", "minimum_minor": 5000})).await.expect(200);
        for other in [testkit::vendor_staff(vendor("ada")), testkit::vendor_owner(vendor("bob"))] {
            app.as_user(&other).put(&path, &json!({"schedule": "manual"})).await.expect(404);
        }
        let id = paid(&app, "c", PARTS).await;
        deliver(&app, id, "ada").await;
        days(&app, 7).await;
        days(&app, 1).await;
        assert_eq!(balance(&app, "ada").await[1], 2736, "below her smallest payout");
        assert!(!overview(&app, "ada").await.upcoming[0].is_enough);
        schedule(&app, "ada", "manual").await;
        days(&app, 40).await;
        assert_eq!(balance(&app, "ada").await[1], 2736, "only by hand");
        assert!(overview(&app, "ada").await.upcoming.is_empty());
        assert_eq!(run(&app, &json!({})).await.lines[0].outcome, RunOutcome::Payout);
    })
    .await;
}

#[tokio::test]
async fn a_run_by_hand_says_first_what_it_would_do() {
    scripted(|app, _| async move {
        ready(&app).await;
        let dry = run(&app, &json!({"dry_run": true})).await;
        let of = |name: &str| dry.lines.iter().find(|line| line.vendor_id == vendor(name)).unwrap();
        assert_eq!((dry.period.as_str(), dry.lines.len(), dry.next), ("manual 2026-01-22", 2, None));
        assert_eq!(
            (of("ada").outcome, of("ada").available, of("ada").payout_id),
            (RunOutcome::Payout, eur(2736), None)
        );
        assert_eq!(of("bob").outcome, RunOutcome::NoAccount);
        assert!(payouts(&app, "").await.is_empty());
        assert!(run(&app, &json!({"currency": "USD"})).await.lines.is_empty());
        assert_eq!(run(&app, &json!({"vendor_ids": [vendor("bob")]})).await.lines.len(), 1);
        assert!(payouts(&app, "").await.is_empty());
        let real = run(&app, &json!({"vendor_ids": [vendor("ada")]})).await;
        assert!(real.lines[0].payout_id.is_some());
        assert!(run(&app, &json!({"vendor_ids": [vendor("ada")]})).await.lines.is_empty(), "there is nothing left");
        // Later the same day, by hand, once.
        let id = paid(&app, "b", &[("ada", 5000)]).await;
        app.deliver(
            "payments",
            &ShipmentDelivered {
                at: app.clock.now().minus(Duration::from_secs(8 * 86_400)),
                ..delivered(&app, id, "ada")
            },
        )
        .await;
        assert_eq!(run(&app, &json!({})).await.lines.iter().map(|l| l.outcome).collect::<Vec<_>>().len(), 2);
        assert_eq!(payouts(&app, "").await.len(), 1);
        days(&app, 1).await;
        run(&app, &json!({})).await;
        assert_eq!(payouts(&app, "").await.len(), 2);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_suspended_store_is_paid_once_it_is_open_again() {
    scripted(|app, _| async move {
        ready(&app).await;
        stands(&app, "ada", 1000, VendorStatus::Suspended).await;
        // Monday has come, and an admin tries as well.
        days(&app, 4).await;
        let line = run(&app, &json!({"vendor_ids": [vendor("ada")]})).await.lines.remove(0);
        assert_eq!((line.outcome, line.available, line.payout_id), (RunOutcome::Suspended, eur(2736), None));
        assert!(payouts(&app, "").await.is_empty());
        assert_eq!(balance(&app, "ada").await[1], 2736, "it waits");

        terms(&app, "ada", 1000).await;
        days(&app, 7).await;
        let made = payouts(&app, "").await;
        assert_eq!((made.len(), made[0].amount), (1, eur(2736)));
        // One that failed waits as well.
        mark(&app, &made[0], "failed", &json!({"reason": "closed"})).await.expect(200);
        stands(&app, "ada", 1000, VendorStatus::Suspended).await;
        mark(&app, &made[0], "retry", &json!(null)).await.expect_problem(409, "vendor_suspended");
        assert_eq!(balance(&app, "ada").await[1], 2736);
        sound(&app).await;
    })
    .await;
}

async fn ledger(app: &TestApp) -> std::collections::BTreeMap<String, i64> {
    let trial: TrialBalance =
        app.as_user(&testkit::admin()).get("/api/v1/admin/ledger/trial-balance").await.expect(200).json();
    trial.accounts.into_iter().map(|account| (account.account, account.balance.amount_minor)).collect()
}

#[tokio::test]
async fn what_the_bank_says_is_booked_once() {
    scripted(|app, _| async move {
        ready(&app).await;
        run(&app, &json!({})).await;
        let payout = payouts(&app, "").await.remove(0);
        assert_eq!(ledger(&app).await["payouts_in_transit"], -2736);
        mark(&app, &payout, "retry", &json!(null)).await.expect_problem(409, "payout_elsewhere");
        let sent: PayoutView = mark(&app, &payout, "sent", &json!(null)).await.expect(200).json();
        assert_eq!((sent.status, sent.sent_at), (PayoutStatus::Sent, Some(app.clock.now())));
        mark(&app, &payout, "sent", &json!(null)).await.expect_problem(409, "payout_elsewhere");
        mark(&app, &payout, "failed", &json!({"reason": ""})).await.expect_invalid("reason");

        let failed: PayoutView =
            mark(&app, &payout, "failed", &json!({"reason": "Account closed"})).await.expect(200).json();
        assert_eq!((failed.status, failed.failure.as_deref()), (PayoutStatus::Failed, Some("Account closed")));
        assert_eq!(balance(&app, "ada").await, [0, 2736, 0, 0]);
        assert_eq!(ledger(&app).await["payouts_in_transit"], 0);
        for (verb, body) in [("paid", json!(null)), ("failed", json!({"reason": "again"})), ("sent", json!(null))] {
            mark(&app, &payout, verb, &body).await.expect_problem(409, "payout_elsewhere");
        }
        // Tried again, to another account.
        let other = json!({"holder": "Ada L", "country": "NL", "iban": "NL91ABNA0417164300", "password": "right"});
        set_account(&app, "ada", &other).await.expect(200);
        let again: PayoutView = mark(&app, &payout, "retry", &json!(null)).await.expect(200).json();
        assert_eq!((again.status, again.attempt, again.account.as_str()), (PayoutStatus::Created, 2, "NL91 •••• 4300"));
        assert_eq!(balance(&app, "ada").await, [0, 0, 2736, 0]);
        mark(&app, &payout, "paid", &json!(null)).await.expect(200);
        mark(&app, &payout, "paid", &json!(null)).await.expect_problem(409, "payout_elsewhere");
        assert_eq!(balance(&app, "ada").await, [0, 0, 0, 2736]);
        let books = ledger(&app).await;
        assert_eq!((books["payouts_in_transit"], books["paid_out"]), (0, -2736));
        assert_eq!(app.published::<PayoutCreated>("payments").await.len(), 2);
        assert_eq!(app.published::<PayoutPaid>("payments").await.len(), 1);
        assert_eq!(app.published::<PayoutFailed>("payments").await[0].reason, "Account closed");
        let months = overview(&app, "ada").await.months;
        assert_eq!((months[0].month.as_str(), months[0].paid), ("2026-01", eur(2736)));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_paid_and_came_back_is_the_vendors_again() {
    scripted(|app, _| async move {
        ready(&app).await;
        run(&app, &json!({})).await;
        let payout = payouts(&app, "").await.remove(0);
        let why = json!({"reason": "Account closed"});
        mark(&app, &payout, "returned", &why).await.expect_problem(409, "payout_elsewhere");
        mark(&app, &payout, "paid", &json!(null)).await.expect(200);
        mark(&app, &payout, "returned", &json!({"reason": ""})).await.expect_invalid("reason");
        assert_eq!(balance(&app, "ada").await, [0, 0, 0, 2736]);
        let back: PayoutView = mark(&app, &payout, "returned", &why).await.expect(200).json();
        assert_eq!((back.status, back.failure.as_deref()), (PayoutStatus::Failed, Some("Account closed")));
        mark(&app, &payout, "returned", &why).await.expect_problem(409, "payout_elsewhere");
        assert_eq!(balance(&app, "ada").await, [0, 2736, 0, 0]);
        let books = ledger(&app).await;
        assert_eq!((books["payouts_in_transit"], books["paid_out"]), (0, 0));
        assert_eq!(app.published::<PayoutFailed>("payments").await.len(), 1);

        mark(&app, &payout, "retry", &json!(null)).await.expect(200);
        mark(&app, &payout, "paid", &json!(null)).await.expect(200);
        assert_eq!((balance(&app, "ada").await, ledger(&app).await["paid_out"]), ([0, 0, 0, 2736], -2736));
        assert_eq!(app.published::<PayoutPaid>("payments").await.len(), 2);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_came_back_and_is_gone_cannot_be_tried_again() {
    scripted(|app, _| async move {
        let id = ready(&app).await;
        run(&app, &json!({})).await;
        let payout = payouts(&app, "").await.remove(0);
        mark(&app, &payout, "failed", &json!({"reason": "x"})).await.expect(200);
        refund(&app, id, "ada", 100, "k").await.expect(202);
        mark(&app, &payout, "retry", &json!(null)).await.expect_problem(409, "not_available");
        // The next run takes what is there.
        days(&app, 1).await;
        let line = run(&app, &json!({})).await.lines.into_iter().find(|line| line.vendor_id == vendor("ada")).unwrap();
        assert_eq!(line.available, eur(2646));
        assert_eq!(balance(&app, "ada").await, [0, 0, 2646, 0]);
        let none = PayoutView { id: kernel::PayoutId::derived("test", &["none"]), ..payout };
        mark(&app, &none, "paid", &json!(null)).await.expect_problem(404, "not_found");
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn two_admins_at_once_pay_once() {
    scripted(|app, _| async move {
        ready(&app).await;
        let runs: Vec<_> = (0..10)
            .map(|_| {
                let who = app.as_user(&testkit::admin());
                tokio::spawn(async move {
                    let view: PayoutRunView =
                        who.post("/api/v1/admin/payouts/runs", &json!({})).await.expect(200).json();
                    view.lines.iter().filter(|line| line.payout_id.is_some()).count()
                })
            })
            .collect();
        let mut made = 0;
        for one in runs {
            made += one.await.unwrap();
        }
        assert_eq!((made, payouts(&app, "").await.len()), (1, 1));
        let payout = payouts(&app, "").await.remove(0);
        let path = format!("/api/v1/admin/payouts/{}", payout.id);
        let ends: Vec<_> = (0..10)
            .map(|n| {
                let (who, path) = (app.as_user(&testkit::admin()), path.clone());
                tokio::spawn(async move {
                    let (verb, body) =
                        if n % 2 == 0 { ("paid", json!(null)) } else { ("failed", json!({"reason": "x"})) };
                    who.post(&format!("{path}/{verb}"), &body).await.status.as_u16()
                })
            })
            .collect();
        let mut good = 0;
        for one in ends {
            good += usize::from(one.await.unwrap() == 200);
        }
        assert_eq!(good, 1, "it is paid or has failed, not both");
        let entries = "SELECT count(*) FROM journal_entries WHERE payout_id IS NOT NULL";
        assert_eq!(app.count("payments", entries).await, 2);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn two_schedulers_at_once_pay_once() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (app, _) = scripted_on(dialect).await;
        ready(&app).await;
        with_account(&app, "bob").await;
        // The clock goes on without its own scheduler noticing.
        app.clock.advance(Duration::from_secs(4 * 24 * 3600));
        let env = app.system.env("payments").expect("payments runs here");
        let schedulers: Vec<_> = (0..8)
            .map(|_| {
                let one = Arc::new(Payments::new(
                    env,
                    settings(),
                    invoices::settings(),
                    crate::ReconcileSettings::default(),
                    Providers::new([]),
                ));
                tokio::spawn(async move { ops::run_scheduled(&one).await })
            })
            .collect();
        for one in schedulers {
            one.await.unwrap().unwrap();
        }
        app.settle().await;
        let made = payouts(&app, "").await;
        assert_eq!(made.len(), 2, "{made:?}");
        assert_eq!((balance(&app, "ada").await, balance(&app, "bob").await), ([0, 0, 2736, 0], [0, 0, 2625, 0]));
        assert_eq!(app.count("payments", "SELECT count(*) FROM payout_runs WHERE schedule = 'weekly'").await, 3);
        sound(&app).await;
    }
}
