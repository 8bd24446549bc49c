//! Codes of promotions: typed in the cart or at checkout, kept in the cart, explained by the quote.

use contracts::{
    cart::{AddCode, CartView},
    pricing::Quote,
    promotions::Obstacle,
};
use kernel::{Kind, PromoCode, Result};

use super::{cart, sums};
use crate::{fmt::Fmt, ui::Field, visit::Visit};

/// The codes of a cart with what became of each, and the field for another one.
#[derive(Debug, Clone)]
pub struct Codes {
    /// Codes of the cart.
    pub codes: Vec<Code>,
    /// For another one.
    pub field: Field,
}

/// A code of the cart.
#[derive(Debug, Clone)]
pub struct Code {
    /// The code.
    pub code: String,
    /// What it takes off, or why it does not.
    pub text: String,
    /// True if it takes something off.
    pub applied: bool,
}

/// A code that was typed and could not be taken.
#[derive(Debug, Clone, Default)]
pub struct Mistyped {
    /// What was typed.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Codes {
    /// The codes of a cart as its quote explains them.
    pub fn of(fmt: &Fmt, cart: Option<&CartView>, quote: Option<&Quote>, wrong: Option<Mistyped>) -> Self {
        let code = |code: &PromoCode| {
            let standing = quote.and_then(|quote| quote.codes.iter().find(|standing| standing.code == *code));
            let text = match (standing, quote) {
                (Some(standing), Some(quote)) => sums::amounts(fmt, quote.currency, &standing.text),
                _ => "Counts once there is something to order.".to_owned(),
            };
            Code { code: code.to_string(), text, applied: standing.is_none_or(|standing| standing.applied) }
        };
        let field = Field::text("code", "Code").max_length(40).autocomplete("off").optional();
        let field = match wrong {
            Some(Mistyped { text, reason }) => field.value(text).error(reason),
            None => field,
        };
        Self { codes: cart.map(|cart| cart.codes.iter().map(code).collect()).unwrap_or_default(), field }
    }
}

/// Takes a code into the cart, unless there is none that could ever apply: then says why.
pub async fn add(visit: &Visit, text: &str) -> Result<Option<Mistyped>> {
    let wrong = |reason: &str| Ok(Some(Mistyped { text: text.trim().to_owned(), reason: reason.to_owned() }));
    let Ok(code) = text.parse::<PromoCode>() else {
        return wrong("There is no such code. Codes are letters and digits without spaces.");
    };
    let cart = match visit.cart().add_code(&visit.who(), &AddCode { code: code.clone() }).await {
        Ok(cart) => cart,
        Err(error) if matches!(error.kind(), Kind::Internal | Kind::Unavailable) => return Err(error),
        Err(error) => return wrong(error.fields().first().map_or(error.detail(), |field| field.reason.as_str())),
    };
    let standing = cart::quote(visit, &cart).await.ok().flatten();
    let standing = standing.and_then(|quote| quote.codes.into_iter().find(|standing| standing.code == code));
    match standing {
        Some(standing) if matches!(standing.reason, Some(Obstacle::Unknown | Obstacle::Expired)) => {
            remove(visit, code.as_str()).await?;
            wrong(&standing.text)
        }
        _ => Ok(None),
    }
}

/// Takes a code out of the cart.
pub async fn remove(visit: &Visit, code: &str) -> Result<()> {
    match visit.cart().remove_code(&visit.who(), code.to_owned()).await {
        Err(error) if !error.is(Kind::NotFound) => Err(error),
        _ => Ok(()),
    }
}
