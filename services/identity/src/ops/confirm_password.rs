//! Asks whether it is still the person who logged in: their password, again.

use std::sync::Arc;

use kernel::{AccountId, Error, Result, Secret};

use super::log_in::count_attempt;
use crate::{app::App, error::IdentityError, store, throttle};

/// Fails unless this is the account's password. Wrong guesses count like those at log-in, and a right one forgives them.
///
/// # Errors
/// Invalid at the field `password` if it is another; forbidden if the account is closed.
pub(crate) async fn confirm_password(app: &Arc<App>, id: AccountId, password: &Secret) -> Result<()> {
    let account = store::accounts::by_id(&app.db, id).await?;
    let turn = app.passwords.turn()?;
    let key = throttle::key_of(&account.email);
    count_attempt(app, key.clone()).await?;
    if !turn.check(password, Some(&account.password_hash)).await?.matches {
        tracing::info!(event = "authn_step_up_fail", account_id = %account.id, "wrong password");
        return Err(Error::invalid("password", "This is not your password."));
    }
    if account.disabled {
        return Err(IdentityError::AccountClosed.into());
    }
    app.db.write(async move |tx| store::attempts::forgive(tx, &key).await).await
}
