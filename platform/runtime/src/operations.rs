//! What the runtime adds to every installation: health, backlogs, dead letters.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Json, extract::State};
use contracts::operations::{Backlog, DeadLetter, DeadLetterQuery, Replay};
use db::{Db, params};
use kernel::{Clock, Error, Page, PageRequest};
use souk_http::{Answer, Path, Policy, Query, Routes, get, no_content, post};

/// The databases of all services of this process.
#[derive(Clone)]
pub struct Operations {
    databases: Arc<BTreeMap<&'static str, Db>>,
    clock: Arc<dyn Clock>,
}

impl Operations {
    pub(crate) fn new(databases: BTreeMap<&'static str, Db>, clock: Arc<dyn Clock>) -> Self {
        Self { databases: Arc::new(databases), clock }
    }
    fn database(&self, service: &str) -> kernel::Result<&Db> {
        self.databases.get(service).ok_or_else(|| Error::not_found("service"))
    }
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
}

async fn live() -> Json<serde_json::Value> {
    Json(serde_json::json!({"status": "live"}))
}

async fn ready(State(app): State<Operations>) -> Answer<Json<serde_json::Value>> {
    for (service, db) in app.databases.iter() {
        db.opt("SELECT 1 AS one", params![])
            .await
            .map_err(|e| Error::unavailable(format!("The database of “{service}” does not answer.")).caused_by(e))?;
    }
    Ok(Json(serde_json::json!({"status": "ready", "services": app.databases.keys().collect::<Vec<_>>()})))
}

async fn backlogs(State(app): State<Operations>) -> Answer<Json<Vec<Backlog>>> {
    let mut all = Vec::new();
    for (service, db) in app.databases.iter() {
        all.push(events::operate::backlog(db, service, app.clock.now()).await?);
    }
    Ok(Json(all))
}

async fn dead_letters(
    State(app): State<Operations>,
    Path(service): Path<String>,
    Query(query): Query<DeadLetterQuery>,
) -> Answer<Json<Page<DeadLetter>>> {
    let page = PageRequest { limit: query.limit, after: query.after };
    Ok(Json(events::operate::dead_letters(app.database(&service)?, &service, &page).await?))
}

async fn replay(
    State(app): State<Operations>,
    Path(service): Path<String>,
    body: souk_http::Body<Replay>,
) -> Answer<http::StatusCode> {
    events::operate::replay(app.database(&service)?, &*app.clock, &body.0).await?;
    Ok(no_content())
}
