//! Logs and metrics of the process.

use kernel::{Error, Result};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::Log;

/// Starts logging as configured.
pub fn log(settings: &Log) -> Result<()> {
    let filter = EnvFilter::try_new(&settings.filter).map_err(|e| Error::invalid("log.filter", e.to_string()))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_target(true).with_writer(std::io::stderr);
    let started =
        if settings.json { builder.json().flatten_event(true).try_init() } else { builder.compact().try_init() };
    started.map_err(Error::internal)
}

/// Starts counting; the handle renders what Prometheus scrapes.
pub fn metrics() -> Result<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().map_err(Error::internal)
}
