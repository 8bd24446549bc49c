//! Analytics: projections by day, fed by everybody's events.

mod api;
mod events;
mod model;
mod ops;
mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use db::Db;
use kernel::{Clock, Currency};
use runtime::{Service, ServiceDef};

/// State of the service.
struct Analytics {
    db: Db,
    clock: Arc<dyn Clock>,
    best_sellers: ops::Counted,
    /// What a report is in as long as nothing was sold.
    main: Currency,
}

/// The analytics service of a shop whose main currency is `main`.
pub fn service(main: Currency) -> ServiceDef {
    let migrations = db::migrations![
        (1, "init", "../migrations/0001_init.sql"),
        (2, "fences", postgres "../migrations/0002_fences.postgres.sql"),
        (3, "sold", "../migrations/0003_sold.sql"),
    ];
    ServiceDef::new("analytics", "Numbers by day, for dashboards.", migrations, move |env| async move {
        let app = Arc::new(Analytics { db: env.db, clock: env.clock, best_sellers: ops::Counted::default(), main });
        Ok(Service::new()
            .api(&app, api::routes())
            .on(&app, events::order_paid)
            .on(&app, events::payment_refunded)
            .on(&app, events::account_registered)
            .on(&app, events::logged_in)
            .on(&app, events::product_published)
            .on(&app, events::product_changed)
            .on(&app, events::vendor_applied)
            .on(&app, events::vendor_decided)
            .on(&app, events::vendor_changed))
    })
}
