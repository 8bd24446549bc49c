//! `souk openapi`: prints the OpenAPI document, made from the routes.

use std::process::ExitCode;

use kernel::{Error, Result};

use super::{output, serve};
use crate::config::Config;

/// Builds the system in a folder that is thrown away and prints its document.
pub async fn run() -> Result<ExitCode> {
    let dir = std::env::temp_dir().join(format!("souk-openapi-{}", std::process::id()));
    let mut config = Config::default();
    config.data.dir.clone_from(&dir);
    let souk = serve::start(&config, &[]).await?;
    let document = serde_json::to_string_pretty(&**souk.system.openapi())?;
    souk.system.stop().await;
    std::fs::remove_dir_all(&dir).map_err(Error::internal)?;
    output::print_line(&document)?;
    Ok(ExitCode::SUCCESS)
}
