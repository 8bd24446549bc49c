//! Pictures that an import fetches.

use kernel::{PageRequest, ProductId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many pictures of an import are where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportPictures {
    /// Still to be fetched.
    pub waiting: i64,
    /// Kept with their products.
    pub kept: i64,
    /// Could not be had.
    pub failed: i64,
}

/// A picture that an import is to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportPicture {
    /// Product it belongs to.
    pub product_id: ProductId,
    /// Title of the product.
    pub title: String,
    /// Where it is fetched from.
    pub url: String,
    /// Where it stands.
    pub state: FetchState,
    /// Why it could not be had yet, or at all.
    pub reason: String,
}

/// Where a picture stands that is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FetchState {
    /// To be fetched, for the first time or again.
    Waiting,
    /// Kept with its product.
    Kept,
    /// Given up.
    Failed,
}

/// Narrows the pictures of an import.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportPictureQuery {
    /// Only these.
    #[serde(default)]
    pub state: Option<FetchState>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

impl ImportPictureQuery {
    /// The paging part.
    pub fn page(&self) -> PageRequest {
        PageRequest { limit: self.limit, after: self.after.clone() }
    }
}
