//! The checkout in a hostile world, again and again, the same way for the same seed.
//!
//! The services are the real ones, over SQLite in memory that survives the process; time, randomness,
//! the broker, the provider and the fate of every commit are the simulator's. One thread, no timers:
//! everything that happens is chosen by a seeded generator, so a seed is a history.

mod actors;
mod bus;
mod carriers;
mod cash;
mod checks;
mod credits;
mod disputes;
mod drive;
mod faults;
mod labels;
mod lost;
mod payees;
mod payouts;
mod paypal;
mod periods;
mod psp;
mod returns;
mod shop;
mod stores;
mod swarm;
pub mod trace;
mod withdrawals;
mod world;

use std::collections::BTreeSet;

use kernel::Result;

use crate::world::World;

/// What became of a seed.
#[derive(Debug)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// Stands for everything that happened.
    pub hash: u64,
    /// What was reached of [`trace::MARKS`].
    pub marks: BTreeSet<&'static str>,
    /// What was wrong.
    pub violations: Vec<String>,
    /// Everything that happened.
    pub lines: Vec<String>,
    /// Orders that were placed.
    pub orders: u64,
}

/// Plays the history of a seed.
pub fn run(seed: u64) -> Report {
    let mut world = match World::new(seed) {
        Ok(world) => world,
        Err(error) => return broken(seed, &error),
    };
    let violations = play(&mut world).unwrap_or_else(|error| vec![format!("the simulator itself broke: {error:?}")]);
    Report {
        seed,
        hash: world.trace.hash(),
        marks: world.trace.marks(),
        violations,
        lines: world.trace.lines(),
        orders: world.checkouts.iter().filter(|checkout| checkout.placed.is_some()).count() as u64,
    }
}

fn broken(seed: u64, error: &kernel::Error) -> Report {
    let violations = vec![format!("the world could not be made: {error:?}")];
    Report { seed, hash: 0, marks: BTreeSet::new(), violations, lines: Vec::new(), orders: 0 }
}

fn play(world: &mut World) -> Result<Vec<String>> {
    let violations = world.live()?;
    if !violations.is_empty() {
        return Ok(violations);
    }
    let mut violations = world.heal()?;
    violations.extend(world.judge()?);
    world.digest()?;
    Ok(violations)
}
