//! Changes the password of somebody who has logged in.

use std::sync::Arc;

use contracts::identity::ChangePassword;
use kernel::{Error, Principal, Result};

use super::log_in::count_attempt;
use crate::{app::App, links::Purpose, mail, passwords::check_policy, store, throttle};

/// Changes the password, after the one now was entered again. Ends all other sessions and all links
/// that would set a password. Wrong guesses count like those at log-in.
pub(crate) async fn change_password(app: &Arc<App>, who: &Principal, input: ChangePassword) -> Result<()> {
    let account = store::accounts::by_id(&app.db, who.account_id).await?;
    check_policy("new", &input.new, Some(&account.email))?;
    let turn = app.passwords.turn()?;
    let key = throttle::key_of(&account.email);
    count_attempt(app, key.clone()).await?;
    let wrong = || Error::invalid("current", "This is not your password.");
    if !turn.check(&input.current, Some(&account.password_hash)).await?.matches {
        tracing::info!(event = "authn_password_change_fail", account_id = %account.id, "wrong password");
        return Err(wrong());
    }
    let hash = app.passwords.hash(&input.new).await?;
    let (this, session_id, now) = (app.clone(), who.session_id, app.clock.now());
    app.db
        .write(async move |tx| {
            if !store::accounts::change_password(tx, account.id, &account.password_hash, &hash).await? {
                return Err(wrong());
            }
            store::attempts::forgive(tx, &key).await?;
            store::links::void(tx, account.id, Purpose::Reset, now).await?;
            store::sessions::end_all(tx, account.id, Some(session_id), "password_changed", now).await?;
            mail::password_changed(&this, tx, &account).await
        })
        .await
}
