//! The currencies a shop sells in. `pricing` keeps them; its client is [`crate::pricing::PricingClient`].

use garde::Validate;
use kernel::{Currency, Exchange, Rounding, Timestamp, exchange::RATE_ONE};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The main currency of a shop that names no other (`[shop] currency`).
pub const USUAL: Currency = Currency::EUR;

/// Highest rate, in millionths.
pub const RATE_MAX: i64 = 100_000 * RATE_ONE;
/// Longest step of a rounding, in minor units.
pub const STEP_MAX: i64 = 10_000_000;

/// Sets a currency of the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct CurrencyInput {
    /// What one unit of the main currency is worth in it, in millionths: 1085000 is 1.0850.
    #[garde(range(min = 1, max = RATE_MAX))]
    pub rate_micro: i64,
    /// How prices are rounded in it.
    pub rounding: Rounding,
    /// True if buyers may choose it.
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn yes() -> bool {
    true
}

/// A currency of the shop beside the main one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShopCurrency {
    /// Which.
    pub code: Currency,
    /// What one unit of the main currency is worth in it, in millionths.
    pub rate_micro: i64,
    /// How prices are rounded in it.
    pub rounding: Rounding,
    /// True if buyers may choose it.
    pub enabled: bool,
    /// When it was set last.
    pub updated_at: Timestamp,
}

/// The currencies of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShopCurrencies {
    /// The main one: what pages show unless a buyer chooses another, and what rates are counted from.
    pub main: Currency,
    /// Those beside it, by code.
    pub currencies: Vec<ShopCurrency>,
}

impl ShopCurrencies {
    /// A shop of one currency.
    pub fn of_one(main: Currency) -> Self {
        Self { main, currencies: Vec::new() }
    }

    /// A further currency that buyers may choose.
    pub fn find(&self, code: Currency) -> Option<&ShopCurrency> {
        self.currencies.iter().find(|currency| currency.code == code && currency.enabled)
    }

    /// True if there is anything to choose.
    pub fn are_several(&self) -> bool {
        self.currencies.iter().any(|currency| currency.enabled)
    }

    /// The way from one currency into another; none if it is the same, or if one of them is none of the shop's.
    pub fn exchange(&self, from: Currency, to: Currency) -> Option<Exchange> {
        let known = |code: Currency| match self.find(code) {
            _ if code == self.main => Some((RATE_ONE, Rounding::default())),
            known => known.map(|currency| (currency.rate_micro, currency.rounding)),
        };
        let ((from_micro, _), (to_micro, rounding)) = (known(from)?, known(to)?);
        (from != to).then_some(Exchange { from, to, from_micro, to_micro, rounding })
    }
}

/// A rate that a quote was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QuoteRate {
    /// What was converted.
    pub from: Currency,
    /// What it became.
    pub to: Currency,
    /// What one unit of `from` was worth in it: `1.0850`.
    pub rate: String,
    /// How prices were rounded.
    pub rounding: Rounding,
}
