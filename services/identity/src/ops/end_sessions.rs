//! Ends sessions.

use std::sync::Arc;

use kernel::{AccountId, Error, Principal, Result, SessionId};

use crate::{app::App, store};

/// Ends the session asking; once it is over, that is fine too.
pub(crate) async fn log_out(app: &Arc<App>, who: &Principal) -> Result<()> {
    end(app, who.session_id, who.account_id, "logged_out").await.map(|_| ())
}

/// Ends one session of the account.
pub(crate) async fn end_session(app: &Arc<App>, account_id: AccountId, id: SessionId) -> Result<()> {
    if end(app, id, account_id, "ended_by_owner").await? { Ok(()) } else { Err(Error::not_found("session")) }
}

async fn end(app: &Arc<App>, id: SessionId, account_id: AccountId, reason: &'static str) -> Result<bool> {
    let now = app.clock.now();
    app.db.write(async move |tx| store::sessions::end(tx, id, account_id, reason, now).await).await
}
