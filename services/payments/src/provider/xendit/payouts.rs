//! Payouts: to an account at a bank or a wallet, out of the platform's balance. They are found by our name for them.

use std::collections::BTreeMap;

use contracts::client::segment;
use kernel::{Currency, Money};
use serde::Deserialize;
use serde_json::{Number, json};

use super::{Form, Xendit, amount_in, amount_out, read};
use crate::provider::{
    Answer, ProviderError,
    payouts::{Blank, PayoutProvider, ProviderTransfer, Recipients, TransferCommand, TransferState, Typed},
};

/// The fields that vendors fill in.
const CHANNEL: &str = "channel";
const NUMBER: &str = "account_number";
const HOLDER: &str = "account_holder";
/// Divides the parts of what names an account.
const MARK: &str = "/";
/// Longest name of a holder, and longest number, that Xendit takes.
const PART_MAX: usize = 100;

/// An account at a channel: a bank or a wallet.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Destination {
    account_number: String,
    account_holder_name: String,
}

impl Destination {
    /// As one text; neither codes nor numbers have the mark in them.
    fn at(&self, channel: &str) -> String {
        [channel, &self.account_number, &self.account_holder_name].join(MARK)
    }

    /// The channel and the account behind [`Self::at`].
    fn behind(account_ref: &str) -> Option<(&str, Self)> {
        let (channel, rest) = account_ref.split_once(MARK)?;
        let (number, holder) = rest.split_once(MARK)?;
        Some((channel, Self { account_number: number.to_owned(), account_holder_name: holder.to_owned() }))
    }
}

/// The currency in which a channel is paid to; its code begins with its country.
pub fn currency_of(channel: &str) -> Option<&'static str> {
    Some(match channel.get(..3)? {
        "ID_" => "IDR",
        "PH_" => "PHP",
        "TH_" => "THB",
        "VN_" => "VND",
        "MY_" => "MYR",
        _ => return None,
    })
}

/// A payout.
#[derive(Debug, Deserialize)]
struct Payout {
    id: String,
    reference_id: String,
    channel_code: String,
    channel_properties: Destination,
    amount: Number,
    currency: String,
    status: String,
    #[serde(default)]
    failure_code: Option<String>,
}

impl Payout {
    fn state(&self) -> Result<TransferState, ProviderError> {
        Ok(match self.status.as_str() {
            "ACCEPTED" | "REQUESTED" | "PENDING_COMPLIANCE_ASSESSMENT" => TransferState::Pending,
            "SUCCEEDED" => TransferState::Paid,
            "FAILED" | "CANCELLED" | "COMPLIANCE_REJECTED" | "REVERSED" => {
                let reason = self.failure_code.as_deref().unwrap_or(&self.status);
                TransferState::Failed { reason: reason.to_ascii_lowercase() }
            }
            other => return Err(ProviderError::NoAnswer(format!("payout {}: {other:?}", self.id))),
        })
    }

    /// What it means.
    fn transfer(self) -> Result<ProviderTransfer, ProviderError> {
        let unknown = |_| ProviderError::NoAnswer(format!("unknown currency {:?}", self.currency));
        let amount = amount_in(&self.amount, Currency::parse(&self.currency).map_err(unknown)?)?;
        Ok(ProviderTransfer {
            state: self.state()?,
            account_ref: self.channel_properties.at(&self.channel_code),
            amount,
            reversed: Money::zero(amount.currency),
            id: self.id,
            key: self.reference_id,
        })
    }
}

/// Those with a name: alone in older answers, in a page in newer ones.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Found {
    Alone(Vec<Payout>),
    Page { data: Vec<Payout> },
}

impl Xendit {
    /// What Xendit has against a question says nothing of the money.
    async fn ask<T: serde::de::DeserializeOwned>(&self, path: &str, form: Form) -> Result<T, ProviderError> {
        match self.get(path, form).await {
            Err(ProviderError::Refused { reason }) => Err(ProviderError::NoAnswer(reason)),
            answer => answer,
        }
    }
}

impl Typed for Xendit {
    fn blanks(&self) -> Vec<Blank> {
        let choices = self.settings.payout_channels.clone();
        let (bank, holder) = ("By Xendit's code.", "Exactly as the bank or wallet has it.");
        let number = "Of a wallet, the telephone number that it belongs to.";
        vec![
            Blank { name: CHANNEL, label: "Bank or wallet", hint: bank, choices },
            Blank { name: NUMBER, label: "Account number", hint: number, choices: Vec::new() },
            Blank { name: HOLDER, label: "Account holder", hint: holder, choices: Vec::new() },
        ]
    }

