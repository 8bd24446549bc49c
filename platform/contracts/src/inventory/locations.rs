//! Where a vendor keeps its goods.

use garde::Validate;
use kernel::{LocationId, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most locations one vendor may have.
pub const LOCATIONS_MAX: usize = 50;

/// A place where goods lie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LocationView {
    /// Location.
    pub id: LocationId,
    /// Name.
    pub name: String,
    /// True for the one that everything is at which nobody has put elsewhere; it stays open.
    pub is_default: bool,
    /// False once it was closed.
    pub active: bool,
    /// Pieces there, of all variants, if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_hand: Option<i64>,
    /// Since when it is known.
    pub created_at: Timestamp,
}

/// What to say of locations.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct LocationQuery {
    /// Count the pieces at each.
    #[serde(default)]
    pub pieces: bool,
}

/// A location to be added. Goods are taken from it after all others.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewLocation {
    /// Name, different from those of the vendor's other open locations.
    #[garde(length(chars, min = 1, max = 80))]
    pub name: String,
}

/// A location as it shall be.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct LocationInput {
    /// Name, different from those of the vendor's other open locations.
    #[garde(length(chars, min = 1, max = 80))]
    pub name: String,
    /// False closes it, which works only while it is empty.
    #[garde(skip)]
    pub active: bool,
}

/// From where goods are taken first.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct LocationOrder {
    /// All open locations, the first to be taken from first.
    #[garde(length(max = LOCATIONS_MAX))]
    pub locations: Vec<LocationId>,
}

/// What of a variant lies at one location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlaceView {
    /// Location.
    pub location_id: LocationId,
    /// Its name.
    pub name: String,
    /// Physically there.
    pub on_hand: i64,
    /// Of these, promised to orders.
    pub reserved: i64,
}

/// Takes pieces from one location to another. Only what is not promised to orders can move.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct TransferStock {
    /// From here.
    #[garde(skip)]
    pub from: LocationId,
    /// To there.
    #[garde(skip)]
    pub to: LocationId,
    /// How many.
    #[garde(range(min = 1, max = 1_000_000))]
    pub quantity: i64,
    /// Why.
    #[serde(default)]
    #[garde(length(chars, max = 200))]
    pub reason: String,
}
