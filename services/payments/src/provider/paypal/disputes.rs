//! Disputes. One of a vendor's part is asked for, and answered, in the name of the vendor, to whose account the money went: that
//! account stands in what we call the dispute.

use std::fmt;

use bytes::Bytes;
use contracts::{
    client::segment,
    disputes::{DisputeStatus, Evidence},
};
use http::StatusCode;
use kernel::{Money, Timestamp, VendorId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    CAPTURE, Call, PayPal,
    objects::{Amount, Order, Unit},
    read,
};
use crate::provider::{AnswerCommand, ProviderDispute, ProviderError};

/// The longest note that PayPal takes.
const NOTES_MAX: usize = 2_000;
/// Divides the parts of a form.
const BOUNDARY: &str = "souk-evidence";

/// What we call a dispute: PayPal's id, and whose it is if it is not ours.
#[derive(Debug, Clone, Copy)]
pub struct Name<'a> {
    /// The account of the vendor that has got the money.
    pub account: Option<&'a str>,
    /// PayPal's id.
    pub id: &'a str,
}

impl<'a> Name<'a> {
    /// Reads what we call it.
    pub fn of(text: &'a str) -> Self {
        match text.split_once(':') {
            Some((account, id)) => Self { account: Some(account), id },
            None => Self { account: None, id: text },
        }
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.account {
            Some(account) => write!(f, "{account}:{}", self.id),
            None => f.write_str(self.id),
        }
    }
}

/// A list of disputes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Disputes {
    items: Vec<ListedDispute>,
}

/// A dispute in a list.
#[derive(Debug, Deserialize)]
struct ListedDispute {
    dispute_id: String,
}

/// A dispute, a claim or a chargeback: PayPal calls all of them disputes.
#[derive(Debug, Deserialize)]
struct Dispute {
    dispute_id: String,
    #[serde(default)]
    disputed_transactions: Vec<Disputed>,
    #[serde(default)]
    reason: String,
    status: String,
    dispute_amount: Amount,
    #[serde(default)]
    dispute_outcome: Outcome,
    #[serde(default)]
    dispute_life_cycle_stage: String,
    seller_response_due_date: Option<Timestamp>,
}

#[derive(Debug, Deserialize)]
struct Disputed {
    seller_transaction_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Outcome {
    outcome_code: String,
}

impl Dispute {
    /// What is disputed.
    fn capture(&self) -> Option<&str> {
        self.disputed_transactions.iter().find_map(|one| one.seller_transaction_id.as_deref())
    }

