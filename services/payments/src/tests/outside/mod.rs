//! The same stories with every gateway behind the port: its cards, its bad days, its webhooks. Each runs on both
//! databases, and in the end our books and the gateway's must say the same.

pub mod midtrans;
pub mod paypal;
pub mod sandbox;
mod stories;
pub mod stripe;
pub mod xendit;

use std::{sync::Arc, time::Duration};

use contracts::payments::{PaymentCaptured, PaymentFailed, PaymentRefunded};
use db::Dialect;
use futures::future::{BoxFuture, LocalBoxFuture};
use kernel::{Currency, Money, OrderId};
use testkit::TestApp;

use super::{PARTS, order, payment, placed, reserve, sound, terms};
use crate::Settings;

/// What a card does; each gateway has its own name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    Good,
    Declined,
    Poor,
    Challenge,
    Slow,
    Silent,
    Doubled,
    Disordered,
    Late,
    SlowRefund,
    FailingRefund,
}

/// What a gateway holds, by its own books.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Books {
    /// Payments that took money.
    pub paid: usize,
    pub captured: i64,
    pub refunded: i64,
    pub charged_twice: Vec<String>,
}

/// A gateway outside, as the stories play with it.
pub trait Outside: Send + Sync {
    /// Its name in addresses.
    fn name(&self) -> &'static str;
    /// The way to pay that it offers.
    fn method(&self) -> &'static str {
        "card"
    }
    /// In which currency its buyers pay.
    fn currency(&self) -> Currency {
        Currency::EUR
    }
    /// So many minor units stand for one of the stories': rupiah are paid whole.
    fn scale(&self) -> i64 {
        1
    }
    /// The token that stands for a card; none where buyers pay on the page alone.
    fn token(&self, card: Card) -> Option<&'static str>;
    /// Address of the page for a payment.
    fn page(&self, payment_ref: &str) -> String;
    /// Timers fire, webhooks are delivered. How many.
    fn pump(&self) -> BoxFuture<'_, usize>;
    /// The buyer pays on the page.
    fn pay<'a>(&'a self, payment_ref: &'a str, card: Card) -> BoxFuture<'a, ()>;
    /// The buyer approves on the bank's page, or does not.
    fn challenge<'a>(&'a self, payment_ref: &'a str, approve: bool) -> BoxFuture<'a, ()>;
    fn books(&self) -> BoxFuture<'_, Books>;
    /// Whether it tells of disputes; only then they are opened and decided.
    fn has_disputes(&self) -> bool {
        true
    }
    /// The buyer has the bank take back so many cents; the gateway's id of it.
    fn dispute<'a>(&'a self, _payment_ref: &'a str, _minor: i64) -> BoxFuture<'a, String> {
        unreachable!("{} tells of no disputes", self.name())
    }
    /// The bank decides.
    fn decide<'a>(&'a self, _dispute_ref: &'a str, _won: bool) -> BoxFuture<'a, ()> {
        unreachable!("{} tells of no disputes", self.name())
    }
    /// An event about a payment, in its own words, and the name of the header with its signature.
    fn event(&self, id: &str, payment_ref: &str, live: bool) -> (&'static str, String);
}

/// How good its day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    Good,
    Bad,
}

/// Secret of the webhooks, of all of them.
pub const WEBHOOK_SECRET: &str = "whsec_0123456789abcdef";

/// A way to bring a gateway and the service together.
type Start = fn(Dialect, Day) -> LocalBoxFuture<'static, World>;

/// All gateways.
const GATEWAYS: &[Start] = &[
    |dialect, day| Box::pin(sandbox::start(dialect, day)),
    |dialect, day| Box::pin(stripe::start(dialect, day)),
    |dialect, day| Box::pin(paypal::start(dialect, day)),
    |dialect, day| Box::pin(xendit::start(dialect, day)),
    |dialect, day| Box::pin(midtrans::start(dialect, day)),
];

pub struct World {
    pub app: TestApp,
    pub settings: Settings,
    pub gateway: Box<dyn Outside>,
}

