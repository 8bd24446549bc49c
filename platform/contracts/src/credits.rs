//! Stored value: gift cards, which whoever has the code may use, and store credit, which belongs to an account.

use garde::Validate;
use kernel::{AccountId, CreditId, Currency, Email, Money, OrderId, Page, PageRequest, Secret, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most gift cards that one order is paid with.
pub const CREDIT_CODES_MAX: usize = 5;
/// Most that is given at once, in minor units.
pub const CREDIT_MINOR_MAX: i64 = 100_000_000;
/// Most that can be said to be covered of an order, in minor units.
pub const COVERED_MINOR_MAX: i64 = 100_000_000_000;

/// What kind of stored value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CreditKind {
    /// Whoever has the code may use it.
    GiftCard,
    /// It belongs to an account.
    StoreCredit,
}

/// Whether it can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CreditStatus {
    /// It can.
    Active,
    /// An admin has blocked it.
    Blocked,
    /// Its time is over.
    Expired,
}

/// How much of an order is paid with stored value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PayWithCredits {
    /// Codes of gift cards, used in this order. Blanks, hyphens and lower case do not matter.
    #[serde(default)]
    #[garde(length(max = CREDIT_CODES_MAX))]
    pub codes: Vec<Secret>,
    /// True if the account's store credit is used, too, for what the cards leave.
    #[serde(default)]
    #[garde(skip)]
    pub use_store_credit: bool,
    /// What the buyer was told that they cover, in minor units: if it is not that now, nothing is ordered.
    #[serde(default)]
    #[garde(range(min = 0, max = COVERED_MINOR_MAX))]
    pub covered_minor: Option<i64>,
}

impl PayWithCredits {
    /// True if nothing is to be paid with stored value.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty() && !self.use_store_credit && self.covered_minor.unwrap_or(0) == 0
    }
}

/// Asks what stored value would cover of a total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CoverRequest {
    /// What is to be paid.
    #[garde(skip)]
    pub total: Money,
    /// With what.
    #[garde(dive)]
    pub credits: PayWithCredits,
}

/// What one credit covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoveredPart {
    /// Kind.
    pub kind: CreditKind,
    /// Last characters of the code, if it is a gift card.
    pub last4: Option<String>,
    /// How much.
    pub amount: Money,
}

/// What stored value covers of a total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cover {
    /// All of it together.
    pub covered: Money,
    /// What is left to be paid another way.
    pub left: Money,
    /// Credit by credit, without those that nothing was left for.
    pub parts: Vec<CoveredPart>,
}

/// Holds what is to be paid with stored value for an order that is about to be placed (our own services).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct HoldCredits {
    /// What the order costs.
    #[garde(skip)]
    pub total: Money,
    /// Who orders, unless a guest.
    #[garde(skip)]
    pub account_id: Option<AccountId>,
    /// With what.
    #[garde(dive)]
    pub credits: PayWithCredits,
}

/// What is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HeldCredits {
    /// All of it together.
    pub covered: Money,
}

/// Asks for what is left on a gift card.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CheckGiftCard {
    /// As it is typed.
    #[garde(skip)]
    pub code: Secret,
}

/// What is left on a gift card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GiftCardBalance {
    /// Last characters of its code.
    pub last4: String,
    /// What can be used.
    pub balance: Money,
    /// Whether it can be used.
    pub status: CreditStatus,
    /// Until when.
    pub expires_at: Option<Timestamp>,
}

/// Gives stored value (admins). Needs an `Idempotency-Key`. A second time for the same account and currency adds to its store
/// credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct IssueCredit {
    /// Kind.
    #[garde(skip)]
    pub kind: CreditKind,
    /// How much, in minor units.
    #[garde(range(min = 1, max = CREDIT_MINOR_MAX))]
    pub amount_minor: i64,
    /// Currency: it pays orders in this one alone.
    #[garde(skip)]
    pub currency: Currency,
    /// Until when a gift card can be used; always if left out. Store credit does not expire.
    #[serde(default)]
    #[garde(skip)]
    pub expires_at: Option<Timestamp>,
    /// Who gets the code of a gift card by mail, if anybody.
    #[serde(default)]
    #[garde(skip)]
    pub email: Option<Email>,
    /// Whose store credit it is.
    #[serde(default)]
    #[garde(skip)]
    pub account_id: Option<AccountId>,
    /// Why; admins read it.
    #[serde(default)]
    #[garde(length(chars, max = 300))]
    pub note: Option<String>,
    /// In which language the mail with the code is: one of en, de, fr and es; English if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 20))]
    pub language: Option<String>,
}

