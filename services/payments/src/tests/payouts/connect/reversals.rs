//! What vendors were paid and are not owed any more comes back from their accounts, where that is set up; once, whatever the day
//! is like, and by the next payouts where the provider refuses.

use std::{collections::BTreeMap, sync::Arc};

use contracts::reversals::{ReversalStatus, ReversalView};
use gateways::Fault;
use kernel::Page;

use super::{
    super::{balance, refund, settings, statements::statement},
    *,
};
use crate::{
    Payments, PayoutSettings,
    model::payouts::Recovery,
    ops,
    provider::{PaymentProvider, Providers, stripe::Stripe},
    tests::{eur, invoices, order, review, sound},
};

/// Ada was paid all of what she had, and then had to give back this.
const OWED: i64 = 900;

fn stripe_of(world: &World, settings: StripeSettings) -> Arc<dyn PaymentProvider> {
    let env = world.app.system.env("payments").expect("payments runs here");
    Arc::new(Stripe::new(settings, env).unwrap())
}

/// A process in which this is set up.
fn process(world: &World, recovery: Recovery) -> Arc<Payments> {
    let env = world.app.system.env("payments").expect("payments runs here");
    let payouts = PayoutSettings { recover: [("stripe".to_owned(), recovery)].into(), ..settings() };
    let providers = Providers::new([stripe_of(world, connect_settings())]);
    Arc::new(Payments::new(env, payouts, invoices::settings(), crate::ReconcileSettings::default(), providers))
}

/// She was paid through Stripe.
async fn paid(dialect: Dialect) -> (World, FakeStripe, String) {
    let (world, fake, account) = onboarded(dialect).await;
    made(&world).await;
    world.settle().await;
    assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, HERS]);
    (world, fake, account)
}

/// The same, and a refund of 10.00 leaves her with less than nothing.
async fn owing(dialect: Dialect) -> (World, FakeStripe, String) {
    let (world, fake, account) = paid(dialect).await;
    refund(&world.app, order("a"), "ada", 1_000, "first").await.expect(202);
    world.settle().await;
    assert_eq!(balance(&world.app, "ada").await, [0, -OWED, 0, HERS]);
    (world, fake, account)
}

fn asked(fake: &FakeStripe) -> usize {
    fake.calls().iter().filter(|call| call.starts_with("POST /v1/transfers/") && call.ends_with("/reversals")).count()
}

fn shown(reversals: &[ReversalView]) -> Vec<(i64, i64, ReversalStatus)> {
    reversals.iter().map(|one| (one.number, one.amount.amount_minor, one.status)).collect()
}

