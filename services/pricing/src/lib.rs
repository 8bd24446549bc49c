//! Pricing: what a cart costs and why, discounts of vendors, promotions, taxes, currencies.
//!
//! [`model::quote`] is the heart: a pure function from a request and the prices loaded for it to a
//! quote whose hash names every amount. [`ops::reprice`] tells the others when an offer changes.
//! [`ops::hold_promotions`] keeps the limits of promotions.

mod api;
mod error;
mod events;
mod jobs;
mod model;
mod ops;
pub mod sample;
mod store;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use ::events::{Jobs, Outbox};
use contracts::{identity::IdentityClient, orders::OrdersClient, pricing::PaymentFee, promotions::Customer};
use db::Db;
use kernel::{Clock, Currency, Identity, Ids, Result};
use runtime::{Env, Service, ServiceDef};

/// How often holds are looked for whose order never came to be.
const LAPSE_EVERY: Duration = Duration::from_secs(60);

/// State of the service.
struct Pricing {
    db: Db,
    outbox: Outbox,
    jobs: Jobs,
    clock: Arc<dyn Clock>,
    ids: Ids,
    orders: OrdersClient,
    identity: IdentityClient,
    myself: Identity,
    customer_secret: [u8; 32],
    /// The main currency of the shop.
    main: Currency,
    /// What ways to pay cost.
    fees: Vec<PaymentFee>,
}

impl Pricing {
    fn new(env: Env, main: Currency, fees: Vec<PaymentFee>) -> Self {
        Self {
            main,
            fees,
            orders: env.client(),
            identity: env.client(),
            myself: env.myself(),
            customer_secret: env.secret("customer"),
            db: env.db,
            outbox: env.outbox,
            jobs: env.jobs,
            clock: env.clock,
            ids: env.ids,
        }
    }

    /// Under which name the uses of a customer are counted, if it is known who that is.
    fn customer_key(&self, customer: &Customer) -> Option<String> {
        model::customer::key(customer, &self.customer_secret)
    }
}

/// The pricing service of a shop whose main currency is `main`.
pub fn service(main: Currency) -> ServiceDef {
    service_with(main, Vec::new())
}

/// The same, where these ways to pay cost something.
pub fn service_with(main: Currency, fees: Vec<PaymentFee>) -> ServiceDef {
    let migrations = db::migrations![(1, "init", "../migrations/0001_init.sql"), (2, "fences", postgres "../migrations/0002_fences.postgres.sql"), (3, "weights", "../migrations/0003_weights.sql"), (4, "promotions", "../migrations/0004_promotions.sql"), (5, "promotion_fences", postgres "../migrations/0005_promotion_fences.postgres.sql"), (6, "quantity_prices", "../migrations/0006_quantity_prices.sql"), (7, "tax_areas", "../migrations/0007_tax_areas.sql"), (8, "price_history", "../migrations/0008_price_history.sql"), (9, "price_lists", "../migrations/0009_price_lists.sql"), (10, "price_list_fences", postgres "../migrations/0010_price_list_fences.postgres.sql"), (11, "carrier_rates", "../migrations/0011_carrier_rates.sql"), (12, "digital", "../migrations/0012_digital.sql"), (13, "currencies", "../migrations/0013_currencies.sql"), (14, "main_currency", "../migrations/0014_main_currency.sql"), (15, "promotion_groups", "../migrations/0015_promotion_groups.sql"), (16, "value_prices", "../migrations/0016_value_prices.sql"), (17, "refused_methods", "../migrations/0017_refused_methods.sql"), (18, "handling", "../migrations/0018_handling.sql"), (19, "pickup", "../migrations/0019_pickup.sql")];
    ServiceDef::new(
        "pricing",
        "What a cart costs, and why; prices, discounts, promotions and taxes.",
        migrations,
        move |env| build(env, main, fees),
    )
}

async fn build(env: Env, main: Currency, fees: Vec<PaymentFee>) -> Result<Service> {
    let app = Arc::new(Pricing::new(env, main, fees));
    ops::currencies::refuse_rates_of_others(&app).await?;
    Ok(Service::new()
        .api(&app, api::routes())
        .on(&app, events::vendor_applied)
        .on(&app, events::vendor_decided)
        .on(&app, events::vendor_changed)
        .on(&app, events::product_published)
        .on(&app, events::product_changed)
        .on(&app, events::product_withdrawn)
        .on(&app, events::product_sale_told)
        .on(&app, events::shipping_methods_changed)
        .on(&app, events::order_placed)
        .on(&app, events::order_rejected)
        .on(&app, events::order_cancelled)
        .job(jobs::REPRICE, &app, jobs::reprice)
        .every(LAPSE_EVERY, "lapse_holds", &app, jobs::lapse_holds))
}
