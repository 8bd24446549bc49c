//! Which period a moment is in, and when the next one begins.

use contracts::payouts::{RunOutcome, Schedule};
use kernel::Timestamp;

use super::super::eur;
use crate::model::{
    maturity::matures_at,
    payouts::{Facts, Place, decide, next_period, period_of},
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn periods_have_names_and_beginnings() {
    let friday = at("2026-11-27T18:00:00Z");
    let name = |schedule| period_of(schedule, friday).name;
    assert_eq!(
        [Schedule::Daily, Schedule::Weekly, Schedule::Monthly, Schedule::Manual].map(name),
        ["2026-11-27", "2026-W48", "2026-11", "manual 2026-11-27"]
    );
    let until = |schedule| period_of(schedule, friday).until.to_string();
    assert_eq!(
        [Schedule::Daily, Schedule::Weekly, Schedule::Monthly, Schedule::Manual].map(until),
        ["2026-11-27T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-01T00:00:00Z", "2026-11-27T18:00:00Z"]
    );
    let next = |schedule| next_period(schedule, friday).map(|next| next.date());
    assert_eq!(next(Schedule::Daily).as_deref(), Some("2026-11-28"));
    assert_eq!(next(Schedule::Weekly).as_deref(), Some("2026-11-30"));
    assert_eq!(next(Schedule::Monthly).as_deref(), Some("2026-12-01"));
    assert_eq!(next(Schedule::Manual), None);
}

#[test]
fn years_weeks_and_months_end_where_the_calendar_says() {
    // The first of January 2027 is a Friday: it belongs to the last week of 2026.
    assert_eq!(period_of(Schedule::Weekly, at("2027-01-01T00:00:00Z")).name, "2026-W53");
    assert_eq!(period_of(Schedule::Weekly, at("2027-01-04T00:00:00Z")).name, "2027-W01");
    // Every day from one year to the next is in the period that began last, and before the next one.
    for day in at("2027-01-01T00:00:00Z").day()..at("2028-03-05T00:00:00Z").day() {
        let now = Timestamp::of_day(day);
        for schedule in [Schedule::Daily, Schedule::Weekly, Schedule::Monthly] {
            let (period, next) = (period_of(schedule, now), next_period(schedule, now).unwrap());
            assert!(period.until <= now && now < next, "{now} {schedule:?}");
            assert_eq!(period_of(schedule, next).until, next);
            assert_ne!(period_of(schedule, next).name, period.name);
            assert_eq!(period_of(schedule, Timestamp(next.micros() - 1)), period);
        }
    }
}

#[test]
fn what_was_delivered_matures_after_the_days_it_is_held() {
    assert_eq!(matures_at(at("2026-11-20T13:00:00Z"), 7), at("2026-11-27T13:00:00Z"));
    assert_eq!(matures_at(at("2026-11-20T13:00:00Z"), 0), at("2026-11-20T13:00:00Z"));
}

#[test]
fn a_payout_is_made_of_enough_to_an_account_once() {
    let facts = Facts { available: eur(1000), minimum_minor: 1000, place: Place::Ready, is_paid_before: false };
    assert_eq!(decide(&facts), RunOutcome::Payout);
    assert_eq!(decide(&Facts { available: eur(999), ..facts }), RunOutcome::BelowMinimum);
    assert_eq!(decide(&Facts { available: eur(0), minimum_minor: 0, ..facts }), RunOutcome::BelowMinimum);
    assert_eq!(decide(&Facts { available: eur(-5), minimum_minor: -10, ..facts }), RunOutcome::BelowMinimum);
    assert_eq!(decide(&Facts { place: Place::None, ..facts }), RunOutcome::NoAccount);
    assert_eq!(decide(&Facts { place: Place::NotReady, ..facts }), RunOutcome::NotReady);
    assert_eq!(decide(&Facts { place: Place::Suspended, ..facts }), RunOutcome::Suspended);
    assert_eq!(decide(&Facts { is_paid_before: true, available: eur(0), ..facts }), RunOutcome::PaidBefore);
}