/// Writes off what is left of a credit whose time is over (admins). Needs an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct WriteOffCredit {
    /// Why; it stays in the history.
    #[garde(length(chars, min = 1, max = 300))]
    pub reason: String,
}

/// A gift card or a store credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CreditView {
    /// Id.
    pub id: CreditId,
    /// Kind.
    pub kind: CreditKind,
    /// Last characters of the code, if it is a gift card.
    pub last4: Option<String>,
    /// Whose it is, if it is store credit.
    pub account_id: Option<AccountId>,
    /// What can be used.
    pub balance: Money,
    /// What is held for orders that are not paid yet.
    pub held: Money,
    /// All that was ever given.
    pub issued: Money,
    /// Whether it can be used.
    pub status: CreditStatus,
    /// Until when.
    pub expires_at: Option<Timestamp>,
    /// Who got the code (admins only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Why it was given (admins only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Given first at.
    pub created_at: Timestamp,
}

/// What was given. The code is in no other answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssuedCredit {
    /// Code of a gift card, in groups of four.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// The credit.
    pub credit: CreditView,
}

/// Something that happened to a credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CreditMovement {
    /// When.
    pub at: Timestamp,
    /// `issued`, `held` for an order, `released` because it was not paid, `spent` with its payment, `restored` by a refund,
    /// `written_off` after its time was over.
    pub kind: String,
    /// What it changes what can be used by.
    pub amount: Money,
    /// What it changes what is held by.
    pub held: Money,
    /// The order.
    pub order_id: Option<OrderId>,
    /// Number of the order, once it has one.
    pub order_number: Option<String>,
    /// Why it was written off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Filters credits (admins).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct CreditQuery {
    /// Only these.
    #[serde(default)]
    pub kind: Option<CreditKind>,
    /// Only these.
    #[serde(default)]
    pub status: Option<CreditStatus>,
    /// Only of this account.
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// Last characters of the code, or the address that it was sent to.
    #[serde(default)]
    pub q: Option<String>,
    /// True for those only of which something is left.
    #[serde(default)]
    pub left: Option<bool>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

/// What the mail with a gift card says (our own services).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GiftCardLetter {
    /// Who gets it.
    pub email: Email,
    /// The code, in groups of four.
    pub code: Secret,
    /// What it is worth.
    pub amount: Money,
    /// Until when.
    pub expires_at: Option<Timestamp>,
}

/// A gift card was given to somebody who gets its code by mail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GiftCardIssued {
    /// Which.
    pub credit_id: CreditId,
    /// In which language it is written about, if that is not English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

events! { "credit" by credit_id {
    GiftCardIssued = "gift_card.issued";
} }

client! {
    /// Client of stored value, which the payments service keeps.
    CreditsClient for "payments" {
        /// What is left on a gift card.
        post check() body CheckGiftCard => GiftCardBalance, "/api/v1/credits/check";
        /// What stored value would cover of a total.
        post cover() body CoverRequest => Cover, "/api/v1/credits/cover";
        /// The account's store credit.
        get mine() => Vec<CreditView>, "/api/v1/me/credits";
        /// What happened to it, newest first.
        get my_movements() query PageRequest => Page<CreditMovement>, "/api/v1/me/credits/movements";
        /// Gift cards and store credit, newest first (admins).
        get all() query CreditQuery => Page<CreditView>, "/api/v1/admin/credits";
        /// One of them (admins).
        get one(id: CreditId) => CreditView, "/api/v1/admin/credits/{id}";
        /// What happened to it, newest first (admins).
        get movements(id: CreditId) query PageRequest => Page<CreditMovement>, "/api/v1/admin/credits/{id}/movements";
        /// Gives stored value (admins; header `idempotency-key`).
        post issue() body IssueCredit => IssuedCredit, "/api/v1/admin/credits";
        /// Nobody can use it until it is unblocked (admins).
        post block(id: CreditId) => CreditView, "/api/v1/admin/credits/{id}/block";
        /// It can be used again (admins).
        post unblock(id: CreditId) => CreditView, "/api/v1/admin/credits/{id}/unblock";
        /// Writes off what is left of it after its time is over (admins; header `idempotency-key`).
        post write_off(id: CreditId) body WriteOffCredit => CreditView, "/api/v1/admin/credits/{id}/write-off";
        /// Holds stored value for an order that is about to be placed (our own services).
        post hold(order_id: OrderId) body HoldCredits => HeldCredits, "/internal/orders/{order_id}/credits";
        /// An account's store credit (our own services).
        get of_account(account_id: AccountId) => Vec<CreditView>, "/internal/accounts/{account_id}/credits";
        /// What the mail with a gift card says (our own services).
        get letter(id: CreditId) => GiftCardLetter, "/internal/credits/{id}/letter";
    }
}
