//! Sets a new password by a link.

use std::sync::Arc;

use contracts::identity::{AccountVerified, EmailOnly, ResetPassword};
use db::Tx;
use events::Job;
use kernel::{Result, Secret};

use crate::{
    app::App,
    error::IdentityError,
    links::{self, Purpose, hash_token},
    mail,
    passwords::check_policy,
    store, throttle,
};

/// Kind of job that looks for the account and mails the link.
pub(crate) const REQUEST_JOB: &str = "reset_request";

/// Has a link mailed to whoever has an open account with this address. Never tells whether there is
/// one, not even by the time it takes: looking is left to a job.
pub(crate) async fn request_reset(app: &Arc<App>, input: EmailOnly) -> Result<()> {
    let (this, key) = (app.clone(), throttle::key_of(&input.email));
    app.db.write(async move |tx| this.jobs.enqueue(tx, REQUEST_JOB, &key, &input).await).await
}

/// Mails the link, if there is such an account.
pub(crate) async fn mail_reset_link(app: Arc<App>, job: Job) -> Result<()> {
    let EmailOnly { email } = job.payload()?;
    let account = store::accounts::by_email(&app.db, &email).await?;
    let this = app.clone();
    app.db
        .write(async move |tx| {
            if let Some(account) = account.as_ref().filter(|a| !a.disabled) {
                links::mail_reset(&this, tx, account).await?;
            }
            job.finish(tx).await
        })
        .await
}

/// Sets a new password by a link from a mail. Ends all sessions and all other links for it. Who follows
/// the link reads the mails to this address, so it is verified, too.
pub(crate) async fn reset_password(app: &Arc<App>, input: ResetPassword) -> Result<()> {
    check_policy("password", &input.password, None)?;
    let hash = hash_token(input.token.expose());
    if !store::links::is_open(&app.db, &hash, Purpose::Reset, app.clock.now()).await? {
        return Err(IdentityError::LinkInvalid.into());
    }
    let password_hash = app.passwords.hash(&input.password).await?;
    let this = app.clone();
    app.db.write(async move |tx| complete(&this, tx, &hash, &password_hash).await).await
}

async fn complete(app: &App, tx: &mut Tx, hash: &str, password_hash: &Secret) -> Result<()> {
    let now = app.clock.now();
    let Some((id, email)) = store::links::use_up(tx, hash, Purpose::Reset, now).await? else {
        return Err(IdentityError::LinkInvalid.into());
    };
    if !store::accounts::reset_password(tx, id, &email, password_hash).await? {
        return Err(IdentityError::LinkInvalid.into());
    }
    if store::accounts::verify(tx, id, &email, now).await? {
        app.outbox.publish(tx, &AccountVerified { account_id: id }).await?;
    }
    store::links::void(tx, id, Purpose::Reset, now).await?;
    store::sessions::end_all(tx, id, None, "password_reset", now).await?;
    store::attempts::forgive(tx, &throttle::key_of(&email)).await?;
    let account = store::accounts::by_id_in(tx, id).await?;
    mail::password_changed(app, tx, &account).await
}
