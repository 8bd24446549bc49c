use std::sync::Arc;

use contracts::reviews::{ReportInput, ReportReason};
use kernel::{AccountId, Error, Result, ReviewId};

use crate::{Reviews, error::Refused, store::moderation};

/// Reports a review to the moderators.
pub async fn report(app: &Arc<Reviews>, account_id: AccountId, id: ReviewId, input: ReportInput) -> Result<()> {
    let text = input.text.trim().to_owned();
    if input.reason == ReportReason::Other && text.is_empty() {
        return Err(Error::invalid("text", "Say what is wrong with it."));
    }
    let now = app.clock.now();
    app.db
        .write(async move |tx| {
            super::lock_foreign(tx, id, account_id).await?;
            if moderation::report(tx, id, account_id, (input.reason, &text), now).await? {
                Ok(())
            } else {
                Err(Refused::ReportedBefore.into())
            }
        })
        .await
}
