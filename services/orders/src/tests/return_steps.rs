//! A return alone: every status with every action, and what pieces are worth.

use std::collections::BTreeMap;

use contracts::orders::{ExchangeState, Remedy, ReturnKind, ReturnReason, ReturnStatus};
use kernel::{LineId, OrderId, ReturnId, Timestamp, VendorOrderId};
use proptest::prelude::*;

use super::{eur, variant, vendor};
use crate::{
    error::ReturnError,
    model::returns::{ALL_STATUSES, Action, Label, Line, Return, Sold, Step, Told, status_of, status_text},
};

const NOW: Timestamp = Timestamp(1_000_000_000);

fn line_id(name: &str) -> LineId {
    LineId::derived("test", &[name])
}

fn line(name: &str, wanted: i64, sold: Sold) -> Line {
    Line {
        line_id: line_id(name),
        variant_id: variant(name),
        exchange_for: None,
        wanted,
        approved: None,
        received: 0,
        restocked: 0,
        refund: eur(0),
        tax: eur(0),
        sold,
    }
}

/// Two of three mugs for 10.00 in all, and a bowl for 5.50; 4.90 of shipping may go back.
fn asked() -> Return {
    let mugs = Sold { quantity: 3, total: eur(1000), tax: eur(160), taken_back: 0 };
    let bowl = Sold { quantity: 1, total: eur(550), tax: eur(88), taken_back: 0 };
    Return {
        id: ReturnId::derived("test", &["return"]),
        number: "S-1-A-R1".into(),
        order_id: OrderId::derived("test", &["order"]),
        vendor_order_id: VendorOrderId::derived("test", &["part"]),
        vendor_id: vendor("ada"),
        kind: ReturnKind::Return,
        status: ReturnStatus::Requested,
        remedy: Remedy::Refund,
        exchange: None,
        replacement: None,
        reason: ReturnReason::Damaged,
        text: None,
        answer: None,
        instructions: None,
        label: None,
        carriage: None,
        condition: None,
        lines: vec![line("mug", 2, mugs), line("bowl", 1, bowl)],
        refund: eur(0),
        shipping: eur(0),
        shipping_left: eur(490),
        refund_id: None,
        attempts: 0,
        failure: None,
        created_at: NOW,
        received_at: None,
        version: 1,
    }
}

/// The same, for a red mug and a red bowl.
fn swap() -> Return {
    let mut of = Return { remedy: Remedy::Exchange, ..asked() };
    for line in &mut of.lines {
        line.exchange_for = Some(variant("red"));
    }
    of
}

fn replace() -> Action {
    Action::Replace { carrier: "Post".into(), number: "2".into() }
}

fn pieces(mugs: i64, bowls: i64) -> BTreeMap<LineId, i64> {
    [(line_id("mug"), mugs), (line_id("bowl"), bowls)].into()
}

fn approve(mugs: i64, bowls: i64) -> Action {
    Action::Approve {
        lines: pieces(mugs, bowls),
        instructions: Some("Label 7".into()),
        why: Some("One is worn".into()),
    }
}

fn receive(mugs: (i64, i64), bowls: (i64, i64), shipping: bool) -> Action {
    let lines = [(line_id("mug"), mugs), (line_id("bowl"), bowls)].into();
    Action::Receive { lines, shipping, condition: None }
}

fn sent() -> Action {
    Action::Send { carrier: "DHL".into(), number: "1".into() }
}

fn failed() -> Action {
    Action::RefundFailed { why: "returned_by_bank".into() }
}

fn why() -> String {
    "No".into()
}

fn done(of: &Return, action: Action) -> Step {
    of.step(action, NOW).unwrap().unwrap()
}

fn after(of: &Return, actions: impl IntoIterator<Item = Action>) -> Return {
    actions.into_iter().fold(of.clone(), |of, action| done(&of, action).after)
}

/// A return of each status, by the straightest way.
fn in_status(status: ReturnStatus) -> Return {
    let all = receive((2, 1), (1, 1), false);
    match status {
        ReturnStatus::Requested => asked(),
        ReturnStatus::Approved => after(&asked(), [approve(2, 1)]),
        ReturnStatus::Refused => after(&asked(), [Action::Refuse { why: why() }]),
        ReturnStatus::Sent => after(&asked(), [approve(2, 1), sent()]),
        ReturnStatus::Received => after(&asked(), [approve(2, 1), sent(), all]),
        ReturnStatus::Refunded => after(&asked(), [approve(2, 1), sent(), all, Action::RefundArrived]),
        ReturnStatus::Exchanged => after(&swap(), [approve(2, 1), Action::ExchangeHeld, sent(), all, replace()]),
        ReturnStatus::Closed => after(&asked(), [approve(2, 1), Action::Close { why: why() }]),
        ReturnStatus::Cancelled => after(&asked(), [Action::Cancel]),
    }
}

