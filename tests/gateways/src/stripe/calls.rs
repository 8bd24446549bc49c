//! What each call does. A parameter that is not known is refused, as Stripe does.

use std::collections::BTreeMap;

use http::Method;
use kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    State,
    objects::{Card, Intent, Session},
};

/// Parameters, in order.
pub(super) type Form = Vec<(String, String)>;

/// A call.
pub(super) struct Call {
    pub method: Method,
    pub path: String,
    pub form: Form,
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub status: u16,
    pub body: Value,
    /// Done, or refused by the bank: a repetition under the same key is told the same.
    pub begun: bool,
    /// It is not to arrive in time.
    pub held: bool,
}

impl Answer {
    pub(super) fn done(body: Value) -> Self {
        Self { status: 200, body, begun: true, held: false }
    }

    pub(super) fn refused(status: u16, kind: &str, code: &str, message: &str) -> Self {
        let code = (!code.is_empty()).then_some(code);
        let body = json!({"error": {"type": kind, "code": code, "message": message}});
        Self { status, body, begun: false, held: false }
    }

    pub(super) fn missing(what: &str) -> Self {
        Self::refused(404, "invalid_request_error", "resource_missing", &format!("No such {what}"))
    }

    pub(super) fn wrong(code: &str, message: &str) -> Self {
        Self { begun: true, ..Self::refused(400, "invalid_request_error", code, message) }
    }
}

impl Call {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    pub(super) fn metadata(&self, prefix: &str) -> BTreeMap<String, String> {
        let name = |name: &str| Some(name.strip_prefix(prefix)?.strip_prefix('[')?.strip_suffix(']')?.to_owned());
        self.form.iter().filter_map(|(key, value)| Some((name(key)?, value.clone()))).collect()
    }

    fn expands(&self, field: &str) -> bool {
        self.form.iter().any(|(name, value)| name.starts_with("expand[") && value == field)
    }

    /// The first parameter that is not one of these; those that end in `[` begin a group.
    fn unknown(&self, known: &[&str]) -> Option<&str> {
        let is_known = |name: &str| {
            name.starts_with("expand[") || known.iter().any(|k| name == *k || k.ends_with('[') && name.starts_with(k))
        };
        self.form.iter().map(|(name, _)| name.as_str()).find(|name| !is_known(name))
    }

    /// The parameters that a call takes.
    fn known(&self, parts: &[&str]) -> &'static [&'static str] {
        match (self.method.as_str(), parts) {
            ("POST", ["v1", "checkout", "sessions"]) => &[
                "mode",
                "client_reference_id",
                "metadata[",
                "line_items[0][quantity]",
                "line_items[0][price_data][currency]",
                "line_items[0][price_data][unit_amount]",
                "line_items[0][price_data][product_data][name]",
                "payment_intent_data[metadata][",
                "payment_intent_data[description]",
                "payment_intent_data[capture_method]",
                "payment_method_types[",
                "success_url",
                "cancel_url",
            ],
            ("POST", ["v1", "payment_intents"]) => &[
                "amount",
                "currency",
                "confirm",
                "payment_method",
                "payment_method_types[",
                "description",
                "metadata[",
                "return_url",
                "automatic_payment_methods[enabled]",
                "capture_method",
            ],
            ("POST", ["v1", "payment_intents", _, "capture"]) => &["amount_to_capture"],
            ("POST", ["v1", "refunds"]) => &["payment_intent", "amount", "metadata[", "reason"],
            ("POST", ["v1", "disputes", _]) => &[
                "submit",
                "evidence[product_description]",
                "evidence[shipping_carrier]",
                "evidence[shipping_tracking_number]",
                "evidence[uncategorized_text]",
            ],
            ("POST", ["v1", "accounts"]) => {
                &["type", "country", "capabilities[", "business_profile[name]", "metadata["]
            }
            ("POST", ["v1", "account_links"]) => &["account", "type", "return_url", "refresh_url"],
            ("POST", ["v1", "transfers"]) => {
                &["amount", "currency", "destination", "transfer_group", "description", "metadata["]
            }
            ("POST", ["v1", "transfers", _, "reversals"]) => &["amount", "description", "metadata["],
            ("GET", _) => LISTING,
            _ => &[],
        }
    }
}

const LISTING: &[&str] = &[
    "limit",
    "starting_after",
    "ending_before",
    "created[gte]",
    "created[lte]",
    "payment_intent",
    "transfer_group",
    "destination",
];

