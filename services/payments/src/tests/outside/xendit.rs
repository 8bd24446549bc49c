//! The stand-in for Xendit. Its buyers pay in pesos.

use std::{sync::Arc, time::Duration};

use db::Dialect;
use futures::future::BoxFuture;
use gateways::{
    Faults, Way,
    xendit::{Config, FakeXendit},
};
use kernel::{Clock, Currency, Secret, SeededRandom};
use sandbox::RouterDeliver;
use serde_json::json;
use testkit::{TestApp, app::OUTSIDE};

use super::{Books, Card, Day, Outside, World};
use crate::{Settings, XenditSettings, service};

const BAD_DAY: Faults = Faults {
    silent_per_mille: 80,
    broken_per_mille: 80,
    busy_per_mille: 80,
    doubled_per_mille: 200,
    late_per_mille: 300,
};

/// Comes with the webhooks.
pub const TOKEN: &str = "token-of-the-webhooks";

/// Settings that fit the stand-in.
pub fn settings() -> XenditSettings {
    XenditSettings {
        secret_key: Secret::new("xnd_development_0123456789"),
        webhook_token: Secret::new(TOKEN),
        base_url: OUTSIDE.to_owned(),
        timeout_ms: 200,
        ..XenditSettings::default()
    }
}

pub async fn start(dialect: Dialect, day: Day) -> World {
    let faults = if day == Day::Bad { BAD_DAY } else { Faults::default() };
    start_with(dialect, settings(), faults).await.0
}

/// With these settings and faults; the stand-in, too.
pub async fn start_with(dialect: Dialect, xendit: XenditSettings, faults: Faults) -> (World, FakeXendit) {
    let settings = Settings { xendit, ..Settings::default() };
    let app = TestApp::start(dialect, vec![service(settings.clone())]).await;
    let config = Config {
        secret_key: Secret::new("xnd_development_0123456789"),
        webhook_token: Secret::new(TOKEN),
        webhook_url: "http://souk.test/webhooks/xendit".to_owned(),
        base_url: OUTSIDE.to_owned(),
        hold: Duration::from_millis(300),
        faults,
    };
    let deliver = Arc::new(RouterDeliver(app.system.router()));
    let fake = FakeXendit::new(config, app.clock.clone(), Arc::new(SeededRandom::new(3)), deliver);
    app.outside.set(fake.router());
    let gateway = Gateway(fake.clone(), app.clock.clone());
    (World::new(app, settings, Box::new(gateway)).await, fake)
}

/// What a card of the stories does on a page.
pub fn way(card: Card) -> Way {
    match card {
        Card::Good | Card::Challenge => Way::Good,
        Card::Declined | Card::Poor => Way::Declined,
        Card::Slow => Way::Slow,
        Card::Silent => Way::Silent,
        Card::Doubled => Way::Doubled,
        Card::Disordered => Way::Disordered,
        Card::Late => Way::Late,
        Card::SlowRefund => Way::SlowRefund,
        Card::FailingRefund => Way::FailingRefund,
    }
}

struct Gateway(FakeXendit, Arc<kernel::ManualClock>);

impl Outside for Gateway {
    fn name(&self) -> &'static str {
        "xendit"
    }
    fn has_disputes(&self) -> bool {
        false
    }
    fn method(&self) -> &'static str {
        "xendit"
    }
    fn currency(&self) -> Currency {
        Currency::parse("PHP").unwrap()
    }
    fn token(&self, _: Card) -> Option<&'static str> {
        None
    }
    fn page(&self, payment_ref: &str) -> String {
        format!("{OUTSIDE}/web/{payment_ref}")
    }
    fn pump(&self) -> BoxFuture<'_, usize> {
        Box::pin(async { self.0.pump().await.unwrap() })
    }
    fn pay<'a>(&'a self, payment_ref: &'a str, card: Card) -> BoxFuture<'a, ()> {
        Box::pin(async move { assert!(self.0.pay(payment_ref, way(card)), "the page has closed") })
    }
    fn challenge<'a>(&'a self, _: &'a str, _: bool) -> BoxFuture<'a, ()> {
        unreachable!("Xendit asks the bank on its own page")
    }
    fn books(&self) -> BoxFuture<'_, Books> {
        let books = self.0.books();
        let (paid, captured, refunded) = (books.payments, books.captured, books.refunded);
        Box::pin(async move { Books { paid, captured, refunded, charged_twice: books.charged_twice } })
    }
    fn event(&self, id: &str, payment_ref: &str, _: bool) -> (&'static str, String) {
        let at = self.1.now().to_string();
        let event = json!({"id": payment_ref, "external_id": id, "status": "PAID", "updated": at});
        ("x-callback-token", event.to_string())
    }
}
