//! What a process answers at its door.

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{Router, extract::Request, response::Response};
use futures::{FutureExt, future::BoxFuture};
use tower::Service;

use crate::{
    edge::{Edge, count, pass},
    within::Packed,
};

/// Answers whatever is asked. Layers of a router lie around each of its routes, and every one of them costs each
/// request a copy of what lies within; this lies around the router as a whole.
#[derive(Clone)]
pub struct Front(Door);

#[derive(Clone)]
enum Door {
    Inside(Router),
    Edge(Arc<Edge>, Packed),
}

impl Front {
    /// Of a service that the edge in another process calls.
    pub(crate) fn inside(router: Router) -> Self {
        Self(Door::Inside(router))
    }

    /// Of the edge, with what lies within.
    pub(crate) fn edge(edge: Edge, within: Packed) -> Self {
        Self(Door::Edge(Arc::new(edge), within))
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.0.clone() {
            Door::Inside(router) => count(router, request).map(Ok).boxed(),
            Door::Edge(edge, within) => pass(edge, within, request).map(Ok).boxed(),
        }
    }
}
