//! Calls to the outside (payment providers and the like) as a port.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::Router;
use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, builderstates::WantsSchemes};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use kernel::{Error, Result};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tower::ServiceExt;

/// Largest answer that is read, unless another limit is set.
const ANSWER_LIMIT: usize = 1024 * 1024;

/// Makes HTTP calls to the outside. `Err` means that no answer came: whether the call had an
/// effect is then unknown.
pub trait HttpOut: Send + Sync {
    /// Makes a call, within `timeout`.
    fn send(&self, request: Request<Bytes>, timeout: Duration) -> BoxFuture<'_, Result<Response<Bytes>>>;
}

/// The network, with TLS where the address says `https`: whom the common authorities vouch for is believed.
pub struct HyperOut {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    answer_limit: usize,
}

impl HyperOut {
    /// Reads answers of up to 1 MiB.
    ///
    /// # Errors
    /// Internal if the TLS library offers no protocol.
    pub fn new() -> Result<Self> {
        let provider = rustls::crypto::ring::default_provider();
        let tls = HttpsConnectorBuilder::new().with_provider_and_webpki_roots(provider).map_err(Error::internal)?;
        Ok(Self::over(tls))
    }

    /// The same, believing nobody but the authority whose certificates are in the file `pem`.
    ///
    /// # Errors
    /// Invalid if the file cannot be read or holds no certificate, else as [`HyperOut::new`].
    pub fn believing(pem: &Path) -> Result<Self> {
        let cannot = |cause: String| {
            Error::invalid("ca_file", format!("{} is no file of certificates in PEM.", pem.display())).caused_by(cause)
        };
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(pem).map_err(|e| cannot(format!("{e:?}")))? {
            let certificate = certificate.map_err(|e| cannot(format!("{e:?}")))?;
            roots.add(certificate).map_err(|e| cannot(e.to_string()))?;
        }
        if roots.is_empty() {
            return Err(cannot("it holds none".to_owned()));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(Error::internal)?.with_root_certificates(roots).with_no_client_auth();
        Ok(Self::over(HttpsConnectorBuilder::new().with_tls_config(config)))
    }

    fn over(tls: HttpsConnectorBuilder<WantsSchemes>) -> Self {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(Duration::from_secs(2)));
        connector.set_nodelay(true);
        let connector = tls.https_or_http().enable_http1().wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new()).pool_idle_timeout(Duration::from_secs(30)).build(connector);
        Self { client, answer_limit: ANSWER_LIMIT }
    }

    /// The same, reading answers of up to so many bytes.
    #[must_use]
    pub fn reading_up_to(self, answer_limit: usize) -> Self {
        Self { answer_limit, ..self }
    }
}

impl HttpOut for HyperOut {
    fn send(&self, request: Request<Bytes>, timeout: Duration) -> BoxFuture<'_, Result<Response<Bytes>>> {
        Box::pin(async move {
            let call = async {
                let response = self.client.request(request.map(Full::new)).await;
                let response = response.map_err(|e| no_answer(with_sources(&e)))?;
                let (parts, body) = response.into_parts();
                let body = Limited::new(body, self.answer_limit).collect().await.map_err(no_answer)?.to_bytes();
                Ok(Response::from_parts(parts, body))
            };
            tokio::time::timeout(timeout, call).await.map_err(no_answer)?
        })
    }
}

/// With what it was caused by: that a certificate was not believed is said there alone.
fn with_sources(error: &dyn std::error::Error) -> String {
    let sources = std::iter::successors(Some(error), |error| error.source());
    sources.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn no_answer(cause: impl std::fmt::Display) -> Error {
    Error::unavailable("No answer from outside.").caused_by(cause)
}

/// A router in this process that plays the outside: the sandbox gateway of the demo. Requests to
/// other hosts go to the network.
pub struct RouterOut {
    prefix: String,
    router: OnceLock<Router>,
    network: HyperOut,
}

impl RouterOut {
    /// Requests whose address begins with `prefix` will go to the router set by [`RouterOut::set`].
    ///
    /// # Errors
    /// As [`HyperOut::new`].
    pub fn new(prefix: impl Into<String>) -> Result<Self> {
        Ok(Self { prefix: prefix.into(), router: OnceLock::new(), network: HyperOut::new()? })
    }
    /// Sets the router, once.
    pub fn set(&self, router: Router) {
        // A second call changes nothing: the first router stays.
        let _ = self.router.set(router);
    }
}

impl HttpOut for RouterOut {
    fn send(&self, request: Request<Bytes>, timeout: Duration) -> BoxFuture<'_, Result<Response<Bytes>>> {
        let uri = request.uri().to_string();
        let (Some(path), Some(router)) = (uri.strip_prefix(&self.prefix), self.router.get()) else {
            return self.network.send(request, timeout);
        };
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            parts.uri = path.parse().map_err(Error::internal)?;
            let call = async {
                let request = Request::from_parts(parts, axum::body::Body::from(body));
                let response = router.clone().oneshot(request).await.map_err(no_answer)?;
                let (parts, body) = response.into_parts();
                let body = axum::body::to_bytes(body, ANSWER_LIMIT).await.map_err(no_answer)?;
                Ok(Response::from_parts(parts, body))
            };
            tokio::time::timeout(timeout, call).await.map_err(no_answer)?
        })
    }
}
