//! Pricing: what a cart costs and why, discounts of vendors, tax rates.
//!
//! [`model::quote`] is the heart: a pure function from a request and the prices loaded for it to a
//! quote whose hash names every amount. [`ops::reprice`] tells the others when an offer changes.

mod api;
mod error;
mod events;
mod jobs;
mod model;
mod ops;
mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use ::events::{Jobs, Outbox};
use db::Db;
use kernel::{Clock, Ids};
use runtime::{Env, Service, ServiceDef};

/// State of the service.
struct Pricing {
    db: Db,
    outbox: Outbox,
    jobs: Jobs,
    clock: Arc<dyn Clock>,
    ids: Ids,
}

impl Pricing {
    fn new(env: Env) -> Self {
        Self { db: env.db, outbox: env.outbox, jobs: env.jobs, clock: env.clock, ids: env.ids }
    }
}

/// The pricing service.
pub fn service() -> ServiceDef {
    let migrations = db::migrations![(1, "init", "../migrations/0001_init.sql"), (2, "fences", postgres "../migrations/0002_fences.postgres.sql"), (3, "weights", "../migrations/0003_weights.sql")];
    ServiceDef::new("pricing", "What a cart costs, and why; discounts and tax rates.", migrations, |env| async move {
        let app = Arc::new(Pricing::new(env));
        Ok(Service::new()
            .api(&app, api::routes())
            .on(&app, events::vendor_applied)
            .on(&app, events::vendor_decided)
            .on(&app, events::vendor_changed)
            .on(&app, events::product_published)
            .on(&app, events::product_changed)
            .on(&app, events::product_withdrawn)
            .on(&app, events::shipping_methods_changed)
            .job(jobs::REPRICE, &app, jobs::reprice))
    })
}
