//! Promotions: what is taken off a cart beyond the discounts of products, and who pays for it.
//! `pricing` keeps them; its client is [`crate::pricing::PricingClient`].

use garde::Validate;
use kernel::{
    AccountId, CategoryId, Country, Currency, Email, Money, OrderId, ProductId, PromoCode, PromotionId, Slug,
    Timestamp, VendorId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most codes of one cart.
pub const CODES_MAX: usize = 5;

/// What a promotion does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "snake_case", tag = "type", deny_unknown_fields)]
pub enum Effect {
    /// Takes a part off what it applies to.
    Percent {
        /// In basis points, 1 to 10,000: 1000 is 10 %.
        #[garde(range(min = 1, max = 10_000))]
        percent_bp: i64,
    },
    /// Takes an amount off what it applies to, shared by the lines.
    AmountOff {
        /// In minor units.
        #[garde(range(min = 1, max = 100_000_000))]
        amount_minor: i64,
    },
    /// Each unit costs this, if it is less.
    UnitPrice {
        /// In minor units.
        #[garde(range(min = 0, max = 100_000_000))]
        amount_minor: i64,
    },
    /// Of every `buy + get` units it applies to, the cheapest `get` cost nothing.
    BuyGet {
        /// Units to pay.
        #[garde(range(min = 1, max = 100))]
        buy: i64,
        /// Units for nothing.
        #[garde(range(min = 1, max = 100))]
        get: i64,
    },
    /// The shipping of every vendor of whom something qualifies costs nothing.
    FreeShipping,
}

/// Creates or changes a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct PromotionInput {
    /// Name that buyers see.
    #[garde(length(chars, min = 1, max = 80))]
    pub name: String,
    /// What a buyer has to type for it; without one it applies by itself.
    #[serde(default)]
    pub code: Option<PromoCode>,
    /// Currency of its amounts: for carts in another one they are converted, if the shop sells in both; otherwise it does
    /// not apply there.
    pub currency: Currency,
    /// From.
    pub starts_at: Timestamp,
    /// Until, exclusive; open if left out.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// Products it applies to, beside those of `category_ids`; everything if both are empty.
    #[serde(default)]
    #[garde(length(max = 1000))]
    pub product_ids: Vec<ProductId>,
    /// Categories it applies to, with all below them.
    #[serde(default)]
    #[garde(length(max = 100))]
    pub category_ids: Vec<CategoryId>,
    /// Only goods of these vendors; of all if empty. A vendor's own promotion is on its goods alone.
    #[serde(default)]
    #[garde(length(max = 100))]
    pub vendor_ids: Vec<VendorId>,
    /// What the goods it applies to must be worth at least, in minor units.
    #[serde(default)]
    #[garde(range(min = 0, max = 100_000_000))]
    pub minimum_minor: i64,
    /// Only for a customer's first order.
    #[serde(default)]
    pub first_order: bool,
    /// Only for orders to these countries; to all if empty.
    #[serde(default)]
    #[garde(length(max = 100))]
    pub countries: Vec<Country>,
    /// Keys of groups of customers: only for those who are in one of them; for everybody if empty. Guests are in none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(length(max = 100))]
    pub groups: Vec<Slug>,
    /// What it does.
    #[garde(dive)]
    pub effect: Effect,
    /// Smaller ones are applied first, the next ones to what is left.
    #[serde(default)]
    #[garde(range(min = -1000, max = 1000))]
    pub priority: i64,
    /// Shown to everybody in the shop, with its code.
    #[serde(default)]
    pub advertised: bool,
    /// Never together with another one. What is better for the buyer is taken.
    #[serde(default)]
    pub exclusive: bool,
    /// How many orders may have it.
    #[serde(default)]
    #[garde(range(min = 1, max = 1_000_000_000))]
    pub max_uses: Option<i64>,
    /// How many orders of one customer may have it.
    #[serde(default)]
    #[garde(range(min = 1, max = 1_000_000))]
    pub max_uses_per_customer: Option<i64>,
    /// What it may take off in all, in minor units.
    #[serde(default)]
    #[garde(range(min = 1, max = 1_000_000_000_000_i64))]
    pub budget_minor: Option<i64>,
    /// The platform's share of what it takes off, in basis points; the vendors whose goods are
    /// reduced bear the rest. A vendor's own promotion is the vendor's: 0.
    #[serde(default)]
    #[garde(range(min = 0, max = 10_000))]
    pub platform_share_bp: i64,
}

