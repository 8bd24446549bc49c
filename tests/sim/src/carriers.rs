//! What the carrier tells of parcels with labels, by webhook: late, twice, in the wrong order, before the label is known here, of parcels
//! that have not left; and somebody who tells of parcels and is not the carrier.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use db::params;
use http::Method;
use kernel::{Clock, Result, Timestamp};
use sandbox::carrier::{signature, timestamp};
use serde_json::{Value, json};

use crate::{
    bus::short,
    world::{SECRET, World},
};

/// Where the carrier's webhooks arrive.
const HOOK: &str = "/webhooks/carriers/easypost";
/// What somebody else signs with.
const WRONG_SECRET: &str = "sk_test_of_somebody_else";
/// Longer ago than anything that has happened to a parcel.
const LONG_AGO: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Times that a webhook is sent that nobody takes.
const TRIES_MAX: u32 = 8;

/// Webhooks of the carrier that are on their way, and what became of others.
#[derive(Default)]
pub struct Post {
    on_their_way: BTreeMap<(Timestamp, u64), Letter>,
    /// Places in `on_their_way` given so far.
    places: u64,
    /// Letters written so far.
    written: u64,
    /// Parcels whose labels were sold, as far as the carrier has looked whether to tell of them.
    sold: usize,
    /// The newest letter about each parcel that has come.
    newest: BTreeMap<String, u64>,
    /// Events that were acknowledged.
    acknowledged: BTreeSet<String>,
    /// Forged ones that were sent.
    forged: u64,
}

#[derive(Clone)]
struct Letter {
    body: String,
    number: u64,
    tries: u32,
}

impl Post {
    fn send(&mut self, letter: Letter, at: Timestamp) {
        self.places += 1;
        self.on_their_way.insert((at, self.places), letter);
    }
}

impl World {
    /// The carrier sees a parcel somewhere, or notes late that it did, or tells again; or somebody else does.
    pub fn see_parcels(&mut self) -> Result<()> {
        if !self.swarm.carrier_tells {
            return Ok(());
        }
        if self.below(8) == 0 {
            return self.forge();
        }
        let carrier = self.psp.carrier();
        let parcels = carrier.parcels();
        if parcels.is_empty() {
            return Ok(());
        }
        let (number, status) = &parcels[self.below(parcels.len() as u64) as usize];
        match (status.as_str(), self.below(6)) {
            (_, 0) => carrier.tell_again(number),
            ("delivered", _) => {
                carrier.scan_at(number, "in_transit", "Sorted", self.clock.now().minus(LONG_AGO));
            }
            (_, 1 | 2) => {
                carrier.scan(number, "in_transit", "On its way");
            }
            _ => {
                carrier.scan(number, "delivered", "Delivered");
            }
        }
        self.note(format_args!("carrier looks at parcel {}, which was {status}", short(number)));
        Ok(())
    }

    /// Somebody who does not know the secret says that a parcel has arrived.
    fn forge(&mut self) -> Result<()> {
        self.post.forged += 1;
        let tracker = json!({"id": "trk_1", "object": "Tracker", "status": "delivered"});
        let id = format!("forged-{}", self.post.forged);
        let body = json!({"id": id, "mode": "test", "description": "tracker.updated", "result": tracker}).to_string();
        match self.hand_in(&body, WRONG_SECRET)? {
            400 => self.trace.mark("forged webhook of the carrier refused"),
            200..300 => self.broken.push(format!("O2: webhook {id} is not the carrier's and was taken")),
            _ => {}
        }
        Ok(())
    }

    fn hand_in(&self, body: &str, secret: &str) -> Result<u16> {
        let sent = timestamp(self.clock.now());
        let signed = signature(secret, &sent, HOOK, body.as_bytes());
        let headers = [("x-timestamp", sent.as_str()), ("x-path", HOOK), ("x-hmac-signature-v2", signed.as_str())];
        Ok(self.send_raw(Method::POST, HOOK, None, &headers, body.to_owned().into())?.status)
    }

    /// What the carrier has written is put on its way, twice or slowly as long as things go wrong.
    fn collect_letters(&mut self) {
        if self.swarm.carrier_tells {
            // Some carriers tell of a parcel as soon as its label is sold: often before the answer is here.
            let parcels = self.psp.carrier().parcels();
            for (number, _) in &parcels[self.post.sold.min(parcels.len())..] {
                if self.below(2) == 0 {
                    self.psp.carrier().tell_again(number);
                }
            }
            self.post.sold = parcels.len();
        }
        let written = self.psp.carrier().take_due();
        for body in written {
            self.post.written += 1;
            let letter = Letter { body, number: self.post.written, tries: 0 };
            if self.swarm.carrier_tells && self.below(6) == 0 {
                let again = self.clock.now().plus(Duration::from_millis(self.below(300_000)));
                self.post.send(letter.clone(), again);
            }
            let is_slow = self.swarm.carrier_tells && self.below(4) == 0;
            let at = self.clock.now().plus(Duration::from_millis(self.below(if is_slow { 60_000 } else { 60 })));
            self.post.send(letter, at);
        }
    }

