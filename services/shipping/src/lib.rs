//! Shipping: how vendors ship, and where parcels are.

mod api;
pub mod carrier;
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
use carrier::{
    Carrier, Carriers,
    easypost::{EasyPost, EasyPostSettings},
};
use contracts::{currencies::USUAL, orders::OrdersClient};
use db::Db;
use kernel::{Clock, Currency, Identity, Ids, Result};
use model::token::TrackingTokens;
use runtime::{Env, FileStore, Service, ServiceDef};
use serde::Deserialize;

/// What can be set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// EasyPost: labels and tracking.
    pub easypost: EasyPostSettings,
    /// The main currency of the shop. Not a setting of its own.
    #[serde(skip)]
    pub currency: Currency,
}

impl Default for Settings {
    fn default() -> Self {
        Self { easypost: EasyPostSettings::default(), currency: USUAL }
    }
}

impl Settings {
    /// # Errors
    /// Names the setting that is wrong.
    pub fn check(&self) -> Result<()> {
        if self.easypost.is_set() { self.easypost.check() } else { Ok(()) }
    }
}

/// State of the service.
struct Shipping {
    db: Db,
    outbox: Outbox,
    jobs: Jobs,
    clock: Arc<dyn Clock>,
    ids: Ids,
    files: Arc<dyn FileStore>,
    orders: OrdersClient,
    myself: Identity,
    tokens: TrackingTokens,
    carrier: Carriers,
    /// The main currency of the shop.
    currency: Currency,
}

impl Shipping {
    fn new(env: Env, carrier: Carriers, currency: Currency) -> Self {
        let tokens = TrackingTokens::new(env.secret("tracking"));
        let (orders, myself) = (env.client(), env.myself());
        Self {
            db: env.db,
            outbox: env.outbox,
            jobs: env.jobs,
            clock: env.clock,
            ids: env.ids,
            files: env.files,
            orders,
            myself,
            tokens,
            carrier,
            currency,
        }
    }
}

/// The shipping service, with the carrier that is set up.
pub fn service(settings: Settings) -> ServiceDef {
    service_with(settings.currency, move |env| {
        if !settings.easypost.is_set() {
            return Ok(None);
        }
        let easypost: Arc<dyn Carrier> = Arc::new(EasyPost::new(settings.easypost, env)?);
        Ok(Some(easypost))
    })
}

/// The shipping service with this carrier, or none, in a shop of this main currency.
pub fn service_with(currency: Currency, carrier: impl FnOnce(&Env) -> Result<Carriers> + Send + 'static) -> ServiceDef {
    let migrations = db::migrations![
        (1, "init", "../migrations/0001_init.sql"),
        (2, "weights", "../migrations/0002_weights.sql"),
        (3, "waits", "../migrations/0003_waits.sql"),
        (4, "parcels", "../migrations/0004_parcels.sqlite.sql", "../migrations/0004_parcels.postgres.sql"),
        (5, "carriers", "../migrations/0005_carriers.sql"),
        (
            6,
            "carrier_fences",
            "../migrations/0006_carrier_fences.sqlite.sql",
            "../migrations/0006_carrier_fences.postgres.sql"
        ),
        (7, "withdrawn", "../migrations/0007_withdrawn.sql"),
        (8, "label_costs", "../migrations/0008_label_costs.sql"),
        (9, "value_prices", "../migrations/0009_value_prices.sql"),
        (10, "handling", "../migrations/0010_handling.sql"),
        (11, "pickup", "../migrations/0011_pickup.sql"),
        (12, "return_labels", "../migrations/0012_return_labels.sql"),
    ];
    ServiceDef::new("shipping", "How vendors ship, and where parcels are.", migrations, move |env| async move {
        let carrier = carrier(&env)?;
        let app = Arc::new(Shipping::new(env, carrier, currency));
        Ok(Service::new()
            .api(&app, api::routes())
            .on(&app, events::vendor_applied)
            .on(&app, events::vendor_decided)
            .on(&app, events::vendor_changed)
            .on(&app, events::order_promised)
            .on(&app, events::order_paid)
            .on(&app, events::stock_claimed)
            .on(&app, events::stock_arrived)
            .on(&app, events::order_cancelled)
            .on(&app, events::withdrawal_wanted)
            .on(&app, events::return_ended)
            .job(jobs::LABEL, &app, jobs::label)
            .job(jobs::NEWS, &app, jobs::news)
            .job(jobs::FOLLOW, &app, jobs::follow)
            .every(jobs::LOOK_EVERY, "look", &app, jobs::look)
            .every(jobs::RATES_EVERY, "rates", &app, jobs::rates)
            .every(jobs::FORGET_EVERY, "forget", &app, jobs::forget))
    })
}
