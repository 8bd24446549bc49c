//! Makes the first admin.

use std::sync::Arc;

use contracts::identity::{AccountRegistered, AccountVerified, AccountView, SetUpAdmin};
use kernel::{Error, Result};
use serde_json::json;

use super::{audit, register::new_customer};
use crate::{
    app::App,
    error::IdentityError,
    links::{Purpose, hash_token},
    store,
};

/// Makes the first admin by the link that the program showed at its start; works once. Whoever can read
/// the program's output is trusted, so the address counts as verified.
pub(crate) async fn set_up_admin(app: &Arc<App>, input: SetUpAdmin) -> Result<AccountView> {
    let hash = hash_token(input.token.expose());
    let now = app.clock.now();
    if !store::links::is_open(&app.db, &hash, Purpose::Setup, now).await? {
        return Err(IdentityError::LinkInvalid.into());
    }
    let mut account = new_customer(app, input.account, "account.").await?;
    account.is_admin = true;
    account.verified_at = Some(now);
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let head = audit::lock(tx).await?;
            if !store::links::use_up_setup(tx, &hash, now).await? || store::accounts::admin_exists(tx).await? {
                return Err(IdentityError::LinkInvalid.into());
            }
            if !store::accounts::insert(tx, &account).await? {
                return Err(Error::from(IdentityError::EmailTaken));
            }
            this.outbox.publish(tx, &AccountRegistered { account_id: account.id, at: now }).await?;
            this.outbox.publish(tx, &AccountVerified { account_id: account.id }).await?;
            let (actor, subject) = ("setup".to_owned(), account.id);
            let deed = audit::Deed { at: now, actor, action: "admin.created", subject, detail: json!({}) };
            audit::append(tx, head, deed).await?;
            Ok(account.view(Vec::new()))
        })
        .await
}
