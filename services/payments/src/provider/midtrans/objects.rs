//! Midtrans' objects, as far as they matter here, and what they mean.

use contracts::disputes::DisputeStatus;
use kernel::{Currency, Money, OrderId, RefundId};
use serde::Deserialize;

use crate::provider::{ProviderDispute, ProviderError, ProviderPayment, ProviderRefund, ProviderStatus, RefundState};

/// Rupiah as Midtrans takes them: whole ones.
pub fn rupiah(money: Money) -> Result<i64, ProviderError> {
    let refused = |reason: &str| ProviderError::Refused { reason: reason.to_owned() };
    if money.currency.code() != "IDR" {
        return Err(refused("currency_not_supported"));
    }
    let decimal = money.decimal();
    let whole = decimal.strip_suffix(".00").and_then(|whole| whole.parse().ok());
    whole.ok_or_else(|| refused("amount_not_representable"))
}

/// What a payment is called at Midtrans: the order, and which attempt at paying it is. A name serves once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// Order.
    pub order_id: OrderId,
    /// Attempt.
    pub attempt: i64,
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.order_id, self.attempt)
    }
}

impl Name {
    /// From text; none if others have given it.
    pub fn parse(text: &str) -> Option<Self> {
        let (order_id, attempt) = text.rsplit_once('-')?;
        let name = Self { order_id: order_id.parse().ok()?, attempt: attempt.parse().ok()? };
        (name.attempt > 0 && name.to_string() == text).then_some(name)
    }
}

/// Where a transaction stands: every word that Midtrans has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A card's money is set aside. We never ask for that; whoever did has to take it at Midtrans.
    Authorize,
    /// A card was charged; until it is settled it can be called off.
    Capture,
    /// The money is there.
    Settlement,
    /// The buyer has chosen a way, and has to pay.
    Pending,
    /// The bank or Midtrans has said no.
    Deny,
    /// Called off.
    Cancel,
    /// Not paid in time.
    Expire,
    /// It went wrong at Midtrans.
    Failure,
    /// All of it was given back.
    Refund,
    /// Some of it was given back.
    PartialRefund,
    /// The bank has taken all of it back.
    Chargeback,
    /// The bank has taken some of it back.
    PartialChargeback,
}

/// What Midtrans thinks of a card's payment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fraud {
    /// Nothing against it.
    #[default]
    Accept,
    /// Somebody has to look at it at Midtrans, and to accept or deny it there.
    Challenge,
    /// It is fraud.
    Deny,
}

/// A transaction: what has become of a page.
#[derive(Debug, Clone, Deserialize)]
pub struct Transaction {
    /// The name that we have given to the payment.
    pub order_id: String,
    /// Where it stands.
    #[serde(rename = "transaction_status")]
    pub state: State,
    /// What Midtrans thinks of it.
    #[serde(default, rename = "fraud_status")]
    pub fraud: Option<Fraud>,
    gross_amount: String,
    #[serde(default)]
    currency: Option<String>,
    #[serde(default)]
    refunds: Vec<Listed>,
}

/// A refund in a transaction's list.
#[derive(Debug, Clone, Deserialize)]
struct Listed {
    #[serde(default)]
    refund_key: String,
    refund_amount: String,
}

fn money(text: &str, currency: Option<&String>) -> Result<Money, ProviderError> {
    let code = currency.map_or("IDR", String::as_str);
    let unreadable = |_| ProviderError::NoAnswer(format!("{text} {code} is no money we know"));
    Money::parse_decimal(text, Currency::parse(code).map_err(unreadable)?).map_err(unreadable)
}

impl Transaction {
    /// To pay.
    pub fn amount(&self) -> Result<Money, ProviderError> {
        money(&self.gross_amount, self.currency.as_ref())
    }

    /// True once money was taken, whatever became of it later.
    pub fn has_money(&self) -> bool {
        match self.state {
            State::Capture => self.fraud.unwrap_or_default() == Fraud::Accept,
            State::Settlement | State::Refund | State::PartialRefund | State::Chargeback | State::PartialChargeback => {
                true
            }
            State::Authorize | State::Pending | State::Deny | State::Cancel | State::Expire | State::Failure => false,
        }
    }

    /// How it stands with us. `page` is open as long as we know of no end of it: what was refused there, or not paid
    /// yet, is followed by another try.
    fn status(&self, page: Option<&str>) -> ProviderStatus {
        let failed = |reason: &str| ProviderStatus::Failed { reason: reason.to_owned() };
        let on_page = |reason: &str| match page {
            Some(url) => ProviderStatus::RequiresAction { url: url.to_owned() },
            None => failed(reason),
        };
        match (self.state, self.fraud.unwrap_or_default()) {
            (State::Capture, Fraud::Accept) => ProviderStatus::Succeeded,
            (State::Capture, Fraud::Challenge) => ProviderStatus::Processing,
            (State::Capture, Fraud::Deny) => on_page("denied_as_fraud"),
            // What the bank takes back is a dispute: the money had been there.
            (
                State::Settlement | State::Refund | State::PartialRefund | State::Chargeback | State::PartialChargeback,
                _,
            ) => ProviderStatus::Succeeded,
            (State::Authorize, _) => ProviderStatus::Processing,
            // A number to pay to that is still good, although its page has closed.
            (State::Pending, _) if page.is_none() => ProviderStatus::Processing,
            (State::Pending, _) => on_page("expired"),
            (State::Deny, _) => on_page("denied"),
            (State::Cancel, _) => failed("cancelled"),
            (State::Expire, _) => failed("expired"),
            (State::Failure, _) => failed("failed_at_midtrans"),
        }
    }

