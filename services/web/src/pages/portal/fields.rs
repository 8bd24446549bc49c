//! Reading what portal forms have and shop forms have not: percents, days, errors of nested fields.

use std::time::Duration;

use kernel::{Currency, Error, Money, Timestamp};

use crate::forms::Reader;

const DAY: Duration = Duration::from_secs(86_400);

/// A percentage as people type it (`12.5`, `12,5 %`) in basis points.
pub fn basis_points(text: &str) -> Option<i64> {
    let plain = text.trim().trim_end_matches('%').trim_end().replace(',', ".");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || fraction.len() > 2 || !digits(whole) || !digits(fraction) {
        return None;
    }
    format!("{whole}{fraction:0<2}").parse().ok()
}

/// Basis points as they are typed: `12.5`.
pub fn percent(basis_points: i64) -> String {
    let (whole, fraction) = (basis_points / 100, basis_points % 100);
    match (fraction / 10, fraction % 10) {
        (0, 0) => whole.to_string(),
        (tenth, 0) => format!("{whole}.{tenth}"),
        (tenth, hundredth) => format!("{whole}.{tenth}{hundredth}"),
    }
}

/// The beginning (UTC) of a day as a date field sends it: `2026-11-20`.
pub fn day(text: &str) -> Option<Timestamp> {
    format!("{}T00:00:00Z", text.trim()).parse().ok()
}

/// The end of a day as a date field sends it: the day counts whole.
pub fn end_of_day(text: &str) -> Option<Timestamp> {
    day(text).map(|day| day.plus(DAY))
}

/// The end of the last day that a field names, which counts whole; nothing if it is empty.
pub fn end_of(reader: &mut Reader<'_>, name: &str) -> Option<Timestamp> {
    let end = end_of_day(&reader.optional(name)?);
    if end.is_none() {
        reader.wrong(name, "Choose a day, or leave it empty.");
    }
    end
}

/// The last day before an end, as such a field has it.
pub fn last_day(end: Timestamp) -> String {
    end.minus(Duration::from_micros(1)).date()
}

/// Lines of an amount from which on a price holds, and the price in minor units: `5: 9.00`, `5 = 9,00 €`.
pub fn price_steps(text: &str, currency: Currency, from: impl Fn(&str) -> Option<i64>) -> Option<Vec<(i64, i64)>> {
    let line = |line: &str| {
        let (left, price) = line.split_once([':', '='])?;
        let price = price.trim().trim_end_matches(currency.symbol()).replace(',', ".");
        Some((from(left.trim())?, Money::parse_decimal(&price, currency).ok()?.amount_minor))
    };
    text.lines().filter(|text| !text.trim().is_empty()).map(line).collect()
}

/// The same error with its fields called what the form calls them.
pub fn renamed(error: Error, name: impl Fn(&str) -> String) -> Error {
    let mut fields = error.fields().to_vec();
    for field in &mut fields {
        field.field = name(&field.field);
    }
    error.with_fields(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_read_as_people_type_them() {
        for (text, bp) in [("12.5", 1_250), ("12,5 %", 1_250), ("0", 0), ("100", 10_000), ("7.25%", 725)] {
            assert_eq!(basis_points(text), Some(bp), "{text}");
        }
        for bad in ["", "-1", "1.234", "abc", "%", "1e3", "12345678"] {
            assert_eq!(basis_points(bad), None, "{bad}");
        }
        assert_eq!([percent(1_250), percent(725), percent(2_000), percent(5)], ["12.5", "7.25", "20", "0.05"]);
    }

    #[test]
    fn days_begin_at_midnight() {
        assert_eq!(day("2026-11-20").map(|t| t.to_string()).as_deref(), Some("2026-11-20T00:00:00Z"));
        assert_eq!([day(""), day("20.11.2026"), day("2026-02-30")], [None; 3]);
    }
}
