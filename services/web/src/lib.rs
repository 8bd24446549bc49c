//! The pages of Souk: storefront, account, vendor portal and admin. No domain tables live here.
//!
//! Pages are [askama] templates over plain view models. [`ui`] holds the components, each a
//! small struct with a template of its own that prints itself escaped; [`chart`] draws, [`fmt`]
//! writes money and time for a reader, [`assets`] serves what the pages link to. How to build a
//! page from them is told in `templates/README.md`.
//!
//! A request: [`render::around`] → a handler under [`pages`], which is given a [`visit::Visit`] (who
//! looks, with what session) and, for forms, [`forms::Posted`] → typed clients of the services in
//! [`app::Web`] → a template. How to add a page is told in `README.md`.

pub mod api_docs;
pub mod app;
pub mod assets;
pub mod chart;
pub mod cookies;
pub mod csrf;
pub mod currency;
pub mod fmt;
pub mod forms;
pub mod htmx;
pub mod language;
pub mod pages;
pub mod render;
pub mod session;
pub mod ui;
pub mod visit;

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use axum::{extract::DefaultBodyLimit, middleware};
use contracts::currencies::USUAL;
use events::Job;
use kernel::{Currency, Languages, Result};
use runtime::{Service, ServiceDef};

use crate::app::{App, Web};

/// Settings of the pages.
#[derive(Debug, Clone)]
pub struct Settings {
    /// True if people reach the site by https: cookies then travel by nothing else.
    pub https: bool,
    /// True adds `/dev/components`, the gallery of components. For demos only.
    pub gallery: bool,
    /// The languages of what is sold.
    pub languages: Languages,
    /// The main currency of the shop, for as long as `pricing` has not said so itself.
    pub currency: Currency,
}

impl Default for Settings {
    fn default() -> Self {
        Self { https: false, gallery: false, languages: Languages::default(), currency: USUAL }
    }
}

/// The pages as a service.
pub fn service(settings: Settings) -> ServiceDef {
    let migrations = db::migrations![(1, "init", "../migrations/0001_init.sql")];
    ServiceDef::new("web", "Pages: storefront, account, vendor portal, admin.", migrations, move |env| async move {
        let gallery = if settings.gallery { pages::components::routes() } else { axum::Router::new() };
        let app: App = Arc::new(Web::new(&env, settings));
        let router = pages::routes()
            .merge(gallery)
            .layer(DefaultBodyLimit::max(forms::FORM_LIMIT))
            .layer(middleware::from_fn_with_state(app.clone(), render::around))
            .with_state(app.clone());
        Ok(Service::new().pages(router).every(Duration::from_secs(3600), "prune", &app, prune))
    })
}

/// Forgets sessions that have ended.
async fn prune(app: App, _: Job) -> Result<()> {
    let gone = app.sessions.prune().await?;
    tracing::debug!(gone, "ended sessions forgotten");
    Ok(())
}
