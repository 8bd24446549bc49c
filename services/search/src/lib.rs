//! Search: an index fed by events, asked by words and facets.

mod api;
mod events;
mod index;
mod jobs;
mod model;
mod ops;
mod query;
mod store;
#[cfg(test)]
mod tests;

use std::{path::PathBuf, sync::Arc, time::Duration};

use ::events::Jobs;
use arc_swap::ArcSwap;
use db::Db;
use kernel::{Clock, Result};
use runtime::{
    Env, Service, ServiceDef,
    cache::{Cache, Caches, Size},
};

use crate::{
    index::{SearchIndex, Tantivy},
    model::Names,
};

/// Settings of the search.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Folder of the index; in memory if empty.
    pub dir: PathBuf,
}

/// One cell: whatever changes the index may change every answer.
const ANSWERS: Size = Size { bytes: 32 * 1024 * 1024, cells: 1, lifetime: Duration::from_secs(60) };

/// State of the service.
struct Search {
    db: Db,
    jobs: Jobs,
    clock: Arc<dyn Clock>,
    index: Arc<dyn SearchIndex>,
    /// How facet values and vendors are called, as of the last indexing.
    names: ArcSwap<Names>,
    /// Answers by query, forgotten whenever the index changes. The index is this process's own, and so
    /// are they.
    answers: Arc<Cache>,
    /// Held while changes are brought into the index.
    bringing_in: tokio::sync::Mutex<()>,
}

impl Search {
    async fn new(env: Env, settings: &Settings) -> Result<Self> {
        let answers = Caches::local().open("search.answers", ANSWERS);
        let index = Arc::new(Tantivy::open(&settings.dir)?);
        let names = ArcSwap::new(Arc::new(store::names(&env.db).await?));
        let bringing_in = tokio::sync::Mutex::new(());
        Ok(Self { db: env.db, jobs: env.jobs, clock: env.clock, index, names, answers, bringing_in })
    }
}

/// The search service.
pub fn service(settings: Settings) -> ServiceDef {
    let migrations = db::migrations![(1, "init", "../migrations/0001_init.sql")];
    ServiceDef::new("search", "Finding products by words and facets.", migrations, |env| async move {
        let app = Arc::new(Search::new(env, &settings).await?);
        // What changed while nobody was here, or everything if the index is gone.
        ops::bring_in(&app).await?;
        Ok(Service::new()
            .api(&app, api::routes())
            .on(&app, events::product_published)
            .on(&app, events::product_changed)
            .on(&app, events::product_withdrawn)
            .on(&app, events::offer_changed)
            .on(&app, events::stock_level_changed)
            .on(&app, events::rating_changed)
            .on(&app, events::vendor_applied)
            .on(&app, events::vendor_decided)
            .on(&app, events::vendor_changed)
            .repeatable()
            .job(jobs::BRING_IN, &app, jobs::bring_in))
    })
}
