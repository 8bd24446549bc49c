//! The stand-in for Midtrans. Its buyers pay in rupiah, which are whole.

use std::{sync::Arc, time::Duration};

use db::Dialect;
use futures::future::BoxFuture;
use gateways::{
    Faults,
    midtrans::{Config, FakeMidtrans},
};
use kernel::{Currency, Secret, SeededRandom};
use sandbox::RouterDeliver;
use testkit::{TestApp, app::OUTSIDE};

use super::{Books, Card, Day, Outside, World, xendit::way};
use crate::{MidtransSettings, Settings, service};

const BAD_DAY: Faults = Faults {
    silent_per_mille: 80,
    broken_per_mille: 80,
    busy_per_mille: 80,
    doubled_per_mille: 200,
    late_per_mille: 300,
};

/// The merchant's key.
pub const KEY: &str = "SB-Mid-server-0123456789";

/// Settings that fit the stand-in.
pub fn settings() -> MidtransSettings {
    MidtransSettings {
        server_key: Secret::new(KEY),
        api_url: OUTSIDE.to_owned(),
        snap_url: OUTSIDE.to_owned(),
        timeout_ms: 200,
        ..MidtransSettings::default()
    }
}

pub async fn start(dialect: Dialect, day: Day) -> World {
    let faults = if day == Day::Bad { BAD_DAY } else { Faults::default() };
    start_with(dialect, settings(), faults).await.0
}

/// With these settings and faults; the stand-in, too.
pub async fn start_with(dialect: Dialect, midtrans: MidtransSettings, faults: Faults) -> (World, FakeMidtrans) {
    let settings = Settings { midtrans, ..Settings::default() };
    let app = TestApp::start(dialect, vec![service(settings.clone())]).await;
    let config = Config {
        server_key: Secret::new(KEY),
        webhook_url: "http://souk.test/webhooks/midtrans".to_owned(),
        base_url: OUTSIDE.to_owned(),
        hold: Duration::from_millis(300),
        faults,
    };
    let deliver = Arc::new(RouterDeliver(app.system.router()));
    let fake = FakeMidtrans::new(config, app.clock.clone(), Arc::new(SeededRandom::new(3)), deliver);
    app.outside.set(fake.router());
    (World::new(app, settings, Box::new(Gateway(fake.clone()))).await, fake)
}

struct Gateway(FakeMidtrans);

impl Outside for Gateway {
    fn name(&self) -> &'static str {
        "midtrans"
    }
    fn has_disputes(&self) -> bool {
        false
    }
    fn method(&self) -> &'static str {
        "midtrans"
    }
    fn currency(&self) -> Currency {
        Currency::parse("IDR").unwrap()
    }
    fn scale(&self) -> i64 {
        100
    }
    fn token(&self, _: Card) -> Option<&'static str> {
        None
    }
    fn page(&self, payment_ref: &str) -> String {
        self.0.page(payment_ref).expect("a page")
    }
    fn pump(&self) -> BoxFuture<'_, usize> {
        Box::pin(async { self.0.pump().await.unwrap() })
    }
    fn pay<'a>(&'a self, payment_ref: &'a str, card: Card) -> BoxFuture<'a, ()> {
        Box::pin(async move { assert!(self.0.pay(payment_ref, way(card)), "the page has closed") })
    }
    fn challenge<'a>(&'a self, _: &'a str, _: bool) -> BoxFuture<'a, ()> {
        unreachable!("Midtrans asks the bank on its own page")
    }
    fn books(&self) -> BoxFuture<'_, Books> {
        let books = self.0.books();
        let (paid, captured, refunded) = (books.payments, books.captured, books.refunded);
        Box::pin(async move { Books { paid, captured, refunded, charged_twice: books.charged_twice } })
    }
    fn event(&self, _: &str, payment_ref: &str, _: bool) -> (&'static str, String) {
        ("", self.0.notification(payment_ref).to_string())
    }
}
