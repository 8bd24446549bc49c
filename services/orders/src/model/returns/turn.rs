//! One step of a return.

use std::collections::BTreeMap;

use contracts::orders::{ExchangeState, Remedy, ReturnStatus};
use kernel::{LineId, Money, Timestamp};

use super::{Action, Line, Return, Step, Told};
use crate::error::ReturnError;

type Outcome = Result<Option<Step>, ReturnError>;

/// The table of [`super`].
pub(super) fn step(before: &Return, action: Action, now: Timestamp) -> Outcome {
    use ReturnStatus::{Approved, Cancelled, Closed, Exchanged, Received, Refunded, Refused, Requested, Sent};
    match (action, before.status) {
        (Action::Approve { lines, instructions, why }, Requested) => approve(before, &lines, instructions, why),
        (Action::Refuse { why }, Requested) => Ok(Some(refuse(before, why))),
        (Action::Refuse { .. }, Refused) => Ok(None),
        (Action::Approve { .. } | Action::Refuse { .. }, _) => Err(ReturnError::Answered),

        (Action::Send { carrier, number }, Approved) => Ok(Some(send(before, carrier, number))),
        (Action::Send { carrier, number }, Sent) if is_under(before, &carrier, &number) => Ok(None),
        (Action::Send { .. }, Sent) => Err(ReturnError::AlreadySent),
        (Action::Send { .. }, Requested) => Err(ReturnError::NotApproved),
        (Action::Send { .. }, Received | Refused | Refunded | Exchanged | Closed | Cancelled) => Err(ReturnError::Over),

        (Action::Receive { lines, shipping, condition }, Approved | Sent) => {
            receive(before, &lines, shipping, condition, now)
        }
        (Action::Receive { .. }, Received) if kernel::planted!(31) => Ok(Some(ask_for_refund(before.clone(), true))),
        (Action::Receive { .. }, Received | Refunded | Exchanged) => Ok(None),
        (Action::Receive { .. }, Requested) => Err(ReturnError::NotApproved),
        (Action::Receive { .. }, Refused | Closed | Cancelled) => Err(ReturnError::Over),

        (Action::ExchangeHeld, Approved | Sent | Received) if is_asked(before) => {
            let after = Return { exchange: Some(ExchangeState::Held), ..next(before) };
            let text = format!("What {} is exchanged for is set aside.", before.number);
            Ok(Some(told(after, "return_exchange_held", text, [])))
        }
        (Action::ExchangeShort, Approved | Sent | Received) if is_asked(before) => {
            let after = Return { exchange: Some(ExchangeState::Short), ..next(before) };
            let text =
                format!("What {} was to be exchanged for is sold out. The money goes back instead.", before.number);
            Ok(Some(pay_back_instead(after, "return_exchange_short", text)))
        }
        (Action::ExchangeHeld | Action::ExchangeShort, _) => Ok(None),
        (Action::Replace { carrier, number }, Received) if awaits_replacement(before) => {
            replace(before, carrier, number)
        }
        (Action::Replace { .. }, Exchanged) => Ok(None),
        (Action::Replace { .. }, Requested | Approved | Sent) => Err(ReturnError::NotReceived),
        (Action::Replace { .. }, Received | Refused | Refunded | Closed | Cancelled) => Err(ReturnError::NoExchange),
        (Action::RefundInstead, Received) if awaits_replacement(before) => {
            let text = format!("{} is paid back instead of exchanged.", before.number);
            Ok(Some(pay_back_instead(next(before), "return_refund_instead", text)))
        }
        (Action::RefundInstead, Received | Refunded) => Ok(None),
        (Action::RefundInstead, Requested | Approved | Sent) => Err(ReturnError::NotReceived),
        (Action::RefundInstead, Refused | Exchanged | Closed | Cancelled) => Err(ReturnError::NoExchange),

        (Action::RefundArrived, Received) => {
            let after = Return { status: Refunded, failure: None, ..next(before) };
            Ok(Some(told(
                after,
                "return_refunded",
                format!("{} of {} went back.", before.refund, before.number),
                [Told::Ended],
            )))
        }
        (Action::RefundFailed { why }, Received) => {
            let text = format!("The refund of {} did not arrive: {}.", before.number, why.replace('_', " "));
            let after = Return { failure: Some(why), ..next(before) };
            Ok(Some(told(after, "return_refund_failed", text, [])))
        }
        (
            Action::RefundArrived | Action::RefundFailed { .. },
            Requested | Approved | Refused | Sent | Refunded | Exchanged | Closed | Cancelled,
        ) => Ok(None),

        (Action::Retry, Received) if before.failure.is_some() => Ok(Some(ask_for_refund(before.clone(), true))),
        (Action::Retry, Received | Refunded) => Ok(None),
        (Action::Retry, Requested | Approved | Refused | Sent | Exchanged | Closed | Cancelled) => {
            Err(ReturnError::NothingToSend)
        }

        (Action::Close { why }, Approved | Sent) => Ok(Some(close(before, why))),
        (Action::Close { why }, Received) if before.failure.is_some() => Ok(Some(close(before, why))),
        (Action::Close { .. }, Received) if awaits_replacement(before) => Err(ReturnError::ReplacementOwed),
        (Action::Close { .. }, Received) => Err(ReturnError::MoneyUnderWay),
        (Action::Close { .. }, Closed) => Ok(None),
        (Action::Close { .. }, Requested) => Err(ReturnError::NotAnswered),
        (Action::Close { .. }, Refused | Refunded | Exchanged | Cancelled) => Err(ReturnError::Over),

        (Action::Cancel, Requested | Approved) => {
            let after = Return { status: Cancelled, ..next(before) };
            let text = format!("The buyer keeps what {} was about.", before.number);
            Ok(Some(told(after, "return_cancelled", text, [Told::Ended])))
        }
        (Action::Cancel, Cancelled) => Ok(None),
        (Action::Cancel, Sent | Received) => Err(ReturnError::AlreadySent),
        (Action::Cancel, Refused | Refunded | Exchanged | Closed) => Err(ReturnError::Over),
    }
}

