//! What is Stripe's alone: keys and modes, its events, money that is taken later, and a gateway that falls silent.

use contracts::payments::PaymentStatus;
use db::Dialect;
use gateways::{
    Fault, Faults,
    stripe::{Card as Theirs, FakeStripe, Session},
};
use http::Method;
use kernel::{Clock, Currency, Money, Secret};
use sandbox::signature;
use serde_json::{Value, json};
use testkit::Answer;

use super::{
    cancelled, eur,
    outside::{Card, WEBHOOK_SECRET, World, stripe},
    payment, review, status,
};
use crate::{Settings, StripeSettings, provider::stripe::amount_out};

/// A session as it should not be.
type Distortion = fn(&mut Session);

async fn world() -> (World, FakeStripe) {
    stripe::start_with(Dialect::Sqlite, stripe::settings(), Faults::default()).await
}

async fn hook(world: &World, event: &Value, secret: &str) -> Answer {
    let body = event.to_string();
    let signed = signature(secret, world.app.clock.now().seconds(), body.as_bytes());
    let sender = world.app.guest().header("stripe-signature", signed);
    sender.send(Method::POST, "/webhooks/stripe", Some("application/json"), body.into()).await
}

/// Calls that change something.
fn changing(fake: &FakeStripe) -> Vec<String> {
    fake.calls().into_iter().filter(|call| call.starts_with("POST")).collect()
}

fn event(id: &str, object: Value) -> Value {
    json!({"id": id, "object": "event", "type": "some.thing", "livemode": false, "data": {"object": object}})
}

#[tokio::test]
async fn one_order_is_one_page_and_the_page_is_paid_once() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    let page = world.payment_ref(id).await;
    assert!(page.starts_with("cs_test_"), "{page}");
    assert_eq!(changing(&fake), ["POST /v1/checkout/sessions"]);
    assert!(fake.pay(&page, Theirs::Good));
    assert!(!fake.pay(&page, Theirs::Good), "the page has closed");
    world.settle().await;
    assert_eq!((status(&world.app, id).await, world.told().await), (PaymentStatus::Captured, (1, 0, 0)));
    world.agree().await;
}

#[tokio::test]
async fn what_does_not_fit_is_not_believed() {
    let distortions: [(Distortion, &str); 5] = [
        (|session| session.amount -= 1, "wrong_amount"),
        (|session| session.currency = "usd".to_owned(), "wrong_currency"),
        (|session| session.reference = Some("S-1".to_owned()), "wrong_reference"),
        (|session| session.livemode = true, "wrong_mode"),
        (|session| session.passed_on = true, "wrong_account"),
    ];
    for (distort, problem) in distortions {
        let (world, fake) = world().await;
        let id = world.order("a", None).await;
        let page = world.payment_ref(id).await;
        world.pay(id, Card::Declined).await;
        fake.distort(&page, distort);
        fake.pay(&page, Theirs::Good);
        world.settle().await;
        assert_eq!(payment(&world.app, id).await.captured, eur(0), "{problem}");
        world.pass(600).await;
        let found: Vec<String> = review(&world.app).await.into_iter().map(|(problem, _)| problem).collect();
        assert!(found.iter().any(|p| p == problem || p == "unknown_order"), "{problem}: {found:?}");
        assert_eq!(world.told().await, (0, 0, 0));
    }
}

#[tokio::test]
async fn both_secrets_count_while_they_are_changed() {
    let previous = "whsec_previous_0123456789";
    let settings = StripeSettings { webhook_secret_previous: Some(Secret::new(previous)), ..stripe::settings() };
    let (world, _) = stripe::start_with(Dialect::Sqlite, settings, Faults::default()).await;
    let of_page = |id: &str| event(id, json!({"id": "cs_test_x", "object": "checkout.session"}));
    hook(&world, &of_page("evt_1"), WEBHOOK_SECRET).await.expect(204);
    hook(&world, &of_page("evt_2"), previous).await.expect(204);
    hook(&world, &of_page("evt_3"), "whsec_of_somebody_else").await.expect_problem(400, "bad_signature");
    assert_eq!(world.app.count("payments", "SELECT count(*) FROM webhook_inbox").await, 2);
}

