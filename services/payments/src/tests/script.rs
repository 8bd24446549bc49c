//! A provider that does what the test says.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, OnceLock},
};

use contracts::{disputes::DisputeStatus, payments::MethodView};
use http::HeaderMap;
use kernel::{Clock, Error, ManualClock, Money, OrderId, RefundId, Result, Timestamp};

use crate::provider::{
    Answer, AnswerCommand, JournalItem, JournalOrder, OpenPayment, PaymentProvider, ProviderDispute, ProviderError,
    ProviderEvent, ProviderPayment, ProviderRefund, ProviderStatus, RefundCommand, RefundState, Verified,
};

/// Makes of a payment what it should not be.
pub type Distortion = fn(&mut ProviderPayment);

/// What the next call does.
#[derive(Debug, Clone)]
pub enum Next {
    /// The payment succeeds.
    Succeed,
    /// The buyer has to act.
    Act,
    /// The provider is working on it.
    Process,
    /// The buyer has agreed, the money is still to be taken.
    Authorise,
    /// The payment fails.
    Decline,
    /// It succeeds, but no answer comes.
    SucceedInSilence,
    /// Nothing is done and no answer comes.
    Nothing,
    /// The provider says no to the call.
    Refuse,
    /// It succeeds, but is not what was asked for.
    Distort(Distortion),
}

/// What becomes of the next answer to a dispute.
#[derive(Debug, Clone, Copy)]
pub enum NextAnswer {
    /// It is taken, but nobody is told.
    TakenInSilence,
    /// It is refused.
    Refused,
    /// It is taken, and the dispute still says that it waits.
    TakenLater,
}

#[derive(Default)]
pub struct State {
    pub disputes: BTreeMap<String, ProviderDispute>,
    pub answers: Vec<AnswerCommand>,
    pub next_answer: VecDeque<NextAnswer>,
    pub payments: BTreeMap<String, ProviderPayment>,
    /// The provider's id by key: the same key does the same once.
    keys: BTreeMap<String, String>,
    pub refunds: BTreeMap<String, (String, ProviderRefund)>,
    pub journal: Vec<JournalItem>,
    next: VecDeque<Next>,
    pub next_refund: VecDeque<Result<RefundState, ProviderError>>,
    /// Every call: `open <key>`, `fetch <id>` …
    pub calls: Vec<String>,
    /// No call is answered, and nothing done.
    pub silent: bool,
    pub opened: Vec<OpenPayment>,
    /// Whether real money would move.
    pub live: bool,
}

/// The provider.
#[derive(Default)]
pub struct Script {
    state: Mutex<State>,
    pub clock: OnceLock<Arc<ManualClock>>,
    is_other: bool,
}

impl Script {
    /// A second one, beside the first.
    pub fn other() -> Self {
        Self { is_other: true, ..Self::default() }
    }
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
    pub fn next(&self, next: Next) {
        self.state().next.push_back(next);
    }
    pub fn next_refund(&self, next: Result<RefundState, ProviderError>) {
        self.state().next_refund.push_back(next);
    }
    pub fn calls(&self, kind: &str) -> usize {
        self.state().calls.iter().filter(|call| call.starts_with(kind)).count()
    }
    /// The one payment there is for an order.
    pub fn payment_of(&self, order: OrderId) -> ProviderPayment {
        let state = self.state();
        let mut all = state.payments.values().filter(|p| p.reference == order.to_string());
        let payment = all.next().cloned().expect("a payment at the provider");
        assert!(all.next().is_none(), "two payments at the provider");
        payment
    }
    /// The buyer pays, or the bank decides.
    pub fn becomes(&self, order: OrderId, status: ProviderStatus) -> String {
        let id = self.payment_of(order).id;
        let mut state = self.state();
        let payment = state.payments.get_mut(&id).unwrap();
        payment.captured = if status == ProviderStatus::Succeeded { payment.amount } else { payment.captured };
        payment.status = status;
        id
    }
    /// Σ taken and Σ given back.
    pub fn money(&self) -> (i64, i64) {
        let state = self.state();
        let taken = state.payments.values().map(|p| p.captured.amount_minor).sum();
        let back = state.refunds.values().map(|(_, r)| r).filter(|r| r.state == RefundState::Succeeded);
        (taken, back.map(|r| r.amount.amount_minor).sum())
    }
    fn no_answer<T>() -> Result<T, ProviderError> {
        Err(ProviderError::NoAnswer("scripted".to_owned()))
    }

