//! When a parcel arrives: one rule, for the quote, the order and every page.

use garde::Validate;
use kernel::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// What passes at the vendor's before a parcel leaves. Parcels leave from Monday to Friday.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Handling {
    /// Working days from the order until the parcel leaves; 0: the same day.
    #[serde(default)]
    #[garde(range(min = 0, max = 60))]
    pub days: i64,
    /// Orders from this full hour on, on the vendor's clock, count as those of the next day; of no hour if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 1, max = 23))]
    pub cutoff_hour: Option<i64>,
    /// How far the vendor's clock is ahead of UTC, in minutes; less than 0 if it is behind.
    #[serde(default)]
    #[garde(range(min = -720, max = 840))]
    pub utc_offset_min: i64,
}

/// The days between which a parcel arrives, each as its midnight in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Arrival {
    /// Not before this day.
    pub from: Timestamp,
    /// Not after this day.
    pub to: Timestamp,
}

impl Handling {
    /// True if nothing is said: parcels leave on the working day of the order.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// When arrives what is ordered at this time. The days in the vendor's hands are working days; those on the way, from
    /// `days_min` to `days_max`, are days of the calendar.
    pub fn arrival(&self, ordered_at: Timestamp, days_min: i64, days_max: i64) -> Arrival {
        let local_s = ordered_at.seconds().saturating_add(self.utc_offset_min.saturating_mul(60));
        let (today, second) = (local_s.div_euclid(DAY_S), local_s.rem_euclid(DAY_S));
        let is_late = self.cutoff_hour.is_some_and(|hour| second >= hour.saturating_mul(3_600));
        let first = working_day(today.saturating_add(i64::from(is_late)));
        let leaves = (0..self.days).fold(first, |day, _| working_day(day.saturating_add(1)));
        let after = |days: i64| Timestamp::of_day(leaves.saturating_add(days));
        Arrival { from: after(days_min), to: after(days_max) }
    }
}

/// This day, or the Monday after it at the week-end. Days count from 1970-01-01, which was a Thursday.
fn working_day(day: i64) -> i64 {
    match day.saturating_add(3).rem_euclid(7) {
        5 => day.saturating_add(2),
        6 => day.saturating_add(1),
        _ => day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parcels_leave_on_working_days_and_orders_after_the_hour_are_tomorrows() {
        let handling = |days, cutoff_hour, utc_offset_min| Handling { days, cutoff_hour, utc_offset_min };
        let (plain, by_two) = (handling(0, None, 0), handling(0, Some(14), 60));
        // Ordered at, handling, days on the way, from, to. The 15th of January 2026 is a Thursday.
        for (ordered, handling, (least, most), from, to) in [
            ("2026-01-15T12:00:00Z", plain, (2, 4), "2026-01-17", "2026-01-19"),
            ("2026-01-15T23:59:59Z", plain, (0, 0), "2026-01-15", "2026-01-15"),
            // At the week-end nothing leaves.
            ("2026-01-17T00:00:00Z", plain, (1, 2), "2026-01-20", "2026-01-21"),
            ("2026-01-18T23:59:59Z", plain, (1, 2), "2026-01-20", "2026-01-21"),
            // 14:00 at the vendor's is 13:00 in UTC.
            ("2026-01-15T12:59:59Z", by_two, (1, 1), "2026-01-16", "2026-01-16"),
            ("2026-01-15T13:00:00Z", by_two, (1, 1), "2026-01-17", "2026-01-17"),
            ("2026-01-16T13:00:00Z", by_two, (1, 1), "2026-01-20", "2026-01-20"),
            ("2026-01-17T13:00:00Z", by_two, (1, 1), "2026-01-20", "2026-01-20"),
            // Another day there than here.
            ("2026-01-15T23:30:00Z", handling(0, None, 60), (0, 1), "2026-01-16", "2026-01-17"),
            ("2026-01-19T01:00:00Z", handling(0, None, -300), (0, 1), "2026-01-19", "2026-01-20"),
            ("2026-01-16T01:00:00Z", handling(0, Some(20), -300), (1, 1), "2026-01-17", "2026-01-17"),
            // Days in the vendor's hands skip the week-end.
            ("2026-01-15T12:00:00Z", handling(1, None, 0), (1, 2), "2026-01-17", "2026-01-18"),
            ("2026-01-15T12:00:00Z", handling(2, None, 0), (1, 2), "2026-01-20", "2026-01-21"),
            ("2026-01-17T12:00:00Z", handling(1, None, 0), (1, 2), "2026-01-21", "2026-01-22"),
            ("2026-01-15T12:00:00Z", handling(10, None, 0), (0, 0), "2026-01-29", "2026-01-29"),
            // Over the ends of months and years.
            ("2026-02-27T15:00:00Z", handling(1, Some(12), 0), (0, 3), "2026-03-03", "2026-03-06"),
            ("2028-02-28T08:00:00Z", handling(1, None, 0), (0, 1), "2028-02-29", "2028-03-01"),
            ("2026-12-31T15:00:00Z", handling(1, Some(12), 0), (1, 2), "2027-01-05", "2027-01-06"),
        ] {
            let arrival = handling.arrival(ordered.parse().unwrap(), least, most);
            assert_eq!(
                (arrival.from.date(), arrival.to.date()),
                (from.to_owned(), to.to_owned()),
                "{ordered} {handling:?}"
            );
        }
    }
}
