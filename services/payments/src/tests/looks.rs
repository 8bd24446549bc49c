//! What is looked at again: journals, of which some is paid late; payments of which nobody tells what has become of them.

use std::{sync::Arc, time::Duration};

use contracts::payments::{PaymentCaptured, PaymentStatus};
use db::Dialect;
use gateways::{Faults, Way, stripe::Card as Theirs};
use testkit::TestApp;

use super::{
    cancelled, eur, invoices, journal, order_and_reserve,
    outside::{Card, World, midtrans, paypal, stripe, xendit},
    pass, payment, payouts, review,
    script::{Next, Script},
    scripted, sound, status,
};
use crate::{
    ReconcileSettings,
    provider::{PaymentProvider, ProviderPayment, ProviderStatus, Providers},
    service_with,
};

/// A page on which nobody has paid yet.
fn unpaid(id: &str, reference: &str) -> ProviderPayment {
    ProviderPayment {
        id: id.to_owned(),
        reference: reference.to_owned(),
        amount: eur(700),
        captured: eur(0),
        fee: None,
        livemode: false,
        is_elsewhere: false,
        direct: Vec::new(),
        status: ProviderStatus::RequiresAction { url: "http://pay.test/late".to_owned() },
    }
}

async fn cursor(app: &TestApp, condition: &str) -> i64 {
    app.count("payments", &format!("SELECT count(*) FROM journal_cursors WHERE {condition}")).await
}

