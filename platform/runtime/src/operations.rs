//! What the runtime adds to every installation: health, backlogs, dead letters.
//!
//! Any process answers for all services: of its own it reads the databases, others it asks.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Json, extract::State, http::HeaderMap, response::IntoResponse};
use contracts::{
    Call, Caller, Method, SERVICES,
    client::segment,
    operations::{Backlog, DeadLetter, DeadLetterQuery, Replay},
    services::known,
};
use db::{Db, params};
use kernel::{Clock, Error, Identity, Page, PageRequest, Result};
use serde::de::DeserializeOwned;
use souk_http::{Answer, Path, Policy, Query, Routes, get, no_content, not_modified, post};

use crate::{building::Answering, cache::Ready, calls::Directory, readiness::Readiness};

/// On whose behalf other processes are asked.
const MYSELF: Identity = Identity::Service("operations");

/// The services of this process, and the way to all others.
#[derive(Clone)]
pub struct Operations {
    pub(crate) databases: Arc<BTreeMap<&'static str, Db>>,
    pub(crate) served: Arc<BTreeMap<&'static str, Arc<Answering>>>,
    pub(crate) directory: Arc<Directory>,
    pub(crate) readiness: Arc<Readiness>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Operations {
    fn own(&self, service: &str) -> Result<&Db> {
        self.databases.get(service).ok_or_else(|| Error::not_found("service"))
    }

    /// The service's name if it has a database in another process.
    fn elsewhere(&self, service: &str) -> Option<&'static str> {
        self.directory.network()?;
        known(service).filter(|name| SERVICES.contains(name) && !self.databases.contains_key(name))
    }

    async fn backlog(&self, service: &str) -> Result<Backlog> {
        events::operate::backlog(self.own(service)?, service, self.clock.now()).await
    }

    async fn dead_letters(&self, service: &str, query: DeadLetterQuery) -> Result<Page<DeadLetter>> {
        let page = PageRequest { limit: query.limit, after: query.after };
        events::operate::dead_letters(self.own(service)?, service, &page).await
    }

    /// Asks the process in which `service` runs.
    async fn ask<T: DeserializeOwned>(&self, service: &'static str, call: Call) -> Result<T> {
        Caller::new(self.directory.transport(service)).send(call).await
    }
}

fn internal(service: &str, method: Method, what: &str) -> Call {
    Call::new(method, format!("/internal/services/{}{what}", segment(&service)), MYSELF)
}

pub(crate) fn routes() -> Routes<Operations> {
    Routes::new("operations")
        .add(
            get("/health/live", live)
                .policy(Policy::Public)
                .doc("Alive", "The process answers.")
                .returns::<serde_json::Value>(200),
        )
        .add(
            get("/health/ready", ready)
                .policy(Policy::Public)
                .doc("Ready", "Every database answers; requests will succeed.")
                .returns::<serde_json::Value>(200),
        )
        .add(
            get("/api/v1/admin/backlogs", backlogs)
                .policy(Policy::Admin)
                .doc(
                    "How every service's messages stand",
                    "Unsent events, events to be retried, dead letters, jobs due.",
                )
                .returns::<Vec<Backlog>>(200),
        )
        .add(
            get("/api/v1/admin/dead-letters/{service}", dead_letters)
                .policy(Policy::Admin)
                .doc("Dead letters of a service", "Events and jobs that were given up, oldest first.")
                .returns::<Page<DeadLetter>>(200),
        )
        .add(
            post("/api/v1/admin/dead-letters/{service}/replay", replay)
                .policy(Policy::Admin)
                .doc("Try a dead letter again", "It is taken in at once; what waited behind it follows.")
                .returns_empty(204),
        )
        .add(get("/internal/services/{service}", own_served).policy(Policy::Service))
        .add(get("/internal/services/{service}/backlog", own_backlog).policy(Policy::Service))
        .add(get("/internal/services/{service}/dead-letters", own_dead_letters).policy(Policy::Service))
        .add(post("/internal/services/{service}/dead-letters/replay", own_replay).policy(Policy::Service))
}

async fn live() -> Json<serde_json::Value> {
    Json(serde_json::json!({"status": "live"}))
}

async fn ready(State(app): State<Operations>) -> Answer<Json<serde_json::Value>> {
    app.readiness.check()?;
    for (service, db) in app.databases.iter() {
        db.opt("SELECT 1 AS one", params![])
            .await
            .map_err(|e| Error::unavailable(format!("The database of “{service}” does not answer.")).caused_by(e))?;
    }
    Ok(Json(serde_json::json!({"status": "ready", "services": app.databases.keys().collect::<Vec<_>>()})))
}

async fn backlogs(State(app): State<Operations>) -> Answer<Json<Vec<Backlog>>> {
    let elsewhere = SERVICES.iter().filter_map(|service| app.elsewhere(service));
    let asked =
        elsewhere.map(async |service| (service, app.ask(service, internal(service, Method::get, "/backlog")).await));
    let answers = futures::future::join_all(asked).await;
    let mut all = Vec::new();
    for service in app.databases.keys() {
        all.push(app.backlog(service).await?);
    }
    for (service, answer) in answers {
        match answer {
            Ok(backlog) => all.push(backlog),
            // The list of the others is worth having, most of all then.
            Err(error) => tracing::warn!(service, %error, "the backlog could not be asked for"),
        }
    }
    all.sort_by(|a, b| a.service.cmp(&b.service));
    Ok(Json(all))
}

async fn dead_letters(
    State(app): State<Operations>,
    Path(service): Path<String>,
    Query(query): Query<DeadLetterQuery>,
) -> Answer<Json<Page<DeadLetter>>> {
    Ok(Json(match app.elsewhere(&service) {
        Some(service) => app.ask(service, internal(service, Method::get, "/dead-letters").with_query(&query)?).await?,
        None => app.dead_letters(&service, query).await?,
    }))
}

async fn replay(
    State(app): State<Operations>,
    Path(service): Path<String>,
    body: souk_http::Body<Replay>,
) -> Answer<http::StatusCode> {
    match app.elsewhere(&service) {
        Some(service) => {
            let call = internal(service, Method::post, "/dead-letters/replay").with_body(&body.0)?;
            app.ask::<()>(service, call).await?;
        }
        None => events::operate::replay(app.own(&service)?, &*app.clock, &body.0).await?,
    }
    Ok(no_content())
}

/// What a service of this process answers, for the edge.
async fn own_served(
    State(app): State<Operations>,
    Path(service): Path<String>,
    headers: HeaderMap,
) -> Answer<axum::response::Response> {
    let served = app.served.get(service.as_str()).ok_or_else(|| Error::not_found("service"))?;
    let Ready { bytes, etag } = served.told()?;
    if let Some(unchanged) = not_modified(&headers, &etag) {
        return Ok(unchanged);
    }
    Ok(souk_http::json_bytes(bytes, Some(&etag)).into_response())
}

async fn own_backlog(State(app): State<Operations>, Path(service): Path<String>) -> Answer<Json<Backlog>> {
    Ok(Json(app.backlog(&service).await?))
}

async fn own_dead_letters(
    State(app): State<Operations>,
    Path(service): Path<String>,
    Query(query): Query<DeadLetterQuery>,
) -> Answer<Json<Page<DeadLetter>>> {
    Ok(Json(app.dead_letters(&service, query).await?))
}

async fn own_replay(
    State(app): State<Operations>,
    Path(service): Path<String>,
    body: souk_http::Body<Replay>,
) -> Answer<http::StatusCode> {
    events::operate::replay(app.own(&service)?, &*app.clock, &body.0).await?;
    Ok(no_content())
}
