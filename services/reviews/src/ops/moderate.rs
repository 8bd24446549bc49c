use std::sync::Arc;

use contracts::reviews::{ModerationAct, ModerationInput, ReviewView};
use kernel::{AccountId, Error, ModerationId, Result, ReviewId};

use crate::{
    Reviews,
    error::Refused,
    store::{moderation, reviews},
};

/// Most letters of a reason.
const REASON_MAX: usize = 500;

/// A reason that came another way than in a checked body.
pub(super) fn check_reason(reason: &str) -> Result<()> {
    if reason.chars().count() <= REASON_MAX {
        Ok(())
    } else {
        Err(Error::invalid("reason", format!("Give the reason in at most {REASON_MAX} letters.")))
    }
}

/// Leaves a reported review as it is: its reports are dealt with.
pub async fn keep(app: &Arc<Reviews>, by: AccountId, id: ReviewId, input: ModerationInput) -> Result<ReviewView> {
    let (act_id, now) = (ModerationId::new(&app.ids), app.clock.now());
    app.db
        .write(async move |tx| {
            let written = reviews::lock(tx, id).await?.ok_or(Refused::NoSuchReview)?;
            if !moderation::clear_reports(tx, id, now).await? {
                return Err(Refused::NotReported.into());
            }
            moderation::record(tx, act_id, &written, (ModerationAct::Kept, input.reason.trim()), by, now).await
        })
        .await?;
    super::seen(app, id, None).await
}

/// Hides a review: it no longer counts, and its author reads why.
pub async fn hide(app: &Arc<Reviews>, by: AccountId, id: ReviewId, input: ModerationInput) -> Result<ReviewView> {
    let reason = input.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "Give a reason: the author of the review reads it."));
    }
    let (this, act_id, now) = (app.clone(), ModerationId::new(&app.ids), app.clock.now());
    app.db
        .write(async move |tx| {
            let written = reviews::lock(tx, id).await?.ok_or(Refused::NoSuchReview)?;
            if written.hidden {
                return Err(Refused::HiddenBefore.into());
            }
            moderation::set_hidden(tx, id, Some((&reason, now))).await?;
            moderation::clear_reports(tx, id, now).await?;
            super::recount(&this, tx, &written, -1).await?;
            moderation::record(tx, act_id, &written, (ModerationAct::Hidden, &reason), by, now).await
        })
        .await?;
    super::seen(app, id, None).await
}

/// Shows a hidden review again.
pub async fn restore(app: &Arc<Reviews>, by: AccountId, id: ReviewId, input: ModerationInput) -> Result<ReviewView> {
    let (this, act_id, now) = (app.clone(), ModerationId::new(&app.ids), app.clock.now());
    app.db
        .write(async move |tx| {
            let written = reviews::lock(tx, id).await?.ok_or(Refused::NoSuchReview)?;
            if !written.hidden {
                return Err(Refused::NotHidden.into());
            }
            moderation::set_hidden(tx, id, None).await?;
            super::recount(&this, tx, &written, 1).await?;
            moderation::record(tx, act_id, &written, (ModerationAct::Restored, input.reason.trim()), by, now).await
        })
        .await?;
    super::seen(app, id, None).await
}