    fn open_now(&self, open: OpenPayment) -> Result<ProviderPayment, ProviderError> {
        let mut state = self.state();
        state.calls.push(format!("open {}", open.key));
        state.opened.push(open.clone());
        if state.silent {
            return Self::no_answer();
        }
        if let Some(id) = state.keys.get(&open.key) {
            return Ok(state.payments[id].clone());
        }
        let next = state.next.pop_front().unwrap_or(Next::Succeed);
        let id = format!("pay_{}_{}", open.order_id, state.payments.len() + 1);
        let mut payment = ProviderPayment {
            id: id.clone(),
            reference: open.order_id.to_string(),
            amount: open.amount,
            captured: Money::zero(open.amount.currency),
            fee: None,
            livemode: false,
            is_elsewhere: false,
            direct: Vec::new(),
            status: ProviderStatus::Processing,
        };
        let page = || ProviderStatus::RequiresAction { url: format!("http://pay.test/{id}") };
        match &next {
            Next::Nothing => return Self::no_answer(),
            Next::Refuse => return Err(ProviderError::Refused { reason: "invalid_input".to_owned() }),
            Next::Act => payment.status = page(),
            Next::Process => {}
            Next::Authorise => payment.status = ProviderStatus::Authorised,
            Next::Decline => payment.status = ProviderStatus::Failed { reason: "card_declined".to_owned() },
            Next::Succeed | Next::SucceedInSilence | Next::Distort(_) => {
                payment.status = ProviderStatus::Succeeded;
                payment.captured = payment.amount;
            }
        }
        if let Next::Distort(distort) = &next {
            distort(&mut payment);
        }
        state.keys.insert(open.key, id.clone());
        state.payments.insert(id, payment.clone());
        if matches!(next, Next::SucceedInSilence) { Self::no_answer() } else { Ok(payment) }
    }

    fn call<T>(
        &self,
        call: String,
        answer: impl FnOnce(&mut State) -> Result<T, ProviderError>,
    ) -> Result<T, ProviderError> {
        let mut state = self.state();
        state.calls.push(call);
        if state.silent { Self::no_answer() } else { answer(&mut state) }
    }

    fn answer_now(state: &mut State, command: AnswerCommand) -> Result<ProviderDispute, ProviderError> {
        let next = state.next_answer.pop_front();
        let dispute = state.disputes.get_mut(&command.dispute_ref).ok_or(ProviderError::NotFound)?;
        if matches!(next, Some(NextAnswer::Refused)) || dispute.status != DisputeStatus::Opened {
            return Err(ProviderError::Refused { reason: "evidence_unreadable".to_owned() });
        }
        if !matches!(next, Some(NextAnswer::TakenLater)) {
            dispute.status = if command.evidence.is_some() { DisputeStatus::UnderReview } else { DisputeStatus::Lost };
        }
        let dispute = dispute.clone();
        state.answers.push(command);
        if matches!(next, Some(NextAnswer::TakenInSilence)) { Self::no_answer() } else { Ok(dispute) }
    }

    fn refund_now(state: &mut State, command: &RefundCommand) -> Result<ProviderRefund, ProviderError> {
        if let Some(id) = state.keys.get(&command.key) {
            return Ok(state.refunds[id].1.clone());
        }
        let next = state.next_refund.pop_front().unwrap_or(Ok(RefundState::Succeeded))?;
        let payment = state.payments.get(&command.payment_ref).ok_or(ProviderError::NotFound)?;
        let gone: i64 = state
            .refunds
            .values()
            .filter(|(of, r)| *of == payment.id && r.state != RefundState::Failed)
            .map(|(_, r)| r.amount.amount_minor)
            .sum();
        if gone + command.amount.amount_minor > payment.captured.amount_minor {
            return Err(ProviderError::Refused { reason: "over_refund".to_owned() });
        }
        let refund = ProviderRefund {
            id: format!("re_{}", state.refunds.len() + 1),
            refund_id: Some(command.refund_id),
            amount: command.amount,
            state: next,
        };
        state.keys.insert(command.key.clone(), refund.id.clone());
        state.refunds.insert(refund.id.clone(), (command.payment_ref.clone(), refund.clone()));
        Ok(refund)
    }
}

