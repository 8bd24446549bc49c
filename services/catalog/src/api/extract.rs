//! Extractors of the catalogue's own.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::Response,
};
use contracts::catalog::ProductQuery;
use kernel::{Error, Result};
use runtime::cache::Ready;
use schemars::SchemaGenerator;
use souk_http::{
    Query,
    answer::Failure,
    describe::{Describe, Inputs},
    json_bytes, not_modified,
};

/// The query of the product list as it came: a cached answer is found by it without reading it.
pub(super) struct AskedFor(pub Box<str>);

impl<S: Send + Sync> FromRequestParts<S> for AskedFor {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.uri.query().unwrap_or_default().into()))
    }
}

impl AskedFor {
    /// The query, read.
    pub async fn read(&self) -> Result<ProductQuery, Failure> {
        let uri =
            axum::http::Uri::builder().path_and_query(format!("/?{}", self.0)).build().map_err(Error::internal)?;
        let (mut parts, ()) = axum::http::Request::builder().uri(uri).body(()).map_err(Error::internal)?.into_parts();
        Query::<ProductQuery>::from_request_parts(&mut parts, &()).await.map(|Query(query)| query)
    }
}

impl Describe for AskedFor {
    fn describe(inputs: &mut Inputs, schemas: &mut SchemaGenerator) {
        Query::<ProductQuery>::describe(inputs, schemas);
    }
}

/// `If-None-Match`, without copying all other headers.
pub(super) struct Has(Option<HeaderValue>);

impl<S: Send + Sync> FromRequestParts<S> for Has {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.headers.get(header::IF_NONE_MATCH).cloned()))
    }
}

impl Describe for Has {
    fn describe(_: &mut Inputs, _: &mut SchemaGenerator) {}
}

impl Has {
    /// 304 if the client has what `etag` names.
    pub fn unchanged(self, etag: &HeaderValue) -> Option<Response> {
        let known = self.0?;
        not_modified(&HeaderMap::from_iter([(header::IF_NONE_MATCH, known)]), etag)
    }
    /// The answer, or 304 if the client has it.
    pub fn answer(self, ready: Ready) -> Response {
        self.unchanged(&ready.etag).unwrap_or_else(|| json_bytes(ready.bytes, Some(&ready.etag)))
    }
}
