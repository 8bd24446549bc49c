//! Which months are due, what stands on an invoice.

use contracts::invoices::InvoiceKind;
use kernel::{Money, Timestamp};
use proptest::prelude::*;

use super::{super::*, settings};
use crate::model::invoices::{
    Addressee, Charge, Commission, Month, closed_months, draw_up, kind_of, number_of, number_text,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn names(first: &str, now: &str) -> Vec<String> {
    closed_months(at(first), at(now)).into_iter().map(|month| month.name).collect()
}

fn commission(earned: i64, refunded: i64, disputed: i64) -> Commission {
    let charge = |minor: i64| Charge { postings: i64::from(minor != 0), amount: eur(minor) };
    Commission { earned: charge(earned), refunded: charge(refunded), disputed: charge(disputed) }
}

fn addressee(country: &str) -> Addressee {
    Addressee { vendor_id: vendor("ada"), name: "Ada".to_owned(), country: country.parse().unwrap() }
}

#[test]
fn a_month_can_be_invoiced_an_hour_after_its_end() {
    assert_eq!(names("2026-01-15T12:00:00Z", "2026-02-01T00:59:59Z"), Vec::<String>::new());
    assert_eq!(names("2026-01-15T12:00:00Z", "2026-02-01T01:00:00Z"), ["2026-01"]);
    assert_eq!(names("2025-11-30T23:59:59Z", "2026-03-15T00:00:00Z"), ["2025-11", "2025-12", "2026-01", "2026-02"]);
    assert_eq!(names("2026-03-15T00:00:00Z", "2026-01-15T00:00:00Z"), Vec::<String>::new());
}

#[test]
fn months_begin_and_end_at_midnight() {
    for (day, from, until) in [
        ("2026-01-31T23:59:59Z", "2026-01-01", "2026-02-01"),
        ("2026-02-01T00:00:00Z", "2026-02-01", "2026-03-01"),
        ("2028-02-29T12:00:00Z", "2028-02-01", "2028-03-01"),
        ("2026-12-05T12:00:00Z", "2026-12-01", "2027-01-01"),
    ] {
        let month = Month::of(at(day));
        assert_eq!((month.from.date().as_str(), month.until.date().as_str()), (from, until), "{day}");
        assert_eq!(month.until.micros() % 86_400_000_000, 0);
    }
}

#[test]
fn numbers_are_read_only_as_they_are_written() {
    assert_eq!(number_text(2026, 123), "2026-000123");
    assert_eq!(number_text(2026, 1_234_567), "2026-1234567");
    assert_eq!(number_of("2026-000123"), Some((2026, 123)));
    assert_eq!(number_of("2026-1234567"), Some((2026, 1_234_567)));
    for wrong in ["", "2026", "2026-123", "2026-0000123", "+2026-000123", "2026-000123 ", "x-000001"] {
        assert_eq!(number_of(wrong), None, "{wrong:?}");
    }
}

#[test]
fn tax_is_contained_at_home_and_not_abroad() {
    let month = Month::of(at("2026-01-15T12:00:00Z"));
    let drawn = |country: &str, all| draw_up(&settings(), addressee(country), month.clone(), all).unwrap();
    let home = drawn("DE", commission(304, 0, 0));
    assert_eq!((home.total, home.tax, home.tax_rate_bp, home.note.as_str()), (eur(304), eur(49), 1_900, ""));
    let abroad = drawn("PT", commission(304, 0, 0));
    assert_eq!((abroad.total, abroad.tax, abroad.tax_rate_bp), (eur(304), eur(0), 0));
    assert_eq!(abroad.note, "Reverse charge.");
    let back = drawn("DE", commission(100, -304, -100));
    assert_eq!((back.total, back.tax, kind_of(back.total)), (eur(-304), eur(-49), InvoiceKind::CreditNote));
    // As much back as charged: an invoice over nothing.
    assert_eq!(kind_of(drawn("DE", commission(304, -304, 0)).total), InvoiceKind::Invoice);
}

#[test]
fn a_kind_without_a_line_is_refused() {
    let charge = Charge { postings: 1, amount: eur(1) };
    assert_eq!(Commission::of(Currency::EUR, &[]).unwrap(), None);
    assert!(Commission::of(Currency::EUR, &[("sale".to_owned(), charge)]).is_err());
}

proptest! {
    #[test]
    fn lines_add_up_to_the_total_and_tax_is_within_it(
        earned in 0_i64..1_000_000_000, refunded in -1_000_000_000_i64..=0, disputed in -1_000_000_000_i64..=0,
    ) {
        let month = Month::of(at("2026-01-15T12:00:00Z"));
        let draft = draw_up(&settings(), addressee("DE"), month, commission(earned, refunded, disputed)).unwrap();
        let sum = Money::sum(Currency::EUR, draft.commission.lines().into_iter().map(|line| line.amount)).unwrap();
        prop_assert_eq!(sum, draft.total);
        prop_assert!(draft.tax.amount_minor.abs() <= draft.total.amount_minor.abs());
        prop_assert!(draft.tax.is_zero() || draft.tax.is_negative() == draft.total.is_negative());
    }
}
