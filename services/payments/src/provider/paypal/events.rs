//! PayPal's events.

use http::HeaderMap;
use kernel::{Error, Result, Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::{CAPTURE, disputes::Name};
use crate::provider::{ProviderEvent, signature::bad};

/// PayPal repeats an event for three days, as it was.
const LONGEST_REPEATED_S: u64 = 4 * 24 * 3600;
/// How far ahead PayPal's clock may be.
const AHEAD_S: i64 = 300;

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Refuses what is older than PayPal repeats it, without asking anybody.
///
/// # Errors
/// Malformed.
pub fn is_recent(headers: &HeaderMap, now: Timestamp) -> Result<()> {
    let sent = text(headers, "paypal-transmission-time").ok_or_else(|| bad("no time"))?;
    let sent: Timestamp = sent.parse().map_err(|_| bad("unreadable time"))?;
    let age = now.seconds().abs_diff(sent.seconds());
    if age > LONGEST_REPEATED_S || sent.seconds() > now.seconds() + AHEAD_S {
        return Err(bad("too old, or from the future"));
    }
    Ok(())
}

/// The question whether an event is PayPal's own. The event itself stands in it byte for byte, for its signature is over
/// these bytes. None if something is missing, or if the certificate would not be PayPal's.
pub fn question(headers: &HeaderMap, body: &[u8], webhook_id: &str) -> Option<String> {
    let event = std::str::from_utf8(body).ok()?;
    serde_json::from_str::<serde::de::IgnoredAny>(event).ok()?;
    let certificate = text(headers, "paypal-cert-url")?;
    let host = certificate.strip_prefix("https://")?.split('/').next()?;
    if host != "api.paypal.com" && !host.ends_with(".paypal.com") {
        return None;
    }
    let known = json!({
        "auth_algo": text(headers, "paypal-auth-algo")?, "cert_url": certificate,
        "transmission_id": text(headers, "paypal-transmission-id")?,
        "transmission_sig": text(headers, "paypal-transmission-sig")?,
        "transmission_time": text(headers, "paypal-transmission-time")?, "webhook_id": webhook_id,
    });
    let known = known.to_string();
    Some(format!("{},\"webhook_event\":{event}}}", known.strip_suffix('}')?))
}

#[derive(Deserialize)]
struct Event {
    id: String,
    event_type: String,
    #[serde(default)]
    resource_type: String,
    resource: Resource,
}

#[derive(Deserialize)]
struct Resource {
    id: Option<String>,
    merchant_id: Option<String>,
    tracking_id: Option<String>,
    dispute_id: Option<String>,
    #[serde(default)]
    disputed_transactions: Vec<Disputed>,
    #[serde(default)]
    links: Vec<Link>,
}

#[derive(Deserialize)]
struct Disputed {
    seller_transaction_id: Option<String>,
    #[serde(default)]
    seller: Seller,
}

#[derive(Default, Deserialize)]
struct Seller {
    merchant_id: Option<String>,
}

#[derive(Deserialize)]
struct Link {
    href: String,
    rel: String,
}

/// Reads an event that PayPal owns to. It only says what to ask for. `ours` is the platform's account: disputes of money that
/// another one has got are asked for in the name of that.
///
/// # Errors
/// Malformed, if it cannot be read.
pub fn read(body: &[u8], ours: &str) -> Result<Option<ProviderEvent>> {
    let event: Event =
        serde_json::from_slice(body).map_err(|e| Error::malformed("The event cannot be read.").caused_by(e))?;
    if let ("dispute", Some(id)) = (event.resource_type.as_str(), &event.resource.dispute_id) {
        let of = event.resource.disputed_transactions.iter().find(|one| one.seller_transaction_id.is_some());
        let capture = of.and_then(|one| one.seller_transaction_id.as_ref());
        let payment_ref = capture.map(|capture| format!("{CAPTURE}{capture}")).unwrap_or_default();
        let account = of.and_then(|one| one.seller.merchant_id.as_deref());
        let account = account.filter(|account| !ours.is_empty() && *account != ours);
        let dispute = Name { account, id }.to_string();
        let about = ProviderEvent::new(event.id, event.event_type, payment_ref);
        return Ok(Some(ProviderEvent { dispute_ref: Some(dispute), ..about }));
    }
    if event.event_type.starts_with("MERCHANT.") {
        // Before the vendor has come through it is known by our name for it alone.
        let known = [event.resource.tracking_id, event.resource.merchant_id];
        let mut known = known.into_iter().flatten().filter(|name| !name.is_empty());
        let account =
            if event.event_type.starts_with("MERCHANT.ONBOARDING") { known.next() } else { known.next_back() };
        return Ok(account.map(|account| ProviderEvent::of_account(event.id, event.event_type, account)));
    }
    let Some(id) = event.resource.id.clone() else { return Ok(None) };
    let (payment_ref, refund_ref) = match event.resource_type.as_str() {
        "checkout-order" => (id, None),
        "capture" => (format!("{CAPTURE}{id}"), None),
        // It names the capture that it is of by a link.
        "refund" => match event.resource.links.iter().find(|link| link.rel == "up") {
            Some(link) => (format!("{CAPTURE}{}", link.href.rsplit('/').next().unwrap_or_default()), Some(id)),
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    Ok(Some(ProviderEvent { refund_ref, ..ProviderEvent::new(event.id, event.event_type, payment_ref) }))
}
