//! Telling the merchant: signed, at least once, in no particular order.

use std::time::Duration;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use kernel::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{Letter, SandboxCarrier};

/// An endpoint has to answer within this time.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// Times that a webhook is sent that nobody takes.
const TRIES_MAX: u32 = 8;

/// The value of the signature's header: HMAC-SHA-256 over time, method, path and body.
pub fn signature(secret: &str, timestamp: &str, path: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    for part in [timestamp.as_bytes(), b"POST", path.as_bytes(), body] {
        mac.update(part);
    }
    format!("hmac-sha256-hex={}", hex::encode(mac.finalize().into_bytes()))
}

/// A time as the header has it: `Tue, 19 Aug 2025 20:37:09 -0000`.
pub fn timestamp(at: Timestamp) -> String {
    at.format("%a, %d %b %Y %H:%M:%S -0000")
}

impl SandboxCarrier {
    /// Writes down that something has happened to a parcel.
    pub(super) fn tell(&self, tracker: &str, now: Timestamp) {
        let mut state = self.state();
        let result: Value = state.trackers.get(tracker).map(|known| known.json(tracker)).unwrap_or_default();
        let id = state.id("evt");
        let body = json!({
            "id": id, "object": "Event", "mode": "test", "description": "tracker.updated", "created_at": now,
            "previous_attributes": {}, "result": result,
        });
        let letter = Letter { body: body.to_string(), due: now, tries: 0 };
        if self.inner.config.doubled {
            state.letters.push(letter.clone());
        }
        state.letters.push(letter);
        self.inner.wake.notify_one();
    }

    /// What is due by now, in the order in which it happened, for those who deliver it themselves: [`SandboxCarrier::pump`]
    /// does not any more.
    pub fn take_due(&self) -> Vec<String> {
        let now = self.now();
        self.state().letters.extract_if(.., |letter| letter.due <= now).map(|letter| letter.body).collect()
    }

    /// Delivers what is due. Anything but a 2xx is tried again.
    pub(super) async fn deliver_due(&self) -> usize {
        let now = self.now();
        let due: Vec<Letter> = self.state().letters.extract_if(.., |letter| letter.due <= now).collect();
        let count = due.len();
        for letter in due {
            if !self.post(&letter, now).await && letter.tries < TRIES_MAX {
                let tries = letter.tries + 1;
                let due = now.plus(Duration::from_secs(1 << tries.min(6)));
                self.state().letters.push(Letter { due, tries, ..letter });
            }
        }
        count
    }

    async fn post(&self, letter: &Letter, now: Timestamp) -> bool {
        let config = &self.inner.config;
        let path = url::Url::parse(&config.webhook_url).map(|url| url.path().to_owned()).unwrap_or_default();
        let sent = timestamp(now);
        let signed = signature(config.webhook_secret.expose(), &sent, &path, letter.body.as_bytes());
        let headers = vec![("x-timestamp", sent), ("x-path", path), ("x-hmac-signature-v2", signed)];
        let posted = self.inner.deliver.post(&config.webhook_url, headers, Bytes::from(letter.body.clone()));
        match tokio::time::timeout(ANSWER_WITHIN, posted).await {
            Ok(Ok(status)) => (200..300).contains(&status),
            Ok(Err(_)) | Err(_) => false,
        }
    }
}
