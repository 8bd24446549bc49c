//! Xendit's objects, as far as they matter here, and what they mean.

use kernel::{Currency, Money, OrderId, RefundId, Timestamp};
use serde::Deserialize;
use serde_json::Number;

use super::settings::XenditSettings;
use crate::provider::{JournalItem, ProviderError, ProviderPayment, ProviderRefund, ProviderStatus, RefundState};

/// An amount as Xendit takes it: a number of whole units, with decimals where its currency has them there. Rupiah have
/// none: what is behind the point would be cut off, so such an amount is not sent at all.
pub fn amount_out(money: Money) -> Result<Number, ProviderError> {
    let refused = || ProviderError::Refused { reason: "amount_not_representable".to_owned() };
    let decimal = money.decimal();
    let text = match money.currency.code() {
        "IDR" => decimal.strip_suffix(".00").ok_or_else(refused)?,
        _ => decimal.as_str(),
    };
    let number: Number = text.parse().map_err(|_| refused())?;
    // As JSON has it, it has to be the same amount.
    if amount_in(&number, money.currency) == Ok(money) { Ok(number) } else { Err(refused()) }
}

/// The amount of a number. A number with more digits than its currency has is none.
pub fn amount_in(number: &Number, currency: Currency) -> Result<Money, ProviderError> {
    let text = number.to_string();
    let digits = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text.as_str() };
    let unreadable = |_| ProviderError::NoAnswer(format!("{text} {currency} is no amount we know"));
    Money::parse_decimal(digits, currency).map_err(unreadable)
}

fn currency(code: &str) -> Result<Currency, ProviderError> {
    Currency::parse(code).map_err(|_| ProviderError::NoAnswer(format!("unknown currency {code:?}")))
}

/// An invoice: the payment, and the page on which it is paid.
#[derive(Debug, Deserialize)]
pub struct Invoice {
    /// Its id.
    pub id: String,
    external_id: String,
    /// The business whose it is.
    #[serde(default)]
    user_id: Option<String>,
    status: String,
    amount: Number,
    #[serde(default)]
    paid_amount: Option<Number>,
    #[serde(default)]
    adjusted_received_amount: Option<Number>,
    currency: String,
    invoice_url: String,
    updated: Timestamp,
    #[serde(default)]
    paid_at: Option<Timestamp>,
}

impl Invoice {
    fn is_paid(&self) -> bool {
        matches!(self.status.as_str(), "PAID" | "SETTLED")
    }

    /// False if others have made it with the same account.
    pub fn is_ours(&self) -> bool {
        self.external_id.parse::<OrderId>().is_ok()
    }

    /// Since when it is paid.
    pub fn paid_at(&self) -> Option<Timestamp> {
        self.is_paid().then(|| self.paid_at.unwrap_or(self.updated))
    }

    fn amounts(&self) -> Result<(Money, Money), ProviderError> {
        let currency = currency(&self.currency)?;
        let captured = match (self.is_paid(), &self.paid_amount) {
            (true, paid) => amount_in(paid.as_ref().unwrap_or(&self.amount), currency)?,
            (false, _) => Money::zero(currency),
        };
        Ok((amount_in(&self.amount, currency)?, captured))
    }

    /// What Xendit keeps of what was paid: what it will not settle. Some ways to pay it charges otherwise.
    fn fee(&self, captured: Money) -> Option<Money> {
        let received = amount_in(self.adjusted_received_amount.as_ref()?, captured.currency).ok()?;
        let kept = captured.minus(received).ok()?;
        (received.amount_minor > 0 && kept.amount_minor > 0).then_some(kept)
    }

    /// What it means. Xendit does not say of which mode it is; the key does.
    pub fn payment(self, settings: &XenditSettings) -> Result<ProviderPayment, ProviderError> {
        let (amount, captured) = self.amounts()?;
        let ours = Some(settings.business_id.as_str()).filter(|known| !known.is_empty());
        let is_elsewhere = ours.zip(self.user_id.as_deref()).is_some_and(|(ours, theirs)| ours != theirs);
        let fee = self.fee(captured);
        let status = match self.status.as_str() {
            "PENDING" => ProviderStatus::RequiresAction { url: self.invoice_url },
            "PAID" | "SETTLED" => ProviderStatus::Succeeded,
            "EXPIRED" => ProviderStatus::Failed { reason: "expired".to_owned() },
            other => return Err(ProviderError::NoAnswer(format!("invoice {} is {other:?}", self.id))),
        };
        let (reference, livemode) = (self.external_id, settings.live);
        Ok(ProviderPayment {
            id: self.id,
            reference,
            amount,
            captured,
            fee,
            livemode,
            is_elsewhere,
            direct: Vec::new(),
            status,
        })
    }

    /// As an entry of the journal, which has what was paid in the order in which it was.
    pub fn item(self, paid_at: Timestamp) -> Result<JournalItem, ProviderError> {
        let captured = self.amounts()?.1;
        let fee = self.fee(captured);
        let (payment_ref, reference) = (self.id, self.external_id);
        let (position, is_part, created_at) = (paid_at.to_string(), false, paid_at);
        Ok(JournalItem { position, payment_ref, reference, is_part, captured, fee, created_at })
    }
}

/// A refund.
#[derive(Debug, Deserialize)]
pub struct Refund {
    id: String,
    status: String,
    amount: Number,
    currency: String,
    #[serde(default)]
    reference_id: Option<String>,
}

impl Refund {
    /// Our refund that it carries out.
    pub fn ours(&self) -> Option<RefundId> {
        self.reference_id.as_ref()?.parse().ok()
    }

    /// What it means.
    pub fn refund(&self) -> Result<ProviderRefund, ProviderError> {
        let state = match self.status.as_str() {
            "PENDING" => RefundState::Pending,
            "SUCCEEDED" => RefundState::Succeeded,
            "FAILED" | "CANCELLED" => RefundState::Failed,
            other => return Err(ProviderError::NoAnswer(format!("refund {} is {other:?}", self.id))),
        };
        let amount = amount_in(&self.amount, currency(&self.currency)?)?;
        Ok(ProviderRefund { id: self.id.clone(), refund_id: self.ours(), amount, state })
    }
}

/// Refunds of an invoice.
#[derive(Debug, Deserialize)]
pub struct Refunds {
    /// They.
    pub data: Vec<Refund>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_kept_is_what_is_not_settled() {
        let paid = |received: serde_json::Value| {
            let invoice = json!({
                "id": "i1", "external_id": "x", "status": "PAID", "amount": 150_000, "paid_amount": 150_000,
                "adjusted_received_amount": received, "currency": "IDR", "invoice_url": "http://pay.test",
                "updated": "2026-01-15T12:00:00Z",
            });
            serde_json::from_value::<Invoice>(invoice).unwrap().payment(&XenditSettings::default()).unwrap().fee
        };
        assert_eq!(paid(json!(145_500)).map(|fee| fee.decimal()), Some("4500.00".to_owned()));
        for silent in [json!(150_000), json!(0), json!(null)] {
            assert_eq!(paid(silent), None);
        }
    }
}
