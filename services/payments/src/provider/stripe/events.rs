//! Stripe's events, once their signature was found to be right.

use kernel::{Error, Result};
use serde::Deserialize;

use super::settings::StripeSettings;
use crate::provider::ProviderEvent;

#[derive(Deserialize)]
struct Event {
    id: String,
    r#type: String,
    livemode: bool,
    #[serde(default)]
    account: Option<String>,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    id: Option<String>,
    #[serde(default)]
    object: String,
    #[serde(default)]
    payment_intent: Option<String>,
}

/// Reads an event. It only says what to ask for; the rest of it is not believed. Events of objects that say nothing
/// about a payment of ours are none of our business.
///
/// # Errors
/// Malformed, if it cannot be read or is of another account or mode.
pub fn read(body: &[u8], settings: &StripeSettings) -> Result<Option<ProviderEvent>> {
    let event: Event =
        serde_json::from_slice(body).map_err(|e| Error::malformed("The event cannot be read.").caused_by(e))?;
    if event.data.object.object == "account" {
        return Ok(of_account(event, settings));
    }
    if event.livemode != settings.live {
        return Err(Error::malformed("The event is of the other mode: test and live have an endpoint each."));
    }
    if event.account.as_deref().unwrap_or_default() != settings.account {
        return Err(Error::malformed("The event is of another account."));
    }
    let Object { id, object, payment_intent } = event.data.object;
    let (payment_ref, refund_ref, dispute_ref) = match (object.as_str(), id, payment_intent) {
        ("checkout.session" | "payment_intent", Some(id), _) => (id, None, None),
        ("refund", Some(id), Some(intent)) => (intent, Some(id), None),
        ("dispute", Some(id), Some(intent)) => (intent, None, Some(id)),
        ("charge", _, Some(intent)) => (intent, None, None),
        _ => return Ok(None),
    };
    Ok(Some(ProviderEvent { refund_ref, dispute_ref, ..ProviderEvent::new(event.id, event.r#type, payment_ref) }))
}

/// News of a vendor's account. Those of trials come to the endpoint of real accounts, too, and are none of its business.
fn of_account(event: Event, settings: &StripeSettings) -> Option<ProviderEvent> {
    let account = event.data.object.id.filter(|_| settings.connect && event.livemode == settings.live)?;
    let is_its_own = event.account.is_none_or(|of| of == account);
    is_its_own.then(|| ProviderEvent::of_account(event.id, event.r#type, account))
}
