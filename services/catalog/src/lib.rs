//! Products, variants, categories, pictures: what is sold here.
//!
//! A request goes `api → ops → store`, an event `events → ops → store`; `model` holds the rules,
//! `views` what is shown and told, `cache` the public answers ready as bytes, `csv` the file format of import and export, `seed` the way in for demos.

mod api;
mod cache;
mod csv;
mod error;
mod events;
mod jobs;
mod model;
mod ops;
pub mod seed;
mod store;
mod views;

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use ::events::{Jobs, Outbox};
use contracts::currencies::USUAL;
use db::Db;
use kernel::{Clock, Currency, Ids, Languages};
use pictures::{Shelf, Workshop};
use runtime::{Env, FileStore, HttpOut, Service, ServiceDef};
use serde::Deserialize;
use souk_http::Multilingual;

use crate::cache::Answers;

/// The state of the service: what it was given, its cache and its picture workshop.
pub(crate) struct Catalog {
    pub(crate) db: Db,
    pub(crate) outbox: Outbox,
    pub(crate) jobs: Jobs,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Ids,
    pub(crate) files: Arc<dyn FileStore>,
    pub(crate) outside: Arc<dyn HttpOut>,
    pub(crate) pictures: Workshop,
    pub(crate) answers: Answers,
    /// Most bytes of a file to import.
    pub(crate) import_limit: u64,
    /// Most bytes of a file that is sold.
    pub(crate) download_limit: u64,
    pub(crate) plans: ops::Plans,
    /// Address under which people reach the site.
    pub(crate) public_url: String,
    pub(crate) languages: Languages,
    /// The main currency of the shop.
    pub(crate) currency: Currency,
}

impl Multilingual for Catalog {
    fn languages(&self) -> &Languages {
        &self.languages
    }
}

impl Catalog {
    pub(crate) fn new(env: &Env, settings: &Settings) -> Self {
        Self {
            db: env.db.clone(),
            outbox: env.outbox.clone(),
            jobs: env.jobs.clone(),
            clock: env.clock.clone(),
            ids: env.ids.clone(),
            files: env.files.clone(),
            outside: env.http_out.clone(),
            pictures: Workshop::new(env.files.clone(), env.ids.clone(), Shelf::Shared),
            answers: Answers::new(&env.caches),
            import_limit: settings.import_limit,
            download_limit: settings.download_limit,
            plans: ops::Plans::default(),
            public_url: env.public_url.clone(),
            languages: settings.languages.clone(),
            currency: settings.currency,
        }
    }
}

/// Settings of the service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Most bytes of a file to import.
    pub import_limit: u64,
    /// Most bytes of a file that is sold. It comes in like a file to import, so it is never larger than one may be.
    pub download_limit: u64,
    /// The languages of what is sold. Not a setting of its own: they are those of the search.
    #[serde(skip)]
    pub languages: Languages,
    /// The main currency of the shop. Not a setting of its own either.
    #[serde(skip)]
    pub currency: Currency,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            import_limit: 1024 * 1024 * 1024,
            download_limit: 500 * 1024 * 1024,
            languages: Languages::default(),
            currency: USUAL,
        }
    }
}

/// The service, ready to be started.
pub fn service(settings: Settings) -> ServiceDef {
    ServiceDef::new(
        "catalog",
        "Products, variants, categories, pictures.",
        db::migrations![
            (1, "init", "../migrations/0001_init.sql"),
            (2, "foreign_imports", "../migrations/0002_foreign_imports.sql"),
            (3, "import_files", "../migrations/0003_import_files.sql"),
            (4, "quantity_prices", "../migrations/0004_quantity_prices.sql"),
            (5, "lowest_price", "../migrations/0005_lowest_price.sql"),
            (6, "lowest_price_in_lists", "../migrations/0006_lowest_price_in_lists.sql"),
            (7, "bundles", "../migrations/0007_bundles.sql"),
            (8, "attributes", "../migrations/0008_attributes.sql"),
            (9, "scheduled", "../migrations/0009_scheduled.sql"),
            (10, "seo", "../migrations/0010_seo.sql"),
            (11, "related", "../migrations/0011_related.sql"),
            (12, "translations", "../migrations/0012_translations.sql"),
            (13, "digital", "../migrations/0013_digital.sql"),
            (14, "large_imports", "../migrations/0014_large_imports.sql"),
            (17, "category_slugs", "../migrations/0017_category_slugs.sql"),
            (18, "variant_pictures", "../migrations/0018_variant_pictures.sql"),
            (19, "sales", "../migrations/0019_sales.sql"),
            (20, "import_categories", "../migrations/0020_import_categories.sql"),
            (21, "import_complaints", "../migrations/0021_import_complaints.sql"),
            (22, "import_stock", "../migrations/0022_import_stock.sql"),
        ],
        move |env| async move { Ok(build(&Arc::new(Catalog::new(&env, &settings)))) },
    )
}

fn build(app: &Arc<Catalog>) -> Service {
    Service::new()
        .api(app, api::routes())
        .on(app, events::vendor_applied)
        .on(app, events::vendor_decided)
        .on(app, events::vendor_changed)
        .on(app, events::offer_changed)
        .on(app, events::stock_level_changed)
        .on(app, events::rating_changed)
        .job(jobs::IMPORT, app, jobs::import)
        .job(jobs::FORGET_FILE, app, jobs::forget_file)
        .every(Duration::from_secs(3600), "prune_files", app, jobs::prune_files)
        .job(jobs::FETCH_PICTURES, app, jobs::fetch_pictures)
        .job(jobs::RETELL_CATEGORY, app, jobs::retell_category)
        .job(jobs::PUBLISH, app, jobs::keep_schedule)
        .job(jobs::UNPUBLISH, app, jobs::keep_schedule)
}
