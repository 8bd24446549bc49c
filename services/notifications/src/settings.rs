//! Settings: a mail server, or the embedded mailbox.

use kernel::{Email, Secret};
use serde::Deserialize;

/// Settings of the notifications.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Name that mails come from.
    pub from_name: String,
    /// Address that mails come from.
    pub from_address: String,
    /// Address of those who run the platform, for what they have to act on. Empty: nobody is written to.
    pub operator_address: String,
    /// True lets everybody read the embedded mailbox. For demos only.
    pub mailbox_public: bool,
    /// Mail server; without one mails stay in the embedded mailbox.
    pub smtp: Option<Smtp>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            from_name: "Souk".to_owned(),
            from_address: "souk@localhost.localdomain".to_owned(),
            operator_address: String::new(),
            mailbox_public: false,
            smtp: None,
        }
    }
}

impl Settings {
    /// # Errors
    /// Names the setting that is wrong.
    pub fn check(&self) -> kernel::Result<()> {
        self.from()?;
        self.operator()?;
        crate::mailer::of(self).map(drop)
    }
    /// The address that mails come from.
    pub(crate) fn from(&self) -> kernel::Result<Email> {
        self.from_address
            .parse()
            .map_err(|_| kernel::Error::invalid("notifications.from_address", "This is not an e-mail address."))
    }
    /// The address of those who run the platform.
    pub(crate) fn operator(&self) -> kernel::Result<Option<Email>> {
        if self.operator_address.is_empty() {
            return Ok(None);
        }
        let wrong = |_| kernel::Error::invalid("notifications.operator_address", "This is not an e-mail address.");
        self.operator_address.parse::<Email>().map(Some).map_err(wrong)
    }
}

/// A mail server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// Its port: 587 with STARTTLS, 465 with TLS.
    pub port: u16,
    /// Encryption.
    #[serde(default)]
    pub tls: Tls,
    /// User, if it wants one.
    #[serde(default)]
    pub username: Option<String>,
    /// Password.
    #[serde(default)]
    pub password: Option<Secret>,
}

/// Encryption of the connection to a mail server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// From the first byte.
    Tls,
    /// After a plain greeting; refused if the server does not offer it.
    #[default]
    Starttls,
    /// None: for a relay on the same machine.
    None,
}
