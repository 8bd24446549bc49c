//! Accounts that come from elsewhere: imports and demonstrations, within the process.

use std::sync::Arc;

use contracts::identity::{AccountRegistered, AccountVerified};
use kernel::{AccountId, Email, Random, Result, Role, Secret};
use runtime::Env;

use crate::{
    Settings,
    model::{Account, LOCALE_DEFAULT, clean_name},
    passwords::{Passwords, check_hash},
    store,
};

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// E-mail; counts as verified.
    pub email: Email,
    /// Name.
    pub name: String,
    /// An argon2id hash, or a bcrypt hash that is replaced at the first log-in. See [`hash`].
    pub password_hash: Secret,
    /// Roles on the platform.
    pub roles: Vec<Role>,
}

/// Hashes a password as the service would.
pub async fn hash(settings: &Settings, random: Arc<dyn Random>, password: &Secret) -> Result<Secret> {
    Passwords::new(settings, random)?.hash(password).await
}

/// Makes an account, as of the time of `env`'s clock, with its events and without a mail. `env` is what
/// the identity service was given. If the address has an account, that one stays as it is.
pub async fn account(env: &Env, new: NewAccount) -> Result<AccountId> {
    check_hash(&new.password_hash)?;
    let now = env.clock.now();
    let account = Account {
        id: AccountId::new(&env.ids),
        name: clean_name("name", &new.name)?,
        email: new.email,
        phone: None,
        locale: LOCALE_DEFAULT.to_owned(),
        password_hash: new.password_hash,
        is_customer: new.roles.contains(&Role::Customer),
        is_admin: new.roles.contains(&Role::Admin),
        verified_at: Some(now),
        disabled: false,
        erased_at: None,
        created_at: now,
        version: 1,
    };
    let outbox = env.outbox.clone();
    env.db
        .write(async move |tx| {
            if !store::accounts::insert(tx, &account).await? {
                return store::accounts::by_email_in(tx, &account.email).await.map(|existing| existing.id);
            }
            outbox.publish(tx, &AccountRegistered { account_id: account.id, at: now }).await?;
            outbox.publish(tx, &AccountVerified { account_id: account.id }).await?;
            Ok(account.id)
        })
        .await
}
