//! One turn of the gateway: the steps a payment can take, written down as changes.

use kernel::{Random, Timestamp};
use serde::Serialize;

use crate::{
    card::{Behaviour, TestCard, UsedCard},
    command::{NewPayment, Outcome},
    gateway::{answer, check_new, unchanged},
    model::{
        Change, Entry, Event, EventKind, Later, Movement, NextAction, Payment, Refund, RefundStatus, Status, Timer,
    },
    refusal::{Refusal, Stop},
    rules::{MAX_ATTEMPTS, Rules},
};

/// What is sent to the merchant.
#[derive(Serialize)]
struct Envelope<'a, T> {
    id: &'a str,
    r#type: EventKind,
    created: i64,
    livemode: bool,
    data: Data<'a, T>,
}

#[derive(Serialize)]
struct Data<'a, T> {
    object: &'a T,
}

pub(crate) struct Turn<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) now: Timestamp,
    rng: &'a dyn Random,
    /// The payment of this turn is new.
    opening: bool,
    /// In the order in which they happened.
    pub(crate) changes: Vec<Change>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(rules: &'a Rules, now: Timestamp, rng: &'a dyn Random) -> Self {
        Self { rules, now, rng, opening: false, changes: Vec::with_capacity(6) }
    }

    // Building blocks.

    /// Six bytes of time, so that ids sort by it, and ten of chance, so that nobody guesses one.
    pub(crate) fn new_stem(&self) -> String {
        let mut bytes = [0_u8; 16];
        self.rng.fill(&mut bytes);
        let millis = self.now.millis().to_be_bytes();
        for (byte, time) in bytes.iter_mut().zip(millis.iter().skip(2)) {
            *byte = *time;
        }
        hex::encode(bytes)
    }

    pub(crate) fn save(&mut self, payment: Payment) {
        let payment = Box::new(payment);
        self.changes.push(if self.opening { Change::Opened(payment) } else { Change::Payment(payment) });
    }

    pub(crate) fn later(&mut self, payment: &Payment, at: Timestamp, what: Later) {
        self.changes.push(Change::Timer(Timer { at, payment: payment.id.clone(), what }));
    }

    pub(crate) fn moved(&mut self, payment: &Payment, movement: Movement, amount_minor: i64) {
        let entry = Entry { at: self.now, payment: payment.id.clone(), movement, amount_minor };
        self.changes.push(Change::Entry(entry));
    }

    fn touch(&self, payment: &mut Payment) {
        payment.version += 1;
        payment.updated_at = self.now;
    }

    fn tell(&mut self, payment: &mut Payment, kind: EventKind, refund: Option<usize>) -> Result<(), Stop> {
        let id = self.next_event(payment);
        let body = match refund.and_then(|index| payment.refunds.get(index)) {
            Some(refund) => self.envelope(&id, kind, refund)?,
            None => self.envelope(&id, kind, payment)?,
        };
        self.send(payment, id, kind, body)
    }

    /// The same about a dispute.
    pub(crate) fn tell_dispute(&mut self, payment: &mut Payment, kind: EventKind, index: usize) -> Result<(), Stop> {
        let id = self.next_event(payment);
        let dispute = payment.disputes.get(index).ok_or_else(|| Refusal::not_found("dispute"))?;
        let body = self.envelope(&id, kind, dispute)?;
        self.send(payment, id, kind, body)
    }

    fn next_event(&self, payment: &mut Payment) -> String {
        self.touch(payment);
        payment.events += 1;
        format!("evt_{}_{}", payment.stem(), payment.events)
    }

    fn send(&mut self, payment: &Payment, id: String, kind: EventKind, body: String) -> Result<(), Stop> {
        let deliveries = self.rules.deliveries(kind, payment.behaviour(), self.now, self.rng);
        let event = Event { id, payment: payment.id.clone(), created: self.now, body };
        self.changes.push(Change::Event(event, deliveries));
        Ok(())
    }

    /// The same about something that is no payment.
    pub(crate) fn tell_about(
        &mut self,
        id: String,
        kind: EventKind,
        subject: &str,
        object: &impl Serialize,
    ) -> Result<(), Stop> {
        let body = self.envelope(&id, kind, object)?;
        let deliveries = self.rules.deliveries(kind, Behaviour::Succeed, self.now, self.rng);
        let event = Event { id, payment: subject.to_owned(), created: self.now, body };
        self.changes.push(Change::Event(event, deliveries));
        Ok(())
    }

    fn envelope(&self, id: &str, kind: EventKind, object: &impl Serialize) -> Result<String, Stop> {
        let (created, data) = (self.now.seconds(), Data { object });
        Ok(serde_json::to_string(&Envelope { id, r#type: kind, created, livemode: false, data })?)
    }

    fn send_buyer_to(&self, payment: &mut Payment, page: &str) {
        let url = format!("{}/pay/{}{page}", self.rules.base_url, payment.id);
        payment.next_action = Some(NextAction { r#type: "redirect_to_url".to_owned(), url: url.clone() });
        payment.hosted_url = Some(url);
    }

    fn release_buyer(payment: &mut Payment) {
        payment.next_action = None;
        payment.hosted_url = None;
    }

    // Steps.

    pub(crate) fn create(&mut self, new: &NewPayment) -> Result<Outcome, Stop> {
        check_new(new)?;
        self.opening = true;
        let mut payment = Payment {
            id: format!("pay_{}", self.new_stem()),
            status: Status::RequiresPayment,
            amount_minor: new.amount_minor,
            currency: new.currency,
            reference: new.reference.clone(),
            description: new.description.clone(),
            capture: new.capture,
            captured_minor: 0,
            refunded_minor: 0,
            refund_pending_minor: 0,
            fee_minor: None,
            livemode: false,
            hosted_url: None,
            next_action: None,
            failure_code: None,
            failure_message: None,
            card: None,
            attempts: 0,
            by_token: new.payment_token.is_some(),
            return_url: new.return_url.clone(),
            cancel_url: new.cancel_url.clone(),
            metadata: new.metadata.clone(),
            refunds: Vec::new(),
            disputes: Vec::new(),
            events: 0,
            version: 1,
            created_at: self.now,
            updated_at: self.now,
            expires_at: self.now.plus(self.rules.patience),
        };
        let outcome = match new.payment_token.as_deref().and_then(TestCard::by_token) {
            Some(card) => self.pay(payment, card.used())?,
            None => {
                self.send_buyer_to(&mut payment, "");
                self.later(&payment, payment.expires_at, Later::Expire);
                let outcome = answer(201, &payment)?;
                self.save(payment);
                outcome
            }
        };
        Ok(Outcome { status: 201, ..outcome })
    }

    pub(crate) fn pay(&mut self, mut payment: Payment, card: UsedCard) -> Result<Outcome, Stop> {
        let behaviour = card.behaviour;
        payment.attempts += 1;
        payment.card = Some(card);
        payment.failure_code = None;
        payment.failure_message = None;
        match behaviour {
            Behaviour::Declined => self.refuse(&mut payment, "card_declined", "The bank declined this card.")?,
            Behaviour::InsufficientFunds => {
                self.refuse(&mut payment, "insufficient_funds", "There is not enough money on this card's account.")?
            }
            Behaviour::ProcessingError => self.refuse(
                &mut payment,
                "processing_error",
                "The bank could not be reached. Nothing was charged; try again or use another card.",
            )?,
            Behaviour::Challenge => {
                payment.status = Status::RequiresAction;
                self.send_buyer_to(&mut payment, "/challenge");
                if payment.by_token {
                    self.later(&payment, payment.expires_at, Later::Expire);
                }
                self.tell(&mut payment, EventKind::RequiresAction, None)?;
            }
            Behaviour::Processing => {
                self.wait(&mut payment, self.rules.processing);
                self.tell(&mut payment, EventKind::Processing, None)?;
            }
            Behaviour::LateSuccess => {
                self.wait(&mut payment, self.rules.late);
                self.touch(&mut payment);
            }
            Behaviour::OutOfOrderWebhooks => {
                payment.status = Status::Processing;
                Self::release_buyer(&mut payment);
                self.tell(&mut payment, EventKind::Processing, None)?;
                self.settle(&mut payment)?;
            }
            Behaviour::Succeed
            | Behaviour::TimeoutAfterSuccess
            | Behaviour::DuplicateWebhooks
            | Behaviour::LateWebhooks
            | Behaviour::RefundPending
            | Behaviour::RefundFails => self.settle(&mut payment)?,
            Behaviour::Disputed => {
                self.settle(&mut payment)?;
                self.later(&payment, self.now.plus(self.rules.processing), Later::Dispute);
            }
        }
        let outcome = answer(200, &payment)?;
        self.save(payment);
        Ok(Outcome { hold: behaviour == Behaviour::TimeoutAfterSuccess, ..outcome })
    }

    fn wait(&mut self, payment: &mut Payment, time: std::time::Duration) {
        payment.status = Status::Processing;
        Self::release_buyer(payment);
        self.later(payment, self.now.plus(time), Later::Settle);
    }

    /// A refused card. Another may be tried on the page, unless there is no page or it was tried
    /// too often; only then is the payment over and the merchant told.
    fn refuse(&mut self, payment: &mut Payment, code: &str, message: &str) -> Result<(), Stop> {
        payment.failure_code = Some(code.to_owned());
        payment.failure_message = Some(message.to_owned());
        if payment.by_token || payment.attempts >= MAX_ATTEMPTS {
            payment.status = Status::Failed;
            Self::release_buyer(payment);
            return self.tell(payment, EventKind::Failed, None);
        }
        payment.status = Status::RequiresPayment;
        self.send_buyer_to(payment, "");
        self.touch(payment);
        Ok(())
    }

    fn settle(&mut self, payment: &mut Payment) -> Result<(), Stop> {
        Self::release_buyer(payment);
        if payment.capture {
            return self.take(payment, payment.amount_minor);
        }
        payment.status = Status::RequiresCapture;
        self.moved(payment, Movement::Authorized, payment.amount_minor);
        self.tell(payment, EventKind::RequiresCapture, None)
    }

    fn take(&mut self, payment: &mut Payment, amount_minor: i64) -> Result<(), Stop> {
        payment.status = Status::Succeeded;
        payment.captured_minor = amount_minor;
        self.moved(payment, Movement::Captured, amount_minor);
        let fee = amount_minor.saturating_mul(i64::from(self.rules.fee_bp)) / 10_000;
        if fee > 0 {
            payment.fee_minor = Some(fee);
            self.moved(payment, Movement::Fee, fee);
        }
        self.tell(payment, EventKind::Succeeded, None)
    }

    pub(crate) fn challenge(&mut self, mut payment: Payment, approve: bool) -> Result<Outcome, Stop> {
        if approve {
            self.settle(&mut payment)?;
        } else {
            self.refuse(&mut payment, "authentication_failed", "The payment was not approved at the bank.")?;
        }
        let outcome = answer(200, &payment)?;
        self.save(payment);
        Ok(outcome)
    }

    pub(crate) fn cancel(&mut self, mut payment: Payment) -> Result<Outcome, Stop> {
        if payment.status == Status::RequiresCapture {
            self.moved(&payment, Movement::Voided, payment.amount_minor);
        }
        payment.status = Status::Canceled;
        Self::release_buyer(&mut payment);
        self.tell(&mut payment, EventKind::Canceled, None)?;
        let outcome = unchanged(&payment)?;
        self.save(payment);
        Ok(outcome)
    }

    pub(crate) fn capture(&mut self, mut payment: Payment, amount_minor: Option<i64>) -> Result<Outcome, Stop> {
        let amount = amount_minor.unwrap_or(payment.amount_minor);
        if amount < payment.amount_minor {
            self.moved(&payment, Movement::Voided, payment.amount_minor - amount);
        }
        self.take(&mut payment, amount)?;
        let outcome = answer(200, &payment)?;
        self.save(payment);
        Ok(outcome)
    }

    pub(crate) fn refund(&mut self, mut payment: Payment, amount_minor: i64, reason: &str) -> Result<Outcome, Stop> {
        let index = payment.refunds.len();
        let id = format!("re_{}_{}", payment.stem(), index + 1);
        payment.refunds.push(Refund {
            id: id.clone(),
            payment: payment.id.clone(),
            amount_minor,
            currency: payment.currency,
            status: RefundStatus::Pending,
            reason: reason.to_owned(),
            failure_code: None,
            created_at: self.now,
        });
        payment.refund_pending_minor += amount_minor;
        let arrival = self.now.plus(self.rules.processing);
        match payment.behaviour() {
            Behaviour::RefundPending => {
                self.touch(&mut payment);
                self.later(&payment, arrival, Later::RefundSucceeds(id));
            }
            Behaviour::RefundFails => {
                self.touch(&mut payment);
                self.later(&payment, arrival, Later::RefundFails(id));
            }
            _ => self.refund_ends(&mut payment, &id, true)?,
        }
        let refund = payment.refunds.get(index).ok_or_else(|| Refusal::not_found("refund"))?;
        let outcome = answer(201, refund)?;
        self.save(payment);
        Ok(outcome)
    }

    fn refund_ends(&mut self, payment: &mut Payment, id: &str, arrived: bool) -> Result<(), Stop> {
        let pending = |r: &Refund| r.id == id && r.status == RefundStatus::Pending;
        let Some(index) = payment.refunds.iter().position(pending) else { return Ok(()) };
        let Some(refund) = payment.refunds.get_mut(index) else { return Ok(()) };
        let amount = refund.amount_minor;
        payment.refund_pending_minor -= amount;
        if arrived {
            refund.status = RefundStatus::Succeeded;
            payment.refunded_minor += amount;
            self.moved(payment, Movement::Refunded, amount);
            return self.tell(payment, EventKind::RefundSucceeded, Some(index));
        }
        refund.status = RefundStatus::Failed;
        refund.failure_code = Some("returned_by_bank".to_owned());
        self.tell(payment, EventKind::RefundFailed, Some(index))
    }

    /// A timer's time has come; it does nothing if the payment has moved on meanwhile.
    pub(crate) fn fire(&mut self, mut payment: Payment, what: &Later) -> kernel::Result<()> {
        let done = match (what, payment.status) {
            (Later::Settle, Status::Processing) => self.settle(&mut payment),
            (Later::Expire, Status::RequiresPayment | Status::RequiresAction) => {
                payment.failure_code = Some("expired".to_owned());
                payment.failure_message = Some("Nobody paid in time.".to_owned());
                return self.cancel(payment).map(drop).or_else(broken);
            }
            (Later::RefundSucceeds(id), _) => self.refund_ends(&mut payment, id, true),
            (Later::RefundFails(id), _) => self.refund_ends(&mut payment, id, false),
            (Later::Dispute, Status::Succeeded) => self.bank_disputes(&mut payment),
            (Later::Decide(id), _) => self.bank_decides(&mut payment, id),
            (Later::Lapse(id), _) => self.lapses(&mut payment, id),
            (Later::Settle | Later::Expire | Later::Dispute, _) => return Ok(()),
        };
        done.or_else(broken)?;
        self.save(payment);
        Ok(())
    }
}

/// Timers are not asked for by anybody who could be refused.
fn broken(stop: Stop) -> kernel::Result<()> {
    match stop {
        Stop::Broken(error) => Err(error),
        Stop::Refused(refusal) => Err(kernel::Error::internal(refusal.body())),
    }
}
