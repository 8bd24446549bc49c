//! Keys that sign access tokens: made here, stored encrypted, published before they sign and until
//! the last token they signed is over.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    ChaCha20Poly1305, Key as CipherKey, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use contracts::identity::{AccessClaims, Jwk, Jwks};
use db::Db;
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kernel::{Clock, Error, Random, Result, Secret, Timestamp};

use crate::{model::ACCESS_LIFETIME, store};

/// How long a key is published before it signs. Services fetch keys far more often.
const PUBLISHED_BEFORE: Duration = Duration::from_secs(3600);
/// How long a key is published after another has taken over.
const PUBLISHED_AFTER: Duration = Duration::from_secs(ACCESS_LIFETIME.as_secs() + 600);
/// How old our copy of the keys may be: another process may have made one.
const FRESH: Duration = Duration::from_secs(60);
const NONCE_LENGTH: usize = 12;

/// A key as it is stored.
pub(crate) struct StoredKey {
    pub(crate) kid: String,
    pub(crate) public_key: String,
    pub(crate) sealed: Vec<u8>,
    pub(crate) created_at: Timestamp,
    pub(crate) active_from: Timestamp,
}

/// A key that can sign.
struct Signer {
    kid: String,
    public_key: String,
    active_from: Timestamp,
    key: EncodingKey,
}

/// The keys as of some moment, newest first.
struct Ring {
    loaded_at: Timestamp,
    signers: Vec<Signer>,
}

impl Ring {
    /// The newest that may sign; if the clock went back behind all of them, the oldest.
    fn active(&self, now: Timestamp) -> Option<&Signer> {
        self.signers.iter().find(|s| s.active_from <= now).or(self.signers.last())
    }
}

/// Keys that sign access tokens.
pub(crate) struct Keys {
    db: Db,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    sealing: [u8; 32],
    rotation: Duration,
    ring: RwLock<Option<Arc<Ring>>>,
}

impl Keys {
    /// Keys in `db`, encrypted under `sealing`, a new one every `rotation`.
    pub(crate) fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        sealing: [u8; 32],
        rotation: Duration,
    ) -> Self {
        Self { db, clock, random, sealing, rotation, ring: RwLock::new(None) }
    }

    /// Signs the claims of an access token.
    pub(crate) async fn sign(&self, claims: &AccessClaims) -> Result<Secret> {
        let ring = self.ring().await?;
        let signer = ring.active(self.clock.now()).ok_or_else(|| Error::internal("there is no signing key"))?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(signer.kid.clone());
        jsonwebtoken::encode(&header, claims, &signer.key).map(Secret::new).map_err(Error::internal)
    }

    /// The public halves; the one that signs comes first.
    pub(crate) async fn jwks(&self) -> Result<Jwks> {
        let ring = self.ring().await?;
        let active = ring.active(self.clock.now()).map(|s| s.kid.as_str());
        let mut keys: Vec<Jwk> = ring.signers.iter().map(jwk).collect();
        keys.sort_by_key(|key| Some(key.kid.as_str()) != active);
        Ok(Jwks { keys })
    }

    /// Makes a key if there is none or the newest has signed long enough, and drops those whose
    /// tokens are over. Done at every start and every hour.
    pub(crate) async fn rotate(&self) -> Result<()> {
        let now = self.clock.now();
        let stored = store::keys::all(&self.db).await?;
        let plan = plan(&stored, now, self.rotation);
        if plan.drop.is_empty() && plan.make_active_from.is_none() {
            return Ok(());
        }
        let new = plan.make_active_from.map(|from| self.make(now, from)).transpose()?.map(Arc::new);
        let drop = plan.drop;
        let made = new.is_some();
        self.db
            .write(async move |tx| {
                if let Some(key) = &new {
                    store::keys::insert(tx, key).await?;
                }
                store::keys::remove(tx, &drop).await
            })
            .await?;
        tracing::info!(made, "signing keys rotated");
        self.forget();
        Ok(())
    }

    fn forget(&self) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn ring(&self) -> Result<Arc<Ring>> {
        let now = self.clock.now();
        let known = self.ring.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(ring) = known.filter(|ring| ring.loaded_at <= now && now.since(ring.loaded_at) < FRESH) {
            return Ok(ring);
        }
        let stored = store::keys::all(&self.db).await?;
        let signers = stored.iter().map(|key| self.open(key)).collect::<Result<_>>()?;
        let ring = Arc::new(Ring { loaded_at: now, signers });
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Some(ring.clone());
        Ok(ring)
    }

    fn make(&self, now: Timestamp, active_from: Timestamp) -> Result<StoredKey> {
        let mut seed = zeroize::Zeroizing::new([0_u8; 32]);
        self.random.fill(&mut *seed);
        let mut nonce = [0_u8; NONCE_LENGTH];
        self.random.fill(&mut nonce);
        let public = SigningKey::from_bytes(&seed).verifying_key();
        let public_key = URL_SAFE_NO_PAD.encode(public.as_bytes());
        // Named after the key itself, so a name never stands for two.
        let kid = crate::links::hash_token(&public_key)[..16].to_owned();
        let payload = Payload { msg: seed.as_slice(), aad: &place(&kid) };
        let sealed = self
            .cipher()
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| Error::internal("a signing key could not be sealed"))?;
        Ok(StoredKey { kid, public_key, sealed: [&nonce[..], &sealed].concat(), created_at: now, active_from })
    }

    fn open(&self, stored: &StoredKey) -> Result<Signer> {
        let sealed = || {
            Error::internal(format!(
                "signing key {} cannot be opened: it was stored under another secret of this installation. \
                 Restore that secret, or empty the table signing_keys to log everybody out.",
                stored.kid
            ))
        };
        let (nonce, text) = stored.sealed.split_at_checked(NONCE_LENGTH).ok_or_else(sealed)?;
        let nonce = Nonce::try_from(nonce).map_err(|_| sealed())?;
        let payload = Payload { msg: text, aad: &place(&stored.kid) };
        let seed = zeroize::Zeroizing::new(self.cipher().decrypt(&nonce, payload).map_err(|_| sealed())?);
        let seed: &[u8; 32] = seed.as_slice().try_into().map_err(|_| sealed())?;
        let der = SigningKey::from_bytes(seed).to_pkcs8_der().map_err(Error::internal)?;
        Ok(Signer {
            kid: stored.kid.clone(),
            public_key: stored.public_key.clone(),
            active_from: stored.active_from,
            key: EncodingKey::from_ed_der(der.as_bytes()),
        })
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&CipherKey::from(self.sealing))
    }
}

