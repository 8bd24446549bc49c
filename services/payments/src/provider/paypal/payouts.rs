//! Payouts: a batch of one item to a vendor's PayPal address, out of the platform's balance. PayPal finds no batch by our name
//! for it, but refuses to make a second one of the same name, and says then which one there is.

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use contracts::client::segment;
use http::Response;
use kernel::{Email, Money};
use serde::Deserialize;
use serde_json::json;

use super::{Call, PayPal, Refusal, objects::Amount, read, settings};
use crate::provider::{
    Answer, ProviderError,
    payouts::{Blank, PayoutProvider, ProviderTransfer, Recipients, TransferCommand, TransferState, Typed},
};

/// PayPal knows the names of batches for thirty days; a day before that nobody relies on it any more.
const KEY_LIFE: Duration = Duration::from_secs(29 * 24 * 3600);
/// Letters and digits of an account's id, which PayPal calls payer or merchant id.
const ID_LENGTH: usize = 13;
/// What PayPal says while nobody knows yet whether it does as it was asked.
const UNDECIDED: &[&str] =
    &["INTERNAL_ERROR", "PREVIOUS_REQUEST_IN_PROGRESS", "RATE_LIMIT_VALIDATION", "REQUEST_TIMEOUT_EXCEEDED"];

/// The field that vendors fill in.
const ADDRESS: &str = "address";

/// Whether it can be the id of an account.
pub fn is_merchant_id(text: &str) -> bool {
    text.len() == ID_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// An e-mail address, or the id of an account.
fn receiver(typed: &str) -> Result<String, &'static str> {
    if typed.contains('@') {
        let wrong = |_| "This is no e-mail address. Enter the one that you log in to PayPal with.";
        return typed.parse::<Email>().map(|email| email.to_string()).map_err(wrong);
    }
    if is_merchant_id(typed) {
        return Ok(typed.to_ascii_uppercase());
    }
    Err("Enter the e-mail address of your PayPal account, or its merchant ID of 13 letters and digits.")
}

/// What PayPal calls the kind of an address.
fn kind_of(receiver: &str) -> &'static str {
    if receiver.contains('@') { "EMAIL" } else { "PAYPAL_ID" }
}

#[derive(Debug, Deserialize)]
struct Batch {
    batch_header: Header,
    #[serde(default)]
    items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Header {
    payout_batch_id: String,
    #[serde(default)]
    batch_status: String,
    sender_batch_header: Name,
}

#[derive(Debug, Deserialize)]
struct Name {
    #[serde(default)]
    sender_batch_id: String,
}

#[derive(Debug, Deserialize)]
struct Item {
    payout_item_id: String,
    #[serde(default)]
    transaction_status: String,
    payout_item: Sent,
    errors: Option<Problem>,
}

#[derive(Debug, Deserialize)]
struct Sent {
    amount: Amount,
    receiver: String,
}

#[derive(Debug, Deserialize)]
struct Problem {
    #[serde(default)]
    name: String,
}

/// What becomes of an item that is called back.
#[derive(Debug, Deserialize)]
struct Returned {
    transaction_status: String,
}

impl Item {
    /// Why it failed: what PayPal says of it, otherwise where it stands.
    fn reason(&self) -> String {
        let named = self.errors.as_ref().map(|problem| problem.name.as_str()).filter(|name| !name.is_empty());
        named.unwrap_or(&self.transaction_status).to_ascii_lowercase()
    }
}

impl Batch {
    /// Where its item stands. One that was taken and came back afterwards has been paid: somebody has to look at it.
    fn state(&self, item: &Item) -> Result<TransferState, ProviderError> {
        Ok(match (item.transaction_status.as_str(), self.batch_header.batch_status.as_str()) {
            ("SUCCESS" | "REFUNDED" | "REVERSED", _) => TransferState::Paid,
            ("UNCLAIMED", _) => TransferState::Unclaimed,
            // PayPal says of none but these that the money is still there, or again.
            ("FAILED" | "DENIED" | "RETURNED", _) => TransferState::Failed { reason: item.reason() },
            ("BLOCKED", _) => TransferState::Stopped,
            ("NEW" | "PENDING", status @ ("DENIED" | "CANCELED")) => {
                TransferState::Failed { reason: status.to_ascii_lowercase() }
            }
            ("NEW" | "PENDING" | "ONHOLD" | "ON_HOLD", _) => TransferState::Pending,
            (other, _) => return Err(ProviderError::NoAnswer(format!("item {}: {other:?}", item.payout_item_id))),
        })
    }