/// A promotion as the shop shows it to everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromotionNotice {
    /// Id.
    pub id: PromotionId,
    /// The vendor on whose goods it is; none for goods of several.
    pub vendor_id: Option<VendorId>,
    /// Its name.
    pub name: String,
    /// What a buyer has to type; nothing if it applies by itself.
    pub code: Option<PromoCode>,
    /// What it does.
    pub effect: Effect,
    /// What the goods it applies to must be worth at least; zero if nothing.
    pub minimum: Money,
    /// Only for a first order.
    pub first_order: bool,
    /// Until, exclusive; open if none.
    pub ends_at: Option<Timestamp>,
}

/// A promotion, for those who run it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromotionView {
    /// Id.
    pub id: PromotionId,
    /// The vendor whose own it is; none for the platform's.
    pub vendor_id: Option<VendorId>,
    /// What can be changed.
    pub input: PromotionInput,
    /// True within its period.
    pub active: bool,
    /// Orders that have it.
    pub uses: i64,
    /// What it has taken off.
    pub spent: Money,
    /// Version for `If-Match`.
    pub version: i64,
}

/// What a promotion takes off a line or a shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppliedPromotion {
    /// Promotion.
    pub promotion_id: PromotionId,
    /// Its name.
    pub name: String,
    /// How much (positive).
    pub amount: Money,
    /// The part of it that the platform pays; the vendor bears the rest.
    pub platform: Money,
}

/// What a promotion takes off in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QuotePromotion {
    /// Promotion.
    pub promotion_id: PromotionId,
    /// Its name.
    pub name: String,
    /// The code it was had by.
    pub code: Option<PromoCode>,
    /// How much (positive).
    pub amount: Money,
    /// The part of it that the platform pays.
    pub platform: Money,
    /// What that is in the promotion's own currency, in which its budget is counted; none if it is the same currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Money>,
}

impl QuotePromotion {
    /// What it counts against the promotion's budget, in minor units of its own currency.
    pub fn counted_minor(&self) -> i64 {
        self.counted.unwrap_or(self.amount).amount_minor
    }
}

/// Why a promotion does not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// There is no such code.
    Unknown,
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotStarted,
    /// What it applies to is worth too little.
    MinimumNotMet,
    /// Nothing in the cart is what it applies to, or nothing is left to take off.
    NothingQualifies,
    /// It does not count where the order goes.
    NotInCountry,
    /// It is for groups of customers, and the customer is in none of them.
    NotInGroup,
    /// It was used as often as it may be.
    UsedUp,
    /// The customer has used it.
    AlreadyUsed,
    /// It is for a first order.
    FirstOrderOnly,
    /// Another promotion is better, and the two do not go together.
    NotCombinable,
}

/// What became of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodeStanding {
    /// The code.
    pub code: PromoCode,
    /// True if it takes something off.
    pub applied: bool,
    /// Why it does not apply.
    pub reason: Option<Obstacle>,
    /// What is missing to its minimum.
    pub missing: Option<Money>,
    /// The same, for a person.
    pub text: String,
}

/// Who orders, for limits per customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Customer {
    /// The account. Believed of services only: whoever has logged in is known without.
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// The e-mail of a guest.
    #[serde(default)]
    pub email: Option<Email>,
}

impl Customer {
    /// True if nothing is known of who orders.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// Holds the promotions of an order that is about to be placed: all of them or none. The same order
/// again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct HoldPromotions {
    /// Order.
    #[garde(skip)]
    pub order_id: OrderId,
    /// Who orders.
    #[garde(dive)]
    pub customer: Customer,
    /// Promotions of the quote.
    #[garde(length(min = 1, max = 1000))]
    pub promotions: Vec<QuotePromotion>,
}

/// What became of a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Held {
    /// The promotion that could not be had, if one could not; then nothing is held.
    pub refused: Option<RefusedPromotion>,
}

/// A promotion that an order could not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefusedPromotion {
    /// Promotion.
    pub promotion_id: PromotionId,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<PromoCode>,
    /// Why.
    pub reason: Obstacle,
}
