//! Stripe's objects, as far as they matter here, and what they mean.

use std::collections::BTreeMap;

use contracts::disputes::DisputeStatus;
use kernel::{Currency, Money, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use crate::provider::{
    JournalItem, ProviderDispute, ProviderError, ProviderPayment, ProviderRefund, ProviderStatus, RefundState,
};

/// Metadata that names our order.
pub const ORDER: &str = "souk_order";
/// Metadata that names our refund.
pub const REFUND: &str = "souk_refund";
/// Metadata that says by which way a payment intent came about.
pub const VIA: &str = "souk_via";
/// The value for those of the hosted page.
pub const CHECKOUT: &str = "checkout";

/// A page of a list, newest first.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    /// Objects.
    pub data: Vec<T>,
    /// True if there are more.
    pub has_more: bool,
}

/// The hosted page and what became of it.
#[derive(Debug, Deserialize)]
pub struct Session {
    /// `cs_…`
    pub id: String,
    amount_total: Option<i64>,
    currency: Option<String>,
    /// The order.
    pub client_reference_id: Option<String>,
    livemode: bool,
    /// `open`, `complete`, `expired`.
    pub status: Option<String>,
    url: Option<String>,
    /// Known once the buyer has paid, or tried to.
    pub payment_intent: Option<Expandable>,
}

/// An object, or its id alone where nobody asked for the object.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Expandable {
    /// The object.
    Object(Box<Intent>),
    /// Its id.
    Id(String),
}

impl Expandable {
    /// The id.
    pub fn id(&self) -> &str {
        match self {
            Self::Object(intent) => &intent.id,
            Self::Id(id) => id,
        }
    }
}

/// A payment intent.
#[derive(Debug, Deserialize)]
pub struct Intent {
    /// `pi_…`
    pub id: String,
    amount: i64,
    #[serde(default)]
    amount_received: i64,
    currency: String,
    livemode: bool,
    /// `requires_action`, `succeeded` …
    pub status: String,
    /// When it was made, in seconds.
    pub created: i64,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    next_action: Option<NextAction>,
    last_payment_error: Option<Trouble>,
    /// That the money goes on to another account, which we never ask for.
    transfer_data: Option<serde::de::IgnoredAny>,
    /// With what its charge did to the balance, where that was asked for: else its id alone.
    #[serde(default)]
    latest_charge: Value,
}

#[derive(Debug, Deserialize)]
struct NextAction {
    redirect_to_url: Option<Redirect>,
}

#[derive(Debug, Deserialize)]
struct Redirect {
    url: Option<String>,
}

/// Why something did not work.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Trouble {
    /// `card_error`, `idempotency_error` …
    pub r#type: String,
    code: Option<String>,
    decline_code: Option<String>,
    /// For a person who knows Stripe.
    pub message: Option<String>,
    /// The payment that a card was refused for.
    pub payment_intent: Option<Box<Intent>>,
}

impl Trouble {
    /// The most exact code there is.
    pub fn reason(&self) -> String {
        let code = match (&self.decline_code, &self.code) {
            (Some(code), _) if code != "generic_decline" => code,
            (_, Some(code)) if code == "payment_intent_authentication_failure" => "authentication_failed",
            (_, Some(code)) => code,
            _ => "refused",
        };
        code.to_owned()
    }
}

/// How many of Stripe's units make one of ours. Stripe counts the Icelandic króna in hundredths.
fn units(currency: Currency) -> i64 {
    if currency.code() == "ISK" { 100 } else { 1 }
}

/// An amount as Stripe writes it. It takes three decimals only where the last one is zero.
pub fn amount_out(money: Money) -> Result<String, ProviderError> {
    let refused = || ProviderError::Refused { reason: "amount_not_representable".to_owned() };
    let amount = money.amount_minor.checked_mul(units(money.currency)).ok_or_else(refused)?;
    if money.currency.decimals() == 3 && amount % 10 != 0 { Err(refused()) } else { Ok(amount.to_string()) }
}

/// Money as Stripe writes it.
pub fn money(amount: i64, currency: &str) -> Result<Money, ProviderError> {
    let unreadable = || ProviderError::NoAnswer(format!("{amount} {currency:?} is no money we know"));
    let currency = Currency::parse(&currency.to_ascii_uppercase()).map_err(|_| unreadable())?;
    let units = units(currency);
    if amount % units == 0 { Ok(Money::new(amount / units, currency)) } else { Err(unreadable()) }
}

