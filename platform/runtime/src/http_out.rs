//! Calls to the outside (payment providers and the like) as a port.

use std::{
    io,
    net::SocketAddr,
    path::Path,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    time::Duration,
    vec,
};

use axum::Router;
use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Body;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, builderstates::WantsSchemes};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{
            HttpConnector,
            dns::{GaiResolver, Name},
        },
    },
    rt::TokioExecutor,
};
use kernel::{Error, Kind, Result};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tower::{Service, ServiceExt};

use crate::fetch::{Bounds, check_all, check_host, not_public};

/// Largest answer that is read, unless another limit is set.
const ANSWER_LIMIT: usize = 1024 * 1024;

/// Makes HTTP calls to the outside. `Err` means that no answer came: whether the call had an
/// effect is then unknown.
pub trait HttpOut: Send + Sync {
    /// Makes a call, within `timeout`.
    fn send(&self, request: Request<Bytes>, timeout: Duration) -> BoxFuture<'_, Result<Response<Bytes>>>;

    /// Makes a call to an address that a stranger named: to the public internet alone, unless the
    /// operator allows others. Redirects are not followed; see [`crate::fetch::fetch`].
    fn send_guarded(&self, request: Request<Bytes>, bounds: Bounds) -> BoxFuture<'_, Result<Response<Bytes>>>;
}

/// Resolves names; if guarded, to public addresses only. Whoever connects uses what was checked here.
#[derive(Clone)]
struct Resolver {
    system: GaiResolver,
    guarded: bool,
}

impl Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<Self::Response>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Service::poll_ready(&mut self.system, cx)
    }
    fn call(&mut self, name: Name) -> Self::Future {
        let (resolved, guarded) = (self.system.call(name), self.guarded);
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = resolved.await?.collect();
            let checked = if guarded { check_all(addresses) } else { Ok(addresses) };
            checked.map(Vec::into_iter).map_err(|_| io::Error::other(NotPublic))
        })
    }
}

/// Why a name was not resolved.
#[derive(Debug)]
struct NotPublic;

impl std::fmt::Display for NotPublic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name stands for an address that is not public")
    }
}
impl std::error::Error for NotPublic {}

type Connecting = Client<HttpsConnector<HttpConnector<Resolver>>, Full<Bytes>>;

/// Believing whom the common authorities vouch for.
fn common() -> Result<HttpsConnectorBuilder<WantsSchemes>> {
    let provider = rustls::crypto::ring::default_provider();
    HttpsConnectorBuilder::new().with_provider_and_webpki_roots(provider).map_err(Error::internal)
}

fn client(tls: HttpsConnectorBuilder<WantsSchemes>, guarded: bool) -> Connecting {
    let mut connector = HttpConnector::new_with_resolver(Resolver { system: GaiResolver::new(), guarded });
    connector.enforce_http(false);
    connector.set_connect_timeout(Some(Duration::from_secs(2)));
    connector.set_nodelay(true);
    let connector = tls.https_or_http().enable_http1().wrap_connector(connector);
    Client::builder(TokioExecutor::new()).pool_idle_timeout(Duration::from_secs(30)).build(connector)
}

/// The network, with TLS where the address says `https`: whom the common authorities vouch for is believed.
pub struct HyperOut {
    client: Connecting,
    /// For addresses of strangers. Its connections are its own, so that none is used that was not checked.
    guarded: Connecting,
    answer_limit: usize,
    allow_private: bool,
}

impl HyperOut {
    /// Reads answers of up to 1 MiB.
    ///
    /// # Errors
    /// Internal if the TLS library offers no protocol.
    pub fn new() -> Result<Self> {
        Self::over(client(common()?, false))
    }

    /// The same, believing nobody but the authority whose certificates are in the file `pem`; but for addresses of
    /// strangers.
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
        Self::over(client(HttpsConnectorBuilder::new().with_tls_config(config), false))
    }

    fn over(client: Connecting) -> Result<Self> {
        let guarded = self::client(common()?, true);
        Ok(Self { client, guarded, answer_limit: ANSWER_LIMIT, allow_private: false })
    }

    /// The same, reading answers of up to so many bytes.
    #[must_use]
    pub fn reading_up_to(self, answer_limit: usize) -> Self {
        Self { answer_limit, ..self }
    }

    /// Lets strangers' addresses be private ones too: for intranets and tests.
    #[must_use]
    pub fn allowing_private(self, allow_private: bool) -> Self {
        Self { allow_private, ..self }
    }
}

async fn call(client: &Connecting, request: Request<Bytes>, limit: usize) -> Result<Response<Bytes>> {
    let response = client.request(request.map(Full::new)).await.map_err(|e| not_connected(&e))?;
    let (parts, body) = response.into_parts();
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    Ok(Response::from_parts(parts, read(body, limit).await?))
}

