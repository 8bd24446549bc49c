//! Money, numbers and dates as a reader expects them. Integers all the way: no float comes near.

use crate::{Money, Timestamp};

/// A space that does not break: between an amount and its currency.
pub const NBSP: char = '\u{a0}';
/// A narrow space that does not break: between groups of digits.
const NNBSP: char = '\u{202f}';
/// The sign of a negative amount; wider than a hyphen and read aloud as minus.
pub const MINUS: char = '\u{2212}';

/// Conventions of a region for numbers. Words are not affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// European English, Souk's own: `1,234.50 €`.
    #[default]
    En,
    /// `€1,234.50`.
    EnUs,
    /// `1.234,50 €`: German, Spanish, Italian, Dutch, Portuguese.
    De,
    /// `1 234,50 €` with narrow spaces: French, Swedish, Polish, Czech.
    Fr,
}

impl Locale {
    /// The conventions for the first language of an `Accept-Language` header or a language tag.
    pub fn of(tag: &str) -> Self {
        let first = tag.split([',', ';']).next().unwrap_or_default().trim().to_ascii_lowercase();
        match first.split('-').next().unwrap_or_default() {
            "en" if matches!(first.as_str(), "en-us" | "en-ca" | "en-au" | "en-gb") => Self::EnUs,
            "de" | "es" | "it" | "nl" | "pt" | "da" => Self::De,
            "fr" | "sv" | "pl" | "cs" | "nb" | "no" => Self::Fr,
            _ => Self::En,
        }
    }
    /// A language tag with these conventions, to be sent as `Accept-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::EnUs => "en-us",
            Self::De => "de",
            Self::Fr => "fr",
        }
    }
    fn group(self) -> char {
        match self {
            Self::En | Self::EnUs => ',',
            Self::De => '.',
            Self::Fr => NNBSP,
        }
    }
    /// Between the whole and its fraction.
    pub fn point(self) -> char {
        match self {
            Self::En | Self::EnUs => '.',
            Self::De | Self::Fr => ',',
        }
    }

    /// `1,234.50 €`.
    pub fn money(self, money: Money) -> String {
        let decimal = money.decimal();
        let (negative, digits) = match decimal.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, decimal.as_str()),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut number = self.grouped(whole);
        if !fraction.is_empty() {
            number.push(self.point());
            number.push_str(fraction);
        }
        let sign = if negative { MINUS.to_string() } else { String::new() };
        let symbol = money.currency.symbol();
        match self {
            // A code of letters is never glued to a number.
            Self::EnUs if symbol.chars().all(char::is_alphabetic) => format!("{sign}{symbol}{NBSP}{number}"),
            Self::EnUs => format!("{sign}{symbol}{number}"),
            _ => format!("{sign}{number}{NBSP}{symbol}"),
        }
    }

    /// `1,234`.
    pub fn count(self, n: i64) -> String {
        let digits = self.grouped(&n.unsigned_abs().to_string());
        if n < 0 { format!("{MINUS}{digits}") } else { digits }
    }

    /// A rate to the hundredth of a percent, as laws have them: `7.25 %`.
    pub fn rate(self, basis_points: i64) -> String {
        let (whole, fraction) = (basis_points / 100, basis_points % 100);
        let digits = format!("{whole}.{fraction:02}");
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        format!("{}{NBSP}%", digits.replace('.', &self.point().to_string()))
    }

    /// `20 November 2026`.
    pub fn date(self, at: Timestamp) -> String {
        at.format("%-d %B %Y")
    }

    /// Digits in groups of three.
    pub fn grouped(self, digits: &str) -> String {
        let mut out = String::with_capacity(digits.len() + digits.len() / 3 * 3);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(self.group());
            }
            out.push(digit);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn money_follows_the_reader() {
        assert_eq!(Locale::En.money(eur(123_450)), "1,234.50\u{a0}€");
        assert_eq!(Locale::EnUs.money(eur(123_450)), "€1,234.50");
        assert_eq!(Locale::De.money(eur(123_456_789)), "1.234.567,89\u{a0}€");
        assert_eq!(Locale::Fr.money(eur(123_450)), "1\u{202f}234,50\u{a0}€");
        assert_eq!(Locale::En.money(eur(-5)), "\u{2212}0.05\u{a0}€");
        let yen = Money::new(1500, Currency::parse("JPY").unwrap());
        assert_eq!(Locale::EnUs.money(yen), "¥1,500");
        let francs = Money::new(1500, Currency::parse("CHF").unwrap());
        assert_eq!(Locale::EnUs.money(francs), "CHF\u{a0}15.00");
        assert_eq!(Locale::En.money(eur(i64::MIN)), "\u{2212}92,233,720,368,547,758.08\u{a0}€");
    }

    #[test]
    fn rates_keep_what_laws_say() {
        assert_eq!([725, 550, 2_000].map(|bp| Locale::De.rate(bp)), ["7,25\u{a0}%", "5,5\u{a0}%", "20\u{a0}%"]);
    }

    #[test]
    fn languages_choose_conventions() {
        for (tag, locale) in [
            ("de-AT,en;q=0.5", Locale::De),
            ("fr", Locale::Fr),
            ("en-US", Locale::EnUs),
            ("", Locale::En),
            ("zz", Locale::En),
        ] {
            assert_eq!(Locale::of(tag), locale, "{tag}");
            assert_eq!(Locale::of(locale.tag()), locale);
        }
    }
}
