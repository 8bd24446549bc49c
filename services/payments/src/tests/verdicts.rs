//! What is believed of what the provider says.

use contracts::payments::PaymentStatus;
use kernel::{Currency, Money, PaymentId, Timestamp};

use super::{eur, order, script::Distortion};
use crate::{
    model::{ALL_STATUSES, Payment, Verdict, judge, status_of, status_text},
    provider::{ProviderPayment, ProviderStatus},
};

fn payment() -> Payment {
    Payment {
        id: PaymentId::derived("test", &["p"]),
        order_id: order("a"),
        order_number: "S-1".into(),
        provider: "script".into(),
        method: "card".into(),
        token: None,
        return_path: None,
        status: PaymentStatus::Opening,
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
        attempt: 1,
        is_replaced: false,
        former_refs: vec![],
        direct: None,
        provider_ref: None,
        action_url: None,
        failure: None,
        checks: 0,
        created_at: Timestamp(0),
        opened_at: None,
    }
}

fn seen() -> ProviderPayment {
    ProviderPayment {
        id: "pay_1".into(),
        reference: order("a").to_string(),
        amount: eur(6040),
        captured: eur(6040),
        fee: None,
        livemode: false,
        is_elsewhere: false,
        direct: Vec::new(),
        status: ProviderStatus::Succeeded,
    }
}

#[test]
fn only_what_fits_in_every_respect_is_paid() {
    assert_eq!(judge(&payment(), &seen(), false), Verdict::Capture);
    let distortions: &[(Distortion, &str)] = &[
        (|p| p.amount = eur(6039), "wrong_amount"),
        (|p| p.captured = eur(6039), "wrong_amount"),
        (|p| p.captured = eur(0), "wrong_amount"),
        (|p| p.amount = Money::new(6040, Currency::USD), "wrong_currency"),
        (|p| p.captured = Money::new(6040, Currency::USD), "wrong_amount"),
        (|p| p.reference = order("b").to_string(), "wrong_reference"),
        (|p| p.reference = "Order 7".to_owned(), "wrong_reference"),
        (|p| p.livemode = true, "wrong_mode"),
        (|p| p.is_elsewhere = true, "wrong_account"),
        (|p| p.status = ProviderStatus::Processing, "wrong_amount"),
        (|p| p.status = ProviderStatus::Failed { reason: "x".into() }, "wrong_amount"),
    ];
    for (number, (distort, problem)) in distortions.iter().enumerate() {
        let mut seen = seen();
        distort(&mut seen);
        assert_eq!(judge(&payment(), &seen, false), Verdict::Review { problem }, "distortion {number}");
    }
    assert_eq!(judge(&payment(), &seen(), true), Verdict::Review { problem: "wrong_mode" });
}

#[test]
fn one_order_has_one_payment() {
    let known = Payment { provider_ref: Some("pay_1".into()), ..payment() };
    assert_eq!(judge(&known, &seen(), false), Verdict::Capture);
    let other = Payment { provider_ref: Some("pay_0".into()), ..payment() };
    assert_eq!(judge(&other, &seen(), false), Verdict::Review { problem: "second_payment" });
    let empty = ProviderPayment { captured: eur(0), status: ProviderStatus::Processing, ..seen() };
    assert_eq!(judge(&other, &empty, false), Verdict::Nothing);
    // An earlier attempt of the same order is none of this one's news.
    let again = Payment { attempt: 2, former_refs: vec!["pay_1".into()], ..payment() };
    assert_eq!(judge(&again, &seen(), false), Verdict::Review { problem: "second_payment" });
    let failed = ProviderStatus::Failed { reason: "cancelled".into() };
    let over = ProviderPayment { captured: eur(0), status: failed, ..seen() };
    assert_eq!(judge(&again, &over, false), Verdict::Nothing);
    let captured = Payment { captured: eur(6040), status: PaymentStatus::Captured, ..known };
    assert_eq!(judge(&captured, &seen(), false), Verdict::Nothing);
}

#[test]
fn the_rest_is_progress() {
    let with = |status| ProviderPayment { captured: eur(0), status, ..seen() };
    let page = with(ProviderStatus::RequiresAction { url: "u".into() });
    assert_eq!(judge(&payment(), &page, false), Verdict::Action { url: "u".into() });
    assert_eq!(judge(&payment(), &with(ProviderStatus::Processing), false), Verdict::Processing);
    assert_eq!(judge(&payment(), &with(ProviderStatus::Authorised), false), Verdict::Take);
    let failed = with(ProviderStatus::Failed { reason: "r".into() });
    assert_eq!(judge(&payment(), &failed, false), Verdict::Failed { reason: "r".into() });
}

#[test]
fn statuses_read_back() {
    for status in ALL_STATUSES {
        assert_eq!(status_of(status_text(status)), Some(status));
        assert_eq!(serde_json::to_value(status).unwrap(), status_text(status));
    }
}