#[tokio::test]
async fn money_in_a_payment_that_was_called_off_is_found_without_an_event_and_goes_back() {
    scripted(|app, script| async move {
        script.next(Next::Act);
        let id = order_and_reserve(&app, "a").await;
        let page = script.payment_of(id);
        script.write_down(&page, script.now());
        app.deliver("payments", &cancelled(id)).await;
        pass(&app, 240).await;
        assert_eq!((status(&app, id).await, cursor(&app, "position = '1'").await), (PaymentStatus::Cancelled, 1));
        assert!(journal(&app).await.is_empty());
        script.is_paid_late(&page.id);
        pass(&app, 360).await;
        let now = payment(&app, id).await;
        assert_eq!((now.status, now.captured, now.refunded), (PaymentStatus::Refunded, eur(6040), eur(6040)));
        assert_eq!((script.money(), script.calls("refund ")), ((6040, 6040), 1));
        assert_eq!((app.published::<PaymentCaptured>("payments").await.len(), journal(&app).await.len()), (1, 2));
        // It is known by now: nothing happens a second time, and nobody is asked.
        let fetched = script.calls("fetch ");
        pass(&app, 600).await;
        assert_eq!((script.calls("fetch "), script.money(), journal(&app).await.len()), (fetched, (6040, 6040), 2));
        assert!(review(&app).await.is_empty());
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn money_in_a_payment_that_had_failed_is_told_of_as_late_success() {
    scripted(|app, script| async move {
        script.next(Next::Decline);
        let id = order_and_reserve(&app, "a").await;
        let refused = script.payment_of(id);
        script.write_down(&refused, script.now());
        pass(&app, 240).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Failed);
        script.is_paid_late(&refused.id);
        pass(&app, 360).await;
        assert_eq!((status(&app, id).await, script.money()), (PaymentStatus::Captured, (6040, 0)));
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
        assert!(review(&app).await.is_empty());
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn another_amount_than_the_books_have_is_looked_at_once() {
    scripted(|app, script| async move {
        let (whole, less) = (order_and_reserve(&app, "whole").await, order_and_reserve(&app, "less").await);
        script.write_down(&script.payment_of(whole), script.now());
        let seen = ProviderPayment { captured: eur(5040), ..script.payment_of(less) };
        script.write_down(&seen, script.now());
        pass(&app, 600).await;
        assert_eq!(review(&app).await, [("changed_amount".to_owned(), Some(less))]);
        assert_eq!(
            (status(&app, less).await, payment(&app, less).await.captured),
            (PaymentStatus::Captured, eur(6040))
        );
        assert_eq!((journal(&app).await.len(), script.calls("refund ")), (2, 0));
    })
    .await;
}

#[tokio::test]
async fn what_was_not_paid_when_it_was_passed_is_met_again_for_some_days() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        for n in 1..=4 {
            script.write_down(&unpaid(&format!("pay_{n}"), "nobody"), script.now());
        }
        // Another page for an order that has its money.
        script.write_down(&unpaid("pay_second", &id.to_string()), script.now());
        pass(&app, 240).await;
        assert_eq!((cursor(&app, "position = '5'").await, cursor(&app, "behind IS NULL").await), (1, 1));
        script.is_paid_late("pay_1");
        script.is_paid_late("pay_second");
        pass(&app, 360).await;
        let mut found = review(&app).await;
        found.sort();
        assert_eq!(found, [("second_payment".to_owned(), Some(id)), ("unknown_order".to_owned(), None)]);
        let asked = script.calls("journal");
        pass(&app, 300).await;
        assert!(script.calls("journal") <= asked + 16, "a few pages, now and then");

        // After a week it is over.
        app.advance(Duration::from_secs(8 * 24 * 3600)).await;
        pass(&app, 600).await;
        assert_eq!(cursor(&app, "position = '5' AND behind = '5' AND again IS NULL").await, 1);
        script.is_paid_late("pay_2");
        pass(&app, 600).await;
        assert_eq!(review(&app).await.len(), 2);
        assert_eq!(app.published::<PaymentCaptured>("payments").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_journal_that_cannot_be_read_keeps_no_other_from_being_compared() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let silent = Arc::new(Script::other());
        let good = Arc::new(Script::default());
        let all = [silent.clone() as Arc<dyn PaymentProvider>, good.clone() as Arc<dyn PaymentProvider>];
        let def = service_with(payouts::settings(), invoices::settings(), ReconcileSettings::default(), move |_| {
            Ok(Providers::new(all))
        });
        let app = TestApp::start(dialect, vec![def]).await;
        for script in [&silent, &good] {
            script.clock.set(app.clock.clone()).ok();
            let stray = ProviderPayment { captured: eur(700), ..unpaid("pay_1", "nobody") };
            script.write_down(&stray, script.now());
        }
        silent.state().silent = true;
        pass(&app, 240).await;
        assert!(silent.calls("journal") > 0);
        assert_eq!(review(&app).await.len(), 1);
        let of = |name: &str| format!("SELECT count(*) FROM review_items WHERE provider = '{name}'");
        assert_eq!(app.count("payments", &of("script")).await, 1);
        silent.state().silent = false;
        pass(&app, 120).await;
        assert_eq!((app.count("payments", &of("other")).await, review(&app).await.len()), (1, 2));
    }
}

/// So much time that payments are looked back at; of no event anybody is told.
async fn hours_later(world: &World) {
    world.app.advance(Duration::from_secs(7 * 3600)).await;
    pass(&world.app, 120).await;
}

#[tokio::test]
async fn what_was_done_at_paypals_desk_is_found_without_an_event() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (world, fake) = paypal::start_with(dialect, Faults::default()).await;
        let (id, other) = (world.order("a", Some(Card::Good)).await, world.order("b", Some(Card::Good)).await);
        let order = world.payment_ref(id).await;
        fake.refund_at_the_desk(&order, "5.00").expect("it was paid");
        fake.dispute(&world.payment_ref(other).await, "10.00");
        pass(&world.app, 600).await;
        assert!(review(&world.app).await.is_empty(), "not at once");
        hours_later(&world).await;
        assert_eq!(review(&world.app).await, [("unknown_refund".to_owned(), Some(id))]);
        let disputes = super::disputes::all(&world.app, "").await;
        let seen: Vec<_> = disputes.iter().map(|dispute| (dispute.order_id, dispute.amount)).collect();
        assert_eq!(seen, [(other, eur(1000))]);
        assert_eq!((payment(&world.app, id).await.refunded, world.told().await), (eur(0), (2, 0, 0)));
        // They are looked at in turn, not all the time; and the events that come after all tell nothing new.
        let asked = |path: &str| fake.calls().iter().filter(|call| call.ends_with(path)).count();
        let before = asked(&order);
        pass(&world.app, 600).await;
        assert_eq!(asked(&order), before);
        hours_later(&world).await;
        assert_eq!(asked(&order), before + 1);
        world.settle().await;
        assert_eq!(review(&world.app).await, [("unknown_refund".to_owned(), Some(id))]);
        assert_eq!(super::disputes::all(&world.app, "").await.len(), 1);
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn what_was_done_at_midtrans_desk_is_found_without_an_event() {
    let (world, fake) = midtrans::start_with(Dialect::Sqlite, midtrans::settings(), Faults::default()).await;
    let id = world.order("a", Some(Card::Good)).await;
    fake.refund_at_the_desk(&world.payment_ref(id).await, 500);
    hours_later(&world).await;
    assert_eq!(review(&world.app).await, [("unknown_refund".to_owned(), Some(id))]);
    // The notification names it in the same way.
    world.settle().await;
    assert_eq!(world.app.count("payments", "SELECT count(*) FROM review_items").await, 1);
    assert_eq!((payment(&world.app, id).await.refunded, world.told().await), (world.money(0), (1, 0, 0)));
}

#[tokio::test]
async fn money_that_came_late_to_midtrans_is_found_without_an_event() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (world, fake) = midtrans::start_with(dialect, midtrans::settings(), Faults::default()).await;
        let id = world.order("a", None).await;
        let name = world.payment_ref(id).await;
        fake.pay(&name, Way::Slow);
        fake.becomes(&name, "expire");
        pass(&world.app, 300).await;
        assert_eq!(payment(&world.app, id).await.failure.as_deref(), Some("expired"));
        hours_later(&world).await;
        assert_eq!((status(&world.app, id).await, world.told().await), (PaymentStatus::Failed, (0, 1, 0)));
        fake.accept(&name);
        hours_later(&world).await;
        assert_eq!((status(&world.app, id).await, world.told().await), (PaymentStatus::Captured, (1, 1, 0)));
        assert!(review(&world.app).await.is_empty());
        world.agree().await;
    }
}

#[tokio::test]
async fn money_that_is_not_any_more_where_it_was_is_looked_at_once() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (world, fake) = midtrans::start_with(dialect, midtrans::settings(), Faults::default()).await;
        let (denied, gone) =
            (world.order("denied", Some(Card::Good)).await, world.order("gone", Some(Card::Good)).await);
        let back = world.order("back", Some(Card::Good)).await;
        world.app.deliver("payments", &cancelled(back)).await;
        world.settle().await;
        assert_eq!(status(&world.app, back).await, PaymentStatus::Refunded);
        fake.becomes(&world.payment_ref(denied).await, "deny");
        fake.forget(&world.payment_ref(gone).await);
        // Of money that it has no more of, a provider may forget.
        fake.forget(&world.payment_ref(back).await);
        for _ in 0..2 {
            hours_later(&world).await;
        }
        let mut found = review(&world.app).await;
        found.sort();
        assert_eq!(found, [("changed_amount".to_owned(), Some(denied)), ("lost_by_provider".to_owned(), Some(gone))]);
        for id in [denied, gone] {
            assert_eq!(status(&world.app, id).await, PaymentStatus::Captured);
        }
        assert_eq!((world.told().await, journal(&world.app).await.len()), ((3, 0, 1), 4));
        sound(&world.app).await;
    }
}

