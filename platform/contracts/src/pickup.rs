//! Where buyers fetch what they have ordered themselves.

use garde::Validate;
use kernel::Country;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A place of the vendor's where its buyers fetch their goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PickupPlace {
    /// Street and number.
    #[garde(length(chars, min = 1, max = 120))]
    pub line1: String,
    /// Postcode, where the country has them.
    #[serde(default)]
    #[garde(length(chars, max = 16))]
    pub postcode: String,
    /// Town.
    #[garde(length(chars, min = 1, max = 80))]
    pub city: String,
    /// ISO 3166-1 alpha-2.
    #[garde(skip)]
    pub country: Country,
    /// When it is open, and what to know: `Tue to Sat 10–18, ring at the yard gate`.
    #[serde(default)]
    #[garde(length(chars, max = 300))]
    pub hours: String,
}

impl PickupPlace {
    /// What stands in the place of a carrier's name where goods are fetched.
    pub const CARRIER: &'static str = "Pick-up";

    /// `Rua das Olarias 5, 8600 Lagos, PT`
    pub fn line(&self) -> String {
        let town = format!("{} {}", self.postcode, self.city);
        format!("{}, {}, {}", self.line1, town.trim(), self.country.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_one_line() {
        let place = |postcode: &str| PickupPlace {
            line1: "Rua das Olarias 5".to_owned(),
            postcode: postcode.to_owned(),
            city: "Lagos".to_owned(),
            country: "PT".parse().unwrap(),
            hours: String::new(),
        };
        assert_eq!(place("8600").line(), "Rua das Olarias 5, 8600 Lagos, PT");
        assert_eq!(place("").line(), "Rua das Olarias 5, Lagos, PT");
    }
}