impl PaymentProvider for Script {
    fn name(&self) -> &'static str {
        if self.is_other { "other" } else { "script" }
    }
    fn methods(&self) -> Vec<MethodView> {
        let (is_other, is_live) = (self.is_other, self.state().live);
        let method = if is_other { "other_card" } else { "card" };
        vec![MethodView::new(if is_live { "live_card" } else { method }, "Card", "")]
    }
    fn livemode(&self) -> bool {
        self.state().live
    }
    fn open(&self, payment: OpenPayment) -> Answer<'_, ProviderPayment> {
        Box::pin(async move {
            assert!(!db::in_transaction(), "a call while a transaction is open");
            self.open_now(payment)
        })
    }
    fn fetch<'a>(&'a self, id: &'a str) -> Answer<'a, ProviderPayment> {
        let found = |state: &mut State| state.payments.get(id).cloned().ok_or(ProviderError::NotFound);
        let answer = self.call(format!("fetch {id}"), found);
        Box::pin(async move { answer })
    }
    fn find_by_reference(&self, order: OrderId, _: Timestamp) -> Answer<'_, Vec<ProviderPayment>> {
        let answer = self.call(format!("find {order}"), |state| {
            Ok(state.payments.values().filter(|p| p.reference == order.to_string()).cloned().collect())
        });
        Box::pin(async move { answer })
    }
    fn capture<'a>(&'a self, id: &'a str, amount: Money, key: String) -> Answer<'a, ProviderPayment> {
        let answer = self.call(format!("capture {key}"), |state| {
            let payment = state.payments.get_mut(id).ok_or(ProviderError::NotFound)?;
            match payment.status {
                ProviderStatus::Authorised => {
                    (payment.status, payment.captured) = (ProviderStatus::Succeeded, amount);
                    Ok(payment.clone())
                }
                ProviderStatus::Succeeded => Ok(payment.clone()),
                _ => Err(ProviderError::Refused { reason: "nothing_to_take".to_owned() }),
            }
        });
        Box::pin(async move { answer })
    }
    fn cancel<'a>(&'a self, id: &'a str, key: String) -> Answer<'a, ProviderPayment> {
        let answer = self.call(format!("cancel {key}"), |state| {
            let payment = state.payments.get_mut(id).ok_or(ProviderError::NotFound)?;
            match payment.status {
                ProviderStatus::RequiresAction { .. } | ProviderStatus::Promised | ProviderStatus::Authorised => {
                    payment.status = ProviderStatus::Failed { reason: "cancelled".to_owned() };
                    Ok(payment.clone())
                }
                ProviderStatus::Failed { .. } => Ok(payment.clone()),
                _ => Err(ProviderError::Refused { reason: "not_cancelable".to_owned() }),
            }
        });
        Box::pin(async move { answer })
    }
    fn refund(&self, command: RefundCommand) -> Answer<'_, ProviderRefund> {
        let answer = self.call(format!("refund {}", command.key), |state| Self::refund_now(state, &command));
        Box::pin(async move { answer })
    }
    fn fetch_refund<'a>(&'a self, id: &'a str) -> Answer<'a, ProviderRefund> {
        let answer = self.call(format!("fetch_refund {id}"), |state| {
            state.refunds.get(id).map(|(_, refund)| refund.clone()).ok_or(ProviderError::NotFound)
        });
        Box::pin(async move { answer })
    }
    fn find_refund<'a>(&'a self, _: &'a str, id: RefundId) -> Answer<'a, Option<ProviderRefund>> {
        let answer = self.call(format!("find_refund {id}"), |state| {
            Ok(state.refunds.values().map(|(_, refund)| refund).find(|r| r.refund_id == Some(id)).cloned())
        });
        Box::pin(async move { answer })
    }
    fn fetch_dispute<'a>(&'a self, id: &'a str) -> Answer<'a, ProviderDispute> {
        let found = |state: &mut State| state.disputes.get(id).cloned().ok_or(ProviderError::NotFound);
        let answer = self.call(format!("fetch_dispute {id}"), found);
        Box::pin(async move { answer })
    }
    fn answer_dispute(&self, command: AnswerCommand) -> Answer<'_, ProviderDispute> {
        let answer = self.call(format!("answer {}", command.key), |state| Self::answer_now(state, command));
        Box::pin(async move { answer })
    }
    fn verify_webhook<'a>(&'a self, headers: &'a HeaderMap, body: &'a [u8], _: Timestamp) -> Verified<'a> {
        Box::pin(async move {
            if headers.get("script-signature").is_none_or(|value| value != "good") {
                return Err(Error::new(kernel::Kind::Malformed, "bad_signature", "No."));
            }
            let text = std::str::from_utf8(body).unwrap();
            let mut parts = text.split(' ').map(str::to_owned);
            let (Some(id), Some(payment_ref)) = (parts.next(), parts.next()) else { return Ok(None) };
            let about = ProviderEvent::new(id, "payment", payment_ref);
            Ok(Some(match parts.next() {
                Some(dispute) if dispute.starts_with("dp_") => ProviderEvent { dispute_ref: Some(dispute), ..about },
                refund_ref => ProviderEvent { refund_ref, ..about },
            }))
        })
    }
    fn journal_order(&self) -> JournalOrder {
        JournalOrder::Opened
    }
    fn journal<'a>(&'a self, after: Option<&'a str>) -> Answer<'a, Vec<JournalItem>> {
        let from: usize = after.map_or(0, |after| after.parse().unwrap());
        let answer =
            self.call("journal".to_owned(), |state| Ok(state.journal.iter().skip(from).take(2).cloned().collect()));
        Box::pin(async move { answer })
    }
}

