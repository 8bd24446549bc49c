//! Money: an integer count of a currency's minor units. Checked arithmetic, exact splits,
//! no float, no mixing of currencies (invariant M8).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// ISO 4217 code. Only currencies whose number of decimals we know are accepted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Code, decimals, symbol. Extend when a shop needs more; the decimals are ISO 4217's.
const CURRENCIES: &[(&str, u32, &str)] = &[
    ("EUR", 2, "€"),
    ("USD", 2, "$"),
    ("GBP", 2, "£"),
    ("CHF", 2, "CHF"),
    ("SEK", 2, "kr"),
    ("NOK", 2, "kr"),
    ("DKK", 2, "kr"),
    ("PLN", 2, "zł"),
    ("CZK", 2, "Kč"),
    ("HUF", 2, "Ft"),
    ("RON", 2, "lei"),
    ("CAD", 2, "CA$"),
    ("AUD", 2, "A$"),
    ("NZD", 2, "NZ$"),
    ("SGD", 2, "S$"),
    ("HKD", 2, "HK$"),
    ("INR", 2, "₹"),
    ("IDR", 2, "Rp"),
    ("MYR", 2, "RM"),
    ("THB", 2, "฿"),
    ("PHP", 2, "₱"),
    ("BRL", 2, "R$"),
    ("MXN", 2, "MX$"),
    ("ZAR", 2, "R"),
    ("TRY", 2, "₺"),
    ("AED", 2, "AED"),
    ("SAR", 2, "SAR"),
    ("ILS", 2, "₪"),
    ("CNY", 2, "CN¥"),
    ("JPY", 0, "¥"),
    ("KRW", 0, "₩"),
    ("VND", 0, "₫"),
    ("CLP", 0, "CLP$"),
    ("ISK", 0, "kr"),
    ("KWD", 3, "KWD"),
    ("BHD", 3, "BHD"),
    ("JOD", 3, "JOD"),
    ("TND", 3, "TND"),
];

impl Currency {
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// Parses an upper-case ISO 4217 code.
    pub fn parse(code: &str) -> Result<Self> {
        match CURRENCIES.iter().find(|(c, ..)| *c == code) {
            Some((c, ..)) => {
                let b = c.as_bytes();
                Ok(Self([b[0], b[1], b[2]]))
            }
            None => Err(Error::invalid("currency", format!("“{code}” is not a currency Souk knows."))),
        }
    }
    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
    fn row(&self) -> (u32, &'static str) {
        CURRENCIES.iter().find(|(c, ..)| *c == self.code()).map_or((2, ""), |(_, d, s)| (*d, *s))
    }
    /// Digits after the decimal point.
    pub fn decimals(&self) -> u32 {
        self.row().0
    }
    /// Sign as commonly written.
    pub fn symbol(&self) -> &'static str {
        self.row().1
    }
    /// An amount as it is written in this currency, to show what is meant: of 1999 hundredths `19.99`, `19.990`, or `1999`
    /// where there is nothing behind the point.
    pub fn example(&self, hundredths: i64) -> String {
        let further = 10_i64.pow(self.decimals().saturating_sub(2));
        Money::new(hundredths.saturating_mul(further), *self).decimal()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        let code = std::borrow::Cow::<str>::deserialize(d)?;
        Self::parse(&code).map_err(|_| serde::de::Error::custom(format!("unknown currency {code:?}")))
    }
}
impl schemars::JsonSchema for Currency {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let codes: Vec<_> = CURRENCIES.iter().map(|(c, ..)| *c).collect();
        schemars::json_schema!({"type": "string", "description": "ISO 4217 code", "enum": codes})
    }
}

/// An amount in minor units of one currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Amount in minor units: 1999 is 19.99 €.
    pub amount_minor: i64,
    /// Its currency.
    pub currency: Currency,
}

impl Money {
    /// `amount_minor` minor units of `currency`.
    pub const fn new(amount_minor: i64, currency: Currency) -> Self {
        Self { amount_minor, currency }
    }
    /// Nothing.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }
    /// True for nothing.
    pub fn is_zero(&self) -> bool {
        self.amount_minor == 0
    }
    /// True below zero.
    pub fn is_negative(&self) -> bool {
        self.amount_minor < 0
    }

