//! A vendor's account at a provider that pays vendors. Pure.

use contracts::payouts::{PayoutQuestion, PayoutRouteView};
use kernel::{Country, Timestamp, VendorId};

use super::payee::{Number, Payee, masked_ref};
use crate::provider::payouts::{Blank, PayoutProvider};

/// A vendor's account at a provider, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Whose.
    pub vendor_id: VendorId,
    /// What the vendor is called.
    pub name: String,
    /// The provider's name in tables.
    pub provider: String,
    /// Where the vendor is.
    pub country: Country,
    /// The provider's id of the account; none: it was not made yet, or nobody knows whether it was.
    pub account_ref: Option<String>,
    /// Which attempt at making it this is.
    pub attempt: i64,
    /// Whether the vendor is paid there.
    pub is_chosen: bool,
    /// Whether it can be paid to.
    pub is_ready: bool,
    /// What the provider still wants to know.
    pub due: Vec<String>,
    /// Why the provider has stopped it.
    pub problem: Option<String>,
    /// When the provider was last asked.
    pub checked_at: Option<Timestamp>,
}

impl Recipient {
    /// The key under which the account is made. Never time, never chance.
    pub fn key(&self) -> String {
        format!("payout-account:{}:{}", self.vendor_id, self.attempt)
    }
    /// Where it is paid to, once there is an account.
    pub fn payee(&self) -> Option<Payee> {
        let number = Number::Provider { name: self.provider.clone(), account: self.account_ref.clone()? };
        Some(Payee { holder: self.name.clone(), country: self.country.clone(), number, bic: None })
    }
    /// As it is shown.
    pub fn view(&self, by: &dyn PayoutProvider) -> PayoutRouteView {
        PayoutRouteView {
            provider: self.provider.clone(),
            label: by.label().to_owned(),
            asks: questions(by),
            is_chosen: self.is_chosen,
            // What is our own name for it as yet tells nobody anything.
            account: self.account_ref.as_deref().filter(|known| *known != self.key()).map(masked_ref),
            country: Some(self.country.clone()),
            is_ready: self.is_ready,
            due: self.due.clone(),
            problem: self.problem.clone(),
            checked_at: self.checked_at,
        }
    }
}

/// One that a vendor has not begun with, as it is shown.
pub fn untouched(provider: &str, by: &dyn PayoutProvider) -> PayoutRouteView {
    PayoutRouteView {
        provider: provider.to_owned(),
        label: by.label().to_owned(),
        asks: questions(by),
        is_chosen: false,
        account: None,
        country: None,
        is_ready: false,
        due: Vec::new(),
        problem: None,
        checked_at: None,
    }
}

/// What an owner fills in here, where the provider has no pages for that.
fn questions(by: &dyn PayoutProvider) -> Vec<PayoutQuestion> {
    let question = |blank: Blank| PayoutQuestion {
        name: blank.name.to_owned(),
        label: blank.label.to_owned(),
        hint: blank.hint.to_owned(),
        choices: blank.choices,
    };
    by.recipients().blanks().into_iter().map(question).collect()
}
