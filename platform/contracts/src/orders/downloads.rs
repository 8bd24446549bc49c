//! What of an order is downloaded.

use kernel::{LineId, Timestamp, VariantFileId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What can be downloaded of an order: nothing before it is paid, and nothing once all of it was paid back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct OrderDownloads {
    /// Its files, in the order of its lines.
    pub files: Vec<Download>,
}

/// A file that was bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Download {
    /// Line that it was bought with.
    pub line_id: LineId,
    /// Title of that line.
    pub title: String,
    /// File.
    pub file_id: VariantFileId,
    /// What the file is called.
    pub name: String,
    /// Size in bytes.
    pub bytes: i64,
    /// How many downloads are left for the line.
    pub left: i64,
    /// Where to get it, on this host. Whoever has the link can use it until it expires.
    pub link: String,
    /// Until when the link works. Asking again gives a new one.
    pub expires_at: Timestamp,
}