/// Runs a story with every gateway that takes tokens, on every database.
pub async fn each_with_tokens<Fut: Future<Output = ()>>(story: impl Fn(Arc<World>) -> Fut) {
    for start in &GATEWAYS[..2] {
        for dialect in [Dialect::Sqlite, Dialect::Postgres] {
            story(Arc::new(start(dialect, Day::Good).await)).await;
        }
    }
}

/// Runs a story with every gateway, on every database.
pub async fn each<Fut: Future<Output = ()>>(day: Day, story: impl Fn(Arc<World>) -> Fut) {
    for start in GATEWAYS {
        for dialect in [Dialect::Sqlite, Dialect::Postgres] {
            story(Arc::new(start(dialect, day).await)).await;
        }
    }
}

impl World {
    pub async fn new(app: TestApp, settings: Settings, gateway: Box<dyn Outside>) -> Self {
        terms(&app, "ada", 1000).await;
        terms(&app, "bob", 1250).await;
        Self { app, settings, gateway }
    }

    /// What the stories call so many cents, as this gateway's buyers pay it.
    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor * self.gateway.scale(), self.gateway.currency())
    }
    /// Lets everything happen that is due, on both sides.
    pub async fn settle(&self) {
        loop {
            self.app.settle().await;
            if self.gateway.pump().await == 0 {
                return self.app.settle().await;
            }
        }
    }
    pub async fn pass(&self, seconds: u64) {
        for _ in 0..seconds.div_ceil(5) {
            self.app.clock.advance(Duration::from_secs(5));
            self.settle().await;
        }
    }
    /// An order whose stock is held, paid with this card, or on the page.
    pub async fn order(&self, name: &str, card: Option<Card>) -> OrderId {
        let id = order(name);
        let token = card.and_then(|card| self.gateway.token(card));
        let mut event = placed(&self.app, id, token, PARTS);
        event.order.payment.method = self.gateway.method().to_owned();
        event.order.total = self.money(event.order.total.amount_minor);
        event.order.tax = self.money(0);
        for part in &mut event.order.parts {
            part.total = self.money(part.total.amount_minor);
            part.items = part.total;
            (part.shipping, part.tax) = (self.money(0), self.money(0));
        }
        self.app.deliver("payments", &event).await;
        reserve(&self.app, id).await;
        self.settle().await;
        if let Some(card) = card.filter(|_| token.is_none()) {
            self.pay(id, card).await;
        }
        id
    }
    pub async fn payment_ref(&self, id: OrderId) -> String {
        payment(&self.app, id).await.provider_ref.expect("opened")
    }
    /// The buyer waits for the page, and pays on it.
    pub async fn pay(&self, id: OrderId, card: Card) {
        for _ in 0..60 {
            if payment(&self.app, id).await.provider_ref.is_some() {
                break;
            }
            self.pass(5).await;
        }
        self.gateway.pay(&self.payment_ref(id).await, card).await;
        self.settle().await;
    }
    pub async fn challenge(&self, id: OrderId, approve: bool) {
        self.gateway.challenge(&self.payment_ref(id).await, approve).await;
        self.settle().await;
    }
    /// Captures, failures and refunds that were told of.
    pub async fn told(&self) -> (usize, usize, usize) {
        (
            self.app.published::<PaymentCaptured>("payments").await.len(),
            self.app.published::<PaymentFailed>("payments").await.len(),
            self.app.published::<PaymentRefunded>("payments").await.len(),
        )
    }
    /// Our books and the gateway's say the same.
    pub async fn agree(&self) {
        sound(&self.app).await;
        let books = self.gateway.books().await;
        assert!(books.charged_twice.is_empty(), "{books:?}");
        let of = async |column: &str| {
            let sql = format!("SELECT CAST(COALESCE(sum({column}), 0) AS BIGINT) FROM payments");
            self.app.count("payments", &sql).await
        };
        assert_eq!((of("captured_minor").await, of("settled_minor").await), (books.captured, books.refunded));
    }
}
