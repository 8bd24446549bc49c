//! Instances in etcd: every process enters itself under a lease, and watches the entries of all.
//!
//! etcd speaks JSON over HTTP beside gRPC (`/v3/…`, since 3.4); that is all that is needed here: four
//! calls and a stream, without a code generator.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use futures::future::BoxFuture;
use http::{Request, header, uri::Authority};
use http_body_util::BodyExt;
use kernel::{Error, Result};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{Board, Discovery, Instances, Settings};
use crate::calls::{HttpClient, http_client};

/// How long etcd may take to answer.
const ANSWER: Duration = Duration::from_secs(2);
/// Pause after etcd could not be reached.
const PAUSE: Duration = Duration::from_millis(500);
/// After so long without an event a watch is begun anew: a connection may die unnoticed.
const QUIET_MAX: Duration = Duration::from_secs(30);
/// Longest answer that is read.
const ANSWER_LIMIT: usize = 4 * 1024 * 1024;

/// Entries `<prefix>/<service>/<address>` in etcd.
pub struct Etcd {
    store: Arc<Store>,
    board: Arc<Board>,
    /// Ends when this process leaves.
    entry: Mutex<Option<CancellationToken>>,
    lease: Arc<Mutex<Option<String>>>,
    ttl_s: u64,
    /// Watching ends with this.
    _watching: DropGuard,
}

impl Etcd {
    /// Begins to watch. Needs a tokio runtime.
    pub fn new(settings: &Settings) -> Result<Self> {
        let store = Arc::new(Store::new(settings)?);
        let board = Arc::new(Board::default());
        let stop = CancellationToken::new();
        tokio::spawn(stop.clone().run_until_cancelled_owned(follow(store.clone(), board.clone())));
        let (entry, lease) = (Mutex::default(), Arc::default());
        Ok(Self { store, board, entry, lease, ttl_s: settings.ttl_s.max(2), _watching: stop.drop_guard() })
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.lock().unwrap_or_else(PoisonError::into_inner).take() {
            entry.cancel();
        }
    }
}

impl Discovery for Etcd {
    fn watch(&self, service: &'static str) -> watch::Receiver<Instances> {
        self.board.watch(service)
    }

    fn join<'a>(&'a self, services: &'a [&'static str], address: &'a Authority) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let keys = services.iter().map(|service| self.store.key(service, address)).collect();
            let entry = Entry {
                store: self.store.clone(),
                keys,
                address: address.to_string(),
                ttl_s: self.ttl_s,
                lease: self.lease.clone(),
            };
            let stop = CancellationToken::new();
            *self.entry.lock().unwrap_or_else(PoisonError::into_inner) = Some(stop.clone());
            tokio::spawn(stop.run_until_cancelled_owned(entry.keep()));
            Ok(())
        })
    }

    fn leave(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let entry = self.entry.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(entry) = entry {
                entry.cancel();
            }
            let lease = self.lease.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(lease) = lease
                && let Err(error) = self.store.ask("/v3/lease/revoke", json!({"ID": lease})).await
            {
                tracing::warn!(%error, "the entry in etcd ends by itself in some seconds");
            }
        })
    }

    fn reload(&self, _: &Settings) -> Result<()> {
        // Everything that may change is in etcd itself.
        Ok(())
    }
}

/// This process's entries, kept up.
struct Entry {
    store: Arc<Store>,
    keys: Vec<String>,
    address: String,
    ttl_s: u64,
    lease: Arc<Mutex<Option<String>>>,
}

