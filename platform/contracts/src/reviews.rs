//! Ratings and reviews by those who bought.

use garde::Validate;
use kernel::{AccountId, MediaId, ModerationId, OrderId, Page, PageRequest, ProductId, ReviewId, Timestamp, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalog::Picture;

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
    /// Photos, at most four.
    #[serde(default)]
    pub photos: Vec<Picture>,
    /// Number of accounts that find it helpful.
    #[serde(default)]
    pub helpful: u32,
    /// True if whoever asks is one of them.
    #[serde(default)]
    pub voted: bool,
    /// True if whoever asks wrote it.
    #[serde(default)]
    pub own: bool,
    /// What the vendor answers.
    #[serde(default)]
    pub reply: Option<ReplyView>,
    /// That it was hidden, and why. Only its author and admins see a hidden review at all.
    #[serde(default)]
    pub hidden: Option<HiddenView>,
    /// Written at.
    pub created_at: Timestamp,
}

/// What a vendor answers to a review of its product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyView {
    /// Text.
    pub text: String,
    /// Written, or last changed, at.
    pub at: Timestamp,
}

/// Why a review is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HiddenView {
    /// Reason, for its author to read.
    pub reason: String,
    /// Hidden at.
    pub at: Timestamp,
}

/// Answers a review; sending again changes the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReplyInput {
    /// Text.
    #[garde(length(chars, min = 1, max = 2000))]
    pub text: String,
}

/// How the reviews of a product are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewSort {
    /// Latest first.
    #[default]
    Newest,
    /// Those that most accounts find helpful first, among these the latest.
    Helpful,
}

/// Reviews of a product.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ReviewQuery {
    /// Order: `newest` if left out.
    #[serde(default)]
    pub sort: Option<ReviewSort>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor of the page before.
    #[serde(default)]
    #[schemars(length(max = 512))]
    pub after: Option<String>,
}

/// Reviews of a vendor's products.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct VendorReviewQuery {
    /// True for those that are not answered.
    #[serde(default)]
    pub unanswered: bool,
    /// Only those with this number of stars.
    #[serde(default)]
    #[schemars(range(min = 1, max = 5))]
    pub stars: Option<u32>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor of the page before.
    #[serde(default)]
    #[schemars(length(max = 512))]
    pub after: Option<String>,
}

/// How many find a review helpful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HelpfulView {
    /// Number of accounts.
    pub helpful: u32,
}

/// What is wrong with a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportReason {
    /// Advertising, or written many times.
    Spam,
    /// It insults or threatens.
    Offensive,
    /// It is not about the product.
    OffTopic,
    /// What the text says.
    Other,
}

/// Reports a review, once per account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReportInput {
    /// What is wrong.
    #[garde(skip)]
    pub reason: ReportReason,
    /// In words; needed for `other`.
    #[serde(default)]
    #[garde(length(chars, max = 500))]
    pub text: String,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportView {
    /// By whom.
    pub account_id: AccountId,
    /// What is wrong.
    pub reason: ReportReason,
    /// In words.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// A review that waits for a moderator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportedReview {
    /// The review.
    pub review: ReviewView,
    /// Number of reports that nobody has dealt with.
    pub count: u32,
    /// The latest of them, at most 20.
    pub reports: Vec<ReportView>,
    /// When the first of them came.
    pub since: Timestamp,
}

/// What a moderator does with a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModerationAct {
    /// It stays, its reports are dealt with.
    Kept,
    /// It is no longer shown.
    Hidden,
    /// It is shown again.
    Restored,
    /// It is gone.
    Removed,
}

/// Why a moderator does something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ModerationInput {
    /// Reason. Needed to hide a review: its author reads it.
    #[serde(default)]
    #[garde(length(chars, max = 500))]
    pub reason: String,
}

/// Why a review is removed.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct RemovalQuery {
    /// Reason, for the record.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub reason: Option<String>,
}

/// What a moderator did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModerationView {
    /// Id.
    pub id: ModerationId,
    /// The review; it may be gone.
    pub review_id: ReviewId,
    /// Its product.
    pub product_id: ProductId,
    /// Its author, as everybody saw the name.
    pub author: String,
    /// Its title.
    pub title: String,
    /// What was done.
    pub act: ModerationAct,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
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
    /// Who wrote, none if a review was removed, hidden or shown again.
    pub by: Option<AccountId>,
}

events! { "rating" by product_id {
    RatingChanged = "review.rating_changed";
} }

/// Somebody has had an order for some days and is invited to review what came.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReviewInvited {
    /// Order.
    pub order_id: OrderId,
    /// Its buyer.
    pub account_id: AccountId,
    /// What has arrived and is not reviewed yet.
    pub product_ids: Vec<ProductId>,
}

