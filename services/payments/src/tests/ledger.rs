//! The posting rules alone.

use kernel::{Currency, DisputeId, LabelId, Money, PaymentId, PayoutId, RefundId, VendorId};
use proptest::prelude::*;

use super::{eur, order, vendor};
use crate::ledger::{
    About, Account, Dispute, Entry, Part, Payout, Posting, Sale, capture, labels::Label, refund, share,
};

fn sale(amount: i64) -> Sale<'static> {
    Sale {
        payment_id: PaymentId::derived("test", &["p"]),
        order_id: order("a"),
        order_number: "S-1",
        provider: "script",
        amount: eur(amount),
    }
}

fn part(vendor_id: VendorId, total: i64, commission: i64) -> Part {
    promoted(vendor_id, total, 0, commission)
}

/// With what the platform adds.
fn promoted(vendor_id: VendorId, total: i64, subsidy: i64, commission: i64) -> Part {
    promoted_in(Currency::EUR, vendor_id, [total, subsidy, commission])
}

/// The same in another currency: what the buyer pays, what the platform adds, the commission on both.
fn promoted_in(currency: Currency, vendor_id: VendorId, minor: [i64; 3]) -> Part {
    let [total, subsidy, commission] = minor.map(|minor| Money::new(minor, currency));
    let none = Money::zero(currency);
    Part {
        vendor_id,
        total,
        shipping: none,
        subsidy,
        commission,
        refunded: none,
        settled: none,
        disputed: none,
        lost: none,
        digital: false,
    }
}

fn lines(entry: &Entry) -> Vec<(Account, &'static str, i64)> {
    entry.postings.iter().map(|p| (p.account.clone(), p.kind, p.amount.amount_minor)).collect()
}

#[test]
fn a_label_and_its_way_back() {
    let ada = vendor("ada");
    let label = |turn| Label {
        id: LabelId::derived("test", &["l"]),
        vendor_id: ada,
        order_id: order("a"),
        number: "S-1-A",
        cost: eur(420),
        turn,
    };
    let (bought, back) = (label(1).bought("Post").unwrap(), label(2).refunded().unwrap());
    assert_eq!(lines(&bought), [(Account::VendorPayable(ada), "label", 420), (Account::CarrierCosts, "label", -420)]);
    let returned = [(Account::VendorPayable(ada), "label_refund", -420), (Account::CarrierCosts, "label_refund", 420)];
    assert_eq!(lines(&back), returned);
    assert_eq!((back.corrects, bought.corrects), (Some(bought.id), None));
    let about = About::Label { label: LabelId::derived("test", &["l"]), order: order("a") };
    assert_eq!((bought.about, back.about), (about, about));
    // Another turn is another entry; the same one is the same.
    assert_eq!(label(1).bought("Post").unwrap().id, bought.id);
    assert_ne!(label(3).bought("Post").unwrap().id, bought.id);
    assert!(Label { cost: eur(0), ..label(1) }.bought("Post").is_err(), "what costs nothing is not posted");
}

#[test]
fn a_sale_and_its_refund_to_the_cent() {
    let (ada, bob) = (vendor("ada"), vendor("bob"));
    let parts = [part(ada, 3040, 304), part(bob, 3000, 375)];
    let entry = capture(&sale(6040), &parts).unwrap();
    let provider = || Account::Provider("script".into());
    let (to_ada, to_bob) = (Account::VendorPayable(ada), Account::VendorPayable(bob));
    assert_eq!(
        lines(&entry),
        [
            (provider(), "capture", 6040),
            (to_ada.clone(), "sale", -3040),
            (to_ada.clone(), "commission", 304),
            (to_bob.clone(), "sale", -3000),
            (to_bob.clone(), "commission", 375),
            (Account::Commission, "commission", -679),
        ]
    );
    let shares = share(&parts, eur(1000), None).unwrap().unwrap();
    assert_eq!(shares, [eur(503), eur(497)]);
    let shares: Vec<_> = parts.iter().cloned().zip(shares).collect();
    let back = refund(&sale(6040), RefundId::derived("test", &["r"]), eur(1000), &shares).unwrap();
    assert_eq!(
        lines(&back),
        [
            (provider(), "refund", -1000),
            (to_ada.clone(), "refund", 503),
            (to_ada, "commission_refund", -50),
            (to_bob.clone(), "refund", 497),
            (to_bob, "commission_refund", -62),
            (Account::Commission, "commission_refund", 112),
        ]
    );
    assert_eq!(back.corrects, Some(entry.id));
}