    fn read(&self, typed: &BTreeMap<&str, &str>) -> Result<String, (&'static str, &'static str)> {
        let said = |name: &str| typed.get(name).copied().unwrap_or_default();
        let channel = said(CHANNEL);
        if !self.settings.payout_channels.iter().any(|known| known == channel) {
            return Err((CHANNEL, "Choose the bank or wallet."));
        }
        let number: String = said(NUMBER).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let digits = number.strip_prefix('+').unwrap_or(&number);
        if !(4..=PART_MAX).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err((NUMBER, "Enter the number alone: at least 4 digits."));
        }
        let holder = said(HOLDER).split_whitespace().collect::<Vec<_>>().join(" ");
        if !(2..=PART_MAX).contains(&holder.chars().count()) {
            return Err((HOLDER, "Say whose account it is, as the bank or wallet has it."));
        }
        Ok(Destination { account_number: number, account_holder_name: holder }.at(channel))
    }
}

impl PayoutProvider for Xendit {
    fn label(&self) -> &'static str {
        "Xendit"
    }

    fn recipients(&self) -> Recipients<'_> {
        Recipients::Typed(self)
    }

    fn transfer(&self, command: TransferCommand) -> Answer<'_, ProviderTransfer> {
        Box::pin(async move {
            let refused = |reason: &str| ProviderError::Refused { reason: reason.to_owned() };
            let (channel, to) = Destination::behind(&command.account_ref).ok_or_else(|| refused("unknown_account"))?;
            if currency_of(channel) != Some(command.amount.currency.code()) {
                return Err(refused("currency_not_supported"));
            }
            let body = json!({
                "reference_id": command.key, "channel_code": channel,
                "channel_properties": {
                    "account_number": to.account_number, "account_holder_name": to.account_holder_name,
                },
                "amount": amount_out(command.amount)?, "currency": command.amount.currency,
                "description": command.description,
            });
            read::<Payout>(&self.post("/v2/payouts", Some(&command.key), &body).await?)?.transfer()
        })
    }

    fn fetch_transfer<'a>(&'a self, transfer_ref: &'a str) -> Answer<'a, ProviderTransfer> {
        Box::pin(async move {
            let path = format!("/v2/payouts/{}", segment(&transfer_ref));
            self.ask::<Payout>(&path, Form::new()).await?.transfer()
        })
    }

    fn find_transfer<'a>(&'a self, key: &'a str) -> Answer<'a, Option<ProviderTransfer>> {
        Box::pin(async move {
            let found: Found = self.ask("/v2/payouts", vec![("reference_id", key.to_owned())]).await?;
            let (Found::Alone(all) | Found::Page { data: all }) = found;
            all.into_iter().next().map(Payout::transfer).transpose()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_meaning() {
        let state = |status: &str, failure: Option<&str>| {
            let payout = json!({
                "id": "disb-1", "reference_id": "k", "channel_code": "ID_BCA", "amount": 10_000, "currency": "IDR",
                "channel_properties": {"account_number": "000000000099", "account_holder_name": "Ada L."},
                "status": status, "failure_code": failure,
            });
            serde_json::from_value::<Payout>(payout).unwrap().transfer()
        };
        let failed = |reason: &str| TransferState::Failed { reason: reason.to_owned() };
        for (status, failure, meaning) in [
            ("ACCEPTED", None, TransferState::Pending),
            ("REQUESTED", None, TransferState::Pending),
            ("PENDING_COMPLIANCE_ASSESSMENT", None, TransferState::Pending),
            ("SUCCEEDED", None, TransferState::Paid),
            ("FAILED", Some("INVALID_DESTINATION"), failed("invalid_destination")),
            ("CANCELLED", None, failed("cancelled")),
            ("COMPLIANCE_REJECTED", None, failed("compliance_rejected")),
            ("REVERSED", None, failed("reversed")),
        ] {
            let seen = state(status, failure).unwrap();
            assert_eq!((seen.state, seen.amount.amount_minor), (meaning, 1_000_000), "{status}");
            assert_eq!((seen.account_ref.as_str(), seen.key.as_str()), ("ID_BCA/000000000099/Ada L.", "k"));
        }
        assert!(matches!(state("READY", None), Err(ProviderError::NoAnswer(_))));
    }

    #[test]
    fn an_account_is_one_text_and_comes_back_whole() {
        let (channel, to) = Destination::behind("PH_GCASH/+639171234567/Ada/Bob").unwrap();
        assert_eq!((channel, to.account_holder_name.as_str()), ("PH_GCASH", "Ada/Bob"));
        assert_eq!(to.at(channel), "PH_GCASH/+639171234567/Ada/Bob");
        assert_eq!((currency_of("PH_GCASH"), currency_of("GCASH")), (Some("PHP"), None));
        assert_eq!(Destination::behind("ada@kiln.test"), None);
    }
}
