//! Taxes: which rate holds for goods that go somewhere, and what is wrong with what an admin writes.

use std::collections::BTreeSet;

use contracts::taxes::{STANDARD, TaxAreaInput, TaxRate, ZERO};
use kernel::{Error, FieldError, Result, Slug, Timestamp};

/// The tax on something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tax {
    pub rate_bp: i64,
    pub name: String,
}

/// How a country and the region of the destination tax; what neither is kept for bears no tax.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Taxes {
    pub country: Option<TaxAreaInput>,
    pub region: Option<TaxAreaInput>,
}

impl Taxes {
    /// The region, then the country it is in.
    fn areas(&self) -> impl Iterator<Item = &TaxAreaInput> {
        self.region.iter().chain(&self.country)
    }

    /// True if the tax is added to prices.
    pub fn added(&self) -> bool {
        self.areas().next().is_some_and(|area| !area.prices_include_tax)
    }

    /// True if shipping is taxed like what is shipped.
    pub fn on_shipping(&self) -> bool {
        self.areas().next().is_some_and(|area| area.tax_shipping)
    }

    /// The rate of a category. What the region says nothing of is as in the country; a category that neither
    /// knows is taxed like the standard, except the one that bears no tax.
    pub fn of(&self, category: &str, now: Timestamp) -> Tax {
        let known = |category: &str| {
            self.areas().find_map(|area| {
                rate_at(&area.rates, category, now).map(|rate_bp| Tax { rate_bp, name: area.name.clone() })
            })
        };
        let standard = || known(STANDARD).filter(|_| category != ZERO);
        known(category).or_else(standard).unwrap_or_else(|| self.none())
    }

    /// No tax, by the name it has here.
    pub fn none(&self) -> Tax {
        let name = self.areas().next().map_or_else(|| "tax".to_owned(), |area| area.name.clone());
        Tax { rate_bp: 0, name }
    }
}

/// The rate that began last.
fn rate_at(rates: &[TaxRate], category: &str, now: Timestamp) -> Option<i64> {
    let begun = |rate: &&TaxRate| rate.category.as_str() == category && rate.valid_from.is_none_or(|from| from <= now);
    rates.iter().filter(begun).max_by_key(|rate| rate.valid_from).map(|rate| rate.rate_bp)
}

/// A region as it is kept: `ca ` is `CA`.
pub(crate) fn region_code(text: &str) -> Option<String> {
    Some(text.trim().to_uppercase()).filter(|code| !code.is_empty())
}

/// What the validation rules of the document cannot say. `categories` are the keys that there are.
pub(crate) fn check(
    mut input: TaxAreaInput,
    region: Option<&str>,
    categories: &BTreeSet<Slug>,
) -> Result<TaxAreaInput> {
    let mut wrong = Vec::new();
    let mut refuse = |field: String, reason: &str| wrong.push(FieldError { field, reason: reason.to_owned() });
    input.name = input.name.trim().to_owned();
    input.region_name = input.region_name.trim().to_owned();
    if input.name.is_empty() {
        refuse("name".to_owned(), "Give the tax a name, e.g. VAT.");
    }
    if region.is_none() && !input.region_name.is_empty() {
        refuse("region_name".to_owned(), "Only a region has a name of its own.");
    }
    for (i, rate) in input.rates.iter().enumerate() {
        if !categories.contains(&rate.category) {
            refuse(format!("rates[{i}].category"), "There is no such tax category.");
        }
        let same = |other: &TaxRate| other.category == rate.category && other.valid_from == rate.valid_from;
        if input.rates[..i].iter().any(same) {
            refuse(format!("rates[{i}].valid_from"), "Another rate of this category begins then.");
        }
    }
    if wrong.is_empty() { Ok(input) } else { Err(Error::invalid_fields(wrong)) }
}
