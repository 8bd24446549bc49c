//! What the cart refuses.

use contracts::promotions::CODES_MAX;
use kernel::{Currency, Error, FieldError, Kind};

use crate::model::{LINES_MAX, QUANTITY_MAX, WISHES_MAX};

/// A refusal of this service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CartError {
    /// Neither the token nor the account opens a cart.
    NotFound,
    /// The cart has no such line.
    LineNotFound,
    /// The account does not wish for that.
    NoSuchWish,
    /// The link confirms no notice.
    NoSuchNotice,
    /// The link ends no letters.
    NoSuchLetters,
    /// Nobody has to wait for that.
    CanBeHad,
    /// The account shares no wishes, or the link opens none.
    NoSuchList,
    /// The account wishes for as much as can be kept.
    TooManyWishes,
    /// The cart has as many codes as it can keep.
    TooManyCodes,
    /// The variant is unknown, withdrawn, or its store is closed.
    NotOnSale,
    /// No place for (all of) what the field names.
    Full(&'static str),
    /// More of one variant than a line may hold.
    TooMany,
    /// What is in the cart is sold in this currency, and what the field names in another.
    OtherCurrency(Currency, &'static str),
}

impl From<CartError> for Error {
    fn from(error: CartError) -> Self {
        match error {
            CartError::NotFound => Self::not_found("cart"),
            CartError::LineNotFound => Self::not_found("line"),
            CartError::NoSuchWish => Self::not_found("wish"),
            CartError::NoSuchNotice => {
                Self::invalid("token", "This link does not work (any more). Ask again on the product's page.")
            }
            CartError::NoSuchLetters => {
                Self::invalid("token", "This link does not work. Copy it whole from the letter.")
            }
            CartError::CanBeHad => Self::conflict("can_be_had", "This can be ordered now."),
            CartError::NoSuchList => Self::not_found("wish list"),
            CartError::TooManyWishes => {
                refused("wishes_full", "variant_id", format!("A wish list holds at most {WISHES_MAX} things."))
            }
            CartError::TooManyCodes => {
                refused("codes_full", "code", format!("A cart takes at most {CODES_MAX} codes. Take one out first."))
            }
            CartError::NotOnSale => Self::invalid("variant_id", "This is not on sale (any more)."),
            CartError::Full(field) => {
                refused("cart_full", field, format!("A cart holds at most {LINES_MAX} different things."))
            }
            CartError::TooMany => Self::invalid("quantity", format!("At most {QUANTITY_MAX} of one kind.")),
            CartError::OtherCurrency(currency, field) => {
                let reason = format!("The things in this cart are sold in {currency}. Order or remove them first.");
                refused("other_currency", field, reason)
            }
        }
    }
}

fn refused(code: &str, field: &str, reason: String) -> Error {
    Error::new(Kind::Invalid, code, reason.clone()).with_fields(vec![FieldError { field: field.to_owned(), reason }])
}