impl Script {
    /// A buyer disputes so much of an order's payment.
    pub fn dispute(&self, order: OrderId, id: &str, amount: Money) {
        let dispute = ProviderDispute {
            of_vendor: None,
            id: id.to_owned(),
            payment_ref: self.payment_of(order).id,
            amount,
            reason: "product_not_received".to_owned(),
            status: DisputeStatus::Opened,
            evidence_due: Some(self.now().plus(std::time::Duration::from_secs(7 * 24 * 3600))),
            is_withdrawn: true,
            fee: Money::new(1_500, amount.currency),
            livemode: false,
        };
        self.state().disputes.insert(id.to_owned(), dispute);
    }
    /// It changes at the provider.
    pub fn change(&self, id: &str, change: impl FnOnce(&mut ProviderDispute)) {
        change(self.state().disputes.get_mut(id).expect("a dispute"));
    }
    /// Writes a payment into the provider's own journal.
    pub fn write_down(&self, payment: &ProviderPayment, created_at: Timestamp) {
        let mut state = self.state();
        let position = (state.journal.len() + 1).to_string();
        state.journal.push(JournalItem {
            is_part: false,
            position,
            payment_ref: payment.id.clone(),
            reference: payment.reference.clone(),
            captured: payment.captured,
            fee: payment.fee,
            created_at,
        });
        state.payments.insert(payment.id.clone(), payment.clone());
    }
    /// Somebody pays after all, and nobody is told: it stands in the payment, and where the journal has it.
    pub fn is_paid_late(&self, id: &str) {
        let mut state = self.state();
        let payment = state.payments.get_mut(id).expect("a payment");
        (payment.status, payment.captured) = (ProviderStatus::Succeeded, payment.amount);
        let captured = payment.captured;
        for item in state.journal.iter_mut().filter(|item| item.payment_ref == id) {
            item.captured = captured;
        }
    }
    pub fn now(&self) -> Timestamp {
        self.clock.get().unwrap().now()
    }
}
