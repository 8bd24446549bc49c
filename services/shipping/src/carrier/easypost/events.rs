//! EasyPost's events: signed over time of sending, method, path and body.

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use kernel::{Error, Kind, Result, Secret, Timestamp};
use serde::Deserialize;
use sha2::Sha256;

use crate::carrier::CarrierEvent;

/// How old, or how far ahead, an event may be.
const TOLERANCE_S: u64 = 300;
/// Where events arrive.
const PATH: &str = "/webhooks/carriers/easypost";
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// It is not EasyPost's.
fn bad(why: &str) -> Error {
    Error::new(Kind::Malformed, "bad_signature", "This is not an event of the carrier.").caused_by(why)
}

/// Checks that one of the `secrets` signed these very bytes for this address, and not long ago. Signatures are compared
/// in constant time; there are two secrets while they are being changed.
///
/// # Errors
/// Malformed, for whatever reason; only the log says which.
pub fn check<'a>(
    mut secrets: impl Iterator<Item = &'a Secret>,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<()> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let given = header("x-hmac-signature-v2").ok_or_else(|| bad("no signature"))?;
    let sent = header("x-timestamp").ok_or_else(|| bad("no time"))?;
    let path = header("x-path").ok_or_else(|| bad("no path"))?;
    let given = hex::decode(given.trim().trim_start_matches("hmac-sha256-hex=")).map_err(|_| bad("no hex"))?;
    if !secrets.any(|secret| is_signed(secret, [sent.as_bytes(), b"POST", path.as_bytes(), body], &given)) {
        return Err(bad("wrong signature"));
    }
    // A reverse proxy may have put something before it.
    if !path.ends_with(PATH) {
        return Err(bad("signed for another address"));
    }
    let sent = time(sent).ok_or_else(|| bad("unreadable time"))?;
    if now.seconds().abs_diff(sent.seconds()) > TOLERANCE_S {
        return Err(bad("too old, or from the future"));
    }
    Ok(())
}

fn is_signed(secret: &Secret, parts: [&[u8]; 4], signature: &[u8]) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.verify_slice(signature).is_ok()
}

/// A time as in mails: `Tue, 19 Aug 2025 20:37:09 -0000`.
pub fn time(text: &str) -> Option<Timestamp> {
    let rest = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut parts = rest.split_whitespace();
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let (clock, zone) = (parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|known| *known == month)? + 1;
    let zone = match zone {
        "GMT" | "UTC" | "+0000" | "-0000" => "Z".to_owned(),
        other if other.len() == 5 && other.is_ascii() => format!("{}:{}", &other[..3], &other[3..]),
        _ => return None,
    };
    format!("{year}-{month:02}-{day:0>2}T{clock}{zone}").parse().ok()
}

#[derive(Deserialize)]
struct Event {
    id: String,
    description: String,
    mode: String,
    result: Object,
}

#[derive(Deserialize)]
struct Object {
    #[serde(default)]
    id: String,
    #[serde(default)]
    object: String,
}

/// Reads an event. It only says what to ask for; the rest of it is not believed.
///
/// # Errors
/// Malformed, if it cannot be read or is of the other mode.
pub fn read(body: &[u8], live: bool) -> Result<Option<CarrierEvent>> {
    let event: Event =
        serde_json::from_slice(body).map_err(|e| Error::malformed("The event cannot be read.").caused_by(e))?;
    if (event.mode == "production") != live {
        return Err(Error::malformed("The event is of the other mode: test and production have a webhook each."));
    }
    if event.result.object != "Tracker" || event.result.id.is_empty() {
        return Ok(None);
    }
    Ok(Some(CarrierEvent { id: event.id, kind: event.description, tracker: event.result.id }))
}
