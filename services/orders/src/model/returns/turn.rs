//! One step of a return.

use std::collections::BTreeMap;

use contracts::orders::{
    ExchangeState, Remedy, ReturnKind,
    ReturnStatus::{self, Approved, Cancelled, Closed, Exchanged, Received, Refunded, Refused, Requested, Sent},
};
use kernel::{LineId, Money, Timestamp};

use super::{Action, Line, Return, Step, Told, labels};
use crate::error::ReturnError;

type Outcome = Result<Option<Step>, ReturnError>;

/// The table of [`super`].
pub(super) fn step(before: &Return, action: Action, now: Timestamp) -> Outcome {
    if before.kind != ReturnKind::Return && is_of_goods(&action) {
        return Err(ReturnError::NothingComesBack);
    }
    match action {
        Action::PayBack { shipping } => on_paid_back(before, shipping, now),
        Action::Granted { shipping, is_paid } => on_granted(before, shipping, is_paid, now),
        Action::NotGranted { why } => Ok(on_not_granted(before, why)),
        Action::Approve { lines, instructions, why } if before.status == Requested => {
            approve(before, &lines, instructions, why)
        }
        Action::Refuse { why } if before.status == Requested => Ok(Some(refuse(before, why))),
        Action::Refuse { .. } if before.status == Refused => Ok(None),
        Action::Approve { .. } | Action::Refuse { .. } => Err(ReturnError::Answered),
        Action::Labelled(label) => Ok(labels::on_labelled(before, label)),
        Action::LabelVoided => Ok(labels::on_voided(before)),
        Action::LabelUsed => Ok(labels::on_used(before)),
        Action::Send { carrier, number } => on_sent(before, carrier, number),
        Action::Receive { lines, shipping, condition } => on_received(before, &lines, shipping, condition, now),
        Action::ExchangeHeld => Ok(on_held(before)),
        Action::ExchangeShort => Ok(on_short(before)),
        Action::Replace { carrier, number } => on_replaced(before, carrier, number),
        Action::RefundInstead => on_refund_instead(before),
        Action::RefundArrived => Ok(on_refund_arrived(before)),
        Action::RefundFailed { why } => Ok(on_refund_failed(before, why)),
        Action::Retry => on_retry(before),
        Action::Close { why } => on_closed(before, why),
        Action::Cancel => on_cancelled(before),
    }
}

/// True for what is done to things that go back in a parcel: there is none of what was never sent.
fn is_of_goods(action: &Action) -> bool {
    match action {
        Action::Approve { .. }
        | Action::Refuse { .. }
        | Action::Labelled(_)
        | Action::LabelVoided
        | Action::LabelUsed
        | Action::Send { .. }
        | Action::Receive { .. }
        | Action::Replace { .. }
        | Action::RefundInstead
        | Action::Cancel => true,
        Action::PayBack { .. }
        | Action::Granted { .. }
        | Action::NotGranted { .. }
        | Action::ExchangeHeld
        | Action::ExchangeShort
        | Action::RefundArrived
        | Action::RefundFailed { .. }
        | Action::Retry
        | Action::Close { .. } => false,
    }
}

fn on_granted(before: &Return, shipping: bool, is_paid: bool, now: Timestamp) -> Outcome {
    if before.status != Requested || before.kind != ReturnKind::Withdrawal {
        return Ok(None);
    }
    let after = taken_whole(before, shipping, now)?;
    let (number, refund) = (before.number.clone(), after.refund);
    if refund.is_zero() {
        let text = format!("{number} was taken out of the order. Nothing had been paid for it.");
        let after = Return { status: Refunded, ..after };
        return Ok(Some(told(after, "return_withdrawn", text, [Told::Withdrawn, Told::Ended])));
    }
    let text = match is_paid {
        true => format!("{number} was taken out of the order. {refund} goes back."),
        false => format!("{number} was taken out of the order. {refund} less is to be paid."),
    };
    let asked = ask_for_refund(after, false);
    Ok(Some(Step { kind: "return_withdrawn", text, told: vec![Told::Withdrawn, Told::RefundDue], ..asked }))
}