/// True if it is on its way under this very number.
fn is_under(of: &Return, carrier: &str, number: &str) -> bool {
    of.carriage.as_ref().is_some_and(|known| (known.0.as_str(), known.1.as_str()) == (carrier, number))
}

/// True while inventory has not said whether there is any.
fn is_asked(of: &Return) -> bool {
    of.remedy == Remedy::Exchange && of.exchange == Some(ExchangeState::Asked)
}

/// True for what has arrived and is to be replaced.
fn awaits_replacement(of: &Return) -> bool {
    of.status == ReturnStatus::Received && of.remedy == Remedy::Exchange
}

fn replace(before: &Return, carrier: String, number: String) -> Outcome {
    if before.exchange != Some(ExchangeState::Held) {
        return Err(ReturnError::ExchangeNotHeld);
    }
    let text = format!("What {} is exchanged for was handed over to {carrier}, number {number}.", before.number);
    let after = Return { status: ReturnStatus::Exchanged, replacement: Some((carrier, number)), ..next(before) };
    Ok(Some(told(after, "return_exchanged", text, [Told::Exchanged, Told::Ended])))
}

/// From now on it is a refund; if it has arrived, the money is due.
fn pay_back_instead(of: Return, kind: &'static str, text: String) -> Step {
    let of = Return { remedy: Remedy::Refund, ..of };
    if of.status != ReturnStatus::Received {
        return told(of, kind, text, []);
    }
    let worth = of.lines.iter().map(|line| line.refund.amount_minor).sum();
    let of = Return { refund: Money::new(worth, of.refund.currency), ..of };
    if of.refund.is_zero() {
        return told(Return { status: ReturnStatus::Refunded, ..of }, kind, text, [Told::Ended]);
    }
    Step { kind, text, ..ask_for_refund(of, false) }
}

/// The same, one version on.
fn next(before: &Return) -> Return {
    Return { version: before.version + 1, ..before.clone() }
}

fn told(after: Return, kind: &'static str, text: String, told: impl IntoIterator<Item = Told>) -> Step {
    Step { after, kind, text, told: told.into_iter().collect() }
}

fn approve(
    before: &Return,
    lines: &BTreeMap<LineId, i64>,
    instructions: Option<String>,
    why: Option<String>,
) -> Outcome {
    known(before, lines.keys())?;
    let mut after = Return { status: ReturnStatus::Approved, instructions, answer: why, ..next(before) };
    for line in &mut after.lines {
        let approved = lines.get(&line.line_id).copied().unwrap_or(0);
        if !(0..=line.wanted).contains(&approved) {
            return Err(ReturnError::TooMany { line: line.line_id, most: line.wanted });
        }
        line.approved = Some(approved);
    }
    let (taken, wanted) = (sum(&after.lines, |line| line.approved.unwrap_or(0)), sum(&after.lines, |line| line.wanted));
    if taken == 0 {
        return Err(ReturnError::NothingApproved);
    }
    let text = match after.answer.as_deref() {
        None if taken < wanted => return Err(ReturnError::NoReason),
        Some(why) if taken < wanted => {
            format!("{taken} of {wanted} pieces of {} may be sent back: {why}", before.number)
        }
        _ => format!("{} may be sent back.", before.number),
    };
    if taken == wanted {
        after.answer = None;
    }
    let mut step = told(after, "return_approved", text, [Told::Decided { approved: true }]);
    if before.remedy == Remedy::Exchange {
        step.after.exchange = Some(ExchangeState::Asked);
        step.told.push(Told::ExchangeWanted);
    }
    Ok(Some(step))
}