    /// What it means. Midtrans does not say of which mode it is: it was asked at the address of one.
    pub fn payment(&self, livemode: bool, page: Option<&str>) -> Result<ProviderPayment, ProviderError> {
        let amount = self.amount()?;
        let name = Name::parse(&self.order_id);
        let reference = name.map_or_else(|| self.order_id.clone(), |name| name.order_id.to_string());
        let captured = if self.has_money() { amount } else { Money::zero(amount.currency) };
        Ok(ProviderPayment {
            id: self.order_id.clone(),
            reference,
            amount,
            captured,
            // What Midtrans keeps it does not say by the payment.
            fee: None,
            livemode,
            is_elsewhere: false,
            direct: Vec::new(),
            status: self.status(page),
        })
    }

    /// What the buyer's bank has taken back. Midtrans speaks of it once it is decided, and takes no answer. Of how much it
    /// was it says nothing where that is not all of it: of such a dispute the amount is zero, and somebody has to look.
    pub fn dispute(&self, livemode: bool) -> Result<Option<ProviderDispute>, ProviderError> {
        let whole = self.amount()?;
        let amount = match self.state {
            State::Chargeback => {
                let back: i64 = self.all_refunds()?.iter().map(|refund| refund.amount.amount_minor).sum();
                Money::new(whole.amount_minor - back, whole.currency)
            }
            State::PartialChargeback => Money::zero(whole.currency),
            _ => return Ok(None),
        };
        Ok(Some(ProviderDispute {
            of_vendor: None,
            id: self.order_id.clone(),
            payment_ref: self.order_id.clone(),
            amount,
            reason: "chargeback".to_owned(),
            status: DisputeStatus::Lost,
            evidence_due: None,
            is_withdrawn: true,
            // What Midtrans takes for it stands in its invoice.
            fee: Money::zero(whole.currency),
            livemode,
        }))
    }

    /// All of its list, named as events name them: without the amount.
    pub fn all_refunds(&self) -> Result<Vec<ProviderRefund>, ProviderError> {
        let one = |listed: &Listed| {
            let name = RefundName { payment: &self.order_id, key: &listed.refund_key, amount: None };
            let amount = money(&listed.refund_amount, self.currency.as_ref())?;
            let (id, refund_id) = (name.to_string(), name.ours());
            Ok(ProviderRefund { id, refund_id, amount, state: RefundState::Succeeded })
        };
        self.refunds.iter().map(one).collect()
    }

    /// A refund in its list.
    pub fn refund(&self, key: &str) -> Result<Option<ProviderRefund>, ProviderError> {
        let Some(listed) = self.refunds.iter().find(|listed| listed.refund_key == key) else { return Ok(None) };
        let amount = money(&listed.refund_amount, self.currency.as_ref())?;
        Ok(Some(RefundName { payment: &self.order_id, key, amount: Some(amount) }.refund(RefundState::Succeeded)?))
    }
}

/// What a refund is called with us: Midtrans gives it no name under which it could be asked for, and takes one only
/// once the payment is settled, so the name says all that is needed to ask for it (again).
#[derive(Debug, Clone, Copy)]
pub struct RefundName<'a> {
    /// Name of the payment.
    pub payment: &'a str,
    /// Its key: our refund, or whatever somebody else has given it.
    pub key: &'a str,
    /// How much.
    pub amount: Option<Money>,
}

impl<'a> RefundName<'a> {
    /// From text.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (payment, rest) = text.split_once(':')?;
        let (key, amount) = rest.rsplit_once(':')?;
        let rupiah = Currency::parse("IDR").ok()?;
        Some(Self { payment, key, amount: amount.parse().ok().map(|minor| Money::new(minor, rupiah)) })
    }

    /// It, as it stands.
    pub fn refund(&self, state: RefundState) -> Result<ProviderRefund, ProviderError> {
        let amount = self.amount.ok_or(ProviderError::NotFound)?;
        Ok(ProviderRefund { id: self.to_string(), refund_id: self.ours(), amount, state })
    }

    /// Our refund.
    pub fn ours(&self) -> Option<RefundId> {
        self.key.parse().ok()
    }
}

impl std::fmt::Display for RefundName<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let minor = self.amount.map(|amount| amount.amount_minor.to_string()).unwrap_or_default();
        write!(f, "{}:{}:{minor}", self.payment, self.key)
    }
}