    fn same(&self, other: Self) -> Result<()> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(Error::internal(format!("mixed currencies {} and {}", self.currency, other.currency)))
        }
    }

    /// Sum; fails on overflow and on mixed currencies.
    pub fn plus(self, other: Self) -> Result<Self> {
        self.same(other)?;
        let sum = self.amount_minor.checked_add(other.amount_minor).ok_or_else(overflow)?;
        Ok(Self::new(sum, self.currency))
    }
    /// Difference; fails on overflow and on mixed currencies.
    pub fn minus(self, other: Self) -> Result<Self> {
        self.plus(other.negated()?)
    }
    /// The opposite.
    pub fn negated(self) -> Result<Self> {
        Ok(Self::new(self.amount_minor.checked_neg().ok_or_else(overflow)?, self.currency))
    }
    /// `quantity` times this.
    pub fn times(self, quantity: i64) -> Result<Self> {
        Ok(Self::new(self.amount_minor.checked_mul(quantity).ok_or_else(overflow)?, self.currency))
    }
    /// `basis_points` / 10,000 of this, rounded half away from zero.
    pub fn basis_points(self, basis_points: i64) -> Result<Self> {
        let product = i128::from(self.amount_minor) * i128::from(basis_points);
        Ok(Self::new(div_round(product, 10_000)?, self.currency))
    }
    /// The tax contained in this gross amount at `rate_bp`: gross × rate / (1 + rate).
    pub fn tax_contained(self, rate_bp: i64) -> Result<Self> {
        let product = i128::from(self.amount_minor) * i128::from(rate_bp);
        Ok(Self::new(div_round(product, 10_000 + i128::from(rate_bp))?, self.currency))
    }

    /// Splits by weights so that the parts add up to the whole exactly (largest remainder;
    /// equal remainders go to the earlier part). Weights must not be negative nor all zero.
    pub fn split(self, weights: &[i64]) -> Result<Vec<Self>> {
        let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        if total <= 0 || weights.iter().any(|w| *w < 0) {
            return Err(Error::internal("split needs weights of which none is negative and one is positive"));
        }
        let amount = i128::from(self.amount_minor);
        let (mut parts, rests): (Vec<i128>, Vec<i128>) =
            weights.iter().map(|w| div_rem_euclid(amount * i128::from(*w), total)).unzip();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|&i| std::cmp::Reverse(rests[i]));
        let rest = amount - parts.iter().sum::<i128>();
        for &i in order.iter().take(usize::try_from(rest).map_err(|_| overflow())?) {
            parts[i] += 1;
        }
        parts.into_iter().map(|p| Ok(Self::new(i64::try_from(p).map_err(|_| overflow())?, self.currency))).collect()
    }

    /// Sum of many; `currency` names the zero.
    pub fn sum(currency: Currency, all: impl IntoIterator<Item = Self>) -> Result<Self> {
        all.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    /// Plain decimal number without currency: `19.99`.
    pub fn decimal(&self) -> String {
        let decimals = self.currency.decimals();
        let scale = 10_u64.pow(decimals);
        let sign = if self.amount_minor < 0 { "-" } else { "" };
        let abs = self.amount_minor.unsigned_abs();
        match decimals {
            0 => format!("{sign}{abs}"),
            d => format!("{sign}{}.{:0width$}", abs / scale, abs % scale, width = d as usize),
        }
    }

    /// Parses a decimal number such as `19.99` or `1250`.
    pub fn parse_decimal(text: &str, currency: Currency) -> Result<Self> {
        let bad = || {
            let example = currency.example(1_999);
            Error::invalid("amount", format!("“{text}” is not an amount such as {example}."))
        };
        let (negative, digits) = match text.trim().strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.trim()),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let decimals = currency.decimals() as usize;
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || fraction.len() > decimals {
            return Err(bad());
        }
        let minor: i64 = format!("{whole}{fraction:0<decimals$}").parse().map_err(|_| bad())?;
        Ok(Self::new(if negative { -minor } else { minor }, currency))
    }
}

