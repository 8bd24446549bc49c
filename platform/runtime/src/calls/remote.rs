//! Calls to services in other processes.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use contracts::{Call, Reply};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use kernel::{Error, Identity, Random, Result};
use tokio::time::Instant;

use super::{
    IDENTITY, Outgoing, Payload, Reading, ServiceTokens, Upstream,
    context::Context,
    directory::{ANSWER_LIMIT, has_content_type},
    outgoing::{HttpClient, http_client, is_repeatable},
};
use crate::discovery::Discovery;

/// What lies between the processes of an installation.
pub struct Network {
    discovery: Arc<dyn Discovery>,
    client: HttpClient,
    tokens: Arc<ServiceTokens>,
    random: Arc<dyn Random>,
    upstreams: Mutex<BTreeMap<&'static str, Arc<Upstream>>>,
}

impl Network {
    /// Services are found by `discovery`, and told who calls by `tokens`.
    pub fn new(discovery: Arc<dyn Discovery>, tokens: Arc<ServiceTokens>, random: Arc<dyn Random>) -> Arc<Self> {
        Arc::new(Self { discovery, client: http_client(), tokens, random, upstreams: Mutex::default() })
    }

    /// A service elsewhere.
    pub fn upstream(&self, service: &'static str) -> Arc<Upstream> {
        let mut upstreams = self.upstreams.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || {
            let told = self.discovery.watch(service);
            Arc::new(Upstream::new(service, told, self.client.clone(), self.random.clone()))
        };
        upstreams.entry(service).or_insert_with(fresh).clone()
    }

    /// How instances find each other.
    pub fn discovery(&self) -> &Arc<dyn Discovery> {
        &self.discovery
    }

    /// What proves who calls.
    pub fn tokens(&self) -> &Arc<ServiceTokens> {
        &self.tokens
    }

    pub(super) fn remote(&self, service: &'static str) -> Remote {
        Remote { service, upstream: self.upstream(service), tokens: self.tokens.clone() }
    }
}

/// Carries typed calls to one service elsewhere.
pub(super) struct Remote {
    service: &'static str,
    upstream: Arc<Upstream>,
    tokens: Arc<ServiceTokens>,
}

impl Remote {
    pub async fn call(&self, call: Call) -> Result<Reply> {
        let context = Context::current();
        let own = Instant::now() + call.timeout;
        let deadline = context.deadline.map_or(own, |deadline| deadline.min(own));
        let headers = self.headers(&call, &context)?;
        let method = call.method.http();
        let outgoing = Outgoing {
            repeatable: is_repeatable(&method, &headers),
            method,
            path: call.path,
            headers,
            payload: Payload::Whole(call.body),
            deadline: Some(deadline),
            reading: Reading::Whole(ANSWER_LIMIT),
        };
        let (parts, body) = self.upstream.send(outgoing).await?.into_parts();
        // It is at hand already.
        let body = axum::body::to_bytes(body, ANSWER_LIMIT).await.map_err(Error::internal)?;
        Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    fn headers(&self, call: &Call, context: &Context) -> Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        if !call.body.is_empty() && !has_content_type(call) {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in &call.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(Error::internal)?;
            headers.append(name, HeaderValue::from_str(value).map_err(Error::internal)?);
        }
        context.write(&mut headers);
        if let Some(token) = self.token(&call.identity)? {
            headers.insert(IDENTITY, token);
        }
        Ok(headers)
    }

    fn token(&self, identity: &Identity) -> Result<Option<HeaderValue>> {
        self.tokens.token(self.service, identity)
    }
}
