//! Who may see an order: its account, whoever holds its token, an admin. For all others it does
//! not exist.

use axum::{extract::FromRequestParts, http::request::Parts};
use contracts::orders::ORDER_TOKEN_HEADER;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{AccountId, OrderId, Principal, Result, Secret};
use schemars::SchemaGenerator;
use sha2::Sha256;
use souk_http::{
    Failure, IdempotencyKey,
    describe::{Describe, Inputs},
};

use crate::{Orders, error::OrderError, store};

/// The token a guest has sent.
pub struct OrderToken(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for OrderToken {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Failure> {
        let token = parts.headers.get(ORDER_TOKEN_HEADER).and_then(|value| value.to_str().ok());
        Ok(Self(token.map(|token| token.trim().to_owned())))
    }
}

impl Describe for OrderToken {
    fn describe(inputs: &mut Inputs, _: &mut SchemaGenerator) {
        inputs.parameters.push(serde_json::json!({
            "name": "Order-Token", "in": "header", "required": false,
            "description": "Opens a guest's order: the `token` of the answer to its placement.",
            "schema": {"type": "string", "maxLength": 64},
        }));
    }
}

/// How somebody came to see an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It is theirs.
    AsBuyer,
    /// They run the platform.
    AsAdmin,
}

impl Orders {
    fn keyed(&self) -> Hmac<Sha256> {
        Hmac::<Sha256>::new_from_slice(&self.token_secret).expect("HMAC takes keys of any length")
    }

    fn mac(&self, id: OrderId) -> Hmac<Sha256> {
        self.keyed().chain_update(id.0.as_bytes())
    }

    /// The token of an order. It is derived, so it needs no place and is the same every time.
    pub fn token_of(&self, id: OrderId) -> Secret {
        Secret::new(hex::encode(self.mac(id).finalize().into_bytes()))
    }

    /// The order that a key places, known before there is one. Nobody else can make it: it is derived from
    /// the key by our secret.
    pub fn order_of(&self, key: &IdempotencyKey) -> OrderId {
        let mut mac = self.keyed();
        for part in [&key.who, &key.key, &key.fingerprint] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        OrderId::derived("order", &[&hex::encode(mac.finalize().into_bytes())])
    }

    fn opens(&self, id: OrderId, token: &str) -> bool {
        hex::decode(token).is_ok_and(|bytes| self.mac(id).verify_slice(&bytes).is_ok())
    }

    /// How this caller sees the order.
    ///
    /// # Errors
    /// Not found, whether there is no such order or it is somebody else's.
    pub async fn admit(&self, id: OrderId, who: Option<&Principal>, token: &OrderToken) -> Result<Seen> {
        let owner = store::owner(&self.db, id).await?.ok_or(OrderError::NotFound)?;
        match decide(owner, who, token.0.as_deref().is_some_and(|token| self.opens(id, token))) {
            Some(seen) => Ok(seen),
            None => Err(OrderError::NotFound.into()),
        }
    }
}

fn decide(owner: Option<AccountId>, who: Option<&Principal>, has_token: bool) -> Option<Seen> {
    let is_owner = who.is_some_and(|who| owner == Some(who.account_id));
    if is_owner || has_token {
        return Some(Seen::AsBuyer);
    }
    who.filter(|who| who.is_admin()).map(|_| Seen::AsAdmin)
}
