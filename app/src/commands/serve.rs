//! `souk serve`: serves the marketplace until it is told to stop.

use std::{net::SocketAddr, os::fd::AsFd, process::ExitCode, sync::Arc, time::Duration};

use axum::{Router, routing::get};
use clap::Args;
use kernel::{Error, Result, SystemClock, SystemRandom};
use runtime::{CancellationToken, Ending, System};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use super::Common;
use crate::{
    compose::{Conditions, Souk, compose},
    config::{Config, EventsBackend},
    installation, notify, telemetry, watch,
};

/// How long a process may wait to be ready before others find it all the same.
const UNREADY_MAX: Duration = Duration::from_secs(10);

/// How a process comes by its connections.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Door {
    /// Standard input is the socket to accept connections from, as inetd and systemd hand it over: whoever
    /// keeps it open can have one process follow another without a connection being refused.
    #[arg(long)]
    inherit: bool,
    /// Accept nothing before this process is ready: until then connections wait, or others take them.
    #[arg(long, requires = "inherit")]
    when_ready: bool,
}

/// Serves `services` (all if empty).
pub async fn run(config: Config, common: &Common, door: Door, services: &[String]) -> Result<ExitCode> {
    telemetry::log(&config.log)?;
    let takes_part = services.iter().any(|service| service != "gateway");
    if takes_part && config.events.backend == EventsBackend::Embedded {
        let why = "Services that run apart need a broker between them: “rabbitmq” or “kafka”.";
        return Err(Error::invalid("events.backend", why));
    }
    if !services.is_empty() {
        is_told_what_all_share(&config)?;
        config.server.advertised()?;
    }
    let souk = start(&config, services).await?;
    let url = config.server.public_url();
    match services {
        [] => println!("Souk is open at {url}"),
        some => println!("{} at {}, for {url}", some.join(", "), config.server.listen),
    }
    if let Some(env) = souk.system.env("identity")
        && let Some(token) = identity::setup_token(&env.db, &env.clock, &env.random).await?
    {
        println!("There is no admin yet. Create one here (the link works once): {url}/setup?token={}", token.expose());
    }
    serve(&config, souk, common, door).await
}

