//! Files of variants that are downloaded.

use garde::Validate;
use kernel::{ImportFileId, Timestamp, VariantFileId, VariantId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an upload is called.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FileQuery {
    /// Name under which buyers get it: `pattern.pdf`. At most 120 characters.
    #[schemars(length(min = 1, max = 120))]
    pub name: String,
    /// A file that was sent in pieces and is here. Without it the body is the file.
    #[serde(default)]
    pub file: Option<ImportFileId>,
}

/// A file of a variant, as its vendor sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VariantFile {
    /// Id. Stays the same when the file is replaced.
    pub id: VariantFileId,
    /// Variant.
    pub variant_id: VariantId,
    /// Name under which buyers get it.
    pub name: String,
    /// Size in bytes.
    pub bytes: i64,
    /// When its content came last.
    pub updated_at: Timestamp,
}

/// Files of the variants of a product.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ProductFiles {
    /// By variant, in the order in which they were added.
    pub files: Vec<VariantFile>,
    /// Most bytes of one file.
    pub limit_bytes: i64,
}

/// Which variants' files are wanted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct FilesWanted {
    /// Variants, also such as are no longer on sale.
    #[garde(length(max = 100))]
    pub variant_ids: Vec<VariantId>,
}

/// A file as those services need it that hand it to buyers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeptFile {
    /// The file.
    pub file: VariantFile,
    /// Its pieces are in the store of files, as `{place}/0`, `{place}/1` …
    pub place: String,
    /// Bytes of each piece but the last.
    pub piece_bytes: i64,
}
