//! Telling the merchant: signed, at least once, with back-off, in no particular order.

use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use futures::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use kernel::{Error, Result};
use sha2::Sha256;
use tower::ServiceExt;

use crate::{
    Sandbox,
    store::{Due, Store},
};

/// Name of the header that carries the signature.
pub const SIGNATURE_HEADER: &str = "sandbox-signature";

/// Deliveries under way at the same time.
const AT_ONCE: usize = 32;
/// An endpoint has to answer within this time.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// The longest sleep; a clock that is moved by hand is noticed after it.
const NAP: Duration = Duration::from_secs(1);
/// How much of an answer is read, so that the connection can be used again.
const ANSWER_BYTES: usize = 64 * 1024;

/// The value of the signature header: `t=<unix>,v1=<HMAC-SHA256 of "t.body" in hex>`.
pub fn signature(secret: &str, unix_seconds: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(unix_seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    format!("t={unix_seconds},v1={}", hex::encode(mac.finalize().into_bytes()))
}

/// How a webhook reaches its endpoint.
pub trait Deliver: Send + Sync {
    /// Posts `body` and gives the status of the answer.
    fn post<'a>(
        &'a self,
        url: &'a str,
        headers: Vec<(&'static str, String)>,
        body: Bytes,
    ) -> BoxFuture<'a, Result<u16>>;
}

fn request(url: &str, headers: Vec<(&'static str, String)>, body: Bytes) -> Result<Request<Full<Bytes>>> {
    let mut request = Request::post(url).header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(Full::new(body)).map_err(Error::internal)
}

/// Delivery over plain HTTP.
#[derive(Debug, Clone)]
pub struct HttpDeliver {
    client: Client<HttpConnector, Full<Bytes>>,
}

impl HttpDeliver {
    /// A client that keeps a few connections open.
    pub fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(Duration::from_secs(2)));
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(8)
            .build(connector);
        Self { client }
    }
}

impl Default for HttpDeliver {
    fn default() -> Self {
        Self::new()
    }
}

impl Deliver for HttpDeliver {
    fn post<'a>(
        &'a self,
        url: &'a str,
        headers: Vec<(&'static str, String)>,
        body: Bytes,
    ) -> BoxFuture<'a, Result<u16>> {
        async move {
            let answer = self.client.request(request(url, headers, body)?).await.map_err(Error::internal)?;
            let status = answer.status().as_u16();
            // Only the status counts; a body that is too long or breaks off costs the connection, no more.
            drop(Limited::new(answer.into_body(), ANSWER_BYTES).collect().await);
            Ok(status)
        }
        .boxed()
    }
}

/// Delivery to a router in the same process; of the address only the path counts.
#[derive(Debug, Clone)]
pub struct RouterDeliver(pub Router);

impl Deliver for RouterDeliver {
    fn post<'a>(
        &'a self,
        url: &'a str,
        headers: Vec<(&'static str, String)>,
        body: Bytes,
    ) -> BoxFuture<'a, Result<u16>> {
        async move {
            let request = request(url, headers, body)?.map(axum::body::Body::new);
            let answer = self.0.clone().oneshot(request).await.map_err(Error::internal)?;
            Ok(answer.status().as_u16())
        }
        .boxed()
    }
}

/// A delivery that is under way: nobody else takes it until this is dropped.
struct Taken {
    due: Due,
    sandbox: Sandbox,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.sandbox.under_way().remove(&self.due.number);
    }
}

impl Sandbox {
    /// Does what is due and delivers webhooks until `shutdown`; what is under way then is finished.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        let mut under_way = FuturesUnordered::new();
        loop {
            let wait = match self.take_due(AT_ONCE.saturating_sub(under_way.len())).await {
                Ok((taken, wait)) => {
                    under_way.extend(taken.into_iter().map(deliver));
                    wait
                }
                Err(error) => {
                    tracing::error!(%error, "sandbox: cannot read what is due");
                    NAP
                }
            };
            tokio::select! {
                () = &mut shutdown => break,
                () = self.inner.wake.notified() => {}
                Some(()) = under_way.next(), if !under_way.is_empty() => {}
                () = tokio::time::sleep(wait) => {}
            }
            // All that have ended by now, so that what is due is looked up once for them together.
            while let Some(Some(())) = under_way.next().now_or_never() {}
        }
        while under_way.next().await.is_some() {}
    }

    /// Does everything that is due now, once, and waits for it: for tests and tools that move the
    /// clock by hand. Gives the number of deliveries attempted.
    pub async fn pump(&self) -> Result<usize> {
        let mut attempted = 0;
        loop {
            let (taken, wait) = self.take_due(AT_ONCE).await?;
            if taken.is_empty() && !wait.is_zero() {
                return Ok(attempted);
            }
            attempted += taken.len();
            futures::future::join_all(taken.into_iter().map(deliver)).await;
        }
    }

    /// Fires timers and takes up to `room` deliveries that are due and not under way, with the
    /// time until there may be more.
    async fn take_due(&self, room: usize) -> Result<(Vec<Taken>, Duration)> {
        let (clock, random) = (self.inner.clock.clone(), self.inner.random.clone());
        let busy = self.under_way().clone();
        let (due, wait) = self
            .inner
            .journal
            .with(move |gateway| {
                let now = clock.now();
                let more = gateway.tick(now, &*random)?;
                let mut due = gateway.due(now, room + busy.len())?;
                due.retain(|due| !busy.contains(&due.number));
                due.truncate(room);
                let next = gateway.store().next_due(now)?;
                let wait = next.map_or(NAP, |next| next.since(now)).min(NAP);
                Ok((due, if more { Duration::ZERO } else { wait }))
            })
            .await?;
        let mut under_way = self.under_way();
        let taken = due
            .into_iter()
            .filter(|due| under_way.insert(due.number))
            .map(|due| Taken { due, sandbox: self.clone() })
            .collect();
        Ok((taken, wait))
    }

    async fn send(&self, url: &str, due: &Due) -> Option<u16> {
        let body = Bytes::copy_from_slice(due.body.as_bytes());
        let secret = self.inner.config.webhook_secret.expose();
        let signed = signature(secret, self.inner.clock.now().seconds(), &body);
        let headers = vec![(SIGNATURE_HEADER, signed), ("user-agent", "souk-sandbox".to_owned())];
        match tokio::time::timeout(ANSWER_WITHIN, self.inner.deliver.post(url, headers, body)).await {
            Ok(Ok(status)) => Some(status),
            Ok(Err(error)) => {
                tracing::debug!(%error, event = due.event, "sandbox: webhook not delivered");
                None
            }
            Err(_) => None,
        }
    }
}

async fn deliver(taken: Taken) {
    let Taken { due, sandbox } = &taken;
    let inner = &sandbox.inner;
    let status = match inner.config.webhook_urls.get(due.endpoint) {
        Some(url) => sandbox.send(url, due).await,
        // The endpoint was taken out of the configuration: nobody is there to be told.
        None => Some(200),
    };
    let (clock, random, number) = (inner.clock.clone(), inner.random.clone(), due.number);
    let noted = inner.journal.with(move |gateway| gateway.attempted(number, status, clock.now(), &*random)).await;
    if let Err(error) = noted {
        tracing::error!(%error, event = due.event, "sandbox: a delivery could not be noted; it will be sent again");
    }
}
