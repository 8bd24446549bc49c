use std::sync::Arc;

use contracts::reviews::{ReplyInput, ReviewAnswered, ReviewView};
use kernel::{Error, Result, ReviewId, VendorScope};

use crate::{Reviews, error::Refused, store::reviews};

/// Answers a review of one of the vendor's products, or changes the answer. Of the first one its author is told.
pub async fn reply(app: &Arc<Reviews>, scope: VendorScope, id: ReviewId, input: ReplyInput) -> Result<ReviewView> {
    let text = input.text.trim().to_owned();
    if text.is_empty() {
        return Err(Error::invalid("text", "Write an answer."));
    }
    let (this, now) = (app.clone(), app.clock.now());
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            if let Some((product_id, account_id)) = reviews::set_first_reply(tx, &scope, id, &text, now).await? {
                let vendor_id = scope.vendor_id();
                return this
                    .outbox
                    .publish(tx, &ReviewAnswered { review_id: id, product_id, vendor_id, account_id })
                    .await;
            }
            if reviews::set_reply(tx, &scope, id, Some((&text, now))).await? {
                Ok(())
            } else {
                Err(Refused::NoSuchReview.into())
            }
        })
        .await?;
    Ok(reviews::view_of_vendor(&app.db, &scope, id).await?.ok_or(Refused::NoSuchReview)?)
}

/// Takes the answer back; none is fine.
pub async fn remove_reply(app: &Arc<Reviews>, scope: VendorScope, id: ReviewId) -> Result<()> {
    app.db
        .as_vendor(&scope)
        .write(
            async move |tx| {
                if reviews::set_reply(tx, &scope, id, None).await? { Ok(()) } else { Err(Refused::NoSuchReview.into()) }
            },
        )
        .await
}
