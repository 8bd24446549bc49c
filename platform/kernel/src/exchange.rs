//! What one currency is worth in another, and how prices are rounded in it. One function decides what a converted price
//! is, for quotes and for pages alike. Integers all the way: a rate is counted in millionths.

use serde::{Deserialize, Serialize};

use crate::{Currency, Error, Money, Result};

/// Millionths in a rate of one.
pub const RATE_ONE: i64 = 1_000_000;

/// Where a converted price goes that lies between two that may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoundingMode {
    /// To the nearer one; from the middle to the higher one.
    #[default]
    Nearest,
    /// To the higher one.
    Up,
    /// To the lower one.
    Down,
}

impl RoundingMode {
    /// As it is stored and chosen: `nearest`, `up`, `down`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nearest => "nearest",
            Self::Up => "up",
            Self::Down => "down",
        }
    }
    /// The mode of a [`RoundingMode::name`].
    pub fn of(name: &str) -> Option<Self> {
        [Self::Nearest, Self::Up, Self::Down].into_iter().find(|mode| mode.name() == name)
    }
}

/// Which prices may be asked in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// Which of two neighbours is taken.
    #[serde(default)]
    pub mode: RoundingMode,
    /// How far they are apart, in minor units: 5 for prices such as 9.95, 100 for one price in each whole unit.
    pub step_minor: i64,
    /// What prices end in within a step, in minor units: 99 with a step of 100 for 0.99, 1.99, 2.99. Left out: multiples
    /// of the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending_minor: Option<i64>,
}

impl Default for Rounding {
    /// To the minor unit.
    fn default() -> Self {
        Self { mode: RoundingMode::Nearest, step_minor: 1, ending_minor: None }
    }
}

impl Rounding {
    /// True if there is a step and the ending lies within it.
    pub fn is_possible(&self) -> bool {
        self.step_minor >= 1 && self.ending_minor.is_none_or(|ending| (0..self.step_minor).contains(&ending))
    }

    /// The same steps without an ending: for amounts that are no prices.
    #[must_use]
    pub const fn plain(self) -> Self {
        Self { ending_minor: None, ..self }
    }

    /// `to the nearest 1.00 USD, ending in 0.99`
    pub fn told(&self, currency: Currency) -> String {
        let way = match self.mode {
            RoundingMode::Nearest => "to the nearest",
            RoundingMode::Up => "up to the next",
            RoundingMode::Down => "down to the last",
        };
        let ending = self.ending_minor.map(|minor| format!(", ending in {}", Money::new(minor, currency).decimal()));
        format!("{way} {}{}", Money::new(self.step_minor, currency), ending.unwrap_or_default())
    }

    /// The price that is asked for an amount: nothing for nothing, else more than that.
    ///
    /// # Errors
    /// Internal ones, of a rounding that is not possible or an amount out of range.
    pub fn price(self, amount: Money) -> Result<Money> {
        if !self.is_possible() {
            return Err(Error::internal("prices cannot be rounded like that"));
        }
        if amount.is_zero() {
            return Ok(amount);
        }
        Ok(Money::new(self.apply(amount.amount_minor.into(), 1)?, amount.currency))
    }

    /// The price that is asked for `numerator / denominator` minor units: more than nothing for more than nothing.
    fn apply(self, numerator: i128, denominator: i128) -> Result<i64> {
        let (step, ending) = (i128::from(self.step_minor), i128::from(self.ending_minor.unwrap_or(0)));
        let (above_ending, whole) = (numerator - ending * denominator, step * denominator);
        let (below, rest) = (above_ending.div_euclid(whole), above_ending.rem_euclid(whole));
        let is_next = match self.mode {
            RoundingMode::Nearest => rest * 2 >= whole,
            RoundingMode::Up => rest > 0,
            RoundingMode::Down => false,
        };
        let least = if ending > 0 { ending } else { step };
        let price = ((below + i128::from(is_next)) * step + ending).max(least);
        i64::try_from(price).map_err(|_| Error::internal("a converted amount is out of range"))
    }
}

/// From one currency into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    /// What is converted.
    pub from: Currency,
    /// What it becomes.
    pub to: Currency,
    /// What the main currency is worth in `from`, in millionths.
    pub from_micro: i64,
    /// What it is worth in `to`, in millionths.
    pub to_micro: i64,
    /// Of prices in `to`.
    pub rounding: Rounding,
}

impl Exchange {
    /// What a price is in the other currency: rounded as prices are there. Nothing stays nothing, anything else stays
    /// more than that; what costs more never costs less afterwards.
    ///
    /// # Errors
    /// Internal ones, of an amount below zero or out of range, in a third currency, or of a rate that is none.
    pub fn price(&self, amount: Money) -> Result<Money> {
        self.rounded(amount, self.rounding)
    }

