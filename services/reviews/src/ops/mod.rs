//! What can be done with reviews.

mod invite;
mod moderate;
mod photos;
mod remove_review;
mod reply;
mod report;
mod vote;
mod write_review;

pub use invite::{bought, delivered, invite};
pub use moderate::{hide, keep, restore};
pub use photos::{add_photo, remove_photo};
pub use remove_review::{remove_any, remove_own};
pub use reply::{remove_reply, reply};
pub use report::report;
pub use vote::vote;
pub use write_review::write_review;

use contracts::reviews::{RatingChanged, ReviewView};
use db::Tx;
use kernel::{AccountId, ProductId, Result, ReviewId, VendorId};

use crate::{
    Reviews,
    error::Refused,
    jobs::FORGET_PHOTOS,
    model::{self, Photo, Stars},
    store::{
        ratings,
        reviews::{self, Written},
    },
};

/// Counts a review with `rating` stars in (1) or out (-1), for its product and for its vendor, and returns the
/// product's numbers.
async fn count(tx: &mut Tx, product_id: ProductId, vendor_id: VendorId, rating: u32, by: i64) -> Result<Stars> {
    let stars = ratings::count_product(tx, product_id, rating, by).await?;
    ratings::count_vendor(tx, vendor_id, rating, by).await?;
    Ok(stars)
}

/// Tells everybody what a product is rated now.
async fn tell(
    app: &Reviews,
    tx: &mut Tx,
    product_id: ProductId,
    vendor_id: VendorId,
    stars: Stars,
    by: Option<AccountId>,
) -> Result<()> {
    app.outbox.publish(tx, &RatingChanged { product_id, vendor_id, summary: model::summary(stars), by }).await
}

/// Counts a review in or out and tells everybody.
async fn recount(app: &Reviews, tx: &mut Tx, written: &Written, by: i64) -> Result<()> {
    let stars = count(tx, written.product_id, written.vendor_id, written.rating, by).await?;
    tell(app, tx, written.product_id, written.vendor_id, stars, None).await
}

/// A review of somebody else's that is shown, locked: to vote for it or to report it.
async fn lock_foreign(tx: &mut Tx, id: ReviewId, account_id: AccountId) -> Result<Written> {
    let written = reviews::lock(tx, id).await?.filter(|written| !written.hidden).ok_or(Refused::NoSuchReview)?;
    if written.account_id == account_id { Err(Refused::OwnReview.into()) } else { Ok(written) }
}

/// Gives the room of photos back; their files go after the commit.
async fn forget(app: &Reviews, tx: &mut Tx, of: &Written, photos: &[Photo]) -> Result<()> {
    let Some(first) = photos.first() else { return Ok(()) };
    reviews::free_room(tx, of.account_id, photos.iter().map(|photo| photo.bytes).sum()).await?;
    // A photo is removed once, so its id names the job.
    app.jobs.enqueue(tx, FORGET_PHOTOS, &first.picture.id.to_string(), &photos).await
}

/// A review as `who` sees it after a change.
async fn seen(app: &Reviews, id: ReviewId, who: Option<AccountId>) -> Result<ReviewView> {
    Ok(reviews::view(&app.db, id, who).await?.ok_or(Refused::NoSuchReview)?)
}
