//! What pricing refuses.

use contracts::promotions::RefusedPromotion;
use kernel::Error;

/// A refusal of this service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PricingError {
    /// No such discount of this vendor.
    DiscountNotFound,
    /// The vendor has as many discounts as it may have.
    TooManyDiscounts(i64),
    /// Somebody else changed the discount at the same time.
    DiscountChanged,
    /// No such promotion, or another vendor's.
    PromotionNotFound,
    /// Its owner has as many promotions as it may have.
    TooManyPromotions(i64),
    /// Another promotion has the code.
    CodeTaken,
    /// Somebody else changed the promotion, or used it, at the same time.
    PromotionChanged,
    /// Somebody else changed the product's prices at the same time.
    PricesChanged,
    /// An order cannot have a promotion.
    Refused(RefusedPromotion),
}

impl PricingError {
    /// Code of [`PricingError::Refused`].
    pub const REFUSED: &str = "promotion_refused";
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
            PricingError::PromotionNotFound => Self::not_found("promotion"),
            PricingError::TooManyPromotions(most) => Self::conflict(
                "too_many_promotions",
                format!("There may be {most} promotions that have not ended. Remove one first."),
            ),
            PricingError::CodeTaken => Self::invalid("code", "Another promotion has this code. Choose another one."),
            PricingError::PromotionChanged => Self::conflict(
                "promotion_changed",
                "This promotion was changed or used at the same time. Load it again.",
            ),
            PricingError::PricesChanged => {
                Self::conflict("prices_changed", "These prices were changed at the same time. Load them again.")
            }
            PricingError::Refused(refused) => {
                let told = Self::conflict(PricingError::REFUSED, "A promotion cannot be had any more.");
                match serde_json::to_value(refused) {
                    Ok(refused) => told.with_extra(refused),
                    Err(error) => error.into(),
                }
            }
        }
    }
}
