//! Notices to people without an account: what a link in a mail carries, and how many mails there are.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use kernel::{Email, Secret};
use sha2::Sha256;

use super::{Item, key::TokenHash};

/// How long the link counts that confirms a notice.
pub(crate) const CONFIRM_WITHIN: Duration = Duration::from_secs(48 * 3600);
/// How long somebody waits at most; then nobody expects a letter any more.
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(365 * 24 * 3600);
/// Mails that an address gets per [`MAILS_WITHIN`] because somebody asked.
pub(crate) const MAILS_MAX: i64 = 3;
pub(crate) const MAILS_WITHIN: Duration = Duration::from_secs(15 * 60);
/// Most variants that one address waits for.
pub(crate) const NOTICES_MAX: i64 = 20;

/// What ends all notices to an address: the same for each letter to it, and nobody can make one who does not have
/// `secret`.
pub(crate) fn stop_token(secret: &[u8; 32], email: &Email) -> Secret {
    Secret::new(hex::encode(signed(secret, email.as_str()).finalize().into_bytes()))
}

/// The signature of what a link in a letter carries.
pub(super) fn signed(secret: &[u8; 32], text: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac
}

/// A notice that somebody asks for.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    pub email: Email,
    pub confirm_hash: TokenHash,
    pub stop_hash: TokenHash,
    /// In which it is written about, if that is not English.
    pub language: Option<String>,
}

/// A variant in a sentence: `The mug, blue`.
pub(crate) fn named(item: &Item) -> String {
    match item.options.as_slice() {
        [] => item.title.clone(),
        options => format!("{}, {}", item.title, options.join(", ")),
    }
}
