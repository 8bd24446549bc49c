//! Payouts to PayPal addresses: what owners type, and one batch for each payout, whatever the day is like.

use std::{sync::Arc, time::Duration};

use contracts::payouts::{PayoutAccountChanged, PayoutFailed, PayoutPaid, PayoutStatus, RunOutcome};
use gateways::{Fault, paypal::FakePayPal};
use kernel::Currency;
use testkit::{admin, vendor_staff};

use super::{
    super::{balance, mark, payouts, run, settings},
    *,
};
use crate::{
    PayPalSettings, Payments, ops,
    provider::{
        PaymentProvider, ProviderError, Providers,
        payouts::{PayoutProvider, TransferCommand},
        paypal::PayPal,
    },
    tests::{eur, invoices, outside::paypal, review, sound},
};

const ADDRESS: &str = "ada@kiln.test";
const SEND: &str = "POST /v1/payments/payouts";

async fn paypal_world(dialect: Dialect) -> (World, FakePayPal) {
    let (world, fake) = paypal::start_with(dialect, Faults::default()).await;
    with_balance(&world).await;
    (world, fake)
}

/// The same, and ada has said where she is to be paid.
async fn ready(dialect: Dialect) -> (World, FakePayPal) {
    let (world, fake) = paypal_world(dialect).await;
    name_address(&world.app, "ada", ADDRESS, "right").await.expect(200);
    (world, fake)
}

async fn name_address(app: &TestApp, name: &str, recipient: &str, password: &str) -> Answer {
    let body = json!({"country": "DE", "recipient": {"address": recipient}, "password": password});
    app.as_user(&vendor_owner(vendor(name))).post(&of_vendor(name, "payout-account/paypal"), &body).await
}

/// How often PayPal was asked for this.
fn asked(fake: &FakePayPal, call: &str) -> usize {
    fake.calls().iter().filter(|made| *made == call).count()
}

fn paid_out(status: &'static str) -> [(String, i64, &'static str); 1] {
    [(ADDRESS.to_owned(), HERS, status)]
}

async fn changes(world: &World) -> usize {
    world.app.published::<PayoutAccountChanged>("payments").await.len()
}

async fn problems(world: &World) -> Vec<String> {
    review(&world.app).await.into_iter().map(|(problem, _)| problem).collect()
}

#[tokio::test]
async fn an_owner_types_an_address_and_can_be_paid_there() {
    for dialect in BOTH {
        let (world, fake) = paypal_world(dialect).await;
        let app = &world.app;
        let before = route(app, "ada").await;
        assert_eq!((before.label.as_str(), before.is_chosen, before.account), ("PayPal", false, None));
        let asked_for: Vec<_> = before.asks.iter().map(|ask| (ask.name.as_str(), ask.label.as_str())).collect();
        assert_eq!(asked_for, [("address", "PayPal address")]);
        name_address(app, "ada", "ada@kiln", "right").await.expect_invalid("recipient.address");
        connect(app, "ada", "paypal", "DE", "right").await.expect_invalid("recipient.address");
        name_address(app, "ada", ADDRESS, "guess").await.expect_invalid("password");
        assert!(!route(app, "ada").await.is_chosen);

        let typed = name_address(app, "ada", " Ada@Kiln.test ", "right").await.expect(200);
        assert!(!typed.text().contains(ADDRESS), "{}", typed.text());
        let connected: ConnectedPayoutAccount = typed.json();
        assert_eq!((connected.url, connected.route.account.as_deref()), (None, Some("a••••@kiln.test")));
        let now = route(app, "ada").await;
        assert_eq!((now.is_chosen, now.is_ready, now.due.len(), now.problem), (true, true, 0, None));
        assert_eq!(changes(&world).await, 1, "by mail, to all owners");
        let dry = run(app, &json!({"dry_run": true})).await;
        assert_eq!(dry.lines[0].outcome, RunOutcome::Payout);
        // There is nobody to ask about it.
        let refresh = of_vendor("ada", "payout-account/paypal/refresh");
        let seen: PayoutRouteView =
            app.as_user(&vendor_owner(vendor("ada"))).post(&refresh, &json!(null)).await.expect(200).json();
        assert_eq!(seen, route(app, "ada").await);
        assert_eq!(asked(&fake, SEND), 0, "nobody has made a payout");
        let leaks = "SELECT count(*) FROM outbox WHERE CAST(payload AS TEXT) LIKE '%kiln.test%'";
        assert_eq!(app.count("payments", leaks).await, 0);
    }
}

