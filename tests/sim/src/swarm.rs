//! Which faults a run meets, and how often. Each seed picks a random subset: a fault that is always
//! there hides what happens without it.

use events::inbox::ATTEMPTS_MAX;
use kernel::{Random, SeededRandom};

/// Of a thousand calls, those that a provider with a bad day refuses, those that never reach it, and those that it does
/// without an answer: one in five goes wrong, from the first to the last.
const BAD_DAY: (u64, u64, u64) = (110, 55, 50);

/// Chances of a run, in so many of a thousand cases.
#[derive(Debug, Clone, Default)]
pub struct Swarm {
    /// The process dies before a commit.
    pub crash_before: u64,
    /// The process dies after a commit.
    pub crash_after: u64,
    /// The answer of a commit is lost, the change is kept.
    pub unknown: u64,
    /// The answer of a commit is lost, the change too.
    pub abort_unknown: u64,
    /// The broker refuses a batch.
    pub bus_refuses: u64,
    /// The broker has the batch, its confirmation is lost.
    pub bus_unconfirmed: u64,
    /// An event is delivered again, later.
    pub bus_duplicate: u64,
    /// An event comes some seconds later.
    pub bus_late: u64,
    /// An event, and all of its aggregate behind it, come up to an hour later.
    pub bus_very_late: u64,
    /// The provider does what it is asked, and its answer is lost.
    pub psp_timeout: u64,
    /// The provider refuses for now: 429, 500, 503.
    pub psp_refuses: u64,
    /// A call is lost on its way.
    pub psp_lost: u64,
    /// A call arrives minutes after its caller has given up.
    pub psp_stray: u64,
    /// The provider charges another amount than it was asked to.
    pub psp_wrong_amount: u64,
    /// A payout is sent by its provider, which does not say so: beside what befalls all calls.
    pub transfer_unanswered: u64,
    /// The process dies while a provider makes a payout that it asked for.
    pub transfer_crash: u64,
    /// The provider cannot be reached for a while.
    pub psp_outage: u64,
    /// One of five calls to the provider goes wrong, throughout.
    pub bad_day: bool,
    /// The answer to a webhook is lost.
    pub webhook_unanswered: u64,
    /// A webhook is lost, and its sender takes it for answered.
    pub webhook_lost: u64,
    /// Checkouts begun.
    pub checkouts: u64,
    /// What vendors have of each variant.
    pub stock: u64,
    /// Relays, inboxes and batches of jobs that move on in a turn: where few do people are far ahead, where many do orders
    /// come to their end.
    pub pace: u64,
    /// Of a thousand turns, those in which minutes pass.
    pub leaps: u64,
    /// Attempts to take an event in before somebody has to look at it.
    pub event_attempts: i64,
    /// Whether test cards other than the one that works are used.
    pub odd_cards: bool,
    /// Whether buyers have their banks take money back.
    pub disputes: bool,
    /// Whether gift cards and store credit are given, and paid with.
    pub credits: bool,
    /// Whether vendors buy labels.
    pub labels: bool,
    /// Whether stores have a second place for their goods.
    pub places: bool,
    /// Whether more is sold than is there.
    pub backorders: bool,
    /// Whether the one customer has prices of its own.
    pub lists: bool,
    /// Whether the shop sells in other currencies, too.
    pub currencies: bool,
    /// Whether vendors are paid.
    pub payouts: bool,
    /// Whether some of them are paid through providers.
    pub payees: bool,
    /// Whether the carrier tells what becomes of parcels with labels.
    pub carrier_tells: bool,
    /// Whether buyers pay the courier.
    pub cash: bool,
    /// Whether buyers pay at PayPal.
    pub paypal: bool,
    /// Whether vendors get their parts of that themselves.
    pub direct: bool,
    /// Whether the history begins in the evening of a day with which a week and a month end.
    pub evening: bool,
}

impl Swarm {
    /// The faults of this run.
    pub fn of(random: &SeededRandom) -> Self {
        let rate = |most: u64| if random.below(2) == 0 { 0 } else { 1 + random.below(most) };
        let mut swarm = Self {
            crash_before: rate(15),
            crash_after: rate(15),
            unknown: rate(15),
            abort_unknown: rate(15),
            bus_refuses: rate(150),
            bus_unconfirmed: rate(150),
            bus_duplicate: rate(200),
            bus_late: rate(300),
            bus_very_late: rate(40),
            psp_timeout: rate(250),
            psp_refuses: rate(250),
            psp_lost: rate(150),
            psp_stray: rate(100),
            psp_wrong_amount: rate(40),
            transfer_unanswered: [0, 300, 700][random.below(3) as usize],
            transfer_crash: [0, 200, 500][random.below(3) as usize],
            psp_outage: rate(15),
            bad_day: random.below(5) == 0,
            webhook_unanswered: rate(200),
            webhook_lost: rate(150),
            checkouts: 4 + random.below(9),
            // So little that most have to do without, or enough for nearly all.
            stock: if random.below(2) == 0 { 1 + random.below(6) } else { 12 + random.below(12) },
            pace: [2, 4, 8][random.below(3) as usize],
            leaps: random.below(30),
            odd_cards: random.below(4) > 0,
            event_attempts: [2, 5, ATTEMPTS_MAX, ATTEMPTS_MAX][random.below(4) as usize],
            disputes: random.below(2) == 0,
            credits: random.below(2) == 0,
            labels: random.below(2) == 0,
            places: random.below(3) == 0,
            backorders: random.below(3) == 0,
            lists: random.below(3) == 0,
            currencies: random.below(3) == 0,
            payouts: random.below(2) == 0,
            payees: random.below(3) > 0,
            carrier_tells: random.below(3) > 0,
            cash: random.below(2) == 0,
            evening: random.below(3) == 0,
            paypal: random.below(2) == 0,
            direct: random.below(3) > 0,
        };
        swarm.direct &= swarm.paypal;
        if swarm.bad_day {
            (swarm.psp_refuses, swarm.psp_lost, swarm.psp_timeout) = BAD_DAY;
        }
        swarm
    }

    /// No faults any more. How the shop is set up stays.
    pub fn calm(&mut self) {
        *self = Self { checkouts: 0, paypal: self.paypal, direct: self.direct, ..Self::default() };
    }
}
