//! `souk serve`: serves the marketplace until it is told to stop.

use std::{net::SocketAddr, process::ExitCode, sync::Arc};

use axum::{Router, routing::get};
use kernel::{Error, Result, SystemClock, SystemRandom};
use runtime::CancellationToken;
use tokio::net::TcpListener;

use crate::{
    compose::{Conditions, Souk, compose},
    config::{Config, EventsBackend},
    telemetry, watch,
};

/// Serves `services` (all if empty).
pub async fn run(config: Config, services: &[String]) -> Result<ExitCode> {
    telemetry::log(&config.log)?;
    if !services.is_empty() && config.events.backend == EventsBackend::Embedded {
        let why = "Services that run apart need a broker between them: “rabbitmq” or “kafka”.";
        return Err(Error::invalid("events.backend", why));
    }
    let souk = start(&config, services).await?;
    let url = config.server.public_url();
    println!("Souk is open at {url}");
    if let Some(env) = souk.system.env("identity")
        && let Some(token) = identity::setup_token(&env.db, &env.clock, &env.random).await?
    {
        println!("There is no admin yet. Create one here (the link works once): {url}/setup?token={}", token.expose());
    }
    serve(&config, souk).await
}

/// Builds the system with the machine's clock and randomness.
pub async fn start(config: &Config, services: &[String]) -> Result<Souk> {
    let conditions = Conditions {
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        synchronous: config.database.synchronous.into(),
    };
    compose(config, services, conditions).await
}

/// Serves until SIGINT or SIGTERM, then drains.
pub async fn serve(config: &Config, mut souk: Souk) -> Result<ExitCode> {
    let listener = bind(config.server.listen).await?;
    let metrics = telemetry::metrics()?;
    let stop = CancellationToken::new();
    if let Some(listen) = config.server.metrics_listen {
        let page = Router::new().route("/metrics", get(async move || metrics.render()));
        tokio::spawn(runtime::serve(bind(listen).await?, page, stop.clone()));
    }
    souk.system.run().await?;
    if let Some(sandbox) = &souk.sandbox {
        let (sandbox, stop) = (sandbox.clone(), stop.clone());
        tokio::spawn(async move { sandbox.run(stop.cancelled()).await });
    }
    tokio::spawn(watch::watch(souk.system.databases(), Arc::new(SystemClock), stop.clone()));
    let server = tokio::spawn(runtime::serve(listener, souk.router, stop.clone()));
    told_to_stop().await?;
    eprintln!("Stopping: open requests are finished first. Press Ctrl-C again to stop at once.");
    stop.cancel();
    let drained = async {
        let _ = server.await;
        souk.system.stop().await;
        if let Some(sandbox) = souk.sandbox {
            sandbox.close().await;
        }
    };
    tokio::select! {
        () = drained => Ok(ExitCode::SUCCESS),
        _ = tokio::signal::ctrl_c() => Ok(ExitCode::FAILURE),
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|e| {
        Error::unavailable(format!("Cannot listen on {address}: {e}. Choose another address with --listen."))
    })
}

async fn told_to_stop() -> Result<()> {
    let mut terminate =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).map_err(Error::internal)?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result.map_err(Error::internal),
        _ = terminate.recv() => Ok(()),
    }
}
