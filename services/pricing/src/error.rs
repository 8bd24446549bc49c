//! What pricing refuses.

use kernel::Error;

/// A refusal of this service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PricingError {
    /// No such discount of this vendor.
    DiscountNotFound,
    /// The vendor has as many discounts as it may have.
    TooManyDiscounts(i64),
    /// Somebody else changed the discount at the same time.
    DiscountChanged,
}

impl From<PricingError> for Error {
    fn from(error: PricingError) -> Self {
        match error {
            PricingError::DiscountNotFound => Self::not_found("discount"),
            PricingError::TooManyDiscounts(most) => Self::conflict(
                "too_many_discounts",
                format!("A store may have {most} discounts that have not ended. Remove one first."),
            ),
            PricingError::DiscountChanged => {
                Self::conflict("discount_changed", "This discount was changed at the same time. Load it again.")
            }
        }
    }
}