#[test]
fn what_the_platform_pays_comes_to_the_vendor_and_goes_back_with_the_refund() {
    let (ada, bob) = (vendor("ada"), vendor("bob"));
    // Ada's goods are 30.00, of which the buyer pays 27.00 and the platform 3.00; bob's are all the platform's.
    let parts = [promoted(ada, 2700, 300, 300), promoted(bob, 0, 1000, 125)];
    let entry = capture(&sale(2700), &parts).unwrap();
    let provider = || Account::Provider("script".into());
    let (to_ada, to_bob) = (Account::VendorPayable(ada), Account::VendorPayable(bob));
    assert_eq!(
        lines(&entry),
        [
            (provider(), "capture", 2700),
            (to_ada.clone(), "sale", -2700),
            (to_ada.clone(), "promotion", -300),
            (to_ada.clone(), "commission", 300),
            (to_bob.clone(), "promotion", -1000),
            (to_bob.clone(), "commission", 125),
            (Account::Promotions, "promotion", 1300),
            (Account::Commission, "commission", -425),
        ]
    );
    let back =
        refund(&sale(2700), RefundId::derived("test", &["r"]), eur(900), &[(parts[0].clone(), eur(900))]).unwrap();
    assert_eq!(
        lines(&back),
        [
            (provider(), "refund", -900),
            (to_ada.clone(), "refund", 900),
            (to_ada.clone(), "promotion_refund", 100),
            (to_ada.clone(), "commission_refund", -100),
            (Account::Promotions, "promotion_refund", -100),
            (Account::Commission, "commission_refund", 100),
        ]
    );
    // The last of it takes bob's along, for which nothing was paid.
    let rest = Part { refunded: eur(2700), settled: eur(900), ..parts[0].clone() };
    let shares = [(rest, eur(1800)), (parts[1].clone(), eur(0))];
    let last = refund(&sale(2700), RefundId::derived("test", &["s"]), eur(1800), &shares).unwrap();
    assert_eq!(
        lines(&last),
        [
            (provider(), "refund", -1800),
            (to_ada.clone(), "refund", 1800),
            (to_ada.clone(), "promotion_refund", 200),
            (to_ada, "commission_refund", -200),
            (to_bob.clone(), "promotion_refund", 1000),
            (to_bob, "commission_refund", -125),
            (Account::Promotions, "promotion_refund", -1200),
            (Account::Commission, "commission_refund", 325),
        ]
    );
}

#[test]
fn one_vendor_can_bear_it_alone_but_not_more_than_is_left() {
    let parts = [part(vendor("ada"), 3040, 304), part(vendor("bob"), 3000, 375)];
    assert_eq!(share(&parts, eur(3000), Some(vendor("bob"))).unwrap(), Ok(vec![eur(0), eur(3000)]));
    assert_eq!(share(&parts, eur(3001), Some(vendor("bob"))).unwrap(), Err(eur(3000)));
    assert_eq!(share(&parts, eur(6041), None).unwrap(), Err(eur(6040)));
    assert_eq!(share(&parts, eur(1), Some(vendor("eve"))).unwrap(), Err(eur(0)));
}

#[test]
fn goods_and_delivery_are_two_postings_of_one_sale() {
    let ada = vendor("ada");
    let part = Part { shipping: eur(490), ..part(ada, 3040, 304) };
    let entry = capture(&sale(3040), std::slice::from_ref(&part)).unwrap();
    let to_ada = Account::VendorPayable(ada);
    assert_eq!(
        lines(&entry),
        [
            (Account::Provider("script".into()), "capture", 3040),
            (to_ada.clone(), "sale", -2550),
            (to_ada.clone(), "shipping", -490),
            (to_ada, "commission", 304),
            (Account::Commission, "commission", -304),
        ]
    );
}