#[tokio::test]
async fn another_address_takes_its_place_and_the_old_one_is_kept_beside_a_bank_account() {
    for dialect in BOTH {
        let (world, _) = ready(dialect).await;
        let app = &world.app;
        name_address(app, "ada", ADDRESS, "right").await.expect(200);
        assert_eq!(changes(&world).await, 1, "that is no news");
        name_address(app, "ada", "FSMRBANCCYELG", "right").await.expect(200);
        assert_eq!(route(app, "ada").await.account.as_deref(), Some("•••• YELG"));
        super::super::set_account(app, "ada", &super::super::german()).await.expect(200);
        assert!(!route(app, "ada").await.is_chosen);
        // Nothing typed: the one there is.
        connect(app, "ada", "paypal", "DE", "right").await.expect(200);
        let back = route(app, "ada").await;
        assert_eq!((back.is_chosen, back.account.as_deref()), (true, Some("•••• YELG")));
        assert_eq!(changes(&world).await, 4);
        // It is of one store.
        let taken = name_address(app, "bob", "fsmrbanccyelg", "right").await.expect_invalid("recipient.address");
        assert!(taken.to_string().contains("Another store is paid there"), "{taken}");
        name_address(app, "bob", ADDRESS, "right").await.expect(200);
        assert_eq!(route(app, "ada").await.account.as_deref(), Some("•••• YELG"));
    }
}

#[tokio::test]
async fn only_the_owners_of_the_store_name_an_address() {
    for dialect in BOTH {
        let (world, _) = paypal_world(dialect).await;
        let path = of_vendor("ada", "payout-account/paypal");
        let body = json!({"country": "DE", "recipient": {"address": ADDRESS}, "password": "right"});
        world.app.guest().post(&path, &body).await.expect_problem(401, "unauthenticated");
        for who in [vendor_staff(vendor("ada")), vendor_owner(vendor("bob")), admin()] {
            world.app.as_user(&who).post(&path, &body).await.expect(404);
        }
        assert_eq!(world.app.count("payments", "SELECT count(*) FROM payout_recipients").await, 0);
    }
}

