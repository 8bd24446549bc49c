//! What is PayPal's alone: agreeing and taking are two steps, events are owned to, tokens end.

use std::time::Duration;

use contracts::{payments::PaymentStatus, queue::ReviewItem};
use db::Dialect;
use gateways::{
    Fault, Faults,
    paypal::{FakePayPal, MERCHANT, Source},
};
use http::Method;
use kernel::{Currency, Money, Page, Secret};
use serde_json::json;
use testkit::Answer;

use super::{
    cancelled, eur,
    outside::{Card, World, paypal},
    payment, review, status,
};
use crate::{PayPalSettings, provider::paypal::Amount};

async fn world() -> (World, FakePayPal) {
    paypal::start_with(Dialect::Sqlite, Faults::default()).await
}

fn calls(fake: &FakePayPal, end: &str) -> usize {
    fake.calls().iter().filter(|call| call.ends_with(end)).count()
}

#[tokio::test]
async fn the_money_is_taken_once_the_buyer_has_agreed() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    assert_eq!((status(&world.app, id).await, calls(&fake, "/capture")), (PaymentStatus::RequiresAction, 0));
    world.pay(id, Card::Good).await;
    assert_eq!((status(&world.app, id).await, calls(&fake, "/capture")), (PaymentStatus::Captured, 1));
    // A token serves for hours, and is fetched again when it has ended before its time.
    assert_eq!(calls(&fake, "/v1/oauth2/token"), 1);
    fake.forget_tokens();
    let other = world.order("b", None).await;
    world.pass(120).await;
    assert_eq!((status(&world.app, other).await, calls(&fake, "/v1/oauth2/token")), (PaymentStatus::RequiresAction, 2));
    world.agree().await;
}

#[tokio::test]
async fn what_was_called_off_before_the_buyer_agreed_is_never_taken() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    world.app.deliver("payments", &cancelled(id)).await;
    assert_eq!(status(&world.app, id).await, PaymentStatus::Cancelled);
    world.pay(id, Card::Good).await;
    world.pass(900).await;
    assert_eq!((status(&world.app, id).await, calls(&fake, "/capture")), (PaymentStatus::Cancelled, 0));
    assert_eq!((world.told().await, fake.books().captured), ((0, 0, 0), 0));
    world.agree().await;
}

#[tokio::test]
async fn a_refused_source_is_followed_by_another() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    world.pay(id, Card::Declined).await;
    assert_eq!((status(&world.app, id).await, world.told().await), (PaymentStatus::RequiresAction, (0, 0, 0)));
    world.pay(id, Card::Good).await;
    assert_eq!((status(&world.app, id).await, fake.books().payments), (PaymentStatus::Captured, 1));
    world.agree().await;
}

#[tokio::test]
async fn whatever_the_capture_meets_the_money_is_taken_once() {
    for fault in [Fault::Silent, Fault::Hang, Fault::Broken, Fault::Busy] {
        let (world, fake) = world().await;
        let id = world.order("a", None).await;
        let page = world.payment_ref(id).await;
        fake.approve(&page, Source::Good);
        // The next calls check the event and ask for the order; then the money is taken.
        world.app.settle().await;
        for _ in 0..2 {
            fake.fault(fault);
        }
        world.pass(300).await;
        assert_eq!(status(&world.app, id).await, PaymentStatus::Captured, "{fault:?}");
        assert_eq!((fake.books().payments, world.told().await), (1, (1, 0, 0)), "{fault:?}");
        world.agree().await;
    }
}