/// What every process of an installation has to be told, because it cannot make it up alone.
fn is_told_what_all_share(config: &Config) -> Result<()> {
    if config.server.public_url.is_empty() {
        let reason = "Say under which address people reach the site; it does not follow from that of one service.";
        return Err(Error::invalid("server.public_url", reason));
    }
    if !installation::has_secret(config) {
        let reason = "Give all processes of the installation the same secret: they believe each other by it.";
        return Err(Error::invalid("data.secret", reason));
    }
    Ok(())
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
pub async fn serve(config: &Config, mut souk: Souk, common: &Common, door: Door) -> Result<ExitCode> {
    let listener = if door.inherit { inherited()? } else { bind(config.server.listen).await? };
    let metrics = telemetry::metrics()?;
    let ending = Ending::default();
    let stop = &ending.stop;
    if let Some(listen) = config.server.metrics_listen {
        let page = Router::new().route("/metrics", get(async move || metrics.render()));
        match door.inherit {
            true => tokio::spawn(serve_once_free(listen, page, ending.clone())),
            false => tokio::spawn(runtime::serve(bind(listen).await?, page, ending.clone())),
        };
    }
    souk.system.run().await?;
    if let Some(sandbox) = &souk.sandbox {
        let (sandbox, stop) = (sandbox.clone(), stop.clone());
        tokio::spawn(async move { sandbox.run(stop.cancelled()).await });
    }
    if let Some(carrier) = souk.carrier.take() {
        let stop = stop.clone();
        tokio::spawn(async move { carrier.run(stop.cancelled()).await });
    }
    if let Some(proxy) = souk.proxy {
        tokio::spawn(stop.clone().run_until_cancelled_owned(proxy.keep_fresh()));
    }
    tokio::spawn(watch::watch(souk.system.databases(), Arc::new(SystemClock), watch::EVERY, stop.clone()));
    let is_open = CancellationToken::new();
    if !door.when_ready {
        is_open.cancel();
    }
    let serving = runtime::serve(listener, souk.front, ending.clone());
    let server = tokio::spawn(after(is_open.clone(), serving, stop.clone()));
    tokio::select! {
        told = told_to_stop(&souk.system, common) => told?,
        failed = be_found(&souk.system, config, &is_open) => failed?,
    }
    eprintln!("Stopping: open requests are finished first. Press Ctrl-C again to stop at once.");
    let drained = async {
        // Whoever holds the socket sees to it that another process follows, at the same address.
        if !door.inherit {
            souk.system.drain().await;
        }
        ending.drain.cancel();
        if souk.system.network().is_some() {
            tokio::time::sleep(Duration::from_millis(config.server.drain_ms)).await;
        }
        stop.cancel();
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

/// Whoever takes the place of another process that still finishes what it has begun takes this one when it is left.
async fn serve_once_free(address: SocketAddr, page: Router, ending: Ending) {
    let listener = loop {
        match bind(address).await {
            Ok(listener) => break listener,
            Err(error) => tracing::debug!(%error, "it is tried again"),
        }
        if ending.stop.run_until_cancelled(tokio::time::sleep(Duration::from_secs(1))).await.is_none() {
            return;
        }
    };
    runtime::serve(listener, page, ending).await;
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|e| {
        Error::unavailable(format!("Cannot listen on {address}: {e}. Choose another address with --listen."))
    })
}

/// The socket that whoever started this process has handed over as standard input.
fn inherited() -> Result<TcpListener> {
    let handed_over = || {
        let socket = std::net::TcpListener::from(std::io::stdin().as_fd().try_clone_to_owned()?);
        socket.local_addr()?;
        socket.set_nonblocking(true)?;
        TcpListener::from_std(socket)
    };
    handed_over().map_err(|e: std::io::Error| {
        Error::unavailable(format!("Standard input is no socket to accept connections from: {e}."))
    })
}

/// Does `work` once told to begin, unless it is told to stop before.
async fn after(begin: CancellationToken, work: impl Future<Output = ()>, stop: CancellationToken) {
    tokio::select! {
        biased;
        () = begin.cancelled() => work.await,
        () = stop.cancelled() => {}
    }
}

/// Lets connections in and other processes find this one, once it is ready: before, it would refuse what they
/// send. One that waits too long for others opens all the same: perhaps it is what they wait for. Returns only
/// on failure.
async fn be_found(system: &System, config: &Config, is_open: &CancellationToken) -> Result<()> {
    let ready = async {
        while system.readiness().check().is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    if tokio::time::timeout(UNREADY_MAX, ready).await.is_err() {
        tracing::warn!("not ready yet, and found by others all the same");
    }
    is_open.cancel();
    if system.network().is_some() {
        system.join(&config.server.advertised()?).await?;
    }
    notify::say("READY=1");
    std::future::pending().await
}

/// Returns on SIGINT or SIGTERM.
pub(super) async fn told_to_end() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::internal)?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result.map_err(Error::internal),
        _ = terminate.recv() => Ok(()),
    }
}

/// Returns on SIGINT or SIGTERM. SIGHUP has the list of instances read again.
async fn told_to_stop(system: &System, common: &Common) -> Result<()> {
    let mut told = std::pin::pin!(told_to_end());
    // Whoever closes the terminal of a process that is everything wants it to end, as ever.
    let mut hangup = match system.network() {
        Some(_) => Some(signal(SignalKind::hangup()).map_err(Error::internal)?),
        None => None,
    };
    loop {
        let hung_up = async {
            match &mut hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            told = &mut told => return told,
            _ = hung_up => reload(system, common),
        }
    }
}

fn reload(system: &System, common: &Common) {
    let Some(network) = system.network() else { return };
    let read_again =
        |config: Config| network.discovery().reload(&config.discovery).map_err(|error| config.places.name(error));
    match common.load().and_then(read_again) {
        Ok(()) => tracing::info!("the list of instances was read again"),
        Err(error) => tracing::error!(reason = super::explain(&error), "the configuration stays as it was"),
    }
}
