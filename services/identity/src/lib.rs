//! Who people are: accounts, passwords, sessions, tokens, roles, address books.
//!
//! Access tokens are short-lived EdDSA JWTs ([`keys`]); refresh tokens are opaque, work once and give
//! away a thief when they come a second time (`ops/refresh.rs`). Everything that opens something
//! (passwords, refresh tokens, links) is stored hashed.

mod api;
mod app;
mod error;
mod events;
mod jobs;
mod keys;
mod links;
mod mail;
mod model;
mod ops;
mod passwords;
pub mod seed;
mod setup;
mod store;
mod throttle;

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use kernel::Result;
use runtime::{Service, ServiceDef};
use serde::Deserialize;

use crate::app::App;
pub use crate::{ops::verify_audit, setup::setup_token};

/// What an operator may change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Memory that hashing a password takes, in KiB.
    pub argon2_memory_kib: u32,
    /// Passes over that memory.
    pub argon2_iterations: u32,
    /// Days after which a new key signs access tokens.
    pub key_rotation_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { argon2_memory_kib: 19 * 1024, argon2_iterations: 2, key_rotation_days: 30 }
    }
}

impl Settings {
    /// # Errors
    /// Names the setting that is wrong.
    pub fn check(&self) -> Result<()> {
        passwords::params(self).map(drop)
    }
}

/// The service.
pub fn service(settings: Settings) -> ServiceDef {
    ServiceDef::new(
        "identity",
        "Accounts, sessions, tokens, roles, address books.",
        db::migrations![(1, "init", "../migrations/0001_init.sql"), (2, "erased", "../migrations/0002_erased.sql")],
        move |env| async move {
            let app = Arc::new(App::start(&env, &settings).await?);
            Ok(Service::new()
                .api(&app, api::routes())
                .on(&app, events::member_changed)
                .job(mail::JOB, &app, mail::send)
                .job(ops::REQUEST_JOB, &app, ops::mail_reset_link)
                .every(Duration::from_secs(3600), "rotate_keys", &app, jobs::rotate_keys)
                .every(Duration::from_secs(3600), "prune", &app, jobs::prune))
        },
    )
}
