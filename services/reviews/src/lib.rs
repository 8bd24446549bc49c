//! Reviews: ratings by verified buyers, their average and histogram.

mod api;
mod events;
mod model;
mod ops;
mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use ::events::Outbox;
use contracts::identity::IdentityClient;
use db::Db;
use kernel::{Clock, Identity, Ids};
use runtime::{Env, Service, ServiceDef};

/// State of the service.
struct Reviews {
    db: Db,
    outbox: Outbox,
    clock: Arc<dyn Clock>,
    ids: Ids,
    identity: IdentityClient,
    myself: Identity,
}

impl Reviews {
    fn new(env: Env) -> Self {
        let (identity, myself) = (env.client(), env.myself());
        Self { db: env.db, outbox: env.outbox, clock: env.clock, ids: env.ids, identity, myself }
    }
}

/// The reviews service.
pub fn service() -> ServiceDef {
    let migrations = db::migrations![(1, "init", "../migrations/0001_init.sql")];
    ServiceDef::new("reviews", "Ratings and reviews by those who bought.", migrations, |env| async move {
        let app = Arc::new(Reviews::new(env));
        Ok(Service::new()
            .api(&app, api::routes())
            .on(&app, events::order_paid)
            .on(&app, events::order_claimed)
            .on(&app, events::order_cancelled))
    })
}