#[tokio::test]
async fn a_payout_is_under_way_until_paypal_says_that_it_has_arrived() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        made(&world).await;
        world.pass(600).await;
        let under_way = one(&world).await;
        assert_eq!((under_way.status, under_way.account.as_str()), (PayoutStatus::Sent, "PayPal a••••@kiln.test"));
        assert_eq!(balance(&world.app, "ada").await, [0, 0, HERS, 0]);
        assert_eq!(fake.paid_out(), paid_out("PENDING"));
        mark(&world.app, &under_way, "failed", &json!({"reason": "x"})).await.expect_problem(409, "paid_by_provider");
        fake.end_payouts("SUCCESS", None);
        world.pass(600).await;
        assert_eq!(one(&world).await.status, PayoutStatus::Paid);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, HERS]);
        let told = world.app.published::<PayoutPaid>("payments").await;
        assert_eq!((told.len(), told[0].amount), (1, eur(HERS)));
        assert_eq!(asked(&fake, SEND), 1);
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn what_paypal_refuses_is_in_the_balance_again_and_goes_out_under_another_name() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        fake.stop_payouts(Some("INSUFFICIENT_FUNDS"));
        made(&world).await;
        world.app.settle().await;
        let failed = one(&world).await;
        let why = "PayPal: insufficient funds";
        assert_eq!((failed.status, failed.failure.as_deref()), (PayoutStatus::Failed, Some(why)));
        assert_eq!(balance(&world.app, "ada").await, [0, HERS, 0, 0]);
        assert_eq!(world.app.published::<PayoutFailed>("payments").await[0].reason, why);
        assert!(fake.paid_out().is_empty());
        fake.stop_payouts(None);
        mark(&world.app, &failed, "retry", &json!(null)).await.expect(200);
        world.settle().await;
        fake.end_payouts("SUCCESS", None);
        world.pass(600).await;
        assert_eq!((one(&world).await.status, one(&world).await.attempt), (PayoutStatus::Paid, 2));
        assert_eq!(fake.paid_out(), paid_out("SUCCESS"));
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn a_payout_whose_answer_is_lost_is_made_once() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        let id = made(&world).await;
        fake.fault(Fault::Silent);
        world.app.settle().await;
        assert_eq!(one(&world).await.status, PayoutStatus::Sent);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, HERS, 0], "nobody knows");
        assert_eq!(fake.paid_out(), paid_out("PENDING"));
        // Several runners at once, each in a process of its own.
        let env = world.app.system.env("payments").expect("payments runs here");
        let runners: Vec<_> = (0..4)
            .map(|_| {
                let paypal: Arc<dyn PaymentProvider> = Arc::new(PayPal::new(paypal::settings(), env).unwrap());
                let one = Arc::new(Payments::new(
                    env,
                    settings(),
                    invoices::settings(),
                    crate::ReconcileSettings::default(),
                    Providers::new([paypal]),
                ));
                tokio::spawn(async move { ops::send_payout(&one, id).await })
            })
            .collect();
        for runner in runners {
            runner.await.unwrap().unwrap();
        }
        assert!(asked(&fake, SEND) > 1, "asking is sending under the same name");
        fake.end_payouts("SUCCESS", None);
        world.pass(600).await;
        assert_eq!(one(&world).await.status, PayoutStatus::Paid);
        assert_eq!(fake.paid_out(), paid_out("SUCCESS"));
        assert_eq!(world.app.published::<PayoutPaid>("payments").await.len(), 1);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, HERS]);
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn what_was_not_done_is_done_later() {
    for fault in [Fault::Broken, Fault::Busy, Fault::Hang] {
        let (world, fake) = ready(Dialect::Sqlite).await;
        made(&world).await;
        // More often than a call is repeated by itself.
        for _ in 0..3 {
            fake.fault(fault);
        }
        world.app.settle().await;
        assert_eq!(one(&world).await.status, PayoutStatus::Sent, "{fault:?}");
        assert!(fake.paid_out().is_empty(), "{fault:?}");
        world.pass(600).await;
        fake.end_payouts("SUCCESS", None);
        world.pass(600).await;
        assert_eq!(one(&world).await.status, PayoutStatus::Paid, "{fault:?}");
        assert_eq!(fake.paid_out(), paid_out("SUCCESS"), "{fault:?}");
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn what_nobody_takes_is_called_back_and_paid_elsewhere() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        made(&world).await;
        world.settle().await;
        fake.end_payouts("UNCLAIMED", Some("RECEIVER_UNREGISTERED"));
        world.pass(600).await;
        let failed = one(&world).await;
        let why = "PayPal: receiver unregistered";
        assert_eq!((failed.status, failed.failure.as_deref()), (PayoutStatus::Failed, Some(why)));
        assert_eq!(fake.paid_out(), paid_out("RETURNED"), "nobody can take it any more");
        assert_eq!(balance(&world.app, "ada").await, [0, HERS, 0, 0]);
        assert_eq!(world.app.published::<PayoutFailed>("payments").await.len(), 1);
        name_address(&world.app, "ada", "kiln@ada.test", "right").await.expect(200);
        mark(&world.app, &failed, "retry", &json!(null)).await.expect(200);
        world.settle().await;
        fake.end_payouts("SUCCESS", None);
        world.pass(600).await;
        assert_eq!(one(&world).await.status, PayoutStatus::Paid);
        let sent = [(ADDRESS.to_owned(), HERS, "RETURNED"), ("kiln@ada.test".to_owned(), HERS, "SUCCESS")];
        assert_eq!(fake.paid_out(), sent);
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn what_comes_back_is_in_the_balance_again() {
    for (status, problem, why) in [
        ("RETURNED", None, "PayPal: returned"),
        ("DENIED", None, "PayPal: denied"),
        ("FAILED", Some("RECEIVER_ACCOUNT_LOCKED"), "PayPal: receiver account locked"),
    ] {
        let (world, fake) = ready(Dialect::Sqlite).await;
        made(&world).await;
        world.settle().await;
        fake.end_payouts(status, problem);
        world.pass(600).await;
        let failed = one(&world).await;
        assert_eq!((failed.status, failed.failure.as_deref()), (PayoutStatus::Failed, Some(why)));
        assert_eq!(balance(&world.app, "ada").await, [0, HERS, 0, 0], "{status}");
        assert!(world.app.published::<PayoutPaid>("payments").await.is_empty(), "{status}");
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn a_batch_that_is_not_the_payout_s_is_not_believed() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        made(&world).await;
        world.settle().await;
        fake.distort_payouts("0.01");
        fake.end_payouts("SUCCESS", None);
        world.pass(600).await;
        let strange = one(&world).await;
        assert_eq!((strange.status, problems(&world).await), (PayoutStatus::Sent, vec!["strange_transfer".to_owned()]));
        assert!(world.app.published::<PayoutPaid>("payments").await.is_empty());
        mark(&world.app, &strange, "paid", &json!(null)).await.expect(200);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, HERS]);
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn what_paypal_has_blocked_somebody_has_to_look_at() {
    let (world, fake) = ready(Dialect::Sqlite).await;
    made(&world).await;
    world.settle().await;
    fake.end_payouts("BLOCKED", None);
    world.pass(600).await;
    let strange = one(&world).await;
    assert_eq!((strange.status, problems(&world).await), (PayoutStatus::Sent, vec!["strange_transfer".to_owned()]));
    assert_eq!(balance(&world.app, "ada").await, [0, 0, HERS, 0], "it may still arrive");
    mark(&world.app, &strange, "failed", &json!({"reason": "PayPal has stopped it."})).await.expect(200);
    assert_eq!(balance(&world.app, "ada").await, [0, HERS, 0, 0]);
    sound(&world.app).await;
}

#[tokio::test]
async fn a_refusal_after_a_lost_answer_is_not_believed() {
    for dialect in BOTH {
        let (world, fake) = ready(dialect).await;
        made(&world).await;
        fake.fault(Fault::Silent);
        world.app.settle().await;
        // It is done, but now PayPal has another reason to refuse.
        fake.stop_payouts(Some("INSUFFICIENT_FUNDS"));
        world.pass(600).await;
        let strange = one(&world).await;
        assert_eq!((strange.status, problems(&world).await), (PayoutStatus::Sent, vec!["strange_transfer".to_owned()]));
        assert_eq!(balance(&world.app, "ada").await, [0, 0, HERS, 0], "neither paid nor given back");
        // Somebody has looked it up.
        mark(&world.app, &strange, "paid", &json!(null)).await.expect(200);
        assert_eq!(fake.paid_out(), paid_out("PENDING"));
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn a_name_that_paypal_has_forgotten_is_not_sent_again() {
    let (world, fake) = ready(Dialect::Sqlite).await;
    made(&world).await;
    fake.fault(Fault::Silent);
    world.app.settle().await;
    let sent = asked(&fake, SEND);
    world.app.advance(Duration::from_secs(29 * 24 * 3600)).await;
    world.pass(600).await;
    assert_eq!((one(&world).await.status, asked(&fake, SEND)), (PayoutStatus::Sent, sent));
    assert_eq!(problems(&world).await, ["strange_transfer"]);
    assert_eq!(payouts(&world.app, "").await.len(), 1);
}

#[tokio::test]
async fn what_paypal_does_not_take_is_not_sent() {
    let (world, fake) = paypal_world(Dialect::Sqlite).await;
    let env = world.app.system.env("payments").expect("payments runs here");
    let provider = |payouts| PayPal::new(PayPalSettings { payouts, ..paypal::settings() }, env).unwrap();
    assert!(provider(false).payouts().is_none(), "it has to be turned on");
    let command = TransferCommand {
        key: "payout:x:1".to_owned(),
        payout_id: PayoutId::derived("test", &["x"]),
        account_ref: ADDRESS.to_owned(),
        amount: kernel::Money::new(5_000_000, Currency::parse("IDR").unwrap()),
        description: "x".to_owned(),
    };
    let refused = provider(true).transfer(command).await;
    assert_eq!(refused, Err(ProviderError::Refused { reason: "currency_not_supported".to_owned() }));
    assert_eq!(asked(&fake, SEND), 0);
}
