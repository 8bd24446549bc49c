//! What lies within the edge: the router, its answers packed for clients that take them so.

use std::{convert::Infallible, panic::AssertUnwindSafe, sync::Arc};

use axum::{
    BoxError, Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderValue, header},
    response::Response,
};
use futures::FutureExt;
use tower::{Layer, Service};
use tower_http::{
    CompressionLevel,
    compression::{
        Compression, CompressionLayer, Predicate,
        predicate::{And, NotForContentType, SizeAbove},
    },
};

use crate::edge::panicked;

/// Shorter bodies are not worth packing.
const LONG: u64 = 1024;

/// Something that answers.
pub(crate) trait Within: Clone + Send + Sync + 'static {
    /// Its answer; that of a handler that panicked says so.
    fn answer(self, request: Request) -> impl Future<Output = Response> + Send;
}

impl Within for Router {
    async fn answer(self, request: Request) -> Response {
        caught(self, request).await
    }
}

/// Answers of a router, packed. Shared: it is handed from function to function with every request.
#[derive(Clone)]
pub(crate) struct Packed(Arc<Parts>);

struct Parts {
    router: Router,
    packing: Compression<Router, Worth>,
    worth_it: Worth,
}

type Worth = And<And<And<SizeAbove, NotForContentType>, NotForContentType>, NotForContentType>;

/// Files that are downloaded: whoever goes on with one that broke off counts the bytes as they are.
const DOWNLOADS: NotForContentType = NotForContentType::const_new("application/octet-stream");

impl Packed {
    pub fn new(router: Router) -> Self {
        // Pictures are compressed already, and a stream must not wait for a full block.
        let worth_it = SizeAbove::new(LONG).and(NotForContentType::IMAGES).and(NotForContentType::SSE).and(DOWNLOADS);
        let layer = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it.clone());
        Self(Arc::new(Parts { packing: layer.layer(router.clone()), router, worth_it }))
    }
}

impl Within for Packed {
    async fn answer(self, request: Request) -> Response {
        if request.headers().contains_key(header::ACCEPT_ENCODING) {
            // Boxed, for the packer's state has many thousand bytes, which those who ask without it should not carry.
            return Box::pin(caught(self.0.packing.clone(), request)).await;
        }
        let mut response = caught(self.0.router.clone(), request).await;
        if self.0.worth_it.should_compress(&response) {
            response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        response
    }
}

/// The answer of something that is always ready.
async fn caught<S, B>(mut service: S, request: Request) -> Response
where
    S: Service<Request, Response = Response<B>, Error = Infallible, Future: Send> + Send,
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    let answering = async move {
        let Ok(response) = service.call(request).await;
        response.map(Body::new)
    };
    AssertUnwindSafe(answering).catch_unwind().await.unwrap_or_else(panicked)
}
