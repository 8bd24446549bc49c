//! What can be wrong with a request to this service.

use kernel::{Error, Money};

/// What can be wrong.
#[derive(Debug)]
pub enum PaymentError {
    /// There is no such payment.
    NotFound,
    /// There is no such provider.
    NoProvider,
    /// Nothing was captured that could go back.
    NotCaptured,
    /// More than is left.
    OverRefund {
        /// What is left.
        left: Money,
    },
    /// The vendor has no part in the payment.
    NoPart,
    /// An event about an order or vendor that is not here yet.
    NotYet(&'static str),
}

impl From<PaymentError> for Error {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::NotFound => Self::not_found("payment"),
            PaymentError::NoProvider => Self::not_found("provider"),
            PaymentError::NotCaptured => Self::conflict("not_captured", "Nothing was captured that could go back."),
            PaymentError::OverRefund { left } => {
                Self::conflict("over_refund", format!("Only {left} is left to go back."))
                    .with_extra(serde_json::json!({ "left": left }))
            }
            PaymentError::NoPart => Self::invalid("vendor_id", "This vendor has no part in the payment."),
            PaymentError::NotYet(what) => Self::conflict("not_yet", format!("The {what} is not known here yet.")),
        }
    }
}