fn actions() -> Vec<(&'static str, Action)> {
    vec![
        ("approve", approve(2, 1)),
        ("refuse", Action::Refuse { why: why() }),
        ("send", sent()),
        ("receive", receive((2, 1), (1, 1), false)),
        ("arrived", Action::RefundArrived),
        ("failed", failed()),
        ("retry", Action::Retry),
        ("close", Action::Close { why: why() }),
        ("cancel", Action::Cancel),
    ]
}

/// What comes of it: a status, `-` for nothing, `no` for a refusal.
fn outcome(of: &Return, action: Action) -> &'static str {
    match of.step(action, NOW) {
        Ok(Some(step)) => status_text(step.after.status),
        Ok(None) => "-",
        Err(_) => "no",
    }
}

#[test]
fn the_whole_table() {
    use ReturnStatus::{Approved, Cancelled, Closed, Exchanged, Received, Refunded, Refused, Requested, Sent};
    let table = [
        (Requested, ["approved", "refused", "no", "no", "-", "-", "no", "no", "cancelled"]),
        (Approved, ["no", "no", "sent", "received", "-", "-", "no", "closed", "cancelled"]),
        (Refused, ["no", "-", "no", "no", "-", "-", "no", "no", "no"]),
        (Sent, ["no", "no", "-", "received", "-", "-", "no", "closed", "no"]),
        (Received, ["no", "no", "no", "-", "refunded", "received", "-", "no", "no"]),
        (Refunded, ["no", "no", "no", "-", "-", "-", "-", "no", "no"]),
        (Exchanged, ["no", "no", "no", "-", "-", "-", "no", "no", "no"]),
        (Closed, ["no", "no", "no", "no", "-", "-", "no", "-", "no"]),
        (Cancelled, ["no", "no", "no", "no", "-", "-", "no", "no", "-"]),
    ];
    assert_eq!(table.map(|(status, _)| status), ALL_STATUSES);
    for (status, wanted) in table {
        let of = in_status(status);
        assert_eq!(of.status, status);
        let seen: Vec<_> = actions().into_iter().map(|(name, action)| (name, outcome(&of, action))).collect();
        let wanted: Vec<_> = actions().into_iter().map(|(name, _)| name).zip(wanted).collect();
        assert_eq!(seen, wanted, "{status:?}");
        assert_eq!(status_of(status_text(status)), Some(status));
    }
    // Only where the money did not arrive is it sent once more, or given up.
    let stuck = after(&in_status(Received), [failed()]);
    assert_eq!(outcome(&stuck, Action::Retry), "received");
    assert_eq!(outcome(&stuck, Action::Close { why: why() }), "closed");
    assert_eq!(outcome(&in_status(Sent), Action::Send { carrier: "DHL".into(), number: "2".into() }), "no");
}

#[test]
fn a_label_counts_while_it_is_to_be_sent() {
    let label =
        |number: &str| Label { carrier: "DHL".into(), number: number.into(), file: format!("labels/{number}.pdf") };
    let labelled = || Action::Labelled(label("7"));
    for status in ALL_STATUSES {
        let of = in_status(status);
        let wanted = if status == ReturnStatus::Approved { "approved" } else { "-" };
        assert_eq!(outcome(&of, labelled()), wanted, "{status:?}");
        assert_eq!(outcome(&of, Action::LabelVoided), "-", "{status:?} has none");
        assert_eq!(outcome(&of, Action::LabelUsed), "-", "{status:?} has none");
    }
    let approved = in_status(ReturnStatus::Approved);
    let step = done(&approved, labelled());
    assert_eq!((step.after.label.clone(), step.told), (Some(label("7")), vec![Told::Labelled]));
    assert_eq!(step.after.step(labelled(), NOW).unwrap(), None, "told twice");
    let voided = done(&step.after, Action::LabelVoided);
    assert_eq!((voided.after.label, voided.after.status, voided.told), (None, ReturnStatus::Approved, vec![]));
    let used = done(&step.after, Action::LabelUsed);
    assert_eq!((used.after.status, used.told), (ReturnStatus::Sent, vec![Told::Sent]));
    assert_eq!(used.after.carriage, Some(("DHL".into(), "7".into())));
    // The buyer was first, or uses another one: what is said here stays.
    assert_eq!(outcome(&used.after, Action::LabelUsed), "-");
    let other = done(&step.after, sent()).after;
    assert_eq!((outcome(&other, Action::LabelUsed), other.carriage), ("-", Some(("DHL".into(), "1".into()))));
}

