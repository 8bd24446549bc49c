//! Reviews: ratings by verified buyers, their average and histogram; what vendors answer, what others think
//! of them, and what moderators do.

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
use ::pictures::{Shelf, Workshop};
use contracts::{identity::IdentityClient, orders::OrdersClient};
use db::Db;
use kernel::{Clock, Identity, Ids};
use runtime::{Env, Service, ServiceDef};
use serde::{Deserialize, Serialize};

/// What can be set from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Days after the delivery when a buyer is invited to review what came; 0 invites nobody.
    pub invite_after_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { invite_after_days: 3 }
    }
}

/// Where photos are: named by themselves, so that they go with their review.
const PHOTOS: Shelf = Shelf::Own { url: "/media/reviews", folder: "review-media" };

/// State of the service.
struct Reviews {
    db: Db,
    outbox: Outbox,
    jobs: Jobs,
    clock: Arc<dyn Clock>,
    ids: Ids,
    photos: Workshop,
    identity: IdentityClient,
    orders: OrdersClient,
    myself: Identity,
    /// None: nobody is invited.
    invite_after: Option<Duration>,
}

impl Reviews {
    fn new(env: Env, settings: &Settings) -> Self {
        let days = settings.invite_after_days;
        Self {
            identity: env.client(),
            orders: env.client(),
            myself: env.myself(),
            photos: Workshop::new(env.files.clone(), env.ids.clone(), PHOTOS),
            invite_after: (days > 0).then(|| Duration::from_secs(u64::from(days) * 86_400)),
            db: env.db,
            outbox: env.outbox,
            jobs: env.jobs,
            clock: env.clock,
            ids: env.ids,
        }
    }
}

/// The reviews service.
pub fn service(settings: Settings) -> ServiceDef {
    let migrations = db::migrations![
        (1, "init", "../migrations/0001_init.sql"),
        (2, "answers", "../migrations/0002_answers.sql"),
        (3, "fences", postgres "../migrations/0003_fences.postgres.sql"),
        (4, "parts", "../migrations/0004_parts.sql"),
        (5, "authors", "../migrations/0005_authors.sql"),
        (6, "told", "../migrations/0006_told.sql"),
    ];
    ServiceDef::new("reviews", "Ratings and reviews by those who bought.", migrations, move |env| async move {
        let app = Arc::new(Reviews::new(env, &settings));
        Ok(Service::new()
            .api(&app, api::routes())
            .on(&app, events::order_paid)
            .on(&app, events::order_claimed)
            .on(&app, events::order_cancelled)
            .on(&app, events::shipment_delivered)
            .on(&app, events::shipment_part_arrived)
            .on(&app, events::account_erased)
            .job(jobs::INVITE, &app, jobs::invite)
            .job(jobs::FORGET_PHOTOS, &app, jobs::forget_photos))
    })
}
