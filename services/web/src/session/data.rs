//! What a session holds.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::identity::{AccessClaims, Tokens};
use kernel::{Country, Error, OrderId, Principal, Result, Secret, Slug, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ui::{Toast, Tone};

/// Products of which it is remembered that they were looked at.
const SEEN: usize = 12;
/// Orders of a guest that can be opened without the link from the mail.
const ORDERS: usize = 20;
/// Messages that wait for the next page.
const MESSAGES: usize = 4;

/// What a session holds. Everything in it is secret or personal, so all of it is sealed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Data {
    /// The person who has logged in.
    pub person: Option<Person>,
    /// Opens the guest's cart.
    pub cart: Option<Secret>,
    /// Products looked at, the last one first.
    pub seen: Vec<Slug>,
    /// What the next page says.
    pub messages: Vec<Message>,
    /// Orders placed or opened in this browser, the last one first.
    pub orders: Vec<KeptOrder>,
    /// Where parcels go, for estimates.
    pub country: Option<Country>,
}

/// Somebody who has logged in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Person {
    /// First name, for the page's head.
    pub name: String,
    /// Says who it is.
    pub access: Secret,
    /// Ends then.
    pub access_until: Timestamp,
    /// Renews the access token, once.
    pub refresh: Secret,
}

impl Person {
    /// Who the tokens are for, from `now` on.
    pub fn of(tokens: &Tokens, now: Timestamp) -> Self {
        let until = now.plus(std::time::Duration::from_secs(tokens.expires_in_s.into()));
        let name = tokens.account.name.split_whitespace().next().unwrap_or("You").to_owned();
        Self { name, access: tokens.access_token.clone(), access_until: until, refresh: tokens.refresh_token.clone() }
    }

    /// What the access token says. Its signature was not checked: the token never left our hands
    /// since identity gave it to us.
    pub fn principal(&self) -> Result<Arc<Principal>> {
        let claims = self.claims()?;
        Ok(Arc::new(Principal {
            account_id: claims.sub,
            session_id: claims.sid,
            roles: claims.roles,
            vendors: claims.vendors,
            email_verified: claims.verified,
        }))
    }

    /// When the access token was made.
    pub fn access_since(&self) -> Result<Timestamp> {
        Ok(Timestamp::from_seconds(self.claims()?.iat))
    }

    fn claims(&self) -> Result<AccessClaims> {
        let broken = || Error::internal("the access token is not a JSON Web Token");
        let payload = self.access.expose().split('.').nth(1).ok_or_else(broken)?;
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| broken())?;
        Ok(serde_json::from_slice(&payload)?)
    }
}

/// An order that this browser may open.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptOrder {
    /// Which one.
    pub id: OrderId,
    /// Opens it without an account.
    pub token: Secret,
    /// Names the attempt to pay in the address that the provider's page leads back to.
    pub attempt: String,
}

/// Something that the next page says, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The words.
    pub text: String,
    /// True if something went wrong.
    pub bad: bool,
}

impl Message {
    /// Something went well.
    pub fn good(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: false }
    }
    /// Something went wrong.
    pub fn bad(text: impl Into<String>) -> Self {
        Self { text: text.into(), bad: true }
    }
}

impl From<Message> for Toast {
    fn from(message: Message) -> Self {
        Self::new(if message.bad { Tone::Danger } else { Tone::Neutral }, message.text)
    }
}

impl Data {
    /// Remembers that a product was looked at.
    pub fn see(&mut self, slug: &Slug) {
        self.seen.retain(|seen| seen != slug);
        self.seen.insert(0, slug.clone());
        self.seen.truncate(SEEN);
    }
    /// Keeps what opens an order.
    pub fn keep_order(&mut self, order: KeptOrder) {
        self.orders.retain(|known| known.id != order.id);
        self.orders.insert(0, order);
        self.orders.truncate(ORDERS);
    }
    /// What opens an order, if it is known here.
    pub fn order_token(&self, id: OrderId) -> Option<&Secret> {
        self.orders.iter().find(|known| known.id == id).map(|known| &known.token)
    }
    /// Leaves a message for the next page.
    pub fn say(&mut self, message: Message) {
        self.messages.push(message);
        let surplus = self.messages.len().saturating_sub(MESSAGES);
        self.messages.drain(..surplus);
    }
}
