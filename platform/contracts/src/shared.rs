//! Small documents that several services exchange.

use garde::Validate;
use kernel::Country;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Who receives it.
    #[garde(length(chars, min = 1, max = 100))]
    pub name: String,
    /// Company, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 100))]
    pub company: Option<String>,
    /// Street and number.
    #[garde(length(chars, min = 1, max = 120))]
    pub line1: String,
    /// Floor, flat, c/o.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 120))]
    pub line2: Option<String>,
    /// Postcode, where the country has them.
    #[serde(default)]
    #[garde(length(chars, max = 16))]
    pub postcode: String,
    /// Town.
    #[garde(length(chars, min = 1, max = 80))]
    pub city: String,
    /// State or province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 80))]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[garde(skip)]
    pub country: Country,
    /// For the carrier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 32))]
    pub phone: Option<String>,
}

/// Something that happened, for a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TimelineEntry {
    /// When.
    pub at: kernel::Timestamp,
    /// Machine-readable: `placed`, `paid`, `shipped` …
    pub kind: String,
    /// For a person.
    pub text: String,
}

/// One day of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DayValue {
    /// `2026-11-20`.
    pub date: String,
    /// The value; for money in minor units.
    pub value: i64,
}
