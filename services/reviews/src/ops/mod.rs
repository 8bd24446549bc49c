//! What can be done with reviews.

mod remove_review;
mod write_review;

pub use remove_review::{remove_any, remove_own};
pub use write_review::write_review;

use contracts::reviews::RatingChanged;
use db::Tx;
use kernel::{AccountId, ProductId, Result, VendorId};

use crate::{Reviews, model};

/// Tells everybody what a product is rated now.
async fn tell(
    app: &Reviews,
    tx: &mut Tx,
    product_id: ProductId,
    vendor_id: VendorId,
    stars: model::Stars,
    by: Option<AccountId>,
) -> Result<()> {
    app.outbox.publish(tx, &RatingChanged { product_id, vendor_id, summary: model::summary(stars), by }).await
}
