//! PayPal's objects, as far as they matter here, and what they mean.

use contracts::disputes::{DisputeStatus, Evidence};
use kernel::{Currency, Money, RefundId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{CAPTURE, settings::PayPalSettings};
use crate::provider::{ProviderDispute, ProviderError, ProviderPayment, ProviderRefund, ProviderStatus, RefundState};

/// The longest note that PayPal takes.
const NOTES_MAX: usize = 2_000;

/// An amount as PayPal writes it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Amount {
    #[serde(alias = "currency")]
    currency_code: String,
    value: String,
}

impl Amount {
    /// As PayPal takes it: forints have no decimals there.
    pub fn of(money: Money) -> Result<Self, ProviderError> {
        let mut value = money.decimal();
        if money.currency.code() == "HUF" {
            let refused = || ProviderError::Refused { reason: "amount_not_representable".to_owned() };
            value = value.strip_suffix(".00").ok_or_else(refused)?.to_owned();
        }
        Ok(Self { currency_code: money.currency.code().to_owned(), value })
    }

    /// The same as payouts have it.
    pub fn of_payout(&self) -> Value {
        json!({"currency": self.currency_code, "value": self.value})
    }

    /// What it is.
    pub fn money(&self) -> Result<Money, ProviderError> {
        let unreadable =
            |_| ProviderError::NoAnswer(format!("{} {} is no money we know", self.value, self.currency_code));
        let currency = Currency::parse(&self.currency_code).map_err(unreadable)?;
        Money::parse_decimal(&self.value, currency).map_err(unreadable)
    }
}

/// An order: the payment, and what has become of it.
#[derive(Debug, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: String,
    /// `CREATED`, `PAYER_ACTION_REQUIRED`, `APPROVED`, `COMPLETED`, `VOIDED`.
    pub status: String,
    #[serde(default)]
    purchase_units: Vec<Unit>,
    #[serde(default)]
    links: Vec<Link>,
}

#[derive(Debug, Deserialize)]
struct Unit {
    #[serde(default)]
    custom_id: String,
    #[serde(default)]
    payee: Payee,
    amount: Amount,
    #[serde(default)]
    payments: Payments,
}

/// Who gets the money.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Payee {
    merchant_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Payments {
    captures: Vec<Capture>,
    refunds: Vec<Refund>,
}

/// Money that was taken, or is being taken.
#[derive(Debug, Clone, Deserialize)]
pub struct Capture {
    /// Its id.
    pub id: String,
    status: String,
    amount: Amount,
    #[serde(default)]
    supplementary_data: Supplementary,
    #[serde(default)]
    seller_receivable_breakdown: Breakdown,
}

