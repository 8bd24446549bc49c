//! What inventory refuses.

use kernel::Error;

/// A refusal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There is no such stock, or it is another vendor's.
    NoSuchStock,
    /// Fewer would be on hand than are promised to orders.
    BelowReserved {
        /// Promised.
        reserved: i64,
    },
    /// More than can be counted.
    TooMany,
    /// An event came before the one it builds on; it will come again.
    NotYet(&'static str),
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NoSuchStock => Self::not_found("stock"),
            Refused::BelowReserved { reserved } => Self::conflict(
                "stock_reserved",
                format!("{reserved} of these are promised to orders, so at least {reserved} must stay on hand."),
            ),
            Refused::TooMany => Self::invalid("change", "That would be more than can be kept on hand."),
            Refused::NotYet(what) => Self::conflict("not_yet", what),
        }
    }
}
