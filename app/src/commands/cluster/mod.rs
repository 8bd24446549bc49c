//! `souk cluster`: the whole marketplace on this machine as many processes, as on many machines: PostgreSQL and
//! a broker between them, as many instances of each service and of the gateway in front as wanted.

mod ears;
mod member;
mod roll;

use std::{
    collections::BTreeMap,
    io::IsTerminal,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    ops::RangeInclusive,
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use contracts::SERVICES;
use http::{Request, StatusCode};
use kernel::{Clock, Error, Random, Result, SystemClock, SystemRandom};
use runtime::{HttpOut, HyperOut, discovery::Backend};
use tokio::signal::unix::{SignalKind, signal};

use self::{
    ears::Ears,
    member::{Accepts, Member, Starter, tell_to_end},
    roll::Roll,
};
use super::{Common, migrate, serve};
use crate::{
    compose::{CARRIER_INSIDE, sandbox_is_inside},
    config::{Config, EventsBackend},
    databases::{Databases, Migrate},
    installation,
    judge::judge,
    telemetry,
};

/// PostgreSQL connections per process, beside the line on which each is called: one to read and one to write at least.
const CONNECTIONS: RangeInclusive<usize> = 2..=8;
/// PostgreSQL connections left to others.
const LEFT_TO_OTHERS: usize = 8;
/// How often processes are looked at.
const LOOK: Duration = Duration::from_millis(50);
/// How long the gateway may take to say whether it is ready.
const ASK: Duration = Duration::from_millis(200);
/// How long processes may take to end when told to.
const END: Duration = Duration::from_secs(40);

/// Starts everything, starts again what dies, ends everything in order.
pub async fn run(config: Config, common: &Common, instances: usize) -> Result<ExitCode> {
    demand(&config)?;
    judge(&config, &[])?;
    // Made here if there is none yet: the processes share it, and none of them may make one of its own.
    installation::master_secret(&config)?;
    match config.database.migrate {
        Migrate::Start => {
            migrate::run(config.clone(), &[]).await?;
        }
        // By `souk migrate` alone: here they are only looked at.
        Migrate::Never => {
            telemetry::log(&config.log)?;
            migrate::prepare_events(&config, &[]).await?;
        }
    }
    let logs = config.data.dir.join("logs");
    let cannot = |e: std::io::Error| Error::unavailable(format!("{} cannot be used: {e}.", logs.display()));
    std::fs::create_dir_all(&logs).map_err(cannot)?;
    let mut cluster = Cluster::plan(common, &config, logs, instances)?;
    let connections = share(connections_allowed(&config).await?, cluster.members.len() - cluster.gateways().len())?;
    cluster.starter.settings.insert("SOUK_DATABASE__CONNECTIONS".to_owned(), connections.to_string());
    for member in &mut cluster.members {
        member.child = Some(member.start(&cluster.starter, Accepts::AtOnce)?);
    }
    println!("{} processes start; their logs are in {}.", cluster.members.len(), cluster.starter.logs.display());
    for (service, why) in alone(&config).into_iter().filter(|_| instances > 1) {
        println!("There is one process of {service}: {why}.");
    }
    let outcome = cluster.serve(&config).await;
    cluster.end().await;
    outcome.map(|()| ExitCode::SUCCESS)
}

/// What processes share has to be outside of them.
fn demand(config: &Config) -> Result<()> {
    if !config.database.is_postgres() {
        return Err(Error::invalid("database.url", "Processes share PostgreSQL: say where it is."));
    }
    if config.events.backend == EventsBackend::Embedded {
        return Err(Error::invalid("events.backend", "Processes talk through a broker: “rabbitmq” or “kafka”."));
    }
    Ok(())
}

/// How many connections the server allows to those who are not its superusers.
async fn connections_allowed(config: &Config) -> Result<usize> {
    let db = Databases::new(config, config.database.synchronous.into()).open("identity").await?;
    let allowed =
        "SELECT current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint";
    let row = db.opt(allowed, vec![]).await;
    db.close().await;
    let allowed: i64 = row?.map_or(Ok(0), |row| row.at(0))?;
    Ok(usize::try_from(allowed).unwrap_or_default())
}

/// An equal share of them for each process.
fn share(allowed: usize, processes: usize) -> Result<usize> {
    let least = processes * (CONNECTIONS.start() + 1) + LEFT_TO_OTHERS;
    if allowed < least {
        let wanted = format!(
            "PostgreSQL allows {allowed} connections, too few for {processes} processes: \
             set `max_connections` to {} or more, or start fewer instances.",
            least + 3
        );
        return Err(Error::invalid("database.url", wanted));
    }
    Ok(((allowed - LEFT_TO_OTHERS) / processes - 1).min(*CONNECTIONS.end()))
}

/// Services of which one process runs, however many are wanted, and why: they keep something to themselves.
fn alone(config: &Config) -> BTreeMap<&'static str, &'static str> {
    let keeps = [
        ("search", config.search.backend == search::Backend::Tantivy, "its index is a folder of one process"),
        ("payments", sandbox_is_inside(config), "the sandbox gateway beside it has its journal in a file"),
        (
            "shipping",
            config.shipping.easypost.base_url == CARRIER_INSIDE,
            "the sandbox carrier beside it has its parcels in memory",
        ),
    ];
    keeps.into_iter().filter(|(_, it_does, _)| *it_does).map(|(service, _, why)| (service, why)).collect()
}

struct Cluster {
    members: Vec<Member>,
    starter: Starter,
    ears: Ears,
}

impl Cluster {
    /// The first gateway at the public address, the others at the ports above it, the services at those above them,
    /// all known to all.
    fn plan(common: &Common, config: &Config, logs: PathBuf, instances: usize) -> Result<Self> {
        let (front, instances, alone) = (config.server.listen, instances.max(1), alone(config));
        let mut ports = (0..).map_while(|n| front.port().checked_add(n));
        let mut place = |ip: IpAddr| -> Result<SocketAddr> {
            let port = ports.next().ok_or_else(|| Error::invalid("--listen", "Too few ports above this one."))?;
            Ok(SocketAddr::new(ip, port))
        };
        let mut gateways = Vec::new();
        for number in 1..=instances {
            gateways.push(Member::new("gateway", number, place(front.ip())?, false));
        }
        let mut members = Vec::new();
        for service in SERVICES.iter().copied() {
            let is_single = alone.contains_key(service);
            let wanted = if is_single { 1 } else { instances };
            for number in 1..=wanted {
                members.push(Member::new(service, number, place(IpAddr::V4(Ipv4Addr::LOCALHOST))?, is_single));
            }
        }
        let mut settings = BTreeMap::new();
        // Elsewhere they say themselves where they are.
        let listed = if config.discovery.backend == Backend::Static { SERVICES } else { &[] };
        for service in listed.iter().copied() {
            let of_service = members.iter().filter(|member| member.service == service);
            let places: Vec<String> = of_service.map(|member| format!("\"{}\"", member.listen)).collect();
            settings.insert(
                format!("SOUK_DISCOVERY__SERVICES__{}", service.to_uppercase()),
                format!("[{}]", places.join(", ")),
            );
        }
        settings.insert("SOUK_SERVER__PUBLIC_URL".to_owned(), config.server.public_url());
        // The last to be replaced.
        members.append(&mut gateways);
        let program = std::env::current_exe().map_err(Error::internal)?;
        settings.insert("SOUK_DATA__DIR".to_owned(), config.data.dir.display().to_string());
        let ears = Ears::open(&logs)?;
        let metrics = config.server.metrics_listen.map(|first| (first, front.port()));
        let starter =
            Starter { program, settings, file: common.config.clone(), logs, ears: ears.path.clone(), metrics };
        Ok(Self { members, starter, ears })
    }

    /// Where its gateways listen. They alone have no database.
    fn gateways(&self) -> Vec<SocketAddr> {
        self.members.iter().filter(|member| member.service == "gateway").map(|member| member.listen).collect()
    }

    /// Until told to stop: starts again what died, says once that all is open, and replaces all of them when
    /// told to.
    async fn serve(&mut self, config: &Config) -> Result<()> {
        let mut told = std::pin::pin!(serve::told_to_end());
        let mut hangup = signal(SignalKind::hangup()).map_err(Error::internal)?;
        let (network, gateways) = (HyperOut::new()?, self.gateways());
        let (mut is_open, mut roll) = (false, Roll::default());
        loop {
            tokio::select! {
                told = &mut told => return told,
                // Whoever closes a terminal wants what runs in it to end.
                _ = hangup.recv() => match std::io::stdin().is_terminal() {
                    true => return Ok(()),
                    false => roll.begin(self.members.len()),
                },
                () = tokio::time::sleep(LOOK) => {}
            }
            for (n, member) in self.members.iter_mut().enumerate() {
                if !roll.cares_for(n) {
                    member.look_after(&self.starter, &mut self.ears)?;
                }
            }
            self.ears.listen();
            if roll.go_on(&mut self.members, &self.starter, &mut self.ears)?
                // Another identity has made another link, and ended the one that was shown.
                && let Err(error) = invite(config).await
            {
                eprintln!("A link for the first admin cannot be made: {}", error.detail());
            }
            if !is_open && are_ready(&network, &gateways).await {
                is_open = true;
                invite(config).await?;
                for other in &gateways[1..] {
                    println!("The same through another gateway: http://{other}");
                }
                println!("Souk is open at {}", config.server.public_url());
            }
        }
    }

    /// Ends the gateways first, so that nobody is sent to a process that is gone, then the services.
    async fn end(&mut self) {
        println!("Stopping {} processes.", self.members.len());
        let (gateway, services): (Vec<_>, Vec<_>) = self.members.iter_mut().partition(|m| m.service == "gateway");
        for members in [gateway, services] {
            end(members).await;
        }
    }
}

/// Tells them to end and waits for it; kills what does not.
async fn end(mut members: Vec<&mut Member>) {
    for member in &mut members {
        member.close();
        member.processes().for_each(|child| tell_to_end(child));
    }
    let begin = Instant::now();
    for child in members.iter_mut().flat_map(|member| member.processes()) {
        while matches!(child.try_wait(), Ok(None)) {
            if begin.elapsed() > END {
                // Fails only if it has ended already.
                let _ = child.kill();
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// Asks each gateway whether every service can be reached.
async fn are_ready(network: &HyperOut, gateways: &[SocketAddr]) -> bool {
    for gateway in gateways {
        let Ok(request) = Request::get(format!("http://{gateway}/health/ready")).body(Bytes::new()) else {
            return false;
        };
        if !network.send(request, ASK).await.is_ok_and(|answer| answer.status() == StatusCode::OK) {
            return false;
        }
    }
    true
}

/// Shows the link that makes the first admin. It is made last: each start of identity makes one, and ends those before.
async fn invite(config: &Config) -> Result<()> {
    let db = Databases::new(config, config.database.synchronous.into()).open("identity").await?;
    let (clock, random): (Arc<dyn Clock>, Arc<dyn Random>) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let token = identity::setup_token(&db, &clock, &random).await;
    db.close().await;
    if let Some(token) = token? {
        let url = config.server.public_url();
        println!("There is no admin yet. Create one here (the link works once): {url}/setup?token={}", token.expose());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn processes_share_the_connections_there_are() {
        assert_eq!([share(97, 15).unwrap(), share(97, 27).unwrap(), share(500, 15).unwrap()], [4, 2, 8]);
        // Two of everything fit into the connections that PostgreSQL allows by default.
        assert_eq!(share(97, 2 * SERVICES.len()).unwrap(), 2);
        let refused = share(88, 27).unwrap_err();
        assert!(refused.fields()[0].reason.contains("set `max_connections` to 92 or more"), "{refused:?}");
    }

    /// The services of a cluster with two instances, each as often as it runs, and where its gateways are.
    fn planned(config: &Config) -> (BTreeMap<&'static str, usize>, Vec<SocketAddr>) {
        let dir = tempfile::tempdir().unwrap();
        let cluster = Cluster::plan(&Common::default(), config, dir.path().to_owned(), 2).unwrap();
        let mut counts = BTreeMap::new();
        for member in &cluster.members {
            *counts.entry(member.service).or_default() += 1;
        }
        let ports: BTreeSet<u16> = cluster.members.iter().map(|member| member.listen.port()).collect();
        assert_eq!(ports.len(), cluster.members.len(), "a port for each");
        (counts, cluster.gateways())
    }

    #[test]
    fn what_keeps_something_to_itself_runs_once_and_all_else_as_often_as_wanted() {
        let mut config = Config::default();
        let (counts, gateways) = planned(&config);
        assert_eq!((counts["search"], counts["payments"]), (1, 1));
        assert_eq!(counts.values().sum::<usize>(), 2 * (SERVICES.len() + 1) - 2);
        let first = config.server.listen;
        assert_eq!(gateways, [first, SocketAddr::new(first.ip(), first.port() + 1)]);

        config.search.backend = search::Backend::Elasticsearch;
        config.payments.sandbox.base_url = "http://127.0.0.1:9000".to_owned();
        assert!(planned(&config).0.values().all(|count| *count == 2));
        config.shipping.easypost.base_url = CARRIER_INSIDE.to_owned();
        assert_eq!(planned(&config).0["shipping"], 1);
    }
}
