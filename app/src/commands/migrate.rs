//! `souk migrate`: brings the databases up to date, makes the broker's queues, and stops.

use std::process::ExitCode;

use kernel::Result;
use runtime::ServiceDef;

use super::serve;
use crate::{
    compose,
    config::{Config, EventsBackend},
    databases::Databases,
    judge::judge,
    telemetry,
};

/// Migrates `services` (all if empty). With an administrator's URL it also makes schemas and roles.
pub async fn run(config: Config, services: &[String]) -> Result<ExitCode> {
    telemetry::log(&config.log)?;
    judge(&config, services)?;
    let databases = Databases::new(&config, config.database.synchronous.into());
    for def in compose::wanted(&config, services)?.into_iter().filter(ServiceDef::has_database) {
        match databases.migrate(&def).await? {
            0 => println!("{}: up to date", def.name),
            applied => println!("{}: {applied} migrations applied", def.name),
        }
    }
    prepare_events(&config, services).await?;
    Ok(ExitCode::SUCCESS)
}

/// Makes the broker's queues, if there is a broker: a service that starts before another has queues to publish to from
/// its first event on. Tables that are not up to date, and may not be changed now, are refused.
pub async fn prepare_events(config: &Config, services: &[String]) -> Result<()> {
    if config.events.backend == EventsBackend::Embedded {
        return Ok(());
    }
    let souk = serve::start(config, services).await?;
    let prepared = souk.system.prepare_events().await;
    souk.system.stop().await;
    if let Some(sandbox) = souk.sandbox {
        // Its journal is one process's alone.
        sandbox.close().await;
    }
    prepared
}
