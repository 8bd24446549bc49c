//! Imports of files, and what they do.

use garde::Validate;
use kernel::{Currency, ImportFileId, ImportId, PageRequest, Slug, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{import_pictures::ImportPictures, limits::IMPORT_CATEGORIES_MAX};

/// An import of a CSV file, and how far it has come.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ImportView {
    /// Id.
    pub id: ImportId,
    /// True if nothing is to be written.
    pub dry_run: bool,
    /// Where it stands.
    pub status: ImportStatus,
    /// Rows read so far.
    pub rows: i64,
    /// Rows in the file, once counted.
    pub rows_total: i64,
    /// Products created (or that would be).
    pub created: i64,
    /// Products changed (or that would be).
    pub updated: i64,
    /// Products that were already like that.
    pub unchanged: i64,
    /// Products that could not be taken.
    #[serde(default)]
    pub failed: i64,
    /// What is wrong, first 200.
    pub errors: Vec<ImportError>,
    /// How many complaints there are in all.
    #[serde(default)]
    pub errors_total: i64,
    /// What was taken otherwise than it stands in the file, and what is left to do by hand; first 200.
    #[serde(default)]
    pub notes: Vec<ImportError>,
    /// How many notes there are in all.
    #[serde(default)]
    pub notes_total: i64,
    /// Whose format the file has, once that is known.
    #[serde(default)]
    pub format: Option<ImportFormat>,
    /// Columns of the file that nothing was made of.
    #[serde(default)]
    pub ignored_columns: Vec<String>,
    /// Categories that the file names and nothing here is called like, first 200. What is chosen for them is told of a
    /// single import only, not in lists.
    #[serde(default)]
    pub categories: Vec<ImportCategory>,
    /// Products of further such categories; they go where those without a category go.
    #[serde(default)]
    pub categories_rest: i64,
    /// Pictures that the file names by address.
    #[serde(default)]
    pub pictures: ImportPictures,
    /// True while a dry run can be confirmed: it is done, and its file is kept.
    #[serde(default)]
    pub can_confirm: bool,
    /// Started at.
    pub created_at: Timestamp,
}

/// A category that a file names and nothing here is called like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportCategory {
    /// As the file has it, such as `Home > Mugs`.
    pub path: String,
    /// Products of the file that name it first.
    pub products: i64,
    /// Name in addresses of the category here that the vendor has chosen for it.
    #[serde(default)]
    pub category: Option<Slug>,
}

/// Which categories here a vendor wants for some of its files'. They are remembered for its next file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
pub struct ChooseImportCategories {
    /// One for each; what is left out stays as it is.
    #[garde(length(min = 1, max = IMPORT_CATEGORIES_MAX), dive)]
    pub categories: Vec<ChosenImportCategory>,
}

/// A choice for one of the categories that an import lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
pub struct ChosenImportCategory {
    /// As the import lists it.
    #[garde(skip)]
    pub path: String,
    /// Name in addresses of the category here; none forgets the choice.
    #[serde(default)]
    #[garde(skip)]
    pub category: Option<String>,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportStatus {
    /// Waits for its turn.
    Queued,
    /// Under way.
    Running,
    /// Done; rows with errors were left out.
    Done,
    /// The file cannot be read at all.
    Failed,
}

/// How to import.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportQuery {
    /// True shows what would happen and writes nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Currency of the prices in a file of another shop system, which does not say it. Left out: products that
    /// are here keep theirs, new ones get that of most of the vendor's products, or EUR.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// For a file of another shop system: name in addresses of the category for new products whose own has no
    /// namesake here.
    #[serde(default)]
    pub category: Option<String>,
    /// For a file of another shop system: how many there are of each new variant of which it does not say that. Left out: none.
    #[serde(default)]
    pub stock: Option<i64>,
    /// A file that was sent in pieces; left out if the body is the file.
    #[serde(default)]
    pub file: Option<ImportFileId>,
}

/// A file to import that comes in pieces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportFile {
    /// Id.
    pub id: ImportFileId,
    /// Bytes that are here.
    pub bytes: i64,
    /// Bytes of each piece; the last one has fewer.
    pub piece_bytes: i64,
    /// Bytes it may have at most.
    pub limit_bytes: i64,
}

/// Whose format a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportFormat {
    /// This market's own, as it is exported here.
    Own,
    /// Shopify's export of products.
    Shopify,
    /// WooCommerce's export of products.
    Woocommerce,
}

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportError {
    /// Row, counted from 1 with the header.
    pub row: i64,
    /// Column name; empty for the whole row.
    pub column: String,
    /// What is wrong and how to mend it.
    pub reason: String,
}

/// What an import does to one product, or would do. Kept of the first 200 with each outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportChange {
    /// First row of the product in the file.
    pub row: i64,
    /// What the file calls the product.
    pub handle: String,
    /// Its title; empty if it could not be read.
    pub title: String,
    /// What happens.
    pub outcome: ImportOutcome,
    /// What differs, at most 40 entries.
    pub fields: Vec<FieldChange>,
}

/// What an import does to a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    /// It is new.
    Created,
    /// It changes.
    Updated,
    /// It is like that already.
    Unchanged,
    /// It cannot be taken; the import's errors say why.
    Failed,
}

/// What is different about a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldChange {
    /// `title`, `category`, `variant M-L` …
    pub field: String,
    /// What it was, shortened; none if there was nothing.
    pub before: Option<String>,
    /// What it becomes, shortened; none if nothing is left.
    pub after: Option<String>,
}

/// Narrows the changes of an import.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportChangeQuery {
    /// Only these.
    #[serde(default)]
    pub outcome: Option<ImportOutcome>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

impl ImportChangeQuery {
    /// The paging part.
    pub fn page(&self) -> PageRequest {
        PageRequest { limit: self.limit, after: self.after.clone() }
    }
}
