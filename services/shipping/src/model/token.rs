//! Tokens of tracking pages: the parcel's id and a proof that we gave it out. Nothing has to be stored,
//! and who reads the tables cannot make one.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use kernel::ShipmentId;
use sha2::Sha256;

/// Bytes of an id.
const ID: usize = 16;

/// Makes and checks tokens under a secret.
pub(crate) struct TrackingTokens {
    secret: [u8; 32],
}

impl TrackingTokens {
    pub fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    fn proof(&self, id: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes keys of any length");
        mac.update(id);
        mac
    }

    /// The token of a parcel, always the same.
    pub fn of(&self, id: ShipmentId) -> String {
        let mut bytes = id.0.as_bytes().to_vec();
        bytes.extend_from_slice(&self.proof(id.0.as_bytes()).finalize().into_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What the buyer shows who fetches this parcel, always the same: six digits.
    pub fn pickup_code(&self, id: ShipmentId) -> String {
        let proof = self.proof(&[b"pick-up ".as_slice(), id.0.as_bytes()].concat()).finalize().into_bytes();
        let number = proof.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }

    /// The parcel of a token that we gave out.
    pub fn open(&self, token: &str) -> Option<ShipmentId> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (id, proof) = bytes.split_at_checked(ID)?;
        // Compared in constant time.
        self.proof(id).verify_slice(proof).ok()?;
        uuid::Uuid::from_slice(id).ok().map(ShipmentId)
    }
}
