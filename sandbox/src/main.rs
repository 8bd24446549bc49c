//! The sandbox as a process of its own, set by `SANDBOX_*` environment variables.

use std::{path::PathBuf, sync::Arc};

use kernel::{Error, Result, Secret, SystemClock, SystemRandom};
use sandbox::{Config, HttpDeliver, JournalAt};

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn needed(name: &str) -> Result<String> {
    variable(name).ok_or_else(|| Error::invalid(name, "Set this environment variable."))
}

fn number(name: &str, default: u64) -> Result<u64> {
    variable(name).map_or(Ok(default), |text| text.parse().map_err(|_| Error::invalid(name, "This is not a number.")))
}

fn config(listen: &str) -> Result<Config> {
    let base = variable("SANDBOX_BASE_URL").unwrap_or_else(|| format!("http://{listen}"));
    let key = Secret::new(needed("SANDBOX_SECRET_KEY")?);
    let mut config = Config::new(base, key, Secret::new(needed("SANDBOX_WEBHOOK_SECRET")?));
    let urls = variable("SANDBOX_WEBHOOK_URLS").unwrap_or_default();
    config.webhook_urls = urls.split(',').map(str::trim).filter(|url| !url.is_empty()).map(str::to_owned).collect();
    if let Some(merchant) = variable("SANDBOX_MERCHANT") {
        config.merchant = merchant;
    }
    if let Some(path) = variable("SANDBOX_JOURNAL") {
        config.journal = JournalAt::Path(PathBuf::from(path));
    }
    if let Some(faults) = variable("SANDBOX_FAULTS") {
        config.faults = serde_json::from_str(&faults).map_err(|cause| {
            Error::invalid("SANDBOX_FAULTS", format!("This is not a JSON object of faults: {cause}."))
        })?;
    }
    config.timeout_answer_ms = number("SANDBOX_TIMEOUT_ANSWER_MS", config.timeout_answer_ms)?;
    config.processing_ms = number("SANDBOX_PROCESSING_MS", config.processing_ms)?;
    config.late_ms = number("SANDBOX_LATE_MS", config.late_ms)?;
    config.patience_s = number("SANDBOX_PATIENCE_S", config.patience_s)?;
    config.fee_bp = u16::try_from(number("SANDBOX_FEE_BP", u64::from(config.fee_bp))?)
        .map_err(|_| Error::invalid("SANDBOX_FEE_BP", "Use 10000, which is all of it, at most."))?;
    Ok(config)
}

/// Ends at Ctrl-C or SIGTERM. Where a signal cannot be listened for, it ends the process at
/// once, which the journal survives.
async fn stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

async fn serve() -> Result<()> {
    let listen = variable("SANDBOX_LISTEN").unwrap_or_else(|| "127.0.0.1:8090".to_owned());
    let config = config(&listen)?;
    let listener = tokio::net::TcpListener::bind(&listen)
        .await
        .map_err(|cause| Error::invalid("SANDBOX_LISTEN", format!("Cannot listen on {listen}: {cause}.")))?;
    let sandbox =
        sandbox::open(config, Arc::new(SystemClock), Arc::new(SystemRandom), Arc::new(HttpDeliver::new())).await?;
    tracing::info!(%listen, "sandbox ready");
    let server = axum::serve(listener, sandbox.router()).with_graceful_shutdown(stop());
    let (served, ()) = tokio::join!(server, sandbox.run(stop()));
    sandbox.close().await;
    served.map_err(Error::internal)
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env()).init();
    match serve().await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("souk-sandbox: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