#[tokio::test]
async fn what_was_paid_too_much_is_taken_back_once() {
    for dialect in BOTH {
        let (world, fake, account) = owing(dialect).await;
        ops::take_back_shortfalls(&process(&world, Recovery::Netting)).await.unwrap();
        world.settle().await;
        assert_eq!(
            (asked(&fake), one(&world).await.reversals),
            (0, Vec::new()),
            "it is netted unless set up otherwise"
        );

        let app = process(&world, Recovery::Reversal);
        for _ in 0..2 {
            ops::take_back_shortfalls(&app).await.unwrap();
        }
        world.settle().await;
        ops::take_back_shortfalls(&app).await.unwrap();
        world.settle().await;
        assert_eq!(fake.transferred(), [(account.clone(), HERS), (account.clone(), -OWED)]);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, HERS - OWED]);
        assert_eq!(shown(&one(&world).await.reversals), [(1, OWED, ReversalStatus::Done)]);

        // All that is left of her part goes back, too: no more than that is there to be taken.
        refund(&world.app, order("a"), "ada", 2_040, "second").await.expect(202);
        world.settle().await;
        ops::take_back_shortfalls(&app).await.unwrap();
        world.settle().await;
        let rest = HERS - OWED;
        assert_eq!(fake.transferred()[2..], [(account, -rest)]);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, 0]);
        let path = of_vendor("ada", "payouts");
        let own: Page<PayoutView> = world.app.as_user(&vendor_owner(vendor("ada"))).get(&path).await.expect(200).json();
        let both = [(2, rest, ReversalStatus::Done), (1, OWED, ReversalStatus::Done)];
        assert_eq!(shown(&own.items[0].reversals), both);
        let path = format!("/api/v1/admin/payouts/{}", own.items[0].id);
        let alone: PayoutView = world.app.as_user(&testkit::admin()).get(&path).await.expect(200).json();
        assert_eq!(alone, own.items[0]);
        let lines = statement(&world.app, "ada", "2026-01-01", "2026-12-31").await;
        assert_eq!((lines.payouts_reversed, lines.payouts, lines.closing), (eur(HERS), eur(-HERS), eur(0)));
        assert_eq!((asked(&fake), review(&world.app).await), (2, Vec::new()));
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn a_reversal_whose_answer_is_lost_is_found_and_what_was_not_done_is_done_later() {
    for (dialect, fault, times) in [
        (Dialect::Sqlite, Fault::Silent, 1),
        (Dialect::Postgres, Fault::Silent, 1),
        (Dialect::Sqlite, Fault::Broken, 3),
        (Dialect::Sqlite, Fault::Hang, 3),
    ] {
        let (world, fake, account) = owing(dialect).await;
        ops::take_back_shortfalls(&process(&world, Recovery::Reversal)).await.unwrap();
        for _ in 0..times {
            fake.fault(fault);
        }
        world.app.settle().await;
        assert_eq!(shown(&one(&world).await.reversals), [(1, OWED, ReversalStatus::Sent)], "{fault:?}");
        assert_eq!(balance(&world.app, "ada").await, [0, -OWED, 0, HERS], "nobody knows yet: {fault:?}");
        // As long as that is so nothing else is asked for.
        ops::take_back_shortfalls(&process(&world, Recovery::Reversal)).await.unwrap();
        world.pass(600).await;
        assert_eq!(shown(&one(&world).await.reversals), [(1, OWED, ReversalStatus::Done)], "{fault:?}");
        assert_eq!(fake.transferred(), [(account.clone(), HERS), (account, -OWED)], "{fault:?}");
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, HERS - OWED], "{fault:?}");
        if fault == Fault::Silent {
            assert_eq!(asked(&fake), 1, "it was looked up, not asked for again");
        }
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn what_stripe_refuses_is_netted_and_somebody_is_told() {
    for dialect in BOTH {
        let (world, fake, account) = owing(dialect).await;
        let app = process(&world, Recovery::Reversal);
        fake.spend(&account, true);
        ops::take_back_shortfalls(&app).await.unwrap();
        world.settle().await;
        let refused = one(&world).await.reversals.remove(0);
        assert_eq!((refused.status, refused.amount), (ReversalStatus::Refused, eur(OWED)));
        assert_eq!(refused.failure.as_deref(), Some("Stripe: balance insufficient"));
        let told: Vec<String> = review(&world.app).await.into_iter().map(|(problem, _)| problem).collect();
        assert_eq!(told, ["refused_reversal"]);
        // There would be enough by now; it waits for the next payout all the same.
        fake.spend(&account, false);
        ops::take_back_shortfalls(&app).await.unwrap();
        world.settle().await;
        assert_eq!((asked(&fake), fake.transferred()), (1, vec![(account.clone(), HERS)]));
        assert_eq!(balance(&world.app, "ada").await, [0, -OWED, 0, HERS]);

        let next = world.order("b", Some(Card::Good)).await;
        deliver(&world.app, next, "ada").await;
        super::super::days(&world.app, 8).await;
        made(&world).await;
        world.settle().await;
        assert_eq!(fake.transferred()[1..], [(account.clone(), HERS - OWED)]);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, 2 * HERS - OWED]);
        // What was paid since then can be asked for again.
        refund(&world.app, next, "ada", 1_000, "second").await.expect(202);
        world.settle().await;
        ops::take_back_shortfalls(&app).await.unwrap();
        world.settle().await;
        assert_eq!(fake.transferred()[2..], [(account, -OWED)]);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, 2 * (HERS - OWED)]);
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn what_is_held_for_a_dispute_is_taken_back_once_it_is_lost() {
    for dialect in BOTH {
        let (world, fake, account) = paid(dialect).await;
        let app = process(&world, Recovery::Reversal);
        let dispute = world.gateway.dispute(&world.payment_ref(order("a")).await, 1_000).await;
        world.settle().await;
        let [_, held, ..] = balance(&world.app, "ada").await;
        assert!(held < 0, "{held}");
        ops::take_back_shortfalls(&app).await.unwrap();
        world.settle().await;
        assert_eq!(asked(&fake), 0, "nobody knows yet whether it is lost");
        world.gateway.decide(&dispute, false).await;
        world.settle().await;
        let [_, lost, ..] = balance(&world.app, "ada").await;
        assert!(lost < 0, "{lost}");
        ops::take_back_shortfalls(&app).await.unwrap();
        world.settle().await;
        assert_eq!(fake.transferred()[1..], [(account, lost)]);
        assert_eq!(balance(&world.app, "ada").await, [0, 0, 0, HERS + lost]);
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn a_reversal_that_is_not_ours_is_not_booked() {
    let (world, fake, _) = owing(Dialect::Sqlite).await;
    ops::take_back_shortfalls(&process(&world, Recovery::Reversal)).await.unwrap();
    fake.fault(Fault::Silent);
    world.app.settle().await;
    fake.distort_reversals(1);
    world.pass(300).await;
    let strange = one(&world).await.reversals.remove(0);
    assert_eq!((strange.status, strange.amount), (ReversalStatus::Strange, eur(OWED)));
    assert_eq!(balance(&world.app, "ada").await, [0, -OWED, 0, HERS]);
    let told: Vec<String> = review(&world.app).await.into_iter().map(|(problem, _)| problem).collect();
    assert_eq!(told, ["strange_reversal"]);
    sound(&world.app).await;
}

#[tokio::test]
async fn only_providers_that_can_are_set_up_so() {
    let (world, _) = stripe::start_with(Dialect::Sqlite, connect_settings(), Faults::default()).await;
    let wanted = |name: &str, recovery: Recovery| BTreeMap::from([(name.to_owned(), recovery)]);
    let with = Providers::new([stripe_of(&world, connect_settings())]);
    let without = Providers::new([stripe_of(&world, stripe::settings())]);
    with.check_recovery(&wanted("stripe", Recovery::Reversal)).unwrap();
    without.check_recovery(&wanted("stripe", Recovery::Netting)).unwrap();
    for (providers, name) in [(&without, "stripe"), (&with, "sandbox")] {
        let error = providers.check_recovery(&wanted(name, Recovery::Reversal)).unwrap_err();
        assert_eq!(error.fields()[0].field, format!("payments.payouts.recover.{name}"));
    }
}