async fn read<B>(body: B, limit: usize) -> Result<Bytes>
where
    B: Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    match Limited::new(body, limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(limit)),
        Err(error) => Err(no_answer(error)),
    }
}

/// A name that the resolver refused, or else no answer.
fn not_connected(error: &(dyn std::error::Error + 'static)) -> Error {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if error.is::<NotPublic>() || inner.is_some_and(|inner| inner.is::<NotPublic>()) {
            return not_public();
        }
        cause = error.source();
    }
    no_answer(with_sources(error))
}

/// With what it was caused by: that a certificate was not believed is said there alone.
fn with_sources(error: &(dyn std::error::Error + 'static)) -> String {
    let sources = std::iter::successors(Some(error), |error| error.source());
    sources.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// No other try changes how much it is.
fn too_large(limit: usize) -> Error {
    Error::new(Kind::TooLarge, "answer_too_large", format!("The answer has more than {limit} bytes."))
}

impl HttpOut for HyperOut {
    fn send(&self, request: Request<Bytes>, timeout: Duration) -> BoxFuture<'_, Result<Response<Bytes>>> {
        Box::pin(async move {
            let call = call(&self.client, request, self.answer_limit);
            // Whoever asks a service of ours knows one kind of trouble: no answer.
            let call = async { call.await.map_err(|e| if e.is_transient() { e } else { no_answer(e) }) };
            tokio::time::timeout(timeout, call).await.map_err(no_answer)?
        })
    }

    fn send_guarded(&self, request: Request<Bytes>, bounds: Bounds) -> BoxFuture<'_, Result<Response<Bytes>>> {
        Box::pin(async move {
            // A number as host is not resolved, so it is checked here.
            if !self.allow_private {
                check_host(&request.uri().to_string())?;
            }
            let client = if self.allow_private { &self.client } else { &self.guarded };
            tokio::time::timeout(bounds.timeout, call(client, request, bounds.bytes)).await.map_err(no_answer)?
        })
    }
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
    for_strangers: bool,
}

impl RouterOut {
    /// Requests whose address begins with `prefix` will go to the router set by [`RouterOut::set`].
    ///
    /// # Errors
    /// As [`HyperOut::new`].
    pub fn new(prefix: impl Into<String>) -> Result<Self> {
        let network = HyperOut::new()?;
        Ok(Self { prefix: prefix.into(), router: OnceLock::new(), network, for_strangers: false })
    }
    /// Lets strangers' addresses be private ones too: see [`HyperOut::allowing_private`].
    #[must_use]
    pub fn allowing_private(self, allow_private: bool) -> Self {
        Self { network: self.network.allowing_private(allow_private), ..self }
    }
    /// Lets strangers' addresses reach the router: for tests, in which it plays the whole internet.
    #[must_use]
    pub fn for_strangers(self) -> Self {
        Self { for_strangers: true, ..self }
    }
    /// Sets the router, once.
    pub fn set(&self, router: Router) {
        // A second call changes nothing: the first router stays.
        let _ = self.router.set(router);
    }

    /// Where a request goes within the router; none if it goes to the network.
    fn inside(&self, request: &Request<Bytes>) -> Option<(&Router, String)> {
        let uri = request.uri().to_string();
        let path = uri.strip_prefix(&self.prefix)?;
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Some((self.router.get()?, path))
    }
}

async fn ask(router: Router, path: String, request: Request<Bytes>, bounds: Bounds) -> Result<Response<Bytes>> {
    let (mut parts, body) = request.into_parts();
    parts.uri = path.parse().map_err(Error::internal)?;
    let call = async {
        let request = Request::from_parts(parts, axum::body::Body::from(body));
        let response = router.oneshot(request).await.map_err(no_answer)?;
        let (parts, body) = response.into_parts();
        Ok(Response::from_parts(parts, read(body, bounds.bytes).await?))
    };
    tokio::time::timeout(bounds.timeout, call).await.map_err(no_answer)?
}

impl HttpOut for RouterOut {
    fn send(&self, request: Request<Bytes>, timeout: Duration) -> BoxFuture<'_, Result<Response<Bytes>>> {
        match self.inside(&request) {
            Some((router, path)) => {
                Box::pin(ask(router.clone(), path, request, Bounds { bytes: ANSWER_LIMIT, timeout }))
            }
            None => self.network.send(request, timeout),
        }
    }

    fn send_guarded(&self, request: Request<Bytes>, bounds: Bounds) -> BoxFuture<'_, Result<Response<Bytes>>> {
        match self.inside(&request).filter(|_| self.for_strangers) {
            Some((router, path)) => Box::pin(ask(router.clone(), path, request, bounds)),
            None => self.network.send_guarded(request, bounds),
        }
    }
}
