//! EasyPost, which speaks for many carriers.
//!
//! EasyPost takes no keys. What stands for them: our name for a parcel is its `reference`, by which it is found again
//! before it is made a second time; and a parcel's label is sold once.

mod events;
mod objects;
mod settings;

use std::time::Duration;

use bytes::Bytes;
use contracts::client::segment;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use kernel::{Kind, Result, Secret, Timestamp};
use runtime::{Env, HttpOut, Outgoing, fetch, outgoing::NoReply};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{Answer, Carrier, CarrierError, CarrierEvent, Draft, Label, Paper, Parcel, Track};
use objects::{Shipment, Tracker, Trouble};

pub use settings::EasyPostSettings;

#[cfg(test)]
pub(crate) use self::{
    events::time,
    objects::{inch_tenths, ounce_tenths},
};

/// Largest file of a label.
const PAPER_BYTES: usize = 1024 * 1024;
/// How long it may take to come.
const PAPER_WITHIN: Duration = Duration::from_secs(20);

/// EasyPost as a carrier.
pub struct EasyPost {
    settings: EasyPostSettings,
    outgoing: Outgoing,
    out: std::sync::Arc<dyn HttpOut>,
}

impl EasyPost {
    /// With these settings.
    ///
    /// # Errors
    /// Names the setting that is wrong.
    pub fn new(settings: EasyPostSettings, env: &Env) -> Result<Self> {
        settings.check()?;
        let outgoing = Outgoing::new("easypost", &settings.base_url, settings.timeout_ms, env);
        Ok(Self { settings, outgoing, out: env.http_out.clone() })
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Result<Response<Bytes>, CarrierError> {
        let mut request = Request::builder()
            .method(method)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.settings.api_key.expose()))
            .header(header::ACCEPT, "application/json");
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Bytes::from(body.to_string())
            }
            None => Bytes::new(),
        };
        self.outgoing.send(path, request, body).await.map_err(|silence| match silence {
            NoReply::Unsent(reason) => CarrierError::Refused { reason },
            NoReply::Silence(cause) => CarrierError::NoAnswer(cause),
        })
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, CarrierError> {
        read(&self.send(Method::GET, path, None).await?)
    }

    async fn shipment(&self, method: Method, path: &str, body: Option<Value>) -> Result<Shipment, CarrierError> {
        let shipment: Shipment = read(&self.send(method, path, body).await?)?;
        shipment.of_mode(self.settings.live)
    }

    async fn bought(&self, path: &str, body: Option<Value>) -> Result<Label, CarrierError> {
        let shipment = self.shipment(Method::POST, path, body).await?;
        shipment.label()?.ok_or_else(|| CarrierError::NoAnswer("the answer has no label".to_owned()))
    }

    /// A file at EasyPost's own address needs our key; others are fetched as what a stranger names.
    async fn content(&self, url: &str) -> Result<Bytes, CarrierError> {
        if let Some(path) = url.strip_prefix(self.settings.base_url.trim_end_matches('/')) {
            let response = self.send(Method::GET, path, None).await?;
            return match response.status().is_success() {
                true => Ok(response.into_body()),
                false => Err(CarrierError::NoAnswer(format!("the label's file: status {}", response.status()))),
            };
        }
        let bounds = fetch::Bounds { bytes: PAPER_BYTES, timeout: PAPER_WITHIN };
        fetch::fetch(&*self.out, url, bounds).await.map_err(|error| match error.kind() {
            Kind::Unavailable => CarrierError::NoAnswer(error.to_string()),
            _ => CarrierError::Refused { reason: error.detail().to_owned() },
        })
    }

    fn webhook_secrets(&self) -> impl Iterator<Item = &Secret> {
        [Some(&self.settings.webhook_secret), self.settings.webhook_secret_previous.as_ref()].into_iter().flatten()
    }
}

