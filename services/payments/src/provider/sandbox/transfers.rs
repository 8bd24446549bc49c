//! The sandbox pays vendors, too: they are its payees, and no money moves.

use contracts::client::segment;
use http::Method;
use kernel::{Currency, Money};
use serde::Deserialize;
use serde_json::json;

use super::{Items, Sandbox};
use crate::provider::{
    Answer,
    payouts::{
        Accounts, OnboardingPage, OpenAccount, PayoutProvider, ProviderAccount, ProviderTransfer, Recipients,
        TransferCommand, TransferState,
    },
};

#[derive(Deserialize)]
struct PayeeBody {
    id: String,
    status: String,
    due: Vec<String>,
}

impl PayeeBody {
    fn account(self) -> ProviderAccount {
        ProviderAccount {
            id: self.id,
            is_ready: self.status == "ready",
            due: self.due,
            problem: (self.status == "closed").then(|| "closed".to_owned()),
        }
    }
}

#[derive(Deserialize)]
struct PageBody {
    url: String,
}

#[derive(Deserialize)]
struct TransferBody {
    id: String,
    payee: String,
    reference: String,
    amount_minor: i64,
    currency: Currency,
}

impl TransferBody {
    fn transfer(self) -> ProviderTransfer {
        ProviderTransfer {
            id: self.id,
            key: self.reference,
            account_ref: self.payee,
            amount: Money::new(self.amount_minor, self.currency),
            reversed: Money::zero(self.currency),
            state: TransferState::Paid,
        }
    }
}

impl Accounts for Sandbox {
    fn open_account(&self, account: OpenAccount) -> Answer<'_, ProviderAccount> {
        Box::pin(async move {
            let body = json!({"reference": account.vendor_id, "name": account.name, "country": account.country});
            let opened: PayeeBody = self.call(Method::POST, "/v1/payees", Some(&account.key), Some(body)).await?;
            Ok(opened.account())
        })
    }

    fn account<'a>(&'a self, account_ref: &'a str) -> Answer<'a, ProviderAccount> {
        Box::pin(async move {
            let path = format!("/v1/payees/{}", segment(&account_ref));
            Ok(self.call::<PayeeBody>(Method::GET, &path, None, None).await?.account())
        })
    }

    fn onboarding_page(&self, page: OnboardingPage) -> Answer<'_, String> {
        Box::pin(async move {
            let path = format!("/v1/payees/{}/onboarding", segment(&page.account_ref));
            let body = json!({"return_url": page.return_url});
            Ok(self.call::<PageBody>(Method::POST, &path, None, Some(body)).await?.url)
        })
    }
}

impl PayoutProvider for Sandbox {
    fn label(&self) -> &'static str {
        "Sandbox"
    }

    fn recipients(&self) -> Recipients<'_> {
        Recipients::Accounts(self)
    }

    fn transfer(&self, command: TransferCommand) -> Answer<'_, ProviderTransfer> {
        Box::pin(async move {
            let body = json!({
                "payee": command.account_ref,
                "reference": command.key,
                "amount_minor": command.amount.amount_minor,
                "currency": command.amount.currency,
            });
            let sent: TransferBody = self.call(Method::POST, "/v1/transfers", Some(&command.key), Some(body)).await?;
            Ok(sent.transfer())
        })
    }

    fn fetch_transfer<'a>(&'a self, transfer_ref: &'a str) -> Answer<'a, ProviderTransfer> {
        Box::pin(async move {
            let path = format!("/v1/transfers/{}", segment(&transfer_ref));
            Ok(self.call::<TransferBody>(Method::GET, &path, None, None).await?.transfer())
        })
    }

    fn find_transfer<'a>(&'a self, key: &'a str) -> Answer<'a, Option<ProviderTransfer>> {
        Box::pin(async move {
            let path = format!("/v1/transfers?reference={}", segment(&key));
            let found: Items<TransferBody> = self.call(Method::GET, &path, None, None).await?;
            Ok(found.items.into_iter().next().map(TransferBody::transfer))
        })
    }
}
