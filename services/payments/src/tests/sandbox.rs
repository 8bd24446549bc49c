//! With the real sandbox gateway behind the port: its cards, its bad days, its webhooks.

use std::{sync::Arc, time::Duration};

use contracts::payments::{PaymentActionRequired, PaymentCaptured, PaymentFailed, PaymentRefunded, PaymentStatus};
use db::Dialect;
use http::Method;
use kernel::{Clock, OrderId, Secret, SeededRandom};
use sandbox::{Call, Command, Config, Faults, RouterDeliver, Sandbox, card::TestCard, signature};
use serde_json::json;
use testkit::{TestApp, admin, app::OUTSIDE};

use super::{PARTS, cancelled, eur, journal, order, payment, placed, reserve, review, sound, status, terms};
use crate::{SandboxSettings, Settings, service};

const WEBHOOK_SECRET: &str = "whsec_0123456789abcdef";

struct World {
    app: TestApp,
    sandbox: Sandbox,
}

impl World {
    async fn start(dialect: Dialect, faults: Faults) -> Self {
        let secret_key = Secret::new("sk_test_0123456789");
        let settings = Settings {
            sandbox: SandboxSettings {
                base_url: OUTSIDE.to_owned(),
                secret_key: secret_key.clone(),
                webhook_secret: Secret::new(WEBHOOK_SECRET),
                timeout_ms: 200,
                ..SandboxSettings::default()
            },
        };
        let app = TestApp::start(dialect, vec![service(settings)]).await;
        let mut config = Config::new(OUTSIDE, secret_key, Secret::new(WEBHOOK_SECRET));
        config.webhook_urls = vec!["http://souk.test/webhooks/sandbox".to_owned()];
        config.timeout_answer_ms = 400;
        config.faults = faults;
        let deliver = Arc::new(RouterDeliver(app.system.router()));
        let random = Arc::new(SeededRandom::new(3));
        let sandbox = sandbox::open(config, app.clock.clone(), random, deliver).await.unwrap();
        app.outside.set(sandbox.router());
        terms(&app, "ada", 1000).await;
        terms(&app, "bob", 1250).await;
        Self { app, sandbox }
    }

    /// Lets everything happen that is due, on both sides.
    async fn settle(&self) {
        loop {
            self.app.settle().await;
            if self.sandbox.pump().await.unwrap() == 0 {
                return self.app.settle().await;
            }
        }
    }
    async fn pass(&self, seconds: u64) {
        for _ in 0..seconds.div_ceil(5) {
            self.app.clock.advance(Duration::from_secs(5));
            self.settle().await;
        }
    }
    async fn order(&self, name: &str, token: Option<&str>) -> OrderId {
        let id = order(name);
        self.app.deliver("payments", &placed(&self.app, id, token, PARTS)).await;
        reserve(&self.app, id).await;
        self.settle().await;
        id
    }
    async fn payment_ref(&self, id: OrderId) -> String {
        payment(&self.app, id).await.provider_ref.expect("opened")
    }
    async fn buyer(&self, command: Command) {
        let outcome = self.sandbox.apply(Call::from(command)).await.unwrap();
        assert!(outcome.is_success(), "{}", outcome.body);
        self.settle().await;
    }
    async fn told(&self) -> (usize, usize, usize) {
        (
            self.app.published::<PaymentCaptured>("payments").await.len(),
            self.app.published::<PaymentFailed>("payments").await.len(),
            self.app.published::<PaymentRefunded>("payments").await.len(),
        )
    }
    /// Our books and the gateway's say the same.
    async fn agree(&self) {
        sound(&self.app).await;
        let summary = self.sandbox.summary().await.unwrap();
        assert!(summary.charged_twice.is_empty() && summary.unbalanced.is_empty(), "{summary:?}");
        let money = summary.by_currency.get("EUR").cloned().unwrap_or_default();
        let of = async |column: &str| {
            let sql = format!("SELECT CAST(COALESCE(sum({column}), 0) AS BIGINT) FROM payments");
            self.app.count("payments", &sql).await
        };
        assert_eq!(of("captured_minor").await, money.captured_minor);
        assert_eq!(of("settled_minor").await, money.refunded_minor);
    }
}

async fn with_sandbox<Fut: Future<Output = ()>>(test: impl Fn(Arc<World>) -> Fut) {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        test(Arc::new(World::start(dialect, Faults::default()).await)).await;
    }
}

