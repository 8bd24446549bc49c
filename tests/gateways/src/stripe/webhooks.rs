//! Telling the merchant: signed, at least once, in no particular order.

use std::time::Duration;

use bytes::Bytes;
use kernel::Timestamp;
use sandbox::signature;
use serde_json::{Value, json};

use super::{FakeStripe, State, objects::Card};

/// How late the webhooks of [`Card::Late`] are.
const LATE: Duration = Duration::from_secs(45);

/// Something that has happened, and is still to be told.
pub(super) struct Event {
    id: String,
    kind: &'static str,
    object: String,
    created: Timestamp,
}

impl State {
    /// Notes that something has happened to an object.
    pub(super) fn happened(&mut self, kind: &'static str, object: &str, now: Timestamp) {
        let id = self.id("evt");
        let object = object.to_owned();
        self.events.push(Event { id, kind, object, created: now });
    }

    fn card_of(&self, object: &str) -> Option<Card> {
        let of_session = self.sessions.get(object).and_then(|session| session.intent.as_deref());
        let of_refund = self.refunds.get(object).map(|refund| refund.intent.as_str());
        let of_dispute = self.disputes.get(object).map(|dispute| dispute.intent.as_str());
        let intent = of_session.or(of_refund).or(of_dispute).unwrap_or(object);
        self.intents.get(intent).map(|intent| intent.card)
    }

    fn object(&self, id: &str, base_url: &str) -> Value {
        let session = self.sessions.get(id).map(|session| session.json(None, base_url));
        let intent = || self.intents.get(id).map(|intent| intent.json(base_url));
        let refund = || self.refunds.get(id).map(super::Refund::json);
        let dispute = || self.disputes.get(id).map(super::disputes::Dispute::json);
        let account = || self.accounts.get(id).map(super::connect::Account::json);
        session.or_else(intent).or_else(refund).or_else(dispute).or_else(account).unwrap_or_default()
    }
}

impl FakeStripe {
    /// Writes down what is to be delivered and when: what has happened since the last time.
    pub(super) fn tell(&self) {
        let mut state = self.state();
        for event in std::mem::take(&mut state.events) {
            let Event { id, kind, object, created } = event;
            state.told += 1;
            let n = state.told;
            let card = state.card_of(&object);
            let content = state.object(&object, &self.inner.config.base_url);
            let mut due = vec![created];
            match card {
                Some(Card::Doubled) => due.extend([created, created]),
                Some(Card::Late) => due = vec![created.plus(LATE)],
                // Every second one comes after those that follow it.
                Some(Card::Disordered) if n.is_multiple_of(2) => due = vec![created.plus(Duration::from_secs(3))],
                _ => {}
            }
            if self.strikes(self.inner.config.faults.doubled_per_mille) {
                due.push(created);
            }
            if self.strikes(self.inner.config.faults.late_per_mille) {
                due = due.into_iter().map(|at| at.plus(Duration::from_secs(2))).collect();
            }
            // Those of connected accounts say whose they are.
            let account = state.accounts.contains_key(&object).then_some(&object);
            let body = json!({
                "id": id, "account": account, "object": "event", "api_version": "2024-06-20", "created": created.seconds(),
                "livemode": false, "type": kind, "pending_webhooks": 1, "request": {"id": null, "idempotency_key": null},
                "data": {"object": content},
            });
            state.mailbag.put(body.to_string(), due);
        }
    }

    /// Delivers what is due. Anything but a 2xx is tried again.
    pub(super) async fn deliver_due(&self) -> usize {
        let now = self.now();
        let due = self.state().mailbag.take_due(now);
        let count = due.len();
        for (n, body) in due {
            let secret = self.inner.config.webhook_secret.expose();
            let headers = vec![("stripe-signature", signature(secret, now.seconds(), body.as_bytes()))];
            let url = self.inner.config.webhook_url.as_str();
            let answer = self.inner.deliver.post(url, headers, Bytes::from(body)).await;
            if !answer.is_ok_and(|status| (200..300).contains(&status)) {
                self.state().mailbag.came_back(n, now);
            }
        }
        count
    }
}