fn refuse(before: &Return, why: String) -> Step {
    let text = format!("{} was refused: {why}", before.number);
    let after = Return { status: ReturnStatus::Refused, answer: Some(why), ..next(before) };
    told(after, "return_refused", text, [Told::Decided { approved: false }])
}

fn send(before: &Return, carrier: String, number: String) -> Step {
    let text = format!("{} was handed over to {carrier}, number {number}.", before.number);
    let after = Return { status: ReturnStatus::Sent, carriage: Some((carrier, number)), ..next(before) };
    told(after, "return_sent", text, [Told::Sent])
}

fn receive(
    before: &Return,
    lines: &BTreeMap<LineId, (i64, i64)>,
    shipping: bool,
    condition: Option<String>,
    now: Timestamp,
) -> Outcome {
    known(before, lines.keys())?;
    let mut after = Return { status: ReturnStatus::Received, condition, received_at: Some(now), ..next(before) };
    let exchanged = before.remedy == Remedy::Exchange;
    if shipping && !exchanged {
        (after.shipping, after.refund) = (before.shipping_left, before.shipping_left);
        after.shipping_left = Money::zero(before.refund.currency);
    }
    for line in &mut after.lines {
        let (received, restocked) = lines.get(&line.line_id).copied().unwrap_or((0, 0));
        let most = line.approved.unwrap_or(0);
        if !(0..=most).contains(&received) {
            return Err(ReturnError::TooMany { line: line.line_id, most });
        }
        if !(0..=received).contains(&restocked) {
            return Err(ReturnError::TooMany { line: line.line_id, most: received });
        }
        (line.received, line.restocked) = (received, restocked);
        (line.refund, line.tax) = line.sold.share(received).map_err(ReturnError::Sum)?;
        if !exchanged {
            after.refund = after.refund.plus(line.refund).map_err(ReturnError::Sum)?;
        }
    }
    let (received, approved) =
        (sum(&after.lines, |line| line.received), sum(&after.lines, |line| line.approved.unwrap_or(0)));
    if received == 0 {
        return Err(ReturnError::NothingReceived);
    }
    if exchanged {
        let text = format!("{} has arrived. What it is exchanged for is sent next.", before.number);
        return Ok(Some(told(after, "return_received", text, [Told::Received])));
    }
    if after.refund.is_zero() {
        after.status = ReturnStatus::Refunded;
        let text = format!("{} has arrived. Nothing had been paid for it.", before.number);
        return Ok(Some(told(after, "return_received", text, [Told::Received, Told::Ended])));
    }
    let what = if received == approved { String::new() } else { format!("{received} of {approved} pieces of ") };
    let text = format!("{what}{} have arrived. {} goes back.", before.number, after.refund);
    let asked = ask_for_refund(after, false);
    Ok(Some(Step { kind: "return_received", text, told: vec![Told::Received, Told::RefundDue], ..asked }))
}

/// Asks for the refund, the next one if there was one before.
fn ask_for_refund(of: Return, again: bool) -> Step {
    let attempts = of.attempts + 1;
    let refund_id = Some(of.refund_of(attempts));
    let version = if again { of.version + 1 } else { of.version };
    let text = format!("{} of {} is sent once more.", of.refund, of.number);
    told(Return { attempts, refund_id, failure: None, version, ..of }, "return_refund_retried", text, [Told::RefundDue])
}

fn close(before: &Return, why: String) -> Step {
    let text = format!("{} was closed: {why}", before.number);
    let after = Return { status: ReturnStatus::Closed, answer: Some(why), ..next(before) };
    told(after, "return_closed", text, [Told::Ended])
}

fn known<'a>(of: &Return, mut named: impl Iterator<Item = &'a LineId>) -> Result<(), ReturnError> {
    let is_there = |id: &LineId| of.lines.iter().any(|line| line.line_id == *id);
    if named.all(is_there) { Ok(()) } else { Err(ReturnError::UnknownLine) }
}

fn sum(lines: &[Line], of: fn(&Line) -> i64) -> i64 {
    lines.iter().map(of).sum()
}
