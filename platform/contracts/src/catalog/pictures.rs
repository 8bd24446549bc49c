//! Pictures in their sizes, and their texts.

use garde::Validate;
use kernel::MediaId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limits::{ALT_MAX, PICTURES_MAX};

/// A stored picture in its sizes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Picture {
    /// Id.
    pub id: MediaId,
    /// What it shows, for those who cannot see it.
    pub alt: String,
    /// Width of the largest size, in pixels.
    pub width: u32,
    /// Height of the largest size, in pixels.
    pub height: u32,
    /// Available sizes, smallest first.
    pub sizes: Vec<PictureSize>,
}

/// One size of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PictureSize {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Address; its content never changes.
    pub url: String,
}

/// Order and texts of a product's pictures.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ArrangePictures {
    /// All pictures to keep, in order.
    #[garde(length(max = PICTURES_MAX), dive)]
    pub pictures: Vec<PictureText>,
}

/// Text of one picture.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PictureText {
    /// Picture.
    #[garde(skip)]
    pub id: MediaId,
    /// What it shows.
    #[garde(length(chars, max = ALT_MAX))]
    pub alt: String,
}
