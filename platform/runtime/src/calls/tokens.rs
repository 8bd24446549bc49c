//! Tokens by which services prove to each other on whose behalf they call: signed with a key of this
//! installation, good for one service and one minute.

use std::sync::Arc;

use contracts::services::known;
use http::HeaderValue;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kernel::{Clock, Error, Identity, Principal, Result};
use serde::{Deserialize, Serialize};

use crate::env::derive_secret;

/// Seconds that a token counts.
const LIFE_S: i64 = 60;
/// A token with fewer seconds left is not used for a new call.
const RENEW_S: i64 = 30;
/// Seconds by which the clocks of two machines may differ.
const SKEW_S: i64 = 10;
const ISSUER: &str = "souk-services";
const TYPE: &str = "svc+jwt";
/// Tokens that are kept until they are to be renewed.
const KEPT: u64 = 10_000;

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    nbf: i64,
    exp: i64,
    /// The person who acts; without one it is the service named by `sub`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<Principal>,
}

/// Makes such tokens and checks them.
pub struct ServiceTokens {
    clock: Arc<dyn Clock>,
    sign: EncodingKey,
    check: DecodingKey,
    made: moka::sync::Cache<(&'static str, Identity), (HeaderValue, i64)>,
}

impl ServiceTokens {
    /// With the key that follows from the installation's secret.
    pub fn new(master_secret: &[u8; 32], clock: Arc<dyn Clock>) -> Self {
        let key = derive_secret(master_secret, "calls", "tokens");
        let (sign, check) = (EncodingKey::from_secret(&key), DecodingKey::from_secret(&key));
        Self { clock, sign, check, made: moka::sync::Cache::new(KEPT) }
    }

    /// A token with which `identity` calls the service `audience`; none for nobody in particular.
    pub fn token(&self, audience: &'static str, identity: &Identity) -> Result<Option<HeaderValue>> {
        if *identity == Identity::Anonymous {
            return Ok(None);
        }
        let now = self.clock.now().seconds();
        let key = (audience, identity.clone());
        if let Some((token, until)) = self.made.get(&key)
            && until - now >= RENEW_S
            && until - now <= LIFE_S
        {
            return Ok(Some(token));
        }
        let token = self.make(audience, identity, now)?;
        self.made.insert(key, (token.clone(), now + LIFE_S));
        Ok(Some(token))
    }

    fn make(&self, audience: &str, identity: &Identity, now: i64) -> Result<HeaderValue> {
        let (sub, person) = match identity {
            Identity::User(person) => (person.account_id.to_string(), Some(Principal::clone(person))),
            Identity::Service(name) => ((*name).to_owned(), None),
            Identity::Anonymous => return Err(Error::internal("a token for nobody")),
        };
        let (iss, aud) = (ISSUER.to_owned(), audience.to_owned());
        let claims = Claims { iss, aud, sub, nbf: now, exp: now + LIFE_S, person };
        let header = Header { typ: Some(TYPE.to_owned()), ..Header::new(Algorithm::HS256) };
        let token = jsonwebtoken::encode(&header, &claims, &self.sign).map_err(Error::internal)?;
        HeaderValue::from_str(&token).map_err(Error::internal)
    }