    /// Up to `most` webhooks of the carrier that are due.
    pub fn deliver_letters(&mut self, most: u32) -> Result<bool> {
        self.collect_letters();
        let mut busy = false;
        for _ in 0..most {
            if self.fates.is_dead() {
                return Ok(busy);
            }
            let due = self.post.on_their_way.keys().next().copied().filter(|(at, _)| *at <= self.clock.now());
            let Some(letter) = due.and_then(|due| self.post.on_their_way.remove(&due)) else { return Ok(busy) };
            busy = true;
            self.deliver_letter(letter)?;
        }
        Ok(busy)
    }

    fn deliver_letter(&mut self, letter: Letter) -> Result<()> {
        let event: Value = serde_json::from_str(&letter.body)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (id, tracker) = (text(&event["id"]), text(&event["result"]["id"]));
        let is_early =
            self.count("shipping", "SELECT count(*) FROM labels WHERE tracker_ref = $1", params![&tracker])? == 0;
        let left = "SELECT count(*) FROM shipments WHERE tracking_number = $1 AND shipped_at IS NOT NULL";
        let number = text(&event["result"]["tracking_code"]);
        let has_arrived = event["result"]["status"] == "delivered";
        let is_ahead = has_arrived && self.count("shipping", left, params![&number])? == 0;
        let status = self.hand_in(&letter.body, SECRET)?;
        let unanswered = self.below(1_000) < self.swarm.webhook_unanswered;
        if (200..300).contains(&status) {
            self.mark_letter(&letter, &tracker, is_early, is_ahead);
            if !self.post.acknowledged.insert(id) {
                self.trace.mark("webhook of the carrier delivered twice");
            }
            if !unanswered {
                return Ok(());
            }
        }
        if letter.tries < TRIES_MAX {
            let tries = letter.tries + 1;
            let at = self.clock.now().plus(Duration::from_secs(1 << tries.min(6)));
            self.post.send(Letter { tries, ..letter }, at);
        }
        Ok(())
    }

    fn mark_letter(&mut self, letter: &Letter, tracker: &str, is_early: bool, is_ahead: bool) {
        if is_early {
            self.trace.mark("carrier told of a parcel before its label was known");
        }
        if is_ahead {
            self.trace.mark("carrier delivered a parcel before it was handed over");
        }
        let newest = self.post.newest.entry(tracker.to_owned()).or_default();
        if letter.number < *newest {
            self.trace.mark("webhooks of the carrier in the wrong order");
        }
        *newest = letter.number.max(*newest);
    }

    /// What the carrier has told is kept once and taken in, nothing else is, and what it has delivered has arrived.
    pub fn carrier_was_heard(&self, violations: &mut Vec<String>) -> Result<()> {
        for event in &self.post.acknowledged {
            let sql = "SELECT count(*) FROM carrier_inbox WHERE event_id = $1";
            let kept = self.count("shipping", sql, params![event])?;
            if kept != 1 {
                violations
                    .push(format!("O2: webhook {event} of the carrier was acknowledged and is kept {kept} times"));
            }
        }
        let forged = "SELECT count(*) FROM carrier_inbox WHERE event_id LIKE 'forged-%'";
        if self.count("shipping", forged, vec![])? > 0 {
            violations.push("O2: webhooks are kept that are not the carrier's".to_owned());
        }
        if self.count("shipping", "SELECT count(*) FROM carrier_inbox WHERE state = 'received'", vec![])? > 0 {
            violations.push("O4: webhooks of the carrier wait to be taken in".to_owned());
        }
        let under_way = "SELECT count(*) FROM labels l JOIN shipments s ON s.shipment_id = l.shipment_id
                         WHERE l.number = $1 AND l.state = 'bought' AND s.tracking_number = l.number AND s.status = 'shipped'";
        for (number, _) in self.psp.carrier().parcels().iter().filter(|(_, status)| status == "delivered") {
            if self.count("shipping", under_way, params![number])? > 0 {
                violations.push(format!("O4: the carrier has delivered {number}, which is still under way here"));
            }
        }
        Ok(())
    }
}
