//! Events and durable work: **outbox** (a state change and its event are one transaction),
//! **relay** (publishes what the outbox holds), **inbox** (an effect and the note that it happened
//! are one transaction), **jobs** (work outside a transaction, and timers, as rows).
//!
//! The relay hands batches to an [`EventBus`]; the [`LocalBus`] passes them to the inboxes of this
//! process, a broker's adapter does the same over the network. An event is marked as sent only
//! after the bus has confirmed it, and a consumer confirms only after its effect, or the note to
//! try again, is committed. Versions per aggregate make duplicates and gaps visible.

pub mod bus;
pub mod consumer;
mod heads;
pub mod inbox;
pub mod jobs;
mod note;
pub mod operate;
pub mod outbox;
pub mod relay;
pub mod replay;
#[cfg(test)]
mod tests;

pub use bus::{EventBus, LocalBus};
pub use consumer::{Consumer, Handler};
pub use inbox::{Inbox, Received};
pub use jobs::{Job, JobHandler, JobRunner, Jobs};
pub use outbox::Outbox;
pub use relay::{Follower, Relay, RelayMode};

/// Migrations of the tables that every service has beside its own.
pub fn migrations() -> &'static [db::Migration] {
    db::migrations![(1, "messaging", "../migrations/0001_messaging.sql")]
}

/// Pause before attempt number `attempts + 1`: 20 ms doubling up to five minutes, with jitter.
pub fn back_off(attempts: i64, random: &dyn kernel::Random) -> std::time::Duration {
    let base_ms = 20_u64.saturating_mul(1 << attempts.clamp(0, 14)).min(300_000);
    std::time::Duration::from_millis(base_ms / 2 + random.below(base_ms / 2 + 1))
}
