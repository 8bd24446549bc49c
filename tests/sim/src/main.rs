//! `sim`: plays many seeds, or one with its time-line.

use std::{collections::BTreeMap, process::ExitCode};

use clap::Parser;
use sim::{Report, trace::MARKS};

/// As in the program itself: a fifth of the time went into memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The deterministic simulator of the checkout.
#[derive(Parser)]
struct Cli {
    /// One seed, with everything that happened.
    #[arg(long)]
    seed: Option<u64>,
    /// Many seeds: the first, and the one behind the last.
    #[arg(long, default_value = "0..100", value_parser = range)]
    seeds: (u64, u64),
    /// Fail if something that has to be reached was not.
    #[arg(long)]
    marks: bool,
    /// Threads; each plays its own seeds.
    #[arg(long, default_value_t = 1)]
    threads: u64,
}

fn range(text: &str) -> Result<(u64, u64), String> {
    let (from, to) = text.split_once("..").ok_or("use A..B")?;
    let number = |text: &str| text.parse::<u64>().map_err(|e| e.to_string());
    Ok((number(from)?, number(to)?))
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(seed) = cli.seed {
        let report = sim::run(seed);
        report.lines.iter().for_each(|line| println!("{line}"));
        return tell(&report);
    }
    let (from, to) = cli.seeds;
    let threads = cli.threads.max(1);
    let play = |offset: u64| -> Vec<Report> {
        let mine = (from + offset..to).step_by(threads as usize);
        mine.map(|seed| {
            let mut report = sim::run(seed);
            if report.violations.is_empty() {
                report.lines.clear();
            }
            report
        })
        .collect()
    };
    let reports: Vec<Report> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|offset| scope.spawn(move || play(offset))).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap_or_default()).collect()
    });
    sum_up(&reports, to.saturating_sub(from), cli.marks)
}

/// So many of what fewest histories reached are told: what may be missed after the next change.
const RARE: usize = 8;

fn sum_up(reports: &[Report], wanted: u64, marks: bool) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    let failed: Vec<&Report> = reports.iter().filter(|report| !report.violations.is_empty()).collect();
    for report in failed.iter().take(20) {
        tell(report);
    }
    let mut reached = BTreeMap::<&str, u64>::new();
    reports.iter().flat_map(|report| &report.marks).for_each(|mark| *reached.entry(*mark).or_default() += 1);
    let orders: u64 = reports.iter().map(|report| report.orders).sum();
    println!("{} seeds, {orders} orders, {} failed", reports.len(), failed.len());
    if reports.len() as u64 != wanted || !failed.is_empty() {
        code = ExitCode::FAILURE;
    }
    let mut rare: Vec<(u64, &str)> = reached.iter().map(|(mark, seeds)| (*seeds, *mark)).collect();
    rare.sort_unstable();
    rare.iter().take(RARE).for_each(|(seeds, mark)| println!("reached by {seeds}: {mark}"));
    for mark in MARKS.iter().filter(|mark| !reached.contains_key(**mark)) {
        println!("never reached: {mark}");
        if marks {
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn tell(report: &Report) -> ExitCode {
    if report.violations.is_empty() {
        println!("seed {}: holds, {} orders, trace {:016x}", report.seed, report.orders, report.hash);
        return ExitCode::SUCCESS;
    }
    println!("SIM_SEED={} violates:", report.seed);
    report.violations.iter().take(10).for_each(|violation| println!("  {violation}"));
    ExitCode::FAILURE
}
