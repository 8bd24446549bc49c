use std::sync::Arc;

use contracts::reviews::{ReviewInput, ReviewView, ReviewWritten};
use kernel::{AccountId, ProductId, Result, ReviewId};

use crate::{
    Reviews,
    error::Refused,
    model,
    store::{purchases, ratings, reviews},
};

/// Writes, or changes, the review of a product one has bought. What is hidden stays hidden, and uncounted.
pub async fn write_review(
    app: &Arc<Reviews>,
    account_id: AccountId,
    product_id: ProductId,
    input: ReviewInput,
) -> Result<ReviewView> {
    let author = model::public_name(&app.identity.contact(&app.myself, account_id).await?.name);
    let (this, id, now) = (app.clone(), ReviewId::new(&app.ids), app.clock.now());
    let id = app
        .db
        .write(async move |tx| {
            let vendor_id = purchases::bought_from(tx, account_id, product_id).await?.ok_or(Refused::NotBought)?;
            if reviews::insert(tx, id, (product_id, vendor_id, account_id), &author, &input, now).await? {
                let stars = super::count(tx, product_id, vendor_id, input.rating, 1).await?;
                super::tell(&this, tx, product_id, vendor_id, stars, Some(account_id)).await?;
                let written = ReviewWritten { review_id: id, product_id, vendor_id, rating: input.rating };
                this.outbox.publish(tx, &written).await?;
                return Ok(id);
            }
            let before = reviews::own(tx, product_id, account_id).await?.ok_or(Refused::NoSuchReview)?;
            reviews::update(tx, before.id, &author, &input, now).await?;
            if before.rating != input.rating && !before.hidden {
                // Products before vendors, as everywhere: whoever waits for a row waits in the same order.
                ratings::count_product(tx, product_id, before.rating, -1).await?;
                let stars = ratings::count_product(tx, product_id, input.rating, 1).await?;
                ratings::count_vendor(tx, before.vendor_id, before.rating, -1).await?;
                ratings::count_vendor(tx, before.vendor_id, input.rating, 1).await?;
                super::tell(&this, tx, product_id, before.vendor_id, stars, Some(account_id)).await?;
            }
            Ok(before.id)
        })
        .await?;
    super::seen(app, id, Some(account_id)).await
}