#[tokio::test]
async fn what_was_done_at_stripes_desk_is_found_without_an_event() {
    let (world, fake) = stripe::start_with(Dialect::Sqlite, stripe::settings(), Faults::default()).await;
    let (id, other) = (world.order("a", None).await, world.order("b", None).await);
    for order in [id, other] {
        fake.pay(&world.payment_ref(order).await, Theirs::Good);
        world.settle().await;
    }
    fake.refund_at_the_desk(&world.payment_ref(id).await, 500);
    fake.dispute(&world.payment_ref(other).await, 1000, false);
    hours_later(&world).await;
    assert_eq!(review(&world.app).await, [("unknown_refund".to_owned(), Some(id))]);
    // Its journal would begin somewhere else the next time, so where it begins is kept.
    pass(&world.app, 300).await;
    assert_eq!(cursor(&world.app, "provider = 'stripe' AND behind IS NOT NULL").await, 1);
    let disputes = super::disputes::all(&world.app, "").await;
    assert_eq!(disputes.iter().map(|d| (d.order_id, d.amount)).collect::<Vec<_>>(), [(other, eur(1000))]);
    assert_eq!((payment(&world.app, id).await.refunded, world.told().await), (eur(0), (2, 0, 0)));
}

#[tokio::test]
async fn payments_are_looked_back_at_for_some_months() {
    let (world, fake) = xendit::start_with(Dialect::Sqlite, xendit::settings(), Faults::default()).await;
    let id = world.order("a", Some(Card::Good)).await;
    let looks = async |condition: &str| {
        world.app.count("payments", &format!("SELECT count(*) FROM payments WHERE looked_at {condition}")).await
    };
    assert_eq!(looks("= 0").await, 1);
    hours_later(&world).await;
    assert_eq!(looks("> 0").await, 1);
    fake.refund_at_the_desk(&world.payment_ref(id).await, 500);
    hours_later(&world).await;
    assert_eq!(review(&world.app).await, [("unknown_refund".to_owned(), Some(id))]);
    world.app.advance(Duration::from_secs(121 * 24 * 3600)).await;
    pass(&world.app, 120).await;
    assert_eq!(looks("IS NULL").await, 1);
}

#[test]
fn how_long_is_looked_again_is_checked() {
    let field = |overlap_days, look_back_days| {
        let checked = ReconcileSettings { overlap_days, look_back_days }.check();
        checked.err().map(|error| error.fields()[0].field.clone())
    };
    assert_eq!((field(7, 120), field(1, 0), field(90, 365)), (None, None, None));
    let (overlap, look_back) = ("payments.reconcile.overlap_days", "payments.reconcile.look_back_days");
    for days in [0, 91] {
        assert_eq!(field(days, 120).as_deref(), Some(overlap));
    }
    assert_eq!(field(7, 366).as_deref(), Some(look_back));
}
