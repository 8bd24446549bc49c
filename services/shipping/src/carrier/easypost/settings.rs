//! How EasyPost is reached.

use kernel::{Currency, Error, Result, Secret};
use serde::Deserialize;

/// How EasyPost is reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EasyPostSettings {
    /// Key of the API; without one there is no carrier.
    pub api_key: Secret,
    /// Secret of the webhook.
    pub webhook_secret: Secret,
    /// The one before, while secrets are being changed.
    pub webhook_secret_previous: Option<Secret>,
    /// Whether real labels are bought. Has to fit the key.
    pub live: bool,
    /// Currency in which labels are bought; rates in others are left out.
    pub currency: Currency,
    /// Services that vendors may choose from, as `DHLPaket DHLPaket`; none: the cheapest is bought.
    pub services: Vec<String>,
    /// Address of the API.
    pub base_url: String,
    /// How long to wait for an answer.
    pub timeout_ms: u64,
}

impl Default for EasyPostSettings {
    fn default() -> Self {
        Self {
            api_key: Secret::default(),
            webhook_secret: Secret::default(),
            webhook_secret_previous: None,
            live: false,
            currency: Currency::EUR,
            services: Vec::new(),
            base_url: "https://api.easypost.com".to_owned(),
            timeout_ms: 20_000,
        }
    }
}

impl EasyPostSettings {
    /// True if labels are to be bought there.
    pub fn is_set(&self) -> bool {
        !self.api_key.expose().is_empty()
    }

    /// # Errors
    /// Names the setting that is wrong.
    pub fn check(&self) -> Result<()> {
        let wrong = |name: &str, reason: &str| Err(Error::invalid(format!("shipping.easypost.{name}"), reason));
        let (mode, prefix) = if self.live { ("production", "EZAK") } else { ("test", "EZTK") };
        let key = self.api_key.expose();
        if !key.starts_with(prefix) || key.len() < 16 {
            return wrong("api_key", &format!("Set a {mode} key, which begins with {prefix}, or change `live`."));
        }
        if self.webhook_secret.expose().len() < 16 {
            return wrong("webhook_secret", "Set the secret of the webhook; it has at least 16 letters.");
        }
        if self.live && !self.base_url.starts_with("https://") {
            return wrong("base_url", "Real labels are bought by https alone.");
        }
        if self.services.iter().any(|service| service.trim().is_empty() || service.chars().count() > 80) {
            return wrong("services", "Name each service as EasyPost does: carrier, blank, service.");
        }
        Ok(())
    }
}
