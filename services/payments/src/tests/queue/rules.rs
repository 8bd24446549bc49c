//! What can be done about what, without a database.

use contracts::{
    payments::PaymentStatus,
    queue::{ReviewAction, ReviewState},
};
use kernel::{Currency, Money, PaymentId, Timestamp};

use super::super::{eur, order};
use crate::{
    model::{
        ALL_STATUSES, Payment,
        review::{About, Item, Known, Misfit, Subject, action_of, action_text, fits, offered, waits},
    },
    provider::{ProviderPayment, ProviderStatus},
};

fn subject(problem: &str) -> Subject {
    Subject { provider: "script".into(), provider_ref: "pay_1".into(), problem: problem.into() }
}

fn payment() -> Payment {
    Payment {
        id: PaymentId::derived("test", &["p"]),
        order_id: order("a"),
        order_number: "S-1".into(),
        provider: "script".into(),
        method: "card".into(),
        token: None,
        return_path: None,
        status: PaymentStatus::RequiresAction,
        order_cancelled: false,
        amount: eur(6040),
        covered: eur(0),
        reduced: eur(0),
        captured: eur(0),
        refunded: eur(0),
        restored: eur(0),
        settled: eur(0),
        disputed: eur(0),
        lost: eur(0),
        attempt: 2,
        is_replaced: false,
        former_refs: vec!["pay_1".into()],
        direct: None,
        provider_ref: Some("pay_2".into()),
        action_url: None,
        failure: None,
        checks: 0,
        created_at: Timestamp(0),
        opened_at: None,
    }
}

fn seen() -> ProviderPayment {
    super::paid("pay_1", &order("a").to_string(), 6040)
}

fn known<'a>(payment: Option<&'a Payment>, seen: Option<&'a ProviderPayment>) -> Known<'a> {
    Known { payment, seen, livemode: false, is_by_hand: false }
}

#[test]
fn names_read_back() {
    for provider_ref in ["pay_1", "", "a-b-c", "order-1:refund:5", "ch/1?x=ü"] {
        let subject = Subject { provider_ref: provider_ref.into(), ..subject("unknown_order") };
        assert_eq!(Subject::of(&subject.id()), Some(subject));
    }
    for bad in ["", "script", "script-unknown_order"] {
        assert_eq!(Subject::of(bad), None, "{bad}");
    }
    for action in [ReviewAction::Refund, ReviewAction::Attach, ReviewAction::TakeUp, ReviewAction::TickOff] {
        assert_eq!(action_of(action_text(action)), Some(action));
        assert_eq!(serde_json::to_value(action).unwrap(), action_text(action));
    }
    assert_eq!(subject("strange_refund").about(), About::Refund);
    assert_eq!(subject("changed_dispute").about(), About::Dispute);
    for problem in ["strange_transfer", "refused_reversal", "strange_reversal"] {
        assert_eq!(subject(problem).about(), About::Transfer, "{problem}");
    }
    assert_eq!(subject("anything_else").about(), About::Payment);
}

#[test]
fn only_what_fits_in_every_respect_is_adopted() {
    assert_eq!(fits(&payment(), &seen(), false, true), Ok(()));
    let differs = |change: fn(&mut ProviderPayment), problem| {
        let mut seen = seen();
        change(&mut seen);
        assert_eq!(fits(&payment(), &seen, false, true), Err(Misfit::Differs(problem)));
    };
    differs(|p| p.amount = eur(6041), "wrong_amount");
    differs(|p| p.captured = eur(6039), "wrong_amount");
    differs(|p| p.amount = Money::new(6040, Currency::USD), "wrong_currency");
    differs(|p| p.reference = order("b").to_string(), "wrong_reference");
    differs(|p| p.livemode = true, "wrong_mode");
    differs(|p| p.is_elsewhere = true, "wrong_account");
    let empty = ProviderPayment { captured: eur(0), status: ProviderStatus::Processing, ..seen() };
    assert_eq!(fits(&payment(), &empty, false, true), Err(Misfit::NoMoney));
    let captured = Payment { captured: eur(6040), status: PaymentStatus::Captured, ..payment() };
    assert_eq!(fits(&captured, &seen(), false, false), Err(Misfit::Paid));
}

#[test]
fn an_order_waits_until_it_is_paid_or_over() {
    for status in ALL_STATUSES {
        let open = matches!(
            status,
            PaymentStatus::Pending
                | PaymentStatus::Opening
                | PaymentStatus::RequiresAction
                | PaymentStatus::Processing
                | PaymentStatus::Unknown
                | PaymentStatus::Promised
        );
        assert_eq!(waits(&Payment { status, ..payment() }), open, "{status:?}");
        assert!(!waits(&Payment { status, order_cancelled: true, ..payment() }), "{status:?}");
    }
    let over = Payment { status: PaymentStatus::Cancelled, order_cancelled: true, ..payment() };
    assert_eq!(fits(&over, &seen(), false, true), Err(Misfit::NotWaiting));
    assert_eq!(fits(&over, &seen(), false, false), Ok(()));
}

#[test]
fn what_is_offered_is_what_would_work() {
    use ReviewAction::{Attach, Refund, TakeUp, TickOff};
    let item = |problem: &str, state| Item {
        subject: subject(problem),
        order_id: None,
        amount: None,
        state,
        action: None,
        attempt: 0,
        refund_id: None,
        at: Timestamp(0),
        resolved_at: None,
    };
    let stray = item("second_payment", ReviewState::Open);
    let (waiting, seen) = (payment(), seen());
    let over = Payment { status: PaymentStatus::Cancelled, order_cancelled: true, ..payment() };
    assert_eq!(offered(&stray, &known(Some(&waiting), Some(&seen))), [Refund, Attach, TickOff]);
    assert_eq!(offered(&stray, &known(Some(&over), Some(&seen))), [Refund, TakeUp, TickOff]);
    // To the order that the admin names.
    assert_eq!(offered(&stray, &known(None, Some(&seen))), [Refund, Attach, TickOff]);
    // Nobody knows what the provider holds.
    assert_eq!(offered(&stray, &known(Some(&waiting), None)), [Refund, TickOff]);
    let by_hand = Known { is_by_hand: true, ..known(None, Some(&seen)) };
    assert_eq!(offered(&stray, &by_hand), [TickOff]);
    let nothing = ProviderPayment { captured: eur(0), ..seen.clone() };
    assert_eq!(offered(&stray, &known(None, Some(&nothing))), [TickOff]);
    assert_eq!(offered(&item("refund_failed", ReviewState::Open), &known(Some(&over), Some(&seen))), [Refund, TickOff]);
    assert_eq!(offered(&item("contradicted_dispute", ReviewState::Open), &known(None, None)), [TickOff]);
    for state in [ReviewState::Returning, ReviewState::Resolved] {
        assert!(offered(&item("second_payment", state), &known(Some(&waiting), Some(&seen))).is_empty());
    }
}
