//! A vendor is paid through a provider: its owner says so, and says there who it is.

use std::sync::Arc;

use contracts::{
    identity::ConfirmPassword,
    payouts::{ConnectPayoutAccount, ConnectedPayoutAccount, PayoutAccountChanged},
};
use kernel::{AccountId, Country, Error, Result, VendorScope};

use super::look_at_account::{asked, payer};
use crate::{
    Payments,
    error::PaymentError,
    model::recipients::Recipient,
    provider::{
        ProviderError,
        payouts::{OnboardingPage, OpenAccount, PayoutProvider, ProviderAccount},
    },
    store,
};

/// Makes the vendor's account at a provider if there is none, has the vendor paid there from now on, and tells the page on
/// which it says who it is. The password is asked for each time: on that page a bank account is named. As long as the provider
/// wants to know more no payouts are made.
///
/// # Errors
/// Not found if no such provider pays vendors here; invalid for a wrong `password`; conflict if the provider refuses.
pub async fn connect_account(
    app: &Arc<Payments>,
    scope: VendorScope,
    by: AccountId,
    provider: &str,
    input: ConnectPayoutAccount,
) -> Result<ConnectedPayoutAccount> {
    let (name, provider) = payer(app, provider)?;
    app.identity.confirm_password(&app.myself, by, &ConfirmPassword { password: input.password }).await?;
    let recipient = wanted(app, &scope, name, input.country).await?;
    let seen = match &recipient.account_ref {
        Some(account_ref) => asked(provider, account_ref).await?,
        None => open(app, provider, &recipient).await?,
    };
    let recipient = choose(app, &scope, name, by, seen).await?;
    let route = recipient.view(provider.label());
    let account_ref = recipient.account_ref.filter(|_| !route.is_ready || !route.due.is_empty());
    let Some(account_ref) = account_ref else { return Ok(ConnectedPayoutAccount { route, url: None }) };
    let back = format!("{}/vendor/{}/payouts/account", app.public_url, scope.vendor_id());
    let page = OnboardingPage {
        account_ref,
        return_url: format!("{back}?back={name}"),
        refresh_url: format!("{back}/{name}"),
    };
    let url = provider.onboarding_page(page).await?;
    Ok(ConnectedPayoutAccount { route, url: Some(url) })
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
async fn open(app: &Arc<Payments>, provider: &dyn PayoutProvider, recipient: &Recipient) -> Result<ProviderAccount> {
    let account = OpenAccount {
        key: recipient.key(),
        vendor_id: recipient.vendor_id,
        name: recipient.name.clone(),
        country: recipient.country.clone(),
    };
    match provider.open_account(account).await {
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
    seen: ProviderAccount,
) -> Result<Recipient> {
    let (this, vendor_id) = (app.clone(), scope.vendor_id());
    app.db
        .as_vendor(scope)
        .write(async move |tx| {
            let now = this.clock.now();
            store::lock_vendor(tx, vendor_id).await?;
            store::note_account(tx, vendor_id, name, &seen, now).await?;
            if store::choose_recipient(tx, vendor_id, name).await? {
                this.outbox.publish(tx, &PayoutAccountChanged { vendor_id, account_id: by, at: now }).await?;
                let event = "payout_account_changed";
                tracing::info!(event, vendor = %vendor_id, account_id = %by, provider = name, "payout account changed");
            }
            let known = store::recipient_within(tx, vendor_id, name).await?;
            known.ok_or_else(|| PaymentError::NoPayoutAccount.into())
        })
        .await
}