fn overflow() -> Error {
    Error::internal("amount out of range")
}

/// Division rounded half away from zero.
fn div_round(numerator: i128, denominator: i128) -> Result<i64> {
    let half = denominator / 2;
    let adjusted = if numerator < 0 { numerator - half } else { numerator + half };
    // Where both fit, the machine's own division: that of 128 bits is a function, and several times slower.
    let quotient = match (i64::try_from(adjusted), i64::try_from(denominator)) {
        (Ok(adjusted), Ok(denominator)) => i128::from(adjusted / denominator),
        _ => adjusted / denominator,
    };
    i64::try_from(quotient).map_err(|_| overflow())
}

/// Quotient and remainder, the latter never negative; by the machine's own division where both fit.
fn div_rem_euclid(numerator: i128, denominator: i128) -> (i128, i128) {
    match (i64::try_from(numerator), i64::try_from(denominator)) {
        (Ok(n), Ok(d)) => (n.div_euclid(d).into(), n.rem_euclid(d).into()),
        _ => (numerator.div_euclid(denominator), numerator.rem_euclid(denominator)),
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}
impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn decimals_follow_the_currency() {
        assert_eq!(eur(1999).decimal(), "19.99");
        assert_eq!(eur(-5).decimal(), "-0.05");
        assert_eq!(Money::new(500, Currency::parse("JPY").unwrap()).decimal(), "500");
        assert_eq!(Money::new(1234, Currency::parse("KWD").unwrap()).decimal(), "1.234");
        let examples = ["EUR", "JPY", "KWD"].map(|code| Currency::parse(code).unwrap().example(1_999));
        assert_eq!(examples, ["19.99", "1999", "19.990"]);
    }

    #[test]
    fn parsing_refuses_what_it_cannot_represent() {
        assert_eq!(Money::parse_decimal("19.9", Currency::EUR).unwrap(), eur(1990));
        for bad in ["", "1.999", "1,5", "abc", "--1", ".5", "99999999999999999999"] {
            assert!(Money::parse_decimal(bad, Currency::EUR).is_err(), "{bad}");
        }
        let (yen, dinars) = (Currency::parse("JPY").unwrap(), Currency::parse("KWD").unwrap());
        assert_eq!(Money::parse_decimal("1250", yen).unwrap(), Money::new(1_250, yen));
        let refused = Money::parse_decimal("1250.5", yen).unwrap_err();
        assert_eq!(refused.fields()[0].reason, "“1250.5” is not an amount such as 1999.");
        assert_eq!(Money::parse_decimal("1.25", dinars).unwrap(), Money::new(1_250, dinars));
        assert!(Money::parse_decimal("1.2505", dinars).is_err());
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        assert_eq!(eur(1000).basis_points(1250).unwrap(), eur(125));
        assert_eq!(eur(5).basis_points(1000).unwrap(), eur(1));
        assert_eq!(eur(-5).basis_points(1000).unwrap(), eur(-1));
        assert_eq!(eur(11900).tax_contained(1900).unwrap(), eur(1900));
    }

    #[test]
    fn currencies_never_mix() {
        assert!(eur(1).plus(Money::new(1, Currency::USD)).is_err());
        assert!(eur(i64::MAX).plus(eur(1)).is_err());
    }

    proptest! {
        #[test]
        fn splits_add_up_and_stay_close(amount in -1_000_000_000_i64..1_000_000_000, weights in prop::collection::vec(0_i64..10_000, 1..12)) {
            prop_assume!(weights.iter().sum::<i64>() > 0);
            let parts = eur(amount).split(&weights).unwrap();
            prop_assert_eq!(parts.iter().map(|p| p.amount_minor).sum::<i64>(), amount);
            let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = i128::from(amount) * i128::from(*weight);
                prop_assert!((i128::from(part.amount_minor) * total - exact).abs() < total);
            }
        }

        #[test]
        fn decimal_round_trips(amount in any::<i64>().prop_filter("min has no opposite", |a| *a != i64::MIN)) {
            prop_assert_eq!(Money::parse_decimal(&eur(amount).decimal(), Currency::EUR).unwrap(), eur(amount));
        }
    }
}
