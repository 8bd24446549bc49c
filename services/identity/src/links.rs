//! Links that work once: 256 random bits in a mail, their hash in a table, bound to an account, its
//! address and one purpose.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::notifications::Template;
use db::Tx;
use kernel::{Result, Timestamp};
use sha2::{Digest, Sha256};

use crate::{app::App, mail, model::Account, store};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Proves that somebody reads an address.
    Verify,
    /// Sets a new password.
    Reset,
    /// Makes the first admin.
    Setup,
}

impl Purpose {
    /// As it is stored.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Reset => "reset",
            Self::Setup => "setup",
        }
    }
    /// How long a link counts.
    pub(crate) fn lifetime(self) -> Duration {
        match self {
            Self::Verify => Duration::from_secs(48 * 3600),
            Self::Reset => Duration::from_secs(30 * 60),
            Self::Setup => Duration::from_secs(30 * 24 * 3600),
        }
    }
}

/// Links of one purpose that an account gets per [`MAILS_WITHIN`]: enough for a lost mail, too few to
/// fill somebody's inbox.
const MAILS: i64 = 3;
const MAILS_WITHIN: Duration = Duration::from_secs(15 * 60);

/// What is stored of a token.
pub(crate) fn hash_token(token: &str) -> String {
    encode_hash(Sha256::new_with_prefix(token))
}

/// A finished hash as text.
pub(crate) fn encode_hash(hash: Sha256) -> String {
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// Mails a link that verifies the address. `false`, and nothing is done, if several are on their way.
pub(crate) async fn mail_verification(app: &App, tx: &mut Tx, account: &Account) -> Result<bool> {
    let template = |name, token| Template::VerifyEmail { name, path: format!("/verify?token={token}") };
    issue(app, tx, account, Purpose::Verify, template).await
}

/// Mails a link that sets a new password. `false`, and nothing is done, if several are on their way.
pub(crate) async fn mail_reset(app: &App, tx: &mut Tx, account: &Account) -> Result<bool> {
    let template = |name, token| Template::ResetPassword { name, path: format!("/reset?token={token}") };
    issue(app, tx, account, Purpose::Reset, template).await
}

async fn issue(
    app: &App,
    tx: &mut Tx,
    account: &Account,
    purpose: Purpose,
    template: impl FnOnce(String, String) -> Template,
) -> Result<bool> {
    let now = app.clock.now();
    if store::links::count_since(tx, account.id, purpose, now.minus(MAILS_WITHIN)).await? >= MAILS {
        return Ok(false);
    }
    let token = app.random.token();
    let hash = hash_token(&token);
    let link = NewLink { hash: &hash, purpose, account: Some(account), now, expires_at: now.plus(purpose.lifetime()) };
    store::links::insert(tx, &link).await?;
    mail::enqueue(app, tx, account, &format!("link:{hash}"), template(account.name.clone(), token)).await?;
    Ok(true)
}

/// A link to be stored.
pub(crate) struct NewLink<'a> {
    pub(crate) hash: &'a str,
    pub(crate) purpose: Purpose,
    pub(crate) account: Option<&'a Account>,
    pub(crate) now: Timestamp,
    pub(crate) expires_at: Timestamp,
}