/// What becomes of a capture.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Breakdown {
    paypal_fee: Option<Amount>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Supplementary {
    related_ids: Related,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Related {
    order_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Link {
    href: String,
    rel: String,
}

impl Capture {
    /// The order that it is of.
    pub fn order_id(&self) -> Option<&str> {
        self.supplementary_data.related_ids.order_id.as_deref()
    }

    /// True once the money is there. What was given back later had been there.
    fn has_money(&self) -> bool {
        matches!(self.status.as_str(), "COMPLETED" | "PARTIALLY_REFUNDED" | "REFUNDED")
    }
}

impl Order {
    fn unit(&self) -> Result<&Unit, ProviderError> {
        self.purchase_units.first().ok_or_else(|| ProviderError::NoAnswer(format!("order {} is empty", self.id)))
    }

    /// The page on which the buyer agrees.
    fn page(&self) -> Option<&str> {
        let is_page = |link: &&Link| matches!(link.rel.as_str(), "payer-action" | "approve");
        self.links.iter().find(is_page).map(|link| link.href.as_str())
    }

    /// The money that was taken, if any was.
    pub fn capture(&self) -> Option<&Capture> {
        let captures = &self.purchase_units.first()?.payments.captures;
        captures.iter().find(|capture| capture.has_money()).or(captures.last())
    }

    /// What went back of it.
    pub fn all_refunds(&self) -> Result<Vec<ProviderRefund>, ProviderError> {
        self.purchase_units.iter().flat_map(|unit| &unit.payments.refunds).map(Refund::refund).collect()
    }

    /// The refund that carries out one of ours.
    pub fn refund(&self, id: RefundId) -> Option<Refund> {
        let mut refunds = self.purchase_units.iter().flat_map(|unit| &unit.payments.refunds);
        refunds.rfind(|refund| refund.ours() == Some(id)).cloned()
    }

    fn status(&self) -> Result<ProviderStatus, ProviderError> {
        let strange = || ProviderError::NoAnswer(format!("order {} is {:?}", self.id, self.status));
        let failed = |reason: &str| ProviderStatus::Failed { reason: reason.to_owned() };
        Ok(match (self.status.as_str(), self.capture()) {
            ("COMPLETED", Some(capture)) if capture.has_money() => ProviderStatus::Succeeded,
            ("COMPLETED", Some(capture)) => match capture.status.as_str() {
                "PENDING" => ProviderStatus::Processing,
                "DECLINED" | "FAILED" => failed("declined"),
                _ => return Err(strange()),
            },
            ("APPROVED", _) => ProviderStatus::Authorised,
            ("CREATED" | "SAVED" | "PAYER_ACTION_REQUIRED", _) => {
                ProviderStatus::RequiresAction { url: self.page().ok_or_else(strange)?.to_owned() }
            }
            ("VOIDED", _) => failed("cancelled"),
            _ => return Err(strange()),
        })
    }

    /// What it means. PayPal does not say of which mode it is: it was asked at the address of one.
    pub fn payment(&self, settings: &PayPalSettings) -> Result<ProviderPayment, ProviderError> {
        let status = self.status()?;
        self.payment_with(settings, status)
    }

    /// The same, where we know better how it stands.
    pub fn payment_with(
        &self,
        settings: &PayPalSettings,
        status: ProviderStatus,
    ) -> Result<ProviderPayment, ProviderError> {
        let unit = self.unit()?;
        let amount = unit.amount.money()?;
        let capture = self.capture().filter(|capture| capture.has_money());
        let captured = match capture {
            Some(capture) => capture.amount.money()?,
            None => Money::zero(amount.currency),
        };
        let fee = capture.and_then(|capture| capture.seller_receivable_breakdown.paypal_fee.as_ref()?.money().ok());
        let (id, reference) = (self.id.clone(), unit.custom_id.clone());
        let ours = Some(settings.merchant_id.as_str()).filter(|known| !known.is_empty());
        let theirs = unit.payee.merchant_id.as_deref();
        let is_elsewhere = ours.zip(theirs).is_some_and(|(ours, theirs)| ours != theirs);
        let livemode = settings.live;
        Ok(ProviderPayment { id, reference, amount, captured, fee, livemode, is_elsewhere, status })
    }

    /// The buyer has to choose another source of the money.
    pub fn asks_again(&self) -> Option<ProviderStatus> {
        self.page().map(|url| ProviderStatus::RequiresAction { url: url.to_owned() })
    }
}

/// A refund.
#[derive(Debug, Clone, Deserialize)]
pub struct Refund {
    id: String,
    status: String,
    amount: Amount,
    #[serde(default)]
    custom_id: String,
}

impl Refund {
    /// Our refund that it carries out.
    fn ours(&self) -> Option<RefundId> {
        self.custom_id.parse().ok()
    }

    /// What it means.
    pub fn refund(&self) -> Result<ProviderRefund, ProviderError> {
        let state = match self.status.as_str() {
            "PENDING" => RefundState::Pending,
            "COMPLETED" => RefundState::Succeeded,
            "FAILED" | "CANCELLED" => RefundState::Failed,
            other => return Err(ProviderError::NoAnswer(format!("unknown status {other:?}"))),
        };
        Ok(ProviderRefund { id: self.id.clone(), refund_id: self.ours(), amount: self.amount.money()?, state })
    }
}

/// A list of disputes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Disputes {
    /// Their ids.
    pub items: Vec<ListedDispute>,
}

/// A dispute in a list.
#[derive(Debug, Deserialize)]
pub struct ListedDispute {
    /// Its id.
    pub dispute_id: String,
}

/// A dispute, a claim or a chargeback: PayPal calls all of them disputes.
#[derive(Debug, Deserialize)]
pub struct Dispute {
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
    /// What it means. As long as buyer and seller talk (`INQUIRY`) PayPal takes nothing.
    pub fn dispute(self, livemode: bool) -> Result<ProviderDispute, ProviderError> {
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
        let capture = self.disputed_transactions.iter().find_map(|one| one.seller_transaction_id.as_ref());
        let payment_ref = format!("{CAPTURE}{}", capture.ok_or(ProviderError::NotFound)?);
        let amount = self.dispute_amount.money()?;
        let is_claim = !matches!(self.dispute_life_cycle_stage.as_str(), "" | "INQUIRY");
        Ok(ProviderDispute {
            payment_ref,
            amount,
            status,
            evidence_due: self.seller_response_due_date,
            is_withdrawn: status == DisputeStatus::Lost || (is_claim && status.is_open()),
            fee: Money::zero(amount.currency),
            livemode,
            reason: self.reason.to_ascii_lowercase(),
            id: self.dispute_id,
        })
    }
}

/// Evidence as PayPal takes it.
pub fn evidence(evidence: &Evidence) -> Value {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_stands_in_the_breakdown_of_the_capture() {
        let paid = |breakdown: Value| {
            let amount = json!({"currency_code": "EUR", "value": "60.40"});
            let capture = json!({
                "id": "C1", "status": "COMPLETED", "amount": amount, "seller_receivable_breakdown": breakdown,
            });
            let order = json!({
                "id": "O1", "status": "COMPLETED",
                "purchase_units": [{"custom_id": "x", "amount": amount, "payments": {"captures": [capture]}}],
            });
            serde_json::from_value::<Order>(order).unwrap().payment(&PayPalSettings::default()).unwrap().fee
        };
        let kept = json!({"paypal_fee": {"currency_code": "EUR", "value": "2.46"}});
        assert_eq!(paid(kept), Some(Money::new(246, Currency::EUR)));
        assert_eq!(paid(json!({})), None);
    }
}