async fn hook(world: &World, body: &str, signed: Vec<(&'static str, String)>) -> Answer {
    let sender = signed.into_iter().fold(world.app.guest(), |who, (name, value)| who.header(name, value));
    sender.send(Method::POST, "/webhooks/paypal", Some("application/json"), body.to_owned().into()).await
}

#[tokio::test]
async fn only_what_paypal_owns_to_is_noted() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    let order = world.payment_ref(id).await;
    let event = json!({"id": "WH-X", "event_type": "CHECKOUT.ORDER.APPROVED", "resource_type": "checkout-order", "resource": {"id": order}});
    let body = event.to_string();
    hook(&world, &body, vec![]).await.expect_problem(400, "bad_signature");
    hook(&world, &body.replace("WH-X", "WH-Y"), fake.sign(&body)).await.expect_problem(400, "bad_signature");
    // The same event, written anew on its way.
    let anew = serde_json::to_string_pretty(&event).unwrap();
    hook(&world, &anew, fake.sign(&body)).await.expect_problem(400, "bad_signature");
    for (name, value) in [
        ("paypal-transmission-sig", "forged"),
        ("paypal-cert-url", "https://evil.example/api.paypal.com"),
        ("paypal-cert-url", "https://evilpaypal.com/cert"),
        ("paypal-transmission-time", "2026-01-01T00:00:00Z"),
        ("paypal-transmission-time", "soon"),
    ] {
        let signed = fake.sign(&body).into_iter().map(|(n, v)| if n == name { (n, value.to_owned()) } else { (n, v) });
        hook(&world, &body, signed.collect()).await.expect_problem(400, "bad_signature");
    }
    hook(&world, "not json", fake.sign("not json")).await.expect_problem(400, "bad_signature");
    assert_eq!(world.app.count("payments", "SELECT count(*) FROM webhook_inbox").await, 0);
    for _ in 0..3 {
        hook(&world, &body, fake.sign(&body)).await.expect(204);
    }
    let about_nothing =
        json!({"id": "WH-Z", "event_type": "X", "resource_type": "plan", "resource": {"id": "P-1"}}).to_string();
    hook(&world, &about_nothing, fake.sign(&about_nothing)).await.expect(204);
    assert_eq!(world.app.count("payments", "SELECT count(*) FROM webhook_inbox").await, 1);
    world.settle().await;
    assert_eq!(
        (status(&world.app, id).await, payment(&world.app, id).await.captured),
        (PaymentStatus::RequiresAction, eur(0))
    );
    assert!(review(&world.app).await.is_empty());
}

#[test]
fn settings_and_amounts_are_checked() {
    let field = |settings: PayPalSettings| settings.check().err().map(|error| error.fields()[0].field.clone());
    let good = paypal::settings;
    assert_eq!(field(good()), None);
    assert_eq!(field(PayPalSettings { live: true, ..good() }).as_deref(), Some("payments.paypal.base_url"));
    let crossed = PayPalSettings { base_url: "https://api-m.paypal.com/".to_owned(), ..good() };
    assert_eq!(field(crossed).as_deref(), Some("payments.paypal.base_url"));
    let live = PayPalSettings { live: true, base_url: String::new(), ..good() };
    assert_eq!((live.address(), field(live.clone())), ("https://api-m.paypal.com", None));
    assert_eq!(
        field(PayPalSettings { webhook_id: String::new(), ..good() }).as_deref(),
        Some("payments.paypal.webhook_id")
    );
    let weak = PayPalSettings { client_secret: Secret::new("short"), ..good() };
    assert_eq!(field(weak).as_deref(), Some("payments.paypal.client_secret"));
    let written = |minor, code| {
        let amount = Amount::of(Money::new(minor, Currency::parse(code).unwrap())).ok()?;
        Some(serde_json::to_value(amount).unwrap()["value"].as_str().unwrap().to_owned())
    };
    assert_eq!(written(6040, "EUR").as_deref(), Some("60.40"));
    assert_eq!(written(500, "JPY").as_deref(), Some("500"));
    assert_eq!(written(12300, "HUF").as_deref(), Some("123"));
    assert_eq!(written(12345, "HUF"), None);
}

