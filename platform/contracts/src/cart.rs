//! Carts of guests and customers, across vendors.

use garde::Validate;
use kernel::{
    AccountId, CartId, Currency, Email, Money, OrderId, Page, PageRequest, ProductId, PromoCode, Secret, Slug,
    Timestamp, VariantId, VendorId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::inventory::StockLevel;

/// Header that carries a guest's cart token.
pub const CART_TOKEN_HEADER: &str = "cart-token";

/// A new cart and the token that opens it. The token is shown once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct NewCart {
    /// Send it as `Cart-Token`.
    pub token: Secret,
    /// The cart.
    pub cart: CartView,
}

/// A cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CartView {
    /// Id; opens nothing.
    pub id: CartId,
    /// Lines, in the order they were added.
    pub lines: Vec<CartLine>,
    /// Lines kept for later: they are not ordered.
    #[serde(default)]
    pub later: Vec<CartLine>,
    /// Number of items to be ordered.
    pub items: i64,
    /// Sum of the lines that can be had, before shipping; none if the cart is empty.
    pub subtotal: Option<Money>,
    /// Codes of promotions. What they come to, the quote says.
    #[serde(default)]
    pub codes: Vec<PromoCode>,
    /// In what the buyer wants to pay, if that was chosen: quotes are asked in it. Lines are told in what they are sold in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Changed at.
    pub updated_at: Timestamp,
    /// Changes with every edit.
    pub version: i64,
}

/// A line of a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CartLine {
    /// Variant.
    pub variant_id: VariantId,
    /// Product.
    pub product_id: ProductId,
    /// Name of the product in addresses.
    pub product_slug: Slug,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Vendor's name.
    pub vendor_name: String,
    /// Vendor's name in addresses.
    pub vendor_slug: String,
    /// Title.
    pub title: String,
    /// Values of the options.
    pub options: Vec<String>,
    /// What one of it is made of, if it is a bundle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<CartPart>,
    /// Small picture.
    pub picture_url: Option<String>,
    /// How many.
    pub quantity: i64,
    /// Price of one now.
    pub unit_price: Money,
    /// Struck price of one, if it is reduced.
    pub compare_at: Option<Money>,
    /// `unit_price * quantity`.
    pub total: Money,
    /// Price of one when it was added, if it has changed since.
    pub price_when_added: Option<Money>,
    /// Whether it can be had.
    pub stock: StockLevel,
    /// False if it is no longer on sale.
    pub available: bool,
}

/// A part of a bundle in a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CartPart {
    /// Variant.
    pub variant_id: VariantId,
    /// Title of its product.
    pub title: String,
    /// Values of its options.
    pub options: Vec<String>,
    /// How many of it lie in one bundle.
    pub quantity: i64,
}

/// Adds to a line.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AddLine {
    /// Variant.
    #[garde(skip)]
    pub variant_id: VariantId,
    /// How many more.
    #[garde(range(min = 1, max = 10_000))]
    pub quantity: i64,
}

/// Sets the quantity of a line; 0 removes it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetQuantity {
    /// How many.
    #[garde(range(min = 0, max = 10_000))]
    pub quantity: i64,
}

/// Keeps a line for later, or wants it now.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetLater {
    /// True if it is not to be ordered yet.
    #[garde(skip)]
    pub later: bool,
}

/// Chooses in what a cart is paid.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetCurrency {
    /// The currency; without one it is open again.
    #[serde(default)]
    #[garde(skip)]
    pub currency: Option<Currency>,
}

/// Adds a code of a promotion.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AddCode {
    /// The code, in upper or lower case.
    #[garde(skip)]
    pub code: PromoCode,
}

/// Wishes for something.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct MakeWish {
    /// Write once it can be had again. Counts while it is sold out.
    #[serde(default)]
    #[garde(skip)]
    pub tell_when_back: bool,
}

/// Asks for a letter to an address without an account, once something that is sold out is back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AskNotice {
    /// What is sold out.
    #[garde(skip)]
    pub variant_id: VariantId,
    /// Where to.
    #[garde(skip)]
    pub email: Email,
}

/// The token of a link from such a letter.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NoticeToken {
    /// From the link.
    #[garde(skip)]
    pub token: Secret,
}

/// A notice that was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeView {
    /// What is waited for.
    pub variant_id: VariantId,
    /// Title with the options.
    pub title: String,
    /// Its product's page.
    pub product_slug: Slug,
}

/// Something an account wishes for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WishView {
    /// What it would be in a cart: one of it, at the price of now.
    pub line: CartLine,
    /// When it was wished for.
    pub wished_at: Timestamp,
    /// True if a letter is sent once it can be had again.
    pub tell_when_back: bool,
}

/// Shows one's wishes to whoever has the link.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ShareWishes {
    /// What the list is called there.
    #[garde(length(chars, min = 1, max = 80))]
    pub title: String,
}

/// How one's wishes are shown to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SharedWishes {
    /// What the list is called.
    pub title: String,
    /// Opens it: the last part of the link.
    pub token: String,
}

/// Somebody's wishes, for who has the link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WishList {
    /// What the list is called.
    pub title: String,
    /// Its first wishes, newest first.
    pub wishes: Vec<WishView>,
}