events! { "invitation" by order_id {
    ReviewInvited = "review.invited";
} }

/// Somebody has written a review. Changes of it are not told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReviewWritten {
    /// Review.
    pub review_id: ReviewId,
    /// Of what.
    pub product_id: ProductId,
    /// Its vendor.
    pub vendor_id: VendorId,
    /// Stars.
    pub rating: u32,
}

/// The vendor has answered a review for the first time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReviewAnswered {
    /// Review.
    pub review_id: ReviewId,
    /// Of what.
    pub product_id: ProductId,
    /// Its vendor.
    pub vendor_id: VendorId,
    /// Who wrote the review.
    pub account_id: AccountId,
}

/// A review was reported, and waits for a moderator since then. Further reports until the decision are not told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReviewReported {
    /// Review.
    pub review_id: ReviewId,
    /// Of what.
    pub product_id: ProductId,
    /// Its vendor.
    pub vendor_id: VendorId,
    /// What is wrong with it.
    pub reason: ReportReason,
}

events! { "review" by review_id {
    ReviewWritten = "review.written";
    ReviewAnswered = "review.answered";
    ReviewReported = "review.reported";
} }

client! {
    /// Client of the reviews service.
    ReviewsClient for "reviews" {
        /// Reviews of a product.
        get of_product(product_id: ProductId) query ReviewQuery => Page<ReviewView>, "/api/v1/products/{product_id}/reviews";
        /// Average and histogram of a product.
        get summary(product_id: ProductId) => RatingSummary, "/api/v1/products/{product_id}/rating";
        /// Average and histogram of all products of a vendor.
        get vendor_rating(vendor_id: VendorId) => RatingSummary, "/api/v1/stores/{vendor_id}/rating";
        /// One review; a hidden one only for its author and admins.
        get review(id: ReviewId) => ReviewView, "/api/v1/reviews/{id}";
        /// Writes or changes one's review.
        put write(product_id: ProductId) body ReviewInput => ReviewView, "/api/v1/products/{product_id}/reviews/mine";
        /// Removes one's review.
        delete remove(product_id: ProductId) => (), "/api/v1/products/{product_id}/reviews/mine";
        /// Removes a photo of one's review.
        delete remove_photo(product_id: ProductId, photo_id: MediaId) => (), "/api/v1/products/{product_id}/reviews/mine/photos/{photo_id}";
        /// What the account may review, newest purchase first.
        get reviewable() query PageRequest => Page<Reviewable>, "/api/v1/me/reviewable";
        /// Finds a review helpful.
        put vote(id: ReviewId) => HelpfulView, "/api/v1/reviews/{id}/helpful";
        /// Takes that back.
        delete unvote(id: ReviewId) => HelpfulView, "/api/v1/reviews/{id}/helpful";
        /// Reports a review.
        post report(id: ReviewId) body ReportInput => (), "/api/v1/reviews/{id}/reports";
        /// Reviews of the vendor's products, newest first.
        get of_vendor(vendor_id: VendorId) query VendorReviewQuery => Page<ReviewView>, "/api/v1/vendors/{vendor_id}/reviews";
        /// Answers a review of one of the vendor's products.
        put reply(vendor_id: VendorId, id: ReviewId) body ReplyInput => ReviewView, "/api/v1/vendors/{vendor_id}/reviews/{id}/reply";
        /// Takes the answer back.
        delete remove_reply(vendor_id: VendorId, id: ReviewId) => (), "/api/v1/vendors/{vendor_id}/reviews/{id}/reply";
        /// Removes anybody's review (admins).
        delete moderate(id: ReviewId) query RemovalQuery => (), "/api/v1/admin/reviews/{id}";
        /// All reviews, newest first (admins).
        get all() query PageRequest => Page<ReviewView>, "/api/v1/admin/reviews";
        /// Reviews that were reported, those that have waited longest first (admins).
        get reported() query PageRequest => Page<ReportedReview>, "/api/v1/admin/reviews/reported";
        /// What moderators did, latest first (admins).
        get moderation() query PageRequest => Page<ModerationView>, "/api/v1/admin/reviews/moderation";
        /// Leaves a reported review as it is (admins).
        post keep(id: ReviewId) body ModerationInput => ReviewView, "/api/v1/admin/reviews/{id}/keep";
        /// Hides a review (admins).
        post hide(id: ReviewId) body ModerationInput => ReviewView, "/api/v1/admin/reviews/{id}/hide";
        /// Shows a hidden review again (admins).
        post restore(id: ReviewId) body ModerationInput => ReviewView, "/api/v1/admin/reviews/{id}/restore";
    }
}
