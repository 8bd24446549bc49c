//! What lists and files of orders are narrowed by.

use kernel::{Currency, OrderId, Timestamp, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OrderStatus, VendorOrderStatus};

/// Order of a list of orders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderSort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
}

/// Filters a vendor's orders.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct VendorOrderQuery {
    /// Only the part of this order.
    #[serde(default)]
    pub order_id: Option<OrderId>,
    /// Only these; `to_ship` finds what has left in part, too, for the rest is still to be shipped.
    #[serde(default)]
    pub status: Option<VendorOrderStatus>,
    /// Part of the number, or of the buyer's name.
    #[serde(default)]
    pub q: Option<String>,
    /// Only those placed at this moment or later.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Only those placed before this moment.
    #[serde(default)]
    pub before: Option<Timestamp>,
    /// Order.
    #[serde(default)]
    pub sort: Option<OrderSort>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

/// Which of a vendor's orders come into a file.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct VendorOrdersFileQuery {
    /// Only these; `to_ship` finds what has left in part, too, for the rest is still to be shipped.
    #[serde(default)]
    pub status: Option<VendorOrderStatus>,
    /// Part of the number, or of the buyer's name.
    #[serde(default)]
    pub q: Option<String>,
    /// Only those placed at this moment or later.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Only those placed before this moment.
    #[serde(default)]
    pub before: Option<Timestamp>,
}

/// Filters all orders (admins).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct OrderQuery {
    /// Only these.
    #[serde(default)]
    pub status: Option<OrderStatus>,
    /// Number or e-mail.
    #[serde(default)]
    pub q: Option<String>,
    /// Only those placed at this moment or later.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Only those placed before this moment.
    #[serde(default)]
    pub before: Option<Timestamp>,
    /// Only those with goods of this store.
    #[serde(default)]
    pub vendor_id: Option<VendorId>,
    /// Only those in this currency.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Only those of at least this total, in minor units.
    #[serde(default)]
    pub total_min: Option<i64>,
    /// Only those of at most this total, in minor units.
    #[serde(default)]
    pub total_max: Option<i64>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

/// Which of all orders come into a file (admins).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct OrdersFileQuery {
    /// Only these.
    #[serde(default)]
    pub status: Option<OrderStatus>,
    /// Number or e-mail.
    #[serde(default)]
    pub q: Option<String>,
    /// Only those placed at this moment or later.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Only those placed before this moment.
    #[serde(default)]
    pub before: Option<Timestamp>,
    /// Only those with goods of this store.
    #[serde(default)]
    pub vendor_id: Option<VendorId>,
    /// Only those in this currency.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Only those of at least this total, in minor units.
    #[serde(default)]
    pub total_min: Option<i64>,
    /// Only those of at most this total, in minor units.
    #[serde(default)]
    pub total_max: Option<i64>,
}
