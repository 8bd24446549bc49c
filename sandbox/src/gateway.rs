//! The core: what a command does to the state. Pure and repeatable: the same state, command,
//! time and random numbers give the same outcome and the same changes.

use kernel::{FieldError, Random, Timestamp};

use crate::{
    command::{Call, Command, NewPayment, Outcome},
    model::{Change, DeliveryState, KeptAnswer, Payment, RefundStatus, Status, payment_of_dispute},
    refusal::{Refusal, Stop},
    rules::{EVENT_LIFE, KEY_LIFE, Rules, back_off},
    store::{Due, Store},
    turn::Turn,
};

/// How often old keys and events are looked for.
const PRUNE_EVERY_S: u64 = 60;
/// Timers fired at once.
const TIMERS_AT_ONCE: usize = 100;

/// The gateway over a store: [`crate::store::Memory`] for simulations, the durable one in
/// [`crate::Sandbox`].
#[derive(Debug, Clone)]
pub struct Gateway<S> {
    rules: Rules,
    store: S,
    pruned: Option<Timestamp>,
}

impl<S: Store> Gateway<S> {
    /// The gateway with what is in `store`.
    pub fn new(rules: Rules, store: S) -> Self {
        Self { rules, store, pruned: None }
    }
    /// The state, to read.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Obeys a command. Refusals are outcomes; an error means that the store does not work and
    /// that nothing of this command may be kept.
    pub fn apply(&mut self, call: &Call, now: Timestamp, rng: &dyn Random) -> kernel::Result<Outcome> {
        let fingerprint = call.key.as_ref().map(|_| call.command.fingerprint());
        if let (Some(key), Some(fingerprint)) = (&call.key, &fingerprint)
            && let Some(kept) = self.store.key(key)?
            && now.since(kept.at) < KEY_LIFE
        {
            return Ok(replay(kept, fingerprint));
        }
        let mut turn = Turn::new(&self.rules, now, rng);
        let outcome = match self.perform(&mut turn, &call.command) {
            Ok(outcome) => outcome,
            Err(Stop::Refused(refusal)) => Outcome::from(refusal),
            Err(Stop::Broken(error)) => return Err(error),
        };
        let mut changes = turn.changes;
        if let (Some(key), Some(fingerprint)) = (&call.key, fingerprint)
            && (outcome.is_success() || outcome.status == 409)
        {
            let (key, body, status) = (key.clone(), outcome.body.clone(), outcome.status);
            changes.push(Change::Key(KeptAnswer { key, fingerprint, at: now, status, body }));
        }
        self.write(&changes)?;
        Ok(outcome)
    }

    /// Lets happen what is due: late successes, refunds on their way, expiry. True if there may be more.
    pub fn tick(&mut self, now: Timestamp, rng: &dyn Random) -> kernel::Result<bool> {
        let due = self.store.due_timers(now, TIMERS_AT_ONCE)?;
        let more = due.len() == TIMERS_AT_ONCE;
        for (number, timer) in due {
            let mut turn = Turn::new(&self.rules, now, rng);
            turn.changes.push(Change::TimerDone(number));
            if let Some(payment) = self.store.payment(&timer.payment)? {
                turn.fire(payment, &timer.what)?;
            }
            let changes = turn.changes;
            self.write(&changes)?;
        }
        if self.pruned.is_none_or(|at| now.since(at).as_secs() >= PRUNE_EVERY_S) {
            self.pruned = Some(now);
            self.write(&[Change::Prune { keys: now.minus(KEY_LIFE), events: now.minus(EVENT_LIFE) }])?;
        }
        Ok(more)
    }

    /// Webhooks to be sent now, the most overdue first.
    pub fn due(&self, now: Timestamp, limit: usize) -> kernel::Result<Vec<Due>> {
        self.store.due_deliveries(now, limit)
    }

    /// What came of an attempt to deliver: the status answered, or nothing.
    pub fn attempted(
        &mut self,
        number: i64,
        status: Option<u16>,
        now: Timestamp,
        rng: &dyn Random,
    ) -> kernel::Result<()> {
        let Some(mut delivery) = self.store.delivery(number)? else { return Ok(()) };
        if delivery.state != DeliveryState::Pending {
            return Ok(());
        }
        delivery.attempts += 1;
        delivery.last_status = status;
        if status.is_some_and(|s| (200..300).contains(&s)) {
            delivery.state = DeliveryState::Delivered;
        } else if let Some(pause) = back_off(delivery.attempts, rng) {
            delivery.due = now.plus(pause);
        } else {
            delivery.state = DeliveryState::GivenUp;
        }
        self.write(&[Change::Delivery(number, delivery)])
    }

