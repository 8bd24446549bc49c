//! How Midtrans is reached.

use contracts::payments::MethodView;
use kernel::{Currency, Error, Result, Secret};
use serde::Deserialize;

/// The longest that a page may be open.
const HOURS_MAX: u32 = 7 * 24;

/// How Midtrans is reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MidtransSettings {
    /// Server key; without one Midtrans is not offered. It signs the notifications, too.
    pub server_key: Secret,
    /// The one before, while keys are being changed: notifications signed with it count, calls are made with the other.
    pub server_key_previous: Option<Secret>,
    /// Whether real money moves. Has to fit the addresses.
    pub live: bool,
    /// What is shown on the page, by Midtrans' names (`credit_card`, `bca_va`, `gopay`); none: all that is turned on.
    pub channels: Vec<String>,
    /// Hours for which an order waits for its money, and holds its goods.
    pub wait_hours: u32,
    /// Address of the API of transactions; empty: Midtrans' own, by `live`.
    pub api_url: String,
    /// Address of the API of payment pages (Snap); empty: Midtrans' own, by `live`.
    pub snap_url: String,
    /// How long to wait for an answer.
    pub timeout_ms: u64,
}

impl Default for MidtransSettings {
    fn default() -> Self {
        Self {
            server_key: Secret::default(),
            server_key_previous: None,
            live: false,
            channels: Vec::new(),
            wait_hours: 24,
            api_url: String::new(),
            snap_url: String::new(),
            timeout_ms: 20_000,
        }
    }
}

const API: [&str; 2] = ["https://api.sandbox.midtrans.com", "https://api.midtrans.com"];
const SNAP: [&str; 2] = ["https://app.sandbox.midtrans.com", "https://app.midtrans.com"];

fn or<'a>(set: &'a str, of_modes: [&'static str; 2], live: bool) -> &'a str {
    if set.is_empty() { of_modes[usize::from(live)] } else { set }
}

impl MidtransSettings {
    /// True if Midtrans is to be offered.
    pub fn is_set(&self) -> bool {
        !self.server_key.expose().is_empty()
    }

    /// Address of the API of transactions.
    pub fn api(&self) -> &str {
        or(&self.api_url, API, self.live)
    }

    /// Address of the API of payment pages.
    pub fn snap(&self) -> &str {
        or(&self.snap_url, SNAP, self.live)
    }

    /// # Errors
    /// Names the setting that is wrong. A key of the sandbox begins with `SB-`; of the others only the address says the
    /// mode.
    pub fn check(&self) -> Result<()> {
        let wrong = |name: &str, reason: &str| Err(Error::invalid(format!("payments.midtrans.{name}"), reason));
        let keys = [Some(&self.server_key), self.server_key_previous.as_ref()];
        if keys.into_iter().flatten().any(|key| key.expose().len() < 16 || key.expose().contains("client")) {
            return wrong("server_key", "Set the server key, not the client key.");
        }
        if self.live && self.server_key.expose().starts_with("SB-") {
            return wrong("server_key", "This is the key of the sandbox: set the other one, or change `live`.");
        }
        for (name, address, of_modes) in [("api_url", self.api(), API), ("snap_url", self.snap(), SNAP)] {
            let of_other_mode = address.trim_end_matches('/') == of_modes[usize::from(!self.live)];
            if of_other_mode || (self.live && !address.starts_with("https://")) {
                return wrong(name, "This address is of the other mode, or not by https: change it, or `live`.");
            }
        }
        if self.channels.iter().any(|channel| !is_name(channel)) {
            return wrong("channels", "Name Midtrans' ways to pay: \"credit_card\", \"bca_va\", \"gopay\" …");
        }
        if !(1..=HOURS_MAX).contains(&self.wait_hours) {
            return wrong("wait_hours", "Wait for 1 to 168 hours.");
        }
        Ok(())
    }

    /// What buyers may choose.
    pub fn views(&self) -> Vec<MethodView> {
        let hint = "You pay on the page of our payment provider, Midtrans, and come back here.";
        let currencies = Currency::parse("IDR").into_iter().collect();
        let pay_within_hours = Some(self.wait_hours);
        let view = MethodView::new("midtrans", "Card, bank transfer or e-wallet (Midtrans)", hint);
        vec![MethodView { currencies, pay_within_hours, ..view }]
    }
}

fn is_name(channel: &str) -> bool {
    !channel.is_empty()
        && channel.len() <= 40
        && channel.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
