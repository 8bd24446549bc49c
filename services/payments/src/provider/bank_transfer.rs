//! Transfers to the platform's own account. There is no gateway: the buyer is told where to send the money, and an admin
//! says when it has arrived.

use contracts::payments::{BankAccount, MethodView};
use http::HeaderMap;
use kernel::{Error, Money, OrderId, RefundId, Result, Timestamp};
use runtime::Env;
use serde::Deserialize;

use super::{
    Answer, JournalItem, OpenPayment, PaymentProvider, ProviderError, ProviderPayment, ProviderRefund, RefundCommand,
    Verified, by_hand::ByHand,
};

/// Name of the provider, and of its only way to pay.
pub const NAME: &str = "bank_transfer";

/// Where buyers send their money.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BankTransferSettings {
    /// The platform's account; without an IBAN transfers are not offered.
    pub account: BankAccount,
    /// Days for which an order waits for its money, and holds its goods.
    pub wait_days: u32,
}

impl Default for BankTransferSettings {
    fn default() -> Self {
        Self { account: BankAccount::default(), wait_days: 7 }
    }
}

impl BankTransferSettings {
    /// True if transfers are to be offered.
    pub fn is_set(&self) -> bool {
        !self.account.iban.is_empty()
    }

    /// # Errors
    /// Names the setting that is wrong.
    pub fn check(&self) -> Result<()> {
        let wrong = |name: &str, reason: &str| Err(Error::invalid(format!("payments.bank_transfer.{name}"), reason));
        if !is_iban(&self.account.iban) {
            return wrong("account.iban", "This is no IBAN: its check digits do not fit.");
        }
        if self.account.holder.trim().is_empty() {
            return wrong("account.holder", "Say whose account it is; banks compare it.");
        }
        if !(1..=30).contains(&self.wait_days) {
            return wrong("wait_days", "Wait for 1 to 30 days.");
        }
        Ok(())
    }

    /// What buyers may choose.
    pub fn views(&self) -> Vec<MethodView> {
        let hint = "You send the money to our account; your order is packed once it has arrived.";
        let hours = Some(self.wait_days * 24);
        let account = Some(self.account.clone());
        vec![MethodView { pay_within_hours: hours, account, ..MethodView::new(NAME, "Bank transfer", hint) }]
    }
}

/// Bank transfer as a provider.
pub struct BankTransfer {
    settings: BankTransferSettings,
    by_hand: ByHand,
    public_url: String,
}

impl BankTransfer {
    /// To this account.
    ///
    /// # Errors
    /// Names the setting that is wrong.
    pub fn new(settings: BankTransferSettings, env: &Env) -> Result<Self> {
        settings.check()?;
        Ok(Self { settings, by_hand: ByHand::new(env), public_url: env.public_url.clone() })
    }
}

/// The check digits of an IBAN: letters count from 10, the first four stand last, the rest of it by 97 is one.
pub fn is_iban(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    if !(15..=34).contains(&letters.len()) || !letters.iter().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()) {
        return false;
    }
    let (head, tail) = letters.split_at(4);
    let rest = tail.iter().chain(head).fold(0_u32, |rest, c| match c.to_digit(36) {
        Some(digit) if digit < 10 => (rest * 10 + digit) % 97,
        Some(number) => (rest * 100 + number) % 97,
        None => rest,
    });
    rest == 1
}

impl PaymentProvider for BankTransfer {
    fn name(&self) -> &'static str {
        NAME
    }

    fn methods(&self) -> Vec<MethodView> {
        self.settings.views()
    }

    /// There is but one mode: nothing here can be tried out with a card that moves no money.
    fn livemode(&self) -> bool {
        false
    }

    /// An admin's word is taken in together with what it changes; hundreds of orders may wait for days.
    fn is_asked(&self) -> bool {
        false
    }

    fn open(&self, payment: OpenPayment) -> Answer<'_, ProviderPayment> {
        Box::pin(async move {
            let page = format!("{}/orders/{}/transfer", self.public_url, payment.order_id);
            self.by_hand.open("bt", &payment, page).await
        })
    }

    fn fetch<'a>(&'a self, payment_ref: &'a str) -> Answer<'a, ProviderPayment> {
        Box::pin(self.by_hand.find(payment_ref))
    }

    fn find_by_reference(&self, order_id: OrderId, _: Timestamp) -> Answer<'_, Vec<ProviderPayment>> {
        Box::pin(self.by_hand.find_all(order_id))
    }

    fn capture<'a>(&'a self, _: &'a str, _: Money, _: String) -> Answer<'a, ProviderPayment> {
        Box::pin(async { Err(ProviderError::Refused { reason: "nothing_to_take".to_owned() }) })
    }

    fn cancel<'a>(&'a self, payment_ref: &'a str, _: String) -> Answer<'a, ProviderPayment> {
        Box::pin(self.by_hand.cancel(payment_ref))
    }

    fn refund(&self, command: RefundCommand) -> Answer<'_, ProviderRefund> {
        Box::pin(self.by_hand.refund(command))
    }

    fn fetch_refund<'a>(&'a self, refund_ref: &'a str) -> Answer<'a, ProviderRefund> {
        Box::pin(self.by_hand.fetch_refund(refund_ref))
    }

    fn find_refund<'a>(&'a self, _: &'a str, refund_id: RefundId) -> Answer<'a, Option<ProviderRefund>> {
        Box::pin(self.by_hand.find_refund(refund_id))
    }

    /// Nobody sends events.
    /// A transfer cannot be disputed: no bank takes it back.
    fn verify_webhook<'a>(&'a self, _: &'a HeaderMap, _: &'a [u8], _: Timestamp) -> Verified<'a> {
        Box::pin(async { Err(Error::not_found("provider")) })
    }

    /// The journal is the bank's.
    fn journal<'a>(&'a self, _: Option<&'a str>) -> Answer<'a, Vec<JournalItem>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}
