//! How Stripe is reached.

use contracts::payments::MethodView;
use kernel::{Error, Result, Secret};
use serde::Deserialize;

/// How Stripe is reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StripeSettings {
    /// Secret or restricted key; without one Stripe is not offered.
    pub secret_key: Secret,
    /// Secret of the webhook endpoint.
    pub webhook_secret: Secret,
    /// The one before, while secrets are being changed.
    pub webhook_secret_previous: Option<Secret>,
    /// Whether real money moves. Has to fit the key.
    pub live: bool,
    /// Connected account for which is charged; Stripe's own name for it. Empty: the account of the key.
    pub account: String,
    /// Ways to pay that are offered, by Stripe's names; `automatic` stands for those that are turned on at Stripe.
    pub methods: Vec<String>,
    /// Whether the money is only set aside on the buyer's account at first, and taken once the order is known to
    /// stand: what was called off meanwhile then costs no refund.
    pub capture_later: bool,
    /// Whether vendors may choose to be paid by transfers to accounts of their own at Stripe (Connect).
    pub connect: bool,
    /// Secret of the webhook endpoint for connected accounts, which Stripe keeps apart; without one its events are not taken.
    pub connect_webhook_secret: Option<Secret>,
    /// Address of the API.
    pub base_url: String,
    /// How long to wait for an answer.
    pub timeout_ms: u64,
}

impl Default for StripeSettings {
    fn default() -> Self {
        Self {
            secret_key: Secret::default(),
            webhook_secret: Secret::default(),
            webhook_secret_previous: None,
            live: false,
            account: String::new(),
            methods: vec!["card".to_owned()],
            capture_later: false,
            connect: false,
            connect_webhook_secret: None,
            base_url: "https://api.stripe.com".to_owned(),
            timeout_ms: 20_000,
        }
    }
}

impl StripeSettings {
    /// True if Stripe is to be offered.
    pub fn is_set(&self) -> bool {
        !self.secret_key.expose().is_empty()
    }

    /// # Errors
    /// Names the setting that is wrong. A key of the other mode would take real money in a trial, or none in earnest.
    pub fn check(&self) -> Result<()> {
        let wrong = |name: &str, reason: &str| Err(Error::invalid(format!("payments.stripe.{name}"), reason));
        let mode = if self.live { "live" } else { "test" };
        let key = self.secret_key.expose();
        if !["sk", "rk"].iter().any(|kind| key.starts_with(&format!("{kind}_{mode}_"))) || key.len() < 16 {
            return wrong(
                "secret_key",
                &format!("Set a key that begins with sk_{mode}_ or rk_{mode}_, or change `live`."),
            );
        }
        if !self.webhook_secret.expose().starts_with("whsec_") || self.webhook_secret.expose().len() < 16 {
            return wrong("webhook_secret", "Set the signing secret of the webhook endpoint; it begins with whsec_.");
        }
        if self.connect && !self.account.is_empty() {
            return wrong("connect", "Vendors are paid from the account of the key alone: leave `account` empty.");
        }
        if self.connect_webhook_secret.as_ref().is_some_and(|secret| !secret.expose().starts_with("whsec_")) {
            return wrong("connect_webhook_secret", "Set the endpoint's signing secret; it begins with whsec_.");
        }
        if self.live && !self.base_url.starts_with("https://") {
            return wrong("base_url", "Real money travels by https alone.");
        }
        if self.methods.is_empty() || self.methods.iter().any(|method| !is_name(method)) {
            return wrong("methods", "Name at least one of Stripe's ways to pay: \"card\", \"ideal\" …");
        }
        Ok(())
    }

    /// What buyers may choose from.
    pub fn views(&self) -> Vec<MethodView> {
        self.methods.iter().map(|method| MethodView::new(method, label(method), HINT)).collect()
    }
}

/// What happens, for all of Stripe's ways.
const HINT: &str = "You pay on the page of our payment provider, Stripe, and come back here.";

fn is_name(method: &str) -> bool {
    !method.is_empty()
        && method.len() <= 40
        && method.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// What buyers call a way to pay.
fn label(method: &str) -> String {
    let known = match method {
        "automatic" => "Card, wallet and more",
        "ideal" => "iDEAL",
        "eps" => "EPS",
        "p24" => "Przelewy24",
        "sepa_debit" => "SEPA direct debit",
        "paypal" => "PayPal",
        "wechat_pay" => "WeChat Pay",
        "grabpay" => "GrabPay",
        "paynow" => "PayNow",
        "promptpay" => "PromptPay",
        "fpx" => "FPX",
        "twint" => "TWINT",
        "blik" => "BLIK",
        "us_bank_account" => "Bank account (US)",
        _ => "",
    };
    if known.is_empty() { in_words(method) } else { known.to_owned() }
}

/// `revolut_pay` as `Revolut pay`.
fn in_words(method: &str) -> String {
    let mut letters = method.chars().map(|c| if c == '_' { ' ' } else { c });
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
