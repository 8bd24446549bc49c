use std::sync::Arc;

use db::Tx;
use kernel::{AccountId, Error, ProductId, Result, ReviewId};

use crate::{Reviews, store};

/// Removes one's own review.
pub async fn remove_own(app: &Arc<Reviews>, account_id: AccountId, product_id: ProductId) -> Result<()> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let own = store::own(tx, product_id, account_id).await?.ok_or_else(|| Error::not_found("review"))?;
            remove(&this, tx, own.id).await
        })
        .await
}

/// Removes anybody's review.
pub async fn remove_any(app: &Arc<Reviews>, id: ReviewId) -> Result<()> {
    let this = app.clone();
    app.db.write(async move |tx| remove(&this, tx, id).await).await
}

async fn remove(app: &Reviews, tx: &mut Tx, id: ReviewId) -> Result<()> {
    let gone = store::delete(tx, id).await?.ok_or_else(|| Error::not_found("review"))?;
    let stars = store::count_stars(tx, gone.product_id, gone.rating, -1).await?;
    super::tell(app, tx, gone.product_id, gone.vendor_id, stars, None).await
}
