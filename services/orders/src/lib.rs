//! Checkout, the order saga, each vendor's part. `README.md` says what it owns and hears.

mod access;
mod api;
mod error;
mod events;
mod jobs;
mod live;
pub mod model;
mod ops;
mod store;

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use contracts::{
    catalog::CatalogClient,
    credits::CreditsClient,
    identity::IdentityClient,
    payments::{MethodView, PaymentsClient},
    pricing::PricingClient,
};
use db::Db;
use kernel::{Clock, Identity, Ids, Languages};
use pictures::{Shelf, Workshop};
use runtime::{Env, FileStore, Service, ServiceDef};
use serde::Deserialize;
use souk_http::Multilingual;

/// What can be set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Minutes a buyer has to pay before the order is called off.
    pub payment_minutes: u64,
    /// The same for orders that an admin has made for a buyer, in hours: the mail has to be read first.
    pub made_payment_hours: u64,
    /// Hours for which a link to download something works.
    pub download_hours: u64,
    /// How often a line can be downloaded, over all its files.
    pub downloads_per_line: u32,
    /// Years for which orders of erased accounts keep whom they were billed and sent to, because the law demands it.
    pub keep_years: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { payment_minutes: 30, made_payment_hours: 72, download_hours: 24, downloads_per_line: 20, keep_years: 10 }
    }
}

/// Where photos of returns are.
const PHOTOS: Shelf = Shelf::Own { url: "/media/returns", folder: "return-media" };
/// How often unpaid orders are looked for.
const DEADLINES_EVERY: Duration = Duration::from_secs(10);
/// How often orders are looked for whose time to be kept is over.
const FORGET_EVERY: Duration = Duration::from_secs(24 * 3600);
/// How long the list of ways to pay is remembered.
const METHODS_FOR: Duration = Duration::from_secs(60);

/// The service's state.
pub(crate) struct Orders {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Ids,
    outbox: ::events::Outbox,
    jobs: ::events::Jobs,
    identity: IdentityClient,
    pricing: PricingClient,
    payments: PaymentsClient,
    credits: CreditsClient,
    myself: Identity,
    /// Ways to pay, as `payments` last said.
    methods: moka::sync::Cache<(), Arc<Vec<MethodView>>>,
    numbers: ops::Numbers,
    live: Arc<live::Live>,
    photos: Workshop,
    token_secret: [u8; 32],
    time_to_pay: Duration,
    time_to_pay_made: Duration,
    catalog: CatalogClient,
    files: Arc<dyn FileStore>,
    download_secret: [u8; 32],
    download_for: Duration,
    downloads_per_line: i64,
    keep_for: Duration,
}

impl Orders {
    fn new(env: &Env, settings: &Settings) -> Self {
        Self {
            db: env.db.clone(),
            clock: env.clock.clone(),
            ids: env.ids.clone(),
            outbox: env.outbox.clone(),
            jobs: env.jobs.clone(),
            identity: env.client(),
            pricing: env.client(),
            payments: env.client(),
            credits: env.client(),
            myself: env.myself(),
            methods: moka::sync::Cache::builder().max_capacity(1).time_to_live(METHODS_FOR).build(),
            numbers: ops::Numbers::default(),
            live: Arc::default(),
            photos: Workshop::new(env.files.clone(), env.ids.clone(), PHOTOS),
            token_secret: env.secret("order-token"),
            catalog: env.client(),
            files: env.files.clone(),
            download_secret: env.secret("download-link"),
            download_for: Duration::from_secs(settings.download_hours.saturating_mul(3600)),
            downloads_per_line: i64::from(settings.downloads_per_line),
            keep_for: Duration::from_secs(u64::from(settings.keep_years.min(1_000)) * 366 * 24 * 3600),
            time_to_pay: Duration::from_secs(settings.payment_minutes.saturating_mul(60)),
            time_to_pay_made: Duration::from_secs(settings.made_payment_hours.saturating_mul(3600)),
        }
    }
}

/// An order is placed in one of those that there are words for.
impl Multilingual for Orders {
    fn languages(&self) -> &Languages {
        words::languages()
    }
}

/// The service.
pub fn service(settings: Settings) -> ServiceDef {
    ServiceDef::new(
        "orders",
        "Checkout, orders, each vendor's part of them.",
        db::migrations![(1, "init", "../migrations/0001_init.sql"), (2, "fences", postgres "../migrations/0002_fences.postgres.sql"), (3, "promotions", "../migrations/0003_promotions.sql"), (4, "added_tax", "../migrations/0004_added_tax.sql"), (5, "returns", "../migrations/0005_returns.sql"), (6, "return_fences", postgres "../migrations/0006_return_fences.postgres.sql"), (7, "refunds", "../migrations/0007_refunds.sql"), (8, "parcels", "../migrations/0008_parcels.sql"), (9, "bundles", "../migrations/0009_bundles.sql"), (10, "withdrawals", "../migrations/0010_withdrawals.sql"), (11, "gift", "../migrations/0011_gift.sql"), (12, "placed_by", "../migrations/0012_placed_by.sql"), (13, "digital", "../migrations/0013_digital.sql"), (14, "covered", "../migrations/0014_covered.sql"), (15, "promised", "../migrations/0015_promised.sql"), (16, "language", "../migrations/0016_language.sql"), (17, "orders_of_nothing", "../migrations/0017_orders_of_nothing.sqlite.sql", "../migrations/0017_orders_of_nothing.postgres.sql"), (21, "erased", "../migrations/0021_erased.sql"), (22, "pickup", "../migrations/0022_pickup.sql"), (23, "return_labels", "../migrations/0023_return_labels.sql"), (24, "kept", "../migrations/0024_kept.sqlite.sql", "../migrations/0024_kept.postgres.sql")],
        |env| async move {
            let app = Arc::new(Orders::new(&env, &settings));
            Ok(Service::new()
                .api(&app, api::routes())
                .on(&app, events::account_verified)
                .on(&app, events::account_erased)
                .on(&app, events::stock_reserved)
                .on(&app, events::stock_rejected)
                .on(&app, events::stock_released)
                .on(&app, events::payment_action_required)
                .on(&app, events::payment_promised)
                .on(&app, events::payment_captured)
                .on(&app, events::payment_failed)
                .on(&app, events::payment_refunded)
                .on(&app, events::payment_refund_failed)
                .on(&app, events::dispute_opened)
                .on(&app, events::dispute_closed)
                .on(&app, events::exchange_held)
                .on(&app, events::exchange_short)
                .on(&app, events::return_label_ready)
                .on(&app, events::return_label_voided)
                .on(&app, events::return_label_used)
                .on(&app, events::withdrawal_granted)
                .on(&app, events::withdrawal_refused)
                .on(&app, events::shipment_shipped)
                .on(&app, events::shipment_delivered)
                .job(jobs::CLAIM_GUEST_ORDERS, &app, jobs::claim_guest_orders)
                .job(jobs::CUT_FROM_ACCOUNT, &app, jobs::cut_from_account)
                .every(FORGET_EVERY, "forget", &app, jobs::forget)
                .every(DEADLINES_EVERY, "deadlines", &app, jobs::deadlines))
        },
    )
}