#[tokio::test]
async fn a_token_pays_and_a_bad_one_does_not() {
    with_sandbox(|world| async move {
        let app = &world.app;
        let paid = world.order("a", Some("tok_visa")).await;
        assert_eq!(status(app, paid).await, PaymentStatus::Captured);
        let declined = world.order("b", Some("tok_declined")).await;
        assert_eq!(payment(app, declined).await.failure.as_deref(), Some("card_declined"));
        let poor = world.order("c", Some("tok_insufficient_funds")).await;
        assert_eq!(payment(app, poor).await.failure.as_deref(), Some("insufficient_funds"));
        let unknown = world.order("d", Some("tok_nonsense")).await;
        assert_eq!(payment(app, unknown).await.failure.as_deref(), Some("invalid_input"));
        assert_eq!(world.told().await, (1, 3, 0));
        world.pass(300).await;
        assert_eq!(world.told().await, (1, 3, 0));
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn on_the_page_one_card_is_declined_and_another_pays() {
    with_sandbox(|world| async move {
        let app = &world.app;
        let id = world.order("a", None).await;
        assert_eq!(status(app, id).await, PaymentStatus::RequiresAction);
        let told: Vec<PaymentActionRequired> = app.published("payments").await;
        let payment_ref = world.payment_ref(id).await;
        assert_eq!(told[0].url, format!("{OUTSIDE}/pay/{payment_ref}"));
        let card = |token| TestCard::by_token(token).unwrap().used();
        world.buyer(Command::Pay { payment: payment_ref.clone(), card: card("tok_declined") }).await;
        assert_eq!(status(app, id).await, PaymentStatus::RequiresAction);
        world.buyer(Command::Pay { payment: payment_ref, card: card("tok_visa") }).await;
        assert_eq!(status(app, id).await, PaymentStatus::Captured);
        assert_eq!(world.told().await, (1, 0, 0));
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn three_d_secure_is_approved_or_not() {
    with_sandbox(|world| async move {
        let app = &world.app;
        let (yes, no) = (world.order("yes", Some("tok_3ds")).await, world.order("no", Some("tok_3ds")).await);
        assert_eq!(status(app, yes).await, PaymentStatus::RequiresAction);
        let (first, second) = (world.payment_ref(yes).await, world.payment_ref(no).await);
        world.buyer(Command::Challenge { payment: first, approve: true }).await;
        world.buyer(Command::Challenge { payment: second, approve: false }).await;
        assert_eq!(status(app, yes).await, PaymentStatus::Captured);
        assert_eq!(payment(app, no).await.failure.as_deref(), Some("authentication_failed"));
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn a_success_whose_answer_never_comes_is_one_payment() {
    with_sandbox(|world| async move {
        let id = world.order("a", Some("tok_timeout_after_success")).await;
        world.pass(10).await;
        assert_eq!(status(&world.app, id).await, PaymentStatus::Captured);
        assert_eq!(world.told().await, (1, 0, 0));
        assert_eq!(world.sandbox.summary().await.unwrap().payments, 1);
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn late_and_doubled_and_disordered_events() {
    with_sandbox(|world| async move {
        let app = &world.app;
        let tokens =
            ["tok_processing", "tok_late", "tok_duplicate_webhooks", "tok_out_of_order_webhooks", "tok_late_webhooks"];
        for token in tokens {
            world.order(token, Some(token)).await;
        }
        world.pass(240).await;
        for token in tokens {
            assert_eq!(status(app, order(token)).await, PaymentStatus::Captured, "{token}");
        }
        assert_eq!(world.told().await, (5, 0, 0));
        assert_eq!(journal(app).await.len(), 5);
        assert_eq!(app.count("payments", "SELECT count(*) FROM webhook_inbox WHERE state <> 'handled'").await, 0);
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn orders_that_are_called_off_keep_no_money() {
    with_sandbox(|world| async move {
        let app = &world.app;
        let all = [
            ("paid", Some("tok_visa")),
            ("page", None),
            ("late", Some("tok_late")),
            ("silent", Some("tok_timeout_after_success")),
        ];
        for (name, token) in all {
            let id = world.order(name, token).await;
            app.deliver("payments", &cancelled(id)).await;
        }
        world.pass(300).await;
        assert_eq!(status(app, order("paid")).await, PaymentStatus::Refunded);
        assert_eq!(status(app, order("page")).await, PaymentStatus::Cancelled);
        assert_eq!(status(app, order("late")).await, PaymentStatus::Refunded);
        assert_eq!(status(app, order("silent")).await, PaymentStatus::Refunded);
        let money = world.sandbox.summary().await.unwrap().by_currency["EUR"].clone();
        assert_eq!((money.captured_minor, money.refunded_minor), (3 * 6040, 3 * 6040));
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn refunds_take_their_time_or_come_back() {
    with_sandbox(|world| async move {
        let app = &world.app;
        let slow = world.order("slow", Some("tok_refund_pending")).await;
        let fails = world.order("fails", Some("tok_refund_fails")).await;
        for (id, amount) in [(slow, 1000), (fails, 2000)] {
            let path = format!("/api/v1/admin/payments/{}/refunds", payment(app, id).await.id);
            let body = json!({"amount_minor": amount, "reason": "Scratched"});
            app.as_user(&admin()).key(&id.to_string()).post(&path, &body).await.expect(202);
        }
        app.settle().await;
        assert_eq!(payment(app, slow).await.refunds[0].status, "pending");
        world.pass(30).await;
        let (slow, fails) = (payment(app, slow).await, payment(app, fails).await);
        assert_eq!((slow.refunds[0].status.as_str(), slow.refunded), ("succeeded", eur(1000)));
        assert_eq!((fails.refunds[0].status.as_str(), fails.refunded), ("failed", eur(0)));
        assert!(review(app).await.is_empty());
        world.agree().await;
    })
    .await;
}

#[tokio::test]
async fn everything_at_once_with_a_gateway_that_has_a_bad_day() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let faults = Faults {
            duplicate_per_mille: 200,
            reorder_per_mille: 300,
            drop_first_per_mille: 200,
            timeout_per_mille: 100,
            unavailable_per_mille: 200,
            ..Faults::default()
        };
        let world = World::start(dialect, faults).await;
        let tokens =
            ["tok_visa", "tok_declined", "tok_processing", "tok_duplicate_webhooks", "tok_out_of_order_webhooks"];
        for n in 0..30 {
            let id = world.order(&format!("o{n}"), Some(tokens[n % tokens.len()])).await;
            if n % 3 == 0 {
                world.app.deliver("payments", &cancelled(id)).await;
            }
        }
        world.pass(1300).await;
        for n in 0..30 {
            let (declined, off) = (n % tokens.len() == 1, n % 3 == 0);
            let status = status(&world.app, order(&format!("o{n}"))).await;
            let fits = match (declined, off) {
                (true, _) => matches!(status, PaymentStatus::Failed | PaymentStatus::Cancelled),
                (false, true) => matches!(status, PaymentStatus::Refunded | PaymentStatus::Cancelled),
                (false, false) => status == PaymentStatus::Captured,
            };
            assert!(fits, "order {n}: {status:?}");
        }
        assert!(review(&world.app).await.is_empty());
        assert_eq!(world.app.count("payments", "SELECT count(*) FROM jobs WHERE state = 'dead'").await, 0);
        world.agree().await;
    }
}

#[tokio::test]
async fn forged_stale_and_tampered_events_are_refused() {
    with_sandbox(|world| async move {
        let app = &world.app;
        let id = world.order("a", None).await;
        let payment_ref = world.payment_ref(id).await;
        let event = json!({"id": "evt_1", "type": "payment.succeeded", "livemode": false, "data": {"object": {"id": payment_ref}}});
        let body = event.to_string();
        let now = app.clock.now().seconds();
        let send = async |header: Option<String>, body: &str| {
            let sender = header.map_or(app.guest(), |header| app.guest().header("sandbox-signature", header));
            sender.send(Method::POST, "/webhooks/sandbox", Some("application/json"), body.to_owned().into()).await
        };
        let sign = |secret: &str, at: i64| Some(signature(secret, at, body.as_bytes()));
        let good = sign(WEBHOOK_SECRET, now).unwrap();
        for (name, header, body) in [
            ("none", None, body.as_str()),
            ("other secret", sign("whsec_fedcba9876543210", now), &body),
            ("too old", sign(WEBHOOK_SECRET, now - 301), &body),
            ("from the future", sign(WEBHOOK_SECRET, now + 301), &body),
            ("other body", Some(good.clone()), &body.replace("evt_1", "evt_2")),
            ("other time", Some(good.replacen(&now.to_string(), &(now + 1).to_string(), 1)), &body),
            ("no time", good.split_once(',').map(|(_, rest)| rest.to_owned()), &body),
            ("nonsense", Some("t=,v1=".to_owned()), &body),
        ] {
            let answer = send(header, body).await;
            assert_eq!(answer.status, 400, "{name}");
            answer.expect_problem(400, "bad_signature");
        }
        assert_eq!(app.count("payments", "SELECT count(*) FROM webhook_inbox").await, 0);
        // Signed rightly it is noted, once, however often it is repeated; and what it claims is not so.
        for _ in 0..3 {
            send(Some(good.clone()), &body).await.expect(204);
        }
        assert_eq!(app.count("payments", "SELECT count(*) FROM webhook_inbox").await, 1);
        app.settle().await;
        assert_eq!(status(app, id).await, PaymentStatus::RequiresAction);
        let live = body.replace("\"livemode\":false", "\"livemode\":true").replace("evt_1", "evt_9");
        let header = signature(WEBHOOK_SECRET, now, live.as_bytes());
        send(Some(header), &live).await.expect_problem(400, "malformed_request");
        let broken = "{\"id\": 1}";
        send(Some(signature(WEBHOOK_SECRET, now, broken.as_bytes())), broken).await.expect_problem(400, "malformed_request");
    })
    .await;
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