impl Session {
    /// What it means. The payment intent has to be there as an object once there is one.
    pub fn payment(self) -> Result<ProviderPayment, ProviderError> {
        let strange = |what: &str| ProviderError::NoAnswer(format!("session {}: {what}", self.id));
        let amount =
            money(self.amount_total.unwrap_or(0), self.currency.as_deref().ok_or_else(|| strange("no currency"))?)?;
        let nothing = Money::zero(amount.currency);
        let intent = match &self.payment_intent {
            Some(Expandable::Object(intent)) => Some(intent),
            _ => None,
        };
        let is_elsewhere = intent.is_some_and(|intent| intent.is_elsewhere());
        let fee = intent.and_then(|intent| intent.fee());
        let (captured, status) = match (self.status.as_deref(), &self.payment_intent, &self.url) {
            (Some("expired"), ..) => (nothing, ProviderStatus::Failed { reason: "cancelled".to_owned() }),
            (Some("open"), _, Some(url)) => (nothing, ProviderStatus::RequiresAction { url: url.clone() }),
            (Some("complete"), Some(Expandable::Object(intent)), _) => (intent.received()?, intent.standing()?),
            (status, ..) => return Err(strange(&format!("status {status:?}"))),
        };
        let reference = self.client_reference_id.unwrap_or_default();
        let livemode = self.livemode;
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
}

impl Intent {
    /// True if it belongs to a session of ours, whose id then is the payment's.
    pub fn is_of_session(&self) -> bool {
        self.metadata.get(VIA).is_some_and(|via| via == CHECKOUT)
    }

    /// The order it names.
    pub fn order(&self) -> Option<&str> {
        self.metadata.get(ORDER).map(String::as_str)
    }

    /// True if it does not stay in the account that was asked. Whose object it is needs no look: with our key Stripe shows
    /// those of that account alone.
    fn is_elsewhere(&self) -> bool {
        self.transfer_data.is_some()
    }

    /// True once money was taken.
    pub fn has_money(&self) -> bool {
        self.amount_received > 0
    }

    fn received(&self) -> Result<Money, ProviderError> {
        money(self.amount_received, &self.currency)
    }

    /// What Stripe keeps of it. Of a charge that is still on its way it does not say yet; an account in another currency
    /// pays it in that, and then it is not in the payment's books.
    fn fee(&self) -> Option<Money> {
        let moved = self.latest_charge.get("balance_transaction")?;
        let (fee, currency) = (moved.get("fee")?.as_i64()?, moved.get("currency")?.as_str()?);
        if currency == self.currency { money(fee, currency).ok() } else { None }
    }

    fn standing(&self) -> Result<ProviderStatus, ProviderError> {
        Ok(match self.status.as_str() {
            "requires_action" => {
                match self.next_action.as_ref().and_then(|next| next.redirect_to_url.as_ref()?.url.clone()) {
                    Some(url) => ProviderStatus::RequiresAction { url },
                    // What has to be done is shown by the hosted page itself: money is awaited.
                    None => ProviderStatus::Processing,
                }
            }
            "processing" | "requires_confirmation" => ProviderStatus::Processing,
            "requires_capture" => ProviderStatus::Authorised,
            "succeeded" => ProviderStatus::Succeeded,
            "canceled" => ProviderStatus::Failed { reason: "cancelled".to_owned() },
            "requires_payment_method" => ProviderStatus::Failed {
                reason: self.last_payment_error.as_ref().map_or_else(|| "declined".to_owned(), Trouble::reason),
            },
            other => return Err(ProviderError::NoAnswer(format!("unknown status {other:?}"))),
        })
    }

    /// What it means, of one without a session.
    pub fn payment(&self) -> Result<ProviderPayment, ProviderError> {
        Ok(ProviderPayment {
            id: self.id.clone(),
            reference: self.order().unwrap_or_default().to_owned(),
            amount: money(self.amount, &self.currency)?,
            captured: self.received()?,
            fee: self.fee(),
            livemode: self.livemode,
            is_elsewhere: self.is_elsewhere(),
            direct: Vec::new(),
            status: self.standing()?,
        })
    }

