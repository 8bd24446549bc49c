//! What is taken back of payouts.

use kernel::{Money, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where it stands that something of a payout is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReversalStatus {
    /// The provider is to be asked for it.
    Created,
    /// It was asked; what it says is not known yet.
    Sent,
    /// The platform has it again, and the vendor owes it no more.
    Done,
    /// The provider did not do it: the vendor's next payouts are less by that.
    Refused,
    /// The provider speaks of another amount: somebody has to look. The next payouts are less by it.
    Strange,
}

/// Part of a payout, or all of it, that is taken back from the vendor's account at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReversalView {
    /// Counts up from 1 within the payout.
    pub number: i64,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub status: ReversalStatus,
    /// Why it was not done, in the provider's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// Wanted at.
    pub created_at: Timestamp,
    /// Done or refused at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}
