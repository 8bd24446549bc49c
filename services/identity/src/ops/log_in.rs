//! Opens a session by password.

use std::sync::Arc;

use contracts::identity::{LoggedIn, Login, Tokens};
use kernel::{Result, Secret, SessionId};

use super::tokens::tokens;
use crate::{app::App, error::IdentityError, links::hash_token, model::Account, passwords::Checked, store, throttle};

/// Opens a session. An address without an account takes as long and is answered the same as a wrong
/// password.
pub(crate) async fn log_in(app: &Arc<App>, input: Login, user_agent: String) -> Result<Tokens> {
    let turn = app.passwords.turn()?;
    let key = throttle::key_of(&input.email);
    count_attempt(app, key.clone()).await?;
    let account = store::accounts::by_email(&app.db, &input.email).await?;
    let checked = turn.check(&input.password, account.as_ref().map(|a| &a.password_hash)).await?;
    let account = match account {
        Some(account) if checked.matches => account,
        account => {
            let account_id = account.map(|a| a.id.to_string());
            tracing::info!(event = "authn_login_fail", account_id, "wrong password or unknown address");
            return Err(IdentityError::WrongCredentials.into());
        }
    };
    if account.disabled {
        tracing::info!(event = "authn_login_fail", account_id = %account.id, "account is closed");
        return Err(IdentityError::AccountClosed.into());
    }
    open(app, account, checked, key, user_agent).await
}

pub(super) async fn count_attempt(app: &Arc<App>, key: String) -> Result<()> {
    let now = app.clock.now();
    app.db.write(async move |tx| throttle::count(tx, &key, now).await).await
}

async fn open(app: &Arc<App>, account: Account, checked: Checked, key: String, user_agent: String) -> Result<Tokens> {
    let now = app.clock.now();
    let session_id = SessionId::new(&app.ids);
    let refresh_token = Secret::new(app.random.token());
    let hash = hash_token(refresh_token.expose());
    let (this, checked_hash, id) = (app.clone(), account.password_hash.clone(), account.id);
    let (account, vendors) = app
        .db
        .write(async move |tx| {
            if !store::accounts::note_login(tx, id, &checked_hash, checked.rehashed.as_ref(), now).await? {
                return Err(IdentityError::WrongCredentials.into());
            }
            store::attempts::forgive(tx, &key).await?;
            store::sessions::open(tx, session_id, id, &user_agent, now).await?;
            store::sessions::add_token(tx, &hash, session_id, now).await?;
            this.outbox.publish(tx, &LoggedIn { account_id: id, at: now }).await?;
            // Read again: the roles may have changed while the password was checked.
            Ok((store::accounts::by_id_in(tx, id).await?, store::memberships::of_in(tx, id).await?))
        })
        .await?;
    tokens(app, &account, vendors, session_id, refresh_token).await
}