    fn write(&mut self, changes: &[Change]) -> kernel::Result<()> {
        changes.iter().try_for_each(|change| self.store.write(change))
    }

    fn find(&self, id: &str) -> Result<Payment, Stop> {
        Ok(self.store.payment(id)?.ok_or_else(|| Refusal::not_found("payment"))?)
    }

    /// The payment of a dispute, and the place of the dispute in it.
    fn find_dispute(&self, id: &str) -> Result<(Payment, usize), Stop> {
        let unknown = || Refusal::not_found("dispute");
        let payment = self.store.payment(&payment_of_dispute(id).ok_or_else(unknown)?)?.ok_or_else(unknown)?;
        let index = payment.disputes.iter().position(|dispute| dispute.id == id).ok_or_else(unknown)?;
        Ok((payment, index))
    }

    fn perform(&self, turn: &mut Turn<'_>, command: &Command) -> Result<Outcome, Stop> {
        match command {
            Command::Create(new) => turn.create(new),
            Command::Pay { payment, card } => {
                let payment = self.find(payment)?;
                match payment.status {
                    Status::RequiresPayment => turn.pay(payment, card.clone()),
                    // The form was sent twice, or the back button used: nothing is charged again.
                    Status::RequiresAction | Status::Processing | Status::RequiresCapture | Status::Succeeded => {
                        unchanged(&payment)
                    }
                    Status::Failed | Status::Canceled => Err(not_payable(&payment)),
                }
            }
            Command::Challenge { payment, approve } => {
                let payment = self.find(payment)?;
                match payment.status {
                    Status::RequiresAction => turn.challenge(payment, *approve),
                    Status::RequiresPayment | Status::Processing | Status::RequiresCapture | Status::Succeeded => {
                        unchanged(&payment)
                    }
                    Status::Failed | Status::Canceled => Err(not_payable(&payment)),
                }
            }
            Command::Cancel { payment, by_buyer } => {
                let payment = self.find(payment)?;
                match payment.status {
                    Status::RequiresPayment | Status::RequiresAction => turn.cancel(payment),
                    Status::RequiresCapture if !by_buyer => turn.cancel(payment),
                    Status::Canceled => unchanged(&payment),
                    Status::RequiresCapture | Status::Processing | Status::Succeeded | Status::Failed => {
                        Err(Refusal::status_of(
                            &payment,
                            "not_cancelable",
                            format!("A payment that is “{}” cannot be cancelled.", payment.status.as_str()),
                        )
                        .into())
                    }
                }
            }
            Command::Capture { payment, amount_minor } => {
                let payment = self.find(payment)?;
                check_capture(&payment, *amount_minor)?;
                turn.capture(payment, *amount_minor)
            }
            Command::Refund { payment, amount_minor, reason } => {
                let payment = self.find(payment)?;
                check_refund(&payment, *amount_minor, reason)?;
                turn.refund(payment, *amount_minor, reason)
            }
            Command::Dispute { payment, amount_minor, reason } => {
                let payment = self.find(payment)?;
                check_dispute(&payment, *amount_minor, reason)?;
                turn.dispute(payment, *amount_minor, reason)
            }
            Command::Answer { dispute, evidence } => {
                let (payment, index) = self.find_dispute(dispute)?;
                turn.answer_dispute(payment, index, evidence.as_ref())
            }
            Command::Decide { dispute, won } => {
                let (payment, index) = self.find_dispute(dispute)?;
                turn.decide_dispute(payment, index, *won)
            }
            Command::Payout(command) => self.obey_payout(turn, command),
        }
    }
}

/// The kept answer, or a refusal if the key was used for something else.
fn replay(kept: KeptAnswer, fingerprint: &str) -> Outcome {
    if kept.fingerprint == fingerprint {
        Outcome { status: kept.status, body: kept.body, replayed: true, hold: false }
    } else {
        Refusal::new(422, "idempotency_key_reused", "This idempotency key was used for a different request.").into()
    }
}

pub(crate) fn unchanged(payment: &Payment) -> Result<Outcome, Stop> {
    answer(200, payment)
}

pub(crate) fn answer(status: u16, body: &impl serde::Serialize) -> Result<Outcome, Stop> {
    Ok(Outcome { status, body: serde_json::to_string(body)?, replayed: false, hold: false })
}

fn not_payable(payment: &Payment) -> Stop {
    let message = format!("A payment that is “{}” cannot be paid.", payment.status.as_str());
    Refusal::status_of(payment, "not_payable", message).into()
}

