//! The merchant's side over HTTP: who asks, and on what kind of day.

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State as Held},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::{Value, json};

use super::{Bought, CarrierEntry, CarrierFault, SandboxCarrier, Shipment, State, Tracker, paper};

/// Largest body of a call.
const BODY_MAX: usize = 64 * 1024;

/// An answer of the API.
struct Reply {
    status: u16,
    body: Value,
}

impl Reply {
    fn done(status: u16, body: Value) -> Self {
        Self { status, body }
    }
    fn refused(status: u16, code: &str, message: &str) -> Self {
        Self { status, body: json!({"error": {"code": code, "message": message, "errors": []}}) }
    }
    fn missing() -> Self {
        Self::refused(404, "NOT_FOUND", "The requested resource could not be found.")
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, axum::Json(self.body)).into_response()
    }
}

impl SandboxCarrier {
    /// The API under `/v2`, and labels under `/labels`.
    pub fn router(&self) -> Router {
        Router::new().fallback(call).with_state(self.clone())
    }

    fn is_merchant(&self, headers: &HeaderMap) -> bool {
        let wanted = format!("Bearer {}", self.inner.config.api_key.expose());
        headers.get(header::AUTHORIZATION).is_some_and(|value| value.as_bytes() == wanted.as_bytes())
    }

    fn shown(&self, state: &State, id: &str) -> Value {
        let config = &self.inner.config;
        state.shipments.get(id).map(|known| known.json(id, config.currency, &config.base_url)).unwrap_or_default()
    }

    /// Does it, or says why not.
    fn answer(&self, method: &Method, parts: &[&str], body: &Value) -> Reply {
        let mut state = self.state();
        match (method.as_str(), parts) {
            ("POST", ["v2", "shipments"]) => match self.create(&mut state, &body["shipment"]) {
                Ok(id) => Reply::done(201, self.shown(&state, &id)),
                Err(reply) => reply,
            },
            ("GET", ["v2", "shipments", name]) => match state.called(name) {
                Some(id) => Reply::done(200, self.shown(&state, &id)),
                None => Reply::missing(),
            },
            ("POST", ["v2", "shipments", name, verb @ ("buy" | "refund")]) => {
                let Some(id) = state.called(name) else { return Reply::missing() };
                let done = if *verb == "buy" { self.buy(&mut state, &id, body) } else { self.refund(&mut state, &id) };
                match done {
                    Ok(()) => Reply::done(200, self.shown(&state, &id)),
                    Err(reply) => reply,
                }
            }
            ("GET", ["v2", "trackers", id]) => match state.trackers.get(*id) {
                Some(known) => Reply::done(200, known.json(id)),
                None => Reply::missing(),
            },
            _ => Reply::missing(),
        }
    }

