//! The sandbox gateway.

use std::sync::Arc;

use db::Dialect;
use futures::future::BoxFuture;
use kernel::{Secret, SeededRandom};
use sandbox::{Call, Command, Config, Faults, RouterDeliver, Sandbox, card::TestCard};
use serde_json::json;
use testkit::{TestApp, app::OUTSIDE};

use super::{Books, Card, Day, Outside, WEBHOOK_SECRET, World};
use crate::{SandboxSettings, Settings, service};

const BAD_DAY: Faults = Faults {
    duplicate_per_mille: 200,
    reorder_per_mille: 300,
    drop_first_per_mille: 200,
    timeout_per_mille: 100,
    unavailable_per_mille: 200,
    delay_per_mille: 0,
    delay_ms: 0,
};

/// Settings that fit the gateway.
pub fn settings() -> SandboxSettings {
    SandboxSettings {
        base_url: OUTSIDE.to_owned(),
        secret_key: Secret::new("sk_test_0123456789"),
        webhook_secret: Secret::new(WEBHOOK_SECRET),
        timeout_ms: 200,
        ..SandboxSettings::default()
    }
}

pub async fn start(dialect: Dialect, day: Day) -> World {
    start_with(dialect, day).await.0
}

/// The gateway, too.
pub async fn start_with(dialect: Dialect, day: Day) -> (World, Sandbox) {
    started(dialect, day, 0).await
}

/// It keeps so much of each capture, in basis points.
pub async fn start_keeping(dialect: Dialect, fee_bp: u16) -> World {
    started(dialect, Day::Good, fee_bp).await.0
}

async fn started(dialect: Dialect, day: Day, fee_bp: u16) -> (World, Sandbox) {
    let settings = Settings { sandbox: settings(), ..Settings::default() };
    let app = TestApp::start(dialect, vec![service(settings.clone())]).await;
    let mut config = Config::new(OUTSIDE, Secret::new("sk_test_0123456789"), Secret::new(WEBHOOK_SECRET));
    config.webhook_urls = vec!["http://souk.test/webhooks/sandbox".to_owned()];
    config.timeout_answer_ms = 400;
    config.fee_bp = fee_bp;
    config.faults = if day == Day::Bad { BAD_DAY } else { Faults::default() };
    let deliver = Arc::new(RouterDeliver(app.system.router()));
    let random = Arc::new(SeededRandom::new(3));
    let sandbox = sandbox::open(config, app.clock.clone(), random, deliver).await.unwrap();
    app.outside.set(sandbox.router());
    (World::new(app, settings, Box::new(Gateway(sandbox.clone()))).await, sandbox)
}

struct Gateway(Sandbox);

impl Gateway {
    async fn obey(&self, command: Command) {
        let outcome = self.0.apply(Call::from(command)).await.unwrap();
        assert!(outcome.is_success(), "{}", outcome.body);
    }
}

impl Outside for Gateway {
    fn name(&self) -> &'static str {
        "sandbox"
    }
    fn token(&self, card: Card) -> Option<&'static str> {
        Some(match card {
            Card::Good => "tok_visa",
            Card::Declined => "tok_declined",
            Card::Poor => "tok_insufficient_funds",
            Card::Challenge => "tok_3ds",
            Card::Slow => "tok_processing",
            Card::Silent => "tok_timeout_after_success",
            Card::Doubled => "tok_duplicate_webhooks",
            Card::Disordered => "tok_out_of_order_webhooks",
            Card::Late => "tok_late",
            Card::SlowRefund => "tok_refund_pending",
            Card::FailingRefund => "tok_refund_fails",
        })
    }
    fn page(&self, payment_ref: &str) -> String {
        format!("{OUTSIDE}/pay/{payment_ref}")
    }
    fn pump(&self) -> BoxFuture<'_, usize> {
        Box::pin(async { self.0.pump().await.unwrap() })
    }
    fn pay<'a>(&'a self, payment_ref: &'a str, card: Card) -> BoxFuture<'a, ()> {
        let card = self.token(card).and_then(TestCard::by_token).unwrap().used();
        Box::pin(self.obey(Command::Pay { payment: payment_ref.to_owned(), card }))
    }
    fn challenge<'a>(&'a self, payment_ref: &'a str, approve: bool) -> BoxFuture<'a, ()> {
        Box::pin(self.obey(Command::Challenge { payment: payment_ref.to_owned(), approve }))
    }
    fn books(&self) -> BoxFuture<'_, Books> {
        Box::pin(async {
            let summary = self.0.summary().await.unwrap();
            assert!(summary.unbalanced.is_empty(), "{summary:?}");
            let money = summary.by_currency.get("EUR").cloned().unwrap_or_default();
            Books {
                paid: usize::try_from(summary.payments).unwrap(),
                captured: money.captured_minor,
                refunded: money.refunded_minor,
                charged_twice: summary.charged_twice,
            }
        })
    }
    fn dispute<'a>(&'a self, payment_ref: &'a str, minor: i64) -> BoxFuture<'a, String> {
        Box::pin(async move {
            let (payment, reason) = (payment_ref.to_owned(), "product_not_received".to_owned());
            let dispute = Command::Dispute { payment, amount_minor: Some(minor), reason };
            self.0.apply(Call::from(dispute)).await.unwrap().dispute().unwrap().id
        })
    }
    fn decide<'a>(&'a self, dispute_ref: &'a str, won: bool) -> BoxFuture<'a, ()> {
        Box::pin(self.obey(Command::Decide { dispute: dispute_ref.to_owned(), won }))
    }
    fn event(&self, id: &str, payment_ref: &str, live: bool) -> (&'static str, String) {
        let object = json!({"object": {"id": payment_ref}});
        let event = json!({"id": id, "type": "payment.succeeded", "livemode": live, "data": object});
        ("sandbox-signature", event.to_string())
    }
}

#[tokio::test]
async fn weak_secrets_stop_the_start() {
    let mut settings = SandboxSettings { base_url: OUTSIDE.to_owned(), ..SandboxSettings::default() };
    let out: Arc<dyn runtime::HttpOut> = Arc::new(runtime::RouterOut::new(OUTSIDE).unwrap());
    for secret in ["secret_key", "webhook_secret"] {
        let error = crate::provider::sandbox::Sandbox::new(settings.clone(), out.clone()).err().expect("refused");
        assert_eq!(error.fields()[0].field, format!("payments.sandbox.{secret}"));
        settings.secret_key = Secret::new("sk_test_0123456789");
    }
}
