//! Opens an account.

use std::sync::Arc;

use contracts::identity::{AccountRegistered, AccountView, Register};
use kernel::{AccountId, Result, Secret, Timestamp};

use crate::{
    app::App,
    error::IdentityError,
    links, mail,
    model::{Account, clean_locale, clean_name},
    passwords::check_policy,
    store,
};

/// Opens an account and mails a link that verifies its address. Whoever owns an address that has an
/// account is told by mail that somebody tried.
pub(crate) async fn register(app: &Arc<App>, input: Register) -> Result<AccountView> {
    let account = new_customer(app, input, "").await?;
    let view = account.view(Vec::new());
    let this = app.clone();
    let is_new = app
        .db
        .write(async move |tx| {
            if !store::accounts::insert(tx, &account).await? {
                let existing = store::accounts::by_email_in(tx, &account.email).await?;
                mail::already_registered(&this, tx, &existing).await?;
                return Ok(false);
            }
            this.outbox.publish(tx, &AccountRegistered { account_id: account.id, at: account.created_at }).await?;
            links::mail_verification(&this, tx, &account).await?;
            Ok(true)
        })
        .await?;
    if is_new { Ok(view) } else { Err(IdentityError::EmailTaken.into()) }
}

/// Checks what was entered, below the field `prefix`, and hashes the password.
pub(super) async fn new_customer(app: &App, input: Register, prefix: &str) -> Result<Account> {
    let name = clean_name(&format!("{prefix}name"), &input.name)?;
    let locale = clean_locale(&format!("{prefix}locale"), input.locale.as_deref())?;
    check_policy(&format!("{prefix}password"), &input.password, Some(&input.email))?;
    let password_hash = app.passwords.hash(&input.password).await?;
    Ok(customer(app, input.email, name, locale, password_hash, app.clock.now()))
}

fn customer(
    app: &App,
    email: kernel::Email,
    name: String,
    locale: String,
    password_hash: Secret,
    now: Timestamp,
) -> Account {
    Account {
        id: AccountId::new(&app.ids),
        email,
        name,
        phone: None,
        locale,
        password_hash,
        is_customer: true,
        is_admin: false,
        verified_at: None,
        disabled: false,
        erased_at: None,
        created_at: now,
        version: 1,
    }
}
