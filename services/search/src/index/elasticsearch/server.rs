//! The way to the server: one node after the other until one answers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, header};
use kernel::{Error, Kind, Result};
use runtime::HttpOut;
use serde_json::Value;

use super::super::Settings;

/// What callers are told while the server is away; the cause goes into the log.
const AWAY: &str = "The search does not answer just now. Try again in a moment.";
/// How soon trying again makes sense.
const AGAIN_S: u64 = 5;

/// The nodes of a cluster, and who asks them.
pub struct Server {
    out: Arc<dyn HttpOut>,
    nodes: Vec<String>,
    /// Number of the node that answered last.
    current: AtomicUsize,
    authorization: Option<HeaderValue>,
    for_questions: Duration,
    for_writes: Duration,
}

/// What is asked of a server.
pub struct Ask {
    pub method: Method,
    /// With the query string.
    pub path: String,
    pub body: Body,
}

/// A body.
#[derive(Debug, Clone)]
pub enum Body {
    None,
    Json(Value),
    /// A JSON document a line: the bulk API's.
    Lines(Bytes),
}

/// What a server answers, whatever it says.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
}

impl Ask {
    pub fn get(path: String) -> Self {
        Self { method: Method::GET, path, body: Body::None }
    }
    pub fn put(path: String, body: Value) -> Self {
        Self { method: Method::PUT, path, body: Body::Json(body) }
    }
    pub fn post(path: String, body: Body) -> Self {
        Self { method: Method::POST, path, body }
    }
}

impl Answer {
    /// The body of an answer that says yes.
    ///
    /// # Errors
    /// Unavailable if the server refuses for reasons of its own, internal if it does not understand us; its words
    /// are the cause.
    pub fn or_error(self, what: &str) -> Result<Value> {
        match self.status {
            status if status.is_success() => Ok(self.body),
            StatusCode::BAD_REQUEST => Err(Error::internal(format!("Elasticsearch refused {what}: {}", self.words()))),
            _ => Err(away(format!("Elasticsearch refused {what}: {}", self.words()))),
        }
    }

    /// `type` of the error it names.
    pub fn error_type(&self) -> &str {
        self.body["error"]["type"].as_str().unwrap_or_default()
    }

    /// Its status and its own words, for the log.
    pub fn words(&self) -> String {
        let error = &self.body["error"];
        let (kind, reason) = (self.error_type(), error["reason"].as_str().or(error.as_str()).unwrap_or_default());
        format!("{} {kind} {}", self.status, reason.chars().take(500).collect::<String>())
    }
}

/// The search is not to be had for now.
pub fn away(cause: impl std::fmt::Display) -> Error {
    Error::unavailable(AWAY).retry_after_s(AGAIN_S).caused_by(cause)
}

impl Server {
    /// The server that the settings name. Nothing is asked yet.
    ///
    /// # Errors
    /// Invalid, with the setting's name, if something cannot be right.
    pub fn new(settings: &Settings, out: Arc<dyn HttpOut>) -> Result<Self> {
        settings.check_server()?;
        let (user, password) = (&settings.username, settings.password.expose());
        let authorization = match settings.api_key.expose() {
            "" if user.is_empty() => None,
            "" => Some(format!("Basic {}", BASE64.encode(format!("{user}:{password}")))),
            key => Some(format!("ApiKey {key}")),
        };
        let authorization = authorization.map(HeaderValue::try_from).transpose().map_err(Error::internal)?;
        let authorization = authorization.map(|mut value| {
            value.set_sensitive(true);
            value
        });
        Ok(Self {
            out,
            nodes: settings.nodes()?,
            current: AtomicUsize::new(0),
            authorization,
            for_questions: Duration::from_millis(settings.timeout_ms),
            for_writes: Duration::from_millis(settings.write_timeout_ms),
        })
    }

    /// Asks a question.
    ///
    /// # Errors
    /// Unavailable if no node answers, or none is able to.
    pub async fn ask(&self, ask: &Ask) -> Result<Answer> {
        self.ask_within(ask, self.for_questions).await
    }

    /// Has something written. An error does not say that nothing was: everything asked here may be asked again.
    ///
    /// # Errors
    /// As [`Server::ask`].
    pub async fn write(&self, ask: &Ask) -> Result<Answer> {
        self.ask_within(ask, self.for_writes).await
    }

    async fn ask_within(&self, ask: &Ask, patience: Duration) -> Result<Answer> {
        let mut last = away("there is no node");
        for _ in &self.nodes {
            let number = self.current.load(Ordering::Relaxed);
            let node = &self.nodes[number % self.nodes.len()];
            match self.ask_node(node, ask, patience).await {
                Ok(answer) if !is_busy(answer.status) => return Ok(answer),
                Ok(answer) => last = away(format!("{node}{}: {}", ask.path, answer.words())),
                Err(error) if error.is(Kind::Unavailable) => {
                    last = away(format!("{node}: {}", error.source_text().unwrap_or_default()));
                }
                Err(error) => return Err(error),
            }
            // Of many who fail at the same node one moves on.
            let _ = self.current.compare_exchange(number, number + 1, Ordering::Relaxed, Ordering::Relaxed);
        }
        Err(last)
    }

    async fn ask_node(&self, node: &str, ask: &Ask, patience: Duration) -> Result<Answer> {
        let mut request = Request::builder().method(&ask.method).uri(format!("{node}{}", ask.path));
        if let Some(authorization) = &self.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let (kind, body) = match &ask.body {
            Body::None => (None, Bytes::new()),
            Body::Json(value) => (Some("application/json"), Bytes::from(serde_json::to_vec(value)?)),
            Body::Lines(lines) => (Some("application/x-ndjson"), lines.clone()),
        };
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let answer = self.out.send(request.body(body).map_err(Error::internal)?, patience).await?;
        let status = answer.status();
        // A proxy in front says what it has to say in HTML.
        let body = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
        Ok(Answer { status, body })
    }
}

/// True if the same may be answered otherwise by another node, or later.
pub fn is_busy(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}