    /// What an amount that is no price is: something taken off, a value to be reached. Rounded to steps without an ending.
    ///
    /// # Errors
    /// Like [`Exchange::price`].
    pub fn amount(&self, amount: Money) -> Result<Money> {
        self.rounded(amount, self.rounding.plain())
    }

    /// The same to the minor unit.
    ///
    /// # Errors
    /// Like [`Exchange::price`].
    pub fn exact(&self, amount: Money) -> Result<Money> {
        self.rounded(amount, Rounding::default())
    }

    /// The way back, rounded up to the minor unit: what is counted is never less than what was given.
    #[must_use]
    pub const fn back(&self) -> Self {
        let rounding = Rounding { mode: RoundingMode::Up, step_minor: 1, ending_minor: None };
        Self { from: self.to, to: self.from, from_micro: self.to_micro, to_micro: self.from_micro, rounding }
    }

    /// The highest price that becomes no more than `limit`: what is asked for where somebody says how much it may cost.
    ///
    /// # Errors
    /// Like [`Exchange::price`]; `limit` is in `to`.
    pub fn highest(&self, limit: Money) -> Result<Money> {
        let is_within = |minor: i64| -> Result<bool> {
            Ok(self.price(Money::new(minor, self.from))?.amount_minor <= limit.amount_minor)
        };
        if limit.currency != self.to || limit.is_negative() {
            return Err(Error::internal(format!("{limit} is no limit in {}", self.to)));
        }
        let (mut within, mut beyond) = (0_i64, 1_i64);
        while is_within(beyond)? {
            within = beyond;
            beyond = beyond.checked_mul(2).ok_or_else(|| Error::internal("a limit is out of range"))?;
        }
        while beyond - within > 1 {
            let middle = within + (beyond - within) / 2;
            if is_within(middle)? { within = middle } else { beyond = middle }
        }
        Ok(Money::new(within, self.from))
    }

    /// What one unit is worth: `1.0850`, `0.000057`. For reading; amounts are converted by the exact rate.
    pub fn rate(&self) -> String {
        let nano = i128::from(self.to_micro) * 1_000_000_000 / i128::from(self.from_micro.max(1));
        // Where the first digits are zeros, more of them are told.
        let (value, digits) = if nano < 1_000_000 { (nano, 9) } else { ((nano + 500) / 1_000, 6) };
        decimals(value, digits)
    }

    /// `25.00 EUR at 1.0850 = 27.13 USD, rounded to 26.99 USD`
    ///
    /// # Errors
    /// Like [`Exchange::price`].
    pub fn told(&self, before: Money) -> Result<String> {
        let (exact, price) = (self.exact(before)?, self.price(before)?);
        let rounded = if exact == price { String::new() } else { format!(", rounded to {price}") };
        Ok(format!("{before} at {} = {exact}{rounded}", self.rate()))
    }

    fn rounded(&self, amount: Money, rounding: Rounding) -> Result<Money> {
        if amount.currency == self.to {
            return Ok(amount);
        }
        let is_sound = amount.currency == self.from && !amount.is_negative();
        if !is_sound || self.from_micro < 1 || self.to_micro < 1 || !rounding.is_possible() {
            return Err(Error::internal(format!("{amount} cannot be converted from {} to {}", self.from, self.to)));
        }
        if amount.is_zero() {
            return Ok(Money::zero(self.to));
        }
        let scale = |currency: Currency| 10_i128.pow(currency.decimals());
        let numerator = i128::from(amount.amount_minor) * i128::from(self.to_micro) * scale(self.to);
        let denominator = i128::from(self.from_micro) * scale(self.from);
        Ok(Money::new(rounding.apply(numerator, denominator)?, self.to))
    }
}

/// `1.0850` of 1,085,000 millionths: four digits behind the point, more where they say something.
pub fn rate_text(micro: i64) -> String {
    decimals(micro.into(), 6)
}

/// A rate such as `1.085`, in millionths.
///
/// # Errors
/// What is no rate above nothing with at most six digits behind the point.
pub fn parse_rate(text: &str) -> Result<i64> {
    let bad = || Error::invalid("rate_micro", format!("“{text}” is not a rate such as 1.0850."));
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || fraction.len() > 6 || !is_digits(whole) || !is_digits(fraction) {
        return Err(bad());
    }
    format!("{whole}{fraction:0<6}").parse::<i64>().ok().filter(|micro| *micro > 0).ok_or_else(bad)
}

