//! What lists and files of payments are narrowed by.

use kernel::{Currency, OrderId, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::payments::PaymentStatus;

/// Filters payments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct PaymentQuery {
    /// Only these.
    #[serde(default)]
    pub status: Option<PaymentStatus>,
    /// Only of this order.
    #[serde(default)]
    pub order_id: Option<OrderId>,
    /// An order's whole number, or the provider's id of a payment.
    #[serde(default)]
    pub q: Option<String>,
    /// Only at this provider.
    #[serde(default)]
    pub provider: Option<String>,
    /// Only those opened at this moment or later.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Only those opened before this moment.
    #[serde(default)]
    pub before: Option<Timestamp>,
    /// Only those in this currency.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Only those of at least this amount, in minor units.
    #[serde(default)]
    pub amount_min: Option<i64>,
    /// Only those of at most this amount, in minor units.
    #[serde(default)]
    pub amount_max: Option<i64>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

/// Which payments come into a file (admins).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct PaymentsFileQuery {
    /// Only these.
    #[serde(default)]
    pub status: Option<PaymentStatus>,
    /// An order's whole number, or the provider's id of a payment.
    #[serde(default)]
    pub q: Option<String>,
    /// Only at this provider.
    #[serde(default)]
    pub provider: Option<String>,
    /// Only those opened at this moment or later.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Only those opened before this moment.
    #[serde(default)]
    pub before: Option<Timestamp>,
    /// Only those in this currency.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Only those of at least this amount, in minor units.
    #[serde(default)]
    pub amount_min: Option<i64>,
    /// Only those of at most this amount, in minor units.
    #[serde(default)]
    pub amount_max: Option<i64>,
}
