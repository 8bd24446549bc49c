//! Events: CloudEvents 1.0 envelopes around the payloads the service modules declare.

use kernel::{EventId, Result, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

/// A payload that can be published. Payloads carry ids, never names, addresses or e-mails of people:
/// events are kept and copied, and must outlive an erasure.
pub trait Event: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `order.placed`.
    const TYPE: &'static str;
    /// `order`: events of one aggregate are delivered in the order of their versions.
    const AGGREGATE: &'static str;
    /// Which one.
    fn aggregate_id(&self) -> String;
}

/// A published event as it travels: the CloudEvents 1.0 JSON format with extension attributes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Envelope {
    /// Always `1.0`.
    pub specversion: String,
    /// Unique; the inbox remembers it.
    pub id: EventId,
    /// Publishing service: `/souk/orders`.
    pub source: String,
    /// Event type: `order.placed`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Aggregate id.
    pub subject: String,
    /// When it happened.
    pub time: Timestamp,
    /// Kind of aggregate: `order`.
    pub aggregatetype: String,
    /// 1, 2, 3 … per aggregate, without gaps.
    pub aggregateversion: i64,
    /// W3C trace context of the request that caused it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub traceparent: Option<String>,
    /// The payload as it was written: who takes it in reads it straight into its own type.
    pub data: Box<RawValue>,
}

impl Envelope {
    /// The payload as `E`.
    pub fn decode<E: Event>(&self) -> Result<E> {
        serde_json::from_str(self.data.get())
            .map_err(|e| kernel::Error::internal(format!("event {} {}: {e}", self.kind, self.id)))
    }
}