#[tokio::test]
async fn events_of_others_and_about_nothing_are_told_apart() {
    let (world, _) = world().await;
    let mut foreign = event("evt_1", json!({"id": "cs_test_x", "object": "checkout.session"}));
    foreign["account"] = json!("acct_other");
    hook(&world, &foreign, WEBHOOK_SECRET).await.expect_problem(400, "malformed_request");
    for object in [json!({"id": "cus_1", "object": "customer"}), json!({"object": "balance"})] {
        hook(&world, &event("evt_2", object), WEBHOOK_SECRET).await.expect(204);
    }
    assert_eq!(world.app.count("payments", "SELECT count(*) FROM webhook_inbox").await, 0);
}

#[tokio::test]
async fn a_refund_made_at_stripes_desk_is_noticed() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    world.pay(id, Card::Good).await;
    fake.refund_at_the_desk(&world.payment_ref(id).await, 500);
    world.settle().await;
    assert_eq!(review(&world.app).await, [("unknown_refund".to_owned(), Some(id))]);
    assert_eq!((payment(&world.app, id).await.refunded, world.told().await), (eur(0), (1, 0, 0)));
}

#[tokio::test]
async fn money_that_is_taken_later_is_taken_once_or_left() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let settings = StripeSettings { capture_later: true, ..stripe::settings() };
        let (world, fake) = stripe::start_with(dialect, settings, Faults::default()).await;
        let (token, page) = (world.order("token", Some(Card::Good)).await, world.order("page", None).await);
        world.pay(page, Card::Good).await;
        assert_eq!(status(&world.app, token).await, PaymentStatus::Captured);
        assert_eq!(status(&world.app, page).await, PaymentStatus::Captured);
        let captures = fake.calls().iter().filter(|call| call.ends_with("/capture")).count();
        assert_eq!(captures, 2);
        // Called off before the bank has agreed: nothing is taken, so nothing has to go back.
        let slow = world.order("slow", None).await;
        fake.pay(&world.payment_ref(slow).await, Theirs::Good);
        world.app.deliver("payments", &cancelled(slow)).await;
        world.pass(120).await;
        assert_eq!(status(&world.app, slow).await, PaymentStatus::Cancelled);
        assert_eq!((fake.books().captured, fake.books().refunded, world.told().await), (2 * 6040, 0, (2, 0, 0)));
        world.agree().await;
    }
}

#[tokio::test]
async fn whatever_a_call_meets_the_order_is_charged_once() {
    for fault in [Fault::Silent, Fault::Hang, Fault::Broken, Fault::Busy] {
        let (world, fake) = world().await;
        fake.fault(fault);
        let id = world.order("a", Some(Card::Good)).await;
        world.pass(90).await;
        assert_eq!(status(&world.app, id).await, PaymentStatus::Captured, "{fault:?}");
        assert_eq!((fake.books().payments, world.told().await), (1, (1, 0, 0)), "{fault:?}");
        let opened = fake.calls().iter().filter(|call| *call == "POST /v1/payment_intents").count();
        // Busy: the same call again at once. Silent: found by asking. The rest: opened again, under the same key.
        assert_eq!(opened, if fault == Fault::Silent { 1 } else { 2 }, "{fault:?}");
        world.agree().await;
    }
}

#[tokio::test]
async fn who_falls_silent_is_left_alone_for_a_while() {
    let (world, fake) = world().await;
    for _ in 0..5 {
        fake.fault(Fault::Broken);
    }
    for n in 0..8 {
        world.order(&format!("o{n}"), None).await;
    }
    assert_eq!(changing(&fake).len(), 5, "{:?}", fake.calls());
    world.pass(120).await;
    for n in 0..8 {
        assert_eq!(status(&world.app, super::order(&format!("o{n}"))).await, PaymentStatus::RequiresAction);
    }
    world.agree().await;
}

