//! Xendit's events: an invoice as it stands, or what has become of a refund. They are not signed; a token comes with
//! them.

use http::HeaderMap;
use kernel::{Error, OrderId, Result, Secret, Timestamp};
use serde_json::Value;

use crate::provider::{
    ProviderEvent,
    signature::{bad, is_same},
};

/// Header with the token.
const TOKEN: &str = "x-callback-token";
/// Xendit repeats an event for a day; somebody may have it sent again from its pages.
const OLDEST_S: u64 = 7 * 24 * 3600;
/// How far ahead Xendit's clock may be.
const AHEAD_S: i64 = 300;
/// Longest text of theirs that becomes part of an event's id.
const TEXT_MAX: usize = 80;

/// Checks that one of the `tokens` came with it. They are compared in constant time; there are two while they are being
/// changed.
///
/// # Errors
/// Malformed.
pub fn check<'a>(mut tokens: impl Iterator<Item = &'a Secret>, headers: &HeaderMap) -> Result<()> {
    let given = headers.get(TOKEN).ok_or_else(|| bad("no token"))?;
    let fits = tokens.any(|token| is_same(token.expose().as_bytes(), given.as_bytes()));
    if fits { Ok(()) } else { Err(bad("wrong token")) }
}

/// Reads an event. It only says what to ask for; the rest of it is not believed. It has no id of its own: the same news
/// again is the same event. Events of other things, and of invoices that others have made with the same account, are
/// none of our business.
///
/// # Errors
/// Malformed, if it cannot be read or is too old.
pub fn read(body: &[u8], now: Timestamp) -> Result<Option<ProviderEvent>> {
    let event: Value =
        serde_json::from_slice(body).map_err(|e| Error::malformed("The event cannot be read.").caused_by(e))?;
    match event["event"].as_str() {
        Some(kind) if kind.starts_with("refund.") => {
            is_recent(text(&event, "created")?, now)?;
            let refund = &event["data"];
            if refund["invoice_id"].is_null() {
                return Ok(None);
            }
            let (id, status) = (text(refund, "id")?, text(refund, "status")?);
            let payment_ref = text(refund, "invoice_id")?.to_owned();
            let (event_id, kind, refund_ref) = (format!("{id}:{status}"), kind.to_owned(), Some(id.to_owned()));
            Ok(Some(ProviderEvent { refund_ref, ..ProviderEvent::new(event_id, kind, payment_ref) }))
        }
        Some(_) => Ok(None),
        None if event["external_id"].as_str().is_some_and(|order| order.parse::<OrderId>().is_ok()) => {
            let (id, status, updated) = (text(&event, "id")?, text(&event, "status")?, text(&event, "updated")?);
            is_recent(updated, now)?;
            let (event_id, kind) = (format!("{id}:{status}:{updated}"), format!("invoice.{status}"));
            Ok(Some(ProviderEvent::new(event_id, kind, id)))
        }
        None => Ok(None),
    }
}

/// A text that has to be there, and is not longer than Xendit's are.
fn text<'a>(of: &'a Value, name: &str) -> Result<&'a str> {
    let text = of[name].as_str().filter(|text| (1..=TEXT_MAX).contains(&text.len()));
    text.ok_or_else(|| Error::malformed("The event names nothing that Xendit could."))
}

fn is_recent(at: &str, now: Timestamp) -> Result<()> {
    let at: Timestamp = at.parse().map_err(|_| bad("unreadable time"))?;
    let is_old = now.since(at).as_secs() > OLDEST_S;
    if is_old || at.seconds() > now.seconds() + AHEAD_S { Err(bad("too old, or from the future")) } else { Ok(()) }
}