#[tokio::test]
async fn evidence_is_a_form_that_paypal_reads() {
    let (world, fake) = world().await;
    let id = world.order("a", Some(Card::Good)).await;
    let dispute = fake.dispute(&world.payment_ref(id).await, "10.00");
    world.settle().await;
    let shown = super::disputes::all(&world.app, "").await.pop().unwrap();
    assert_eq!((shown.amount, shown.reason.as_str()), (eur(1000), "merchandise_or_service_not_received"));
    let evidence = json!({"product": "A \"blue\" mug", "carrier": "Post", "tracking_number": "RR1", "communication": "--souk-evidence\r\nHello"});
    let path = format!("/api/v1/admin/disputes/{}/evidence", shown.id);
    world.app.as_user(&testkit::admin()).key("k").post(&path, &evidence).await.expect(202);
    world.settle().await;
    let sent = &fake.evidence(&dispute)["evidences"][0];
    assert_eq!(sent["evidence_info"]["tracking_info"][0]["tracking_number"], "RR1");
    assert_eq!(sent["notes"], "A \"blue\" mug\n\n--souk-evidence\r\nHello");
    assert_eq!(calls(&fake, "/provide-evidence"), 1);
}

#[tokio::test]
async fn money_that_goes_to_another_account_is_not_noted() {
    for (merchant_id, is_ours) in [(MERCHANT, true), ("AAAAAAAAAAAAA", false)] {
        let settings = PayPalSettings { merchant_id: merchant_id.to_owned(), ..paypal::settings() };
        let (world, _) = paypal::start_as(Dialect::Sqlite, settings, Faults::default()).await;
        // The page of another account is never shown.
        let id = world.order("a", is_ours.then_some(Card::Good)).await;
        world.pass(300).await;
        let found: Vec<String> = review(&world.app).await.into_iter().map(|(problem, _)| problem).collect();
        if is_ours {
            assert_eq!((payment(&world.app, id).await.captured, found.len()), (eur(6040), 0));
        } else {
            assert_eq!((payment(&world.app, id).await.captured, world.told().await), (eur(0), (0, 0, 0)));
            assert_eq!(
                (found, status(&world.app, id).await),
                (vec!["wrong_account".to_owned()], PaymentStatus::Opening)
            );
        }
    }
    let named = |id: &str| PayPalSettings { merchant_id: id.to_owned(), ..paypal::settings() }.check();
    assert!(named("3XWT5BTGMGSWL").is_ok());
    assert_eq!(named("me@shop").unwrap_err().fields()[0].field, "payments.paypal.merchant_id");
}

fn with_transactions() -> PayPalSettings {
    PayPalSettings { transactions: true, ..paypal::settings() }
}

#[tokio::test]
async fn what_paypal_lists_hours_later_is_compared() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (world, fake) = paypal::start_as(dialect, with_transactions(), Faults::default()).await;
        fake.list_later(Duration::from_secs(3 * 3600));
        for name in ["a", "b", "c"] {
            world.order(name, Some(Card::Good)).await;
        }
        fake.pay_at_the_desk("CAP-OF-NOBODY", "5.00", "");
        let missed = world.order("missed", None).await;
        let opened = world.payment_ref(missed).await;
        world.pass(900).await;
        // Later than all of these, and listed: what is passed then is gone through again.
        world.order("d", Some(Card::Good)).await;
        assert!(review(&world.app).await.is_empty());
        for _ in 0..5 {
            world.app.advance(Duration::from_secs(3_600)).await;
        }
        let path = "/api/v1/admin/payments/review";
        let page: Page<ReviewItem> = world.app.as_user(&testkit::admin()).get(path).await.expect(200).json();
        let found: Vec<_> = page.items.iter().map(|one| (one.problem.as_str(), one.provider_ref.as_str())).collect();
        assert_eq!(found, [("unknown_order", "capture:CAP-OF-NOBODY")], "{opened}");
        assert_eq!(page.items[0].amount, Some(eur(500)));
        world.agree().await;
    }
}

#[tokio::test]
async fn without_the_permission_nothing_is_asked() {
    let (world, fake) = world().await;
    world.order("a", Some(Card::Good)).await;
    world.app.advance(Duration::from_secs(4 * 3600)).await;
    assert_eq!(calls(&fake, "/v1/reporting/transactions"), 0);
}
