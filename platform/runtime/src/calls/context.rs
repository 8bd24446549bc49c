//! What a request brings along for the calls that are made while it is answered.

use http::{HeaderMap, HeaderValue};
use tokio::time::Instant;

use super::{REQUEST_ID, TRACEPARENT};

tokio::task_local! {
    static CONTEXT: Context;
}

/// Ids for the logs, and until when an answer is of use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    pub request_id: Option<HeaderValue>,
    pub traceparent: Option<HeaderValue>,
    pub deadline: Option<Instant>,
}

impl Context {
    /// Of a request that came in.
    pub(crate) fn of(headers: &HeaderMap, deadline: Option<Instant>) -> Self {
        let (request_id, traceparent) = (headers.get(REQUEST_ID).cloned(), headers.get(TRACEPARENT).cloned());
        Self { request_id, traceparent, deadline }
    }
    /// Of the request that is being answered; empty in background work.
    pub(crate) fn current() -> Self {
        CONTEXT.try_with(Clone::clone).unwrap_or_default()
    }
    /// Runs `work` with this context.
    pub(crate) async fn around<F: Future>(self, work: F) -> F::Output {
        CONTEXT.scope(self, work).await
    }
    /// Passes the ids on.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        if let Some(id) = &self.request_id {
            headers.insert(REQUEST_ID, id.clone());
        }
        if let Some(trace) = &self.traceparent {
            headers.insert(TRACEPARENT, trace.clone());
        }
    }
}
