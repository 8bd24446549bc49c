//! Ways to pay, and where they are offered.

use kernel::{Country, Currency, Money};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A way to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MethodView {
    /// For [`crate::orders::PaymentChoice::method`].
    pub method: String,
    /// For a person.
    pub label: String,
    /// What happens.
    pub hint: String,
    /// Countries to which it is offered; none: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<Country>,
    /// Currencies in which it is offered; none: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub currencies: Vec<Currency>,
    /// Hours for which an order waits for the money, where that takes longer than usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_within_hours: Option<u32>,
    /// True if the courier collects the money: only where all of the order is delivered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_delivery: bool,
    /// The dearest orders that may be paid this way, one sum per currency; none: there is no limit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Money>,
    /// What it costs to pay this way, one sum per currency; in others, and without any, nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Money>,
    /// Where buyers send the money to by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<BankAccount>,
}

impl MethodView {
    /// One that is offered everywhere.
    pub fn new(method: impl Into<String>, label: impl Into<String>, hint: impl Into<String>) -> Self {
        let (method, label, hint) = (method.into(), label.into(), hint.into());
        let (countries, currencies, limits, fees) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (pay_within_hours, account, on_delivery) = (None, None, false);
        Self { method, label, hint, countries, currencies, pay_within_hours, on_delivery, limits, fees, account }
    }
    /// True if an order to this country, in this currency, may be paid this way.
    pub fn is_offered(&self, country: &Country, currency: Currency) -> bool {
        (self.countries.is_empty() || self.countries.contains(country))
            && (self.currencies.is_empty() || self.currencies.contains(&currency))
    }
    /// What it costs to pay this way, if it costs anything.
    pub fn fee(&self, currency: Currency) -> Option<Money> {
        self.fees.iter().find(|fee| fee.currency == currency).copied()
    }
    /// True if an order of this total may be paid this way; `has_undelivered`: no courier brings some of it.
    pub fn takes(&self, total: Money, has_undelivered: bool) -> bool {
        let within = |limit: &Money| limit.currency == total.currency && total.amount_minor <= limit.amount_minor;
        !(self.on_delivery && has_undelivered) && (self.limits.is_empty() || self.limits.iter().any(within))
    }
}

/// An account at a bank.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BankAccount {
    /// Whose it is.
    pub holder: String,
    /// Its number.
    pub iban: String,
    /// The bank's, for transfers from abroad.
    pub bic: String,
    /// The bank.
    pub bank: String,
}
