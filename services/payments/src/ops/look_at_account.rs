//! A vendor's account at a provider: how far has it come? The provider is asked when the vendor comes back from its pages, after
//! an event, after a payout that it has refused, and before runs as long as the account cannot be paid to.

use std::{sync::Arc, time::Duration};

use contracts::payouts::PayoutRouteView;
use kernel::{Result, VendorId, VendorScope};

use crate::{
    Payments,
    error::PaymentError,
    jobs::Account,
    provider::{
        ProviderError,
        payouts::{Accounts, PayoutProvider, ProviderAccount},
    },
    store,
};

/// How long after it was asked a provider is asked again about an account that cannot be paid to.
const ASK_AGAIN: Duration = Duration::from_secs(15 * 60);
/// Accounts asked about in one round.
const BATCH: i64 = 100;

/// The provider of this name that pays vendors, with its name as it is kept.
///
/// # Errors
/// Not found if there is none.
pub(super) fn payer<'a>(app: &'a Payments, name: &str) -> Result<(&'static str, &'a dyn PayoutProvider)> {
    let found = app.providers.payers().find(|(known, _)| *known == name);
    Ok(found.ok_or(PaymentError::NoProvider)?)
}

/// How the account stands. One that the provider does not know any more cannot be paid to.
pub(super) async fn asked(
    accounts: &dyn Accounts,
    account_ref: &str,
) -> std::result::Result<ProviderAccount, ProviderError> {
    match accounts.account(account_ref).await {
        Err(ProviderError::NotFound) => Ok(ProviderAccount {
            id: account_ref.to_owned(),
            is_ready: false,
            due: Vec::new(),
            problem: Some("unknown_account".to_owned()),
        }),
        answer => answer,
    }
}

async fn ask(
    app: &Arc<Payments>,
    vendor: VendorId,
    name: &'static str,
    accounts: &dyn Accounts,
    account_ref: &str,
) -> Result<()> {
    let seen = asked(accounts, account_ref).await?;
    let (now, known) = (app.clock.now(), account_ref.to_owned());
    app.db
        .write(async move |tx| store::note_account(tx, (vendor, name), Some(&known), &seen, now).await.map(drop))
        .await
}

/// An owner wants to know now. Where the vendor has typed its account there is nobody to ask.
///
/// # Errors
/// Conflict if the vendor has no account there.
pub async fn refresh_account(app: &Arc<Payments>, scope: &VendorScope, provider: &str) -> Result<PayoutRouteView> {
    let (name, provider) = payer(app, provider)?;
    let known = store::recipient(&app.db, scope, name).await?;
    let account_ref = known.and_then(|known| known.account_ref).ok_or(PaymentError::NoPayoutAccount)?;
    if let Some(accounts) = provider.recipients().accounts() {
        ask(app, scope.vendor_id(), name, accounts, &account_ref).await?;
    }
    let known = store::recipient(&app.db, scope, name).await?.ok_or(PaymentError::NoPayoutAccount)?;
    Ok(known.view(provider))
}

/// Takes in how an account stands; false if it is no vendor's, or none that can be asked about.
pub async fn look_at_account(app: &Arc<Payments>, account: &Account) -> Result<bool> {
    let Ok((name, provider)) = payer(app, &account.provider) else { return Ok(false) };
    let Some(accounts) = provider.recipients().accounts() else { return Ok(false) };
    let Some(known) = store::recipient_with(&app.db, name, &account.account_ref).await? else { return Ok(false) };
    ask(app, known.vendor_id, name, accounts, &account.account_ref).await?;
    Ok(true)
}

/// Asks about the accounts that vendors have chosen and that cannot be paid to: an event that got lost costs no run. One that
/// cannot be asked about does not keep the others from it.
pub async fn look_at_unready(app: &Arc<Payments>) -> Result<()> {
    let before = app.clock.now().minus(ASK_AGAIN);
    for known in store::unready_recipients(&app.db, before, BATCH).await? {
        let Some(account_ref) = known.account_ref else { continue };
        let account = Account { provider: known.provider, account_ref };
        if let Err(error) = look_at_account(app, &account).await {
            tracing::warn!(vendor = %known.vendor_id, %error, "a vendor's account could not be asked about, will try again");
        }
    }
    Ok(())
}