impl Entry {
    async fn keep(self) {
        loop {
            match self.enter().await {
                Ok(lease) => {
                    self.renew(&lease).await;
                    tracing::warn!("the entry in etcd was lost and is made anew");
                }
                Err(error) => {
                    tracing::warn!(%error, "this process could not be entered in etcd");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    async fn enter(&self) -> Result<String> {
        let granted = self.store.ask("/v3/lease/grant", json!({"TTL": self.ttl_s.to_string()})).await?;
        let lease =
            granted["ID"].as_str().ok_or_else(|| Error::internal(format!("etcd granted {granted}")))?.to_owned();
        *self.lease.lock().unwrap_or_else(PoisonError::into_inner) = Some(lease.clone());
        for key in &self.keys {
            let entry = json!({"key": key, "value": BASE64.encode(&self.address), "lease": lease});
            self.store.ask("/v3/kv/put", entry).await?;
        }
        Ok(lease)
    }

    /// Renews the lease until it is lost.
    async fn renew(&self, lease: &str) {
        let mut missed = Duration::ZERO;
        let every = Duration::from_secs(self.ttl_s) / 3;
        while missed < Duration::from_secs(self.ttl_s) {
            tokio::time::sleep(every).await;
            match self.store.ask("/v3/lease/keepalive", json!({"ID": lease})).await {
                // A lease that has ended is answered without a time to live.
                Ok(kept) if kept["result"]["TTL"].as_str().is_some_and(|ttl| ttl != "0") => missed = Duration::ZERO,
                Ok(_) => return,
                Err(error) => {
                    tracing::warn!(%error, "the entry in etcd could not be renewed");
                    missed += every;
                }
            }
        }
    }
}

/// Follows what is entered; while etcd does not answer, what was known last stays.
async fn follow(store: Arc<Store>, board: Arc<Board>) {
    loop {
        let followed = async {
            let revision = read_all(&store, &board).await?;
            store.wait_for_change(revision).await
        };
        if let Err(error) = followed.await {
            tracing::warn!(%error, "etcd cannot be followed just now");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Reads all entries. Gives the revision they had.
async fn read_all(store: &Store, board: &Board) -> Result<i64> {
    let (from, to) = store.range();
    let all = store.ask("/v3/kv/range", json!({"key": from, "range_end": to})).await?;
    let mut found: Vec<(String, Vec<Authority>)> = Vec::new();
    for kv in all["kvs"].as_array().into_iter().flatten() {
        let entry = (text(&kv["key"]), text(&kv["value"]));
        let (Some(key), Some(address)) = entry else { continue };
        let Some(service) = key.strip_prefix(&store.prefix).and_then(|rest| rest.split('/').next()) else { continue };
        match address.parse() {
            Ok(authority) => found.push((service.to_owned(), vec![authority])),
            Err(_) => tracing::warn!(key, address, "an entry in etcd is no address"),
        }
    }
    board.replace(found);
    let revision = all["header"]["revision"].as_str().and_then(|r| r.parse().ok());
    revision.ok_or_else(|| Error::internal("etcd named no revision"))
}

fn text(base64: &Value) -> Option<String> {
    String::from_utf8(BASE64.decode(base64.as_str()?).ok()?).ok()
}

/// etcd itself.
struct Store {
    client: HttpClient,
    addresses: Vec<String>,
    /// Index of the address that answered last.
    current: AtomicUsize,
    /// With a slash at the end.
    prefix: String,
}

impl Store {
    fn new(settings: &Settings) -> Result<Self> {
        let addresses: Vec<String> = settings.etcd.iter().map(|a| a.trim_end_matches('/').to_owned()).collect();
        if addresses.is_empty() {
            return Err(Error::invalid("discovery.etcd", "Name at least one address of etcd."));
        }
        if let Some(wrong) = addresses.iter().find(|a| !a.starts_with("http://") || a.parse::<http::Uri>().is_err()) {
            return Err(Error::invalid("discovery.etcd", format!("“{wrong}” is not of the form http://host:port.")));
        }
        let prefix = format!("{}/", settings.prefix.trim_matches('/'));
        Ok(Self { client: http_client(), addresses, current: AtomicUsize::new(0), prefix })
    }

    fn key(&self, service: &str, address: &Authority) -> String {
        BASE64.encode(format!("{}{service}/{address}", self.prefix))
    }

    /// All keys of the installation: from the prefix to the first text behind it.
    fn range(&self) -> (String, String) {
        let mut end = self.prefix.clone().into_bytes();
        if let Some(last) = end.last_mut() {
            *last += 1;
        }
        (BASE64.encode(&self.prefix), BASE64.encode(end))
    }

    /// Asks one member after the other until one answers.
    async fn ask(&self, path: &str, question: Value) -> Result<Value> {
        let mut last = Error::unavailable("etcd does not answer.");
        for _ in 0..self.addresses.len() {
            let asked = async {
                let body = self.post(path, &question).await?;
                axum::body::to_bytes(body, ANSWER_LIMIT).await.map_err(Error::internal)
            };
            match tokio::time::timeout(ANSWER, asked).await {
                Ok(Ok(bytes)) => return Ok(serde_json::from_slice(&bytes)?),
                Ok(Err(error)) => last = error,
                Err(_) => last = Error::unavailable(format!("etcd does not answer within {ANSWER:?}.")),
            }
            self.current.fetch_add(1, Ordering::Relaxed);
        }
        Err(last)
    }

    async fn post(&self, path: &str, question: &Value) -> Result<Body> {
        let address = &self.addresses[self.current.load(Ordering::Relaxed) % self.addresses.len()];
        let request = Request::post(format!("{address}{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(question.to_string()))
            .map_err(Error::internal)?;
        let cannot = |cause: String| Error::unavailable(format!("etcd at {address} does not answer.")).caused_by(cause);
        let response = self.client.request(request).await.map_err(|e| cannot(e.to_string()))?;
        if !response.status().is_success() {
            return Err(cannot(format!("{path} was answered {}", response.status())));
        }
        Ok(Body::new(response.into_body()))
    }

    /// Returns when an entry changes after `revision`, or when it is time to look anyway.
    async fn wait_for_change(&self, revision: i64) -> Result<()> {
        let (from, to) = self.range();
        let start = (revision + 1).to_string();
        let question = json!({"create_request": {"key": from, "range_end": to, "start_revision": start}});
        let watched = async {
            let mut body = self.post("/v3/watch", &question).await?;
            let mut line = Vec::new();
            while let Some(frame) = body.frame().await {
                let Ok(data) = frame.map_err(Error::internal)?.into_data() else { continue };
                line.extend_from_slice(&data);
                // Messages are lines; the first only says that the watch has begun.
                if String::from_utf8_lossy(&line)
                    .lines()
                    .any(|l| l.contains("\"events\"") || l.contains("\"canceled\""))
                {
                    return Ok(());
                }
            }
            Err(Error::unavailable("etcd ended a watch."))
        };
        tokio::time::timeout(QUIET_MAX, watched).await.unwrap_or(Ok(()))
    }
}
