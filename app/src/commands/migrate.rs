//! `souk migrate`: brings the databases up to date, makes the broker's queues, and stops.

use std::process::ExitCode;

use kernel::Result;

use crate::{commands::serve, config::Config, telemetry};

/// Migrates `services` (all if empty). Building a system does it; nothing is served.
pub async fn run(config: Config, services: &[String]) -> Result<ExitCode> {
    telemetry::log(&config.log)?;
    let souk = serve::start(&config, services).await?;
    for service in souk.system.databases().keys() {
        println!("{service}: up to date");
    }
    // A service that starts before another has queues to publish to from its first event on.
    let prepared = souk.system.prepare_events().await;
    souk.system.stop().await;
    prepared?;
    Ok(ExitCode::SUCCESS)
}