/// What the ciphertext is bound to: moved to another row it does not open.
fn place(kid: &str) -> Vec<u8> {
    format!("signing_keys/sealed/{kid}").into_bytes()
}

fn jwk(signer: &Signer) -> Jwk {
    Jwk {
        kty: "OKP".to_owned(),
        crv: "Ed25519".to_owned(),
        alg: "EdDSA".to_owned(),
        usage: "sig".to_owned(),
        kid: signer.kid.clone(),
        x: signer.public_key.clone(),
    }
}

/// What is to be done about the keys.
#[derive(Debug, PartialEq, Eq)]
struct Plan {
    /// Make a key that signs from then on.
    make_active_from: Option<Timestamp>,
    /// Drop these.
    drop: Vec<String>,
}

/// `keys` are sorted, newest first.
fn plan(keys: &[StoredKey], now: Timestamp, rotation: Duration) -> Plan {
    let make_active_from = match keys.first() {
        None => Some(now),
        Some(newest) => (now.since(newest.active_from) >= rotation).then(|| now.plus(PUBLISHED_BEFORE)),
    };
    // The newest of those that sign took over from all that are older.
    let signing = keys.iter().position(|k| k.active_from <= now);
    let over = |at: usize| now.since(keys[at].active_from) >= PUBLISHED_AFTER;
    let drop = match signing {
        Some(at) if over(at) => keys[at + 1..].iter().map(|k| k.kid.clone()).collect(),
        _ => Vec::new(),
    };
    Plan { make_active_from, drop }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 3600;

    fn key(kid: &str, active_from_s: i64) -> StoredKey {
        let active_from = Timestamp::from_seconds(active_from_s);
        StoredKey {
            kid: kid.to_owned(),
            public_key: String::new(),
            sealed: Vec::new(),
            created_at: active_from,
            active_from,
        }
    }

    fn planned(keys: &[StoredKey], now_s: i64) -> (Option<i64>, Vec<String>) {
        let plan = plan(keys, Timestamp::from_seconds(now_s), Duration::from_secs(30 * DAY as u64));
        (plan.make_active_from.map(Timestamp::seconds), plan.drop)
    }

    #[test]
    fn the_first_signs_at_once_and_later_ones_are_published_first() {
        assert_eq!(planned(&[], 5), (Some(5), vec![]));
        assert_eq!(planned(&[key("a", 0)], 30 * DAY - 1), (None, vec![]));
        assert_eq!(planned(&[key("a", 0)], 30 * DAY), (Some(30 * DAY + 3600), vec![]));
        assert_eq!(planned(&[key("b", 30 * DAY + 3600), key("a", 0)], 30 * DAY + 1800), (None, vec![]));
    }

    #[test]
    fn old_ones_stay_until_their_tokens_are_over() {
        let keys = [key("c", 200), key("b", 100), key("a", 0)];
        assert_eq!(planned(&keys, 199 + 1200), (None, vec![]));
        assert_eq!(planned(&keys, 200 + 1200), (None, vec!["b".to_owned(), "a".to_owned()]));
        // The next one is published but does not sign yet: the one that signs stays.
        assert_eq!(planned(&[key("b", 10_000), key("a", 0)], 9_000), (None, vec![]));
    }
}
