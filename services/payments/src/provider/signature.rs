//! Events signed as `t=<unix seconds>,v1=<hex of HMAC-SHA-256 over "t.body">`: Stripe's way, and the sandbox's.

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use kernel::{Error, Kind, Result, Secret, Timestamp};
use sha2::Sha256;

/// How old, or how far ahead, an event may be.
const TOLERANCE_S: u64 = 300;

/// Checks that one of the `secrets` signed these very bytes, and not long ago. Signatures are compared in
/// constant time; there are two secrets while they are being changed.
///
/// # Errors
/// Malformed, for whatever reason; only the log says which.
pub fn check<'a>(
    header: &str,
    secrets: impl Iterator<Item = &'a Secret> + Clone,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<()> {
    let value = headers.get(header).and_then(|value| value.to_str().ok()).ok_or_else(|| bad("no signature"))?;
    let (mut timestamp, mut signatures) = (None, Vec::new());
    for part in value.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => timestamp = Some(value),
            Some(("v1", value)) => signatures.extend(hex::decode(value)),
            _ => {}
        }
    }
    let timestamp = timestamp.ok_or_else(|| bad("no time"))?;
    let signed = |signature: &Vec<u8>| secrets.clone().any(|secret| is_signed(secret, timestamp, body, signature));
    if !signatures.iter().any(signed) {
        return Err(bad("wrong signature"));
    }
    let sent: i64 = timestamp.parse().map_err(|_| bad("unreadable time"))?;
    if now.seconds().abs_diff(sent) > TOLERANCE_S {
        return Err(bad("too old, or from the future"));
    }
    Ok(())
}

fn is_signed(secret: &Secret, timestamp: &str, body: &[u8], signature: &[u8]) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.verify_slice(signature).is_ok()
}

/// Whether two texts are the same, found out in constant time: what is compared are their MACs.
pub fn is_same(secret: &[u8], given: &[u8]) -> bool {
    let mac = |text: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
        mac.update(text);
        mac
    };
    mac(given).verify_slice(&mac(secret).finalize().into_bytes()).is_ok()
}

/// It is not the provider's.
pub fn bad(why: &str) -> Error {
    Error::new(Kind::Malformed, "bad_signature", "This is not an event of the provider.").caused_by(why)
}
