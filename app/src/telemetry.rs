//! Logs and metrics of the process.

use kernel::{Error, Result};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::Log;

/// Starts logging as configured.
pub fn log(settings: &Log) -> Result<()> {
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter(settings)?).with_target(true).with_writer(std::io::stderr);
    let started =
        if settings.json { builder.json().flatten_event(true).try_init() } else { builder.compact().try_init() };
    started.map_err(Error::internal)
}

/// What is logged, as configured.
pub fn filter(settings: &Log) -> Result<EnvFilter> {
    EnvFilter::try_new(&settings.filter).map_err(|e| Error::invalid("log.filter", e.to_string()))
}

/// Starts counting; the handle renders what Prometheus scrapes.
pub fn metrics() -> Result<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().map_err(Error::internal)
}
