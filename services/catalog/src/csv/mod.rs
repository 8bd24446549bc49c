//! Files of import and export. Our own format is a row per variant, rows of one product together, the
//! first of them carrying what belongs to the product. Exports of other shop systems are turned, product
//! by product, into rows of our own format, so that there is one way from rows to products. All columns
//! are described in the README.

mod cell;
mod foreign;
mod index;
mod links;
mod own;
mod plan;
mod read;
mod scan;
mod sheet;
mod shopify;
mod woo;
mod woo_groups;
mod woo_sale;
mod write;

use contracts::catalog::ProductTexts;
use kernel::Languages;

pub(crate) use index::Spot;
pub(crate) use links::{Bundle, Links, Others, Part, told_parts, told_related};
pub(crate) use plan::{Plan, Told};
pub(crate) use read::{errors_of, read};
pub(crate) use scan::Scan;
use sheet::Translated;
pub(crate) use sheet::{OnSale, Row, Sheet, Terms};
pub(crate) use write::{complaint_header, complaint_lines, header_line, product_lines};

/// All columns, in the order in which they are written.
pub(crate) const COLUMNS: [&str; 33] = [
    "handle",
    "title",
    "summary",
    "description_html",
    "category",
    "currency",
    "status",
    "tags",
    "attributes",
    "brand",
    "seo_title",
    "seo_description",
    "publish_at",
    "unpublish_at",
    "option1_name",
    "option1_values",
    "option2_name",
    "option2_values",
    "option3_name",
    "option3_values",
    "related",
    "pictures",
    "sku",
    "option1",
    "option2",
    "option3",
    "price",
    "compare_at",
    "weight_g",
    "barcode",
    "picture",
    "initial_stock",
    "parts",
];

/// The columns of texts in the further languages of a shop, in the order in which they are written: `title@de`.
fn translated_columns(languages: &Languages) -> impl Iterator<Item = Translated> {
    let columns =
        |language: &'static str| (0..ProductTexts::NAMES.len()).map(move |text| Translated { language, text });
    languages.further().iter().copied().flat_map(columns)
}

/// Those that belong to the product and stand in its first row.
const OF_PRODUCT: std::ops::Range<usize> = 1..22;

/// A complaint about a cell, or about a row if `column` is empty.
fn complaint(row: i64, column: &str, reason: impl Into<String>) -> contracts::catalog::ImportError {
    contracts::catalog::ImportError { row, column: column.to_owned(), reason: reason.into() }
}
