//! Who is asking: access tokens are checked here, once per token, and become an [`Identity`].

use std::{
    collections::{BTreeMap, BTreeSet},
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use arc_swap::ArcSwap;
use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Response},
};
use contracts::identity::{AccessClaims, Jwks, Revocations, TOKEN_AUDIENCE, TOKEN_ISSUER};
use futures::future::Either;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use kernel::{Clock, Error, Identity, Principal, Result, SessionId, VendorScope};
use sha2::{Digest, Sha256};
use tower::{Layer, Service};

use crate::answer::Failure;

/// Checks access tokens against identity's public keys and the sessions that were ended.
pub struct Verifier {
    clock: Arc<dyn Clock>,
    keys: ArcSwap<BTreeMap<String, DecodingKey>>,
    ended: ArcSwap<BTreeSet<SessionId>>,
    /// Tokens already checked, by hash: the signature is checked once, expiry and revocation always.
    checked: moka::sync::Cache<[u8; 32], (Arc<Principal>, i64)>,
}

impl Verifier {
    /// Knows no key yet, so it accepts nothing.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let checked = moka::sync::Cache::builder().max_capacity(50_000).time_to_live(Duration::from_secs(600)).build();
        Self { clock, keys: ArcSwap::default(), ended: ArcSwap::default(), checked }
    }

    /// Takes over the published keys. Tokens of keys that are gone no longer count.
    pub fn set_keys(&self, jwks: &Jwks) -> Result<()> {
        let mut keys = BTreeMap::new();
        for key in jwks.keys.iter().filter(|k| k.kty == "OKP" && k.alg == "EdDSA") {
            keys.insert(key.kid.clone(), DecodingKey::from_ed_components(&key.x).map_err(Error::internal)?);
        }
        if !keys.keys().eq(self.keys.load().keys()) {
            self.keys.store(Arc::new(keys));
            self.checked.invalidate_all();
        }
        Ok(())
    }

    /// True once identity has told its keys.
    pub fn knows_keys(&self) -> bool {
        !self.keys.load().is_empty()
    }

    /// Takes over the sessions ended lately.
    pub fn set_ended(&self, revocations: &Revocations) {
        self.ended.store(Arc::new(revocations.sessions.iter().copied().collect()));
    }

    /// The person behind an access token.
    pub fn verify(&self, token: &str) -> Result<Arc<Principal>> {
        let expired = || Error::unauthenticated("The access token has expired. Refresh it or log in again.");
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let now = self.clock.now().seconds();
        let (principal, until) = match self.checked.get(&hash) {
            Some(known) => known,
            None => {
                let fresh = self.check(token)?;
                self.checked.insert(hash, fresh.clone());
                fresh
            }
        };
        if until <= now || self.ended.load().contains(&principal.session_id) {
            return Err(expired());
        }
        Ok(principal)
    }

    /// The person whose access token a request carries; none if it carries no credentials.
    pub fn bearer(&self, headers: &HeaderMap) -> Option<Result<Arc<Principal>>> {
        let value = headers.get(header::AUTHORIZATION)?.to_str().ok();
        Some(match value.and_then(|v| v.strip_prefix("Bearer ").or_else(|| v.strip_prefix("bearer "))) {
            Some(token) => self.verify(token.trim()),
            None => Err(Error::unauthenticated("Use “Authorization: Bearer <access token>”.")),
        })
    }

    fn check(&self, token: &str) -> Result<(Arc<Principal>, i64)> {
        let refuse =
            |cause: String| Error::unauthenticated("The access token does not count. Log in again.").caused_by(cause);
        let header = jsonwebtoken::decode_header(token).map_err(|e| refuse(e.to_string()))?;
        if header.typ.as_deref() != Some("at+jwt") || header.alg != Algorithm::EdDSA {
            return Err(refuse("wrong typ or alg".to_owned()));
        }
        let kid = header.kid.ok_or_else(|| refuse("no kid".to_owned()))?;
        let keys = self.keys.load();
        if keys.is_empty() {
            // Not the token's fault: a client told 401 would throw a good log-in away.
            return Err(Error::unavailable("Log-ins cannot be checked yet. Try again in a moment."));
        }
        let key = keys.get(&kid).ok_or_else(|| refuse("unknown kid".to_owned()))?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        rules.set_issuer(&[TOKEN_ISSUER]);
        rules.set_audience(&[TOKEN_AUDIENCE]);
        // Expiry and not-before are compared with our own clock below.
        rules.validate_exp = false;
        rules.validate_nbf = false;
        let claims =
            jsonwebtoken::decode::<AccessClaims>(token, key, &rules).map_err(|e| refuse(e.to_string()))?.claims;
        if claims.nbf > self.clock.now().seconds() + 60 {
            return Err(refuse("not yet valid".to_owned()));
        }
        let principal = Principal {
            account_id: claims.sub,
            session_id: claims.sid,
            roles: claims.roles,
            vendors: claims.vendors,
            email_verified: claims.verified,
        };
        Ok((Arc::new(principal), claims.exp))
    }
}

