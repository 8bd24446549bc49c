//! What is taken back of payouts from vendors' accounts at providers. Pure.

use contracts::reversals::{ReversalStatus, ReversalView};
use kernel::{Money, PayoutId, Timestamp, VendorId};
use serde::{Deserialize, Serialize};

/// Which one: payout, and the number within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReversalRef {
    /// The payout.
    pub payout_id: PayoutId,
    /// Counts up from 1.
    pub number: i64,
}

impl ReversalRef {
    /// What it is called at a provider. Never time, never chance.
    pub fn key(&self) -> String {
        format!("reversal:{}:{}", self.payout_id, self.number)
    }
}

/// Part of a payout that is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// Which one.
    pub id: ReversalRef,
    /// Whose.
    pub vendor_id: VendorId,
    /// Where the payout was sent through.
    pub provider: String,
    /// The provider's id of the transfer.
    pub transfer_ref: String,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub status: ReversalStatus,
    /// Why it was not done.
    pub failure: Option<String>,
    /// Wanted at.
    pub created_at: Timestamp,
    /// Done or refused at.
    pub ended_at: Option<Timestamp>,
}

impl Reversal {
    /// True until the provider has said what became of it.
    pub fn is_under_way(&self) -> bool {
        matches!(self.status, ReversalStatus::Created | ReversalStatus::Sent)
    }
    /// As it is shown.
    pub fn view(&self) -> ReversalView {
        ReversalView {
            number: self.id.number,
            amount: self.amount,
            status: self.status,
            failure: self.failure.clone(),
            created_at: self.created_at,
            ended_at: self.ended_at,
        }
    }
}

/// A state as in the table.
pub fn reversal_status_text(status: ReversalStatus) -> &'static str {
    match status {
        ReversalStatus::Created => "created",
        ReversalStatus::Sent => "sent",
        ReversalStatus::Done => "done",
        ReversalStatus::Refused => "refused",
        ReversalStatus::Strange => "strange",
    }
}

/// The state behind [`reversal_status_text`].
pub fn reversal_status_of(text: &str) -> Option<ReversalStatus> {
    use ReversalStatus::{Created, Done, Refused, Sent, Strange};
    [Created, Sent, Done, Refused, Strange].into_iter().find(|status| reversal_status_text(*status) == text)
}

/// What is taken back of which payout, given as `(payout, what is left of it)`, the newest first: no more than is missing, and of
/// none more than is left.
pub fn spread(missing: i64, payouts: &[(PayoutId, i64)]) -> Vec<(PayoutId, i64)> {
    let mut missing = missing;
    let mut shares = Vec::new();
    for (payout, left) in payouts {
        let share = missing.min(*left);
        if share > 0 {
            shares.push((*payout, share));
            missing -= share;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_taken_back_than_is_missing_or_left() {
        let [a, b, c] = ["a", "b", "c"].map(|name| PayoutId::derived("test", &[name]));
        let payouts = [(a, 900), (b, 0), (c, 500)];
        assert_eq!(spread(1_000, &payouts), [(a, 900), (c, 100)]);
        assert_eq!(spread(5_000, &payouts), [(a, 900), (c, 500)], "the rest is netted");
        assert_eq!(spread(1, &payouts), [(a, 1)]);
        for nothing in [0, -1] {
            assert!(spread(nothing, &payouts).is_empty(), "{nothing}");
        }
    }
}