    /// What it means. A batch has no item as long as PayPal has not begun with it.
    fn transfer(&self) -> Result<ProviderTransfer, ProviderError> {
        let id = &self.batch_header.payout_batch_id;
        let Some(item) = self.items.first() else {
            return Err(ProviderError::NoAnswer(format!("batch {id} has no item yet")));
        };
        let amount = item.payout_item.amount.money()?;
        let came_back = matches!(item.transaction_status.as_str(), "REFUNDED" | "REVERSED");
        Ok(ProviderTransfer {
            id: id.clone(),
            key: self.batch_header.sender_batch_header.sender_batch_id.clone(),
            account_ref: receiver(&item.payout_item.receiver).unwrap_or_default(),
            amount,
            reversed: if came_back { amount } else { Money::zero(amount.currency) },
            state: self.state(item)?,
        })
    }
}

/// The batch that has the name already, if that is why PayPal refuses to make one.
fn made_before(response: &Response<Bytes>) -> Result<Option<String>, ProviderError> {
    if !response.status().is_client_error() {
        return Ok(None);
    }
    let refusal = Refusal::of(response);
    if UNDECIDED.contains(&refusal.name.as_str()) {
        return Err(ProviderError::NoAnswer(refusal.name));
    }
    let of_name = refusal.details.iter().find(|detail| detail.field.eq_ignore_ascii_case("sender_batch_id"));
    match of_name.filter(|_| refusal.name == "USER_BUSINESS_ERROR") {
        Some(detail) => {
            let mut links = detail.link.iter().chain(&refusal.links);
            let id = links.find_map(|link| Some(link.href.split_once("/v1/payments/payouts/")?.1));
            let id = id.and_then(|id| id.split(['?', '/']).next()).filter(|id| !id.is_empty());
            let unnamed = || ProviderError::NoAnswer("there is such a batch, but PayPal does not say which".to_owned());
            id.map(|id| Some(id.to_owned())).ok_or_else(unnamed)
        }
        None => Ok(None),
    }
}

impl PayPal {
    async fn batch(&self, id: &str) -> Result<Batch, ProviderError> {
        match self.get(&format!("/v1/payments/payouts/{}", segment(&id))).await {
            // What PayPal has against the question says nothing of the money.
            Err(ProviderError::Refused { reason }) => Err(ProviderError::NoAnswer(reason)),
            answer => answer,
        }
    }
}

impl Typed for PayPal {
    fn blanks(&self) -> Vec<Blank> {
        let hint =
            "The e-mail address of your PayPal account, or its merchant ID. The account has to be there and confirmed.";
        vec![Blank { name: ADDRESS, label: "PayPal address", hint, choices: Vec::new() }]
    }

    fn read(&self, typed: &BTreeMap<&str, &str>) -> Result<String, (&'static str, &'static str)> {
        receiver(typed.get(ADDRESS).copied().unwrap_or_default()).map_err(|reason| (ADDRESS, reason))
    }
}

impl PayoutProvider for PayPal {
    fn label(&self) -> &'static str {
        "PayPal"
    }