fn on_paid_back(before: &Return, shipping: bool, now: Timestamp) -> Outcome {
    if before.status != Requested || before.kind != ReturnKind::Kept {
        return Ok(None);
    }
    if shipping && before.shipping_left.is_zero() {
        return Err(ReturnError::NoShippingLeft);
    }
    let after = taken_whole(before, shipping, now)?;
    if after.refund.is_zero() {
        return Err(ReturnError::NothingWasPaid);
    }
    let why = before.text.as_deref().unwrap_or_default();
    let text = format!("{}: {} goes back, and nothing has to be sent. {why}", before.number, after.refund);
    Ok(Some(Step { kind: "return_paid_back", text, ..ask_for_refund(after, false) }))
}

/// All of it counts as arrived, with what it is worth.
fn taken_whole(before: &Return, shipping: bool, now: Timestamp) -> Result<Return, ReturnError> {
    let mut after = Return { status: Received, received_at: Some(now), ..next(before) };
    if shipping {
        take_shipping(&mut after);
    }
    for line in &mut after.lines {
        (line.approved, line.received) = (Some(line.wanted), line.wanted);
        (line.refund, line.tax) = line.sold.share(line.wanted).map_err(ReturnError::Sum)?;
        after.refund = after.refund.plus(line.refund).map_err(ReturnError::Sum)?;
    }
    Ok(after)
}

fn on_not_granted(before: &Return, why: String) -> Option<Step> {
    if before.status != Requested || before.kind != ReturnKind::Withdrawal {
        return None;
    }
    let text = format!("{} stays in the order. {why}", before.number);
    let after = Return { status: Refused, answer: Some(why), ..next(before) };
    Some(told(after, "return_not_withdrawn", text, [Told::Ended]))
}

/// The shipping of the part goes back too, as much of it as has not.
fn take_shipping(of: &mut Return) {
    (of.shipping, of.refund) = (of.shipping_left, of.shipping_left);
    of.shipping_left = Money::zero(of.refund.currency);
}

fn on_sent(before: &Return, carrier: String, number: String) -> Outcome {
    match before.status {
        Approved => Ok(Some(send(before, carrier, number))),
        Sent if is_under(before, &carrier, &number) => Ok(None),
        Sent => Err(ReturnError::AlreadySent),
        Requested => Err(ReturnError::NotApproved),
        Received | Refused | Refunded | Exchanged | Closed | Cancelled => Err(ReturnError::Over),
    }
}

/// True if it is on its way under this very number.
fn is_under(of: &Return, carrier: &str, number: &str) -> bool {
    of.carriage.as_ref().is_some_and(|known| (known.0.as_str(), known.1.as_str()) == (carrier, number))
}

fn on_received(
    before: &Return,
    lines: &BTreeMap<LineId, (i64, i64)>,
    shipping: bool,
    condition: Option<String>,
    now: Timestamp,
) -> Outcome {
    match before.status {
        Approved | Sent => receive(before, lines, shipping, condition, now),
        Received if kernel::planted!(23) => Ok(Some(ask_for_refund(before.clone(), true))),
        Received if kernel::planted!(24) => {
            let text = format!("{} has arrived once more.", before.number);
            Ok(Some(told(next(before), "return_received", text, [Told::Received])))
        }
        Received | Refunded | Exchanged => Ok(None),
        Requested => Err(ReturnError::NotApproved),
        Refused | Closed | Cancelled => Err(ReturnError::Over),
    }
}

fn on_held(before: &Return) -> Option<Step> {
    if !is_asked(before) {
        return None;
    }
    let after = Return { exchange: Some(ExchangeState::Held), ..next(before) };
    Some(told(after, "return_exchange_held", format!("What {} is exchanged for is set aside.", before.number), []))
}

