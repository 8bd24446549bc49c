//! What opens a cart: a guest's token, or the account.

use std::time::Duration;

use axum::{extract::FromRequestParts, http::request::Parts};
use contracts::cart::CART_TOKEN_HEADER;
use kernel::{AccountId, CartId, Identity, Secret, Timestamp};
use schemars::SchemaGenerator;
use serde_json::json;
use sha2::{Digest, Sha256};
use souk_http::describe::{Describe, Inputs};

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

/// What a request brings to open a cart with.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    /// The `cart-token` header.
    pub token: Option<TokenHash>,
    /// The account logged in.
    pub account: Option<AccountId>,
}

impl<S: Send + Sync> FromRequestParts<S> for Keys {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let header = parts.headers.get(CART_TOKEN_HEADER).and_then(|v| v.to_str().ok()).filter(|v| !v.is_empty());
        let account = match parts.extensions.get::<Identity>() {
            Some(Identity::User(user)) => Some(user.account_id),
            _ => None,
        };
        Ok(Self { token: header.map(|token| TokenHash::of(&Secret::new(token))), account })
    }
}

impl Describe for Keys {
    fn describe(inputs: &mut Inputs, _: &mut SchemaGenerator) {
        inputs.parameters.push(json!({
            "name": "Cart-Token", "in": "header", "required": false,
            "description": "Opens a guest's cart. Without one (or with one that opens nothing any more) it is the cart of the account logged in.",
            "schema": {"type": "string", "maxLength": 128, "pattern": "^[!-~]*$"},
        }));
    }
}
