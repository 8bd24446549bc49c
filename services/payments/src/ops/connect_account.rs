//! A vendor is paid through a provider: its owner says so, and says there who it is, or here where its account is.

use std::{collections::BTreeMap, sync::Arc};

use contracts::{
    identity::ConfirmPassword,
    payouts::{ConnectPayoutAccount, ConnectedPayoutAccount, PayoutAccountChanged},
};
use db::{ResultExt, Tx};
use kernel::{AccountId, Country, Error, Result, VendorId, VendorScope};

use super::look_at_account::{asked, payer};
use crate::{
    Payments,
    error::PaymentError,
    model::recipients::Recipient,
    provider::{
        ProviderError,
        payouts::{Accounts, OnboardingPage, OpenAccount, PayoutProvider, ProviderAccount, Recipients, Typed},
    },
    store,
};

/// Has the vendor paid at a provider from now on: to an account that is made there if there is none, or to what the owner has
/// typed.
///
/// # Errors
/// Not found if no such provider pays vendors here; invalid for a wrong `password`, or a `recipient` that cannot be one or is
/// another store's; conflict if the provider refuses.
pub async fn connect_account(
    app: &Arc<Payments>,
    scope: VendorScope,
    by: AccountId,
    provider: &str,
    input: ConnectPayoutAccount,
) -> Result<ConnectedPayoutAccount> {
    let (name, provider) = payer(app, provider)?;
    match provider.recipients() {
        Recipients::Accounts(accounts) => on_its_pages(app, &scope, by, (name, provider, accounts), input).await,
        Recipients::Typed(typed) => {
            let account_ref = typed_account(app, &scope, name, typed, &input).await?;
            let field = first_field(typed);
            app.identity.confirm_password(&app.myself, by, &ConfirmPassword { password: input.password }).await?;
            let given = give(app, &scope, name, by, input.country, account_ref).await;
            let recipient = given.on_unique(|| {
                Error::invalid(field, "Another store is paid there. Name an account of this store alone.")
            })?;
            Ok(ConnectedPayoutAccount { route: recipient.view(provider), url: None })
        }
    }
}

