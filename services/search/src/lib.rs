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
use bytes::Bytes;
use db::Db;
use kernel::{Clock, Result};
use runtime::{Env, Service, ServiceDef};

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

/// State of the service.
struct Search {
    db: Db,
    jobs: Jobs,
    clock: Arc<dyn Clock>,
    index: Arc<dyn SearchIndex>,
    /// How facet values and vendors are called, as of the last indexing.
    names: ArcSwap<Names>,
    /// Answers by query, forgotten whenever the index changes.
    answers: moka::sync::Cache<String, Bytes>,
    /// Held while changes are brought into the index.
    bringing_in: tokio::sync::Mutex<()>,
}

impl Search {
    async fn new(env: Env, settings: &Settings) -> Result<Self> {
        let answers = moka::sync::Cache::builder()
            .max_capacity(32 * 1024 * 1024)
            .weigher(|query: &String, answer: &Bytes| u32::try_from(query.len() + answer.len()).unwrap_or(u32::MAX))
            .time_to_live(Duration::from_secs(60))
            .build();
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
