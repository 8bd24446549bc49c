//! What opens a cart: a guest's token, or the account.

use std::time::Duration;

use kernel::{AccountId, CartId, Secret, Timestamp};
use sha2::{Digest, Sha256};

/// How long a guest's cart is kept after its last change.
pub(crate) const GUEST_LIFE: Duration = Duration::from_secs(60 * 24 * 3600);

/// Hash under which a token is stored: whoever reads the table opens nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenHash(pub String);

impl TokenHash {
    /// Of a token.
    pub fn of(token: &Secret) -> Self {
        Self(hex::encode(Sha256::digest(token.expose().as_bytes())))
    }
}

/// One of the two ways to a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// A guest's.
    Guest(TokenHash),
    /// A customer's.
    Account(AccountId),
}

impl Key {
    /// Column that holds it.
    pub fn column(&self) -> &'static str {
        match self {
            Self::Guest(_) => "token_hash",
            Self::Account(_) => "account_id",
        }
    }
    /// Its value there.
    pub fn value(&self) -> db::Value {
        match self {
            Self::Guest(hash) => (&hash.0).into(),
            Self::Account(account) => account.into(),
        }
    }
    /// A cart counts if it was changed after this.
    pub fn alive_after(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Guest(_) => now.minus(GUEST_LIFE),
            Self::Account(_) => Timestamp(i64::MIN),
        }
    }
}

/// An account's cart has its id before it has a row, so looking at it need not write.
pub(crate) fn cart_of(account: AccountId) -> CartId {
    CartId::derived("cart of account", &[&account.to_string()])
}

/// What somebody brings to open a cart with.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    /// A guest's, whether or not it opens anything.
    pub token: Option<TokenHash>,
    /// The account logged in.
    pub account: Option<AccountId>,
}
