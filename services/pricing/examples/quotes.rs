//! How fast a quote is made, once what it needs is loaded.
//!
//! `cargo run --release -p pricing --example quotes [lines] [promotions]`
//!
//! In this process, first on one core, then on all of them: prices, discounts, promotions, taxes, the explanation and the
//! hash. What it is wanted for: 20 lines and 10 promotions at 10,000 per second.

use std::{
    hint::black_box,
    num::NonZero,
    thread::{available_parallelism, scope},
    time::{Duration, Instant},
};

use pricing::sample::Sample;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long is measured, after a fifth of it to warm up.
const MEASURED: Duration = Duration::from_secs(5);
/// Quotes between two looks at the clock.
const ROUND: u32 = 100;

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let (lines, promotions) = (numbers.first().copied().unwrap_or(20), numbers.get(1).copied().unwrap_or(10));
    let sample = Sample::new(lines, promotions).expect("a sample");
    let quote = sample.quote().expect("a quote");
    println!(
        "{} lines, {} of {promotions} promotions apply, total {}",
        quote.lines.len(),
        quote.promotions.len(),
        quote.total
    );
    made_in(&sample, MEASURED / 5);
    let alone = made_in(&sample, MEASURED);
    println!("one core: {alone:.0} quotes/s, {:.1} µs each", 1e6 / alone);
    let cores = available_parallelism().map_or(1, NonZero::get);
    println!("{cores} cores: {:.0} quotes/s", made_on(cores, &sample));
}

/// Quotes per second on so many cores.
fn made_on(cores: usize, sample: &Sample) -> f64 {
    scope(|scope| {
        let others: Vec<_> = (0..cores).map(|_| scope.spawn(|| made_in(sample, MEASURED))).collect();
        others.into_iter().map(|other| other.join().expect("a core's quotes")).sum()
    })
}

/// Quotes per second on this core, in some time.
fn made_in(sample: &Sample, time: Duration) -> f64 {
    let begun = Instant::now();
    let mut count = 0;
    while begun.elapsed() < time {
        for _ in 0..ROUND {
            black_box(black_box(sample).quote().expect("a quote"));
        }
        count += ROUND;
    }
    f64::from(count) / begun.elapsed().as_secs_f64()
}
