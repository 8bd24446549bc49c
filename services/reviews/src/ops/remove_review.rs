use std::sync::Arc;

use contracts::reviews::ModerationAct;
use db::Tx;
use kernel::{AccountId, ModerationId, ProductId, Result, ReviewId};

use crate::{
    Reviews,
    error::Refused,
    store::{
        moderation,
        reviews::{self, Written},
    },
};

/// Removes one's own review. A hidden one stays: removing and writing it again would show it.
pub async fn remove_own(app: &Arc<Reviews>, account_id: AccountId, product_id: ProductId) -> Result<()> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let own = reviews::own(tx, product_id, account_id).await?.ok_or(Refused::NoSuchReview)?;
            if own.hidden {
                return Err(Refused::Hidden.into());
            }
            remove(&this, tx, own.id).await.map(|_| ())
        })
        .await
}

/// Removes anybody's review, and records that.
pub async fn remove_any(app: &Arc<Reviews>, by: AccountId, id: ReviewId, reason: String) -> Result<()> {
    super::moderate::check_reason(&reason)?;
    let (this, act_id, now) = (app.clone(), ModerationId::new(&app.ids), app.clock.now());
    app.db
        .write(async move |tx| {
            let gone = remove(&this, tx, id).await?;
            moderation::record(tx, act_id, &gone, (ModerationAct::Removed, reason.trim()), by, now).await
        })
        .await
}

async fn remove(app: &Reviews, tx: &mut Tx, id: ReviewId) -> Result<Written> {
    let gone = reviews::delete(tx, id).await?.ok_or(Refused::NoSuchReview)?;
    if !gone.hidden {
        super::recount(app, tx, &gone, -1).await?;
    }
    super::forget(app, tx, &gone, &gone.photos).await?;
    Ok(gone)
}
