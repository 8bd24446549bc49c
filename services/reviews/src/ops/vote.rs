use std::sync::Arc;

use contracts::reviews::HelpfulView;
use kernel::{AccountId, Result, ReviewId};

use crate::{Reviews, store::votes};

/// Finds a review helpful, or no longer; doing it twice changes nothing.
pub async fn vote(app: &Arc<Reviews>, account_id: AccountId, id: ReviewId, yes: bool) -> Result<HelpfulView> {
    let now = app.clock.now();
    let helpful = app
        .db
        .write(async move |tx| {
            super::lock_foreign(tx, id, account_id).await?;
            votes::set(tx, id, account_id, yes, now).await
        })
        .await?;
    Ok(HelpfulView { helpful })
}
