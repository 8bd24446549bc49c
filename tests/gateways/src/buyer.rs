//! What a buyer does on a gateway's page, and what that brings about.

use std::time::Duration;

use kernel::Timestamp;

use crate::Faults;

/// How long what is slow takes.
pub(crate) const SLOW: Duration = Duration::from_secs(2);

/// How the buyer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Pays.
    Good,
    /// Is refused; the page stays.
    Declined,
    /// Takes two seconds.
    Slow,
    /// The next answer about it comes too late.
    Silent,
    /// Every webhook comes three times.
    Doubled,
    /// Webhooks come in the wrong order.
    Disordered,
    /// Webhooks come 45 seconds late.
    Late,
    /// Refunds take two seconds.
    SlowRefund,
    /// Refunds fail.
    FailingRefund,
}

/// When the `n`th webhook is delivered: as the way has it, and the day. `strikes` says by chance whether something of
/// so many in a thousand happens.
pub(crate) fn deliveries(
    way: Option<Way>,
    n: u64,
    now: Timestamp,
    faults: &Faults,
    strikes: impl Fn(u64) -> bool,
) -> Vec<Timestamp> {
    let mut due = match way {
        Some(Way::Doubled) => vec![now, now, now],
        Some(Way::Late) => vec![now.plus(Duration::from_secs(45))],
        // Every second one comes after those that follow it.
        Some(Way::Disordered) if n.is_multiple_of(2) => vec![now.plus(Duration::from_secs(3))],
        _ => vec![now],
    };
    if strikes(faults.doubled_per_mille) {
        due.push(now);
    }
    if strikes(faults.late_per_mille) {
        due = due.into_iter().map(|at| at.plus(Duration::from_secs(2))).collect();
    }
    due
}
