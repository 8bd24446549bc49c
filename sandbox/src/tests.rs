//! The gateway from outside: through its router, its webhooks and its file.

mod core;
mod disputes;
mod hosted;
mod idempotency;
mod payees;
mod payments;
mod restart;
mod webhooks;

use std::{
    collections::VecDeque,
    path::Path,
    sync::{Arc, Mutex},
};

use axum::body::Body;
use bytes::Bytes;
use futures::{FutureExt, future::BoxFuture};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use kernel::{ManualClock, Result, Secret, SeededRandom, Timestamp};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Config, Deliver, JournalAt, Sandbox, open};

pub const KEY: &str = "sk_test_0123456789abcdef";
pub const WEBHOOK_SECRET: &str = "whsec_0123456789abcdef";
pub const NOW: Timestamp = Timestamp(1_795_182_300_000_000);

/// A webhook as it arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub url: String,
    pub signature: String,
    pub body: String,
}

impl Arrived {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }
}

/// An endpoint that keeps what arrives and answers as told, else 200.
#[derive(Default)]
pub struct Inbox {
    pub arrived: Mutex<Vec<Arrived>>,
    pub answers: Mutex<VecDeque<Option<u16>>>,
}

impl Inbox {
    pub fn answer(&self, answers: &[Option<u16>]) {
        self.answers.lock().unwrap().extend(answers);
    }
    pub fn take(&self) -> Vec<Arrived> {
        std::mem::take(&mut self.arrived.lock().unwrap())
    }
    pub fn kinds(&self) -> Vec<String> {
        self.take().iter().map(Arrived::kind).collect()
    }
}

impl Deliver for Inbox {
    fn post<'a>(
        &'a self,
        url: &'a str,
        headers: Vec<(&'static str, String)>,
        body: Bytes,
    ) -> BoxFuture<'a, Result<u16>> {
        let signature = headers.iter().find(|(name, _)| *name == crate::SIGNATURE_HEADER).unwrap().1.clone();
        let body = String::from_utf8(body.to_vec()).unwrap();
        self.arrived.lock().unwrap().push(Arrived { url: url.to_owned(), signature, body });
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(Some(200));
        async move { answer.ok_or_else(|| kernel::Error::unavailable("no answer")) }.boxed()
    }
}

/// A sandbox whose clock stands still unless moved.
pub struct Bench {
    pub sandbox: Sandbox,
    pub clock: Arc<ManualClock>,
    pub inbox: Arc<Inbox>,
}

pub fn config() -> Config {
    let mut config = Config::new("http://shop.test/sandbox", Secret::new(KEY), Secret::new(WEBHOOK_SECRET));
    config.webhook_urls = vec!["http://shop.test/hooks".to_owned()];
    config.merchant = "Corner & Co".to_owned();
    config
}

impl Bench {
    pub async fn new() -> Self {
        Self::with(config()).await
    }

    pub async fn on(path: &Path) -> Self {
        Self::with(Config { journal: JournalAt::Path(path.to_owned()), ..config() }).await
    }

    pub async fn with(config: Config) -> Self {
        let (clock, inbox) = (Arc::new(ManualClock::new(NOW)), Arc::new(Inbox::default()));
        let random = Arc::new(SeededRandom::new(7));
        let sandbox = open(config, clock.clone(), random, inbox.clone()).await.unwrap();
        Self { sandbox, clock, inbox }
    }

    pub async fn send(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let response = self.sandbox.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let (status, _, body) = self.send(signed("GET", path).body(Body::empty()).unwrap()).await;
        (status.as_u16(), serde_json::from_str(&body).unwrap())
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let (status, _, body) = self.send(signed("POST", path).body(Body::from(body.to_string())).unwrap()).await;
        (status.as_u16(), serde_json::from_str(&body).unwrap())
    }

    /// Status, whether it was replayed, and the bytes.
    pub async fn post_with_key(&self, path: &str, key: &str, body: Value) -> (u16, bool, String) {
        let request = signed("POST", path).header("idempotency-key", key).body(Body::from(body.to_string())).unwrap();
        let (status, headers, body) = self.send(request).await;
        (status.as_u16(), headers.contains_key("idempotent-replayed"), body)
    }

    pub async fn page(&self, path: &str) -> (u16, HeaderMap, String) {
        let (status, headers, body) = self.send(Request::get(path).body(Body::empty()).unwrap()).await;
        (status.as_u16(), headers, body)
    }

    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> (u16, HeaderMap, String) {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        let (status, headers, body) = self.send(request.body(Body::from(body)).unwrap()).await;
        (status.as_u16(), headers, body)
    }

    /// Opens a payment without a token and gives its id.
    pub async fn hosted(&self) -> String {
        let (status, payment) = self.post("/v1/payments", order(json!({}))).await;
        assert_eq!((status, &payment["status"]), (201, &json!("requires_payment")));
        payment["id"].as_str().unwrap().to_owned()
    }

    /// Opens a payment with a token.
    pub async fn token(&self, token: &str) -> Value {
        let (status, payment) = self.post("/v1/payments", order(json!({"payment_token": token}))).await;
        assert_eq!(status, 201, "{payment}");
        payment
    }

    pub async fn payment(&self, id: &str) -> Value {
        let (status, payment) = self.get(&format!("/v1/payments/{id}")).await;
        assert_eq!(status, 200);
        payment
    }

    /// Number of payments, captured and refunded euro cents, by the journal.
    pub async fn books(&self) -> (i64, i64, i64) {
        let summary = self.sandbox.summary().await.unwrap();
        assert_eq!(summary.unbalanced, Vec::<String>::new());
        let euro = summary.by_currency.get("EUR").cloned().unwrap_or_default();
        (summary.payments, euro.captured_minor, euro.refunded_minor)
    }

    pub fn advance_ms(&self, millis: u64) {
        self.clock.advance(std::time::Duration::from_millis(millis));
    }
}

pub fn signed(method: &str, path: &str) -> http::request::Builder {
    Request::builder().method(method).uri(path).header("authorization", format!("Bearer {KEY}"))
}

/// A valid body for a payment, with members changed or added.
pub fn order(with: Value) -> Value {
    let mut body = json!({
        "amount_minor": 4_990,
        "currency": "EUR",
        "reference": "order-1",
        "description": "A blue mug",
        "return_url": "http://shop.test/return",
        "cancel_url": "http://shop.test/cart",
    });
    for (name, value) in with.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// The card form as a buyer fills it.
pub fn card(number: &str) -> [(&str, &str); 4] {
    [("number", number), ("expiry", "12 / 34"), ("cvc", "123"), ("name", "Ada Lovelace")]
}