/// Merges a guest's cart into the one of the account logged in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct MergeCart {
    /// The guest's token; it no longer opens anything afterwards.
    #[garde(skip)]
    pub token: Secret,
}

/// Orders something once more.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Reorder {
    /// What was ordered.
    #[garde(skip)]
    pub order_id: OrderId,
    /// Opens an order that was placed without an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub order_token: Option<Secret>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reordered {
    /// The cart, with all that could be had.
    pub cart: CartView,
    /// What could not.
    pub missing: Vec<NotReordered>,
}

/// Something that was ordered and did not come into the cart once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotReordered {
    /// Variant.
    pub variant_id: VariantId,
    /// What it was called when it was ordered.
    pub title: String,
    /// Values of the options.
    pub options: Vec<String>,
    /// Why not.
    pub reason: WhyNotReordered,
}

/// Why something is not ordered once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhyNotReordered {
    /// It was taken off sale, or its store is closed.
    NotOnSale,
    /// There is none.
    SoldOut,
    /// It is sold in another currency than the rest of the cart.
    OtherCurrency,
    /// With what is in the cart it would be more than a line may hold.
    TooMany,
    /// The cart is full.
    CartFull,
}

/// A cart with something in it was not touched for some time, and its account may be written to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CartAbandoned {
    /// Cart.
    pub cart_id: CartId,
    /// Whose.
    pub account_id: AccountId,
    /// Number of items.
    pub items: i64,
    /// Path of the page that ends such letters to the account.
    #[serde(default)]
    pub stop: String,
}

/// Something an account wished for was sold out and can be had again; the account wanted to know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WishAvailable {
    /// The account's cart: its events stand in one order.
    pub cart_id: CartId,
    /// Whose wish.
    pub account_id: AccountId,
    /// Variant.
    pub variant_id: VariantId,
    /// Name of the product in addresses.
    pub product_slug: Slug,
    /// Title of the product.
    pub title: String,
    /// Values of the variant's options.
    pub options: Vec<String>,
}

events! { "cart" by cart_id {
    CartAbandoned = "cart.abandoned";
    WishAvailable = "cart.wish_available";
} }

client! {
    /// Client of the cart. A guest's calls carry the `cart-token` header.
    CartClient for "cart" {
        /// Opens a guest's cart, with a first line if one is given.
        post create() body Option<AddLine> => NewCart, "/api/v1/carts";
        /// The cart: of the token, or of the account logged in (opened when needed).
        get current() => CartView, "/api/v1/carts/current";
        /// Adds to a line.
        post add() body AddLine => CartView, "/api/v1/carts/current/lines";
        /// Sets a quantity.
        put set_quantity(variant_id: VariantId) body SetQuantity => CartView, "/api/v1/carts/current/lines/{variant_id}";
        /// Removes a line.
        delete remove(variant_id: VariantId) => CartView, "/api/v1/carts/current/lines/{variant_id}";
        /// Empties it.
        delete clear() => CartView, "/api/v1/carts/current/lines";
        /// Adds a code of a promotion.
        post add_code() body AddCode => CartView, "/api/v1/carts/current/codes";
        /// Takes a code out.
        delete remove_code(code: String) => CartView, "/api/v1/carts/current/codes/{code}";
        /// Chooses in what it is paid.
        put set_currency() body SetCurrency => CartView, "/api/v1/carts/current/currency";
        /// Keeps a line for later, or wants it now.
        put set_later(variant_id: VariantId) body SetLater => CartView, "/api/v1/carts/current/lines/{variant_id}/later";
        /// What the account wishes for, newest first.
        get wishes() query PageRequest => Page<WishView>, "/api/v1/me/wishes";
        /// Wishes for a variant.
        put wish(variant_id: VariantId) body MakeWish => WishView, "/api/v1/me/wishes/{variant_id}";
        /// Wishes for it no longer.
        delete unwish(variant_id: VariantId) => (), "/api/v1/me/wishes/{variant_id}";
        /// How the wishes are shared, if they are.
        get shared() => SharedWishes, "/api/v1/me/wishes/share";
        /// Shares the wishes, or gives the list another title.
        put share() body ShareWishes => SharedWishes, "/api/v1/me/wishes/share";
        /// Shares them no longer: the link opens nothing any more.
        delete unshare() => (), "/api/v1/me/wishes/share";
        /// Somebody's wishes.
        get wish_list(token: String) => WishList, "/api/v1/wishes/{token}";
        /// Asks for a letter once something is back.
        post ask_notice() body AskNotice => (), "/api/v1/stock-notices";
        /// Confirms that.
        post confirm_notice() body NoticeToken => NoticeView, "/api/v1/stock-notices/confirmations";
        /// Ends all that is asked for an address.
        post stop_notices() body NoticeToken => (), "/api/v1/stock-notices/stops";
        /// Ends letters about carts left behind.
        post stop_letters() body NoticeToken => (), "/api/v1/cart-letters/stops";
        /// Puts what was ordered into it once more.
        post reorder() body Reorder => Reordered, "/api/v1/carts/current/reorders";
        /// Merges a guest's cart into the account's.
        post merge() body MergeCart => CartView, "/api/v1/carts/current/merge";
    }
}
