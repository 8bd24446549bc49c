//! `souk cluster`: the whole marketplace on this machine as many processes, as on many machines: PostgreSQL and
//! a broker between them, as many instances of each service as wanted, one gateway in front.

mod ears;
mod member;
mod roll;

use std::{
    collections::BTreeMap,
    io::IsTerminal,
    net::SocketAddr,
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
    config::{Config, EventsBackend},
    databases::Databases,
    installation,
    judge::judge,
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
    migrate::run(config.clone(), &[]).await?;
    let logs = config.data.dir.join("logs");
    let cannot = |e: std::io::Error| Error::unavailable(format!("{} cannot be used: {e}.", logs.display()));
    std::fs::create_dir_all(&logs).map_err(cannot)?;
    let mut cluster = Cluster::plan(common, &config, logs, instances)?;
    let connections = share(connections_allowed(&config).await?, cluster.members.len())?;
    cluster.starter.settings.insert("SOUK_DATABASE__CONNECTIONS".to_owned(), connections.to_string());
    for member in &mut cluster.members {
        member.child = Some(member.start(&cluster.starter, Accepts::AtOnce)?);
    }
    println!("{} processes start; their logs are in {}.", cluster.members.len(), cluster.starter.logs.display());
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

/// True for services of which one process runs, however many are wanted: an embedded search has its index in a folder
/// of its own, and beside payments runs the embedded sandbox gateway, whose journal is a file.
fn runs_once(config: &Config, service: &str) -> bool {
    match service {
        "search" => config.search.backend == search::Backend::Tantivy,
        "payments" => true,
        _ => false,
    }
}

struct Cluster {
    members: Vec<Member>,
    starter: Starter,
    ears: Ears,
}

impl Cluster {
    /// The gateway at the public address, the services at the ports above it, all known to all.
    fn plan(common: &Common, config: &Config, logs: PathBuf, instances: usize) -> Result<Self> {
        let front = config.server.listen;
        let mut ports = (1..).map_while(|n| front.port().checked_add(n));
        let mut members = Vec::new();
        for service in SERVICES.iter().copied() {
            let is_single = runs_once(config, service);
            let wanted = if is_single { 1 } else { instances.max(1) };
            for number in 1..=wanted {
                let port = ports.next().ok_or_else(|| Error::invalid("--listen", "Too few ports above this one."))?;
                let listen = SocketAddr::from(([127, 0, 0, 1], port));
                members.push(Member::new(service, number, listen, is_single));
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
        members.push(Member::new("gateway", 1, front, false));
        let program = std::env::current_exe().map_err(Error::internal)?;
        settings.insert("SOUK_DATA__DIR".to_owned(), config.data.dir.display().to_string());
        let ears = Ears::open(&logs)?;
        let starter = Starter { program, settings, file: common.config.clone(), logs, ears: ears.path.clone() };
        Ok(Self { members, starter, ears })
    }

    /// Until told to stop: starts again what died, says once that all is open, and replaces all of them when
    /// told to.
    async fn serve(&mut self, config: &Config) -> Result<()> {
        let mut told = std::pin::pin!(serve::told_to_end());
        let mut hangup = signal(SignalKind::hangup()).map_err(Error::internal)?;
        let (network, mut is_open, mut roll) = (HyperOut::new()?, false, Roll::default());
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
            if !is_open && is_ready(&network, config.server.listen).await {
                is_open = true;
                invite(config).await?;
                println!("Souk is open at {}", config.server.public_url());
            }
        }
    }

    /// Ends the gateway first, so that nobody is sent to a process that is gone, then the services.
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

/// Asks the gateway whether every service can be reached.
async fn is_ready(network: &HyperOut, gateway: SocketAddr) -> bool {
    let request = Request::get(format!("http://{gateway}/health/ready")).body(Bytes::new());
    match request {
        Ok(request) => network.send(request, ASK).await.is_ok_and(|answer| answer.status() == StatusCode::OK),
        Err(_) => false,
    }
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
    use super::*;

    #[test]
    fn processes_share_the_connections_there_are() {
        assert_eq!([share(97, 15).unwrap(), share(97, 27).unwrap(), share(500, 15).unwrap()], [4, 2, 8]);
        let refused = share(88, 27).unwrap_err();
        assert!(refused.fields()[0].reason.contains("set `max_connections` to 92 or more"), "{refused:?}");
    }

    #[test]
    fn search_runs_more_than_once_over_an_index_outside() {
        let mut config = Config::default();
        assert!(runs_once(&config, "search") && runs_once(&config, "payments") && !runs_once(&config, "orders"));
        config.search.backend = search::Backend::Elasticsearch;
        assert!(!runs_once(&config, "search"));
    }
}