impl State {
    pub(super) fn answer(&mut self, call: &Call, now: Timestamp, base_url: &str) -> Answer {
        let parts: Vec<&str> = call.path.trim_start_matches('/').split('/').collect();
        let known = call.known(&parts);
        if let Some(unknown) = call.unknown(known) {
            return Answer::refused(
                400,
                "invalid_request_error",
                "parameter_unknown",
                &format!("Received unknown parameter: {unknown}"),
            );
        }
        match (call.method.as_str(), parts.as_slice()) {
            ("POST", ["v1", "checkout", "sessions"]) => self.new_session(call, now, base_url),
            ("GET", ["v1", "checkout", "sessions"]) => self.list_sessions(call, base_url),
            ("GET", ["v1", "checkout", "sessions", id]) => self.show_session(id, call, base_url),
            ("POST", ["v1", "checkout", "sessions", id, "expire"]) => self.expire(id, call, now, base_url),
            ("POST", ["v1", "payment_intents"]) => self.new_intent(call, now, base_url),
            ("GET", ["v1", "payment_intents"]) => self.list_intents(call, base_url),
            ("GET", ["v1", "payment_intents", id]) => self.show_intent(id, base_url),
            ("POST", ["v1", "payment_intents", id, "capture"]) => self.capture(id, call, now, base_url),
            ("POST", ["v1", "payment_intents", id, "cancel"]) => self.cancel(id, now, base_url),
            ("POST", ["v1", "refunds"]) => self.new_refund(call, now),
            ("GET", ["v1", "refunds"]) => self.list_refunds(call),
            ("GET", ["v1", "refunds", id]) => match self.refunds.get(*id) {
                Some(refund) => Answer::done(refund.json()),
                None => Answer::missing("refund"),
            },
            ("GET", ["v1", "disputes"]) => self.list_disputes(call),
            ("GET", ["v1", "disputes", id]) => self.show_dispute(id),
            ("POST", ["v1", "disputes", id]) => self.answer_dispute(id, call, now),
            ("POST", ["v1", "disputes", id, "close"]) => self.close_dispute(id, now),
            ("POST", ["v1", "accounts"]) => self.new_account(call, now),
            ("GET", ["v1", "accounts", id]) => self.show_account(id),
            ("POST", ["v1", "account_links"]) => self.new_link(call, now, base_url),
            ("POST", ["v1", "transfers"]) => self.new_transfer(call, now),
            ("GET", ["v1", "transfers"]) => self.list_transfers(call),
            ("GET", ["v1", "transfers", id]) => self.show_transfer(id),
            ("POST", ["v1", "transfers", id, "reversals"]) => self.new_reversal(id, call, now),
            ("GET", ["v1", "transfers", id, "reversals"]) => self.list_reversals(id, call),
            _ => Answer::refused(404, "invalid_request_error", "", "Unrecognized request URL"),
        }
    }

    fn new_session(&mut self, call: &Call, now: Timestamp, base_url: &str) -> Answer {
        let amount = call.number("line_items[0][price_data][unit_amount]").unwrap_or(0);
        let (Some(success_url), Some(currency), true) =
            (call.get("success_url"), call.get("line_items[0][price_data][currency]"), amount > 0)
        else {
            return Answer::refused(400, "invalid_request_error", "parameter_missing", "Missing required param.");
        };
        let (success_url, currency) = (success_url.to_owned(), currency.to_owned());
        let id = self.id("cs_test");
        let session = Session {
            id: id.clone(),
            amount,
            currency,
            reference: call.get("client_reference_id").map(str::to_owned),
            status: "open",
            success_url,
            intent: None,
            intent_metadata: call.metadata("payment_intent_data[metadata]"),
            manual: call.get("payment_intent_data[capture_method]") == Some("manual"),
            metadata: call.metadata("metadata"),
            created: now,
            livemode: false,
            passed_on: false,
        };
        self.sessions.insert(id.clone(), session);
        self.show_session(&id, call, base_url)
    }

    fn session_json(&self, session: &Session, expand: bool, base_url: &str) -> Value {
        let intent = session.intent.as_ref().filter(|_| expand).and_then(|id| self.intents.get(id));
        session.json(intent.map(|intent| intent.json(base_url)), base_url)
    }

    fn show_session(&self, id: &str, call: &Call, base_url: &str) -> Answer {
        match self.sessions.get(id) {
            Some(session) => Answer::done(self.session_json(session, call.expands("payment_intent"), base_url)),
            None => Answer::missing("checkout.session"),
        }
    }

    fn list_sessions(&self, call: &Call, base_url: &str) -> Answer {
        let intent = call.get("payment_intent");
        let fits = self.sessions.values().filter(|s| intent.is_none_or(|intent| s.intent.as_deref() == Some(intent)));
        let expand = call.expands("data.payment_intent");
        page(call, fits.map(|s| (s.created, s.id.clone(), self.session_json(s, expand, base_url))).collect())
    }

    fn expire(&mut self, id: &str, call: &Call, now: Timestamp, base_url: &str) -> Answer {
        let Some(session) = self.sessions.get_mut(id) else { return Answer::missing("checkout.session") };
        if session.status != "open" {
            return Answer::wrong("", "Only Checkout Sessions with a status of open can be expired.");
        }
        session.status = "expired";
        let intent = session.intent.clone();
        if let Some(intent) = intent.and_then(|id| self.intents.get_mut(&id)) {
            intent.status = "canceled";
        }
        self.happened("checkout.session.expired", id, now);
        self.show_session(id, call, base_url)
    }

