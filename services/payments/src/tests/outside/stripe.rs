//! The stand-in for Stripe.

use std::{sync::Arc, time::Duration};

use db::Dialect;
use futures::future::BoxFuture;
use gateways::{
    Faults,
    stripe::{Card as Theirs, Config, FakeStripe},
};
use kernel::{Secret, SeededRandom};
use sandbox::RouterDeliver;
use serde_json::json;
use testkit::{TestApp, app::OUTSIDE};

use super::{Books, Card, Day, Outside, WEBHOOK_SECRET, World};
use crate::{Settings, StripeSettings, service};

const BAD_DAY: Faults = Faults {
    silent_per_mille: 80,
    broken_per_mille: 80,
    busy_per_mille: 80,
    doubled_per_mille: 200,
    late_per_mille: 300,
};

/// Settings that fit the stand-in.
pub fn settings() -> StripeSettings {
    StripeSettings {
        secret_key: Secret::new("sk_test_0123456789"),
        webhook_secret: Secret::new(WEBHOOK_SECRET),
        base_url: OUTSIDE.to_owned(),
        timeout_ms: 200,
        ..StripeSettings::default()
    }
}

pub async fn start(dialect: Dialect, day: Day) -> World {
    let faults = if day == Day::Bad { BAD_DAY } else { Faults::default() };
    start_with(dialect, settings(), faults).await.0
}

/// With these settings and faults; the stand-in, too.
pub async fn start_with(dialect: Dialect, stripe: StripeSettings, faults: Faults) -> (World, FakeStripe) {
    let settings = Settings { stripe, ..Settings::default() };
    let app = TestApp::start(dialect, vec![service(settings.clone())]).await;
    let config = Config {
        secret_key: Secret::new("sk_test_0123456789"),
        webhook_secret: Secret::new(WEBHOOK_SECRET),
        webhook_url: "http://souk.test/webhooks/stripe".to_owned(),
        base_url: OUTSIDE.to_owned(),
        hold: Duration::from_millis(300),
        faults,
    };
    let deliver = Arc::new(RouterDeliver(app.system.router()));
    let fake = FakeStripe::new(config, app.clock.clone(), Arc::new(SeededRandom::new(3)), deliver);
    app.outside.set(fake.router());
    (World::new(app, settings, Box::new(Gateway(fake.clone()))).await, fake)
}

struct Gateway(FakeStripe);

impl Outside for Gateway {
    fn name(&self) -> &'static str {
        "stripe"
    }
    fn token(&self, card: Card) -> Option<&'static str> {
        Some(match card {
            Card::Good => "pm_card_visa",
            Card::Declined => "pm_card_visa_chargeDeclined",
            Card::Poor => "pm_card_visa_chargeDeclinedInsufficientFunds",
            Card::Challenge => "pm_card_threeDSecure2Required",
            Card::Slow => "pm_fake_slow",
            Card::Silent => "pm_fake_silent",
            Card::Doubled => "pm_fake_doubled",
            Card::Disordered => "pm_fake_disordered",
            Card::Late => "pm_fake_late",
            Card::SlowRefund => "pm_card_pendingRefund",
            Card::FailingRefund => "pm_card_refundFail",
        })
    }
    fn page(&self, payment_ref: &str) -> String {
        format!("{OUTSIDE}/c/pay/{payment_ref}")
    }
    fn pump(&self) -> BoxFuture<'_, usize> {
        Box::pin(async { self.0.pump().await.unwrap() })
    }
    fn pay<'a>(&'a self, payment_ref: &'a str, card: Card) -> BoxFuture<'a, ()> {
        let card = self.token(card).and_then(Theirs::named).expect("a card");
        Box::pin(async move { assert!(self.0.pay(payment_ref, card), "the page has closed") })
    }
    fn challenge<'a>(&'a self, payment_ref: &'a str, approve: bool) -> BoxFuture<'a, ()> {
        Box::pin(async move { self.0.challenge(payment_ref, approve) })
    }
    fn books(&self) -> BoxFuture<'_, Books> {
        let books = self.0.books();
        let (paid, captured, refunded) = (books.payments, books.captured, books.refunded);
        Box::pin(async move { Books { paid, captured, refunded, charged_twice: books.charged_twice } })
    }
    fn dispute<'a>(&'a self, payment_ref: &'a str, minor: i64) -> BoxFuture<'a, String> {
        Box::pin(async move { self.0.dispute(payment_ref, minor, false) })
    }
    fn decide<'a>(&'a self, dispute_ref: &'a str, won: bool) -> BoxFuture<'a, ()> {
        Box::pin(async move { self.0.decide(dispute_ref, won) })
    }
    fn event(&self, id: &str, payment_ref: &str, live: bool) -> (&'static str, String) {
        let object = json!({"object": {"id": payment_ref, "object": "checkout.session", "payment_intent": null}});
        let event = json!({"id": id, "object": "event", "type": "checkout.session.completed", "livemode": live, "data": object});
        ("stripe-signature", event.to_string())
    }
}
