//! What the service's operations work with.

use std::sync::Arc;

use contracts::identity::IdentityClient;
use db::Db;
use events::Outbox;
use kernel::{Clock, Error, Identity, Ids, Random, Result};
use runtime::Env;

use crate::Settings;

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
        if !(0..=10_000).contains(&settings.default_commission_bp) {
            return Err(Error::internal("vendors: default_commission_bp is a number from 0 to 10000"));
        }
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
