//! Ratings and reviews by those who bought.

use garde::Validate;
use kernel::{AccountId, Page, PageRequest, ProductId, ReviewId, Timestamp, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Reviews a product one has bought. One review per product and buyer; sending again changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReviewInput {
    /// Stars.
    #[garde(range(min = 1, max = 5))]
    pub rating: u32,
    /// Title.
    #[garde(length(chars, max = 120))]
    pub title: String,
    /// Text.
    #[garde(length(chars, max = 4000))]
    pub text: String,
}

/// A review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewView {
    /// Id.
    pub id: ReviewId,
    /// Product.
    pub product_id: ProductId,
    /// Name of the reviewer: first name and initial.
    pub author: String,
    /// Stars.
    pub rating: u32,
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    /// Written at.
    pub created_at: Timestamp,
}

/// Average and histogram.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RatingSummary {
    /// Hundredths of stars.
    pub average_x100: u32,
    /// Number of reviews.
    pub count: u32,
    /// Number of reviews with 1, 2, 3, 4, 5 stars.
    pub histogram: [u32; 5],
}

/// A product that the account has bought and may review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reviewable {
    /// Product.
    pub product_id: ProductId,
    /// Bought at.
    pub bought_at: Timestamp,
    /// Its review, if it was written.
    pub review: Option<ReviewView>,
}

/// A product's rating has changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RatingChanged {
    /// Product.
    pub product_id: ProductId,
    /// Its vendor.
    pub vendor_id: VendorId,
    /// Now.
    pub summary: RatingSummary,
    /// Who wrote, none if a review was removed.
    pub by: Option<AccountId>,
}

events! { "rating" by product_id {
    RatingChanged = "review.rating_changed";
} }

client! {
    /// Client of the reviews service.
    ReviewsClient for "reviews" {
        /// Reviews of a product, newest first.
        get of_product(product_id: ProductId) query PageRequest => Page<ReviewView>, "/api/v1/products/{product_id}/reviews";
        /// Average and histogram of a product.
        get summary(product_id: ProductId) => RatingSummary, "/api/v1/products/{product_id}/rating";
        /// Writes or changes one's review.
        put write(product_id: ProductId) body ReviewInput => ReviewView, "/api/v1/products/{product_id}/reviews/mine";
        /// Removes one's review.
        delete remove(product_id: ProductId) => (), "/api/v1/products/{product_id}/reviews/mine";
        /// What the account may review, newest purchase first.
        get reviewable() query PageRequest => Page<Reviewable>, "/api/v1/me/reviewable";
        /// Removes anybody's review (admins).
        delete moderate(id: ReviewId) => (), "/api/v1/admin/reviews/{id}";
        /// All reviews, newest first (admins).
        get all() query PageRequest => Page<ReviewView>, "/api/v1/admin/reviews";
    }
}
