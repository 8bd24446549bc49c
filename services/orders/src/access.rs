//! Who may see an order: its account, whoever holds its token, an admin. For all others it does
//! not exist.

use axum::{extract::FromRequestParts, http::request::Parts};
use contracts::orders::ORDER_TOKEN_HEADER;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{AccountId, LineId, OrderId, Principal, Result, Secret, Timestamp, VariantFileId};
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

fn keyed(secret: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length")
}

/// What a link to download something opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DownloadLink {
    /// The order it was bought with.
    pub order_id: OrderId,
    /// The line.
    pub line_id: LineId,
    /// The file.
    pub file_id: VariantFileId,
    /// Until when it works.
    pub expires_at: Timestamp,
}

impl Orders {
    fn mac(&self, id: OrderId) -> Hmac<Sha256> {
        keyed(&self.token_secret).chain_update(id.0.as_bytes())
    }

    /// The token of an order. It is derived, so it needs no place and is the same every time.
    pub fn token_of(&self, id: OrderId) -> Secret {
        Secret::new(hex::encode(self.mac(id).finalize().into_bytes()))
    }

    /// The order that a key places, known before there is one. Nobody else can make it: it is derived from
    /// the key by our secret.
    pub fn order_of(&self, key: &IdempotencyKey) -> OrderId {
        let mut mac = keyed(&self.token_secret);
        for part in [&key.who, &key.key, &key.fingerprint] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        OrderId::derived("order", &[&hex::encode(mac.finalize().into_bytes())])
    }

    fn opens(&self, id: OrderId, token: &str) -> bool {
        hex::decode(token).is_ok_and(|bytes| self.mac(id).verify_slice(&bytes).is_ok())
    }

    fn download_mac(&self, said: &str) -> Hmac<Sha256> {
        keyed(&self.download_secret).chain_update(said.as_bytes())
    }

    /// What a link to download something carries. It says itself what it opens and until when, so it needs no place.
    pub fn download_token(&self, link: &DownloadLink) -> String {
        let DownloadLink { order_id, line_id, file_id, expires_at } = link;
        let said = format!("{order_id}.{line_id}.{file_id}.{}", expires_at.micros());
        let mac = hex::encode(self.download_mac(&said).finalize().into_bytes());
        format!("{said}.{mac}")
    }

    /// What a link opens, if it is one that we gave out.
    pub fn read_download_token(&self, token: &str) -> Option<DownloadLink> {
        let (said, mac) = token.rsplit_once('.')?;
        // Compared in constant time, before anything else is looked at.
        self.download_mac(said).verify_slice(&hex::decode(mac).ok()?).ok()?;
        let mut parts = said.split('.');
        Some(DownloadLink {
            order_id: parts.next()?.parse().ok()?,
            line_id: parts.next()?.parse().ok()?,
            file_id: parts.next()?.parse().ok()?,
            expires_at: Timestamp(parts.next()?.parse().ok()?),
        })
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
