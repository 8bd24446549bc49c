//! What must hold in every committed state, as functions over the databases of the services.
//!
//! The same code runs in tests, after each step and at the end of a simulated run, after a crash,
//! after a restore, by `souk check`, and every few minutes in production. Each function reads one
//! page at a time, and each page is one statement, so what it sees of one database is of one moment.
//! Between databases nothing is of one moment: in [`Mode::Live`] only what can never be otherwise is
//! checked there at once, all else after [`GRACE`].

mod bundles;
mod credits;
mod disputes;
mod idempotency;
mod invoices;
mod labels;
mod messaging;
mod money;
mod orders;
mod page;
mod parcels;
mod payouts;
mod promises;
mod promotions;
mod psp;
mod returns;
mod reviews;
mod stock;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, time::Duration};

use db::{Db, params};
use kernel::{Result, Timestamp};
use serde::Serialize;

pub use psp::{PspPayment, PspTransfer, PspTruth};

/// How long a system in use may take to bring two services to the same view.
pub const GRACE: Duration = Duration::from_secs(15 * 60);
/// Violations that are told one by one; the others are only counted.
const TOLD: usize = 50;

/// What is known about the system that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Everything has arrived and nobody is doing anything: what is to happen has happened.
    Quiescent,
    /// In use, or stopped in the middle of it.
    Live,
}

/// What became of one invariant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its number in the list of invariants.
    pub id: &'static str,
    /// What it says.
    pub title: &'static str,
    /// Rows, pairs or payments that were looked at.
    pub checked: u64,
    /// How often it was violated.
    pub violated: u64,
    /// The first violations, one sentence each.
    pub violations: Vec<String>,
    /// Providers that the payments (or payouts) are of, and whose own books are not at hand: nothing was held against them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_compared: Vec<String>,
    /// The provider that was asked, if this is about what it has said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
}

impl Finding {
    fn new(id: &'static str, title: &'static str) -> Self {
        Self { id, title, checked: 0, violated: 0, violations: Vec::new(), not_compared: Vec::new(), asked: None }
    }
    /// True if nothing is wrong.
    pub fn holds(&self) -> bool {
        self.violated == 0
    }
    /// Something was looked at.
    fn see(&mut self) {
        self.checked += 1;
    }
    /// Something is wrong unless `fine`.
    fn demand(&mut self, fine: bool, what: impl FnOnce() -> String) {
        if !fine {
            self.violated += 1;
            if self.violations.len() < TOLD {
                self.violations.push(what());
            }
        }
    }
}

/// Number and title of every invariant that is checked here.
pub const ALL: &[(&str, &str)] = &[
    ("M1", "Every entry of the ledger adds up to zero"),
    ("M2", "One charge per order, booked once"),
    ("M3", "Nothing is returned beyond what was captured"),
    ("M4", "What is paid is proven by the provider, and what is sent without is promised"),
    ("M5", "No money without an order"),
    ("M7", "Vendors' shares and commission add up to the payment"),
    ("M8", "No currency is mixed with another"),
    ("M9", "What was agreed is what is charged"),
    ("M10", "Every payout is booked, whole and once"),
    ("M11", "One payout per vendor and period, never more than is available"),
    ("M12", "What vendors are owed is what their orders have left"),
    ("M13", "Every dispute is booked as it stands"),
    ("M14", "Vendors are invoiced what the ledger has of commission, under numbers without gaps"),
    ("M15", "Stored value is never below zero, is the sum of its movements, and is owed by the ledger"),
    ("M16", "What orders hold of stored value ends once"),
    ("M17", "Vendors bear what their labels cost"),
    ("P1", "Promotions are used as often as they may be, and given back once"),
    ("P2", "Orders have the promotions that they take off, and no others have them"),
    ("S1", "What is on hand is the sum of its movements"),
    ("S2", "What is reserved is the sum of its reservations"),
    ("S3", "Nothing is sold twice"),
    ("S4", "Each reservation ends once, and in time"),
    ("S5", "Reservations hold what their orders need"),
    ("S6", "What lies where adds up"),
    ("S7", "Parcels hold what was ordered, and no more"),
    ("S8", "Bundles are what they are made of"),
    ("O1", "One order per checkout"),
    ("O3", "Orders move only as they may, without gaps"),
    ("O4", "Every checkout comes to an end, and is undone where it failed"),
    ("O5", "Vendors' parts add up to the order"),
    ("T1", "No more is returned than was delivered"),
    ("T2", "What is returned is paid back once"),
    ("T3", "What is restocked has arrived, and is on sale again once"),
    ("R1", "Stars are those of the reviews that are shown"),
    ("R2", "Votes and reports of a review are counted"),
    ("EV1", "A change and its event are kept together"),
    ("EV2", "Every event is published"),
    ("EV3", "Nothing is taken in that was not published"),
    ("EV4", "Nothing waits for an event forever"),
    ("EV5", "Published is taken in, under way, or a dead letter"),
    ("I1", "A key is kept with its answer"),
];

/// Those that hold at every committed state and cost little: for after each step.
pub const CHEAP: &[&str] = &["M1", "M3", "P1", "S1", "S2", "O3", "T1"];

/// What is looked at.
struct Look<'a> {
    databases: &'a BTreeMap<&'static str, Db>,
    psp: Option<&'a dyn PspTruth>,
    now: Timestamp,
    mode: Mode,
}