#[tokio::test]
async fn without_any_webhook_the_money_is_found() {
    let (world, fake) = world().await;
    let id = world.order("a", None).await;
    fake.pay(&world.payment_ref(id).await, Theirs::Good);
    super::pass(&world.app, 300).await;
    assert_eq!((status(&world.app, id).await, world.told().await), (PaymentStatus::Captured, (1, 0, 0)));
    world.agree().await;
    assert!(review(&world.app).await.is_empty());
}

#[tokio::test]
async fn a_question_of_the_bank_becomes_a_dispute_and_forged_news_is_refused() {
    let (world, fake) = world().await;
    let id = world.order("a", Some(Card::Good)).await;
    let page = world.payment_ref(id).await;
    let dispute = fake.dispute(&page, 1000, true);
    world.settle().await;
    let shown = super::disputes::all(&world.app, "").await.pop().unwrap();
    assert_eq!((shown.provider_ref.as_str(), shown.is_withdrawn, shown.fee), (dispute.as_str(), false, eur(0)));
    fake.escalate(&dispute);
    world.settle().await;
    let shown = super::disputes::all(&world.app, "").await.pop().unwrap();
    assert_eq!((shown.is_withdrawn, shown.fee, shown.reason.as_str()), (true, eur(2000), "product_not_received"));
    let object = json!({"id": "dp_x", "object": "dispute", "payment_intent": "pi_x", "amount": 1});
    let refused = hook(&world, &event("evt_x", object), "whsec_fedcba9876543210").await;
    refused.expect_problem(400, "bad_signature");
    fake.decide(&dispute, true);
    world.settle().await;
    let shown = super::disputes::all(&world.app, "").await.pop().unwrap();
    assert_eq!(
        (shown.status, shown.fee),
        (contracts::disputes::DisputeStatus::Won, eur(0)),
        "Stripe gives the fee back"
    );
    world.agree().await;
}

#[test]
fn test_and_live_are_kept_apart() {
    let field = |settings: StripeSettings| settings.check().err().map(|error| error.fields()[0].field.clone());
    let good = stripe::settings;
    assert_eq!(field(good()), None);
    let secret_key = || Secret::new("sk_live_0123456789");
    assert_eq!(
        field(StripeSettings { secret_key: secret_key(), ..good() }).as_deref(),
        Some("payments.stripe.secret_key")
    );
    assert_eq!(field(StripeSettings { live: true, ..good() }).as_deref(), Some("payments.stripe.secret_key"));
    let live = StripeSettings { live: true, secret_key: secret_key(), ..good() };
    assert_eq!(field(live.clone()).as_deref(), Some("payments.stripe.base_url"));
    let live = StripeSettings { base_url: StripeSettings::default().base_url, ..live };
    assert_eq!(field(live), None);
    let unsigned = StripeSettings { webhook_secret: Secret::new("hush_0123456789abcdef"), ..good() };
    assert_eq!(field(unsigned).as_deref(), Some("payments.stripe.webhook_secret"));
    assert_eq!(
        field(StripeSettings { methods: vec!["Card".into()], ..good() }).as_deref(),
        Some("payments.stripe.methods")
    );
    assert!(Settings { stripe: good(), ..Settings::default() }.has_provider());
    assert!(!Settings::default().has_provider());
}

#[test]
fn amounts_are_written_as_stripe_counts_them() {
    let written = |minor, code| amount_out(Money::new(minor, Currency::parse(code).unwrap())).ok();
    assert_eq!(written(6040, "EUR").as_deref(), Some("6040"));
    assert_eq!(written(500, "JPY").as_deref(), Some("500"));
    assert_eq!(written(500, "ISK").as_deref(), Some("50000"));
    assert_eq!(written(1230, "KWD").as_deref(), Some("1230"));
    assert_eq!(written(1234, "KWD"), None);
}
