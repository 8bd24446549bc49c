//! `souk migrate`: brings the databases up to date, and stops.

use std::process::ExitCode;

use kernel::Result;

use crate::{compose, config::Config, databases::Databases, telemetry};

/// Migrates `services` (all if empty). With an administrator's URL it also makes schemas and roles.
pub async fn run(config: Config, services: &[String]) -> Result<ExitCode> {
    telemetry::log(&config.log)?;
    let databases = Databases::new(&config, config.database.synchronous.into());
    for def in compose::wanted(&config, services)? {
        match databases.migrate(&def).await? {
            0 => println!("{}: up to date", def.name),
            applied => println!("{}: {applied} migrations applied", def.name),
        }
    }
    Ok(ExitCode::SUCCESS)
}
