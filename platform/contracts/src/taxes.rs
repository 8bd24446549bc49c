//! Taxes by country, region and category. `pricing` keeps them; its client is
//! [`crate::pricing::PricingClient`].

use garde::Validate;
use kernel::{Country, Money, Slug, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Key of the category that a product is in unless its vendor says otherwise.
pub const STANDARD: &str = "standard";
/// Key of the category whose goods bear no tax where no rate is set for them.
pub const ZERO: &str = "zero";

/// A kind of goods that is taxed alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct TaxCategory {
    /// What products and rates call it: `standard`, `reduced`, `zero`, or the platform's own.
    pub key: Slug,
    /// Name that vendors choose by.
    #[garde(length(chars, min = 1, max = 60))]
    pub name: String,
}

/// A rate from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct TaxRate {
    /// Key of the category.
    pub category: Slug,
    /// Rate in basis points.
    #[garde(range(min = 0, max = 5_000))]
    pub rate_bp: i64,
    /// From then on, until the next one of the category begins; since ever if left out.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
}

/// Sets how a country or a region of one taxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct TaxAreaInput {
    /// What the tax is called: `VAT`.
    #[garde(length(chars, min = 1, max = 40))]
    pub name: String,
    /// What people call the region in addresses, beside its code: `California`.
    #[serde(default)]
    #[garde(length(chars, max = 80))]
    pub region_name: String,
    /// True if the prices of goods contain the tax that goes there; otherwise it is added to them.
    pub prices_include_tax: bool,
    /// True if shipping is taxed like the goods in the parcel, by what they are worth.
    pub tax_shipping: bool,
    /// The rates.
    #[garde(length(max = 100), dive)]
    pub rates: Vec<TaxRate>,
}

/// How a country or a region of one taxes. What no area is kept for bears no tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaxArea {
    /// Country.
    pub country: Country,
    /// Code of the region, in upper case: `CA`; none for all of the country.
    pub region: Option<String>,
    /// What can be changed.
    pub input: TaxAreaInput,
    /// Version for `If-Match`.
    pub version: i64,
}

/// What is taxed at one rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaxLine {
    /// What the tax is called.
    pub name: String,
    /// Rate in basis points.
    pub rate_bp: i64,
    /// What is taxed, without the tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
}