#[test]
fn a_payout_goes_by_way_of_what_is_in_transit() {
    let ada = vendor("ada");
    let id = PayoutId::derived("test", &["p"]);
    let payout = Payout { id, vendor_id: ada, period: "2026-W05", amount: eur(2736), attempt: 1 };
    let (to_ada, transit) = (Account::VendorPayable(ada), Account::PayoutsInTransit);
    let (made, paid, failed) = (payout.made().unwrap(), payout.paid().unwrap(), payout.failed().unwrap());
    assert_eq!(lines(&made), [(to_ada.clone(), "payout", 2736), (transit.clone(), "payout", -2736)]);
    assert_eq!(lines(&paid), [(transit.clone(), "payout_paid", 2736), (Account::PaidOut, "payout_paid", -2736)]);
    assert_eq!(lines(&failed), [(transit, "payout_failed", 2736), (to_ada, "payout_failed", -2736)]);
    assert_eq!((failed.corrects, made.about), (Some(made.id), About::Payout(id)));
    let (to_her, back) = (Account::VendorPayable(ada), payout.reversed(1, eur(900)).unwrap());
    assert_eq!(lines(&back), [(Account::PaidOut, "payout_reversed", 900), (to_her, "payout_reversed", -900)]);
    assert_eq!((back.corrects, payout.reversed(2, eur(900)).unwrap().id == back.id), (Some(paid.id), false));
    // Another attempt is another entry; the same one has the same id, and cannot be posted twice.
    let again = Payout { attempt: 2, ..payout.clone() };
    assert!(again.made().unwrap().id != made.id && payout.made().unwrap().id == made.id);
    assert!(Payout { amount: eur(0), ..payout }.made().is_err(), "a payout of nothing is none");
}

#[test]
fn parts_that_are_not_the_whole_are_not_posted() {
    let parts = [part(vendor("ada"), 3040, 304)];
    assert!(capture(&sale(6040), &parts).is_err());
    let shares = [(parts[0].clone(), eur(999))];
    assert!(refund(&sale(3040), RefundId::derived("test", &["r"]), eur(1000), &shares).is_err());
}

#[test]
fn currencies_are_never_mixed() {
    let dollars = promoted_in(Currency::USD, vendor("ada"), [3040, 0, 304]);
    assert!(capture(&sale(3040), std::slice::from_ref(&dollars)).is_err());
    let euros = part(vendor("ada"), 3040, 304);
    let id = RefundId::derived("test", &["r"]);
    assert!(refund(&sale(3040), id, eur(1000), &[(dollars, Money::new(1000, Currency::USD))]).is_err());
    assert!(refund(&sale(3040), id, eur(1000), &[(euros, Money::new(1000, Currency::USD))]).is_err());
}

/// With hundredths, and without.
fn currencies() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec![Currency::EUR, Currency::USD, Currency::parse("JPY").unwrap()])
}

/// How much of a vendor's commission was given up so far.
fn given_up(entries: &[Entry], vendor_id: VendorId) -> i64 {
    let is_given_up = |posting: &&Posting| {
        posting.account == Account::VendorPayable(vendor_id)
            && matches!(posting.kind, "commission_refund" | "dispute_commission")
    };
    entries.iter().flat_map(|entry| &entry.postings).filter(is_given_up).map(|p| -p.amount.amount_minor).sum()
}

/// Of the commission as much is given up as of the part is gone, to half of the smallest unit: never a sum of roundings.
fn is_rounded_once(part: &Part, entries: &[Entry]) -> bool {
    let [total, commission, settled, lost] =
        [part.total, part.commission, part.settled, part.lost].map(|money| i128::from(money.amount_minor));
    let given_up = i128::from(given_up(entries, part.vendor_id));
    total == 0 || 2 * (given_up * total - commission * (settled + lost)).abs() <= total
}

