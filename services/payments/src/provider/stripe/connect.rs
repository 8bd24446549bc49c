//! Connect: vendors have Express accounts at Stripe, say on Stripe's pages who they are, and get transfers out of the platform's
//! balance. Stripe pays them out from there by its own schedule.

use contracts::client::segment;
use serde::Deserialize;

use super::{
    Form, Stripe, amount_out, code,
    objects::{Page, money},
};
use crate::provider::{
    Answer, ProviderError,
    payouts::{
        Accounts, OnboardingPage, OpenAccount, PayoutProvider, ProviderAccount, ProviderReversal, ProviderTransfer,
        Recipients, ReversalCommand, Reversals, TransferCommand, TransferState,
    },
};

/// Metadata that names our vendor.
const VENDOR: &str = "metadata[souk_vendor]";
/// Metadata that names our payout.
const PAYOUT: &str = "metadata[souk_payout]";
/// Metadata that holds the key of a reversal.
const REVERSAL: &str = "metadata[souk_reversal]";

/// A connected account.
#[derive(Debug, Deserialize)]
struct Account {
    id: String,
    #[serde(default)]
    payouts_enabled: bool,
    capabilities: Option<Capabilities>,
    requirements: Option<Requirements>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Capabilities {
    transfers: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Requirements {
    currently_due: Option<Vec<String>>,
    disabled_reason: Option<String>,
}

impl Account {
    /// What it means. Money may be sent to it once the capability is there, and reaches the vendor once Stripe pays it out.
    fn account(self) -> ProviderAccount {
        let requirements = self.requirements.unwrap_or_default();
        let transfers = self.capabilities.unwrap_or_default().transfers;
        ProviderAccount {
            id: self.id,
            is_ready: self.payouts_enabled && transfers.as_deref() == Some("active"),
            due: requirements.currently_due.unwrap_or_default(),
            problem: requirements.disabled_reason,
        }
    }
}

#[derive(Debug, Deserialize)]
struct AccountLink {
    url: String,
}

/// A transfer to a connected account.
#[derive(Debug, Deserialize)]
struct Transfer {
    id: String,
    amount: i64,
    #[serde(default)]
    amount_reversed: i64,
    currency: String,
    destination: String,
    #[serde(default)]
    transfer_group: Option<String>,
}

impl Transfer {
    /// What it means. A transfer that exists has been made: the account has the money.
    fn transfer(self) -> Result<ProviderTransfer, ProviderError> {
        Ok(ProviderTransfer {
            amount: money(self.amount, &self.currency)?,
            reversed: money(self.amount_reversed, &self.currency)?,
            id: self.id,
            key: self.transfer_group.unwrap_or_default(),
            account_ref: self.destination,
            state: TransferState::Paid,
        })
    }
}

/// What was taken back of a transfer.
#[derive(Debug, Deserialize)]
struct Reversal {
    id: String,
    amount: i64,
    currency: String,
    #[serde(default)]
    metadata: ReversalMetadata,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReversalMetadata {
    souk_reversal: Option<String>,
}

impl Reversal {
    fn reversal(self) -> Result<ProviderReversal, ProviderError> {
        let amount = money(self.amount, &self.currency)?;
        Ok(ProviderReversal { id: self.id, key: self.metadata.souk_reversal.unwrap_or_default(), amount })
    }
}

impl Accounts for Stripe {
    /// Stripe allows `transfers` alone only to platforms that it has approved for that.
    fn open_account(&self, account: OpenAccount) -> Answer<'_, ProviderAccount> {
        Box::pin(async move {
            let mut form = vec![
                ("type", "express".to_owned()),
                ("country", account.country.to_string()),
                ("capabilities[card_payments][requested]", "true".to_owned()),
                ("capabilities[transfers][requested]", "true".to_owned()),
                (VENDOR, account.vendor_id.to_string()),
            ];
            if !account.name.is_empty() {
                form.push(("business_profile[name]", account.name));
            }
            Ok(self.post::<Account>("/v1/accounts", &account.key, form).await?.account())
        })
    }

    fn account<'a>(&'a self, account_ref: &'a str) -> Answer<'a, ProviderAccount> {
        Box::pin(async move {
            let path = format!("/v1/accounts/{}", segment(&account_ref));
            Ok(self.get::<Account>(&path, Form::new()).await?.account())
        })
    }

    /// Without a key: every link is good for one visit, and another one does no harm.
    fn onboarding_page(&self, page: OnboardingPage) -> Answer<'_, String> {
        Box::pin(async move {
            let form = vec![
                ("account", page.account_ref),
                ("type", "account_onboarding".to_owned()),
                ("return_url", page.return_url),
                ("refresh_url", page.refresh_url),
            ];
            let response = self.send(http::Method::POST, "/v1/account_links", None, &form).await?;
            Ok(super::read::<AccountLink>(&response)?.url)
        })
    }
}

impl PayoutProvider for Stripe {
    fn label(&self) -> &'static str {
        "Stripe"
    }

    fn recipients(&self) -> Recipients<'_> {
        Recipients::Accounts(self)
    }

    fn transfer(&self, command: TransferCommand) -> Answer<'_, ProviderTransfer> {
        Box::pin(async move {
            let form = vec![
                ("amount", amount_out(command.amount)?),
                ("currency", code(command.amount)),
                ("destination", command.account_ref),
                ("transfer_group", command.key.clone()),
                ("description", command.description),
                (PAYOUT, command.payout_id.to_string()),
            ];
            self.post::<Transfer>("/v1/transfers", &command.key, form).await?.transfer()
        })
    }

    fn fetch_transfer<'a>(&'a self, transfer_ref: &'a str) -> Answer<'a, ProviderTransfer> {
        Box::pin(async move {
            let path = format!("/v1/transfers/{}", segment(&transfer_ref));
            self.get::<Transfer>(&path, Form::new()).await?.transfer()
        })
    }

    /// The group of a transfer is its key, so that the list can be asked for it. The oldest is the one that was sent.
    fn find_transfer<'a>(&'a self, key: &'a str) -> Answer<'a, Option<ProviderTransfer>> {
        Box::pin(async move {
            let form = vec![("transfer_group", key.to_owned()), ("limit", super::PAGE.to_string())];
            let page: Page<Transfer> = self.get("/v1/transfers", form).await?;
            page.data.into_iter().next_back().map(Transfer::transfer).transpose()
        })
    }

    fn reversals(&self) -> Option<&dyn Reversals> {
        Some(self)
    }
}

impl Reversals for Stripe {
    fn reverse(&self, command: ReversalCommand) -> Answer<'_, ProviderReversal> {
        Box::pin(async move {
            let path = format!("/v1/transfers/{}/reversals", segment(&command.transfer_ref));
            let form = vec![
                ("amount", amount_out(command.amount)?),
                ("description", command.description),
                (REVERSAL, command.key.clone()),
            ];
            self.post::<Reversal>(&path, &command.key, form).await?.reversal()
        })
    }

    /// A transfer has few: they are made one after the other, when the vendor owes something.
    fn find_reversal<'a>(&'a self, transfer_ref: &'a str, key: &'a str) -> Answer<'a, Option<ProviderReversal>> {
        Box::pin(async move {
            let path = format!("/v1/transfers/{}/reversals", segment(&transfer_ref));
            let page: Page<Reversal> = self.get(&path, vec![("limit", super::PAGE.to_string())]).await?;
            let ours = page.data.into_iter().find(|one| one.metadata.souk_reversal.as_deref() == Some(key));
            ours.map(Reversal::reversal).transpose()
        })
    }
}
