//! Shipping: how vendors ship, and where parcels are.

mod api;
mod error;
mod events;
mod model;
mod ops;
mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use ::events::Outbox;
use contracts::orders::OrdersClient;
use db::Db;
use kernel::{Clock, Identity, Ids};
use model::token::TrackingTokens;
use runtime::{Env, Service, ServiceDef};

/// State of the service.
struct Shipping {
    db: Db,
    outbox: Outbox,
    clock: Arc<dyn Clock>,
    ids: Ids,
    orders: OrdersClient,
    myself: Identity,
    tokens: TrackingTokens,
}

impl Shipping {
    fn new(env: Env) -> Self {
        let tokens = TrackingTokens::new(env.secret("tracking"));
        let (orders, myself) = (env.client(), env.myself());
        Self { db: env.db, outbox: env.outbox, clock: env.clock, ids: env.ids, orders, myself, tokens }
    }
}

/// The shipping service.
pub fn service() -> ServiceDef {
    let migrations = db::migrations![
        (1, "init", "../migrations/0001_init.sql"),
        (2, "weights", "../migrations/0002_weights.sql"),
        (3, "waits", "../migrations/0003_waits.sql"),
        (4, "parcels", "../migrations/0004_parcels.sqlite.sql", "../migrations/0004_parcels.postgres.sql"),
    ];
    ServiceDef::new("shipping", "How vendors ship, and where parcels are.", migrations, |env| async move {
        let app = Arc::new(Shipping::new(env));
        Ok(Service::new()
            .api(&app, api::routes())
            .on(&app, events::vendor_applied)
            .on(&app, events::vendor_decided)
            .on(&app, events::vendor_changed)
            .on(&app, events::order_paid)
            .on(&app, events::stock_claimed)
            .on(&app, events::stock_arrived)
            .on(&app, events::order_cancelled))
    })
}
