//! Parcels of a vendor's part, as buyer and vendor see them.

use garde::Validate;
use kernel::{LineId, ShipmentId, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What of a line lies in a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ParcelLine {
    /// Line.
    #[garde(skip)]
    pub line_id: LineId,
    /// How many.
    #[garde(range(min = 1, max = 1_000_000))]
    pub quantity: i64,
}

/// A parcel that was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ParcelView {
    /// Which one of the part: 1 for the first.
    pub parcel: i64,
    /// Its id; none if it is from before parcels were told apart.
    pub shipment_id: Option<ShipmentId>,
    /// Carrier and number.
    pub tracking: Tracking,
    /// What lies in it; all of the part if nothing is said.
    pub lines: Vec<ParcelLine>,
    /// Handed over at.
    pub shipped_at: Timestamp,
    /// Arrived at.
    pub delivered_at: Option<Timestamp>,
}

/// Where a parcel can be followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tracking {
    /// Carrier.
    pub carrier: String,
    /// Number.
    pub number: String,
    /// Token of the public tracking page.
    pub token: String,
    /// True if its buyer fetches it: the number is what the buyer shows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pickup: bool,
}
