//! The stand-in for PayPal.

use std::{sync::Arc, time::Duration};

use db::Dialect;
use futures::future::BoxFuture;
use gateways::{
    Faults,
    paypal::{Config, FakePayPal, Source},
};
use kernel::{Secret, SeededRandom};
use sandbox::RouterDeliver;
use serde_json::json;
use testkit::{TestApp, app::OUTSIDE};

use super::{Books, Card, Day, Outside, World};
use crate::{PayPalSettings, Settings, service};

const BAD_DAY: Faults = Faults {
    silent_per_mille: 80,
    broken_per_mille: 80,
    busy_per_mille: 80,
    doubled_per_mille: 200,
    late_per_mille: 300,
};

/// Settings that fit the stand-in.
pub fn settings() -> PayPalSettings {
    PayPalSettings {
        client_id: "app-1".to_owned(),
        client_secret: Secret::new("secret-of-the-app"),
        webhook_id: "WH-ID-1".to_owned(),
        payouts: true,
        base_url: OUTSIDE.to_owned(),
        timeout_ms: 200,
        ..PayPalSettings::default()
    }
}

pub async fn start(dialect: Dialect, day: Day) -> World {
    let faults = if day == Day::Bad { BAD_DAY } else { Faults::default() };
    start_with(dialect, faults).await.0
}

/// With these faults; the stand-in, too.
pub async fn start_with(dialect: Dialect, faults: Faults) -> (World, FakePayPal) {
    start_as(dialect, settings(), faults).await
}

/// With these settings, too.
pub async fn start_as(dialect: Dialect, paypal: PayPalSettings, faults: Faults) -> (World, FakePayPal) {
    let settings = Settings { paypal, ..Settings::default() };
    let app = TestApp::start(dialect, vec![service(settings.clone())]).await;
    let config = Config {
        client_id: "app-1".to_owned(),
        client_secret: "secret-of-the-app".to_owned(),
        webhook_id: "WH-ID-1".to_owned(),
        webhook_url: "http://souk.test/webhooks/paypal".to_owned(),
        base_url: OUTSIDE.to_owned(),
        hold: Duration::from_millis(300),
        faults,
    };
    let deliver = Arc::new(RouterDeliver(app.system.router()));
    let fake = FakePayPal::new(config, app.clock.clone(), Arc::new(SeededRandom::new(3)), deliver);
    app.outside.set(fake.router());
    (World::new(app, settings, Box::new(Gateway(fake.clone()))).await, fake)
}

struct Gateway(FakePayPal);

impl Outside for Gateway {
    fn name(&self) -> &'static str {
        "paypal"
    }
    fn method(&self) -> &'static str {
        "paypal"
    }
    fn token(&self, _: Card) -> Option<&'static str> {
        None
    }
    fn page(&self, payment_ref: &str) -> String {
        format!("{OUTSIDE}/checkoutnow?token={payment_ref}")
    }
    fn pump(&self) -> BoxFuture<'_, usize> {
        Box::pin(async { self.0.pump().await.unwrap() })
    }
    fn pay<'a>(&'a self, payment_ref: &'a str, card: Card) -> BoxFuture<'a, ()> {
        let source = match card {
            Card::Good | Card::Challenge => Source::Good,
            Card::Declined | Card::Poor => Source::Declined,
            Card::Slow => Source::Slow,
            Card::Silent => Source::Silent,
            Card::Doubled => Source::Doubled,
            Card::Disordered => Source::Disordered,
            Card::Late => Source::Late,
            Card::SlowRefund => Source::SlowRefund,
            Card::FailingRefund => Source::FailingRefund,
        };
        Box::pin(async move { assert!(self.0.approve(payment_ref, source), "there is nothing to agree to") })
    }
    fn challenge<'a>(&'a self, _: &'a str, _: bool) -> BoxFuture<'a, ()> {
        unreachable!("PayPal asks the bank on its own page")
    }
    fn books(&self) -> BoxFuture<'_, Books> {
        let books = self.0.books();
        let (paid, captured, refunded) = (books.payments, books.captured, books.refunded);
        Box::pin(async move { Books { paid, captured, refunded, charged_twice: books.charged_twice } })
    }
    fn dispute<'a>(&'a self, payment_ref: &'a str, minor: i64) -> BoxFuture<'a, String> {
        Box::pin(async move { self.0.dispute(payment_ref, &format!("{}.{:02}", minor / 100, minor % 100)) })
    }
    fn decide<'a>(&'a self, dispute_ref: &'a str, won: bool) -> BoxFuture<'a, ()> {
        Box::pin(async move { self.0.decide(dispute_ref, won) })
    }
    fn event(&self, id: &str, payment_ref: &str, _: bool) -> (&'static str, String) {
        let event = json!({"id": id, "event_type": "CHECKOUT.ORDER.APPROVED", "resource_type": "checkout-order", "resource": {"id": payment_ref}});
        ("paypal-transmission-sig", event.to_string())
    }
}
