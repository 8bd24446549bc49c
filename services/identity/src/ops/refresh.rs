//! Renews tokens: a refresh token works once.

use std::sync::Arc;

use contracts::identity::{Refresh, Tokens};
use db::Tx;
use kernel::{Result, Secret, SessionId, Timestamp, VendorMembership};

use super::tokens::tokens;
use crate::{app::App, error::IdentityError, links::hash_token, model::Account, store};

/// What became of a refresh token.
enum Outcome {
    Renewed(SessionId, Box<Account>, Vec<VendorMembership>),
    /// It was used before: somebody else has it too. The session is ended.
    Stolen(SessionId),
    /// The session is over, or this never was a refresh token.
    Over,
}

/// Renews the tokens of a session. A token that comes a second time was copied: whoever holds the
/// newer one may be the thief, so the session ends for both.
pub(crate) async fn refresh(app: &Arc<App>, input: Refresh) -> Result<Tokens> {
    let now = app.clock.now();
    let hash = hash_token(input.refresh_token.expose());
    let next = Secret::new(app.random.token());
    let next_hash = hash_token(next.expose());
    // Theft is an outcome and not an error: what it changes has to be committed.
    let outcome = app.db.write(async move |tx| rotate(tx, &hash, &next_hash, now).await).await?;
    match outcome {
        Outcome::Renewed(session_id, account, vendors) => tokens(app, &account, vendors, session_id, next).await,
        Outcome::Stolen(session_id) => {
            tracing::warn!(event = "authn_token_reuse", %session_id, "a refresh token came twice; its session was ended");
            Err(IdentityError::SessionOver.into())
        }
        Outcome::Over => Err(IdentityError::SessionOver.into()),
    }
}

async fn rotate(tx: &mut Tx, hash: &str, next_hash: &str, now: Timestamp) -> Result<Outcome> {
    let Some(session_id) = store::sessions::use_token(tx, hash, now).await? else {
        return match store::sessions::of_token(tx, hash).await? {
            Some(session_id) if store::sessions::end_stolen(tx, session_id, now).await? => {
                Ok(Outcome::Stolen(session_id))
            }
            _ => Ok(Outcome::Over),
        };
    };
    let Some(account_id) = store::sessions::renew(tx, session_id, now).await? else { return Ok(Outcome::Over) };
    let account = store::accounts::by_id_in(tx, account_id).await?;
    if account.disabled {
        return Ok(Outcome::Over);
    }
    store::sessions::add_token(tx, next_hash, session_id, now).await?;
    let vendors = store::memberships::of_in(tx, account_id).await?;
    Ok(Outcome::Renewed(session_id, Box::new(account), vendors))
}