    /// What it means. As long as buyer and seller talk (`INQUIRY`) PayPal takes nothing.
    fn dispute(
        self,
        of: Name<'_>,
        of_vendor: Option<VendorId>,
        livemode: bool,
    ) -> Result<ProviderDispute, ProviderError> {
        let unknown = |what: &str| ProviderError::NoAnswer(format!("dispute {}: {what:?}", self.dispute_id));
        let status = match (self.status.as_str(), self.dispute_outcome.outcome_code.as_str()) {
            ("OPEN" | "WAITING_FOR_SELLER_RESPONSE", _) => DisputeStatus::Opened,
            ("WAITING_FOR_BUYER_RESPONSE" | "UNDER_REVIEW" | "OTHER", _) => DisputeStatus::UnderReview,
            ("RESOLVED", "RESOLVED_BUYER_FAVOUR" | "ACCEPTED") => DisputeStatus::Lost,
            // PayPal pays some buyers out of its own pocket.
            (
                "RESOLVED",
                "RESOLVED_SELLER_FAVOUR" | "RESOLVED_WITH_PAYOUT" | "CANCELED_BY_BUYER" | "DENIED" | "NONE",
            ) => DisputeStatus::Won,
            ("RESOLVED", other) | (other, _) => return Err(unknown(other)),
        };
        let payment_ref = format!("{CAPTURE}{}", self.capture().ok_or(ProviderError::NotFound)?);
        let amount = self.dispute_amount.money()?;
        let is_claim = !matches!(self.dispute_life_cycle_stage.as_str(), "" | "INQUIRY");
        Ok(ProviderDispute {
            payment_ref,
            amount,
            of_vendor,
            status,
            evidence_due: self.seller_response_due_date,
            is_withdrawn: status == DisputeStatus::Lost || (is_claim && status.is_open()),
            fee: Money::zero(amount.currency),
            livemode,
            reason: self.reason.to_ascii_lowercase(),
            id: Name { id: &self.dispute_id, ..of }.to_string(),
        })
    }
}

/// Evidence as PayPal takes it.
fn as_evidence(evidence: &Evidence) -> Value {
    let notes = [Some(&evidence.product), evidence.communication.as_ref()];
    let notes: Vec<&str> = notes.into_iter().flatten().map(String::as_str).collect();
    let tracking = match (&evidence.carrier, &evidence.tracking_number) {
        (carrier, Some(number)) => {
            json!([{"carrier_name": "OTHER", "carrier_name_other": carrier, "tracking_number": number}])
        }
        (_, None) => json!([]),
    };
    let kind = if evidence.tracking_number.is_some() { "PROOF_OF_FULFILLMENT" } else { "OTHER" };
    let notes: String = notes.join("\n\n").chars().take(NOTES_MAX).collect();
    json!({"evidences": [{"evidence_type": kind, "evidence_info": {"tracking_info": tracking}, "notes": notes}]})
}

impl PayPal {
    /// A dispute, by what we call it.
    pub(super) async fn dispute(&self, name: &str) -> Result<ProviderDispute, ProviderError> {
        let name = Name::of(name);
        let path = format!("/v1/customer/disputes/{}", segment(&name.id));
        let dispute: Dispute = read(&self.call(Call { of: name.account, ..Call::get(&path) }).await?)?;
        let of_vendor = match name.account {
            // Which of the vendors of the order it is, the order says.
            Some(_) => {
                let capture = dispute.capture().ok_or(ProviderError::NotFound)?.to_owned();
                let order = self.order(&format!("{CAPTURE}{capture}")).await?;
                order.unit_with(&capture).and_then(Unit::vendor)
            }
            None => None,
        };
        dispute.dispute(name, of_vendor, self.settings.live)
    }

    /// What is disputed of the parts of an order that were taken. The list says little of each. An app that may not see any is
    /// told of none.
    pub(super) async fn disputes_of(&self, order: &Order) -> Result<Vec<ProviderDispute>, ProviderError> {
        let mut disputes = Vec::new();
        for unit in order.units() {
            let Some(capture) = unit.capture() else { continue };
            let of = unit.vendor().map(|_| unit.account());
            let path = format!("/v1/customer/disputes?disputed_transaction_id={}", segment(&capture.id));
            let response = self.call(Call { of, ..Call::get(&path) }).await?;
            if response.status() == StatusCode::FORBIDDEN {
                continue;
            }
            for listed in read::<Disputes>(&response)?.items {
                let name = Name { account: of, id: &listed.dispute_id };
                disputes.push(self.dispute(&name.to_string()).await?);
            }
        }
        Ok(disputes)
    }

    /// Answers it. PayPal answers with links alone, so the dispute is asked for afterwards.
    pub(super) async fn answer(&self, command: &AnswerCommand) -> Result<ProviderDispute, ProviderError> {
        let name = Name::of(&command.dispute_ref);
        let path = format!("/v1/customer/disputes/{}", segment(&name.id));
        let key = Some(command.key.as_str());
        let response = match &command.evidence {
            Some(evidence) => {
                let (path, body) = (format!("{path}/provide-evidence"), form(evidence));
                let media = format!("multipart/form-data; boundary={BOUNDARY}");
                self.call(Call { key, body, media: &media, of: name.account, ..Call::post(&path) }).await?
            }
            None => {
                let body = Bytes::from(json!({"note": "We accept the claim."}).to_string());
                let path = format!("{path}/accept-claim");
                self.call(Call { key, body, of: name.account, ..Call::post(&path) }).await?
            }
        };
        read::<Value>(&response)?;
        self.dispute(&command.dispute_ref).await
    }
}

/// Evidence goes as a form with one part, `input`. What divides parts stands on a line of its own, and JSON is one line.
fn form(evidence: &Evidence) -> Bytes {
    let input = as_evidence(evidence);
    Bytes::from(format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"input\"\r\ncontent-type: application/json\r\n\r\n\
         {input}\r\n--{BOUNDARY}--\r\n"
    ))
}