fn check_capture(payment: &Payment, amount_minor: Option<i64>) -> Result<(), Refusal> {
    if payment.status != Status::RequiresCapture {
        let message = format!("A payment that is “{}” cannot be captured.", payment.status.as_str());
        return Err(Refusal::status_of(payment, "not_capturable", message));
    }
    match amount_minor {
        Some(amount) if amount < 1 => Err(one_field("amount_minor", "Capture at least 1 minor unit.")),
        Some(amount) if amount > payment.amount_minor => {
            Err(Refusal::new(409, "over_capture", "More than the authorised amount cannot be captured.")
                .with("capturable_minor", payment.amount_minor))
        }
        Some(_) | None => Ok(()),
    }
}

fn check_refund(payment: &Payment, amount_minor: i64, reason: &str) -> Result<(), Refusal> {
    if amount_minor < 1 {
        return Err(one_field("amount_minor", "Refund at least 1 minor unit."));
    }
    if reason.chars().count() > 200 {
        return Err(one_field("reason", "Use at most 200 letters."));
    }
    if payment.status != Status::Succeeded {
        let message = format!("A payment that is “{}” cannot be refunded.", payment.status.as_str());
        return Err(Refusal::status_of(payment, "not_refundable", message));
    }
    if amount_minor > payment.refundable_minor() {
        return Err(Refusal::new(409, "over_refund", "More than was captured cannot be refunded.")
            .with("refundable_minor", payment.refundable_minor()));
    }
    let tries = payment.refunds.iter().filter(|r| r.status == RefundStatus::Failed).count();
    if tries >= 100 {
        return Err(Refusal::status_of(payment, "too_many_refunds", "Too many refunds of this payment have failed."));
    }
    Ok(())
}

fn check_dispute(payment: &Payment, amount_minor: Option<i64>, reason: &str) -> Result<(), Refusal> {
    if payment.status != Status::Succeeded {
        let message = format!("A payment that is “{}” cannot be disputed.", payment.status.as_str());
        return Err(Refusal::status_of(payment, "not_disputable", message));
    }
    let left = payment.captured_minor - payment.disputed_minor();
    if left < 1 || amount_minor.is_some_and(|amount| amount > left) {
        return Err(Refusal::new(409, "over_dispute", "More than was captured cannot be disputed.")
            .with("disputable_minor", left));
    }
    if amount_minor.is_some_and(|amount| amount < 1) {
        return Err(one_field("amount_minor", "Dispute at least 1 minor unit."));
    }
    if !(1..=100).contains(&reason.chars().count()) || reason.chars().any(char::is_control) {
        return Err(one_field("reason", "Use 1 to 100 letters."));
    }
    Ok(())
}

pub(crate) fn one_field(field: &str, reason: &str) -> Refusal {
    Refusal::invalid(&[FieldError { field: field.to_owned(), reason: reason.to_owned() }])
}

/// What is wrong with a request to open a payment.
pub(crate) fn check_new(new: &NewPayment) -> Result<(), Refusal> {
    let mut fields = Vec::new();
    let mut wrong =
        |field: &str, reason: &str| fields.push(FieldError { field: field.to_owned(), reason: reason.to_owned() });
    if !(1..=100_000_000_000).contains(&new.amount_minor) {
        wrong("amount_minor", "Use 1 to 100,000,000,000 minor units.");
    }
    if !(1..=200).contains(&new.reference.chars().count()) || new.reference.chars().any(char::is_control) {
        wrong("reference", "Use 1 to 200 letters.");
    }
    if new.description.chars().count() > 500 || new.description.chars().any(char::is_control) {
        wrong("description", "Use at most 500 letters on one line.");
    }
    if new.return_url.is_none() && new.payment_token.is_none() {
        wrong("return_url", "Say where the buyer goes afterwards, or send a payment_token.");
    }
    for (field, url) in [("return_url", &new.return_url), ("cancel_url", &new.cancel_url)] {
        if url.as_ref().is_some_and(|url| !is_web_address(url)) {
            wrong(field, "Use an address that begins with http:// or https://.");
        }
    }
    if new.payment_token.as_ref().is_some_and(|token| crate::card::TestCard::by_token(token).is_none()) {
        wrong("payment_token", "There is no such test token.");
    }
    let fits = |(name, value): (&String, &String)| name.len() <= 40 && !name.is_empty() && value.len() <= 500;
    if new.metadata.len() > 50 || !new.metadata.iter().all(fits) {
        wrong("metadata", "Use at most 50 entries with names up to 40 and values up to 500 bytes.");
    }
    if fields.is_empty() { Ok(()) } else { Err(Refusal::invalid(&fields)) }
}

pub(crate) fn is_web_address(text: &str) -> bool {
    text.len() <= 2_000
        && url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