    fn recipients(&self) -> Recipients<'_> {
        if self.settings.multiparty { Recipients::Accounts(self) } else { Recipients::Typed(self) }
    }

    /// PayPal answers before it has begun. The name of the batch is the key; no other one is sent, for under that a refusal
    /// would be repeated.
    fn transfer(&self, command: TransferCommand) -> Answer<'_, ProviderTransfer> {
        Box::pin(async move {
            if !settings::takes(command.amount.currency) {
                return Err(ProviderError::Refused { reason: "currency_not_supported".to_owned() });
            }
            let item = json!({
                "recipient_type": kind_of(&command.account_ref), "receiver": command.account_ref,
                "amount": Amount::of(command.amount)?.of_payout(), "note": command.description,
                "sender_item_id": command.key,
            });
            let header = json!({"sender_batch_id": command.key, "email_subject": command.description});
            let body = json!({"sender_batch_header": header, "items": [item]}).to_string();
            let path = "/v1/payments/payouts";
            let response = self.call(Call { body: Bytes::from(body), ..Call::post(path) }).await?;
            if let Some(known) = made_before(&response)? {
                return self.batch(&known).await?.transfer();
            }
            let made: Batch = read(&response)?;
            Ok(ProviderTransfer {
                id: made.batch_header.payout_batch_id,
                key: command.key,
                account_ref: command.account_ref,
                amount: command.amount,
                reversed: Money::zero(command.amount.currency),
                state: TransferState::Pending,
            })
        })
    }

    fn fetch_transfer<'a>(&'a self, transfer_ref: &'a str) -> Answer<'a, ProviderTransfer> {
        Box::pin(async move { self.batch(transfer_ref).await?.transfer() })
    }

    fn find_transfer<'a>(&'a self, _: &'a str) -> Answer<'a, Option<ProviderTransfer>> {
        Box::pin(async { Ok(None) })
    }

    fn key_life(&self) -> Option<Duration> {
        Some(KEY_LIFE)
    }

    /// PayPal itself would do so after thirty days.
    fn call_back<'a>(&'a self, transfer_ref: &'a str) -> Answer<'a, ProviderTransfer> {
        Box::pin(async move {
            let mut batch = self.batch(transfer_ref).await?;
            let item = batch.items.first_mut().ok_or(ProviderError::NotFound)?;
            let path = format!("/v1/payments/payouts-item/{}/cancel", segment(&item.payout_item_id));
            let returned: Returned = read(&self.call(Call::post(&path)).await?)?;
            // Why nobody has taken it is said only as long as it is unclaimed.
            item.transaction_status = returned.transaction_status;
            batch.transfer()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_the_same_however_they_are_typed() {
        assert_eq!(receiver("Ada@Kiln.test"), Ok("ada@kiln.test".to_owned()));
        assert_eq!(receiver("fsmrbanccyelg"), Ok("FSMRBANCCYELG".to_owned()));
        assert_eq!((kind_of("ada@kiln.test"), kind_of("FSMRBANCCYELG")), ("EMAIL", "PAYPAL_ID"));
        for bad in ["ada@", "ada", "FSMRBANCCYEL", "FSMRBANCCYEL-", "+49 170 1234567"] {
            assert!(receiver(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn every_state_has_a_meaning() {
        let state = |item: &str, batch: &str| {
            let sent = json!({"amount": {"currency": "EUR", "value": "27.36"}, "receiver": "Ada@kiln.test"});
            let batch = json!({
                "batch_header": {"payout_batch_id": "B1", "batch_status": batch, "sender_batch_header": {"sender_batch_id": "k"}},
                "items": [{"payout_item_id": "I1", "transaction_status": item, "payout_item": sent}],
            });
            serde_json::from_value::<Batch>(batch).unwrap().transfer()
        };
        let failed = |reason: &str| TransferState::Failed { reason: reason.to_owned() };
        for (item, batch, meaning) in [
            ("PENDING", "PROCESSING", TransferState::Pending),
            ("ONHOLD", "SUCCESS", TransferState::Pending),
            ("SUCCESS", "SUCCESS", TransferState::Paid),
            ("UNCLAIMED", "SUCCESS", TransferState::Unclaimed),
            ("RETURNED", "SUCCESS", failed("returned")),
            ("FAILED", "SUCCESS", failed("failed")),
            ("DENIED", "SUCCESS", failed("denied")),
            ("BLOCKED", "SUCCESS", TransferState::Stopped),
            ("PENDING", "DENIED", failed("denied")),
            ("PENDING", "CANCELED", failed("canceled")),
        ] {
            let seen = state(item, batch).unwrap();
            assert_eq!((seen.state, seen.reversed.amount_minor), (meaning, 0), "{item} {batch}");
            assert_eq!(
                (seen.account_ref.as_str(), seen.key.as_str(), seen.amount.amount_minor),
                ("ada@kiln.test", "k", 2_736)
            );
        }
        for item in ["REFUNDED", "REVERSED"] {
            assert_eq!(state(item, "SUCCESS").unwrap().reversed.amount_minor, 2_736, "{item}");
        }
        assert!(matches!(state("LOST", "SUCCESS"), Err(ProviderError::NoAnswer(_))));
    }
}
