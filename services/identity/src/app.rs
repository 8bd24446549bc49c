//! What the service's operations work with.

use std::{sync::Arc, time::Duration};

use contracts::{credits::CreditsClient, notifications::NotificationsClient, orders::OrdersClient};
use db::Db;
use events::{Jobs, Outbox};
use kernel::{Clock, Identity, Ids, Languages, Random, Result};
use runtime::Env;
use souk_http::Multilingual;

use crate::{Settings, keys::Keys, passwords::Passwords};

/// What the service's operations work with.
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) outbox: Outbox,
    pub(crate) jobs: Jobs,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) ids: Ids,
    pub(crate) passwords: Passwords,
    pub(crate) keys: Keys,
    pub(crate) notifications: NotificationsClient,
    pub(crate) orders: OrdersClient,
    pub(crate) credits: CreditsClient,
    pub(crate) myself: Identity,
}

/// An account is written to in one of those that there are words for.
impl Multilingual for App {
    fn languages(&self) -> &Languages {
        words::languages()
    }
}

impl App {
    /// Makes the first signing key if there is none.
    pub(crate) async fn start(env: &Env, settings: &Settings) -> Result<Self> {
        let rotation = Duration::from_secs(u64::from(settings.key_rotation_days.max(1)) * 24 * 3600);
        let keys =
            Keys::new(env.db.clone(), env.clock.clone(), env.random.clone(), env.secret("signing-keys"), rotation);
        keys.rotate().await?;
        Ok(Self {
            db: env.db.clone(),
            outbox: env.outbox.clone(),
            jobs: env.jobs.clone(),
            clock: env.clock.clone(),
            random: env.random.clone(),
            ids: env.ids.clone(),
            passwords: Passwords::new(settings, env.random.clone())?,
            keys,
            notifications: env.client(),
            orders: env.client(),
            credits: env.client(),
            myself: env.myself(),
        })
    }
}