    fn create(&self, state: &mut State, wanted: &Value) -> Result<String, Reply> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let weight = wanted["parcel"]["weight"].as_f64().unwrap_or_default();
        let complete = |address: &Value| !text(&address["street1"]).is_empty() && !text(&address["country"]).is_empty();
        if !complete(&wanted["from_address"]) || !complete(&wanted["to_address"]) || weight <= 0.0 {
            return Err(Reply::refused(
                422,
                "SHIPMENT.INVALID_PARAMS",
                "Unable to create shipment, one or more parameters were invalid.",
            ));
        }
        let id = state.id("shp");
        let shipment = Shipment {
            reference: wanted["reference"].as_str().map(str::to_owned),
            to_country: text(&wanted["to_address"]["country"]),
            to_name: text(&wanted["to_address"]["name"]),
            weight_tenths: (weight * 10.0).round() as i64,
            created: self.now(),
            bought: None,
        };
        state.shipments.insert(id.clone(), shipment);
        Ok(id)
    }

    fn buy(&self, state: &mut State, id: &str, body: &Value) -> Result<(), Reply> {
        let rate = body["rate"]["id"].as_str().and_then(|name| Shipment::rate_called(id, name));
        let rate =
            rate.ok_or_else(|| Reply::refused(422, "RATE.INVALID", "The rate does not belong to the shipment."))?;
        let number = format!("SBX{:010}", state.number + 1);
        let tracker = state.id("trk");
        let now = self.now();
        let Some(known) = state.shipments.get_mut(id) else { return Err(Reply::missing()) };
        if known.bought.is_some() {
            return Err(Reply::refused(422, "SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment."));
        }
        known.bought = Some(Bought { rate, number: number.clone(), tracker: tracker.clone(), refund: None });
        let price = known.price(rate, self.inner.config.currency);
        state.journal.push(CarrierEntry { price, at: now });
        let shipment = id.to_owned();
        let status = "pre_transit".to_owned();
        state.trackers.insert(tracker, Tracker { shipment, number, status, scans: vec![], steps: 0, created: now });
        Ok(())
    }

    fn refund(&self, state: &mut State, id: &str) -> Result<(), Reply> {
        let no = |message: &str| Err(Reply::refused(422, "SHIPMENT.REFUND.UNAVAILABLE", message));
        let (now, closed) = (self.now(), state.no_refunds);
        let Some(known) = state.shipments.get_mut(id) else { return Err(Reply::missing()) };
        let price = known.bought.as_ref().map(|bought| known.price(bought.rate, self.inner.config.currency));
        match (&mut known.bought, price) {
            (Some(bought), _) if bought.refund.is_some() => no("A refund was requested before."),
            (Some(_), _) if closed => no("The parcel was seen: its label cannot be refunded."),
            (Some(bought), Some(price)) => {
                bought.refund = Some("submitted");
                let tracker = bought.tracker.clone();
                let price = price.negated().unwrap_or(price);
                state.journal.push(CarrierEntry { price, at: now });
                // What was given back goes nowhere.
                if let Some(tracker) = state.trackers.get_mut(&tracker) {
                    tracker.steps = usize::MAX;
                }
                Ok(())
            }
            _ => no("No label was bought."),
        }
    }

    fn label(&self, file: &str) -> Option<Vec<u8>> {
        let id = file.strip_suffix(".pdf")?;
        let state = self.state();
        let known = state.shipments.get(id)?;
        let bought = known.bought.as_ref()?;
        let lines = [
            "SandboxPost: a label that carries nothing".to_owned(),
            known.service().to_owned(),
            format!("To: {}, {}", known.to_name, known.to_country),
            bought.number.clone(),
        ];
        Some(paper::pdf(&lines))
    }
}

impl State {
    /// The id of the shipment that has this id or reference.
    fn called(&self, name: &str) -> Option<String> {
        if self.shipments.contains_key(name) {
            return Some(name.to_owned());
        }
        let referred = |shipment: &Shipment| shipment.reference.as_deref() == Some(name);
        self.shipments.iter().find(|(_, shipment)| referred(shipment)).map(|(id, _)| id.clone())
    }
}

async fn call(Held(carrier): Held<SandboxCarrier>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else { return StatusCode::BAD_REQUEST.into_response() };
    let path = parts.uri.path().trim_matches('/').to_owned();
    carrier.state().calls.push(format!("{} /{path}", parts.method));
    if !carrier.is_merchant(&parts.headers) {
        return Reply::refused(401, "APIKEY.INACTIVE", "This api key is no longer active.").into_response();
    }
    let segments: Vec<&str> = path.split('/').collect();
    if let ["labels", file] = segments.as_slice() {
        return match carrier.label(file) {
            Some(paper) => ([(header::CONTENT_TYPE, "application/pdf")], paper).into_response(),
            None => Reply::missing().into_response(),
        };
    }
    let changes = parts.method == Method::POST;
    let fate = if changes { carrier.state().fate(&path) } else { None };
    match fate {
        Some(CarrierFault::Broken) => {
            return Reply::refused(500, "INTERNAL_SERVER_ERROR", "Something is wrong on our side.").into_response();
        }
        Some(CarrierFault::Busy) => return Reply::refused(429, "RATE_LIMITED", "Too many.").into_response(),
        Some(CarrierFault::Hang) => {
            tokio::time::sleep(carrier.inner.config.hold).await;
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
        Some(CarrierFault::Silent) | None => {}
    }
    let body = serde_json::from_slice(&body).unwrap_or_default();
    let reply = carrier.answer(&parts.method, &segments, &body);
    if fate == Some(CarrierFault::Silent) {
        tokio::time::sleep(carrier.inner.config.hold).await;
    }
    reply.into_response()
}
