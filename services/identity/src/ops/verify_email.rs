//! Verifies the e-mail address.

use std::sync::Arc;

use contracts::identity::{AccountVerified, AccountView, VerifyEmail};
use kernel::{AccountId, Result};

use crate::{
    app::App,
    error::IdentityError,
    links::{self, Purpose, hash_token},
    store,
};

/// Verifies the address that the link was mailed to.
pub(crate) async fn verify_email(app: &Arc<App>, input: VerifyEmail) -> Result<AccountView> {
    let hash = hash_token(input.token.expose());
    let now = app.clock.now();
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let Some((id, email)) = store::links::use_up(tx, &hash, Purpose::Verify, now).await? else {
                return Err(IdentityError::LinkInvalid.into());
            };
            if store::accounts::verify(tx, id, &email, now).await? {
                this.outbox.publish(tx, &AccountVerified { account_id: id }).await?;
            }
            store::links::void(tx, id, Purpose::Verify, now).await?;
            let account = store::accounts::by_id_in(tx, id).await?;
            Ok(account.view(store::memberships::of_in(tx, id).await?))
        })
        .await
}

/// Mails another link; nothing to do if the address is verified.
pub(crate) async fn resend_verification(app: &Arc<App>, id: AccountId) -> Result<()> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let account = store::accounts::by_id_in(tx, id).await?;
            if account.verified_at.is_none() && !links::mail_verification(&this, tx, &account).await? {
                return Err(IdentityError::TooManyMails.into());
            }
            Ok(())
        })
        .await
}
