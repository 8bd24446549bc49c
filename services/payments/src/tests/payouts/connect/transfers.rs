//! Transfers: one for each payout, whatever the day is like.

use std::sync::Arc;

use contracts::payouts::{PayoutFailed, PayoutPaid, PayoutStatus, RunOutcome};
use gateways::Fault;
use kernel::{Clock, Money, PayoutId};

use super::{
    super::{balance, days, mark, payouts, run, settings},
    *,
};
use crate::{
    Payments, ops,
    provider::{
        PaymentProvider, ProviderError, Providers,
        payouts::{PayoutProvider, TransferCommand, TransferState},
        stripe::Stripe,
    },
    tests::{eur, invoices, review, sound},
};

#[tokio::test]
async fn a_payout_is_transferred_once_and_booked_once() {
    for dialect in BOTH {
        let (world, fake, account) = onboarded(dialect).await;
        made(&world).await;
        let waiting = one(&world).await;
        assert_eq!((waiting.status, waiting.provider.as_deref()), (PayoutStatus::Created, Some("stripe")));
        assert!(waiting.account.starts_with("Stripe •••• "), "{}", waiting.account);
        // The provider says what becomes of it, and no file for the bank has it.
        for (verb, body) in [("sent", json!(null)), ("paid", json!(null)), ("failed", json!({"reason": "x"}))] {
            mark(&world.app, &waiting, verb, &body).await.expect_problem(409, "paid_by_provider");
        }
        let file = format!("/api/v1/admin/payouts/list.csv?id={}", waiting.id);
        world.app.as_user(&testkit::admin()).get(&file).await.expect_problem(409, "paid_by_provider");

        world.settle().await;
        let paid = one(&world).await;
        assert_eq!((paid.status, paid.sent_at, paid.failure), (PayoutStatus::Paid, Some(world.app.clock.now()), None));
        assert_eq!(fake.transferred(), [(account, HERS)]);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, HERS]);
        let told = world.app.published::<PayoutPaid>("payments").await;
        assert_eq!((told.len(), told[0].amount), (1, eur(HERS)));
        world.pass(300).await;
        assert_eq!((calls(&fake, "POST /v1/transfers"), calls(&fake, "GET /v1/transfers")), (1, 0));
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn a_transfer_whose_answer_is_lost_is_found_before_it_is_sent_again() {
    for dialect in BOTH {
        let (world, fake, account) = onboarded(dialect).await;
        let id = made(&world).await;
        fake.fault(Fault::Silent);
        world.app.settle().await;
        assert_eq!(one(&world).await.status, PayoutStatus::Sent);
        assert_eq!(
            balance(&world.app, "ada").await,
            [0, 0, HERS, 0],
            "nobody knows: it is neither paid nor given back"
        );
        assert_eq!(fake.transferred(), [(account.clone(), HERS)]);
        // Several runners at once, each in a process of its own.
        let env = world.app.system.env("payments").expect("payments runs here");
        let runners: Vec<_> = (0..4)
            .map(|_| {
                let stripe: Arc<dyn PaymentProvider> = Arc::new(Stripe::new(connect_settings(), env).unwrap());
                let one = Arc::new(Payments::new(
                    env,
                    settings(),
                    invoices::settings(),
                    crate::ReconcileSettings::default(),
                    Providers::new([stripe]),
                ));
                tokio::spawn(async move { ops::send_payout(&one, id).await })
            })
            .collect();
        for runner in runners {
            runner.await.unwrap().unwrap();
        }
        assert_eq!(one(&world).await.status, PayoutStatus::Paid);
        world.pass(300).await;
        assert_eq!(fake.transferred(), [(account, HERS)]);
        assert_eq!(calls(&fake, "POST /v1/transfers"), 1, "it was looked up, not sent");
        assert_eq!(world.app.published::<PayoutPaid>("payments").await.len(), 1);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, HERS]);
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn runners_that_begin_at_once_send_once() {
    for dialect in BOTH {
        let (world, fake, account) = onboarded(dialect).await;
        let id = made(&world).await;
        fake.fault(Fault::Silent);
        let env = world.app.system.env("payments").expect("payments runs here");
        let runners: Vec<_> = (0..6)
            .map(|_| {
                let stripe: Arc<dyn PaymentProvider> = Arc::new(Stripe::new(connect_settings(), env).unwrap());
                let one = Arc::new(Payments::new(
                    env,
                    settings(),
                    invoices::settings(),
                    crate::ReconcileSettings::default(),
                    Providers::new([stripe]),
                ));
                tokio::spawn(async move { ops::send_payout(&one, id).await })
            })
            .collect();
        for runner in runners {
            // Whoever met the lost answer does not know; the others do.
            runner.await.unwrap().ok();
        }
        world.pass(300).await;
        assert_eq!(one(&world).await.status, PayoutStatus::Paid);
        assert_eq!(fake.transferred(), [(account, HERS)]);
        assert_eq!(world.app.published::<PayoutPaid>("payments").await.len(), 1);
        let entries = "SELECT count(*) FROM journal_entries WHERE payout_id IS NOT NULL";
        assert_eq!(world.app.count("payments", entries).await, 2, "made and paid");
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn what_was_not_done_is_done_later() {
    for dialect in BOTH {
        for fault in [Fault::Broken, Fault::Busy, Fault::Hang] {
            let (world, fake, account) = onboarded(dialect).await;
            made(&world).await;
            // More often than a call is repeated by itself.
            for _ in 0..3 {
                fake.fault(fault);
            }
            world.app.settle().await;
            assert_eq!(one(&world).await.status, PayoutStatus::Sent, "{fault:?}");
            assert!(fake.transferred().is_empty(), "{fault:?}");
            world.pass(600).await;
            assert_eq!(one(&world).await.status, PayoutStatus::Paid, "{fault:?}");
            assert_eq!(fake.transferred(), [(account, HERS)], "{fault:?}");
            sound(&world.app).await;
        }
    }
}

#[tokio::test]
async fn what_stripe_refuses_is_in_the_balance_again_and_says_why() {
    for dialect in BOTH {
        let (world, fake, account) = onboarded(dialect).await;
        made(&world).await;
        // Its event has not come when the payout is sent.
        fake.restrict(&account, "rejected.fraud");
        world.app.settle().await;
        let failed = one(&world).await;
        let why = "Stripe: insufficient capabilities for transfer";
        assert_eq!((failed.status, failed.failure.as_deref()), (PayoutStatus::Failed, Some(why)));
        assert_eq!(balance(&world.app, "ada").await, [0, HERS, 0, 0]);
        assert_eq!(world.app.published::<PayoutFailed>("payments").await[0].reason, why);
        // Stripe was asked about the account right away.
        let stopped = route(&world.app, "ada").await;
        assert_eq!((stopped.is_ready, stopped.problem.as_deref()), (false, Some("rejected.fraud")));
        mark(&world.app, &failed, "retry", &json!(null)).await.expect_problem(409, "payout_account_not_ready");
        days(&world.app, 1).await;
        assert_eq!(run(&world.app, &json!({})).await.lines[0].outcome, RunOutcome::NotReady);
        // She takes her bank account instead, and it is tried again there.
        super::super::set_account(&world.app, "ada", &super::super::german()).await.expect(200);
        mark(&world.app, &failed, "retry", &json!(null)).await.expect(200);
        world.settle().await;
        let again = payouts(&world.app, "?status=created").await.remove(0);
        assert_eq!((again.provider, again.account.as_str(), again.attempt), (None, "DE89 •••• 3000", 2));
        world.pass(300).await;
        assert!(fake.transferred().is_empty());
        mark(&world.app, &failed, "paid", &json!(null)).await.expect(200);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, HERS]);
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn a_payout_that_the_balance_does_not_cover_is_tried_again_under_another_key() {
    let (world, fake, account) = onboarded(Dialect::Sqlite).await;
    fake.run_dry(true);
    made(&world).await;
    world.app.settle().await;
    let failed = one(&world).await;
    assert_eq!(failed.failure.as_deref(), Some("Stripe: balance insufficient"));
    assert!(route(&world.app, "ada").await.is_ready, "the account is not why");
    fake.run_dry(false);
    mark(&world.app, &failed, "retry", &json!(null)).await.expect(200);
    world.app.settle().await;
    assert_eq!((one(&world).await.status, one(&world).await.attempt), (PayoutStatus::Paid, 2));
    assert_eq!(fake.transferred(), [(account, HERS)]);
    sound(&world.app).await;
}

#[tokio::test]
async fn a_transfer_that_is_not_the_payout_s_is_not_believed() {
    for dialect in BOTH {
        let (world, fake, _) = onboarded(dialect).await;
        made(&world).await;
        fake.fault(Fault::Silent);
        world.app.settle().await;
        fake.distort_transfers(1);
        world.pass(600).await;
        let strange = one(&world).await;
        assert_eq!(strange.status, PayoutStatus::Sent, "neither paid nor given back");
        let found: Vec<String> = review(&world.app).await.into_iter().map(|(problem, _)| problem).collect();
        assert_eq!(found, ["strange_transfer"]);
        assert!(world.app.published::<PayoutPaid>("payments").await.is_empty());
        let asked = fake.calls().len();
        world.pass(300).await;
        let asked_again = fake.calls().into_iter().skip(asked).filter(|call| call.contains("transfers")).count();
        assert_eq!(asked_again, 0, "somebody has to look");
        // That somebody says what became of it.
        mark(&world.app, &strange, "paid", &json!(null)).await.expect(200);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, HERS]);
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn a_transfer_is_found_by_its_key() {
    let (world, fake, account) = onboarded(Dialect::Sqlite).await;
    let env = world.app.system.env("payments").expect("payments runs here");
    let stripe = Stripe::new(connect_settings(), env).unwrap();
    let (payout_id, key) = (PayoutId::derived("test", &["found"]), "payout:x:1".to_owned());
    let (account_ref, amount) = (account.clone(), eur(1_000));
    let command = TransferCommand { key: key.clone(), payout_id, account_ref, amount, description: "x".to_owned() };
    assert_eq!(stripe.find_transfer(&key).await.unwrap(), None);
    let sent = stripe.transfer(command.clone()).await.unwrap();
    assert_eq!((sent.amount, sent.reversed, &sent.state), (eur(1_000), eur(0), &TransferState::Paid));
    assert_eq!(stripe.transfer(command).await.unwrap(), sent, "the same key, the same transfer");
    assert_eq!(stripe.find_transfer(&key).await.unwrap(), Some(sent.clone()));
    assert_eq!(fake.transferred(), [(account, 1_000)]);
    assert_eq!(stripe.fetch_transfer("tr_none").await, Err(ProviderError::NotFound));
    // Stripe counts the Icelandic króna in hundredths.
    let isk = Money::new(5_000, kernel::Currency::parse("ISK").unwrap());
    let command = TransferCommand {
        key: "payout:y:1".to_owned(),
        payout_id,
        account_ref: sent.account_ref,
        amount: isk,
        description: "y".to_owned(),
    };
    assert_eq!(stripe.transfer(command).await.unwrap().amount, isk);
    assert_eq!(fake.transferred()[1].1, 500_000);
}
