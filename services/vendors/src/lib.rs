//! Stores: application and approval, the store page, members, commission terms.

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
use contracts::identity::IdentityClient;
use db::Db;
use kernel::{Clock, Error, Identity, Ids, Random, Result};
use runtime::{Env, Service, ServiceDef};
use serde::Deserialize;

/// What an operator may change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The platform's share of each sale of a new store in basis points: 1000 is 10 %.
    pub default_commission_bp: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { default_commission_bp: 1000 }
    }
}

impl Settings {
    /// # Errors
    /// Names the setting that is wrong: a commission that nobody can pay.
    pub fn check(&self) -> Result<()> {
        match self.default_commission_bp {
            0..=10_000 => Ok(()),
            _ => {
                let reason = "A share is between 0 and 10,000 basis points: 1,000 is 10 %.";
                Err(Error::invalid("vendors.default_commission_bp", reason))
            }
        }
    }
}

/// The service.
pub fn service(settings: Settings) -> ServiceDef {
    ServiceDef::new(
        "vendors",
        "Stores, their members, their approval and terms.",
        db::migrations![(1, "init", "../migrations/0001_init.sql"), (2, "fences", postgres "../migrations/0002_fences.postgres.sql"), (3, "refused_methods", "../migrations/0003_refused_methods.sql")],
        move |env| async move {
            let app = Arc::new(App::new(&env, &settings)?);
            Ok(Service::new().api(&app, api::routes()).on(&app, events::account_erased))
        },
    )
}

/// What the service's operations work with.
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) outbox: Outbox,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) ids: Ids,
    pub(crate) identity: IdentityClient,
    pub(crate) myself: Identity,
    pub(crate) default_commission_bp: i64,
}

impl App {
    /// Refuses a commission that nobody can pay.
    pub(crate) fn new(env: &Env, settings: &Settings) -> Result<Self> {
        settings.check()?;
        Ok(Self {
            db: env.db.clone(),
            outbox: env.outbox.clone(),
            clock: env.clock.clone(),
            random: env.random.clone(),
            ids: env.ids.clone(),
            identity: env.client(),
            myself: env.myself(),
            default_commission_bp: settings.default_commission_bp,
        })
    }
}
