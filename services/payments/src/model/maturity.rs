//! What matures when: which event makes which part of a vendor's balance available. All of it is on this page. Pure.
//!
//! A vendor's balance is the sum of the postings on its account `vendor_payable:<id>`. Each posting belongs to a part of
//! an order (sale, delivery, promotion, commission, and what of it went back), to a payout or to a label.
//!
//! | event | from | what it does to the part of the order |
//! |---|---|---|
//! | `payment.captured` (our own) | payments | posts what the vendor is owed: **pending** |
//! | `shipment.delivered` | shipping | sets the day on which the part matures: delivery and the days it is held back |
//! | `payment.captured` (our own), if nothing of the part is sent | payments | sets that day: the payment takes the place of the delivery |
//! | `payment.captured` (our own) of what a courier has collected | payments | the same as any; its day was set by the delivery, and may have begun: then it is **available** at once |
//! | that day begins | the clock | **available**, without any event: the day is compared whenever the balance is asked for |
//! | `payment.refunded` (our own) | payments | takes back from the part, wherever it is: pending or available |
//! | `payment.dispute_opened` (our own) | payments | holds back of the part, wherever it is; released or lost when it is decided |
//! | `payment.captured` (our own), of a vendor with a reserve | payments | holds back part of what the vendor is owed: **in reserve**, out of what is pending |
//! | the days of a reserve are over | the clock, with the next run of payouts | gives it back to the part, wherever that is by then |
//! | a payout is made | payments | takes from what is available; never more than that |
//! | a payout fails | payments | gives it back to what is available |
//! | `label.bought` | shipping | takes its cost from what is available at once; with less available, less than nothing is left |
//! | `label.refunded` | shipping | gives it back to what is available |
//!
//! `shipment.shipped` and `order.completed` mature nothing: the one is too early, the other waits for other vendors. What
//! is refunded after it was paid out leaves the vendor with less than nothing available; the next payouts are less by that.
//! The day is set once, with the days that hold at that moment, so a changed setting does not move what was promised.

use std::time::Duration;

use kernel::{Money, Result, Timestamp};

/// When a part that was delivered then becomes available.
pub fn matures_at(delivered_at: Timestamp, hold_days: u32) -> Timestamp {
    delivered_at.plus(Duration::from_secs(u64::from(hold_days) * 24 * 3600))
}

/// What a vendor has in a currency, as the postings and the days of maturity make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// Of parts that have matured, after refunds.
    pub matured: Money,
    /// Of parts that have not.
    pub pending: Money,
    /// Taken by payouts, less those that came back.
    pub taken: Money,
}

impl Balance {
    /// What can be paid out; below zero after a refund of what had been paid out.
    pub fn available(&self) -> Result<Money> {
        self.matured.minus(self.taken)
    }
}
