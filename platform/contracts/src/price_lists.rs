//! Prices for groups of customers. `pricing` keeps them; its client is [`crate::pricing::PricingClient`].

use garde::Validate;
use kernel::{Currency, PriceListId, Slug, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most groups of customers.
pub const GROUPS_MAX: usize = 100;

/// Customers that have prices of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct CustomerGroup {
    /// What price lists call it: `trade`.
    pub key: Slug,
    /// Its name.
    #[garde(length(chars, min = 1, max = 60))]
    pub name: String,
}

/// The groups that a customer is in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct GroupsOfCustomer {
    /// Keys of the groups.
    #[garde(length(max = GROUPS_MAX))]
    pub groups: Vec<Slug>,
}

/// What a variant costs the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ListedPrice {
    /// SKU of one of the vendor's variants.
    #[garde(length(chars, min = 1, max = 60))]
    pub sku: String,
    /// What one costs, in minor units.
    #[garde(range(min = 1, max = 100_000_000))]
    pub price_minor: i64,
}

/// Creates or changes a price list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct PriceListInput {
    /// Name that its customers see.
    #[garde(length(chars, min = 1, max = 80))]
    pub name: String,
    /// Key of the group it is for.
    pub group: Slug,
    /// Currency of its prices: that of the products, or any other that the shop sells in. In quotes of that currency such
    /// prices take the place of converted ones.
    pub currency: Currency,
    /// From.
    pub starts_at: Timestamp,
    /// Until, exclusive; open if left out.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// The prices.
    #[garde(length(min = 1, max = 1_000), dive)]
    pub prices: Vec<ListedPrice>,
}

/// A price list, for its vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PriceListView {
    /// Id.
    pub id: PriceListId,
    /// What can be changed. Prices of variants that are gone are left out.
    pub input: PriceListInput,
    /// True within its period.
    pub active: bool,
    /// Version for `If-Match`.
    pub version: i64,
}