#[test]
fn what_is_taken_back_is_what_the_vendor_says() {
    let step = done(&asked(), approve(1, 0));
    let lines: Vec<_> = step.after.lines.iter().map(|line| (line.approved, step.after.claims(line))).collect();
    assert_eq!(lines, [(Some(1), 1), (Some(0), 0)]);
    assert_eq!(step.told, [Told::Decided { approved: true }]);
    assert_eq!((step.after.answer.as_deref(), step.after.version), (Some("One is worn"), 2));
    // Everything needs no reason, and keeps none.
    assert_eq!(done(&asked(), approve(2, 1)).after.answer, None);
    let no_reason = Action::Approve { lines: pieces(1, 0), instructions: None, why: None };
    assert!(matches!(asked().step(no_reason, NOW), Err(ReturnError::NoReason)));
    assert!(matches!(asked().step(approve(0, 0), NOW), Err(ReturnError::NothingApproved)));
    assert!(matches!(asked().step(approve(3, 0), NOW), Err(ReturnError::TooMany { most: 2, .. })));
    let stranger = Action::Approve { lines: [(line_id("lamp"), 1)].into(), instructions: None, why: None };
    assert!(matches!(asked().step(stranger, NOW), Err(ReturnError::UnknownLine)));
}

#[test]
fn what_has_arrived_is_paid_back_with_its_share() {
    let taken = after(&asked(), [approve(2, 1), sent()]);
    let step = done(&taken, receive((2, 1), (0, 0), false));
    // Two of three for 10.00: 6.66 with 1.06 of tax.
    assert_eq!((step.after.refund, step.after.lines[0].tax, step.after.shipping), (eur(666), eur(106), eur(0)));
    assert_eq!(step.told, [Told::Received, Told::RefundDue]);
    assert_eq!((step.after.attempts, step.after.refund_id), (1, Some(taken.refund_of(1))));
    assert_eq!(step.after.lines.iter().map(|line| step.after.claims(line)).collect::<Vec<_>>(), [2, 0]);
    let with_shipping = done(&taken, receive((2, 0), (1, 1), true)).after;
    assert_eq!((with_shipping.refund, with_shipping.shipping), (eur(666 + 550 + 490), eur(490)));
    assert_eq!(with_shipping.shipping_left, eur(0));
    for (action, most) in [(receive((3, 0), (0, 0), false), 2), (receive((1, 2), (0, 0), false), 1)] {
        let refused = taken.step(action, NOW);
        assert!(matches!(&refused, Err(ReturnError::TooMany { most: m, .. }) if *m == most), "{refused:?}");
    }
    assert!(matches!(taken.step(receive((0, 0), (0, 0), true), NOW), Err(ReturnError::NothingReceived)));
}

#[test]
fn a_refund_that_failed_is_asked_for_again_under_another_id() {
    let received = in_status(ReturnStatus::Received);
    let stuck = after(&received, [failed()]);
    assert_eq!(stuck.failure.as_deref(), Some("returned_by_bank"));
    let again = done(&stuck, Action::Retry);
    assert_eq!((again.after.attempts, again.told.as_slice()), (2, [Told::RefundDue].as_slice()));
    assert_eq!((again.after.failure.clone(), again.after.version), (None, stuck.version + 1));
    assert_ne!(again.after.refund_id, received.refund_id);
    assert_eq!(done(&again.after, Action::RefundArrived).after.status, ReturnStatus::Refunded);
}

#[test]
fn an_exchange_is_held_received_and_replaced() {
    let approved = done(&swap(), approve(2, 1));
    assert_eq!(approved.told, [Told::Decided { approved: true }, Told::ExchangeWanted]);
    assert_eq!(approved.after.exchange, Some(ExchangeState::Asked));
    let all = receive((2, 1), (1, 0), true);
    let received = done(&approved.after, all.clone());
    // It is worth something, and nothing of that goes back, the shipping neither.
    assert_eq!((received.after.lines[0].refund, received.after.refund), (eur(666), eur(0)));
    assert_eq!(received.told, [Told::Received]);
    assert!(matches!(received.after.step(replace(), NOW), Err(ReturnError::ExchangeNotHeld)));
    let close = Action::Close { why: why() };
    assert!(matches!(received.after.step(close, NOW), Err(ReturnError::ReplacementOwed)));
    let held = after(&received.after, [Action::ExchangeHeld]);
    assert_eq!(held.step(Action::ExchangeShort, NOW).unwrap(), None);
    let replaced = done(&held, replace());
    assert_eq!((replaced.after.status, replaced.after.refund), (ReturnStatus::Exchanged, eur(0)));
    assert_eq!(replaced.told, [Told::Exchanged, Told::Ended]);
    assert_eq!(replaced.after.step(replace(), NOW).unwrap(), None);
    assert!(matches!(in_status(ReturnStatus::Received).step(replace(), NOW), Err(ReturnError::NoExchange)));
    assert!(matches!(approved.after.step(replace(), NOW), Err(ReturnError::NotReceived)));
}

