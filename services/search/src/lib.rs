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

use std::{sync::Arc, time::Duration};

use ::events::Jobs;
use arc_swap::ArcSwap;
use contracts::analytics::AnalyticsClient;
use db::Db;
use kernel::{Clock, Currency, Identity, Languages, Result};
use runtime::{
    Env, Service, ServiceDef,
    cache::{Cache, Caches, Size},
};
use souk_http::Multilingual;

pub use crate::index::{Backend, Language, Settings};
use crate::{
    index::{Elasticsearch, SearchIndex, Stems, Tantivy},
    model::{Names, Tally},
};

/// One cell: whatever changes the index may change every answer.
const ANSWERS: Size = Size { bytes: 32 * 1024 * 1024, cells: 1, lifetime: Duration::from_secs(60) };
/// Where several processes ask one index, a process that no news reach sees its changes as soon as those of others.
const SHARED_ANSWERS: Size = Size { lifetime: Duration::from_secs(30), ..ANSWERS };

/// What is written by hand is one document.
const WRITTEN: Size = Size { bytes: 1024 * 1024, cells: 1, lifetime: Duration::from_secs(30) };

/// State of the service.
struct Search {
    db: Db,
    jobs: Jobs,
    clock: Arc<dyn Clock>,
    analytics: AnalyticsClient,
    /// On whose behalf others are asked.
    myself: Identity,
    index: Arc<dyn SearchIndex>,
    /// How facet values and vendors are called, as of the last indexing.
    names: ArcSwap<Names>,
    /// Answers by query, forgotten whenever the index changes.
    answers: Arc<Cache>,
    /// What the administration has written of words, and how it is used.
    written: Arc<Cache>,
    in_use: ArcSwap<ops::InUse>,
    stems: Stems,
    /// Of what is sold.
    languages: Languages,
    /// The main currency of the shop.
    currency: Currency,
    /// What was searched and is not written yet.
    tally: Tally,
    /// Held while changes are brought into the index; true if some are there that the answers were not told of, for
    /// something failed in between.
    bringing_in: tokio::sync::Mutex<bool>,
}

impl Multilingual for Search {
    fn languages(&self) -> &Languages {
        &self.languages
    }
}

impl Search {
    async fn new(env: Env, settings: &Settings, index: Arc<dyn SearchIndex>, answers: Arc<Cache>) -> Result<Self> {
        let names = ArcSwap::new(Arc::new(store::names(&env.db).await?));
        let bringing_in = tokio::sync::Mutex::default();
        Ok(Self {
            analytics: env.client(),
            myself: env.myself(),
            db: env.db,
            jobs: env.jobs,
            clock: env.clock,
            index,
            names,
            answers,
            written: env.caches.open("search.written", WRITTEN),
            in_use: ArcSwap::default(),
            stems: Stems::of(&settings.languages),
            languages: settings.shop_languages(),
            currency: settings.currency,
            tally: Tally::default(),
            bringing_in,
        })
    }
}

/// The search service.
pub fn service(settings: Settings) -> ServiceDef {
    let migrations = db::migrations![
        (1, "init", "../migrations/0001_init.sql"),
        (2, "synonyms", "../migrations/0002_synonyms.sql"),
        (3, "sales", "../migrations/0003_sales.sql"),
        (4, "missed", "../migrations/0004_missed.sql"),
        (5, "tags", "../migrations/0005_tags.sql"),
    ];
    ServiceDef::new("search", "Finding products by words and facets.", migrations, |env| async move {
        match settings.backend {
            Backend::Tantivy => inside(env, &settings).await,
            Backend::Elasticsearch => outside(env, &settings).await,
        }
    })
}

/// With an index of this process's own.
async fn inside(env: Env, settings: &Settings) -> Result<Service> {
    // The index is this process's own, and so are the answers.
    let answers = Caches::local().open("search.answers", ANSWERS);
    let index = Arc::new(Tantivy::open(&settings.dir, &settings.languages)?);
    let app = Arc::new(Search::new(env, settings, index, answers).await?);
    // What changed while nobody was here comes while it answers; with an index that is gone nobody is answered.
    match ops::is_usable(&app).await? {
        true => jobs::bring_in_now(&app).await?,
        false => ops::bring_in(&app).await?,
    }
    Ok(service_of(&app))
}

/// With an index outside, for all processes. It is filled in the background: the one before serves meanwhile, and the
/// start waits for nobody outside.
async fn outside(env: Env, settings: &Settings) -> Result<Service> {
    let index = Arc::new(Elasticsearch::open(settings, env.http_out.clone()).await?);
    let answers = env.caches.open("search.answers", SHARED_ANSWERS);
    let app = Arc::new(Search::new(env, settings, index.clone(), answers).await?);
    jobs::bring_in_now(&app).await?;
    let (checked, looked_at, named) = (index.clone(), index, app.clone());
    Ok(service_of(&app)
        .ready(move || checked.ready())
        .task(move |stop| jobs::look_at_server(looked_at, stop))
        .task(move |stop| jobs::read_names(named, stop)))
}

fn service_of(app: &Arc<Search>) -> Service {
    let counting = app.clone();
    Service::new()
        .task(move |stop| jobs::write_searches(counting, stop))
        .api(app, api::routes())
        .on(app, events::product_published)
        .on(app, events::product_changed)
        .on(app, events::product_withdrawn)
        .on(app, events::offer_changed)
        .on(app, events::stock_level_changed)
        .on(app, events::rating_changed)
        .on(app, events::vendor_applied)
        .on(app, events::vendor_decided)
        .on(app, events::vendor_changed)
        .repeatable()
        .job(jobs::BRING_IN, app, jobs::bring_in)
        .every(jobs::FORGET_SEARCHES_EVERY, jobs::FORGET_SEARCHES, app, jobs::forget_searches)
        .every(jobs::COUNT_SALES_EVERY, jobs::COUNT_SALES, app, jobs::count_sales)
}
