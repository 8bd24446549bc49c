//! Disputes: where they stand, and what news does to that. Pure.

use contracts::disputes::{DisputeAnswer, DisputeStatus, Evidence};
use kernel::{DisputeId, Money, PaymentId, Timestamp};

/// Those of [`status_text`].
const ALL: [DisputeStatus; 4] =
    [DisputeStatus::Opened, DisputeStatus::UnderReview, DisputeStatus::Won, DisputeStatus::Lost];

/// A state as in the table.
pub fn status_text(status: DisputeStatus) -> &'static str {
    match status {
        DisputeStatus::Opened => "opened",
        DisputeStatus::UnderReview => "under_review",
        DisputeStatus::Won => "won",
        DisputeStatus::Lost => "lost",
    }
}

/// The state behind [`status_text`].
pub fn status_of(text: &str) -> Option<DisputeStatus> {
    ALL.into_iter().find(|status| status_text(*status) == text)
}

/// An answer as in the table.
pub fn answer_text(answer: DisputeAnswer) -> &'static str {
    match answer {
        DisputeAnswer::Evidence => "evidence",
        DisputeAnswer::Acceptance => "acceptance",
    }
}

/// The answer behind [`answer_text`].
pub fn answer_of(text: &str) -> Option<DisputeAnswer> {
    [DisputeAnswer::Evidence, DisputeAnswer::Acceptance].into_iter().find(|answer| answer_text(*answer) == text)
}

/// A dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Id.
    pub id: DisputeId,
    /// Payment.
    pub payment_id: PaymentId,
    /// Provider.
    pub provider: String,
    /// The provider's id.
    pub provider_ref: String,
    /// What is disputed.
    pub amount: Money,
    /// What the vendors have of it.
    pub bound: Money,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub status: DisputeStatus,
    /// Whether the provider has taken the amount.
    pub is_withdrawn: bool,
    /// What the provider takes for it.
    pub fee: Money,
    /// How often that has changed.
    pub fee_changes: i64,
    /// Until when evidence is taken.
    pub evidence_due: Option<Timestamp>,
    /// How it was answered.
    pub answer: Option<DisputeAnswer>,
    /// How often it was answered.
    pub attempt: i64,
    /// Whether the provider has the answer.
    pub is_sent: bool,
    /// The evidence.
    pub evidence: Option<Evidence>,
    /// Why the provider has refused the last answer.
    pub failure: Option<String>,
    /// Known since.
    pub opened_at: Timestamp,
    /// Decided at.
    pub ended_at: Option<Timestamp>,
}

/// The id of a provider's dispute: however often it is heard of, it is one.
pub fn dispute_id(provider: &str, provider_ref: &str) -> DisputeId {
    DisputeId::derived("dispute", &[provider, provider_ref])
}

/// What news does to a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing: it is known, or older than what is known.
    Stay,
    /// It stands there now.
    Move(DisputeStatus),
    /// It was decided otherwise before: somebody has to look.
    Contradiction,
}

/// From where it stands to where the provider says it does. A question of the buyer's bank that was answered may become a
/// dispute proper (`escalates`: now the money is taken), which has to be answered again; otherwise nothing moves back.
pub fn step(now: DisputeStatus, seen: DisputeStatus, escalates: bool) -> Step {
    use DisputeStatus::{Lost, Opened, UnderReview, Won};
    match (now, seen) {
        (Opened, Opened) | (UnderReview, UnderReview) | (Won, Won) | (Lost, Lost) => Step::Stay,
        (Opened, UnderReview | Won | Lost) | (UnderReview, Won | Lost) => Step::Move(seen),
        (UnderReview, Opened) if escalates => Step::Move(Opened),
        (UnderReview, Opened) | (Won | Lost, Opened | UnderReview) => Step::Stay,
        (Won, Lost) | (Lost, Won) => Step::Contradiction,
    }
}

/// The place of a dispute in lists: those that are open by the day on which evidence is due, then those that are over, the
/// newest first.
pub fn place(due: Option<Timestamp>, opened_at: Timestamp, ended_at: Option<Timestamp>) -> i64 {
    /// Further ahead than any day, and so far from the largest number that days fit between.
    const OVER: i64 = 1 << 61;
    match ended_at {
        Some(ended_at) => OVER - ended_at.micros(),
        None => due.unwrap_or(opened_at).micros(),
    }
}
