//! How Xendit is reached.

use contracts::payments::MethodView;
use kernel::{Currency, Error, Result, Secret};
use serde::Deserialize;

/// Currencies of Xendit's invoices; an account has those of its country.
const CURRENCIES: &[&str] = &["IDR", "PHP", "THB", "VND", "MYR"];
/// The longest an invoice may wait.
const HOURS_MAX: u32 = 7 * 24;

/// How Xendit is reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct XenditSettings {
    /// Secret key; without one Xendit is not offered.
    pub secret_key: Secret,
    /// Token that Xendit sends with its webhooks.
    pub webhook_token: Secret,
    /// The one before, while tokens are being changed.
    pub webhook_token_previous: Option<Secret>,
    /// The business' id, as Xendit shows it: what was paid to another one is not noted. Empty: it is not looked at.
    pub business_id: String,
    /// Whether real money moves. Has to fit the key.
    pub live: bool,
    /// What is shown on the page, by Xendit's codes (`CREDIT_CARD`, `BCA`, `QRIS`); none: all that is turned on there.
    pub channels: Vec<String>,
    /// Banks and wallets to which vendors may choose to be paid, by Xendit's codes (`ID_BCA`, `PH_GCASH`); none: not at all.
    pub payout_channels: Vec<String>,
    /// Hours for which an order waits for its money, and holds its goods.
    pub wait_hours: u32,
    /// Address of the API.
    pub base_url: String,
    /// How long to wait for an answer.
    pub timeout_ms: u64,
}

impl Default for XenditSettings {
    fn default() -> Self {
        Self {
            secret_key: Secret::default(),
            webhook_token: Secret::default(),
            webhook_token_previous: None,
            business_id: String::new(),
            live: false,
            channels: Vec::new(),
            payout_channels: Vec::new(),
            wait_hours: 24,
            base_url: "https://api.xendit.co".to_owned(),
            timeout_ms: 20_000,
        }
    }
}

impl XenditSettings {
    /// True if Xendit is to be offered.
    pub fn is_set(&self) -> bool {
        !self.secret_key.expose().is_empty()
    }

    /// # Errors
    /// Names the setting that is wrong. A key of the other mode would take real money in a trial, or none in earnest.
    pub fn check(&self) -> Result<()> {
        let wrong = |name: &str, reason: &str| Err(Error::invalid(format!("payments.xendit.{name}"), reason));
        let begins = if self.live { "xnd_production_" } else { "xnd_development_" };
        let key = self.secret_key.expose();
        if !key.starts_with(begins) || key.len() < begins.len() + 8 {
            return wrong("secret_key", &format!("Set a secret key that begins with {begins}, or change `live`."));
        }
        let tokens = [Some(&self.webhook_token), self.webhook_token_previous.as_ref()];
        if tokens.into_iter().flatten().any(|token| token.expose().len() < 16) {
            return wrong("webhook_token", "Set the verification token that Xendit shows beside its webhooks.");
        }
        if self.live && !self.base_url.starts_with("https://") {
            return wrong("base_url", "Real money travels by https alone.");
        }
        if self.channels.iter().any(|channel| !is_code(channel)) {
            return wrong("channels", "Name Xendit's channels by their codes: \"CREDIT_CARD\", \"BCA\", \"QRIS\" …");
        }
        if self
            .payout_channels
            .iter()
            .any(|channel| !is_code(channel) || super::payouts::currency_of(channel).is_none())
        {
            return wrong("payout_channels", "Name banks and wallets by Xendit's codes: \"ID_BCA\", \"PH_GCASH\" …");
        }
        if !(1..=HOURS_MAX).contains(&self.wait_hours) {
            return wrong("wait_hours", "Wait for 1 to 168 hours.");
        }
        Ok(())
    }

    /// What buyers may choose.
    pub fn views(&self) -> Vec<MethodView> {
        let hint = "You pay on the page of our payment provider, Xendit, and come back here.";
        let currencies = CURRENCIES.iter().filter_map(|code| Currency::parse(code).ok()).collect();
        let pay_within_hours = Some(self.wait_hours);
        let view = MethodView::new("xendit", "Card, bank transfer or e-wallet (Xendit)", hint);
        vec![MethodView { currencies, pay_within_hours, ..view }]
    }
}

fn is_code(channel: &str) -> bool {
    !channel.is_empty()
        && channel.len() <= 40
        && channel.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}
