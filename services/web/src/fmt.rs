//! Money, numbers and times as a reader expects them. Integers all the way: no float comes near.

pub use kernel::Locale;
use kernel::{
    Money, Timestamp,
    locale::{MINUS, NBSP},
};

use crate::{language::WORDS, ui::When};

/// Writes values for one reader at one moment; handed to whoever builds a page.
#[derive(Debug, Clone, Copy)]
pub struct Fmt {
    locale: Locale,
    now: Timestamp,
    /// Languages of what is sold that are to be told apart from the words of the page: of what is not translated, and of
    /// what is.
    said: (Option<&'static str>, Option<&'static str>),
}

impl Fmt {
    /// The conventions of the reader.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// For a reader of `locale` at `now`, which comes from the clock that was handed in.
    pub fn new(locale: Locale, now: Timestamp) -> Self {
        Self { locale, now, said: (None, None) }
    }

    /// Tells what is said in the shop's main language, and in another that is read, apart from the words of the page.
    #[must_use]
    pub fn telling_apart(self, main: &'static str, other: Option<&'static str>) -> Self {
        let marked = |code: &'static str| Some(code).filter(|code| *code != WORDS);
        Self { said: (marked(main), other.and_then(marked)), ..self }
    }

    /// The language of a text of a product or category, if it is to be marked.
    pub fn language(&self, is_translated: bool) -> Option<&'static str> {
        if is_translated { self.said.1 } else { self.said.0 }
    }

    /// The moment this page is made.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// `1,234.50 €`.
    pub fn money(&self, money: Money) -> String {
        self.locale.money(money)
    }

    /// `+12.00 €` or `−12.00 €`: a change.
    pub fn money_change(&self, money: Money) -> String {
        if money.amount_minor > 0 { format!("+{}", self.money(money)) } else { self.money(money) }
    }

    /// `1,234`.
    pub fn count(&self, n: i64) -> String {
        self.locale.count(n)
    }

    /// `1 item`, `1,234 items`.
    pub fn counted(&self, n: i64, one: &str, many: &str) -> String {
        format!("{}{NBSP}{}", self.count(n), if n == 1 { one } else { many })
    }

    /// `950`, `1.2k`, `34k`, `5.6M`: for axes and small places; truncated, never rounded up.
    pub fn compact(&self, n: i64) -> String {
        let abs = n.unsigned_abs();
        let (unit, letter) = match abs {
            0..1_000 => return self.count(n),
            1_000..1_000_000 => (1_000, "k"),
            1_000_000..1_000_000_000 => (1_000_000, "M"),
            _ => (1_000_000_000, "B"),
        };
        let (whole, tenth) = (abs / unit, abs % unit * 10 / unit);
        let sign = if n < 0 { MINUS.to_string() } else { String::new() };
        if whole >= 100 || tenth == 0 {
            format!("{sign}{whole}{letter}")
        } else {
            format!("{sign}{whole}{}{tenth}{letter}", self.locale.point())
        }
    }

    /// An amount for an axis, without decimals: `1.2k €`.
    pub fn money_compact(&self, money: Money) -> String {
        let scale = 10_i64.pow(money.currency.decimals());
        let number = if money.amount_minor != 0 && money.amount_minor.abs() < scale {
            return self.money(money);
        } else {
            self.compact(money.amount_minor / scale)
        };
        match self.locale {
            Locale::EnUs => format!("{}{number}", money.currency.symbol()),
            _ => format!("{number}{NBSP}{}", money.currency.symbol()),
        }
    }

    /// `12.5 %` of basis points; whole percents lose the decimal.
    pub fn percent(&self, basis_points: i64) -> String {
        let abs = basis_points.unsigned_abs();
        let sign = if basis_points < 0 { MINUS.to_string() } else { String::new() };
        match abs % 100 / 10 {
            0 => format!("{sign}{}{NBSP}%", self.locale.grouped(&(abs / 100).to_string())),
            tenth => {
                format!("{sign}{}{}{tenth}{NBSP}%", self.locale.grouped(&(abs / 100).to_string()), self.locale.point())
            }
        }
    }

    /// A rate to the hundredth of a percent, as laws have them: `7.25 %`.
    pub fn rate(&self, basis_points: i64) -> String {
        self.locale.rate(basis_points)
    }

    /// `+12 %` from `before` to `now`; nothing to compare with gives none.
    pub fn growth(&self, now: i64, before: i64) -> Option<String> {
        if before == 0 {
            return None;
        }
        let change = i128::from(now) - i128::from(before);
        let bp = i64::try_from(change * 10_000 / i128::from(before).abs()).ok()?;
        let bp = bp / 100 * 100;
        Some(if bp > 0 { format!("+{}", self.percent(bp)) } else { self.percent(bp) })
    }

    /// `20 November 2026`.
    pub fn date(&self, at: Timestamp) -> String {
        self.locale.date(at)
    }

    /// `20 Nov`; with the year if it is not this one.
    pub fn day(&self, at: Timestamp) -> String {
        let same_year = at.format("%Y") == self.now.format("%Y");
        at.format(if same_year { "%-d %b" } else { "%-d %b %Y" })
    }

    /// `Fri 20 Nov – Mon 23 Nov`, or one day if both are the same.
    pub fn days_between(&self, from: Timestamp, to: Timestamp) -> String {
        let day = |t: Timestamp| t.format("%a %-d %b");
        if from.day() == to.day() { day(from) } else { format!("{} – {}", day(from), day(to)) }
    }

    /// `20 November 2026, 13:45 UTC`.
    pub fn exact(&self, at: Timestamp) -> String {
        at.format("%-d %B %Y, %H:%M UTC")
    }

    /// `just now`, `5 minutes ago`, `in 2 hours`, `yesterday`; a date beyond a week.
    pub fn relative(&self, at: Timestamp) -> String {
        let seconds = self.now.seconds().saturating_sub(at.seconds());
        let (past, seconds) = (seconds >= 0, seconds.unsigned_abs());
        let say = |n: u64, unit: &str| {
            let s = if n == 1 { "" } else { "s" };
            if past { format!("{n} {unit}{s} ago") } else { format!("in {n} {unit}{s}") }
        };
        match seconds {
            0..60 if past => "just now".to_owned(),
            0..60 => "in a moment".to_owned(),
            60..3_600 => say(seconds / 60, "minute"),
            3_600..86_400 => say(seconds / 3_600, "hour"),
            86_400..172_800 => if past { "yesterday" } else { "tomorrow" }.to_owned(),
            172_800..604_800 => say(seconds / 86_400, "day"),
            _ => self.day(at),
        }
    }

    /// A time element: relative when recent, exact on hover.
    pub fn when(&self, at: Timestamp) -> When {
        let recent = self.now.seconds().abs_diff(at.seconds()) < 604_800;
        When { iso: at.to_string(), exact: self.exact(at), text: self.relative(at), recent }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use kernel::Currency;

    use super::*;

    fn at(locale: Locale) -> Fmt {
        Fmt::new(locale, "2026-11-20T13:45:00Z".parse().unwrap())
    }
    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn changes_have_a_sign() {
        assert_eq!(at(Locale::En).money_change(eur(1)), "+0.01\u{a0}€");
        assert_eq!(at(Locale::De).money_change(eur(-1)), "\u{2212}0,01\u{a0}€");
    }

    #[test]
    fn numbers_shrink_without_rounding_up() {
        let fmt = at(Locale::En);
        let cases = [(999, "999"), (1_000, "1k"), (1_290, "1.2k"), (999_999, "999k"), (2_500_000, "2.5M")];
        for (n, text) in cases {
            assert_eq!(fmt.compact(n), text);
        }
        assert_eq!(fmt.money_compact(eur(129_900)), "1.2k\u{a0}€");
        assert_eq!(fmt.money_compact(eur(50)), "0.50\u{a0}€");
        let of = |code, minor| Money::new(minor, Currency::parse(code).unwrap());
        let both = |code, minor| [fmt.money(of(code, minor)), fmt.money_compact(of(code, minor))];
        assert_eq!(both("JPY", 129_900), ["129,900\u{a0}¥", "129k\u{a0}¥"]);
        assert_eq!(both("KWD", 129_900), ["129.900\u{a0}KWD", "129\u{a0}KWD"]);
        assert_eq!(fmt.counted(1, "item", "items"), "1\u{a0}item");
        assert_eq!(fmt.counted(1_234, "item", "items"), "1,234\u{a0}items");
        assert_eq!(at(Locale::De).percent(1_250), "12,5\u{a0}%");
        assert_eq!(fmt.percent(1_900), "19\u{a0}%");
    }

    #[test]
    fn growth_needs_something_to_compare_with() {
        let fmt = at(Locale::En);
        assert_eq!(fmt.growth(112, 100).as_deref(), Some("+12\u{a0}%"));
        assert_eq!(fmt.growth(50, 100).as_deref(), Some("\u{2212}50\u{a0}%"));
        assert_eq!(fmt.growth(5, 0), None);
    }

    #[test]
    fn times_are_relative_while_they_are_recent() {
        let fmt = at(Locale::En);
        let ago = |s: u64| fmt.relative(fmt.now().minus(Duration::from_secs(s)));
        assert_eq!(ago(0), "just now");
        assert_eq!(ago(60), "1 minute ago");
        assert_eq!(ago(7_200), "2 hours ago");
        assert_eq!(ago(90_000), "yesterday");
        assert_eq!(ago(3 * 86_400), "3 days ago");
        assert_eq!(ago(10 * 86_400), "10 Nov");
        assert_eq!(ago(400 * 86_400), "16 Oct 2025");
        assert_eq!(fmt.relative(fmt.now().plus(Duration::from_secs(7_200))), "in 2 hours");
        let when = fmt.when(fmt.now());
        assert_eq!((when.exact.as_str(), when.recent), ("20 November 2026, 13:45 UTC", true));
    }
}
