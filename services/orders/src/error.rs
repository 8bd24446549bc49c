//! What can be wrong with a request to this service.

use contracts::{pricing::Quote, promotions::RefusedPromotion};
use kernel::{Error, Kind};

use crate::model::saga::Rejected;

/// What can be wrong.
#[derive(Debug)]
pub enum OrderError {
    /// The buyer accepted another quote than the present one.
    QuoteChanged(Box<Quote>),
    /// A promotion of the quote was had by others first.
    PromotionRefused {
        /// What it costs without.
        quote: Box<Quote>,
        /// Which, and why.
        refused: RefusedPromotion,
    },
    /// A vendor has no way to send its part to where the order should go.
    NoShipping {
        /// Name of the vendor.
        vendor: String,
        /// Where it should go.
        country: String,
    },
    /// There is nothing to pay.
    NothingToPay,
    /// There is no such way to pay.
    UnknownMethod,
    /// Nobody is asked to pay it now.
    NotToBePaid,
    /// The saga refuses.
    Rejected(Rejected),
    /// There is no such order, or it is somebody else's.
    NotFound,
    /// An event about an order that is not here yet.
    NotYet,
}

impl From<OrderError> for Error {
    fn from(error: OrderError) -> Self {
        match error {
            OrderError::QuoteChanged(quote) => {
                let text = "Prices, shipping or availability have changed. Look at the new total, then order again.";
                let changed = Self::new(Kind::Conflict, "quote_changed", text);
                match serde_json::to_value(quote) {
                    Ok(quote) => changed.with_extra(serde_json::json!({ "quote": quote })),
                    Err(error) => error.into(),
                }
            }
            OrderError::PromotionRefused { quote, refused } => Self::new(
                Kind::Conflict,
                "quote_changed",
                format!("“{}” cannot be had any more. Look at the new total, then order again.", refused.name),
            )
            .with_extra(serde_json::json!({ "quote": quote, "refused": refused })),
            OrderError::NoShipping { vendor, country } => Self::invalid(
                "shipping",
                format!("“{vendor}” cannot send this to {country}. Take its items out, or choose another address."),
            ),
            OrderError::NothingToPay => Self::invalid("lines", "There is nothing to pay for these items."),
            OrderError::UnknownMethod => {
                Self::invalid("payment.method", "This way to pay is not offered for this order. Choose another one.")
            }
            OrderError::NotToBePaid => {
                Self::conflict("not_to_be_paid", "The order does not wait for you to pay. Look at it again.")
            }
            OrderError::NotFound => Self::not_found("order"),
            OrderError::NotYet => Self::conflict("not_yet", "The order is not known here yet."),
            OrderError::Rejected(rejected) => rejected.into(),
        }
    }
}

impl From<Rejected> for Error {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::AlreadyShipped => {
                Self::conflict("already_shipped", "A parcel is already on its way. Send the items back instead.")
            }
            Rejected::NotCancellable => Self::conflict("not_cancellable", "This order can no longer be called off."),
            Rejected::WrongMoment => Self::conflict("wrong_moment", "The order is placed already, or not yet."),
            Rejected::UnknownPart => Self::conflict("unknown_part", "The order has no such part."),
            Rejected::NotPaid => Self::conflict("not_paid", "The order is not paid."),
        }
    }
}
