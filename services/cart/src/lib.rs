//! Carts of guests and customers, across vendors.
//!
//! A guest's cart is opened by a token (256 bit, stored as a hash), a customer's by the account. A cart
//! promises nothing: prices and stock in it are copies for showing, the quote and the reservation decide.

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
use contracts::{notifications::NotificationsClient, orders::OrdersClient};
use db::Db;
use kernel::{Clock, Identity, Ids, Languages, Random};
use runtime::{Env, Service, ServiceDef};
use serde::{Deserialize, Serialize};
use souk_http::Multilingual;

/// What can be set from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Hours after its last change when the account of a cart is written to about it; 0: nobody is.
    pub abandoned_hours: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { abandoned_hours: 24 }
    }
}

/// State of the service.
struct Carts {
    db: Db,
    outbox: Outbox,
    jobs: Jobs,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    ids: Ids,
    notifications: NotificationsClient,
    orders: OrdersClient,
    myself: Identity,
    /// Makes the links that end notices.
    notice_secret: [u8; 32],
    /// Makes the links that end letters about carts left behind.
    letter_secret: [u8; 32],
    /// How long a cart is left alone before its account is written to; none if nobody is.
    left_for: Option<Duration>,
}

impl Carts {
    fn new(env: Env, settings: &Settings) -> Self {
        let hours = Some(settings.abandoned_hours).filter(|hours| *hours > 0);
        Self {
            left_for: hours.map(|hours| Duration::from_secs(u64::from(hours) * 3600)),
            letter_secret: env.secret("letters"),
            notifications: env.client(),
            orders: env.client(),
            myself: env.myself(),
            notice_secret: env.secret("notices"),
            db: env.db,
            outbox: env.outbox,
            jobs: env.jobs,
            clock: env.clock,
            random: env.random,
            ids: env.ids,
        }
    }
}

/// A letter is asked for in one of those that there are words for.
impl Multilingual for Carts {
    fn languages(&self) -> &Languages {
        words::languages()
    }
}

/// The cart service.
pub fn service(settings: Settings) -> ServiceDef {
    let migrations = db::migrations![
        (1, "init", "../migrations/0001_init.sql"),
        (2, "later", "../migrations/0002_later.sql"),
        (3, "codes", "../migrations/0003_codes.sql"),
        (4, "back_orders", "../migrations/0004_back_orders.sql"),
        (5, "notices", "../migrations/0005_notices.sql"),
        (6, "quantity_prices", "../migrations/0006_quantity_prices.sql"),
        (7, "bundles", "../migrations/0007_bundles.sql"),
        (8, "currency", "../migrations/0008_currency.sql"),
        (10, "no_letters", "../migrations/0010_no_letters.sql"),
        (11, "notice_language", "../migrations/0011_notice_language.sql"),
    ];
    ServiceDef::new("cart", "Carts of guests and customers, across vendors.", migrations, |env| async move {
        let app = Arc::new(Carts::new(env, &settings));
        Ok(Service::new()
            .api(&app, api::routes())
            .on(&app, events::vendor_applied)
            .on(&app, events::vendor_decided)
            .on(&app, events::vendor_changed)
            .on(&app, events::product_published)
            .on(&app, events::product_changed)
            .on(&app, events::product_withdrawn)
            .on(&app, events::offer_changed)
            .on(&app, events::stock_level_changed)
            .on(&app, events::order_placed)
            .on(&app, events::account_erased)
            .job(jobs::TELL_BACK, &app, jobs::tell_back)
            .job(jobs::MAIL, &app, jobs::mail)
            .every(Duration::from_secs(600), "tell_abandoned", &app, jobs::tell_abandoned)
            .every(Duration::from_secs(3600), "prune", &app, jobs::prune))
    })
}
