//! Calls to a gateway's API: [`runtime::Outgoing`] in the words of the port.

use bytes::Bytes;
use http::{Response, request::Builder};
use runtime::{Env, outgoing::NoReply};

use super::ProviderError;

/// The way to a gateway.
pub struct Outgoing(runtime::Outgoing);

impl Outgoing {
    /// To the gateway `name` at `base_url`.
    pub fn new(name: &'static str, base_url: &str, timeout_ms: u64, env: &Env) -> Self {
        Self(runtime::Outgoing::new(name, base_url, timeout_ms, env))
    }

    /// The gateway says `true` or `false` in this header where the same call may, or may not, be made again.
    pub fn heeding(self, verdict: &'static str) -> Self {
        Self(self.0.heeding(verdict))
    }

    /// Makes a call to `path`. Every call that changes something carries a key, so it may be made again.
    pub async fn send(&self, path: &str, request: Builder, body: Bytes) -> Result<Response<Bytes>, ProviderError> {
        self.0.send(path, request, body).await.map_err(|silence| match silence {
            NoReply::Unsent(reason) => ProviderError::Refused { reason },
            NoReply::Silence(cause) => ProviderError::NoAnswer(cause),
        })
    }
}