#[test]
fn what_cannot_be_exchanged_is_paid_back() {
    let approved = after(&swap(), [approve(2, 1)]);
    let all = receive((2, 1), (1, 0), false);
    // Heard of before it comes back, or after.
    let early = done(&approved, Action::ExchangeShort);
    assert_eq!((early.after.remedy, early.after.exchange), (Remedy::Refund, Some(ExchangeState::Short)));
    assert!(early.told.is_empty());
    let early = done(&early.after, all.clone());
    let received = after(&approved, [all.clone()]);
    let late = done(&received, Action::ExchangeShort);
    let instead = done(&after(&received, [Action::ExchangeHeld]), Action::RefundInstead);
    for step in [&late, &instead] {
        assert_eq!(step.told, [Told::RefundDue]);
    }
    for step in [early, late, instead] {
        assert_eq!((step.after.status, step.after.refund), (ReturnStatus::Received, eur(666 + 550)));
        assert_eq!(step.after.refund_id, Some(swap().refund_of(1)));
        assert_eq!(done(&step.after, Action::RefundArrived).after.status, ReturnStatus::Refunded);
    }
    assert!(matches!(approved.step(Action::RefundInstead, NOW), Err(ReturnError::NotReceived)));
}

#[test]
fn what_cost_nothing_ends_without_a_refund() {
    let mut free = after(&asked(), [approve(2, 1)]);
    for line in &mut free.lines {
        (line.sold.total, line.sold.tax) = (eur(0), eur(0));
    }
    let step = done(&free, receive((2, 2), (1, 1), false));
    assert_eq!((step.after.status, step.after.refund_id), (ReturnStatus::Refunded, None));
    assert_eq!(step.told, [Told::Received, Told::Ended]);
}

proptest! {
    /// However pieces come back, and in whatever order: in the end it is what was paid.
    #[test]
    fn shares_add_up(quantity in 1_i64..50, total in 0_i64..1_000_000, cuts in prop::collection::vec(1_i64..10, 0..50)) {
        let mut sold = Sold { quantity, total: eur(total), tax: eur(total / 5), taken_back: 0 };
        let (mut paid, mut tax) = (0, 0);
        for cut in cuts.into_iter().chain([quantity]) {
            let cut = cut.min(quantity - sold.taken_back);
            let (share, share_tax) = sold.share(cut).unwrap();
            prop_assert!(share.amount_minor >= 0 && share_tax.amount_minor >= 0);
            paid += share.amount_minor;
            tax += share_tax.amount_minor;
            sold.taken_back += cut;
            prop_assert!(paid <= total);
        }
        prop_assert_eq!((paid, tax), (total, total / 5));
        prop_assert!(sold.share(1).is_err());
    }

    /// Whatever is done in whatever order: what has ended stays so, and no more is taken up than was.
    #[test]
    fn any_history_keeps_the_rules(choices in prop::collection::vec(0_usize..9, 0..30)) {
        let mut of = asked();
        let mut dues = 0;
        for choice in choices {
            let Ok(Some(step)) = of.step(actions()[choice].1.clone(), NOW) else { continue };
            prop_assert_eq!(step.after.version, of.version + 1);
            let ended = matches!(of.status, ReturnStatus::Refused | ReturnStatus::Refunded | ReturnStatus::Closed | ReturnStatus::Cancelled);
            prop_assert!(!ended, "{:?} was left", of.status);
            for (is, was) in step.after.lines.iter().zip(&of.lines) {
                prop_assert!(step.after.claims(is) <= of.claims(was));
                prop_assert!(is.restocked <= is.received && is.received <= is.approved.unwrap_or(0));
            }
            if step.told.contains(&Told::RefundDue) {
                dues += 1;
                prop_assert_eq!(step.after.attempts, dues);
            }
            of = step.after;
        }
    }
}