/// A number of which the last `digits` stand behind the point; zeros after the fourth say nothing.
fn decimals(value: i128, digits: usize) -> String {
    let scale = 10_i128.pow(u32::try_from(digits).unwrap_or(0));
    let fraction = format!("{:0digits$}", value % scale);
    let (needed, rest) = fraction.split_at(4);
    format!("{}.{needed}{}", value / scale, rest.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    /// From euros, at a rate in millionths.
    fn into(code: &str, to_micro: i64, rounding: Rounding) -> Exchange {
        Exchange { from: Currency::EUR, to: currency(code), from_micro: RATE_ONE, to_micro, rounding }
    }

    fn steps(mode: RoundingMode, step_minor: i64, ending_minor: Option<i64>) -> Rounding {
        Rounding { mode, step_minor, ending_minor }
    }

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    #[test]
    fn prices_end_as_the_shop_says() {
        let price = |mode, step, ending, minor| {
            into("USD", 1_085_000, steps(mode, step, ending)).price(eur(minor)).unwrap().amount_minor
        };
        let [nearest, up, down] = [RoundingMode::Nearest, RoundingMode::Up, RoundingMode::Down];
        // 25.00 × 1.085 = 27.125
        assert_eq!([1, 5, 10, 100].map(|step| price(nearest, step, None, 2_500)), [2_713, 2_715, 2_710, 2_700]);
        assert_eq!([nearest, up, down].map(|mode| price(mode, 100, Some(99), 2_500)), [2_699, 2_799, 2_699]);
        assert_eq!([nearest, up, down].map(|mode| price(mode, 1_000, Some(0), 2_500)), [3_000, 3_000, 2_000]);
        // 0.01 is 0.01085: never nothing, whatever the mode.
        assert_eq!([nearest, up, down].map(|mode| price(mode, 5, None, 1)), [5, 5, 5]);
        assert_eq!([nearest, up, down].map(|mode| price(mode, 100, Some(99), 1)), [99, 99, 99]);
        assert_eq!([nearest, up, down].map(|mode| price(mode, 100, Some(99), 0)), [0, 0, 0]);
    }

    #[test]
    fn each_currency_keeps_its_minor_unit() {
        let plain = Rounding::default();
        assert_eq!(into("JPY", 162_500_000, plain).price(eur(1_995)).unwrap(), Money::new(3_242, currency("JPY")));
        assert_eq!(into("KWD", 333_000, plain).price(eur(1_995)).unwrap(), Money::new(6_643, currency("KWD")));
        let yen = into("JPY", 162_500_000, plain).back();
        assert_eq!(yen.price(Money::new(3_242, currency("JPY"))).unwrap(), eur(1_996), "counted up");
        // Between two that are not the main one.
        let cross = Exchange { from: currency("USD"), from_micro: 1_085_000, ..into("GBP", 860_000, plain) };
        let dollars = Money::new(10_850, Currency::USD);
        assert_eq!(cross.price(dollars).unwrap(), Money::new(8_600, currency("GBP")));
        assert_eq!(cross.rate(), "0.792627");
    }

    #[test]
    fn a_conversion_is_told_with_its_rate_and_its_rounding() {
        let to_dollars = into("USD", 1_085_000, steps(RoundingMode::Nearest, 100, Some(99)));
        assert_eq!(to_dollars.told(eur(2_500)).unwrap(), "25.00 EUR at 1.0850 = 27.13 USD, rounded to 26.99 USD");
        assert_eq!(to_dollars.told(eur(2_764)).unwrap(), "27.64 EUR at 1.0850 = 29.99 USD");
        assert_eq!(to_dollars.rounding.told(Currency::USD), "to the nearest 1.00 USD, ending in 0.99");
        assert_eq!(Rounding::default().told(currency("JPY")), "to the nearest 1 JPY");
        assert_eq!(to_dollars.amount(eur(500)).unwrap(), Money::new(500, Currency::USD), "no ending: 5.43 is 5.00");
    }

    #[test]
    fn a_limit_finds_what_is_shown_within_it() {
        let to_dollars = into("USD", 1_085_000, steps(RoundingMode::Nearest, 100, Some(99)));
        // 25.33 is shown as 26.99, 25.34 as 27.99.
        assert_eq!(to_dollars.highest(Money::new(2_699, Currency::USD)).unwrap(), eur(2_533));
        assert_eq!(to_dollars.highest(Money::new(2_698, Currency::USD)).unwrap(), eur(2_441));
        assert_eq!(to_dollars.highest(Money::new(98, Currency::USD)).unwrap(), eur(0));
        assert!(to_dollars.highest(eur(1)).is_err());
    }

    #[test]
    fn what_is_no_conversion_is_refused() {
        let exchange = into("USD", 1_085_000, Rounding::default());
        assert!(exchange.price(eur(-1)).is_err());
        assert!(exchange.price(Money::new(1, currency("GBP"))).is_err());
        assert_eq!(exchange.price(Money::new(-7, Currency::USD)).unwrap(), Money::new(-7, Currency::USD));
        assert!(into("USD", 0, Rounding::default()).price(eur(1)).is_err());
        assert!(into("USD", 1, steps(RoundingMode::Up, 0, None)).price(eur(1)).is_err());
        assert!(into("JPY", 100_000_000_000, Rounding::default()).price(eur(i64::MAX)).is_err());
        assert!(!steps(RoundingMode::Up, 100, Some(100)).is_possible());
        assert!(steps(RoundingMode::Up, 100, Some(99)).is_possible());
    }

    #[test]
    fn rates_are_read_and_written() {
        assert_eq!([1_085_000, 1_085_001, 57, 1_000_000].map(rate_text), ["1.0850", "1.085001", "0.000057", "1.0000"]);
        assert_eq!(["1.085", "162", "0.000057"].map(|text| parse_rate(text).unwrap()), [1_085_000, 162_000_000, 57]);
        for bad in ["", "0", "0.0", "-1", "1,085", "1.0850001", "a", ".5", "9999999999999"] {
            assert!(parse_rate(bad).is_err(), "{bad}");
        }
        assert_eq!(into("IDR", 17_500_000_000, Rounding::default()).back().rate(), "0.000057142");
        for mode in [RoundingMode::Nearest, RoundingMode::Up, RoundingMode::Down] {
            assert_eq!(RoundingMode::of(mode.name()), Some(mode));
        }
    }

    prop_compose! {
        fn any_exchange()(
            to in prop::sample::select(vec!["USD", "JPY", "KWD"]),
            (from_micro, to_micro) in (1_000..1_000_000_000_i64, 1..1_000_000_000_i64),
            mode in prop::sample::select(vec![RoundingMode::Nearest, RoundingMode::Up, RoundingMode::Down]),
            step_minor in 1..1_000_i64,
            ending in prop::option::of(0..1_000_i64),
        ) -> Exchange {
            let rounding = steps(mode, step_minor, ending.map(|ending| ending % step_minor));
            Exchange { from_micro, ..into(to, to_micro, rounding) }
        }
    }

    proptest! {
        #[test]
        fn what_costs_more_never_costs_less(exchange in any_exchange(), a in 0..1_000_000_000_i64, b in 0..1_000_000_000_i64) {
            let price = |minor| exchange.price(eur(minor)).unwrap().amount_minor;
            prop_assert!(price(a.min(b)) <= price(a.max(b)));
        }

        #[test]
        fn rounding_moves_a_price_by_less_than_a_step(exchange in any_exchange(), minor in 1..1_000_000_000_i64) {
            let price = exchange.price(eur(minor)).unwrap();
            prop_assert!(price.amount_minor > 0);
            prop_assert_eq!(price.amount_minor % exchange.rounding.step_minor, exchange.rounding.ending_minor.unwrap_or(0));
            // |price − minor × to / from| < step, without a fraction.
            let scale = |currency: Currency| 10_i128.pow(currency.decimals());
            let denominator = i128::from(exchange.from_micro) * scale(exchange.from);
            let exact = i128::from(minor) * i128::from(exchange.to_micro) * scale(exchange.to);
            let off = (i128::from(price.amount_minor) * denominator - exact).abs();
            prop_assert!(off < i128::from(exchange.rounding.step_minor) * denominator, "{price} for {minor}");
        }

        #[test]
        fn nothing_stays_nothing_and_the_same_currency_the_same(exchange in any_exchange(), minor in any::<i64>()) {
            prop_assert_eq!(exchange.price(eur(0)).unwrap(), Money::zero(exchange.to));
            let already = Money::new(minor, exchange.to);
            prop_assert_eq!(exchange.price(already).unwrap(), already);
        }

        #[test]
        fn a_limit_is_where_prices_pass_it(exchange in any_exchange(), limit in 0..1_000_000_000_i64) {
            let limit = Money::new(limit, exchange.to);
            // A rate so low that no price passes the limit is out of range.
            if let Ok(highest) = exchange.highest(limit) {
                prop_assert!(exchange.price(highest).unwrap().amount_minor <= limit.amount_minor);
                let next = Money::new(highest.amount_minor + 1, exchange.from);
                prop_assert!(exchange.price(next).unwrap().amount_minor > limit.amount_minor);
            }
        }

        #[test]
        fn what_is_counted_is_not_less_than_what_was_given(exchange in any_exchange(), minor in 1..1_000_000_000_i64) {
            let given = exchange.amount(eur(minor)).unwrap();
            let counted = exchange.back().price(given).unwrap();
            let scale = |currency: Currency| 10_i128.pow(currency.decimals());
            let of_counted = i128::from(counted.amount_minor) * i128::from(exchange.to_micro) * scale(exchange.to);
            let of_given = i128::from(given.amount_minor) * i128::from(exchange.from_micro) * scale(exchange.from);
            prop_assert!(of_counted >= of_given);
        }
    }
}