impl Look<'_> {
    fn db(&self, service: &str) -> Option<&Db> {
        self.databases.get(service)
    }
    /// What is older has had the time to arrive everywhere.
    fn settled_before(&self) -> Timestamp {
        match self.mode {
            Mode::Quiescent => Timestamp(i64::MAX),
            Mode::Live => self.now.minus(GRACE),
        }
    }
    fn is_quiescent(&self) -> bool {
        self.mode == Mode::Quiescent
    }
}

/// Checks every invariant. Services whose database is not here are left out.
pub async fn check(
    databases: &BTreeMap<&'static str, Db>,
    psp: Option<&dyn PspTruth>,
    now: Timestamp,
    mode: Mode,
) -> Result<Vec<Finding>> {
    let all: Vec<&str> = ALL.iter().map(|(id, _)| *id).collect();
    check_some(&all, databases, psp, now, mode).await
}

/// What is about the books of a provider alone.
const OF_PROVIDERS: &[&str] = &["M2", "M4", "M5"];

/// Holds what a provider has said against our payments.
pub async fn check_provider(
    databases: &BTreeMap<&'static str, Db>,
    psp: &dyn PspTruth,
    now: Timestamp,
) -> Result<Vec<Finding>> {
    let mut findings = check_some(OF_PROVIDERS, databases, Some(psp), now, Mode::Live).await?;
    for finding in &mut findings {
        finding.asked = Some(psp.provider().to_owned());
        finding.not_compared.clear();
    }
    Ok(findings)
}

/// Checks the invariants with these numbers.
pub async fn check_some(
    ids: &[&str],
    databases: &BTreeMap<&'static str, Db>,
    psp: Option<&dyn PspTruth>,
    now: Timestamp,
    mode: Mode,
) -> Result<Vec<Finding>> {
    let look = Look { databases, psp, now, mode };
    let mut findings = Vec::new();
    for (id, title) in ALL.iter().filter(|(id, _)| ids.contains(id)) {
        let mut finding = Finding::new(id, title);
        one(&look, &mut finding).await?;
        findings.push(finding);
    }
    Ok(findings)
}

async fn one(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    match found.id {
        "M1" => money::balanced_ledger(look, found).await,
        "M2" => {
            money::one_charge(look, found).await?;
            psp::books_at_hand(look, found).await?;
            psp::one_charge(look, found).await
        }
        "M3" => money::refunds_within_captures(look, found).await,
        "M4" => {
            money::paid_is_captured(look, found).await?;
            promises::sent_is_promised(look, found).await?;
            psp::books_at_hand(look, found).await?;
            psp::captured_is_proven(look, found).await
        }
        "M5" => {
            psp::books_at_hand(look, found).await?;
            psp::no_orphan_money(look, found).await
        }
        "M7" => money::vendor_split(look, found).await,
        "M8" => money::one_currency(look, found).await,
        "M9" => orders::as_agreed(look, found).await,
        "M10" => {
            payouts::booked(look, found).await?;
            psp::books_of_payouts_at_hand(look, found).await?;
            psp::payouts_are_transfers(look, found).await
        }
        "M11" => payouts::once_and_covered(look, found).await,
        "M12" => payouts::owed_is_what_is_left(look, found).await,
        "M13" => disputes::booked(look, found).await,
        "M14" => invoices::as_posted(look, found).await,
        "M15" => credits::owed_is_what_is_left(look, found).await,
        "M16" => credits::of_orders(look, found).await,
        "M17" => labels::cost_what_they_cost(look, found).await,
        "P1" => promotions::limits(look, found).await,
        "P2" => promotions::of_orders(look, found).await,
        "S1" => stock::conservation(look, found).await,
        "S2" => stock::counters(look, found).await,
        "S3" => stock::no_oversell(look, found).await,
        "S4" => stock::reservations_end(look, found).await,
        "S5" => stock::reserved_what_is_needed(look, found).await,
        "S6" => stock::places(look, found).await,
        "S7" => parcels::hold_what_was_ordered(look, found).await,
        "S8" => {
            bundles::count_their_parts(look, found).await?;
            bundles::leave_as_their_parts(look, found).await
        }
        "O1" => orders::one_per_checkout(look, found).await,
        "O3" => orders::legal_moves(look, found).await,
        "O4" => orders::all_end(look, found).await,
        "O5" => orders::parts_add_up(look, found).await,
        "T1" => returns::within_what_was_delivered(look, found).await,
        "T2" => returns::paid_back_once(look, found).await,
        "T3" => returns::restocked_once(look, found).await,
        "R1" => reviews::stars_are_counted(look, found).await,
        "R2" => reviews::voices_are_counted(look, found).await,
        "EV1" => messaging::change_and_event(look, found).await,
        "EV2" => messaging::all_published(look, found).await,
        "EV3" => messaging::nothing_invented(look, found).await,
        "EV4" => messaging::nothing_waits(look, found).await,
        "EV5" => messaging::all_accounted_for(look, found).await,
        "I1" => idempotency::keys_have_answers(look, found).await,
        _ => Ok(()),
    }
}

/// When the system last did anything, if it is not running now: what is overdue since then is not
/// overdue by its own fault. The job that looks for unpaid orders runs every few seconds, so the time
/// of its next run tells.
pub async fn last_alive(databases: &BTreeMap<&'static str, Db>, now: Timestamp) -> Result<Timestamp> {
    let Some(orders) = databases.get("orders") else { return Ok(now) };
    let sql = "SELECT due_at FROM jobs WHERE kind = 'deadlines' AND key = 'every'";
    match orders.opt(sql, params![]).await? {
        Some(row) => Ok(now.min(row.get("due_at")?)),
        None => Ok(now),
    }
}
