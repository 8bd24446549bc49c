//! Routes of the search.

use std::sync::Arc;

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use contracts::{
    analytics::PeriodQuery,
    search::{
        ExplainQuery, Explanation, IndexState, MissedReport, SearchPage, SearchQuery, SuggestQuery, Suggestion,
        SynonymsInput, SynonymsView,
    },
};
use kernel::Error;
use schemars::SchemaGenerator;
use souk_http::{
    Answer, Body, Failure, IfMatch, InLanguage, Policy, Query, Routes, Versioned,
    describe::{Describe, Inputs},
    get, json_bytes, post, put,
};

use crate::{Search, ops, query};

pub(crate) fn routes() -> Routes<Arc<Search>> {
    Routes::new("search")
        .add(
            get("/api/v1/search", search)
                .policy(Policy::Public)
                .doc(
                    "Search products",
                    "By words (typing errors forgiven) and facets. Attribute facets are chosen by `attr.<key>=<value>`; \
                     several values of one facet widen, several facets narrow. Numbers are also chosen between \
                     `num.<key>_min` and `num.<key>_max`. Each facet is counted under the choices of all others.",
                )
                .returns::<SearchPage>(200),
        )
        .add(
            get("/api/v1/search/suggestions", suggest)
                .policy(Policy::Public)
                .doc(
                    "Suggest while typing",
                    "Categories, shops and products, at most 8; products from two letters on. Typing errors are forgiven, \
                     the more the longer the word, where nothing begins as it was typed.",
                )
                .returns::<Vec<Suggestion>>(200),
        )
        .extend(of_the_administration())
}

fn of_the_administration() -> Routes<Arc<Search>> {
    Routes::new("search")
        .add(
            get("/api/v1/admin/search/explanation", explain)
                .policy(Policy::Admin)
                .doc(
                    "Explain a product's place",
                    "What each word adds to its score where the best match comes first, in numbers and in plain words.",
                )
                .returns::<Explanation>(200)
                .may_be_missing(),
        )
        .add(
            get("/api/v1/admin/search/index", index_state)
                .policy(Policy::Admin)
                .doc("Read how far the index is", "Products that are known, and those whose last change is not in it yet.")
                .returns::<IndexState>(200),
        )
        .add(
            post("/api/v1/admin/search/index", index_anew)
                .policy(Policy::Admin)
                .doc("Index everything anew", "Piece by piece; the search goes on meanwhile and finds everything.")
                .returns::<IndexState>(202),
        )
        .add(
            get("/api/v1/admin/search/missed", missed)
                .policy(Policy::Admin)
                .doc(
                    "What was searched and not found",
                    "By day, and by words that were looked for three times or more: most often first, with the period before. \
                     Words are counted without whoever typed them; what may be an address or a number is not kept.",
                )
                .returns::<MissedReport>(200),
        )
        .add(
            get("/api/v1/admin/search/missed.csv", missed_file)
                .policy(Policy::Admin)
                .doc("What was not found as a CSV file", "Words, how often, how often in the period before, the last day.")
                .returns_media(200, "text/csv"),
        )
        .add(
            get("/api/v1/admin/search/synonyms", synonyms)
                .policy(Policy::Admin)
                .doc("Read the synonyms", "Words that mean the same, with their version as `ETag`.")
                .returns::<SynonymsView>(200),
        )
        .add(
            put("/api/v1/admin/search/synonyms", set_synonyms)
                .policy(Policy::Admin)
                .doc(
                    "Write the synonyms",
                    "Puts these in the place of all there are. They count for every search from now on, in every process; \
                     nothing is indexed anew. With `If-Match` only over the version that was read.",
                )
                .returns::<SynonymsView>(200),
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

async fn search(State(app): State<Arc<Search>>, Asked(text): Asked, lang: InLanguage) -> Answer<Response> {
    Ok(lang.mark(json_bytes(ops::search(&app, &text, lang.other()).await?.bytes, None)))
}

async fn suggest(
    State(app): State<Arc<Search>>,
    Query(query): Query<SuggestQuery>,
    lang: InLanguage,
) -> Answer<Response> {
    if query.q.chars().count() > 100 {
        return Err(Error::invalid("q", "Type at most 100 characters.").into());
    }
    Ok(lang.mark(json_bytes(ops::suggest(&app, &query.q, lang.other()).await?.bytes, None)))
}

async fn synonyms(State(app): State<Arc<Search>>) -> Answer<Versioned<SynonymsView>> {
    let view = ops::synonyms(&app).await?;
    Ok(Versioned(view.version, view))
}

async fn set_synonyms(
    State(app): State<Arc<Search>>,
    seen: IfMatch,
    Body(input): Body<SynonymsInput>,
) -> Answer<Versioned<SynonymsView>> {
    let view = ops::set_synonyms(&app, seen, input).await?;
    Ok(Versioned(view.version, view))
}

async fn missed(State(app): State<Arc<Search>>, Query(query): Query<PeriodQuery>) -> Answer<Json<MissedReport>> {
    Ok(Json(ops::missed(&app, query.days).await?))
}

async fn missed_file(State(app): State<Arc<Search>>, Query(query): Query<PeriodQuery>) -> Answer<Response> {
    let file = ops::missed_file(&app, query.days).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"not-found.csv\"")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, file).into_response())
}

async fn explain(State(app): State<Arc<Search>>, Query(query): Query<ExplainQuery>) -> Answer<Json<Explanation>> {
    if query.q.chars().count() > query::TYPED_MAX {
        return Err(Error::invalid("q", "Search for at most 200 characters.").into());
    }
    Ok(Json(ops::explain(&app, &query).await?))
}

async fn index_state(State(app): State<Arc<Search>>) -> Answer<Json<IndexState>> {
    Ok(Json(ops::index_state(&app).await?))
}

async fn index_anew(State(app): State<Arc<Search>>) -> Answer<(StatusCode, Json<IndexState>)> {
    Ok((StatusCode::ACCEPTED, Json(ops::index_anew(&app).await?)))
}