    fn new_intent(&mut self, call: &Call, now: Timestamp, base_url: &str) -> Answer {
        let (Some(amount), Some(currency)) = (call.number("amount").filter(|a| *a > 0), call.get("currency")) else {
            return Answer::refused(
                400,
                "invalid_request_error",
                "parameter_missing",
                "Missing required param: amount.",
            );
        };
        let Some(card) = call.get("payment_method").and_then(Card::named) else {
            return Answer::refused(400, "invalid_request_error", "resource_missing", "No such PaymentMethod.");
        };
        let currency = currency.to_owned();
        let id = self.id("pi");
        let manual = call.get("capture_method") == Some("manual");
        let intent = Intent { manual, ..Intent::of(&id, amount, currency, call.metadata("metadata"), card, now) };
        self.intents.insert(id.clone(), intent);
        let declined = self.charge(&id, card, now);
        let shown = self.show_intent(&id, base_url).body;
        match declined {
            Some(mut error) => {
                error["payment_intent"] = shown;
                Answer { status: 402, body: json!({"error": error}), begun: true, held: false }
            }
            None => Answer { held: card == Card::Silent, ..Answer::done(shown) },
        }
    }

    fn show_intent(&self, id: &str, base_url: &str) -> Answer {
        match self.intents.get(id) {
            Some(intent) => Answer::done(intent.json(base_url)),
            None => Answer::missing("payment_intent"),
        }
    }

    fn list_intents(&self, call: &Call, base_url: &str) -> Answer {
        page(call, self.intents.values().map(|i| (i.created, i.id.clone(), i.json(base_url))).collect())
    }

    fn capture(&mut self, id: &str, call: &Call, now: Timestamp, base_url: &str) -> Answer {
        let Some(intent) = self.intents.get(id).cloned() else { return Answer::missing("payment_intent") };
        if intent.status != "requires_capture" {
            return Answer::wrong("payment_intent_unexpected_state", "This PaymentIntent could not be captured.");
        }
        let amount = call.number("amount_to_capture").unwrap_or(intent.amount);
        if !(1..=intent.amount).contains(&amount) {
            return Answer::wrong("amount_too_large", "You cannot capture more than was authorized.");
        }
        self.take(id, amount, now);
        self.show_intent(id, base_url)
    }

    fn cancel(&mut self, id: &str, now: Timestamp, base_url: &str) -> Answer {
        let Some(intent) = self.intents.get_mut(id) else { return Answer::missing("payment_intent") };
        if matches!(intent.status, "succeeded" | "canceled" | "processing") {
            return Answer::wrong("payment_intent_unexpected_state", "You cannot cancel this PaymentIntent.");
        }
        intent.status = "canceled";
        self.happened("payment_intent.canceled", id, now);
        self.show_intent(id, base_url)
    }

    fn new_refund(&mut self, call: &Call, now: Timestamp) -> Answer {
        let Some(intent) = call.get("payment_intent").and_then(|id| self.intents.get(id)).cloned() else {
            return Answer::missing("payment_intent");
        };
        let left = self.refundable(&intent);
        let amount = call.number("amount").unwrap_or(left);
        if left <= 0 {
            return Answer::wrong("charge_already_refunded", "Nothing is left to be refunded.");
        }
        if !(1..=left).contains(&amount) {
            return Answer::wrong("", "Refund amount is greater than unrefunded amount on charge.");
        }
        let id = self.start_refund(&intent, amount, call.metadata("metadata"), now);
        Answer::done(self.refunds[&id].json())
    }

    fn list_refunds(&self, call: &Call) -> Answer {
        let intent = call.get("payment_intent");
        let fits = self.refunds.values().filter(|refund| intent.is_none_or(|intent| refund.intent == intent));
        page(call, fits.map(|refund| (refund.created, refund.id.clone(), refund.json())).collect())
    }
}

/// A page of a list, newest first; with `ending_before` the one that lies directly before that object.
pub(super) fn page(call: &Call, mut all: Vec<(Timestamp, String, Value)>) -> Answer {
    all.sort_by(|a, b| (b.0, &b.1).cmp(&(a.0, &a.1)));
    let from = call.number("created[gte]").unwrap_or(i64::MIN);
    let until = call.number("created[lte]").unwrap_or(i64::MAX);
    all.retain(|(created, ..)| (from..=until).contains(&created.seconds()));
    let limit = usize::try_from(call.number("limit").unwrap_or(10)).unwrap_or(10).clamp(1, 100);
    let place = |id: &str| all.iter().position(|(_, known, _)| known == id);
    let range = match (call.get("starting_after"), call.get("ending_before")) {
        (Some(after), _) => place(after).map_or(all.len(), |n| n + 1)..all.len(),
        (None, Some(before)) => 0..place(before).unwrap_or(0),
        (None, None) => 0..all.len(),
    };
    let has_more = range.len() > limit;
    let range = match call.get("ending_before") {
        Some(_) => range.end.saturating_sub(limit).max(range.start)..range.end,
        None => range.start..range.end.min(range.start + limit),
    };
    let data: Vec<Value> = all.drain(range).map(|(.., json)| json).collect();
    Answer::done(json!({"object": "list", "url": call.path, "has_more": has_more, "data": data}))
}