/// Layer: finds out who is asking. A wrong token is refused even on public routes, so that a
/// client never mistakes a guest's answer for its own.
#[derive(Clone)]
pub struct Authenticate {
    /// Checks users' tokens.
    pub verifier: Arc<Verifier>,
}

impl<S> Layer<S> for Authenticate {
    type Service = Authenticated<S>;
    fn layer(&self, inner: S) -> Authenticated<S> {
        Authenticated { verifier: self.verifier.clone(), inner }
    }
}

/// What [`Authenticate`] stands before. A service of its own, for a middleware made of a function copies what lies
/// within for each request.
#[derive(Clone)]
pub struct Authenticated<S> {
    verifier: Arc<Verifier>,
    inner: S,
}

impl<S> Service<Request> for Authenticated<S>
where
    S: Service<Request, Response = Response>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Either<Ready<std::result::Result<Response, S::Error>>, S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<std::result::Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        // The edge or a caller in this process has already said who it is; nothing from the network can.
        if request.extensions().get::<Identity>().is_none()
            && let Some(verified) = self.verifier.bearer(request.headers())
        {
            match verified {
                Ok(principal) => request.extensions_mut().insert(Identity::User(principal)),
                Err(error) => return Either::Left(ready(Ok(Failure(error).into_response()))),
            };
        }
        Either::Right(self.inner.call(request))
    }
}

/// The person who has logged in. On routes with [`Policy::Account`](crate::Policy::Account) or stricter.
pub struct Auth(pub Arc<Principal>);

/// The person who has logged in, if any.
pub struct MaybeAuth(pub Option<Arc<Principal>>);

/// On whose behalf the request is made.
pub struct Who(pub Identity);

/// The vendor of the path, proven to be the caller's. On routes with [`Policy::Vendor`](crate::Policy::Vendor).
pub struct Scope(pub VendorScope);

fn identity(parts: &Parts) -> Identity {
    parts.extensions.get::<Identity>().cloned().unwrap_or(Identity::Anonymous)
}

impl<S: Send + Sync> FromRequestParts<S> for Auth {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Failure> {
        match identity(parts) {
            Identity::User(principal) => Ok(Self(principal)),
            _ => Err(Failure(Error::unauthenticated("Log in first."))),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for MaybeAuth {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Failure> {
        match identity(parts) {
            Identity::User(principal) => Ok(Self(Some(principal))),
            _ => Ok(Self(None)),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Failure> {
        Ok(Self(identity(parts)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Scope {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Failure> {
        // Only the guard puts it there, so a route without a vendor policy can never have one.
        parts.extensions.get::<VendorScope>().copied().map(Self).ok_or_else(|| Failure(Error::not_found("vendor")))
    }
}
