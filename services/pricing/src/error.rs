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
    /// Nothing is kept of how this country or region taxes.
    TaxAreaNotFound,
    /// Somebody else changed it at the same time.
    TaxAreaChanged,
    /// There are as many areas as there may be.
    TooManyTaxAreas(i64),
    /// There are as many tax categories as there may be.
    TooManyTaxCategories(i64),
    /// A product is in the tax category.
    TaxCategoryInUse,
    /// A tax category that must stay.
    TaxCategoryNeeded,
    /// No such price list of this vendor.
    PriceListNotFound,
    /// The vendor has as many price lists as it may have.
    TooManyPriceLists(i64),
    /// Somebody else changed the price list at the same time.
    PriceListChanged,
    /// There are as many groups of customers as there may be.
    TooManyGroups(usize),
    /// A price list or a promotion is for the group.
    GroupInUse,
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
            PricingError::TaxAreaNotFound => Self::not_found("tax area"),
            PricingError::TaxAreaChanged => {
                Self::conflict("tax_area_changed", "These taxes were changed at the same time. Load them again.")
            }
            PricingError::TooManyTaxAreas(most) => Self::conflict(
                "too_many_tax_areas",
                format!("There may be {most} countries and regions with taxes of their own. Remove one first."),
            ),
            PricingError::TooManyTaxCategories(most) => Self::conflict(
                "too_many_tax_categories",
                format!("There may be {most} tax categories. Remove one first."),
            ),
            PricingError::TaxCategoryInUse => Self::conflict(
                "tax_category_in_use",
                "Products are in this category. Their vendors have to choose another one first.",
            ),
            PricingError::TaxCategoryNeeded => {
                Self::conflict("tax_category_needed", "Every marketplace has this category. Give it another name.")
            }
            PricingError::PriceListNotFound => Self::not_found("price list"),
            PricingError::TooManyPriceLists(most) => Self::conflict(
                "too_many_price_lists",
                format!("A store may have {most} price lists that have not ended. Remove one first."),
            ),
            PricingError::PriceListChanged => {
                Self::conflict("price_list_changed", "This price list was changed at the same time. Load it again.")
            }
            PricingError::TooManyGroups(most) => {
                Self::conflict("too_many_groups", format!("There may be {most} groups of customers. Remove one first."))
            }
            PricingError::GroupInUse => Self::conflict(
                "group_in_use",
                "Price lists or promotions are for this group. Whoever made them has to end them first.",
            ),
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