/// What an answer means.
fn read<T: DeserializeOwned>(response: &Response<Bytes>) -> Result<T, CarrierError> {
    #[derive(Deserialize)]
    struct Refusal {
        error: Trouble,
    }
    let status = response.status();
    if status.is_success() {
        return serde_json::from_slice(response.body())
            .map_err(|e| CarrierError::NoAnswer(format!("unreadable answer: {e}")));
    }
    let trouble = serde_json::from_slice::<Refusal>(response.body()).map(|refusal| refusal.error).unwrap_or_default();
    match status {
        StatusCode::NOT_FOUND => Err(CarrierError::NotFound),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            // Ours to mend, not the vendor's: nothing is given up for it.
            tracing::error!(%status, code = trouble.code, "EasyPost does not accept our key: check shipping.easypost");
            Err(CarrierError::NoAnswer(format!("status {status}")))
        }
        StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS => {
            Err(CarrierError::NoAnswer(format!("status {status}")))
        }
        status if status.is_client_error() => {
            tracing::warn!(%status, code = trouble.code, "EasyPost refused a request");
            Err(CarrierError::Refused { reason: trouble.words() })
        }
        status => Err(CarrierError::NoAnswer(format!("status {status}"))),
    }
}

impl Carrier for EasyPost {
    fn name(&self) -> &'static str {
        "easypost"
    }

    fn services(&self) -> &[String] {
        &self.settings.services
    }

    fn rates<'a>(&'a self, parcel: &'a Parcel, key: &'a str) -> Answer<'a, Draft> {
        Box::pin(async move {
            let known = self.shipment(Method::GET, &format!("/v2/shipments/{}", segment(&key)), None).await;
            let shipment = match known {
                Err(CarrierError::NotFound) => {
                    let body = json!({ "shipment": {
                        "reference": key,
                        "from_address": objects::address(&parcel.from),
                        "to_address": objects::address(&parcel.to),
                        "parcel": objects::parcel(parcel.weight_g, parcel.size),
                        "options": { "label_format": "PDF", "currency": self.settings.currency },
                    } });
                    self.shipment(Method::POST, "/v2/shipments", Some(body)).await?
                }
                other => other?,
            };
            shipment.draft(self.settings.currency)
        })
    }

    fn buy_label<'a>(&'a self, draft: &'a str, rate: &'a str) -> Answer<'a, Label> {
        Box::pin(async move {
            let body = json!({ "rate": { "id": rate } });
            self.bought(&format!("/v2/shipments/{}/buy", segment(&draft)), Some(body)).await
        })
    }

    fn label_of<'a>(&'a self, draft: &'a str) -> Answer<'a, Option<Label>> {
        Box::pin(async move {
            self.shipment(Method::GET, &format!("/v2/shipments/{}", segment(&draft)), None).await?.label()
        })
    }

    fn void_label<'a>(&'a self, draft: &'a str) -> Answer<'a, Label> {
        Box::pin(async move { self.bought(&format!("/v2/shipments/{}/refund", segment(&draft)), None).await })
    }

    fn paper<'a>(&'a self, paper: &'a str) -> Answer<'a, Paper> {
        Box::pin(async move {
            let content = self.content(paper).await?;
            let ending = match content.as_ref() {
                bytes if bytes.starts_with(b"%PDF") => "pdf",
                bytes if bytes.starts_with(b"\x89PNG") => "png",
                _ => return Err(CarrierError::Refused { reason: "the label is neither PDF nor PNG".to_owned() }),
            };
            Ok(Paper { content, ending })
        })
    }

    fn track<'a>(&'a self, tracker: &'a str) -> Answer<'a, Track> {
        Box::pin(async move {
            let found: Tracker = self.get(&format!("/v2/trackers/{}", segment(&tracker))).await?;
            Ok(found.track())
        })
    }

    fn verify_webhook(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<Option<CarrierEvent>> {
        events::check(self.webhook_secrets(), headers, body, now)?;
        events::read(body, self.settings.live)
    }
}
