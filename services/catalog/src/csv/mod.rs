//! The file format of import and export: a row per variant, rows of one product together, the first
//! of them carrying what belongs to the product. The columns are described in the README.

mod cell;
mod plan;
mod read;
mod write;

pub(crate) use plan::{Group, Plan, Row};
pub(crate) use read::{Description, errors_of, read};
pub(crate) use write::{header_line, product_lines};

/// All columns, in the order in which they are written.
pub(crate) const COLUMNS: [&str; 24] = [
    "handle",
    "title",
    "summary",
    "description_html",
    "category",
    "currency",
    "status",
    "tags",
    "attributes",
    "option1_name",
    "option1_values",
    "option2_name",
    "option2_values",
    "option3_name",
    "option3_values",
    "sku",
    "option1",
    "option2",
    "option3",
    "price",
    "compare_at",
    "weight_g",
    "barcode",
    "initial_stock",
];

/// Those that belong to the product and stand in its first row.
const OF_PRODUCT: std::ops::Range<usize> = 1..15;