    /// As an item of the journal. What others have had paid with the same account is not ours to judge.
    pub fn item(&self, payment_ref: String) -> Result<JournalItem, ProviderError> {
        let received = self.received()?;
        Ok(JournalItem {
            is_part: false,
            position: self.id.clone(),
            payment_ref,
            reference: self.order().unwrap_or_default().to_owned(),
            captured: if self.order().is_some() { received } else { Money::zero(received.currency) },
            fee: self.fee(),
            created_at: Timestamp::from_seconds(self.created),
        })
    }
}

/// A refund.
#[derive(Debug, Deserialize)]
pub struct Refund {
    id: String,
    amount: i64,
    currency: String,
    status: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

impl Refund {
    /// Our refund that it carries out.
    pub fn ours(&self) -> Option<kernel::RefundId> {
        self.metadata.get(REFUND)?.parse().ok()
    }

    /// What it means.
    pub fn refund(self) -> Result<ProviderRefund, ProviderError> {
        let state = match self.status.as_deref() {
            Some("pending" | "requires_action") => RefundState::Pending,
            Some("succeeded") => RefundState::Succeeded,
            Some("failed" | "canceled") => RefundState::Failed,
            other => return Err(ProviderError::NoAnswer(format!("unknown status {other:?}"))),
        };
        let refund_id = self.ours();
        Ok(ProviderRefund { amount: money(self.amount, &self.currency)?, id: self.id, refund_id, state })
    }
}

/// A dispute.
#[derive(Debug, Deserialize)]
pub struct Dispute {
    id: String,
    amount: i64,
    currency: String,
    payment_intent: Option<String>,
    reason: String,
    status: String,
    livemode: bool,
    #[serde(default)]
    evidence_details: EvidenceDetails,
    #[serde(default)]
    balance_transactions: Vec<BalanceTransaction>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct EvidenceDetails {
    due_by: Option<i64>,
}

/// What a dispute has done to the account's balance: withdrawn below zero, reinstated above.
#[derive(Debug, Deserialize)]
struct BalanceTransaction {
    amount: i64,
    fee: i64,
    currency: String,
}

impl Dispute {
    /// What it means. A question of the bank (`warning_…`) that came to nothing is won.
    pub fn dispute(self) -> Result<ProviderDispute, ProviderError> {
        let status = match self.status.as_str() {
            "needs_response" | "warning_needs_response" => DisputeStatus::Opened,
            "under_review" | "warning_under_review" => DisputeStatus::UnderReview,
            "won" | "warning_closed" | "prevented" => DisputeStatus::Won,
            "lost" => DisputeStatus::Lost,
            other => return Err(ProviderError::NoAnswer(format!("unknown status {other:?}"))),
        };
        let moved: i64 = self.balance_transactions.iter().map(|moved| moved.amount).sum();
        // An account in another currency pays the fee in that: it is not in the payment's books.
        let fees = self.balance_transactions.iter().filter(|moved| moved.currency == self.currency);
        let fee = fees.map(|moved| moved.fee).sum::<i64>().max(0);
        Ok(ProviderDispute {
            of_vendor: None,
            amount: money(self.amount, &self.currency)?,
            fee: money(fee, &self.currency)?,
            payment_ref: self.payment_intent.ok_or(ProviderError::NotFound)?,
            id: self.id,
            reason: self.reason,
            status,
            evidence_due: self.evidence_details.due_by.map(Timestamp::from_seconds),
            is_withdrawn: moved < 0,
            livemode: self.livemode,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_kept_stands_in_the_balance_transaction_of_the_charge() {
        let paid = |charge: Value| {
            let intent = json!({
                "id": "pi_1", "amount": 6040, "amount_received": 6040, "currency": "eur", "livemode": false,
                "status": "succeeded", "created": 0, "latest_charge": charge,
            });
            serde_json::from_value::<Intent>(intent).unwrap().payment().unwrap().fee
        };
        let moved = |currency: &str| json!({"id": "ch_1", "balance_transaction": {"fee": 190, "currency": currency}});
        assert_eq!(paid(moved("eur")), Some(Money::new(190, Currency::EUR)));
        for silent in [moved("usd"), json!({"id": "ch_1", "balance_transaction": null}), json!("ch_1"), Value::Null] {
            assert_eq!(paid(silent), None);
        }
    }
}
