//! Stores: application and approval, the store page, members, commission terms.

mod api;
mod app;
mod error;
mod model;
mod ops;
mod store;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use runtime::{Service, ServiceDef};
use serde::Deserialize;

use crate::app::App;

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

/// The service.
pub fn service(settings: Settings) -> ServiceDef {
    ServiceDef::new(
        "vendors",
        "Stores, their members, their approval and terms.",
        db::migrations![(1, "init", "../migrations/0001_init.sql")],
        move |env| async move {
            let app = Arc::new(App::new(&env, &settings)?);
            Ok(Service::new().api(&app, api::routes()))
        },
    )
}