    /// On whose behalf the bearer calls one of the services `audiences`.
    ///
    /// # Errors
    /// 401 for a token that is forged, expired, not yet valid, or for another service.
    pub fn identity(&self, audiences: &[&str], token: &str) -> Result<Identity> {
        let refuse = |cause: String| Error::unauthenticated("The service token does not count.").caused_by(cause);
        let header = jsonwebtoken::decode_header(token).map_err(|e| refuse(e.to_string()))?;
        if header.typ.as_deref() != Some(TYPE) {
            return Err(refuse("wrong typ".to_owned()));
        }
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(audiences);
        // Times are compared with our own clock below.
        rules.validate_exp = false;
        rules.validate_nbf = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.check, &rules).map_err(|e| refuse(e.to_string()))?;
        let claims = claims.claims;
        let now = self.clock.now().seconds();
        if claims.nbf > now + SKEW_S || claims.exp <= now - SKEW_S || claims.exp - claims.nbf > LIFE_S {
            return Err(refuse(format!("valid from {} to {}, now {now}", claims.nbf, claims.exp)));
        }
        match claims.person {
            Some(person) => Ok(Identity::User(Arc::new(person))),
            None => known(&claims.sub).map(Identity::Service).ok_or_else(|| refuse("unknown service".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use kernel::{AccountId, Kind, ManualClock, Role, SessionId};

    use super::*;

    fn tokens(secret: u8) -> (ServiceTokens, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new("2026-01-15T12:00:00Z".parse().unwrap()));
        (ServiceTokens::new(&[secret; 32], clock.clone()), clock)
    }

    fn person() -> Identity {
        Identity::User(Arc::new(Principal {
            account_id: AccountId::derived("test", &["a"]),
            session_id: SessionId::derived("test", &["s"]),
            roles: vec![Role::Customer],
            vendors: Vec::new(),
            email_verified: true,
        }))
    }

    fn text(token: Option<HeaderValue>) -> String {
        token.unwrap().to_str().unwrap().to_owned()
    }

    fn refused(result: Result<Identity>) -> bool {
        result.is_err_and(|e| e.kind() == Kind::Unauthenticated)
    }

    #[test]
    fn a_token_carries_who_acts() {
        let (tokens, _) = tokens(1);
        for who in [person(), Identity::Service("orders")] {
            let token = text(tokens.token("payments", &who).unwrap());
            assert_eq!(tokens.identity(&["orders", "payments"], &token).unwrap(), who);
        }
        assert_eq!(tokens.token("payments", &Identity::Anonymous).unwrap(), None);
    }

    #[test]
    fn it_counts_for_one_service_and_one_minute() {
        let (tokens, clock) = tokens(1);
        let token = text(tokens.token("payments", &person()).unwrap());
        assert!(refused(tokens.identity(&["orders"], &token)), "replayed at another service");
        clock.advance(Duration::from_secs(69));
        assert_eq!(tokens.identity(&["payments"], &token).unwrap(), person());
        clock.advance(Duration::from_secs(1));
        assert!(refused(tokens.identity(&["payments"], &token)), "expired, and past what clocks may differ");
    }

    #[test]
    fn it_is_used_again_until_half_its_life_is_over() {
        let (tokens, clock) = tokens(1);
        let first = text(tokens.token("payments", &person()).unwrap());
        clock.advance(Duration::from_secs(30));
        assert_eq!(text(tokens.token("payments", &person()).unwrap()), first);
        clock.advance(Duration::from_secs(1));
        assert_ne!(text(tokens.token("payments", &person()).unwrap()), first);
    }

    #[test]
    fn what_others_make_does_not_count() {
        let (ours, clock) = tokens(1);
        let (theirs, _) = tokens(2);
        let forged = text(theirs.token("payments", &Identity::Service("orders")).unwrap());
        assert!(refused(ours.identity(&["payments"], &forged)), "another key");
        let good = text(ours.token("payments", &Identity::Service("orders")).unwrap());
        let unsigned = format!("{}.", good.rsplit_once('.').unwrap().0);
        assert!(refused(ours.identity(&["payments"], &unsigned)), "no signature");
        assert!(refused(ours.identity(&["payments"], "no token")), "no token at all");
        let stranger =
            text(Some(ours.make("payments", &Identity::Service("stranger"), clock.now().seconds()).unwrap()));
        assert!(refused(ours.identity(&["payments"], &stranger)), "no service of ours");
        let early = ours.make("payments", &person(), clock.now().seconds() + 11).unwrap();
        assert!(refused(ours.identity(&["payments"], early.to_str().unwrap())), "not yet valid");
    }
}
