//! How much of each variant there is, and to whom it is promised.
//!
//! A request goes `api → ops → store`, an event `events → ops → store`. Every promise is one
//! conditional statement; what must hold is S1 to S6 of the invariants.

mod api;
mod error;
mod events;
mod jobs;
mod model;
mod ops;
mod store;

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use ::events::{Jobs, Outbox};
use db::Db;
use kernel::{Clock, Ids, Result};
use runtime::{Env, Service, ServiceDef};
use serde::{Deserialize, Serialize};

/// What can be set from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Seconds for which an order that is not paid yet holds its stock.
    pub reservation_ttl_s: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { reservation_ttl_s: 30 * 60 }
    }
}

/// The state of the service: what it was given.
pub(crate) struct Inventory {
    pub(crate) db: Db,
    pub(crate) outbox: Outbox,
    pub(crate) jobs: Jobs,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Ids,
    pub(crate) reservation_ttl: Duration,
}

impl Inventory {
    fn new(env: &Env, settings: &Settings) -> Self {
        Self {
            db: env.db.clone(),
            outbox: env.outbox.clone(),
            jobs: env.jobs.clone(),
            clock: env.clock.clone(),
            ids: env.ids.clone(),
            reservation_ttl: Duration::from_secs(settings.reservation_ttl_s),
        }
    }
}

const MIGRATIONS: &[db::Migration] = db::migrations![
    (1, "init", "../migrations/0001_init.sql"),
    (2, "fences", postgres "../migrations/0002_fences.postgres.sql"),
    (3, "locations", "../migrations/0003_locations.sql"),
    (4, "ledger", "../migrations/0004_ledger.sqlite.sql", "../migrations/0004_ledger.postgres.sql"),
    (5, "backorders", "../migrations/0005_backorders.sql"),
    (6, "parcels", "../migrations/0006_parcels.sql"),
    (7, "bundles", "../migrations/0007_bundles.sql"),
    (8, "withdrawn", "../migrations/0008_withdrawn.sql"),
    (9, "digital", "../migrations/0009_digital.sql"),
];

/// The service, ready to be started.
pub fn service(settings: Settings) -> ServiceDef {
    ServiceDef::new(
        "inventory",
        "Stock, reservations, movements.",
        MIGRATIONS,
        |env| async move { build(&env, &settings) },
    )
}

fn build(env: &Env, settings: &Settings) -> Result<Service> {
    let app = Arc::new(Inventory::new(env, settings));
    Ok(Service::new()
        .api(&app, api::routes())
        .on(&app, events::product_published)
        .on(&app, events::product_changed)
        .on(&app, events::product_withdrawn)
        .on(&app, events::order_placed)
        .on(&app, events::order_promised)
        .on(&app, events::order_paid)
        .on(&app, events::order_rejected)
        .on(&app, events::order_cancelled)
        .on(&app, events::shipment_shipped)
        .on(&app, events::return_received)
        .on(&app, events::return_withdrawn)
        .on(&app, events::return_exchange_wanted)
        .on(&app, events::return_exchanged)
        .on(&app, events::return_refund_due)
        .on(&app, events::return_ended)
        .job(jobs::EXPIRE_RESERVATION, &app, jobs::expire_reservation)
        .job(jobs::ARRIVE, &app, jobs::arrive))
}
