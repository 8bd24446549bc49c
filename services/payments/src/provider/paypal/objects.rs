//! PayPal's objects, as far as they matter here, and what they mean.

use kernel::{Currency, Money, RefundId, VendorId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::settings::PayPalSettings;
use crate::provider::{
    ProviderError, ProviderPayment, ProviderRefund, ProviderStatus, RefundState, direct::DirectPart,
};

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

/// A part of an order, with a receiver of its own.
#[derive(Debug, Deserialize)]
pub struct Unit {
    /// The vendor whose part it is, if that gets the money itself.
    #[serde(default)]
    reference_id: String,
    #[serde(default)]
    custom_id: String,
    #[serde(default)]
    payee: Payee,
    amount: Amount,
    #[serde(default)]
    payment_instruction: Instruction,
    #[serde(default)]
    payments: Payments,
}

/// What the platform keeps.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Instruction {
    platform_fees: Vec<PlatformFee>,
}

#[derive(Debug, Deserialize)]
struct PlatformFee {
    amount: Amount,
}

impl Unit {
    /// Whose part it is, if that vendor gets the money itself.
    pub fn vendor(&self) -> Option<VendorId> {
        self.reference_id.parse().ok()
    }

    /// The account that gets the money.
    pub fn account(&self) -> &str {
        self.payee.merchant_id.as_deref().unwrap_or_default()
    }

    /// The money that was taken, if any was.
    pub fn capture(&self) -> Option<&Capture> {
        let captures = &self.payments.captures;
        captures.iter().find(|capture| capture.has_money()).or(captures.last())
    }

    fn direct(&self) -> Result<Option<DirectPart>, ProviderError> {
        let Some(vendor_id) = self.vendor() else { return Ok(None) };
        let amount = self.amount.money()?;
        let fee = match self.payment_instruction.platform_fees.first() {
            Some(fee) => fee.amount.money()?,
            None => Money::zero(amount.currency),
        };
        Ok(Some(DirectPart { vendor_id, account_ref: self.account().to_owned(), amount, fee }))
    }
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
    /// The parts of the order: one, or one of each vendor that gets its money itself and one of the rest.
    pub fn units(&self) -> &[Unit] {
        &self.purchase_units
    }

    /// The part of this vendor, or that of the platform itself.
    pub fn unit_of(&self, vendor: Option<VendorId>) -> Option<&Unit> {
        self.purchase_units.iter().find(|unit| unit.vendor() == vendor)
    }

    /// The part that was taken by this capture.
    pub fn unit_with(&self, capture: &str) -> Option<&Unit> {
        self.purchase_units.iter().find(|unit| unit.payments.captures.iter().any(|one| one.id == capture))
    }

    /// The page on which the buyer agrees.
    fn page(&self) -> Option<&str> {
        let is_page = |link: &&Link| matches!(link.rel.as_str(), "payer-action" | "approve");
        self.links.iter().find(is_page).map(|link| link.href.as_str())
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
        Ok(match self.status.as_str() {
            "COMPLETED" => {
                let captures: Option<Vec<&Capture>> = self.purchase_units.iter().map(Unit::capture).collect();
                let captures = captures.filter(|all| !all.is_empty()).ok_or_else(strange)?;
                if captures.iter().any(|capture| capture.status == "PENDING") {
                    ProviderStatus::Processing
                } else if captures.iter().any(|capture| capture.has_money()) {
                    // If others were declined less was taken than the order costs, and somebody has to look.
                    ProviderStatus::Succeeded
                } else if captures.iter().all(|capture| matches!(capture.status.as_str(), "DECLINED" | "FAILED")) {
                    failed("declined")
                } else {
                    return Err(strange());
                }
            }
            "APPROVED" => ProviderStatus::Authorised,
            "CREATED" | "SAVED" | "PAYER_ACTION_REQUIRED" => {
                ProviderStatus::RequiresAction { url: self.page().ok_or_else(strange)?.to_owned() }
            }
            "VOIDED" => failed("cancelled"),
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
        let units = self.units();
        let empty = || ProviderError::NoAnswer(format!("order {} is empty", self.id));
        let first = units.first().ok_or_else(empty)?;
        let mut amount = Money::zero(first.amount.money()?.currency);
        let mut captured = amount;
        let (mut fee, mut direct, mut is_elsewhere) = (None, Vec::new(), false);
        let ours = Some(settings.merchant_id.as_str()).filter(|known| !known.is_empty());
        for unit in units {
            amount = added(amount, unit.amount.money()?)?;
            let capture = unit.capture().filter(|capture| capture.has_money());
            if let Some(capture) = capture {
                captured = added(captured, capture.amount.money()?)?;
            }
            if let Some(part) = unit.direct()? {
                direct.push(part);
                continue;
            }
            // What PayPal keeps of a vendor's part it keeps of the vendor.
            fee = capture.and_then(|capture| capture.seller_receivable_breakdown.paypal_fee.as_ref()?.money().ok());
            is_elsewhere = ours.zip(unit.payee.merchant_id.as_deref()).is_some_and(|(ours, theirs)| ours != theirs);
        }
        if status == ProviderStatus::Processing {
            // As long as a part is being taken nothing counts as taken.
            captured = Money::zero(amount.currency);
        }
        Ok(ProviderPayment {
            id: self.id.clone(),
            reference: first.custom_id.clone(),
            amount,
            captured,
            fee,
            livemode: settings.live,
            is_elsewhere,
            direct,
            status,
        })
    }

    /// The buyer has to choose another source of the money.
    pub fn asks_again(&self) -> Option<ProviderStatus> {
        self.page().map(|url| ProviderStatus::RequiresAction { url: url.to_owned() })
    }
}

/// Parts are in one currency.
fn added(one: Money, other: Money) -> Result<Money, ProviderError> {
    one.plus(other).map_err(|e| ProviderError::NoAnswer(format!("the parts of an order do not add up: {e}")))
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
