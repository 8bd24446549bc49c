//! Routes of the search.

use std::sync::Arc;

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::request::Parts,
    response::Response,
};
use contracts::search::{SearchPage, SearchQuery, SuggestQuery, Suggestion};
use kernel::Error;
use schemars::SchemaGenerator;
use souk_http::{
    Answer, Failure, Policy, Query, Routes,
    describe::{Describe, Inputs},
    get, json_bytes,
};

use crate::{Search, ops};

pub(crate) fn routes() -> Routes<Arc<Search>> {
    Routes::new("search")
        .add(
            get("/api/v1/search", search)
                .policy(Policy::Public)
                .doc(
                    "Search products",
                    "By words (typing errors forgiven) and facets. Attribute facets are chosen by `attr.<key>=<value>`; \
                     several values of one facet widen, several facets narrow.",
                )
                .returns::<SearchPage>(200),
        )
        .add(
            get("/api/v1/search/suggestions", suggest)
                .policy(Policy::Public)
                .doc("Suggest while typing", "Categories, shops and products, at most 8.")
                .returns::<Vec<Suggestion>>(200),
        )
}

/// The query string as it came: its attribute facets have names that only the data knows, and it is
/// the key under which the answer is remembered.
struct Asked(String);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Ok(Self(parts.uri.query().unwrap_or_default().to_owned()))
    }
}

impl Describe for Asked {
    fn describe(inputs: &mut Inputs, schemas: &mut SchemaGenerator) {
        Query::<SearchQuery>::describe(inputs, schemas);
    }
}

async fn search(State(app): State<Arc<Search>>, Asked(text): Asked) -> Answer<Response> {
    Ok(json_bytes(ops::search(&app, &text).await?.bytes, None))
}

async fn suggest(State(app): State<Arc<Search>>, Query(query): Query<SuggestQuery>) -> Answer<Json<Vec<Suggestion>>> {
    if query.q.chars().count() > 100 {
        return Err(Error::invalid("q", "Type at most 100 characters.").into());
    }
    Ok(Json(ops::suggest(&app, &query.q).await?))
}
