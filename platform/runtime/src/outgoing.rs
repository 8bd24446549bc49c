//! Calls to the API of somebody outside: within a deadline, again where they say that nothing was done, and not at all
//! for a while once they have stopped to answer.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header, request::Builder};
use kernel::{Clock, Timestamp};

use crate::{env::Env, http_out::HttpOut};

/// Tries in all, where they say that nothing was done.
const TRIES: u32 = 3;
/// Pause before the second try; doubled before the third.
const PAUSE: Duration = Duration::from_millis(150);
/// Whoever wants to be left alone for longer is asked again by a job.
const PAUSE_MAX: Duration = Duration::from_secs(2);
/// Calls without an answer, one after the other, after which they are left alone.
const FAILURES_MAX: u32 = 5;
/// For how long.
const ALONE: Duration = Duration::from_secs(10);

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoReply {
    /// The call cannot even be written; it was not made.
    Unsent(String),
    /// Whether anything was done is not known.
    Silence(String),
}

/// The way to one of them.
pub struct Outgoing {
    name: &'static str,
    base_url: String,
    timeout: Duration,
    /// Header in which they say themselves whether the same call may be made again.
    verdict: Option<&'static str>,
    out: Arc<dyn HttpOut>,
    clock: Arc<dyn Clock>,
    health: Mutex<Health>,
}

#[derive(Default)]
struct Health {
    failures: u32,
    alone_until: Option<Timestamp>,
}

impl Outgoing {
    /// To `name` at `base_url`.
    pub fn new(name: &'static str, base_url: &str, timeout_ms: u64, env: &Env) -> Self {
        Self {
            name,
            base_url: base_url.trim_end_matches('/').to_owned(),
            timeout: Duration::from_millis(timeout_ms),
            verdict: None,
            out: env.http_out.clone(),
            clock: env.clock.clone(),
            health: Mutex::default(),
        }
    }

    /// They say `true` or `false` in this header where the same call may, or may not, be made again.
    #[must_use]
    pub fn heeding(self, verdict: &'static str) -> Self {
        Self { verdict: Some(verdict), ..self }
    }

    /// Makes a call to `path`. It may be made more than once: every call that changes something carries a key, or can do
    /// no harm the second time.
    ///
    /// # Errors
    /// If no answer came; an answer of whatever status is one.
    pub async fn send(&self, path: &str, request: Builder, body: Bytes) -> Result<Response<Bytes>, NoReply> {
        let unsent = |e: http::Error| NoReply::Unsent(format!("request: {e}"));
        let request = request.uri(format!("{}{path}", self.base_url)).body(body).map_err(unsent)?;
        let mut pause = PAUSE;
        for _ in 1..TRIES {
            let response = self.send_once(request.clone()).await?;
            match self.wants_another_try(&response) {
                Some(after) if after <= PAUSE_MAX => tokio::time::sleep(after.max(pause)).await,
                _ => return Ok(response),
            }
            pause *= 2;
        }
        self.send_once(request).await
    }

    async fn send_once(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NoReply> {
        if self.is_left_alone() {
            return Err(NoReply::Silence(format!("{} has not answered lately", self.name)));
        }
        let answer = self.out.send(request, self.timeout).await;
        self.note(answer.as_ref().is_ok_and(|response| !response.status().is_server_error()));
        answer.map_err(|e| NoReply::Silence(e.source_text().unwrap_or_default().to_owned()))
    }

    fn is_left_alone(&self) -> bool {
        let health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        health.alone_until.is_some_and(|until| self.clock.now() < until)
    }

    /// After the pause a single failure suffices for the next one.
    fn note(&self, answered: bool) {
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        if answered {
            *health = Health::default();
            return;
        }
        health.failures += 1;
        if health.failures >= FAILURES_MAX {
            health.alone_until = Some(self.clock.now().plus(ALONE));
            metrics::counter!("souk_outside_silent_total", "who" => self.name).increment(1);
            tracing::warn!(who = self.name, "no answers from outside, left alone for a while");
        }
    }

    /// How long to wait before the same call is made again, if they say that nothing was done.
    fn wants_another_try(&self, response: &Response<Bytes>) -> Option<Duration> {
        let text = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let busy = matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        let again = self.verdict.and_then(text).map_or(busy, |word| word == "true");
        let after = text(header::RETRY_AFTER.as_str()).and_then(|seconds| seconds.parse().ok());
        again.then(|| Duration::from_secs(after.unwrap_or(0)))
    }
}
