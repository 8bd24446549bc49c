//! A closed loop: each of `concurrency` buyers sends its next request when it has its answer.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use serde::Serialize;

use crate::{
    Result,
    catalogue::Catalogue,
    process::Process,
    scenarios::{Scenario, Shopper},
};

/// How long and how hard.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Not counted.
    pub warm_up: Duration,
    /// Counted.
    pub counted: Duration,
}

/// What one scenario came to.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Buyers at once.
    pub concurrency: usize,
    /// Whole runs of the scenario per second.
    pub per_second: f64,
    /// Half of the runs took no longer.
    pub p50_ms: f64,
    /// 99 of 100 took no longer.
    pub p99_ms: f64,
    /// Runs that were counted.
    pub runs: usize,
    /// Runs that failed, warm-up included.
    pub failures: usize,
    /// What the first failure said.
    pub first_failure: Option<String>,
    /// Processor time of the server per run.
    pub server_cpu_us: f64,
    /// Processor time of this load generator per run.
    pub client_cpu_us: f64,
    /// Memory of the server afterwards.
    pub memory_mb: f64,
    /// The server's busiest threads: name and percent of one core.
    pub threads: Vec<(String, f64)>,
    /// Processor time per run of each process of the server, if it is several, in microseconds.
    pub processes: Vec<(String, f64)>,
}

#[derive(Default)]
struct Tally {
    micros: Vec<u32>,
    failures: usize,
    first_failure: Option<String>,
}

/// Drives `scenario` against the server at `address`.
pub async fn drive(
    scenario: Scenario,
    address: SocketAddr,
    server: Process,
    catalogue: &Arc<Catalogue>,
    span: Span,
) -> Result<Outcome> {
    let concurrency = scenario.concurrency();
    let begin = Instant::now() + span.warm_up;
    let end = begin + span.counted;
    let mut buyers = Vec::with_capacity(concurrency);
    for number in 0..concurrency {
        let shopper = Shopper::enter(address, catalogue.clone(), number).await?;
        buyers.push(tokio::spawn(shop(shopper, scenario, begin, end)));
    }
    tokio::time::sleep_until(begin.into()).await;
    let (me, threads) = (Process::own(), server.threads()?);
    let (server_cpu, client_cpu, members) = (server.cpu()?, me.cpu()?, members(server)?);
    tokio::time::sleep_until(end.into()).await;
    let (server_cpu, client_cpu) = (server.cpu()? - server_cpu, me.cpu()? - client_cpu);
    let threads = busiest(&threads, &server.threads()?, span.counted);
    let members_after = self::members(server)?;

    let mut all = Tally::default();
    for buyer in buyers {
        let tally = buyer.await?;
        all.micros.extend(tally.micros);
        all.failures += tally.failures;
        all.first_failure = all.first_failure.or(tally.first_failure);
    }
    all.micros.sort_unstable();
    let runs = all.micros.len();
    let at = |share: f64| all.micros.get((runs as f64 * share) as usize).map_or(0.0, |us| f64::from(*us) / 1000.0);
    let each = |cpu: Duration| cpu.as_secs_f64() * 1e6 / runs.max(1) as f64;
    Ok(Outcome {
        concurrency,
        per_second: runs as f64 / span.counted.as_secs_f64(),
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        runs,
        failures: all.failures,
        first_failure: all.first_failure,
        server_cpu_us: each(server_cpu),
        client_cpu_us: each(client_cpu),
        memory_mb: server.memory_mb()?,
        threads,
        processes: used(&members, &members_after).map(|(name, cpu)| (name, each(cpu))).collect(),
    })
}

/// Looks at every product once, so that what is measured afterwards is a shop that has been open for a while at any
/// size of the catalogue; products per second.
pub async fn look_at_each(address: SocketAddr, catalogue: &Arc<Catalogue>) -> Result<f64> {
    let concurrency = Scenario::Detail.concurrency();
    let started = Instant::now();
    let mut buyers = Vec::with_capacity(concurrency);
    for number in 0..concurrency {
        let mut shopper = Shopper::enter(address, catalogue.clone(), number).await?;
        let products = catalogue.products;
        buyers.push(tokio::spawn(async move {
            for n in (number..products).step_by(concurrency) {
                shopper.look_at(n).await?;
            }
            Result::Ok(())
        }));
    }
    for buyer in buyers {
        buyer.await??;
    }
    Ok(catalogue.products as f64 / started.elapsed().as_secs_f64())
}

async fn shop(mut shopper: Shopper, scenario: Scenario, begin: Instant, end: Instant) -> Tally {
    let mut tally = Tally::default();
    loop {
        let started = Instant::now();
        if started >= end {
            return tally;
        }
        match shopper.run(scenario).await {
            // A run counts if it ended within the span: what was under way at the beginning makes
            // up for what is under way at the end.
            Ok(()) if Instant::now() >= begin && Instant::now() < end => {
                tally.micros.push(u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
            Ok(()) => {}
            Err(error) => {
                tally.failures += 1;
                tally.first_failure.get_or_insert_with(|| error.to_string());
                if tally.failures > 100 || shopper.come_back().await.is_err() {
                    return tally;
                }
            }
        }
    }
}

/// Processor time of the processes that the server has started, by what they serve.
fn members(server: Process) -> Result<Vec<(String, Duration)>> {
    let named = |(process, line): (Process, String)| Ok((service_of(&line).to_owned(), process.cpu()?));
    server.children()?.into_iter().map(named).collect()
}

/// What a process of a cluster serves, by its command line.
pub fn service_of(line: &str) -> &str {
    let behind = line.split_once("serve ").map_or(line, |(_, rest)| rest);
    behind.split(' ').next().unwrap_or_default()
}

/// What each has used in between.
fn used<'a>(
    before: &'a [(String, Duration)],
    after: &'a [(String, Duration)],
) -> impl Iterator<Item = (String, Duration)> + 'a {
    after.iter().map(|(name, cpu)| {
        let earlier = before.iter().find(|(known, _)| known == name).map_or(Duration::ZERO, |(_, cpu)| *cpu);
        (name.clone(), cpu.saturating_sub(earlier))
    })
}

fn busiest(before: &[(String, Duration)], after: &[(String, Duration)], span: Duration) -> Vec<(String, f64)> {
    let percent = |cpu: Duration| cpu.as_secs_f64() * 100.0 / span.as_secs_f64();
    let mut used: Vec<_> = used(before, after).map(|(name, cpu)| (name, percent(cpu))).collect();
    used.retain(|(_, percent)| *percent >= 1.0);
    used.sort_by(|a, b| b.1.total_cmp(&a.1));
    used.truncate(8);
    used
}
