//! Payouts: their states, the periods they are for, and whether one is made. Pure.

use std::collections::BTreeMap;

use contracts::payouts::{PayoutStatus, RunOutcome, Schedule};
use kernel::{Currency, Money, PayoutId, Timestamp, VendorId};
use serde::Deserialize;

use super::payee::Payee;
use crate::ledger;

/// A state as in the table.
pub fn payout_status_text(status: PayoutStatus) -> &'static str {
    match status {
        PayoutStatus::Created => "created",
        PayoutStatus::Sent => "sent",
        PayoutStatus::Paid => "paid",
        PayoutStatus::Failed => "failed",
    }
}

/// The state behind [`payout_status_text`].
pub fn payout_status_of(text: &str) -> Option<PayoutStatus> {
    use PayoutStatus::{Created, Failed, Paid, Sent};
    [Created, Sent, Paid, Failed].into_iter().find(|status| payout_status_text(*status) == text)
}

/// A payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    /// Id.
    pub id: PayoutId,
    /// Whose.
    pub vendor_id: VendorId,
    /// Which period.
    pub period: String,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub status: PayoutStatus,
    /// Which attempt it is.
    pub attempt: i64,
    /// Where it goes.
    pub payee: Payee,
    /// Why it failed.
    pub failure: Option<String>,
    /// Made at.
    pub created_at: Timestamp,
    /// Given to the bank, or to the provider, at.
    pub sent_at: Option<Timestamp>,
    /// Paid or failed at.
    pub ended_at: Option<Timestamp>,
    /// The provider's id of the transfer, once it is known.
    pub transfer_ref: Option<String>,
    /// Whether a provider is (still) asked what becomes of it.
    pub is_asked: bool,
    /// How often something of it was to be taken back.
    pub reversals: i64,
    /// How much of it has come back.
    pub reversed: Money,
}

impl Payout {
    /// True until it was paid or has failed.
    pub fn is_under_way(&self) -> bool {
        matches!(self.status, PayoutStatus::Created | PayoutStatus::Sent)
    }
    /// What its transfer is called at a provider. Never time, never chance.
    pub fn key(&self) -> String {
        format!("payout:{}:{}", self.id, self.attempt)
    }
    /// As the ledger is told of it.
    pub fn for_ledger(&self) -> ledger::Payout<'_> {
        ledger::Payout {
            id: self.id,
            vendor_id: self.vendor_id,
            period: &self.period,
            amount: self.amount,
            attempt: self.attempt,
        }
    }
}

/// The id of a vendor's payout of a period in a currency: there is but one.
pub fn payout_id(vendor: VendorId, currency: Currency, period: &str) -> PayoutId {
    PayoutId::derived("payout", &[&vendor.to_string(), currency.code(), period])
}

/// Every schedule.
pub const SCHEDULES: [Schedule; 4] = [Schedule::Daily, Schedule::Weekly, Schedule::Monthly, Schedule::Manual];

/// A schedule as in the table.
pub fn schedule_text(schedule: Schedule) -> &'static str {
    match schedule {
        Schedule::Daily => "daily",
        Schedule::Weekly => "weekly",
        Schedule::Monthly => "monthly",
        Schedule::Manual => "manual",
    }
}

/// The schedule behind [`schedule_text`].
pub fn schedule_of(text: &str) -> Option<Schedule> {
    SCHEDULES.into_iter().find(|schedule| schedule_text(*schedule) == text)
}

/// A period of a schedule: its name, and what it pays: all that matured before it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// `2026-11-27`, `2026-W48`, `2026-11`, `manual 2026-11-27`.
    pub name: String,
    /// What has matured by then is paid.
    pub until: Timestamp,
}

/// The period in which `now` is. A run that comes late pays what it would have paid in time; by hand all is paid that is
/// available now, once a day.
pub fn period_of(schedule: Schedule, now: Timestamp) -> Period {
    let day = now.day();
    match schedule {
        Schedule::Daily => Period { name: now.date(), until: Timestamp::of_day(day) },
        Schedule::Weekly => {
            let monday = Timestamp::of_day(monday_of(day));
            // The year of a week is the year of its Thursday, which is what `%G-W%V` says.
            Period { name: monday.format("%G-W%V"), until: monday }
        }
        Schedule::Monthly => Period { name: now.format("%Y-%m"), until: Timestamp::of_day(first_of_month(day)) },
        Schedule::Manual => Period { name: format!("manual {}", now.date()), until: now },
    }
}

/// When the next period begins; never by hand.
pub fn next_period(schedule: Schedule, now: Timestamp) -> Option<Timestamp> {
    let day = now.day();
    let next = match schedule {
        Schedule::Daily => day + 1,
        Schedule::Weekly => monday_of(day) + 7,
        // The fourth day of the next month at the latest: thirty-two days after a first are in the month after it.
        Schedule::Monthly => first_of_month(first_of_month(day) + 31),
        Schedule::Manual => return None,
    };
    Some(Timestamp::of_day(next))
}

/// The first day of 1970 was a Thursday.
fn monday_of(day: i64) -> i64 {
    day - (day + 3).rem_euclid(7)
}

/// The first day of the month of a day, both counted as in [`Timestamp::day`].
pub fn first_of_month(day: i64) -> i64 {
    let of_month: i64 = Timestamp::of_day(day).format("%-d").parse().unwrap_or(1);
    day - of_month + 1
}

/// What can be set about payouts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PayoutSettings {
    /// Days after the delivery when a sale becomes available.
    pub hold_days: u32,
    /// How often vendors are paid who have not chosen.
    pub schedule: Schedule,
    /// The smallest payout, in minor units of each currency; vendors may choose a larger one.
    pub minimum_minor: i64,
    /// The platform's account that payouts come from; that for bank transfers if it has no IBAN.
    pub account: contracts::payments::BankAccount,
    /// What happens when vendors have been paid more than they are owed, by the provider that has paid them.
    pub recover: BTreeMap<String, Recovery>,
}

/// How vendors give back what they were paid and are not owed any more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recovery {
    /// Their next payouts are less by it.
    #[default]
    Netting,
    /// It is taken back from their account at the provider; what that refuses is netted.
    Reversal,
}

impl Default for PayoutSettings {
    fn default() -> Self {
        let account = contracts::payments::BankAccount::default();
        let recover = BTreeMap::new();
        Self { hold_days: 7, schedule: Schedule::Weekly, minimum_minor: 1_000, account, recover }
    }
}

/// Whether there is a place that a vendor can be paid to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The vendor is suspended: its money waits, wherever it goes.
    Suspended,
    /// The vendor has named none.
    None,
    /// An account at a provider that takes no money (yet).
    NotReady,
    /// A bank account, or one at a provider.
    Ready,
}

/// What is known when it is decided whether a vendor is paid.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// What can be paid.
    pub available: Money,
    /// The vendor's smallest payout.
    pub minimum_minor: i64,
    /// Where the vendor wants to be paid, and whether that is possible.
    pub place: Place,
    /// Whether the vendor had its payout of the period.
    pub is_paid_before: bool,
}

/// Whether a payout is made.
pub fn decide(facts: &Facts) -> RunOutcome {
    if facts.is_paid_before {
        RunOutcome::PaidBefore
    } else if facts.available.amount_minor < facts.minimum_minor.max(1) {
        RunOutcome::BelowMinimum
    } else {
        match facts.place {
            Place::Suspended => RunOutcome::Suspended,
            Place::None => RunOutcome::NoAccount,
            Place::NotReady => RunOutcome::NotReady,
            Place::Ready => RunOutcome::Payout,
        }
    }
}
