//! How PayPal is reached.

use contracts::payments::MethodView;
use kernel::{Currency, Error, Result, Secret};
use serde::Deserialize;

/// Currencies that PayPal takes, of those we know.
const CURRENCIES: &[&str] = &[
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY", "MXN", "MYR", "NOK",
    "NZD", "PHP", "PLN", "SEK", "SGD", "THB", "USD",
];

/// Whether PayPal takes this currency.
pub fn takes(currency: Currency) -> bool {
    CURRENCIES.contains(&currency.code())
}

/// How PayPal is reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PayPalSettings {
    /// The app's id; without one PayPal is not offered.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: Secret,
    /// Id of the webhook, which PayPal needs to say whether an event is its own.
    pub webhook_id: String,
    /// The account's merchant id, as PayPal shows it: what was paid to another one is not noted. Empty: it is not looked at.
    pub merchant_id: String,
    /// Whether real money moves. Has to fit the address.
    pub live: bool,
    /// Whether vendors may choose to be paid to their PayPal accounts (Payouts, which PayPal has to have turned on).
    pub payouts: bool,
    /// Whether vendors connect their PayPal accounts and get their parts of payments themselves (Multiparty, for platforms that
    /// PayPal has approved). Needs `merchant_id` and `payouts`.
    pub multiparty: bool,
    /// What PayPal calls the attribution id, or BN code, of a platform; empty: none is sent.
    pub attribution_id: String,
    /// Whether PayPal's list of transactions is compared with our books (Transaction Search, which has to be ticked among the features
    /// of the app).
    pub transactions: bool,
    /// Address of the API; empty: PayPal's, by `live`.
    pub base_url: String,
    /// How long to wait for an answer.
    pub timeout_ms: u64,
}

impl Default for PayPalSettings {
    fn default() -> Self {
        Self {
            client_id: String::new(),
            client_secret: Secret::default(),
            webhook_id: String::new(),
            merchant_id: String::new(),
            live: false,
            payouts: false,
            multiparty: false,
            attribution_id: String::new(),
            transactions: false,
            base_url: String::new(),
            timeout_ms: 20_000,
        }
    }
}

const LIVE: &str = "https://api-m.paypal.com";
const TEST: &str = "https://api-m.sandbox.paypal.com";

impl PayPalSettings {
    /// True if PayPal is to be offered.
    pub fn is_set(&self) -> bool {
        !self.client_id.is_empty()
    }

    /// Address of the API.
    pub fn address(&self) -> &str {
        match (self.base_url.as_str(), self.live) {
            ("", true) => LIVE,
            ("", false) => TEST,
            (address, _) => address,
        }
    }

    /// # Errors
    /// Names the setting that is wrong. PayPal's keys do not say of which mode they are; its addresses do.
    pub fn check(&self) -> Result<()> {
        let wrong = |name: &str, reason: &str| Err(Error::invalid(format!("payments.paypal.{name}"), reason));
        if self.client_secret.expose().len() < 16 {
            return wrong("client_secret", "Set the secret of the app.");
        }
        if self.webhook_id.is_empty() {
            return wrong("webhook_id", "Set the id that PayPal shows beside the webhook; events are checked with it.");
        }
        if !self.merchant_id.chars().all(|c| c.is_ascii_alphanumeric()) {
            return wrong(
                "merchant_id",
                "Set the 13 letters and digits that PayPal calls the merchant id, or nothing.",
            );
        }
        if self.multiparty && (self.merchant_id.is_empty() || !self.payouts) {
            return wrong(
                "multiparty",
                "Set `merchant_id`, by which PayPal knows the platform, and `payouts`: what promotions add is paid out so.",
            );
        }
        if !self.attribution_id.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c)) {
            return wrong("attribution_id", "Set the BN code as PayPal shows it, or nothing.");
        }
        let address = self.address().trim_end_matches('/');
        let other = if self.live { TEST } else { LIVE };
        if address == other || (self.live && !address.starts_with("https://")) {
            return wrong("base_url", "This address is of the other mode, or not by https: change it, or `live`.");
        }
        Ok(())
    }

    /// What buyers may choose.
    pub fn views(&self) -> Vec<MethodView> {
        let hint = "You pay on PayPal's page and come back here.";
        let currencies = CURRENCIES.iter().filter_map(|code| Currency::parse(code).ok()).collect();
        vec![MethodView { currencies, ..MethodView::new("paypal", "PayPal", hint) }]
    }
}
