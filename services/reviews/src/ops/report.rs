use std::sync::Arc;

use contracts::reviews::{ReportInput, ReportReason, ReviewReported};
use kernel::{AccountId, Error, Result, ReviewId};

use crate::{Reviews, error::Refused, store::moderation};

/// Reports a review to the moderators, who are told of the first one that waits.
pub async fn report(app: &Arc<Reviews>, account_id: AccountId, id: ReviewId, input: ReportInput) -> Result<()> {
    let text = input.text.trim().to_owned();
    if input.reason == ReportReason::Other && text.is_empty() {
        return Err(Error::invalid("text", "Say what is wrong with it."));
    }
    let (this, now) = (app.clone(), app.clock.now());
    app.db
        .write(async move |tx| {
            let of = super::lock_foreign(tx, id, account_id).await?;
            match moderation::report(tx, id, account_id, (input.reason, &text), now).await? {
                Some(1) => {
                    let (product_id, vendor_id) = (of.product_id, of.vendor_id);
                    let reported = ReviewReported { review_id: id, product_id, vendor_id, reason: input.reason };
                    this.outbox.publish(tx, &reported).await
                }
                Some(_) => Ok(()),
                None => Err(Refused::ReportedBefore.into()),
            }
        })
        .await
}
