//! What a request brings to open a cart with, read from its headers.

use axum::{extract::FromRequestParts, http::request::Parts};
use contracts::cart::CART_TOKEN_HEADER;
use kernel::{Identity, Secret};
use schemars::SchemaGenerator;
use serde_json::json;
use souk_http::describe::{Describe, Inputs};

use crate::model::key::{Keys, TokenHash};

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
