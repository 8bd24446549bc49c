//! Disputes: the buyer's bank takes money back, the merchant answers, the bank decides.

use std::time::Duration;

use crate::{
    command::Outcome,
    gateway::answer,
    model::{Dispute, DisputeStatus, EventKind, Evidence, Later, Movement, Payment},
    refusal::{Refusal, Stop},
    turn::Turn,
};

/// For so long evidence is taken.
const ANSWER_WITHIN: Duration = Duration::from_secs(7 * 24 * 3600);
/// What a dispute costs, in minor units.
pub const FEE_MINOR: i64 = 1_500;
/// Evidence with this word in it loses whatever else it says, for trying that out.
const LOSES: &str = "losing_evidence";

impl Turn<'_> {
    /// The buyer has the bank take money back.
    pub(crate) fn dispute(&mut self, mut payment: Payment, amount: Option<i64>, reason: &str) -> Result<Outcome, Stop> {
        let amount = amount.unwrap_or(payment.captured_minor - payment.disputed_minor());
        let index = self.open_dispute(&mut payment, amount, reason)?;
        self.answer_with(payment, index, 201)
    }

    /// The card has brought a dispute with it.
    pub(crate) fn bank_disputes(&mut self, payment: &mut Payment) -> Result<(), Stop> {
        let amount = payment.captured_minor - payment.disputed_minor();
        if amount > 0 { self.open_dispute(payment, amount, "fraudulent").map(drop) } else { Ok(()) }
    }

    fn open_dispute(&mut self, payment: &mut Payment, amount_minor: i64, reason: &str) -> Result<usize, Stop> {
        let index = payment.disputes.len();
        let id = format!("dp_{}_{}", payment.stem(), index + 1);
        let evidence_due = self.now.plus(ANSWER_WITHIN);
        payment.disputes.push(Dispute {
            id: id.clone(),
            payment: payment.id.clone(),
            amount_minor,
            currency: payment.currency,
            reason: reason.to_owned(),
            status: DisputeStatus::NeedsResponse,
            evidence: None,
            evidence_due,
            withdrawn_minor: amount_minor,
            fee_minor: FEE_MINOR,
            created_at: self.now,
        });
        self.moved(payment, Movement::Disputed, amount_minor);
        self.moved(payment, Movement::Fee, FEE_MINOR);
        self.later(payment, evidence_due, Later::Lapse(id));
        self.tell_dispute(payment, EventKind::DisputeCreated, index)?;
        Ok(index)
    }

    /// The merchant answers, once.
    pub(crate) fn answer_dispute(
        &mut self,
        mut payment: Payment,
        index: usize,
        evidence: Option<&Evidence>,
    ) -> Result<Outcome, Stop> {
        let now = self.now;
        let dispute = payment.disputes.get_mut(index).ok_or_else(|| Refusal::not_found("dispute"))?;
        if dispute.status != DisputeStatus::NeedsResponse {
            let message = format!("A dispute that is “{}” cannot be answered.", dispute.status.as_str());
            return Err(Refusal::new(409, "not_answerable", message).into());
        }
        let Some(evidence) = evidence else {
            self.decide(&mut payment, index, false)?;
            return self.answer_with(payment, index, 200);
        };
        if evidence.product.trim().is_empty() {
            return Err(Refusal::new(422, "evidence_missing", "Say what was sold.").into());
        }
        dispute.status = DisputeStatus::UnderReview;
        dispute.evidence = Some(evidence.clone());
        let id = dispute.id.clone();
        self.later(&payment, now.plus(self.rules.late), Later::Decide(id));
        self.tell_dispute(&mut payment, EventKind::DisputeUpdated, index)?;
        self.answer_with(payment, index, 200)
    }

    /// The bank decides, as it was told to.
    pub(crate) fn decide_dispute(&mut self, mut payment: Payment, index: usize, won: bool) -> Result<Outcome, Stop> {
        if !payment.disputes.get(index).is_some_and(|dispute| dispute.status.is_open()) {
            return Err(Refusal::new(409, "already_decided", "This dispute is decided.").into());
        }
        self.decide(&mut payment, index, won)?;
        self.answer_with(payment, index, 200)
    }

    /// The bank decides by the evidence: a parcel's number wins.
    pub(crate) fn bank_decides(&mut self, payment: &mut Payment, id: &str) -> Result<(), Stop> {
        let reviewed = |d: &Dispute| d.id == id && d.status == DisputeStatus::UnderReview;
        let Some(index) = payment.disputes.iter().position(reviewed) else { return Ok(()) };
        let evidence = payment.disputes.get(index).and_then(|dispute| dispute.evidence.as_ref());
        let won = evidence.is_some_and(|evidence| {
            let words = evidence.communication.as_deref().unwrap_or_default();
            evidence.tracking_number.is_some() && !words.contains(LOSES) && !evidence.product.contains(LOSES)
        });
        self.decide(payment, index, won)
    }

    /// Nobody has answered in time.
    pub(crate) fn lapses(&mut self, payment: &mut Payment, id: &str) -> Result<(), Stop> {
        let waits = |d: &Dispute| d.id == id && d.status == DisputeStatus::NeedsResponse;
        match payment.disputes.iter().position(waits) {
            Some(index) => self.decide(payment, index, false),
            None => Ok(()),
        }
    }

    fn decide(&mut self, payment: &mut Payment, index: usize, won: bool) -> Result<(), Stop> {
        let dispute = payment.disputes.get_mut(index).ok_or_else(|| Refusal::not_found("dispute"))?;
        let (amount, fee) = (dispute.withdrawn_minor, dispute.fee_minor);
        dispute.status = if won { DisputeStatus::Won } else { DisputeStatus::Lost };
        if won {
            (dispute.withdrawn_minor, dispute.fee_minor) = (0, 0);
            self.moved(payment, Movement::Reinstated, amount);
            self.moved(payment, Movement::FeeReturned, fee);
        }
        self.tell_dispute(payment, EventKind::DisputeClosed, index)
    }

    fn answer_with(&mut self, payment: Payment, index: usize, status: u16) -> Result<Outcome, Stop> {
        let dispute = payment.disputes.get(index).ok_or_else(|| Refusal::not_found("dispute"))?;
        let outcome = answer(status, dispute)?;
        self.save(payment);
        Ok(outcome)
    }
}
