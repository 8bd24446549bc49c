use std::sync::Arc;

use contracts::reviews::{ReviewInput, ReviewView};
use kernel::{AccountId, Error, ProductId, Result, ReviewId};

use crate::{Reviews, model, store};

/// Writes, or changes, the review of a product one has bought.
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
            let vendor_id = store::bought_from(tx, account_id, product_id).await?.ok_or_else(not_bought)?;
            if store::insert(tx, id, (product_id, vendor_id, account_id), &author, &input, now).await? {
                let stars = store::count_stars(tx, product_id, input.rating, 1).await?;
                super::tell(&this, tx, product_id, vendor_id, stars, Some(account_id)).await?;
                return Ok(id);
            }
            let before = store::own(tx, product_id, account_id).await?.ok_or_else(|| Error::not_found("review"))?;
            store::update(tx, before.id, &author, &input, now).await?;
            if before.rating != input.rating {
                store::count_stars(tx, product_id, before.rating, -1).await?;
                let stars = store::count_stars(tx, product_id, input.rating, 1).await?;
                super::tell(&this, tx, product_id, before.vendor_id, stars, Some(account_id)).await?;
            }
            Ok(before.id)
        })
        .await?;
    store::view(&app.db, id).await?.ok_or_else(|| Error::not_found("review"))
}

fn not_bought() -> Error {
    Error::new(kernel::Kind::Forbidden, "not_bought", "Only those who have bought a product may review it.")
}
