//! What a session holds is stored sealed: without the cookie nobody can read it, not even with
//! the database and the installation's secret at hand.

use chacha20poly1305::{
    ChaCha20Poly1305, Key, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use kernel::{Error, Random, Result};
use sha2::{Digest, Sha256};

use super::Data;

/// Bytes of a nonce in front of the sealed text.
const NONCE: usize = 12;

/// Under which name a cookie's session is stored.
pub(super) fn id_of(cookie: &str) -> String {
    Sha256::digest(cookie.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Seals and opens the content of one session.
pub(super) struct Seal {
    cipher: ChaCha20Poly1305,
    id: String,
}

impl Seal {
    /// Of the session that `cookie` opens, in the installation with this `secret`.
    pub(super) fn of(secret: &[u8; 32], cookie: &str) -> Self {
        let key = Key::from(runtime::derive_secret(secret, "session", cookie));
        Self { cipher: ChaCha20Poly1305::new(&key), id: id_of(cookie) }
    }

    pub(super) fn close(&self, data: &Data, random: &dyn Random) -> Result<Vec<u8>> {
        let mut nonce = [0_u8; NONCE];
        random.fill(&mut nonce);
        let text = serde_json::to_vec(data)?;
        let payload = Payload { msg: &text, aad: self.id.as_bytes() };
        let sealed = self.cipher.encrypt(&Nonce::from(nonce), payload).map_err(|_| broken())?;
        Ok([&nonce[..], &sealed].concat())
    }

    pub(super) fn open(&self, sealed: &[u8]) -> Result<Data> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE>().ok_or_else(broken)?;
        let payload = Payload { msg: text, aad: self.id.as_bytes() };
        let text = self.cipher.decrypt(&Nonce::from(*nonce), payload).map_err(|_| broken())?;
        Ok(serde_json::from_slice(&text)?)
    }
}

fn broken() -> Error {
    Error::internal("a session could not be sealed or opened")
}

#[cfg(test)]
mod tests {
    use kernel::{Secret, SeededRandom};

    use super::*;

    #[test]
    fn only_the_cookie_opens_it() {
        let random = SeededRandom::new(1);
        let data = Data { cart: Some(Secret::new("cart-token")), ..Data::default() };
        let sealed = Seal::of(&[1; 32], "cookie").close(&data, &random).unwrap();
        assert!(!sealed.windows(10).any(|w| w == b"cart-token"));
        assert_eq!(Seal::of(&[1; 32], "cookie").open(&sealed).unwrap().cart, data.cart);
        assert!(Seal::of(&[1; 32], "another").open(&sealed).is_err());
        assert!(Seal::of(&[2; 32], "cookie").open(&sealed).is_err());
        assert!(Seal::of(&[1; 32], "cookie").open(&sealed[..11]).is_err());
        assert_ne!(sealed, Seal::of(&[1; 32], "cookie").close(&data, &random).unwrap());
    }
}