fn on_short(before: &Return) -> Option<Step> {
    if !is_asked(before) {
        return None;
    }
    let after = Return { exchange: Some(ExchangeState::Short), ..next(before) };
    let text = format!("What {} was to be exchanged for is sold out. The money goes back instead.", before.number);
    Some(pay_back_instead(after, "return_exchange_short", text))
}

fn on_replaced(before: &Return, carrier: String, number: String) -> Outcome {
    match before.status {
        Received if awaits_replacement(before) => replace(before, carrier, number),
        Exchanged => Ok(None),
        Requested | Approved | Sent => Err(ReturnError::NotReceived),
        Received | Refused | Refunded | Closed | Cancelled => Err(ReturnError::NoExchange),
    }
}

fn on_refund_instead(before: &Return) -> Outcome {
    match before.status {
        Received if awaits_replacement(before) => {
            let text = format!("{} is paid back instead of exchanged.", before.number);
            Ok(Some(pay_back_instead(next(before), "return_refund_instead", text)))
        }
        Received | Refunded => Ok(None),
        Requested | Approved | Sent => Err(ReturnError::NotReceived),
        Refused | Exchanged | Closed | Cancelled => Err(ReturnError::NoExchange),
    }
}

fn on_refund_arrived(before: &Return) -> Option<Step> {
    if before.status != Received {
        return None;
    }
    let text = format!("{} of {} went back.", before.refund, before.number);
    let after = Return { status: Refunded, failure: None, ..next(before) };
    Some(told(after, "return_refunded", text, [Told::Ended]))
}

fn on_refund_failed(before: &Return, why: String) -> Option<Step> {
    if before.status != Received {
        return None;
    }
    let text = format!("The refund of {} did not arrive: {}.", before.number, why.replace('_', " "));
    Some(told(Return { failure: Some(why), ..next(before) }, "return_refund_failed", text, []))
}

fn on_retry(before: &Return) -> Outcome {
    match before.status {
        Received if before.failure.is_some() => Ok(Some(ask_for_refund(before.clone(), true))),
        Received | Refunded => Ok(None),
        Requested | Approved | Refused | Sent | Exchanged | Closed | Cancelled => Err(ReturnError::NothingToSend),
    }
}

fn on_closed(before: &Return, why: String) -> Outcome {
    match before.status {
        Approved | Sent => Ok(Some(close(before, why))),
        Received if before.failure.is_some() => Ok(Some(close(before, why))),
        Received if awaits_replacement(before) => Err(ReturnError::ReplacementOwed),
        Received => Err(ReturnError::MoneyUnderWay),
        Closed => Ok(None),
        Requested => Err(ReturnError::NotAnswered),
        Refused | Refunded | Exchanged | Cancelled => Err(ReturnError::Over),
    }
}

fn on_cancelled(before: &Return) -> Outcome {
    match before.status {
        Requested | Approved => {
            let text = format!("The buyer keeps what {} was about.", before.number);
            let after = Return { status: Cancelled, ..next(before) };
            Ok(Some(told(after, "return_cancelled", text, [Told::Ended])))
        }
        Cancelled => Ok(None),
        Sent | Received => Err(ReturnError::AlreadySent),
        Refused | Refunded | Exchanged | Closed => Err(ReturnError::Over),
    }
}

/// True while inventory has not said whether there is any.
fn is_asked(of: &Return) -> bool {
    let under_way = matches!(of.status, Approved | Sent | Received);
    under_way && of.remedy == Remedy::Exchange && of.exchange == Some(ExchangeState::Asked)
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
pub(super) fn next(before: &Return) -> Return {
    Return { version: before.version + 1, ..before.clone() }
}

pub(super) fn told(after: Return, kind: &'static str, text: String, told: impl IntoIterator<Item = Told>) -> Step {
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

pub(super) fn send(before: &Return, carrier: String, number: String) -> Step {
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
        take_shipping(&mut after);
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