proptest! {
    #[test]
    fn any_sale_with_any_refunds_and_disputes_comes_out_even(
        currency in currencies(),
        totals in prop::collection::vec((0_i64..1_000_000, 0_i64..1_000_000, 0_i64..=10_000), 1..6),
        cuts in prop::collection::vec((1_i64..10_000, prop::option::of(0_usize..6)), 0..20),
    ) {
        let money = |minor| Money::new(minor, currency);
        let whole: i64 = totals.iter().map(|(total, ..)| total).sum();
        prop_assume!(whole > 0);
        let mut parts: Vec<Part> = totals.iter().enumerate().map(|(n, (total, subsidy, bp))| {
            let commission = money(total + subsidy).basis_points(*bp).unwrap().amount_minor;
            promoted_in(currency, vendor(&n.to_string()), [*total, *subsidy, commission])
        }).collect();
        let sale = Sale { amount: money(whole), ..sale(whole) };
        let mut entries = vec![capture(&sale, &parts).unwrap()];
        // Refunds of any size, then what is left: everything has gone back.
        let all = [(whole, None)];
        for (number, (size, only)) in cuts.iter().map(|(s, v)| (s * whole / 20_000, *v)).chain(all).enumerate() {
            let left: i64 = parts.iter().map(|p| p.left().unwrap().amount_minor).sum();
            let only = only.map(|n| vendor(&n.to_string()));
            let amount = if number == cuts.len() { left } else { size.min(left) };
            if amount < 1 { continue; }
            let Ok(shares) = share(&parts, money(amount), only).unwrap() else { continue };
            prop_assert_eq!(shares.iter().map(|s| s.amount_minor).sum::<i64>(), amount);
            let id = RefundId::derived("test", &[&number.to_string()]);
            let is_last = amount == left;
            let given: Vec<_> = parts.iter().cloned().zip(shares.clone())
                .filter(|(part, share)| !share.is_zero() || (part.total.is_zero() && is_last)).collect();
            // Every third piece is lost in a dispute instead.
            let is_lost = number % 3 == 1;
            if is_lost {
                let held: Vec<_> = given.iter().map(|(part, share)| (part.vendor_id, part.net(*share).unwrap())).collect();
                let id = DisputeId::derived("test", &[&number.to_string()]);
                let dispute = Dispute { id, sale: sale.clone(), amount: money(amount), held: &held };
                entries.extend(dispute.held().unwrap());
                entries.extend([dispute.withdrawn().unwrap(), dispute.lost(&given).unwrap()]);
            } else {
                entries.push(refund(&sale, id, money(amount), &given).unwrap());
            }
            for (part, share) in parts.iter_mut().zip(shares) {
                let (taken, gone) = match is_lost {
                    true => (&mut part.disputed, &mut part.lost),
                    false => (&mut part.refunded, &mut part.settled),
                };
                (*taken, *gone) = (taken.plus(share).unwrap(), gone.plus(share).unwrap());
                prop_assert!(!part.left().unwrap().is_negative());
                prop_assert!(is_rounded_once(part, &entries), "{:?}", part);
            }
        }
        for entry in &entries {
            let sum = Money::sum(currency, entry.postings.iter().map(|p| p.amount)).unwrap();
            prop_assert!(sum.is_zero());
            prop_assert!(entry.postings.iter().all(|p| !p.amount.is_zero()));
        }
        // The capture is split without rest (M7), and after everything went back every account is empty.
        let of_vendors: i64 = entries[0].postings.iter().filter(|p| !matches!(p.account, Account::Provider(_) | Account::Promotions) && p.kind != "promotion").map(|p| p.amount.amount_minor).sum();
        prop_assert_eq!(-of_vendors, whole);
        let mut balances = std::collections::BTreeMap::<Account, i64>::new();
        for posting in entries.iter().flat_map(|e| &e.postings) {
            *balances.entry(posting.account.clone()).or_default() += posting.amount.amount_minor;
        }
        prop_assert!(balances.values().all(|balance| *balance == 0), "{:?}", balances);
    }
}
