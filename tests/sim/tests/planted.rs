//! Bugs planted in the real code, each switched on in turn: the simulator has to find it.
//! `cargo test -p sim --features planted-bugs --test planted`
#![cfg(feature = "planted-bugs")]

use std::sync::atomic::{AtomicU64, Ordering};

/// Seeds tried before a bug counts as missed.
const SEEDS: u64 = 400;

/// Number of the bug and what it is.
const BUGS: &[(u32, &str)] = &[
    (1, "stock released although it was released before"),
    (2, "stock claimed by taking it a second time"),
    (3, "a capture posted again for every piece of news"),
    (4, "refunds on their way not counted"),
    (5, "an order paid with another amount"),
    (6, "no answer taken for a no"),
    (7, "an event that is not in the transaction of its change gets lost"),
    (8, "the inbox's head moved in a transaction of its own"),
    (9, "events marked as sent before they are published"),
    (10, "an idempotency key that stops nobody"),
    (11, "an expired order that tells nobody"),
    (12, "money that comes after the order was called off is kept"),
    (13, "a webhook answered before it is kept"),
    (14, "a refund sent under another key each time"),
    (15, "a payment opened under another key each time"),
    (16, "less stock set aside than was ordered"),
    (17, "a promotion given back twice"),
    (18, "a promotion counted again for a repeated request"),
    (19, "needs of a bundle and of its parts not summed"),
];

/// Threads that look for a bug; each takes the next seed.
const THREADS: usize = 2;

/// The first seed that finds it.
fn find(bug: u32) -> Option<sim::Report> {
    let next = AtomicU64::new(0);
    let look = || {
        kernel::planted::switch(bug);
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= SEEDS {
                return None;
            }
            let report = sim::run(seed);
            if !report.violations.is_empty() {
                next.store(SEEDS, Ordering::Relaxed);
                return Some(report);
            }
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(look)).collect();
        let found = threads.into_iter().filter_map(|thread| thread.join().expect("the simulator does not panic"));
        found.min_by_key(|report| report.seed)
    })
}

#[test]
fn every_planted_bug_is_found() {
    let mut missed = Vec::new();
    for (bug, what) in BUGS {
        match find(*bug) {
            Some(report) => println!("bug {bug:>2} ({what}): seed {}: {}", report.seed, report.violations[0]),
            None => missed.push(*bug),
        }
    }
    assert!(missed.is_empty(), "not found within {SEEDS} seeds: {missed:?}");
}
