//! Placing an order: by its buyer, or by an admin for a buyer.

use garde::Validate;
use kernel::{AccountId, CartId, Country, Currency, Email, PromoCode, Secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OrderView;
use crate::{
    credits::PayWithCredits,
    pricing::{ShippingChoice, WantedLine},
    promotions::CODES_MAX,
    shared::Address,
};

/// How to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PaymentChoice {
    /// Provider and method: `card`; `none` if there is nothing to pay, which any of them may be said for, too.
    #[garde(length(chars, min = 1, max = 40))]
    pub method: String,
    /// A single-use token of the provider that stands for a card; without one the buyer is sent to
    /// the provider's page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 200))]
    pub token: Option<String>,
    /// Where the provider's page sends the buyer back to (a path of this site).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 500))]
    pub return_path: Option<String>,
}

/// The way to pay an order that costs nothing.
pub const NOTHING_TO_PAY: &str = "none";

/// Most characters of the message that comes with a gift.
pub const GIFT_MESSAGE_MAX: usize = 300;

/// Says that an order is a gift: its packing slips greet whom it is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Gift {
    /// A word to whom it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = GIFT_MESSAGE_MAX))]
    pub message: Option<String>,
}

/// Places an order. Needs an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PlaceOrder {
    /// Hash of the quote the buyer accepted.
    #[garde(length(min = 64, max = 64))]
    pub quote_hash: String,
    /// Currency of the quote.
    #[garde(skip)]
    pub currency: Currency,
    /// Lines of the quote.
    #[garde(length(min = 1, max = 100), dive)]
    pub lines: Vec<WantedLine>,
    /// Chosen methods of the quote.
    #[serde(default)]
    #[garde(length(max = 100), dive)]
    pub shipping: Vec<ShippingChoice>,
    /// Codes of the quote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(length(max = CODES_MAX))]
    pub codes: Vec<PromoCode>,
    /// Where to write to.
    #[garde(skip)]
    pub email: Email,
    /// Where it goes. Its country is the quote's.
    #[garde(dive)]
    pub address: Address,
    /// For the invoice, if it is another.
    #[serde(default)]
    #[garde(dive)]
    pub billing_address: Option<Address>,
    /// How to pay.
    #[garde(dive)]
    pub payment: PaymentChoice,
    /// What is paid with gift cards and store credit, before anything is paid that way.
    #[serde(default, skip_serializing_if = "PayWithCredits::is_empty")]
    #[garde(dive)]
    pub credits: PayWithCredits,
    /// Cart to be emptied when the order is placed.
    #[serde(default)]
    #[garde(skip)]
    pub cart_id: Option<CartId>,
    /// A word to the vendors.
    #[serde(default)]
    #[garde(length(chars, max = 500))]
    pub note: Option<String>,
    /// That it is a gift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub gift: Option<Gift>,
}

/// Pays an order another way.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PayAnotherWay {
    /// One of the ways to pay that are offered to the order's country, in its currency.
    #[garde(length(chars, min = 1, max = 40))]
    pub method: String,
}

/// Answer to a placement: the order, and for guests the token that opens it later.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PlacedOrder {
    /// Send it as `Order-Token` to see the order without an account.
    pub token: Secret,
    /// The order.
    pub order: OrderView,
}

/// Asks what an order costs that an admin makes for a buyer: what the buyer would be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct QuoteForBuyer {
    /// Account of the buyer, if it has one.
    #[serde(default)]
    #[garde(skip)]
    pub account_id: Option<AccountId>,
    /// The buyer's address, without an account.
    #[serde(default)]
    #[garde(skip)]
    pub email: Option<Email>,
    /// Currency.
    #[garde(skip)]
    pub currency: Currency,
    /// Where it goes.
    #[garde(skip)]
    pub country: Country,
    /// State or province it goes to.
    #[serde(default)]
    #[garde(length(chars, max = 80))]
    pub region: Option<String>,
    /// What is wanted.
    #[garde(length(min = 1, max = 100), dive)]
    pub lines: Vec<WantedLine>,
    /// Chosen methods.
    #[serde(default)]
    #[garde(length(max = 100), dive)]
    pub shipping: Vec<ShippingChoice>,
    /// How it is to be paid, as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 40))]
    pub payment_method: Option<String>,
}

/// Makes an order for a buyer, who gets a mail with the way to pay it. Needs an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct MakeOrder {
    /// Hash of the quote that was looked at.
    #[garde(length(min = 64, max = 64))]
    pub quote_hash: String,
    /// Account of the buyer, whose order it is. Its own address is written to.
    #[serde(default)]
    #[garde(skip)]
    pub account_id: Option<AccountId>,
    /// Where to write to, without an account.
    #[serde(default)]
    #[garde(skip)]
    pub email: Option<Email>,
    /// Currency of the quote.
    #[garde(skip)]
    pub currency: Currency,
    /// Lines of the quote.
    #[garde(length(min = 1, max = 100), dive)]
    pub lines: Vec<WantedLine>,
    /// Chosen methods of the quote.
    #[serde(default)]
    #[garde(length(max = 100), dive)]
    pub shipping: Vec<ShippingChoice>,
    /// Where it goes. Its country is the quote's.
    #[garde(dive)]
    pub address: Address,
    /// The way to pay that is offered first; the buyer may take another.
    #[garde(length(chars, min = 1, max = 40))]
    pub payment_method: String,
    /// A word to the vendors.
    #[serde(default)]
    #[garde(length(chars, max = 500))]
    pub note: Option<String>,
}
