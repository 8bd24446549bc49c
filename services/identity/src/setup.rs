//! The link that makes the first admin: there is no default account and no default password.

use std::sync::Arc;

use db::Db;
use kernel::{Clock, Random, Result, Secret};

use crate::{
    links::{NewLink, Purpose, hash_token},
    store,
};

/// A new token for `/setup?token=…`, or nothing if there is an admin. Tokens of earlier starts stop
/// counting. Call it at every start, after the service was built, and show the link to whoever runs
/// the program.
pub async fn setup_token(db: &Db, clock: &Arc<dyn Clock>, random: &Arc<dyn Random>) -> Result<Option<Secret>> {
    let (token, now) = (Secret::new(random.token()), clock.now());
    let hash = hash_token(token.expose());
    let needed = db
        .write(async move |tx| {
            store::links::void_setup(tx).await?;
            if store::accounts::admin_exists(tx).await? {
                return Ok(false);
            }
            let expires_at = now.plus(Purpose::Setup.lifetime());
            let link = NewLink { hash: &hash, purpose: Purpose::Setup, account: None, now, expires_at };
            store::links::insert(tx, &link).await?;
            Ok(true)
        })
        .await?;
    Ok(needed.then_some(token))
}
