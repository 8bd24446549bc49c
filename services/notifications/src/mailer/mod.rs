//! The port to a mail server.

mod smtp;

use std::sync::Arc;

use futures::future::BoxFuture;
use kernel::{Email, MessageId, Result};

use crate::settings::Settings;

/// A mail ready to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Becomes the `Message-ID`, so that a mail sent twice is recognised as one.
    pub id: MessageId,
    pub to: Email,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// The address that ends such letters when something is posted to it, for mail programs.
    pub stop: Option<String>,
}

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Trying again may help: no answer, a full queue.
    ForNow(String),
    /// It will never be taken: no such address.
    ForGood(String),
}

/// Sends mails.
pub trait Mailer: Send + Sync {
    /// `Ok` means that the server has taken it.
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, std::result::Result<(), Refusal>>;
}

/// The mailer that the settings ask for; none leaves mails in the mailbox.
pub fn of(settings: &Settings) -> Result<Option<Arc<dyn Mailer>>> {
    match &settings.smtp {
        Some(server) => Ok(Some(Arc::new(smtp::SmtpMailer::new(server, settings.from()?, &settings.from_name)?))),
        None => Ok(None),
    }
}