/// Makes the account if there is none, and tells the page on which the vendor says who it is. The password is asked for each
/// time: on that page a bank account is named. As long as the provider wants to know more no payouts are made.
async fn on_its_pages(
    app: &Arc<Payments>,
    scope: &VendorScope,
    by: AccountId,
    (name, provider, accounts): (&'static str, &dyn PayoutProvider, &dyn Accounts),
    input: ConnectPayoutAccount,
) -> Result<ConnectedPayoutAccount> {
    app.identity.confirm_password(&app.myself, by, &ConfirmPassword { password: input.password }).await?;
    let recipient = wanted(app, scope, name, input.country).await?;
    let seen = match &recipient.account_ref {
        Some(account_ref) => asked(accounts, account_ref).await?,
        None => open(app, accounts, &recipient).await?,
    };
    let recipient = choose(app, scope, name, by, (recipient.account_ref, seen)).await?;
    let route = recipient.view(provider);
    let account_ref = recipient.account_ref.filter(|_| !route.is_ready || !route.due.is_empty());
    let Some(account_ref) = account_ref else { return Ok(ConnectedPayoutAccount { route, url: None }) };
    let back = format!("{}/vendor/{}/payouts/account", app.public_url, scope.vendor_id());
    let page = OnboardingPage {
        account_ref,
        return_url: format!("{back}?back={name}"),
        refresh_url: format!("{back}/{name}"),
    };
    let url = accounts.onboarding_page(page).await?;
    Ok(ConnectedPayoutAccount { route, url: Some(url) })
}

/// What the owner has typed, if it can be an account there; if nothing was typed, what was before.
async fn typed_account(
    app: &Arc<Payments>,
    scope: &VendorScope,
    name: &'static str,
    typed: &dyn Typed,
    input: &ConnectPayoutAccount,
) -> Result<String> {
    let said = input.recipient.iter().map(|(name, text)| (name.as_str(), text.expose().trim()));
    let said: BTreeMap<&str, &str> = said.filter(|(_, text)| !text.is_empty()).collect();
    if said.is_empty() {
        let known = store::recipient(&app.db, scope, name).await?.and_then(|known| known.account_ref);
        return known.ok_or_else(|| Error::invalid(first_field(typed), "Say where you are to be paid."));
    }
    typed.read(&said).map_err(|(field, reason)| Error::invalid(format!("recipient.{field}"), reason))
}

/// Beside which field is said what is wrong with all of them.
fn first_field(typed: &dyn Typed) -> String {
    typed.blanks().first().map_or_else(|| "recipient".to_owned(), |blank| format!("recipient.{}", blank.name))
}

/// Notes what the owner has typed and has the vendor paid there.
///
/// # Errors
/// `db_unique` if another vendor is paid there.
async fn give(
    app: &Arc<Payments>,
    scope: &VendorScope,
    name: &'static str,
    by: AccountId,
    country: Country,
    account_ref: String,
) -> Result<Recipient> {
    let (this, vendor) = (app.clone(), scope.vendor_id());
    app.db
        .as_vendor(scope)
        .write(async move |tx| {
            if !store::lock_vendor(tx, vendor).await? {
                return Err(Error::not_found("vendor"));
            }
            let before = store::recipient_within(tx, vendor, name).await?.and_then(|known| known.account_ref);
            let now = this.clock.now();
            store::give_recipient(tx, vendor, name, &country, &account_ref, now).await?;
            if store::choose_recipient(tx, vendor, name).await? || before.as_ref() != Some(&account_ref) {
                tell(&this, tx, vendor, by, name).await?;
            }
            let known = store::recipient_within(tx, vendor, name).await?;
            known.ok_or_else(|| PaymentError::NoPayoutAccount.into())
        })
        .await
}

/// Tells the owners by mail, and the log.
async fn tell(app: &Arc<Payments>, tx: &mut Tx, vendor_id: VendorId, by: AccountId, provider: &str) -> Result<()> {
    let at = app.clock.now();
    app.outbox.publish(tx, &PayoutAccountChanged { vendor_id, account_id: by, at }).await?;
    let event = "payout_account_changed";
    tracing::info!(event, vendor = %vendor_id, account_id = %by, provider, "payout account changed");
    Ok(())
}

/// What is known of the account, with a first note that one is wanted.
async fn wanted(app: &Arc<Payments>, scope: &VendorScope, name: &'static str, country: Country) -> Result<Recipient> {
    let (vendor, now) = (scope.vendor_id(), app.clock.now());
    app.db
        .as_vendor(scope)
        .write(async move |tx| {
            if !store::lock_vendor(tx, vendor).await? {
                return Err(Error::not_found("vendor"));
            }
            store::want_recipient(tx, vendor, name, &country, now).await?;
            let known = store::recipient_within(tx, vendor, name).await?;
            known.ok_or_else(|| Error::not_found("vendor"))
        })
        .await
}

/// Has the account made. What was refused under a key would be refused again, so the next time it is another one.
async fn open(app: &Arc<Payments>, accounts: &dyn Accounts, recipient: &Recipient) -> Result<ProviderAccount> {
    let account = OpenAccount {
        key: recipient.key(),
        vendor_id: recipient.vendor_id,
        name: recipient.name.clone(),
        country: recipient.country.clone(),
    };
    match accounts.open_account(account).await {
        Err(refusal @ ProviderError::Refused { .. }) => {
            let recipient = recipient.clone();
            app.db.write(async move |tx| store::give_up_attempt(tx, &recipient).await).await?;
            Err(refusal.into())
        }
        answer => Ok(answer?),
    }
}

/// Notes the account and has the vendor paid there. Of two accounts that were made at once the first that is noted stays; the
/// other one is empty and is never paid to.
async fn choose(
    app: &Arc<Payments>,
    scope: &VendorScope,
    name: &'static str,
    by: AccountId,
    (known, seen): (Option<String>, ProviderAccount),
) -> Result<Recipient> {
    let (this, vendor_id) = (app.clone(), scope.vendor_id());
    app.db
        .as_vendor(scope)
        .write(async move |tx| {
            let now = this.clock.now();
            store::lock_vendor(tx, vendor_id).await?;
            store::note_account(tx, (vendor_id, name), known.as_deref(), &seen, now).await?;
            if store::choose_recipient(tx, vendor_id, name).await? {
                tell(&this, tx, vendor_id, by, name).await?;
            }
            let known = store::recipient_within(tx, vendor_id, name).await?;
            known.ok_or_else(|| PaymentError::NoPayoutAccount.into())
        })
        .await
}
