//! Midtrans' notifications: a transaction as it stands, with a hash over parts of it and the server key.

use kernel::{Error, Result, Secret};
use serde::Deserialize;
use sha2::{Digest, Sha512};

use super::objects::{Name, RefundName};
use crate::provider::{
    ProviderEvent,
    signature::{bad, is_same},
};

/// Longest text of theirs that becomes part of an event's id.
const TEXT_MAX: usize = 64;
/// States that are disputes.
const DISPUTES: [&str; 2] = ["chargeback", "partial_chargeback"];

#[derive(Deserialize)]
struct Notification {
    order_id: String,
    status_code: String,
    gross_amount: String,
    signature_key: String,
    transaction_status: String,
    #[serde(default)]
    transaction_id: String,
    #[serde(default)]
    fraud_status: Option<String>,
    #[serde(default)]
    refunds: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    refund_key: String,
}

/// The signature: SHA-512 over order, status code, amount and server key, each as the notification has it.
pub fn signature(order_id: &str, status_code: &str, gross_amount: &str, key: &Secret) -> String {
    let mut hash = Sha512::new();
    for part in [order_id, status_code, gross_amount, key.expose()] {
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// Checks and reads a notification. It only says what to ask for; the rest of it is not believed. Nothing in it says
/// when it was sent, and it has no id of its own: the same news again is the same event. Transactions that others have
/// made with the same account are none of our business.
///
/// # Errors
/// Malformed, if it is not from Midtrans or cannot be read.
pub fn read<'a>(body: &[u8], mut keys: impl Iterator<Item = &'a Secret>) -> Result<Option<ProviderEvent>> {
    let told: Notification =
        serde_json::from_slice(body).map_err(|e| Error::malformed("The event cannot be read.").caused_by(e))?;
    let given = told.signature_key.to_ascii_lowercase();
    let fits = |key: &Secret| {
        let right = signature(&told.order_id, &told.status_code, &told.gross_amount, key);
        is_same(right.as_bytes(), given.as_bytes())
    };
    if !keys.any(fits) {
        return Err(bad("wrong signature"));
    }
    if Name::parse(&told.order_id).is_none() {
        return Ok(None);
    }
    let fraud = told.fraud_status.unwrap_or_default();
    if [&told.transaction_id, &told.transaction_status, &fraud].into_iter().any(|text| text.len() > TEXT_MAX) {
        return Err(Error::malformed("The event names something that cannot be Midtrans'."));
    }
    let last = told.refunds.last().filter(|listed| listed.refund_key.len() <= TEXT_MAX);
    let refund_ref =
        last.map(|listed| RefundName { payment: &told.order_id, key: &listed.refund_key, amount: None }.to_string());
    let is_dispute = DISPUTES.contains(&told.transaction_status.as_str());
    let dispute_ref = is_dispute.then(|| told.order_id.clone());
    let (id, status, refunds) = (&told.transaction_id, &told.transaction_status, told.refunds.len());
    let event_id = format!("{}:{id}:{status}:{fraud}:{refunds}", told.order_id);
    Ok(Some(ProviderEvent {
        refund_ref,
        dispute_ref,
        ..ProviderEvent::new(event_id, told.transaction_status, told.order_id)
    }))
}
